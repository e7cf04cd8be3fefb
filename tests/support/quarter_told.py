"""What the owner of a laptop was told in a quarter, beside what had to be told by when."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from app.storage import issues, messages
from app.storage.connection import Connection
from tests.support.quarter_days import DAY, HOUR, Matter, Quarter
from tests.support.quarter_laptop import TICK, Laptop

AHEAD = (72 * HOUR, 24 * HOUR, 0 * HOUR)
SETTLES = timedelta(minutes=2)  # after waking, until the mailboxes were looked into


@dataclass
class Lived:
    """A quarter that is over, and what its owner was told."""

    laptop: Laptop

    @property
    def quarter(self) -> Quarter:
        return self.laptop.quarter

    @cached_property
    def rung(self) -> frozenset[int]:
        """The issues that were told of, each on a card of its own or with others."""
        return frozenset(self._keys_of)

    @cached_property
    def _keys_of(self) -> dict[int, list[str]]:
        """All keys under which an issue was told of."""

        def find(db: Connection) -> dict[int, list[str]]:
            found: dict[int, list[str]] = {}
            for key in {key for one in self.laptop.desk.told for key in one.alert.issue_keys}:
                found.setdefault(issues.by_key(db, key), []).append(key)
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

    @cached_property
    def placed(self) -> dict[str, int]:
        """The issue of every mail, by its Message-ID."""
        names = [one.message_id[1:-1] for one in self.quarter.arrivals]
        return self.laptop.engine.writer.do(lambda db: messages.issues_of(db, names))

    def silent(self) -> list[str]:
        """The grave mails of which nobody was told."""
        return [
            one.message_id
            for one in self.laptop.fetched
            if one.urgent and self.placed.get(one.message_id[1:-1]) not in self.rung
        ]

    def storm_day(self) -> tuple[int, int]:
        """How much arrived on the day of the storm, and how many pop-ups there were."""
        zone = self.quarter.season.zone
        wanted = self.quarter.season.first + timedelta(days=self.quarter.storm_day)
        came = [one for one in self.quarter.arrivals if one.at.astimezone(zone).date() == wanted]
        told = [one for one in self.laptop.desk.told if one.at.astimezone(zone).date() == wanted]
        return len(came), len(told)

    def named(self, matter: Matter) -> list[datetime]:
        """When it was told of so that it could be read: by itself, or by name beside others."""
        keys = set(self._keys_of.get(self.owners.get(matter.name, 0), ()))
        said = re.compile(rf"\b{re.escape(matter.said)}\b")
        return [
            one.at
            for one in self.laptop.desk.told
            if (len(one.alert.issue_keys) == 1 or said.search(one.alert.body))
            and not keys.isdisjoint(one.alert.issue_keys)
        ]

    def untold(self, matter: Matter) -> list[str]:
        """The marks of a matter at which nobody was told."""
        rung = self.named(matter)
        missed = []
        for ahead in AHEAD:
            span = self.told_by(matter, ahead)
            if span is not None and not any(span[0] <= at <= span[1] for at in rung):
                hours = ahead / HOUR
                missed.append(f"{matter.name} {hours:.0f} h before {matter.due_at}: {span}")
        return missed
