"""The worker of a platform: each stream in its rhythm, its health, its silence, its pause."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest

from app.domain.account import HealthState
from app.domain.errors import Busy, KnownError, SignInRefused, Unreachable
from app.domain.feed import FeedHealth, Stream
from app.engine import silence
from app.engine.platform_poller import PlatformWorker
from app.engine.ports import PlatformSource
from app.engine.rhythm import LONGEST, Rhythm
from app.engine.wire import Event
from app.storage import accounts, alerts, feeds
from tests.support.engine import NOON
from tests.support.feed_desk import FeedDesk
from tests.support.platform_server import Fault
from tests.support.shopify_server import ShopifyServer, parcel


class _Connections:
    """The edges of the one account: the source of the desk, over real sockets."""

    def __init__(self, desk: FeedDesk) -> None:
        self.desk = desk

    def platform(self, account: object) -> PlatformSource:
        return self.desk.source()

    def __getattr__(self, name: str) -> Callable[..., object]:
        raise AssertionError(f"a platform has no {name}")


class _Steady:
    """A processor's clock that a test moves."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def steady() -> _Steady:
    """The processor's clock of the worker."""
    return _Steady()


@pytest.fixture
def worker(shopify_desk: FeedDesk, steady: _Steady) -> Iterator[PlatformWorker]:
    events: list[Event] = []
    made = PlatformWorker(
        shopify_desk.account,
        database=shopify_desk.engine.database,
        writer=shopify_desk.engine.writer,
        intake=shopify_desk.intake,
        connections=_Connections(shopify_desk),  # type: ignore[arg-type]
        clock=shopify_desk.engine.clock,
        publish=events.append,
        steady=steady,
    )
    made.start()
    yield made
    made.stop()


def _feeds(desk: FeedDesk) -> dict[Stream, FeedHealth]:
    return {one.stream: one for one in desk.engine.writer.do(feeds.health)}


def test_one_asking_reads_everything_and_says_how_each_stream_is(
    shopify: ShopifyServer, shopify_desk: FeedDesk, worker: PlatformWorker
):
    for _ in range(60):
        shopify.order()
    worker.ask().result(timeout=60)
    assert len(shopify_desk.orders()) == 60
    told = _feeds(shopify_desk)
    assert {one.ok_at for one in told.values()} == {shopify_desk.now}
    assert all(one.backfilled and not one.trouble for one in told.values())
    health = next(
        one for one in shopify_desk.engine.writer.do(accounts.health) if one.account == "shop"
    )
    assert health.state is HealthState.OK
    assert {one.stream for one in health.feeds} == {Stream.ORDERS, Stream.DISPUTES}


def test_one_stream_that_fails_leaves_the_other_alone(
    shopify: ShopifyServer, shopify_desk: FeedDesk, worker: PlatformWorker
):
    """Its sentence stands beside it, and the account says so."""
    worker.ask().result(timeout=60)
    shopify.loops = True
    shopify.order()
    with pytest.raises(KnownError, match="repeats the same page"):
        worker.ask().result(timeout=60)
    told = _feeds(shopify_desk)
    assert "repeats the same page" in told[Stream.ORDERS].trouble
    assert (told[Stream.ORDERS].failures, told[Stream.DISPUTES].trouble) == (1, "")


def test_a_refused_key_pauses_the_account_with_one_banner(
    shopify: ShopifyServer, shopify_desk: FeedDesk, worker: PlatformWorker
):
    """It is not asked by itself any more; a person who asks gets another try."""
    shopify.faults += [Fault(status=401, raw=b'{"errors":"[API] Invalid"}')]
    worker.watch()
    with pytest.raises(SignInRefused):
        worker.ask().result(timeout=60)
    health = next(
        one for one in shopify_desk.engine.writer.do(accounts.health) if one.account == "shop"
    )
    assert health.state is HealthState.ASKING
    assert "does not accept the key" in health.title
    assert shopify_desk.engine.writer.do(alerts.queued) == ()
    asked = len(shopify.asked)
    worker.woke()
    assert len(shopify.asked) == asked
    worker.ask().result(timeout=60)
    assert _feeds(shopify_desk)[Stream.ORDERS].trouble == ""


def test_a_feed_that_is_dead_for_three_rhythms_is_an_alert_until_it_lives(
    shopify: ShopifyServer, shopify_desk: FeedDesk, worker: PlatformWorker, steady: _Steady
):
    """Once for each silence, with the sentence of what is in the way; then taken back."""
    worker.watch()
    worker.ask().result(timeout=60)
    writer = shopify_desk.engine.writer
    shopify.faults += [Fault(status=503)] * 6
    with pytest.raises(Unreachable):
        worker.ask().result(timeout=60)
    worker.listen()
    assert writer.do(alerts.queued) == ()
    steady.at += 901
    worker.listen()
    worker.listen()
    told = {one.title for one in writer.do(alerts.queued)}
    since = "since 2026-11-20"
    assert len(told) == 2
    assert all(
        f"no news of the {what} {since}" in " ".join(told) for what in ("orders", "disputes")
    )
    worker.ask().result(timeout=60)
    assert writer.do(alerts.queued) == ()


