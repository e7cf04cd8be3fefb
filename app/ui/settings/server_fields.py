"""ServerFields: the servers of a mailbox that is connected, to be corrected without removing it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.translation import tr
from app.ui.issue.parts import button, row
from app.ui.issue.ports import Answer, Asks
from app.ui.onboarding.advanced_fields import AdvancedFields


class ServerFields(QWidget):
    """Hidden until `open`; `said` tells what is being done, `kept` carries the engine's answer,
    `refused` why they were not kept."""

    kept = Signal(dict)
    refused = Signal(object)
    said = Signal(str)

    def __init__(self, account: str, *, bridge: Asks) -> None:
        super().__init__()
        self._account, self._bridge = account, bridge
        self.fields = AdvancedFields()
        self.fields.submitted.connect(self._keep)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.fields)
        not_now = button(tr("Not now"), self.hide, variant="quiet")
        column.addLayout(row(1, not_now, button(tr("Keep"), self._keep), gap=8))
        self.hide()

    def open(self) -> None:
        """Show which they are now, to be changed."""
        self._bridge.run(
            "account_settings", name=self._account, then=self._show, failed=self.refused.emit
        )

    def _show(self, answer: Answer) -> None:
        self.fields.fill(answer.get("settings", {}))
        self.show()
        self.fields.go_to("host")

    def _keep(self) -> None:
        self.said.emit(tr("Signing in …"))
        self._bridge.run(
            "account_set",
            name=self._account,
            settings=self.fields.values(),
            then=self._kept,
            failed=self.refused.emit,
        )

    def _kept(self, answer: Answer) -> None:
        self.hide()
        self.kept.emit(answer)
