"""Views: what a desk shows, one frozen row or page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.account import Health
from app.domain.alert import Alert, Rang
from app.domain.assessment import Kind, KindGuess, Priority, Reason, Severity
from app.domain.contact import Call
from app.domain.deadline import Deadline
from app.domain.dispute_tally import NO_DISPUTES, DisputeTally
from app.domain.dispute_views import DisputeRow
from app.domain.incident import Incident
from app.domain.journal import Entry, State
from app.domain.mailbox import NO_FLAGS, Flags, FolderProof
from app.domain.message import Address, Attachment, Direction
from app.domain.money import Money
from app.domain.order import CustomerValue, Order, OrderLink
from app.domain.reply import Draft, OutboxState


class View(StrEnum):
    """The views that are not a kind; each kind is a view of its open issues too."""

    URGENT = "urgent"
    OPEN = "open"
    MINE = "mine"
    WAITING = "waiting"
    SNOOZED = "snoozed"
    INCIDENTS = "incidents"
    DONE = "done"
    NOISE = "noise"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxRow:
    """One issue in the list. `waiting_since` is None when it is not our turn.

    `deadline_for` names what is due at `deadline_at`; empty for an answer to the customer.
    """

    id: int
    key: str
    kind: Kind
    severity: Severity
    priority: Priority
    score: int
    subject: str
    customer: Address
    preview: str
    state: State
    last_at: datetime
    message_count: int
    second_kind: Kind | None = None
    unsure: bool = False
    suspicious: bool = False
    order_number: str = ""
    order_total: Money | None = None
    deadline_at: datetime | None = None
    deadline_for: str = ""
    snoozed_until: datetime | None = None
    waiting_since: datetime | None = None
    assignee: str = ""
    unseen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """Where a message lies on the server, and what other programs noted about it there.

    `gone`: it lay in a folder that is read, and lies in none any more; it is kept here.
    """

    folders: tuple[str, ...] = ()
    flags: Flags = NO_FLAGS
    gone: bool = False
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """One message of a conversation, as plain text; `id` asks the engine for its safe HTML.

    `rescued` says why it was brought in from Junk. `answered_unseen`: another program marked it as
    answered on the server, and no answer was found.
    """

    id: int
    message_id: str
    direction: Direction
    from_: Address
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    at: datetime
    subject: str
    text: str
    new_text: str
    has_html: bool = False
    automatic: bool = False
    attachments: tuple[Attachment, ...] = ()
    warnings: tuple[str, ...] = ()
    joined_because: str = ""
    rescued: str = ""
    on_server: Whereabouts = Whereabouts()
    answered_unseen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyView:
    """A reply on its way out, or stuck there. `tried_since`: when it first could not be sent."""

    id: int
    issue_key: str
    state: OutboxState
    body: str
    recipients: tuple[str, ...]
    created_at: datetime
    not_before: datetime
    message_id: str
    sent_at: datetime | None = None
    error: str = ""
    sender: str = ""
    files: tuple[str, ...] = ()
    scheduled: bool = False
    follow_up_days: int = 0
    tried_since: datetime | None = None

    @property
    def tried_for(self) -> timedelta:
        """From the first try that did not work to the next one, or to the last."""
        return self.not_before - self.tried_since if self.tried_since else timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonView:
    """What one correction taught; `entry` takes it back. None where nothing was said of it.

    `says` stands where it is about no single mail: what belongs together, or apart. `in_use`: the
    judgement goes by it; not where learning it did worse and was taken back.
    """

    entry: str
    at: datetime
    issue_key: str
    subject: str
    kind: Kind | None = None
    severity: Severity | None = None
    alert: bool | None = None
    says: str = ""
    in_use: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedView:
    """All that corrections taught, newest first, and how learning went last.

    `accepted` is false where the last attempt was worse and taken back; `because` says it in words.
    """

    lessons: tuple[LessonView, ...] = ()
    accepted: bool = True
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaughtBy:
    """The lessons that decided what a mail is about, how bad it is, and whether it rings."""

    kind: tuple[LessonView, ...] = ()
    severity: tuple[LessonView, ...] = ()
    alert: tuple[LessonView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pretender:
    """Who a mail says that it is from, and what gives it away."""

    who: Address
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueView:
    """One issue whole.

    `earlier` are the customer's other issues, newest first; `value` is what the customer is worth,
    as the shop says or as their orders here add up. `alternatives` are the kinds that it may be
    where its kind is not certain, likeliest first; `taught` the corrections of other mails that
    decided, where no person did about this one. `unconfirmed` is the provider that its mail claims
    to be from, where nobody has proved that. `rang`: it has rung, by itself or on a card.
    `pretender` wrote one of its mails, where the issue as a whole is not suspicious.
    """

    row: InboxRow
    reasons: tuple[Reason, ...]
    messages: tuple[MessageView, ...]
    journal: tuple[Entry, ...]
    deadlines: tuple[Deadline, ...]
    confidence: float = 0.0
    language: str = ""
    suspicious_because: tuple[str, ...] = ()
    order: Order | None = None
    order_link: OrderLink | None = None
    other_orders: tuple[Order, ...] = ()
    draft: Draft | None = None
    replies: tuple[ReplyView, ...] = ()
    notes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    incident: Incident | None = None
    disputes: tuple[DisputeRow, ...] = ()
    earlier: tuple[InboxRow, ...] = ()
    value: CustomerValue | None = None
    calls: tuple[Call, ...] = ()
    alternatives: tuple[KindGuess, ...] = ()
    taught: TaughtBy = TaughtBy()
    unconfirmed: str = ""
    rang: bool = True
    pretender: Pretender | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What frames the list: counts of each view by name, accounts, proofs, alerts not yet seen.

    `disputes` are those that are not decided, by what they want of the shop; `awaiting` is how
    many mails of a large delivery are stored and still to be judged. `rang` are the issues of
    `alerts`, each once.
    """

    counts: dict[str, int]
    health: tuple[Health, ...]
    proofs: tuple[FolderProof, ...]
    alerts: tuple[Alert, ...] = ()
    replies: tuple[ReplyView, ...] = ()
    incidents: tuple[Incident, ...] = ()
    disputes: DisputeTally = NO_DISPUTES
    awaiting: int = 0
    rang: Rang | None = None
