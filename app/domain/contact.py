"""Contact: somebody who is told when nobody takes an issue, in which ways, and if they work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

REVIEW_AFTER = timedelta(days=92)  # each quarter somebody looks whether it is still true

Week = Mapping[str, list[list[str]]]


class ChannelKind(StrEnum):
    """DESKTOP: a pop-up on this machine. EMAIL: through an account of ours. SERVICE: a messenger,
    a push service or an SMS gateway, by its address."""

    DESKTOP = "desktop"
    EMAIL = "email"
    SERVICE = "service"


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One way to tell a contact. `label` shows it and has nothing secret: an address, or "ntfy".

    `worked_at`: when it last took a message. `failed_at` and `failure` are of the last one if it
    did not, or came back.
    """

    id: int
    kind: ChannelKind
    label: str = ""
    worked_at: datetime | None = None
    failed_at: datetime | None = None
    failure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Somebody who can be told. `hours` are those in which they can be reached; None: always.

    `acknowledged_at`: when they last took an issue that they were told of.
    """

    id: int
    name: str
    channels: tuple[Channel, ...] = ()
    hours: Week | None = None
    reviewed_at: datetime | None = None
    acknowledged_at: datetime | None = None

    def is_due_for_review(self, now: datetime) -> bool:
        """Whether nobody has looked for a quarter whether all this is still true."""
        return self.reviewed_at is None or now - self.reviewed_at >= REVIEW_AFTER


class CallState(StrEnum):
    """QUEUED: to be made. SENT: the way took it. FAILED: it did not, or it came back. NOBODY: there
    was nobody to tell."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Somebody was told, or should have been. `step` counts from 0, within its `loop`."""

    at: datetime
    state: CallState
    contact: str = ""
    kind: ChannelKind | None = None
    label: str = ""
    detail: str = ""
    step: int = 0
    loop: int = 0
    forced: bool = False
    message_id: str = ""
    channel_id: int | None = None
    issue_id: int | None = None
    id: int = 0
