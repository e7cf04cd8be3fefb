"""What other programs note about a mail is followed; what is done here is noted if wanted."""

from __future__ import annotations

import pytest

from app.domain.mailbox import MailFlag
from tests.support.engine import a_letter
from tests.support.watched import Watched, watched

pytestmark = pytest.mark.servers

SEEN, ANSWERED, FLAGGED = MailFlag.SEEN, MailFlag.ANSWERED, MailFlag.FLAGGED
WORDS = "Hello Ben,\n\nwe send you two new mugs today.\n\nBest wishes,\nJo"


@pytest.fixture(params=["QRESYNC", "CONDSTORE", "plain"])
def any_server(tmp_path, dialects, request):
    """A server with all that it can offer, or with less of it."""
    with watched(tmp_path, dialects[request.param].user()) as found:
        yield found


def flag(shop: Watched, *flags: str) -> None:
    shop.mailbox.adm("flags", "add", " ".join(flags), "mailbox", "INBOX", "ALL")


def on_the_server(shop: Watched) -> set[str]:
    said = shop.mailbox.adm("fetch", "flags", "mailbox", "INBOX", "ALL").split()
    return {word for word in said if word.startswith("\\")} - {"\\Recent"}


def test_flags_that_change_later_are_followed(any_server):
    any_server.arrives(a_letter())
    any_server.round()
    assert any_server.messages()[0].on_server.flags == frozenset()
    flag(any_server, "\\Seen", "\\Flagged")
    any_server.round()
    assert any_server.messages()[0].on_server.flags == {SEEN, FLAGGED}
    any_server.mailbox.adm("flags", "remove", "\\Flagged", "mailbox", "INBOX", "ALL")
    any_server.round()
    assert any_server.messages()[0].on_server.flags == {SEEN}


def test_flags_that_were_there_come_with_the_mail(any_server):
    any_server.arrives(a_letter())
    flag(any_server, "\\Answered")
    any_server.round()
    assert any_server.messages()[0].on_server.flags == {ANSWERED}


def test_a_change_of_flags_is_told_to_the_desks(shop):
    shop.arrives(a_letter())
    shop.round()
    key = shop.engine.only_key()
    shop.events.clear()
    flag(shop, "\\Flagged")
    shop.round()
    assert any(key in event.changes.issues for event in shop.events)


def test_answered_without_an_answer_is_a_hint_and_no_more(shop):
    shop.arrives(a_letter())
    flag(shop, "\\Answered")
    shop.round()
    assert shop.messages()[0].answered_unseen
    assert shop.issue().row.state == "new"
    assert shop.issue().deadlines[0].met_at is None


def test_nothing_is_changed_on_the_server_unless_the_owner_wants_it(shop):
    shop.arrives(a_letter())
    shop.round()
    shop.engine.desk.seen(shop.engine.only_key())
    shop.round()
    shop.marks_mail = True
    shop.round()  # what was opened before that was wanted stays as it is
    assert on_the_server(shop) == set()


def test_what_was_opened_here_is_marked_as_read_there(shop):
    shop.marks_mail = True
    shop.arrives(a_letter())
    shop.round()
    assert on_the_server(shop) == set()
    shop.engine.desk.seen(shop.engine.only_key())
    shop.round()
    assert on_the_server(shop) == {"\\Seen"}
    assert shop.messages()[0].on_server.flags == {SEEN}


def test_what_was_answered_here_is_marked_as_answered_there(shop):
    shop.marks_mail = True
    shop.arrives(a_letter())
    shop.round()
    shop.engine.writing.send_reply(shop.engine.only_key(), body=WORDS)
    shop.engine.clock.forward(minutes=5)
    shop.engine.outbox().step()
    shop.round()
    assert on_the_server(shop) == {"\\Seen", "\\Answered"}
    assert not shop.messages()[0].answered_unseen


def test_a_flag_of_somebody_else_is_not_taken_away(shop):
    shop.marks_mail = True
    shop.arrives(a_letter())
    shop.round()
    flag(shop, "\\Flagged")
    shop.engine.desk.seen(shop.engine.only_key())
    shop.round()
    assert on_the_server(shop) == {"\\Seen", "\\Flagged"}
