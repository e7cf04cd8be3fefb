"""DeadlineCard: what is owed about an issue and by when, each with the steps that led to it.

Opens from the head of the issue, where the time that is left stands, and closes by itself.
"""

from __future__ import annotations

from datetime import datetime, tzinfo

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.domain.deadline import Deadline, Metric
from app.domain.translation import to_translate, tr
from app.ui.issue.foreign_text import line
from app.ui.issue.parts import clear, label, link_button, reading, row
from app.ui.theme import Theme
from app.ui.words import exact, span

_WIDTH, _MOST = 460, 420
_SET_BY = {
    Metric.PROVIDER_CLOCK: to_translate("set by the provider"),
    Metric.LEGAL_CLOCK: to_translate("set by the law"),
}
_NAMES = {
    Metric.FIRST_RESPONSE: to_translate("First answer"),
    Metric.NEXT_RESPONSE: to_translate("Next answer"),
    Metric.RESOLUTION: to_translate("Done"),
}


def state_words(one: Deadline, now: datetime, zone: tzinfo | None = None) -> tuple[str, str]:
    """How a deadline stands, in words, and their tone."""
    if one.met_at is not None:
        when = exact(one.met_at, zone)
        if one.breached_at is None:
            return tr("kept {time} in time", time=when), "good"
        late = span(one.met_at - one.planned_at)
        return tr("kept {time}, {span} late", time=when, span=late), "high"
    if one.paused_at is not None:
        return tr("stands still since {time}", time=exact(one.paused_at, zone)), ""
    if now > one.planned_at:
        return tr("{span} late", span=span(now - one.planned_at)), "critical"
    return tr("{span} left", span=span(one.planned_at - now)), ""


def title_of(one: Deadline) -> str:
    """What is owed: "Next answer", "Evidence for Stripe"."""
    return tr(_NAMES.get(one.metric, "")) or line(one.title) or tr("Deadline")


def in_order(deadlines: tuple[Deadline, ...]) -> tuple[Deadline, ...]:
    """What runs first, the nearest on top; then what stands still; then what is over, newest."""
    running = sorted((one for one in deadlines if one.runs), key=lambda one: one.planned_at)
    still = [one for one in deadlines if one.is_open and not one.runs]
    over = sorted(
        (one for one in deadlines if not one.is_open), key=lambda one: one.planned_at, reverse=True
    )
    return (*running, *still, *over)


class DeadlineCard(QFrame):
    """Shows the deadlines of one issue; `done` carries the name of a promise that is kept."""

    done = Signal(str)

    def __init__(self, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("card", "true")
        self.setAccessibleName(tr("Deadlines of the issue"))
        self._theme = theme
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(14, 12, 14, 12)
        self._column.setSpacing(6)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self._inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def show_deadlines(self, deadlines: tuple[Deadline, ...], now: datetime) -> None:
        """Fill the card; empty, it says that nothing is owed."""
        clear(self._column)
        for one in in_order(deadlines):
            self._add(one, now)
        if not deadlines:
            self._column.addWidget(label(tr("Nothing is promised about this issue."), role="muted"))
        self._column.addStretch(1)

    def open_below(self, widget: QWidget) -> None:
        """Open under a widget, right edges together."""
        width = self._theme.px(_WIDTH)
        self._inside.setFixedWidth(width - 4)
        height = self._column.totalHeightForWidth(width - 4)
        self.resize(width, min(max(height, 40) + 4, self._theme.px(_MOST)))
        corner = widget.mapToGlobal(QPoint(widget.width() - width, widget.height() + 4))
        self.move(max(0, corner.x()), corner.y())
        self.show()

    def _say_done(self, name: str) -> None:
        self.hide()
        self.done.emit(name)

    def _add(self, one: Deadline, now: datetime) -> None:
        words, tone = state_words(one, now)
        head = row(label(title_of(one), role="title"), 1, label(words, tone=tone))
        self._column.addLayout(head)
        by = _SET_BY.get(one.metric)
        due = tr("Due {time}", time=exact(one.planned_at))
        self._column.addWidget(label(f"{due}, {tr(by)}" if by else due, role="muted", wrap=True))
        if one.verify:
            hint = tr("The usual length: look up the true date with them.")
            self._column.addWidget(label(hint, tone="high", wrap=True))
        if one.consequence:
            said = tr("If it is missed: {consequence}.", consequence=line(one.consequence))
            self._column.addWidget(label(said, wrap=True))
        steps = "\n".join(line(step) for step in one.explanation)
        self._column.addWidget(
            reading(steps, role="meta", name=tr("Why: {what}", what=title_of(one)))
        )
        if one.metric is Metric.GIVEN_WORD and one.is_open:
            done = link_button(tr("It is done"), name=tr("It is done: {what}", what=title_of(one)))
            done.clicked.connect(lambda _=False, name=one.name: self._say_done(name))
            self._column.addWidget(done, alignment=Qt.AlignmentFlag.AlignLeft)
        if one.source:
            self._column.addWidget(
                label(tr("Source: {source}", source=line(one.source)), role="meta", wrap=True)
            )
        self._column.addSpacing(8)
