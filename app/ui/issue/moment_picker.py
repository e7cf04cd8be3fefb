"""Any other day and minute, asked in a menu below the few that people mostly mean."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QDate, QDateTime, QTime, Signal
from PySide6.QtWidgets import QApplication, QDateTimeEdit, QMenu, QWidget, QWidgetAction

from app.domain.translation import tr
from app.ui.issue.parts import button, row


class MomentPicker(QWidgetAction):
    """A line of a menu in which an instant is chosen; `picked` carries it, aware.

    `local_now` is aware, in the owner's zone; no day before it can be chosen.
    """

    picked = Signal(object)

    def __init__(self, menu: QMenu, *, local_now: datetime, at: datetime, verb: str) -> None:
        super().__init__(menu)
        self.field = QDateTimeEdit(_on_the_wall(at))
        self.field.setMinimumDate(_on_the_wall(local_now).date())
        self.field.setCalendarPopup(True)
        self.field.setDisplayFormat(tr("ddd d MMM yyyy  HH:mm"))
        self.field.setAccessibleName(tr("Another day and time"))
        holder = QWidget()
        inside = row(self.field, button(verb, self.take), gap=6)
        inside.setContentsMargins(10, 4, 10, 6)
        holder.setLayout(inside)
        self.setDefaultWidget(holder)

    def take(self) -> None:
        """This is the instant; the menus close."""
        chosen = self.field.dateTime().toPython()
        assert isinstance(chosen, datetime)
        while (menu := QApplication.activePopupWidget()) is not None and menu.close():
            pass
        self.picked.emit(chosen.replace(second=0, microsecond=0).astimezone())


def _on_the_wall(at: datetime) -> QDateTime:
    return QDateTime(QDate(at.year, at.month, at.day), QTime(at.hour, at.minute))
