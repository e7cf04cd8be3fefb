"""InboxPane: the middle pane; what is next. Search, the name of the view, the list and its states.

    view or search chosen -> Reader (ids in SQL order) -> InboxModel -> rows by the page
    Changes               -> Reader (ids anew)         -> patches; what is new waits under a pill

The list never moves under somebody's eyes by itself: what a change removes goes, what it changes is
drawn anew in its place, what it adds or lifts waits until the pill is pressed, the view is changed,
or nobody is looking. What the owner does is applied at once.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from app.domain.changes import Changes
from app.domain.clock import Clock, local_zone
from app.domain.errors import KnownError
from app.domain.incident import Incident
from app.domain.translation import grouped, tr
from app.domain.views import InboxRow, View
from app.ui import words
from app.ui.inbox.arrival import Arrival, compare
from app.ui.inbox.bulk_bar import BulkBar
from app.ui.inbox.deeds import Deed, foreseen, leaves
from app.ui.inbox.delegate import RowDelegate
from app.ui.inbox.difference import middle
from app.ui.inbox.empty import empty_search, empty_view
from app.ui.inbox.expected import Answered, Expected
from app.ui.inbox.model import InboxModel
from app.ui.inbox.search import SearchField
from app.ui.inbox.view import InboxView
from app.ui.issue.foreign_text import line
from app.ui.issue.parts import OneLine, button, label
from app.ui.reader import Queries, Reader
from app.ui.theme import Theme
from app.ui.tokens import Gap
from app.ui.widgets.hairline import Hairline
from app.ui.widgets.page import Page, PageText
from app.ui.widgets.skeleton import WAIT_MS, Skeleton

_MINUTE_MS = 30_000


@dataclass(frozen=True, slots=True)
class Shown:
    """What the list shows: a view, what a search finds, or a bundle of issues by their keys."""

    view: str = View.OPEN
    search: str = ""
    keys: tuple[str, ...] = ()
    title: str = ""

    def ids(self, queries: Queries, now: datetime) -> Sequence[int]:
        """The issues of it, in order."""
        if self.search:
            return queries.search(self.search, now=now.astimezone(local_zone()))
        if self.keys:
            found = queries.ids_of(self.keys)
            return [found[key] for key in self.keys if key in found]
        return queries.inbox_ids(self.view, now=now)

    @property
    def is_view(self) -> bool:
        """Whether it is a view that the list of views knows."""
        return not self.search and not self.keys and not self.title

    @property
    def is_typed(self) -> bool:
        """Whether it is a search that stands in the field."""
        return bool(self.search) and not self.title


class InboxPane(QWidget):
    """`rested` carries the InboxRow on which the owner is, or None; `verb` what was clicked;
    `listed`: other issues are asked for; `keep_asked` a search that is to be kept as a view."""

    listed = Signal()
    rested = Signal(object)
    entered = Signal()
    verb = Signal(str, object, QPoint)
    menu_asked = Signal(object, QPoint)
    go_asked = Signal(str)
    keep_asked = Signal(str, QPoint)
    failed = Signal(object)

    def __init__(
        self, *, queries: Queries, reader: Reader, theme: Theme, clock: Clock,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._reader, self._clock, self._theme = reader, clock, theme
        self._queries = queries
        self._counts: dict[str, int] = {}
        self._trouble = ""
        self._first_reading = False
        self._awaiting = 0
        self._shown, self._is_read = Shown(), False
        self._before_search = Shown()
        self._expected = Expected()
        self._taken: dict[int, int] = {}  # where stood what the owner put out of this list
        self._held: Sequence[int] | None = None
        self.is_watched: Callable[[], bool] = self.isActiveWindow
        self._model = InboxModel(fetch=self._fetch, spoken=self._spoken, parent=self)
        self._delegate = RowDelegate(theme, clock.now, self)
        self.search = SearchField(
            theme, known=self._known, understands=lambda text: not self._troubles(text)
        )
        self.view = InboxView(model=self._model, delegate=self._delegate, theme=theme)
        self._title, self._detail = label("", role="title"), OneLine("", role="meta")
        self._hairline, self._reading = Hairline(theme), ""
        self._pill, self.bulk = QPushButton(), BulkBar(theme)
        self._keep = button(tr("Keep"), self._ask_keep, variant="quiet")
        self._keep.setAccessibleName(tr("Keep this search as a view"))
        self._keep.setToolTip(tr("Keep this search as a view in the side bar"))
        self._keep.hide()
        self._skeleton, self._page = Skeleton(theme), Page(theme)
        self._stack = QStackedLayout()
        self._late = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._minute = QTimer(self, interval=_MINUTE_MS)
        self._lay_out()
        self._listen()
        self._minute.start()

    @property
    def shown(self) -> Shown:
        """What the list shows."""
        return self._shown

    @property
    def state(self) -> str:
        """Which page is in view: list, skeleton or page."""
        shown = self._stack.currentWidget()
        return "list" if shown is self.view else "page" if shown is self._page else "skeleton"

    @property
    def said(self) -> str:
        """What stands in place of the list, if anything does."""
        return self._page.text

    @property
    def waiting(self) -> str:
        """What the pill says; empty when nothing waits to be let in."""
        return self._pill.text() if self.has_news else ""

    @property
    def has_news(self) -> bool:
        """Whether something waits to be let in."""
        return self._held is not None

    @property
    def detail(self) -> str:
        """What stands beside the name of the view."""
        return self._detail.text()

    @property
    def model(self) -> InboxModel:
        """The issues that are listed."""
        return self._model

    def show_view(self, view: str) -> None:
        """Show a view from its top."""
        self._show(Shown(view=view))

    def show_saved(self, name: str, search: str) -> None:
        """Show what a saved view finds."""
        self._show(Shown(view=name, search=search, title=words.one_line(name)))

    def show_incident(self, incident: Incident) -> None:
        """Show the issues of one cause."""
        self._show(Shown(view=f"incident:{incident.id}", title=words.incident_words(incident)))

    def show_keys(self, keys: Sequence[str], title: str) -> None:
        """Show a bundle of issues, such as those of one alert."""
        self._show(Shown(keys=tuple(keys), title=title))

    def set_counts(
        self, counts: dict[str, int], *, trouble: str = "", reading: bool = False, awaiting: int = 0
    ) -> None:
        """The counts of all views, what keeps mail from coming, whether the first is still on its
        way, and how many are there but not judged; the empty pages tell them."""
        self._counts, self._trouble, self._first_reading = counts, trouble, reading
        self._awaiting = awaiting
        self._settle_page()

    def show_progress(self, said: str, share: float) -> None:
        """History is still being read: the list is not whole yet; empty words end it."""
        self._reading = said
        self._hairline.show_share(share if said else 0.0)
        self._name()

    def refresh(self, changes: Changes) -> None:
        """Something moved: read what it means for this list."""
        keys, shown, now = changes.issues, self._shown, self._clock.now()
        answered = self._expected.answered
        if not keys:
            return
        self._reader.ask(
            "changes",
            lambda queries: (queries.ids_of(keys), shown.ids(queries, now)),
            lambda read: self._moved(*read, shown=shown, answered=answered),
            failed=self._fail,
        )

    def refresh_all(self) -> None:
        """Read the list anew, with the selection and the place kept."""
        shown, now = self._shown, self._clock.now()
        answered = self._expected.answered
        self._reader.ask(
            "changes",
            lambda queries: shown.ids(queries, now),
            lambda ids: self._reread(ids, shown, answered),
            failed=self._fail,
        )

    def expect(self, deed: Deed) -> None:
        """The owner did something: show it before the engine has."""
        rows = [foreseen(deed, row) for row in deed.rows]
        goes = {row.id for row in rows if self._goes(deed, row)}
        for row in rows:
            self._expected.expect(row.id, listed=row.id not in goes)
        self._model.lay_over_all([row for row in rows if row.id not in goes])
        if goes:
            self._take_out(goes)
        self.view.marks.clear()

    def expect_back(self, deed: Deed) -> None:
        """The owner takes it back: the issue stands as it stood, where it belongs."""
        for row in deed.rows:
            self._expected.expect(row.id, listed=True)
        self._model.lay_over_all(deed.rows)
        self._put_back(deed)

    def was_answered(self, deed: Deed) -> None:
        """The engine has done it, or taken it back: from now on the profile is believed."""
        self._expected.was_answered(row.id for row in deed.rows)

    def _put_back(self, deed: Deed) -> None:
        """What was taken out stands again where it stood, before the engine has said so."""
        places = ((self._taken.pop(row.id, -1), row.id) for row in deed.rows)
        ids, listed = list(self._model.ids), set(self._model.ids)
        back = sorted(one for one in places if one[0] >= 0 and one[1] not in listed)
        for place, number in back:
            ids.insert(min(place, len(ids)), number)
        if back:
            self._arrange(ids, hold=self._held, own={number for _, number in back})

    def marked(self) -> list[InboxRow]:
        """The issues that are marked, as they are listed."""
        return self._model.rows_of(self.view.marks.of(self._model.ids))

    def own(self, number: int) -> None:
        """What moves this issue next was done by the owner: it needs no pill."""
        self._expected.expect(number, listed=None)

    def settle(self) -> None:
        """Nobody is looking, or the owner asked for it: let in what waits under the pill."""
        if self._held is not None:
            listed = self._model.ids
            self._arrange(self._expected.as_left(self._held, listed=listed, answered={}))

    def select_key(self, key: str) -> bool:
        """Select an issue of the list; False where it is not in it."""
        number = self._queries.ids_of([key]).get(key, -1)
        position = self._model.position_of(number)
        if position >= 0:
            self.view.select(position)
        return position >= 0

    def _goes(self, deed: Deed, row: InboxRow) -> bool:
        if deed.verb == "merge":
            return row.key != str(deed.args["into"])
        return self._shown.is_view and leaves(self._shown.view, row)

    def _take_out(self, numbers: Set[int]) -> None:
        """Hide these; the selection goes to what came into the place of the one it was on."""
        at, row = self.view.currentIndex().row(), self.view.current_row()
        before = sum(number in numbers for number in self._model.ids[: max(0, at)])
        self._taken.update(self._model.places_of(numbers))
        self._model.take_out(numbers)
        if row is not None and row.id in numbers:
            self.view.select(min(at - before, self._model.rowCount() - 1))
        elif row is not None and not self.view.currentIndex().isValid():
            self.view.select(self._model.position_of(row.id))
        self._settle_page()

    def _show_marks(self) -> None:
        """The bar of what is marked stands where the name of the view stood."""
        count = len(self.view.marks)
        self.bulk.show_count(count)
        for part in (self._title, self._detail):
            part.setVisible(not count)
        self._name()
        self._pill.setVisible(not count and self.has_news)

    def _listen(self) -> None:
        self.view.marks.changed.connect(self._show_marks)
        self.bulk.cleared.connect(self.view.marks.clear)
        self.search.asked.connect(self._search)
        self.search.left.connect(self._to_list)
        self._pill.clicked.connect(self._pressed_pill)
        self._late.timeout.connect(self._show_skeleton)
        self._minute.timeout.connect(self.view.viewport().update)
        self.view.rested.connect(self.rested)
        self.view.entered_issue.connect(self.entered)
        self.view.verb_clicked.connect(self.verb)
        self.view.menu_asked.connect(self.menu_asked)

    def _lay_out(self) -> None:
        self.setProperty("ground", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._pill.setObjectName("pill")
        self._pill.hide()
        for widget in (self.view, self._skeleton, self._page):
            self._stack.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, Gap.MEDIUM, 0, 0)
        column.setSpacing(Gap.TINY)
        column.addLayout(_inset(self.search))
        head = _inset(self.bulk, self._title, self._detail, self._keep, self._pill)
        head.setStretchFactor(self._detail, 1)
        head.setStretchFactor(self.bulk, 1)
        head.addStrut(self._theme.px(30))  # the pill comes and goes, the list stays where it is
        column.addLayout(head)
        column.addWidget(self._hairline)
        column.addLayout(self._stack, 1)

    def _ask_keep(self) -> None:
        at = self._keep.mapToGlobal(QPoint(0, self._keep.height()))
        self.keep_asked.emit(self._shown.search, at)

    def _to_list(self) -> None:
        self.view.setFocus()

    def _show_skeleton(self) -> None:
        self._stack.setCurrentWidget(self._skeleton)

    def _show(self, shown: Shown) -> None:
        self._shown, self._is_read = shown, False
        self.listed.emit()
        self._expected.clear()
        self._taken.clear()
        self.view.marks.clear()
        self._hold(None)
        self._name()
        self._late.start()
        self._reader.drop("changes")
        now = self._clock.now()
        self._reader.ask(
            "ids",
            lambda queries: (shown, shown.ids(queries, now)),
            lambda read: self._arrived(*read),
            failed=self._fail,
        )

    def _arrived(self, shown: Shown, ids: Sequence[int]) -> None:
        if shown != self._shown:
            return
        self._late.stop()
        self._is_read = True
        self._model.show(ids)
        self._settle_page()
        self.view.scrollToTop()
        is_typing = shown.is_typed and not self.view.hasFocus()  # Enter goes to the first find
        self.view.select(-1 if is_typing else 0)
        if not ids and not shown.is_typed:
            self.rested.emit(None)

    def _search(self, text: str) -> None:
        if text:
            if not self._shown.is_typed:
                self._before_search = self._shown
            self._show(Shown(view=str(View.OPEN), search=text))
        elif self._shown.is_typed:
            self._show(self._before_search)

    def _moved(
        self, changed: dict[str, int], ids: Sequence[int], *, shown: Shown, answered: Answered
    ) -> None:
        if shown != self._shown:
            return
        numbers = set(changed.values())
        self._model.refresh(n for n in numbers if not self._expected.is_open(n, answered))
        ids = self._expected.as_left(ids, listed=self._model.ids, answered=answered)
        own = self._expected.read(numbers, answered)
        arrival = compare(self._model.ids, ids, changed=numbers, own=own)
        if arrival.is_quiet or not self._jumps_under(ids):
            self._arrange(ids, own=own)
        else:
            self._arrange(arrival.meanwhile, hold=ids, own=own)
            self._tell(arrival)

    def _jumps_under(self, ids: Sequence[int]) -> bool:
        """Whether somebody is at this list, and would see rows jump."""
        at_it = self.is_watched() and self.view.is_touched
        return at_it and not self._is_out_of_sight(ids)

    def _is_out_of_sight(self, ids: Sequence[int]) -> bool:
        """Whether all that differs lies below what can be seen: then nothing jumps."""
        start, _, _ = middle(array("q", self._model.ids), array("q", ids))
        last = self.view.rowAt(self.view.viewport().height() - 1)
        return start > (last if last >= 0 else self._model.rowCount() - 1)

    def _reread(self, ids: Sequence[int], shown: Shown, answered: Answered) -> None:
        if shown == self._shown:
            self._late.stop()
            self._is_read = True
            is_open = self._expected.is_open
            self._model.refresh(n for n in self._model.ids if not is_open(n, answered))
            self._moved({}, ids, shown=shown, answered=answered)

    def _arrange(
        self, ids: Sequence[int], *, hold: Sequence[int] | None = None, own: Set[int] = frozenset()
    ) -> None:
        """Have the list hold these. The selection stays on its issue; where that left by itself,
        nothing is selected, so that what is read or written beside the list stays in view."""
        at, row = self.view.currentIndex().row(), self.view.current_row()
        self._hold(hold)
        if row is not None and row.id not in ids and row.id not in own:
            self.view.forget()
            at = -1
        self._model.arrange(ids)
        self.view.marks.keep(ids)
        position = self._model.position_of(row.id) if row is not None and at >= 0 else -1
        if position >= 0 and position != self.view.currentIndex().row():
            self.view.select(position)
        elif at >= 0 and not self.view.currentIndex().isValid():
            self.view.select(min(at, self._model.rowCount() - 1))
        self._settle_page()

    def _hold(self, ids: Sequence[int] | None) -> None:
        self._held = ids
        if ids is None:
            self._pill.hide()

    def _tell(self, arrival: Arrival) -> None:
        self._pill.setText(arrival.text)
        self._pill.setAccessibleName(tr("{news}: show them", news=arrival.text))
        self._pill.setVisible(not len(self.view.marks))

    def _pressed_pill(self) -> None:
        self.settle()
        self.view.scrollToTop()
        self.view.setFocus()

    def _settle_page(self) -> None:
        self._name()
        if not self._is_read:
            return
        if self._model.rowCount():
            self._stack.setCurrentWidget(self.view)
            return
        self._page.say(self._nothing())
        self._stack.setCurrentWidget(self._page)

    def _nothing(self) -> PageText:
        if self._shown.search and self._shown.title:
            return PageText(
                icon="bookmark", title=tr("Nothing in {view}.", view=line(self._shown.title)),
                text=tr("It finds {search}", search=line(self._shown.search)), tone="good",
            )  # fmt: skip
        if self._shown.search:
            troubles = self._troubles(self._shown.search)
            return empty_search(self._shown.search, clear=self.search.clear, troubles=troubles)
        return empty_view(
            self._shown.view,
            self._counts,
            go=self.go_asked.emit,
            trouble=self._trouble,
            reading=self._first_reading,
            awaiting=self._awaiting,
        )

    def _fail(self, error: Exception) -> None:
        self._late.stop()
        known = error if isinstance(error, KnownError) else None
        self._page.say(
            PageText(
                icon="alert",
                tone="high",
                title=known.title if known else tr("The list could not be read"),
                text=f"{known.message}\n{known.hint}".strip() if known else tr("It is in the log."),
                actions=((tr("Try again"), lambda: self._show(self._shown)),),
            )
        )
        self._stack.setCurrentWidget(self._page)
        if known is None:
            self.failed.emit(error)

    def _name(self) -> None:
        shown, rows = self._shown, self._model.rowCount()
        can_keep = shown.is_typed and self._is_read and bool(rows)
        self._keep.setVisible(can_keep and not len(self.view.marks))
        if shown.is_typed:
            self._title.setText(line(tr("Found for “{search}”", search=shown.search)))
        else:
            self._title.setText(shown.title or words.view_word(shown.view))
        parts = ([grouped(rows)] if rows else []) + ([self._reading] if self._reading else [])
        self._detail.say("  ·  ".join(parts))

    def _fetch(self, numbers: Sequence[int]) -> list[InboxRow]:
        try:
            return self._queries.rows(numbers)
        except KnownError as error:
            self.failed.emit(error)
            return []

    def _known(self, operator: str, begun: str) -> Sequence[str]:
        """The profile's values of a search's operator; none where it cannot be read."""
        try:
            return self._queries.search_values(operator, begun)
        except KnownError:
            return ()

    def _troubles(self, text: str) -> tuple[str, ...]:
        return self._queries.search_troubles(text, now=self._clock.now().astimezone(local_zone()))

    def _spoken(self, row: InboxRow) -> str:
        said = words.spoken(row, self._clock.now())
        return tr("selected, {row}", row=said) if row.id in self.view.marks else said


def _inset(*widgets: QWidget) -> QHBoxLayout:
    """Things side by side with the list's margin."""
    layout = QHBoxLayout()
    layout.setContentsMargins(Gap.MEDIUM, 0, Gap.MEDIUM, 0)
    layout.setSpacing(Gap.SMALL)
    for widget in widgets:
        layout.addWidget(widget)
    return layout
