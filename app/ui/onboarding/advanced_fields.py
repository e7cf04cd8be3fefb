"""The server settings of a mailbox, folded away until a provider is unknown or somebody looks."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QGridLayout, QLineEdit, QWidget

from app.domain.translation import tr
from app.ui.issue.parts import label, link_button
from app.ui.onboarding.connecting import ADVANCED, SECURITY
from app.ui.widgets.choice import Choice

_ROWS = (("user",), ("host", "port", "security"), ("smtp_host", "smtp_port", "smtp_security"))
# The ports that go with each security.
_USUAL = {
    "security": {"tls": "993", "starttls": "143"},
    "smtp_security": {"tls": "465", "starttls": "587"},
}


class AdvancedFields(QWidget):
    """Host, port, security, user, certificate, and the same for sending."""

    submitted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._fields: dict[str, QLineEdit] = {}
        self._choices: dict[str, QComboBox] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        for stretch, at in ((6, 0), (2, 1), (4, 2)):
            self._grid.setColumnStretch(at, stretch)
        words = {name: (tr(text), tr(example)) for name, text, example in ADVANCED}
        line = 0
        for names in _ROWS:
            for at, name in enumerate(names):
                span = 3 if len(names) == 1 else 1
                self._add(name, *words[name], place=(line, at, span))
            line += 2
        self._add_certificate(*words["ca_file"], line=line)

    def fill(self, values: Mapping[str, str]) -> None:
        """Show these values; what is not among them is emptied."""
        for name, field in self._fields.items():
            field.setText(values.get(name, ""))
            field.setCursorPosition(0)
        for name, choice in self._choices.items():
            choice.setCurrentIndex(max(0, choice.findData(values.get(name, "tls"))))

    def values(self) -> dict[str, str]:
        """What stands in the fields."""
        texts = {name: field.text().strip() for name, field in self._fields.items()}
        chosen = {name: str(choice.currentData()) for name, choice in self._choices.items()}
        return {**texts, **chosen} if texts.get("host") else {**texts}

    def go_to(self, name: str) -> None:
        """The keyboard stands in this field, with what is in it selected."""
        self._fields[name].setFocus()
        self._fields[name].selectAll()

    def _move_port(self, name: str) -> None:
        """Another security comes by another port; one that is the server's own is left."""
        field = self._fields[name.replace("security", "port")]
        before, after = _USUAL[name], str(self._choices[name].currentData())
        if field.text().strip() in ("", *before.values()):
            field.setText(before[after])

    def _add(self, name: str, text: str, example: str, *, place: tuple[int, int, int]) -> None:
        line, at, span = place
        made: QWidget
        if name.endswith("security"):
            choice = Choice()
            for value, words in SECURITY:
                choice.addItem(tr(words), value)
            choice.activated.connect(lambda _: self._move_port(name))
            self._choices[name] = choice
            made = choice
        else:
            made = self._field(name, example)
        if isinstance(made, Choice):
            made.call(text)
        else:
            made.setAccessibleName(text)
        self._grid.addWidget(label(text, role="meta"), line, at, 1, span)
        self._grid.addWidget(made, line + 1, at, 1, span)

    def _add_certificate(self, text: str, example: str, *, line: int) -> None:
        field = self._field("ca_file", example)
        field.setAccessibleName(text)
        self._grid.addWidget(label(text, role="meta"), line, 0, 1, 3)
        self._grid.addWidget(field, line + 1, 0, 1, 2)
        self._grid.addWidget(link_button(tr("Choose file …"), self._choose), line + 1, 2)

    def _field(self, name: str, example: str) -> QLineEdit:
        field = QLineEdit()
        field.setPlaceholderText(example)
        field.returnPressed.connect(self.submitted)
        self._fields[name] = field
        return field

    def _choose(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, tr("Certificate of your server"))
        if chosen:
            self._fields["ca_file"].setText(chosen)
