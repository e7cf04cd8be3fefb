"""The editor of a reply: plain text, its holes and what is odd marked, Ctrl+Enter sends."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import (
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from app.domain.objection import Objection, Weight
from app.domain.translation import tr
from app.ui.reply.attachments import files_in
from app.ui.reply.holes import Hole, holes
from app.ui.theme import Theme

_PASTE_LIMIT = 200_000


class ReplyEditor(QPlainTextEdit):
    """`edited`: a person changed the text; `grown`: it has more lines or fewer; `entered`: it has
    the keyboard; `send_asked`,
    `later_asked` and `insist_asked`; `files_dropped` carries the paths of files dragged here."""

    edited = Signal()
    entered = Signal()
    files_dropped = Signal(list)
    grown = Signal()
    send_asked = Signal()
    later_asked = Signal()
    insist_asked = Signal()

    def __init__(self, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._marks = _Marks(self.document(), theme)
        self._loading = self._low = False
        self.setAccessibleName(tr("Reply"))
        self.setPlaceholderText(tr("Write your reply, or begin with a template above"))
        self.setTabChangesFocus(True)
        self.textChanged.connect(self._changed)
        self.document().documentLayout().documentSizeChanged.connect(lambda _: self.grown.emit())

    def load(self, text: str) -> None:
        """Show a text that nobody typed here, from its top; there is nothing to undo before it.
        Who goes on writing does so at its end."""
        self._loading = True
        self.setPlainText(text)
        self.moveCursor(QTextCursor.MoveOperation.End)
        self.verticalScrollBar().setValue(0)
        self._loading = False

    def set_low(self, low: bool) -> None:
        """One line, while nothing is written; else as high as it likes."""
        if low != self._low:
            self._low = low
            self.updateGeometry()
            self.grown.emit()

    def put(self, text: str) -> None:
        """Replace the text so that Ctrl+Z brings the old one back."""
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        cursor.endEditBlock()
        cursor.movePosition(QTextCursor.MoveOperation.Start)
        self.setTextCursor(cursor)

    def go_to(self, hole: Hole) -> None:
        """Select a hole, so that the next key fills it."""
        self.select(hole.start, hole.start + hole.length)

    def mark(self, objections: Iterable[Objection]) -> None:
        """Underline the places that something speaks against; the marks move with the text."""
        self.setExtraSelections([self._underlined(one) for one in objections if one.end])

    def _underlined(self, one: Objection) -> QTextEdit.ExtraSelection:
        stops = one.weight is Weight.STOPS
        underline = QTextCharFormat()
        underline.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        underline.setUnderlineColor(self._theme.color("critical" if stops else "high"))
        made = QTextEdit.ExtraSelection()
        made.cursor = self._cursor(one.start, one.end)
        made.format = underline
        return made

    def _cursor(self, start: int, end: int) -> QTextCursor:
        text = self.toPlainText()
        cursor = QTextCursor(self.document())
        cursor.setPosition(_units(text, min(start, len(text))))
        cursor.setPosition(_units(text, min(end, len(text))), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def select(self, start: int, end: int) -> None:
        """Select a place, in characters, so that the next key replaces it."""
        self.setTextCursor(self._cursor(start, end))
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.ensureCursorVisible()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Ctrl+Enter sends, with Shift at another hour; Alt+Enter sends what was asked about;
        everything else writes."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.insist_asked.emit()
            return
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            later = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            (self.later_asked if later else self.send_asked).emit()
            return
        super().keyPressEvent(event)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:  # noqa: N802 - Qt's name
        """Text, and files that are dropped."""
        return source.hasText() or bool(files_in(source))

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """A dropped file is attached, never read into the text."""
        files = files_in(event.mimeData())
        if files and not self.isReadOnly():
            event.acceptProposedAction()
            nothing = QMimeData()  # so that Qt ends its dragging, and puts no text in
            where, actions = event.position(), event.possibleActions()
            ended = QDropEvent(where, actions, nothing, event.buttons(), event.modifiers())
            super().dropEvent(ended)
            self.files_dropped.emit(files)
            return
        super().dropEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802 - Qt's name
        """Only text is pasted or dropped: no file, no picture, no other program's HTML."""
        if source.hasText():
            self.insertPlainText(source.text()[:_PASTE_LIMIT])

    def wanted_height(self) -> int:
        """How high the editor would be with the whole text in view, four lines at least; low, it is
        one line."""
        if self._low:
            return self.minimumSizeHint().height()
        lines = max(4, int(self.document().size().height()) + 1)
        return lines * self.fontMetrics().lineSpacing() + 20

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Six lines."""
        if self._low:
            return self.minimumSizeHint()
        return QSize(320, self.fontMetrics().lineSpacing() * 6 + 24)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Two lines; low, it is one."""
        lines = 1 if self._low else 2
        return QSize(160, self.fontMetrics().lineSpacing() * lines + 22)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Somebody begins to write."""
        super().focusInEvent(event)
        self.entered.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Where somebody writes stays in view; the box grows after a template came."""
        super().resizeEvent(event)
        if self.hasFocus():
            self.ensureCursorVisible()

    def _changed(self) -> None:
        if not self._loading:
            self.edited.emit()


class _Marks(QSyntaxHighlighter):
    """Draws every hole on the ground of a warning."""

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        super().__init__(document)
        self._theme = theme
        theme.changed.connect(self.rehighlight)

    def highlightBlock(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Mark the holes of one line."""
        mark = QTextCharFormat()
        mark.setBackground(self._theme.color("high_soft"))
        mark.setForeground(self._theme.color("high"))
        for hole in holes(text):
            start = _units(text, hole.start)
            self.setFormat(start, _units(text, hole.start + hole.length) - start, mark)


def _units(text: str, at: int) -> int:
    """A place in Python's text as Qt counts it, in UTF-16 units: an emoji is two."""
    return at + sum(character > "\uffff" for character in text[:at])
