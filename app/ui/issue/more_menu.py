"""MoreMenu: what is done to an issue less often: give it to somebody, put it into another one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from app.domain.assessment import Kind
from app.domain.clock import Clock
from app.domain.errors import KnownError
from app.domain.journal import State
from app.domain.translation import tr
from app.domain.views import InboxRow, View
from app.ui.issue.foreign_text import menu_text, title
from app.ui.issue.people_menu import PeopleMenu
from app.ui.issue.ports import Reads
from app.ui.theme import Theme
from app.ui.words import day

_LONGEST_SUBJECT = 48
_LOOKED_AT = 256  # names used before are those on the first rows of the list
_OFFERED = 12
_PUT_AWAY = (State.RESOLVED, State.CLOSED)


class MoreMenu(QMenu):
    """`assigned` carries a name, empty for nobody; `merged` the key of the issue that stays.

    `escalated`: the next people are to be told at once; `tag_asked`: a tag is to be written.
    """

    assigned = Signal(str)
    merged = Signal(str)
    escalated = Signal()
    tag_asked = Signal()

    def __init__(self, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._row: InboxRow | None = None
        self.setAccessibleName(tr("What else to do with the issue"))
        self.people = PeopleMenu(theme=theme, parent=self)
        self.people.named.connect(self.assigned)
        self.others = QMenu(tr("Merge into …"), self)

    def offer(
        self, row: InboxRow, *, names: Sequence[str], others: Sequence[InboxRow], now: datetime
    ) -> None:
        """Offer these people, and these other open issues of the same customer."""
        self._row = row
        self.clear()
        self.people.setIcon(self._theme.icon("person"))
        self.addMenu(self.people)
        self.offer_names(names)
        self.others.clear()
        self.others.setEnabled(bool(others))
        self.others.setTitle(tr("Merge into …") if others else tr("No other issue of theirs"))
        for other in others[:_OFFERED]:
            said = f"{_short(other.subject)}, {day(other.last_at, now)}"
            action = self.others.addAction(menu_text(said))
            action.triggered.connect(lambda _=False, key=other.key: self.merged.emit(key))
        self.addMenu(self.others)
        self.addAction(tr("Add a tag")).triggered.connect(self.tag_asked.emit)
        if row.state not in _PUT_AWAY:
            tell = self.addAction(tr("Tell the next people now"))
            tell.triggered.connect(self.escalated.emit)

    def offer_names(self, names: Iterable[str]) -> None:
        """These people are known; any other name can be written."""
        if self._row is not None:
            assignee = self._row.assignee
            self.people.offer(names, assignee=assignee, nobody=bool(assignee))

    @property
    def names(self) -> tuple[str, ...]:
        """The people that are offered."""
        return self.people.names


def names_used(queries: Reads, clock: Clock) -> list[str]:
    """Who has issues already, as far as the first rows of the list tell, and who is told where
    nobody takes one; each in the spelling of those who are told."""
    try:
        ids = queries.inbox_ids(View.OPEN, now=clock.now())[:_LOOKED_AT]
        used = (row.assignee for row in queries.rows(ids) if row.assignee)
        known = {name.casefold(): name for name in (*used, *queries.people())}
        return sorted(known.values())
    except KnownError:
        return []


def others_of(queries: Reads, row: InboxRow, now: datetime) -> list[InboxRow]:
    """The other open issues of the same customer, newest first."""
    if not row.customer.email:
        return []
    try:
        found = queries.rows(queries.search(f"from:{row.customer.email}", now=now))
    except KnownError:
        return []
    same = [each for each in found if _is_other(each, row)]
    return sorted(same, key=lambda each: each.last_at, reverse=True)


def _is_other(one: InboxRow, row: InboxRow) -> bool:
    return (
        one.key != row.key
        and one.customer.email.casefold() == row.customer.email.casefold()
        and one.state not in _PUT_AWAY
        and one.kind is not Kind.NOT_AN_ISSUE
    )


def _short(subject: str) -> str:
    said = title(subject) or tr("(no subject)")
    return said if len(said) <= _LONGEST_SUBJECT else said[: _LONGEST_SUBJECT - 1] + "…"
