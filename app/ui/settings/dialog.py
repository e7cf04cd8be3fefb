"""SettingsDialog: the settings page in a window of its own, beside the issues, not over them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.issue.ports import Asks
from app.ui.settings.page import Accounts, SettingsPage
from app.ui.tab_walk import ByEye
from app.ui.theme import Theme


class SettingsDialog(ByEye):
    """Closes with Escape; everything in it is kept as soon as it is changed. `issues_asked` carries
    the keys of issues to show, and what they are."""

    connect_asked = Signal()
    issues_asked = Signal(object, str)

    def __init__(
        self, *, bridge: Asks, theme: Theme, accounts: Accounts, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Settings")
        self.resize(theme.px(720), theme.px(680))
        self.page = SettingsPage(bridge=bridge, theme=theme, accounts=accounts)
        self.page.connect_asked.connect(self._connect_another)
        self.page.issues_asked.connect(self.issues_asked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def connect_platform(self) -> None:
        """Open the form for a shop or a payment provider."""
        self.page.connect_platform()

    def show_rules(self) -> None:
        """Bring the owner's rules into view."""
        self.page.show_rules()

    def point_to(self, name: str) -> None:
        """Bring one setting into view."""
        self.page.point_to(name)

    def _connect_another(self) -> None:
        self.connect_asked.emit()
        self.close()
