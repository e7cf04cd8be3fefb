"""Platform poller: one worker thread per shop or payment provider, each stream in its own rhythm.

First step of the walk of an order: account -> source -> Page -> intake. What goes wrong becomes the
health of that stream and of the account, never an end of the watch.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path

from app.domain.account import Account, HealthState
from app.domain.clock import Clock, local_zone
from app.domain.errors import OUR_MISTAKE, KnownError, SignInRefused, Unreachable
from app.domain.feed import FeedPlace, Page, Stream, left_out_text
from app.domain.order import Order
from app.domain.translation import to_translate, tr
from app.engine import silence
from app.engine.account_health import AccountHealth
from app.engine.intake import Intake
from app.engine.patience import Patience
from app.engine.ports import Connections, PlatformSource
from app.engine.rhythm import Rhythm
from app.engine.wire import Event
from app.storage import disputes, feeds, order_moves, orders
from app.storage.connection import Connection
from app.storage.database import open_reader
from app.storage.writer import Writer

log = logging.getLogger(__name__)

STREAMS = {
    Stream.ORDERS: to_translate("orders"),
    Stream.DISPUTES: to_translate("disputes"),
    Stream.WARNINGS: to_translate("fraud warnings"),
    Stream.PAYMENTS: to_translate("payments"),
}
_AFTER_CUT_OFF = 2.0  # seconds
_IDLE = 300.0  # seconds; somebody wakes it before
_SKEWED = 300.0  # seconds between two clocks, from which on signatures and tokens go wrong


class PlatformWorker:
    """The thread of one platform: what is due when it is watched, everything when it is asked."""

    def __init__(
        self,
        account: Account,
        *,
        database: Path,
        writer: Writer,
        intake: Intake,
        connections: Connections,
        clock: Clock,
        publish: Callable[[Event], None],
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        """`steady` is the processor's clock, by which silence is counted."""
        self.account = account
        self._database = database
        self._writer = writer
        self._intake = intake
        self._connections = connections
        self._clock = clock
        self._publish = publish
        self._health = AccountHealth(account, writer=writer, clock=clock, publish=publish)
        self._steady = steady
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._woke = threading.Event()
        self._lock = threading.Lock()
        self._asked: list[Future[None]] = []
        self._watching = False
        self._patience = Patience()
        self._rhythms: tuple[Rhythm, ...] = ()
        self._troubles: dict[Stream, KnownError] = {}
        self._paused: KnownError | None = None
        self._more = False
        self._backfills = False
        self._source: PlatformSource | None = None
        self._thread = threading.Thread(target=self._run, name=f"poll-{account.name}", daemon=True)

    def start(self) -> None:
        """Begin; the first run waits until it is asked for or watching is on."""
        self._thread.start()

    def watch(self) -> None:
        """From now on ask by itself."""
        self._forgive()
        self._watching = True
        self._wake.set()

    def woke(self) -> None:
        """The machine slept: its connection is dead, everything is due once. From any thread."""
        self._woke.set()
        self._forgive()
        self._wake.set()

    def listen(self) -> None:
        """Say so if a stream had no good look for three rhythms; asked every few seconds."""
        for rhythm in self._rhythms if self._watching and self._paused is None else ():
            if not rhythm.told_silent and rhythm.is_silent():
                self._say_silent(rhythm, self._troubles.get(rhythm.stream))

    def ask(self) -> Future[None]:
        """Everything, now: the future is done, or carries the first KnownError, when it is over."""
        asked: Future[None] = Future()
        with self._lock:
            self._asked.append(asked)
        self._wake.set()
        return asked

    def stop(self) -> None:
        """End after the step that is under way."""
        self._stop.set()
        self._wake.set()
        self._thread.join(timeout=10)

    @property
    def is_bringing(self) -> bool:
        """Whether the past is being read just now."""
        return self._backfills

    def _forgive(self) -> None:
        for rhythm in self._rhythms:
            rhythm.forgiven()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.wait(self._pause())
            self._wake.clear()
            with self._lock:
                asked, self._asked = self._asked, []
            if self._stop.is_set() or not (asked or self._watching):
                continue
            error = self._guarded(asked)
            for waiting in asked:
                waiting.set_exception(error) if error else waiting.set_result(None)
        self._let_go()

    def _guarded(self, asked: Sequence[Future[None]]) -> KnownError | None:
        """A look that ends no watch: a profile that cannot be used just now, or a mistake of ours,
        is what this one came to, and the next comes after a pause."""
        try:
            return self._answer() if asked else self._look()
        except KnownError as error:
            log.warning("a look at %s was cut off: %s", self.account.name, error.sentence)
            trouble = error
        except Exception:
            log.exception("bug while %s was looked at", self.account.name)
            trouble = KnownError(
                tr("{name} could not be read", name=self.account.name),
                tr(OUR_MISTAKE),
                tr("The next run tries again"),
            )
        if not asked:
            self._stop.wait(_AFTER_CUT_OFF)
        return trouble

    def _pause(self) -> float | None:
        if not self._watching:
            return None
        if self._paused is not None:
            return _IDLE
        if not self._rhythms:
            return 0.0 if not self._patience.failures else self._patience.pause()
        return min((rhythm.waits() for rhythm in self._rhythms), default=_IDLE)

    def _answer(self) -> KnownError | None:
        """A person wants it now: also what is paused, unless it was tried a moment ago."""
        if not self._patience.may_knock():
            return self._patience.error
        for rhythm in self._rhythms:
            rhythm.at_once()
        self._paused = None
        return self._look(whole=True)

    def _look(self, *, whole: bool = False) -> KnownError | None:
        """Every stream that is due; `whole`: until nothing is left of them. The first error."""
        if self._paused is not None:
            return self._paused
        if self._woke.is_set():
            self._woke.clear()
            self._let_go()
        first: KnownError | None = None
        try:
            self._connect()
        except KnownError as error:
            return self._failed_to_connect(error)
        for rhythm in self._rhythms:
            while rhythm.waits() <= 0 and not self._stop.is_set() and self._paused is None:
                trouble = self._attempt(rhythm)
                first = first or trouble
                if trouble or not (whole and self._more):
                    break
        self._settle(first)
        self._health.write(lambda db, now: self._intake.look_again(db, now=now))
        return first

    def _connect(self) -> None:
        if self._source is None:
            self._source = self._connections.platform(self.account)
        if not self._rhythms:
            now = self._clock.now()
            self._rhythms = tuple(
                Rhythm(each, good_at=now, steady=self._steady) for each in self._source.streams
            )

    def _failed_to_connect(self, error: KnownError) -> KnownError:
        self._patience.failed(error)
        for rhythm in self._rhythms:
            rhythm.failed(error)
        self._health.report(HealthState.FAILING if error.retry else HealthState.ASKING, error)
        return error

    def _attempt(self, rhythm: Rhythm) -> KnownError | None:
        """One run of a stream, and what it says of the stream's health."""
        try:
            self._read(rhythm)
        except KnownError as error:
            return self._failed(rhythm, error)
        except Exception:
            log.exception("bug in a run of %s of %s", rhythm.stream.value, self.account.name)
            mistake = KnownError(
                tr(
                    "The {streams} of {name} could not be read",
                    streams=tr(STREAMS[rhythm.stream]),
                    name=self.account.name,
                ),
                tr(OUR_MISTAKE),
                tr("The next run tries again"),
            )
            return self._failed(rhythm, mistake)
        if rhythm.told_silent or not rhythm.was_good:  # an earlier engine may have said so as well
            self._health.write(lambda db, now: silence.end_it(db, self._named(rhythm), now=now))
        rhythm.told_silent = False
        rhythm.succeeded(at=self._clock.now(), goes_on=self._more)
        self._troubles.pop(rhythm.stream, None)
        self._note_run(rhythm, "")
        return None

    def _read(self, rhythm: Rhythm) -> None:
        source = self._source
        assert source is not None
        reader = open_reader(self._database)
        self._more = False
        try:
            memory = StoredFeeds(reader, account_id=self.account.id)
            self._backfills = not (memory.place(rhythm.stream) or FeedPlace()).backfilled
            source.read(rhythm.stream, memory, lambda page: self._deliver(rhythm, page), self._stop)
        finally:
            self._backfills = False
            reader.close()

    def _deliver(self, rhythm: Rhythm, page: Page) -> None:
        now = self._clock.now()
        changes = self._writer.do(lambda db: self._intake.take(db, self.account, page, now=now))
        rhythm.heard()
        self._more = not page.complete
        if changes:
            self._publish(Event(kind="changes", changes=changes))

    def _failed(self, rhythm: Rhythm, error: KnownError) -> KnownError:
        self._troubles[rhythm.stream] = error
        rhythm.failed(error)
        self._note_run(rhythm, error.sentence)
        if isinstance(error, SignInRefused):
            self._paused = error
            self._let_go()
        return error

    def _settle(self, error: KnownError | None) -> None:
        """How the account is, after all that was due."""
        self._patience.failed(error) if error else self._patience.succeeded()
        worst = self._paused or next(iter(self._troubles.values()), None)
        if worst is None:
            self._health.report(HealthState.OK, self._skew_warning() or self._left_out_warning())
        elif self._paused is not None or not worst.retry:
            self._health.report(HealthState.ASKING, worst)
        else:
            self._health.report(HealthState.FAILING, worst)

    def _skew_warning(self) -> KnownError | None:
        skew = self._source.skew.total_seconds() if self._source else 0.0
        if abs(skew) <= _SKEWED:
            return None
        behind = skew > 0
        minutes = f"{abs(skew) / 60:.0f}"
        return KnownError(
            tr("This computer's clock is {minutes} minutes behind the platform's", minutes=minutes)
            if behind
            else tr(
                "This computer's clock is {minutes} minutes ahead of the platform's",
                minutes=minutes,
            ),
            tr("Signatures and deadlines go by the time"),
            tr("Set the clock, or let the system set it from the network."),
        )

    def _left_out_warning(self) -> KnownError | None:
        """All else goes on; this may have a deadline."""
        every = self._writer.do(feeds.health)
        left = [each for one in every if one.account == self.account.name for each in one.left_out]
        if not left:
            return None
        return KnownError(
            tr("Not everything that {name} tells could be read", name=self.account.name),
            left_out_text(left),
            tr("Look at it there. All else is here, and goes on."),
        )

    def _say_silent(self, rhythm: Rhythm, error: KnownError | None) -> None:
        rhythm.told_silent = True
        at = rhythm.good_at.astimezone(local_zone())
        told = Unreachable(
            tr(
                "No news of the {streams} since {at}",
                streams=tr(STREAMS[rhythm.stream]),
                at=f"{at:%Y-%m-%d %H:%M}",
            ),
            error.sentence if error else tr("The platform has not finished its answer."),
            tr("What happens there is not seen until then; check the connection, or poll now."),
        )
        name, good_at = self._named(rhythm), rhythm.good_at
        self._health.write(
            lambda db, now: silence.break_it(db, name, told, good_at=good_at, now=now)
        )

    def _named(self, rhythm: Rhythm) -> str:
        return f"{self.account.name} ({STREAMS[rhythm.stream]})"

    def _note_run(self, rhythm: Rhythm, trouble: str) -> None:
        self._health.write(
            lambda db, now: feeds.note_run(
                db, self.account.id, rhythm.stream, at=now, trouble=trouble
            )
        )

    def _let_go(self) -> None:
        source, self._source = self._source, None
        if source is not None:
            with suppress(Exception):
                source.close()


class StoredFeeds:
    """What is stored for an account, as its source may ask (domain.feed.FeedMemory)."""

    def __init__(self, reader: Connection, *, account_id: int) -> None:
        self._reader = reader
        self._account_id = account_id

    def place(self, stream: Stream) -> FeedPlace | None:
        """How far the stream was read."""
        return feeds.place(self._reader, self._account_id, stream)

    def open_disputes(self) -> Collection[str]:
        """The disputes that are not decided yet."""
        return disputes.open_ids(self._reader, self._account_id)

    def watched_orders(self) -> Collection[str]:
        """The orders that an open issue is about."""
        return orders.watched(self._reader, self._account_id)

    def known_orders(self, ids: Collection[str]) -> Collection[Order]:
        """Those of these orders that are stored."""
        return orders.known(self._reader, self._account_id, ids)

    def orders_elsewhere(self, place: str) -> Collection[Order]:
        """The newest that are stored under the name of another place."""
        return order_moves.elsewhere(self._reader, self._account_id, place)
