"""A mail's way from the server to its row in the database, while a worker watches by itself."""

from __future__ import annotations

import logging
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from app.domain.account import Account, AccountType, Health, HealthState
from app.domain.alert import AlertLevel
from app.domain.clock import SystemClock
from app.domain.errors import FolderUnread, Unreachable
from app.engine.poller import SAFETY, Worker
from app.engine.ports import MessageSource
from app.engine.wire import Event
from app.mail.imap import ImapSource
from app.mail.push import Rhythm
from app.storage import accounts, alerts, messages
from tests.support.dovecot import Mailbox
from tests.support.engine import Engine, FakeConnections, a_letter, an_engine
from tests.support.processes import wait_until

pytestmark = pytest.mark.servers

log = logging.getLogger(__name__)

SOON = 15.0  # seconds; the plain rhythm here is an hour, and these machines are shared
RUNS = 20


@dataclass
class Trouble:
    """What happens before a wait and before a round."""

    wait: Callable[[ImapSource], None] = lambda _: None
    round: Callable[[ImapSource], None] = lambda _: None


class Unruly(ImapSource):
    """A real source that meets with trouble."""

    trouble: Trouble

    def wait_for_news(self, *, pause: float, safety: float) -> None:
        self.trouble.wait(self)
        super().wait_for_news(pause=pause, safety=safety)

    def round(self, *given: Any) -> None:
        self.trouble.round(self)
        super().round(*given)


class Connections(FakeConnections):
    """Real sources, counted."""

    def __init__(self, mailbox: Mailbox, rhythm: Rhythm) -> None:
        super().__init__()
        self.made: list[ImapSource] = []
        self.trouble = Trouble()
        self._mailbox = mailbox
        self._rhythm = rhythm

    def source(self, account: Account) -> MessageSource:
        settings = self._mailbox.settings()
        real = Account(id=account.id, name=account.name, type=AccountType.IMAP, settings=settings)
        source = Unruly(real, self._mailbox.password, rhythm=self._rhythm)
        source.trouble = self.trouble
        self.made.append(source)
        return source


