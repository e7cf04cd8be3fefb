"""Rules: how soon a first answer is promised, read from rules/sla.toml and the owner's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import msgspec

from app.domain.assessment import Priority
from app.domain.errors import KnownError

FILE = "sla.toml"
LONGEST = timedelta(days=90)

_UNITS = {"min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_DURATION = re.compile(r"(?:\d{1,5} ?(?:min|h|d)(?: |$))+")
_PART = re.compile(r"(\d+) ?(min|h|d)")


class _File(msgspec.Struct, forbid_unknown_fields=True):
    """The form of sla.toml."""

    first_response: dict[Priority, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class SlaRules:
    """Within what time a first answer is promised, for each priority."""

    first_response: Mapping[Priority, timedelta]

    @classmethod
    def load(cls, *folders: Path) -> SlaRules:
        """The rules of these folders, a later one over an earlier one.

        Raises KnownError naming the file and what in it cannot be used, or the priority for which
        no file has a time.
        """
        targets: dict[Priority, timedelta] = {}
        for folder in folders:
            targets.update(_read(folder / FILE))
        missing = [priority for priority in Priority if priority not in targets]
        if missing:
            raise KnownError(
                f"{FILE} promises nothing for {missing[0]}",
                "Each of P1 to P4 needs a time under [first_response].",
                f'Add for example {missing[0]} = "24 h".',
            )
        return cls(first_response=targets)


def duration(text: str) -> timedelta:
    """The time that "45 min", "1 h 30 min" or "2 d" names; ValueError for anything else."""
    text = " ".join(text.split())
    if not _DURATION.fullmatch(text):
        raise ValueError(text)
    total = sum((int(n) * _UNITS[unit] for n, unit in _PART.findall(text)), timedelta())
    if not timedelta() < total <= LONGEST:
        raise ValueError(text)
    return total


def said(time: timedelta) -> str:
    """The time in words: "1 h 30 min", "24 h", "2 d 3 h"; whole minutes, the rest is dropped."""
    minutes = int(time.total_seconds()) // 60
    days, hours = divmod(minutes // 60, 24)
    if days < 3:  # people say 36 h, and 3 d 12 h
        days, hours = 0, minutes // 60
    parts = ((days, "d"), (hours, "h"), (minutes % 60, "min"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 min"


def _read(path: Path) -> dict[Priority, timedelta]:
    try:
        found = msgspec.toml.decode(path.read_bytes(), type=_File)
    except FileNotFoundError:
        return {}
    except msgspec.DecodeError as error:
        raise _unusable(path, str(error)) from error
    except (OSError, ValueError) as error:
        raise _unusable(path, str(error)) from error
    return {
        priority: _target(path, priority, text) for priority, text in found.first_response.items()
    }


def _target(path: Path, priority: Priority, text: str) -> timedelta:
    try:
        return duration(text)
    except ValueError as error:
        raise _unusable(
            path, f'{priority} = "{text[:40]}" is not a time of at most 90 days'
        ) from error


def _unusable(path: Path, why: str) -> KnownError:
    return KnownError(
        f"{path} cannot be used",
        f"{why[:1].upper()}{why[1:]}.",
        'Times are written like "45 min", "1 h 30 min" or "2 d".',
    )
