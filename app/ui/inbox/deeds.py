"""Deeds: what the owner does to issues, shown at once and taken back with one key.

A verb is asked of the engine while the list already shows its effect. Each deed is kept until the
next ones push it out, so that Undo takes back the newest first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.domain.assessment import Kind, Severity
from app.domain.clock import instant
from app.domain.journal import State
from app.domain.translation import to_translate, tr, trn
from app.domain.views import InboxRow, View
from app.ui import words
from app.ui.bridge import EngineBridge
from app.ui.issue.foreign_text import line, title

_KEPT = 50
_NAMED = 2  # so many names stand on one line
_LONG_NAME, _LONG_SUBJECT = 28, 44
_SAID = {
    "acknowledge": to_translate("Acknowledged"),
    "resolve": to_translate("Done"),
    "reopen": to_translate("Open again"),
    "snooze": to_translate("Snoozed"),
    "override": to_translate("Changed"),
    "verdict": to_translate("Noted"),
    "assign": to_translate("Assigned"),
    "merge": to_translate("Merged"),
    "split": to_translate("Split"),
    "note": to_translate("Noted"),
}
_TEACH = ("override", "verdict")


@dataclass(slots=True, eq=False)
class Deed:
    """One verb on one issue, or on it and `others` together; `entry` is known once the engine has
    answered, and so are the `entries` of several."""

    verb: str
    row: InboxRow
    args: dict[str, Any] = field(default_factory=dict)
    said: str = ""
    entry: str = ""
    taken_back: bool = False
    others: tuple[InboxRow, ...] = ()
    entries: tuple[str, ...] = ()

    @property
    def rows(self) -> tuple[InboxRow, ...]:
        """All issues that it is about."""
        return (self.row, *self.others)


class Deeds(QObject):
    """Does and undoes. `begun` and `taken_back` carry the Deed, and so does `answered` once the
    engine has done what was asked of it last; `refused` Deed and error, `learnt` the newest Deed
    and what it taught."""

    begun = Signal(object)
    taken_back = Signal(object)
    answered = Signal(object)
    refused = Signal(object, object)
    learnt = Signal(object, str)

    def __init__(self, bridge: EngineBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._deeds: list[Deed] = []

    def perform(self, verb: str, row: InboxRow, *, now: datetime, **args: Any) -> Deed:
        """Ask for a verb on an issue and say at once that it was done."""
        deed = Deed(verb, row, args, said=_sentence(verb, row, args, now))
        return self._begin(deed, key=row.key)

    def perform_all(
        self, verb: str, rows: Sequence[InboxRow], *, now: datetime, **args: Any
    ) -> Deed:
        """The same on several issues, in one go: one deed, one sentence, one Undo."""
        first, *others = rows
        if not others:
            return self.perform(verb, first, now=now, **args)
        issues = trn("{n} issue", "{n} issues", len(rows))
        said = f"{_did(verb, args, now)}: {issues}{_worst_of(verb, rows, args)}"
        deed = Deed(verb, first, args, said=said, others=tuple(others))
        return self._begin(deed, key=[row.key for row in rows])

    def _begin(self, deed: Deed, key: str | list[str]) -> Deed:
        self._deeds = [*self._deeds[-_KEPT + 1 :], deed]
        self.begun.emit(deed)
        self._bridge.run(
            deed.verb,
            then=lambda answer: self._answered(deed, answer),
            failed=lambda error: self._failed(deed, error),
            key=key,
            **deed.args,
        )
        return deed

    def adopt(self, words: str, row: InboxRow, entry: str) -> Deed:
        """Keep what another pane did, so that Undo takes it back in its turn."""
        deed = Deed("", row, said=words, entry=entry)
        self._deeds = [*self._deeds[-_KEPT + 1 :], deed]
        return deed

    @property
    def are_there(self) -> bool:
        """Whether there is anything to take back."""
        return bool(self._deeds)

    def undo(self) -> Deed | None:
        """Take back the newest deed; None when there is none left."""
        if not self._deeds:
            return None
        deed = self._deeds.pop()
        deed.taken_back = True
        self.taken_back.emit(deed)
        if deed.entry:
            self._ask_undo(deed)
        return deed

    def _answered(self, deed: Deed, answer: dict[str, Any]) -> None:
        deed.entries = tuple(answer.get("entries", ()))
        deed.entry = str(answer.get("entry", "")) or next(iter(deed.entries), "")
        if deed.taken_back and deed.entry:
            self._ask_undo(deed)
            return
        self.answered.emit(deed)
        if deed.verb in _TEACH and deed.entry and not deed.others:
            self._ask_lesson(deed.entry)

    def taught(self, entry: str, words: str) -> None:
        """What a deed taught is known: say so, unless something else was done since."""
        newest = self._deeds[-1] if self._deeds else None
        if newest is not None and newest.entry == entry and not newest.taken_back:
            self.learnt.emit(newest, words)

    def _ask_lesson(self, entry: str) -> None:
        def heard(answer: dict[str, Any]) -> None:
            if said := words.lesson_words(answer):
                self.taught(entry, said)

        self._bridge.run("lesson", then=heard, failed=lambda _: None, entry=entry)

    def _ask_undo(self, deed: Deed) -> None:
        entry = list(deed.entries) or deed.entry
        self._bridge.run(
            "undo",
            then=lambda _: self.answered.emit(deed),
            failed=lambda error: self.refused.emit(deed, error),
            entry=entry,
        )

    def _failed(self, deed: Deed, error: Exception) -> None:
        if deed in self._deeds:
            self._deeds.remove(deed)
        self.refused.emit(deed, error)


def foreseen(deed: Deed, row: InboxRow) -> InboxRow:
    """One of its rows as it will stand once the engine has done the deed."""
    args = deed.args
    match deed.verb:
        case "acknowledge":
            return replace(row, state=State.ACKNOWLEDGED, unseen=False)
        case "resolve":
            return replace(row, state=State.RESOLVED, snoozed_until=None, unseen=False)
        case "reopen":
            return replace(row, state=State.ACKNOWLEDGED, snoozed_until=None)
        case "snooze":
            return replace(row, snoozed_until=instant(str(args["until"])), unseen=False)
        case "override":
            return _overridden(row, args)
        case "assign":
            return replace(row, assignee=str(args.get("to", "")))
        case _:
            return row


def leaves(view: str, row: InboxRow) -> bool:
    """Whether an issue that now stands so has no place in a view any more."""
    if view == View.ALL:
        return False
    if row.kind is Kind.NOT_AN_ISSUE:
        return view != View.NOISE
    if row.state in (State.RESOLVED, State.CLOSED):
        return view != View.DONE
    if row.snoozed_until is not None:
        return view != View.SNOOZED
    if row.state is State.WAITING:
        return view != View.WAITING
    if view in set(Kind):
        return view not in (row.kind, row.second_kind)
    return view in (View.DONE, View.SNOOZED, View.WAITING, View.NOISE)


def _overridden(row: InboxRow, args: dict[str, Any]) -> InboxRow:
    kind, severity = args.get("kind"), args.get("severity")
    return replace(
        row,
        kind=Kind(kind) if kind else row.kind,
        severity=Severity(severity) if severity else row.severity,
        unsure=False,
    )


def _did(verb: str, args: dict[str, Any], now: datetime) -> str:
    """What was done, without to what."""
    if verb == "snooze":
        return tr("Snoozed until {time}", time=words.moment(instant(str(args["until"])), now))
    if verb == "assign":
        to = line(str(args.get("to", "")))
        return tr("Given to {name}", name=to) if to else tr("Given to nobody")
    if verb == "override" and args.get("kind"):
        return tr("Changed to {kind}", kind=words.kind_word(Kind(args["kind"])))
    return tr(_SAID[verb]) if verb in _SAID else verb.capitalize()


def _worst_of(verb: str, rows: Sequence[InboxRow], args: dict[str, Any]) -> str:
    """Who of those that are put away has something critical: nobody meant to pass over that."""
    if verb != "resolve" and args.get("kind") != Kind.NOT_AN_ISSUE:
        return ""
    critical = (row for row in rows if row.severity is Severity.CRITICAL)
    names = [_cut(line(words.person(row.customer)), _LONG_NAME) for row in critical]
    if not names:
        return ""
    named, more = ", ".join(names[:_NAMED]), len(names) - _NAMED
    if more > 0:
        named = tr("{names} and {more} more", names=named, more=more)
    return ". " + tr("Critical among them: {names}", names=named)


def _sentence(verb: str, row: InboxRow, args: dict[str, Any], now: datetime) -> str:
    said = _did(verb, args, now)
    subject = title(row.subject) or words.person(row.customer)
    return f"{said}: {_cut(subject, _LONG_SUBJECT)}"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
