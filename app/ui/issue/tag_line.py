"""TagLine: the tags of an issue, each with a click to take it off, and a field for another."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.domain.owner_rule import LONGEST_TAG
from app.domain.translation import tr, trn
from app.domain.views import IssueView
from app.ui.issue.foreign_text import line
from app.ui.issue.parts import button, clear, label
from app.ui.theme import Theme

_SHOWN = 8


class TagLine(QWidget):
    """Hidden where there are none, until `write` is asked for; `added` and `removed` carry one."""

    added = Signal(str)
    removed = Signal(str)

    def __init__(self, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tags: tuple[str, ...] = ()
        self._tagged = QHBoxLayout()
        self._tagged.setSpacing(6)
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("A tag, then Enter"))
        self.field.setAccessibleName(tr("Another tag"))
        self.field.setMaxLength(LONGEST_TAG)
        self.field.setFixedWidth(theme.px(150))
        self.field.returnPressed.connect(self._written)
        self.field.hide()
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(6)
        across.addLayout(self._tagged)
        across.addWidget(self.field)
        across.addStretch(1)
        self.hide()

    def show_view(self, view: IssueView, *, fresh: bool) -> None:
        """Show the tags of this issue."""
        if fresh:
            self.field.clear()
            self.field.hide()
        if view.tags != self._tags:
            self._tags = view.tags
            clear(self._tagged)
            for tag in view.tags[:_SHOWN]:
                self._tagged.addWidget(self._chip(tag))
            if len(view.tags) > _SHOWN:
                more = trn("and {n} more", "and {n} more", len(view.tags) - _SHOWN)
                self._tagged.addWidget(label(more, role="meta"))
        self.setVisible(bool(view.tags) or self.field.isVisibleTo(self))

    def write(self) -> None:
        """Open the field for another tag."""
        self.show()
        self.field.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _chip(self, tag: str) -> QWidget:
        said = line(tag)
        made = button(
            f"{said}  ×",
            partial(self.removed.emit, tag),
            name=tr("Take off the tag {tag}", tag=said),
        )
        made.setStyleSheet("QPushButton { padding: 1px 8px; }")
        made.setToolTip(tr("Click to take this tag off"))
        return made

    def _written(self) -> None:
        if tag := self.field.text().strip():
            self.added.emit(tag)
        self.field.clear()
        self.field.hide()
        self.setVisible(bool(self._tags))
