"""The issue's own phrases: where it stands, how long is left. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.translation import tr
from app.domain.views import InboxRow
from app.ui.issue.foreign_text import line
from app.ui.words import Standing, day, money, person, span, standing, time_left


def place_words(row: InboxRow) -> str:
    """Who and about what, on one line: "Ben Costa · ben@… · order 10227 · €64.00"."""
    parts = [line(person(row.customer))]
    if row.customer.name and row.customer.email and (row.suspicious or not row.order_number):
        parts.append(line(row.customer.email))
    if row.order_number:
        parts.append(tr("order {number}", number=line(row.order_number)))
    if row.order_total is not None:
        parts.append(money(row.order_total))
    if row.assignee:
        parts.append(tr("given to {name}", name=line(row.assignee)))
    return "  ·  ".join(parts)


def left_words(row: InboxRow, now: datetime) -> Standing:
    """How long is left, so that it reads on its own: "1 h 36 left"."""
    stands = standing(row, now)
    due_at = row.deadline_at
    if due_at is None or stands.text != time_left(due_at, now):
        return stands
    return replace(stands, text=_alone(due_at, now, is_answer=not row.deadline_for))


def _alone(due_at: datetime, now: datetime, *, is_answer: bool) -> str:
    left = due_at - now
    if left < timedelta(0):
        return tr("{span} late", span=span(-left))
    if left < timedelta(minutes=1):
        return tr("answer due now") if is_answer else tr("due now")
    if left < timedelta(hours=24):
        return tr("{span} left", span=span(left))
    due = day(due_at, now)
    return tr("answer due {day}", day=due) if is_answer else tr("due {day}", day=due)
