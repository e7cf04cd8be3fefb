"""The addresses that replies of an account leave from: each with its name and its signatures.

Opened in the account's own row. The engine checks what is entered and says what is amiss.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QLineEdit, QPlainTextEdit, QVBoxLayout

from app.domain.errors import KnownError
from app.domain.translation import to_translate, tr
from app.ui.issue.foreign_text import line
from app.ui.issue.parts import button, cancel_button, clear, label, link_button, row
from app.ui.issue.ports import Answer, Asks
from app.ui.widgets.choice import Choice

_LANGUAGES = (
    ("", to_translate("in every language")),
    ("en", "English"),
    ("de", "Deutsch"),
    ("fr", "Français"),
    ("es", "Español"),
    ("it", "Italiano"),
    ("nl", "Nederlands"),
    ("pt", "Português"),
    ("pl", "Polski"),
)
_SIGNATURE_LINES = 4


class IdentityEditor(QFrame):
    """Edits the addresses of one account; `kept` once the engine has taken them."""

    kept = Signal()

    def __init__(self, account: str, *, bridge: Asks) -> None:
        super().__init__()
        self._account = account
        self._bridge = bridge
        self.forms: list[IdentityForm] = []
        self._forms = QVBoxLayout()
        self._forms.setSpacing(10)
        self.plus = QCheckBox(tr("Ask for answers at an address with a + that names the issue"))
        self.plus.setToolTip(
            tr(
                "Answers then find their issue even where the thread was lost. Only for a"
                " mailbox that also takes mail to name+anything@."
            )
        )
        self._said = label(role="meta", wrap=True)
        self._said.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._forms)
        column.addWidget(self.plus)
        column.addWidget(self._said)
        self.another = link_button(tr("Add another address"), self.add)
        self.keep_button = button(
            tr("Keep"), self.keep, variant="primary", name=tr("Keep the addresses")
        )
        column.addLayout(row(self.another, 1, cancel_button(self.hide), self.keep_button))
        self.hide()

    def open(self) -> None:
        """Ask the engine for the addresses, and show them."""
        self._say("")
        self._bridge.run(
            "account_identities", name=self._account, then=self._show, failed=self._refused
        )
        self.show()

    def add(self) -> None:
        """A form for one more address."""
        self._add({}, own=False)
        self.forms[-1].email.setFocus()

    def keep(self) -> None:
        """Have the engine keep what stands here."""
        every = [form.value() for form in self.forms if form.email.text().strip()]
        self.keep_button.setEnabled(False)
        self._bridge.run(
            "account_set",
            name=self._account,
            settings={
                "identities": json.dumps(every, ensure_ascii=False),
                "plus_address": "yes" if self.plus.isChecked() else "no",
            },
            then=self._kept,
            failed=self._refused,
        )

    def _show(self, answer: Answer) -> None:
        clear(self._forms)
        self.forms = []
        own = str(answer.get("address", "")).casefold()
        for one in answer.get("identities", ()):
            self._add(one, own=str(one.get("email", "")).casefold() == own)
        self.plus.setChecked(bool(answer.get("plus_address")))

    def _add(self, one: Mapping[str, Any], *, own: bool) -> None:
        form = IdentityForm(one, own=own)
        form.removed.connect(lambda: self._remove(form))
        self.forms.append(form)
        self._forms.addWidget(form)

    def _remove(self, form: IdentityForm) -> None:
        self.forms.remove(form)
        self._forms.removeWidget(form)
        form.hide()
        form.deleteLater()

    def _kept(self, _: Answer) -> None:
        self.keep_button.setEnabled(True)
        self.hide()
        self.kept.emit()

    def _refused(self, error: Exception) -> None:
        self.keep_button.setEnabled(True)
        self._say(error.sentence if isinstance(error, KnownError) else tr("It could not be kept."))

    def _say(self, words: str) -> None:
        self._said.setText(words)
        self._said.setProperty("tone", "critical")
        self._said.style().polish(self._said)
        self._said.setVisible(bool(words))


class IdentityForm(QFrame):
    """One address: name, address, and a signature for every language or for one."""

    removed = Signal()

    def __init__(self, one: Mapping[str, Any], *, own: bool) -> None:
        super().__init__()
        self._signatures = {str(code): str(text) for code, text in _signatures(one).items()}
        self._language = ""
        email = str(one.get("email", ""))
        self.name = _field(
            str(one.get("name", "")), tr("Name, else that of the shop"), tr("Sender's name")
        )
        self.email = _field(email, "address@yourshop.com", tr("Address"))
        self.email.setReadOnly(own)  # it is the account's own
        self.signature = QPlainTextEdit(self._signatures.get("", ""))
        self.signature.setPlaceholderText(tr("Signature, below what you write"))
        self.signature.setTabChangesFocus(True)
        self.signature.setProperty("framed", "true")
        self.signature.setAccessibleName(
            tr("Signature of {address}", address=line(email))
            if email
            else tr("Signature of the new address")
        )
        spacing = self.signature.fontMetrics().lineSpacing()
        self.signature.setFixedHeight(spacing * _SIGNATURE_LINES + 18)
        self.language = Choice(tr("Language of the signature"))
        for code, words in _LANGUAGES:
            self.language.addItem(tr(words), code)
        self.language.currentIndexChanged.connect(self._turn)
        remove = link_button(
            tr("Remove"), self.removed.emit, name=tr("Remove {email}", email=line(email))
        )
        remove.setVisible(not own)
        above = row(self.name, self.email, remove, gap=8)
        above.setStretch(0, 1)
        above.setStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(above)
        column.addWidget(self.signature)
        column.addLayout(row(label(tr("Signed so"), role="muted"), self.language, 1, gap=8))

    def value(self) -> dict[str, Any]:
        """The address as the account's setting has it."""
        self._remember()
        signatures = {code: text for code, text in self._signatures.items() if code}
        return {
            "name": self.name.text().strip(),
            "address": self.email.text().strip(),
            "signature": self._signatures.get("", ""),
            "signatures": signatures,
        }

    def _turn(self) -> None:
        self._remember()
        self._language = str(self.language.currentData())
        self.signature.setPlainText(self._signatures.get(self._language, ""))

    def _remember(self) -> None:
        self._signatures[self._language] = self.signature.toPlainText()


def _signatures(one: Mapping[str, Any]) -> dict[str, Any]:
    return {**(one.get("signatures") or {}), "": one.get("signature", "")}


def _field(text: str, placeholder: str, name: str) -> QLineEdit:
    made = QLineEdit(text)
    made.setPlaceholderText(placeholder)
    made.setAccessibleName(name)
    return made
