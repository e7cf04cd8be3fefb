"""Makes the packet: asks where to, has the engine write it, and says plainly what it came to.

The words never sound like an upload: the file is saved, nothing is submitted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from app.domain.errors import KnownError, Refused
from app.domain.translation import pointed, to_translate, tr, trn
from app.ui.issue.attachment_row import AskPath, ask_where
from app.ui.issue.foreign_text import line
from app.ui.issue.parts import button, label, link_button, reading, row
from app.ui.issue.ports import Asks

UNTRIED = to_translate(
    "Frontburner never submits: you read the file and upload it on the provider's page."
)


class PacketMaker(QWidget):
    """A button, what goes along, and the report of the last packet."""

    def __init__(self, *, bridge: Asks, ask_path: AskPath | None = None) -> None:
        super().__init__()
        self._bridge = bridge
        self._ask_path = ask_path or ask_where
        self._key = self._dispute = ""
        self._path = ""
        self.make = button(tr("Make the packet…"), self.ask, variant="primary")
        self.make.setToolTip(tr(UNTRIED))
        self.with_files = QCheckBox(tr("With pictures and PDFs of the mails"))
        self.with_files.setChecked(True)
        self.said = reading(name=tr("The packet"))
        self.anyway = link_button(tr("Save it anyway"), self._insist)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row(self.make, self.with_files, 1, gap=10))
        column.addWidget(self.said)
        column.addWidget(self.anyway)
        column.addWidget(label(tr(UNTRIED), role="meta", wrap=True))
        self.said.hide()
        self.anyway.hide()

    def show_case(self, key: str, dispute: str, *, mail_files: int) -> None:
        """Make packets of this issue's dispute; what was said of another one is forgotten."""
        if (key, dispute) != (self._key, self._dispute):
            self._key, self._dispute = key, dispute
            self.said.hide()
            self.anyway.hide()
            self.make.setEnabled(True)
        self.with_files.setVisible(mail_files > 0)

    def ask(self) -> None:
        """Ask where to, and have it written there."""
        name = re.sub(r"[^A-Za-z0-9_-]", "_", self._dispute)
        path = self._ask_path(self, f"dispute_{name}.pdf")
        if path:
            self._path = path if path.lower().endswith(".pdf") else f"{path}.pdf"
            self._run(insist=False)

    def _insist(self) -> None:
        self._run(insist=True)

    def _run(self, *, insist: bool) -> None:
        self.make.setEnabled(False)
        self.anyway.hide()
        self._say(tr("The packet is being written …"))
        self._bridge.run(
            "packet",
            key=self._key,
            dispute=self._dispute,
            path=self._path,
            mail_files=self.with_files.isChecked(),
            insist=insist,
            then=partial(self._written, self._dispute),
            failed=partial(self._not_written, self._dispute),
        )

    def _written(self, dispute: str, answer: Mapping[str, Any]) -> None:
        if dispute == self._dispute:
            self.make.setEnabled(True)
            self._say(written_words(answer))

    def _not_written(self, dispute: str, error: Exception) -> None:
        if dispute == self._dispute:
            self.make.setEnabled(True)
            known = isinstance(error, KnownError)
            self._say(error.sentence if known else tr("The packet was not written."))  # type: ignore[attr-defined]
            self.anyway.setVisible(isinstance(error, Refused) and error.asks)

    def _say(self, words: str) -> None:
        self.said.setText(words)
        self.said.show()


def written_words(answer: Mapping[str, Any]) -> str:
    """What a packet came to: where it lies, how big it is, what is not in it, what to do now."""
    megabytes = answer["bytes"] / 1e6
    size = f"{pointed(f'{megabytes:.1f}')} MB"
    pdf_a = f", {answer['pdf_a']}" if answer.get("pdf_a") else ""
    said = [
        trn(
            "Saved to {path}: {n} page, {size}{pdf_a}.",
            "Saved to {path}: {n} pages, {size}{pdf_a}.",
            answer["pages"],
            path=line(answer["path"]),
            size=size,
            pdf_a=pdf_a,
        )
    ]
    said += [tr("Left out: {one}", one=line(one)) for one in answer["left_out"]]
    said += [line(one) for one in (*answer["remarks"], *answer["too_much"])]
    return "\n".join((*said, answer["note"]))
