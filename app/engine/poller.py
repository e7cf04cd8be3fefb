"""Poller: one worker thread per account brings what is new, and says how the account is.

Between rounds the source waits: for the server to tell of news, or for the time of the next look.
First step of the walk of a mail: account -> source -> bytes -> Message -> pipeline.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Protocol

from app.domain.account import Account, AccountType, HealthState
from app.domain.changes import Changes
from app.domain.clock import Clock, local_zone
from app.domain.errors import OUR_MISTAKE, FolderUnread, KnownError, Unreachable
from app.domain.mailbox import Batch, FolderRole
from app.domain.translation import tr
from app.engine import silence
from app.engine.account_health import AccountHealth
from app.engine.deliveries import Deliveries
from app.engine.patience import Patience
from app.engine.pipeline import Pipeline
from app.engine.ports import Connections, MessageSource
from app.engine.reader import Reader
from app.engine.stored_mails import StoredMails
from app.engine.wire import Event
from app.storage import on_server
from app.storage.database import open_reader
from app.storage.writer import Writer

log = logging.getLogger(__name__)

SAFETY = timedelta(minutes=5)  # a look in any case, for servers that promise to tell and do not
_LASTED = 60.0  # a wait that broke sooner than that, in seconds, is no accident any more
_SILENT = 3  # rhythms without a good look, then the account says so
_JITTER = 2.0  # seconds; after a sleep not all accounts at once
_FOLDER_PAUSE = timedelta(seconds=2)  # looking into a local folder costs nothing


class Worker:
    """The thread of one account: a round when it is asked, and by itself while it watches."""

    def __init__(  # the collaborators of a round, each by its name
        self,
        account: Account,
        *,
        database: Path,
        writer: Writer,
        pipeline: Pipeline,
        connections: Connections,
        clock: Clock,
        publish: Callable[[Event], None],
        pause: Callable[[], timedelta],
        marks_mail: Callable[[], bool] = bool,
        catch_up: Callable[[Callable[[], bool]], None] = lambda is_over: None,
        reader: Reader | None = None,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        """`marks_mail`: whether the owner wants mail marked on the server as it is read here.

        `catch_up` returns when all that was stored is judged, or when what it is given says so.
        `steady` counts seconds whatever becomes of the clock.
        """
        self._steady = steady
        self.account = account
        self._database = database
        self._writer = writer
        self._pipeline = pipeline
        self._connections = connections
        self._clock = clock
        self._publish = publish
        self._health = AccountHealth(account, writer=writer, clock=clock, publish=publish)
        self._pause = pause
        self._marks_mail = marks_mail
        self._catch_up = catch_up
        self._reader = reader or Reader()
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._lock = threading.Lock()
        self._asked: list[Future[None]] = []
        self._watching = False
        self._woke = threading.Event()
        self._patience = Patience()
        self._breaks = Patience()
        self._heard = self._steady()
        self._good_at = clock.now()
        self._told_silent = False
        self._was_good = False
        self._unread: FolderUnread | None = None  # by the last round; told until one reads it
        self._done: Counter[str] = Counter()  # mails of this round, by their folders
        self._looks = False
        self._source: MessageSource | None = None
        self._thread = threading.Thread(target=self._run, name=f"poll-{account.name}", daemon=True)

    def start(self) -> None:
        """Begin; the first round waits until it is asked for or watching is on."""
        self._thread.start()

    def watch(self) -> None:
        """From now on make rounds by itself."""
        self._heard = self._steady()
        self._watching = True
        self._rouse()

    def woke(self) -> None:
        """The machine slept: whatever connection there is, is dead. From any thread."""
        self._heard = self._steady()
        self._woke.set()
        self._wake.set()
        if (source := self._source) is not None:
            source.drop()

    def listen(self) -> None:
        """Say so if there was no good look for three rhythms; asked every few seconds."""
        if self._watching and not self._told_silent and self._is_silent():
            self._say_silent(self._silence(None))

    def ask(self) -> Future[None]:
        """A round, now: the future is done, or carries the KnownError, when it is over."""
        asked: Future[None] = Future()
        with self._lock:
            self._asked.append(asked)
        self._rouse()
        return asked

    def stop(self) -> None:
        """End after the step that is under way."""
        self._stop.set()
        self._rouse()
        self._thread.join(timeout=10)

    @property
    def is_bringing(self) -> bool:
        """Whether a round is under way."""
        return self._looks

    def _rouse(self) -> None:
        self._wake.set()
        if (source := self._source) is not None:
            source.interrupt()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._rest()
            self._wake.clear()
            with self._lock:
                asked, self._asked = self._asked, []
            if self._stop.is_set() or not (asked or self._watching):
                continue
            error = self._late(asked) or self._attempt()
            for waiting in asked:
                waiting.set_exception(error) if error else waiting.set_result(None)
        self._let_go()

    def _late(self, asked: Sequence[Future[None]]) -> KnownError | None:
        """The last error once more, where somebody asks so often that the server would mind."""
        if self._woke.is_set():
            self._woke.clear()
            self._stop.wait(random.uniform(0, _JITTER))  # noqa: S311 - no secret
            return None
        return None if not asked or self._patience.may_knock() else self._patience.error

    def _rest(self) -> None:
        """Until a round is worth it, or somebody asks for one or for the end."""
        source = self._source
        if not self._watching:
            self._wake.wait()
        elif source is None or self._patience.failures:
            self._wake.wait(self._patience.pause())
        elif not self._wake.is_set():
            self._wait_at(source)

    def _wait_at(self, source: MessageSource) -> None:
        pause, began = self._rhythm().total_seconds(), self._steady()
        try:
            source.wait_for_news(pause=pause, safety=SAFETY.total_seconds())
        except KnownError as error:
            # No failure of the account: the next round makes a new connection, at once.
            log.info("%s: %s", self.account.name, error.sentence)
            if self._steady() - began >= _LASTED or self._woke.is_set():
                self._breaks.succeeded()
            elif self._breaks.failures:
                self._wake.wait(self._breaks.pause())
            self._breaks.failed(error)
        except Exception:
            log.exception("bug while waiting for news of %s", self.account.name)
            self._let_go()
            self._wake.wait(pause)
        else:
            self._breaks.succeeded()

    def _rhythm(self) -> timedelta:
        return _FOLDER_PAUSE if self.account.type is AccountType.FOLDER else self._pause()

    def _attempt(self) -> KnownError | None:
        """One round. What goes wrong becomes the account's health, never an end of the watch."""
        self._looks = True
        unread: FolderUnread | None = None
        try:
            self._bring()
        except FolderUnread as error:  # what the others hold is in the books; they are watched on
            unread = error
        except KnownError as error:
            self._failed(error, _state(error))
            return error
        except Exception:
            log.exception("bug in a round of %s", self.account.name)
            mistake = KnownError(
                tr("{name} could not be read", name=self.account.name),
                tr(OUR_MISTAKE),
                tr("The next round tries again"),
            )
            self._failed(mistake, HealthState.FAILING)
            return mistake
        finally:
            self._looks = False
        self._patience.succeeded()
        if self._told_silent or not self._was_good:  # an earlier engine may have said so as well
            self._health.write(lambda db, now: silence.end_it(db, self.account.name, now=now))
        self._heard, self._good_at = self._steady(), self._clock.now()
        self._told_silent, self._was_good = False, True
        self._unread = unread
        self._health.report(_state(unread) if unread else HealthState.OK, unread)
        return unread

    def _bring(self) -> None:
        """A round, and after a mistake of ours at once another, which stores what is new and judges
        nothing: what comes never waits behind one mail that nobody can judge."""
        try:
            self._round()
        except KnownError:
            raise
        except Exception:
            log.exception("bug in a round of %s; once more, without judging", self.account.name)
            self._let_go()
            self._round(only_stores=True)

    def _round(self, *, only_stores: bool = False) -> None:
        if self._source is None:
            self._source = self._connections.source(self.account)
        self._done.clear()
        deliveries = Deliveries(
            self.account,
            writer=self._writer,
            pipeline=self._pipeline,
            reader=self._reader,
            clock=self._clock,
            written=self._written,
            only_stores=only_stores,
        )
        reader = open_reader(self._database)
        try:
            memory = StoredMails(
                reader,
                account_id=self.account.id,
                marks_mail=self._marks_mail(),
                pipeline=self._pipeline,
                now=self._clock.now,
            )
            try:
                self._source.round(memory, partial(self._deliver, deliveries), self._stop)
            finally:
                deliveries.settle()
        finally:
            reader.close()
        if not self._stop.is_set():
            self._end_round()

    def _end_round(self) -> None:
        """Every folder was read: what lies in none of them any more is gone."""
        gone = self._writer.do(lambda db: on_server.end_round(db, self.account.id))
        if gone:
            self._publish(Event(kind="changes", changes=Changes.of_issues(gone)))

    def _deliver(self, deliveries: Deliveries, batch: Batch) -> None:
        if batch.folder.role is FolderRole.JUNK and batch.mails:
            # Whether a mail is brought in from there depends on what is known of its sender.
            deliveries.settle()
            self._catch_up(self._stop.is_set)
        self._heard = self._steady()
        deliveries.bring(batch)

    def _written(self, batch: Batch, changes: Changes) -> None:
        """The books hold a batch: the desks are told, and how far it has come."""
        if changes:
            self._publish(Event(kind="changes", changes=changes))
        if not batch.complete:
            if not self._done and self._unread is None:
                self._health.report(HealthState.WORKING)
            self._done[batch.folder.name] += len(batch.mails)
            self._publish(Event(kind="progress", data=self._progress(batch)))

    def _progress(self, batch: Batch) -> dict[str, str | int]:
        return {
            "account": self.account.name,
            "folder": batch.folder.name,
            "done": self._done[batch.folder.name],
            "total": batch.folder.exists,
        }

    def _failed(self, error: KnownError, state: HealthState) -> None:
        self._patience.failed(error)
        self._let_go()
        if self._woke.is_set() and error.retry:
            return  # it broke because the machine slept: the next attempt is already on its way
        if state is HealthState.FAILING and self._watching and self._is_silent():
            self._say_silent(self._silence(error))
        else:
            self._health.report(state, error)

    def _say_silent(self, error: KnownError) -> None:
        """In the account's health each time, by an alert once."""
        self._health.report(HealthState.FAILING, error)
        if not self._told_silent:
            self._told_silent = True
            name, good_at = self.account.name, self._good_at
            self._health.write(
                lambda db, now: silence.break_it(db, name, error, good_at=good_at, now=now)
            )

    def _is_silent(self) -> bool:
        rhythm = max(self._rhythm(), SAFETY).total_seconds()
        return self._steady() - self._heard > _SILENT * rhythm

    def _silence(self, error: KnownError | None) -> KnownError:
        at, now = (one.astimezone(local_zone()) for one in (self._good_at, self._clock.now()))
        since = at.strftime("%H:%M" if at.date() == now.date() else "%Y-%m-%d %H:%M")
        return Unreachable(
            tr("No successful look into the mailbox since {since}", since=since),
            error.sentence if error else tr("The server has not finished its answer."),
            tr("New mail is not seen until then; check the connection, or sync now."),
        )

    def _let_go(self) -> None:
        source, self._source = self._source, None
        if source is not None:
            with suppress(Exception):
                source.close()


