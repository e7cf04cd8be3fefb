"""Mbox: the mails of a file that holds several, as other mail programs save a folder (RFC 4155).

Each begins with a line "From somebody Mon Nov 23 10:00:00 2026" behind a blank line; "From" in a
text begins none. The file is read piece by piece: a whole mailbox may lie in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import BinaryIO

SIGN = b"From "
_BEGINS = re.compile(rb"From [^\n]*[0-9]{4}\r?\n")
_HEADER = re.compile(rb"[!-9;-~]+:")
_DATE = re.compile(
    rb"([A-Z][a-z]{2}) +(\d{1,2}) +(\d\d:\d\d(?::\d\d)?)"
    rb"(?: +([+-]\d{4})| +[A-Z]{1,5})? +(\d{4})\s*$"
)
_HEAD_ENDS = re.compile(rb"\n\r?\n")
# What the program that keeps the file writes into its mails, and changes there.
_MARKS = re.compile(
    rb"^(?:Status|X-Status|X-Keywords|X-UID|X-IMAP|X-IMAPbase|X-Mozilla-[\w-]+):[^\n]*\n"
    rb"(?:[ \t][^\n]*\n)*",
    re.MULTILINE | re.IGNORECASE,
)
_PIECE = 64 * 1024  # a line may be as long as a file


def places(file: BinaryIO) -> Iterator[tuple[int, int]]:
    """Where each mail begins and ends, in order; one for a file that is no mbox."""
    begin = at = 0
    may_begin, is_blank, is_line = -1, False, True
    while piece := file.readline(_PIECE):
        if is_line and may_begin > 0 and _HEADER.match(piece):
            yield begin, may_begin
            begin = may_begin
        may_begin = at if is_line and is_blank and _BEGINS.fullmatch(piece) else -1
        is_blank = is_line and piece in {b"\n", b"\r\n"}
        is_line = piece.endswith(b"\n")
        at += len(piece)
    if at:
        yield begin, at


def without_marks(mail: bytes) -> bytes:
    """The mail as it came: without the line above it, and without what tells that it was read."""
    if mail.startswith(SIGN):
        mail = mail.partition(b"\n")[2]
    ends = _HEAD_ENDS.search(mail)
    head = mail[: ends.start() + 1] if ends else mail
    return (_MARKS.sub(b"", head) + mail[len(head) :]).rstrip(b"\r\n") + b"\n"


def arrived_at(mail: bytes) -> datetime | None:
    """When it arrived, by the line above it; UTC where that names no zone."""
    found = _DATE.search(mail[:1000].partition(b"\n")[0])
    if found is None:
        return None
    month, day, time, zone, year = (part.decode() if part else "+0000" for part in found.groups())
    try:
        at = parsedate_to_datetime(f"{day} {month} {year} {time} {zone}")
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)  # -0000 is no zone
    except (ValueError, OverflowError):
        return None
