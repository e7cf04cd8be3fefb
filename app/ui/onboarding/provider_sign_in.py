"""ProviderSignIn: "Sign in with Google" on the first page, for owners with an own client id.

Folded away where a password works as well; open where the provider takes no passwords.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.domain.translation import tr
from app.ui.issue.foreign_text import line, paragraphs
from app.ui.issue.parts import button, label, link_button, reading, row
from app.ui.onboarding.connecting import Offer


class ProviderSignIn(QWidget):
    """The client's fields, how to come by them, and the button; `asked` when it is pressed."""

    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._offer: Offer | None = None
        self.unfold = link_button("", self._toggle)
        self.client_id = _field(tr("Client id"))
        self.client_secret = _field(tr("Client secret"))
        self.client_secret.setEchoMode(QLineEdit.EchoMode.Password)
        self._help = reading(role="muted", name=tr("How to get a client id"))
        self._secret_label = label(tr("Client secret"))
        self.go = button("", self.asked.emit, variant="primary")
        self._inside = QWidget()
        self._lay_out()
        for field in (self.client_id, self.client_secret):
            field.textChanged.connect(self._ready)
            field.returnPressed.connect(self.go.click)
        self.offer(None)

    def offer(self, offer: Offer | None) -> None:
        """Offer this provider's sign-in, or none; what was typed for another one goes."""
        self._offer = offer
        self.client_id.clear()
        self.client_secret.clear()
        self.setVisible(offer is not None)
        if offer is None:
            return
        name = line(offer.name)
        for part, words in (
            (
                self.unfold,
                tr("For experts: sign in with {name} by a client id of your own", name=name),
            ),
            (self.go, tr("Sign in with {name}", name=name)),
        ):
            part.setText(words)
            part.setAccessibleName(words)
        self._help.setText(
            tr(
                "{name} wants every program to be registered, and Frontburner has no registration "
                "of its own: you make one, once. Plan a quarter of an hour.",
                name=name,
            )
            + "\n"
            + paragraphs(offer.help)
        )
        for secret in (self._secret_label, self.client_secret):
            secret.setVisible(offer.client_secret)
        self.unfold.setVisible(offer.password)
        self._inside.setVisible(not offer.password)
        self._ready()

    def settings(self) -> dict[str, str]:
        """What an account that signs in this way adds to its settings."""
        return {"auth": "oauth", "client_id": self.client_id.text().strip()}

    def _toggle(self) -> None:
        self._inside.setVisible(self._inside.isHidden())

    def _ready(self) -> None:
        needs_secret = self._offer is not None and self._offer.client_secret
        secret = self.client_secret.text().strip()
        self.go.setEnabled(bool(self.client_id.text().strip() and (secret or not needs_secret)))

    def _lay_out(self) -> None:
        inside = QVBoxLayout(self._inside)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(6)
        inside.addWidget(self._help)
        inside.addWidget(label(tr("Client id")))
        inside.addWidget(self.client_id)
        inside.addWidget(self._secret_label)
        inside.addWidget(self.client_secret)
        inside.addLayout(row(1, self.go))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row(self.unfold, 1))
        column.addWidget(self._inside)


def _field(name: str) -> QLineEdit:
    made = QLineEdit()
    made.setAccessibleName(name)
    made.setMinimumHeight(34)
    return made
