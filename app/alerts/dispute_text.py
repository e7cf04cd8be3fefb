"""Dispute text: what a tap says of a deadline that comes nearer, of many disputes, of an outage."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from app.alerts.text import AlertText, one_line, when
from app.domain.dispute_views import DisputeRow
from app.domain.money import Money

_MOST_NAME = 60


def reminder_text(
    case: DisputeRow, *, what: str, left: str, now: datetime, zone: tzinfo, is_last: bool
) -> AlertText:
    """What a reminder says: "Chargeback, 184.00 USD: 23 hours left"; or that its end has passed."""
    due_at = case.due_at or now
    if due_at <= now:
        return AlertText(
            title=f"{what}, {case.dispute.amount}: the last date has passed",
            body="\n".join(
                line for line in (_whose(case), _passed(due_at, now=now, zone=zone)) if line
            ),
        )
    by = f"The provider takes an answer until {when(due_at, now=now, zone=zone)}."
    own = "Your own deadline is now. " if is_last else ""
    return AlertText(
        title=f"{what}, {case.dispute.amount}: {left} left",
        body="\n".join(line for line in (_whose(case), f"{own}{by}") if line),
    )


def backlog_text(
    cases: Sequence[DisputeRow],
    *,
    where: str,
    named: int,
    now: datetime,
    zone: tzinfo,
) -> AlertText:
    """The one card for the open disputes that the first reading of a provider found."""
    noun = "open dispute" if len(cases) == 1 else "open disputes"
    lines = [_line(case, now, zone) for case in cases[:named]]
    if len(cases) > named:
        lines.append(f"and {len(cases) - named} more")
    total = ", ".join(map(str, totals([case.dispute.amount for case in cases])))
    return AlertText(
        title=f"{len(cases)} {noun} at {one_line(where, most=_MOST_NAME)}, {total}",
        body="\n".join(lines),
    )


def totals(amounts: Sequence[Money]) -> tuple[Money, ...]:
    """The sum of each currency, the largest number first; currencies are never added up."""
    sums: dict[str, int] = {}
    for one in amounts:
        sums[one.currency] = sums.get(one.currency, 0) + one.minor
    made = (Money(minor, currency) for currency, minor in sums.items())
    return tuple(sorted(made, key=lambda one: (-one.value, one.currency)))


def _passed(due_at: datetime, *, now: datetime, zone: tzinfo) -> str:
    told = when(due_at, now=now, zone=zone)
    return f"The provider took an answer until {told}: look whether it still takes one."


def _line(case: DisputeRow, now: datetime, zone: tzinfo) -> str:
    due = case.due_at
    by = f"by {when(due, now=now, zone=zone)}" if due else "date not named: verify"
    return ", ".join(part for part in (str(case.dispute.amount), by, _whose(case)) if part)


def _whose(case: DisputeRow) -> str:
    who = one_line(case.customer, most=_MOST_NAME)
    number = one_line(case.order_number.lstrip("#"), most=_MOST_NAME)
    return ", ".join(part for part in (who, f"#{number}" if number else "") if part)
