"""The journal in words: what somebody decided, as the line that stands in the timeline."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.domain.assessment import Kind, Severity
from app.domain.clock import instant
from app.domain.journal import Entry, EntryType
from app.domain.owner_rule import Deed
from app.domain.translation import to_translate, tr
from app.ui.issue.foreign_text import line
from app.ui.words import exact, kind_word, severity_word


def entry_words(entry: Entry, *, undone: bool = False) -> str:
    """The decision as a sentence; empty where another line of the page already tells it."""
    words = _WORDS[entry.type](entry.data)
    if not words or not undone:
        return words
    by_rule = entry.type is EntryType.RULE
    return (
        tr("Undone: {what}", what=words) if by_rule else tr("{what}, then took it back", what=words)
    )


def _override(data: Mapping[str, Any]) -> str:
    kind, severity = data.get("kind"), data.get("severity")
    about = kind_word(Kind(kind)) if kind in set(Kind) else ""
    grade = severity_word(Severity(severity)) if severity in set(Severity) else ""
    if about and grade:
        return tr(
            "You set the kind to {kind} and how bad it is to {severity}", kind=about, severity=grade
        )
    if about:
        return tr("You set the kind to {kind}", kind=about)
    return tr("You set how bad it is to {severity}", severity=grade) if grade else ""


def _verdict(data: Mapping[str, Any]) -> str:
    said = data.get("verdict")
    if said == "false_alarm":
        return tr("You called it a false alarm")
    return tr("You said it was missed") if said == "missed" else ""


def _assign(data: Mapping[str, Any]) -> str:
    to = line(str(data.get("to", "")))
    return tr("You gave it to {name}", name=to) if to else tr("You took it from everybody's list")


def _tag(data: Mapping[str, Any]) -> str:
    added = ", ".join(line(str(tag)) for tag in data.get("add", ()))
    removed = ", ".join(line(str(tag)) for tag in data.get("remove", ()))
    if added and removed:
        return tr(
            "You tagged it {added} and took away the tag {removed}", added=added, removed=removed
        )
    if added:
        return tr("You tagged it {tag}", tag=added)
    return tr("You took away the tag {tag}", tag=removed) if removed else ""


def _queued(data: Mapping[str, Any]) -> str:
    planned = _instant(data, "scheduled_for")
    return tr("You planned a reply for {time}", time=planned) if planned else ""


def _sent(data: Mapping[str, Any]) -> str:
    planned, back = _instant(data, "planned_at"), _instant(data, "follow_up_at")
    late = tr("Planned for {time}; sent late, the computer slept or was off", time=planned)
    asks = tr("Comes back on {time} if nobody answers", time=back)
    return "; ".join(part for part in (late if planned else "", asks if back else "") if part)


def _instant(data: Mapping[str, Any], name: str) -> str:
    try:
        return exact(instant(str(data[name]))) if data.get(name) else ""
    except ValueError:
        return ""


def _failed(data: Mapping[str, Any]) -> str:
    why = line(str(data.get("error", "")))
    return tr("The reply was refused: {why}", why=why) if why else tr("The reply was refused")


def _bounced(data: Mapping[str, Any]) -> str:
    who = line(str(data.get("recipient", ""))) or tr("them")
    why = line(str(data.get("reason", "")))
    said = tr("What you wrote could not be delivered to {who}", who=who)
    return f"{said}: {why}" if why else said


def _merge(data: Mapping[str, Any]) -> str:
    because = line(str(data.get("because", "")))
    if because:
        return tr("Another issue was put into this one: {because}", because=because)
    return tr("You put another issue into this one")


def _link(data: Mapping[str, Any]) -> str:
    because = line(str(data.get("because", "")))
    why = f": {because}" if because else ""
    if data.get("into"):
        into = line(str(data["into"]))
        return tr("The conversation goes on in issue {key}", key=into) + why
    subject, key = line(str(data.get("subject", ""))), line(str(data.get("from", "")))
    name = f"“{subject}” ({key})" if subject else key
    return tr("It follows the issue {name}", name=name) + why


def _order(data: Mapping[str, Any]) -> str:
    number = line(str(data.get("number", "")))
    if number:
        return tr("You said that it is about order {number}", number=number)
    return tr("You said: about no order")


def _found(data: Mapping[str, Any]) -> str:
    because = line(str(data.get("because", "")))
    return tr("A mail found in Sent counts as the answer: {because}", because=because)


def _rule(data: Mapping[str, Any]) -> str:
    name, did = line(str(data.get("name", ""))), line(Deed.of(data).words)
    return tr("Your rule “{name}” {did}", name=name, did=did)


def _says(words: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda _: tr(words)


def _acknowledged(data: Mapping[str, Any]) -> str:
    by = line(str(data.get("by", "")))
    return tr("{who} acknowledged it, by mail", who=by) if by else tr("You acknowledged it")


_WORDS: dict[EntryType, Callable[[Mapping[str, Any]], str]] = {
    EntryType.ACKNOWLEDGE: _acknowledged,
    EntryType.ASSIGN: _assign,
    EntryType.SNOOZE: _says(to_translate("You snoozed it")),
    EntryType.RESOLVE: _says(to_translate("You marked it done")),
    EntryType.REOPEN: _says(to_translate("You opened it again")),
    EntryType.OVERRIDE: _override,
    EntryType.VERDICT: _verdict,
    EntryType.NOTE: _says(to_translate("You left a note")),
    EntryType.TAG: _tag,
    EntryType.MERGE: _merge,
    EntryType.SPLIT: _says(to_translate("You took mails out into an issue of their own")),
    EntryType.LINK: _link,
    EntryType.REPLY_QUEUED: _queued,
    EntryType.REPLY_SENT: _sent,
    EntryType.ORDER: _order,
    EntryType.REPLY_UNDONE: _says(to_translate("You held a reply back")),
    EntryType.REPLY_FAILED: _failed,
    EntryType.REPLY_BOUNCED: _bounced,
    EntryType.FORGET: _says(to_translate("You said that nothing is to be learnt from it")),
    EntryType.REPLY_FOUND: _found,
    EntryType.RULE: _rule,
    EntryType.PROMISE_DONE: _says(to_translate("You said that what you promised is done")),
    EntryType.UNDO: _says(""),
}
