"""News from a real Dovecot: told by the server, never slept through, and no death unnoticed."""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from app.domain.account import Account, AccountType
from app.domain.errors import Unreachable
from app.domain.mailbox import Batch, FolderCursor
from app.mail.gateway import Gateway
from app.mail.imap import ImapSource
from app.mail.imap_server import ImapServer
from app.mail.push import Rhythm
from tests.support.dovecot import Mailbox
from tests.support.folder_memory import NoMemory
from tests.support.mails import a_mail

pytestmark = pytest.mark.servers

LONG = 60.0  # seconds; a wait that lasts so long was ended by the clock
SOON = 30.0  # seconds; one that lasts so long was ended by what it waits for


class Forgetful(NoMemory):
    """Remembers nothing: every round brings everything."""

    def cursor(self, folder: str) -> FolderCursor | None:
        return None

    def known_uids(self, folder: str, uid_validity: int) -> frozenset[int]:
        return frozenset()


def account(mailbox: Mailbox, **more: str) -> Account:
    settings = mailbox.settings(**{"folders": "-Sent, -Junk", **more})
    return Account(id=1, name="Shop", type=AccountType.IMAP, settings=settings)


def a_round(source: ImapSource) -> list[Batch]:
    batches: list[Batch] = []
    source.round(Forgetful(), batches.append, threading.Event())
    return batches


@pytest.fixture
def source(mailbox):
    """A source after its first round, with one mail in the INBOX."""
    mailbox.add([a_mail("Hello", message_id="<0@example.org>")])
    source = ImapSource(account(mailbox), mailbox.password)
    a_round(source)
    yield source
    source.close()


@contextmanager
def soon(seconds: float, step) -> Iterator[None]:
    """`step` is done after so many seconds, in another thread."""
    timer = threading.Timer(seconds, step)
    timer.start()
    yield
    timer.join()


def waited(source: ImapSource, *, pause: float = LONG, safety: float = LONG) -> float:
    began = time.monotonic()
    source.wait_for_news(pause=pause, safety=safety)
    return time.monotonic() - began


def one_more(mailbox: Mailbox, number: int = 1) -> None:
    mailbox.add([a_mail("Hello", message_id=f"<{number}@example.org>")])


def test_the_server_tells_of_a_mail_that_arrives(mailbox, source):
    with soon(0.3, lambda: one_more(mailbox)):
        assert waited(source) < SOON
    assert len(a_round(source)[0].mails) == 2


def test_the_server_tells_of_a_mail_that_is_gone(mailbox, source):
    with soon(0.3, lambda: mailbox.adm("expunge", "mailbox", "INBOX", "ALL")):
        assert waited(source) < SOON
    assert a_round(source)[-1].folder.exists == 0


def test_a_mail_that_came_between_the_round_and_the_waiting_is_not_slept_through(mailbox, source):
    """The server told of it already while it was asked something else, and tells once."""
    one_more(mailbox)
    assert source._gateway is not None
    source._gateway.is_alive()
    assert waited(source) < SOON


def test_news_one_after_the_other_are_each_told_on_the_same_connection(mailbox, source):
    gateway = source._gateway
    for number in range(1, 6):
        with soon(0.1, lambda number=number: one_more(mailbox, number)):
            assert waited(source) < SOON
        assert len(a_round(source)[0].mails) == number + 1
    assert source._gateway is gateway


def test_a_bell_ends_the_waiting_at_once(source):
    with soon(0.3, source.interrupt):
        assert waited(source) < SOON


def test_a_bell_that_rang_before_the_waiting_is_heard(source):
    source.interrupt()
    assert waited(source) < SOON


def test_the_time_ends_the_waiting_and_the_connection_is_good_for_the_next_round(source):
    assert 0.4 <= waited(source, safety=0.4) < SOON
    assert len(a_round(source)[0].mails) == 1


def test_idle_is_begun_afresh_in_its_rhythm_and_news_are_told_all_the_same(mailbox):
    source = ImapSource(account(mailbox), mailbox.password, rhythm=Rhythm(0.2))
    a_round(source)
    with soon(1.5, lambda: one_more(mailbox)):
        assert 1.0 < waited(source) < SOON
    source.close()


def test_a_server_that_throws_us_out_is_noticed_at_once_and_forgiven(mailbox, source):
    kicked: list[float] = []

    def kick() -> None:
        mailbox.kick()
        kicked.append(time.monotonic())

    with soon(0.5, kick), pytest.raises(Unreachable, match="hung up"):
        waited(source)
    assert time.monotonic() - kicked[0] < SOON
    assert len(a_round(source)[0].mails) == 1


def test_a_frozen_server_is_noticed_when_idle_is_begun_afresh_and_the_rhythm_is_halved(
    dovecot, mailbox
):
    """SIGSTOP: the kernel of the server goes on to confirm what it gets, so no probe helps."""
    rhythm = Rhythm(1.0, floor=0.3, answer=3.0)
    source = ImapSource(account(mailbox), mailbox.password, rhythm=rhythm)
    a_round(source)
    frozen, went_on = threading.Event(), threading.Event()

    def freeze() -> None:
        with dovecot.frozen():
            frozen.set()
            went_on.wait(LONG)

    with soon(0.3, freeze):
        began = time.monotonic()
        with pytest.raises(Unreachable, match="does not answer"):
            waited(source)
        lasted = time.monotonic() - began
        assert frozen.is_set()
        went_on.set()
    assert lasted < SOON
    assert rhythm.seconds == 0.5
    assert a_round(source)[-1].complete
    source.close()


def test_the_rhythm_is_nine_minutes_and_never_less_than_two():
    rhythm = Rhythm()
    assert rhythm.seconds == 540
    for _ in range(5):
        rhythm.shorten()
    assert rhythm.seconds == 120


def test_other_folders_are_looked_at_in_the_rhythm_of_those_that_cannot_tell(mailbox):
    source = ImapSource(account(mailbox, folders="INBOX, Junk"), mailbox.password)
    a_round(source)
    assert 0.3 <= waited(source, pause=0.3) < SOON
    with soon(0.3, lambda: one_more(mailbox)):
        assert waited(source) < SOON
    source.close()


def test_a_connection_asks_by_itself_whether_the_other_side_is_there(mailbox):
    gateway = Gateway(ImapServer.of(account(mailbox)))
    line = gateway._connection.sock
    assert line.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
    if sys.platform == "linux":
        tcp = [
            line.getsockopt(socket.IPPROTO_TCP, option)
            for option in (
                socket.TCP_KEEPIDLE,
                socket.TCP_KEEPINTVL,
                socket.TCP_KEEPCNT,
                socket.TCP_USER_TIMEOUT,
            )
        ]
        assert tcp == [60, 15, 4, 30_000]
    gateway.close()
