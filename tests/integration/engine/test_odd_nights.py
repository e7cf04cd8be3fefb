"""Nights on which the clock is changed: every rung of a ladder at its minute, to who is on call.

The expected instants were worked out by hand from the zones' published changes:
Berlin 29 March (2:00 becomes 3:00, 01:00Z) and 25 October 2026 (3:00 becomes 2:00, 01:00Z);
New York 8 March (2:00 becomes 3:00, 07:00Z) and 1 November (2:00 becomes 1:00, 06:00Z);
Cairo, on a weekday, 24 April (0:00 becomes 1:00, 22:00Z of the 23rd) and 29 October (24:00 becomes
23:00, 21:00Z).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from app.config.paths import rules
from app.config.secrets import SecretBox
from app.domain.clock import instant
from app.domain.contact import ChannelKind
from app.engine.calling import Calling
from app.engine.escalating import Escalating
from app.escalation.roster import Rotation
from app.escalation.terms import Terms
from app.storage import climbs, contacts, issues
from tests.support.engine import Engine, an_engine
from tests.support.ringing import an_injury

LOOKS_EVERY = timedelta(minutes=1)
LADDER = """
[[policy]]
name = "Critical"
severities = ["critical"]
repeat = 1
working = [{ after = "20 min", whom = ["on_call"] }]
night = [
  { after = "40 min", whom = ["on_call"] },
  { after = "1 h 5 min", whom = ["on_call"] },
  { after = "opening + 15 min", whom = ["everyone"] },
]
weekend = [
  { after = "1 h", whom = ["on_call"] },
  { after = "50 min", whom = ["on_call"] },
  { after = "opening + 15 min", whom = ["everyone"] },
]
"""
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, kw_only=True)
class OddNight:
    """A mail comes at `heard`; Ada is on call until `handoff` of the day after `ada_from`, then
    Ben; `told` is who must be told when, by the universal clock."""

    zone: str
    ada_from: date
    handoff: time
    heard: str
    told: tuple[tuple[str, str], ...]


def _rungs(*instants: str) -> tuple[tuple[str, str], ...]:
    """First Ada, after the hand-over Ben, at the opening both, and by day Ben again."""
    first, second, opening, by_day = instants
    return ((first, "Ada"), (second, "Ben"), (opening, "Ada"), (opening, "Ben"), (by_day, "Ben"))


NIGHTS = {
    "Berlin in spring, handed over at an hour that is skipped": OddNight(
        zone="Europe/Berlin",
        ada_from=date(2026, 3, 28),
        handoff=time(2, 30),
        heard="2026-03-28T23:20:00Z",  # Sunday 0:20
        told=_rungs(
            "2026-03-29T00:20:00Z",  # 1:20
            "2026-03-29T01:10:00Z",  # 3:10, ten minutes after the clock skipped 2:30
            "2026-03-29T07:15:00Z",  # 9:15 by summer time
            "2026-03-29T07:35:00Z",
        ),
    ),
    "Berlin in autumn, handed over at an hour that comes twice": OddNight(
        zone="Europe/Berlin",
        ada_from=date(2026, 10, 24),
        handoff=time(2, 30),
        heard="2026-10-24T23:20:00Z",  # Sunday 1:20
        told=_rungs(
            "2026-10-25T00:20:00Z",  # 2:20 for the first time
            "2026-10-25T01:10:00Z",  # 2:10 for the second time: Ben keeps it
            "2026-10-25T08:15:00Z",  # 9:15 by winter time
            "2026-10-25T08:35:00Z",
        ),
    ),
    "New York in spring": OddNight(
        zone="America/New_York",
        ada_from=date(2026, 3, 7),
        handoff=time(2, 30),
        heard="2026-03-08T05:20:00Z",
        told=_rungs(
            "2026-03-08T06:20:00Z",  # 1:20
            "2026-03-08T07:10:00Z",  # 3:10
            "2026-03-08T13:15:00Z",  # 9:15 by summer time
            "2026-03-08T13:35:00Z",
        ),
    ),
    "New York in autumn": OddNight(
        zone="America/New_York",
        ada_from=date(2026, 10, 31),
        handoff=time(1, 30),
        heard="2026-11-01T04:20:00Z",
        told=_rungs(
            "2026-11-01T05:20:00Z",  # 1:20 for the first time
            "2026-11-01T06:10:00Z",  # 1:10 for the second time
            "2026-11-01T14:15:00Z",  # 9:15 by winter time
            "2026-11-01T14:35:00Z",
        ),
    ),
    "Cairo in spring, on a weekday, by the steps of a night": OddNight(
        zone="Africa/Cairo",
        ada_from=date(2026, 4, 23),
        handoff=time(0, 30),
        heard="2026-04-23T20:20:00Z",  # Thursday 22:20
        told=_rungs(
            "2026-04-23T21:00:00Z",  # 23:00
            "2026-04-23T22:05:00Z",  # Friday 1:05, five minutes after the clock skipped 0:30
            "2026-04-24T06:15:00Z",  # 9:15 by summer time
            "2026-04-24T06:35:00Z",
        ),
    ),
    "Cairo in autumn, on a weekday, by the steps of a night": OddNight(
        zone="Africa/Cairo",
        ada_from=date(2026, 10, 28),
        handoff=time(23, 30),
        heard="2026-10-29T19:20:00Z",  # Thursday 22:20
        told=_rungs(
            "2026-10-29T20:00:00Z",  # 23:00 for the first time
            "2026-10-29T21:05:00Z",  # 23:05 for the second time
            "2026-10-30T07:15:00Z",  # 9:15 by winter time
            "2026-10-30T07:35:00Z",
        ),
    ),
}


@contextmanager
def _escalating(folder: Path, night: OddNight) -> Iterator[tuple[Engine, Escalating]]:
    """Ada and Ben take turns of a day; the shop works from 9 to 17 every day."""
    hours = "\n".join(f'{day} = [["09:00", "17:00"]]' for day in DAYS)
    (folder / "calendar.toml").write_text(
        f'[calendar.shop]\ntz = "{night.zone}"\n[calendar.shop.hours]\n{hours}\n'
    )
    (folder / "escalation.toml").write_text(LADDER)
    terms = Terms.load(rules(), folder)
    with an_engine(folder) as engine:
        engine.clock.at = instant(night.heard)
        engine.standing.renew(terms)
        calling = Calling(
            writer=engine.writer,
            connections=engine.connections,
            secrets=SecretBox("profile-1"),
            settings=lambda: engine.settings,
            clock=engine.clock,
            zone=lambda: UTC,
        )
        engine.writer.do(lambda db: _take_turns(db, night))
        yield (
            engine,
            Escalating(
                writer=engine.writer,
                calling=calling,
                terms=lambda: terms,
                clock=engine.clock,
                publish=engine.moved.append,
            ),
        )


def _take_turns(db, night: OddNight) -> None:
    for name in ("Ada", "Ben"):
        id_ = contacts.add(db, name, hours=None, now=instant(night.heard))
        contacts.add_channel(db, id_, ChannelKind.DESKTOP, "", None)
    turns = Rotation(members=("Ada", "Ben"), starts=night.ada_from, days=1, handoff=night.handoff)
    contacts.keep_roster(db, turns)


def _told(engine: Engine) -> list[tuple[datetime, str]]:
    key = engine.only_key()
    calls = engine.writer.do(lambda db: climbs.calls_of(db, issues.by_key(db, key)))
    return sorted((one.at, one.contact) for one in calls)


@pytest.mark.parametrize("night", NIGHTS.values(), ids=NIGHTS.keys())
def test_every_rung_is_told_at_its_minute_to_who_is_on_call(
    night: OddNight, tmp_path: Path
) -> None:
    """Looked at every minute from the mail to an hour after the last rung; nothing else is told."""
    with _escalating(tmp_path, night) as (engine, escalating):
        engine.receive(an_injury())
        end = instant(night.told[-1][0]) + timedelta(hours=1)
        while engine.clock.at <= end:
            escalating.step()
            engine.clock.at += LOOKS_EVERY
        assert _told(engine) == [(instant(at), name) for at, name in night.told]
