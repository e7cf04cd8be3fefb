"""First reading: what a mailbox held when it was connected tells itself on one calm card.

Asked by `ringing` and `ringer`, which keep back what they have meanwhile; `watch` tells when it is
over. What passes (somebody may be hurt, a dispute ends within a day) is never kept back, and what
arrives afterwards rings by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, time, timedelta, tzinfo

from app.alerts.text import AlertFacts, first_text
from app.domain.alert import OF_FIRST, Alert, AlertLevel, AlertState
from app.domain.views import View
from app.storage import accounts, alerts, awaiting, inbox
from app.storage.connection import Connection

LIMIT = timedelta(minutes=5)  # a card each time, however long a mailbox of ten years takes
_SETS_OUT = timedelta(seconds=30)  # from connecting a mailbox until it is looked into


class FirstReading:
    """Whether a mailbox is being read for the first time, and since when."""

    def __init__(self, *, zone: Callable[[], tzinfo]) -> None:
        self._zone = zone
        self._bringing: Callable[[], bool] | None = None
        self._since: datetime | None = None
        self.told_at: datetime | None = None

    def follow(self, bringing: Callable[[], bool]) -> None:
        """From now on, ask this whether mail is being brought; before, nothing is kept back."""
        self._bringing = bringing

    def keeps_back(self, db: Connection, *, now: datetime) -> bool:
        """Whether what does not pass has to wait for the card."""
        if self._since is None and self._is_under_way(db, now):
            self._since = now
        return self._since is not None

    @property
    def is_open(self) -> bool:
        """Whether something may be kept back just now."""
        return self._since is not None

    def is_over(self, db: Connection, *, now: datetime) -> bool:
        """Whether something may have been kept back, and it is time to tell it."""
        if self._since is None or now - self._since >= LIMIT:
            return self._since is not None
        return not self._is_under_way(db, now) and not awaiting.count(db)

    def end(self, *, now: datetime) -> None:
        """From now on everything rings by itself again."""
        self._since, self.told_at = None, now

    def card(
        self,
        db: Connection,
        keys: Iterable[str],
        *,
        waiting: Sequence[Alert],
        top: Sequence[AlertFacts],
        now: datetime,
    ) -> frozenset[int]:
        """Queue the one card for these issues, instead of the alerts that wait; the alerts that
        moved. `top` are the most urgent of all that is open."""
        here = now.astimezone(self._zone())
        text = first_text(
            top,
            needed=inbox.counts(db, now=now)[View.OPEN],
            today=inbox.due_until(db, datetime.combine(here, time.max, self._zone()), now=now),
            now=now,
            zone=self._zone(),
        )
        card = Alert(
            dedupe=f"{OF_FIRST}{now.isoformat()}",
            issue_keys=tuple(dict.fromkeys(keys)),
            title=text.title,
            body=text.body,
            created_at=now,
            level=AlertLevel.NOTICE,
        )
        for one in waiting:
            alerts.mark(db, one.id, state=AlertState.WITHDRAWN, at=now)
        queued = alerts.queue(db, card)
        return frozenset(one.id for one in waiting) | ({queued} if queued else set())

    def _is_under_way(self, db: Connection, now: datetime) -> bool:
        if self._bringing is None:
            return False
        reading = self._bringing()
        return accounts.is_new(db, connected_after=None if reading else now - _SETS_OUT)


def is_card(alert: Alert) -> bool:
    """Whether it tells of a first reading."""
    return alert.dedupe.startswith(OF_FIRST)
