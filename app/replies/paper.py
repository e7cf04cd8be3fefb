"""Paper: A4 pages with headings, facts, tables, letters and pictures, as fpdf2 writes them.

Knows nothing of disputes. Lines are broken here and not by fpdf2, because a line that runs from
right to left must be turned after it was broken. Text is 12 points: card issuers see a fax-like
page and cannot zoom.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from io import BytesIO

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import TTFFont

from app.replies.scripts import as_drawn, drawable, runs_from_right
from app.replies.typefaces import BOX, Faces

PDF_A = "PDF/A-2B"
_FONT = "own"
_MARGIN = 20.0
_BOTTOM = 22.0
_TEXT, _SMALL, _HEAD, _TITLE = 12, 10, 15, 22
_LEADING = 0.5  # millimetres of a line for each point
_LINE = 400  # letters that no line holds more of
_LABEL = 48.0
_ROW_WHOLE = 120.0  # a row up to so high is never torn
_GREY, _BLACK, _RULE = (85, 94, 110), (20, 24, 32), (205, 210, 220)


class Paper:
    """Pages that are written from top to bottom."""

    def __init__(self, *, faces: Faces, title: str, footer: str, at: datetime, pdf_a: bool) -> None:
        self._faces = faces
        self._shown = str.maketrans({**dict.fromkeys(faces.missing, BOX), **faces.worded})
        self._pdf = _Sheets(footer=self._known(footer), pdf_a=pdf_a)
        self._pdf.set_title(drawable(title))
        self._pdf.set_creator("Frontburner")
        self._pdf.set_lang("en")
        self._pdf.set_creation_date(at)
        self._add_fonts()
        self._pdf.add_page()
        self._width = lru_cache(maxsize=20_000)(self._measured)

    @property
    def page(self) -> int:
        """The number of the page that is written on."""
        return int(self._pdf.page)

    def finish(self) -> bytes:
        """The whole as a PDF file."""
        try:
            return bytes(self._pdf.output())
        finally:
            self.close()

    def close(self) -> None:
        """Let go of the font files, which fpdf2 keeps open."""
        for font in self._pdf.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()

    def new_page(self) -> None:
        """Go on at the top of a page."""
        self._pdf.add_page()

    def title(self, text: str) -> None:
        """The name of the whole."""
        self._write(text, size=_TITLE, bold=True)
        self.gap(2)

    def heading(self, text: str) -> int:
        """The name of a part; answers the page on which it stands."""
        self.keep_together(30)
        if self._pdf.get_y() > _MARGIN + 1:
            self.gap(6)
        self._write(text, size=_HEAD, bold=True)
        self._rule()
        self.gap(2)
        return self.page

    def text(self, text: str, *, muted: bool = False, bold: bool = False) -> None:
        """Words; line breaks stay."""
        self._write(text, size=_TEXT, bold=bold, colour=_GREY if muted else _BLACK)

    def small(self, text: str) -> None:
        """A remark."""
        self._write(text, size=_SMALL, colour=_GREY)

    def gap(self, millimetres: float) -> None:
        """Some room."""
        self._pdf.set_y(self._pdf.get_y() + millimetres)

    def facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Names at the left, what is so at the right; facts without words are left out."""
        for name, said in facts:
            if said:
                self.keep_together(_TEXT * _LEADING * 2)
                top, page = self._pdf.get_y(), self.page
                self._write(name, size=_TEXT, colour=_GREY, wide=_LABEL - 4)
                below, ends = self._pdf.get_y(), self.page
                self._pdf.page = page
                self._pdf.set_y(top)
                self._write(said, size=_TEXT, left=_LABEL)
                if (ends, below) > (self.page, self._pdf.get_y()):
                    self._pdf.set_y(below)
                self.gap(1)

    def table(self, widths: Sequence[float], rows: Sequence[Sequence[str]]) -> None:
        """Rows under a first one in bold, which stands on each page; `widths` in millimetres, a
        negative one is set right."""
        head, *others = (self._cells(widths, row, bold=not at) for at, row in enumerate(rows))
        self._head(widths, head)
        for cells in others:
            high = max(map(len, cells)) * _TEXT * _LEADING
            if self.keep_together(min(high, _ROW_WHOLE)):
                self._head(widths, head)
            self._row(widths, cells, head=head)

    def picture(self, jpeg: bytes, caption: str) -> None:
        """A picture on a page of its own, as large as the page, with what it is above it."""
        self.new_page()
        self.small(caption)
        self.gap(2)
        top = self._pdf.get_y()
        self._pdf.image(
            BytesIO(jpeg),
            x=_MARGIN,
            y=top,
            w=self._pdf.epw,
            h=self._pdf.h - _BOTTOM - top,
            keep_aspect_ratio=True,
            alt_text=caption,
        )

    def _cells(self, widths: Sequence[float], row: Sequence[str], *, bold: bool) -> list[list[str]]:
        self._font(_TEXT, bold=bold)
        return [
            list(self._lines(self._known(said), abs(width) - 2))
            for width, said in zip(widths, row, strict=True)
        ]

    def _head(self, widths: Sequence[float], cells: Sequence[Sequence[str]]) -> None:
        self._row(widths, cells, head=())
        self._rule()

    def _row(
        self,
        widths: Sequence[float],
        cells: Sequence[Sequence[str]],
        *,
        head: Sequence[Sequence[str]],
    ) -> None:
        """A row; one that is longer than a page goes on below the head."""
        high = _TEXT * _LEADING
        for at in range(max(map(len, cells))):
            if self.keep_together(high) and head:
                self._head(widths, head)
            self._font(_TEXT, bold=not head)
            left, top = _MARGIN, self._pdf.get_y()
            for width, lines in zip(widths, cells, strict=True):
                if at < len(lines):
                    self._pdf.set_xy(left, top)
                    self._cell(lines[at], abs(width), right=width < 0)
                left += abs(width)
            self._pdf.set_y(top + high)
        self.gap(1)

    def _write(
        self, text: str, *, size: int, bold: bool = False, colour: tuple[int, int, int] = _BLACK,
        left: float = 0.0, wide: float = 0.0,
    ) -> None:  # fmt: skip
        self._font(size, bold=bold)
        self._pdf.set_text_color(*colour)
        room = wide or self._pdf.epw - left
        for paragraph in self._known(text).split("\n"):
            for line in self._lines(paragraph, room):
                self.keep_together(size * _LEADING)
                self._pdf.set_x(_MARGIN + left)
                self._cell(line, room, right=False)
                self._pdf.set_y(self._pdf.get_y() + size * _LEADING)
        self._pdf.set_text_color(*_BLACK)

    def _cell(self, line: str, room: float, *, right: bool) -> None:
        align = "R" if right or runs_from_right(line) else "L"
        self._pdf.cell(room, None, as_drawn(line), align=align, new_x=XPos.LEFT, new_y=YPos.TOP)

    def _lines(self, paragraph: str, room: float) -> Iterator[str]:
        """The paragraph in lines that fit; a word that is too long is broken where it must be."""
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if len(longer) <= _LINE and self._wide(longer) <= room:
                line = longer
                continue
            if line:
                yield line
            while len(word) > _LINE or self._wide(word) > room:
                cut = self._fits(word, room)
                yield word[:cut]
                word = word[cut:]
            line = word
        yield line

    def _fits(self, word: str, room: float) -> int:
        low, high = 1, min(len(word), _LINE)
        while low < high:
            middle = (low + high + 1) // 2
            if self._wide(word[:middle]) <= room:
                low = middle
            else:
                high = middle - 1
        return low

    def _wide(self, text: str) -> float:
        return self._width(text, self._pdf.font_size_pt, self._pdf.font_style)

    def _measured(self, text: str, size: float, style: str) -> float:
        return float(self._pdf.get_string_width(as_drawn(text))) + 2 * float(self._pdf.c_margin)

    def _known(self, text: str) -> str:
        """The text with a box for each letter that no font has, and emoji in words."""
        return drawable(text).translate(self._shown)

    def keep_together(self, high: float) -> bool:
        """Go on at the top of a page unless so many millimetres are left; answers whether it did,
        for what comes must not stand torn from what belongs to it."""
        torn = self._pdf.get_y() + high > self._pdf.h - _BOTTOM
        if torn:
            self._pdf.add_page()
        return torn

    def _rule(self) -> None:
        self._pdf.set_draw_color(*_RULE)
        y = self._pdf.get_y() + 0.8
        self._pdf.line(_MARGIN, y, self._pdf.w - _MARGIN, y)
        self._pdf.set_y(y + 0.8)

    def _font(self, size: int, *, bold: bool) -> None:
        self._pdf.set_font(_FONT, "B" if bold else "", size)

    def _add_fonts(self) -> None:
        self._pdf.add_font(_FONT, "", self._faces.regular)
        self._pdf.add_font(_FONT, "B", self._faces.bold)
        further = [f"f{number}" for number, _ in enumerate(self._faces.further)]
        for name, path in zip(further, self._faces.further, strict=True):
            self._pdf.add_font(name, "", path)
        if further:
            self._pdf.set_fallback_fonts(further, exact_match=False)


