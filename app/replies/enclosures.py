"""Enclosures: foreign pictures and PDFs made harmless and small before they go into a packet.

A file of a stranger may be broken, locked, a bomb, or carry a script. Its size is known before it
is read, its pixels before they are unpacked; a picture is drawn anew without what it says of place
and camera, a PDF gives its pages and nothing else.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject

from app.domain.evidence import OwnFile
from app.domain.translation import tr
from app.replies.small_picture import FORMATS, MOST_PIXELS, on_white

MOST_BYTES = 25_000_000
MOST_PAGES = 200
_FORMATS = (*FORMATS, "TIFF")
_TEXTS = (".txt", ".md")


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


def picture(content: bytes, pressing: Pressing) -> bytes:
    """A picture as a JPEG without transparency and without its metadata. Raises Unusable."""
    _check_size(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _redrawn(content, pressing)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise Unusable(tr("has too many pixels")) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, MemoryError) as error:
        raise Unusable(tr("is no picture that can be read")) from error


def pdf_pages(content: bytes) -> PdfPages:
    """The pages of a PDF, without scripts, links and attached files. Raises Unusable."""
    _check_size(content)
    try:
        reader = PdfReader(BytesIO(content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unusable(tr("is locked with a password; save it without one"))
        pages = _every_page(reader)
        return PdfPages(pages, archival=_is_archival(reader))
    except Unusable:
        raise
    except Exception as error:  # a broken PDF breaks its reader in any way
        raise Unusable(tr("is no PDF that can be read")) from error


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
    return file.name.lower().endswith(_TEXTS) and b"\0" not in file.content


def _redrawn(content: bytes, pressing: Pressing) -> bytes:
    with Image.open(BytesIO(content), formats=_FORMATS) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise Unusable(tr("has too many pixels"))
        opened.draft("RGB", (pressing.side, pressing.side))
        upright = ImageOps.exif_transpose(opened)
        flat = on_white(upright)
    flat.thumbnail((pressing.side, pressing.side))
    flat.info.clear()  # a JPEG's comment would be written again
    out = BytesIO()
    flat.save(out, "JPEG", quality=pressing.quality, optimize=True)
    return out.getvalue()


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
