"""The arithmetic of a dispute as lines: what, how much, and a small remark under it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from app.ui.issue.parts import clear, label

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop


class SumLines(QWidget):
    """Shows the lines of a sum, amounts in a column of their own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(1)
        self._grid.setColumnStretch(0, 1)
        self._shown: tuple[tuple[str, str, str], ...] = ()

    def show_lines(self, lines: Sequence[tuple[str, str, str]]) -> None:
        """Show these from now on."""
        if tuple(lines) == self._shown:
            return
        self._shown = tuple(lines)
        clear(self._grid)
        for number, (what, amount, remark) in enumerate(lines):
            top = number * 2
            self._grid.addWidget(label(what, role="muted", wrap=True), top, 0)
            self._grid.addWidget(label(amount, role="strong"), top, 1, _RIGHT)
            if remark:
                self._grid.addWidget(label(remark, role="meta", wrap=True), top + 1, 0, 1, 2)
        self.setAccessibleName("; ".join(" ".join(part for part in one if part) for one in lines))
