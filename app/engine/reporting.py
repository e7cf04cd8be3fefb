"""Reporting: the verb that answers with figures, for a time and beside the time before.

What a mailbox tells of the ninety days before it was connected is the baseline; decisions and
alerts were not written down then, so only the answers can be compared, and that is said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from app.domain.clock import Clock, OutOfCalendar, instant, rfc3339
from app.domain.errors import Refused
from app.domain.figures import Figure
from app.domain.translation import to_translate
from app.engine import metrics
from app.engine.desk import Verb
from app.engine.metrics import Elapsed
from app.storage import accounts, stories
from app.storage.connection import Connection
from app.storage.database import open_reader

BASELINE = timedelta(days=90)
_FIRST = instant("1970-01-01T00:00:00Z")
_COUNTABLE = 6  # digits of a share, so that a desk can say of how many of 100,000 it is


class Reporting:
    """`clocks`: the ways to tell time, by name, as they are now."""

    def __init__(
        self, *, database: Path, clock: Clock, clocks: Callable[[], Mapping[str, Elapsed]]
    ) -> None:
        self._database = database
        self._clock = clock
        self._clocks = clocks

    def verbs(self) -> dict[str, Verb]:
        """The verbs by the names that desks use."""
        return {"report": self.report}

    def report(self, since: str | None = None, until: str | None = None) -> dict[str, Any]:
        """Figures of the issues that began from `since` (ninety days ago) up to `until` (now)."""
        now = self._clock.now()
        end = _instant(until) if until else now
        start = _instant(since) if since else max(end - BASELINE, _FIRST)
        if start >= end:
            raise Refused(
                "This time has no length", f"It begins {rfc3339(start)} and ends {rfc3339(end)}"
            )
        with closing(open_reader(self._database)) as db:
            return self._report(db, start=start, end=end, now=now)

    def _report(
        self, db: Connection, *, start: datetime, end: datetime, now: datetime
    ) -> dict[str, Any]:
        clocks = self._clocks()
        told = [one for one in stories.between(db, start, end) if not one.history]
        answer: dict[str, Any] = {
            "from": rfc3339(start),
            "to": rfc3339(end),
            "issues": sum(metrics.is_issue(one) for one in told),
            "figures": [told_of(one) for one in metrics.figures(told, now=now, clocks=clocks)],
        }
        connected = accounts.first_connected(db)
        if connected is not None:
            answer["before"] = _before(db, connected, now=now, clocks=clocks)
        return answer


def _before(
    db: Connection, connected: datetime, *, now: datetime, clocks: Mapping[str, Elapsed]
) -> dict[str, Any]:
    found = metrics.baseline_of(stories.between(db, connected - BASELINE, connected))
    return {
        "from": rfc3339(connected - BASELINE),
        "to": rfc3339(connected),
        "issues": len(found),
        "figures": [told_of(one) for one in metrics.responses(found, now=now, clocks=clocks)],
        "not_compared": [
            to_translate(
                "What was decided, what rang and what was promised: nobody wrote it down before"
            ),
            to_translate(
                "Mails that nobody answered: some are newsletters, so the time before looks better"
            ),
            to_translate("The season, the range and who was there: they may have changed as well"),
        ],
    }


def told_of(figure: Figure) -> dict[str, Any]:
    """A figure as it travels to a desk; durations in minutes."""
    return {
        "name": figure.name,
        "title": figure.title,
        "definition": figure.definition,
        "clock": figure.clock or None,
        "n": figure.n,
        "open": figure.open,
        "open_share": round(figure.open_share, 4),
        "median_minutes": _minutes(figure.median),
        "p90_minutes": _minutes(figure.p90),
        "share": None if figure.share is None else round(figure.share, _COUNTABLE),
        "by": dict(sorted(figure.by.items(), key=lambda one: (-one[1], one[0]))),
    }


def _minutes(length: timedelta | None) -> float | None:
    return None if length is None else round(length.total_seconds() / 60, 1)


def _instant(words: str) -> datetime:
    said: datetime | None
    try:
        said = instant(words)
    except OutOfCalendar:
        said = None
    except ValueError as error:
        raise Refused(
            f"{words!r} is no instant", hint="Write it as 2026-11-22T08:00:00Z, or as 2026-11-22"
        ) from error
    if said is None or said < _FIRST:
        raise Refused(f"No report reaches to {words}", hint="Name one in the years 1970 to 9999")
    return said
