"""Completions: how a search may go on, in a card under its field; the keyboard stays in the field.

Nothing is marked at first, so that Enter means what it always means; Down or Tab takes it further.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout

from app.domain.assessment import Kind, Severity
from app.domain.search_completion import MOST, Completion, Known, Suggestion, complete
from app.domain.translation import to_translate, tr
from app.domain.views import View
from app.ui import words
from app.ui.issue.foreign_text import line
from app.ui.theme import Theme
from app.ui.widgets.choice_list import Choice, ChoiceList


class Completions(QFrame):
    """`filled` says that the field holds a term more, or half of one."""

    filled = Signal()

    def __init__(self, theme: Theme, field: QLineEdit, *, known: Known) -> None:
        super().__init__(field)
        self._theme, self._field, self._known = theme, field, known
        self._completion = Completion(0, 0)
        self.setProperty("card", "true")
        self.list = ChoiceList(theme, tr("How the search may go on"))
        self.list.taken.connect(self._fill)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(self.list)
        self.hide()

    def offer(self) -> None:
        """Offer what fits at the cursor; nothing that fits, no card."""
        field = self._field
        self._completion = complete(field.text(), field.cursorPosition(), known=self._known)
        suggestions = self._completion.suggestions
        if not suggestions or not field.hasFocus():
            self.hide()
            return
        self.list.offer([_choice(one) for one in suggestions])
        self._place(len(suggestions))
        self.show()
        self.raise_()

    def step(self, by: int) -> None:
        """Mark the next one, or the one before."""
        self.list.step(by)

    def take(self, *, first: bool) -> bool:
        """Take what is marked, or the `first` where nothing is; False where nothing can be."""
        if self.isHidden() or not (self.list.current or first):
            return False
        if self.list.current is None:
            self.list.step(1)
        return self.list.take()

    def _fill(self, choice: Choice) -> None:
        suggestion = choice.what
        text, cursor = self._completion.taken(self._field.text(), suggestion)
        self._field.setText(text)
        self._field.setCursorPosition(cursor)
        self.filled.emit()
        if suggestion.is_operator:
            self.offer()
        else:
            self.hide()

    def _place(self, count: int) -> None:
        """Under the field, in whatever window that is."""
        window = self._field.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        corner = self._field.mapTo(window, QPoint(0, self._field.height() + self._theme.px(4)))
        height = self.list.height_of(min(count, MOST + 5)) + 2
        self.setGeometry(corner.x(), corner.y(), self._field.width(), height)


def _choice(suggestion: Suggestion) -> Choice:
    return Choice(
        line(suggestion.term), tr(suggestion.means) or _said(suggestion.term), "", suggestion
    )


def _said(term: str) -> str:
    """A value as the window says it elsewhere, where that differs from how it is typed."""
    operator, _, value = term.partition(":")
    if operator == "kind" and value in set(Kind):
        return words.kind_word(Kind(value))
    if operator == "severity" and value in set(Severity):
        return words.severity_word(Severity(value))
    if operator == "is" and value in set(View):
        said = words.view_word(value)
    else:
        said = tr(value) if value in _VALUES else ""
    return said if said.lower() != value else ""


_VALUES = (
    to_translate("overdue"),
    to_translate("unread"),
    to_translate("today"),
    to_translate("yesterday"),
    to_translate("tomorrow"),
    to_translate("attachment"),
    to_translate("order"),
    to_translate("note"),
    to_translate("draft"),
    to_translate("me"),
)
