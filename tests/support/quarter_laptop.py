"""A laptop that runs the engine's real parts through a quarter: it sleeps, breaks, and starts anew.

Played are only the outermost edges: the clock, what the servers answer, and the desktop that shows
pop-ups. Every tick does what the engine's threads would have done by then.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from app.alerts.throttle import BUNDLE_REST
from app.config.paths import rules
from app.domain.account import Account, AccountType
from app.domain.alert import Alert, Delivery
from app.domain.assessment import Severity
from app.domain.feed import FeedPlace, Page, Stream
from app.domain.journal import State
from app.engine.intake import Intake
from app.engine.rewording import Rewording
from app.engine.ringer import Ringer
from app.escalation.terms import Terms
from app.storage import accounts, issues
from app.storage.connection import Connection
from tests.support.engine import NOON, Engine
from tests.support.quarter_days import HOUR, Arrival, Quarter, answered

TICK, STORM_TICK = timedelta(minutes=45), timedelta(minutes=5)
MEANWHILE = timedelta(minutes=15)
WATCH_LOOKS = timedelta(seconds=5)
QUIET = "21:00-08:00"
_OFFICE = """
[calendar.shop]
tz = "{zone}"
country = "{country}"
[calendar.shop.hours]
monday = [["09:00", "12:00"], ["13:00", "17:00"]]
tuesday = [["09:00", "12:00"], ["13:00", "17:00"]]
wednesday = [["09:00", "12:00"], ["13:00", "17:00"]]
thursday = [["09:00", "12:00"], ["13:00", "17:00"]]
friday = [["09:00", "15:00"]]
"""


class PowerCut(Exception):
    """The machine went off in the middle of a transaction."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the desktop was given: when, about which issues, and whether it was seen there."""

    at: datetime
    alert: Alert
    shown: bool


@dataclass
class Desk:
    """A desktop that shows pop-ups, refuses them, or goes down without a word."""

    mood: str = "shows"
    now: datetime = NOON
    told: list[Told] = field(default_factory=list)

    def notify(self, alert, delivered) -> None:
        shown = self.mood == "shows"
        self.told.append(Told(at=self.now, alert=alert, shown=shown))
        if self.mood != "dies":
            delivered(alert, Delivery(shown=shown, by="played"))

    def withdraw(self, what: str) -> None:
        pass

    def when_back(self, call) -> None:
        pass

    def stop(self) -> None:
        pass


