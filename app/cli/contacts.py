"""Contacts: who is told when nobody takes an issue, whether it works, and who is on call."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from app.domain import hours_text
from app.domain.errors import NotFound, Refused

if TYPE_CHECKING:
    from app.cli.run import Desk

_GROUPS = {
    "weekdays": hours_text.WEEK[:5],
    "weekend": hours_text.WEEK[5:],
    "every_day": hours_text.WEEK,
}


def run(desk: Desk, args: argparse.Namespace) -> int | None:
    """Do what was asked about contacts."""
    return _ACTIONS[args.action](desk, args)


def _add(desk: Desk, args: argparse.Namespace) -> None:
    addresses = [_asked(number) for number in range(args.service)]
    answer = desk.client.call(
        "contact_add",
        name=args.name,
        desktop=args.desktop,
        emails=args.email,
        addresses=addresses,
        hours=_week(args.hours),
    )
    contact = answer["contact"]
    ways = len(contact["channels"])
    is_new = ways <= len(addresses) + len(args.email) + args.desktop
    done = "Added." if is_new else f"{contact['name']} is told in {ways} ways now."
    desk.tell(contact, f"{done} Try it: contact test {contact['name']}")


def _list(desk: Desk, args: argparse.Namespace) -> None:
    answer = desk.client.call("contacts")
    for one in answer["contacts"]:
        desk.tell(one, "\n".join(_lines(one)))
    if not answer["contacts"] and not desk.json:
        desk.say("Nobody is told when you do not take an issue. Add somebody with: contact add")


def _test(desk: Desk, args: argparse.Namespace) -> int:
    answer = desk.client.call("contact_test", name=args.name, way=args.way)
    if not answer["calls"]:
        raise NotFound(f"{args.name} is not told in this way", hint="See them with: contact list")
    for one in answer["calls"]:
        way = one["label"] or one["kind"]
        desk.tell(one, f"{way}: {'taken' if one['ok'] else one['said']}")
    failed = [one for one in answer["calls"] if not one["ok"]]
    if failed:
        sys.stderr.write(f"{len(failed)} of {len(answer['calls'])} ways do not work.\n")
    return 1 if failed else 0


def _remove(desk: Desk, args: argparse.Namespace) -> None:
    answer = desk.client.call("contact_remove", name=args.name)
    rotation = desk.client.call("rota")["rotation"] or {}
    turns = (
        " Turns are left that nobody takes: contact rota."
        if answer["name"] in rotation.get("members", ())
        else ""
    )
    desk.tell(
        answer, f"Removed. For a week it can be had back: contact restore {args.name}.{turns}"
    )


def _restore(desk: Desk, args: argparse.Namespace) -> None:
    answer = desk.client.call("contact_restore", name=args.name)
    desk.tell(answer["contact"], "Told again, in the ways that were.")


def _change(desk: Desk, args: argparse.Namespace) -> None:
    name = args.name
    if not (args.hours or args.always or args.remove_way or args.restore_way or args.to):
        raise Refused("Nothing is to be changed", hint="See: contact change --help")
    answer: dict[str, Any] = {}
    if args.hours or args.always:
        week = None if args.always else _week(args.hours)
        answer = desk.client.call("contact_hours", name=name, hours=week)
    for way in args.remove_way:
        answer = desk.client.call("contact_way_remove", name=name, way=way)
    for way in args.restore_way:
        answer = desk.client.call("contact_way_restore", name=name, way=way)
    if args.to:
        answer = desk.client.call("contact_rename", name=name, to=args.to)
    desk.tell(answer["contact"], "\n".join(_lines(answer["contact"])))


def _review(desk: Desk, args: argparse.Namespace) -> None:
    answer = desk.client.call("contact_review", name=args.name)
    desk.tell(answer["contact"], "Noted: still the right one, for another quarter.")


def _rota(desk: Desk, args: argparse.Namespace) -> None:
    if args.members or args.end:
        answer = desk.client.call(
            "set_rota",
            members=args.members,
            starts=args.starts,
            days=args.days,
            handoff=args.handoff,
        )
    else:
        answer = desk.client.call("rota")
    desk.tell(answer, "\n".join(_cover(answer)))


def _replace(desk: Desk, args: argparse.Namespace) -> None:
    if args.end_it:
        answer = desk.client.call("end_replacement", of=args.of, by=args.by, begin=args.begin)
    elif not args.end:
        raise Refused("Say until when somebody stands in", hint="Or --end-it to take it back")
    else:
        answer = desk.client.call(
            "replace_on_call", of=args.of, by=args.by, begin=args.begin, end=args.end
        )
    desk.tell(answer, "\n".join(_cover(answer)))


_ACTIONS: dict[str, Callable[[Desk, argparse.Namespace], int | None]] = {
    "add": _add,
    "list": _list,
    "test": _test,
    "remove": _remove,
    "restore": _restore,
    "change": _change,
    "review": _review,
    "rota": _rota,
    "replace": _replace,
}


def _asked(number: int) -> str:
    """The address of a service: typed unseen, or a line of what is piped in."""
    if sys.stdin.isatty():
        found = getpass.getpass(f"Address of service {number + 1} (ntfys://…, tgram://…): ")
    else:
        found = sys.stdin.readline()
    if not found.strip():
        raise Refused("No address of a service was given", hint="Type it, or pipe it in")
    return found.strip()


def _week(given: list[str]) -> dict[str, list[list[str]]] | None:
    """Hours to be reached in: "weekdays=09:00-17:00"; None for always."""
    week: dict[str, list[list[str]]] = {}
    for one in given:
        key, _, value = one.partition("=")
        if key not in _GROUPS and key not in hours_text.WEEK:
            raise Refused(f"{key} is no day", hint="Write weekdays=09:00-17:00 or saturday=10-14")
        for day in _GROUPS.get(key, (key,)):
            week[day] = hours_text.intervals(value)
    return week or None


def _lines(one: dict[str, Any]) -> list[str]:
    told = one["acknowledged_at"] or "never"
    lines = [f"{one['name']}: last took an issue {told}"]
    if one["review_due"]:
        lines[0] += "; please look whether this is still true (contact review)"
    if one["hours"]:
        days = [f"{day} {hours_text.said_intervals(at)}" for day, at in one["hours"].items() if at]
        lines.append(f"  can be reached {'; '.join(days)}, in the shop's time")
    for channel in one["channels"]:
        way = f"  {channel['id']:>3}  {channel['kind']:<8} {channel['label']}".rstrip()
        state = channel["failure"] or (
            f"worked {channel['worked_at']}" if channel["worked_at"] else "not tested yet"
        )
        lines.append(f"{way}: {state}")
    return lines


def _cover(answer: dict[str, Any]) -> list[str]:
    lines = [f"On call now: {', '.join(answer['on_call']) or 'nobody'}"]
    lines += [
        f"  {one['from']} to {one['to']}: {', '.join(one['names']) or 'nobody'}"
        for one in answer["turns"]
    ]
    for one in (answer["rotation"] or {}).get("replacements", ()):
        lines.append(f"  {one['by']} instead of {one['of']}, {one['from']} to {one['to']}")
    gaps = [one["said"] for one in answer["gaps"]]
    lines += ["Gaps:", *(f"  {one}" for one in gaps)] if gaps else ["No gaps in four weeks."]
    return lines
