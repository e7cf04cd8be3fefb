"""Mailbox: what lies in a folder on a server, and how much of it we hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


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


@dataclass(frozen=True, slots=True, kw_only=True)
class GmailIds:
    """What Gmail calls a mail and its conversation, the same under every label."""

    mail: int
    thread: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedMail:
    """The bytes of one mail and where they lay; not `complete`: parts were left on the server."""

    uid: int
    raw: bytes
    received_at: datetime
    size: int
    complete: bool = True
    gmail: GmailIds | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedMail:
    """A mail on the server that is not stored, and why, in a sentence for the owner."""

    uid: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one step of a round brought: mails, mails passed over, mails that are gone.

    The last batch of a folder has `complete` set: only then is everything below the snapshot's
    `uid_next` accounted for and may the cursor move.
    """

    folder: FolderSnapshot
    mails: tuple[FetchedMail, ...] = ()
    skipped: tuple[SkippedMail, ...] = ()
    gone: tuple[int, ...] = ()
    complete: bool = False


class FolderMemory(Protocol):
    """What a source may ask of what is stored for its account."""

    def cursor(self, folder: str) -> FolderCursor | None:
        """How far the folder was read, or None if it never was."""

    def known_uids(self, folder: str, uid_validity: int) -> frozenset[int]:
        """The UIDs of the folder that are stored or skipped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderProof:
    """The books of one folder: seen on server = stored + skipped."""

    account: str
    folder: str
    on_server: int
    stored: int
    skipped: Mapping[str, int] = field(default_factory=dict)
    checked_at: datetime | None = None

    @property
    def unexplained(self) -> int:
        """Mails on the server that are neither stored nor skipped; 0 when the books balance."""
        return self.on_server - self.stored - sum(self.skipped.values())