@dataclass
class Laptop:
    """Lives through a quarter; `told` and `awake` are what happened."""

    quarter: Quarter
    folder: Path
    desk: Desk = field(default_factory=Desk)
    awake: list[datetime] = field(default_factory=list)
    restarts: int = 0
    engine: Engine = field(init=False)

    def __post_init__(self) -> None:
        season = self.quarter.season
        self._chance = random.Random(season.seed + 1)
        # When there is somebody, and what goes wrong, depends on nobody's deeds.
        self._trouble = random.Random(season.seed + 2)
        self._presence = random.Random(season.seed + 3)
        office = _OFFICE.format(zone=season.zone.key, country=season.country)
        (self.folder / "calendar.toml").write_text(office)
        self._terms = Terms.load(rules(), self.folder)
        self._mails = iter(self.quarter.arrivals)
        self._next: Arrival | None = next(self._mails, None)
        self.fetched: list[Arrival] = []
        self._now = season.at(0, 8)
        self._start()

    def live(self) -> None:
        """All of it."""
        for now, wakes in self._moments():
            if not wakes:
                self._look_meanwhile(now)
            self._now = self.desk.now = now
            self.awake.append(now)
            self.engine.clock.at = now
            fault = self._fault(now, wakes)
            if fault == "killed":
                self._again()
            if not wakes and fault != "offline":
                self._fetch(now, cut=fault == "cut")
                if fault != "feed":
                    self._ask_provider(now)
            self._tick()
            self._wait_for_the_next_card()
            self._owner_acts(now)

    def close(self) -> None:
        self.engine.close()

    def _look_meanwhile(self, now: datetime) -> None:
        """The ringer looks every few seconds, and takes a long gap for a sleep."""
        while self._now + MEANWHILE < now:
            self._now += MEANWHILE
            self.engine.clock.at = self.desk.now = self._now
            self._ringer.look()

    def keys(self) -> dict[str, str]:
        """The issue that each matter belongs to by now, by the matter's name."""
        known = [one for one in self.quarter.matters if one.heard_at is not None]

        def find(db: Connection) -> dict[str, str]:
            owners = ((one.name, issues.by_atom(db, (one.atom,))) for one in known)
            return {name: issues.get(db, id_).key for name, id_ in owners if id_ is not None}

        return self.engine.writer.do(find)

    def _again(self) -> None:
        """The engine was killed; another one begins."""
        self.engine.close()
        self.restarts += 1
        self._start()

    def _start(self) -> None:
        """An engine over what the last one left."""
        season = self.quarter.season
        engine = self.engine = Engine(self.folder)
        engine.clock.at = self._now
        engine.settings = replace(engine.settings, quiet_hours=QUIET)
        engine.standing.renew(self._terms)
        engine._next_uid = 1 + len(self.fetched)
        self._provider = self._account(engine)
        self._ringer = Ringer(
            writer=engine.writer,
            notifier=self.desk,
            clock=engine.clock,
            publish=engine.moved.append,
            settings=lambda: engine.settings,
            zone=lambda: season.zone,
            first=engine.ringing.first,
            rewording=Rewording(
                ringing=engine.ringing, disputing=engine.disputing, zone=lambda: season.zone
            ),
        )
        self._intake = Intake(
            standing=engine.standing, ringing=engine.ringing, disputing=engine.disputing
        )

    def _account(self, engine: Engine) -> Account:
        def find(db: Connection) -> Account:
            known = [one for one in accounts.every(db) if one.type is AccountType.STRIPE]
            return (
                known[0]
                if known
                else accounts.add(
                    db,
                    name="Payments",
                    type=AccountType.STRIPE,
                    settings={},
                    secret=None,
                    now=self._now,
                )
            )

        return engine.writer.do(find)

    def _moments(self) -> Iterator[tuple[datetime, bool]]:
        """When somebody could see the screen; True at each waking."""
        season = self.quarter.season
        for day in range(season.days):
            for opens, closes in self._spans(day):
                at, end, wakes = season.at(day, opens), season.at(day, closes), True
                while at < end:
                    yield at, wakes
                    is_storm = season.storm and day == self.quarter.storm_day
                    tick = STORM_TICK if is_storm else TICK
                    at += timedelta(minutes=1) if wakes else tick
                    wakes = False

    def _spans(self, day: int) -> Iterator[tuple[float, float]]:
        if not self.quarter.season.is_working_day(day):
            if self._presence.random() < 0.15:
                yield 10, 11
            return
        yield 8 + self._presence.random() / 2, 18 + self._presence.random()
        if self._presence.random() < 0.2:
            yield 20, 22.5

    def _fault(self, now: datetime, wakes: bool) -> str:
        """What is broken: some days one thing all day, and a fall now and then."""
        day = now.astimezone(self.quarter.season.zone).toordinal()
        self.desk.mood = "refuses" if day % 11 == 3 else "shows"
        if not wakes and self._trouble.random() < 0.006:
            return self._trouble.choice(("killed", "cut"))
        return {1: "offline", 5: "feed", 6: "feed"}.get(day % 13, "")

    def _fetch(self, now: datetime, *, cut: bool) -> None:
        """Whatever lies on the server; where the power fails, it lies there still."""
        fresh: list[Arrival] = []
        while self._next is not None and self._next.at <= now:
            fresh.append(self._next)
            self._next = next(self._mails, None)
        if not fresh:
            return
        if cut:
            self._cut_the_power(fresh)
        for one in fresh:
            self.engine.store(one.raw, at=one.at)
        while self.engine.historian.step_recent():
            pass
        self.fetched += fresh
        heard = {one.message_id for one in fresh}
        for matter in self.quarter.matters:
            if matter.message_id in heard:
                matter.heard_at = now

    def _cut_the_power(self, fresh: list[Arrival]) -> None:
        writer = self.engine.writer
        real = writer.do

        def halfway(fn, **more):
            def work(db: Connection):
                fn(db)
                raise PowerCut

            return real(work, **more)

        writer.do = halfway  # type: ignore[method-assign]
        with suppress(PowerCut):
            self.engine.store(fresh[0].raw, at=fresh[0].at)
        self._again()

    def _ask_provider(self, now: datetime) -> None:
        told = []
        for matter in self.quarter.matters:
            dispute = matter.dispute
            if dispute is None or matter.opened_at > now or matter.over_at is not None:
                continue
            if matter.heard_at is None:
                matter.heard_at = now
                told.append(dispute)
            elif matter.ends_at is not None and matter.ends_at <= now:
                matter.over_at = now
                told.append(answered(dispute, now))
        if not told:
            return
        place = FeedPlace(watermark=now)
        page = Page(stream=Stream.DISPUTES, place=place, disputes=tuple(told), complete=True)
        self.engine.writer.do(lambda db: self._intake.take(db, self._provider, page, now=now))

    def _tick(self) -> None:
        self.engine.watch.look()
        self._ringer.look()

    def _wait_for_the_next_card(self) -> None:
        """The watch looks every few seconds: what was kept back beside a card rings soon after it,
        and not only when the clock here moves on."""
        later = self._now + BUNDLE_REST + WATCH_LOOKS
        if self.engine.ringing.is_due(later):
            self._now = self.desk.now = self.engine.clock.at = later
            self._tick()

    def _owner_acts(self, now: datetime) -> None:
        """Now and then takes what rang, puts everyday mail away, and closes some claims in time."""
        if self._chance.random() >= self.quarter.season.acts:
            return
        engine, keys = self.engine, self.keys()
        for matter in self.quarter.matters:
            mine = matter.dispute is None and matter.over_at is None and matter.heard_at is not None
            if mine and matter.ends_at is not None and matter.ends_at <= now:
                matter.over_at = now
                engine.desk.resolve(keys[matter.name])
        for key in self._rang_lately(now) - set(keys.values()):
            engine.desk.acknowledge(key)
        pressing, done = set(keys.values()), 0
        for row in engine.rows("open"):
            if row.key not in pressing and row.severity is not Severity.CRITICAL:
                done += 1
                if done <= 25:
                    engine.desk.resolve(row.key)
            elif row.state is State.NEW and self._chance.random() < 0.1:
                engine.desk.acknowledge(row.key)
            elif self._chance.random() < 0.02:
                engine.desk.snooze(row.key, (now + 30 * HOUR).isoformat())

    def _rang_lately(self, now: datetime) -> set[str]:
        """What a pop-up about one issue told of in the last two hours, and nobody took yet."""
        told = [one for one in self.desk.told if now - one.at <= 2 * HOUR and one.shown]
        keys = {one.alert.issue_keys[0] for one in told if len(one.alert.issue_keys) == 1}
        new = {row.key for row in self.engine.rows("open") if row.state is State.NEW}
        return keys & new
