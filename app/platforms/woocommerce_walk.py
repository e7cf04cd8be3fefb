"""WooCommerce walk: how far the orders of a shop were read, as it is kept between two runs.

A run has its time, and a bulk edit changes more orders within a minute than it can read: so a walk
that is not over goes on at the very order at which it stopped.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from app.domain.clock import rfc3339
from app.domain.feed import FeedPlace
from app.platforms.reading import moment, table, text, whole

BACKFILL = timedelta(days=60)
OVERLAP = timedelta(seconds=60)
_SECOND = timedelta(seconds=1)
_MOST_BY_NAME = 400  # an address that names more is refused by many hosts
# What every shop has; the others are a plug-in's.
STATUSES = ("pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """A walk along the instants of change: what changed after `lower`, but for those in `seen`.

    `reached`: the latest change that it met. `began_at`: by the shop's clock. `until`: what changed
    before is history. `statuses`: only orders of these; of all where none is named. `deep`: how far
    a crowded second was read along the numbers of its orders.
    """

    lower: datetime
    reached: datetime
    began_at: datetime
    until: datetime | None = None
    seen: Mapping[int, datetime] = field(default_factory=dict)
    statuses: tuple[str, ...] = ()
    deep: int = 0

    @property
    def is_crowded(self) -> bool:
        """Whether its last second holds more orders than can be left out by name: a plug-in, or an
        import, touched all of them at once."""
        return len(self.seen) > _MOST_BY_NAME

    @property
    def beyond(self) -> datetime:
        """The end of its last second."""
        return self.reached + _SECOND

    def deeper(self, deep: int, *, is_through: bool) -> Walk:
        """The walk at this place of its crowded second, or behind that."""
        if is_through:
            return replace(self, lower=self.reached, seen={}, deep=0)
        return replace(self, deep=deep)

    def after(self, met: Iterable[tuple[int, datetime]]) -> Walk:
        """The walk behind these orders. `modified_after` is of whole seconds and strictly later, so
        the last second is asked for once more, without those of it that were seen."""
        seen = {**self.seen, **dict(met)}
        reached = max((self.reached, *seen.values()))
        lower = max(self.lower, reached - _SECOND)
        kept = {number: at for number, at in seen.items() if at > lower}
        is_past = self.until is not None and reached <= self.until
        until = self.until if is_past else None
        return replace(self, lower=lower, reached=reached, seen=kept, until=until)

    def written(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "lower": rfc3339(self.lower),
            "reached": rfc3339(self.reached),
            "began_at": rfc3339(self.began_at),
            "until": rfc3339(self.until) if self.until else "",
            "seen": {str(number): rfc3339(at) for number, at in self.seen.items()},
            "statuses": list(self.statuses),
            "deep": self.deep,
        }

    @classmethod
    def read(cls, told: object) -> Walk | None:
        """The walk that was written; None where there is none."""
        values = table(told)
        lower, reached = moment(values.get("lower")), moment(values.get("reached"))
        began_at = moment(values.get("began_at"))
        if lower is None or reached is None or began_at is None:
            return None
        seen = ((whole(one), moment(at)) for one, at in table(values.get("seen")).items())
        return cls(
            lower=lower,
            reached=reached,
            began_at=began_at,
            until=moment(values.get("until")),
            seen={one: at for one, at in seen if at is not None},
            statuses=tuple(map(text, values.get("statuses") or ())),
            deep=whole(values.get("deep")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """All that is kept: the walk that is under way, the one that makes up for statuses that were
    not known before, the statuses that are known, how far the look at watched orders got, and of
    which shop all of this is."""

    walk: Walk | None = None
    behind: Walk | None = None
    statuses: tuple[str, ...] = ()
    looked: int = 0
    shop: str = ""

    def knowing(self, statuses: Sequence[str], *, now: datetime) -> Progress:
        """The same, where an order can have these statuses: what has one that was not known was
        never told, and may lie behind us."""
        before = self.statuses or STATUSES
        new = [one for one in statuses if one not in before]
        if self.behind is not None:
            new += [one for one in self.behind.statuses if one in statuses and one not in new]
        behind = self.behind
        if behind is None or set(new) != set(behind.statuses):
            start = replace(fresh_walk(FeedPlace(), now=now), statuses=tuple(new))
            behind = start if new else None
        return replace(self, behind=behind, statuses=tuple(statuses))

    def written(self) -> str:
        """As text, for the place of the stream."""
        told: dict[str, Any] = {"statuses": list(self.statuses), "shop": self.shop}
        if self.walk is not None:
            told["walk"] = self.walk.written()
        if self.behind is not None:
            told["behind"] = self.behind.written()
        if self.looked:
            told["looked"] = self.looked
        return json.dumps(told)

    @classmethod
    def read(cls, place: FeedPlace) -> Progress:
        """What was written. An earlier version wrote only until when all is history."""
        try:
            told = table(json.loads(place.cursor or "{}"))
        except ValueError:
            return cls(walk=_earlier(place))
        return cls(
            walk=Walk.read(told.get("walk")),
            behind=Walk.read(told.get("behind")),
            statuses=tuple(map(text, told.get("statuses") or ())),
            looked=whole(told.get("looked")),
            shop=text(told.get("shop")),
        )


def _earlier(place: FeedPlace) -> Walk | None:
    until = moment(place.cursor)
    if until is None or place.watermark is None or place.backfilled:
        return None
    lower = place.watermark - OVERLAP
    return Walk(lower=lower, reached=place.watermark, began_at=until, until=until)


def fresh_walk(place: FeedPlace, *, now: datetime) -> Walk:
    """A new walk from where all is known, a little earlier; the first goes through the past."""
    now = now.replace(microsecond=0)
    if place.watermark is None:
        return Walk(lower=now - BACKFILL, reached=now - BACKFILL, began_at=now, until=now)
    return Walk(lower=place.watermark - OVERLAP, reached=place.watermark, began_at=now)


def walked(place: FeedPlace, walk: Walk) -> FeedPlace:
    """The place when a walk is over. What was read in the very second of its change may have
    changed again in it, so nothing is known for sure from the walk's beginning on."""
    known = min(walk.reached, walk.began_at)
    watermark = known if place.watermark is None else max(place.watermark, known)
    return replace(place, watermark=watermark, backfilled=True)
