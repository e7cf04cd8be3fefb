"""The journal in words: what somebody decided, as the line that stands in the timeline."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.domain.assessment import Kind, Severity
from app.domain.clock import instant
from app.domain.journal import Entry, EntryType
from app.domain.owner_rule import Deed
from app.ui.issue.foreign_text import line
from app.ui.words import exact, kind_word, severity_word


def entry_words(entry: Entry, *, undone: bool = False) -> str:
    """The decision as a sentence; empty where another line of the page already tells it."""
    words = _WORDS[entry.type](entry.data)
    if not words or not undone:
        return words
    by_rule = entry.type is EntryType.RULE
    return f"Undone: {words}" if by_rule else f"{words}, then took it back"


def _override(data: Mapping[str, Any]) -> str:
    kind, severity = data.get("kind"), data.get("severity")
    parts = []
    if kind in set(Kind):
        parts.append(f"the kind to {kind_word(Kind(kind))}")
    if severity in set(Severity):
        parts.append(f"how bad it is to {severity_word(Severity(severity))}")
    return "You set " + " and ".join(parts) if parts else ""


def _verdict(data: Mapping[str, Any]) -> str:
    said = data.get("verdict")
    if said == "false_alarm":
        return "You called it a false alarm"
    return "You said it was missed" if said == "missed" else ""


def _assign(data: Mapping[str, Any]) -> str:
    to = line(str(data.get("to", "")))
    return f"You gave it to {to}" if to else "You took it from everybody's list"


def _tag(data: Mapping[str, Any]) -> str:
    added = ", ".join(line(str(tag)) for tag in data.get("add", ()))
    removed = ", ".join(line(str(tag)) for tag in data.get("remove", ()))
    parts = [f"tagged it {added}"] if added else []
    parts += [f"took away the tag {removed}"] if removed else []
    return "You " + " and ".join(parts) if parts else ""


def _queued(data: Mapping[str, Any]) -> str:
    planned = _instant(data, "scheduled_for")
    return f"You planned a reply for {planned}" if planned else ""


def _sent(data: Mapping[str, Any]) -> str:
    planned, back = _instant(data, "planned_at"), _instant(data, "follow_up_at")
    late = f"Planned for {planned}; sent late, the computer slept or was off" if planned else ""
    asks = f"Comes back on {back} if nobody answers" if back else ""
    return "; ".join(part for part in (late, asks) if part)


def _instant(data: Mapping[str, Any], name: str) -> str:
    try:
        return exact(instant(str(data[name]))) if data.get(name) else ""
    except ValueError:
        return ""


def _failed(data: Mapping[str, Any]) -> str:
    why = line(str(data.get("error", "")))
    return f"The reply was refused: {why}" if why else "The reply was refused"


def _bounced(data: Mapping[str, Any]) -> str:
    who = line(str(data.get("recipient", ""))) or "them"
    why = line(str(data.get("reason", "")))
    said = f"What you wrote could not be delivered to {who}"
    return f"{said}: {why}" if why else said


def _merge(data: Mapping[str, Any]) -> str:
    because = line(str(data.get("because", "")))
    if because:
        return f"Another issue was put into this one: {because}"
    return "You put another issue into this one"


def _link(data: Mapping[str, Any]) -> str:
    because = line(str(data.get("because", "")))
    why = f": {because}" if because else ""
    if data.get("into"):
        return f"The conversation goes on in issue {line(str(data['into']))}{why}"
    subject, key = line(str(data.get("subject", ""))), line(str(data.get("from", "")))
    name = f"“{subject}” ({key})" if subject else key
    return f"It follows the issue {name}{why}"


def _order(data: Mapping[str, Any]) -> str:
    number = line(str(data.get("number", "")))
    return f"You said that it is about order {number}" if number else "You said: about no order"


def _found(data: Mapping[str, Any]) -> str:
    return f"A mail found in Sent counts as the answer: {line(str(data.get('because', '')))}"


def _rule(data: Mapping[str, Any]) -> str:
    return f"Your rule “{line(str(data.get('name', '')))}” {line(Deed.of(data).words)}"


def _says(words: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda _: words


def _taken_on(data: Mapping[str, Any]) -> str:
    by = line(str(data.get("by", "")))
    return f"{by} took it on, by mail" if by else "You took it on"


_WORDS: dict[EntryType, Callable[[Mapping[str, Any]], str]] = {
    EntryType.ACKNOWLEDGE: _taken_on,
    EntryType.ASSIGN: _assign,
    EntryType.SNOOZE: _says("You put it aside"),
    EntryType.RESOLVE: _says("You marked it done"),
    EntryType.REOPEN: _says("You opened it again"),
    EntryType.OVERRIDE: _override,
    EntryType.VERDICT: _verdict,
    EntryType.NOTE: _says("You left a note"),
    EntryType.TAG: _tag,
    EntryType.MERGE: _merge,
    EntryType.SPLIT: _says("You took mails out into an issue of their own"),
    EntryType.LINK: _link,
    EntryType.REPLY_QUEUED: _queued,
    EntryType.REPLY_SENT: _sent,
    EntryType.ORDER: _order,
    EntryType.REPLY_UNDONE: _says("You held a reply back"),
    EntryType.REPLY_FAILED: _failed,
    EntryType.REPLY_BOUNCED: _bounced,
    EntryType.FORGET: _says("You said that nothing is to be learnt from it"),
    EntryType.REPLY_FOUND: _found,
    EntryType.RULE: _rule,
    EntryType.PROMISE_DONE: _says("You said that what you promised is done"),
    EntryType.UNDO: _says(""),
}
