"""RuleConditions: the IF of a rule: rows to choose from, or one line to write it freely."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from app.domain.errors import Refused
from app.domain.rule_fields import BY_NAME, FIELDS, Sort
from app.domain.rule_text import HOWS, LONGEST, Row, condition_of, rows_of
from app.domain.translation import to_translate, tr
from app.ui.issue.parts import clear, label, link_button, row
from app.ui.settings.day_adders import at_least
from app.ui.settings.rule_words import choice_words
from app.ui.widgets.choice import Choice
from app.ui.widgets.wrapping import Wrapping

_LETTERS = 10  # of what is compared with, before it stands on a line of its own
_FIRST = Row(field="subject", how="contains")
_FREE_HELP = to_translate(
    'For example: customer_domain = "shop.example" and (total > 500 or tags contains "b2b").'
    " You can name: {names}."
)


class RuleConditions(QWidget):
    """`changed` after every change; the condition is read by `value`."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[ConditionRow] = []
        self.join = Choice(
            tr("All or any of the conditions"),
            [(tr("all of these are true"), "and"), (tr("any of these is true"), "or")],
        )
        self.join.currentIndexChanged.connect(lambda _: self.changed.emit())
        self.free = QLineEdit()
        self.free.setAccessibleName(tr("Condition in words"))
        self.free.setMaxLength(LONGEST)
        self.free.setPlaceholderText('total > 500 and subject contains "invoice"')
        self.free.textChanged.connect(self._written)
        self._help = label(tr(_FREE_HELP, names=", ".join(BY_NAME)), role="meta", wrap=True)
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        self.add_button = link_button(tr("Add a condition"), self.add)
        self.other_way = link_button("", self._turn)
        self._head = QWidget()
        head = row(label(tr("If")), self.join, 1)
        self._head.setLayout(head)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._head)
        column.addLayout(self._list)
        self._if = label(tr("If"))
        column.addLayout(row(self._if, self.free))
        column.addWidget(self._help)
        column.addLayout(row(self.add_button, self.other_way, 1))
        self.show_condition("")

    @property
    def is_free(self) -> bool:
        """Whether the line is shown, not the rows."""
        return self.free.isVisibleTo(self)

    def show_condition(self, condition: str) -> None:
        """Show this one: as rows where it is simple enough; an empty one as a first row."""
        found = rows_of(condition) if condition else ((_FIRST,), "and")
        self.blockSignals(True)
        self.free.setText(condition)
        self._show_free(free=found is None)
        if found is not None:
            self._fill(*found)
        self.blockSignals(False)

    def value(self) -> str:
        """The condition. Raises Refused for a row that says nothing."""
        if self.is_free:
            return self.free.text().strip()
        return condition_of([one.value() for one in self.rows], self.join.value)

    def add(self) -> None:
        """One more row."""
        self._add(_FIRST)
        self.rows[-1].field.setFocus()
        self.changed.emit()

    def _add(self, shown: Row) -> None:
        made = ConditionRow(shown)
        made.changed.connect(self.changed)
        made.removed.connect(lambda: self._remove(made))
        self.rows.append(made)
        self._list.addWidget(made)
        self._count()

    def _remove(self, gone: ConditionRow) -> None:
        self.rows.remove(gone)
        self._list.removeWidget(gone)
        gone.hide()
        gone.deleteLater()
        self._count()
        self.changed.emit()

    def _count(self) -> None:
        for one in self.rows:
            one.remove_button.setVisible(len(self.rows) > 1)

    def _fill(self, rows: tuple[Row, ...], join: str) -> None:
        clear(self._list)
        self.rows = []
        self.join.choose(join)
        for one in rows:
            self._add(one)

    def _written(self) -> None:
        self._offer_other_way()
        self.changed.emit()

    def _offer_other_way(self) -> None:
        """Lists are offered for what lists can say."""
        said = self.free.text().strip()
        fits = not self.is_free or not said or rows_of(said) is not None
        self.other_way.setEnabled(fits)
        self.other_way.setToolTip("" if fits else tr("It says more than lists can show"))

    def _turn(self) -> None:
        """From rows to the line, and back where the line says no more than rows can."""
        if self.is_free:
            self.show_condition(self.free.text().strip())
        else:
            said = [one for one in (each.said() for each in self.rows) if one]
            self.free.setText(f" {self.join.value} ".join(said))
            self._show_free(free=True)
            self.free.setFocus()
        self.changed.emit()

    def _show_free(self, *, free: bool) -> None:
        if free:
            clear(self._list)
            self.rows = []
        line: tuple[QWidget, ...] = (self._if, self.free, self._help)
        lists: tuple[QWidget, ...] = (self._head, self.add_button)
        for part in line:
            part.setVisible(free)
        for part in lists:
            part.setVisible(not free)
        self.other_way.setText(tr("Choose from lists") if free else tr("Write it yourself"))
        self.other_way.setAccessibleName(self.other_way.text())
        self._offer_other_way()


class ConditionRow(QWidget):
    """A field, how it is compared, and with what; `removed` says that it is not wanted."""

    changed = Signal()
    removed = Signal()

    def __init__(self, shown: Row) -> None:
        super().__init__()
        self.field = Choice(
            tr("What to look at"), [(_capital(tr(one.label)), one.name) for one in FIELDS]
        )
        self.how = Choice(tr("How to compare"))
        self.words = QLineEdit()
        self.words.setAccessibleName(tr("Compared with"))
        self.choice = Choice(tr("Compared with"))
        self.remove_button = link_button(
            tr("Remove"), self.removed.emit, name=tr("Remove this condition")
        )
        at_least(self.words, "0" * _LETTERS)
        self.choice.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setLayout(
            Wrapping(self.field, self.how, self.words, self.choice, self.remove_button, gap=6)
        )
        self.field.choose(shown.field)
        self._dress(shown)
        self.field.currentIndexChanged.connect(self._field_chosen)
        self.how.currentIndexChanged.connect(lambda _: self.changed.emit())
        self.choice.currentIndexChanged.connect(lambda _: self.changed.emit())
        self.words.textChanged.connect(lambda _: self.changed.emit())

    def value(self) -> Row:
        """What stands in it."""
        field = BY_NAME[self.field.value]
        value = self.choice.value if field.choices else self.words.text()
        return Row(
            field=field.name,
            how=self.how.value,
            value="" if field.sort is Sort.YES_NO else value,
        )

    def said(self) -> str:
        """Its part of a condition; empty where something is missing still."""
        try:
            return condition_of([self.value()])
        except Refused:
            return ""

    def _field_chosen(self) -> None:
        self._dress(Row(field=self.field.value, how=self.how.value, value=self.words.text()))
        self.changed.emit()

    def _dress(self, shown: Row) -> None:
        """The comparisons and the values that fit the field."""
        field = BY_NAME[shown.field]
        hows = HOWS[field.sort]
        offered = [(tr(one), one) for one in hows]
        self.how.offer(offered, shown.how if shown.how in hows else hows[0])
        self.choice.offer(
            [(choice_words(field.name, one), one) for one in field.choices],
            shown.value if shown.value in field.choices else "",
        )
        self.words.setText(shown.value if not field.choices else "")
        self.words.setPlaceholderText(tr("a number") if field.sort is Sort.NUMBER else tr("words"))
        self.choice.setVisible(bool(field.choices))
        self.words.setVisible(not field.choices and field.sort is not Sort.YES_NO)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
