"""Intake: the walk of a page of a platform, from its records to the issues that they touch.

Runs inside the writer's transaction: the records, all that follows from them, and the place to
which they bring the stream are written together or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from app.domain.account import Account
from app.domain.changes import Changes
from app.domain.feed import Page, Stream
from app.domain.order import Order
from app.domain.owner_rule import When
from app.engine import parcels
from app.engine.disputing import Disputing
from app.engine.one_by_one import OneByOne, issue_alone
from app.engine.ringing import Ringing
from app.engine.standing import UNJUDGED, Standing
from app.storage import feeds, issues, order_moves, orders
from app.storage.connection import Connection
from app.storage.orders import Novelty

_MOST_REFRESHED = 300  # issues a page; the watch ranks all of them anew within minutes anyway


@dataclass(slots=True, kw_only=True)
class _Touched:
    """What a page moved, while it is written."""

    issues: set[int] = field(default_factory=set)
    changes: Changes = field(default_factory=Changes)


class Intake:
    """Files the pages of platforms; one for the whole engine, without a state of its own."""

    def __init__(self, *, standing: Standing, ringing: Ringing, disputing: Disputing) -> None:
        self._standing = standing
        self._ringing = ringing
        self._disputing = disputing

    def take(self, db: Connection, account: Account, page: Page, *, now: datetime) -> Changes:
        """Write a page and the place of its stream; what moved because of it."""
        touched = _Touched()
        each = OneByOne(db, account, page)
        for was, place in page.moved:
            platform = account.type.value
            order_moves.move(db, account.id, platform, was=was, place=place, now=now)
        for order in page.orders:
            with each.record(order.platform_id):
                self._take_order(db, account, order, page, touched, now=now)
        if page.gone and page.stream is Stream.ORDERS:
            for order in orders.mark_gone(db, account.id, page.gone, at=now):
                _hear(db, account, order, page, touched, now=now)
        feeds.set_place(db, account.id, page.stream, page.place)
        changes = self._stand(db, touched, now=now, rings=not page.history)
        changes |= self._disputing.take(db, account, page, each, now=now)
        return changes | each.close(now=now)

    def look_again(self, db: Connection, *, now: datetime) -> Changes:
        """What time alone has brought about: parcels that should have arrived by now."""
        noted = parcels.look_again(db, now=now)
        touched = _Touched(issues=set(noted.issues), changes=noted.changes)
        return self._stand(db, touched, now=now, rings=True)

    def _take_order(
        self,
        db: Connection,
        account: Account,
        order: Order,
        page: Page,
        touched: _Touched,
        *,
        now: datetime,
    ) -> None:
        look_at = parcels.next_look(order, now)
        novelty = orders.upsert(db, order, account_id=account.id, at=now, look_at=look_at)
        if novelty not in (Novelty.NEW, Novelty.CHANGED):
            return
        if page.history and len(touched.issues) > _MOST_REFRESHED:
            return
        _hear(db, account, order, page, touched, now=now, is_new=novelty is Novelty.NEW)

    def _stand(self, db: Connection, touched: _Touched, *, now: datetime, rings: bool) -> Changes:
        changes = touched.changes
        for issue_id in issues.present(db, touched.issues):
            with issue_alone(db, issue_id):
                changes |= self._refresh(db, issue_id, now=now)
        if rings and touched.issues:
            changes |= self._ringing.consider(db, touched.issues, now=now, is_news=False)
        return changes

    def _refresh(self, db: Connection, issue_id: int, *, now: datetime) -> Changes:
        before = issues.get(db, issue_id)
        happened = (When.NEW,) if before.judgement == UNJUDGED else ()
        moved = self._standing.refresh(db, issue_id, now=now, happened=happened)
        after = issues.get(db, issue_id)
        return moved if after != before or after.order_number else Changes()


def _hear(
    db: Connection,
    account: Account,
    order: Order,
    page: Page,
    touched: _Touched,
    *,
    now: datetime,
    is_new: bool = False,
) -> None:
    """What news of an order touch: the issues that may be about it, and what is said of parcels."""
    touched.issues |= issues.touched_by_order(db, order, is_new=is_new)
    noted = parcels.note(db, order, account_id=account.id, now=now, is_past=page.history)
    touched.issues |= noted.issues
    touched.changes |= noted.changes
