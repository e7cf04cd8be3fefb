"""Together: what is done to all marked issues at once, by key, by the bar or from a menu.

Each is one deed: one sentence, one Undo. Where more has to be said (until when, to whom) a menu
asks, at the place that was clicked.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from app.domain.assessment import Kind
from app.domain.clock import Clock, rfc3339
from app.domain.journal import State
from app.domain.translation import tr
from app.domain.views import InboxRow
from app.ui import words
from app.ui.inbox.deeds import Deeds
from app.ui.inbox.pane import InboxPane
from app.ui.issue.foreign_text import menu_text, title
from app.ui.issue.more_menu import names_used
from app.ui.issue.people_menu import PeopleMenu
from app.ui.issue.ports import Reads
from app.ui.issue.snooze_menu import fill_snooze
from app.ui.theme import Theme

_PUT_AWAY = (State.RESOLVED, State.CLOSED)
_MERGED_AT_MOST = 12  # so many subjects can be told apart in a menu


class Together:
    """Asks what is missing, and has it done to all that is marked."""

    def __init__(
        self, *, inbox: InboxPane, deeds: Deeds, queries: Reads, theme: Theme, clock: Clock
    ) -> None:
        self._inbox, self._deeds, self._queries = inbox, deeds, queries
        self._theme, self._clock = theme, clock
        inbox.bulk.verb.connect(self.do)

    def do(self, verb: str, at: QPoint) -> bool:
        """Do a verb to what is marked; False where nothing is."""
        rows = self._inbox.marked()
        if rows:
            self.do_to(rows, verb, at)
        return bool(rows)

    def do_to(self, rows: Sequence[InboxRow], verb: str, at: QPoint) -> None:
        """Do a verb to these."""
        match verb:
            case "resolve":
                done = all(row.state in _PUT_AWAY for row in rows)
                self._perform("reopen" if done else "resolve", rows)
            case "noise":
                self._perform("override", rows, kind=Kind.NOT_AN_ISSUE)
            case "snooze" | "assign" | "override" | "merge":
                self._ask(verb, rows, at)
            case _:
                self._perform(verb, rows)

    def _perform(self, verb: str, rows: Sequence[InboxRow], **args: str) -> None:
        self._deeds.perform_all(verb, rows, now=self._clock.now(), **args)

    def _ask(self, verb: str, rows: Sequence[InboxRow], at: QPoint) -> None:
        menu = self._people(rows) if verb == "assign" else QMenu(self._inbox)
        if verb == "snooze":
            menu.setAccessibleName(tr("Snooze until"))
            fill_snooze(
                menu,
                self._clock.now().astimezone(),
                lambda until: self._perform(verb, rows, until=rfc3339(until)),
            )
        elif verb == "override":
            self._fill_kinds(menu, rows)
        elif verb == "merge":
            self._fill_merge(menu, rows)
        menu.popup(at)
        if verb != "assign":  # there the names are many, and none is likelier
            menu.setActiveAction(next(each for each in menu.actions() if each.isEnabled()))
        menu.aboutToHide.connect(menu.deleteLater)

    def _people(self, rows: Sequence[InboxRow]) -> PeopleMenu:
        menu = PeopleMenu(theme=self._theme, parent=self._inbox)
        menu.setAccessibleName(tr("Give all that is selected to"))
        menu.offer(names_used(self._queries, self._clock), assignee="", nobody=True)
        menu.named.connect(lambda name: self._perform("assign", rows, to=name))
        return menu

    def _fill_kinds(self, menu: QMenu, rows: Sequence[InboxRow]) -> None:
        menu.setAccessibleName(tr("What all that is selected is about"))
        for kind in Kind:
            action = menu.addAction(words.kind_word(kind))
            action.triggered.connect(
                lambda _=False, kind=kind: self._perform("override", rows, kind=kind)
            )

    def _fill_merge(self, menu: QMenu, rows: Sequence[InboxRow]) -> None:
        """Into which of them; the oldest conversation is offered first."""
        menu.setAccessibleName(tr("Merge all that is selected into"))
        menu.addAction(tr("Merge into")).setEnabled(False)  # a title that every style shows
        oldest_first = sorted(rows, key=lambda row: (-row.message_count, row.last_at))
        for kept in oldest_first[:_MERGED_AT_MOST]:
            said = f"{words.person(kept.customer)}: {title(kept.subject)}"
            action = menu.addAction(menu_text(said if len(said) <= 60 else said[:59] + "…"))
            others = [row for row in rows if row.key != kept.key]
            action.triggered.connect(
                lambda _=False, kept=kept, others=others: self._perform(
                    "merge", others, into=kept.key
                )
            )
