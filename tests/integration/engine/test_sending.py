"""What a person can say of a reply beside its words: files, sender, hour, and what then."""

from __future__ import annotations

import os
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from app.domain import identity
from app.domain.account import Account, AccountType
from app.domain.errors import Refused
from app.domain.journal import EntryType, State
from app.domain.message import Direction
from app.domain.reply import OutboxState
from app.engine.enclosing import MOST_BYTES, MOST_FILES
from app.mail import parse
from app.mail.smtp_failures import SendRefused
from app.storage import accounts, profile
from app.storage import outbox as rows
from tests.support.engine import NOON, SHOP, Engine, a_letter, an_engine

WORDS = "Hello Ben,\n\nwe send you two new mugs today.\n\nBest wishes,\nJo"
LABEL = "Rücksendeetikett – Bestellung 10227.pdf"


@pytest.fixture
def engine(tmp_path):
    with an_engine(tmp_path / "profile") as made:
        made.receive(a_letter())
        yield made


@pytest.fixture
def key(engine):
    return engine.only_key()


@pytest.fixture
def label(tmp_path) -> Path:
    path: Path = tmp_path / LABEL
    path.write_bytes(b"%PDF-1.4 a label")
    return path


def leave(engine: Engine) -> EmailMessage:
    """Let the undo window pass and send; the mail that left last."""
    engine.clock.forward(seconds=16)
    engine.outbox().step()
    return message_from_bytes(engine.connections.post.sent[-1], policy=default)


def set_up(engine: Engine, **settings: str) -> None:
    known = {**engine.account.settings, **settings}
    engine.writer.do(lambda db: accounts.set_settings(db, engine.account.id, known))


def make_a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


