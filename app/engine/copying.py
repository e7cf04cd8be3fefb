"""Copying: a copy of the profile each day, made while nobody waits for anything.

Nothing has to be set up for it. It looks every ten minutes, so that a laptop that slept over its
hour catches up, and gives way to whatever else goes on. What keeps a copy from being made never
disturbs the engine: it is told where copies are told of, and by one alert when it lasts. A damaged
profile is an alert of its own, and every copy from before stays.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta, tzinfo
from pathlib import Path
from typing import Any

from app.config.paths import Profile
from app.config.settings import Settings
from app.domain.alert import COPIES, Alert, AlertLevel
from app.domain.changes import Changes
from app.domain.clock import Clock, instant, local_zone, rfc3339
from app.domain.daily_copy import Copy, is_due, newest, to_keep
from app.domain.errors import Damaged, KnownError, Refused
from app.domain.translation import tr
from app.engine.copy_folder import away, make_room, remove, require_room, said_of, size_of
from app.engine.desk import Verb
from app.engine.turns import Turns
from app.storage import alerts, copies, tables
from app.storage import profile as profile_rows
from app.storage.connection import Connection
from app.storage.copies import Shelf
from app.storage.writer import Writer

log = logging.getLogger(__name__)

_FIRST_LOOK, _LOOK, _SOON = 60.0, 600.0, 30.0  # seconds
_ONCE_MORE, _LONGEST = 3600.0, 86_400.0  # seconds, after one that failed
_FIRST_SYNC = 3 * 3600.0  # seconds; mailboxes of many years take so long
_BUSY_AT_MOST = timedelta(days=2)  # then it is made all the same, between one thing and the next
_LATE, _AWAY_LONG = timedelta(days=3), timedelta(days=14)
_LEAST_REST, _MOST_REST = 0.002, 0.25  # seconds after a portion
_WRITES_WAITED_FOR = 0.5  # seconds after a portion, at most
_GIVEN_UP_WITHIN = 10.0  # seconds
_LONGEST_LOG = 128 * 1024 * 1024  # bytes; while a copy is made the log cannot be cut
_LAST = "last_daily_copy"  # when the newest was begun


class _GaveWay(Exception):
    """The copy under way was given up for something that does not wait."""


class Copying:
    """The thread that makes them, and the verbs about them."""

    def __init__(
        self,
        *,
        profile: Profile,
        writer: Writer,
        settings: Callable[[], Settings],
        clock: Clock,
        busy: Callable[[], bool],
        publish: Callable[[Changes], None],
        zone: Callable[[], tzinfo] = local_zone,
        steady: Callable[[], float] = time.monotonic,
        rest: Callable[[float], None] = time.sleep,
    ) -> None:
        """`busy`: mail is being brought or judged; `steady` counts seconds whatever becomes of the
        clock, `rest` lets some pass."""
        self._profile = profile
        self._writer = writer
        self._settings = settings
        self._clock = clock
        self._busy = busy
        self._publish = publish
        self._zone = zone
        self._steady = steady
        self._rest = rest
        self._began = steady()
        self._not_before = self._began
        self._pause = _ONCE_MORE
        self._rang = ""
        self._trouble: KnownError | None = None
        self._making = threading.Lock()
        self._read: dict[Path, int] = {}
        self._used: tuple[Path, ...] | None = None
        self._gives_way = threading.Event()
        self._is_swept = self._is_started = False
        self._turns = Turns(self.step, name="copies", rest=_LOOK, first=_FIRST_LOOK)

    def start(self) -> None:
        """Begin to look whether one is due."""
        self._is_started = True
        self._turns.start()

    def stop(self) -> None:
        """Make no more; one that is under way is given up, also one that somebody asked for."""
        self._gives_way.set()
        if self._is_started:
            self._turns.stop()
        if self._making.acquire(timeout=_GIVEN_UP_WITHIN):  # what was half made is taken away
            self._making.release()

    def verbs(self) -> dict[str, Verb]:
        """The verbs by the names that desks use."""
        return {"copies": self.copies, "copy_now": self.copy_now}

    @contextmanager
    def none_is_read(self) -> Iterator[None]:
        """A copy under way is given up and none begins: who cuts the log waits for no reader."""
        self._gives_way.set()
        try:
            with self._making:
                yield
        finally:
            if not self._turns.is_over:
                self._gives_way.clear()

    def forgot(self) -> None:
        """A customer was forgotten: the copies are made anew without them as soon as it is calm, or
        go at once where none are made any more."""
        if self._settings().daily_copy:
            self._not_before = self._steady()
            self._turns.wake()
        else:
            remove(self._outdated(self._shelf().daily()))

    def holding(self) -> int:
        """How many copies will still have a customer for a while who is forgotten now."""
        return len(self._shelf().daily()) if self._settings().daily_copy else 0

    def going(self) -> int:
        """How many copies go together with a customer."""
        return 0 if self._settings().daily_copy else len(self._shelf().daily())

    def copies(self) -> dict[str, Any]:
        """What lies there, and how it stands with the next one."""
        shelf, settings = self._shelf(), self._settings()
        trouble = self._told_trouble(shelf) if settings.daily_copy else None
        return {
            "on": settings.daily_copy,
            "folder": str(shelf.folder),
            "is_chosen": shelf.is_chosen,
            "copies": [copies.as_dict(one) for one in shelf.every()],
            "trouble": trouble and trouble.as_dict(),
        }

    def copy_now(self) -> dict[str, Any]:
        """Make one now, whatever the hour. Raises KnownError."""
        try:
            return {"file": str(self.make().file)}
        except _GaveWay as error:
            raise Refused(
                tr("The copy was given up"),
                tr("Very much was being stored or deleted just then"),
                tr("Try again in a moment"),
            ) from error

    def step(self) -> float:
        """One look, and a copy if one is due and it is calm; seconds to the next."""
        shelf = self._shelf()
        if not self._is_swept:
            with self._making:  # somebody may have asked for one already
                shelf.sweep()
            self._is_swept = True
        if not self._settings().daily_copy:
            self._trouble = None
            return _LOOK
        make_room(shelf)
        self._let_go_of_outdated(shelf)
        if not self._is_due(shelf) or self._steady() < self._not_before:
            return _LOOK
        if not shelf.is_there:
            self._tell(shelf, away(shelf.folder))
            return _LOOK
        if self._is_held_up(shelf):
            return _SOON
        with suppress(KnownError, _GaveWay):  # it is noted, and told where copies are told of
            self.make()
        return _LOOK

    def make(self) -> Copy:
        """Make one and put it in the place of those that it makes needless. Raises KnownError."""
        with self._making:
            shelf = self._shelf()
            try:
                made = self._made(shelf)
            except _GaveWay:
                log.info("the copy was given up for something that does not wait")
                self._not_before = max(self._not_before, self._steady() + _LOOK)
                raise
            except KnownError as error:
                self._note_failure(shelf, error)
                raise
            self._put_in_place(shelf, made)
            return made

    def _made(self, shelf: Shelf) -> Copy:
        if not shelf.is_there:
            raise away(shelf.folder)
        at, began = self._clock.now(), self._steady()
        with said_of(shelf.folder):
            shelf.sweep()
            require_room(shelf, size_of(self._profile.database, self._log_file))
            made = copies.make(self._profile.database, shelf, at=at, pause=self._pausing())
        log.info("a copy was made in %.1f s: %s", self._steady() - began, made.file)
        return made

    def _put_in_place(self, shelf: Shelf, made: Copy) -> None:
        self._trouble, self._pause = None, _ONCE_MORE
        self._read.pop(made.file, None)
        found = shelf.daily()
        outdated = self._outdated(found)
        kept = to_keep([one for one in found if one not in outdated], made=made, zone=self._zone())
        remove(one for one in found if one not in kept)
        self._rang = ""
        with suppress(KnownError):
            self._publish(self._writer.do(lambda db: self._note(db, made)))

    def _note(self, db: Connection, made: Copy) -> Changes:
        """All is well; when that was is known too while the folder is away."""
        profile_rows.set_meta(db, _LAST, rfc3339(made.made_at))
        self._used = copies.note_folder(db, made.file.parent)
        gone = alerts.withdraw(db, COPIES, at=self._clock.now())
        return Changes(alerts=frozenset(gone))

    def _pausing(self) -> Callable[[], None]:
        """What is done between two portions: a rest as long as the portion took, and longer while
        somebody writes."""
        before = self._steady()
        longest = size_of(self._log_file) + _LONGEST_LOG

        def pause() -> None:
            nonlocal before
            if self._gives_way.is_set() or size_of(self._log_file) > longest:
                raise _GaveWay
            self._rest(min(_MOST_REST, max(_LEAST_REST, self._steady() - before)))
            until = self._steady() + _WRITES_WAITED_FOR
            while self._writer.is_at_work and self._steady() < until:
                self._rest(_LEAST_REST)
            before = self._steady()

        return pause

    def _is_due(self, shelf: Shelf) -> bool:
        """A profile to which nothing is connected yet is worth no copy; its first day then has one
        with something in it."""
        found, now = shelf.daily(), self._clock.now()
        worked = timedelta(seconds=self._steady() - self._began)
        due = is_due(found, now=now, zone=self._zone(), working_for=worked)
        if found:
            is_new = shelf.is_there and all(one.file.parent != shelf.folder for one in found)
            return due or is_new or len(self._outdated(found)) == len(found)
        return due and not self._writer.do(tables.is_empty)

    def _is_held_up(self, shelf: Shelf) -> bool:
        """Whether it has to wait for a calmer moment; not for ever."""
        last = newest(shelf.daily(), now=self._clock.now())
        if last is None:
            waits = self._steady() - self._began < _FIRST_SYNC
        else:
            waits = self._clock.now() - last.made_at < _BUSY_AT_MOST
        return self._writer.trouble is not None or (waits and self._busy())

    def _let_go_of_outdated(self, shelf: Shelf) -> None:
        """They go once there is one that is not; some could not be taken away then."""
        found = shelf.daily()
        outdated = self._outdated(found)
        if len(outdated) < len(found):
            remove(outdated)

    def _outdated(self, found: list[Copy]) -> list[Copy]:
        """Those that still have a customer who was forgotten since."""
        forgotten = self._writer.do(profile_rows.forgettings)
        return [one for one in found if forgotten and self._forgettings(one) < forgotten]

    def _forgettings(self, copy: Copy) -> int:
        """Read once: a disk that sleeps is not woken for it at each look."""
        if copy.file not in self._read:
            self._read[copy.file] = copies.forgettings(copy)
        return self._read[copy.file]

    def _note_failure(self, shelf: Shelf, trouble: KnownError) -> None:
        self._not_before = self._steady() + self._pause
        self._pause = min(_LONGEST, 2 * self._pause)
        if type(self._trouble) is not type(trouble) or str(self._trouble) != str(trouble):
            log.warning("no copy of the profile: %s", trouble.sentence)
        self._tell(shelf, trouble)

    def _tell(self, shelf: Shelf, trouble: KnownError) -> None:
        """Keep what is in the way, and let it ring: damage at once, all else when it lasts."""
        self._trouble = trouble
        with suppress(KnownError):  # what is damaged may not take it; it stands in its other places
            self._ring(trouble, is_away=not shelf.is_there)

    def _ring(self, trouble: KnownError, *, is_away: bool) -> None:
        last = self._writer.do(lambda db: profile_rows.get_meta(db, _LAST))
        is_damage = isinstance(trouble, Damaged)
        day = self._clock.now().astimezone(self._zone()).date()
        once = COPIES + (f"damaged/{day}" if is_damage else f"late/{last}")
        if self._rang == once or not (is_damage or self._is_late(last, is_away=is_away)):
            return
        told = Alert(
            dedupe=once,
            issue_keys=(),
            title=trouble.title,
            body="\n".join(filter(None, (trouble.message, trouble.hint))),
            created_at=self._clock.now(),
            level=AlertLevel.URGENT if is_damage else AlertLevel.NOTICE,
        )
        queued = self._writer.do(lambda db: alerts.queue(db, told))
        self._rang = once
        self._publish(Changes(alerts=frozenset(() if queued is None else (queued,))))

    def _is_late(self, last: str | None, *, is_away: bool) -> bool:
        """Whether the newest is so old that its owner should know, who wants one each day."""
        if not self._settings().daily_copy:
            return False
        patience = _AWAY_LONG if is_away else _LATE
        if last is None:
            return self._steady() - self._began >= _ONCE_MORE
        return self._clock.now() - instant(last) >= patience

    def _told_trouble(self, shelf: Shelf) -> KnownError | None:
        if not shelf.is_there and not isinstance(self._trouble, Damaged):
            return away(shelf.folder)
        return self._trouble

    @property
    def _log_file(self) -> Path:
        return self._profile.database.with_name(self._profile.database.name + "-wal")

    def _shelf(self) -> Shelf:
        if self._used is None:
            self._used = self._writer.do(copies.folders)
        return Shelf.of(self._profile, self._settings().copies_folder, others=self._used)
