"""What could not be sent at once: looked for, tried again ever more calmly, and then a person's."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import timedelta

import pytest

from app.domain.account import HealthState
from app.domain.errors import (
    CertificateRejected,
    KnownError,
    SecretsLocked,
    SecretsMissing,
    SignInRefused,
    Unreachable,
)
from app.domain.journal import EntryType, State
from app.domain.reply import OutboxState, Reply
from app.engine.connecting import Connecting
from app.engine.outbox import Outbox
from app.mail.smtp_failures import SendDelayed, SendUnknown
from app.storage import accounts
from app.storage import outbox as rows
from tests.support.engine import Engine, FakeConnections, FakeCopies

pytestmark = pytest.mark.usefixtures("key")  # a customer wrote

WORDS = "Hello Ben,\n\nwe send you two new mugs today.\n\nBest wishes,\nJo"


def fails(error: KnownError) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


@pytest.fixture
def out(engine: Engine) -> Outbox:
    """One engine's outbox, from its start on."""
    made = engine.outbox()
    made.recover()
    return made


def a_reply(engine: Engine) -> tuple[int, str]:
    """A reply whose undo window is over: its id and its Message-ID."""
    answer = engine.writing.send_reply(engine.only_key(), WORDS)
    engine.clock.forward(seconds=16)
    return answer["reply"], answer["message_id"]


def now_is(engine: Engine, reply: int) -> Reply:
    return engine.writer.do(lambda db: rows.get(db, reply))


def sent(engine: Engine) -> int:
    return len(engine.connections.post.sent)


def looked_into(engine: Engine) -> None:
    """The account's mailbox was looked into with success, as its poller says."""
    now, account = engine.clock.now(), engine.account.id
    engine.writer.do(
        lambda db: accounts.set_health(
            db, account, state=HealthState.OK, tried_at=now, ok_at=now
        )
    )  # fmt: skip


class Unreadable(FakeCopies):
    """The Sent folder of a server that does not answer."""

    def __init__(self, error: KnownError) -> None:
        super().__init__()
        self.error = error

    def holds(self, message_id: str) -> bool:
        raise self.error


