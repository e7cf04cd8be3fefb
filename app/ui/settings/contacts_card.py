"""ContactsCard: who can be told when nobody takes an issue: the people, and a form for another."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.errors import KnownError
from app.domain.translation import to_translate, tr
from app.ui.issue.parts import button, cancel_button, clear, label, row
from app.ui.issue.ports import Answer, Asks
from app.ui.settings.contact_form import ContactForm
from app.ui.settings.contact_row import ContactRow
from app.ui.settings.kept_line import KeptLine
from app.ui.settings.rota_card import RotaCard
from app.ui.theme import Theme

_NONE = to_translate(
    "Nobody else is told when you do not take something urgent. Add yourself or somebody you trust."
)


class ContactsCard(QWidget):
    """Shows and changes the contacts; `changed` when who can be told is another."""

    changed = Signal()

    def __init__(self, *, bridge: Asks, theme: Theme) -> None:
        super().__init__()
        self._bridge = bridge
        self.rows: list[ContactRow] = []
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        self.rota = RotaCard(bridge=bridge, theme=theme)
        self._turns_title = label(tr("On call"), role="title")
        self.line = KeptLine()
        self.form = ContactForm()
        self.form.hide()
        self.new = button(tr("Add"), self.open, name=tr("Add somebody"))
        self.add_button = button(tr("Add"), self.add, variant="primary", name=tr("Add the contact"))
        self._cancel = cancel_button(self._close, name=tr("Add nobody"))
        self._lay_out()
        self._close()

    def reload(self) -> None:
        """Read the contacts from the engine."""
        self._bridge.run("contacts", then=self._show, failed=self.line.refuse)

    def open(self) -> None:
        """Show the form for another."""
        self._show_form(is_open=True)
        self.form.name.setFocus()

    def add(self) -> None:
        """Have the engine add what stands in the fields, and clear them."""
        try:
            hours = self.form.week()
        except KnownError as error:
            self.line.refuse(error)
            return
        self.add_button.setEnabled(False)
        self._bridge.run(
            "contact_add",
            name=self.form.name.text().strip(),
            **self.form.ways(),
            hours=hours,
            is_new=True,
            then=self._added,
            failed=self._refused,
        )

    def _show(self, answer: Answer) -> None:
        clear(self._rows)
        self.rows = []
        for contact in answer.get("contacts", ()):
            shown = ContactRow(contact, bridge=self._bridge)
            shown.changed.connect(self._moved)
            shown.gone.connect(self._gone)
            self.rows.append(shown)
            self._rows.addWidget(shown)
        if not self.rows:
            self._rows.addWidget(label(tr(_NONE), role="muted", wrap=True))
        names = [str(one["name"]) for one in answer.get("contacts", ())]
        self._turns_title.setVisible(bool(names))
        self.rota.show_rota(answer, names)

    def _moved(self) -> None:
        self.reload()
        self.changed.emit()

    def _gone(self, words: str, verb: str, args: dict[str, Any]) -> None:
        self._moved()
        self.line.say(words, undo=partial(self._back, verb, args))

    def _back(self, verb: str, args: dict[str, Any]) -> None:
        self._bridge.run(verb, **args, then=lambda _: self._moved(), failed=self.line.refuse)

    def _added(self, answer: Answer) -> None:
        self._close()
        for field in (self.form.name, self.form.target, *self.form.hours):
            field.clear()
        self._moved()
        name = str(answer.get("contact", {}).get("name", ""))
        self.line.say(
            tr("{name} is added. Test it, so that you know that it works.", name=name).strip()
        )

    def _refused(self, error: Exception) -> None:
        self.add_button.setEnabled(True)
        self.line.refuse(error)

    def _close(self) -> None:
        self.line.clear_trouble()
        self._show_form(is_open=False)

    def _show_form(self, *, is_open: bool) -> None:
        self.new.setVisible(not is_open)
        for part in (self.form, self.add_button, self._cancel):
            part.setVisible(is_open)
        self.add_button.setEnabled(True)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(row(label(tr("People"), role="title"), 1, self.new))
        column.addLayout(self._rows)
        column.addWidget(self.form)
        column.addWidget(self.line)
        column.addLayout(row(1, self._cancel, self.add_button))
        column.addWidget(self._turns_title)
        column.addWidget(self.rota)
