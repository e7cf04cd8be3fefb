"""EngineBridge: the engine as the window sees it; verbs go out, what moved comes in.

Asking and listening block, so both happen in threads of their own; every answer, error and event
arrives in the Qt thread. Nothing in the window knows the socket but this file.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from types import FunctionType
from typing import Any, Protocol

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.changes import Changes
from app.domain.errors import EngineLost, KnownError, known_error
from app.domain.translation import tr
from app.engine.client import Event

COALESCE_MS = 50
# How long a window that was closed goes on asking, unseen, for what its owner still wanted.
DRAIN_SECONDS = 10.0
_TRY_AGAIN_SECONDS = 0.3
_ASKED_AT_ONCE = 256
# Verbs that wait for a network or a file: they must not stand in the way of the quick ones.
_SLOW = frozenset(
    {"secret_command_try", "sync_now", "html", "save_attachment", "thumbnail", "download", "raw",
     "hours_effect", "promises_effect", "contact_test", "evidence", "add_evidence",
     "remove_evidence", "copies"}
)  # fmt: skip
# Verbs that reckon with months of issues, for a second or two: nothing else waits behind them.
_RECKONS = frozenset({"report", "simulate"})
# Verbs that may take minutes, of a person, a server that says nothing, a disk or many photos: each
# stands in nobody's way.
_TAKES_MINUTES = frozenset(
    {"account_add", "account_set", "account_test", "account_sign_in", "account_remove", "preset",
     "account_oauth_start", "account_oauth_finish", "export", "import", "backup", "copy_now",
     "customer_export", "packet"}
)  # fmt: skip
# Verbs whose answer nobody can read once the window is closed.
_ONLY_READ = frozenset(
    {"account_test", "secret_command_try", "preset", "html", "thumbnail", "templates", "render",
     "settings", "status", "account_oauth_start", "report", "simulate"}
)  # fmt: skip
# Asked again while the window closes, when the engine went away over it: it says the same twice.
_SAFE_TWICE = frozenset({"save_draft"})

_Job = tuple[str, Callable[[], None]]

Then = Callable[[dict[str, Any]], object]
Failed = Callable[[KnownError], object]


class EngineDoor(Protocol):
    """What the bridge asks of the engine's client."""

    def call(self, verb: str, **args: Any) -> dict[str, Any]:
        """Ask for a verb and wait for the answer; raises KnownError."""

    def listen(self, on_event: Callable[[Event], None], *, stop: threading.Event) -> None:
        """Hand over every event until `stop`."""

    def copies(self) -> list[dict[str, Any]]:
        """The copies of the database that can be gone back to, the newest first."""

    def restore(self, copy: Path, *, now: datetime) -> Path | None:
        """Put a copy in the place of the database; raises KnownError."""


