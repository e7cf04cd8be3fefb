"""SearchField: words in, and after a breath the question; Escape gives the list back.

What narrows a search is offered while it is typed. Half a term asks nothing yet, and what cannot
be understood waits longer, because somebody may be about to write on.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from app.domain.search_completion import Known
from app.domain.search_query import finished
from app.domain.translation import to_translate, tr
from app.ui.inbox.completions import Completions
from app.ui.theme import Theme

_BREATH_MS = 60
_PATIENCE_MS = 700
_TOOLS = (
    to_translate("Clear the search"),
    to_translate("Search"),
)  # in the order in which they are made
_ON = (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter)


def _knows_nothing(_operator: str, _begun: str) -> tuple[str, ...]:
    return ()


class SearchField(QLineEdit):
    """`asked` carries the words, empty when the search is over; `left` hands the keyboard on."""

    asked = Signal(str)
    left = Signal()

    def __init__(
        self,
        theme: Theme,
        *,
        known: Known = _knows_nothing,
        understands: Callable[[str], bool] = bool,
        parent: QWidget | None = None,
    ) -> None:
        """`known` tells the profile's values of an operator, `understands` whether a text can be
        searched for as it stands."""
        super().__init__(parent)
        self._theme, self._understands = theme, understands
        self._breath = QTimer(self, singleShot=True)
        self._breath.timeout.connect(self._ask)
        key = QKeySequence("/").toString(QKeySequence.SequenceFormat.NativeText)
        self.setObjectName("search")
        self.setAccessibleName(tr("Search"))
        self.setPlaceholderText(tr("Search orders, customers, words    {key}", key=key))
        self.setMaxLength(400)
        self.setClearButtonEnabled(True)
        self._drawing = self.addAction(
            theme.icon("search"), QLineEdit.ActionPosition.LeadingPosition
        )
        for tool, name in zip(self.findChildren(QToolButton), _TOOLS, strict=True):
            tool.setAccessibleName(tr(name))
        self.completions = Completions(theme, self, known=known)
        self.textChanged.connect(self._changed)
        self.textEdited.connect(lambda _: self.completions.offer())
        theme.changed.connect(self._dress)

    def begin(self) -> None:
        """Bring the keyboard here, ready to type over what stood there."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()
        if not self.text():
            self.completions.offer()

    def event(self, event: QEvent) -> bool:
        """Tab takes the first offer, where there is one; else it goes on through the window."""
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            is_tab = event.key() == Qt.Key.Key_Tab and bool(self.text())
            if is_tab and self.completions.take(first=True):
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Escape closes the offers, then ends the search; Down and Enter go to what was found."""
        offers, key = self.completions, event.key()
        if offers.isVisible() and key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            offers.step(1 if key == Qt.Key.Key_Down else -1)
        elif offers.isVisible() and key == Qt.Key.Key_Escape:
            offers.hide()
        elif key in _ON and offers.take(first=False):
            pass
        elif key == Qt.Key.Key_Escape:
            self.clear()
            self.left.emit()
        elif key in _ON:
            self._ask()
            offers.hide()
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """The keyboard went elsewhere: nothing is typed on."""
        super().focusOutEvent(event)
        self.completions.hide()

    def _ask(self) -> None:
        self._breath.stop()
        self.asked.emit(finished(self.text()).strip())

    def _dress(self) -> None:
        self._drawing.setIcon(self._theme.icon("search"))

    def _changed(self, text: str) -> None:
        wanted = finished(text).strip()
        if not wanted:
            self._ask()
            return
        self._breath.start(_BREATH_MS if self._understands(wanted) else _PATIENCE_MS)
