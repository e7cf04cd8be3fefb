"""PromiseDesk: the verbs by which the owner says what is promised, and sees what that would do.

What is said goes into the profile's own rules/sla.toml: only what differs from the shipped rules,
so that a better one of ours still arrives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from app.domain import time_text
from app.domain.assessment import Priority
from app.domain.changes import Changes
from app.domain.deadline import Metric
from app.domain.errors import Refused
from app.domain.translation import to_translate, tr
from app.engine.desk import Verb
from app.engine.effect import Effect
from app.engine.own_rules import OwnRules, set_policies, set_table
from app.escalation.rules import (
    FILE,
    PROMISED,
    GivenPolicy,
    GivenPromises,
    SlaRules,
    read_promises,
)
from app.escalation.terms import Terms

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

_WARN = "warn"
_TIMES = (*(metric.value for metric in PROMISED), _WARN)
_WORDS = {
    Metric.FIRST_RESPONSE.value: to_translate("First answer"),
    Metric.NEXT_RESPONSE.value: to_translate("Next answer"),
    Metric.RESOLUTION.value: to_translate("Done"),
    _WARN: to_translate("Reminder"),
}
_MOST_NAME = 80
_MANY = 200

Times = Mapping[str, Mapping[str, str]]


class Wanted(msgspec.Struct, forbid_unknown_fields=True):
    """What a desk hands over: times by promise and priority, and special promises in order."""

    times: dict[str, dict[str, str]]
    policies: list[GivenPolicy] = []


@dataclass(frozen=True, slots=True)
class _Stands:
    """The promises of some rule files laid over each other, as people write them."""

    times: Times
    policies: tuple[GivenPolicy, ...]

    def plain(self) -> dict[str, Any]:
        """As a desk gets it."""
        return {
            "times": {name: dict(times) for name, times in self.times.items()},
            "policies": [msgspec.to_builtins(one) for one in self.policies],
        }


class PromiseDesk:
    """Reads, checks, tries and keeps what is promised."""

    def __init__(
        self,
        *,
        shipped: Sequence[Path],
        own: OwnRules,
        present: Callable[[], Terms],
        effect: Effect,
    ) -> None:
        """`shipped` are the folders of rules below the owner's own."""
        self._shipped = tuple(shipped)
        self._own = own
        self._present = present
        self._effect = effect

    def verbs(self) -> dict[str, Verb]:
        """The verbs by the names that desks use."""
        return {
            "promises": self.promises,
            "check_promises": self.check,
            "promises_effect": self.effect,
            "set_promises": self.set,
            "revert_promises": self.revert,
        }

    def promises(self) -> dict[str, Any]:
        """What is promised now, what we ship, and the file in which the owner's own stands."""
        stands, shipped = self._stands(), self._read(self._shipped)
        return {
            **stands.plain(),
            "shipped": shipped.plain(),
            "changed": stands != shipped,
            "calendars": list(self._present().calendars.by_name),
            "file": str(self._own.folder / FILE),
        }

    def check(self, promises: Mapping[str, Any]) -> dict[str, Any]:
        """The promises as they would be kept; nothing is. Raises the error that `set` would."""
        return _Stands(*self._understood(promises)).plain()

    def effect(self, promises: Mapping[str, Any]) -> dict[str, Any]:
        """What these promises would do to what is open. Raises as `check`."""
        wanted = _Stands(*self._understood(promises))
        given = GivenPromises(**_by_priority(wanted.times), policy=list(wanted.policies))
        sla = SlaRules.of((self._own.folder / FILE, given))
        return self._effect.of(replace(self._present(), sla=sla))

    def set(self, promises: Mapping[str, Any]) -> dict[str, Any]:
        """Keep these promises; `before` is what `set` needs to take it back.

        Raises Refused or KnownError for what cannot be used; nothing is changed then.
        """
        before = self._stands()
        wanted, shipped = _Stands(*self._understood(promises)), self._read(self._shipped)
        own = wanted.policies
        if own == shipped.policies:
            own = ()

        def edit(document: TOMLDocument) -> None:
            for name in _TIMES:
                theirs = shipped.times[name]
                fresh = wanted.times[name]
                set_table(document, name, {p: t for p, t in fresh.items() if theirs.get(p) != t})
            set_policies(document, [_written(one) for one in own])

        self._own.change(FILE, edit)
        return {**self.promises(), "before": before.plain(), "changes": Changes().as_dict()}

    def revert(self) -> dict[str, Any]:
        """Promise what we ship; the owner's own special promises go too. `before` takes it back."""
        return self.set(self._read(self._shipped).plain())

    def _stands(self) -> _Stands:
        return self._read((*self._shipped, self._own.folder))

    def _read(self, folders: Sequence[Path]) -> _Stands:
        times: dict[str, dict[str, str]] = {name: {} for name in _TIMES}
        policies: tuple[GivenPolicy, ...] = ()
        for folder in folders:
            found = read_promises(folder)
            for name in _TIMES:
                given: Mapping[Priority, str] = getattr(found, name)
                times[name] |= {p.value: time_text.written(text) for p, text in given.items()}
            fresh = {one.name for one in found.policy}
            kept = (one for one in policies if one.name not in fresh)
            policies = (*(_canonical(one) for one in found.policy), *kept)
        return _Stands(times, policies)

    def _understood(self, promises: Mapping[str, Any]) -> tuple[Times, tuple[GivenPolicy, ...]]:
        try:
            wanted = msgspec.convert(dict(promises), Wanted)
        except msgspec.ValidationError as error:
            raise Refused(tr("These promises cannot be used"), f"{error}.") from error
        times = {name: _row(name, wanted.times.get(name, {})) for name in _TIMES}
        policies = tuple(_policy(one) for one in wanted.policies)
        names = [one.name.casefold() for one in policies]
        for one in policies:
            if names.count(one.name.casefold()) > 1:
                raise Refused(
                    tr("Two special promises are called {name}", name=one.name),
                    tr("Rename one of them"),
                )
            if one.calendar not in self._present().calendars.by_name:
                raise Refused(
                    tr(
                        "{name}: there are no hours called {calendar}",
                        name=one.name,
                        calendar=one.calendar,
                    )
                )
        return times, policies


