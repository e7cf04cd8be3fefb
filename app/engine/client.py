"""Client: how a desk asks the engine, starts it where there is none, and hears what moved."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client
from pathlib import Path
from typing import Any

import msgspec

from app.config.paths import Profile
from app.config.processes import Child, own_command, spawn_detached
from app.config.system import FileLock, is_locked, lock_file, socket_family, write_private
from app.domain.errors import EngineLost, KnownError, ProfileInUse, known_error
from app.domain.translation import tr
from app.engine import wire
from app.engine.wire import Event

START_TIMEOUT = 30.0
_STEP = 0.05
_STARTS_AGAIN, _STARTS_SELDOM = 1.0, 20.0  # seconds, while something keeps it from starting
_ROOM = 65_536  # bytes; what a starting engine needs at the least
# Verbs that may be asked again after the engine was lost: twice comes to the same as once.
_REPEATABLE = frozenset(
    {
        "templates", "render", "check_reply", "template_list",
        "template_read", "template_preview", "save_draft", "send_reply", "html", "preset",
        "account_test", "sync_now", "poll", "alert_seen", "seen", "settings", "set_setting",
        "status",
        "acknowledge", "resolve", "link_order", "reopen", "assign", "snooze", "override", "verdict",
        "undo_send", "doctor", "rules_check", "hours", "check_hours", "set_hours", "holidays",
        "holiday_countries", "reload_terms", "contacts", "rota", "set_rota", "contact_review",
        "view_keep", "view_move", "thumbnail",
        "lesson", "learn_again", "report", "simulate", "owner_rules", "check_owner_rule",
        "try_owner_rule", "reload_owner_rules",
        "hours_effect", "promises", "check_promises",
        "promises_effect", "set_promises", "ladders", "check_ladder", "try_ladder", "set_ladders",
    }
)  # fmt: skip

__all__ = ["EngineClient", "Event"]


class _NotTakenUp(Exception):
    """The engine was ending and surely did not begin what it was asked."""


class EngineClient:
    """A desk's side of the socket. Every method may be called from any thread.

    With `stay` the engine is asked to watch the accounts for as long as it lives, which a window
    wants; a command does not, and its engine ends when the work is done.
    """

    def __init__(self, profile: Profile, *, stay: bool = False) -> None:
        self._profile = profile
        self._stay = stay
        self._lock = threading.Lock()
        self._idle: list[wire.Line] = []
        self._starting = threading.Lock()

    def call(self, verb: str, **args: Any) -> dict[str, Any]:
        """Ask for a verb and wait for the answer. Raises the KnownError that the engine gave.

        An engine that was just ending did not begin it: the next one is asked, when it is gone.
        """
        may_repeat = verb in _REPEATABLE
        until = time.monotonic() + START_TIMEOUT
        while True:
            try:
                return self._ask(verb, args)
            except _NotTakenUp as ending:
                if time.monotonic() >= until:
                    raise _lost() from ending
                time.sleep(_STEP)
            except EngineLost:
                if not may_repeat:
                    raise
                may_repeat = False

    def listen(self, on_event: Callable[[Event], None], *, stop: threading.Event) -> None:
        """Hand over every event until `stop`; belongs into a thread of its own.

        When the engine goes away it says "lost", starts it again, and says "back". Where it does
        not start, "lost" carries the error, and it is tried again, more and more calmly.
        """
        pause = _STARTS_AGAIN
        while not stop.is_set():
            try:
                self._listen_once(on_event, stop)
                pause = _STARTS_AGAIN
            except KnownError as error:
                on_event(Event(kind="lost", data=error.as_dict()))
                stop.wait(pause)
                pause = min(2 * pause, _STARTS_SELDOM)
                continue
            except (OSError, EOFError, msgspec.DecodeError):
                pause = _STARTS_AGAIN
                # Those that nobody asks through just now lead to the same engine. On Windows its
                # pipe lives on in each of them, and the next engine could not make one.
                self.close()
            if not stop.is_set():
                on_event(Event(kind="lost"))
                stop.wait(0.2)

    def is_running(self) -> bool:
        """Whether an engine answers, without starting one."""
        with suppress(OSError, EOFError, AuthenticationError, KnownError):
            self._connect("call").close()
            return True
        return False

    def copies(self) -> list[dict[str, Any]]:
        """The copies of the database that can be gone back to, the newest first; told without an
        engine, for whoever has none that starts."""
        from app.config.settings import read_settings
        from app.storage.copies import Shelf, as_dict, folders
        from app.storage.database import disk_errors, open_reader

        if not self._profile.folder.is_dir():
            return []
        chosen = read_settings(self._profile.settings)[0].copies_folder
        before: tuple[Path, ...] = ()
        with (
            suppress(KnownError),
            disk_errors(),
            closing(open_reader(self._profile.database)) as db,
        ):
            before = folders(db)
        return [as_dict(one) for one in Shelf.of(self._profile, chosen, others=before).every()]

    def restore(self, copy: Path, *, now: datetime) -> Path | None:
        """Put a copy of the database in its place, with no engine at work meanwhile; the folder in
        which the one before is kept, if there was one. Raises KnownError with nothing changed."""
        from app.storage.restoring import restore

        with self._lock_of_engine():
            return restore(self._profile.database, copy, now=now)

    def _lock_of_engine(self) -> FileLock:
        """The profile's lock; the engine that has it is told to end. Raises ProfileInUse.

        None is started for that: on a damaged profile it could not, and would say so in vain.
        """
        is_told, until = False, time.monotonic() + START_TIMEOUT
        while time.monotonic() < until:
            if (lock := lock_file(self._profile.lock, wait=_STEP)) is not None:
                return lock
            if not is_told and self.is_running():  # one that has only begun to start hears it then
                is_told = True
                with suppress(KnownError):
                    self.call("stop")
                self.close()
        raise ProfileInUse(
            tr("An engine works on this profile and does not end"),
            hint=tr("End it, then try again"),
        )

    def close(self) -> None:
        """Let go of idle connections."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _ask(self, verb: str, args: dict[str, Any]) -> dict[str, Any]:
        with self._connection() as connection:
            try:
                wire.write(connection, {"verb": verb, "args": args})
            except OSError as error:  # a frame that did not leave whole is read by nobody
                raise _NotTakenUp from error
            answer = wire.read(connection)
        if "ok" in answer:
            ok = answer["ok"]
            return ok if isinstance(ok, dict) else {}
        raise known_error(answer)

    @contextmanager
    def _connection(self) -> Iterator[wire.Line]:
        connection = self._taken() or self._reach("call")
        try:
            yield connection
        except (_NotTakenUp, wire.Ending) as error:
            self._let_go(connection)
            raise _NotTakenUp from error
        except (OSError, EOFError, msgspec.DecodeError) as error:
            self._let_go(connection)
            raise _lost() from error
        with self._lock:
            self._idle.append(connection)

    def _let_go(self, connection: wire.Line) -> None:
        """Of an engine that is gone; the others lead to the same one."""
        connection.close()
        self.close()

    def _taken(self) -> wire.Line | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _listen_once(self, on_event: Callable[[Event], None], stop: threading.Event) -> None:
        connection = self._reach("listen")
        try:
            while not stop.is_set():
                if connection.poll(0.5):
                    on_event(wire.event_of(wire.read(connection)))
        finally:
            connection.close()

    def _reach(self, purpose: str) -> wire.Line:
        with suppress(OSError, EOFError, AuthenticationError):
            return self._connect(purpose)
        with self._starting:
            return self._start_and_connect(purpose)

    def _start_and_connect(self, purpose: str) -> wire.Line:
        child: Child | None = None
        pause = threading.Event()
        for step in range(int(START_TIMEOUT / _STEP)):
            with suppress(OSError, EOFError, AuthenticationError):
                return self._connect(purpose)
            may_start = child is None or (child.exit_status is not None and step % 20 == 0)
            if may_start and not is_locked(self._profile.lock):  # else one starts, or is ending
                if child is not None and child.exit_status:
                    self._explain(child.exit_status)
                child = spawn_detached(self._command(), stderr=self._profile.log)
            pause.wait(_STEP)
        raise EngineLost(
            tr("The engine does not start"),
            tr(
                "It gave no answer within {start_timeout} seconds",
                start_timeout=f"{START_TIMEOUT:.0f}",
            ),
            tr("See {log} for the reason", log=self._profile.log),
        )

    def _command(self) -> list[str]:
        stay = ["--stay"] if self._stay else []
        return own_command("--profile", str(self._profile.folder), "engine", *stay)

    def _explain(self, status: int) -> None:
        """Raise what kept the engine from starting, in its own words."""
        with suppress(OSError, ValueError, msgspec.DecodeError):
            said = msgspec.json.decode(wire.last_words(self._profile).read_bytes())
            if isinstance(said, dict) and said.get("error") != "ProfileInUse":
                raise known_error(said)
        self._require_writable()
        if status not in (0, 1):
            raise EngineLost(
                tr("The engine stopped while it started"),
                tr("Its exit status was {status}", status=status),
                tr("See {log} for the reason", log=self._profile.log),
            )

    def _require_writable(self) -> None:
        """What keeps an engine from starting and from saying why keeps us from writing as well."""
        from app.storage.database import disk_errors  # where it starts, nobody needs it here

        with disk_errors():
            write_private(self._profile.folder / "room", bytes(_ROOM))
            (self._profile.folder / "room").unlink(missing_ok=True)

    def _connect(self, purpose: str) -> wire.Line:
        key = self._profile.key_file.read_bytes()
        connection = Client(self._profile.socket, family=socket_family(), authkey=key)
        wire.write(connection, {"hello": purpose, "stay": self._stay, "protocol": wire.PROTOCOL})
        return connection


def _lost() -> EngineLost:
    return EngineLost(
        tr("The engine went away while it was asked"),
        tr("Nothing that was stored is lost"),
        tr("It starts again by itself; please try once more"),
    )
