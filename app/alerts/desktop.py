"""Desktop: clickable pop-ups on Linux, shown from a thread of their own."""

from __future__ import annotations

import contextlib
import html
import logging
import queue
import select
import socket
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from app.alerts.bus import BusLost, Happening, MayCome, NoDesktop, Note, NotificationBus
from app.alerts.notifier import Action, Delivered, OnAction, slot
from app.alerts.text import lines, one_line
from app.domain.alert import Alert, AlertLevel, Delivery
from app.domain.translation import tr

NAME = "desktop"

_WAITING = 64  # alerts that may wait to be shown; the throttle raises a handful a minute
_REMEMBERED = 256  # a pop-up can be clicked long after, from the desktop's own list
_TITLE = 120
_LINE = 200
_CLOSED_BY_PERSON = "2"  # Desktop Notifications Specification 1.2, NotificationClosed
_URGENCY = {AlertLevel.URGENT: 2, AlertLevel.NOTICE: 1}
_NEVER, _AS_USUAL = 0, -1
_SOUND = "message-new-email"  # XDG Sound Naming Specification

_log = logging.getLogger(__name__)


class JeepneyNotifier:
    """Pop-ups through the desktop's notification service.

    One pop-up per issue: a newer one takes its place. Callbacks come from the notifier's thread.
    The connection is made with the first alert, and anew whenever the bus went away.
    """

    def __init__(
        self,
        on_action: OnAction,
        *,
        icon: str = "",
        sound: Callable[[], bool] = lambda: True,
        seconds: float = 5.0,
    ) -> None:
        """`seconds` is how long the desktop may take to answer."""
        self._screen = _Screen(on_action, icon=icon, sound=sound, seconds=seconds)
        self._jobs: queue.Queue[Callable[[], None]] = queue.Queue(_WAITING)
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._awake, self._wake = socket.socketpair()
        self._wake.setblocking(False)
        self._thread = threading.Thread(target=self._run, name="alerts-desktop", daemon=True)
        self._thread.start()

    def notify(self, alert: Alert, delivered: Delivered) -> None:
        """Show it soon; the report comes from the notifier's thread."""

        def show() -> None:
            if self._stopping.is_set():
                delivered(alert, _not_shown("Frontburner is ending"))
            else:
                delivered(alert, self._screen.show(alert))

        if not self._put(show):
            delivered(alert, _not_shown("The desktop takes no more alerts"))

    def withdraw(self, what: str) -> None:
        """Take the issue's or the alert's pop-up off the screen, if there is one."""
        self._put(lambda: self._screen.withdraw(what))

    def when_back(self, call: Callable[[], None]) -> None:
        """Call this, from the notifier's thread, whenever a desktop came that shows pop-ups."""
        self._screen.on_back = call

    def stop(self) -> None:
        """Show nothing more; what waits is reported as not shown."""
        with self._lock:
            self._stopping.set()
        self._nudge()
        if threading.current_thread() is not self._thread:
            self._thread.join(timeout=self._screen.seconds * 2)

    def _put(self, job: Callable[[], None]) -> bool:
        with self._lock:  # nothing is put in after the thread's last look
            if self._stopping.is_set() or self._jobs.full():
                return False
            self._jobs.put_nowait(job)
        self._nudge()
        return True

    def _nudge(self) -> None:
        with contextlib.suppress(OSError):  # full: it is awake anyway; closed: it has ended
            self._wake.send(b".")

    def _run(self) -> None:
        while not self._stopping.is_set():
            select.select([self._awake.fileno(), *self._screen.heard_from], [], [])
            self._do_jobs()
            _guarded(self._screen.hear)
        self._do_jobs()
        self._screen.close()
        self._awake.close()
        self._wake.close()

    def _do_jobs(self) -> None:
        with contextlib.suppress(OSError):
            if select.select([self._awake], [], [], 0)[0]:
                self._awake.recv(4096)
        while True:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return
            _guarded(job)


