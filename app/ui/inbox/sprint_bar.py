"""SprintBar: over the one issue of a sprint: how many are left, and skip, pause, end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.domain.sprint import Summary
from app.domain.translation import grouped, tr, trn
from app.ui import words
from app.ui.issue.parts import button, label
from app.ui.tokens import Gap
from app.ui.widgets.page import PageText


class SprintBar(QFrame):
    """Its buttons do what the keys do."""

    skipped = Signal()
    paused = Signal()
    ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "sunken")
        self.setAccessibleName(tr("One issue at a time"))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._left = label("", role="strong")
        self._time = label("", role="muted")
        self._pause = button(tr("Pause"), self.paused.emit, variant="quiet")
        row = QHBoxLayout(self)
        row.setContentsMargins(Gap.LARGE, Gap.TINY, Gap.LARGE, Gap.TINY)
        row.setSpacing(Gap.MEDIUM)
        row.addWidget(self._left)
        row.addWidget(self._time)
        row.addStretch(1)
        skip = button(tr("Skip"), self.skipped.emit, variant="quiet")
        end = button(tr("End"), self.ended.emit, variant="quiet")
        for each, name in (
            (skip, tr("Skip (J)")),
            (self._pause, tr("Pause (P)")),
            (end, tr("End (Esc)")),
        ):
            each.setToolTip(name)
            row.addWidget(each)
        self.hide()

    @property
    def said(self) -> str:
        """What stands in it."""
        return " · ".join(part for part in (self._left.text(), self._time.text()) if part)

    def show_state(self, *, left: int, elapsed: timedelta, is_paused: bool) -> None:
        """So many are left, this one among them, and so long it has taken: whole minutes, so that
        nothing ticks."""
        self._left.setText(trn("{n} left", "{n} left", left) if left > 1 else tr("The last one"))
        minutes = words.span(elapsed) if elapsed >= timedelta(minutes=1) else ""
        self._time.setText(tr("paused") if is_paused else minutes)
        self._pause.setText(tr("Go on") if is_paused else tr("Pause"))


def summary_page(summary: Summary, *, left: int, back: Callable[[], object]) -> PageText:
    """The calm end: "12 done, 3 left", and how long it took; green only where nothing is left."""
    return PageText(
        icon="check" if summary.done else "focus",
        tone="good" if summary.done and not left else "text_muted",
        title=_how_many(summary.done, left),
        text=words.sentences(_how_long(summary), _skipped(summary)),
        actions=((tr("Back to the list"), back),),
    )


def length(time: timedelta) -> str:
    """A length with its seconds while they matter: "40 s", "1 min 40 s", "24 min"."""
    seconds = round(time.total_seconds())
    if seconds < 60:
        return tr("{n} s", n=seconds)
    if seconds < 600:
        minutes, rest = divmod(seconds, 60)
        if rest:
            return tr("{minutes} min {seconds} s", minutes=minutes, seconds=rest)
        return tr("{n} min", n=minutes)
    return words.span(time)


def _how_many(done: int, left: int) -> str:
    if done and left:
        return tr("{n} done, {left} left", n=grouped(done), left=grouped(left))
    if done:
        return trn("{n} done, nothing is left", "{n} done, nothing is left", done)
    return tr("Nothing was done this time.")


def _how_long(summary: Summary) -> str:
    """In words of a person: the median is what one issue usually took."""
    took = length(summary.took)
    if summary.each is None:
        return ""
    if summary.done == 1:
        return tr("It took {time}", time=took)
    return tr("It took {time}, usually {each} each", time=took, each=length(summary.each))


def _skipped(summary: Summary) -> str:
    return trn("{n} skipped", "{n} skipped", summary.skipped) if summary.skipped else ""
