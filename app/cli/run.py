"""Run: does one command and says how it went: 0 done, 1 refused or failed, 2 wrong usage."""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from app.cli import accounts, doctor, present
from app.config.paths import Profile
from app.config.settings import read_settings
from app.domain.assessment import Kind
from app.domain.clock import Clock, rfc3339
from app.domain.errors import KnownError, NotFound, ProfileTooNew, Refused
from app.domain.incident import SORT_WORDS
from app.domain.views import View
from app.engine.client import EngineClient
from app.engine.queries import Queries

_LENGTH = re.compile(r"(\d+)\s*(min|m|h|d|w)")
_UNITS = {"min": "minutes", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a command works with."""

    profile: Profile
    client: EngineClient
    queries: Queries
    clock: Clock
    say: Callable[[str], None]
    json: bool

    def tell(self, answer: dict[str, Any], text: str = "") -> None:
        """Print an answer: the object, or the words for people."""
        if self.json:
            self.say(present.as_json(answer))
        elif text:
            self.say(text)


def run(args: argparse.Namespace, *, profile: Profile, clock: Clock) -> int:
    """Do the command. Everything known that goes wrong is one line on standard error."""
    client = EngineClient(profile)
    desk = Desk(
        profile=profile,
        client=client,
        queries=Queries(profile.database, me=lambda: read_settings(profile.settings)[0].me),
        clock=clock,
        say=_say,
        json=bool(getattr(args, "json", False)),
    )
    try:
        return _COMMANDS[args.command](desk, args) or 0
    except KnownError as error:
        sys.stderr.write(error.sentence + "\n")
        return 1
    except BrokenPipeError:  # whoever read our lines has read enough
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    finally:
        desk.queries.close()
        client.close()


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _inbox(desk: Desk, args: argparse.Namespace) -> None:
    view = args.view
    if view not in {*View, *Kind} and not view.startswith("incident:"):
        names = ", ".join([*View, *Kind])
        raise Refused(f"There is no view called {view}", f"There are: {names}")
    now = desk.clock.now()
    ids = _ready(desk).inbox_ids(view, now=now)
    if args.limit > 0:
        ids = ids[: args.limit]
    _print_rows(desk, list(ids), now=now, empty=_EMPTY.get(view, "Nothing here."))


_EMPTY = {
    "urgent": "Nothing urgent.",
    "open": "Nothing waits for you.",
    "waiting": "Nobody owes you an answer.",
    "snoozed": "Nothing sleeps.",
}


def _print_rows(desk: Desk, ids: list[int], *, now: datetime, empty: str) -> None:
    rows = desk.queries.rows(ids)
    for one in rows:
        desk.tell(present.row(one), present.line(one, now=now))
    if not rows and not desk.json:
        desk.say(empty)


def _incidents(desk: Desk, args: argparse.Namespace) -> None:
    for number, back in ((args.seen, False), (args.back, True)):
        if number is not None:
            desk.tell(desk.client.call("incident_seen", incident=number, back=back), "Done.")
            return
    found = _ready(desk).overview(now=desk.clock.now()).incidents
    for one in found:
        desk.tell(
            present.incident(one),
            f"{one.id:>4}  {one.customers} customers, {SORT_WORDS[one.sort]}: {one.title}",
        )
    if not found and not desk.json:
        desk.say("No cause is shared by many.")


def _search(desk: Desk, args: argparse.Namespace) -> None:
    found = list(_ready(desk).search(" ".join(args.query), limit=args.limit))
    _print_rows(desk, found, now=desk.clock.now(), empty="Nothing found.")


def _show(desk: Desk, args: argparse.Namespace) -> None:
    view = _ready(desk).issue(args.key, now=desk.clock.now())
    if desk.json:
        desk.say(present.as_json(present.issue(view)))
        return
    desk.say(present.line(view.row, now=desk.clock.now()))
    for reason in view.reasons:
        desk.say(f"  {reason.points:+4d}  {reason.because}")
    for message in view.messages:
        arrow = "->" if message.direction == "out" else "<-"
        desk.say(f"\n{arrow} {message.from_}  {rfc3339(message.at)}\n{message.new_text.strip()}")


def _verb(desk: Desk, args: argparse.Namespace) -> None:
    """The verbs whose arguments go to the engine as they are."""
    words = {
        name: value
        for name, value in vars(args).items()
        if name not in ("command", "json", "profile", "open", "check_window")
    }
    if args.command == "note":
        words["text"] = " ".join(words["text"])
    if args.command == "snooze":
        words["until"] = _until(args.until, now=desk.clock.now())
    answer = desk.client.call(args.command, **words)
    undo = f" (undo: {answer['entry']})" if "entry" in answer else ""
    desk.tell(answer, f"Done{undo}.")


def _until(text: str, *, now: datetime) -> str:
    """The instant that a length from now means; an instant stays as it is."""
    match = _LENGTH.fullmatch(text.strip().lower())
    if match is None:
        return text
    return rfc3339(now + timedelta(**{_UNITS[match[2]]: int(match[1])}))


def _reply(desk: Desk, args: argparse.Namespace) -> None:
    verbs = {"undo": "undo_send", "arrived": "confirm_reply"}
    for verb in ("undo", "retry", "arrived", "discard"):
        if (reply := getattr(args, verb)) is not None:
            name = verbs.get(verb, f"{verb}_reply")
            desk.tell(desk.client.call(name, reply=reply), "Done.")
            return
    if args.templates:
        for one in desk.client.call("templates", key=args.key)["templates"]:
            desk.tell(one, f"{one['id']:<36} {one['language']}  {one['title']}")
        return
    draft = _draft(desk, args)
    if not args.send:
        desk.tell(draft, draft["text"])
        return
    answer = desk.client.call(
        "send_reply",
        key=args.key,
        body=draft["text"],
        template=draft.get("template", ""),
        rendered=draft.get("rendered", ""),
        request=str(uuid4()),
    )
    desk.tell(
        answer, f"It goes out at {answer['not_before']}; until then: --undo {answer['reply']}"
    )


def _draft(desk: Desk, args: argparse.Namespace) -> dict[str, Any]:
    """The text to send: a file's, or a template's."""
    if args.body:
        return {"text": _text_of(args.body), "template": args.template, "holes": []}
    if not args.template:
        raise Refused("A reply needs words", "Say --template T (see --templates) or --body FILE")
    values = accounts.pairs(args.set)
    rendered = desk.client.call(
        "render", key=args.key, template=args.template, language=args.language, values=values
    )
    return {**rendered, "template": args.template, "rendered": rendered["text"]}


def _text_of(name: str) -> str:
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NotFound(f"There is no file {name}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{name} cannot be read as text", str(error)) from error


def _ready(desk: Desk) -> Queries:
    """The read side; where there is no file yet, or an old one, an engine makes it first."""
    try:
        desk.queries.counts(now=desk.clock.now())
    except ProfileTooNew:
        raise
    except KnownError:
        desk.client.call("status")
    return desk.queries


def _backup(desk: Desk, args: argparse.Namespace) -> None:
    answer = desk.client.call("backup", file=str(Path(args.file).expanduser().resolve()))
    desk.tell(answer, f"Saved to {answer['file']}.")


def _rules(desk: Desk, args: argparse.Namespace) -> None:
    answer = desk.client.call("rules_check")
    desk.tell(answer, f"{answer['rules']} rules, all well-formed.")


def _engine(desk: Desk, args: argparse.Namespace) -> None:
    if not desk.client.is_running():
        raise Refused("No engine runs on this profile")
    desk.client.call("stop")
    desk.say("The engine ends.")


def _settings(desk: Desk, args: argparse.Namespace) -> None:
    for name, value in accounts.pairs(args.assignment).items():
        desk.client.call("set_setting", name=name, value=value)
    answer = desk.client.call("settings")
    for one in answer["settings"]:
        desk.tell(one, f"{one['name']:<34} {one['value']!s:<12} {one['help']}")


_COMMANDS: dict[str, Callable[[Desk, argparse.Namespace], int | None]] = {
    "inbox": _inbox,
    "incidents": _incidents,
    "search": _search,
    "show": _show,
    "reply": _reply,
    "account": accounts.run,
    "poll": accounts.poll,
    "backup": _backup,
    "rules": _rules,
    "settings": _settings,
    "doctor": doctor.run,
    "engine": _engine,
    **dict.fromkeys(
        ("acknowledge", "resolve", "reopen", "assign", "snooze", "override", "verdict"), _verb
    ),
    **dict.fromkeys(("note", "merge", "split", "undo"), _verb),
}
