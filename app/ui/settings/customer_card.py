"""CustomerCard: one customer's data: found by name, given out as files, deleted for good.

What would go, what stays and why stands there before anything can be deleted; it is asked once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QFrame, QLineEdit, QVBoxLayout, QWidget

from app.domain.errors import KnownError
from app.domain.translation import tr, trn
from app.ui.issue.foreign_text import line
from app.ui.issue.parts import button, clear, label, link_button, row
from app.ui.issue.ports import Answer, Asks
from app.ui.settings.data_section import free
from app.ui.theme import set_property
from app.ui.widgets.wrapping import Wrapping

_SHOWN = 8


class CustomerCard(QFrame):
    """Finds a customer and shows what is held of them."""

    def __init__(
        self, *, bridge: Asks, ask_folder: Callable[[QWidget, str], str] | None = None
    ) -> None:
        """`ask_folder` is replaced in tests, which have no person."""
        super().__init__()
        self.setProperty("card", "true")
        self._bridge = bridge
        self._ask_folder = ask_folder or _new_folder
        self._email = ""
        self.words = QLineEdit()
        self.words.setPlaceholderText(tr("Name or mail address of a customer"))
        self.words.setAccessibleName(tr("Name or mail address of a customer"))
        self.words.returnPressed.connect(self.look)
        self._found, self._plan = QVBoxLayout(), QVBoxLayout()
        for part in (self._found, self._plan):
            part.setSpacing(4)
        self._said = label(role="muted", wrap=True)
        self._said.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        explained = tr(
            "When a customer asks what you hold of them, or asks to be forgotten: find them here."
        )
        column.addWidget(label(explained, role="muted", wrap=True))
        across = row(self.words, button(tr("Find"), self.look, name=tr("Find the customer")))
        across.setStretch(0, 1)
        column.addLayout(across)
        column.addLayout(self._found)
        column.addLayout(self._plan)
        column.addWidget(self._said)

    def look(self) -> None:
        """Look for what stands in the field."""
        clear(self._plan)
        self._bridge.run(
            "customers", words=self.words.text(), then=self._list, failed=self._refused
        )

    def show_customer(self, email: str) -> None:
        """Show what is held of this address."""
        self._email = email
        self._bridge.run("customer", email=email, then=self._show, failed=self._refused)

    def _list(self, answer: Answer) -> None:
        clear(self._found)
        self._said.hide()
        every = answer["customers"]
        for one in every[:_SHOWN]:
            self._found.addLayout(self._line(one))
        if len(every) > _SHOWN:
            more = tr("{every} more. Write more of the name.", every=len(every) - _SHOWN)
            self._found.addWidget(label(more, role="meta"))
        if not every:
            self._found.addWidget(label(tr("Nobody of that name has written."), role="muted"))

    def _line(self, one: Mapping[str, Any]) -> QVBoxLayout:
        email, name = line(str(one["email"])), line(str(one["name"]))
        issues = trn("{n} issue", "{n} issues", int(one["issues"]))
        words = " · ".join(part for part in (name, email, issues) if part)
        holder = QVBoxLayout()
        shown = partial(self.show_customer, str(one["email"]))
        holder.addLayout(row(link_button(words, shown, shortens=True), 1))
        return holder

    def _show(self, plan: Answer) -> None:
        clear(self._found)
        clear(self._plan)
        self._said.hide()
        add = self._plan.addWidget
        add(label(line(self._email), role="title", wrap=True))
        add(label(tr("Would be deleted"), role="meta"))
        for said in plan["goes"]:
            add(label(line(str(said)), wrap=True))
        add(label(tr("Stays, and why"), role="meta"))
        for one in plan["stays"]:
            add(label(f"{line(str(one['what']))}. {line(str(one['why']))}", wrap=True))
        self._plan.addSpacing(4)
        self._plan.addLayout(self._verbs(can_go=bool(plan["can_go"])))

    def _verbs(self, *, can_go: bool) -> QVBoxLayout:
        self._sure = self._make_sure()
        out = button(tr("Save all of it as files"), self._export)
        gone = button(tr("Delete all of it …"), self._sure.show, variant="danger")
        gone.setEnabled(can_go)
        column = QVBoxLayout()
        column.addLayout(Wrapping(out, gone))
        QTimer.singleShot(0, out, out.setFocus)  # what was pressed to come here is gone
        column.addWidget(self._sure)
        return column

    def _make_sure(self) -> QWidget:
        """It cannot be undone: it is asked once, in place."""
        holder = QWidget()
        words = tr("This cannot be taken back. If they asked for their data, save it first.")
        yes = button(tr("Delete for good"), self._delete, variant="danger")
        keep = button(tr("Keep it"), holder.hide, variant="quiet")
        inside = row(label(words, wrap=True), yes, keep)
        inside.setStretch(0, 1)
        holder.setLayout(inside)
        holder.hide()
        return holder

    def _export(self) -> None:
        folder = self._ask_folder(self, self._email)
        if folder:
            self._say(tr("Writing the files …"))
            self._bridge.run(
                "customer_export",
                email=self._email,
                folder=folder,
                then=self._exported,
                failed=self._refused,
            )

    def _exported(self, answer: Answer) -> None:
        self._say(
            trn(
                "{n} mail and all that belongs to it: {folder}",
                "{n} mails and all that belongs to them: {folder}",
                answer["mails"],
                folder=answer["folder"],
            )
        )

    def _delete(self) -> None:
        self._say(tr("Deleting …"))
        self._bridge.run(
            "customer_delete", email=self._email, then=self._deleted, failed=self._refused
        )

    def _deleted(self, plan: Answer) -> None:
        clear(self._plan)
        self.words.clear()
        self.words.setFocus()
        self._say(
            tr("Deleted: {those}.", those="; ".join(str(one) for one in plan["goes"])), "good"
        )

    def _refused(self, error: Exception) -> None:
        known = error.sentence if isinstance(error, KnownError) else ""
        self._say(known or tr("It did not work; nothing was deleted."), "critical")

    def _say(self, words: str, tone: str = "") -> None:
        self._said.setText(line(words))
        set_property(self._said, "tone", tone)
        self._said.show()


def _new_folder(parent: QWidget, email: str) -> str:
    place = QFileDialog.getExistingDirectory(
        parent, tr("Where should the files be put?"), str(Path.home())
    )
    name = "".join(c if c.isalnum() or c in ".@-_" else "_" for c in email)
    return str(free(Path(place) / f"Data of {name}")) if place else ""
