"""Assessment: what a machine makes of a message, and how an issue ranks because of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.domain.money import Money
from app.domain.order import Order


class Kind(StrEnum):
    """What an issue is about."""

    DAMAGED = "damaged"
    WRONG_ITEM = "wrong_item"
    WRONG_SIZE = "wrong_size"
    NOT_RECEIVED = "not_received"
    LATE = "late"
    RETURN_REQUEST = "return_request"
    REFUND_BILLING = "refund_billing"
    DISPUTE = "dispute"
    CHANGE_CANCEL = "change_cancel"
    SITE_ACCOUNT = "site_account"
    PRODUCT_QUESTION = "product_question"
    LEGAL_EXECUTIVE = "legal_executive"
    OTHER = "other"
    NOT_AN_ISSUE = "not_an_issue"


class Severity(StrEnum):
    """How bad it is, from evidence: within the hour, today, in its turn, whenever."""

    CRITICAL = "critical"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for low to 3 for critical, for comparing."""
        return (Severity.LOW, Severity.NORMAL, Severity.HIGH, Severity.CRITICAL).index(self)


class Priority(StrEnum):
    """The band in which an issue stands, from severity and clock."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One part of a score: the points of all reasons of an issue add up to its score."""

    factor: str
    points: int
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KindGuess:
    """A kind and how sure we are of it, 0 to 1."""

    kind: Kind
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Entities:
    """What a message names: numbers without #, dates as ISO 8601 days."""

    order_numbers: tuple[str, ...] = ()
    tracking_numbers: tuple[str, ...] = ()
    amounts: tuple[Money, ...] = ()
    skus: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Three separate decisions about automatic mail; storing it is never in question (RFC 3834).

    `may_acknowledge`: an automatic receipt could be sent. `counts_as_customer_reply`: it reopens
    an issue and starts the clock. `noise`: nobody waits for an answer (newsletter, list, receipt).
    `report`: a mail server's word about a mail of ours, which no customer said.
    """

    automatic: bool
    may_acknowledge: bool
    counts_as_customer_reply: bool
    noise: bool = False
    report: bool = False
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicion:
    """Whether a message pretends to be somebody else, and what gives it away."""

    is_suspicious: bool = False
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """Where the owner's corrections decided: the journal entries that taught it; empty where not.

    `kind`: it would be of another kind without them. `severity`, `alert`: mails like it were
    corrected so, whatever it would have been.
    """

    kind: tuple[str, ...] = ()
    severity: tuple[str, ...] = ()
    alert: tuple[str, ...] = ()


# The factor that says: the owner's own mail host found the address in From to be forged.
FORGED = "forged"
# The factor that says: a letter gives days, so that nobody need act within the hour.
DAYS_LEFT = "days_left"
# The factor that says: it was old already when its mailbox was connected.
LEFT_OVER = "left_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageContext:
    """What is known beside the text when a message is assessed; `now` is its arrival.

    `trusted_hosts` are the names under which the hosts that receive for us sign what they checked.
    """

    now: datetime
    own_addresses: tuple[str, ...] = ()
    known_customer: bool = False
    reply_to_ours: bool = False
    orders: tuple[Order, ...] = ()
    trusted_hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What the machine makes of one message.

    `confidence` is 0 to 1; where `unsure` is set, `kind` is only the best of the `alternatives`.
    `alert` says that the owner should hear of it within a minute. `severity_by_facts` is what the
    named findings come to by themselves, where the mail as a whole reads worse or less bad, and
    `severity_quote` the sentence that spoke most for that. `unconfirmed` is the provider that it
    claims to be from, where nobody has proved that.
    """

    kind: Kind
    confidence: float
    unsure: bool
    severity: Severity
    gate: Gate
    severity_by_facts: Severity | None = None
    severity_because: tuple[str, ...] = ()
    severity_quote: str = ""
    second_kind: Kind | None = None
    alternatives: tuple[KindGuess, ...] = ()
    alert: bool = False
    factors: Mapping[str, str] = field(default_factory=dict)
    entities: Entities = Entities()
    language: str = ""
    suspicion: Suspicion = Suspicion()
    taught: Taught = Taught()
    unconfirmed: str = ""

    @property
    def weight(self) -> tuple[bool, int, float]:
        """Of several mails the one with the highest speaks for their issue: the surest of the
        worst."""
        return (not self.unsure, self.severity.rank, self.confidence)


def nobodys_words(because: str, *, report: bool = False) -> Assessment:
    """What a machine's word about, or from, ourselves is: nobody said it, and nobody waits.

    `report`: a mail server's word about a mail of ours.
    """
    return Assessment(
        kind=Kind.NOT_AN_ISSUE,
        confidence=1.0,
        unsure=False,
        severity=Severity.LOW,
        gate=Gate(
            automatic=True,
            may_acknowledge=False,
            counts_as_customer_reply=False,
            noise=True,
            report=report,
            because=(because,),
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueFacts:
    """What an issue is ranked by. The human's overrides are already in `kind` and `severity`.

    `factors` are the assessments' named findings (repeat contact, event date, threat, money ...)
    with the words that showed them. `waiting_since` is the first customer message that nobody
    answered; `unanswered` how many there are since our last reply. `severity_by_facts` and
    `severity_quote`: as in the assessment that decides the severity, `severity_taught` the number
    of corrections that did, `severity_rule` the name of the owner's rule that did.
    `due_for` names the clock that `due_at` belongs to; empty for an answer
    that we promised.
    """

    kind: Kind
    severity: Severity
    severity_by_facts: Severity | None = None
    severity_because: tuple[str, ...] = ()
    severity_quote: str = ""
    severity_taught: int = 0
    severity_rule: str = ""
    unsure: bool = False
    suspicious: bool = False
    factors: Mapping[str, str] = field(default_factory=dict)
    waiting_since: datetime | None = None
    unanswered: int = 0
    due_at: datetime | None = None
    due_for: str = ""
    order_total: Money | None = None
    customer_orders: int = 0
    overridden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Where an issue stands: 0 to 100, the band, and reasons whose points sum to the score."""

    score: int
    priority: Priority
    reasons: tuple[Reason, ...]