def _state(error: KnownError) -> HealthState:
    return HealthState.FAILING if error.retry else HealthState.ASKING


class AccountWorker(Protocol):
    """What every worker can be told: that of a mailbox here, that of a platform elsewhere."""

    account: Account

    def start(self) -> None:
        """Begin; the first look waits until it is asked for or watching is on."""

    def watch(self) -> None:
        """From now on look by itself."""

    def woke(self) -> None:
        """The machine slept."""

    def listen(self) -> None:
        """Say so if there was no good look for too long."""

    def ask(self) -> Future[None]:
        """A look, now."""

    def stop(self) -> None:
        """End after the step that is under way."""

    @property
    def is_bringing(self) -> bool:
        """Whether much is coming in just now."""


class Poller:
    """All workers: starts and stops them, and asks them for rounds."""

    def __init__(self, make: Callable[[Account], AccountWorker]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._workers: dict[str, AccountWorker] = {}
        self._watching = False

    def add(self, account: Account) -> None:
        """Take care of an account from now on; an older worker of that name ends first."""
        self.drop(account.name)
        worker = self._make(account)
        with self._lock:
            self._workers[account.name] = worker
        worker.start()
        if self._watching:
            worker.watch()

    def drop(self, name: str) -> None:
        """Take care of it no more."""
        with self._lock:
            worker = self._workers.pop(name, None)
        if worker is not None:
            worker.stop()

    def watch(self) -> None:
        """Make rounds by itself from now on."""
        self._watching = True
        for worker in self._all():
            worker.watch()

    def ask(self, name: str = "") -> dict[str, Future[None]]:
        """A round of one account, or of all, now."""
        return {
            worker.account.name: worker.ask()
            for worker in self._all()
            if name in ("", worker.account.name)
        }

    def woke(self) -> None:
        """The machine slept: every connection is dropped and made anew."""
        for worker in self._all():
            worker.woke()

    def listen(self) -> None:
        """Let accounts that were silent for too long say so."""
        for worker in self._all():
            worker.listen()

    @property
    def is_bringing(self) -> bool:
        """Whether a mailbox is being looked into just now."""
        return any(worker.is_bringing for worker in self._all())

    def stop(self) -> None:
        """End every worker."""
        for worker in self._all():
            worker.stop()

    def _all(self) -> tuple[AccountWorker, ...]:
        with self._lock:
            return tuple(self._workers.values())
