"""Importing saved replies: first what would come of a file, then, on a click, it is done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QVBoxLayout, QWidget

from app.domain.errors import KnownError
from app.domain.translation import tr, trn
from app.ui.issue.foreign_text import line
from app.ui.issue.parts import button, label, row
from app.ui.issue.ports import Answer, Asks
from app.ui.templates.template_list import kind_words

AskFile = Callable[[QWidget], str]


class Importing(QWidget):
    """Hidden until a file is chosen. `done` carries what was imported, as (id, language)."""

    done = Signal(list)
    closed = Signal()

    def __init__(self, *, bridge: Asks, ask_file: AskFile | None = None) -> None:
        super().__init__()
        self._bridge = bridge
        self._ask_file = ask_file or _ask_for_file
        self._file = ""
        self.said = label(role="title", wrap=True)
        self.list = QPlainTextEdit()
        self.list.setReadOnly(True)
        self.list.setAccessibleName(tr("What would be imported"))
        self.take = button(tr("Import"), self._take, variant="primary")
        self.leave = button(tr("Not now"), self._leave)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.said)
        column.addWidget(self.list, 1)
        column.addLayout(row(1, self.leave, self.take))
        self.hide()

    def begin(self) -> bool:
        """Have a person choose a file and tell what is in it; False where they chose none."""
        self._file = self._ask_file(self)
        if not self._file:
            return False
        self.take.setEnabled(False)
        self.said.setText(tr("Reading {name} …", name=line(Path(self._file).name)))
        self.list.clear()
        self._bridge.run(
            "template_import", file=self._file, check=True, then=self._told, failed=self._failed
        )
        return True

    def _told(self, answer: Answer) -> None:
        many = len(answer["imported"])
        self.said.setText(
            trn(
                "{n} template in this file from {source}",
                "{n} templates in this file from {source}",
                many,
                source=answer["source"],
            )
        )
        self.list.setPlainText("\n".join((*_lines(answer), *_left_out(answer))))
        self.take.setText(tr("Import {number}", number=many))
        self.take.setEnabled(True)
        self.take.setFocus()

    def _failed(self, error: Exception) -> None:
        words = error.sentence if isinstance(error, KnownError) else tr("It could not be read.")
        self.said.setText(line(words))
        self.leave.setFocus()

    def _take(self) -> None:
        self.take.setEnabled(False)
        self._bridge.run("template_import", file=self._file, then=self._taken, failed=self._failed)

    def _taken(self, answer: Answer) -> None:
        self.done.emit([(one["id"], one["language"]) for one in answer["imported"]])
        self.closed.emit()

    def _leave(self) -> None:
        self.closed.emit()


def _lines(answer: Answer) -> list[str]:
    told = []
    for one in answer["imported"]:
        told.append(f"{line(one['title'])}  ({kind_words(one['kind'])}, {one['language']})")
        told += [
            "     " + tr("{theirs} becomes {ours}", theirs=theirs, ours=ours)
            for theirs, ours in _pairs(one)
        ]
        told += [
            "     " + tr("[{hole}] has to be filled in by hand", hole=line(hole))
            for hole in one["holes"]
        ]
    return told


def _pairs(one: dict[str, Any]) -> list[tuple[str, str]]:
    return [(line(theirs), line(ours)) for theirs, ours in one["mapped"].items()]


def _left_out(answer: Answer) -> list[str]:
    if not answer["skipped"]:
        return []
    every = [f"{line(one['title'])}: {line(one['because'])}" for one in answer["skipped"]]
    return ["", tr("Left out: {number}", number=len(every)), *every]


def _ask_for_file(parent: QWidget) -> str:
    kinds = tr("Saved replies (*.csv *.json *.txt *.tsv);;All files (*)")
    chosen, _ = QFileDialog.getOpenFileName(
        parent, tr("Import saved replies"), str(Path.home()), kinds
    )
    return chosen
