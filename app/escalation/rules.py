"""Rules: what is promised to whom, read from rules/sla.toml and the owner's own beside it.

Three promises (first answer, next answer, done), each by priority; policies in the order of the
file say otherwise for some kinds, priorities or customers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from fnmatch import fnmatchcase
from pathlib import Path

import msgspec

from app.domain.assessment import Kind, Priority
from app.domain.deadline import Metric
from app.domain.errors import KnownError
from app.domain.time_text import LONGEST, NOTHING
from app.domain.translation import to_translate, tr
from app.escalation.hours import SHOP
from app.escalation.toml_files import broken, read_toml

FILE = "sla.toml"
PROMISED = (Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE, Metric.RESOLUTION)

_UNITS = {"min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_DURATION = re.compile(r"(?:\d{1,5} ?(?:min|h|d)(?: |$))+")
_PART = re.compile(r"(\d+) ?(min|h|d)")
_HOW = to_translate('Times are written like "45 min", "1 h 30 min" or "2 d".')


class GivenPolicy(msgspec.Struct, forbid_unknown_fields=True):
    """A [[policy]] as it stands in sla.toml; an empty time says nothing about that promise."""

    name: str
    kinds: list[Kind] = []
    priorities: list[Priority] = []
    customers: list[str] = []
    calendar: str = SHOP
    first_response: str = ""
    next_response: str = ""
    resolution: str = ""
    warn: str = ""


class GivenPromises(msgspec.Struct, forbid_unknown_fields=True):
    """The form of sla.toml: times by priority, and the policies in their order."""

    first_response: dict[Priority, str] = {}
    next_response: dict[Priority, str] = {}
    resolution: dict[Priority, str] = {}
    warn: dict[Priority, str] = {}
    policy: list[GivenPolicy] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class SlaPolicy:
    """Promises for some issues. An empty tuple fits all; a target of None promises nothing.

    `customers` are addresses, or patterns with *, in small letters.
    """

    name: str
    targets: Mapping[Metric, timedelta | None]
    kinds: tuple[Kind, ...] = ()
    priorities: tuple[Priority, ...] = ()
    customers: tuple[str, ...] = ()
    calendar: str = SHOP
    warn: timedelta | None = None
    warns: bool = False

    def fits(self, *, kind: Kind, priority: Priority, customer: str) -> bool:
        """Whether it speaks about an issue of this kind and priority of this customer."""
        email = customer.strip().lower()
        return (
            (not self.kinds or kind in self.kinds)
            and (not self.priorities or priority in self.priorities)
            and (not self.customers or any(fnmatchcase(email, one) for one in self.customers))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What one promise comes to for one issue: how long, in which hours, and who says so.

    `warn`: how long before the end somebody is reminded.
    """

    time: timedelta
    calendar: str = SHOP
    policy: str = ""
    warn: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlaRules:
    """What is promised: by priority, and by policies in their order."""

    by_priority: Mapping[Metric, Mapping[Priority, timedelta | None]]
    warn: Mapping[Priority, timedelta | None] = field(default_factory=dict)
    policies: tuple[SlaPolicy, ...] = ()

    @classmethod
    def load(cls, *folders: Path) -> SlaRules:
        """The rules of these folders, a later one over an earlier one, its policies first.

        Raises KnownError naming the file and what in it cannot be used, or the priority for which
        no file has the time of a first answer.
        """
        return cls.of(*((folder / FILE, read_promises(folder)) for folder in folders))

    @classmethod
    def of(cls, *layers: tuple[Path, GivenPromises]) -> SlaRules:
        """The rules that these files say, a later one over an earlier one. Raises as `load`."""
        targets: dict[Metric, dict[Priority, timedelta | None]] = {one: {} for one in PROMISED}
        warn: dict[Priority, timedelta | None] = {}
        policies: tuple[SlaPolicy, ...] = ()
        for path, found in layers:
            for metric in PROMISED:
                targets[metric].update(_times(path, getattr(found, metric.value)))
            warn.update(_times(path, found.warn))
            policies = (*(_policy(path, one) for one in found.policy), *policies)
        _refuse_gaps(targets[Metric.FIRST_RESPONSE])
        return cls(by_priority=targets, warn=warn, policies=policies)

    def target(
        self, metric: Metric, *, kind: Kind, priority: Priority, customer: str
    ) -> Target | None:
        """What is promised about an issue; None where nothing is."""
        for policy in self._fitting(kind, priority, customer):
            if metric in policy.targets:
                time = policy.targets[metric]
                warn = policy.warn if policy.warns else self.warn.get(priority)
                if time is None:
                    return None
                return Target(time=time, calendar=policy.calendar, policy=policy.name, warn=warn)
        time = self.by_priority[metric].get(priority)
        return None if time is None else Target(time=time, warn=self.warn.get(priority))

    def _fitting(self, kind: Kind, priority: Priority, customer: str) -> Iterator[SlaPolicy]:
        for policy in self.policies:
            if policy.fits(kind=kind, priority=priority, customer=customer):
                yield policy


def read_promises(folder: Path) -> GivenPromises:
    """What sla.toml of a folder says; nothing where there is none. Raises KnownError."""
    return read_toml(folder / FILE, GivenPromises, GivenPromises(), hint=_HOW)


def duration(text: str) -> timedelta:
    """The time that "45 min", "1 h 30 min" or "2 d" names; ValueError for anything else."""
    text = " ".join(text.split())
    if not _DURATION.fullmatch(text):
        raise ValueError(text)
    total = sum((int(n) * _UNITS[unit] for n, unit in _PART.findall(text)), timedelta())
    if not timedelta() < total <= LONGEST:
        raise ValueError(text)
    return total


def time_given(path: Path, name: str, text: str) -> timedelta | None:
    """The time that a rule file gives under a name, None for "none". Raises KnownError."""
    if text.strip().lower() == NOTHING:
        return None
    try:
        return duration(text)
    except ValueError as error:
        why = tr('{name} = "{words}" is not a time of at most 90 days', name=name, words=text[:40])
        raise broken(path, why, _HOW) from error


def _times(path: Path, given: Mapping[Priority, str]) -> dict[Priority, timedelta | None]:
    return {priority: time_given(path, priority, text) for priority, text in given.items()}


def _policy(path: Path, given: GivenPolicy) -> SlaPolicy:
    targets: dict[Metric, timedelta | None] = {}
    for metric in PROMISED:
        if text := getattr(given, metric.value):
            targets[metric] = time_given(path, f"{given.name}: {metric.value}", text)
    if not targets:
        raise broken(path, tr("The policy {name} promises nothing", name=given.name), _HOW)
    return SlaPolicy(
        name=given.name,
        targets=targets,
        kinds=tuple(given.kinds),
        priorities=tuple(given.priorities),
        customers=tuple(one.strip().lower() for one in given.customers),
        calendar=given.calendar,
        warn=time_given(path, f"{given.name}: warn", given.warn) if given.warn else None,
        warns=bool(given.warn),
    )


def _refuse_gaps(first: Mapping[Priority, timedelta | None]) -> None:
    missing = [priority for priority in Priority if priority not in first]
    if missing:
        raise KnownError(
            tr("{file} promises nothing for {missing}", file=FILE, missing=missing[0]),
            tr("Each of P1 to P4 needs a time under [first_response]."),
            tr('Add for example {missing} = "24 h".', missing=missing[0]),
        )
