"""SecretCommand: where no keyring can be used, a program of the owner's tells the password.

Shown only when a password could not be locked. What is typed here is a command, and it is kept as
it is written; the password that it prints is asked for each time and never kept.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout

from app.domain.translation import tr, trn
from app.ui.errors import reason
from app.ui.issue.foreign_text import paragraphs
from app.ui.issue.parts import button, label, row
from app.ui.issue.ports import Answer, Asks
from app.ui.theme import set_property


class SecretCommand(QFrame):
    """`submitted`: Enter was pressed in the field."""

    submitted = Signal()

    def __init__(self, *, bridge: Asks) -> None:
        super().__init__()
        self._bridge, self._is_asking = bridge, False
        self.setProperty("card", "true")
        self._title, self._why = label(role="title", wrap=True), label(wrap=True)
        self.field = QLineEdit()
        self.field.setAccessibleName(tr("Command that prints it"))
        self.field.setPlaceholderText(tr("such as: pass show shop/mail"))
        self.field.setMinimumHeight(34)
        self.field.returnPressed.connect(self.submitted)
        self.attempt = button(tr("Try it"), self._try, name=tr("Try the command"))
        self._said = label(role="muted", wrap=True)
        self.field.textEdited.connect(self._said.hide)
        self._lay_out()
        self.close_up()

    @property
    def command(self) -> str:
        """What was typed; nothing while it is not offered."""
        return "" if self.isHidden() else self.field.text().strip()

    def offer(self, title: str, *, again: str = "") -> None:
        """Say what is missing and what can be done; `again`: the button that tries once more."""
        self._title.setText(paragraphs(title))
        ways = tr(
            "Passwords and keys are never kept in the clear. A program of yours, such as a "
            "password manager, can tell this one each time it is needed."
        )
        keyring = tr(
            "Or set up a keyring (on Linux GNOME Keyring or KWallet) "
            "and press “{again}” once more.",
            again=again,
        )
        self._why.setText(f"{ways} {keyring}" if again else ways)
        self.setAccessibleName(f"{title}. {self._why.text()}")
        self.show()
        self.field.setFocus()

    def close_up(self) -> None:
        """Offer nothing any more."""
        self.field.clear()
        self._said.hide()
        self.hide()

    def _try(self) -> None:
        if self._is_asking or not self.command:
            return
        self._is_asking = True  # the button stays alive: disabled it would lose the keyboard
        self._say(tr("Asking the program …"))
        self._bridge.run(
            "secret_command_try", command=self.command, then=self._told, failed=self._failed
        )

    def _told(self, answer: Answer) -> None:
        self._is_asking = False
        length = int(answer.get("length", 0))
        self._say(
            trn("The program tells {n} character.", "The program tells {n} characters.", length),
            "good",
        )

    def _failed(self, error: Exception) -> None:
        self._is_asking = False
        self._say(reason(error), "critical")

    def _say(self, words: str, tone: str = "") -> None:
        self._said.setText(paragraphs(words))
        set_property(self._said, "tone", tone)
        self._said.show()

    def _lay_out(self) -> None:
        kept = tr("The command is kept as it is written: no password or key belongs in it.")
        line = row(self.field, self.attempt, gap=8)
        line.setStretch(0, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(6)
        column.addWidget(self._title)
        column.addWidget(self._why)
        column.addWidget(label(tr("Command that prints it")))
        column.addLayout(line)
        column.addWidget(label(kept, role="meta", wrap=True))
        column.addWidget(self._said)
