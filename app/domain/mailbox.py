"""Mailbox: what lies in a folder on a server, and how much of it we hold."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class FolderRole(StrEnum):
    """What a folder is for: in `sent` lies what we said, in `junk` what the provider held back."""

    INBOX = "inbox"
    SENT = "sent"
    JUNK = "junk"
    OTHER = "other"


class MailFlag(StrEnum):
    """What other programs may note about a mail on the server (RFC 3501 2.3.2)."""

    SEEN = "seen"
    ANSWERED = "answered"
    FLAGGED = "flagged"


Flags = frozenset[MailFlag]
NO_FLAGS: Flags = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedFolder:
    """A folder that is read, by its name on the server."""

    name: str
    role: FolderRole = FolderRole.INBOX


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderCursor:
    """How far a folder was read: RFC 3501 2.3.1.1, the UIDs below `uid_next` were looked at.

    `modseq` is the last change that was looked at (RFC 7162), 0 where the server counts none.
    """

    uid_validity: int
    uid_next: int
    modseq: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderSnapshot:
    """A folder as the server described it in one round; `exists` is its own count."""

    name: str
    uid_validity: int
    uid_next: int
    exists: int
    modseq: int = 0
    role: FolderRole = FolderRole.INBOX


@dataclass(frozen=True, slots=True, kw_only=True)
class GmailIds:
    """What Gmail calls a mail and its conversation, the same under every label."""

    mail: int
    thread: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedMail:
    """The bytes of one mail and where they lay; not `complete`: parts were left on the server.

    `mark` tells it from another mail that the server may one day file under the same number
    (`mark_of`); 0 where the source needs none. `labels` are None where the server has none.
    """

    uid: int
    raw: bytes
    received_at: datetime
    size: int
    complete: bool = True
    flags: Flags = NO_FLAGS
    mark: int = 0
    gmail: GmailIds | None = None
    labels: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The headers of a mail that may be stored already; `size` is that of the whole mail."""

    uid: int
    raw: bytes
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownMail:
    """A mail that is stored already (`stored` is its row), found under another number."""

    uid: int
    stored: int
    flags: Flags = NO_FLAGS
    mark: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedMail:
    """A mail on the server that is not stored, and why, in a sentence for the owner.

    `left`: it lies in Junk, and its beginning was enough to leave it there.
    """

    uid: int
    reason: str
    left: bool = False
    mark: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one step of a round brought: mails, mails passed over, mails that are gone.

    `again` are mails whose headers showed that they are stored already, by UID.

    `flags` are those of mails that were there before, where they may have changed; `told` are the
    mails whose wanted flags the server has now; `labels` are all labels of mails whose labels may
    have changed. The last batch of a folder has `complete` set: only
    then is everything below the snapshot's `uid_next` accounted for and may the cursor move.
    `over`: the folder is read no more, and its books are closed. `elsewhere` are rows of mails that
    lie in this folder, which is not read.
    """

    folder: FolderSnapshot
    mails: tuple[FetchedMail, ...] = ()
    skipped: tuple[SkippedMail, ...] = ()
    gone: tuple[int, ...] = ()
    again: tuple[KnownMail, ...] = ()
    flags: Mapping[int, Flags] = field(default_factory=dict)
    told: Mapping[int, Flags] = field(default_factory=dict)
    labels: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    complete: bool = False
    over: bool = False
    elsewhere: frozenset[int] = frozenset()


class FolderMemory(Protocol):
    """What a source may ask of what is stored for its account."""

    def cursor(self, folder: str) -> FolderCursor | None:
        """How far the folder was read, or None if it never was."""

    def known_uids(self, folder: str, uid_validity: int) -> frozenset[int]:
        """The UIDs of the folder that are stored, skipped, or left where they lie."""

    def known_within(
        self, folder: str, uid_validity: int, ranges: Sequence[tuple[int, int]]
    ) -> frozenset[int]:
        """Those of the known UIDs that lie in these ranges, from the first to the last of each."""

    def count(self, folder: str, uid_validity: int) -> int:
        """How many UIDs of the folder are known."""

    def newest(self, folder: str, uid_validity: int, most: int) -> Sequence[int]:
        """The highest of the known UIDs, so many of them, falling."""

    def marks(self, folder: str, uid_validity: int, uids: Collection[int]) -> Mapping[int, int]:
        """The marks of these UIDs, as far as they were kept."""

    def stored(self, heads: Sequence[Head]) -> Mapping[int, int]:
        """Those of these mails that are stored already: UID -> row."""

    def left_in_junk(self, beginnings: Sequence[FetchedMail]) -> Mapping[int, str]:
        """Those of these mails in Junk that are left there, by how they begin, and why."""

    def stored_as(self, names: Mapping[int, GmailIds]) -> Mapping[int, int]:
        """Those of these mails, by what Gmail calls them, that are stored already: UID -> row."""

    def unplaced(self) -> Mapping[int, GmailIds]:
        """The mails (by row) that lie in no folder any more, as far as Gmail has named them."""

    def folders(self) -> frozenset[str]:
        """The folders that have books."""

    def wanted_flags(self, folder: str, uid_validity: int) -> Mapping[int, Flags]:
        """The flags that the owner wants the server to note, by UID."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderProof:
    """The books of one folder: seen on server = stored + skipped + left in Junk."""

    account: str
    folder: str
    on_server: int
    stored: int
    skipped: Mapping[str, int] = field(default_factory=dict)
    left: Mapping[str, int] = field(default_factory=dict)
    checked_at: datetime | None = None
    role: FolderRole = FolderRole.INBOX

    @property
    def unexplained(self) -> int:
        """Mails on the server that the books do not know; 0 when they balance."""
        held_back = sum(self.skipped.values()) + sum(self.left.values())
        return self.on_server - self.stored - held_back


def mark_of(size: int, received_at: datetime) -> int:
    """What tells two mails of one folder apart without their bytes: size and arrival, 63 bits."""
    seconds = max(0, int(received_at.timestamp())) & 0x7FFF_FFFF
    return seconds << 32 | size & 0xFFFF_FFFF
