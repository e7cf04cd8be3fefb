"""SetBack: what was told while the clock was ahead, once it is right again.

Part of the watch. A battery is empty, two systems on one machine differ about the zone: for a while
it is years later, every promise seems broken and every reminder is used up. When the clock is right
again they are told at their own time.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from app.storage import alerts, deadlines
from app.storage.connection import Connection

SLACK = timedelta(minutes=5)  # a clock is put right by seconds every day
_SPENT = timedelta(hours=4)  # what is older neither fills an hour nor stands for a reminder
_AT_THEIR_TIME = ("remind/", "dispute:")  # what a date has to say, by how their names begin


def is_set_back(before: datetime | None, now: datetime) -> bool:
    """Whether the clock went back since an instant that it showed."""
    return before is not None and before - now > SLACK


def tell_again(db: Connection, *, now: datetime) -> None:
    """Let nothing count as said later than now: a reminder that was not due yet is due again."""
    long_ago = now - _SPENT
    if alerts.bring_back(db, to=long_ago, after=now + SLACK, again=_AT_THEIR_TIME):
        deadlines.remind_again(db, now=now)
