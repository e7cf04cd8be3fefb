"""Answer: what a platform said, read with a bound and understood as JSON or known to be none.

Behind `http`, before the platforms: bytes of the wire in, plain values out.
"""

from __future__ import annotations

import json
import math
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn

from app.domain.errors import FrontburnerError
from app.domain.translation import tr

LONGEST = 32_000_000  # bytes after unpacking; a page of 100 orders has 0.2 MB
_STEP = 262_144
# What PHP writes before an answer where its host shows the mistakes of plug-ins.
_REMARKS = re.compile(
    rb"\s{0,99}(?:<br />\s{0,99}<b>(?:Deprecated|Notice|Warning)</b>:.{1,4000}?<br />\s{0,99})+",
    re.DOTALL,
)


class Unreadable(FrontburnerError):
    """The body cannot be used; the words say why, for the middle of a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Status, headers by their small names, and the body's JSON, if it is any.

    `is_page`: the body is a web page, as firewalls, caches and maintenance plug-ins answer.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    data: Any = field(default=None, repr=False)
    is_page: bool = False

    @property
    def is_ok(self) -> bool:
        """Whether the platform did as it was asked."""
        return 200 <= self.status < 300

    @property
    def told_at(self) -> datetime | None:
        """When it was said, by the platform's clock (RFC 9110 6.6.1)."""
        return http_date(self.headers.get("date", ""))


def http_date(text: str) -> datetime | None:
    """The instant of an HTTP date, or None where it is none."""
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def retry_after(answer: Answer, *, now: datetime) -> float | None:
    """The seconds that the platform asks to wait, in either form (RFC 9110 10.2.3), or None."""
    text = answer.headers.get("retry-after", "").strip()
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        at = http_date(text)
        if at is None:
            return None
        seconds = (at - (answer.told_at or now)).total_seconds()
    return None if math.isnan(seconds) else max(0.0, seconds)


def unpacked(chunks: Iterable[bytes], coding: str, *, longest: int = LONGEST) -> bytes:
    """The body without its packing. Raises Unreadable before it grows beyond `longest`."""
    whole = bytearray()
    for piece in _plain(chunks, coding.strip().lower()):
        whole += piece
        if len(whole) > longest:
            raise Unreadable(tr("it is longer than {longest} MB", longest=longest // 1_000_000))
    return bytes(whole)


def _plain(chunks: Iterable[bytes], coding: str) -> Iterator[bytes]:
    if coding in ("", "identity"):
        yield from chunks
        return
    if coding not in ("gzip", "x-gzip", "deflate"):
        raise Unreadable(tr("it is packed in a way that was not asked for"))
    inflate = zlib.decompressobj(zlib.MAX_WBITS | 32)
    try:
        for chunk in chunks:
            rest = chunk
            while rest:  # a small piece may unpack to gigabytes: never more than a step at once
                yield inflate.decompress(rest, _STEP)
                rest = inflate.unconsumed_tail
        yield inflate.flush()
    except zlib.error:
        raise Unreadable(tr("it is damaged")) from None


def understood(body: bytes, content_type: str) -> tuple[Any, bool]:
    """The JSON of a body, and whether it is a web page instead. Raises Unreadable.

    Plug-ins that keep pages pass JSON on as text/html: how it begins counts more.
    """
    if remarks := _REMARKS.match(body):
        body = body[remarks.end() :]
    sort = content_type.partition(";")[0].strip().lower()
    begins = body[:64].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    begins_as_json = begins.startswith((b"{", b"["))
    if (sort == "text/html" and not begins_as_json) or begins.startswith((b"<!doctype", b"<html")):
        return None, True
    if not body.strip():
        return None, False
    if "json" not in sort and not begins_as_json:
        return None, False
    try:
        text = body.decode("utf-8-sig")
        return json.loads(text, parse_float=Decimal, parse_constant=_no_number), False
    except (ValueError, RecursionError):
        raise Unreadable(tr("it is broken off or is no JSON")) from None


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)
