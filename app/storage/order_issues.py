"""Order issues: which issues are about an order, and which order an issue is about, though two
shops may both count from 1001."""

from __future__ import annotations

from app.domain.issue import Issue
from app.domain.journal import OPEN_STATES
from app.domain.order import Order
from app.storage import issues, orders
from app.storage.connection import Connection


def of_order(db: Connection, order: Order) -> tuple[Issue, ...]:
    """The issues about this very order, put away or not, newest first."""
    found = (issues.get(db, id_) for id_ in issues.by_order_number(db, order.number))
    return tuple(one for one in found if is_about(db, one, order))


def open_of_order(db: Connection, order: Order) -> tuple[Issue, ...]:
    """The issues about this very order that are not put away, newest first."""
    return tuple(one for one in open_of_number(db, order.number) if is_about(db, one, order))


def open_of_number(db: Connection, number: str) -> tuple[Issue, ...]:
    """The issues about an order of this number, whichever shop's, that are not put away, newest
    first."""
    found = (issues.get(db, id_) for id_ in issues.by_order_number(db, number))
    return tuple(one for one in found if one.state in OPEN_STATES)


def order_of(db: Connection, key: str) -> Order | None:
    """The order that the issue of this key is about. Raises NotFound for a key of no issue."""
    return orders.of_issue(db, issues.get(db, issues.by_key(db, key)))


def is_about(db: Connection, issue: Issue, order: Order) -> bool:
    """Whether an issue is about this order, and not about another shop's of the same number."""
    link = issue.order_link
    if link is not None and link.atom:
        return link.atom == order.atom
    known = orders.of_issue(db, issue)
    return known is None or known.atom == order.atom
