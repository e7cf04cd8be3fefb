"""Promises: what is promised: shown, changed word by word, tried on what is open, reverted."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from app.cli.accounts import pairs
from app.domain.errors import NotFound, Refused

if TYPE_CHECKING:
    from app.cli.run import Desk

_PRIORITIES = ("P1", "P2", "P3", "P4")
_TIMES = {
    "first": "first_response",
    "next": "next_response",
    "done": "resolution",
    "warn": "warn",
}
_LISTS = ("customers", "kinds", "priorities")

Promises = dict[str, Any]


def run(desk: Desk, args: argparse.Namespace) -> None:
    """Show the promises; change them first where something is to be changed."""
    answer = desk.client.call("revert_promises") if args.revert else desk.client.call("promises")
    if args.add or args.remove or args.set:
        wanted = _changed({"times": answer["times"], "policies": answer["policies"]}, args)
        effect = desk.client.call("promises_effect", promises=wanted)
        verb = "check_promises" if args.check else "set_promises"
        answer = {**answer, **desk.client.call(verb, promises=wanted), "effect": effect}
    desk.tell(answer, "\n".join(_lines(answer)))


def _changed(promises: Promises, args: argparse.Namespace) -> Promises:
    for name in args.remove:
        promises["policies"].remove(_special(promises, name))
    for name in args.add:
        promises["policies"].insert(0, {"name": name})
    for key, value in pairs(args.set).items():
        _set(promises, key, str(value))
    return promises


def _set(promises: Promises, key: str, value: str) -> None:
    name, _, what = key.rpartition(".")
    if name.upper() in _PRIORITIES and what in _TIMES:
        promises["times"][_TIMES[what]][name.upper()] = value
        return
    if name.upper() in _PRIORITIES:
        raise Refused(f"{name} has no {what}", f"It has: {', '.join(_TIMES)}")
    special = _special(promises, name)
    if what in _TIMES:
        special[_TIMES[what]] = value
    elif what in _LISTS:
        special[what] = [one.strip() for one in value.split(",") if one.strip()]
    elif what == "hours":
        special["calendar"] = value.strip() or "shop"
    else:
        raise Refused(f"There is no {what} to set", hint="See: promise --help")


def _special(promises: Promises, name: str) -> dict[str, Any]:
    for one in promises["policies"]:
        if one["name"].casefold() == name.strip().casefold():
            found: dict[str, Any] = one
            return found
    raise NotFound(
        f"There is no special promise called {name}", "", "See them with: promise; make one: --add"
    )


def _lines(answer: Promises) -> list[str]:
    times = answer["times"]
    lines = [f"{'':<4}{'first':>12}{'next':>12}{'done':>12}{'warn':>12}"]
    for priority in _PRIORITIES:
        said = "".join(f"{times[name].get(priority, 'none'):>12}" for name in _TIMES.values())
        lines.append(f"{priority:<4}{said}")
    for one in answer["policies"]:
        said = ", ".join(f"{short} {one[name]}" for short, name in _TIMES.items() if one.get(name))
        about = "; ".join(", ".join(one[name]) for name in _LISTS if one.get(name))
        hours = "" if one.get("calendar", "shop") == "shop" else f" ({one['calendar']})"
        lines.append(f"{one['name']}: {about or 'everybody'}: {said}{hours}")
    if "effect" in answer:
        lines.append(answer["effect"]["said"])
    return lines