class _Sheets(FPDF):
    """A4 pages, each with its number and what it belongs to at the foot."""

    def __init__(self, *, footer: str, pdf_a: bool) -> None:
        super().__init__(format="A4", enforce_compliance=PDF_A if pdf_a else None)
        self._footer = footer
        self.alias_nb_pages("\0")  # a customer may write {nb}, which fpdf2 would replace
        self.set_margins(_MARGIN, _MARGIN)
        self.set_auto_page_break(False)
        self.c_margin = 0.0

    def footer(self) -> None:
        """What the page belongs to, and its number."""
        self.set_y(self.h - 14)
        self.set_font(_FONT, "", 9)
        self.set_text_color(*_GREY)
        self.cell(self.epw - 20, None, as_drawn(self._fitting(self._footer)))
        self.cell(20, None, f"{self.page_no()}", align="R")
        self.set_text_color(*_BLACK)
        self.set_y(_MARGIN)

    def _fitting(self, text: str) -> str:
        """As much of the text as there is room for beside the number of the page."""
        room = self.epw - 22
        if self.get_string_width(as_drawn(text)) <= room:
            return text
        while text and self.get_string_width(as_drawn(f"{text}…")) > room:
            text = text[:-1]
        return f"{text}…"


class NotedPaper(Paper):
    """Writes nothing and notes every letter: which fonts are wanted is known before the first."""

    def __init__(self) -> None:
        self.noted: set[str] = set()

    @property
    def page(self) -> int:
        """No page is written on."""
        return 0

    def new_page(self) -> None:
        """Nothing stands anywhere."""

    def gap(self, millimetres: float) -> None:
        """Nothing stands anywhere."""

    def keep_together(self, high: float) -> bool:
        """Nothing is torn."""
        return False

    def title(self, text: str) -> None:
        """Note it."""
        self.noted.update(drawable(text))

    def heading(self, text: str) -> int:
        """Note it."""
        self.noted.update(drawable(text))
        return self.page

    def text(self, text: str, *, muted: bool = False, bold: bool = False) -> None:
        """Note it."""
        self.noted.update(drawable(text))

    def small(self, text: str) -> None:
        """Note it."""
        self.noted.update(drawable(text))

    def facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Note them."""
        for words in facts:
            self.noted.update(*map(drawable, words))

    def table(self, widths: Sequence[float], rows: Sequence[Sequence[str]]) -> None:
        """Note them."""
        for row in rows:
            self.noted.update(*map(drawable, row))

    def picture(self, jpeg: bytes, caption: str) -> None:
        """Note it."""
        self.noted.update(drawable(caption))
