"""BulkBar: how many issues are marked, and what can be done with all of them at once.

It stands where the name of the view stood, so that the list does not move.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from app.domain.translation import grouped, to_translate, tr, trn
from app.ui.issue.parts import label
from app.ui.theme import Theme
from app.ui.tokens import Gap

# verb, drawing, name, key
_VERBS = (
    ("acknowledge", "acknowledge", to_translate("Acknowledge"), "A"),
    ("snooze", "snooze", to_translate("Snooze"), "S"),
    ("resolve", "check", to_translate("Done, or open again"), "E"),
    ("assign", "person", to_translate("Give to somebody"), ""),
    ("override", "edit", to_translate("Say what they are about"), ""),
    ("noise", "noise", to_translate("Not an issue"), ""),
    ("merge", "merge", to_translate("Merge into one"), ""),
)


class BulkBar(QWidget):
    """`verb` carries what was clicked and where a menu may open; `cleared`: mark nothing."""

    verb = Signal(str, QPoint)
    cleared = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._marked = 0
        self._count = label("", role="title")
        self.buttons = {verb: QToolButton() for verb, *_ in _VERBS}
        self.setObjectName("bulk")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._count)
        row.addStretch(1)
        for verb, _drawing, words_, key in _VERBS:
            name = tr(words_)
            button = self.buttons[verb]
            button.setAccessibleName(tr("{verb}: all that are selected", verb=name))
            button.setToolTip(f"{name} ({key})" if key else name)
            button.clicked.connect(lambda _=False, verb=verb: self._ask(verb))
            row.addWidget(button)
        self._close = QToolButton()
        self._close.setAccessibleName(tr("Select nothing"))
        self._close.setToolTip(tr("Select nothing (Esc)"))
        self._close.clicked.connect(self.cleared)
        row.addSpacing(Gap.TINY)
        row.addWidget(self._close)
        theme.changed.connect(self._dress)
        self._dress()
        self.hide()

    @property
    def said(self) -> str:
        """How many are marked, in words."""
        return trn("{n} selected", "{n} selected", self._marked)

    def show_count(self, count: int) -> None:
        """So many are marked; none, and the bar goes."""
        self._marked = count
        self._say()
        self.buttons["merge"].setEnabled(count > 1)
        self.setVisible(count > 0)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """In a narrow list the figure alone has to do."""
        super().resizeEvent(event)
        self._say()

    def _say(self) -> None:
        self._count.setText(self.said)
        self._count.setAccessibleName(self.said)
        verbs = sum(each.sizeHint().width() for each in self.findChildren(QToolButton))
        if self.width() < self._count.sizeHint().width() + verbs + Gap.SMALL:
            self._count.setText(grouped(self._marked))
        self._count.setMinimumWidth(self._count.sizeHint().width())

    def _ask(self, verb: str) -> None:
        button = self.buttons[verb]
        self.verb.emit(verb, button.mapToGlobal(QPoint(0, button.height())))

    def _dress(self) -> None:
        side = self._theme.px(18)
        for verb, drawing, *_ in _VERBS:
            self.buttons[verb].setIcon(self._theme.icon(drawing, "text"))
            self.buttons[verb].setIconSize(QSize(side, side))
        self._close.setIcon(self._theme.icon("close"))