class TestAttachments:
    """Files that go along."""

    def test_a_file_goes_along_as_it_was_when_the_reply_was_queued(self, engine, key, label):
        """Changed or deleted afterwards, the customer gets what the person attached."""
        engine.writing.send_reply(key, WORDS, files=[str(label)])
        label.write_bytes(b"something else")
        label.unlink()
        mail = leave(engine)
        assert mail.get_content_type() == "multipart/mixed"
        (file,) = mail.iter_attachments()
        assert (file.get_filename(), file.get_content_type()) == (LABEL, "application/pdf")
        assert file.get_content() == b"%PDF-1.4 a label"
        body = mail.get_body()
        assert body is not None
        assert "two new mugs" in body.get_content()
        sent = engine.issue(key).messages[-1]
        assert [one.filename for one in sent.attachments] == [LABEL]

    def test_a_click_that_was_heard_needs_its_files_no_more(self, engine, key, label):
        """The engine was lost before it could answer: asked again, it tells of the same reply."""
        first = engine.writing.send_reply(key, WORDS, files=[str(label)], request="click")
        label.unlink()
        again = engine.writing.send_reply(key, WORDS, files=[str(label)], request="click")
        assert again["reply"] == first["reply"]

    def test_taking_a_reply_back_brings_its_files_back(self, engine, key, label):
        """They are part of the draft, in the verb's answer and in the profile."""
        reply = engine.writing.send_reply(key, WORDS, files=[str(label)])["reply"]
        assert engine.on_its_way.undo_send(reply)["files"] == [str(label)]
        draft = engine.issue(key).draft
        assert draft is not None
        assert draft.files == (str(label),)

    @pytest.mark.parametrize("verb", ["undo_send", "send_now"])
    def test_what_was_taken_back_is_not_said_to_have_left(self, engine, key, verb):
        """A second click, or one asked again after the engine was lost, frightens nobody."""
        reply = engine.writing.send_reply(key, WORDS)["reply"]
        engine.on_its_way.undo_send(reply)
        with pytest.raises(Refused, match=r"taken back already.*nothing was sent"):
            getattr(engine.on_its_way, verb)(reply)

    def test_a_draft_of_files_alone_is_kept(self, engine, key, label):
        """Nobody attaches twice because the window was closed."""
        engine.writing.save_draft(key, "", files=[str(label)])
        draft = engine.issue(key).draft
        assert draft is not None
        assert draft.files == (str(label),)

    @pytest.mark.parametrize(
        ("spoil", "said"),
        [
            (lambda path: path.unlink(), "is not there any more"),
            (lambda path: path.write_bytes(b""), "is empty"),
            (lambda path: (path.unlink(), path.mkdir()), "is not a file"),
            (make_a_pipe, "is not a file"),
        ],
    )
    def test_what_cannot_be_attached_is_one_clear_sentence(self, engine, key, label, spoil, said):
        """Nothing is queued, nothing hangs, and the file is named."""
        spoil(label)
        with pytest.raises(Refused, match=said) as refused:
            engine.writing.send_reply(key, WORDS, files=[str(label)])
        assert LABEL in refused.value.holes[0]
        assert engine.writer.do(rows.pending) == 0

    def test_too_big_is_said_before_anything_is_read(self, engine, key, label):
        """A sparse file of a gigabyte costs nothing to refuse."""
        with label.open("wb") as file:
            file.truncate(1_000_000_000)
        with pytest.raises(Refused, match=r"1368\.4 MB, and most mail servers take 25 MB"):
            engine.writing.send_reply(key, WORDS, files=[str(label)])

    def test_what_the_server_said_it_takes_is_remembered(self, engine, key, label):
        """The first reply teaches it; from then on too big is said at once."""
        engine.connections.post.takes = 100_000
        engine.writing.send_reply(key, WORDS)
        leave(engine)
        label.write_bytes(os.urandom(90_000))
        with pytest.raises(Refused, match=r"your mail server takes 0\.1 MB"):
            engine.writing.send_reply(key, WORDS, files=[str(label)])
        assert engine.writing.addressing(key)["most_bytes"] == 100_000

    def test_it_is_remembered_even_where_the_server_refused(self, engine, key):
        """That is when it matters most."""

        def too_big() -> None:
            raise SendRefused("The reply is too big for mail.example")

        engine.connections.post.takes, engine.connections.post.before = 5_000, too_big
        reply = engine.writing.send_reply(key, WORDS)["reply"]
        engine.clock.forward(seconds=16)
        engine.outbox().step()
        assert engine.writer.do(lambda db: rows.get(db, reply)).state is OutboxState.FAILED
        name = profile.size_name(engine.account.id)
        assert engine.writer.do(lambda db: profile.get_meta(db, name)) == "5000"

    def test_too_many_files_are_refused(self, engine, key, tmp_path):
        """Twenty are a lot already."""
        paths = [tmp_path / f"{number}.txt" for number in range(MOST_FILES + 1)]
        for path in paths:
            path.write_text("x")
        with pytest.raises(Refused, match="20 attachments at most"):
            engine.writing.send_reply(key, WORDS, files=[str(path) for path in paths])

    def test_an_announced_attachment_that_is_missing_is_asked_about(self, engine, key, label):
        """Once; the person may insist, and a file answers it."""
        words = f"{WORDS}\n\nThe label is attached."
        with pytest.raises(Refused, match="nothing is attached") as refused:
            engine.writing.send_reply(key, words)
        assert refused.value.asks
        assert engine.writing.send_reply(key, words, insist=True)["reply"]
        assert engine.writing.send_reply(key, words, files=[str(label)])["reply"]

    def test_the_limit_leaves_room_for_a_usual_photo(self):
        """Three photos of 5 MB fit after base64."""
        assert MOST_BYTES > 3 * 5_000_000 * 78 / 57


RETURNS = "returns@shop.example"
TWO = (
    '[{"address": "returns@shop.example", "name": "Returns of Mill & Moss",'
    ' "signature": "Mill & Moss\\nRiver Road 1", "signatures": {"de": "Mühle & Moos"}}]'
)


