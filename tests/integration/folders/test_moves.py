"""Mails that move, vanish, are renumbered or restored: each stays one mail, and rings once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.domain.mailbox import MailFlag
from app.storage import messages
from tests.support.dovecot import DovecotServer
from tests.support.engine import a_letter
from tests.support.watched import Watched, watched

pytestmark = pytest.mark.servers

INJURY = "My daughter was cut by the chipped bowl and is in hospital. Our lawyer will sue you."


def letters(*numbers: int) -> list[bytes]:
    return [
        a_letter(
            f"Cup number {n} broke." + "!" * n,
            subject=f"Cup {n}",
            sender=f"c{n}@customer.example",
            message_id=f"<{n}@customer.example>",
        )
        for n in numbers
    ]


@contextmanager
def two_folders(folder: Path, server: DovecotServer) -> Iterator[Watched]:
    """An account with a folder of the owner's beside the others."""
    mailbox = server.user()
    mailbox.adm("mailbox", "create", "Orders")
    with watched(folder, mailbox, folders="Orders") as found:
        yield found


@pytest.fixture
def two(tmp_path, dovecot):
    with two_folders(tmp_path, dovecot) as found:
        yield found


def stored(shop: Watched) -> int:
    return shop.engine.writer.do(messages.count)


def expunge(shop: Watched, number: int, folder: str = "INBOX") -> None:
    words = ("mailbox", folder, "HEADER", "Message-ID", f"<{number}@customer.example>")
    shop.mailbox.adm("expunge", *words)


@pytest.mark.parametrize(("source", "target"), [("INBOX", "Orders"), ("Orders", "INBOX")])
def test_a_mail_that_moved_is_the_same_mail(two, source, target):
    """Whichever of the two folders is read first."""
    two.arrives(a_letter(INJURY), folder="" if source == "INBOX" else source)
    two.round()
    assert len(two.alerts()) == 1
    two.mailbox.adm("move", target, "mailbox", source, "ALL")
    for _ in range(3):
        two.round()
    (message,) = two.messages()
    assert message.on_server.folders == (target,)
    assert not message.on_server.gone
    assert (len(two.alerts()), stored(two)) == (1, 1)
    assert {one.folder: one.stored for one in two.proofs()} == {
        "INBOX": 0, "Orders": 0, "Sent": 0, "Junk": 0, target: 1,
    }  # fmt: skip


def test_a_mail_that_vanished_for_good_is_kept_and_said_to_be_gone(shop):
    shop.arrives(*letters(1))
    shop.round()
    expunge(shop, 1)
    shop.round()
    assert not shop.messages()[0].on_server.gone  # it may yet come up elsewhere
    shop.round()
    gone = shop.messages()[0]
    assert gone.on_server.gone
    assert gone.text.startswith("Cup number 1 broke.")
    assert (shop.proof().on_server, shop.proof().stored, stored(shop)) == (0, 0, 1)


def test_a_mail_that_comes_back_is_gone_no_more(shop):
    shop.arrives(*letters(1))
    shop.round()
    expunge(shop, 1)
    for _ in range(2):
        shop.round()
    shop.arrives(*letters(1))
    shop.round()
    assert not shop.messages()[0].on_server.gone
    assert stored(shop) == 1


def test_a_round_that_did_not_end_proves_nothing(shop):
    shop.arrives(*letters(1))
    shop.round()
    expunge(shop, 1)
    shop.connections.settings["folders"] = "Nowhere"
    shop.restart()
    for _ in range(3):
        with pytest.raises(Exception, match="There is no folder Nowhere"):
            shop.round()
    assert not shop.messages()[0].on_server.gone


def test_a_folder_that_is_read_no_more_has_no_books_and_its_mails_stay(two):
    two.arrives(*letters(1), folder="Orders")
    two.round()
    two.connections.settings["folders"] = ""
    two.restart()
    two.round()
    assert {one.folder for one in two.proofs()} == {"INBOX", "Sent", "Junk"}
    assert stored(two) == 1


def test_a_folder_that_counts_anew_is_linked_again_without_a_second_alert(shop):
    shop.arrives(a_letter(INJURY), *letters(1, 2))
    shop.round()
    before = shop.engine.rows()
    shop.mailbox.change_uid_validity(4242)
    shop.round()
    shop.round()
    assert shop.engine.rows() == before
    assert (len(shop.alerts()), stored(shop), shop.proof().stored) == (1, 3, 3)
    views = [shop.engine.issue(row.key) for row in before]
    assert not any(one.on_server.gone for view in views for one in view.messages)


def test_what_is_stored_is_linked_by_its_headers_and_not_fetched_again(shop):
    """Only what is new under the new numbers is."""
    shop.mailbox.listen()
    shop.arrives(*letters(1, 2, 3))
    shop.round()
    shop.mailbox.adm("flags", "add", "\\Flagged", "mailbox", "INBOX", "ALL")
    shop.mailbox.change_uid_validity(4242)
    shop.arrives(*letters(4))
    before = len(shop.mailbox.heard())
    shop.round()
    fetched = [said for said in shop.mailbox.heard()[before:] if "BODY.PEEK[]" in said]
    assert [said.split("UID FETCH ")[1].split()[0] for said in fetched] == ["4"]
    assert (stored(shop), shop.proof().stored) == (4, 4)
    flags = [shop.engine.issue(row.key).messages[0].on_server.flags for row in shop.engine.rows()]
    assert flags.count(frozenset((MailFlag.FLAGGED,))) == 3


def begin_anew(shop: Watched) -> None:
    """The server was set back: it counts the folder from one again, and does not say so."""
    (status,) = shop.mailbox.adm("mailbox", "status", "uidvalidity", "Orders").splitlines()
    validity = status.rpartition("=")[2]
    shop.restart()  # no connection holds the folder open
    shop.mailbox.adm("mailbox", "delete", "Orders")
    shop.mailbox.adm("mailbox", "create", "Orders")
    shop.mailbox.adm("mailbox", "update", "--uid-validity", validity, "Orders")


@pytest.mark.parametrize("fresh", [(4, 5), (4, 5, 6), (4, 5, 6, 7, 8)])
def test_numbers_that_are_used_a_second_time_are_noticed(two, fresh):
    """Fewer mails than before, as many, or more: other mails lie under the numbers we know."""
    two.arrives(*letters(1, 2, 3), folder="Orders")
    two.round()
    begin_anew(two)
    two.arrives(*letters(*fresh), folder="Orders")
    for _ in range(3):
        two.round()
    lies = {
        message.message_id: message.on_server
        for row in two.engine.rows()
        for message in two.engine.issue(row.key).messages
    }
    gone = {name for name, where in lies.items() if where.gone}
    assert stored(two) == 3 + len(fresh)
    assert gone == {f"{number}@customer.example" for number in (1, 2, 3)}
    assert two.proof("Orders").stored == len(fresh)


@pytest.mark.parametrize("dialect", ["plain", "CONDSTORE"])
def test_also_where_the_server_counts_no_changes(tmp_path, dialects, dialect):
    with two_folders(tmp_path, dialects[dialect]) as two:
        numbers_are_used_again(two)


def numbers_are_used_again(two: Watched) -> None:
    two.arrives(*letters(1, 2, 3), folder="Orders")
    two.round()
    begin_anew(two)
    two.arrives(*letters(4, 5, 6), folder="Orders")
    two.round()
    assert stored(two) == 6
