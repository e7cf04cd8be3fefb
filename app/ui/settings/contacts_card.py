"""ContactsCard: who is told when nobody takes an issue: the people, who is on call, the gaps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout

from app.domain import hours_text
from app.domain.clock import instant
from app.domain.errors import KnownError
from app.ui.issue.foreign_text import line
from app.ui.issue.parts import Choice, button, clear, label, link_button, row
from app.ui.issue.ports import Answer, Asks
from app.ui.settings.contact_row import ContactRow
from app.ui.theme import set_property
from app.ui.words import exact

_NONE = (
    "Nobody else is told when you do not take something urgent. Add yourself or somebody you trust."
)
_WAYS = (
    ("email", "E-mail", "name@example.com"),
    ("service", "Slack, Teams, Discord, Telegram, ntfy, Pushover, SMS", "ntfys://ntfy.sh/topic"),
    ("desktop", "Pop-up on this computer", ""),
)
_SHOWN = 6
_HOURS_HELP = "Can be reached on weekdays, for example 09:00-17:00; empty: always"


class ContactsCard(QFrame):
    """Shows and changes the contacts and who takes turns."""

    def __init__(self, *, bridge: Asks) -> None:
        super().__init__()
        self._bridge = bridge
        self.rows: list[ContactRow] = []
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        self.on_call = label(wrap=True)
        self.gaps = label(tone="high", wrap=True)
        self._said = label(tone="critical", wrap=True)
        self._said.hide()
        self.name = _field("Name", "Name of the contact")
        self.way = Choice("How to tell the contact")
        for kind, words, _ in _WAYS:
            self.way.addItem(words, kind)
        self.target = _field(_WAYS[0][2], "Where to tell the contact")
        self.hours = _field(_HOURS_HELP, "When the contact can be reached")
        self.way.currentIndexChanged.connect(self._way_chosen)
        self.add_button = button("Add", self.add, name="Add the contact")
        self.members = _field(
            "Names in their order, with commas; empty: all at once", "Who takes turns"
        )
        self.days = _field("7", "Days of a turn")
        self.days.setFixedWidth(60)
        self.handoff = _field("09:00", "Time of the hand-over")
        self.handoff.setFixedWidth(80)
        self._lay_out()

    def reload(self) -> None:
        """Read the contacts from the engine."""
        self._bridge.run("contacts", then=self._show, failed=self._refused)

    def add(self) -> None:
        """Have the engine add what stands in the fields, and clear them."""
        kind, target = self.way.currentData(), self.target.text().strip()
        try:
            pairs = hours_text.intervals(self.hours.text())
        except KnownError as error:
            self._refused(error)
            return
        self.add_button.setEnabled(False)
        self._bridge.run(
            "contact_add",
            name=self.name.text().strip(),
            desktop=kind == "desktop",
            emails=[target] if kind == "email" else [],
            addresses=[target] if kind == "service" else [],
            hours=dict.fromkeys(hours_text.WEEK[:5], pairs) if pairs else None,
            then=self._added,
            failed=self._refused,
        )

    def keep_turns(self) -> None:
        """Have the engine keep who takes turns."""
        names = [one.strip() for one in self.members.text().split(",") if one.strip()]
        days = self.days.text().strip()
        self._bridge.run(
            "set_rota",
            members=names,
            days=int(days) if days.isdecimal() else 7,
            handoff=self.handoff.text().strip() or "09:00",
            then=self._show_turns,
            failed=self._refused,
        )

    def _show(self, answer: Answer) -> None:
        clear(self._rows)
        self.rows = []
        for contact in answer.get("contacts", ()):
            shown = ContactRow(contact, bridge=self._bridge)
            shown.changed.connect(self.reload)
            self.rows.append(shown)
            self._rows.addWidget(shown)
        if not self.rows:
            self._rows.addWidget(label(_NONE, role="muted", wrap=True))
        self._show_turns(answer)

    def _show_turns(self, answer: Answer) -> None:
        self._said.hide()
        self.on_call.setText(on_call_words(answer) if self.rows else "")
        gaps = gap_words(answer) if self.rows else ""
        self.gaps.setText(gaps)
        self.gaps.setVisible(bool(gaps))
        rotation = answer.get("rotation")
        if rotation:
            self.members.setText(", ".join(rotation["members"]))
            self.days.setText(str(rotation["days"]))
            self.handoff.setText(str(rotation["handoff"])[:5])

    def _added(self, _: Answer) -> None:
        self.add_button.setEnabled(True)
        for field in (self.name, self.target, self.hours):
            field.clear()
        self.reload()

    def _way_chosen(self) -> None:
        kind, _, example = _WAYS[self.way.currentIndex()]
        self.target.setVisible(kind != "desktop")
        self.target.setPlaceholderText(example)
        secret = kind == "service"  # its address holds a token
        mode = QLineEdit.EchoMode.PasswordEchoOnEdit if secret else QLineEdit.EchoMode.Normal
        self.target.setEchoMode(mode)

    def _refused(self, error: Exception) -> None:
        self.add_button.setEnabled(True)
        why = error.sentence if isinstance(error, KnownError) else "It did not work."
        self._said.setText(why)
        set_property(self._said, "tone", "critical")
        self._said.show()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._rows)
        column.addWidget(self.on_call)
        column.addWidget(self.gaps)
        column.addWidget(self._said)
        column.addLayout(row(self.name, self.way))
        column.addLayout(row(self.target))
        column.addLayout(row(self.hours, self.add_button))
        turns = row(label("Take turns"), self.members, self.days, label("days, hand-over at"))
        turns.addWidget(self.handoff)
        turns.addWidget(link_button("Keep", self.keep_turns, name="Keep who takes turns"))
        turns.setStretch(1, 1)
        column.addLayout(turns)


def on_call_words(answer: Mapping[str, Any]) -> str:
    """Who is on call now, and who after them."""
    now = ", ".join(map(line, answer.get("on_call", ()))) or "nobody"
    turns = [
        f"{', '.join(map(line, one['names'])) or 'nobody'} from {exact(instant(one['from']))}"
        for one in answer.get("turns", ())[1:_SHOWN]
    ]
    return f"On call now: {now}" + (f". Then {'; '.join(turns)}." if turns else ".")


def gap_words(answer: Mapping[str, Any]) -> str:
    """When nobody can be reached in the next two weeks; empty where somebody always can."""
    gaps = [line(str(one["said"])) for one in answer.get("gaps", ())]
    more = f", and {len(gaps) - _SHOWN} more times" if len(gaps) > _SHOWN else ""
    return "Gaps: " + "; ".join(gaps[:_SHOWN]) + more if gaps else ""


def _field(example: str, name: str) -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText(example)
    field.setAccessibleName(name)
    return field
