"""Steps: rules/escalation.toml read and checked: who is told when nobody takes an issue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import msgspec

from app.domain.assessment import Kind, Severity
from app.domain.translation import to_translate, tr
from app.escalation.ladder import EscalationPolicy, EscalationStep, Hour
from app.escalation.rules import duration
from app.escalation.toml_files import broken, read_toml

FILE = "escalation.toml"
ON_CALL, EVERYONE = "on_call", "everyone"
_OPENING = "opening"
_MOST_REPEATS = 10
_HOW = to_translate("See the head of the shipped escalation.toml for how a policy is written.")


class GivenStep(msgspec.Struct, forbid_unknown_fields=True):
    """A step as it stands in escalation.toml."""

    after: str = "0 min"
    whom: tuple[str, ...] = (ON_CALL,)
    how: tuple[str, ...] = ()


class GivenLadder(msgspec.Struct, forbid_unknown_fields=True):
    """A [[policy]] as it stands in escalation.toml; `off` stops one of the same name."""

    name: str
    kinds: list[Kind] = []
    severities: list[Severity] = []
    repeat: int = 0
    working: list[GivenStep] = []
    night: list[GivenStep] = []
    weekend: list[GivenStep] = []
    holiday: list[GivenStep] = []
    off: bool = False


class _File(msgspec.Struct, forbid_unknown_fields=True):
    """The form of escalation.toml."""

    policy: list[GivenLadder] = []


def load_policies(*folders: Path) -> tuple[EscalationPolicy, ...]:
    """The policies of these folders; one of a later folder goes before, and replaces its namesake.

    Raises KnownError naming the file and what in it cannot be used.
    """
    found: dict[str, EscalationPolicy | None] = {}
    for folder in folders:
        path = folder / FILE
        given = read_ladders(folder)
        fresh = {one.name: None if one.off else policy_of(path, one) for one in given}
        found = {**fresh, **{name: one for name, one in found.items() if name not in fresh}}
    return tuple(one for one in found.values() if one is not None)


def read_ladders(folder: Path) -> list[GivenLadder]:
    """The policies that a folder's file has, as they are written. Raises KnownError."""
    return read_toml(folder / FILE, _File, _File(), hint=_HOW).policy


def policy_of(path: Path, given: GivenLadder) -> EscalationPolicy:
    """The policy that was written down. Raises KnownError naming what in it cannot be used."""
    steps: Mapping[Hour, tuple[EscalationStep, ...]] = {
        hour: tuple(_step(path, given.name, one) for one in getattr(given, hour.value))
        for hour in Hour
    }
    if not steps[Hour.WORKING]:
        raise broken(
            path, tr("The policy {name} has no steps for working hours", name=given.name), _HOW
        )
    if not 0 <= given.repeat <= _MOST_REPEATS:
        why = tr(
            "{name}: repeat is not a number from 0 to {most_repeats}",
            name=given.name,
            most_repeats=_MOST_REPEATS,
        )
        raise broken(path, why, _HOW)
    return EscalationPolicy(
        name=given.name,
        kinds=tuple(given.kinds),
        severities=tuple(given.severities),
        repeat=given.repeat,
        steps=steps,
    )


def _step(path: Path, name: str, given: GivenStep) -> EscalationStep:
    at_opening = given.after.startswith(_OPENING)
    length = given.after.removeprefix(_OPENING).strip(" +")
    if not given.whom:
        raise broken(path, tr("{name}: a step tells nobody", name=name), _HOW)
    try:
        after = timedelta() if length in ("", "0", "0 min") else duration(length)
    except ValueError as error:
        raise broken(
            path, tr('{name}: after = "{after}" is not a time', name=name, after=given.after), _HOW
        ) from error
    return EscalationStep(after=after, whom=given.whom, how=given.how, at_opening=at_opening)