class TestIdentities:
    """The addresses of ours."""

    def test_a_reply_leaves_from_the_address_that_they_wrote_to(self, engine):
        """In the header and on the envelope, with that address's own name."""
        set_up(engine, identities=TWO)
        engine.receive(
            a_letter(to=f"Shop <{RETURNS}>", message_id="<r@c.example>", sender="a@c.example")
        )
        key = next(r.key for r in engine.rows() if r.customer.email == "a@c.example")
        reply = engine.writing.send_reply(key, WORDS)["reply"]
        assert leave(engine)["From"] == f"Returns of Mill & Moss <{RETURNS}>"
        assert engine.writer.do(lambda db: rows.get(db, reply)).sender == RETURNS

    def test_another_of_our_addresses_can_be_chosen_and_no_other(self, engine, key):
        """What is not ours is refused with the list of what is."""
        set_up(engine, identities=TWO)
        engine.writing.send_reply(key, WORDS, sender=RETURNS)
        assert leave(engine)["From"].addresses[0].addr_spec == RETURNS
        with pytest.raises(Refused, match="not an address of yours"):
            engine.writing.send_reply(key, WORDS, sender="boss@bank.example")

    def test_the_signature_stands_once_between_our_words_and_theirs(self, engine, key):
        """Below the answer, above the quote; not again where the text ends in it already."""
        set_up(engine, identities=TWO)
        engine.writing.send_reply(key, WORDS, sender=RETURNS)
        text = leave(engine).get_content().replace("\r\n", "\n")
        assert text.index("Jo\n\n-- \nMill & Moss\nRiver Road 1\n") < text.index(
            "> Two of the four"
        )
        signed = f"{WORDS}\n\nMill & Moss\nRiver Road 1"
        engine.writing.send_reply(key, signed, sender=RETURNS)
        assert leave(engine).get_content().count("River Road 1") == 1

    def test_a_language_has_its_own_signature(self):
        """The one for all where there is none."""
        (one,) = identity.read(TWO)
        assert one.signature_in("de-AT") == "Mühle & Moos"
        assert one.signature_in("fr") == "Mill & Moss\nRiver Road 1"

    def test_a_mail_from_an_alias_is_ours(self, engine, key):
        """Written on the phone under the other address: it answers, and is nobody's complaint."""
        set_up(engine, identities=TWO)
        engine.receive(
            a_letter("We send two new ones.", sender=RETURNS, to="ben@customer.example",
                     message_id="<ours@shop.example>", answers="<first@customer.example>")
        )  # fmt: skip
        view = engine.issue(key)
        assert view.messages[-1].direction is Direction.OUT
        assert view.row.state is State.WAITING

    def test_a_plus_of_ours_is_ours(self, engine, key):
        """The mailbox is the same, whatever stands behind the +."""
        engine.receive(
            a_letter("We send two new ones.", sender="hello+shop@shop.example",
                     to="ben@customer.example", message_id="<ours@shop.example>",
                     answers="<first@customer.example>")
        )  # fmt: skip
        assert engine.issue(key).messages[-1].direction is Direction.OUT

    def test_an_alias_lives_in_its_own_account(self, engine, key):
        """A reply from another account's address leaves through that account."""
        other = engine.writer.do(
            lambda db: accounts.add(
                db, name="Other", type=AccountType.IMAP,
                settings={"address": "other@shop.example", "smtp_host": "localhost"},
                secret=None, secret_command="", now=NOON,
            )
        )  # fmt: skip
        reply = engine.writing.send_reply(key, WORDS, sender="other@shop.example")["reply"]
        assert engine.writer.do(lambda db: rows.get(db, reply)).account_id == other.id


