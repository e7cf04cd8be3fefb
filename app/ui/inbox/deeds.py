"""Deeds: what the owner does to issues, shown at once and taken back with one key.

A verb is asked of the engine while the list already shows its effect. Each deed is kept until the
next ones push it out, so that Undo takes back the newest first.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.domain.assessment import Kind, Severity
from app.domain.clock import instant
from app.domain.journal import State
from app.domain.views import InboxRow, View
from app.ui import words
from app.ui.bridge import EngineBridge
from app.ui.issue.foreign_text import line

_KEPT = 50
_SAID = {
    "acknowledge": "Acknowledged",
    "resolve": "Done",
    "reopen": "Open again",
    "snooze": "Snoozed",
    "override": "Changed",
    "verdict": "Noted",
    "assign": "Assigned",
    "merge": "Merged",
    "split": "Split",
    "note": "Noted",
}
JOURNAL_VERBS = frozenset(_SAID)
_TEACH = ("override", "verdict")


@dataclass(slots=True, eq=False)
class Deed:
    """One verb on one issue; `entry` is known once the engine has answered."""

    verb: str
    row: InboxRow
    args: dict[str, Any] = field(default_factory=dict)
    said: str = ""
    entry: str = ""
    taken_back: bool = False


class Deeds(QObject):
    """Does and undoes. `begun` and `taken_back` carry the Deed, `refused` Deed and error, `learnt`
    the newest Deed and what it taught."""

    begun = Signal(object)
    taken_back = Signal(object)
    refused = Signal(object, object)
    learnt = Signal(object, str)

    def __init__(self, bridge: EngineBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._deeds: list[Deed] = []

    def perform(self, verb: str, row: InboxRow, *, now: datetime, **args: Any) -> Deed:
        """Ask for a verb on an issue and say at once that it was done."""
        deed = Deed(verb, row, args, said=_sentence(verb, row, args, now))
        self._deeds = [*self._deeds[-_KEPT + 1 :], deed]
        self.begun.emit(deed)
        self._bridge.run(
            verb,
            then=lambda answer: self._answered(deed, answer),
            failed=lambda error: self._failed(deed, error),
            key=row.key,
            **args,
        )
        return deed

    def adopt(self, words: str, row: InboxRow, entry: str) -> Deed:
        """Keep what another pane did, so that Undo takes it back in its turn."""
        deed = Deed("", row, said=words, entry=entry)
        self._deeds = [*self._deeds[-_KEPT + 1 :], deed]
        return deed

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
        deed.entry = str(answer.get("entry", ""))
        if deed.taken_back and deed.entry:
            self._ask_undo(deed)
        elif deed.verb in _TEACH and deed.entry:
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
        self._bridge.run(
            "undo", failed=lambda error: self.refused.emit(deed, error), entry=deed.entry
        )

    def _failed(self, deed: Deed, error: Exception) -> None:
        if deed in self._deeds:
            self._deeds.remove(deed)
        self.refused.emit(deed, error)


def foreseen(deed: Deed) -> InboxRow:
    """The row as it will stand once the engine has done the deed."""
    row, args = deed.row, deed.args
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


def _sentence(verb: str, row: InboxRow, args: dict[str, Any], now: datetime) -> str:
    said = _SAID.get(verb, verb.capitalize())
    if verb == "snooze":
        said = f"Snoozed until {words.moment(instant(str(args['until'])), now)}"
    subject = line(row.subject) or words.person(row.customer)
    return f"{said}: {subject if len(subject) <= 44 else subject[:43] + '…'}"