class TestInDoubt:
    """The line broke at the last dot: the provider's own copy tells, seconds later."""

    @pytest.fixture
    def doubtful(self, engine: Engine, out: Outbox) -> tuple[int, str]:
        engine.connections.post.after = fails(SendUnknown("The line broke"))
        made = a_reply(engine)
        out.step()
        engine.connections.post.after = None
        return made

    @pytest.mark.parametrize("seconds", [2, 5, 15, 60])
    def test_a_copy_that_is_filed_seconds_later_is_found(
        self, engine: Engine, out: Outbox, doubtful: tuple[int, str], seconds: int
    ) -> None:
        """It counts as sent and nobody is asked; nothing goes a second time."""
        reply, message_id = doubtful
        engine.clock.forward(seconds=seconds - 1)
        out.step()
        assert now_is(engine, reply).state is OutboxState.UNKNOWN
        engine.connections.copies.filed.append(message_id)
        engine.clock.forward(seconds=1)
        out.step()
        assert now_is(engine, reply).state is OutboxState.FILED
        assert engine.issue(engine.only_key()).row.state is State.WAITING
        assert engine.connections.copies.filed == [message_id]
        assert sent(engine) == 0

    def test_the_thread_rests_no_longer_than_until_the_next_look(
        self, engine: Engine, out: Outbox, doubtful: tuple[int, str]
    ) -> None:
        assert out._pause() == 2.0
        engine.clock.forward(seconds=6)
        out.step()
        assert out._pause() == 9.0

    def test_it_is_looked_for_before_it_is_sent_again(
        self, engine: Engine, out: Outbox, doubtful: tuple[int, str]
    ) -> None:
        """Even where another engine has to do it; the person need not have looked."""
        reply, message_id = doubtful
        engine.connections.copies.filed.append(message_id)
        engine.on_its_way.retry_reply(reply)
        engine.outbox().step()
        assert (sent(engine), now_is(engine, reply).state) == (0, OutboxState.FILED)
        assert [one.type for one in engine.issue(engine.only_key()).journal].count(
            EntryType.REPLY_SENT
        ) == 1

    def test_what_is_not_there_is_sent_again_as_the_person_said(
        self, engine: Engine, out: Outbox, doubtful: tuple[int, str]
    ) -> None:
        reply, _ = doubtful
        engine.on_its_way.retry_reply(reply)
        out.step()
        assert (sent(engine), now_is(engine, reply).state) == (1, OutboxState.FILED)

    def test_while_sent_cannot_be_read_nothing_goes_a_second_time(
        self, engine: Engine, out: Outbox, doubtful: tuple[int, str]
    ) -> None:
        """The person's word is kept until somebody can look."""
        reply, message_id = doubtful
        engine.connections.copies = Unreadable(Unreachable("No answer"))
        engine.on_its_way.retry_reply(reply)
        out.step()
        assert (sent(engine), now_is(engine, reply).state) == (0, OutboxState.QUEUED)
        engine.connections.copies = FakeCopies(filed=[message_id])
        engine.clock.forward(hours=1)
        out.step()
        assert (sent(engine), now_is(engine, reply).state) == (0, OutboxState.FILED)

    def test_a_folder_that_can_never_be_read_stops_nobody(
        self, engine: Engine, out: Outbox, doubtful: tuple[int, str]
    ) -> None:
        engine.connections.copies = Unreadable(KnownError("There is no such folder"))
        engine.on_its_way.retry_reply(doubtful[0])
        out.step()
        assert sent(engine) == 1

    def test_what_a_person_said_meanwhile_stands(
        self, engine: Engine, out: Outbox, doubtful: tuple[int, str]
    ) -> None:
        """Confirmed during a look, it is not written down as sent once more."""
        reply, _ = doubtful

        class Confirms(FakeCopies):
            def holds(self, message_id: str) -> bool:
                if not self.filed:
                    self.filed.append(message_id)
                    engine.on_its_way.confirm_reply(reply)
                return True

        engine.connections.copies = Confirms()
        engine.clock.forward(seconds=2)
        out.step()
        entries = [one.type for one in engine.issue(engine.only_key()).journal]
        assert entries.count(EntryType.REPLY_SENT) == 1

    def test_the_next_engine_looks_as_well(self, engine: Engine, doubtful: tuple[int, str]) -> None:
        engine.connections.copies.filed.append(doubtful[1])
        engine.outbox().recover()
        assert now_is(engine, doubtful[0]).state is OutboxState.FILED


