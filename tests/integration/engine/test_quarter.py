"""A clock-warped quarter: no date of others passes untold, and nobody is rung to death.

Real parts of the engine over a real file live through 92 days in which a night has 23 or 25 hours,
on a laptop that sleeps at night and on weekends. Some days the mailbox or the provider cannot be
reached, the desktop refuses pop-ups, or the engine is killed, at times in a transaction. The owner
leaves two of three disputes and claims alone, which is what the alerts are for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import pytest

from app.domain.deadline import Metric
from app.storage import alerts, deadlines, issues, messages
from app.storage.codec import EPOCH
from app.storage.database import Connection
from tests.support.quarter_days import DAY, HOUR, Matter, Quarter, Season
from tests.support.quarter_laptop import TICK, Laptop

AHEAD = (72 * HOUR, 24 * HOUR, 0 * HOUR)
SETTLES = timedelta(minutes=2)  # after waking, until the mailboxes were looked into
SEASONS = (
    Season(zone=ZoneInfo("Europe/Berlin"), country="DE", first=date(2026, 9, 1)),
    Season(zone=ZoneInfo("Europe/London"), country="GB", first=date(2027, 2, 1), seed=11),
)


@dataclass
class Lived:
    """A quarter that is over, and what its owner was told."""

    laptop: Laptop

    @property
    def quarter(self) -> Quarter:
        return self.laptop.quarter

    @cached_property
    def rung(self) -> dict[int, list[datetime]]:
        """When each issue was told of, on a card of its own or with others."""

        def find(db: Connection) -> dict[int, list[datetime]]:
            found: dict[int, list[datetime]] = {}
            for one in self.laptop.desk.told:
                for key in one.alert.issue_keys:
                    found.setdefault(issues.by_key(db, key), []).append(one.at)
            return found

        return self.laptop.engine.writer.do(find)

    @cached_property
    def owners(self) -> dict[str, int]:
        """The issue of each dispute and claim."""
        keys = self.laptop.keys()
        return self.laptop.engine.writer.do(
            lambda db: {name: issues.by_key(db, key) for name, key in keys.items()}
        )

    def next_look(self, at: datetime) -> datetime | None:
        """The first moment from `at` on at which the machine was awake."""
        place = bisect_left(self.laptop.awake, at)
        return self.laptop.awake[place] if place < len(self.laptop.awake) else None

    def is_quiet(self, at: datetime) -> bool:
        """Whether it lies in the owner's quiet hours, 21:00 to 08:00."""
        hour = at.astimezone(self.quarter.season.zone).hour
        return hour >= 21 or hour < 8

    def told_by(self, matter: Matter, ahead: timedelta) -> tuple[datetime, datetime] | None:
        """From when and until when somebody must be told so long ahead; None where nobody need be.

        A mark that the laptop slept through, or that passed before it could know of the matter,
        counts from its next look. What does not pass quiet hours waits for their end; then an hour
        full of alerts, or three in ten minutes, may hold it back, and the mailboxes are read first.
        """
        if matter.heard_at is None:
            return None
        since = self.next_look(max(matter.due_at - ahead, matter.heard_at))
        loud = since
        if ahead > DAY:
            while loud is not None and self.is_quiet(loud):
                loud = self.next_look(loud + timedelta(minutes=1))
        if since is None or loud is None:
            return None
        until = loud + (SETTLES + TICK if ahead == DAY else HOUR + TICK)
        if matter.over_at is not None and matter.over_at <= until:
            return None
        return since, until

    def untold(self, matter: Matter) -> list[str]:
        """The marks of a matter at which nobody was told."""
        rung = self.rung.get(self.owners.get(matter.name, 0), [])
        missed = []
        for ahead in AHEAD:
            span = self.told_by(matter, ahead)
            if span is not None and not any(span[0] <= at <= span[1] for at in rung):
                hours = ahead / HOUR
                missed.append(f"{matter.name} {hours:.0f} h before {matter.due_at}: {span}")
        return missed


