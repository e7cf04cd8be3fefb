"""Gmail: one mail under several labels is one, and its conversations are only a hint."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.account import Account
from app.domain.clock import SystemClock
from app.domain.mailbox import Batch
from app.engine.poller import Worker
from app.engine.ports import MessageSource
from app.engine.reading import Reading
from app.mail import parse
from app.mail.imap import ImapSource
from app.storage import folders, messages, on_server
from tests.support.certificates import Authority
from tests.support.engine import Engine, FakeConnections, an_engine
from tests.support.mail_memory import Memory
from tests.support.mailbox_script import Box, Letter, MailboxServer
from tests.support.mails import a_mail

BIG = 1_881_234_567_890_123_456  # Gmail's numbers have up to 64 bits


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with an_engine(tmp_path) as one:
        yield one


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "ca")


def letter(number: int, *, thread: int, from_: str = "ann@example.org", text: str = "") -> Letter:
    raw = a_mail(
        text or f"Words of mail {number}.",
        message_id=f"<{number}@example.org>",
        from_=from_,
        to="hello@shop.example",
        subject="My order",
    )
    return Letter(raw=raw, mail=BIG + number, thread=thread)


def read_all(engine: Engine, authority: Authority, boxes: dict[str, Box]) -> list[bytes]:
    """Every folder once, into the engine; what the server was told."""

    def deliver(batch: Batch) -> None:
        readings = [Reading(mail=one, message=parse.read(one.raw)) for one in batch.mails]
        engine.writer.do(
            lambda db: engine.pipeline.ingest(
                db, engine.account, batch, readings, now=SystemClock().now()
            )
        )

    with MailboxServer(authority, boxes, gmail=True) as server:
        account = server.account(folders=",".join(boxes))
        source = ImapSource(account, "secret")
        source.round(Memory(), deliver, threading.Event())
        source.close()
        return server.heard


def test_a_mail_under_several_labels_is_stored_once_and_lies_in_all_of_them(engine, authority):
    one = letter(1, thread=9)
    # Under the other label it has lost its Message-ID: only Gmail's number tells that it is one.
    other = Letter(raw=one.raw.replace(b"Message-ID:", b"X-Old-ID:"), mail=one.mail, thread=9)
    boxes = {
        "INBOX": Box(letters={5: one}),
        "Orders": Box(letters={2: other, 3: letter(2, thread=8)}),
    }
    heard = read_all(engine, authority, boxes)
    assert engine.writer.do(messages.count) == 2
    books = {proof.folder: proof for proof in engine.writer.do(folders.proofs)}
    assert (books["INBOX"].stored, books["Orders"].stored) == (1, 2)
    assert all(proof.unexplained == 0 for proof in books.values())
    assert any(b"X-GM-MSGID X-GM-THRID" in line for line in heard)


def test_the_highest_number_that_gmail_can_give_is_kept(engine, authority):
    top = Letter(raw=a_mail(message_id=None), mail=2**64 - 1, thread=2**64 - 1)
    again = Letter(raw=a_mail("Other bytes.", message_id=None), mail=2**64 - 1, thread=2**64 - 1)
    read_all(engine, authority, {"INBOX": Box(letters={1: top}), "Orders": Box(letters={1: again})})
    assert engine.writer.do(messages.count) == 1


def test_a_conversation_of_gmail_with_the_same_customer_is_one_issue(engine, authority):
    """Her second mail lost its References: her mail program does not write them."""
    first = letter(1, thread=7, text="My mug arrived broken.")
    second = letter(2, thread=7, text="Is the teapot in your window for sale?")
    read_all(engine, authority, {"INBOX": Box(letters={1: first, 2: second})})
    (row,) = engine.rows("all")
    assert row.message_count == 2
    view = engine.queries.issue(row.key)
    assert "Gmail shows it in the same conversation" in view.messages[-1].joined_because


def test_a_conversation_of_gmail_joins_no_two_customers(engine, authority):
    """Gmail goes by subjects: two customers who write "My order" can be one conversation there."""
    mails = {1: letter(1, thread=7), 2: letter(2, thread=7, from_="bob@example.org")}
    read_all(engine, authority, {"INBOX": Box(letters=mails)})
    assert len(engine.rows("all")) == 2


def test_labels_are_kept_found_and_followed(engine, authority):
    """As Gmail writes them: its own with a backslash, words in quotes, letters in UTF-7."""
    first = letter(1, thread=7)
    first.labels = b'"\\\\Inbox" VIP "Sch&APY-ne Kunden" "say \\"hi\\""'
    second = letter(2, thread=8, from_="bob@example.org")
    second.labels = b'"\\\\Inbox" {8}\r\nBig deal'
    inbox = Box(letters={1: first, 2: second}, modseq=5)
    with (
        MailboxServer(authority, {"INBOX": inbox}, gmail=True) as server,
        rounds(engine, server) as look,
    ):
        look()
        ann, bob = labels_of(engine, "ann"), labels_of(engine, "bob")
        assert ann == ("Inbox", "Schöne Kunden", "VIP", 'say "hi"')
        assert bob == ("Big deal", "Inbox")
        assert found(engine, "label:vip") == ["ann@example.org"]
        assert found(engine, 'label:"big deal"') == ["bob@example.org"]
        assert found(engine, "label:inbox words") == found(engine, "label:inbox")
        assert len(found(engine, "label:inbox")) == 2
        assert found(engine, "label:inbox label:vip") == ["ann@example.org"]
        assert found(engine, "label:nobody") == []
        assert found(engine, "label:vip is:done") == []
        first.labels, inbox.modseq = b"Done", 6
        look()
    assert labels_of(engine, "ann") == ("Done",)
    assert found(engine, "label:vip") == []


def test_what_was_read_under_one_label_is_not_fetched_again_under_another(engine, authority):
    """All Mail holds the INBOX once more; only what it has beside it is fetched."""
    one, other = letter(1, thread=7), letter(2, thread=8, from_="bob@example.org")
    boxes = {
        "INBOX": Box(letters={5: one}),
        "[Gmail]/All Mail": Box(letters={70: one, 71: other}, flags=b"\\All"),
    }
    with (
        MailboxServer(authority, boxes, gmail=True) as server,
        rounds(engine, server, folders="[Gmail]/All Mail") as look,
    ):
        look()
    bodies = [line.split(b" ")[3] for line in server.heard if b"BODY.PEEK[]" in line]
    assert bodies == [b"5", b"71"]
    books = {proof.folder: proof for proof in engine.writer.do(folders.proofs)}
    assert books["[Gmail]/All Mail"].stored == 2
    assert books["[Gmail]/All Mail"].unexplained == 0


def test_an_archived_mail_is_in_all_mail_and_a_deleted_one_is_gone(engine, authority):
    ann, bob = letter(1, thread=7), letter(2, thread=8, from_="bob@example.org")
    inbox = Box(letters={5: ann, 6: bob})
    all_mail = Box(letters={70: ann, 71: bob}, flags=b"\\All")
    boxes = {"INBOX": inbox, "[Gmail]/All Mail": all_mail}
    with (
        MailboxServer(authority, boxes, gmail=True) as server,
        rounds(engine, server) as look,
    ):
        look()
        assert not any(b"SEARCH" in line for line in server.heard)
        inbox.letters.clear()  # ann's mail was archived, bob's was put into the trash
        del all_mail.letters[71]
        for _ in range(3):
            look()
        assert whereabouts_of(engine, "ann") == (("[Gmail]/All Mail",), False)
        assert whereabouts_of(engine, "bob") == ((), True)
        assert engine.writer.do(on_server.gone_counts) == {"Shop": 1}
        books = [proof.folder for proof in engine.writer.do(folders.proofs)]
        assert books == ["INBOX"]
        asked = sum(b"SEARCH" in line for line in server.heard)
        look()
        assert sum(b"SEARCH" in line for line in server.heard) == asked  # what is known is known
        inbox.letters[9] = ann  # and brought back
        look()
        assert whereabouts_of(engine, "ann") == (("INBOX",), False)


def test_many_mails_are_archived_at_once(engine, authority):
    """Their names go in several questions; none of them is taken for gone."""
    letters = {number: letter(number, thread=number) for number in range(1, 46)}
    inbox = Box(letters=dict(letters))
    boxes = {"INBOX": inbox, "[Gmail]/All Mail": Box(letters=letters, flags=b"\\All")}
    with (
        MailboxServer(authority, boxes, gmail=True) as server,
        rounds(engine, server) as look,
    ):
        look()
        inbox.letters.clear()
        for _ in range(3):
            look()
        asked = [line for line in server.heard if b"UID SEARCH" in line]
    assert engine.writer.do(on_server.gone_counts) == {}
    assert len(asked) == 3
    assert asked[0].count(b"OR ") == 19


class AtGmail(FakeConnections):
    """A real source at a played server."""

    def __init__(self, server: MailboxServer, **settings: str) -> None:
        super().__init__()
        self._at = server.account(**settings)

    def source(self, account: Account) -> MessageSource:
        return ImapSource(self._at, "secret")


@contextmanager
def rounds(engine: Engine, server: MailboxServer, **settings: str) -> Iterator[Callable[[], None]]:
    """A worker over the engine's own books; one round each time it is called."""
    worker = Worker(
        engine.account,
        database=engine.database,
        writer=engine.writer,
        pipeline=engine.pipeline,
        connections=AtGmail(server, **settings),
        clock=SystemClock(),
        publish=lambda _event: None,
        pause=lambda: timedelta(hours=1),
    )
    worker.start()
    try:
        yield lambda: worker.ask().result(timeout=60)
    finally:
        worker.stop()


def labels_of(engine: Engine, who: str) -> tuple[str, ...]:
    (row,) = (row for row in engine.rows("all") if row.customer.email.startswith(who))
    return engine.issue(row.key).messages[0].on_server.labels


def whereabouts_of(engine: Engine, who: str) -> tuple[tuple[str, ...], bool]:
    (row,) = (row for row in engine.rows("all") if row.customer.email.startswith(who))
    where = engine.issue(row.key).messages[0].on_server
    return where.folders, where.gone


def found(engine: Engine, query: str) -> list[str]:
    rows = engine.queries.rows(engine.queries.search(query, now=engine.clock.now()))
    return sorted(row.customer.email for row in rows)
