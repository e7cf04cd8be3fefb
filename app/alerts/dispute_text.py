"""Dispute text: what a tap says of a deadline that comes nearer, of many disputes, of an outage."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from app.alerts.text import AlertText, and_more, as_test, one_line, when
from app.domain.dispute import DisputeKind
from app.domain.dispute_tally import tally, tally_words
from app.domain.dispute_views import DisputeRow
from app.domain.translation import tr

_MOST_NAME = 60


def reminder_text(
    case: DisputeRow, *, what: str, left: str, now: datetime, zone: tzinfo, is_last: bool
) -> AlertText:
    """What a reminder says: "Chargeback, 184.00 USD: 23 hours left"; or that its end has passed."""
    due_at, amount = case.due_at or now, case.dispute.amount.said
    what = as_test(what) if case.dispute.is_test else what
    if due_at <= now:
        return AlertText(
            title=tr("{what}, {amount}: the last date has passed", what=what, amount=amount),
            body="\n".join(
                line for line in (_whose(case), _passed(due_at, now=now, zone=zone)) if line
            ),
        )
    by = tr("The provider takes an answer until {when}.", when=when(due_at, now=now, zone=zone))
    if is_last:
        by = f"{tr('Your own deadline is now.')} {by}"
    return AlertText(
        title=tr("{what}, {amount}: {left} left", what=what, amount=amount, left=left),
        body="\n".join(line for line in (_whose(case), by) if line),
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
    lines = [_line(case, now, zone) for case in cases[:named]]
    if len(cases) > named:
        lines.append(and_more(len(cases) - named))
    is_test = all(case.dispute.is_test for case in cases)
    counted = tally_words(tally(cases, tests=is_test))
    title = f"{counted} ({one_line(where, most=_MOST_NAME)})"
    return AlertText(title=as_test(title) if is_test else title, body="\n".join(lines))


def _passed(due_at: datetime, *, now: datetime, zone: tzinfo) -> str:
    told = when(due_at, now=now, zone=zone)
    return tr(
        "The provider took an answer until {when}: look whether it still takes one.", when=told
    )


def _line(case: DisputeRow, now: datetime, zone: tzinfo) -> str:
    due = case.due_at
    if due:
        by = tr("by {when}", when=when(due, now=now, zone=zone))
    elif case.dispute.kind is DisputeKind.ALERT:
        by = tr("refund, or wait")
    else:
        by = tr("date not named: verify")
    return ", ".join(part for part in (case.dispute.amount.said, by, _whose(case)) if part)


def _whose(case: DisputeRow) -> str:
    who = one_line(case.customer, most=_MOST_NAME)
    number = one_line(case.order_number.lstrip("#"), most=_MOST_NAME)
    return ", ".join(part for part in (who, f"#{number}" if number else "") if part)
