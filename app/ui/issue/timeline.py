"""The conversation: mails, decisions and notes in order, the newest in view.

Only the newest mails are laid out; what is older waits behind one button, twenty at a time, and
folded mails draw one line. So a conversation of eighty mails opens as fast as one of three.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLineEdit, QScrollArea, QVBoxLayout, QWidget

from app.domain.message import Direction
from app.domain.translation import tr, trn
from app.domain.views import IssueView
from app.ui.issue.attachment_row import AskPath
from app.ui.issue.event_lines import EventLine, NoteCard, RuleLine
from app.ui.issue.events import Happening, Noted, Said, happenings
from app.ui.issue.message_card import MessageCard
from app.ui.issue.parts import button, clear
from app.ui.issue.ports import Asks
from app.ui.theme import Theme

_AT_ONCE = 12
_OPEN = 2
_NEAR = 24  # as good as there, in pixels


class Timeline(QScrollArea):
    """Draws what happened; `noted` carries a note that somebody wrote, `split_asked` the id of a
    mail that shall be an issue of its own, `undo_asked` the entry that a rule made."""

    noted = Signal(str)
    undo_asked = Signal(str)
    split_asked = Signal(int)

    def __init__(
        self,
        *,
        bridge: Asks,
        theme: Theme,
        ask_path: AskPath | None = None,
        open_link: Callable[[str], object] | None = None,
    ) -> None:
        super().__init__()
        self._bridge = bridge
        self._theme = theme
        self._ask_path = ask_path
        self._open_link = open_link
        self._shown: tuple[Happening, ...] = ()
        self._drawn_now: list[QWidget] = []
        self._from = 0
        self._open_ids: set[int] = set()
        self._now: datetime | None = None
        self._stick, self._at_bottom = True, False
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("Conversation"))
        self._page = QWidget()
        self._page.setProperty("ground", "surface")
        column = QVBoxLayout(self._page)
        column.setContentsMargins(0, 0, 8, 4)
        column.setSpacing(8)
        self._earlier = button(tr("Show earlier"), self._show_earlier, variant="quiet")
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        self.note = _note_field()
        self.note.returnPressed.connect(self._note)
        column.addWidget(self._earlier, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(self._list)
        column.addWidget(self.note)
        column.addStretch(1)
        self.setWidget(self._page)
        self._page.installEventFilter(self)

    def show_view(self, view: IssueView, now: datetime, *, fresh: bool) -> None:
        """Draw the issue's conversation; `fresh` is another issue than before."""
        shown = happenings(view)
        if not fresh and shown == self._shown:
            return
        if fresh:
            self._open_ids.clear()
            self.note.clear()
        bar = self.verticalScrollBar()
        self._stick = fresh or bar.value() >= self._end() - _NEAR
        came_last = not fresh and shown and not isinstance(shown[-1], Said)
        self._at_bottom = bool(came_last) and bar.value() >= bar.maximum() - _NEAR
        grown = len(shown) - len(self._shown)
        self._from = _first(shown) if fresh else max(0, min(self._from, self._from + grown))
        self._shown, self._now = shown, now
        if fresh:
            self._open_ids = _worth_opening(shown)
        else:
            self._open_ids |= _worth_opening(shown[-1:])
        self._draw()

    def cards(self) -> list[MessageCard]:
        """The mails that are drawn, oldest first."""
        return [one for one in self._drawn_now if isinstance(one, MessageCard)]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Stay at the newest while the page still finds its height."""
        if watched is self._page and event.type() == QEvent.Type.Resize and self._stick:
            QTimer.singleShot(0, self, self._to_end)
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Stay at the newest when the reply below takes more room or less."""
        super().resizeEvent(event)
        if self._stick:
            QTimer.singleShot(0, self, self._to_end)

    def _draw(self) -> None:
        assert self._now is not None
        self._page.setUpdatesEnabled(False)
        self._remember_open()
        clear(self._list)
        self._drawn_now = [self._drawn(one) for one in self._shown[self._from :]]
        for drawn in self._drawn_now:
            self._list.addWidget(drawn)
            drawn.show()  # now, not in the next round: or everything is laid out twice
        hidden = sum(isinstance(one, Said) for one in self._shown[: self._from])
        self._earlier.setText(trn("Show {n} earlier mail", "Show {n} earlier mails", hidden))
        self._earlier.setVisible(self._from > 0)
        self._page.setUpdatesEnabled(True)
        QTimer.singleShot(0, self, self._settle)

    def _drawn(self, one: Happening) -> QWidget:
        assert self._now is not None
        if isinstance(one, Said):
            return self._card(one)
        if isinstance(one, Noted):
            return NoteCard(one, now=self._now, theme=self._theme)
        if one.entry:
            made = RuleLine(one, now=self._now, theme=self._theme)
            made.undo_asked.connect(self.undo_asked)
            return made
        return EventLine(one, now=self._now, theme=self._theme)

    def _card(self, one: Said) -> MessageCard:
        assert self._now is not None
        made = MessageCard(
            one.message,
            bridge=self._bridge,
            theme=self._theme,
            now=self._now,
            ask_path=self._ask_path,
            open_link=self._open_link,
            can_split=self._holds_several(),
        )
        made.split_asked.connect(self.split_asked)
        made.moved.connect(self._release)
        if one.message.id in self._open_ids:
            made.open()
        return made

    def _holds_several(self) -> bool:
        """Whether there are mails enough that one can become an issue of its own."""
        return sum(isinstance(one, Said) and one.message.id > 0 for one in self._shown) > 1

    def _remember_open(self) -> None:
        for drawn in self.cards():
            if drawn.is_open:
                self._open_ids.add(drawn.message.id)
            else:
                self._open_ids.discard(drawn.message.id)

    def _show_earlier(self) -> None:
        self._stick = False
        self._from = max(0, self._from - _AT_ONCE)
        self._draw()

    def _release(self) -> None:
        """Somebody unfolds something: what they read must not run away to the end."""
        self._stick = False

    def _settle(self) -> None:
        if self._stick:
            self._to_end()

    def _to_end(self) -> None:
        self.verticalScrollBar().setValue(self._end())

    def _end(self) -> int:
        """Where the newest mail and what came after it is in view; where both do not fit, its
        beginning, unless somebody at the bottom just added a note."""
        end, cards = self.verticalScrollBar().maximum(), self.cards()
        if self._at_bottom or not cards:
            return end
        return min(end, max(0, cards[-1].y() - 8))

    def _note(self) -> None:
        text = self.note.text().strip()
        if text:
            self.noted.emit(text)


def _first(shown: Sequence[Happening]) -> int:
    """Where to begin so that the newest mails, and what happened between them, are drawn."""
    mails = [at for at, one in enumerate(shown) if isinstance(one, Said)]
    return mails[-_AT_ONCE] if len(mails) > _AT_ONCE else 0


def _worth_opening(shown: Sequence[Happening]) -> set[int]:
    """The newest mails, and everything the customer wrote since our last answer."""
    mails = [one.message for one in shown if isinstance(one, Said)]
    opened = {message.id for message in mails[-1:]}
    for message in reversed(mails):
        if message.direction is Direction.OUT or len(opened) > _OPEN:
            break
        opened.add(message.id)
    return opened


def _note_field() -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText(tr("Note to yourselves; Enter keeps it, the customer never sees it"))
    field.setAccessibleName(tr("Note to yourselves"))
    field.setMaxLength(4000)
    field.setStyleSheet("QLineEdit:!focus:!hover { background: transparent; }")
    return field