def test_a_clock_that_is_wrong_is_said_in_the_account(
    shopify: ShopifyServer, shopify_desk: FeedDesk, worker: PlatformWorker
):
    """All works; but signatures and deadlines go by the time."""
    shopify.ahead = timedelta(minutes=9)
    worker.ask().result(timeout=60)
    health = next(
        one for one in shopify_desk.engine.writer.do(accounts.health) if one.account == "shop"
    )
    assert health.state is HealthState.OK
    assert "clock is 9 minutes behind" in health.title


def test_case_112_three_days_asleep_are_caught_up_once_and_quietly(
    shopify: ShopifyServer, shopify_desk: FeedDesk, worker: PlatformWorker
):
    """Two hundred orders moved and ten parcels went wrong: one round, no pop-up for each."""
    rows = [shopify.order() for _ in range(200)]
    worker.ask().result(timeout=60)
    shopify_desk.later(days=3)
    for count, row in enumerate(rows):
        sent = shopify_desk.now - timedelta(days=4)
        told = [parcel(str(count), "DELAYED", sent=sent)] if count < 10 else []
        shopify.touch(row["legacyResourceId"], fulfillments=told, note=f"change {count}")
    worker.woke()
    worker.ask().result(timeout=60)
    stored = shopify_desk.living()
    assert {one.note for one in stored.values()} == {f"change {n}" for n in range(200)}
    assert len(shopify_desk.engine.rows("open")) == 10
    assert len(shopify_desk.engine.writer.do(alerts.queued)) <= 1


def test_the_pause_doubles_from_the_third_failure_to_fifteen_minutes():
    """The circuit breaker. What a server asks for counts more; what time does not mend, waits."""
    steady = _Steady()
    rhythm = Rhythm(Stream.ORDERS, good_at=NOON, steady=steady, chance=lambda _low, _high: 1.0)
    waits = []
    for _ in range(9):
        rhythm.failed(Unreachable("x"))
        waits.append(rhythm.waits())
    assert waits == [60, 60, 120, 240, 480, 900, 900, 900, 900]
    rhythm.succeeded(at=NOON)
    assert rhythm.waits() == 60
    busy = Busy("x")
    busy.seconds = 777
    rhythm.failed(busy)
    assert rhythm.waits() == 777
    rhythm.succeeded(at=NOON)
    rhythm.failed(KnownError("only a person can help"))
    assert rhythm.waits() == LONGEST
    rhythm.at_once()
    assert rhythm.waits() == 0


def test_silence_is_three_rhythms_and_forgotten_after_a_sleep():
    steady = _Steady()
    rhythm = Rhythm(Stream.DISPUTES, good_at=NOON, steady=steady)
    steady.at = 899
    assert not rhythm.is_silent()
    steady.at = 901
    assert rhythm.is_silent()
    rhythm.forgiven()
    assert not rhythm.is_silent()
    assert rhythm.waits() == 0


def test_a_good_look_ends_the_silence_of_its_own_account_alone(shopify_desk: FeedDesk):
    """The name of one account may begin that of another."""
    writer, now = shopify_desk.engine.writer, shopify_desk.engine.clock.now()
    told = Unreachable("It does not answer", "", "")
    writer.do(lambda db: silence.break_it(db, "shop", told, good_at=now, now=now))
    writer.do(lambda db: silence.break_it(db, "shop/eu", told, good_at=now, now=now))
    writer.do(lambda db: silence.end_it(db, "shop", now=now))
    assert [one.title for one in writer.do(alerts.queued)] == ["shop/eu: it does not answer"]


class _ThenHeld:
    """The source, after whose last answer another program holds the profile."""

    def __init__(self, real: Any, *, hold: Callable[[], object]) -> None:
        self._real, self._hold = real, hold

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def read(self, stream: Stream, *given: Any) -> None:
        self._real.read(stream, *given)
        if stream is self._real.streams[-1]:
            self._hold()


def test_a_profile_that_is_held_when_a_look_ends_does_not_end_the_watch(
    shopify: ShopifyServer, shopify_desk: FeedDesk, steady: _Steady
):
    """Whoever asked is told, and the same engine reads the shop again when it is let go."""
    engine = shopify_desk.engine
    engine.writer.do(lambda db: db.execute("PRAGMA busy_timeout = 20").fetchall())
    with closing(
        sqlite3.connect(engine.database, isolation_level=None, check_same_thread=False)
    ) as other:
        edges = _Connections(shopify_desk)
        held = _ThenHeld(shopify_desk.source(), hold=lambda: other.execute("BEGIN IMMEDIATE"))
        edges.platform = lambda account: held  # type: ignore[method-assign]
        worker = PlatformWorker(
            shopify_desk.account,
            database=engine.database,
            writer=engine.writer,
            intake=shopify_desk.intake,
            connections=edges,  # type: ignore[arg-type]
            clock=engine.clock,
            publish=lambda event: None,
            steady=steady,
        )
        worker.start()
        with pytest.raises(KnownError, match="in use"):
            worker.ask().result(timeout=30)
        other.execute("ROLLBACK")
        shopify.order()
        held._hold = lambda: None
        worker.ask().result(timeout=30)
        worker.stop()
    assert len(shopify_desk.orders()) == 1
