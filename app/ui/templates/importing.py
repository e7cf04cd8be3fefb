"""Importing saved replies: first what would come of a file, then, on a click, it is done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QVBoxLayout, QWidget

from app.domain.errors import KnownError
from app.ui.issue.foreign_text import line
from app.ui.issue.parts import button, label, row
from app.ui.issue.ports import Answer, Asks
from app.ui.words import counted

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
        self.list.setAccessibleName("What would be imported")
        self.take = button("Import", self._take, variant="primary")
        self.leave = button("Not now", self._leave)
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
        self.said.setText(f"Reading {line(Path(self._file).name)} …")
        self.list.clear()
        self._bridge.run(
            "template_import", file=self._file, check=True, then=self._told, failed=self._failed
        )
        return True

    def _told(self, answer: Answer) -> None:
        many = len(answer["imported"])
        self.said.setText(f"{counted(many, 'template')} in this file from {answer['source']}")
        self.list.setPlainText("\n".join((*_lines(answer), *_left_out(answer))))
        self.take.setText(f"Import {many}")
        self.take.setEnabled(True)
        self.take.setFocus()

    def _failed(self, error: Exception) -> None:
        words = error.sentence if isinstance(error, KnownError) else "It could not be read."
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
        told.append(f"{line(one['title'])}  ({one['kind'].replace('_', ' ')}, {one['language']})")
        told += [f"     {theirs} becomes {ours}" for theirs, ours in _pairs(one)]
        told += [f"     [{line(hole)}] has to be filled in by hand" for hole in one["holes"]]
    return told


def _pairs(one: dict[str, Any]) -> list[tuple[str, str]]:
    return [(line(theirs), line(ours)) for theirs, ours in one["mapped"].items()]


def _left_out(answer: Answer) -> list[str]:
    if not answer["skipped"]:
        return []
    every = [f"{line(one['title'])}: {line(one['because'])}" for one in answer["skipped"]]
    return ["", f"Left out: {len(every)}", *every]


def _ask_for_file(parent: QWidget) -> str:
    kinds = "Saved replies (*.csv *.json *.txt *.tsv);;All files (*)"
    chosen, _ = QFileDialog.getOpenFileName(parent, "Import saved replies", str(Path.home()), kinds)
    return chosen
