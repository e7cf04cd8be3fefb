"""Words of the rota: who is on call, who stands in, and the gaps, as one would say them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.clock import instant
from app.domain.day_text import said_day
from app.ui.issue.foreign_text import line

_SHOWN = 5
_OFTEN = 3  # so many times in four weeks, and it is said once
_DAY = timedelta(days=1)


def on_call_words(rota: Mapping[str, Any]) -> str:
    """Who is on call now, and who after them."""
    now = ", ".join(map(line, rota.get("on_call", ()))) or "nobody"
    turns = [
        f"{', '.join(map(line, one['names'])) or 'nobody'} from {_moment(one['from'], rota)}"
        for one in rota.get("turns", ())[1:_SHOWN]
    ]
    return f"On call now: {now}" + (f". Then {'; '.join(turns)}." if turns else ".")


def gap_words(rota: Mapping[str, Any]) -> str:
    """When nobody can be reached in the coming weeks; empty where somebody always can.

    What comes often at the same hours is said once: "20:00 to 08:00 on 8 nights".
    """
    gaps = [(_usual(one, rota), _exact(one, rota)) for one in rota.get("gaps", ())]
    if not gaps:
        return ""
    often = Counter(usual for usual, _ in gaps if usual)
    said: dict[str, str] = {}
    for usual, exact in gaps:
        if often[usual] >= _OFTEN:
            since = exact.partition(" to ")[0][: -len(" 20:00")]
            said.setdefault(usual, f"{usual} on {often[usual]} days from {since} on")
        else:
            said[exact] = exact
    words = list(said.values())
    more = f", and {len(words) - _SHOWN} more times" if len(words) > _SHOWN else ""
    return f"Nobody can be reached {'; '.join(words[:_SHOWN])}{more}."


def replacement_words(one: Mapping[str, Any], rota: Mapping[str, Any]) -> str:
    """Who stands in: "Mia instead of Tom, Thu 24 Dec 09:00 to Sun 27 Dec 09:00"."""
    who = f"{line(str(one['by']))} instead of {line(str(one['of']))}"
    return f"{who}, {_moment(one['from'], rota)} to {_moment(one['to'], rota)}"


def _usual(one: Mapping[str, Any], rota: Mapping[str, Any]) -> str:
    """The hours of a gap that lasts less than a day; empty for a longer one."""
    begin, end = _local(one["from"], rota), _local(one["to"], rota)
    return f"{begin:%H:%M} to {end:%H:%M}" if end - begin < _DAY else ""


def _exact(one: Mapping[str, Any], rota: Mapping[str, Any]) -> str:
    begin, end = _local(one["from"], rota), _local(one["to"], rota)
    last = f"{end:%H:%M}" if begin.date() == end.date() else _moment(one["to"], rota)
    return f"{_moment(one['from'], rota)} to {last}"


def _moment(at: Any, rota: Mapping[str, Any]) -> str:
    local = _local(at, rota)
    return f"{said_day(local.date())} {local:%H:%M}"


def _local(at: Any, rota: Mapping[str, Any]) -> datetime:
    return instant(str(at)).astimezone(ZoneInfo(str(rota.get("zone", "UTC"))))
