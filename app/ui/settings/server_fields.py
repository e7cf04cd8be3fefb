"""ServerFields: the servers of a mailbox that is connected, to be corrected without removing it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.translation import tr
from app.ui.issue.parts import button, cancel_button, row
from app.ui.issue.ports import Answer, Asks
from app.ui.onboarding.advanced_fields import AdvancedFields


class ServerFields(QWidget):
    """Hidden until `open`; `said` tells what is being done, `kept` carries the engine's answer,
    `refused` why they were not kept."""

    kept = Signal(dict)
    refused = Signal(object)
    said = Signal(str)
    fields: AdvancedFields

    def __init__(self, account: str, *, bridge: Asks) -> None:
        super().__init__()
        self._account, self._bridge = account, bridge
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._go = button(tr("Keep"), self._keep)
        self.hide()

    def open(self) -> None:
        """Show which they are now, to be changed."""
        self._bridge.run(
            "account_settings", name=self._account, then=self._show, failed=self.refused.emit
        )

    def _show(self, answer: Answer) -> None:
        if not self._column.count():
            self._lay_out()
        self.fields.fill(answer.get("settings", {}))
        self.show()
        self.fields.go_to("host")

    def _lay_out(self) -> None:
        """Only when it is opened first: a dozen widgets for each account would be waited for."""
        self.fields = AdvancedFields()
        self.fields.submitted.connect(self._keep)
        self._column.addWidget(self.fields)
        self._column.addLayout(row(1, cancel_button(self.hide), self._go, gap=8))

    def _keep(self) -> None:
        if not self._go.isEnabled():
            return
        self._go.setEnabled(False)
        self.said.emit(tr("Signing in …"))
        self._bridge.run(
            "account_set",
            name=self._account,
            settings=self.fields.values(),
            then=self._kept,
            failed=self._refused,
        )

    def _kept(self, answer: Answer) -> None:
        self._go.setEnabled(True)
        self.hide()
        self.kept.emit(answer)

    def _refused(self, error: Exception) -> None:
        self._go.setEnabled(True)
        self.refused.emit(error)
