"""SearchField: words in, and after a breath the question; Escape gives the list back."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from app.ui.theme import Theme

_BREATH_MS = 60
_TOOLS = ("Clear the search", "Search")  # in the order in which they are made


class SearchField(QLineEdit):
    """`asked` carries the words, empty when the search is over; `left` hands the keyboard on."""

    asked = Signal(str)
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._breath = QTimer(self, singleShot=True, interval=_BREATH_MS)
        self._breath.timeout.connect(lambda: self.asked.emit(self.text().strip()))
        keys = QKeySequence("Ctrl+K").toString(QKeySequence.SequenceFormat.NativeText)
        self.setObjectName("search")
        self.setAccessibleName("Search")
        self.setPlaceholderText(f"Search orders, customers, words    {keys}")
        self.setMaxLength(400)
        self.setClearButtonEnabled(True)
        self._drawing = self.addAction(
            theme.icon("search"), QLineEdit.ActionPosition.LeadingPosition
        )
        for tool, name in zip(self.findChildren(QToolButton), _TOOLS, strict=True):
            tool.setAccessibleName(name)
        self.textChanged.connect(self._changed)
        theme.changed.connect(self._dress)

    def begin(self) -> None:
        """Bring the keyboard here, ready to type over what stood there."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Escape ends the search; Down and Enter go to what was found."""
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _dress(self) -> None:
        self._drawing.setIcon(self._theme.icon("search"))

    def _changed(self, text: str) -> None:
        if text.strip():
            self._breath.start()
        else:
            self._breath.stop()
            self.asked.emit("")
