"""ContactForm: the fields of a contact: the name, when they can be reached, and one more way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from app.domain import hours_text
from app.domain.translation import to_translate, tr
from app.ui.issue.parts import label
from app.ui.settings.day_adders import text_field
from app.ui.widgets.choice import Choice

WAYS = (
    ("email", to_translate("E-mail"), "name@example.com"),
    ("service", "Slack, Teams, Discord, Telegram, ntfy, Pushover, SMS", "ntfys://ntfy.sh/topic"),
    ("desktop", to_translate("Pop-up on this computer"), ""),
)
_HOURS = (
    (to_translate("Monday to Friday"), hours_text.WEEK[:5]),
    (to_translate("Saturday and Sunday"), hours_text.WEEK[5:]),
)
_ALWAYS = to_translate("empty on both lines: always; 09:00-17:00 by the shop's clock")


class ContactForm(QWidget):
    """Edits a contact; the address of a service is not shown once it was typed."""

    def __init__(self, contact: Mapping[str, Any] | None = None) -> None:
        super().__init__()
        hours = (contact or {}).get("hours") or {}
        self._week = hours
        self.name = text_field(tr("Name"), tr("Name of the contact"))
        self.name.setText(str((contact or {}).get("name", "")))
        self.way = Choice(tr("How to tell the contact"))
        if contact is not None:
            self.way.addItem(tr("No further way"), "")
        for kind, words, _ in WAYS:
            self.way.addItem(tr(words), kind)
        self.target = text_field("", tr("Where to tell the contact"))
        self.hours = [
            text_field(tr(_ALWAYS), tr("Can be reached: {when}", when=tr(words)))
            for words, _ in _HOURS
        ]
        for field, (_, days) in zip(self.hours, _HOURS, strict=True):
            field.setText(", ".join("-".join(pair) for pair in hours.get(days[0], ())))
        self._asked = [field.text() for field in self.hours]
        self.way.currentIndexChanged.connect(self.way_chosen)
        self.way_chosen()
        self._lay_out()

    def ways(self) -> dict[str, Any]:
        """The way that is added, as the engine takes it."""
        kind, target = self.way.currentData(), self.target.text().strip()
        return {
            "desktop": kind == "desktop",
            "emails": [target] if kind == "email" else [],
            "addresses": [target] if kind == "service" else [],
        }

    def week(self) -> dict[str, Any] | None:
        """When they can be reached; None for always. Raises Refused for words that are no hours."""
        if [field.text() for field in self.hours] == self._asked:
            return dict(self._week) or None
        week: dict[str, Any] = {}
        for field, (_, days) in zip(self.hours, _HOURS, strict=True):
            pairs = hours_text.intervals(field.text())
            week |= dict.fromkeys(days, pairs) if pairs else {}
        return week or None

    def way_chosen(self) -> None:
        """Show what the chosen way needs."""
        kind = self.way.currentData()
        example = next((text for name, _, text in WAYS if name == kind), "")
        self.target.setVisible(kind not in ("desktop", ""))
        self.target.setPlaceholderText(example)
        secret = kind == "service"  # its address holds a token
        mode = QLineEdit.EchoMode.PasswordEchoOnEdit if secret else QLineEdit.EchoMode.Normal
        self.target.setEchoMode(mode)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        rows: tuple[tuple[str, QWidget], ...] = (
            (tr("Name"), self.name),
            (tr("Told by"), self.way),
            ("", self.target),
            *((tr(words), field) for (words, _), field in zip(_HOURS, self.hours, strict=True)),
        )
        for at, (words, part) in enumerate(rows):
            if words:
                grid.addWidget(label(words), at, 0)
            grid.addWidget(part, at, 1)
        grid.setColumnStretch(1, 1)
