"""Engine: the process that owns network, clock and writer: starts its machinery, answers the desks'
verbs, tells them what moved, and ends when it is time."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

from app.alerts.notifier import Action
from app.domain.alert import Alert
from app.domain.changes import Changes
from app.domain.errors import Unwritable
from app.engine import desks
from app.engine.buttons import Buttons
from app.engine.demo import Feeder
from app.engine.desk import Verbs
from app.engine.ending import Ending
from app.engine.machinery import Heard, Machinery
from app.engine.parts import Parts
from app.engine.ringer import STATE_OF
from app.engine.sample_filling import fill
from app.engine.server import Server
from app.engine.wire import Event
from app.storage import outbox

_IDLE_LOOK = 0.5
_SHOP_CLOSES = 60  # looks as below, for the sample shop, whose window may have been killed
_IDLE_ENOUGH = 6  # looks without a desk and without work, then a command's engine ends


class Engine:
    """All threads of one profile, and the verbs that desks ask for."""

    def __init__(self, parts: Parts, *, stay: bool) -> None:
        self._parts = parts
        self._stay = stay
        self._ended = threading.Event()
        self._feeder: Feeder | None = None
        self._heard = Heard(tell=self._tell, moved=self._moved, acted=self._act, woke=self._woke)
        self._machinery = Machinery(parts, heard=self._heard)
        self._desk = desks.issue_desk(parts, self._machinery, self._heard)
        self._ending = Ending(writer=parts.writer, clock=parts.clock)
        self._buttons = Buttons(desk=self._desk, writer=parts.writer, clock=parts.clock)
        self._server = Server(
            parts.profile,
            answer=self._verbs().answer,
            greeted=self._greeted,
            present=self._present,
        )
        parts.writer.tell(self._tell_trouble)

    def start(self) -> None:
        """Open the door last, when everything behind it stands."""
        self._machinery.start()
        if self._stay:
            self._machinery.keep_watch()
        self._server.start()

    def wait(self) -> None:
        """Return when it is time to end: told so, or nothing is left to do for a command."""
        idle = 0
        while not (self._ended.wait(_IDLE_LOOK) or self._ending.has_come()):
            watches = self._stay and self._feeder is None
            at_work = watches or self._server.desks or self._machinery.is_busy()
            idle = 0 if at_work else idle + 1
            if idle >= (_IDLE_ENOUGH if self._feeder is None else _SHOP_CLOSES):
                return

    def end(self) -> None:
        """Make `wait` return."""
        self._ended.set()

    def stop(self) -> None:
        """Stop every thread; what is under way is finished or stays on its way, written down."""
        self._server.stop()
        if self._feeder is not None:
            self._feeder.stop()
        self._machinery.stop()

    def open_sample_shop(self, folder: Path, *, live: bool) -> None:
        """Fill this profile with the sample shop, before `start`; `live` mail arrives over time."""
        self._feeder = fill(self._parts, folder, judgement=self._machinery.judgement)
        self._feeder.start() if live else self._feeder.write_all()

    def _verbs(self) -> Verbs:
        parts, machinery, heard = self._parts, self._machinery, self._heard
        return Verbs(
            {
                **self._desk.verbs(),
                **desks.issue_verbs(parts, machinery, heard),
                **desks.account_verbs(parts, machinery, heard),
                **desks.promise_verbs(parts, machinery, heard),
                **desks.looking_verbs(parts, machinery, begin_anew=self._stop_verb),
                "alert_seen": machinery.rounds.ringer.seen,
                "stop": self._stop_verb,
                "status": self._status,
            }
        )

    def _stop_verb(self, finish: bool = False) -> dict[str, Any]:
        """End the engine; with `finish`, when the replies that count down have left."""
        if finish:
            self._ending.ask()
        else:
            threading.Timer(0.05, self.end).start()  # after the answer has left
        return {}

    def _status(self) -> dict[str, Any]:
        """How the engine is."""
        return {
            "staying": self._stay,
            "desks": self._server.desks,
            "outbox": self._parts.writer.do(outbox.pending),
            "profile": str(self._parts.profile.folder),
        }

    def _greeted(self, stay: bool) -> None:
        if stay:
            self._ending.take_back()
        if stay and not self._stay:
            self._stay = True
            self._machinery.keep_watch()

    def _act(self, alert: Alert, action: Action) -> None:
        """Somebody did something to a pop-up; called from the notifier's thread."""
        self._machinery.rounds.ringer.close((alert.id,), STATE_OF[action])
        if action in (Action.ACKNOWLEDGE, Action.SNOOZE):
            self._buttons.press(action, alert.issue_keys)
        elif action is Action.OPEN:
            self._show(alert.issue_keys[0] if len(alert.issue_keys) == 1 else "")

    def _show(self, key: str) -> None:
        """Bring the window to the front on an issue; start one where none is."""
        if self._server.listeners:
            self._server.publish(Event(kind="open", data={"key": key}))
        else:
            self._parts.open_window(key)

    def _woke(self, _slept: timedelta) -> None:
        """The machine slept: connections are dead, and replies may have missed their hour."""
        self._machinery.rounds.ringer.wake()
        self._machinery.feeds.poller.woke()
        self._machinery.feeds.outbox.wake()

    def _tell_trouble(self, trouble: Unwritable | None) -> None:
        """No row can say that no row can be written: every desk is told at once."""
        self._server.publish(_unwritable(trouble))

    def _present(self) -> Event | None:
        trouble = self._parts.writer.trouble
        return None if trouble is None else _unwritable(trouble)

    def _moved(self, changes: Changes) -> None:
        if changes:
            self._tell(Event(kind="changes", changes=changes))

    def _tell(self, event: Event) -> None:
        self._server.publish(event)
        if event.changes.alerts:
            self._machinery.rounds.ringer.wake()
        if event.changes.accounts:
            self._machinery.feeds.outbox.wake()


def _unwritable(trouble: Unwritable | None) -> Event:
    return Event(kind="unwritable", data={} if trouble is None else trouble.as_dict())
