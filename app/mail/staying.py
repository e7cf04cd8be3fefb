"""Staying: what a server tells of a folder while it stays open. Used by the gateway.

With QRESYNC (RFC 7162) a server names each mail that vanishes and each flag that changes by its
UID, once, in whatever answer comes next. Kept here, that is what opening the folder anew would
tell, and the server need not read the folder again for it: of 20,000 mails that takes Dovecot
longer than all that we do. Whatever it says that does not fit this (numbers of places, a folder
that counts anew) makes the folder be opened anew.
"""

from __future__ import annotations

import re
from dataclasses import replace

from app.domain.mailbox import Flags, FolderCursor, FolderSnapshot
from app.mail.fetching import changed_flags
from app.mail.selecting import Opened
from app.mail.uid_set import Ranges, uid_ranges

LONGEST = 600.0  # seconds: a server that tells wrong, or not all, is believed no longer
_MOST = 20_000  # changes that are kept; with more, the folder is opened anew

_TOLD = re.compile(
    rb"\* (?:(\d{1,10}) (EXISTS|EXPUNGE|FETCH)|(VANISHED|BYE)|OK \[([A-Z]+))\b", re.IGNORECASE
)
_GONE = re.compile(rb"\* VANISHED ([\d:,]+)\s*\Z", re.IGNORECASE)
_UID = re.compile(rb"[( ]UID (\d{1,10})(?=[ )])", re.IGNORECASE)
_ANEW = (b"UIDVALIDITY", b"CLOSED", b"NOMODSEQ", b"UIDNOTSTICKY")


class Stay:
    """One folder, from its opening on. `since` is the instant, on a steady clock, of that.

    `is_asked`: the server was asked what is new, and told nothing and gave nothing away since.
    """

    def __init__(self, folder: FolderSnapshot, *, since: float) -> None:
        self.since = since
        self._sure = bool(folder.uid_next and folder.modseq)
        self._begin(folder)

    def _begin(self, folder: FolderSnapshot) -> None:
        self.folder = folder
        self.is_asked = False
        self._exists = folder.exists
        self._newest = folder.uid_next - 1
        self._vanished: Ranges = ()
        self._flags: dict[int, Flags] = {}

    def hear(self, line: bytes) -> None:
        """A line that the server said, to whatever."""
        told = _TOLD.match(line)
        if told is None:
            return
        self.is_asked = False
        word = (told[2] or told[3] or b"").upper()
        if word == b"EXISTS":
            self._exists = int(told[1])
        elif word == b"FETCH":
            self._fetch(line)
        elif word == b"VANISHED":
            self._vanish(line)
        elif word or told[4].upper() in _ANEW:
            self._sure = False

    def _fetch(self, line: bytes) -> None:
        if not line.endswith(b")\r\n"):
            return  # a mail that we asked for
        uid = _UID.search(line)
        if uid is None:
            self._sure = False
            return
        self._newest = max(self._newest, int(uid[1]))
        if (changed := changed_flags(line)) is not None:
            self._flags.update([changed])
            self._sure &= len(self._flags) <= _MOST

    def _vanish(self, line: bytes) -> None:
        gone = _GONE.match(line)
        if gone is None:  # of an opening; and that is what this goes on from
            self._sure = False
            return
        ranges = uid_ranges(gone[1].decode("ascii"))
        self._vanished += ranges
        self._exists -= sum(high - low + 1 for low, high in ranges)
        self._sure &= len(self._vanished) <= _MOST and self._exists >= 0

    @property
    def exists(self) -> int:
        """How many mails the folder holds by now."""
        return self._exists

    @property
    def is_same(self) -> bool:
        """Whether nothing was told since it was opened or `taken`."""
        return self._counts_same and not self._flags

    @property
    def has_news(self) -> bool:
        """Whether mails came or went since then."""
        return not self._counts_same

    @property
    def _counts_same(self) -> bool:
        is_same = self._exists == self.folder.exists and self._newest < self.folder.uid_next
        return is_same and not self._vanished

    def is_good(self, now: float) -> bool:
        """Whether all that was told can be gone by."""
        return self._sure and now - self.since < LONGEST

    def glanced(self) -> dict[str, FolderSnapshot]:
        """The folder by its name, if it is as it was; else it is to be opened."""
        return {self.folder.name: self.folder} if self.is_same else {}

    def goes_on(self, name: str, cursor: FolderCursor | None) -> bool:
        """Whether what was told is what changed in this folder since then."""
        folder = self.folder
        return name == folder.name and cursor == FolderCursor(
            uid_validity=folder.uid_validity, uid_next=folder.uid_next, modseq=folder.modseq
        )

    def taken(self) -> Opened:
        """The folder as it is now with all that changed; from here on it is collected anew.

        The last change stays that of the opening: what is told now may be told again.
        """
        uid_next = self._newest + 1
        folder = replace(self.folder, exists=self._exists, uid_next=uid_next)
        opened = Opened(folder=folder, vanished=self._vanished, flags=self._flags)
        self._begin(folder)
        return opened