class _Screen:
    """What is on the screen, and the connection to it; lives in the notifier's thread."""

    def __init__(
        self, on_action: OnAction, *, icon: str, sound: Callable[[], bool], seconds: float
    ) -> None:
        self.seconds = seconds
        self.on_back: Callable[[], None] = _nothing
        self._on_action = on_action
        self._icon = icon
        self._sound = sound
        self._bus: NotificationBus | None = None
        self._alerts: dict[int, Alert] = {}  # everything that was shown, the oldest first
        self._open: dict[str, int] = {}  # what is on the screen, by slot
        self._late: deque[Alert | None] = deque()  # asked for, and not on the screen yet
        self._on_cards: dict[str, frozenset[str]] = {}  # their issues nobody deals with yet

    @property
    def heard_from(self) -> list[int]:
        """What to wait for besides jobs: the bus, by its file number."""
        return [self._bus.fileno()] if self._bus else []

    def show(self, alert: Alert) -> Delivery:
        """Show it, with a new connection if the old one is gone, and say what came of it."""
        try:
            try:
                number = self._shown(alert)
            except BusLost:
                self._lose_bus()
                number = self._shown(alert)
        except BusLost as error:
            self._lose_bus()
            return _not_shown(error.sentence)
        except MayCome as error:
            self._late.append(alert)
            return replace(_not_shown(error.sentence), may_come=True)
        except NoDesktop as error:
            return _not_shown(error.sentence)
        self._remember(number, alert)
        return Delivery(shown=True, by=NAME)

    def withdraw(self, what: str) -> None:
        """Take the issue's pop-up off the screen, and the cards that have no other issue left; one
        that a slow desktop has yet to show goes as soon as it comes."""
        self._late = deque(None if _is_about(one, what) else one for one in self._late)
        for place, keys in tuple(self._on_cards.items()):
            if left := keys - {what}:
                self._on_cards[place] = left
            else:
                self._take_away(place)
        for place, number in tuple(self._open.items()):
            alert = self._alerts.get(number)
            if place == what or (alert is not None and alert.dedupe == what):
                self._take_away(place)

    def hear(self) -> None:
        """Pass on what people did with the pop-ups."""
        if self._bus is None:
            return
        try:
            for happening in self._bus.happenings():
                self._act(happening)
        except NoDesktop:
            self._lose_bus()

    def close(self) -> None:
        """Let go of the connection; what is on the screen stays there."""
        if self._bus is not None:
            self._bus.close()
            self._bus = None

    def _shown(self, alert: Alert) -> int:
        if self._bus is None:
            self._bus = NotificationBus(seconds=self.seconds)
        return self._bus.notify(self._note(alert, self._bus.capabilities()))

    def _note(self, alert: Alert, can: frozenset[str]) -> Note:
        body = lines(alert.body, most=_LINE)
        sound = ("sound-name", ("s", _SOUND)) if self._sound() else ("suppress-sound", ("b", True))
        hints: dict[str, tuple[str, Any]] = {
            "urgency": ("y", _URGENCY[alert.level]),
            "desktop-entry": ("s", "frontburner"),
            "category": ("s", "email.arrived"),
            sound[0]: sound[1],
        }
        return Note(
            title=one_line(alert.title, most=_TITLE),
            body=html.escape(body, quote=False) if "body-markup" in can else body,
            replaces=self._open.get(slot(alert), 0),
            icon=self._icon,
            actions=_actions(alert) if "actions" in can else (),
            hints=hints,
            expires_ms=_NEVER if alert.level is AlertLevel.URGENT else _AS_USUAL,
        )

    def _take_away(self, place: str) -> None:
        number = self._open.pop(place, None)
        self._on_cards.pop(place, None)
        if number is not None and self._bus is not None:
            with contextlib.suppress(NoDesktop):
                self._bus.close_note(number)

    def _remember(self, number: int, alert: Alert) -> None:
        self._alerts.pop(number, None)
        self._alerts[number] = alert
        self._open[slot(alert)] = number
        if len(alert.issue_keys) > 1:
            self._on_cards[slot(alert)] = frozenset(alert.issue_keys)
        while len(self._alerts) > _REMEMBERED:
            del self._alerts[next(iter(self._alerts))]

    def _act(self, happening: Happening) -> None:
        if happening.name == "gone":
            self._lose_pop_ups()
            return
        if happening.name == "came":
            _guarded(self.on_back)
            return
        if happening.name == "shown":
            self._come_late(happening.id)
            return
        alert = self._alerts.get(happening.id)
        if alert is None:
            return
        was_open = self._open.get(slot(alert)) == happening.id
        if was_open:
            del self._open[slot(alert)]
            self._on_cards.pop(slot(alert), None)
        if happening.name == "ActionInvoked":
            pressed = happening.detail in (Action.ACKNOWLEDGE, Action.SNOOZE)
            self._tell(alert, Action(happening.detail) if pressed else Action.OPEN)
        elif was_open and happening.detail == _CLOSED_BY_PERSON:
            self._tell(alert, Action.DISMISS)

    def _come_late(self, number: int) -> None:
        """A slow desktop has shown it after all: it can be clicked, and taken away."""
        if not self._late:
            return
        alert = self._late.popleft()
        if alert is not None and number:
            self._remember(number, alert)
        elif number and self._bus is not None:
            with contextlib.suppress(NoDesktop):
                self._bus.close_note(number)

    def _lose_bus(self) -> None:
        self.close()
        self._lose_pop_ups()

    def _lose_pop_ups(self) -> None:
        """The program that showed them is gone; its numbers mean nothing to the next one."""
        lost = [self._alerts[number] for number in self._open.values() if number in self._alerts]
        self._open.clear()
        self._on_cards.clear()
        self._alerts.clear()
        self._late.clear()
        for alert in lost:
            self._tell(alert, Action.LOST)

    def _tell(self, alert: Alert, action: Action) -> None:
        _guarded(lambda: self._on_action(alert, action))


def _actions(alert: Alert) -> tuple[str, ...]:
    """Key and words in turn; one click on the pop-up itself is "default"."""
    open_it = ("default", tr("Open it"))
    if len(alert.issue_keys) == 1:
        acknowledge = (Action.ACKNOWLEDGE.value, tr("Acknowledge"))
        return (*open_it, *acknowledge, Action.SNOOZE.value, tr("Snooze 1 h"))
    return open_it


def _nothing() -> None:
    """Nobody has to be told."""


def _is_about(alert: Alert | None, what: str) -> bool:
    return alert is not None and (alert.dedupe == what or alert.issue_keys == (what,))


def _not_shown(why: str) -> Delivery:
    return Delivery(shown=False, by="", detail=why if why.endswith(".") else f"{why}.")


def _guarded(call: Callable[[], None]) -> None:
    """A bug in what we call must not silence every alert after it."""
    try:
        call()
    except Exception:  # noqa: BLE001 - whatever it is, it is logged whole
        _log.exception("an alert's callback failed")
