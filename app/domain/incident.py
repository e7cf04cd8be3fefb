"""Incident: many customers with one cause, as one card shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.translation import to_translate

SORT_WORDS = {
    "goods": to_translate("faulty goods"),
    "size": to_translate("wrong size"),
    "packing": to_translate("wrong item packed"),
    "delivery": to_translate("parcels that do not arrive"),
    "site": to_translate("the shop does not work"),
    "payments": to_translate("payments fail"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """`title` names the cause in words of the mails; `sort` is what they complain of: goods, size,
    packing, delivery or site; or payments that fail, then `title` names the provider's account.
    `grave`: somebody may be hurt, or nobody can buy.

    `customers` who reported it in its time (of what goes on for long, lately), `issues` in all,
    `open` of them, `lately` begun on its last day.
    """

    name: str
    sort: str
    title: str
    grave: bool
    customers: int
    first_at: datetime
    last_at: datetime
    id: int = 0
    issues: int = 0
    open: int = 0
    lately: int = 0
