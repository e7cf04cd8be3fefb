"""Mailbox script: a small IMAP server whose folders a test fills, for dialects and for faults.

It speaks what Frontburner asks: sign-in, LIST, STATUS, SELECT, UID FETCH. With `gmail` it has
Gmail's ids and labels, its folders and its capabilities.
`instead` answers a command as a test wants: it gets the tag and
the command, and what it returns is sent as it is; None lets the usual answer stand, and an empty
answer hangs up.
"""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

from app.domain.account import Account
from tests.support.certificates import Authority
from tests.support.imap_script import account_at, tls_context

Instead = Callable[[bytes, bytes], bytes | None]
_GMAIL = b"IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID X-GM-EXT-1 UIDPLUS MOVE CONDSTORE ENABLE"


@dataclass
class Letter:
    """A mail as it lies in a folder; Gmail's numbers are the same wherever it lies."""

    raw: bytes
    mail: int = 0
    thread: int = 0
    date: str = "17-Nov-2026 09:00:00 +0000"
    flags: bytes = b""
    labels: bytes = b""  # as they stand in a FETCH answer


@dataclass
class Box:
    """A folder: its letters by UID."""

    letters: dict[int, Letter] = field(default_factory=dict)
    validity: int = 1
    uid_next: int = 0
    flags: bytes = b"\\HasNoChildren"
    modseq: int = 0  # nothing is said of it while it is 0

    @property
    def next(self) -> int:
        return self.uid_next or max(self.letters, default=0) + 1


class MailboxServer:
    """The server; a context manager."""

    def __init__(
        self,
        authority: Authority,
        boxes: dict[str, Box],
        *,
        capabilities: bytes = b"IMAP4rev1",
        gmail: bool = False,
        instead: Instead | None = None,
    ) -> None:
        self.boxes = boxes
        self.heard: list[bytes] = []
        self.instead = instead
        self.silent_to = b""  # a command that gets no answer at all
        self._authority = authority
        self._gmail = gmail
        self._capabilities = _GMAIL if gmail else capabilities
        self._tls = tls_context(authority)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for line in self._open:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        self._thread.join(60)

    def account(self, **settings: str) -> Account:
        """The account of whoever signs in here."""
        return account_at(self.port, self._authority, **settings)

    def use_certificate_of(self, authority: Authority) -> None:
        """From the next connection on, show what another authority has signed."""
        self._tls = tls_context(authority)

    def usual(self, tag: bytes, rest: bytes, box: Box) -> bytes:
        """What it would answer by itself while this folder is open."""
        return self._answer(tag, rest, box)[0]

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                plain, _ = self._listener.accept()
                self._open.append(plain)
                threading.Thread(target=self._talk, args=(plain,), daemon=True).start()

    def _talk(self, plain: socket.socket) -> None:
        plain.settimeout(20)
        with (
            suppress(OSError, ssl.SSLError),
            self._tls.wrap_socket(plain, server_side=True) as line,
        ):
            line.sendall(b"* OK ready\r\n")
            box = Box()
            for command in line.makefile("rb"):
                self.heard.append(command.strip())
                tag, _, rest = command.strip().partition(b" ")
                if self.silent_to and command.startswith(self.silent_to):
                    continue
                answer = self.instead(tag, rest) if self.instead else None
                if answer == b"":
                    return
                if answer is None:
                    answer, box = self._answer(tag, rest, box)
                line.sendall(answer)
                if b"* BYE" in answer:
                    return

    def _answer(self, tag: bytes, rest: bytes, box: Box) -> tuple[bytes, Box]:
        word = rest.split(b" ")[0].upper()
        said = b""
        if word == b"CAPABILITY":
            said = b"* CAPABILITY %s\r\n" % self._capabilities
        elif word == b"LIST":
            said = b"".join(
                b'* LIST (%s) "/" "%s"\r\n' % (one.flags, name.encode())
                for name, one in self.boxes.items()
            )
        elif word in (b"SELECT", b"EXAMINE"):
            name = re.split(rb'"', rest)[1] if b'"' in rest else rest.split()[1]
            if name.decode() not in self.boxes:
                return b"%s NO no such folder\r\n" % tag, box
            box = self.boxes[name.decode()]
            said = (
                b"* FLAGS ()\r\n* %d EXISTS\r\n* OK [UIDVALIDITY %d] ok\r\n* OK [UIDNEXT %d] ok\r\n"
                % (
                    len(box.letters),
                    box.validity,
                    box.next,
                )
            )
            if box.modseq:
                said += b"* OK [HIGHESTMODSEQ %d] ok\r\n" % box.modseq
        elif word == b"STATUS":
            said = self._status(re.split(rb'"', rest)[1])
        elif rest.upper().startswith(b"UID SEARCH ") and self._gmail:
            wanted = {int(name) for name in re.findall(rb"X-GM-MSGID (\d+)", rest)}
            uids = (uid for uid, one in sorted(box.letters.items()) if one.mail in wanted)
            said = b"* SEARCH%s\r\n" % b"".join(b" %d" % uid for uid in uids)
        elif rest.upper().startswith(b"UID FETCH "):
            said = self._fetched(box, rest)
        return said + b"%s OK done\r\n" % tag, box

    def _status(self, name: bytes) -> bytes:
        box = self.boxes[name.decode()]
        said = b"MESSAGES %d UIDNEXT %d UIDVALIDITY %d" % (len(box.letters), box.next, box.validity)
        if box.modseq:
            said += b" HIGHESTMODSEQ %d" % box.modseq
        return b'* STATUS "%s" (%s)\r\n' % (name, said)

    def _fetched(self, box: Box, rest: bytes) -> bytes:
        uids, items = re.split(rb" ", rest, maxsplit=3)[2:]
        wanted = numbers_in(uids, there=list(box.letters))
        said = b""
        for number, (uid, letter) in enumerate(sorted(box.letters.items()), start=1):
            if uid in wanted:
                said += b"* %d FETCH (UID %d%s)\r\n" % (number, uid, self._items(letter, items))
        return said

    def _items(self, letter: Letter, items: bytes) -> bytes:
        said = b""
        if b"RFC822.SIZE" in items:
            said += b" RFC822.SIZE %d" % len(letter.raw)
        if b"FLAGS" in items:
            said += b" FLAGS (%s)" % letter.flags
        if b"INTERNALDATE" in items:
            said += b' INTERNALDATE "%s"' % letter.date.encode()
        if self._gmail and b"X-GM-MSGID" in items:
            said += b" X-GM-MSGID %d X-GM-THRID %d" % (letter.mail, letter.thread)
        if self._gmail and b"X-GM-LABELS" in items:
            said += b" X-GM-LABELS (%s)" % letter.labels
        if b"BODY.PEEK[]" in items:
            part = re.search(rb"BODY\.PEEK\[\]<0\.(\d+)>", items)
            raw = letter.raw[: int(part[1])] if part else letter.raw
            said += b" BODY[]%s {%d}\r\n%s" % (b"<0>" if part else b"", len(raw), raw)
        if b"BODY.PEEK[HEADER]" in items:
            head = letter.raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
            said += b" BODY[HEADER] {%d}\r\n%s" % (len(head), head)
        return said


def numbers_in(uids: bytes, *, there: Iterable[int]) -> set[int]:
    found: set[int] = set()
    for part in uids.split(b","):
        first, _, last = part.partition(b":")
        low, high = int(first), 2**32 if last == b"*" else int(last or first)
        found |= {uid for uid in there if low <= uid <= high}
    return found
