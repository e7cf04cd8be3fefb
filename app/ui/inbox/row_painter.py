"""RowPainter: draws one issue as two lines and a score mark, on whatever it is given.

    ┌────┐  Ben Costa  Mugs arrived smashed                    1 h 36
    │ 81 │  #10227 · €77.40 · 4 of 6 mugs are broken ...      Damaged
    └────┘

Fonts, metrics and colours are made once for a palette and never while painting; the time's column
is as wide as its words, so that the subject gets the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPixmap

from app.domain.assessment import Priority, Severity
from app.domain.views import InboxRow
from app.ui import words
from app.ui.inbox.row_layout import MARK, RowLayout, lay_out, verbs_of
from app.ui.issue.foreign_text import line, title
from app.ui.theme import Theme
from app.ui.tokens import SEVERITY_TOKEN, Gap, Size
from app.ui.words import Standing

_VERB_ICONS = {
    "acknowledge": "acknowledge",
    "snooze": "snooze",
    "resolve": "check",
    "reopen": "reopen",
}
# Qt need not look for ends of lines: what is written has none.
_ON_A_LINE = int(Qt.TextFlag.TextSingleLine) | int(Qt.AlignmentFlag.AlignVCenter)
_VCENTER_LEFT = _ON_A_LINE | int(Qt.AlignmentFlag.AlignLeft)
_VCENTER_RIGHT = _ON_A_LINE | int(Qt.AlignmentFlag.AlignRight)
_CENTER = _ON_A_LINE | int(Qt.AlignmentFlag.AlignHCenter)
_WIDTHS_KEPT = 1000
_NAME = 150  # a customer's name stands whole up to here, whatever its subject needs
_WORD = 28  # less room than this says nothing
_TICKS = {Severity.CRITICAL: 4, Severity.HIGH: 3, Severity.NORMAL: 2, Severity.LOW: 1}


@dataclass(frozen=True, slots=True)
class Pose:
    """How a row stands: selected, in a list with the keyboard, under the mouse with which verb, and
    marked to be done together with others."""

    selected: bool = False
    active: bool = False
    hovered: bool = False
    verb: str = ""
    marked: bool = False


class RowPainter:
    """Draws rows in the palette that was in force when it was made."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self.scale = theme.px(100) / 100
        self._gap = theme.px(Gap.SMALL)
        self._name, self._word = theme.px(_NAME), theme.px(_WORD)
        self._text, self._bold = theme.font(Size.TEXT), theme.font(Size.TEXT, bold=True)
        self._meta, self._score = theme.font(Size.META), theme.font(Size.TITLE, bold=True)
        self._text_width, self._bold_width = QFontMetrics(self._text), QFontMetrics(self._bold)
        self._meta_width = QFontMetrics(self._meta)
        self._line = QPen(theme.color("line"), 0)  # one pixel of the screen, whatever its scale
        self._pixmaps: dict[tuple[str, bool], QPixmap] = {}
        self._widths: dict[tuple[bool, str], int] = {}  # of what is painted again and again
        self._chip_widths: dict[str, int] = {}
        self._laid_out = (QRect(), lay_out(QRect(), self.scale))

    def draw(
        self, painter: QPainter, rect: QRect, row: InboxRow | None, pose: Pose, now: datetime
    ) -> None:
        """One row in a rectangle; without a row only the ground it would stand on."""
        self._ground(painter, rect, pose)
        if row is None:
            return
        if rect != self._laid_out[0]:
            self._laid_out = (QRect(rect), lay_out(rect, self.scale))
        parts, standing = self._laid_out[1], words.standing(row, now)
        self._mark(painter, parts.mark, row, pose)
        if pose.hovered:
            self._verbs(painter, parts, row, pose.verb)
            first = second = self._verbs_left(parts, row) - self._gap
        else:
            first = self._time(painter, parts, row, standing)
            second = self._chips(painter, parts.second, row)
        self._first(painter, QRect(parts.first), first, row)
        self._second(painter, parts.second, second, row)

    def _ground(self, painter: QPainter, rect: QRect, pose: Pose) -> None:
        theme = self._theme
        chosen = pose.selected or pose.marked
        token = "selected" if chosen else "hover" if pose.hovered else "surface"
        painter.fillRect(rect, theme.color(token))
        painter.setPen(self._line)
        painter.drawLine(rect.left() + theme.px(64), rect.bottom(), rect.right(), rect.bottom())
        if pose.selected and pose.active:
            bar = QRect(rect.left(), rect.top(), theme.px(3), rect.height())
            painter.fillRect(bar, theme.color("accent"))

    def _mark(self, painter: QPainter, rect: QRect, row: InboxRow, pose: Pose) -> None:
        """The score in the colour of its severity, or the sign that it is selected."""
        if pose.marked or pose.verb == MARK:
            self._tick(painter, rect, marked=pose.marked)
            return
        ground, ink = self._mark_colours(row.severity)
        radius = self._theme.px(10)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(rect, radius, radius)
        painter.setPen(ink)
        painter.setFont(self._score)
        painter.drawText(rect.adjusted(0, 0, 0, -self._theme.px(7)), _CENTER, str(row.score))
        self._ticks(painter, rect, _TICKS[row.severity], ink)
        painter.restore()

    def _tick(self, painter: QPainter, rect: QRect, *, marked: bool) -> None:
        theme, radius, side = self._theme, self._theme.px(10), self._theme.px(18)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen if marked else theme.color("line_strong"))
        painter.setBrush(theme.color("accent" if marked else "raised"))
        painter.drawRoundedRect(rect, radius, radius)
        pixmap = theme.pixmap("check", "on_accent" if marked else "text_muted", 18)
        painter.drawPixmap(rect.center() - QPoint(side // 2 - 1, side // 2 - 1), pixmap)
        painter.restore()

    def _ticks(self, painter: QPainter, rect: QRect, count: int, ink: QColor) -> None:
        """Four small bars, as many full as the severity is high: not by colour alone."""
        width, gap, height = (self._theme.px(each) for each in (5, 2, 2))
        left = rect.center().x() - (4 * width + 3 * gap) // 2 + 1
        top = rect.bottom() - self._theme.px(9)
        faint = QColor(ink)
        faint.setAlphaF(0.22)
        for at in range(4):
            place = left + at * (width + gap)
            painter.fillRect(place, top, width, height, ink if at < count else faint)

    def _mark_colours(self, severity: Severity) -> tuple[QColor, QColor]:
        color = self._theme.color
        if severity is Severity.CRITICAL:
            return color("burning"), color("on_burning")
        name = SEVERITY_TOKEN[severity]
        return color(f"{name}_soft"), color(name)

    def _time(self, painter: QPainter, parts: RowLayout, row: InboxRow, standing: Standing) -> int:
        """The time left; bold only where it is also among the urgent. Answers where it begins."""
        loud = standing.tone != "text_muted" and row.priority in (Priority.P1, Priority.P2)
        self._write(painter, parts.time, standing.text, self._bold if loud else self._text,
                    standing.tone, align=_VCENTER_RIGHT)  # fmt: skip
        return parts.time.right() - self._width_of(standing.text, loud=loud) - self._gap * 2

    def _width_of(self, text: str, *, loud: bool) -> int:
        width = self._widths.get((loud, text))
        if width is None:
            if len(self._widths) >= _WIDTHS_KEPT:
                self._widths.clear()
            metrics = self._bold_width if loud else self._text_width
            width = self._widths[loud, text] = metrics.horizontalAdvance(text)
        return width

    def _first(self, painter: QPainter, rect: QRect, edge: int, row: InboxRow) -> None:
        font, metrics = (
            (self._bold, self._bold_width) if row.unseen else (self._text, self._text_width)
        )
        rect.setRight(edge)
        who, subject = line(words.person(row.customer)), title(row.subject)
        spare = rect.width() - metrics.horizontalAdvance(subject) - self._gap
        most = min(rect.width(), max(self._name, rect.width() * 2 // 5, spare))
        who = metrics.elidedText(who, Qt.TextElideMode.ElideRight, most)
        self._write(painter, rect, who, font, "text")
        rect.setLeft(rect.left() + metrics.horizontalAdvance(who) + self._gap)
        if rect.width() < self._word:
            return  # a lone ellipsis says nothing
        what = metrics.elidedText(subject, Qt.TextElideMode.ElideRight, rect.width())
        self._write(painter, rect, what, font, "text" if row.unseen else "text_muted")

    def _second(self, painter: QPainter, rect: QRect, edge: int, row: InboxRow) -> None:
        known = [_number(row)] if row.order_number else []
        known += [words.money(row.order_total)] if row.order_total else []
        said = line(row.preview)
        rect = QRect(rect.left(), rect.top(), edge - rect.left(), rect.height())
        if known:
            facts = "  ".join(known)
            width = self._text_width.horizontalAdvance(facts)
            if width > rect.width():
                facts = known[0]  # half an amount would say another one
                width = self._text_width.horizontalAdvance(facts)
            if width <= rect.width():  # and half a number another order
                self._write(painter, rect, facts, self._text, "text")
                rect.setLeft(rect.left() + width + self._gap + 2)
        if rect.width() < self._word:
            return
        shown = self._text_width.elidedText(said, Qt.TextElideMode.ElideRight, rect.width())
        self._write(painter, rect, shown, self._text, "text_muted")

    def _chips(self, painter: QPainter, rect: QRect, row: InboxRow) -> int:
        """The kind, and behind it the one thing more that changes what to do, as far as there is
        room beside the order's number; answers where they begin."""
        begins = rect.right() + self._gap
        right = rect.right()
        for text, token in self._fitting(rect, row):
            begins = self._chip(painter, rect, right, text, token)
            right = begins - self._theme.px(Gap.TINY)
        return begins - self._gap

    def _fitting(self, rect: QRect, row: InboxRow) -> list[tuple[str, str]]:
        """The chips from the right; what tells least gives way first."""
        chips = [(words.kind_chip(row), "low")]
        if more := words.warning_chip(row):
            chips.insert(0, (more, "high" if row.suspicious else ""))
        number = _number(row) if row.order_number else ""
        room = rect.width() - self._width_of(number, loud=False) - self._gap * 2
        least = -1 if row.suspicious else 0
        while chips and sum(self._chip_width(text) for text, _ in chips) > room:
            del chips[least]
        return chips

    def _chip_width(self, text: str) -> int:
        if text not in self._chip_widths:  # there are as many as kinds, and "3 mails" and so on
            self._chip_widths[text] = self._meta_width.horizontalAdvance(text) + self._theme.px(14)
        return self._chip_widths[text]

    def _chip(self, painter: QPainter, rect: QRect, right: int, text: str, token: str) -> int:
        """A chip that ends at `right`, without a token only an outline; answers where it begins."""
        width, height = self._chip_width(text), self._theme.px(18)
        chip = QRect(right - width, rect.center().y() - height // 2 + 1, width, height)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen if token else self._theme.color("line"))
        if token:
            painter.setBrush(self._theme.color(f"{token}_soft"))
        painter.drawRoundedRect(chip, height / 2, height / 2)
        painter.restore()
        self._write(painter, chip, text, self._meta, token or "text_muted", align=_CENTER)
        return chip.left()

    def _verbs(self, painter: QPainter, parts: RowLayout, row: InboxRow, lit_verb: str) -> None:
        radius = self._theme.px(6)
        for verb, rect in zip(verbs_of(row), parts.slots, strict=True):
            if not verb:
                continue
            lit = verb == lit_verb
            if lit:
                painter.save()
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(self._line)
                painter.setBrush(self._theme.color("raised"))
                painter.drawRoundedRect(rect.adjusted(2, 2, -2, -2), radius, radius)
                painter.restore()
            pixmap = self._verb_pixmap(verb, lit=lit)
            side = self._theme.px(18)
            corner = rect.center() - QPoint(side // 2 - 1, side // 2 - 1)
            painter.drawPixmap(corner, pixmap)

    def _verbs_left(self, parts: RowLayout, row: InboxRow) -> int:
        first = next(at for at, verb in enumerate(verbs_of(row)) if verb)
        return parts.slots[first].left()

    def _verb_pixmap(self, verb: str, *, lit: bool) -> QPixmap:
        if (verb, lit) not in self._pixmaps:
            token = "accent" if lit else "text_muted"
            self._pixmaps[verb, lit] = self._theme.pixmap(_VERB_ICONS[verb], token, 18)
        return self._pixmaps[verb, lit]

    def _write(
        self, painter: QPainter, rect: QRect, text: str, font: QFont, token: str,
        *, align: int = _VCENTER_LEFT,
    ) -> None:  # fmt: skip
        painter.setFont(font)
        painter.setPen(self._theme.color(token))
        painter.drawText(rect, align, text)


def _number(row: InboxRow) -> str:
    return f"#{line(row.order_number)}"
