"""Sidebar: the left pane; where am I. The views with their counts, and what the program offers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from app.domain.translation import tr
from app.ui.inbox.views_list import ViewsList
from app.ui.issue.parts import OneLine
from app.ui.theme import Theme
from app.ui.tokens import Gap


@dataclass(frozen=True, slots=True)
class Offer:
    """A line of the menu, its words marked to be translated; without words a line between.
    `is_chosen` makes it one of a choice."""

    words: str = ""
    drawing: str = ""
    act: Callable[[], object] = lambda: None
    is_chosen: Callable[[], bool] | None = None


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
        self._more.setAccessibleName(tr("More: settings, appearance, mailboxes, keys"))
        self._more.setText(tr("More"))
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self)
        self.menu.aboutToShow.connect(self._mark_choices)
        self._choices: list[tuple[QAction, Callable[[], bool]]] = []
        self._more.setMenu(self.menu)
        head = QHBoxLayout()
        head.setContentsMargins(Gap.LARGE, Gap.LARGE, Gap.TINY, Gap.SMALL)
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
        self.menu.clear()
        self._choices.clear()
        for offer in self._offers:
            if not offer.words:
                self.menu.addSeparator()
                continue
            action = self.menu.addAction(tr(offer.words))
            action.triggered.connect(lambda _checked=False, act=offer.act: act())
            if offer.is_chosen is None:
                action.setIcon(theme.icon(offer.drawing))
            else:
                action.setCheckable(True)
                self._choices.append((action, offer.is_chosen))
        self._mark_choices()

    def _mark_choices(self) -> None:
        for action, is_chosen in self._choices:
            action.setChecked(is_chosen())
