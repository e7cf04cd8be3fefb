"""Fallback: the parts of a mail, found with nothing but the standard library.

For all mails that are not quite usual (`plain` reads the others), and the only numbering of
attachments. A walk without recursion over slices of the one buffer: linear in the mail, whatever
it pretends to be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from mimetypes import guess_extension

from app.domain import remarks
from app.domain.message import Attachment
from app.mail import headers, parameters
from app.mail.charsets import is_known
from app.mail.pieces import Piece, Text, Way, in_order
from app.mail.written import Written, as_labelled, without_encoding

MAX_DEPTH = 50
MAX_PARTS = 1_000

TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A leaf of the MIME tree: where its encoded bytes lie in the mail, and what it says it is.

    `place` counts leaves and containers in the order of their appearance, the mail itself being 0.
    `left_out` is where the part lies on its server, and how long it is there (`large_mail`); `way`
    leads to it through the alternatives (`pieces`).
    """

    place: int
    content_type: str
    start: int
    end: int
    written: Written
    disposition: str = ""
    filename: str = ""
    content_id: str = ""
    left_out: str = ""
    way: Way = ()

    @property
    def charset(self) -> str:
        """The charset that it says it is in."""
        return self.written.charset

    @property
    def is_body(self) -> bool:
        """Whether this is text to read rather than a file, as far as it says so itself."""
        is_text = self.content_type in ("text/plain", "text/html")
        return is_text and self.disposition != "attachment" and not self.left_out

    def content(self, raw: bytes) -> bytes:
        """The part's bytes with the transfer encoding undone, as far as it can be."""
        return self.decoded(raw[self.start : self.end])

    def decoded(self, data: bytes) -> bytes:
        """Bytes that lay elsewhere as this part, with its transfer encoding undone."""
        return without_encoding(data, self.written.encoding)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What lies below the headers: texts and files, and what had to be guessed to read them."""

    pieces: tuple[Piece, ...] = ()
    files: tuple[Part, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def html(self) -> str:
        """All that is there as HTML."""
        if len(self.pieces) == 1:
            return self.pieces[0].html
        return "\n".join([piece.html for piece in self.pieces if piece.html])


def body(raw: bytes, *, parted: bool = False) -> Body:
    """The texts and files of a mail. Never raises.

    `parted`: we left files out of it ourselves, so the marks in it are ours.
    """
    warnings: list[str] = []
    leaves = list(parts(raw, warnings, parted=parted))
    files = _files(leaves)
    texts: list[Text] = []
    for part in leaves:
        if part.place in files:
            continue
        if not is_known(part.charset):
            warnings.append(remarks.UNKNOWN_CHARSET.format(name=part.charset[:40]))
        words = part.written.read(raw[part.start : part.end])
        texts.append(Text(words, part.written.html, part.way))
    return Body(
        pieces=in_order(texts),
        files=tuple(part for part in leaves if part.place in files),
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _files(leaves: list[Part]) -> frozenset[int]:
    """The places of the parts that are files: what is no text, and a text with a name of its own.

    Some programs put a text file between the words as if it were words (Apple Mail). Without other
    words beside it, within the same version of the mail, it is what is said.
    """
    texts = [part for part in leaves if part.is_body]
    if not any(part.filename for part in texts):
        return frozenset(part.place for part in leaves if not part.is_body)
    said: dict[Way, int] = {}
    for part in sorted(texts, key=lambda one: bool(one.filename)):
        for length in range(len(part.way) + 1):
            said.setdefault(part.way[:length], part.place)
    read = {part.place for part in texts if not part.filename or said[part.way] == part.place}
    return frozenset(part.place for part in leaves if part.place not in read)


def attachment(part: Part, raw: bytes) -> Attachment:
    """What a message says of a part that is a file."""
    section, _, octets = part.left_out.partition("; ")
    ending = ".eml" if part.content_type == "message/rfc822" else guess_extension(part.content_type)
    return Attachment(
        filename=parameters.safe_filename(
            part.filename, fallback=f"attachment-{part.place}{ending or ''}"
        ),
        content_type=part.content_type,
        size=_length(part, octets) if section else len(part.content(raw)),
        part=part.place,
        inline=part.disposition != "attachment" and bool(part.content_id),
        section=section,
    )


def _length(part: Part, octets: str) -> int:
    """About how long a part is that lies elsewhere: base64 in lines of 76 letters is 78 for 57."""
    size = int(octets) if octets.isdigit() else 0
    return size * 57 // 78 if part.written.encoding == "base64" else size


def part_at(raw: bytes, place: int) -> Part | None:
    """The part with this number, or None if the mail has none."""
    return next((part for part in parts(raw) if part.place == place), None)


def attachment_bytes(raw: bytes, place: int) -> bytes | None:
    """The content of the part with this number, or None if the mail has no such file."""
    part = part_at(raw, place)
    return None if part is None else part.content(raw)


def parts(raw: bytes, warnings: list[str] | None = None, *, parted: bool = False) -> Iterator[Part]:
    """The leaves of the mail in their order; what is odd is added to `warnings`."""
    odd = [] if warnings is None else warnings
    waiting: list[tuple[int, int, int, str, Way]] = [(0, len(raw), 0, "text/plain", ())]
    place = 0
    while waiting:
        if place >= MAX_PARTS:
            odd.append(remarks.FIRST_PARTS.format(n=f"{MAX_PARTS:,}"))
            return
        start, end, depth, default, way = waiting.pop()
        block = headers.split(raw, start, end)
        content_type, words = _content_type(block, default)
        inner = _inside(raw, block.body_at, end, words.get("boundary", ""), content_type)
        if inner and depth < MAX_DEPTH:
            below = "message/rfc822" if content_type == "multipart/digest" else "text/plain"
            room = MAX_PARTS - place - len(waiting)
            versions = content_type == "multipart/alternative"
            waiting.extend(
                (*child, depth + 1, below, (*way, (place, number)) if versions else way)
                for number, child in reversed([*enumerate(inner[: max(1, room)])])
            )
        else:
            if inner:
                odd.append(remarks.TOO_DEEP.format(n=MAX_DEPTH))
            leaf = _leaf(block, content_type, words, place=place, end=end, way=way)
            left_out = block.text("x-frontburner-left-out") if parted else ""
            yield replace(leaf, left_out=left_out) if left_out else leaf
        place += 1


def _content_type(block: headers.HeaderBlock, default: str) -> tuple[str, Mapping[str, str]]:
    value = block.text("content-type")
    if not value:
        return default, {}
    content_type, words = parameters.parse(value)
    # RFC 2045 5.2: what cannot be understood is plain text.
    return (content_type if TYPE.fullmatch(content_type) else "text/plain"), words


def _inside(
    raw: bytes, start: int, end: int, boundary: str, content_type: str
) -> list[tuple[int, int]]:
    """Where the parts of a multipart begin and end; none where the boundary never appears."""
    if not boundary or not content_type.startswith("multipart/"):
        return []
    line = b"\n--" + boundary.encode("utf-8", errors="replace")[:200]
    found: list[tuple[int, int]] = []
    begin, place = -1, start - 1
    while len(found) < MAX_PARTS and (place := raw.find(line, max(place, 0), end)) >= 0:
        newline = raw.find(b"\n", place + 1, end)
        newline = end if newline < 0 else newline
        rest = raw[place + len(line) : newline].rstrip(b" \t\r")
        if rest in (b"", b"--"):
            if begin >= 0:
                found.append((begin, max(begin, place - (raw[place - 1 : place] == b"\r"))))
            if rest:
                # Closed before it began: what stands above the closing line is all there is.
                return found or [(start, max(start, place))]
            begin = min(newline + 1, end)
        # A delimiter's own line end may open the next one.
        place = newline if newline > place else end
    if begin >= 0:
        found.append((begin, end))  # the closing line was lost on the way
    return found


def _leaf(
    block: headers.HeaderBlock,
    content_type: str,
    words: Mapping[str, str],
    *,
    place: int,
    end: int,
    way: Way,
) -> Part:
    disposition, details = parameters.parse(block.text("content-disposition"))
    if content_type.startswith("multipart/"):
        content_type = "text/plain"  # it has no parts: what it holds is to be read
    return Part(
        place=place,
        content_type=content_type,
        start=min(block.body_at, end),
        end=end,
        written=as_labelled(content_type, words, block.text("content-transfer-encoding")),
        disposition=disposition,
        filename=details.get("filename", "") or words.get("name", ""),
        content_id=block.text("content-id").strip("<> "),
        way=way,
    )
