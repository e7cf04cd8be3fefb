"""CalmChoice: a choice that the wheel does not change while the page around it is scrolled."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox


class CalmChoice(QComboBox):
    """A combo box; words stand before values, and a value that is not offered is added."""

    def __init__(self, name: str, choices: Iterable[tuple[str, str]] = ()) -> None:
        """`name` is what a screen reader says; `choices` are (words, value)."""
        super().__init__()
        self.setAccessibleName(name)
        self.offer(choices)

    def offer(self, choices: Iterable[tuple[str, str]], chosen: str = "") -> None:
        """Offer these, with this one chosen, without saying that something changed."""
        self.blockSignals(True)
        self.clear()
        for words, value in choices:
            self.addItem(words, value)
        self.blockSignals(False)
        self.choose(chosen)

    def choose(self, value: str) -> None:
        """Choose this one, without saying that something changed."""
        self.blockSignals(True)
        if value and self.findData(value) < 0:
            self.addItem(value, value)
        self.setCurrentIndex(max(0, self.findData(value)))
        self.blockSignals(False)

    @property
    def value(self) -> str:
        """What is chosen."""
        return str(self.currentData() or "")

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """The page scrolls."""
        event.ignore()
