"""Day adders: pick days, say why or which hours, add: for closures and for days of other hours."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import QDateEdit, QLineEdit, QWidget

from app.domain import hours_text
from app.domain.errors import KnownError
from app.domain.translation import to_translate, tr
from app.ui.issue.parts import button, label
from app.ui.widgets.wrapping import Wrapping

SHOWN = to_translate("ddd d MMM yyyy")


def date_field(name: str) -> QDateEdit:
    """A day, picked from a calendar; today until another is."""
    field = QDateEdit(QDate.currentDate())
    field.setCalendarPopup(True)
    field.setDisplayFormat(tr(SHOWN))
    field.setAccessibleName(name)
    return field


def text_field(example: str, name: str) -> QLineEdit:
    """A field with an example in it."""
    field = QLineEdit()
    field.setPlaceholderText(example)
    field.setAccessibleName(name)
    return field


def short_field(example: str, name: str, *, letters: int) -> QLineEdit:
    """The same, as wide as so many letters."""
    field = text_field(example, name)
    field.setFixedWidth(_wide("0" * letters, field))
    return field


def at_least(field: QLineEdit, words: str = "") -> QLineEdit:
    """The field, never too narrow for these words or for its example."""
    field.setMinimumWidth(_wide(words or field.placeholderText(), field))
    return field


class ClosureAdder(QWidget):
    """`added` carries a closure as the engine has it; `is_begun` while one stands in the fields."""

    added = Signal(dict)

    def __init__(self) -> None:
        super().__init__()
        self.is_begun = False
        self.first = date_field(tr("First day of the closure"))
        self.last = date_field(tr("Last day of the closure"))
        self.because = text_field(tr("Why: Christmas break"), tr("Why it is closed"))
        self.first.dateChanged.connect(self._at_least)
        for moved in (self.first.dateChanged, self.last.dateChanged, self.because.textChanged):
            moved.connect(self._begin)
        self._add = button(tr("Add"), self.add, name=tr("Add the closure"))
        self.setLayout(
            Wrapping(
                self.first,
                label(tr("to")),
                self.last,
                at_least(self.because),
                self._add,
            )
        )

    def add(self) -> None:
        """Hand over what stands in the fields."""
        given = {"first": _iso(self.first), "last": _iso(self.last)}
        self.added.emit({**given, "because": self.because.text().strip()})
        self.forget()

    def forget(self) -> None:
        """Nothing is begun any more."""
        self.because.clear()
        self.is_begun = False

    def _begin(self) -> None:
        self.is_begun = True

    def _at_least(self, first: QDate) -> None:
        if self.last.date() < first:
            self.last.setDate(first)


class ExceptionAdder(QWidget):
    """`added` carries a day and its hours; `failed` why they are none; `is_begun` while some stand
    in the field."""

    added = Signal(str, object)
    failed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.day = date_field(tr("Day with other hours"))
        self.hours = text_field(tr("10:00-14:00, or free"), tr("Hours of that day"))
        self._add = button(tr("Add"), self.add, name=tr("Add the day"))
        self.setLayout(
            Wrapping(
                self.day,
                label(tr("open")),
                at_least(self.hours),
                self._add,
            )
        )

    @property
    def is_begun(self) -> bool:
        """Whether hours stand in the field."""
        return bool(self.hours.text().strip())

    def forget(self) -> None:
        """Nothing is begun any more."""
        self.hours.clear()

    def add(self) -> None:
        """Hand over what stands in the fields."""
        try:
            pairs: Any = hours_text.intervals(self.hours.text())
        except KnownError as error:
            self.failed.emit(error)
            return
        self.added.emit(_iso(self.day), pairs)
        self.forget()


def _wide(text: str, field: QLineEdit) -> int:
    """How wide the field is with this in it; around it there is about as much as above."""
    return field.fontMetrics().horizontalAdvance(text) + field.sizeHint().height()


def _iso(field: QDateEdit) -> str:
    return str(field.date().toString("yyyy-MM-dd"))
