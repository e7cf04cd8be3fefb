"""From whom and to whom a reply goes, and who gets a copy: the lines above the editor, and what
should be known of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QLineEdit, QMenu, QVBoxLayout, QWidget

from app.domain.translation import tr
from app.ui.issue.foreign_text import line, menu_text, tooltip
from app.ui.issue.parts import OneLine, label, link_button, row, spoken

_LONGEST = 24  # letters of a name in the link


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """An address of ours, with the signature that it has in this issue's language."""

    email: str
    name: str = ""
    signature: str = ""


class Addressing(QWidget):
    """`chosen`: a person wants another sender; `switched`: the customer, or who wrote last;
    `copied`: the addresses that are to get a copy, as they stand in the field."""

    chosen = Signal(str)
    switched = Signal(bool)
    copied = Signal(tuple)

    def __init__(self) -> None:
        super().__init__()
        self._senders: tuple[Sender, ...] = ()
        self._sender = ""
        self._to_sender = False
        self._others: tuple[tuple[str, str], ...] = ()  # name, address
        self.to = OneLine(role="muted")
        self.leaves_from = link_button("", self._open_senders, name=tr("Sent from"))
        self.note = label(role="meta", tone="high", wrap=True)
        self.switch = link_button("", self._switch)
        self.add_copy = link_button("", self._add_copy)
        self.copies = QLineEdit()
        self.copies.setPlaceholderText(tr("Addresses with commas between"))
        self.copies.setAccessibleName(tr("Who gets a copy"))
        self.copies.textEdited.connect(lambda text: self.copied.emit(_emails(text)))
        self.copies.editingFinished.connect(self._fold)
        self._copying = QWidget()
        self._copying.setLayout(row(label(tr("Copy to"), role="muted"), self.copies, gap=8))
        self._menu = QMenu(self)
        above = row(self.to, self.add_copy, self.leaves_from, gap=8)
        above.setStretch(0, 1)
        below = row(self.note, self.switch, gap=8)
        below.setStretch(0, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(above)
        column.addWidget(self._copying)
        column.addLayout(below)
        self.forget()

    def forget(self) -> None:
        """Another issue: nothing is known of it yet."""
        self._senders, self._sender, self._to_sender = (), "", False
        self._others = ()
        self.show_copies(())
        for part in (self.leaves_from, self.note, self.switch):
            part.hide()

    def show_to(self, name: str, email: str) -> None:
        """Say to whom it goes."""
        who = f"{line(name)} <{line(email)}>" if name and name != email else line(email)
        self.to.say(tr("To {who}", who=who))
        self.to.setToolTip(tooltip(who))
        self.to.setAccessibleName(spoken(tr("Goes to"), who))

    def show_answer(self, answer: Mapping[str, Any], *, sender: str) -> None:
        """What the engine says of it; `sender` is what a person chose before, if anything."""
        for one in list(answer.get("to", ()))[:1]:
            self.show_to(str(one.get("name", "")), str(one.get("email", "")))
        self._others = tuple(
            (str(one.get("name") or one.get("email", "")), str(one.get("email", "")))
            for one in answer.get("others", ())
        )
        self._fold()
        self._senders = _senders(answer.get("senders", ()))
        self.choose(sender or str(answer.get("sender", "")))
        note = line(str(answer.get("note", "")))
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self._show_switch(str(answer.get("way", "")), line(str(answer.get("machine", ""))))

    def show_copies(self, emails: Sequence[str]) -> None:
        """These get a copy."""
        if tuple(emails) != _emails(self.copies.text()):
            self.copies.setText(", ".join(emails))
        self._fold()

    def choose(self, sender: str) -> None:
        """It leaves from this address."""
        self._sender = sender
        self.leaves_from.setText(menu_text(tr("From {sender}", sender=line(sender))))
        self.leaves_from.setAccessibleName(spoken(tr("Sent from"), line(sender)))
        self.leaves_from.setVisible(len(self._senders) > 1)

    @property
    def signature(self) -> str:
        """What stands below the words that are sent from the chosen address."""
        wanted = self._sender.casefold()
        return next((one.signature for one in self._senders if one.email.casefold() == wanted), "")

    def _show_switch(self, way: str, machine: str) -> None:
        if way == "customer":
            self.switch.setText(menu_text(tr("Answer {machine} instead", machine=machine)))
        elif self._to_sender:
            self.switch.setText(tr("Write to the customer instead"))
        self.switch.setAccessibleName(self.switch.text())
        self.switch.setVisible((way == "customer" and bool(machine)) or self._to_sender)

    def _fold(self) -> None:
        """An empty field is a link, which names those who got the mail that is answered as well."""
        is_empty = not self.copies.text().strip()
        self._copying.setHidden(is_empty)
        self.add_copy.setVisible(is_empty)
        first, *more = (_short(name) for name, _ in self._others or (("…", ""),))
        said = tr("{who} and {n} more", who=first, n=len(more)) if more else first
        self.add_copy.setText(menu_text(tr("Copy to {who}", who=said)))
        self.add_copy.setAccessibleName(self.add_copy.text())
        self.add_copy.setToolTip(tooltip("\n".join(email for _, email in self._others)))

    def _add_copy(self) -> None:
        emails = tuple(email for _, email in self._others)
        self.copies.setText(", ".join(emails))
        self._copying.show()
        self.add_copy.hide()
        self.copies.setFocus()
        if emails:
            self.copied.emit(emails)

    def _switch(self) -> None:
        self._to_sender = not self._to_sender
        self.switched.emit(self._to_sender)

    def _open_senders(self) -> None:
        self._menu.clear()
        for one in self._senders:
            words = f"{one.name} <{one.email}>" if one.name else one.email
            action = self._menu.addAction(menu_text(line(words)))
            action.setCheckable(True)
            action.setChecked(one.email == self._sender)
            action.triggered.connect(lambda _=False, email=one.email: self._take(email))
        self._menu.popup(self.leaves_from.mapToGlobal(QPoint(0, self.leaves_from.height() + 2)))

    def _take(self, email: str) -> None:
        self.choose(email)
        self.chosen.emit(email)


def _short(name: str) -> str:
    said = line(name)
    return said if len(said) <= _LONGEST else said[: _LONGEST - 1] + "…"


def _emails(text: str) -> tuple[str, ...]:
    """The addresses of a field; of "Ada <ada@example.com>" what stands between the brackets."""
    found = (one.partition("<")[2].rstrip("> ") or one for one in re.split(r"[,;]", text))
    return tuple(one.strip() for one in found if one.strip())


def _senders(listed: Sequence[Mapping[str, Any]]) -> tuple[Sender, ...]:
    return tuple(
        Sender(
            email=str(one.get("email", "")),
            name=str(one.get("name", "")),
            signature=str(one.get("signature", "")),
        )
        for one in listed
    )
