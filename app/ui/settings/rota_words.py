"""Words of the rota: who is on call, who stands in, and the gaps, as one would say them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.clock import instant
from app.domain.day_text import said_day
from app.domain.translation import tr
from app.ui.issue.foreign_text import line

_SHOWN = 5
_OFTEN = 3  # so many times in four weeks, and it is said once
_DAY = timedelta(days=1)


def on_call_words(rota: Mapping[str, Any]) -> str:
    """Who is on call now, and who after them."""
    now = _names(rota.get("on_call", ()))
    turns = [
        tr("{names} from {when}", names=_names(one["names"]), when=_moment(one["from"], rota))
        for one in rota.get("turns", ())[1:_SHOWN]
    ]
    if not turns:
        return tr("On call now: {now}.", now=now)
    return tr("On call now: {now}. Then {turns}.", now=now, turns="; ".join(turns))


def _names(names: Iterable[str]) -> str:
    return ", ".join(map(line, names)) or tr("nobody")


def gap_words(rota: Mapping[str, Any]) -> str:
    """When nobody can be reached in the coming weeks; empty where somebody always can.

    What comes often at the same hours is said once: "20:00 to 08:00 on 8 nights".
    """
    gaps = [(_usual(one, rota), one) for one in rota.get("gaps", ())]
    if not gaps:
        return ""
    often = Counter(usual for usual, _ in gaps if usual)
    said: dict[str, str] = {}
    for usual, one in gaps:
        exact = _exact(one, rota)
        if often[usual] >= _OFTEN:
            since = said_day(_local(one["from"], rota).date())
            often_said = tr("{hours} on {days} days from {since} on",
                            hours=usual, days=often[usual], since=since)  # fmt: skip
            said.setdefault(usual, often_said)
        else:
            said[exact] = exact
    words = list(said.values())
    shown, more = "; ".join(words[:_SHOWN]), len(words) - _SHOWN
    if more > 0:
        return tr("Nobody can be reached {gaps}, and {more} more times.", gaps=shown, more=more)
    return tr("Nobody can be reached {gaps}.", gaps=shown)


def replacement_words(one: Mapping[str, Any], rota: Mapping[str, Any]) -> str:
    """Who stands in: "Mia instead of Tom, Thu 24 Dec 09:00 to Sun 27 Dec 09:00"."""
    return tr(
        "{by} instead of {of}, {begin} to {end}",
        by=line(str(one["by"])),
        of=line(str(one["of"])),
        begin=_moment(one["from"], rota),
        end=_moment(one["to"], rota),
    )


def _usual(one: Mapping[str, Any], rota: Mapping[str, Any]) -> str:
    """The hours of a gap that lasts less than a day; empty for a longer one."""
    begin, end = _local(one["from"], rota), _local(one["to"], rota)
    if end - begin >= _DAY:
        return ""
    return tr("{begin} to {end}", begin=f"{begin:%H:%M}", end=f"{end:%H:%M}")


def _exact(one: Mapping[str, Any], rota: Mapping[str, Any]) -> str:
    begin, end = _local(one["from"], rota), _local(one["to"], rota)
    last = f"{end:%H:%M}" if begin.date() == end.date() else _moment(one["to"], rota)
    return tr("{begin} to {end}", begin=_moment(one["from"], rota), end=last)


def _moment(at: Any, rota: Mapping[str, Any]) -> str:
    local = _local(at, rota)
    return tr("{day} {time}", day=said_day(local.date()), time=f"{local:%H:%M}")


def _local(at: Any, rota: Mapping[str, Any]) -> datetime:
    return instant(str(at)).astimezone(ZoneInfo(str(rota.get("zone", "UTC"))))
