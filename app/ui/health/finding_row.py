"""One part of the desk: how far it is, what that allows, and the way on where there is one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.domain.readiness import Grade
from app.domain.translation import to_translate, tr
from app.ui.issue.foreign_text import line
from app.ui.issue.parts import label, link_button, row
from app.ui.theme import Theme

# The drawing, its colour, and the word for those who see neither.
_MARKS = {
    Grade.READY: ("done", "good", to_translate("Ready")),
    Grade.PARTLY: ("hourglass", "normal", to_translate("Partly")),
    Grade.MISSING: ("info", "text_muted", to_translate("Not yet")),
}


class FindingRow(QWidget):
    """Shows one finding; `way` are the words of a button and what it does."""

    def __init__(
        self,
        finding: Mapping[str, Any],
        *,
        theme: Theme,
        way: tuple[str, Callable[[], object]] | None = None,
    ) -> None:
        super().__init__()
        drawing, colour, grade = _MARKS[Grade(finding["grade"])]
        word = tr(grade)
        said, allows = line(str(finding["said"])), line(str(finding["allows"]))
        self.setAccessibleName(f"{word}: {said}. {allows}")
        mark = QLabel()
        mark.setPixmap(theme.pixmap(drawing, colour, 20, self))
        mark.setToolTip(word)
        words = QVBoxLayout()
        words.setSpacing(1)
        head = row(label(said, wrap=True), label(word, role="meta"), gap=12)
        head.setStretch(0, 1)
        words.addLayout(head)
        words.addWidget(label(allows, role="muted", wrap=True))
        if way is not None:
            words.addLayout(row(link_button(*way), 1))
        whole = row(mark, words, gap=12)
        whole.setStretch(1, 1)
        whole.setAlignment(mark, mark.alignment())
        whole.setContentsMargins(0, 8, 0, 8)
        self.setLayout(whole)
