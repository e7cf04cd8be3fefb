"""Learned: what corrections taught, for people and as JSON; and what one of them moved."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from app.domain.errors import Refused

if TYPE_CHECKING:
    from app.cli.run import Desk


def run(desk: Desk, args: argparse.Namespace) -> None:
    """List what was learnt, take one lesson back, or learn all of it anew."""
    if args.action == "forget":
        if not args.entry:
            raise Refused("Which lesson is to be forgotten?", "Give its name: learned forget NAME")
        answer = desk.client.call("forget_lesson", entry=args.entry)
        desk.tell(answer, f"Forgotten (undo: {answer['entry']}).")
        return
    if args.action == "again":
        answer = desk.client.call("learn_again")
        desk.tell(answer, f"Learnt again from {answer['lessons']} corrected mails.")
        return
    _list(desk, desk.client.call("learned"))


def effect(desk: Desk, entry: str) -> dict[str, Any]:
    """What a correction taught; waits until that is known."""
    return desk.client.call("lesson", entry=entry)


def effect_words(effect: dict[str, Any]) -> str:
    """What a correction taught, as a sentence; empty where there is nothing to say."""
    if not effect.get("known"):
        return ""
    if not effect["learnt"]:
        return f"Not learnt: {effect['because']}."
    count = effect["similar"]
    if not count:
        return "The next mails like it will be sorted like this."
    return f"{count} similar {'mail' if count == 1 else 'mails'} will be sorted like this."


def _list(desk: Desk, found: dict[str, Any]) -> None:
    for one in found["lessons"]:
        desk.tell(one, f"{one['entry']}  {_said(one):<34} {one['subject'][:60]}")
    if desk.json:
        return
    if not found["lessons"]:
        desk.say("Nothing was corrected yet.")
    elif not found["accepted"]:
        desk.say(f"The latest is not in use: {found['because']}.")


def _said(one: dict[str, Any]) -> str:
    rings = {True: "rings", False: "does not ring"}.get(one["alert"], "")
    said = ", ".join(part for part in (one["kind"], one["severity"], rings) if part)
    return said or str(one["says"])
