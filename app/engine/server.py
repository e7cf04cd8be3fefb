"""Server: the door through which desks ask the engine, and hear what moved.

Each desk has one connection or more; the first frame says whether it will ask ("call") or hear
("listen"). A listener that falls behind is told to read everything again, never held for. When the
door closes, what was taken up is answered still, and everybody else is told that it was not.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Listener
from typing import Any

import msgspec

from app.config.paths import Profile
from app.config.system import prepare_socket, socket_family
from app.domain.changes import Changes
from app.domain.errors import KnownError
from app.domain.translation import tr
from app.engine import wire
from app.storage.database import OF_THE_DISK, disk_errors

log = logging.getLogger(__name__)

_BACKLOG = 64
_QUEUE = 1000
_LAST_ANSWERS = 2.0  # seconds; a person's verb takes a tenth, a round of mail may be asked again

Answer = Callable[[str, dict[str, Any]], dict[str, Any]]


class Server:
    """Listens on the profile's socket and gives each request to `answer`."""

    def __init__(
        self,
        profile: Profile,
        *,
        answer: Answer,
        greeted: Callable[[bool], None],
        present: Callable[[], wire.Event | None] = lambda: None,
    ) -> None:
        """`greeted` is told for each new desk whether it wants the engine to stay; `present` is
        what who begins to hear has to know beside what is stored, if there is something."""
        self._present = present
        self._profile = profile
        self._answer = answer
        self._greeted = greeted
        self._key = profile.auth_key()
        self._address = profile.socket
        self._listener: Listener | None = None
        self._lock = threading.Lock()
        self._answered_all = threading.Condition(self._lock)
        self._desks: set[wire.Line] = set()
        self._waiting: set[wire.Line] = set()  # desks to which nobody speaks just now
        self._busy = 0  # verbs that were taken up and not answered yet
        self._ears: set[queue.Queue[wire.Event | None]] = set()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Open the door."""
        try:
            prepare_socket(self._address)
            self._listener = Listener(
                self._address, family=socket_family(), backlog=_BACKLOG, authkey=self._key
            )
        except OSError as error:
            raise _closed(self._profile, error) from error
        self._thread = threading.Thread(target=self._accept, name="server", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close the door and let every desk go, those that asked in time with their answer."""
        with self._lock:
            self._stopping.set()
            ears, waiting = tuple(self._ears), tuple(self._waiting)
        for ear in ears:
            _offer(ear, None)
        for desk in waiting:
            wire.write_farewell(desk)
        with suppress(OSError):  # a knock without a greeting, so that nobody has to answer it
            Client(self._address, family=socket_family()).close()
        if self._thread is not None:  # it takes its socket away before another engine makes one
            self._thread.join(timeout=5)
        with self._answered_all:
            self._answered_all.wait_for(lambda: not self._busy, timeout=_LAST_ANSWERS)
            desks = tuple(self._desks)
        for desk in desks:
            with suppress(OSError):
                desk.close()

    @property
    def desks(self) -> int:
        """How many connections are open."""
        with self._lock:
            return len(self._desks)

    @property
    def listeners(self) -> int:
        """How many desks hear what moves."""
        with self._lock:
            return len(self._ears)

    def publish(self, event: wire.Event) -> None:
        """Tell every desk that listens."""
        with self._lock:
            ears = tuple(self._ears)
        for ear in ears:
            _offer(ear, event)

    def _accept(self) -> None:
        assert self._listener is not None
        with self._listener as listener:  # closed by the thread that waits on it, and who knocks
            self._welcome(listener)  # while it closes is turned away at once

    def _welcome(self, listener: Listener) -> None:
        while not self._stopping.is_set():
            try:
                desk = listener.accept()
            except AuthenticationError:
                log.warning("somebody knocked without this profile's key")
                continue
            except (OSError, EOFError):
                continue  # a desk that went away while it was greeted
            if self._stopping.is_set():
                wire.write_farewell(desk)
                desk.close()
                return
            threading.Thread(target=self._serve, args=(desk,), name="desk", daemon=True).start()

    def _serve(self, desk: wire.Line) -> None:
        with self._lock:
            self._desks.add(desk)
            self._waiting.add(desk)
        try:
            hello = wire.read(desk)
            self._greeted(bool(hello.get("stay")))
            if hello.get("hello") == "listen":
                self._tell(desk)
            else:
                self._attend(desk)
        except (OSError, EOFError, msgspec.DecodeError):
            pass  # the desk closed its window
        # Closed by `stop` amid a read: the handle is None, or the reading of a pipe was called off.
        except (TypeError, RuntimeError):
            if not self._stopping.is_set():
                raise
        finally:
            with self._lock:
                self._desks.discard(desk)
                self._waiting.discard(desk)
            with suppress(OSError):
                desk.close()

    def _attend(self, desk: wire.Line) -> None:
        while not self._stopping.is_set():
            request = wire.read(desk)
            if not self._takes_up(desk):
                break
            try:
                answer = self._answered(str(request.get("verb")), request.get("args", {}))
                wire.write(desk, answer)
            finally:
                self._has_answered(desk)
        wire.write_farewell(desk)

    def _takes_up(self, desk: wire.Line) -> bool:
        """Whether a verb that was read is begun; after `stop` none is."""
        with self._lock:
            if self._stopping.is_set():
                return False
            self._waiting.discard(desk)
            self._busy += 1
        return True

    def _has_answered(self, desk: wire.Line) -> None:
        with self._answered_all:
            self._waiting.add(desk)
            self._busy -= 1
            self._answered_all.notify_all()

    def _answered(self, verb: str, args: dict[str, Any]) -> dict[str, Any]:
        try:
            with disk_errors(only=OF_THE_DISK):
                return {"ok": self._answer(verb, args)}
        except KnownError as error:
            return error.as_dict()
        except Exception:
            log.exception("bug in the verb %s", verb)
            return KnownError(
                tr("Frontburner made a mistake"),
                tr("The verb {verb} failed for a reason that it should have foreseen", verb=verb),
                tr("The details are in the log; nothing was changed"),
            ).as_dict()

    def _tell(self, desk: wire.Line) -> None:
        ear: queue.Queue[wire.Event | None] = queue.Queue(maxsize=_QUEUE)
        with self._lock:
            self._ears.add(ear)
            self._waiting.discard(desk)
        try:
            wire.write(desk, wire.event_frame(wire.Event(kind="back")))
            if (present := self._present()) is not None:
                wire.write(desk, wire.event_frame(present))
            while (event := ear.get()) is not None:
                wire.write(desk, wire.event_frame(event))
        finally:
            with self._lock:
                self._ears.discard(ear)


def _closed(profile: Profile, error: OSError) -> KnownError:
    return KnownError(
        tr("The engine cannot be reached in {folder}", folder=profile.folder),
        error.strerror or "",
        tr("Choose a folder on a disk of this computer with --profile, or make room on this one."),
    )


def _offer(ear: queue.Queue[wire.Event | None], event: wire.Event | None) -> None:
    try:
        ear.put_nowait(event)
    except queue.Full:  # it will read everything again instead
        with suppress(queue.Empty):
            while True:
                ear.get_nowait()
        ear.put_nowait(None if event is None else wire.Event(kind="back", changes=Changes()))