class EngineBridge(QObject):
    """Runs verbs in order of asking and says what moved, at most every 50 ms.

    `changed` carries Changes; `opened` the key of an issue whose pop-up was clicked; `progress`
    {account, folder, done, total}; `setting_changed` a name and its new value; `failed` a
    KnownError that no caller of `run` took; `broke` a bug, whoever asked; `engine_refused` the
    KnownError that keeps a lost engine from starting; `unwritable` the one that keeps the profile
    from being written, or None when it is over.
    """

    changed = Signal(object)
    opened = Signal(str)
    progress = Signal(dict)
    setting_changed = Signal(str, object)
    engine_lost = Signal()
    engine_refused = Signal(object)
    unwritable = Signal(object)
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
        self._closes_at: float | None = None
        self._quick: queue.Queue[_Job | None] = queue.Queue(_ASKED_AT_ONCE)
        self._slow: queue.Queue[_Job | None] = queue.Queue(_ASKED_AT_ONCE)
        self._reckoned: queue.Queue[_Job | None] = queue.Queue(_ASKED_AT_ONCE)
        self._workers: list[threading.Thread] = []
        self._listener: threading.Thread | None = None
        self._timer = QTimer(self, singleShot=True, interval=COALESCE_MS)
        self._timer.timeout.connect(self._hand_over)
        self._arrived.connect(self._deliver)
        self._moved.connect(self._note_move)

    def start(self) -> None:
        """Begin to ask and to listen."""
        self._workers = [
            _thread("verbs", lambda: self._work(self._quick)),
            _thread("slow verbs", lambda: self._work(self._slow)),
            _thread("figures", lambda: self._work(self._reckoned)),
        ]
        self._listener = _thread("events", self._listen)

    def stop(self, *, seconds: float = DRAIN_SECONDS) -> None:
        """Do what was still asked, then ask and listen no more; blocks at most `seconds`.

        A draft that waits behind a slow or restarting engine is kept this way. What only reads is
        left out, since nobody sees the answer.
        """
        if self._closes_at is None:
            self._closes_at = time.monotonic() + seconds
            lines = (self._quick, self._slow, self._reckoned)
            for jobs in lines if self._workers else ():
                with suppress(queue.Full):
                    jobs.put(None, timeout=self._left())
        for worker in self._workers:
            worker.join(self._left())
        self._stop.set()
        if self._listener is not None:
            self._listener.join(1.0)

    def _left(self) -> float:
        """Seconds until a closing window gives up."""
        return 0.0 if self._closes_at is None else max(0.0, self._closes_at - time.monotonic())

    def run(
        self, verb: str, *, then: Then | None = None, failed: Failed | None = None, **args: Any
    ) -> None:
        """Ask the engine; `then` gets the answer, `failed` the error, both in the Qt thread.

        Exactly one of the two is called. Quick verbs are done in the order of asking. A callback
        of a widget that is gone by then is dropped. Without `failed` an error goes out by the
        signal of that name.
        """
        if verb in _TAKES_MINUTES:
            _thread(verb, lambda: self._ask(verb, args, then, failed))
            return
        jobs = self._line_of(verb)
        try:
            jobs.put_nowait((verb, lambda: self._ask(verb, args, then, failed)))
        except queue.Full:
            busy = KnownError(
                tr("Frontburner is busy"),
                tr("Too much was asked at once"),
                tr("Try again in a moment"),
            )
            self._tell(failed, busy)

    def _line_of(self, verb: str) -> queue.Queue[_Job | None]:
        if verb in _RECKONS:
            return self._reckoned
        return self._slow if verb in _SLOW else self._quick

    def restore(self, copy: Path, *, now: datetime, then: Callable[[Path | None], object],
                failed: Failed) -> None:  # fmt: skip
        """Put a copy in the place of the database; `then` gets the folder with the one before, if
        there was one. No verb: there may be no engine that could do it."""

        def work() -> None:
            try:
                kept = self._client.restore(copy, now=now)
            except Exception as error:  # noqa: BLE001 - it is told in the Qt thread
                self._post(partial(self._tell, failed, error))
            else:
                self._post(partial(_call, then, kept))

        _thread("restore", work)

    def copies(self, *, then: Callable[[list[dict[str, Any]]], object]) -> None:
        """Which copies there are; where that cannot be told nothing is. No verb, as `restore`."""

        def work() -> None:
            with suppress(KnownError, OSError):
                self._post(partial(_call, then, self._client.copies()))

        _thread("copies", work)

    def publish(self, changes: Changes) -> None:
        """Note that something moved; may be called from any thread."""
        with self._lock:
            self._pending |= changes
        self._moved.emit()

    def _work(self, jobs: queue.Queue[_Job | None]) -> None:
        while not self._stop.is_set() and (job := jobs.get()) is not None:
            verb, do = job
            if self._closes_at is None or verb not in _ONLY_READ:
                do()

    def _ask(
        self, verb: str, args: dict[str, Any], then: Then | None, failed: Failed | None
    ) -> None:
        try:
            answer = self._call(verb, args)
        except Exception as error:  # noqa: BLE001 - the one place where a verb's error crosses over
            self._post(partial(self._tell, failed, error))
            return
        self.publish(Changes.from_dict(answer.get("changes", {})))
        self._post(partial(self._answer, verb, args, then, answer))

    def _call(self, verb: str, args: dict[str, Any]) -> dict[str, Any]:
        while True:
            try:
                return self._client.call(verb, **args)
            except EngineLost:
                if verb not in _SAFE_TWICE or self._left() <= 0:
                    raise
            time.sleep(_TRY_AGAIN_SECONDS)

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
            case "lost":
                if not self._is_lost:
                    self._is_lost = True
                    self.engine_lost.emit()
                if event.data:
                    self.engine_refused.emit(known_error(event.data))
            case "unwritable":
                self.unwritable.emit(known_error(event.data) if event.data else None)
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


def _thread(name: str, target: Callable[[], None]) -> threading.Thread:
    made = threading.Thread(target=target, name=name, daemon=True)
    made.start()
    return made


def _bug(error: Exception) -> KnownError:
    said = KnownError(
        tr("Frontburner made a mistake"),
        tr("It was noted in the log; your mail is as it was"),
        tr("Try again; if it happens again, please report it"),
    )
    said.__cause__ = error
    return said


def _call(callback: Callable[[Any], object], value: Any) -> None:
    owner = _owner(callback)
    if isinstance(owner, QObject) and not shiboken6.isValid(owner):
        return
    callback(value)


def _owner(callback: Callable[[Any], object]) -> object:
    """Whose the callback is: of a method its object, of a function within a method that one's."""
    if isinstance(callback, partial):
        return _owner(callback.func)
    if isinstance(callback, FunctionType) and callback.__closure__:
        held = zip(callback.__code__.co_freevars, callback.__closure__, strict=True)
        return next((cell.cell_contents for name, cell in held if name == "self"), None)
    return getattr(callback, "__self__", None)
