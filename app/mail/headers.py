"""Headers: the lines above a mail's body, split and decoded. First step of parse.

One reader for both body parsers, so that sender, thread and date never depend on which of them
is installed. Linear in the size of the input; nothing here raises.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

from app.domain import remarks
from app.domain.translation import to_translate
from app.mail.charsets import clean, decode

MAX_FIELDS = 2_000
MAX_VALUE = 100_000
MAX_BLOCK = 4_000_000
MAX_IDS = 200

_BLANK_LINE = re.compile(rb"\n\r?\n")
# A name, a colon, and a value that goes on over the lines that begin with a blank.
_FIELD = re.compile(r"^([!-9;-~]{1,200})[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*)(?:\n|\Z)", re.MULTILINE)
_PLAIN_FIELD = re.compile(r"^([!-9;-~]{1,200})[ \t]*:(.*)$", re.MULTILINE)
_FOLD = re.compile(r"\r?\n(?=[ \t])")
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_ID = re.compile(r"<([^<>]{1,998})>")
_BARE_ID = re.compile(r"[^\s<>,;\"]{1,998}")
_SPACE = re.compile(r"\s+")
_DATE = re.compile(
    r"(?:[A-Za-z]{3}, {1,2})?(\d{1,2}) ([A-Za-z]{3}) (\d{4})"
    r" (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)\b"
)
_MONTHS = {
    "Jan": 1, "Feb": 2, "Mar": 3, "Apr": 4, "May": 5, "Jun": 6,
    "Jul": 7, "Aug": 8, "Sep": 9, "Oct": 10, "Nov": 11, "Dec": 12,
}  # fmt: skip
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")

_EARLIEST, _LATEST = 1990, 2100  # before e-mail was sold to shops, and after all of us


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderBlock:
    """The fields of a mail or of one of its parts, `first` without repetitions.

    `body_at` is where the body begins.
    """

    fields: tuple[tuple[str, str], ...]
    first: Mapping[str, str]
    body_at: int
    warnings: tuple[str, ...] = ()

    def text(self, name: str) -> str:
        """The first value of a field as it stands: unfolded, encoded words still encoded."""
        return self.first.get(name, "")

    def decoded(self) -> dict[str, tuple[str, ...]]:
        """Every field by its lower-case name, decoded, in order of appearance."""
        fields = [(one, words(two) if "=?" in two else two) for one, two in self.fields]
        if len(fields) == len(self.first):  # none is repeated
            return {name: (value,) for name, value in fields}
        found: dict[str, list[str]] = {}
        for name, value in fields:
            found.setdefault(name, []).append(value)
        return {name: tuple(values) for name, values in found.items()}


def split(raw: bytes, start: int = 0, end: int | None = None) -> HeaderBlock:
    """The header block that begins at `start`; without one, everything is body."""
    end = len(raw) if end is None else end
    if raw.startswith((b"\n", b"\r\n"), start, end):
        return HeaderBlock(fields=(), first={}, body_at=min(end, raw.index(b"\n", start) + 1))
    blank = _BLANK_LINE.search(raw, start, end)
    stop, body_at = (blank.start(), blank.end()) if blank else (end, end)
    # Latin-1 keeps a letter for each byte; what is not ASCII is looked at field by field.
    text = raw[start : min(stop, start + MAX_BLOCK)].decode("latin-1")
    fields, stray, warnings = _fields(text)
    if stray is not None:
        body_at = start + stray
    first = dict(reversed(fields))
    return HeaderBlock(fields=fields, first=first, body_at=body_at, warnings=warnings)


def _fields(text: str) -> tuple[tuple[tuple[str, str], ...], int | None, tuple[str, ...]]:
    """The fields, where the body begins if no blank line says so, and what is odd."""
    if (plain := _plain_fields(text)) is not None:
        return plain, None, ()
    found = _FIELD.findall(text)
    lines = text.count("\n") + (not text.endswith("\n"))
    if len(found) <= MAX_FIELDS and lines == len(found) + sum(two.count("\n") for _, two in found):
        return tuple((name.lower(), _value(value)) for name, value in found), None, ()
    return _fields_and_slips(text)


def _plain_fields(text: str) -> tuple[tuple[str, str], ...] | None:
    """The fields of a block as nearly all are: printable ASCII, and every line belongs to one."""
    if not text.isascii() or len(text) > MAX_VALUE:
        return None
    if "\r" in text:
        text = text.replace("\r\n", "\n").removesuffix("\r")
    if "\n " in text or "\n\t" in text:
        text = _FOLD.sub("", text)
    letters = text.replace("\n", "")
    if "\t" in letters:
        letters = letters.replace("\t", "")
    if not letters.isprintable():
        return None
    found = _PLAIN_FIELD.findall(text)
    if len(found) > MAX_FIELDS or len(found) != text.count("\n") + 1:
        return None
    return tuple([(name.lower(), value.strip()) for name, value in found])


def _fields_and_slips(
    text: str,
) -> tuple[tuple[tuple[str, str], ...], int | None, tuple[str, ...]]:
    """The same of a block in which not every line belongs to a field."""
    fields: list[tuple[str, str]] = []
    warnings: list[str] = []
    stray: int | None = None  # a line that is no header: a slip if headers follow, else the body
    place = text.index("\n") + 1 if text.startswith(("From ", ">From ")) and "\n" in text else 0
    while place < len(text):
        if len(fields) >= MAX_FIELDS:
            warnings.append(remarks.FIRST_HEADERS.format(n=f"{MAX_FIELDS:,}"))
            break
        match = _FIELD.match(text, place)
        if match:
            if stray is not None:
                warnings.append(to_translate("a line among the headers is no header"))
                stray = None
            fields.append((match[1].lower(), _value(match[2])))
            place = match.end()
        elif stray is not None or not fields:
            stray = place if stray is None else stray
            break
        else:
            stray = place
            newline = text.find("\n", place)
            place = len(text) if newline < 0 else newline + 1
    if stray is not None:
        warnings.append(to_translate("no blank line ends the headers"))
    return tuple(fields), stray, tuple(dict.fromkeys(warnings))


def _value(value: str) -> str:
    """A field's value on one line, without control characters."""
    plain = value.strip()
    if plain.isprintable() and plain.isascii() and len(value) <= MAX_VALUE:
        return plain
    value = value[:MAX_VALUE]
    if not value.isascii():
        value = decode(value.encode("latin-1"))
    if "\n" in value:
        value = _FOLD.sub("", value)
    value = value.strip()
    return value if value.isprintable() else clean(value).replace("\n", " ")


