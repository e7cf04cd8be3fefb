"""The issue's own phrases: where it stands, how long is left. Pure."""

from __future__ import annotations

from datetime import datetime

from app.domain.views import InboxRow
from app.ui.issue.foreign_text import line
from app.ui.words import Standing, money, person, standing


def place_words(row: InboxRow) -> str:
    """Who and about what, on one line: "Ben Costa · ben@… · order 10227 · €64.00"."""
    parts = [line(person(row.customer))]
    if row.customer.name and row.customer.email and (row.suspicious or not row.order_number):
        parts.append(line(row.customer.email))
    if row.order_number:
        parts.append(f"order {line(row.order_number)}")
    if row.order_total is not None:
        parts.append(money(row.order_total))
    if row.assignee:
        parts.append(f"given to {line(row.assignee)}")
    return "  ·  ".join(parts)


def left_words(row: InboxRow, now: datetime) -> Standing:
    """How long is left, so that it reads on its own: "1 h 36 left"."""
    stands = standing(row, now)
    if stands.text.startswith("in "):
        return Standing(f"{stands.text.removeprefix('in ')} left", stands.tone, stands.exact)
    if stands.text.startswith("late "):
        return Standing(f"{stands.text.removeprefix('late ')} late", stands.tone, stands.exact)
    if stands.text.startswith("due "):
        what = "" if row.deadline_for else "answer "
        return Standing(f"{what}{stands.text}", stands.tone, stands.exact)
    return stands