class TestLater:
    """A reply that goes at a later hour."""

    def test_a_planned_reply_waits_for_its_hour_and_then_goes(self, engine, key):
        """Meanwhile its issue sleeps, and the next engine knows it too."""
        at = NOON + timedelta(hours=20)
        engine.writing.send_reply(key, WORDS, at=at.isoformat(), insist=True)
        engine.clock.forward(hours=19)
        engine.outbox().step()
        assert engine.connections.post.sent == []
        (reply,) = engine.issue(key).replies
        assert (reply.scheduled, reply.not_before) == (True, at)
        assert engine.issue(key).row.snoozed_until == at
        engine.clock.at = at
        heir = engine.outbox()
        heir.recover()
        heir.step()
        assert len(engine.connections.post.sent) == 1
        assert engine.issue(key).row.state is State.WAITING
        assert engine.issue(key).row.snoozed_until is None

    def test_it_can_be_taken_back_at_any_time(self, engine, key):
        """Its words are the draft again, and the issue is awake."""
        at = (NOON + timedelta(hours=20)).isoformat()
        reply = engine.writing.send_reply(key, WORDS, at=at, insist=True)["reply"]
        engine.clock.forward(hours=19)
        assert engine.on_its_way.undo_send(reply)["body"] == WORDS
        row = engine.issue(key).row
        assert (row.snoozed_until, row.state) == (None, State.NEW)

    def test_it_can_go_now(self, engine, key):
        """Without waiting for its hour."""
        at = (NOON + timedelta(hours=20)).isoformat()
        reply = engine.writing.send_reply(key, WORDS, at=at, insist=True)["reply"]
        engine.on_its_way.send_now(reply)
        engine.outbox().step()
        assert len(engine.connections.post.sent) == 1

    def test_an_hour_out_of_the_calendar_is_refused(self, engine, key):
        """Its zone leads beyond the year 9999: it is no instant."""
        with pytest.raises(Refused, match="is not an instant"):
            engine.writing.send_reply(key, WORDS, at="9999-12-31T23:59:59-02:00", insist=True)

    def test_a_missed_hour_is_made_up_for_at_once_and_said(self, engine, key):
        """The laptop slept: the journal says when it should have gone."""
        at = NOON + timedelta(hours=20)
        engine.writing.send_reply(key, WORDS, at=at.isoformat(), insist=True)
        engine.clock.at = at + timedelta(hours=3)
        engine.outbox().step()
        entry = engine.issue(key).journal[-1]
        assert entry.type is EntryType.REPLY_SENT
        assert entry.data["planned_at"] == "2026-11-21T08:00:00Z"

    def test_a_customer_who_writes_meanwhile_wakes_the_issue(self, engine, key):
        """The plan stays; somebody looks at what they say now."""
        at = (NOON + timedelta(hours=20)).isoformat()
        engine.writing.send_reply(key, WORDS, at=at, insist=True)
        engine.clock.forward(hours=1)
        engine.receive(
            a_letter("Never mind!", message_id="<2@c.example>", answers="<first@customer.example>")
        )  # fmt: skip
        row = engine.issue(key).row
        assert (row.snoozed_until, row.state) == (None, State.NEW)

    def test_it_is_dated_when_it_leaves(self, engine, key):
        """Else it would lie below what came since; the rest of its bytes is as it was."""
        at = NOON + timedelta(hours=20)
        message_id = engine.writing.send_reply(key, WORDS, at=at.isoformat(), insist=True)
        engine.clock.at = at + timedelta(minutes=1)
        engine.outbox().step()
        mail = message_from_bytes(engine.connections.post.sent[0], policy=default)
        assert mail["Date"].datetime == engine.clock.now()
        assert mail["Message-ID"] == f"<{message_id['message_id']}>"

    def test_a_plan_beyond_the_promise_is_asked_about(self, engine, key):
        """The promise is not broken by accident."""
        promised = engine.issue(key).row.deadline_at
        assert promised is not None
        after = (promised + timedelta(minutes=1)).isoformat()
        with pytest.raises(Refused, match="was promised by") as refused:
            engine.writing.send_reply(key, WORDS, at=after)
        assert refused.value.asks
        before = (promised - timedelta(minutes=1)).isoformat()
        assert engine.writing.send_reply(key, WORDS, at=before)["scheduled"]

    def test_the_editor_is_free_and_what_is_written_there_stays(self, engine, key):
        """A plan is no draft; when it goes, another draft is not swept away with it."""
        at = NOON + timedelta(hours=20)
        reply = engine.writing.send_reply(key, WORDS, at=at.isoformat(), insist=True)["reply"]
        assert engine.issue(key).draft is None
        engine.writing.save_draft(key, "One more thing")
        engine.clock.at = at
        engine.outbox().step()
        assert engine.writer.do(lambda db: rows.get(db, reply)).state is OutboxState.FILED
        draft = engine.issue(key).draft
        assert draft is not None
        assert draft.body == "One more thing"

    def test_taking_a_plan_back_keeps_what_was_begun_since(self, engine, key):
        """The planned words first, the new ones below."""
        at = (NOON + timedelta(hours=20)).isoformat()
        reply = engine.writing.send_reply(key, WORDS, at=at, insist=True)["reply"]
        engine.writing.save_draft(key, "One more thing")
        engine.on_its_way.undo_send(reply)
        draft = engine.issue(key).draft
        assert draft is not None
        assert draft.body == f"{WORDS}\n\nOne more thing"

    @pytest.mark.parametrize(
        ("at", "said"),
        [
            ("2026-11-20T11:00:00Z", "has passed"),
            ("tomorrow", "not an instant"),
            ("2029-01-01T00:00:00Z", "year"),
        ],
    )
    def test_an_hour_that_cannot_be_is_refused(self, engine, key, at, said):
        """Nothing is queued."""
        with pytest.raises(Refused, match=said):
            engine.writing.send_reply(key, WORDS, at=at)


