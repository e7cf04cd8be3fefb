"""Quiet: when alerts wait, and until when. Pure; the zone is the owner's at that moment."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

HOUR = timedelta(hours=1)
PACE = timedelta(minutes=10)
MOST_BESIDE = 3  # pop-ups beside each other on a screen, and one by one in this time
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """From one time of the day to another; overnight where it ends before it begins."""

    start: time
    end: time

    def until(self, now: datetime, zone: tzinfo) -> datetime | None:
        """When the quiet ends in which this instant lies, in UTC; None where it is not quiet."""
        instant, today = now.astimezone(UTC), now.astimezone(zone).date()
        for day in (today - timedelta(days=1), today):
            begins = datetime.combine(day, self.start, zone)
            ends_on = day if self.start < self.end else day + timedelta(days=1)
            ends = datetime.combine(ends_on, self.end, zone)
            if begins <= instant < ends:  # as instants: an hour can come twice on the wall
                return ends.astimezone(UTC)
        return None


def read_hours(written: str) -> QuietHours | None:
    """The hours that "22:00-07:00" means; None for nothing, or for hours without a length.

    Raises:
        ValueError: it is written otherwise.
    """
    if not written.strip():
        return None
    found = _HOURS.fullmatch(written.strip())
    if found is None:
        raise ValueError(f"{written!r} is not written as 22:00-07:00")
    start_hour, start_minute, end_hour, end_minute = map(int, found.groups())
    start, end = time(start_hour, start_minute), time(end_hour, end_minute)
    return None if start == end else QuietHours(start=start, end=end)


def spent_until(shown: Sequence[datetime], *, per_hour: int, now: datetime) -> datetime | None:
    """When the next alert may be shown, where the hour's number is used up, or where so many came
    within a few minutes that nobody reads them one by one; else None."""
    ends = (_free_at(shown, per_hour, HOUR, now), _free_at(shown, MOST_BESIDE, PACE, now))
    return max((end for end in ends if end is not None), default=None)


def _free_at(
    shown: Sequence[datetime], most: int, within: timedelta, now: datetime
) -> datetime | None:
    # What was shown later than now was shown while the clock was ahead: it spends nothing of today.
    lately = sorted(at for at in shown if timedelta() <= now - at < within)
    return lately[-most] + within if len(lately) >= most else None
