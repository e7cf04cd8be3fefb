"""The program itself: its parts, where its files lie, and all of it to send to whoever helps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.domain.translation import tr
from app.ui.issue.attachment_words import size_words
from app.ui.issue.parts import button, label, reading, row
from app.ui.issue.ports import Answer, Asks


class ProgramCard(QFrame):
    """Versions and files; "Copy for support" asks for lines without anybody's secrets."""

    def __init__(self, answer: Mapping[str, Any], *, bridge: Asks) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._bridge = bridge
        self._said = label(role="muted", wrap=True)
        self._said.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(4)
        parts = "  ·  ".join(f"{name} {what}" for name, what in answer["program"].items())
        column.addWidget(label(parts, wrap=True))
        for file in answer["files"]:
            if file["there"]:
                name = f"{file['what']}, {size_words(int(file['bytes']))}"
                column.addSpacing(4)
                column.addWidget(label(name, role="meta"))
                column.addWidget(reading(str(file["path"]), role="muted", name=file["what"]))
        column.addSpacing(6)
        column.addLayout(row(button(tr("Copy for support"), self._ask), 1))
        column.addWidget(self._said)

    def _ask(self) -> None:
        self._bridge.run("support", then=self._copy, failed=self._failed)

    def _copy(self, answer: Answer) -> None:
        QGuiApplication.clipboard().setText(str(answer["text"]))
        self._say(tr("Copied. No name, address, order number or password is in it."))

    def _failed(self, _: Exception) -> None:
        self._say(tr("It could not be put together now. Try again in a moment."))

    def _say(self, words: str) -> None:
        self._said.setText(words)
        self._said.show()
