"""FolderField: which folders of a mailbox are read, and what the words mean under it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.domain.translation import to_translate, tr
from app.ui.issue.foreign_text import line
from app.ui.issue.parts import button, cancel_button, label, row
from app.ui.issue.ports import Answer, Asks

_HELP = to_translate(
    "INBOX, Sent and Junk are read by themselves. Further ones: their "
    "names, with commas between. A minus before a name leaves it out "
    "(-Junk); * is every folder but trash, drafts and all mail."
)


class FolderField(QWidget):
    """Hidden until `open`; `said` tells what is being done, `kept` what the server found with the
    new folders, `refused` why they were not kept."""

    kept = Signal(str)
    refused = Signal(object)
    said = Signal(str)
    opened = Signal()

    def __init__(self, account: str, *, bridge: Asks) -> None:
        super().__init__()
        self._account, self._bridge = account, bridge
        self.names = QLineEdit()
        self.names.setPlaceholderText(tr("INBOX, Sent and Junk are read"))
        self.names.setAccessibleName(tr("Further folders of {account}", account=line(account)))
        self.names.returnPressed.connect(self._keep)
        keep = button(tr("Keep"), self._keep)
        inside = row(self.names, cancel_button(self.hide), keep, gap=8)
        inside.setStretch(0, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(inside)
        column.addWidget(label(tr(_HELP), role="meta", wrap=True))
        self.hide()

    def open(self) -> None:
        """Show which are read now, to be changed."""
        self._bridge.run(
            "account_settings", name=self._account, then=self._show, failed=self.refused.emit
        )

    def _show(self, answer: Answer) -> None:
        self.names.setText(str(answer.get("settings", {}).get("folders", "")))
        self.show()
        self.names.setFocus()
        self.opened.emit()

    def _keep(self) -> None:
        self.said.emit(tr("Looking at the folders …"))
        self._bridge.run(
            "account_set",
            name=self._account,
            settings={"folders": self.names.text().strip()},
            then=self._kept,
            failed=self.refused.emit,
        )

    def _kept(self, answer: Answer) -> None:
        self.hide()
        self.kept.emit(tr("Kept. {found}", found=answer.get("found", "")).strip())