class TestBlocked:
    """Signing in did not work."""

    @pytest.mark.parametrize("error", [SecretsLocked, SecretsMissing, CertificateRejected])
    def test_what_needs_no_password_goes_by_itself(
        self, engine: Engine, out: Outbox, error: type[KnownError]
    ) -> None:
        """A keyring that is open again, a certificate that was renewed: it is tried calmly."""
        engine.connections.post.before = fails(error("Not now"))
        reply, _ = a_reply(engine)
        out.step()
        assert now_is(engine, reply).state is OutboxState.BLOCKED
        engine.connections.post.before = None
        engine.clock.forward(minutes=9)
        out.step()
        assert sent(engine) == 0
        engine.clock.forward(minutes=1)
        out.step()
        assert (sent(engine), now_is(engine, reply).state) == (1, OutboxState.FILED)

    def test_a_refused_password_is_not_knocked_with(self, engine: Engine, out: Outbox) -> None:
        knocks = []

        def refuse() -> None:
            knocks.append(engine.clock.now())
            raise SignInRefused("The password was refused")

        engine.connections.post.before = refuse
        reply, _ = a_reply(engine)
        for _ in range(96):
            out.step()
            engine.clock.forward(hours=1)
        assert len(knocks) == 1
        assert now_is(engine, reply).state is OutboxState.BLOCKED

    def test_it_goes_when_the_account_signed_in_again(self, engine: Engine, out: Outbox) -> None:
        """The next look into the mailbox that succeeds lets it go."""
        looked_into(engine)
        engine.connections.post.before = fails(SignInRefused("The password was refused"))
        reply, _ = a_reply(engine)
        out.step()
        engine.connections.post.before = None
        engine.clock.forward(minutes=1)
        out.step()
        assert now_is(engine, reply).state is OutboxState.BLOCKED
        looked_into(engine)
        out.step()
        assert (sent(engine), now_is(engine, reply).state) == (1, OutboxState.FILED)

    def test_a_server_that_refuses_only_sending_is_asked_less_and_less(
        self, engine: Engine, out: Outbox
    ) -> None:
        """Reading goes well every minute all the same."""
        knocks = []

        def refuse() -> None:
            knocks.append(engine.clock.now())
            raise SignInRefused("SMTP is switched off for this account")

        engine.connections.post.before = refuse
        a_reply(engine)
        for _ in range(24 * 60):
            out.step()
            engine.clock.forward(minutes=1)
            looked_into(engine)
        pauses = [after - before for before, after in itertools.pairwise(knocks)]
        assert pauses == [timedelta(minutes=1), timedelta(hours=1), timedelta(hours=6)]

    def test_a_discarded_one_is_not_let_go(self, engine: Engine, out: Outbox) -> None:
        engine.connections.post.before = fails(SecretsLocked("The keyring is locked"))
        reply, _ = a_reply(engine)
        out.step()
        engine.on_its_way.discard_reply(reply)
        engine.connections.post.before = None
        looked_into(engine)
        engine.clock.forward(hours=1)
        out.step()
        assert (sent(engine), now_is(engine, reply).state) == (0, OutboxState.UNDONE)

    def test_changed_settings_of_the_account_let_it_go(self, engine: Engine, out: Outbox) -> None:
        """The owner mended the name for sending: nobody waits for a password any more."""
        engine.connections.post.before = fails(SignInRefused("The password was refused"))
        reply, _ = a_reply(engine)
        out.step()
        a_connecting(engine).set(engine.account.name, {"smtp_user": "shop"}, check=False)
        assert now_is(engine, reply).state is OutboxState.QUEUED


