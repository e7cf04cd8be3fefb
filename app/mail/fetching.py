"""Fetching: our own reader of FETCH answers on a signed-in connection. Used by the gateway.

imapclient spends 150 microseconds a mail on a general parser; a FETCH of known items needs none.
It reads from the `stream` that imaplib reads from, so both see one conversation.
"""

from __future__ import annotations

import imaplib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Protocol

from imapclient.imap_utf7 import decode

from app.domain.mailbox import NO_FLAGS, Flags, GmailIds, MailFlag
from app.mail.failures import ENDED, is_passing

MAX_LITERAL = 64 * 1024 * 1024
_CHUNK = 1024 * 1024
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_LITERAL = re.compile(rb"~?\{(\d{1,40})\+?\}\r?\n\Z")
_FETCH = re.compile(rb"\* \d+ FETCH \(", re.IGNORECASE)
_ARE_GONE = re.compile(rb"NO \[EXPUNGEISSUED\]", re.IGNORECASE)  # RFC 5530
_UID = re.compile(rb"[( ]UID (\d{1,10})(?=[ )])", re.IGNORECASE)
_SIZE = re.compile(rb"[( ]RFC822\.SIZE (\d{1,19})(?=[ )])", re.IGNORECASE)
_FLAGS = re.compile(rb"[( ]FLAGS \(([^()]{0,4000})\)", re.IGNORECASE)
_DATE = re.compile(rb"[( ]INTERNALDATE \"([^\"]{1,40})\"", re.IGNORECASE)
_BODY = re.compile(rb"[( ]BODY\[(?:HEADER)?\](?:<\d{1,10}>)? \Z", re.IGNORECASE)
_QUOTED_BODY = re.compile(rb"[( ]BODY\[\](?:<\d{1,10}>)? \"((?:[^\"\\]|\\.){0,100000})\"", re.I)
_SECTION = re.compile(rb"[( ]BODY\[([A-Za-z0-9.]{1,100})\](?:<\d{1,10}>)? \Z", re.IGNORECASE)
_QUOTED_SECTION = re.compile(
    rb"[( ]BODY\[([A-Za-z0-9.]{1,100})\](?:<\d{1,10}>)? \"((?:[^\"\\]|\\.){0,100000})\"", re.I
)
# What nearly every line is when all of a folder is listed or brought: read in one go.
_LISTED = re.compile(
    rb"\* \d{1,10} FETCH \(UID (\d{1,10}) RFC822\.SIZE (\d{1,19})"
    rb" INTERNALDATE \"([^\"]{1,40})\"\)\r\n\Z"
)
_BROUGHT = re.compile(
    rb"\* \d{1,10} FETCH \(UID (\d{1,10}) (FLAGS \([^()]{0,4000}\))"
    rb" INTERNALDATE \"([^\"]{1,40})\" BODY\[\] \{(\d{1,40})\}\r\n\Z"
)
_GM_MAIL = re.compile(rb"[( ]X-GM-MSGID (\d{1,20})(?=[ )])", re.IGNORECASE)
_GM_THREAD = re.compile(rb"[( ]X-GM-THRID (\d{1,20})(?=[ )])", re.IGNORECASE)
_GM_LABELS = re.compile(
    rb"[( ]X-GM-LABELS \(((?:[^()\"\\]|\\[^()\"\\ ]|\"(?:[^\"\\]|\\.)*\"){0,20000})\)",
    re.IGNORECASE,
)
_GM_LABEL = re.compile(rb"\"((?:[^\"\\]|\\.)*)\"|([^\s\"]+)")
_LONGEST_WORD = 1_000  # of what a server may say in a literal beside the mail itself
_KNOWN_FLAGS = {f"\\{flag}".encode(): flag for flag in MailFlag}
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip


class Wire(Protocol):
    """The connection underneath, with its buffer."""

    def send(self, data: bytes) -> None:
        """Send everything."""

    def readline(self) -> bytes:
        """The next line with its end; empty when the server is gone."""

    def read(self, size: int) -> bytes:
        """Exactly so many bytes; fewer when the server is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What the server said of one mail; `raw` and `flags` are None where it said none."""

    uid: int
    size: int = 0
    received_at: datetime = EPOCH
    raw: bytes | None = None
    gmail: GmailIds | None = None
    flags: Flags | None = None
    labels: tuple[str, ...] | None = None


