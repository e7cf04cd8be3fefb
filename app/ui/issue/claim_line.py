"""ClaimLine: a provider's notice that nobody proved to be genuine says so."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QLabel, QWidget

from app.domain.translation import tr
from app.domain.views import IssueView
from app.ui.issue.foreign_text import line
from app.ui.issue.parts import reading, row
from app.ui.theme import Theme


class ClaimLine(QFrame):
    """Stands above the reasons of such an issue; hidden otherwise."""

    def __init__(self, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setProperty("tone", "high")
        self._theme = theme
        self._mark = QLabel()
        self._said = reading(name=tr("Not confirmed"))
        across = row(self._mark, self._said, gap=12)
        across.setStretch(1, 1)
        across.setContentsMargins(12, 6, 12, 6)
        self.setLayout(across)
        theme.changed.connect(self._dress)
        self._dress()
        self.hide()

    def show_view(self, view: IssueView) -> None:
        """Say from whom the issue's mail claims to be, or nothing."""
        provider = line(view.unconfirmed)
        self.setVisible(bool(provider))
        if provider:
            self._said.setText(
                tr(
                    "Claims to be from {provider}, not yet confirmed. Look on {provider}'s own page"
                    " before you act.",
                    provider=provider,
                )
            )
            self.setAccessibleName(self._said.text())

    def _dress(self) -> None:
        self._mark.setPixmap(self._theme.pixmap("shield", "high", 18, self))