class TestForDays:
    """A server that takes it never."""

    def test_after_five_days_it_has_failed_and_a_person_decides(
        self, engine: Engine, out: Outbox
    ) -> None:
        """RFC 5321 4.5.4.1. It does not leave by itself weeks later; its words are not lost."""
        engine.connections.post.before = fails(SendDelayed("The server does not take it now"))
        reply, _ = a_reply(engine)
        for _ in range(24 * 5):
            out.step()
            assert now_is(engine, reply).state is OutboxState.QUEUED
            engine.clock.forward(hours=1)
        out.step()
        failed = now_is(engine, reply)
        assert failed.state is OutboxState.FAILED
        assert failed.error.startswith("It could not be sent for 5 days. The server does not take")
        assert engine.issue(engine.only_key()).journal[-1].type is EntryType.REPLY_FAILED
        engine.connections.post.before = None
        engine.clock.forward(days=25)
        out.step()
        assert sent(engine) == 0
        engine.on_its_way.discard_reply(reply)
        draft = engine.issue(engine.only_key()).draft
        assert draft is not None
        assert draft.body == WORDS

    def test_who_wants_it_again_gives_it_five_more_days(self, engine: Engine, out: Outbox) -> None:
        engine.connections.post.before = fails(SendDelayed("Not now"))
        reply, _ = a_reply(engine)
        for _ in range(24 * 5 + 1):
            out.step()
            engine.clock.forward(hours=1)
        assert now_is(engine, reply).state is OutboxState.FAILED
        engine.on_its_way.retry_reply(reply)
        out.step()
        assert now_is(engine, reply).state is OutboxState.QUEUED
        engine.connections.post.before = None
        engine.clock.forward(days=4)
        out.step()
        assert sent(engine) == 1

    def test_a_planned_one_is_counted_from_its_hour(self, engine: Engine, out: Outbox) -> None:
        """Not from the day on which it was written."""
        engine.connections.post.before = fails(SendDelayed("Not now"))
        at = engine.clock.now() + timedelta(days=20)
        key = engine.only_key()
        reply = engine.writing.send_reply(key, WORDS, at=at.isoformat(), insist=True)["reply"]
        engine.clock.at = at
        out.step()
        engine.clock.forward(days=4)
        out.step()
        assert now_is(engine, reply).state is OutboxState.QUEUED
        engine.clock.forward(days=1)
        out.step()
        assert now_is(engine, reply).state is OutboxState.FAILED

    def test_what_may_have_left_is_doubtful_again_and_not_failed(
        self, engine: Engine, out: Outbox
    ) -> None:
        engine.connections.post.after = fails(SendUnknown("The line broke"))
        reply, _ = a_reply(engine)
        out.step()
        engine.connections.post.after = None
        engine.connections.post.before = fails(SendDelayed("Not now"))
        engine.on_its_way.retry_reply(reply)
        out.step()
        engine.clock.forward(days=5)
        out.step()
        assert now_is(engine, reply).state is OutboxState.UNKNOWN

    def test_from_the_second_day_on_the_window_can_tell(self, engine: Engine, out: Outbox) -> None:
        engine.connections.post.before = fails(SendDelayed("Not now"))
        a_reply(engine)
        for hours in range(24):
            out.step()
            (shown,) = engine.queries.overview(now=engine.clock.now()).replies
            assert (shown.tried_for >= timedelta(days=1)) is (hours == 23)
            engine.clock.forward(hours=1)

    def test_a_mistake_of_ours_is_no_reason_to_try_without_a_pause(
        self, engine: Engine, out: Outbox
    ) -> None:
        tries = []

        def stumble() -> None:
            tries.append(engine.clock.now())
            raise ZeroDivisionError

        engine.connections.post.before = stumble
        reply, _ = a_reply(engine)
        for _ in range(30):
            out.step()
            engine.clock.forward(seconds=1)
        assert len(tries) == 1
        assert now_is(engine, reply).state is OutboxState.QUEUED
        engine.connections.post.before = None
        engine.clock.forward(minutes=1)
        out.step()
        assert sent(engine) == 1


class _NoPoller:
    """Nobody looks for mail."""

    def add(self, account: object) -> None: ...
    def ask(self, name: str) -> None: ...


def a_connecting(engine: Engine) -> Connecting:
    return Connecting(
        writer=engine.writer,
        secrets=None,  # type: ignore[arg-type]
        connections=FakeConnections(),
        poller=_NoPoller(),  # type: ignore[arg-type]
        clock=engine.clock,
        publish=engine.moved.append,
        wake_outbox=lambda: None,
    )


def test_a_reply_that_was_sent_while_the_clock_was_ahead_leaves_when_it_is_right(
    engine: Engine, out: Outbox
) -> None:
    """Not years later, at the hour that the clock showed; what a person planned stays planned."""
    engine.clock.forward(days=3650)
    reply = engine.writing.send_reply(engine.only_key(), WORDS)["reply"]
    engine.clock.forward(days=-3650)
    out.step()
    assert engine.writer.do(lambda db: rows.get(db, reply)).state is OutboxState.FILED


def test_a_planned_reply_waits_for_its_hour_however_far(engine: Engine, out: Outbox) -> None:
    at = engine.clock.now() + timedelta(days=20)
    key = engine.only_key()
    reply = engine.writing.send_reply(key, WORDS, at=at.isoformat(), insist=True)["reply"]
    out.step()
    assert engine.writer.do(lambda db: rows.get(db, reply)).not_before == at


def test_a_reply_put_off_while_the_clock_was_ahead_is_tried_when_it_is_right(
    engine: Engine, out: Outbox
) -> None:
    engine.clock.forward(days=3650)
    reply, _ = a_reply(engine)
    engine.connections.post.before = fails(Unreachable("The server is away"))
    out.step()
    engine.connections.post.before = None
    engine.clock.forward(days=-3650)
    out.step()
    assert engine.writer.do(lambda db: rows.get(db, reply)).state is OutboxState.FILED
