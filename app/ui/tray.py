"""Tray: the program's mark beside the clock, where the desktop has such a place.

How many urgent issues wait is on the mark; a click brings the window back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from app.domain.views import View
from app.ui import words
from app.ui.theme import Theme
from app.ui.tokens import Size

_SIDE = 64


class Tray(QObject):
    """The mark and its menu. Make it only where `is_there()`."""

    def __init__(
        self, theme: Theme, *, open_window: Callable[[], object], sync: Callable[[], object],
        leave: Callable[[], object], stop: Callable[[], object], parent: QObject | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._theme = theme
        self._open = open_window
        self._menu = QMenu()
        for text, act in (
            ("Open Frontburner", open_window),
            ("Look for new mail", sync),
            ("Quit, and go on watching", leave),
            ("Quit, and stop watching", stop),
        ):
            action = self._menu.addAction(text)
            action.triggered.connect(lambda _checked=False, act=act: act())
        self.icon = QSystemTrayIcon(theme.app_icon, self)
        self.icon.setContextMenu(self._menu)
        self.icon.activated.connect(self._activated)
        self.show_counts({})
        self.icon.show()

    @staticmethod
    def is_there() -> bool:
        """Whether this desktop has a place for it."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """How many issues are urgent, and how many are open."""
        urgent, open_ = counts.get(View.URGENT, 0), counts.get(View.OPEN, 0)
        said = f"{words.count(urgent)} urgent, {words.count(open_)} open"
        self.icon.setToolTip(f"Frontburner: {said}" if open_ else "Frontburner: nothing open")
        self.icon.setIcon(badged(self._theme, urgent))

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is not QSystemTrayIcon.ActivationReason.Context:
            self._open()


def badged(theme: Theme, number: int) -> QIcon:
    """The program's mark with a count; without one it is the mark alone."""
    if number <= 0:
        return theme.app_icon
    pixmap: QPixmap = theme.app_icon.pixmap(QSize(_SIDE, _SIDE))
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    side = pixmap.width() / pixmap.devicePixelRatioF()
    disc = QRectF(side * 0.42, side * 0.42, side * 0.58, side * 0.58)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("burning"))
    painter.drawEllipse(disc)
    font = theme.font(Size.TEXT, bold=True)
    font = type(font)(font)
    font.setPixelSize(int(side * 0.4))
    painter.setFont(font)
    painter.setPen(theme.color("on_burning"))
    painter.drawText(disc, int(Qt.AlignmentFlag.AlignCenter), str(number) if number < 10 else "9+")
    painter.end()
    return QIcon(pixmap)
