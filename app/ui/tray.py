"""Tray: the program's mark beside the clock, where the desktop has such a place.

How many urgent issues wait is on the mark, the open disputes in its tool tip; a click brings the
window back. That the watch goes on here is said when the window is closed for the first time.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QRectF, QSettings, QSize, Qt, QTimer
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QMessageBox, QSystemTrayIcon

from app.domain.dispute_tally import NO_DISPUTES, tally_words
from app.domain.reply import OutboxState
from app.domain.translation import grouped, tr, trn
from app.domain.views import Overview, ReplyView, View
from app.ui import words
from app.ui.theme import Theme
from app.ui.tokens import Size

_SIDE = 64
_MOST_SHOWN = 10
_PATIENCE_MS = 60_000  # an engine that is started again is there within seconds
_TOLD = "told/stays_in_the_tray"


class Tray(QObject):
    """The mark and its menu. Make it only where `is_there()`."""

    def __init__(
        self, theme: Theme, *, memory: Path, open_window: Callable[[], object],
        sync: Callable[[], object], leave: Callable[[], object], stop: Callable[[], object],
        parent: QObject | None = None, insists: Callable[[int], bool] | None = None,
    ) -> None:  # fmt: skip
        """`memory` is the file in which the window keeps what it was told. `insists` asks whether
        to stop though so many replies leave only while it watches."""
        super().__init__(parent)
        self._memory = QSettings(str(memory), QSettings.Format.IniFormat)
        self._theme = theme
        self._open, self._stop = open_window, stop
        self._insists = insists or _stops_all_the_same
        self._menu = QMenu()
        for text, act in (
            (tr("Open Frontburner"), open_window),
            (tr("Look for new mail"), sync),
            (tr("Quit, and go on watching"), leave),
            (tr("Quit, and stop watching"), self._ask_to_stop),
        ):
            action = self._menu.addAction(text)
            action.triggered.connect(lambda _checked=False, act=act: act())
        self.icon = QSystemTrayIcon(theme.app_icon, self)
        self.icon.setContextMenu(self._menu)
        self.icon.activated.connect(self._activated)
        self._overview: Overview | None = None
        self._watches = True
        self._unwatched = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._unwatched.timeout.connect(self._say_unwatched)
        self._show()
        self.icon.show()

    @staticmethod
    def is_there() -> bool:
        """Whether this desktop has a place for it."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def show_overview(self, overview: Overview) -> None:
        """How many issues are urgent, how many are open, and which disputes are."""
        self._overview = overview
        self._show()

    def show_watch(self, watches: bool) -> None:
        """Whether there is an engine. Without one for a while it is said: the window, which has a
        banner for it, may be out of sight, and no alert would ever come."""
        self._watches = watches
        if watches:
            self._unwatched.stop()
        elif not self._unwatched.isActive():
            self._unwatched.start()
        self._show()

    def say_it_stays(self) -> None:
        """Say, the first time in this profile, that closing the window did not end the watch."""
        if not self._memory.value(_TOLD):
            self._memory.setValue(_TOLD, "yes")
            self.icon.showMessage(
                tr("Frontburner goes on watching"),
                tr("It is here beside the clock. To end it, choose Quit in its menu."),
                self._theme.app_icon,
            )

    def _say_unwatched(self) -> None:
        self.icon.showMessage(
            tr("Frontburner does not watch at the moment"),
            tr("Its engine does not start, so nothing rings. Open the window to see why."),
            self._theme.app_icon,
        )

    def _show(self) -> None:
        overview = self._overview
        counts = overview.counts if overview else {}
        disputes = overview.disputes if overview else NO_DISPUTES
        urgent, open_ = counts.get(View.URGENT, 0), counts.get(View.OPEN, 0)
        said = tr(
            "Frontburner: {urgent} urgent, {open} open",
            urgent=grouped(urgent),
            open=grouped(open_),
        )
        lines = [said if open_ else tr("Frontburner: nothing open")]
        lines += [tally_words(disputes, words.money)] if disputes else []
        if not self._watches:
            lines.insert(0, tr("The engine stopped and is being started again."))
        self.icon.setToolTip("\n".join(lines))
        self.icon.setIcon(badged(self._theme, urgent, watches=self._watches))

    def _ask_to_stop(self) -> None:
        """A reply that counts down still leaves; one for tomorrow does not, and nobody would say
        so."""
        replies = self._overview.replies if self._overview else ()
        waiting = sum(_waits(reply) for reply in replies)
        if not waiting or self._insists(waiting):
            self._stop()

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is not QSystemTrayIcon.ActivationReason.Context:
            self._open()


def _waits(reply: ReplyView) -> bool:
    """Whether it stays behind where the watch ends now."""
    is_later = reply.scheduled or reply.tried_since is not None
    return reply.state is OutboxState.BLOCKED or (reply.state is OutboxState.QUEUED and is_later)


def _stops_all_the_same(waiting: int) -> bool:
    box = QMessageBox(QMessageBox.Icon.Question, "Frontburner", "")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(trn("{n} reply has not left yet", "{n} replies have not left yet", waiting))
    box.setInformativeText(
        tr("Replies leave only while Frontburner watches. They go when it is started again.")
    )
    stop = box.addButton(tr("Stop all the same"), QMessageBox.ButtonRole.DestructiveRole)
    box.setDefaultButton(box.addButton(tr("Go on watching"), QMessageBox.ButtonRole.RejectRole))
    box.exec()
    return box.clickedButton() is stop


def badged(theme: Theme, number: int, *, watches: bool = True) -> QIcon:
    """The program's mark with a count; without one it is the mark alone. Where nobody watches it
    has an exclamation mark: the count may be old."""
    if number <= 0 and watches:
        return theme.app_icon
    counted = str(number) if number < _MOST_SHOWN else f"{_MOST_SHOWN - 1}+"
    pixmap: QPixmap = theme.app_icon.pixmap(QSize(_SIDE, _SIDE))
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    side = pixmap.width() / pixmap.devicePixelRatioF()
    disc = QRectF(side * 0.42, side * 0.42, side * 0.58, side * 0.58)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("burning"))
    painter.drawEllipse(disc)
    font = theme.font(Size.TEXT, bold=True)
    font = type(font)(font)
    font.setPixelSize(int(side * 0.4))
    painter.setFont(font)
    painter.setPen(theme.color("on_burning"))
    painter.drawText(disc, int(Qt.AlignmentFlag.AlignCenter), counted if watches else "!")
    painter.end()
    return QIcon(pixmap)
