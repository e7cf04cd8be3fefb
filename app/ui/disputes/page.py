"""DisputesPage: every dispute by the time that is left, the money at risk, and what fighting costs.

Read beside Qt's thread by the window's reader; a row opens its issue, where it is answered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.domain.clock import Clock
from app.domain.dispute import DisputeKind
from app.domain.dispute_views import DisputeMonth, DisputeRow
from app.domain.errors import KnownError
from app.domain.order import Order
from app.domain.reckoning import reckon
from app.domain.translation import grouped, tr
from app.ui.disputes import words
from app.ui.disputes.disputes_list import DisputesList
from app.ui.disputes.sum_lines import SumLines
from app.ui.issue.foreign_text import line, tooltip
from app.ui.issue.formatted import open_outside
from app.ui.issue.links import read_link
from app.ui.issue.parts import button, label, link_button, row
from app.ui.issue.ports import Asks
from app.ui.reader import Queries, Reader
from app.ui.theme import Theme
from app.ui.widgets.page import Page, PageText

_SIDE = 320
_NARROW = 720
_MONTHS = timedelta(days=93)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What the page reads at once."""

    rows: tuple[DisputeRow, ...]
    months: tuple[DisputeMonth, ...]
    orders: Mapping[str, Order | None]  # by the key of the issue


