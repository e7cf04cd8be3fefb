"""Enclosures: foreign pictures and PDFs made harmless and small before they go into a packet.

A file of a stranger may be broken, locked, a bomb, or carry a script. Its size is known before it
is read, its pixels before they are unpacked; a picture is drawn anew without what it says of place
and camera, a PDF gives its pages and nothing else.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject

from app.domain.evidence import OwnFile
from app.domain.translation import grouped, tr
from app.replies.small_picture import FORMATS, MOST_PIXELS, on_white

MOST_BYTES = 25_000_000
MOST_PAGES = 200
MOST_SHEETS = 50  # of a scan
MOST_LETTERS = 200_000
_FORMATS = (*FORMATS, "TIFF")
_TEXTS = (".txt", ".md")
_WIDE = (b"\xff\xfe", b"\xfe\xff")  # UTF-16, as Windows calls "Unicode"
_PICTURE_MARKS = (b"\xff\xd8", b"\x89PNG", b"GIF8", b"RIFF", b"BM", b"II*\0", b"MM\0*")
_HEIC = (b"heic", b"heix", b"heim", b"hevc", b"mif1", b"msf1")
_TALL, _COLUMN = 2.4, 2.9  # height to width: of what is cut, and of half a page


@dataclass(frozen=True, slots=True)
class Pressing:
    """How far pictures are made smaller: the longer side in pixels, the quality of the JPEG."""

    side: int
    quality: int


# From readable in every detail to just readable; the first that fits is taken.
PRESSINGS = (Pressing(2000, 82), Pressing(1600, 70), Pressing(1200, 60), Pressing(900, 45))


class Unusable(Exception):
    """A file that does not go into a packet; its text is a sentence without the file's name."""


@dataclass(frozen=True, slots=True)
class PdfPages:
    """The pages of somebody's PDF; `archival` says that the file calls itself PDF/A."""

    pages: tuple[PageObject, ...]
    archival: bool


def pictures(content: bytes, pressing: Pressing) -> tuple[bytes, ...]:
    """A picture as JPEGs without transparency and without metadata, one for each page that it
    takes: a scan may have several, and what is very tall is cut. Raises Unusable."""
    _check_size(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return tuple(_redrawn(content, pressing))
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise Unusable(tr("has too many pixels")) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, MemoryError) as error:
        raise Unusable(_what_else(content)) from error


def smaller(jpeg: bytes, pressing: Pressing) -> bytes:
    """One of those JPEGs once more, pressed further."""
    with Image.open(BytesIO(jpeg)) as page:
        page.draft("RGB", (pressing.side, pressing.side))
        return _pressed(page, pressing)


