"""The plain path at a server of another make: Courier, without QRESYNC, CONDSTORE or MOVE."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from app.domain.errors import SignInRefused
from app.mail import parse
from app.mail.gateway import Gateway
from app.mail.imap import ImapSource
from app.mail.imap_server import ImapServer
from app.mail.remote_mail import RemoteMail
from app.mail.sent import SentFolder
from tests.support.courier import PASSWORD, CourierServer, is_there
from tests.support.mail_memory import Memory
from tests.support.mails import A_MORNING, a_mail

pytestmark = pytest.mark.servers


@pytest.fixture
def courier() -> Iterator[CourierServer]:
    if not is_there():
        pytest.skip("Courier is not unpacked in build/courier; build_scripts/check.py does it")
    with CourierServer() as server:
        yield server


def numbered(count: int, *, start: int = 1) -> list[bytes]:
    return [
        a_mail(f"Mail {n}", message_id=f"<{n}@example.org>") for n in range(start, start + count)
    ]


def a_round(server: CourierServer, memory: Memory) -> Memory:
    source = ImapSource(server.account(folders="INBOX"), PASSWORD)
    try:
        source.round(memory, memory.deliver, threading.Event())
    finally:
        source.close()
    return memory


def test_everything_is_brought_once_and_the_books_balance(courier):
    courier.add(*numbered(250))
    memory = a_round(courier, Memory())
    assert memory.ids() == sorted(f"{n}@example.org" for n in range(1, 251))
    last = memory.batches[-1]
    assert last.complete
    assert last.folder.exists == 250
    courier.add(*numbered(2, start=900))
    assert len(a_round(courier, memory).mails) == 252
    assert all("S" not in path.name.partition(":2,")[2] for path in courier.files())  # still unread


def test_numbers_stand_for_the_same_mails_from_one_connection_to_the_next(courier):
    """Courier counts anew for who only examines a folder: a mail could be missed for ever."""
    courier.add(*numbered(1))
    memory = a_round(courier, Memory())
    validity = memory.cursors["INBOX"].uid_validity
    courier.add(*numbered(1, start=2))
    a_round(courier, memory)
    courier.files()[1].unlink()
    courier.add(*numbered(1, start=3))
    a_round(courier, memory)
    assert memory.cursors["INBOX"].uid_validity == validity
    assert memory.ids() == ["1@example.org", "2@example.org", "3@example.org"]


def test_what_is_deleted_there_is_gone_here(courier):
    courier.add(*numbered(3))
    memory = a_round(courier, Memory())
    courier.files()[1].unlink()
    a_round(courier, memory)
    assert len(memory.batches[-1].gone) == 1
    assert memory.batches[-1].folder.exists == 2


def test_a_wrong_password_is_told_from_everything_else(courier):
    with pytest.raises(SignInRefused):
        ImapSource(courier.account(), "another").check()


def test_check_says_what_was_found(courier):
    courier.add(*numbered(2))
    source = ImapSource(courier.account(folders="INBOX"), PASSWORD)
    assert "INBOX holds 2 mails" in source.check()
    source.close()


def test_a_sent_mail_is_filed_where_courier_keeps_them_and_found_again(courier):
    gateway = Gateway(ImapServer.of(courier.account()))
    gateway.sign_in(PASSWORD)
    gateway.create_folder("INBOX.Sent")
    gateway.close()
    sent = SentFolder(courier.account(), PASSWORD)
    sent.file(a_mail(message_id="<reply@shop.example>"), A_MORNING)
    assert sent.holds("reply@shop.example")
    assert not sent.holds("another@shop.example")
    sent.close()
    (path,) = courier.files(".Sent")
    assert "S" in path.name.partition(":2,")[2]  # marked as read


def test_a_file_that_was_left_in_a_large_mail_is_fetched(courier):
    film = bytes(range(256)) * 1000
    courier.add(a_mail("See the film.", attachments=(("film.mov", "video/quicktime", film),)))
    source = ImapSource(courier.account(folders="INBOX"), PASSWORD, large=lambda: 50_000)
    memory = Memory()
    source.round(memory, memory.deliver, threading.Event())
    source.close()
    (mail,) = memory.mails
    part = parse.read(mail.raw, complete=mail.complete)
    (left,) = part.attachments
    assert (part.text, left.section) == ("See the film.", "2")
    door = RemoteMail(courier.account(), PASSWORD)
    validity = memory.cursors["INBOX"].uid_validity
    data = door.section(left.section, folder="INBOX", uid_validity=validity, uid=mail.uid)
    door.close()
    assert parse.decoded(mail.raw, left.part, data) == film
