"""The machine's zone, asked of the system's clock, against the same zone by its name."""

from __future__ import annotations

import copy
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.domain.clock import local_zone
from app.domain.zone import days_on
from tests.support.zones import machine_in, needs_moving

pytestmark = needs_moving
# Half hours, a summer time of half an hour, one that is "negative", one that is left in Ramadan, a
# day that was left out, and none at all.
ZONES = (
    *("UTC", "Europe/Berlin", "Europe/Dublin", "America/Los_Angeles", "America/St_Johns"),
    *("Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu", "Pacific/Apia"),
)
EVERY_INSTANT = """
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo
import os
from app.domain.clock import local_zone
here, known = local_zone(), ZoneInfo(os.environ["TZ"])
at = datetime(1996, 1, 1, 0, 10, tzinfo=UTC)
while at < datetime(2030, 1, 1, tzinfo=UTC):
    seen, meant = at.astimezone(here), at.astimezone(known)
    assert (seen.replace(tzinfo=None), seen.fold) == (meant.replace(tzinfo=None), meant.fold), at
    assert (seen.utcoffset(), seen.tzname()) == (meant.utcoffset(), meant.tzname()), at
    for fold in (0, 1):  # of times that come twice, and of those that never come
        wall = at.replace(tzinfo=None, fold=fold)
        assert wall.replace(tzinfo=here).utcoffset() == wall.replace(tzinfo=known).utcoffset(), wall
    at += timedelta(minutes=30) if at.year in (2011, 2026) else timedelta(hours=17)
"""


@pytest.mark.parametrize("name", ZONES)
def test_the_machines_zone_is_the_one_of_that_name_at_every_instant(name):
    """In a process of its own, which is in that zone from its start."""
    subprocess.run(
        [sys.executable, "-c", EVERY_INSTANT], env={**os.environ, "TZ": name}, check=True
    )


def test_a_zone_without_a_name_is_known_as_well():
    """TZ may hold a rule and no name; then nothing but the system's clock can be asked."""
    with machine_in("CET-1CEST,M3.5.0,M10.5.0/3"):
        for month in range(1, 13):
            at = datetime(2026, month, 15, 12, tzinfo=UTC)
            seen, meant = (at.astimezone(one) for one in (local_zone(), ZoneInfo("Europe/Berlin")))
            assert seen.utcoffset() == meant.utcoffset()


def test_a_time_beyond_the_change_of_the_clocks_is_told_by_the_clock_of_that_day():
    """Asked in November: July is in summer time."""
    with machine_in("Europe/Berlin"):
        zone = local_zone()
        assert f"{datetime(2027, 7, 5, 16, tzinfo=UTC).astimezone(zone):%H:%M}" == "18:00"
        assert f"{datetime(2026, 11, 20, 16, tzinfo=UTC).astimezone(zone):%H:%M}" == "17:00"


def test_the_ends_of_time_have_an_offset_too():
    """They stand for "never" and are compared with instants."""
    now = datetime(2026, 11, 20, tzinfo=UTC)
    for name in ZONES:
        with machine_in(name):
            assert datetime.min.replace(tzinfo=local_zone()) < now
            assert now < datetime.max.replace(tzinfo=local_zone())
            assert datetime.max.replace(tzinfo=local_zone()).tzname()


def test_a_zone_is_a_value():
    """The same rules are one zone, others another; it can be copied and is a key."""
    with machine_in("Europe/Berlin"):
        berlin = local_zone()
        assert local_zone() is berlin
        assert copy.deepcopy(berlin) == berlin
        assert {berlin: 1}[copy.copy(berlin)] == 1
    with machine_in("America/Los_Angeles"):
        assert local_zone() != berlin


def test_a_laptop_that_travels_is_noticed():
    """The system was told of another zone while the program ran."""
    with machine_in("Europe/Berlin"):
        noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
        assert noon.astimezone(local_zone()).hour == 13
        os.environ["TZ"] = "America/Los_Angeles"  # nobody calls tzset() for us
        assert noon.astimezone(local_zone()).hour == 4


@pytest.mark.parametrize(
    ("at", "days", "then"),
    [
        ("2026-10-24T06:00", 1, "2026-10-25T07:00"),  # 8:00 in Berlin, and the clocks go back
        ("2026-03-28T07:00", 1, "2026-03-29T06:00"),  # and forward
        ("2026-10-20T06:00", 7, "2026-10-27T07:00"),
        ("2026-11-20T12:00", 3, "2026-11-23T12:00"),
        ("2026-10-24T00:30", 1, "2026-10-25T00:30"),  # 2:30 comes twice: the first one
        ("2026-03-28T01:30", 1, "2026-03-29T01:30"),  # 2:30 does not come: 3:30
    ],
)
def test_a_day_on_it_is_as_late_on_the_wall(at, days, then):
    """Whatever its length in hours."""
    began, meant = (datetime.fromisoformat(one).replace(tzinfo=UTC) for one in (at, then))
    with machine_in("Europe/Berlin"):
        for zone in (local_zone(), ZoneInfo("Europe/Berlin")):
            assert days_on(began, days, zone=zone) == meant
    assert days_on(began, days, zone=UTC) == began + timedelta(days=days)
