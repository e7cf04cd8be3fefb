"""Saving what a message carries, also what still lies on a real server."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.account import Account, AccountType
from app.domain.changes import Changes
from app.domain.clock import SystemClock
from app.domain.errors import KnownError, NotFound, Refused
from app.domain.mailbox import Batch
from app.engine.opening import Opening
from app.engine.reading import Reading
from app.mail import parse
from app.mail.imap import ImapSource
from app.mail.remote_mail import RemoteMail
from app.storage import messages
from tests.support.dovecot import DovecotServer, Mailbox
from tests.support.engine import Engine, FakeConnections, an_engine
from tests.support.mail_memory import Memory
from tests.support.mails import a_mail

pytestmark = pytest.mark.servers

FILM = random.Random(2).randbytes(300_000)
WHOLE = a_mail(
    "See the film of the broken mug.",
    message_id="<film@example.org>",
    attachments=(("film.mov", "video/quicktime", FILM),),
)


class Connections(FakeConnections):
    """A real door to the mails on the server."""

    def __init__(self, mailbox: Mailbox) -> None:
        super().__init__()
        self._mailbox = mailbox

    def real(self, account: Account) -> Account:
        settings = self._mailbox.settings()
        return Account(id=account.id, name=account.name, type=AccountType.IMAP, settings=settings)

    def remote_mail(self, account: Account) -> RemoteMail:  # type: ignore[override]
        return RemoteMail(self.real(account), self._mailbox.password)


class Shop:
    """An engine into which one large mail came from a real server."""

    def __init__(self, engine: Engine, mailbox: Mailbox) -> None:
        self.engine, self.mailbox = engine, mailbox
        self.moved: list[Changes] = []
        connections = Connections(mailbox)
        self.opening = Opening(
            writer=engine.writer, connections=connections, publish=self.moved.append
        )
        mailbox.add([WHOLE])
        source = ImapSource(
            connections.real(engine.account), mailbox.password, large=lambda: 50_000
        )
        source.round(Memory(), self._deliver, threading.Event())
        source.close()
        (self.id,) = engine.writer.do(
            lambda db: [one for (one,) in db.execute("SELECT id FROM message")]
        )

    def _deliver(self, batch: Batch) -> None:
        readings = [
            Reading(mail=mail, message=parse.read(mail.raw, complete=mail.complete))
            for mail in batch.mails
        ]
        self.engine.writer.do(
            lambda db: self.engine.pipeline.ingest(
                db, self.engine.account, batch, readings, now=SystemClock().now()
            )
        )

    def stored(self) -> messages.StoredMessage:
        return self.engine.writer.do(lambda db: messages.get(db, self.id))


@pytest.fixture
def shop(tmp_path: Path, dovecot: DovecotServer) -> Iterator[Shop]:
    with an_engine(tmp_path) as engine:
        yield Shop(engine, dovecot.user())


def test_an_attachment_that_was_left_on_the_server_is_saved_from_there(shop, tmp_path):
    (film,) = shop.stored().attachments
    assert film.section == "2"
    target = tmp_path / "film.mov"
    answer = shop.opening.save_attachment(shop.id, film.part, str(target))
    assert answer == {"path": str(target)}
    assert target.read_bytes() == FILM
    assert not shop.stored().complete  # one file was wanted, not the whole mail


def test_the_original_is_fetched_whole_and_kept(shop, tmp_path):
    target = tmp_path / "mail.eml"
    shop.opening.raw(shop.id, str(target))
    assert target.read_bytes() == WHOLE
    stored = shop.stored()
    assert stored.complete
    assert [one.section for one in stored.attachments] == [""]
    assert "still on the server" not in " ".join(stored.warnings)
    assert [sorted(one.issues) for one in shop.moved] == [[shop.engine.rows()[0].key]]
    shop.mailbox.adm("expunge", "mailbox", "INBOX", "all")
    shop.opening.save_attachment(shop.id, stored.attachments[0].part, str(target))
    assert target.read_bytes() == FILM


def test_a_mail_that_was_completed_is_found_by_its_words_once(shop, tmp_path):
    shop.opening.download(shop.id)
    assert len(shop.engine.queries.search("broken film", now=shop.engine.clock.now())) == 1
    shop.engine.writer.do(
        lambda db: db.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")
    )


def test_of_a_mail_that_the_server_no_longer_has_the_sentence_says_what_to_do(shop, tmp_path):
    shop.mailbox.adm("expunge", "mailbox", "INBOX", "all")
    target = tmp_path / "film.mov"
    with pytest.raises(NotFound, match="no longer has this mail") as caught:
        shop.opening.save_attachment(shop.id, 2, str(target))
    assert "ask the sender" in caught.value.hint
    assert not target.exists()
    assert shop.stored().text == "See the film of the broken mug."


def test_a_server_that_is_away_is_said_and_nothing_is_lost(shop, tmp_path, dovecot):
    def away(account: Account) -> RemoteMail:
        settings = {**shop.mailbox.settings(), "port": "1"}
        real = Account(id=1, name="Shop", type=AccountType.IMAP, settings=settings)
        return RemoteMail(real, "secret")

    connections = FakeConnections()
    connections.remote_mail = away  # type: ignore[method-assign, assignment]
    opening = Opening(writer=shop.engine.writer, connections=connections, publish=print)
    with pytest.raises(KnownError) as caught:
        opening.save_attachment(shop.id, 2, str(tmp_path / "film.mov"))
    assert caught.value.retry


def test_a_path_that_is_not_whole_is_refused_before_anything_is_fetched(shop):
    with pytest.raises(Refused, match="whole path"):
        shop.opening.save_attachment(shop.id, 2, "film.mov")
