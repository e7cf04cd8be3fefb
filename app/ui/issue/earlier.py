"""The customer's other issues, below the receipt: what they wrote before, one click away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.translation import tr, trn
from app.domain.views import InboxRow
from app.ui.issue.foreign_text import title, tooltip
from app.ui.issue.order_words import earlier_words
from app.ui.issue.parts import clear, label, link_button

_LONGEST = 26


class EarlierIssues(QWidget):
    """Lists them, newest first; `asked` carries the key of the one to open."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[str, ...] = ()
        self._head = label(role="meta")
        self._lines = QVBoxLayout()
        self._lines.setSpacing(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 4, 8, 10)
        column.setSpacing(2)
        column.addWidget(self._head)
        column.addLayout(self._lines)
        self.hide()

    def show_rows(self, rows: Sequence[InboxRow], now: datetime) -> None:
        """Show these; nothing at all where there is none."""
        self.setVisible(bool(rows))
        shown = tuple(f"{one.key} {earlier_words(one, now)}" for one in rows)
        if shown == self._shown:
            return
        self._shown = shown
        self._head.setText(
            trn("{n} other issue of this customer", "{n} other issues of this customer", len(rows))
        )
        clear(self._lines)
        for one in rows:
            self._add(one, now)

    def _add(self, one: InboxRow, now: datetime) -> None:
        subject = title(one.subject) or tr("(no subject)")
        short = subject if len(subject) <= _LONGEST else f"{subject[: _LONGEST - 1]}…"
        told = earlier_words(one, now)
        opens = link_button(short, lambda: self.asked.emit(one.key))
        opens.setAccessibleName(tr("Open the issue {subject}, {when}", subject=subject, when=told))
        opens.setToolTip(tooltip(f"{subject}\n{told}"))
        opens.setStyleSheet("text-align: left;")
        self._lines.addWidget(opens)
        about = label(told, role="meta")
        about.setContentsMargins(5, 0, 0, 4)
        self._lines.addWidget(about)
