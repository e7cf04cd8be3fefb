"""What a length of time means that somebody types behind --at or --until."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.cli.replying import later

EVE = datetime(2026, 10, 24, 6, tzinfo=UTC)  # 8:00 in Berlin; in the night the clocks go back


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1d", "2026-10-25T07:00:00Z"),
        ("1w", "2026-10-31T07:00:00Z"),
        ("24h", "2026-10-25T06:00:00Z"),
        ("1440 min", "2026-10-25T06:00:00Z"),
        ("30m", "2026-10-24T06:30:00Z"),
        ("2026-12-24T08:00:00Z", "2026-12-24T08:00:00Z"),
        ("soon", "soon"),
        ("999999999w", "999999999w"),  # the engine says that it is no instant
    ],
)
def test_days_are_days_on_the_wall_and_hours_are_hours(typed, meant):
    """At eight today, "1d" is at eight tomorrow."""
    assert later(typed, now=EVE, zone=ZoneInfo("Europe/Berlin")) == meant
