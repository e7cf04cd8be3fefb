"""What happened between the mails: a thin line for a decision, a slip of paper for a note."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from app.domain.translation import tr
from app.ui.issue.events import Happened, Noted
from app.ui.issue.foreign_text import paragraphs, tooltip
from app.ui.issue.parts import label, link_button, reading, row
from app.ui.theme import Theme
from app.ui.tokens import RADIUS_CARD, Size
from app.ui.words import exact, moment


class EventLine(QWidget):
    """A dot, a sentence, a time."""

    def __init__(self, happened: Happened, *, now: datetime, theme: Theme) -> None:
        super().__init__()
        self._happened = happened
        self._when = moment(happened.at, now)
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{happened.text}, {self._when}")
        self.setToolTip(tooltip(f"{happened.text}\n{exact(happened.at)}"))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """One small line."""
        return QSize(200, self._theme.px(18))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The dot stands under the discs of the mails."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = self._theme.color(self._happened.tone or "text_muted")
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        middle = self.height() / 2
        painter.drawEllipse(QRectF(self._theme.px(25) - 2.5, middle - 2.5, 5, 5))
        painter.setFont(self._theme.font(Size.META))
        painter.setPen(colour)
        left = 12 + self._theme.px(36)
        words = f"{self._happened.text}  ·  {self._when}"
        shown = painter.fontMetrics().elidedText(
            words, Qt.TextElideMode.ElideRight, max(0, self.width() - left - 8)
        )
        room = QRectF(left, 0, self.width() - left, self.height())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), shown)


class RuleLine(QWidget):
    """What a rule of the owner did, with a button that undoes it."""

    undo_asked = Signal(str)

    def __init__(self, happened: Happened, *, now: datetime, theme: Theme) -> None:
        super().__init__()
        self.line = EventLine(happened, now=now, theme=theme)
        said = tr("Undo: {what}", what=happened.text)
        self.undo = link_button(tr("Undo"), lambda: self.undo_asked.emit(happened.entry), name=said)
        across = row(self.line, self.undo, gap=4)
        across.setStretch(0, 1)
        self.setLayout(across)


class NoteCard(QFrame):
    """A note on a slip of its own colour, so that nobody takes it for a mail."""

    def __init__(self, noted: Noted, *, now: datetime, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        when = moment(noted.at, now)
        self.setAccessibleName(tr("Note, {time}", time=when))
        head = row(label(tr("Note, only for you"), role="meta"), 1, label(when, role="meta"))
        column = QVBoxLayout(self)
        column.setContentsMargins(12 + theme.px(36), 8, 12, 8)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(reading(paragraphs(noted.text), name=tr("Text of the note")))
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The slip."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("high_soft"))
        painter.drawRoundedRect(QRectF(self.rect()), RADIUS_CARD, RADIUS_CARD)
