"""Folders as people choose them, and the books as desks are told of them: the verbs, for real."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.account import Account
from app.domain.errors import NotFound, Refused
from app.engine.connecting import Connecting
from app.engine.poller import Poller, Worker
from tests.support.engine import FakeMailer, a_letter
from tests.support.watched import Watched

pytestmark = pytest.mark.servers


class Sources:
    """Real sources of the account's own settings."""

    def __init__(self, shop: Watched) -> None:
        self._shop = shop

    def source(self, account: Account):
        self._shop.connections.settings = {
            name: value for name, value in account.settings.items() if name == "folders"
        }
        return self._shop.connections.source(account)

    def mailer(self, account: Account) -> FakeMailer:
        return FakeMailer()


@pytest.fixture
def connecting(shop):
    engine = shop.engine

    def worker(account: Account) -> Worker:
        return Worker(
            account,
            database=engine.database,
            writer=engine.writer,
            pipeline=engine.pipeline,
            connections=Sources(shop),  # type: ignore[arg-type]
            clock=engine.clock,
            publish=shop.events.append,
            pause=lambda: timedelta(hours=1),
        )

    poller = Poller(worker)
    poller.add(engine.account)
    yield Connecting(
        writer=engine.writer,
        secrets=None,  # type: ignore[arg-type]
        connections=Sources(shop),  # type: ignore[arg-type]
        poller=poller,
        clock=engine.clock,
        publish=engine.moved.append,
        wake_outbox=lambda: None,
    )
    poller.stop()


def test_the_books_tell_what_is_stored_left_and_gone(shop, connecting):
    shop.arrives(a_letter())
    shop.arrives(a_letter("Spam", sender="x@evil.example", message_id="<x@evil>"), folder="Junk")
    (account,) = connecting.poll()["accounts"]
    books = {one["folder"]: one for one in account["folders"]}
    assert [one["role"] for one in account["folders"]] == ["inbox", "sent", "junk"]
    assert (books["INBOX"]["stored"], books["Junk"]["stored"]) == (1, 0)
    assert sum(books["Junk"]["left_in_junk"].values()) == 1
    assert all(one["unexplained"] == 0 for one in books.values())
    assert account["no_longer_on_server"] == 0
    shop.mailbox.adm("expunge", "mailbox", "INBOX", "ALL")
    connecting.poll()
    (account,) = connecting.poll()["accounts"]
    assert account["no_longer_on_server"] == 1


def test_what_was_left_is_tried_again_when_somebody_asks(shop, connecting):
    shop.arrives(a_letter("Hi", message_id="<early@customer.example>"), folder="Junk")
    connecting.poll()
    shop.arrives(a_letter())
    connecting.poll()
    assert sum(shop.proof("Junk").left.values()) == 1
    connecting.poll(again=True)
    assert shop.proof("Junk").stored == 1
    assert connecting.poll_again("Shop")["again"] == 0


def test_a_folder_that_is_chosen_later_is_read_and_one_that_is_left_out_is_not(shop, connecting):
    shop.mailbox.adm("mailbox", "create", "Orders")
    found = connecting.set("Shop", {"folders": "Orders, -Junk"})["found"]
    assert "Orders holds 0 mails" in found
    shop.arrives(a_letter(), folder="Orders")
    connecting.poll()
    assert {one.folder: one.stored for one in shop.proofs()} == {"INBOX": 0, "Orders": 1, "Sent": 0}
    assert connecting.settings("Shop")["settings"]["folders"] == "Orders, -Junk"
    connecting.set("Shop", {"folders": ""})
    connecting.poll()
    assert {one.folder for one in shop.proofs()} == {"INBOX", "Sent", "Junk"}


def test_a_folder_that_is_not_there_changes_nothing(shop, connecting):
    with pytest.raises(NotFound, match="no folder Ordres"):
        connecting.set("Shop", {"folders": "Ordres"})
    assert "folders" not in connecting.settings("Shop")["settings"]


def test_a_setting_that_there_is_not_is_refused(connecting):
    with pytest.raises(Refused, match="colour"):
        connecting.set("Shop", {"colour": "red"})