class TestFollowUp:
    """What if nobody answers?"""

    def answered(self, engine: Engine, key: str, days: int = 3) -> None:
        engine.writing.send_reply(key, WORDS, follow_up_days=days)
        leave(engine)

    def test_an_issue_that_nobody_answers_comes_back(self, engine, key):
        """It sleeps, and then it is our turn again."""
        self.answered(engine, key)
        row = engine.issue(key).row
        assert row.snoozed_until == engine.clock.now() + timedelta(days=3)
        assert row.state is State.WAITING
        engine.clock.forward(days=3, seconds=1)
        engine.watch.look()
        row = engine.issue(key).row
        assert (row.state, row.snoozed_until) == (State.NEW, None)
        assert [one.key for one in engine.rows("open")] == [key]
        assert "no_answer" in [one.factor for one in engine.issue(key).reasons]

    def test_an_answer_takes_it_away(self, engine, key):
        """They wrote: it is their mail that brings the issue back, and no date."""
        self.answered(engine, key)
        engine.clock.forward(days=1)
        engine.receive(
            a_letter("When?", message_id="<2@c.example>", answers="<first@customer.example>")
        )  # fmt: skip
        assert engine.issue(key).row.state is State.NEW
        engine.desk.acknowledge(key)
        row = engine.issue(key).row
        assert (row.state, row.snoozed_until) == (State.ACKNOWLEDGED, None)

    def test_done_takes_it_away(self, engine, key):
        """What is put away does not come back."""
        self.answered(engine, key)
        engine.desk.resolve(key)
        engine.clock.forward(days=4)
        engine.watch.look()
        assert engine.issue(key).row.state is State.RESOLVED

    def test_who_takes_it_on_keeps_it_on_the_list(self, engine, key):
        """Acknowledged, it does not fall back among those that wait for the customer."""
        self.answered(engine, key)
        engine.clock.forward(days=4)
        engine.watch.look()
        engine.desk.acknowledge(key)
        assert engine.issue(key).row.state is State.ACKNOWLEDGED
        assert [one.key for one in engine.rows("open")] == [key]

    def test_another_reply_without_a_date_ends_it(self, engine, key):
        """The new word counts."""
        self.answered(engine, key)
        engine.clock.forward(days=4)
        engine.watch.look()
        self.answered(engine, key, days=0)
        row = engine.issue(key).row
        assert (row.state, row.snoozed_until) == (State.WAITING, None)

    def test_a_number_that_is_none_is_refused(self, engine, key):
        """A thousand days are nobody's plan."""
        with pytest.raises(Refused, match="no time to wait"):
            engine.writing.send_reply(key, WORDS, follow_up_days=1000)


