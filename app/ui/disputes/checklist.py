"""The checklist of a dispute: what was found, what is missing, and the owner's own files.

Every line can take a file; what the engine keeps is a copy, and "Take out" lets go of that alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QFileDialog,
    QGridLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from app.domain.translation import to_translate, tr
from app.ui.issue.foreign_text import line, tooltip
from app.ui.issue.parts import OneLine, button, clear, label, link_button, row
from app.ui.theme import Theme

AskFiles = Callable[[QWidget], Sequence[str]]
_MARKS = {
    "found": ("check", "good"),
    "partly": ("info", "high"),
    "missing": ("close", "text_muted"),
}
_SAID = {
    "found": to_translate("there"),
    "partly": to_translate("there, and weak"),
    "missing": to_translate("missing"),
}


class Checklist(QWidget):
    """Shows what the engine answered; `added` (item, paths) and `removed` (item, name) ask more."""

    added = Signal(str, list)
    removed = Signal(str, str)

    def __init__(self, *, theme: Theme, ask_files: AskFiles | None = None) -> None:
        super().__init__()
        self._theme = theme
        self._ask_files = ask_files or _ask_for_files
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)

    def show_answer(self, answer: Mapping[str, Any]) -> None:
        """Show the lines of an `evidence` answer."""
        clear(self._column)
        for item in answer.get("items", ()):
            self._column.addWidget(self._line(item))

    def _line(self, item: Mapping[str, Any]) -> QWidget:
        drawing, tone = _MARKS[item["have"]]
        missing = item["needed"] and item["have"] == "missing"
        mark = QLabel()
        mark.setPixmap(self._theme.pixmap(drawing, "critical" if missing else tone, 16, self))
        mark.setAccessibleName(tr(_SAID[item["have"]]))
        title = label(line(item["title"]), role="strong")
        wanted = label(tr("needed") if item["needed"] else tr("helps"), role="meta")
        add = self._way_to_add(item)
        head = row(title, wanted, 1, add, gap=8)
        said = label(_said(item), wrap=True, tone="critical" if missing else "")
        said.setToolTip(tooltip(f"{item['why']}\n{item['source']}"))
        made = QWidget()
        grid = QGridLayout(made)  # the mark stands beside its title, however high that line is
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(1)
        grid.setColumnStretch(1, 1)
        grid.addWidget(mark, 0, 0)
        grid.addLayout(head, 0, 1)
        grid.addWidget(said, 1, 1)
        grid.addWidget(label(line(item["why"]), role="meta", wrap=True), 2, 1)
        for at, name in enumerate(item["files"], start=3):
            grid.addLayout(self._file(item["id"], name), at, 1)
        made.setAccessibleName(f"{line(item['title'])}: {tr(_SAID[item['have']])}. {_said(item)}")
        return made

    def _way_to_add(self, item: Mapping[str, Any]) -> QAbstractButton:
        title = line(item["title"])
        if _wants_text(item):
            made = button(tr("Choose file"), lambda: self._add(item["id"]))
            made.setAccessibleName(tr("Choose the file for: {title}", title=title))
            return made
        made = link_button(tr("Add a file"), lambda: self._add(item["id"]))
        made.setAccessibleName(tr("Add a file for: {title}", title=title))
        return made

    def _file(self, item: str, name: str) -> Any:
        mark = QLabel()
        mark.setPixmap(self._theme.pixmap("clip", "text_muted", 14, self))
        out = link_button(tr("Take out"), lambda: self.removed.emit(item, name))
        out.setAccessibleName(tr("Take {name} out of the packet", name=line(name)))
        made = row(mark, OneLine(name, name=tr("Your file")), out, gap=6)
        made.setStretch(1, 1)
        return made

    def _add(self, item: str) -> None:
        if paths := list(self._ask_files(self)):
            self.added.emit(item, paths)


def _wants_text(item: Mapping[str, Any]) -> bool:
    """Whether a text of the shop's own is missing, as its terms of shipping are."""
    return bool(item.get("policy")) and item["have"] == "missing"


def _said(item: Mapping[str, Any]) -> str:
    """What was found or is missing; of a text of the shop's own what to do here in the window,
    where the command line has to tell of a folder."""
    if _wants_text(item):
        return tr("Not here yet. Choose the page of your shop, saved as PDF, picture or text.")
    return line(item["said"])


def _ask_for_files(parent: QWidget) -> Sequence[str]:
    chosen, _ = QFileDialog.getOpenFileNames(
        parent,
        tr("Add to the packet"),
        str(Path.home()),
        tr("Pictures, PDFs, texts (*.pdf *.jpg *.jpeg *.png *.gif *.webp *.tif *.tiff *.txt *.md)"),
    )
    return chosen
