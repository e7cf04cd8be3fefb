"""Rewording: an alert says its day and hour as they are when it is read.

"Due tomorrow 9:00" that waited over a night, or stands in the window since Friday, would be wrong
by a day. What an alert is about is looked up anew, so that it also says what passed meanwhile.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import TypeVar

from app.alerts.text import AlertText, in_short
from app.domain.alert import BUNDLE, Alert
from app.domain.errors import KnownError, NotFound
from app.engine import reminding
from app.engine.disputing import Disputing
from app.engine.ringing import Ringing
from app.storage import alerts
from app.storage.connection import Connection

log = logging.getLogger(__name__)
T = TypeVar("T")


class Rewording:
    """Knows for each sort of alert who words it."""

    def __init__(
        self, *, ringing: Ringing, disputing: Disputing, zone: Callable[[], tzinfo]
    ) -> None:
        self._ringing = ringing
        self._disputing = disputing
        self._zone = zone

    def reword(self, db: Connection, alert: Alert, *, now: datetime) -> Alert:
        """The alert as it would be worded now, and written so; a card that counts what was on other
        alerts stays as it is, and so does what fails: old words are better than no alert. Part of
        the caller's transaction."""
        text = _tried(lambda: self._text(db, alert, now=now))
        if text is None or (text.title, text.body) == (alert.title, alert.body):
            return alert
        alerts.reword(db, alert.id, title=text.title, body=text.body)
        return replace(alert, title=text.title, body=text.body)

    def in_short(self, db: Connection, issue_id: int, *, now: datetime) -> str:
        """An issue as one line of a card; empty where that fails."""

        def said() -> str:
            facts = self._ringing.facts(db, issue_id, now=now)
            return in_short(facts, now=now, zone=self._zone())

        return _tried(said) or ""

    def _text(self, db: Connection, alert: Alert, *, now: datetime) -> AlertText | None:
        if not alert.issue_keys:
            return None
        if alert.dedupe.startswith(reminding.NAME):
            return reminding.worded(db, alert, now=now, zone=self._zone())
        if alert.dedupe.startswith(Disputing.NAME):
            return self._disputing.worded(db, alert, now=now)
        of_one = len(alert.issue_keys) == 1 and alert.dedupe.startswith(f"{alert.issue_keys[0]}/")
        if of_one or alert.dedupe.startswith(BUNDLE):
            return self._ringing.worded(db, alert, now=now)
        return None


def _tried(say: Callable[[], T]) -> T | None:
    """What it says; None where its issue is forgotten, or where our own code falls over."""
    try:
        return say()
    except NotFound:
        return None
    except KnownError:
        raise
    except Exception:
        log.exception("bug: an alert cannot be worded anew")
        return None
