"""A clock-warped quarter: no date of others passes untold, and nobody is rung to death.

Real parts of the engine over a real file live through 92 days around a night of 25 hours, and six
weeks around one of 23, on a laptop that sleeps at night and on weekends. Some days the mailbox or
the provider cannot be reached, the desktop refuses pop-ups, or the engine is killed, at times in a
transaction. The owner leaves two of three disputes and claims alone: the alerts are for those.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.domain.deadline import Metric
from app.storage import alerts, deadlines
from app.storage.codec import EPOCH
from app.storage.connection import Connection
from tests.support.quarter_days import DAY, DAYS, HOUR, Quarter, Season
from tests.support.quarter_laptop import Laptop
from tests.support.quarter_told import AHEAD, Lived

pytestmark = pytest.mark.timeout(600)
SEASONS = (
    Season(zone=ZoneInfo("Europe/Berlin"), country="DE", first=date(2026, 9, 1)),
    Season(  # six weeks around the short night
        zone=ZoneInfo("Europe/London"),
        country="GB",
        first=date(2027, 3, 8),
        days=42,
        mails=160,
        disputes=35,
        claims=20,
        seed=11,
    ),
)
STORM = Season(
    zone=ZoneInfo("Europe/Berlin"),
    country="DE",
    first=date(2026, 10, 12),
    days=2,
    mails=10,
    disputes=2,
    claims=0,
    storm=800,
    acts=0.8,
)


def _lived_once(season: Season) -> Any:
    """All facts of a season are asked where it was lived: once, in one process."""
    name = season.zone.key
    return pytest.param(season, id=name, marks=pytest.mark.xdist_group(name))


@pytest.fixture(scope="module", params=[_lived_once(one) for one in SEASONS])
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
    season = lived.quarter.season
    share = season.days / DAYS
    assert len(open_ones) >= 45 * share
    assert len(slept) >= 40 * share
    assert len(over_asleep) >= 5 * share
    assert len(late) >= 10 * share
    assert len(refused) >= 5 * share
    assert lived.laptop.restarts >= 3 * share
    zone = season.zone
    offsets = {at.astimezone(zone).utcoffset() for at in lived.laptop.awake}
    assert len(offsets) == 2


def test_the_engines_dates_are_the_true_ones(lived):
    """By the providers' own instants, and by days counted here."""
    clocks = (Metric.PROVIDER_CLOCK, Metric.LEGAL_CLOCK)

    owners = lived.owners

    def planned(db: Connection) -> dict[str, set[datetime]]:
        return {
            name: {one.planned_at for one in deadlines.of_issue(db, id_) if one.metric in clocks}
            for name, id_ in owners.items()
        }

    known = lived.laptop.engine.writer.do(planned)
    wrong = [
        (one.name, one.due_at, known.get(one.name))
        for one in lived.quarter.matters
        if one.heard_at is not None and one.due_at not in known.get(one.name, ())
    ]
    assert wrong == []


def test_a_storm_day_is_at_most_two_pop_ups_in_a_hundred_events(tmp_path):
    """The owner takes most of what rang; each of the six who were hurt rings by itself."""
    laptop = Laptop(Quarter.of(STORM), tmp_path)
    laptop.live()
    lived = Lived(laptop)
    events, shown = lived.storm_day()
    assert events >= 800
    assert shown <= events * 0.02
    assert lived.silent() == []
    laptop.close()


def test_every_grave_mail_is_rung_for(lived):
    """Each by itself or on a card that takes it in, storm or not."""
    assert len(lived.placed) == len(lived.laptop.fetched)  # nothing was lost on the way
    assert lived.silent() == []


def test_nothing_waits_to_be_shown_in_the_end(lived):
    """Every alert was handed to the desktop or stands on a card, whatever broke on the way."""
    every = lived.laptop.engine.writer.do(lambda db: alerts.recent(db, EPOCH))
    waiting = [one.title for one in every if one.state == "queued"]
    assert waiting == []
