"""Dispute: money that a buyer or a bank wants back, as its provider tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.address import key_of
from app.domain.money import Money


class DisputeKind(StrEnum):
    """How far it has gone; ALERT is a bank's early fraud warning, from before any dispute. A CLAIM
    is decided by the provider itself, and so is the APPEAL that the shop may make against that; the
    steps after them are a bank's."""

    ALERT = "alert"
    INQUIRY = "inquiry"
    CLAIM = "claim"
    APPEAL = "appeal"
    CHARGEBACK = "chargeback"
    PRE_ARBITRATION = "pre_arbitration"
    ARBITRATION = "arbitration"


class DisputeState(StrEnum):
    """Whose turn it is. UNKNOWN is a word this version does not know: it needs a look."""

    NEEDS_RESPONSE = "needs_response"
    NEEDS_DECISION = "needs_decision"
    UNDER_REVIEW = "under_review"
    WON = "won"
    LOST = "lost"
    CLOSED = "closed"
    UNKNOWN = "unknown"

    @property
    def is_open(self) -> bool:
        """Whether the provider has not decided it yet."""
        return self not in {DisputeState.WON, DisputeState.LOST, DisputeState.CLOSED}

    @property
    def is_ours(self) -> bool:
        """Whether it waits for the shop; what nobody understands does as well."""
        return self.is_open and self is not DisputeState.UNDER_REVIEW


class DisputeReason(StrEnum):
    """What the buyer says, in one of eight sorts that want different evidence."""

    FRAUD = "fraud"
    NOT_RECEIVED = "not_received"
    NOT_AS_DESCRIBED = "not_as_described"
    REFUND = "refund"
    DUPLICATE = "duplicate"
    SUBSCRIPTION = "subscription"
    BILLING = "billing"
    GENERAL = "general"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A dispute, an inquiry or an early warning; `*_word` are the provider's own words.

    `due_at` is the provider's last instant for an answer, None where it names none ("verify", not
    "no hurry"). `payment_references` are the names of the payment, by which it finds its order.
    `evidence_saved` means that a draft lies at the provider: nothing was submitted by that;
    `submitted_at` is when an answer really went in.
    """

    platform: str
    platform_id: str
    kind: DisputeKind
    state: DisputeState
    reason: DisputeReason
    amount: Money
    opened_at: datetime
    state_word: str = ""
    reason_word: str = ""
    network_code: str = ""
    network: str = ""
    fee: Money | None = None
    updated_at: datetime | None = None
    due_at: datetime | None = None
    evidence_saved: bool = False
    submitted_at: datetime | None = None
    closed_at: datetime | None = None
    deleted_at: datetime | None = None
    refundable: bool | None = None
    outcome_word: str = ""
    order_number: str = ""
    order_platform_id: str = ""
    customer_email: str = ""
    payment_references: tuple[str, ...] = ()
    url: str = ""
    is_test: bool = False

    @property
    def atom(self) -> str:
        """The part of an issue's identity that comes from this dispute."""
        return f"d:{self.platform}:{self.platform_id}"

    @property
    def customer_key(self) -> str:
        """The buyer's address as a key for comparing; empty where the provider names none."""
        return key_of(self.customer_email)


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedPayment:
    """A payment that a buyer tried and that did not go through; many at once are an outage."""

    platform: str
    platform_id: str
    at: datetime
    amount: Money
    code: str = ""
    customer_email: str = ""

    @property
    def customer_key(self) -> str:
        """The buyer's address as a key for comparing; empty where the provider names none."""
        return key_of(self.customer_email)

    @property
    def buyer(self) -> str:
        """Who tried it, as a key; one whose buyer nobody names counts as one of its own."""
        return self.customer_key or self.platform_id
