"""Replying: the command that renders a draft, sends it, and looks after what was queued."""

from __future__ import annotations

import argparse
import re
import sys
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from app.cli import accounts
from app.config.paths import whole_path
from app.domain.clock import local_zone, rfc3339
from app.domain.deadline import Metric
from app.domain.errors import NotFound, Refused
from app.domain.reply import OutboxState
from app.domain.views import IssueView, ReplyView
from app.domain.zone import days_on

if TYPE_CHECKING:
    from app.cli.run import Desk

_LENGTH = re.compile(r"(\d{1,5})\s*(min|m|h|d|w)")
_UNITS = {"min": "minutes", "m": "minutes", "h": "hours"}
_DAYS = {"d": 1, "w": 7}
_ABOUT_ONE = {
    "undo": "undo_send",
    "now": "send_now",
    "retry": "retry_reply",
    "arrived": "confirm_reply",
    "discard": "discard_reply",
}


def run(desk: Desk, args: argparse.Namespace) -> None:
    """`reply`: a draft, or with --send a reply; or what becomes of one that was queued."""
    for word, verb in _ABOUT_ONE.items():
        if (reply := getattr(args, word)) is not None:
            _require_of_issue(desk, args.key, reply)
            desk.tell(desk.client.call(verb, reply=reply), "Done.")
            return
    if args.templates:
        for one in desk.client.call("templates", key=args.key)["templates"]:
            desk.tell(one, f"{one['id']:<36} {one['language']}  {one['title']}")
        return
    draft = _draft(desk, args)
    _issue(desk, args.key)
    if args.check:
        _check(desk, args, draft)
    elif args.send:
        _send(desk, args, draft)
    else:
        desk.tell(draft, draft["text"])


def promises(desk: Desk, args: argparse.Namespace) -> None:
    """`promises`: what was promised in words, or that one of it is done."""
    if args.done:
        answer = desk.client.call("promise_done", key=args.key, promise=args.done)
        desk.tell(answer, f"Done (undo: {answer['entry']}).")
        return
    found = _issue(desk, args.key).deadlines
    for one in (each for each in found if each.metric is Metric.GIVEN_WORD):
        stands = "kept" if one.met_at else "broken" if one.breached_at else "open"
        said = {
            "name": one.name, "title": one.title, "due_at": rfc3339(one.planned_at),
            "state": stands, "explanation": list(one.explanation),
        }  # fmt: skip
        desk.tell(said, f"{one.name}  {stands:<6}  {rfc3339(one.planned_at)}  {one.title}")


def _issue(desk: Desk, key: str) -> IssueView:
    """The issue of this key. Raises NotFound."""
    desk.client.call("status")  # so that the profile is as new as this program
    return desk.queries.issue(key)


def _require_of_issue(desk: Desk, key: str, reply: int) -> None:
    """Raise NotFound for a reply to somebody else: a slip of a figure must not stop it."""
    if reply not in {one.id for one in _issue(desk, key).replies}:
        raise NotFound(f"This issue has no reply {reply}", f"See those that it has: show {key}")


def later(text: str, *, now: datetime, zone: tzinfo) -> str:
    """The instant that a length from now means; an instant stays as it is.

    Minutes and hours pass; a day or a week on, the clock on the wall shows the same time of day.
    """
    match = _LENGTH.fullmatch(text.strip().lower())
    if match is None:
        return text
    number, unit = int(match[1]), match[2]
    if unit in _DAYS:
        return rfc3339(days_on(now, number * _DAYS[unit], zone=zone))
    return rfc3339(now + timedelta(**{_UNITS[unit]: number}))


def way(reply: ReplyView) -> str:
    """How a reply that has not left stands, in words; empty once it is sent or taken back."""
    match reply.state:
        case OutboxState.SENT | OutboxState.FILED | OutboxState.UNDONE:
            return ""
        case OutboxState.QUEUED:
            planned = "planned for" if reply.scheduled else "goes out at"
            words = f"{planned} {rfc3339(reply.not_before)}; --undo {reply.id} takes it back"
        case OutboxState.UNKNOWN:
            words = f"may have been sent: --arrived {reply.id}, or --retry {reply.id}"
        case _:
            words = reply.state.value
    return f"{words}. {reply.error}" if reply.error else words


def _check(desk: Desk, args: argparse.Namespace, draft: dict[str, Any]) -> None:
    answer = desk.client.call(
        "check_reply",
        key=args.key,
        body=draft["text"],
        files=args.attach,
        sender=args.sender,
        to_sender=args.to_sender,
        cc=args.cc,
    )
    for one in answer["objections"]:
        place = draft["text"][one["start"] : one["end"]]
        desk.tell({**one, "words": place}, f"{one['weight']:<6}{one['because']}")
    if not answer["objections"] and not desk.json:
        desk.say("Nothing speaks against it.")


def _send(desk: Desk, args: argparse.Namespace, draft: dict[str, Any]) -> None:
    answer = desk.client.call(
        "send_reply",
        key=args.key,
        body=draft["text"],
        template=draft.get("template", ""),
        rendered=draft.get("rendered", ""),
        files=[str(whole_path(file)) for file in args.attach],
        sender=args.sender,
        at=later(args.at, now=desk.clock.now(), zone=local_zone()) if args.at else "",
        follow_up_days=args.follow_up,
        insist=args.insist,
        to_sender=args.to_sender,
        cc=args.cc,
        request=str(uuid4()),
    )
    desk.tell(
        answer, f"It goes out at {answer['not_before']}; until then: --undo {answer['reply']}"
    )


def _draft(desk: Desk, args: argparse.Namespace) -> dict[str, Any]:
    """The text to send: a file's, or a template's."""
    if args.body:
        return {"text": text_of(args.body), "template": args.template, "holes": []}
    if not args.template:
        raise Refused("A reply needs words", "Say --template T (see --templates) or --body FILE")
    values = accounts.pairs(args.set)
    rendered = desk.client.call(
        "render", key=args.key, template=args.template, language=args.language, values=values
    )
    return {**rendered, "template": args.template, "rendered": rendered["text"]}


def text_of(name: str) -> str:
    """The text in a file, or what is piped in for "-". Raises NotFound and Refused."""
    try:
        return _piped_in() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise NotFound(f"There is no file {name}") from None
    except UnicodeError as error:
        what = "What is piped in" if name == "-" else name
        raise Refused(f"{what} cannot be read as text", "It is not UTF-8") from error
    except OSError as error:
        raise Refused(f"{name} cannot be read as text", error.strerror or "") from error


def _piped_in() -> str:
    said = sys.stdin.read()
    said.encode()  # raises for bytes that are no UTF-8
    return said
