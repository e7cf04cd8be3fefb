"""Reckoning: what fighting a dispute or giving in comes to, from the shop's own figures alone.

The chance is the shop's own past quota with its n; where nothing was decided yet there is none.
A fee is the provider's own word, or what the rules say is usual there, with their source.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.dispute import Dispute, DisputeKind, DisputeReason, DisputeState
from app.domain.dispute_views import DisputeRow
from app.domain.money import Money
from app.domain.order import Order, ParcelState

FEW = 10  # below this a quota says little, and is shown as few


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """So many disputes were won, of so many that were won or lost."""

    won: int = 0
    decided: int = 0

    @property
    def share(self) -> float | None:
        """The part that was won; None where nothing was decided."""
        return self.won / self.decided if self.decided else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoning:
    """The arithmetic of one dispute; a warning cannot be fought, only met by a refund.

    `fee` is the provider's own or what is usual there (`fee_is_usual`), else None;
    `fee_avoidable`: a refund now comes before it, because it is not a chargeback yet. `goods` is
    the price of what left the house.
    `answer_fee` is what a provider takes for an answer, and gives back for one that wins.
    `expected` is amount times the share won of `quota`, less the fee of answers that lose: what
    fighting brings back on average.
    """

    amount: Money
    is_warning: bool
    fee: Money | None
    fee_is_usual: bool
    fee_avoidable: bool
    goods: Money | None
    quota: Quota
    same_reason: Quota
    expected: Money | None
    answer_fee: Money | None = None

    @property
    def is_few(self) -> bool:
        """Whether too few were decided to rely on the quota."""
        return self.quota.decided < FEW

    @property
    def given_up(self) -> tuple[Money, ...]:
        """What giving in costs: the amount, and the fee unless a refund still avoids it."""
        if self.fee is None or self.fee_avoidable:
            return (self.amount,)
        if self.fee.currency == self.amount.currency:
            return (Money(self.amount.minor + self.fee.minor, self.amount.currency),)
        return (self.amount, self.fee)


def reckon(
    row: DisputeRow,
    every: Iterable[DisputeRow],
    *,
    order: Order | None,
    figures: Mapping[str, Any] | None = None,
) -> Reckoning:
    """The arithmetic of a dispute; `every` are all the shop's, for its own past quota.

    `figures` is what the engine's `dispute_figures` answered: what a dispute and an answer cost
    where the provider did not say it (rules). An answer to an inquiry costs nothing.
    """
    dispute = row.dispute
    usual, answer = (_figure(figures or {}, dispute, name) for name in ("minor", "answer_minor"))
    past = [one for one in every if one.id != row.id and not one.dispute.is_test]
    quota, same = quota_of(past), quota_of(past, reason=dispute.reason)
    chosen = same if same.decided >= FEW else quota
    share = chosen.share
    may_avoid = dispute.kind in (DisputeKind.ALERT, DisputeKind.INQUIRY)
    answering = None if may_avoid else answer
    return Reckoning(
        amount=dispute.amount,
        is_warning=dispute.kind is DisputeKind.ALERT,
        fee=dispute.fee or usual,
        fee_is_usual=dispute.fee is None and usual is not None,
        fee_avoidable=may_avoid,
        goods=_goods(order),
        quota=chosen,
        same_reason=same,
        expected=None
        if share is None or dispute.kind is DisputeKind.ALERT
        else _expected(dispute.amount, share, answering),
        answer_fee=answering,
    )


def _figure(figures: Mapping[str, Any], dispute: Dispute, name: str) -> Money | None:
    """What is usual there; None where it costs nothing, or nobody knows."""
    wanted = (dispute.platform, dispute.amount.currency)
    for one in figures.get("fees", ()):
        if (one["platform"], one["currency"]) == wanted and one.get(name):
            return Money(int(one[name]), str(one["currency"]))
    return None


def quota_of(rows: Iterable[DisputeRow], *, reason: DisputeReason | None = None) -> Quota:
    """How many of these were won; inquiries and warnings that ended in peace are no win."""
    states = [
        one.state
        for one in rows
        if one.dispute.kind is not DisputeKind.ALERT
        and (reason is None or one.dispute.reason is reason)
    ]
    won = sum(state is DisputeState.WON for state in states)
    return Quota(won=won, decided=won + sum(state is DisputeState.LOST for state in states))


def _goods(order: Order | None) -> Money | None:
    """The price of what was sent; None where nothing was, or nobody knows."""
    if order is None or not _left_the_house(order):
        return None
    same = [item for item in order.items if item.price.currency == order.total.currency]
    minor = sum(item.price.minor * (item.quantity - item.removed) for item in same)
    return Money(minor, order.total.currency) if minor > 0 else None


def _left_the_house(order: Order) -> bool:
    waiting = (ParcelState.PREPARING, ParcelState.CANCELLED)
    return order.shipped_at is not None or any(
        one.state not in waiting for one in order.fulfilments
    )


def _expected(amount: Money, share: float, answering: Money | None) -> Money:
    cost = answering.minor if answering and answering.currency == amount.currency else 0
    return Money(round(amount.minor * share - cost * (1 - share)), amount.currency)
