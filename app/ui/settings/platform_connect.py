"""PlatformConnect: connect a shop or a payment provider: which, the way to its key, the fields.

What is asked for stands in `config.platform_forms`; the engine tries the key before it keeps it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QLineEdit, QVBoxLayout, QWidget

from app.config.platform_forms import FORMS, Field, PlatformForm
from app.domain.errors import SecretsMissing
from app.domain.translation import tr
from app.ui.errors import reason
from app.ui.issue.foreign_text import paragraphs
from app.ui.issue.parts import button, cancel_button, clear, label, link_button, row
from app.ui.issue.ports import Answer, Asks
from app.ui.onboarding.secret_command import SecretCommand
from app.ui.theme import set_property
from app.ui.widgets.choice import Choice

_TAKEN = 9  # accounts of one platform; more are named by hand


class PlatformConnect(QFrame):
    """Hidden until it is opened; `connected` says that an account is there, `closed` that not."""

    connected = Signal(str)
    closed = Signal()

    def __init__(self, *, bridge: Asks, taken: Callable[[], Sequence[str]]) -> None:
        """`taken` are the names that accounts have already."""
        super().__init__()
        self.setProperty("card", "true")
        self._bridge = bridge
        self._taken = taken
        self._form: PlatformForm | None = None
        self._attempt: object = None  # of the form that is shown, while it is asked about
        self._fields: dict[str, QLineEdit | QComboBox] = {}
        self._name = QLineEdit()
        self._name.setAccessibleName(tr("Name of the account"))
        self._said = label(role="muted", wrap=True)
        self._said.hide()
        self._rare = QWidget()
        self.command = SecretCommand(bridge=bridge)
        self.command.submitted.connect(self.proceed)
        self._title = label(role="title")
        self._inside = QVBoxLayout()
        self._inside.setSpacing(6)
        self._go = button(tr("Connect"), self.proceed, variant="primary")
        self._foot = row(1, cancel_button(self._close), self._go)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addLayout(self._choices())
        column.addLayout(self._inside)
        column.addWidget(self.command)
        column.addWidget(self._said)
        column.addLayout(self._foot)
        self.hide()

    def open(self) -> None:
        """Show it, with nothing filled in."""
        self._choose(next(iter(FORMS.values())))
        self.show()

    def proceed(self) -> None:
        """Try the key, and keep the account if it works."""
        form = self._form
        if form is None or not self._go.isEnabled():
            return
        command = self.command.command
        for one in form.every:
            is_told = one is form.secret and command
            if one.needed and not is_told and not self._value(one.name):
                self._say(tr("{label} is missing.", label=tr(one.label)))
                self._fields[one.name].setFocus()
                return
        self._say(tr("Asking {title} …", title=form.title))
        self._go.setEnabled(False)
        name, self._attempt = self._name.text().strip(), object()
        self._bridge.run(
            "account_add",
            name=name,
            type=form.type.value,
            settings={one.name: value for one in form.fields if (value := self._value(one.name))},
            **({"secret_command": command} if command else self._typed(form)),
            then=partial(self._done, name, self._attempt),
            failed=partial(self._refused, self._attempt),
        )

    def _typed(self, form: PlatformForm) -> dict[str, str]:
        return {"secret": self._value(form.secret.name)}

    def _choices(self) -> QVBoxLayout:
        holder = QVBoxLayout()
        self._links = {one.type: button(one.title, partial(self._choose, one), variant="filter")
                       for one in FORMS.values()}  # fmt: skip
        for link in self._links.values():
            link.setCheckable(True)
        holder.addLayout(row(*self._links.values(), 1, gap=6))
        return holder

    def _choose(self, form: PlatformForm) -> None:
        clear(self._inside)
        self._form, self._fields, self._attempt = form, {}, None
        for type_, link in self._links.items():
            link.setChecked(type_ is form.type)
        self._title.setText(tr("Connect {title}", title=form.title))
        self._said.hide()
        self.command.close_up()
        self._go.setEnabled(True)
        add = self._inside.addWidget
        add(label(tr(form.brings), role="muted", wrap=True))
        for count, step in enumerate(form.steps, start=1):
            add(label(f"{count}. {tr(step)}", wrap=True))
        self._name = QLineEdit(self._free_name(form.title))
        self._name.setAccessibleName(tr("Name of the account"))
        add(label(tr("Name"), role="meta"))
        add(self._name)
        self._rare = QWidget()
        folded = QVBoxLayout(self._rare)
        folded.setContentsMargins(0, 0, 0, 0)
        for one in form.every:
            self._add(one, folded if one.rare else self._inside)
        more = link_button(tr("For a sandbox or a server of your own"), self._toggle)
        self._inside.addLayout(row(more, 1))
        add(self._rare)
        self._rare.hide()
        self._name.setFocus()

    def _free_name(self, title: str) -> str:
        taken = set(self._taken())
        names = (title, *(f"{title} {count}" for count in range(2, _TAKEN + 1)))
        return next((name for name in names if name not in taken), "")

    def _add(self, one: Field, into: QVBoxLayout) -> None:
        made: QLineEdit | Choice
        if one.choices:
            made = Choice(tr(one.label))
            for choice in one.choices:
                made.addItem(tr(choice), choice)
        else:
            made = QLineEdit()
            made.setPlaceholderText(one.example)
            made.returnPressed.connect(self.proceed)
            if one.secret:
                made.setEchoMode(QLineEdit.EchoMode.Password)
        made.setAccessibleName(tr(one.label))
        self._fields[one.name] = made
        into.addWidget(label(tr(one.label), role="meta"))
        into.addWidget(made)
        if one.help:
            into.addWidget(label(tr(one.help), role="meta", wrap=True))

    def _value(self, name: str) -> str:
        field = self._fields[name]
        if isinstance(field, QComboBox):
            value = str(field.currentData())
            return "" if field.currentIndex() == 0 else value
        return field.text().strip()

    def _toggle(self) -> None:
        self._rare.setVisible(self._rare.isHidden())

    def _done(self, name: str, attempt: object, answer: Answer) -> None:
        """Connected; where another platform's form was opened meanwhile, that one stays."""
        if attempt is self._attempt:
            self._go.setEnabled(True)
            self.hide()
            self._choose_nothing()
        self.connected.emit(
            tr("{name} is connected. {found}", name=name, found=answer.get("found", "")).strip()
        )

    def _refused(self, attempt: object, error: Exception) -> None:
        if attempt is not self._attempt:
            return  # its form is no longer shown: nobody asks any more
        self._go.setEnabled(True)
        if isinstance(error, SecretsMissing):
            self._said.hide()
            self.command.offer(error.title, again=self._go.text())
            return
        self._say(reason(error), "critical")

    def _close(self) -> None:
        self.hide()
        self._choose_nothing()
        self.closed.emit()

    def _choose_nothing(self) -> None:
        """No key stays in a field that nobody sees."""
        for one in self._fields.values():
            if isinstance(one, QLineEdit):
                one.clear()
        self.command.close_up()
        clear(self._inside)
        self._form, self._fields, self._attempt = None, {}, None

    def _say(self, words: str, tone: str = "") -> None:
        self._said.setText(paragraphs(words))
        set_property(self._said, "tone", tone)
        self._said.show()
