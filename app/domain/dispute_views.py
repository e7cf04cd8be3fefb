"""Dispute views: what a desk shows of disputes: one row a case, its life, and the shop's ratio."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.dispute import Dispute, DisputeKind, DisputeState

INTERNAL_LEAD = timedelta(hours=6)  # how long before the provider's deadline ours is


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeStep:
    """A step of a dispute's life: what it became, and when we learnt of it."""

    at: datetime
    kind: DisputeKind
    state: DisputeState
    word: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeSource:
    """One provider's record of a dispute; `account` is empty where it is not connected any more."""

    dispute: Dispute
    account: str
    first_seen_at: datetime
    last_seen_at: datetime
    history: bool = False
    life: tuple[DisputeStep, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeRow:
    """One case: the same dispute may be told by two providers (`sources`, the payment's own first).

    `id` is the local id of the first source. `due_at` is the earliest last instant that a provider
    names while it waits for us, `internal_due_at` is ours before it; both are None where nothing is
    waited for, or where the provider names no instant (then `must_verify`).
    """

    id: int
    sources: tuple[DisputeSource, ...]
    issue_key: str = ""
    order_number: str = ""
    customer: str = ""

    @property
    def dispute(self) -> Dispute:
        """The dispute as its own payment provider tells it."""
        return self.sources[0].dispute

    @property
    def state(self) -> DisputeState:
        """Where it stands, by the word of its own payment provider."""
        return self.dispute.state

    @property
    def is_ours(self) -> bool:
        """Whether it waits for the shop; a record that is gone waits for nobody."""
        return self.dispute.state.is_ours and self.dispute.deleted_at is None

    @property
    def is_over(self) -> bool:
        """Whether nobody has to do anything more; what is gone at its provider is over."""
        return not self.state.is_open or self.dispute.deleted_at is not None

    @property
    def moved_at(self) -> datetime | None:
        """When it was closed, or was changed last; None where its provider says neither."""
        return self.dispute.closed_at or self.dispute.updated_at

    def is_called(self, platform_id: str) -> bool:
        """Whether one of its providers gave it this id."""
        return any(one.dispute.platform_id == platform_id for one in self.sources)

    @property
    def was_decided(self) -> bool:
        """Whether it was over once, however it stands now."""
        return any(not step.state.is_open for step in self.sources[0].life)

    @property
    def was_with_others(self) -> bool:
        """Whether it waited for a bank or a buyer once, however it stands now."""
        return any(not step.state.is_ours for step in self.sources[0].life)

    @property
    def due_at(self) -> datetime | None:
        """The provider's last instant for an answer."""
        if not self.is_ours:
            return None
        named = (one.dispute.due_at for one in self.sources if one.dispute.state.is_ours)
        return min((at for at in named if at is not None), default=None)

    @property
    def internal_due_at(self) -> datetime | None:
        """When it should have left this house: six hours before."""
        return None if self.due_at is None else self.due_at - INTERNAL_LEAD

    @property
    def must_verify(self) -> bool:
        """Whether it waits for us and nobody told us until when."""
        return self.is_ours and self.due_at is None

    @property
    def first_seen_at(self) -> datetime:
        """When we first heard of it."""
        return min(one.first_seen_at for one in self.sources)

    def left(self, now: datetime) -> timedelta | None:
        """How much time is left for an answer; negative when it is over, None where unknown."""
        return None if self.due_at is None else self.due_at - now


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeMonth:
    """How many chargebacks of banks one month ("2026-11") had; inquiries and warnings are none.

    `orders` are the paid ones of the month, without tests; `ratio` is disputes over orders, None
    where no order is known.
    """

    month: str
    disputes: int
    orders: int = 0

    @property
    def ratio(self) -> float | None:
        """Disputes for each order."""
        return self.disputes / self.orders if self.orders else None


def sort_key(row: DisputeRow) -> tuple[int, float, float]:
    """The order of a list: what waits for us by its deadline, unknown ones first; what was only
    rehearsed; then the rest, what was decided last before what was decided long ago."""
    opened = row.dispute.opened_at.timestamp()
    if row.is_ours:
        due = row.due_at.timestamp() if row.due_at else float("-inf")
        return (1 if row.dispute.is_test else 0, due, -opened)
    if row.state.is_open:
        return (2, 0.0, -opened)
    return (3, -row.moved_at.timestamp() if row.moved_at else 0.0, -opened)
