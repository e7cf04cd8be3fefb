"""Choice: one of a few, which a wheel that scrolls the page around it does not change.

Where there is too little room its words end in an ellipsis; the list that it opens says them all.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox

from app.ui.issue.foreign_text import line

_LEAST = 16  # letters that still tell one from another


class Choice(QComboBox):
    """Words stand before values; a value that is not offered is offered all the same."""

    def __init__(self, name: str = "", choices: Iterable[tuple[str, Any]] = ()) -> None:
        """`name` is what a screen reader says; `choices` are (words, value)."""
        super().__init__()
        self.call(name)
        self.offer(choices)

    def call(self, name: str) -> None:
        """Say what it chooses: on Linux a screen reader hears the value as the name of a choice
        (Qt's QAccessibleComboBox), so that the name is its description too."""
        self.setAccessibleName(name)
        self.setAccessibleDescription(name)

    def offer(self, choices: Iterable[tuple[str, Any]], chosen: Any = "") -> None:
        """Offer these, with this one chosen, without saying that something changed."""
        self.blockSignals(True)
        self.clear()
        for words, value in choices:
            self.addItem(words, value)
        self.blockSignals(False)
        self.choose(chosen)

    def choose(self, value: Any) -> None:
        """Choose this one, without saying that something changed."""
        self.blockSignals(True)
        if value and self.findData(value) < 0:
            self.addItem(line(str(value)), value)
        self.setCurrentIndex(max(0, self.findData(value)))
        self.blockSignals(False)

    @property
    def value(self) -> str:
        """What is chosen."""
        return str(self.currentData() or "")

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """It gives way: its longest words may be a sentence."""
        whole, font = super().minimumSizeHint(), self.fontMetrics()
        least = font.horizontalAdvance("0" * _LEAST) + whole.height()
        return QSize(min(whole.width(), least), whole.height())

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:  # noqa: N802 - Qt's name
        """Draw as much of the words as fits."""
        super().initStyleOption(option)
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        option.currentText = self.fontMetrics().elidedText(
            option.currentText, Qt.TextElideMode.ElideRight, field.width()
        )

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """The page scrolls."""
        event.ignore()
