"""SettingsPage: the accounts with how they are, every setting, kept once it is changed, and what
was learnt from corrections."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.account import Health
from app.domain.errors import KnownError
from app.domain.translation import tr
from app.ui.issue.foreign_text import paragraphs
from app.ui.issue.parts import SLIM, button, clear, hairline, label, row
from app.ui.issue.ports import Answer, Asks
from app.ui.settings.account_row import AccountRow
from app.ui.settings.autostart_row import AutostartRow
from app.ui.settings.copies_card import FOLDER, SWITCH
from app.ui.settings.learned_list import LearnedList
from app.ui.settings.platform_connect import PlatformConnect
from app.ui.settings.section import WIDTH, scrolled
from app.ui.settings.setting_row import SETTLED_MS, SettingRow
from app.ui.theme import Theme

Accounts = Callable[[], Sequence[Health]]


class SettingsPage(QWidget):
    """`connect_asked`: somebody wants another mailbox; `changed` carries a name and its value."""

    connect_asked = Signal()
    changed = Signal(str, object)

    def __init__(
        self, *, bridge: Asks, theme: Theme, accounts: Accounts, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("ground", "surface")
        self.setStyleSheet(SLIM)
        self._bridge = bridge
        self._theme = theme
        self._read_accounts = accounts
        self._rows: dict[str, SettingRow] = {}
        self._pointed_to = ""
        self._accounts = QVBoxLayout()
        self._accounts.setSpacing(8)
        self._settings = QVBoxLayout()
        self._settings.setSpacing(0)
        self.learned = LearnedList(bridge=bridge)
        self._trouble = label(tone="critical", wrap=True)
        self._trouble.hide()
        self._news = label(tone="good", wrap=True)
        self._news.hide()
        self.platforms = PlatformConnect(bridge=bridge, taken=self._names)
        self.platforms.connected.connect(self._platform_connected)
        self._lay_out()
        self.reload()

    def reload(self) -> None:
        """Read everything again."""
        self.reload_accounts()
        self.learned.reload()
        self._bridge.run("settings", then=self._show_settings, failed=self._failed)

    def reload_accounts(self) -> None:
        """Read again how the accounts are."""
        clear(self._accounts)
        for health in self._healths():
            shown = AccountRow(health, bridge=self._bridge, theme=self._theme)
            shown.removed.connect(self._account_gone)
            self._accounts.addWidget(shown)
        if not self._accounts.count():
            self._accounts.addWidget(label(tr("No mailbox is connected yet."), role="muted"))

    def point_to(self, name: str) -> None:
        """Bring a setting into view, with the keyboard on it, once the settings are read."""
        self._pointed_to = name
        if name in self._rows:
            self._show_pointed()

    def connect_platform(self) -> None:
        """Open the form for a shop or a payment provider."""
        self._news.hide()
        self.platforms.open()

    def _platform_connected(self, words: str) -> None:
        self._news.setText(paragraphs(words))
        self._news.show()
        self.reload_accounts()

    def _names(self) -> Sequence[str]:
        return [health.account for health in self._healths()]

    def _healths(self) -> Sequence[Health]:
        try:
            return self._read_accounts()
        except KnownError as error:
            self._failed(error)
            return ()

    def _show_settings(self, answer: Answer) -> None:
        clear(self._settings)
        self._rows = {}
        for setting in answer.get("settings", ()):
            if setting.get("name") in (SWITCH, FOLDER):  # beside the copies themselves
                continue
            shown = SettingRow(setting, theme=self._theme)
            shown.changed.connect(self._set)
            self._rows[shown.name] = shown
            self._settings.addWidget(shown)
            self._settings.addWidget(hairline())
        self._show_pointed()
        complaints = "\n".join(str(one) for one in answer.get("complaints", ()))
        self._say(complaints)

    def _show_pointed(self) -> None:
        shown = self._rows.get(self._pointed_to)
        if shown is not None:
            self._pointed_to = ""
            QTimer.singleShot(SETTLED_MS, shown, shown.point_out)

    def _set(self, name: str, value: object) -> None:
        self._bridge.run(
            "set_setting",
            name=name,
            value=value,
            then=partial(self._kept, name, value),
            failed=partial(self._refused, name),
        )

    def _kept(self, name: str, value: object, _: Answer) -> None:
        if name in self._rows:
            self._rows[name].keep(value)
        self.changed.emit(name, value)

    def _refused(self, name: str, error: Exception) -> None:
        why = error.sentence if isinstance(error, KnownError) else tr("It could not be kept.")
        if name in self._rows:
            self._rows[name].refuse(why)

    def _account_gone(self, _: str) -> None:
        self.reload_accounts()

    def _failed(self, error: Exception) -> None:
        known = isinstance(error, KnownError)
        self._say(str(error) if known else tr("The settings cannot be read now."))

    def _say(self, words: str) -> None:
        self._trouble.setText(words)
        self._trouble.setVisible(bool(words))

    def _every_row(self) -> QVBoxLayout:
        """The switch that lies with the system, and the rows of all settings below it."""
        rows = QVBoxLayout()
        rows.setSpacing(0)
        rows.addWidget(AutostartRow(bridge=self._bridge, theme=self._theme))
        rows.addWidget(hairline())
        rows.addLayout(self._settings)
        return rows

    def _lay_out(self) -> None:
        inside = QWidget()
        inside.setMaximumWidth(self._theme.px(WIDTH))
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        another = button(tr("Connect another mailbox"), self.connect_asked.emit)
        shop = button(tr("Connect a shop"), self.connect_platform)
        column.addWidget(self._trouble)
        column.addLayout(row(label(tr("Accounts"), role="page"), 1, shop, another))
        column.addWidget(self._news)
        column.addWidget(self.platforms)
        column.addLayout(self._accounts)
        column.addSpacing(16)
        column.addWidget(label(tr("Settings"), role="page"))
        column.addLayout(self._every_row())
        column.addSpacing(16)
        column.addWidget(label(tr("What was learnt"), role="page"))
        column.addWidget(self.learned)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(inside))