def pdf_pages(content: bytes) -> PdfPages:
    """The pages of a PDF, without scripts, links and attached files. Raises Unusable."""
    _check_size(content)
    try:
        reader = PdfReader(BytesIO(content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unusable(tr("is locked with a password; save it without one"))
        pages = _copied(_every_page(reader))
        return PdfPages(pages, archival=_is_archival(reader))
    except Unusable:
        raise
    except Exception as error:  # a broken PDF breaks its reader in any way
        raise Unusable(tr("is no PDF that can be read")) from error


def words(file: OwnFile) -> str:
    """The words of a text, in Unicode or in what Windows wrote before. Raises Unusable."""
    _check_size(file.content)
    try:
        wide = file.content.startswith(_WIDE)
        said = file.content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        said = file.content.decode("cp1252", "replace")
    if len(said) > MOST_LETTERS:
        raise Unusable(tr("has more than {most} letters; shorten it", most=grouped(MOST_LETTERS)))
    return said


def check(file: OwnFile) -> None:
    """Raises Unusable for what no packet can show, with what to do about it."""
    if is_pdf(file):
        pdf_pages(file.content)
    elif is_text(file):
        words(file)
    else:
        pictures(file.content, PRESSINGS[-1])


def put_together(first: bytes, further: Sequence[PdfPages]) -> bytes:
    """Our own pages and then those of others, in one file."""
    if not further:
        return first
    writer = PdfWriter(clone_from=PdfReader(BytesIO(first)))
    for one in further:
        for page in one.pages:
            writer.add_page(page)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def is_pdf(file: OwnFile) -> bool:
    """Whether a file is a PDF by its first bytes, whatever its name says."""
    return b"%PDF-" in file.content[:1024]


def is_text(file: OwnFile) -> bool:
    """Whether a file is words: by its name, and no byte of it speaks against that."""
    wide = file.content.startswith(_WIDE)
    return file.name.lower().endswith(_TEXTS) and (wide or b"\0" not in file.content)


def _redrawn(content: bytes, pressing: Pressing) -> Iterator[bytes]:
    with Image.open(BytesIO(content), formats=_FORMATS) as opened:
        sheets = getattr(opened, "n_frames", 1) if opened.format == "TIFF" else 1
        if sheets > MOST_SHEETS:
            raise Unusable(tr("has {count} pages; take out those that matter", count=sheets))
        opened.draft("RGB", (pressing.side, pressing.side))
        for sheet in range(sheets):
            opened.seek(sheet)
            if opened.width * opened.height > MOST_PIXELS:
                raise Unusable(tr("has too many pixels"))
            for part in _pages_of(on_white(ImageOps.exif_transpose(opened))):
                yield _pressed(part, pressing)


def _pressed(image: Image.Image, pressing: Pressing) -> bytes:
    image.thumbnail((pressing.side, pressing.side))
    image.info.clear()  # a JPEG's comment would be written again
    out = BytesIO()
    image.save(out, "JPEG", quality=pressing.quality, optimize=True)
    return out.getvalue()


def _pages_of(image: Image.Image) -> Iterator[Image.Image]:
    """A picture as it stands on pages: a very tall one, as of a chat, in columns to be read."""
    if image.height <= image.width * _TALL:
        yield image
        return
    high = int(image.width * _COLUMN)
    tops = range(0, image.height, high - high // 30)  # a line that is cut stands whole in the next
    gap = image.width // 20
    for first in range(0, len(tops), 2):
        page = Image.new("RGB", (2 * image.width + gap, high), "white")
        for column, top in enumerate(tops[first : first + 2]):
            strip = image.crop((0, top, image.width, min(top + high, image.height)))
            page.paste(strip, (column * (image.width + gap), 0))
        yield page


def _what_else(content: bytes) -> str:
    """What to do about a file that is no picture for us."""
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC:
        return tr("is a photo in the format of iPhones (HEIC); save it as JPEG")
    if content.startswith(_PICTURE_MARKS):
        return tr("is no picture that can be read")
    return tr("is neither picture, PDF nor text; save it as PDF")


def _copied(pages: Sequence[PageObject]) -> tuple[PageObject, ...]:
    """The pages in a file of their own: what breaks there would break the packet."""
    writer, out = PdfWriter(), BytesIO()
    for page in pages:
        writer.add_page(page)
    writer.write(out)
    return tuple(PdfReader(out).pages)


def _every_page(reader: PdfReader) -> tuple[PageObject, ...]:
    count = len(reader.pages)
    if count > MOST_PAGES:
        raise Unusable(tr("has {count} pages; take out those that matter", count=count))
    if not count:
        raise Unusable(tr("has no pages"))
    pages = tuple(reader.pages)
    for page in pages:
        _quieten(page)
    return pages


def _quieten(page: PageObject) -> None:
    """Take away what acts: scripts, links, attached files. Fields of a form keep what they show."""
    for name in ("/AA", "/A", "/Metadata", "/PieceInfo"):
        page.pop(name, None)
    notes = page.get("/Annots")
    if notes is None:
        return
    kept = ArrayObject()
    for note in notes.get_object():
        seen = note.get_object()
        if isinstance(seen, DictionaryObject) and seen.get("/Subtype") == "/Widget":
            for name in ("/A", "/AA", "/Parent"):
                seen.pop(name, None)
            kept.append(note)
    page[NameObject("/Annots")] = kept


def _is_archival(reader: PdfReader) -> bool:
    catalog = reader.root_object
    metadata = catalog.get("/Metadata")
    if metadata is None:
        return False
    return b"pdfaid:part" in metadata.get_object().get_data()


def _check_size(content: bytes) -> None:
    if not content:
        raise Unusable(tr("is empty"))
    if len(content) > MOST_BYTES:
        raise Unusable(tr("has more than {most_bytes} MB", most_bytes=MOST_BYTES // 1_000_000))
