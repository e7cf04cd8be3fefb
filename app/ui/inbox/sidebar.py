"""Sidebar: the left pane; where am I. The views with their counts, and what the program offers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from app.ui.inbox.views_list import ViewsList
from app.ui.issue.parts import OneLine
from app.ui.theme import Theme
from app.ui.tokens import Gap

Offer = tuple[str, str, Callable[[], object]]  # words, drawing, what it does


class Sidebar(QWidget):
    """Brand, views, and a menu of everything that is not mail."""

    def __init__(
        self, theme: Theme, *, offers: Sequence[Offer], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._offers = offers
        self.setProperty("ground", "sunken")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.views = ViewsList(theme)
        self._mark = QLabel()
        self._more = QToolButton()
        self._more.setAccessibleName("More: settings, appearance, mailboxes, keys")
        self._more.setText("More")
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self)
        self._more.setMenu(self._menu)
        head = QHBoxLayout()
        head.setContentsMargins(Gap.LARGE, Gap.LARGE, Gap.SMALL, Gap.SMALL)
        head.setSpacing(Gap.SMALL)
        head.addWidget(self._mark)
        head.addWidget(OneLine("Frontburner", role="title"), 1)
        head.addWidget(self._more)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, Gap.SMALL)
        column.setSpacing(Gap.TINY)
        column.addLayout(head)
        column.addWidget(self.views, 1)
        theme.changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        theme = self._theme
        side = theme.px(22)
        self._mark.setPixmap(theme.app_icon.pixmap(QSize(side, side), self.devicePixelRatioF()))
        self._more.setIcon(theme.icon("more"))
        self._more.setToolButtonStyle(self._more.toolButtonStyle())
        self._menu.clear()
        for words, drawing, act in self._offers:
            if not words:
                self._menu.addSeparator()
                continue
            action = self._menu.addAction(theme.icon(drawing), words)
            action.triggered.connect(lambda _checked=False, act=act: act())
