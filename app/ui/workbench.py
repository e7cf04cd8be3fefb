"""Workbench: the three panes and what flows between them: where am I, what is next, what do I do.

a view is chosen      -> InboxPane
an issue is rested on -> the issue's pane
a verb                -> Deeds: the list shows it, the engine does it, a toast takes it back
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QCursor, QResizeEvent
from PySide6.QtWidgets import QMenu, QSplitter, QVBoxLayout, QWidget

from app.domain.account import Health
from app.domain.assessment import Kind
from app.domain.changes import Changes
from app.domain.clock import Clock, rfc3339
from app.domain.journal import State
from app.domain.views import InboxRow, Overview
from app.ui import placing
from app.ui.bridge import EngineBridge
from app.ui.inbox.deeds import Deed, Deeds
from app.ui.inbox.pane import InboxPane
from app.ui.inbox.row_layout import verbs_of
from app.ui.inbox.sidebar import Offer, Sidebar
from app.ui.issue.snooze_choices import snooze_choices
from app.ui.panes import IssuePane
from app.ui.reader import Queries, Reader
from app.ui.theme import Theme


class Workbench(QWidget):
    """`said` carries a sentence and the Deed that can be taken back, or None; `turned`: another
    issue is shown now."""

    said = Signal(str, object)
    turned = Signal()
    failed = Signal(object)

    def __init__(
        self, *, bridge: EngineBridge, queries: Queries, reader: Reader, theme: Theme, clock: Clock,
        issue: IssuePane, offers: Sequence[Offer] = (), parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._bridge, self._clock, self._theme = bridge, clock, theme
        self._queries = queries
        self.issue = issue
        self.shared_by_hand = False
        self.sidebar = Sidebar(theme, offers=offers)
        self.inbox = InboxPane(queries=queries, reader=reader, theme=theme, clock=clock)
        self.deeds = Deeds(bridge, self)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self._lay_out()
        self._connect()

    @property
    def shown_key(self) -> str:
        """The issue in the right-hand pane; empty when there is none."""
        return self._key

    def show_overview(self, overview: Overview) -> None:
        """New counts."""
        self.sidebar.views.set_counts(overview.counts)
        trouble = next((health.title for health in overview.health if health.title), "")
        reading = any(_is_read_first(health) for health in overview.health)
        self.inbox.set_counts(overview.counts, trouble=trouble, reading=reading)

    def refresh(self, changes: Changes) -> None:
        """Something moved."""
        self.inbox.refresh(changes)
        self.issue.refresh(changes)

    def go(self, view: str) -> None:
        """Show a view."""
        self.inbox.search.clear()
        self.sidebar.views.go(view)
        self.inbox.view.setFocus()

    def open_issue(self, key: str) -> None:
        """Show an issue, selected in the list where it is in it."""
        if not self.inbox.select_key(key):
            self.inbox.view.forget()
            self._show(key)

    def verb(self, verb: str) -> None:
        """Do a verb on the issue that is shown."""
        row = self._row_shown()
        if row is None:
            return
        if verb == "resolve" and row.state in (State.RESOLVED, State.CLOSED):
            verb = "reopen"
        self._clicked(verb, row, self._menu_place())

    def leave(self) -> None:
        """Back to the list; a search ends."""
        self.inbox.search.clear()
        self.inbox.view.setFocus()

    def undo(self) -> None:
        """Take back the newest thing that was done."""
        if self.deeds.undo() is None:
            self.said.emit("There is nothing to undo", None)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """The panes share the width until somebody shares it by hand."""
        super().resizeEvent(event)
        if not self.shared_by_hand:
            self.splitter.setSizes(placing.panes(event.size().width(), self._theme))

    def _moved_by_hand(self) -> None:
        self.shared_by_hand = True

    def _lay_out(self) -> None:
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(1)
        panes = (self.sidebar, self.inbox, cast(QWidget, self.issue))
        for pane, least in zip(panes, placing.least_panes(self._theme), strict=True):
            pane.setMinimumWidth(least)
            self.splitter.addWidget(pane)
        self.splitter.setStretchFactor(2, 1)
        self.splitter.splitterMoved.connect(self._moved_by_hand)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.splitter)

    def _connect(self) -> None:
        self._key = ""
        self.sidebar.views.chosen.connect(self._view_chosen)
        self.inbox.go_asked.connect(self.go)
        self.inbox.rested.connect(self._rested)
        self.inbox.entered.connect(self._enter)
        self.inbox.verb.connect(self._clicked)
        self.inbox.menu_asked.connect(self._ask_menu)
        self.inbox.failed.connect(self.failed)
        self.deeds.begun.connect(self._begun)
        self.deeds.taken_back.connect(self._taken_back)
        self.deeds.refused.connect(self._refused)
        self.issue.decided.connect(self._decided)
        self.issue.went_into.connect(self.open_issue)
        self.issue.cause_asked.connect(self.inbox.show_incident)

    def _view_chosen(self, view: str) -> None:
        self.inbox.search.clear()
        self.inbox.show_view(view)

    def _rested(self, row: InboxRow | None) -> None:
        if row is not None:
            self._show(row.key)
        elif self.inbox.shown.is_view:
            self._show("")

    def _show(self, key: str) -> None:
        if key != self._key:
            self._key = key
            self.issue.show_issue(key or None)
            self.turned.emit()

    def _enter(self) -> None:
        self.inbox.view.focusNextChild()

    def _clicked(self, verb: str, row: InboxRow, at: QPoint) -> None:
        if verb == "snooze":
            self._ask_snooze(row, at)
        elif verb == "reopen" or verb in verbs_of(row):
            self._perform(verb, row)

    def _perform(self, verb: str, row: InboxRow, **args: str) -> None:
        self.deeds.perform(verb, row, now=self._clock.now(), **args)

    def _ask_snooze(self, row: InboxRow, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAccessibleName("Snooze until")
        self._fill_snooze(menu, row)
        menu.popup(at)
        menu.aboutToHide.connect(menu.deleteLater)

    def _fill_snooze(self, menu: QMenu, row: InboxRow) -> None:
        local = self._clock.now().astimezone()
        for number, choice in enumerate(snooze_choices(local), 1):
            action = menu.addAction(f"&{number}   {choice.words}")
            until = rfc3339(choice.until)
            action.triggered.connect(
                lambda _checked=False, until=until: self._perform("snooze", row, until=until)
            )
        menu.setActiveAction(menu.actions()[0])

    def _ask_menu(self, row: InboxRow, at: QPoint) -> None:
        menu, theme = QMenu(self), self._theme
        menu.setAccessibleName("What to do with the issue")
        names = {"acknowledge": "Acknowledge\tA", "resolve": "Done\tE", "reopen": "Open again\tE"}
        for verb in (verb for verb in verbs_of(row) if verb in names):
            icon = theme.icon("check" if verb == "resolve" else verb)
            action = menu.addAction(icon, names[verb])
            action.triggered.connect(lambda _checked=False, v=verb: self._perform(v, row))
        if "snooze" in verbs_of(row):
            self._fill_snooze(menu.addMenu(theme.icon("snooze"), "Snooze"), row)
        if row.kind is not Kind.NOT_AN_ISSUE:
            menu.addSeparator()
            noise = menu.addAction(theme.icon("noise"), "This is not an issue")
            noise.triggered.connect(lambda: self._perform("override", row, kind=Kind.NOT_AN_ISSUE))
        menu.popup(at)
        menu.aboutToHide.connect(menu.deleteLater)

    def _menu_place(self) -> QPoint:
        view = self.inbox.view
        rect = view.visualRect(view.currentIndex())
        if not rect.isValid() or not view.viewport().rect().intersects(rect):
            return QCursor.pos()
        return view.viewport().mapToGlobal(rect.bottomLeft() + QPoint(self._theme.px(64), 0))

    def _begun(self, deed: Deed) -> None:
        self.inbox.expect(deed)
        self.said.emit(deed.said, deed)

    def _taken_back(self, deed: Deed) -> None:
        self.inbox.expect_back(deed)
        self.said.emit(f"Taken back. {deed.said}", None)

    def _refused(self, deed: Deed, error: Exception) -> None:
        self.inbox.expect_back(deed)
        self.inbox.refresh(Changes.of_issues([deed.row.key]))
        self.failed.emit(error)

    def _row_shown(self) -> InboxRow | None:
        """The issue in view: what the keys act on, whether the list holds it or not."""
        row = self.inbox.view.current_row()
        if row is not None or not self._key:
            return row
        rows = self._queries.rows(list(self._queries.ids_of([self._key]).values()))
        return rows[0] if rows else None

    def _decided(self, words: str, entry: str) -> None:
        row = self._row_shown()
        if row is not None:
            self.inbox.own(row.id)
            self.said.emit(words, self.deeds.adopt(words, row, entry) if entry else None)
        else:
            self.said.emit(words, None)


def _is_read_first(health: Health) -> bool:
    """Whether a mailbox is on its way, and nothing is known of it yet."""
    return health.type.is_mailbox and health.last_ok_at is None and not health.title
