"""The head of an issue: what it is, who it is, how long is left, and the three verbs."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QVBoxLayout, QWidget

from app.domain.deadline import Deadline
from app.domain.journal import State
from app.domain.translation import tr
from app.domain.views import InboxRow
from app.ui.issue.deadline_card import DeadlineCard
from app.ui.issue.foreign_text import line, title, tooltip
from app.ui.issue.more_menu import MoreMenu
from app.ui.issue.parts import OneLine, button, link_button, row, spoken
from app.ui.issue.snooze_menu import fill_snooze
from app.ui.issue.wording import left_words, place_words
from app.ui.theme import Theme, set_property

_NARROW = 560
_PUT_AWAY = (State.RESOLVED, State.CLOSED)


class IssueHeader(QWidget):
    """Says what the issue is; the signals are the verbs that somebody asked for.

    `more_asked` carries whether only the issues that this one can be merged into are wanted.
    """

    acknowledge = Signal()
    resolve = Signal()
    reopen = Signal()
    snooze = Signal(object)
    more_asked = Signal(bool)

    def __init__(self, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._now: datetime | None = None
        self._subject = OneLine(role="page", name=tr("Subject"))
        self._place = OneLine(role="muted", name=tr("Customer and order"))
        self._left = link_button("", self.open_deadlines)
        self._left.setObjectName("time-left")
        self.deadlines = DeadlineCard(theme=theme, parent=self)
        self._acknowledge = button(tr("Acknowledge"), self.acknowledge.emit)
        self._acknowledge.setToolTip(tr("Say that you are on it (A)"))
        self._snooze = button(tr("Snooze"), self.open_snooze_menu, name=tr("Snooze until later"))
        self._snooze.setToolTip(tr("Put it aside until later (S)"))
        self._done = button(tr("Done"), self._done_or_reopen)
        self._put_away = self._narrow = False
        name = tr("Other things to do with the issue")
        self._other = button("", lambda: self.more_asked.emit(False), name=name)
        self._other.setFixedWidth(theme.px(38))
        self._other.setStyleSheet("QPushButton { padding: 5px 4px; }")
        self._other.setToolTip(tr("Give it to somebody, or merge it"))
        self.more = MoreMenu(theme=theme, parent=self)
        self._menu = QMenu(self)
        self._lay_out()
        theme.changed.connect(self._dress)
        self._dress()

    def show_row(self, shown: InboxRow, now: datetime) -> None:
        """Show this issue as it stands at `now`."""
        self._now = now
        self._subject.say(title(shown.subject) or tr("(no subject)"))
        self._place.say(place_words(shown))
        self._place.setToolTip(tooltip(line(str(shown.customer))))
        left = left_words(shown, now)
        self._left.setText(left.text)
        self._left.setAccessibleName(spoken(tr("Time left"), left.text))
        self._left.setToolTip(tooltip(tr("{time}. Click to see why.", time=left.exact)))
        set_property(self._left, "tone", left.tone)
        self._show_verbs(shown)

    def show_deadlines(self, deadlines: tuple[Deadline, ...], now: datetime) -> None:
        """What the time that is left comes from."""
        self.deadlines.show_deadlines(deadlines, now)

    def open_deadlines(self) -> None:
        """Open what is owed and why, under the time that is left."""
        self.deadlines.open_below(self._left)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Where there is little room the words of the verbs stay and their drawings go."""
        super().resizeEvent(event)
        narrow = event.size().width() < self._theme.px(_NARROW)
        if narrow != self._narrow:
            self._narrow = narrow
            self._dress()

    def open_snooze_menu(self) -> None:
        """The few instants that "later" can mean, and any other."""
        if self._now is None:
            return
        self._menu.clear()
        fill_snooze(self._menu, self._now.astimezone(), self.snooze.emit)
        self._menu.popup(self._snooze.mapToGlobal(QPoint(0, self._snooze.height() + 4)))

    def open_more(self, *, others: bool) -> None:
        """Open the menu of what is done less often, or of that only the `others` to merge into;
        where there are none, the menu that says so."""
        menu = self.more.others if others and self.more.others.isEnabled() else self.more
        right = self._other.width() - menu.sizeHint().width()
        menu.popup(self._other.mapToGlobal(QPoint(right, self._other.height() + 4)))

    def _show_verbs(self, shown: InboxRow) -> None:
        self._put_away = shown.state in _PUT_AWAY
        self._acknowledge.setVisible(shown.state is State.NEW)
        self._snooze.setVisible(not self._put_away)
        self._done.setText(tr("Reopen") if self._put_away else tr("Done"))
        self._done.setAccessibleName(self._done.text())
        self._done.setToolTip(tr("Put it back into the list") if self._put_away else tr("Done (E)"))
        self._dress()

    def _done_or_reopen(self) -> None:
        (self.reopen if self._put_away else self.resolve).emit()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        top = row(self._subject, self._left, gap=12)
        top.setStretch(0, 1)
        below = row(self._place, self._acknowledge, self._snooze, self._done, self._other)
        below.setStretch(0, 1)
        column.addLayout(top)
        column.addLayout(below)

    def _dress(self) -> None:
        icons: tuple[tuple[QPushButton, str], ...] = (
            (self._acknowledge, "acknowledge"),
            (self._snooze, "snooze"),
            (self._done, "reopen" if self._put_away else "done"),
            (self._other, "more"),
        )
        for verb, icon in icons:
            shown = not self._narrow or verb is self._other
            verb.setIcon(self._theme.icon(icon) if shown else QIcon())