class TestReturnAddress:
    """Reply-To with the issue behind a +."""

    def test_an_answer_to_it_finds_the_issue_without_any_thread(self, engine, key):
        """References lost, subject changed, written from another address."""
        set_up(engine, plus_address="yes")
        engine.writing.send_reply(key, WORDS)
        back = leave(engine)["Reply-To"].addresses[0].addr_spec
        assert back.startswith("hello+fb.")
        assert parse.read(engine.connections.post.sent[-1]).customer.is_one_of((SHOP,))
        engine.clock.forward(minutes=5)
        engine.receive(
            a_letter("Thanks!", sender="ben@work.example", to=back.upper(), subject="Hi",
                     message_id="<w@work.example>")
        )  # fmt: skip
        view = engine.issue(key)
        assert view.messages[-1].from_.email == "ben@work.example"
        assert view.messages[-1].joined_because == "was sent to the return address of this issue"

    def test_a_made_up_one_finds_nothing(self, engine, key):
        """Only we can sign."""
        forged = f"hello+fb.{key.removeprefix('i1_')}.{'0' * 16}@shop.example"
        engine.receive(a_letter("Hi", sender="x@evil.example", to=forged, message_id="<x@evil>"))
        assert len(engine.rows()) == 2

    def test_a_thread_says_more_than_an_address(self, engine, key):
        """A mail program may fill in an old address: the mail that is answered counts."""
        set_up(engine, plus_address="yes")
        engine.writing.send_reply(key, WORDS)
        back = leave(engine)["Reply-To"].addresses[0].addr_spec
        engine.receive(a_letter(sender="eve@c.example", message_id="<e@c.example>"))
        other = next(r.key for r in engine.rows() if r.customer.email == "eve@c.example")
        engine.receive(
            a_letter("More", sender="eve@c.example", to=back, message_id="<e2@c.example>",
                     answers="<e@c.example>")
        )  # fmt: skip
        assert len(engine.issue(other).messages) == 2
        assert len(engine.rows()) == 2

    def test_without_the_provider_there_is_none(self, engine, key):
        """An own domain's server may not take it: off unless the owner says so."""
        engine.writing.send_reply(key, WORDS)
        assert leave(engine)["Reply-To"] is None

    def test_a_provider_that_is_known_for_it_needs_no_setting(self, engine, key):
        """Gmail for its own addresses; "no" switches it off."""
        set_up(engine, address="shop@gmail.com")
        engine.writing.send_reply(key, WORDS)
        assert leave(engine)["Reply-To"].addresses[0].addr_spec.startswith("shop+fb.")
        set_up(engine, address="shop@gmail.com", plus_address="no")
        engine.writing.send_reply(key, WORDS)
        assert leave(engine)["Reply-To"] is None


def test_the_accounts_own_address_comes_first():
    """Listed or not; each once."""
    settings = {"address": "a@x.example", "identities": "B <b@x.example>; A <a@x.example>"}
    account = Account(id=1, name="S", type=AccountType.IMAP, settings=settings)
    assert [(one.email, one.name) for one in account.identities] == [
        ("a@x.example", "A"),
        ("b@x.example", "B"),
    ]
