"""KeptLine: what became of a change, beside it: kept, with a way back, or refused and why."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.domain.translation import tr
from app.ui.errors import reason
from app.ui.issue.foreign_text import paragraphs
from app.ui.issue.parts import label, link_button, row
from app.ui.theme import set_property


class KeptLine(QWidget):
    """Hidden until there is something to say."""

    def __init__(self) -> None:
        super().__init__()
        self._back: Callable[[], object] | None = None
        self.words = label(wrap=True)
        self.undo = link_button(tr("Undo"), self._undo, name=tr("Undo the last change"))
        line = row(self.words, self.undo)
        line.setStretch(0, 1)
        self.setLayout(line)
        self.hide()

    def say(self, words: str, *, undo: Callable[[], object] | None = None, tone: str = "") -> None:
        """Say this; with `undo` a way back stands beside it."""
        self._back = undo
        self.words.setText(paragraphs(words))
        set_property(self.words, "tone", tone)
        self.undo.setVisible(undo is not None)
        self.setVisible(bool(words))

    def kept(self, words: str, undo: Callable[[], object] | None) -> None:
        """A change holds from now on."""
        self.say(words, undo=undo, tone="good")

    def refuse(self, error: Exception) -> None:
        """It may not be, or it did not work: why, and what to do."""
        self.say(reason(error), tone="critical")

    def clear_trouble(self) -> None:
        """What was refused is mended; a way back stays."""
        if self.words.property("tone") == "critical":
            self.hide()

    def _undo(self) -> None:
        back, self._back = self._back, None
        self.hide()
        if back is not None:
            back()
