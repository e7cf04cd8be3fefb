"""Workbench: the three panes and what flows between them: where am I, what is next, what do I do.

a view is chosen      -> InboxPane
an issue is rested on -> the issue's pane
a verb                -> Deeds: the list shows it, the engine does it, a toast takes it back
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QCursor, QResizeEvent
from PySide6.QtWidgets import QMenu, QSplitter, QVBoxLayout, QWidget

from app.domain.account import Health
from app.domain.assessment import Kind
from app.domain.changes import Changes
from app.domain.clock import Clock, local_zone, rfc3339
from app.domain.incident import Incident
from app.domain.journal import State
from app.domain.translation import tr
from app.domain.views import InboxRow, Overview, View
from app.ui import placing
from app.ui.arranging import Arranging
from app.ui.bridge import EngineBridge
from app.ui.inbox.deeds import Deed, Deeds
from app.ui.inbox.pane import InboxPane
from app.ui.inbox.row_layout import verbs_of
from app.ui.inbox.saved_views import SavedViews
from app.ui.inbox.sidebar import Offer, Sidebar
from app.ui.inbox.sprint_bar import SprintBar
from app.ui.inbox.together import Together
from app.ui.inbox.views_list import DISPUTES, SAVED
from app.ui.issue.snooze_menu import fill_snooze
from app.ui.keyboard_home import KeyboardHome
from app.ui.panes import IssuePane
from app.ui.reader import Queries, Reader
from app.ui.sprinting import Sprinting
from app.ui.theme import Theme
from app.ui.widgets.back_bar import BackBar
from app.ui.widgets.page import Page

if TYPE_CHECKING:
    from app.ui.disputes.page import DisputesPage

_COUNTING_MS = 1000  # so often at most are the issues of the saved views counted


class Workbench(QWidget):
    """`said` carries a sentence and the Deed that can be taken back, or None; `told` the
    same with a function that takes it back; `turned`: another issue is shown now."""

    said = Signal(str, object)
    told = Signal(str, object)
    turned = Signal()
    failed = Signal(object)

    def __init__(
        self, *, bridge: EngineBridge, queries: Queries, reader: Reader, theme: Theme, clock: Clock,
        issue: IssuePane, offers: Sequence[Offer] = (), parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._bridge, self._clock, self._theme = bridge, clock, theme
        self._reader = reader
        self.disputes: DisputesPage | None = None
        self._view_before = str(View.OPEN)
        self._queries = queries
        self.issue = issue
        self.sidebar = Sidebar(theme, offers=offers)
        self.inbox = InboxPane(queries=queries, reader=reader, theme=theme, clock=clock)
        self._count_again = False
        self._counting = QTimer(self, singleShot=True, interval=_COUNTING_MS)
        self._counting.timeout.connect(self._counted)
        self.saved = SavedViews(bridge=bridge, views=self.sidebar.views, theme=theme)
        self.deeds = Deeds(bridge, self)
        self.together = Together(
            inbox=self.inbox, deeds=self.deeds, queries=queries, theme=theme, clock=clock
        )
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.sprint_bar, self.back_bar, self.summary = SprintBar(), BackBar(theme), Page(theme)
        self.panes = Arranging(
            views=self.sidebar, rows=self.inbox, issue=cast(QWidget, issue),
            splitter=self.splitter, back=self.back_bar, theme=theme,
        )  # fmt: skip
        self.sprinting = Sprinting(
            inbox=self.inbox, bar=self.sprint_bar, bench=self.splitter, summary=self.summary,
            clock=clock, alone=self._alone, shown_key=lambda: self._key,
            parent=self,
        )  # fmt: skip
        self.keyboard = KeyboardHome(bench=self, home=self._home)
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
        self.inbox.set_counts(
            overview.counts, trouble=trouble, reading=reading, awaiting=overview.awaiting
        )
        self.sprinting.replies_left(overview.replies)
        if not self._counting.isActive():  # a search may take a while: not with every mail
            self._count_saved()
            self._counting.start()
        else:
            self._count_again = True

    def _count_saved(self) -> None:
        now = self._clock.now().astimezone(local_zone())
        self._reader.ask(
            "saved views", lambda queries: queries.saved_counts(now=now), self.saved.show
        )

    def _counted(self) -> None:
        if self._count_again:
            self._count_again = False
            self._count_saved()
            self._counting.start()

    def refresh(self, changes: Changes) -> None:
        """Something moved."""
        if changes.views:  # the owner looks at them now
            self._counting.stop()
        self.inbox.refresh(changes)
        self.issue.refresh(changes)
        if self.disputes is not None and self.shows_disputes:
            self.disputes.refresh()

    def go(self, view: str) -> None:
        """Show a view."""
        self.leave_sprint()
        self.to_list()
        self.inbox.search.clear()
        self.sidebar.views.go(view)
        if not self.shows_disputes:
            self.inbox.view.setFocus()

    def open_issue(self, key: str) -> None:
        """Show an issue, selected in the list where it is in it."""
        self.leave_sprint()
        self._leave_disputes()
        if self.inbox.select_key(key):
            self.inbox.view.rest()
        else:
            self.inbox.view.forget()
            self._show(key)
        self.to_issue()
        self.keyboard.come_home()

    def _open_dispute(self, key: str, dispute: str) -> None:
        self.issue.choose_dispute(dispute)
        self.open_issue(key)

    def step(self, by: int) -> None:
        """The next issue of the list, or the next dispute of the page that is shown."""
        if self.disputes is not None and self.shows_disputes:
            self.disputes.list.step(by)
        elif self.sprinting.is_on and by > 0:
            self.sprinting.skip()
        elif self.sprinting.is_on:
            return
        else:
            self.inbox.view.step(by)

    def verb(self, verb: str) -> None:
        """Do a verb on all that is marked, else on the issue that is shown."""
        if self._hides_issue:
            return
        if self.together.do(verb, self._menu_place()):
            return
        row = self._row_shown()
        if row is None:
            return
        if verb in ("assign", "noise"):
            self.together.do_to([row], verb, self._menu_place())
            return
        if verb == "resolve" and row.state in (State.RESOLVED, State.CLOSED):
            verb = "reopen"
        self._clicked(verb, row, self._menu_place())

    def override(self, **what: str) -> None:
        """Say what all that is marked, else the issue that is shown, is about or how bad."""
        if self._hides_issue:
            return
        row = self._row_shown()
        rows = self.inbox.marked() or ([row] if row is not None else [])
        if rows:
            self.deeds.perform_all("override", rows, now=self._clock.now(), **what)

    @property
    def can_undo(self) -> bool:
        """Whether there is anything to take back."""
        return self.deeds.are_there

    def leave(self) -> None:
        """Back to the list; what is marked is let go first, then a search ends. Of a sprint it is
        told first how it went."""
        if self.sprinting.is_on:
            self.sprinting.end()
            return
        if self.panes.is_narrow and self.panes.shows_issue:
            self.to_list()
            return
        if self.inbox.view.marks and not self.shows_disputes:
            self.inbox.view.marks.clear()
            return
        self._leave_disputes()
        self.inbox.search.clear()
        self.inbox.view.setFocus()

    def sprint(self) -> None:
        """Show one issue at a time, the next best of the list that is shown."""
        self._leave_disputes()
        self.inbox.view.marks.clear()
        if not self.sprinting.begin() and not self.sprinting.is_on:
            self.said.emit(tr("There is nothing in this list"), None)

    def leave_sprint(self) -> None:
        """Back to list and issue, without telling how a sprint went."""
        if self.sprinting.is_on:
            self.sprinting.close()

    def undo(self) -> None:
        """Take back the newest thing that was done."""
        if self.deeds.undo() is None:
            self.said.emit(tr("There is nothing to undo"), None)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """The panes share the width; where there is too little, list and issue take turns."""
        super().resizeEvent(event)
        self.panes.fit(event.size().width())
        self._show_in_pane()

    @property
    def shows_disputes(self) -> bool:
        """Whether the page of disputes stands where list and issue were."""
        return self.panes.shows_disputes

    def to_issue(self) -> None:
        """In a narrow window: the issue that is selected, in the place of the list."""
        if self.panes.is_narrow and self._key and not self.sprinting.is_on:
            self._leave_disputes()
            self.panes.bring_issue()
            self._show_in_pane()
            self.back_bar.setFocus()  # so that single letters are verbs

    def to_list(self) -> None:
        """In a narrow window: the list, in the place of the issue; what is written is kept."""
        if not self.panes.shows_list and not self.sprinting.is_on:
            self.issue.save()
            self.panes.bring_list()
            self.inbox.view.setFocus()

    def _home(self) -> QWidget:
        """Where the keyboard belongs while nothing else was asked for."""
        if self.sprinting.is_over:
            return self.summary
        if self.sprinting.is_on:
            return self.sprint_bar
        if self.disputes is not None and self.shows_disputes:
            return self.disputes.list
        if not self.panes.shows_list:
            return self.back_bar
        return self.inbox.view if self.inbox.state == "list" else self.sidebar.views

    def with_issue(self, act: Callable[[IssuePane], object]) -> None:
        """Do something where the issue is; nothing where another page stands in its place."""
        if not self._hides_issue:
            self.to_issue()
            act(self.issue)

    def focus_list(self) -> None:
        """The keyboard into the list."""
        self._bring_list()
        self.inbox.view.setFocus()

    def begin_search(self) -> None:
        """The keyboard into the search."""
        self._bring_list()
        self.inbox.search.begin()

    def mark(self) -> None:
        """Mark the issue that is selected, or take its mark away."""
        self._with_list(self.inbox.view.mark)

    def mark_all(self) -> None:
        """Mark everything that is listed."""
        self._with_list(self.inbox.view.mark_all)

    def _with_list(self, act: Callable[[], object]) -> None:
        """Do something where the list is; nothing where it cannot be seen."""
        if not self._hides_issue and not self.sprinting.is_on:
            self.to_list()
            act()

    def show_keys(self, keys: Sequence[str], title: str) -> None:
        """List a bundle of issues, such as those of one alert."""
        self._bring_list()
        self.inbox.show_keys(keys, title)

    def show_incident(self, incident: Incident) -> None:
        """List the issues of one cause."""
        self._bring_list()
        self.inbox.show_incident(incident)

    def _bring_list(self) -> None:
        """The list into view, whatever stood in its place."""
        self.leave_sprint()
        self._leave_disputes()
        self.to_list()

    @property
    def _hides_issue(self) -> bool:
        """Whether another page stands where the issue was: no key may act on what is not seen."""
        return self.shows_disputes or self.sprinting.is_over

    def _alone(self, alone: bool) -> None:
        self.panes.alone(alone=alone)
        self._show_in_pane()

    def _show_in_pane(self) -> None:
        """What nobody sees is not read, and does not count as seen."""
        if self.panes.shows_issue:
            self.issue.show_issue(self._key or None)

    def _show_disputes(self, *, shown: bool) -> None:
        """Put the page in the place of list and issue, or these back."""
        if shown is self.shows_disputes:
            return
        if self.disputes is None:
            from app.ui.disputes.page import DisputesPage

            self.disputes = DisputesPage(
                reader=self._reader, bridge=self._bridge, theme=self._theme, clock=self._clock
            )
            self.disputes.asked.connect(self._open_dispute)
        self.panes.show_disputes(self.disputes if shown else None)
        if shown:
            self.disputes.refresh()
            self.disputes.list.setFocus()

    def _lay_out(self) -> None:
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(1)
        panes = (self.sidebar, self.inbox, cast(QWidget, self.issue))
        for pane, least in zip(panes, placing.least_panes(self._theme), strict=True):
            pane.setMinimumWidth(least)
            self.splitter.addWidget(pane)
        self.splitter.setStretchFactor(2, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.sprint_bar)
        column.addWidget(self.back_bar)
        column.addWidget(self.splitter, 1)
        column.addWidget(self.summary, 1)
        self.summary.hide()

    def _connect(self) -> None:
        self._key = ""
        self.sidebar.views.chosen.connect(self._view_chosen)
        self.inbox.go_asked.connect(self.go)
        self.inbox.rested.connect(self._rested)
        self.inbox.entered.connect(self._enter)
        self.inbox.listed.connect(self.to_list)
        self.inbox.view.clicked.connect(lambda _: self.to_issue())
        self.back_bar.left.connect(self.leave)
        self.back_bar.stepped.connect(self.step)
        self.inbox.verb.connect(self._clicked)
        self.inbox.menu_asked.connect(self._ask_menu)
        self.inbox.failed.connect(self.failed)
        self.inbox.keep_asked.connect(self.saved.ask_keep)
        self.saved.said.connect(self.told)
        self.saved.moved.connect(self._saved_moved)
        self.deeds.begun.connect(self._begun)
        self.deeds.taken_back.connect(self._taken_back)
        self.deeds.answered.connect(self.inbox.was_answered)
        self.deeds.refused.connect(self._refused)
        self.issue.decided.connect(self._decided)
        self.issue.went_into.connect(self.open_issue)
        self.issue.other_asked.connect(self.open_issue)
        self.issue.taught.connect(self.deeds.taught)
        self.deeds.learnt.connect(self._learnt)
        self.issue.cause_asked.connect(self.show_incident)

    def _view_chosen(self, view: str) -> None:
        self.inbox.search.clear()
        self._show_disputes(shown=view == DISPUTES)
        if view == DISPUTES:
            return
        self._view_before, name = view, view.removeprefix(SAVED)
        if name != view:
            self.inbox.show_saved(name, self.saved.search_of(name))
        else:
            self.inbox.show_view(view)

    def _saved_moved(self, name: str, to: str) -> None:
        """A saved view has another name now, or is gone, or is new (then it had no name)."""
        here = self.sidebar.views.current == f"{SAVED}{name}"
        if here and to:
            self.sidebar.views.mark(f"{SAVED}{to}")
        elif here:
            self.go(View.OPEN)

    def _leave_disputes(self) -> None:
        """Back to the view that was shown before."""
        if self.shows_disputes:
            self.sidebar.views.mark(self._view_before)
            self._show_disputes(shown=False)

    def _rested(self, row: InboxRow | None) -> None:
        if row is not None:
            self._show(row.key)
        elif self.inbox.shown.is_view:
            self._show("")

    def _show(self, key: str) -> None:
        if key != self._key:
            self._key = key
            self.keyboard.leave(cast(QWidget, self.issue))
            self._show_in_pane()
            self.turned.emit()
        if not key:
            self.to_list()

    def _enter(self) -> None:
        if self.panes.is_narrow:
            self.to_issue()
        else:
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
        menu.setAccessibleName(tr("Snooze until"))
        self._fill_snooze(menu, row)
        menu.popup(at)
        menu.aboutToHide.connect(menu.deleteLater)

    def _fill_snooze(self, menu: QMenu, row: InboxRow) -> None:
        fill_snooze(
            menu,
            self._clock.now().astimezone(),
            lambda until: self._perform("snooze", row, until=rfc3339(until)),
        )
        menu.setActiveAction(menu.actions()[0])

    def _ask_menu(self, row: InboxRow, at: QPoint) -> None:
        menu, theme = QMenu(self), self._theme
        menu.setAccessibleName(tr("What to do with the issue"))
        names = {
            "acknowledge": tr("Acknowledge") + "\tA",
            "resolve": tr("Done") + "\tE",
            "reopen": tr("Open again") + "\tE",
        }
        for verb in (verb for verb in verbs_of(row) if verb in names):
            icon = theme.icon("check" if verb == "resolve" else verb)
            action = menu.addAction(icon, names[verb])
            action.triggered.connect(lambda _checked=False, v=verb: self._perform(v, row))
        if "snooze" in verbs_of(row):
            self._fill_snooze(menu.addMenu(theme.icon("snooze"), tr("Snooze")), row)
        if row.kind is not Kind.NOT_AN_ISSUE:
            menu.addSeparator()
            noise = menu.addAction(theme.icon("noise"), tr("This is not an issue"))
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
        self.sprinting.look()
        self.said.emit(deed.said, deed)

    def _taken_back(self, deed: Deed) -> None:
        self.inbox.expect_back(deed)
        self.sprinting.took_back(row.id for row in deed.rows)
        if not self.sprinting.is_on and not self.keyboard.is_written_with:
            self.inbox.view.select_again(deed.row.id)
        self.said.emit(tr("Taken back. {what}", what=deed.said), None)

    def _learnt(self, deed: Deed, words: str) -> None:
        """What a correction taught stands beside what was just said of it."""
        self.said.emit(f"{deed.said}. {words}", deed)

    def _refused(self, deed: Deed, error: Exception) -> None:
        self.inbox.expect_back(deed)
        self.inbox.was_answered(deed)
        self.inbox.refresh(Changes.of_issues(row.key for row in deed.rows))
        self.failed.emit(error)

    def _row_shown(self) -> InboxRow | None:
        """The issue in view: what the keys act on, whether the list holds it or not."""
        row = self.inbox.view.current_row()
        if row is not None or not self._key:
            return row
        rows = self._queries.rows(list(self._queries.ids_of([self._key]).values()))
        return rows[0] if rows else None

    def _decided(self, words: str, entry: str) -> None:
        self.keyboard.leave(cast(QWidget, self.issue))
        row = self._row_shown()
        if row is not None:
            self.inbox.own(row.id)
            self.said.emit(words, self.deeds.adopt(words, row, entry) if entry else None)
        else:
            self.said.emit(words, None)


def _is_read_first(health: Health) -> bool:
    """Whether a mailbox is on its way, and nothing is known of it yet."""
    return health.type.is_mailbox and health.last_ok_at is None and not health.title
