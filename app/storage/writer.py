"""Writer: the one thread of the one process that writes, one transaction at a time.

Whoever wants something written hands over a function of the connection. It runs between BEGIN
IMMEDIATE and COMMIT, whole or not at all, and the caller gets its answer only after the commit.
What somebody waits for goes before what was only handed over: a click does not wait for the mails
that a mailbox of years has brought already.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from queue import PriorityQueue
from typing import Any, TypeVar

from app.domain.errors import Unwritable
from app.storage import messages
from app.storage.connection import Connection
from app.storage.database import disk_errors, open_writer

T = TypeVar("T")

_WAITING_AT_MOST = 1000  # whoever brings more has to wait: a queue without a bound is a leak
_AWAITED, _HANDED_OVER, _END = range(3)  # in which order; within each as they came


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    work: Callable[[Connection], Any]
    durable: bool
    whole: bool = True  # a transaction
    done: Future[Any] = field(default_factory=Future)


class Writer:
    """Runs functions in transactions, one after the other: first those that are waited for, each
    sort in the order in which they came."""

    def __init__(self, path: Path, *, now: datetime) -> None:
        self._path = path
        self._now = now
        self._tasks: PriorityQueue[tuple[int, int, _Task | None]] = PriorityQueue(_WAITING_AT_MOST)
        self._numbers = count()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._opened: Future[None] = Future()
        self._gate = threading.Lock()
        self._closed = True
        self._works = False
        self._trouble: Unwritable | None = None
        self._told: Callable[[Unwritable | None], None] = lambda trouble: None

    def start(self) -> None:
        """Open the file, migrate it if need be, and take work; raises what `open_writer` raises."""
        self._thread.start()
        self._opened.result()
        self._closed = False

    @property
    def trouble(self) -> Unwritable | None:
        """Why nothing can be written just now; None since something was."""
        return self._trouble

    @property
    def is_at_work(self) -> bool:
        """Whether something is being written or waits for it."""
        return self._works or not self._tasks.empty()

    def tell(self, told: Callable[[Unwritable | None], None]) -> None:
        """Have this called, in the writer's thread, whenever `trouble` begins and ends."""
        self._told = told

    def do(self, fn: Callable[[Connection], T], *, durable: bool = False) -> T:
        """Run the function in a transaction and return its answer, once it is committed.

        It is run before what was handed over by `submit`. `durable` waits until a power cut could
        not take the commit back either. What the function raises undoes the transaction and is
        raised here; a full disk is DiskFull.
        """
        if threading.current_thread() is self._thread:
            raise RuntimeError("Writer.do was called inside the writer's own thread")
        answer: T = self._put(_Task(work=fn, durable=durable), _AWAITED).result()
        return answer

    def submit(self, fn: Callable[[Connection], T], *, durable: bool = False) -> Future[T]:
        """Hand over the function and return at once; the future ends after the commit.

        Whoever reads what it writes has to await it: what is asked by `do` may come before.
        """
        if threading.current_thread() is self._thread:
            raise RuntimeError("Writer.submit was called inside the writer's own thread")
        return self._put(_Task(work=fn, durable=durable), _HANDED_OVER)

    def empty_log(self) -> bool:
        """Bring all that is committed into the file and cut its log, so that what was deleted lies
        in neither; False where a reader is still in the midst of it."""
        task = _Task(work=_empty_log, durable=False, whole=False)
        return bool(self._put(task, _AWAITED).result())

    def stop(self) -> None:
        """Finish all that was handed over, close the file and end; calling it twice is harmless."""
        with self._gate:
            if self._closed:
                return
            self._closed = True
            self._tasks.put((_END, next(self._numbers), None))
        self._thread.join()

    def _put(self, task: _Task, when: int) -> Future[Any]:
        with self._gate:
            if self._closed:
                raise RuntimeError("the writer is not running")
            self._tasks.put((when, next(self._numbers), task))
        return task.done

    def _run(self) -> None:
        try:
            db = open_writer(self._path, now=self._now)
        except BaseException as error:  # noqa: BLE001 - it is raised in start()
            self._opened.set_exception(error)
            return
        self._opened.set_result(None)
        while (task := self._tasks.get()[-1]) is not None:
            self._works = True
            _perform(db, task, heard=self._hear)
            self._works = False
        db.close()

    def _hear(self, trouble: Unwritable | None) -> None:
        before, self._trouble = self._trouble, trouble
        if type(before) is not type(trouble) or str(before) != str(trouble):
            self._told(trouble)


def _perform(db: Connection, task: _Task, *, heard: Callable[[Unwritable | None], None]) -> None:
    if not task.done.set_running_or_notify_cancel():
        return
    before = db.total_changes
    try:
        answer = _transact(db, task) if task.whole else task.work(db)
    except BaseException as error:  # noqa: BLE001 - it is raised where the answer is awaited
        if isinstance(error, Unwritable):
            heard(error)
        task.done.set_exception(error)
    else:
        if db.total_changes != before:  # who only reads on a full disk proves nothing
            heard(None)
        task.done.set_result(answer)


def _empty_log(db: Connection) -> bool:
    with disk_errors():
        (busy, _, _) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def _transact(db: Connection, task: _Task) -> Any:
    with disk_errors():
        if task.durable:
            db.execute("PRAGMA synchronous = FULL")
        try:
            return _commit(db, task.work)
        finally:
            if task.durable:
                db.execute("PRAGMA synchronous = NORMAL")


def _commit(db: Connection, work: Callable[[Connection], T]) -> T:
    db.execute("BEGIN IMMEDIATE")
    try:
        answer = work(db)
        messages.index(db)
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # a full disk may have undone it already
            db.execute("ROLLBACK")
        raise
    return answer
