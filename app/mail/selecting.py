"""Selecting: opens a folder and asks in the same breath what is gone or changed since.

QRESYNC (RFC 7162): the server is told the last change that we know of and names the mails that
vanished and the flags that changed since, so that a folder of any size is compared in one answer.
Used by the gateway.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from imapclient.imap_utf7 import encode

from app.domain.mailbox import Flags, FolderCursor, FolderSnapshot
from app.mail.fetching import Lines, changed_flags
from app.mail.uid_set import Ranges, uid_ranges

HIGHEST = 2**63 - 1  # RFC 7162 3.1: mod-sequences have 63 bits

_EXISTS = re.compile(rb"\* (\d{1,10}) EXISTS\b", re.IGNORECASE)
_CODE = re.compile(rb"\* OK \[(UIDVALIDITY|UIDNEXT|HIGHESTMODSEQ) (\d{1,19})\]", re.IGNORECASE)
_VANISHED = re.compile(rb"\* VANISHED \(EARLIER\) ([\d:,]+)\s*\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A folder as it was when it was opened, and the numbers that the server named as vanished.

    `flags` are those that changed since the cursor; None where the server did not tell.
    """

    folder: FolderSnapshot
    vanished: Ranges = ()
    flags: dict[int, Flags] | None = field(default=None)


def opened(
    lines: Lines, folder: str, *, extension: str, since: FolderCursor | None, written: bytes = b""
) -> Opened:
    """Open the folder read-only; with QRESYNC enabled, say what is known of it.

    `written`: how the server writes its name, where that is not as names are to be written. Raises
    imaplib's error when the server refuses. `uid_next` is 0 where the server does not say.
    """
    asked = b"CONDSTORE" if extension else b""
    if extension == "QRESYNC" and since is not None and since.modseq:
        asked = b"QRESYNC (%d %d)" % (since.uid_validity, since.modseq)
    told: dict[bytes, int] = {}
    vanished: Ranges = ()
    flags: dict[int, Flags] = {}
    name = in_quotes(written or encoded(folder))
    for line in lines.answers(b"EXAMINE %s" % name + (b" (%s)" % asked if asked else b"")):
        if code := _CODE.match(line):
            told[code[1].upper()] = int(code[2])
        elif exists := _EXISTS.match(line):
            told[b"EXISTS"] = int(exists[1])
        elif gone := _VANISHED.match(line):
            vanished += uid_ranges(gone[1].decode("ascii"))
        elif changed := changed_flags(line):
            flags.update([changed])
    modseq = told.get(b"HIGHESTMODSEQ", 0)
    snapshot = FolderSnapshot(
        name=folder,
        uid_validity=told.get(b"UIDVALIDITY", 0),
        uid_next=told.get(b"UIDNEXT", 0),
        exists=told.get(b"EXISTS", 0),
        modseq=modseq if modseq <= HIGHEST else 0,
    )
    is_compared = (
        asked[:7] == b"QRESYNC"
        and since is not None
        and since.uid_validity == snapshot.uid_validity
    )
    return Opened(folder=snapshot, vanished=vanished, flags=flags if is_compared else None)


def encoded(folder: str) -> bytes:
    """The folder's name as it goes over the wire (RFC 3501 5.1.3)."""
    name: bytes = encode(folder)
    return name


def quoted(folder: str) -> bytes:
    """The same in quotes, as it stands in a command."""
    return in_quotes(encoded(folder))


def in_quotes(name: bytes) -> bytes:
    """A name that is encoded already."""
    return b'"' + name.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
