"""Hours: when the shop works: shown, changed word by word, and what comes of it for an answer."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from app.cli.accounts import pairs
from app.domain import hours_text
from app.domain.errors import Refused

if TYPE_CHECKING:
    from app.cli.run import Desk

_DAYS = hours_text.WEEK
_GROUPS = {"weekdays": _DAYS[:5], "weekend": _DAYS[5:], "every_day": _DAYS}

Hours = dict[str, Any]


def run(desk: Desk, args: argparse.Namespace) -> None:
    """Show the hours; change them first where something is to be set."""
    answer = desk.client.call("hours")
    if args.set:
        hours = answer["hours"]
        for one in args.set:
            for key, value in pairs([one]).items():
                _change(hours, key, str(value))
        verb = "check_hours" if args.check else "set_hours"
        effect = desk.client.call("hours_effect", hours=hours)
        answer = {"hours": hours, **desk.client.call(verb, hours=hours), "effect": effect}
    desk.tell(answer, "\n".join(_lines(answer)))


def _change(hours: Hours, key: str, value: str) -> None:
    if key in _DAYS or key in _GROUPS:
        for day in _GROUPS.get(key, (key,)):
            hours["hours"][day] = hours_text.intervals(value)
    elif key in ("tz", "country", "region"):
        hours[key] = value.strip()
    elif key == "works_on":
        hours[key] = [one.strip() for one in value.split(",") if one.strip()]
    elif key in _MORE:
        _MORE[key](hours, value.strip())
    else:
        raise Refused(f"There is no {key} to set", "See: hours --help")


def _add_closure(hours: Hours, value: str) -> None:
    given = hours_text.closure(value)
    _drop_closure(hours, given["first"])
    hours["closures"].append(given)


def _drop_closure(hours: Hours, value: str) -> None:
    hours["closures"] = [one for one in hours["closures"] if one["first"] != value]


def _set_day(hours: Hours, value: str) -> None:
    day, _, said = value.partition(" ")
    if said.strip().lower() == "usual":
        hours["exceptions"].pop(day, None)
        return
    day, intervals = hours_text.exception(value)
    hours["exceptions"][day] = intervals


_MORE: dict[str, Callable[[Hours, str], None]] = {
    "closure": _add_closure,
    "no_closure": _drop_closure,
    "day": _set_day,
}


def _lines(answer: dict[str, Any]) -> list[str]:
    hours = answer["hours"]
    lines = [
        "All hours count, day and night."
        if answer["round_the_clock"]
        else "Working hours, " + answer["zone"]
    ]
    if not answer["round_the_clock"]:
        for day in _DAYS:
            said = hours_text.said_intervals(hours["hours"].get(day, ()))
            lines.append(f"  {day.capitalize():<10} {said}")
    if hours["country"]:
        where = " ".join(filter(None, (hours["country"], hours["region"])))
        lines.append(f"Free on the public holidays of {where}.")
    for one in hours["closures"]:
        lines.append(f"Closed {hours_text.said_closure(one)}.")
    for day, intervals in sorted(hours["exceptions"].items()):
        lines.append(f"On {day}: {hours_text.said_intervals(intervals)}.")
    lines.append(answer["sentence"])
    lines.append("If somebody wrote now, a first answer would be due:")
    lines += [f"  {one['priority']}  {one['said']}" for one in answer["examples"]]
    if "effect" in answer:
        lines.append(answer["effect"]["said"])
    return lines
