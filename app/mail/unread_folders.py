"""Unread folders: those of an account that a round could not read, and why. Of the IMAP source.

One folder that the server does not open keeps no other from being read: it is told of when the
others are through. What is wrong with the connection or the sign-in is wrong with all of them; and
an account of which no folder could be read, or not the INBOX, is not watched, so it fails as such.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from app.domain.errors import Busy, FolderUnread, KnownError, NotFound
from app.mail import failures


@dataclass(frozen=True, slots=True)
class Refusal:
    """A server that asked to come back later, and when that may be."""

    error: KnownError
    until: float  # on the steady clock


class UnreadFolders:
    """Those of one round."""

    def __init__(self, busy: dict[str, Refusal]) -> None:
        """`busy` are folders that are left alone for their minute; kept from round to round."""
        self._busy = busy
        self._first: FolderUnread | None = None
        self._why: dict[str, KnownError] = {}
        self.read: set[str] = set()

    def refused(self, folder: str, error: KnownError) -> None:
        """The server does not open it, or not hand it out."""
        if isinstance(error, Busy):
            self._busy[folder] = Refusal(error, time.monotonic() + error.seconds)
        self._note(folder, error)

    def is_left_alone(self, folder: str) -> bool:
        """Whether its minute is not over; then it counts as refused once more."""
        refusal = self._busy.get(folder)
        if refusal is None:
            return False
        if time.monotonic() < refusal.until:
            self._note(folder, refusal.error)
            return True
        del self._busy[folder]
        return False

    def missing(self, error: NotFound) -> None:
        """The owner named a folder that is not there."""
        self._first = self._first or FolderUnread(error.title, error.message, error.hint)

    def tell(self, inbox: str) -> None:
        """Raise the first, if there is any; the refusal itself where it keeps all closed, or the
        INBOX."""
        if inbox in self._why:
            raise self._why[inbox]
        if self._why and not self.read:
            raise next(iter(self._why.values()))
        if self._first is not None:
            raise self._first

    def _note(self, folder: str, why: KnownError) -> None:
        self._why.setdefault(folder, why)
        self._first = self._first or failures.folder_unread(folder, why)
