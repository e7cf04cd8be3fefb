"""EngineBridge: the engine as the window sees it; verbs go out, what moved comes in.

Asking and listening block, so both happen in threads of their own; every answer, error and event
arrives in the Qt thread. Nothing in the window knows the socket but this file.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, Protocol

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.changes import Changes
from app.domain.errors import KnownError
from app.engine.client import Event

COALESCE_MS = 50
_ASKED_AT_ONCE = 256
# Verbs that wait for a network or a file: they must not stand in the way of the quick ones.
_SLOW = frozenset(
    {"account_add", "account_test", "account_sign_in", "preset", "sync_now", "html",
     "save_attachment", "account_oauth_start"}
)  # fmt: skip
_WAITS_FOR_A_PERSON = frozenset({"account_oauth_finish"})

Then = Callable[[dict[str, Any]], object]
Failed = Callable[[KnownError], object]


class EngineDoor(Protocol):
    """What the bridge asks of the engine's client."""

    def call(self, verb: str, **args: Any) -> dict[str, Any]:
        """Ask for a verb and wait for the answer; raises KnownError."""

    def listen(self, on_event: Callable[[Event], None], *, stop: threading.Event) -> None:
        """Hand over every event until `stop`."""


class EngineBridge(QObject):
    """Runs verbs in order of asking and says what moved, at most every 50 ms.

    `changed` carries Changes; `opened` the key of an issue whose pop-up was clicked; `progress`
    {account, folder, done, total}; `setting_changed` a name and its new value; `failed` a
    KnownError that no caller of `run` took; `broke` a bug, whoever asked.
    """

    changed = Signal(object)
    opened = Signal(str)
    progress = Signal(dict)
    setting_changed = Signal(str, object)
    engine_lost = Signal()
    engine_back = Signal()
    failed = Signal(object)
    broke = Signal(object)
    _arrived = Signal(object)
    _moved = Signal()

    def __init__(self, client: EngineDoor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._pending = Changes()
        self._is_lost = False
        self._quick: queue.Queue[Callable[[], None] | None] = queue.Queue(_ASKED_AT_ONCE)
        self._slow: queue.Queue[Callable[[], None] | None] = queue.Queue(_ASKED_AT_ONCE)
        self._threads: list[threading.Thread] = []
        self._timer = QTimer(self, singleShot=True, interval=COALESCE_MS)
        self._timer.timeout.connect(self._hand_over)
        self._arrived.connect(self._deliver)
        self._moved.connect(self._note_move)

    def start(self) -> None:
        """Begin to ask and to listen."""
        for name, target in (
            ("verbs", lambda: self._work(self._quick)),
            ("slow verbs", lambda: self._work(self._slow)),
            ("events", self._listen),
        ):
            thread = threading.Thread(target=target, name=name, daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self, *, timeout: float = 1.0) -> None:
        """Ask and listen no more; a verb that is under way is left to the engine."""
        self._stop.set()
        for jobs in (self._quick, self._slow):
            with suppress(queue.Full):
                jobs.put_nowait(None)
        for thread in self._threads:
            thread.join(timeout)

    def run(
        self, verb: str, *, then: Then | None = None, failed: Failed | None = None, **args: Any
    ) -> None:
        """Ask the engine; `then` gets the answer, `failed` the error, both in the Qt thread.

        Exactly one of the two is called. Quick verbs are done in the order of asking. A callback
        of a widget that is gone by then is dropped. Without `failed` an error goes out by the
        signal of that name.
        """
        if verb in _WAITS_FOR_A_PERSON:  # minutes: nothing may stand in line behind it
            waiting = partial(self._ask, verb, args, then, failed)
            threading.Thread(target=waiting, name=verb, daemon=True).start()
            return
        jobs = self._slow if verb in _SLOW else self._quick
        try:
            jobs.put_nowait(lambda: self._ask(verb, args, then, failed))
        except queue.Full:
            busy = KnownError(
                "Frontburner is busy", "Too much was asked at once", "Try again in a moment"
            )
            self._tell(failed, busy)

    def publish(self, changes: Changes) -> None:
        """Note that something moved; may be called from any thread."""
        with self._lock:
            self._pending |= changes
        self._moved.emit()

    def _work(self, jobs: queue.Queue[Callable[[], None] | None]) -> None:
        while not self._stop.is_set():
            job = jobs.get()
            if job is None:
                return
            job()

    def _ask(
        self, verb: str, args: dict[str, Any], then: Then | None, failed: Failed | None
    ) -> None:
        try:
            answer = self._client.call(verb, **args)
        except Exception as error:  # noqa: BLE001 - the one place where a verb's error crosses over
            self._post(partial(self._tell, failed, error))
            return
        self.publish(Changes.from_dict(answer.get("changes", {})))
        self._post(partial(self._answer, verb, args, then, answer))

    def _answer(
        self, verb: str, args: dict[str, Any], then: Then | None, answer: dict[str, Any]
    ) -> None:
        if verb == "set_setting":
            self.setting_changed.emit(str(args.get("name", "")), args.get("value"))
        if then is not None:
            _call(then, answer)

    def _tell(self, failed: Failed | None, error: Exception) -> None:
        known = error if isinstance(error, KnownError) else _bug(error)
        if known is not error:
            self.broke.emit(error)
        if failed is not None:
            _call(failed, known)
        elif known is error:
            self.failed.emit(error)

    def _listen(self) -> None:
        self._client.listen(self._heard, stop=self._stop)

    def _heard(self, event: Event) -> None:
        if event.changes:
            self.publish(event.changes)
        self._post(lambda: self._say(event))

    def _say(self, event: Event) -> None:
        match event.kind:
            case "open":
                self.opened.emit(str(event.data.get("key", "")))
            case "progress":
                self.progress.emit(event.data)
            case "lost" if not self._is_lost:
                self._is_lost = True
                self.engine_lost.emit()
            case "back":
                self._is_lost = False
                self.engine_back.emit()
            case _:
                pass

    def _post(self, job: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the window is gone: nobody is left to be told
            self._arrived.emit(job)

    def _deliver(self, job: Callable[[], None]) -> None:
        job()

    def _note_move(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _hand_over(self) -> None:
        with self._lock:
            changes, self._pending = self._pending, Changes()
        if changes:
            self.changed.emit(changes)


def _bug(error: Exception) -> KnownError:
    said = KnownError(
        "Frontburner made a mistake",
        "It was noted in the log; your mail is as it was",
        "Try again; if it happens again, please report it",
    )
    said.__cause__ = error
    return said


def _call(callback: Callable[[Any], object], value: Any) -> None:
    owner = getattr(callback, "__self__", None)
    if isinstance(owner, QObject) and not shiboken6.isValid(owner):
        return
    callback(value)
