"""Run: does one command and says how it went: 0 done, 1 refused or failed, 2 wrong usage."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.cli import (
    accounts,
    contacts,
    customers,
    deciding,
    disputing,
    doctor,
    hours,
    ladders,
    learned,
    present,
    promises,
    replying,
    report,
    rules,
    simulate,
    standing,
    templates,
    viewing,
)
from app.config.paths import Profile, whole_path
from app.config.settings import read_settings
from app.config.system import is_locked
from app.domain.assessment import Kind
from app.domain.clock import Clock, local_zone, rfc3339
from app.domain.daily_copy import CopyKind
from app.domain.errors import KnownError, NotFound, ProfileTooNew, Refused
from app.domain.incident import SORT_WORDS
from app.domain.search_completion import complete
from app.domain.views import IssueView, View
from app.engine.client import EngineClient
from app.engine.queries import Queries


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
    finally:
        desk.queries.close()
        client.close()


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _inbox(desk: Desk, args: argparse.Namespace) -> None:
    view, now = args.view, desk.clock.now()
    queries = _ready(desk)
    if view in {*View, *Kind} or view.startswith("incident:"):
        ids = queries.inbox_ids(view, now=now)
    else:
        search = viewing.search_of(queries, view)
        ids = queries.search(search, now=now.astimezone(local_zone()), limit=args.limit or _EVERY)
    if args.limit > 0:
        ids = ids[: args.limit]
    _print_rows(desk, list(ids), now=now, empty=_EMPTY.get(view, "Nothing here."))


_EVERY = 1_000_000
_DIGITS = 20  # more than any id has
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
        desk.say(empty if desk.queries.accounts() else accounts.NONE)


def _incidents(desk: Desk, args: argparse.Namespace) -> None:
    for number, back in ((args.seen, False), (args.back, True)):
        if number is not None:
            desk.tell(desk.client.call("incident_seen", incident=number, back=back), "Done.")
            return
    found = _ready(desk).overview(now=desk.clock.now()).incidents
    for one in found:
        customers = present.counted(one.customers, "customer")
        said = f"{one.id:>4}  {customers}, {SORT_WORDS[one.sort]}: {one.title}"
        desk.tell(present.incident(one), said)
    if not found and not desk.json:
        desk.say("No cause is shared by many.")


def _search(desk: Desk, args: argparse.Namespace) -> None:
    text, now = " ".join(args.query), desk.clock.now()
    queries = _ready(desk)
    if args.complete:
        _tell_completions(desk, queries, text)
        return
    if troubles := queries.search_troubles(text, now=now.astimezone(local_zone())):
        raise Refused(*troubles[:1])
    most = args.limit or _EVERY
    found = list(queries.search(text, now=now.astimezone(local_zone()), limit=most))
    _print_rows(desk, found, now=now, empty="Nothing found.")


def _tell_completions(desk: Desk, queries: Queries, text: str) -> None:
    """How the search may go on, as the window offers it."""
    for one in complete(text, len(text), known=queries.search_values).suggestions:
        desk.tell({"term": one.term, "means": one.means}, f"{one.term:<24} {one.means}".rstrip())


def _show(desk: Desk, args: argparse.Namespace) -> None:
    view = _ready(desk).issue(args.key)
    if args.raw is not None:
        _save_raw(desk, view, *args.raw)
        return
    if desk.json:
        desk.say(present.as_json(present.issue(view)))
        return
    desk.say(present.line(view.row, now=desk.clock.now()))
    if view.tags:
        desk.say(f"        tagged {', '.join(view.tags)}")
    for reason in view.reasons:
        desk.say(f"  {reason.points:+4d}  {reason.because}")
    for message in view.messages:
        arrow = "->" if message.direction == "out" else "<-"
        desk.say(f"\n{arrow} {message.from_}  {rfc3339(message.at)}\n{message.new_text.strip()}")
    for reply in view.replies:
        if words := replying.way(reply):
            desk.say(f"\n-> reply {reply.id} to {', '.join(reply.recipients)}: {words}")


def _save_raw(desk: Desk, view: IssueView, which: str, file: str) -> None:
    """Write one mail of the issue as it came; `which` is its id, or 1 for the oldest."""
    ids = [message.id for message in view.messages]
    number = int(which) if which.isascii() and which.isdigit() and len(which) < _DIGITS else 0
    if 0 < number <= len(ids):
        number = ids[number - 1]
    if number not in ids:
        raise NotFound(
            f"There is no message {which} in this issue",
            f"It has {len(ids)}: say 1 for the oldest, or an id that `show --json` lists",
        )
    path = str(whole_path(file))
    answer = desk.client.call("raw", message=number, path=path)
    desk.tell(answer, f"Saved to {answer['path']}.")


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
    if args.file is None:
        answer = desk.client.call("copy_now")
    else:
        answer = desk.client.call("backup", file=str(whole_path(args.file)))
    desk.tell(answer, f"Saved to {answer['file']}.")


_KINDS = {
    CopyKind.DAILY: "daily copy",
    CopyKind.UPDATE: "from before an update",
    CopyKind.REPLACED: "what a copy took the place of",
}


def _copies(desk: Desk) -> None:
    found = desk.client.copies()
    for one in found:
        size = f"{-(-one['bytes'] // 2**20):>9,} MB"
        desk.tell(one, f"{one['made_at']} {size}  {_KINDS[CopyKind(one['kind'])]}: {one['file']}")
    if not found and not desk.json:
        desk.say("There is no copy yet. `backup` makes one.")


def _restore(desk: Desk, args: argparse.Namespace) -> None:
    if args.file is None:
        _copies(desk)
        return
    if is_locked(desk.profile.folder / "window.lock"):
        raise Refused("The window of this profile is open", "", "Close it, then try again")
    copy = whole_path(args.file)
    desk.queries.close()
    kept = desk.client.restore(copy, now=desk.clock.now())
    before = (
        f"; the one before is kept in {kept}. The last three of them stay there; "
        "`restore` lists them"
        if kept
        else ""
    )
    desk.tell(
        {"restored": str(copy), "kept": str(kept) if kept else None},
        f"{copy} is the profile's database now{before}.",
    )


def _export(desk: Desk, args: argparse.Namespace) -> None:
    answer = desk.client.call("export", folder=str(whole_path(args.folder)))
    desk.tell(answer, f"Saved to {answer['folder']}: {_carried(answer)}.")


def _import(desk: Desk, args: argparse.Namespace) -> None:
    answer = desk.client.call("import", folder=str(whole_path(args.folder)))
    desk.tell(
        answer,
        f"Brought in: {_carried(answer)}. Passwords are not in an export: `account list` says"
        " which accounts ask for theirs.",
    )


def _carried(answer: dict[str, Any]) -> str:
    parts = ("mail", "issue", "order", "decision")
    return ", ".join(present.counted(answer[f"{part}s"], part) for part in parts)


def _attachment(desk: Desk, args: argparse.Namespace) -> None:
    path = str(whole_path(args.file))
    answer = desk.client.call("save_attachment", message=args.message, part=args.part, path=path)
    desk.tell(answer, f"Saved to {answer['path']}.")


def _original(desk: Desk, args: argparse.Namespace) -> None:
    path = str(whole_path(args.file))
    answer = desk.client.call("raw", message=args.message, path=path)
    desk.tell(answer, f"Saved to {answer['path']}.")


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
    "template": templates.run,
    "promises": replying.promises,
    "reply": replying.run,
    "packet": disputing.packet,
    "disputes": disputing.disputes,
    "account": accounts.run,
    "poll": accounts.poll,
    "attachment": _attachment,
    "original": _original,
    "backup": _backup,
    "restore": _restore,
    "learned": learned.run,
    "export": _export,
    "report": report.run,
    "simulate": simulate.run,
    "import": _import,
    "rules": rules.run,
    "settings": _settings,
    "hours": hours.run,
    "contact": contacts.run,
    "customer": customers.run,
    "escalate": ladders.run,
    "promise": promises.run,
    "doctor": doctor.run,
    "autostart": standing.autostart,
    "ready": standing.run,
    "engine": _engine,
    **dict.fromkeys(deciding.ARGUMENTS, deciding.run),
    "view": viewing.run,
}
