"""Ladders: who is told when nobody takes an issue: shown, changed, tried, and climbed at once."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from app.cli.accounts import pairs
from app.domain import ladder_text
from app.domain.errors import NotFound, Refused

if TYPE_CHECKING:
    from app.cli.run import Desk

_LISTS = ("kinds", "severities")

Ladder = dict[str, Any]


def run(desk: Desk, args: argparse.Namespace) -> None:
    """Tell the next people about an issue at once; without one, show or change the ladders."""
    if args.key:
        _escalate(desk, args.key)
    elif args.attempt:
        _try(desk, args)
    else:
        _ladders(desk, args)


def _escalate(desk: Desk, key: str) -> None:
    answer = desk.client.call("escalate", key=key)
    told = ", ".join(f"{one['contact']} ({one['label'] or one['kind']})" for one in answer["calls"])
    desk.tell(answer, f"Being told: {told or 'nobody, and that is said loudly'}.")


def _try(desk: Desk, args: argparse.Namespace) -> None:
    answer = desk.client.call("try_ladder", ladder=args.attempt, at=args.at)
    lines = [f"{one['said']}: {_reached(one)}" for one in answer["told"]]
    desk.tell(answer, "\n".join([*lines, "Nobody was told by this."]))


def _reached(one: dict[str, Any]) -> str:
    calls = (f"{call['contact']} ({call['label'] or call['kind']})" for call in one["calls"])
    return ", ".join(calls) or f"nobody ({one['meant']})"


def _ladders(desk: Desk, args: argparse.Namespace) -> None:
    answer = desk.client.call("revert_ladders" if args.revert else "ladders")
    if args.add or args.remove or args.set:
        wanted = _changed(answer["ladders"], args)
        if args.check:
            checked = [desk.client.call("check_ladder", ladder=one)["ladder"] for one in wanted]
            answer = {**answer, "ladders": checked}
        else:
            answer = desk.client.call("set_ladders", ladders=wanted)
    desk.tell(answer, "\n".join(line for one in answer["ladders"] for line in _lines(one)))


def _changed(ladders: list[Ladder], args: argparse.Namespace) -> list[Ladder]:
    for name in args.remove:
        ladders.remove(_named(ladders, name))
    for name in args.add:
        ladders.insert(0, {"name": name})
    for key, value in pairs(args.set).items():
        name, _, what = key.rpartition(".")
        _set(_named(ladders, name), what, str(value))
    return ladders


def _set(ladder: Ladder, what: str, value: str) -> None:
    if what in ladder_text.HOURS:
        ladder[what] = ladder_text.steps_of(value)
    elif what in _LISTS:
        ladder[what] = [one.strip() for one in value.split(",") if one.strip()]
    elif what == "repeat" and value.strip().isdecimal():
        ladder[what] = int(value)
    else:
        raise Refused(f"{what} cannot be set to {value!r}", hint="See: escalate --help")


def _named(ladders: list[Ladder], name: str) -> Ladder:
    for one in ladders:
        if one["name"].casefold() == name.strip().casefold():
            return one
    raise NotFound(
        f"There is no ladder called {name}", "", "See them with: escalate; make one: --add"
    )


def _lines(one: Ladder) -> list[str]:
    about = ", ".join(word for name in _LISTS for word in one[name]) or "all that rang"
    lines = [f"{one['name']} ({about})"]
    for hour in ladder_text.HOURS:
        lines += [f"  {ladder_text.HOUR_WORDS[hour]}: {'; '.join(one['said'][hour])}."]
    lines.append(f"  {one['ends']}.")
    lines += [f"  ! {found['hour']}: {found['said']}." for found in one["problems"]]
    return lines
