"""Attendance: whether somebody is at the reply: from when its editor has the keyboard, or the
keyboard went into any part of it, until this is somewhere else in the window.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.reply.editor import ReplyEditor

_LEAVE_MS = 200


class Attendance(QObject):
    """Follows the keyboard into and out of `box`; `changed` says that somebody came or left."""

    changed = Signal()

    def __init__(self, box: QWidget, editor: ReplyEditor) -> None:
        super().__init__(box)
        self._box = box
        self.is_there = False
        self._leave_soon = QTimer(self, singleShot=True, interval=_LEAVE_MS)
        self._leave_soon.timeout.connect(self._leave)
        editor.entered.connect(self._enter)
        if isinstance(app := QApplication.instance(), QApplication):
            app.focusChanged.connect(self._moved)

    def _enter(self) -> None:
        self._leave_soon.stop()
        self._say(is_there=True)

    def _moved(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Menus and other windows give the keyboard back; another part of this one does not."""
        if now is None or now.window() is not self._box.window():
            return
        if not self._box.isAncestorOf(now):
            if self.is_there:
                self._leave_soon.start()
        elif self.is_there or QGuiApplication.mouseButtons() == Qt.MouseButton.NoButton:
            self._enter()  # not by a click: what is being clicked must not move away under it

    def _leave(self) -> None:
        """Only when no button is held: as above."""
        if QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton:
            self._leave_soon.start()
        else:
            self._say(is_there=False)

    def _say(self, *, is_there: bool) -> None:
        if is_there != self.is_there:
            self.is_there = is_there
            self.changed.emit()