class Lines:
    """Commands and their answers on one connection, one at a time."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._count = 0

    def fetch(self, uids: str, items: str, *, changed_since: int = 0) -> Iterator[Fetched]:
        """What the server says of these UIDs. To be read to its end before the next command.

        With `changed_since`, only of those that changed after that modification (RFC 7162).

        Raises imaplib's abort when the server goes away, its error when it refuses, be it only some
        of them: nobody can tell then what the others are, beside those that were named before. That
        some are gone by now is no refusal.
        """
        modifier = b" (CHANGEDSINCE %d)" % changed_since if changed_since else b""
        tag = self._ask(b"UID FETCH %s (%s)%s" % (uids.encode(), items.encode(), modifier))
        while True:
            line = self._line()
            if _FETCH.match(line):
                fetched = self._fetched(line)
                if fetched:
                    yield fetched
            elif line.startswith(tag + b" "):
                if not _ARE_GONE.match(line, len(tag) + 1):
                    _check_all(line[len(tag) + 1 :])
                return
            elif line[:6].upper() == b"* BYE ":
                raise imaplib.IMAP4.abort(_words(line[2:]))

    def sections(self, uid: int, items: str) -> tuple[bytes, dict[str, bytes]]:
        """What the server says of one mail beside its sections, and the sections by their names.

        Raises as `fetch` does, but for a NO that does not pass: the parts are looked for then.
        Nothing where the mail is gone.
        """
        tag = self._ask(b"UID FETCH %d (%s)" % (uid, items.encode()))
        said, found = b"", dict[str, bytes]()
        while True:
            line = self._line()
            if _FETCH.match(line):
                words, parts = self._told(line)
                owner = _UID.search(words)
                if owner is not None and int(owner[1]) == uid:
                    said += words
                    found |= parts
            elif line.startswith(tag + b" "):
                _check_parts(line[len(tag) + 1 :])
                return said, found
            elif line[:6].upper() == b"* BYE ":
                raise imaplib.IMAP4.abort(_words(line[2:]))

    def _told(self, line: bytes) -> tuple[bytes, dict[str, bytes]]:
        """A FETCH answer: its words, with other literals in quotes, and the sections in it."""
        said, found = b"", dict[str, bytes]()
        while literal := _LITERAL.search(line):
            said += line[: literal.start()]
            data = self._literal(int(literal[1]))
            if name := _SECTION.search(said):
                found[name[1].decode("ascii").upper()] = data
                said += b'""'
            else:
                said += _in_quotes(data)
            line = self._line()
        said += line
        for quoted in _QUOTED_SECTION.finditer(said):
            section = quoted[1].decode("ascii").upper()
            found.setdefault(section, re.sub(rb"\\(.)", rb"\1", quoted[2]))
        return said, found

    def capabilities(self) -> list[str]:
        """What the server says that it can do, in capital letters. Raises as `fetch` does."""
        found: list[str] = []
        for line in self.answers(b"CAPABILITY"):
            if line[:13].upper() == b"* CAPABILITY ":
                found += _words(line[13:]).upper().split()
        return found

    def answers(self, command: bytes) -> Iterator[bytes]:
        """The lines that the server says to a command. Raises imaplib's error if it says no."""
        tag = self._ask(command)
        while True:
            line = self._line()
            if line.startswith(tag + b" "):
                _check_all(line[len(tag) + 1 :])
                return
            if line[:6].upper() == b"* BYE ":
                raise imaplib.IMAP4.abort(_words(line[2:]))
            yield line

    def several(self, commands: Sequence[bytes]) -> list[bytes]:
        """What the server says to all of these, sent at once; a command to which it says no is
        passed over.

        It may answer in another order (RFC 3501 5.5), and Dovecot does: what belongs to which has
        to be seen from the words. A literal is joined with the line that announced it. Raises
        imaplib's abort when the server goes away.
        """
        tags = {self._tag(): command for command in commands}
        self._wire.send(b"".join(b"%s %s\r\n" % pair for pair in tags.items()))
        said: list[bytes] = []
        while tags:
            line = self._line()
            if line[:6].upper() == b"* BYE ":
                raise imaplib.IMAP4.abort(_words(line[2:]))
            if tags.pop(line.partition(b" ")[0], None) is None:
                while _LITERAL.search(line) and len(line) < _CHUNK:
                    line += self._line()
                said.append(line)
        return said

    def _ask(self, command: bytes) -> bytes:
        """Send a command; its tag."""
        tag = self._tag()
        self._wire.send(b"%s %s\r\n" % (tag, command))
        return tag

    def _tag(self) -> bytes:
        self._count += 1
        return b"FB%d" % self._count

    def _line(self) -> bytes:
        line = self._wire.readline()
        if not line.endswith(b"\n"):
            raise imaplib.IMAP4.abort(f"{ENDED} in the middle of a line")
        return line

    def _fetched(self, line: bytes) -> Fetched | None:
        """One FETCH answer with the literals in it."""
        if listed := _LISTED.match(line):
            uid, size, date = listed.groups()
            return Fetched(uid=int(uid), size=int(size), received_at=internal_date(date))
        if brought := _BROUGHT.match(line):
            return self._brought(brought)
        return self._in_any_form(line)

    def _brought(self, line: re.Match[bytes]) -> Fetched | None:
        """A whole mail after the usual words; what else is said behind it is heeded as well."""
        uid, flags, date, size = line.groups()
        raw = self._literal(int(size))
        if (rest := self._line()) != b")\r\n":
            return self._in_any_form(rest, said=line.string[: line.start(4) - 1], raw=raw)
        return Fetched(
            uid=int(uid),
            size=len(raw),
            received_at=internal_date(date),
            raw=raw,
            flags=flags_in(b" " + flags),
        )

    def _in_any_form(
        self, line: bytes, *, said: bytes = b"", raw: bytes | None = None
    ) -> Fetched | None:
        """The answer whose next line this is, after what was `said` and the mail, if it came."""
        while literal := _LITERAL.search(line):
            said += line[: literal.start()]
            data = self._literal(int(literal[1]))
            if _BODY.search(said):
                raw = data
            elif len(data) < _LONGEST_WORD:
                said += _in_quotes(data)
            line = self._line()
        said += line
        uid = _UID.search(said)
        if uid is None:
            return None  # the server tells of a change of flags, unasked
        quoted = None if raw is not None else _QUOTED_BODY.search(said)
        size, date = _SIZE.search(said), _DATE.search(said)
        of_gmail = b"X-GM-" in said
        return Fetched(
            uid=int(uid[1]),
            size=int(size[1]) if size else len(raw or b""),
            received_at=internal_date(date[1]) if date else EPOCH,
            raw=re.sub(rb"\\(.)", rb"\1", quoted[1]) if quoted else raw,
            gmail=_gmail_ids(said) if of_gmail else None,
            flags=flags_in(said),
            labels=_gmail_labels(said) if of_gmail else None,
        )

    def _literal(self, size: int) -> bytes:
        if size > MAX_LITERAL:
            raise imaplib.IMAP4.abort("the server announced more than was asked for")
        if size <= _CHUNK:
            data = self._wire.read(size)
        else:
            # Piece by piece: what was announced is not set aside before it has come.
            pieces = bytearray()
            while len(pieces) < size and (
                piece := self._wire.read(min(_CHUNK, size - len(pieces)))
            ):
                pieces += piece
            data = bytes(pieces)
        if len(data) < size:
            raise imaplib.IMAP4.abort(f"{ENDED} in the middle of a mail")
        return data