def _row(name: str, given: Mapping[str, str]) -> dict[str, str]:
    return {
        priority.value: _time(
            f"{tr(_WORDS[name])}, {priority.value}", given.get(priority.value, "")
        )
        for priority in Priority
    }


def _time(where: str, text: str) -> str:
    try:
        return time_text.written(text)
    except Refused as error:
        raise Refused(f"{where}: {error.title}", hint=error.hint) from error


def _policy(given: GivenPolicy) -> GivenPolicy:
    """A special promise, checked, its times as the file writes them."""
    name = " ".join(given.name.split())
    if not name or len(name) > _MOST_NAME or not name.isprintable():
        raise Refused(
            tr("A special promise needs a name"),
            hint=tr("At most {most_name} characters", most_name=_MOST_NAME),
        )
    if name.upper() in set(Priority):
        raise Refused(
            tr("{name} is a priority", name=name),
            hint=tr("Call the special promise something else"),
        )
    customers = [one.strip().lower() for one in given.customers if one.strip()]
    for one in customers:
        if "@" not in one or " " in one or len(one) > _MANY:
            raise Refused(
                tr("{name}: {one} is no customer's address", name=name, one=repr(one[:40])),
                hint=tr("Write anna@shop.example, or *@shop.example for all of a company"),
            )
    made = msgspec.structs.replace(
        _canonical(given, where=f"{name}: "), name=name, customers=customers
    )
    if not any(getattr(made, metric.value) for metric in PROMISED):
        raise Refused(tr("{name} promises nothing", name=name), hint=tr("Give at least one time"))
    return made


def _canonical(given: GivenPolicy, *, where: str = "") -> GivenPolicy:
    """Its times as the file writes them; what is empty says nothing and stays so."""
    times = {
        name: _time(f"{where}{tr(_WORDS[name])}", text)
        for name in _TIMES
        if (text := str(getattr(given, name)).strip())
    }
    empty = dict.fromkeys(_TIMES, "")
    return msgspec.structs.replace(given, **{**empty, **times})


def _written(one: GivenPolicy) -> dict[str, Any]:
    """A special promise as it stands in the file, without what it does not say."""
    usual = msgspec.to_builtins(GivenPolicy(name=""))
    plain: dict[str, Any] = msgspec.to_builtins(one)
    return {name: value for name, value in plain.items() if value != usual[name]}


def _by_priority(times: Times) -> dict[str, dict[Priority, str]]:
    return {
        name: {Priority(priority): text for priority, text in row.items()}
        for name, row in times.items()
    }