class Watching:
    """A worker that watches a mailbox, after its first round."""

    def __init__(self, engine: Engine, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        self._engine = engine
        self._moved = threading.Event()
        self.states: list[HealthState] = []
        self.connections = Connections(mailbox, Rhythm())
        self.trouble = self.connections.trouble
        self.slept = 0.0
        self.worker = Worker(
            engine.account,
            database=engine.database,
            writer=engine.writer,
            pipeline=engine.pipeline,
            connections=self.connections,
            clock=SystemClock(),
            publish=self._publish,
            pause=lambda: timedelta(hours=1),
            steady=lambda: time.monotonic() + self.slept,
        )
        self.worker.start()
        with suppress(FolderUnread):
            self.worker.ask().result(timeout=60)
        self.worker.watch()
        self._sent = 0

    @property
    def health(self) -> Health:
        (health,) = self._engine.writer.do(accounts.health)
        return health

    def _publish(self, event: Event) -> None:
        if event.changes.accounts:
            self.states.append(self.health.state)
        self._moved.set()

    @property
    def count(self) -> int:
        return self._engine.writer.do(messages.count)

    def arrives(self, *, after: float = 0.0) -> float:
        """One mail arrives `after` so many quiet seconds; the seconds until it is a row."""
        time.sleep(after)
        self._sent += 1
        wanted, began = self.count + 1, time.monotonic()
        self.mailbox.add([a_letter(message_id=f"<{self._sent}@customer.example>")])
        while self.count < wanted:
            assert time.monotonic() - began < 60, "the mail did not come"
            self._moved.wait(0.05)
            self._moved.clear()
        return time.monotonic() - began


@pytest.fixture
def watching(tmp_path, dovecot) -> Iterator[Watching]:
    with an_engine(tmp_path) as engine:
        watching = Watching(engine, dovecot.user())
        yield watching
        watching.worker.stop()


def test_a_mail_is_a_row_soon_after_it_arrived(watching):
    """Nothing is asked for: the plain rhythm is an hour here. Half of them find us waiting."""
    times = sorted(watching.arrives(after=0.4 * (run % 2)) for run in range(RUNS))
    p95 = times[int(len(times) * 0.95) - 1]
    log.info("p50 %.3f s, p95 %.3f s, max %.3f s", statistics.median(times), p95, times[-1])
    assert p95 < SOON
    assert len(watching.connections.made) == 1


def test_after_being_thrown_out_the_next_mail_comes_as_fast_and_nobody_is_alarmed(watching):
    watching.arrives()
    time.sleep(0.3)
    watching.mailbox.kick()
    assert watching.arrives() < SOON
    assert watching.arrives() < SOON
    assert HealthState.FAILING not in watching.states


def test_a_folder_that_stays_closed_is_told_of_while_new_mail_is_pushed_as_ever(tmp_path, dovecot):
    """Its reason stands in the account's health; the connection is kept and waits in the INBOX."""
    mailbox = dovecot.user()
    mailbox.add([a_letter()], folder="Sent")
    (mailbox.maildir / ".Sent").chmod(0)
    with an_engine(tmp_path) as engine:
        watching = Watching(engine, mailbox)
        try:
            assert watching.arrives(after=0.5) < SOON
            assert watching.arrives(after=0.5) < SOON
            wait_until(lambda: not watching.worker.is_bringing, what="the round is over")
            health, made = watching.health, watching.connections.made
        finally:
            watching.worker.stop()
            (mailbox.maildir / ".Sent").chmod(0o700)
    assert "Sent" in health.title
    assert health.message
    assert health.state in {HealthState.ASKING, HealthState.FAILING}
    assert len(made) == 1


def test_sync_now_and_the_end_do_not_wait_for_the_server(watching):
    time.sleep(0.5)
    began = time.monotonic()
    watching.worker.ask().result(timeout=60)
    assert time.monotonic() - began < SOON
    time.sleep(0.5)
    began = time.monotonic()
    watching.worker.stop()
    assert time.monotonic() - began < SOON


def test_a_server_that_is_thrown_out_again_and_again_is_not_knocked_at_without_a_pause(
    watching,
):
    """Each wait breaks at once: the first is forgiven, then the pauses grow."""
    waits: list[float] = []

    def breaks(source: ImapSource) -> None:
        waits.append(time.monotonic())
        source.close()
        raise Unreachable("it hung up")

    watching.trouble.wait = breaks
    watching.worker.ask().result(timeout=60)
    wait_until(lambda: waits, what="a wait breaks")
    time.sleep(2.0)
    assert len(waits) <= 3


def test_after_a_sleep_the_connection_is_made_anew_at_once_and_nobody_is_alarmed(watching):
    """The old one is dropped without a word; it may be dead."""
    watching.arrives(after=0.3)
    made = watching.connections.made
    before = made[0]._gateway
    watching.worker.woke()
    wait_until(lambda: made[-1]._gateway not in (None, before), what="a new connection is made")
    assert watching.arrives() < SOON
    assert HealthState.FAILING not in watching.states


def test_a_sleep_in_the_middle_of_a_round_is_no_failure_of_the_account(watching):
    """Case 118: the round breaks with its connection and is made again."""
    begun, slept, broke = threading.Event(), threading.Event(), threading.Event()

    def breaks(_: ImapSource) -> None:
        begun.set()
        slept.wait(60)
        if not broke.is_set():
            broke.set()
            raise Unreachable("the connection broke")

    watching.trouble.round = breaks
    watching.worker.ask()
    assert begun.wait(60)
    watching.worker.woke()
    slept.set()
    assert watching.arrives() < SOON
    assert broke.is_set()
    assert HealthState.FAILING not in watching.states


@contextmanager
def _a_round_that_hangs(watching: Watching) -> Iterator[None]:
    """The server answers nothing meanwhile, so no look of the worker's own ends the silence."""
    begun, goes_on = threading.Event(), threading.Event()

    def hangs(_: ImapSource) -> None:
        begun.set()
        goes_on.wait(60)

    watching.trouble.round = hangs
    watching.worker.ask()
    assert begun.wait(60)
    try:
        yield
    finally:
        goes_on.set()


def test_an_account_that_is_silent_for_three_rhythms_says_so_once(watching):
    with _a_round_that_hangs(watching):
        watching.slept = 2.9 * 3600
        watching.worker.listen()
        assert HealthState.FAILING not in watching.states
        watching.slept = 3.1 * 3600
        watching.worker.listen()
        watching.worker.listen()
        assert watching.states.count(HealthState.FAILING) == 1
        health = watching.health
        assert health.title.startswith("No successful look into the mailbox since ")
        assert health.hint
    watching.worker.ask().result(timeout=60)
    assert watching.health.state is HealthState.OK


def test_a_silence_is_an_alert_of_its_own_until_a_look_succeeds(watching):
    """About no issue; shown once, and taken back."""
    do = watching._engine.writer.do
    with _a_round_that_hangs(watching):
        watching.slept = 3.1 * 3600
        for _ in range(3):
            watching.worker.listen()
        (alert,) = do(alerts.unseen)
    assert alert.issue_keys == ()
    assert alert.title.startswith("Shop: no successful look into the mailbox since ")
    assert alert.level is AlertLevel.NOTICE
    watching.worker.ask().result(timeout=60)
    assert do(alerts.unseen) == ()


def test_who_insists_on_a_server_that_is_gone_is_told_the_last_error(watching):
    """Twice in two minutes it is really asked."""
    rounds: list[float] = []

    def gone(_: ImapSource) -> None:
        rounds.append(time.monotonic())
        raise Unreachable("it is gone")

    watching.trouble.round = gone
    errors = [watching.worker.ask().exception(timeout=60) for _ in range(5)]
    assert {str(error) for error in errors} == {"it is gone."}
    assert len(rounds) == 3


def test_a_look_is_taken_in_any_case_every_five_minutes():
    assert timedelta(minutes=5) == SAFETY