def _gmail_ids(said: bytes) -> GmailIds | None:
    mail, thread = _GM_MAIL.search(said), _GM_THREAD.search(said)
    return GmailIds(mail=int(mail[1]), thread=int(thread[1])) if mail and thread else None


def _gmail_labels(said: bytes) -> tuple[str, ...] | None:
    """What the mail is labelled with; None where the server says nothing of labels.

    Gmail's own begin with a backslash (\\Inbox), which is not for people.
    """
    found = _GM_LABELS.search(said)
    if found is None:
        return None
    words = (
        re.sub(rb"\\(.)", rb"\1", quoted) if quoted else atom
        for quoted, atom in _GM_LABEL.findall(found[1])
    )
    names = (decode(word).lstrip("\\") for word in words)
    return tuple(sorted({name for name in names if name}))


def _in_quotes(data: bytes) -> bytes:
    return b'"%s"' % re.sub(rb'([\\"])', rb"\\\1", data)


def changed_flags(line: bytes) -> tuple[int, Flags] | None:
    """The UID and the flags in a FETCH answer that tells of nothing else; None in any other."""
    uid, flags = _UID.search(line), flags_in(line)
    if not _FETCH.match(line) or uid is None or flags is None:
        return None
    return int(uid[1]), flags


def flags_in(said: bytes) -> Flags | None:
    """Those of the flags that we follow; None where the server says nothing of flags."""
    found = _FLAGS.search(said)
    if found is None:
        return None
    words = {word.lower() for word in found[1].split()}
    return frozenset(flag for word, flag in _KNOWN_FLAGS.items() if word in words) or NO_FLAGS


def _check_all(answer: bytes) -> None:
    """Passes an OK alone."""
    if answer[:2].upper() != b"OK":
        raise imaplib.IMAP4.error(_words(answer))


def _check_parts(answer: bytes) -> None:
    """Passes an OK, and a NO about parts of a mail that are gone or broken: they are looked for."""
    if answer[:2].upper() != b"NO" or is_passing(_words(answer)):
        _check_all(answer)


def _words(line: bytes) -> str:
    return line.decode("utf-8", errors="replace").strip()


def internal_date(text: bytes) -> datetime:
    """The instant in an INTERNALDATE ("17-Jul-1996 02:44:25 -0700"); 1970 where it is none."""
    try:
        day, clock, zone = text.split()
        date, month, year = day.split(b"-")
        hour, minute, second = map(int, clock.split(b":"))
        return datetime(
            int(year),
            _MONTHS[month.decode("ascii").lower()],
            int(date),
            hour,
            minute,
            min(second, 59),
            tzinfo=_zone(zone),
        ).astimezone(UTC)
    except (ValueError, KeyError, OverflowError, UnicodeDecodeError):
        return EPOCH


@lru_cache(maxsize=100)
def _zone(text: bytes) -> tzinfo:
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[3:5]))
    return timezone(-offset if text[:1] == b"-" else offset) if offset else UTC
