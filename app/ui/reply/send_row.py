"""The buttons of a reply: attach, ask again if nobody answers, send later, send."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QPoint, QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from app.domain.clock import Clock
from app.domain.translation import to_translate, tr
from app.ui.issue.moment_picker import MomentPicker
from app.ui.issue.parts import button, row
from app.ui.reply.later_choices import FOLLOW_UPS, follow_up_words, later_choices
from app.ui.shortcuts import on_this_keyboard
from app.ui.theme import Theme
from app.ui.widgets.giving_way import IfRoom

_SEND = to_translate("Send reply   Ctrl+Enter")
_GAP = 4


class SendRow(QWidget):
    """`attach`, `send` and `later` (with an aware instant) are what somebody asked for."""

    attach = Signal()
    send = Signal()
    later = Signal(object)

    def __init__(self, *, theme: Theme, clock: Clock) -> None:
        super().__init__()
        self._theme = theme
        self._clock = clock
        self._days = 0
        self._sending = False
        self.attach_button = button("", self.attach.emit, variant="quiet", name=tr("Attach files"))
        self.attach_button.setToolTip(tr("Attach files, or drop them here"))
        self.follow = button("", self._open_follow_ups, variant="quiet")
        self.follow.setToolTip(tr("Bring the issue back if nobody answers"))
        self.button = button(on_this_keyboard(tr(_SEND)), self.send.emit, variant="primary")
        self.button.setAccessibleName(tr("Send reply"))
        self.more = button("", self.open_later, name=tr("Send later"))
        self.more.setToolTip(on_this_keyboard(tr("Send later (Ctrl+Shift+Enter)")))
        self._menu = QMenu(self)
        self.kept = IfRoom(role="meta")
        line = row(self.attach_button, self.follow, self.kept, self.button, self.more, gap=_GAP)
        line.setStretch(2, 1)
        self.setLayout(line)
        self.ask_again(0)
        theme.changed.connect(self._dress)
        self._dress()

    @property
    def follow_up_days(self) -> int:
        """After how many days without an answer the issue comes back; 0: not at all."""
        return self._days

    def ask_again(self, days: int) -> None:
        """Bring the issue back after so many days, if nobody answers; 0: not at all."""
        self._days = days
        self.follow.setText(follow_up_words(days))
        self.follow.setAccessibleName(self.follow.text())
        self._fit()

    def set_sending(self, sending: bool) -> None:
        """While it is handed over, nothing can be pressed."""
        self._sending = sending
        self._fit()
        for one in (self.button, self.more, self.attach_button, self.follow):
            one.setEnabled(not sending)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Where there is little room the button says no key."""
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Without what gives way: that the draft is kept, and the key."""
        return QSize(self._wide(_short(self._said())), super().minimumSizeHint().height())

    def _said(self) -> str:
        return tr("Sending …") if self._sending else on_this_keyboard(tr(_SEND))

    def _fit(self) -> None:
        said = self._said()
        self.button.setText(said if self.width() >= self._wide(said) else _short(said))

    def _wide(self, said: str) -> int:
        """How wide the row is with these words on the button, and nothing that gives way."""
        font = self.button.fontMetrics()
        more = font.horizontalAdvance(said) - font.horizontalAdvance(self.button.text())
        others = sum(one.sizeHint().width() for one in (self.follow, self.button))
        return others + self.attach_button.width() + self.more.width() + more + 4 * _GAP

    def _open_follow_ups(self) -> None:
        self._menu.clear()
        for days, words in ((0, ""), *FOLLOW_UPS):
            said = (
                tr("Bring it back if no answer in {words}", words=words)
                if days
                else tr("Do not ask again")
            )
            action = self._menu.addAction(said)
            action.setCheckable(True)
            action.setChecked(days == self._days)
            action.triggered.connect(lambda _=False, days=days: self.ask_again(days))
        self._pop_up(self.follow)

    def open_later(self) -> None:
        """The few hours that "later" can mean, and any other."""
        self._menu.clear()
        local = self._clock.now().astimezone()
        for choice in later_choices(local):
            action = self._menu.addAction(choice.words)
            action.triggered.connect(lambda _=False, at=choice.at: self.later.emit(at))
        self._menu.addSeparator()
        in_an_hour = local + timedelta(hours=1)
        picker = MomentPicker(self._menu, local_now=local, at=in_an_hour, verb=tr("Send then"))
        picker.picked.connect(self.later)
        self._menu.addAction(picker)
        self._pop_up(self.more)

    def _pop_up(self, at: QPushButton) -> None:
        size = self._menu.sizeHint()
        left = at.width() - size.width() if at is self.more else 0  # as far right as the button
        self._menu.popup(at.mapToGlobal(QPoint(left, -size.height() - 4)))

    def _dress(self) -> None:
        self.attach_button.setIcon(self._theme.icon("clip"))
        self.more.setIcon(self._theme.icon("chevron_down"))
        for one in (self.attach_button, self.more):
            one.setFixedWidth(self._theme.px(34))


def _short(said: str) -> str:
    """Without the key, which stands behind the words."""
    return said.partition("   ")[0]