class DisputesPage(QWidget):
    """Lists disputes; `asked` carries the key of the issue to open, and the dispute's own id."""

    asked = Signal(str, str)

    def __init__(
        self, *, reader: Reader, bridge: Asks, theme: Theme, clock: Clock,
        open_link: Callable[[str], object] | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.setProperty("ground", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._reader, self._bridge, self._theme, self._clock = reader, bridge, theme, clock
        self._open_link = open_link or open_outside
        self._read = _Read(rows=(), months=(), orders={})
        self._figures: Mapping[str, Any] = {}
        self._decided = False
        self.list = DisputesList(theme)
        self.open_filter = self._filter(tr("Open"), decided=False)
        self.decided_filter = self._filter(tr("Decided"), decided=True)
        self.sums, self.ratio = label(role="title", wrap=True), label(role="meta", wrap=True)
        self.sum = SumLines()
        self.title, self.reason = label(role="title", wrap=True), label(role="muted", wrap=True)
        self.turn, self.deadline = label(wrap=True), label(wrap=True)
        self.open_issue = button(tr("Open it, answer it"), self._enter, variant="primary")
        self.elsewhere = link_button("", self._go, name=tr("Open at the provider"))
        self._side = self._beside()
        self.empty = Page(theme)
        self._middle = QStackedWidget()
        self._lay_out()
        self.list.rested.connect(self._show_case)
        self.list.entered.connect(self._open)

    def refresh(self) -> None:
        """Read everything anew; what is selected stays so."""
        since = self._clock.now() - _MONTHS
        self._reader.ask(
            "disputes", lambda queries: _everything(queries, since), self._show, failed=self._fail
        )
        if not self._figures:
            self._bridge.run("dispute_figures", then=self._hear, failed=lambda _: None)

    def show_decided(self, decided: bool) -> None:
        """Show those that are over, or those that are open."""
        self._decided = decided
        self._show(self._read)

    def _show(self, read: Any) -> None:
        self._read = read
        now = self._clock.now()
        shown = [one for one in read.rows if one.is_over is self._decided]
        over = sum(one.is_over for one in read.rows)
        self.open_filter.setText(tr("Open  {number}", number=grouped(len(read.rows) - over)))
        self.decided_filter.setText(tr("Decided  {number}", number=grouped(over)))
        self.open_filter.setChecked(not self._decided)
        self.decided_filter.setChecked(self._decided)
        self.sums.setText(words.sums(read.rows, now))
        self._say_ratio()
        self.list.show_rows(shown, now)
        if not shown:
            self._say_empty(any_at_all=bool(read.rows))
        self._middle.setCurrentWidget(self.list if shown else self.empty)
        self._fit()

    def _say_ratio(self) -> None:
        said = words.ratio(self._read.months, self._figures.get("thresholds", ()))
        self.ratio.setText(said)
        self.ratio.setVisible(bool(said))

    def _say_empty(self, *, any_at_all: bool) -> None:
        if self._decided:
            said = PageText(icon="shield", title=tr("Nothing was decided yet."))
        elif any_at_all:
            said = PageText(icon="shield", tone="good", title=tr("No open dispute."))
        else:
            said = PageText(
                icon="shield",
                title=tr("No disputes."),
                text=tr("They come from Stripe, PayPal and Shopify, as soon as one is connected."),
            )
        self.empty.say(said)

    def _fail(self, error: Exception) -> None:
        known = error.sentence if isinstance(error, KnownError) else tr("It is in the log.")
        text = PageText(
            icon="alert", tone="high", title=tr("The disputes cannot be read"), text=known,
            actions=((tr("Try again"), self.refresh),),
        )  # fmt: skip
        self.empty.say(text)
        self._middle.setCurrentWidget(self.empty)
        self._side.hide()

    def _hear(self, answer: Mapping[str, Any]) -> None:
        self._figures = answer
        self._say_ratio()
        self._show_case(self.list.current)

    def _show_case(self, case: DisputeRow | None) -> None:
        self._fit()
        if case is None:
            return
        now = self._clock.now()
        self.title.setText(words.title(case.dispute))
        said = words.reason(case.dispute)
        self.reason.setToolTip(tooltip(words.provider_words(case.dispute)))
        self.reason.setText(f"{line(case.customer)}: {said}" if case.customer else said)
        for part, text in (
            (self.turn, words.turn(case, now)), (self.deadline, words.deadline(case, now)),
        ):  # fmt: skip
            part.setText(text)
            part.setVisible(bool(text))
        order = self._read.orders.get(case.issue_key)
        found = reckon(case, self._read.rows, order=order, figures=self._figures)
        self.sum.show_lines(() if case.is_over else words.arithmetic(found, now))
        self.open_issue.setEnabled(bool(case.issue_key))
        self.open_issue.setText(_way_in(case))
        link = read_link(case.dispute.url) if case.dispute.url else None
        self.elsewhere.setVisible(bool(link and link.target))
        where = tr("Open at {platform}", platform=words.platform_word(case.dispute.platform))
        self.elsewhere.setText(where)
        self.elsewhere.setAccessibleName(where)

    def _enter(self) -> None:
        self._open(self.list.current)

    def _open(self, case: DisputeRow | None) -> None:
        if case is not None and case.issue_key:
            self.asked.emit(case.issue_key, case.dispute.platform_id)

    def _go(self) -> None:
        case = self.list.current
        if case is not None and (link := read_link(case.dispute.url)).target:
            self._open_link(link.target)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """The sum gives way to the list where there is little room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        wide = self.width() >= self._theme.px(_NARROW)
        self._side.setVisible(wide and self.list.current is not None)

    def _filter(self, text: str, *, decided: bool) -> QPushButton:
        made = button(text, lambda: self.show_decided(decided), variant="filter")
        made.setCheckable(True)
        return made

    def _beside(self) -> QScrollArea:
        inside = QWidget()
        inside.setProperty("ground", "surface")
        column = QVBoxLayout(inside)
        column.setContentsMargins(4, 4, 12, 12)
        column.setSpacing(8)
        for part in (self.title, self.reason, self.turn, self.deadline, self.sum):
            column.addWidget(part)
        column.addWidget(self.open_issue)
        column.addWidget(self.elsewhere)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFixedWidth(self._theme.px(_SIDE))
        area.setAccessibleName(tr("The selected dispute"))
        area.hide()
        return area

    def _lay_out(self) -> None:
        self._middle.addWidget(self.list)
        self._middle.addWidget(self.empty)
        head = QVBoxLayout()
        head.setContentsMargins(16, 14, 16, 8)
        head.setSpacing(4)
        head.addLayout(
            row(label(tr("Disputes"), role="page"), 1, self.open_filter, self.decided_filter, gap=8)
        )
        head.addWidget(self.sums)
        head.addWidget(self.ratio)
        below = row(self._middle, self._side, gap=12)
        below.setStretch(0, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addLayout(below, 1)


def _everything(queries: Queries, since: Any) -> _Read:
    rows = queries.disputes()
    keys = {one.issue_key for one in rows if one.issue_key and one.state.is_open}
    return _Read(
        rows=rows,
        months=tuple(queries.dispute_months(since=since)),
        orders={key: queries.order_of(key) for key in sorted(keys)},
    )


def _way_in(case: DisputeRow) -> str:
    """A warning is decided, for nobody waits for an answer."""
    if not case.is_ours:
        return tr("Open the issue")
    is_warning = case.dispute.kind is DisputeKind.ALERT
    return tr("Open it, decide") if is_warning else tr("Open it, answer it")
