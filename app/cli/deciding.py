"""Deciding: the commands by which a person decides about issues, each an entry of the journal."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from app.cli import learned, replying
from app.domain.clock import local_zone

if TYPE_CHECKING:
    from app.cli.run import Desk

# What each of them hands to the engine.
ARGUMENTS = {
    "acknowledge": ("key",),
    "resolve": ("key",),
    "reopen": ("key",),
    "snooze": ("key", "until"),
    "override": ("key", "kind", "severity"),
    "verdict": ("key", "verdict"),
    "assign": ("key", "to"),
    "order": ("key", "number"),
    "note": ("key", "text"),
    "tag": ("key", "add", "remove"),
    "merge": ("key", "into"),
    "split": ("key", "messages"),
    "undo": ("entry",),
}
_CALLED = {"order": "link_order"}  # where the engine has another name for it
_TEACH = ("override", "verdict")
_KEY = "i1_"  # how every key begins


def run(desk: Desk, args: argparse.Namespace) -> None:
    """Do it, and say how it is taken back and what was learnt of it."""
    given = _given(args, desk)
    answer = desk.client.call(_CALLED.get(args.command, args.command), **given)
    if args.command in _TEACH and "entry" in answer:
        answer["lesson"] = learned.effect(desk, answer["entry"])
    entries = answer.get("entries") or [answer[name] for name in ("entry",) if name in answer]
    undo = f" (undo: {' '.join(entries)})" if entries else ""
    taught = answer.get("teaches") or learned.effect_words(answer.get("lesson", {}))
    desk.tell(answer, f"Done{undo}. {taught}".rstrip())


def _given(args: argparse.Namespace, desk: Desk) -> dict[str, Any]:
    typed = vars(args)
    if args.command == "assign":
        typed = {**typed, **_owner_and_issues(args.key)}
    given = {name: typed[name] for name in ARGUMENTS[args.command]}
    for name in ("key", "entry"):
        if isinstance(given.get(name), list):
            given[name] = given[name][0] if len(given[name]) == 1 else given[name]
    if args.command == "note":
        given["text"] = " ".join(args.text)
    if args.command == "snooze":
        given["until"] = replying.later(args.until, now=desk.clock.now(), zone=local_zone())
    return given


def _owner_and_issues(words: list[str]) -> dict[str, Any]:
    """KEY ... NAME: the last word is the name, unless it is a key like the others."""
    if len(words) > 1 and not words[-1].lower().startswith(_KEY):
        return {"key": words[:-1], "to": words[-1]}
    return {"key": words, "to": ""}