def words(text: str) -> str:
    """The text with its encoded words (RFC 2047) decoded.

    Neighbours in one charset are joined as bytes first: senders cut in the middle of a letter.
    """
    if "=?" not in text:
        return text
    pieces: list[str] = []
    waiting, charset, end = b"", "", 0
    for match in _WORD.finditer(text):
        gap = text[end : match.start()]
        label = match[1].partition("*")[0].lower()
        if gap.strip() or label != charset:
            pieces.append(decode(waiting, charset))
            waiting, charset = b"", label
        if gap.strip() or not end:
            pieces.append(gap)
        waiting += _word_bytes(match[2], match[3])
        end = match.end()
    pieces.extend((decode(waiting, charset), text[end:]))
    return clean("".join(pieces)).replace("\n", " ")


def _word_bytes(encoding: str, body: str) -> bytes:
    data = body.encode("utf-8", errors="replace")
    if encoding in "bB":
        return base64_bytes(data)
    return binascii.a2b_qp(data.replace(b"_", b" ").replace(b"\n", b""), header=False)


def base64_bytes(data: bytes) -> bytes:
    """What base64 says, as far as it can be made out, with stray letters and a lost end."""
    try:
        return binascii.a2b_base64(data)
    except ValueError:
        letters = _NOT_BASE64.sub(b"", data)
        letters = letters[: len(letters) - (len(letters) % 4 == 1)]
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def message_ids(text: str) -> tuple[str, ...]:
    """The ids in a References or In-Reply-To field, each once, without brackets.

    Of a very long chain the first and the last are kept: the root and the nearest.
    """
    if not text:
        return ()
    found = _ID.findall(text)
    if len(found) == 1 and len(found[0]) == len(text) - 2 and " " not in text:
        return (found[0],)  # one, and nothing beside it: nearly all of them
    ids = tuple(dict.fromkeys(one for one in (_SPACE.sub("", one) for one in found) if one))
    if not ids and "@" in text:
        ids = tuple(dict.fromkeys(one for one in _BARE_ID.findall(text) if "@" in one))
    return ids if len(ids) <= MAX_IDS else (*ids[:1], *ids[1 - MAX_IDS :])


def message_id(text: str) -> str:
    """The id in a Message-ID field; empty where nothing in it can serve as one."""
    ids = message_ids(text)
    if ids:
        return ids[0]
    bare = text.strip("<> \t")
    return bare if _BARE_ID.fullmatch(bare) else ""


def is_year_of_mail(year: int) -> bool:
    """Whether a mail may be of that year; a date in any other one is no date."""
    return _EARLIEST <= year < _LATEST


def sent_at(text: str) -> datetime | None:
    """The instant in a Date field (RFC 5322 3.3), or None where it is missing, broken or absurd."""
    try:
        if (usual := _DATE.match(text)) and (month := _MONTHS.get(usual[2])):
            day, _, year, hour, minute, second, sign, hours, minutes = usual.groups()
            offset = timedelta(hours=int(hours), minutes=int(minutes))
            if not is_year_of_mail(int(year)) or offset >= timedelta(days=1):
                return None
            at = datetime(
                int(year), month, int(day), int(hour), int(minute), min(int(second), 59), tzinfo=UTC
            )
            return at + offset if sign == "-" else at - offset
        parts = parsedate_tz(text[:200])
        if parts is None or not is_year_of_mail(parts[0]):
            return None
        zone = timezone(timedelta(seconds=parts[9] or 0))
        year, month, day, hour, minute, second = parts[:6]
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone).astimezone(
            UTC
        )
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