@pytest.fixture(scope="module", params=SEASONS, ids=lambda one: one.zone.key)
def lived(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lived]:
    laptop = Laptop(Quarter.of(request.param), tmp_path_factory.mktemp("quarter"))
    laptop.live()
    yield Lived(laptop)
    laptop.close()


def test_no_date_of_others_passes_without_a_tap_at_72_and_24_hours_and_at_its_end(lived):
    """Of each dispute and claim, from the first moment at which the machine was awake.

    Where it slept through a mark, that is at waking: before the date if it woke before it.
    """
    missed = [line for one in lived.quarter.matters for line in lived.untold(one)]
    assert missed == []


def test_the_quarter_really_had_what_it_is_about(lived):
    """Else the other facts would be cheap: marks slept through, late news, kills, a long night."""
    told = [one for one in lived.quarter.matters if one.heard_at is not None]
    open_ones = [one for one in told if one.over_at is None]
    slept = [
        one
        for one in open_ones
        for ahead in AHEAD
        if (at := lived.next_look(one.due_at - ahead)) and at > one.due_at - ahead + HOUR
    ]
    over_asleep = [one for one in open_ones if lived.next_look(one.due_at - DAY) > one.due_at]
    late = [one for one in told if one.heard_at - one.opened_at > 12 * HOUR]
    refused = [one for one in lived.laptop.desk.told if not one.shown]
    assert len(open_ones) >= 60
    assert len(slept) >= 50
    assert len(over_asleep) >= 5
    assert len(late) >= 10
    assert len(refused) >= 10
    assert lived.laptop.restarts >= 5
    zone = lived.quarter.season.zone
    offsets = {at.astimezone(zone).utcoffset() for at in lived.laptop.awake}
    assert len(offsets) == 2


def test_the_engines_dates_are_the_true_ones(lived):
    """By the providers' own instants, and by days counted here."""
    clocks = (Metric.PROVIDER_CLOCK, Metric.LEGAL_CLOCK)

    def planned(db: Connection) -> dict[str, set[datetime]]:
        return {
            name: {one.planned_at for one in deadlines.of_issue(db, id_) if one.metric in clocks}
            for name, id_ in lived.owners.items()
        }

    known = lived.laptop.engine.writer.do(planned)
    wrong = [
        (one.name, one.due_at, known.get(one.name))
        for one in lived.quarter.matters
        if one.heard_at is not None and one.due_at not in known.get(one.name, ())
    ]
    assert wrong == []


def test_a_storm_day_is_at_most_two_pop_ups_in_a_hundred_events(lived):
    zone, day = lived.quarter.season.zone, lived.quarter.storm_day
    wanted = lived.quarter.season.first + timedelta(days=day)
    events = [one for one in lived.quarter.arrivals if one.at.astimezone(zone).date() == wanted]
    shown = [one for one in lived.laptop.desk.told if one.at.astimezone(zone).date() == wanted]
    assert len(events) >= 500
    assert len(shown) <= len(events) * 0.02


def test_every_grave_mail_is_rung_for(lived):
    """Each by itself or on a card that takes it in, storm or not."""

    def issue_of(db: Connection) -> dict[str, int]:
        return messages.issues_of(db, [one.message_id[1:-1] for one in lived.quarter.arrivals])

    placed = lived.laptop.engine.writer.do(issue_of)
    assert len(placed) == len(lived.quarter.arrivals)  # nothing was lost on the way
    silent = [
        one.message_id
        for one in lived.quarter.arrivals
        if one.urgent and placed[one.message_id[1:-1]] not in lived.rung
    ]
    assert silent == []


def test_nothing_waits_to_be_shown_in_the_end(lived):
    """Every alert was handed to the desktop or stands on a card, whatever broke on the way."""
    every = lived.laptop.engine.writer.do(lambda db: alerts.recent(db, EPOCH))
    waiting = [one.title for one in every if one.state == "queued"]
    assert waiting == []
