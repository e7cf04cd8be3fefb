"""Reply: Template -> Draft -> Reply, the words and the states of their way out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.assessment import Kind
from app.domain.message import Address

TRIED_LONG = timedelta(days=1)  # from then on the owner is told
TRIED_LONGEST = timedelta(days=5)  # RFC 5321 4.5.4.1: 4 to 5 days, then it has failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A text to begin a reply with. `id` is "<kind>/<name>"; `body` holds {{ name | fallback }}."""

    id: str
    kind: Kind
    name: str
    language: str
    title: str
    body: str
    own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A template filled in; `holes` are the names that nothing filled, still visible in `text`."""

    text: str
    holes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A reply that a person is still working on; `rendered` is the text the template gave.

    `files` are the paths of what is to be attached, read when it is sent; `sender` is the address
    of ours that it leaves from, empty for the one that fits.
    """

    issue_key: str
    body: str
    subject: str = ""
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    template: str = ""
    rendered: str = ""
    files: tuple[str, ...] = ()
    sender: str = ""
    updated_at: datetime | None = None


class OutboxState(StrEnum):
    """Where a reply is on its way out.

    QUEUED -> SENDING -> DATA_SENT -> SENT -> FILED. From QUEUED it can be UNDONE. SENDING is
    written before MAIL FROM: a crash there is safe to repeat. DATA_SENT is written before the last
    dot: after a crash there nobody knows, the reply is UNKNOWN and a person decides. FAILED: the
    server said no for good, or it was tried for too long. BLOCKED: signing in did not work; it goes
    when the account works again.
    """

    QUEUED = "queued"
    SENDING = "sending"
    DATA_SENT = "data_sent"
    SENT = "sent"
    FILED = "filed"
    UNDONE = "undone"
    UNKNOWN = "unknown"
    FAILED = "failed"
    BLOCKED = "blocked"


# Its words are on their way, or may have arrived: to send them once more would be to send twice.
NOT_SETTLED = (
    OutboxState.QUEUED,
    OutboxState.SENDING,
    OutboxState.DATA_SENT,
    OutboxState.BLOCKED,
    OutboxState.UNKNOWN,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A reply in the outbox; its bytes and its Message-ID are fixed once it is queued.

    The first of the `recipients` is whom it answers, the others get a copy.
    `files` are the paths that its attachments came from. `scheduled`: a person chose when it goes
    (`not_before`). `follow_up_days`: the issue comes back so long after it left, if nobody answers.
    `in_doubt`: it may have left already, so it is looked for before it leaves again. `tried_since`:
    when it first could not be sent, since a person last asked for it.
    """

    issue_key: str
    account_id: int
    message_id: str
    mime: bytes
    sender: str
    recipients: tuple[str, ...]
    state: OutboxState
    created_at: datetime
    not_before: datetime
    id: int = 0
    attempt: int = 0
    error: str = ""
    smtp_reply: str = ""
    sent_at: datetime | None = None
    template: str = ""
    rendered: str = ""
    body: str = ""
    request: str = ""
    files: tuple[str, ...] = ()
    scheduled: bool = False
    follow_up_days: int = 0
    in_doubt: bool = False
    tried_since: datetime | None = None

    @property
    def copied(self) -> tuple[str, ...]:
        """Who gets a copy: all but the one to whom it goes."""
        return self.recipients[1:]


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file that goes along with a reply, as it was when the reply was queued."""

    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """What a reply is composed of, before it is frozen into MIME.

    `reply_to` is where the answer is to go, where that is not the sender.
    """

    sender: Address
    to: tuple[Address, ...]
    subject: str
    body: str
    message_id: str
    at: datetime
    cc: tuple[Address, ...] = ()
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    quoted: str = ""
    signature: str = ""
    reply_to: Address | None = None
    enclosures: tuple[Enclosure, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
