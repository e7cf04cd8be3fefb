"""Page: what stands where a list would be, when there is nothing in it or it cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.ui.issue.parts import button, clear, label
from app.ui.theme import Theme
from app.ui.tokens import Gap


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """What a page says: what is so, what it means, and what can be done."""

    icon: str
    title: str
    text: str = ""
    tone: str = "text_muted"
    actions: Sequence[tuple[str, Callable[[], object]]] = ()


class Page(QWidget):
    """A drawing, a title, a sentence, and buttons where there is something to do."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._said: PageText | None = None
        self._picture = QLabel()
        self._title = label("", role="title", wrap=True)
        self._text = label("", role="muted", wrap=True)
        self._buttons = QHBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(Gap.HUGE, Gap.HUGE, Gap.HUGE, Gap.HUGE)
        column.setSpacing(Gap.SMALL)
        column.addStretch(2)
        for widget in (self._picture, self._title, self._text):
            if isinstance(widget, QLabel):
                widget.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(widget)
        column.addLayout(self._buttons)
        column.addStretch(3)
        theme.changed.connect(self._draw)

    @property
    def text(self) -> str:
        """What it says, whole."""
        return f"{self._title.text()} {self._text.text()}".strip()

    def say(self, said: PageText) -> None:
        """Say this from now on."""
        before, self._said = self._said, said
        if before is None or (before.title, before.text) != (said.title, said.text):
            self._draw()

    def _draw(self) -> None:
        said = self._said
        if said is None:
            return
        self._picture.setPixmap(self._theme.pixmap(said.icon, said.tone, 32, self))
        self._title.setText(said.title)
        self._text.setText(said.text)
        self.setAccessibleName(self.text)
        clear(self._buttons)
        self._buttons.addStretch(1)
        for words, act in said.actions:
            self._buttons.addWidget(button(words, act))
        self._buttons.addStretch(1)
