"""Reader: from bytes to what was said, for many mails at once, in a process beside the engine.

Between `poller` and `pipeline`. Reading holds Python's lock as long as storing does; in a process
of its own it takes the other core. Such a process is started when large batches follow one another
and ends when none has come for a while. It is help and nothing more: whatever becomes of it, its
batch is read here.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from subprocess import Popen, TimeoutExpired

import msgspec

from app.config.processes import own_command, spawn_helper
from app.domain.mailbox import FetchedMail
from app.domain.message import Message
from app.engine import reader_process
from app.engine.reader_process import Bytes, Read
from app.engine.reading import Reading
from app.mail import parse
from app.storage.packed import pack

log = logging.getLogger(__name__)

_LARGE = 50  # mails in a batch
_IN_A_ROW = 2  # large batches, then a process is worth its start: a fifth of a second
_KEPT = 10.0  # seconds without a batch
_LONGEST = 60.0  # seconds for one batch: a process that takes longer is stopped
_ENDS_WITHIN = 2.0
_MOST_FAILURES = 3
_FIRST_ARRIVAL = datetime(1990, 1, 1, tzinfo=UTC)  # what is older was misread, or never said


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    mails: Sequence[FetchedMail]
    now: datetime
    done: Future[tuple[Reading, ...]] = field(default_factory=Future)


class Reader:
    """Reads batches: small ones at once, large ones beside the caller. One for all accounts."""

    def __init__(
        self, *, command: Callable[[], Sequence[str]] | None = None, kept: float = _KEPT
    ) -> None:
        """`command` starts the process; this program's own unless told otherwise.

        `kept`: for how many seconds without a batch it stays.
        """
        self._kept = kept
        self._command = command or (lambda: own_command("engine", "--read"))
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._process: Popen[bytes] | None = None
        self._large = 0
        self._failures = 0
        self._stopped = False

    def begin(self, mails: Sequence[FetchedMail], *, now: datetime) -> Future[tuple[Reading, ...]]:
        """What these mails say, in their order, as soon as it is known; `now` is the arrival of
        those for which neither server nor sender names one."""
        task = _Task(mails=mails, now=now)
        if len(mails) < _LARGE or not self._is_worth_it():
            task.done.set_result(_here(mails, now=now))
        else:
            self._tasks.put(task)
        return task.done

    def stop(self) -> None:
        """End the thread and its process; what was asked for is answered first."""
        with self._lock:
            self._stopped, thread = True, self._thread
        if thread is not None:
            self._tasks.put(None)
            thread.join(timeout=_LONGEST)

    @property
    def pid(self) -> int | None:
        """The process that helps just now."""
        process = self._process
        return process.pid if process is not None else None

    def _is_worth_it(self) -> bool:
        """Whether so much comes that the process is to help; it has a thread then."""
        with self._lock:
            self._large += 1
            if self._stopped or self._large <= _IN_A_ROW or self._failures >= _MOST_FAILURES:
                return False
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="reader", daemon=True)
                self._thread.start()
            return True

    def _run(self) -> None:
        while True:
            try:
                task = self._tasks.get(timeout=self._kept if self._process else None)
            except Empty:
                self._end()
                continue
            if task is None:
                self._end()
                return
            try:
                task.done.set_result(self._read(task))
            except BaseException as error:  # noqa: BLE001 - it is raised where the answer is awaited
                task.done.set_exception(error)

    def _read(self, task: _Task) -> tuple[Reading, ...]:
        try:
            answers = self._asked(task.mails)
        except (OSError, ValueError, EOFError, msgspec.MsgspecError) as error:
            self._failures += 1
            log.warning("mails are read in the engine itself: %s", error or type(error).__name__)
            self._end()
            return _here(task.mails, now=task.now)
        pairs = zip(task.mails, answers, strict=True)
        return tuple(_reading(mail, answer, now=task.now) for mail, answer in pairs)

    def _asked(self, mails: Sequence[FetchedMail]) -> tuple[Read, ...]:
        """The answer of the process, which is started if there is none."""
        if self._process is None:
            self._process = spawn_helper(self._command())
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        batch = [Bytes(raw=one.raw, complete=one.complete) for one in mails]
        alarm = threading.Timer(_LONGEST, process.kill)
        alarm.daemon = True
        alarm.start()
        try:
            reader_process.send(process.stdin, msgspec.msgpack.encode(batch))
            answer = reader_process.receive(process.stdout)
        finally:
            alarm.cancel()
        if answer is None:
            raise EOFError("the process that reads mails is gone")
        read = msgspec.msgpack.decode(answer, type=tuple[Read, ...])
        if len(read) != len(batch):
            raise ValueError("the process that reads mails left some out")
        return read

    def _end(self) -> None:
        """Let the process go; it ends by itself when nobody can ask it any more."""
        process, self._process = self._process, None
        with self._lock:
            self._large = 0
        if process is None:
            return
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        try:
            process.wait(_ENDS_WITHIN)
        except TimeoutExpired:
            process.kill()
            process.wait()


def read(mail: FetchedMail, *, now: datetime) -> Reading:
    """What one mail says; `now` is its arrival where neither server nor sender names one."""
    message = parse.read(mail.raw, complete=mail.complete)
    return _reading(mail, Read(message=message, packed=pack(mail.raw)), now=now)


def _here(mails: Sequence[FetchedMail], *, now: datetime) -> tuple[Reading, ...]:
    return tuple(read(one, now=now) for one in mails)


def _reading(mail: FetchedMail, found: Read, *, now: datetime) -> Reading:
    message = found.message
    if message is None:
        message = parse.read(mail.raw, complete=mail.complete)
    if mail.received_at < _FIRST_ARRIVAL:  # the server does not say when it came
        mail = replace(mail, received_at=_by_its_sender(message, now=now))
    return Reading(mail=mail, message=message, packed=found.packed)


def _by_its_sender(message: Message, *, now: datetime) -> datetime:
    """When it may have come: as it was sent, unless that is no date that a mail can have."""
    sent_at = message.sent_at
    return sent_at if sent_at is not None and _FIRST_ARRIVAL <= sent_at <= now else now
