"""CauseLine: says on an issue that others report the same, and leads to them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from app.domain.incident import Incident
from app.domain.translation import tr, trn
from app.ui.issue.foreign_text import line
from app.ui.issue.parts import button, reading, row
from app.ui.theme import Theme
from app.ui.words import incident_words

_LEAST = 2


class CauseLine(QFrame):
    """Stands above the reasons of an issue of an incident; hidden otherwise."""

    asked = Signal(object)

    def __init__(self, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setProperty("tone", "high")
        self._theme = theme
        self._incident: Incident | None = None
        self._mark = QLabel()
        self._said = reading(name=tr("Others report the same"))
        self._show = button(
            tr("Show them"), self._ask, name=tr("Show the issues of the same cause")
        )
        line_ = row(self._mark, self._said, self._show, gap=12)
        line_.setStretch(1, 1)
        line_.setContentsMargins(12, 6, 12, 6)
        self.setLayout(line_)
        theme.changed.connect(self._dress)
        self._dress()
        self.hide()

    def show_incident(self, incident: Incident | None) -> None:
        """Show that this issue is one of many with a cause, or nothing."""
        self._incident = incident
        self.setVisible(incident is not None and incident.issues >= _LEAST)
        if incident is None:
            return
        self._said.setText(
            trn(
                "{n} other issue with the same cause: {cause}",
                "{n} other issues with the same cause: {cause}",
                incident.issues - 1,
                cause=line(incident_words(incident)),
            )
        )
        self.setAccessibleName(self._said.text())
        self.updateGeometry()

    def _ask(self) -> None:
        if self._incident is not None:
            self.asked.emit(self._incident)

    def _dress(self) -> None:
        self._mark.setPixmap(self._theme.pixmap("storm", "high", 18, self))
