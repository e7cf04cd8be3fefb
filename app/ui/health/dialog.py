"""HealthDialog: how it stands, in a window of its own: what is ready and what is missing, each
account with its books, the program with its files."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.clock import Clock
from app.domain.errors import KnownError
from app.domain.readiness import Grade, Part
from app.domain.translation import tr
from app.ui.health.account_books import AccountBooks
from app.ui.health.finding_row import FindingRow
from app.ui.health.program_card import ProgramCard
from app.ui.issue.parts import SLIM, clear, hairline, label, row, scrolling
from app.ui.issue.ports import Answer, Asks
from app.ui.tab_walk import ByEye
from app.ui.theme import Theme

_EVERY_MS = 3000  # while mail is being read, the counts move


class HealthDialog(ByEye):
    """Read anew while it is open; its signals say where somebody wants to go on."""

    connect_asked = Signal()
    shop_asked = Signal()
    settings_asked = Signal()

    def __init__(
        self, *, bridge: Asks, theme: Theme, clock: Clock, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("How it stands"))
        self.resize(theme.px(720), theme.px(720))
        self.setStyleSheet(SLIM)
        self._bridge, self._theme, self._clock = bridge, theme, clock
        self._shown: tuple[Answer | None, Answer | None] = (None, None)
        self._trouble = label(tone="critical", wrap=True)
        self._trouble.hide()
        self._findings, self._accounts, self._program = (QVBoxLayout() for _ in range(3))
        self._findings.setSpacing(0)
        self._accounts.setSpacing(8)
        self._lay_out()
        self._again = QTimer(self, interval=_EVERY_MS)
        self._again.timeout.connect(self.reload)
        self._again.start()
        self.reload()

    def reload(self) -> None:
        """Ask again how it stands."""
        self._bridge.run("readiness", then=self._show_findings, failed=self._failed)
        self._bridge.run("health", then=self._show_health, failed=self._failed)

    def _show_findings(self, answer: Answer) -> None:
        if answer == self._shown[0]:  # what has not changed keeps the keyboard where it is
            return
        self._shown = (answer, self._shown[1])
        self._trouble.hide()
        clear(self._findings)
        for finding in answer["findings"]:
            way = self._way(Part(finding["part"]), Grade(finding["grade"]))
            self._findings.addWidget(FindingRow(finding, theme=self._theme, way=way))
            self._findings.addWidget(hairline())

    def _show_health(self, answer: Answer) -> None:
        before, self._shown = self._shown[1], (self._shown[0], answer)
        if before is None or answer["accounts"] != before["accounts"]:
            clear(self._accounts)
            for account in answer["accounts"]:
                self._accounts.addWidget(AccountBooks(account, now=self._clock.now()))
            if not answer["accounts"]:
                self._accounts.addWidget(label(tr("No account is connected yet."), role="muted"))
        if before is None:
            self._program.addWidget(ProgramCard(answer, bridge=self._bridge))

    def _way(self, part: Part, grade: Grade) -> tuple[str, Callable[[], object]] | None:
        """The words of the button beside what is missing, and what it does."""
        if grade is not Grade.MISSING:
            return None
        ways: dict[Part, tuple[str, Callable[[], object]]] = {
            Part.MAILBOX: (tr("Connect a mailbox"), self._to(self.connect_asked.emit)),
            Part.SHOP: (tr("Connect a shop"), self._to(self.shop_asked.emit)),
            Part.PAYMENTS: (tr("Connect Stripe or PayPal"), self._to(self.shop_asked.emit)),
            Part.HOURS: (tr("Say when you work"), self._to(self.settings_asked.emit)),
            Part.PEOPLE: (tr("Add somebody"), self._to(self.settings_asked.emit)),
        }
        return ways.get(part)

    def _to(self, ask: Callable[[], object]) -> Callable[[], object]:
        """Somebody goes on elsewhere: this window has done its part."""

        def go() -> None:
            ask()
            self.close()

        return go

    def _failed(self, error: Exception) -> None:
        known = error.sentence if isinstance(error, KnownError) else ""
        self._trouble.setText(known or tr("It cannot be told now."))
        self._trouble.show()

    def _lay_out(self) -> None:
        inside = QWidget()
        inside.setProperty("ground", "surface")
        column = QVBoxLayout(inside)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(8)
        column.addLayout(row(label(tr("How it stands"), role="page"), 1))
        column.addWidget(self._trouble)
        for words, part in (
            (tr("What is ready, and what that allows"), self._findings),
            (tr("Accounts: nothing is lost"), self._accounts),
            (tr("This program"), self._program),
        ):
            column.addWidget(label(words, role="title"))
            column.addLayout(part)
            column.addSpacing(12)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolling(inside))
