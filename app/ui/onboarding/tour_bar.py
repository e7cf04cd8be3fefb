"""TourBar: a quiet line at the bottom of the window: what to do next, skip it, end the tour."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from app.domain.translation import tr
from app.ui.issue.parts import button, label
from app.ui.onboarding.tour_steps import Step
from app.ui.shortcuts import on_this_keyboard
from app.ui.theme import Theme
from app.ui.tokens import Gap


class TourBar(QFrame):
    """Says a step; its buttons say what somebody wants."""

    begun = Signal()
    skipped = Signal()
    ended = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setProperty("tone", "normal")
        self._theme = theme
        self._picture = QLabel()
        self._count = label(role="muted")
        self._title = label(role="strong")
        self._text = label(wrap=True)
        self._begin = button(tr("Show me around"), self.begun.emit)
        self._skip = button(
            tr("Skip this"), self.skipped.emit, name=tr("Skip this step of the tour")
        )
        self._end = button(tr("End the tour"), self.ended.emit, variant="quiet")
        row = QHBoxLayout(self)
        row.setContentsMargins(Gap.MEDIUM, Gap.TINY, Gap.SMALL, Gap.TINY)
        row.setSpacing(Gap.SMALL)
        parts: tuple[QWidget, ...] = (self._picture, self._count, self._title, self._text)
        for part in (*parts, self._begin, self._skip, self._end):
            row.addWidget(part)
        row.setStretch(parts.index(self._text), 1)
        theme.changed.connect(self._dress)
        self._dress()
        self.hide()

    def offer(self, step: Step) -> None:
        """Ask whether somebody wants to be shown around; says nothing aloud."""
        self._put(step, count="")
        self._begin.show()
        self._skip.hide()
        self._end.setText(tr("Not now"))
        self._end.setAccessibleName(tr("Not now: no tour"))

    def say(self, step: Step, *, count: str, is_last: bool = False) -> None:
        """Show a step, and have it read aloud."""
        self._put(step, count=count)
        self._begin.hide()
        self._skip.setVisible(not is_last)
        self._end.setText(tr("Close") if is_last else tr("End the tour"))
        self._end.setAccessibleName(tr("Close the tour") if is_last else tr("End the tour"))
        said = QAccessibleAnnouncementEvent(self, self.accessibleName())
        QAccessible.updateAccessibility(said)

    @property
    def said(self) -> str:
        """What stands in it."""
        parts = (self._count.text(), self._title.text(), self._text.text())
        return " · ".join(part for part in parts if part)

    def _put(self, step: Step, *, count: str) -> None:
        self._count.setText(count)
        self._count.setVisible(bool(count))
        title, text = tr(step.title), on_this_keyboard(tr(step.text))
        self._title.setText(title)
        self._text.setText(text)
        said = ". ".join(part for part in (count, title, text) if part)
        self.setAccessibleName(tr("Tour: {said}", said=said))
        self.show()

    def _dress(self) -> None:
        self._picture.setPixmap(self._theme.pixmap("info", "normal", 18, self))
