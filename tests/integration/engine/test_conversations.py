"""Which mails are one conversation, over a real profile: proofs join, people part, time divides."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.cli import present
from app.domain.errors import Refused
from app.domain.journal import Entry, EntryType, State
from app.domain.mailbox import FetchedMail
from app.domain.message import Direction
from app.engine.junk import Junk
from app.engine.reading import Reading
from app.mail import parse
from app.storage import issues, orders
from tests.support.engine import NOON, RULES, SHOP, Engine, a_letter
from tests.support.storage import an_order

WORDS = "Hello Ben,\n\nwe send you two new mugs today.\n\nBest wishes,\nJo"


def a_mail(name: str, text: str = "Any news?", *, references: str = "", **more: str) -> bytes:
    """A mail of Ben's by a short name; `references` are names too, the nearest last."""
    ids = [f"<{one}@customer.example>" for one in references.split()]
    answers = ids[-1] if ids else ""
    given = {
        "subject": more.pop("subject", f"Re: {name}"),
        "message_id": f"<{name}@customer.example>",
        "answers": answers,
        "references": " ".join(ids),
        **more,
    }
    return a_letter(text, **given)


def entries(engine: Engine, key: str, type_: EntryType) -> list[Entry]:
    return [entry for entry in engine.issue(key).journal if entry.type is type_]


def done_long_ago(engine: Engine, *, days: float) -> str:
    """An issue that was put away so long ago."""
    engine.receive(a_mail("first", "Two mugs arrived broken.", subject="Broken mugs"))
    key = engine.only_key()
    engine.desk.resolve(key)
    engine.clock.forward(days=days)
    return key


def two_halves(engine: Engine) -> tuple[str, str]:
    """Two issues of one conversation, each with an order; the mail that would tell is not here."""
    engine.receive(a_mail("early", "Order 10421.", references="root", subject="Broken mugs"))
    engine.clock.forward(minutes=1)
    engine.receive(a_mail("late", "Order 10422.", references="middle", subject="Something else"))
    early, late = (
        next(row.key for row in engine.rows() if row.subject == subject)
        for subject in ("Broken mugs", "Something else")
    )
    return early, late


class TestAfterALongTime:
    """What was put away long ago is not opened again."""

    def test_an_answer_within_the_days_opens_the_issue_again(self, engine):
        key = done_long_ago(engine, days=13)
        engine.receive(a_mail("again", "One more broke.", references="first"))
        assert engine.only_key() == key
        assert engine.issue(key).row.state is State.NEW

    def test_an_answer_after_the_days_begins_a_new_issue_and_both_say_so(self, engine):
        old = done_long_ago(engine, days=15)
        changes = engine.receive(a_mail("again", "One more broke.", references="first"))
        (new,) = changes.added
        assert changes.issues == {old, new}
        assert engine.issue(old).row.state is State.RESOLVED
        assert engine.issue(old).row.message_count == 1
        assert engine.issue(new).row.state is State.NEW
        (there,), (back,) = (entries(engine, one, EntryType.LINK) for one in (old, new))
        assert there.data["into"] == new
        assert back.data["from"] == old
        assert "14 days" in back.data["because"]
        assert "earlier issue" in engine.issue(new).messages[0].joined_because

    def test_show_names_the_link_on_both_sides(self, engine):
        old = done_long_ago(engine, days=15)
        (new,) = engine.receive(a_mail("again", references="first")).added
        because = "it was put away more than 14 days before"
        assert present.issue(engine.issue(old))["linked"] == [
            {"key": new, "way": "to", "because": because}
        ]
        assert present.issue(engine.issue(new))["linked"] == [
            {"key": old, "way": "from", "because": because}
        ]

    def test_the_new_issue_has_a_promise_of_its_own(self, engine):
        done_long_ago(engine, days=15)
        (new,) = engine.receive(a_mail("again", "One more broke.", references="first")).added
        (deadline,) = engine.issue(new).deadlines
        assert deadline.planned_at > engine.clock.now()

    def test_further_answers_go_where_the_conversation_went_on(self, engine):
        """Also those that answer the old mail, in the same batch and in a later one."""
        done_long_ago(engine, days=15)
        changes = engine.receive(
            a_mail("again", references="first"), a_mail("twice", references="first")
        )
        (new,) = changes.added
        engine.receive(a_mail("thrice", references="first"))
        engine.receive(a_mail("fourth", references="first again"))
        assert engine.issue(new).row.message_count == 4
        assert len(engine.rows()) == 2

    def test_a_chain_of_links_is_followed_to_its_end(self, engine):
        done_long_ago(engine, days=15)
        (second,) = engine.receive(a_mail("again", references="first")).added
        engine.desk.resolve(second)
        engine.clock.forward(days=20)
        (third,) = engine.receive(a_mail("thrice", references="first")).added
        (link,) = entries(engine, third, EntryType.LINK)
        assert link.data["from"] == second

    def test_an_answer_that_was_stored_before_its_parent_keeps_its_issue(self, engine):
        """Newest first: the child began an issue, the parent links it to the old one."""
        old = done_long_ago(engine, days=20)
        (new,) = engine.receive(a_mail("child", references="parent")).added
        changes = engine.receive(a_mail("parent", references="first"))
        assert not changes.added
        assert engine.issue(new).row.message_count == 2
        assert entries(engine, new, EntryType.LINK)[0].data["from"] == old
        assert engine.issue(old).row.state is State.RESOLVED

    def test_the_owner_sets_the_days(self, engine):
        key = done_long_ago(engine, days=15)
        engine.settings = type(engine.settings)(reopen_days=30)
        engine.receive(a_mail("again", references="first"))
        assert engine.only_key() == key

    def test_it_counts_when_they_wrote_and_not_when_we_read(self, engine):
        """A laptop that slept for a week loses nobody their time."""
        key = done_long_ago(engine, days=20)
        engine.receive(a_mail("again", references="first"), at=NOON + timedelta(days=13))
        assert engine.only_key() == key

    def test_a_machines_answer_begins_nothing(self, engine):
        key = done_long_ago(engine, days=15)
        away = a_mail("away", "I am away.", references="first", Auto_Submitted="auto-replied")
        engine.receive(away)
        assert engine.only_key() == key
        assert engine.issue(key).row.state is State.RESOLVED

    def test_our_own_late_word_begins_nothing(self, engine):
        key = done_long_ago(engine, days=15)
        engine.receive(
            a_mail("ours", references="first", sender=f"Shop <{SHOP}>", to="ben@customer.example")
        )
        assert engine.only_key() == key

    def test_a_link_cannot_be_undone_by_a_click(self, engine):
        old = done_long_ago(engine, days=15)
        engine.receive(a_mail("again", references="first"))
        with pytest.raises(Refused):
            engine.desk.undo(entries(engine, old, EntryType.LINK)[0].id)


class TestProofs:
    """A mail that names mails of two issues proves that they are one."""

    def test_a_parent_that_arrives_later_joins_its_children(self, engine):
        early, late = two_halves(engine)
        changes = engine.receive(a_mail("middle", references="root"))
        view = engine.issue(early)
        assert engine.only_key() == early
        assert changes.issues >= {early, late}
        assert view.row.message_count == 3
        (merge,) = entries(engine, early, EntryType.MERGE)
        assert merge.data["from"] == late
        assert "names mails of both" in merge.data["because"]

    def test_every_key_that_they_had_finds_it(self, engine):
        early, late = two_halves(engine)
        engine.receive(a_mail("middle", references="root"))
        assert engine.issue(late).row.key == early

    def test_a_mail_whose_references_were_cut_short_is_joined_when_a_whole_one_comes(self, engine):
        engine.receive(a_mail("first", "Order 10421 broke.", subject="Broken mugs"))
        engine.receive(a_mail("lone", "And order 10422?", references="lost", subject="Mugs, again"))
        assert len(engine.rows()) == 2
        engine.receive(a_mail("whole", references="first lost lone"))
        (row,) = engine.rows()
        assert row.message_count == 3

    def test_in_one_batch_in_any_order(self, engine):
        changes = engine.receive(
            a_mail("early", references="root", subject="Broken mugs"),
            a_mail("late", references="middle", subject="Something else"),
            a_mail("middle", references="root"),
        )
        (row,) = engine.rows()
        assert changes.added == {row.key}
        assert row.message_count == 3

    def test_what_a_person_took_apart_stays_apart(self, engine):
        engine.receive(a_mail("first", subject="Broken mugs"))
        engine.receive(a_mail("other", "And my vase?", references="first"))
        key = engine.only_key()
        engine.desk.split(key, [engine.issue(key).messages[1].id])
        engine.receive(a_mail("third", references="first other"))
        assert sorted(row.message_count for row in engine.rows()) == [1, 2]

    def test_what_goes_on_after_a_long_time_stays_apart(self, engine):
        done_long_ago(engine, days=15)
        engine.receive(a_mail("again", references="first"))
        engine.receive(a_mail("third", references="first again"))
        assert sorted(row.message_count for row in engine.rows()) == [1, 2]

    def test_what_waits_for_us_is_not_put_away_with_the_other_half(self, engine):
        early, _late = two_halves(engine)
        engine.desk.resolve(early)
        engine.receive(
            a_mail("middle", references="root", sender=f"S <{SHOP}>", to="ben@customer.example"),
            at=NOON - timedelta(hours=1),
        )
        assert engine.issue(early).row.state is State.NEW
        assert engine.issue(early).row.waiting_since is not None

    def test_what_is_awake_does_not_fall_asleep_with_the_other_half(self, engine):
        early, _late = two_halves(engine)
        engine.desk.snooze(early, (NOON + timedelta(days=3)).isoformat())
        engine.receive(a_mail("middle", references="root"), at=NOON - timedelta(hours=1))
        assert engine.issue(early).row.snoozed_until is None

    def test_a_mail_that_pretends_proves_nothing(self, engine):
        two_halves(engine)
        engine.receive(
            a_mail(
                "middle",
                "A dispute was opened. Confirm your password at http://paypa1.example/login now.",
                references="root",
                sender='"PayPal" <service@paypa1-secure.example>',
                subject="PayPal: a dispute was opened",
            )
        )
        early, late = sorted(engine.rows(), key=lambda row: row.message_count, reverse=True)
        assert (early.message_count, late.message_count) == (2, 1)
        assert early.suspicious

    def test_a_machines_mail_proves_nothing(self, engine):
        two_halves(engine)
        engine.receive(a_mail("middle", "Away.", references="root", Auto_Submitted="auto-replied"))
        assert len(engine.rows()) == 2

    def test_an_alert_that_was_kept_back_does_not_stumble_over_what_was_joined(self, engine):
        early, late = two_halves(engine)
        ids = engine.writer.do(lambda db: [issues.by_key(db, one) for one in (early, late)])
        engine.ringing._held.update(ids)
        engine.receive(a_mail("middle", references="root"))
        assert engine.only_key() == early

    def test_old_mail_joins_in_silence(self, engine):
        """A first look into a mailbox of years: one issue of history, nothing opened."""
        long_ago = NOON - timedelta(days=300)
        engine.receive(a_mail("late", references="middle"), at=long_ago)
        engine.receive(a_mail("early", references="root"), at=long_ago - timedelta(hours=1))
        engine.receive(a_mail("middle", references="root"), at=long_ago - timedelta(hours=2))
        (row,) = engine.rows()
        assert (row.message_count, row.state) == (3, State.CLOSED)
        while engine.historian.step():
            pass
        assert engine.rows()[0].state is State.CLOSED


class TestOwnIds:
    """Our Message-IDs are signed: they find the issue where all else was lost."""

    @pytest.fixture
    def ours(self, engine):
        """The Message-ID of our reply, and the issue's key."""
        engine.receive(a_mail("first", "Two mugs arrived broken.", subject="Broken mugs"))
        key = engine.only_key()
        message_id = engine.writing.send_reply(key, WORDS)["message_id"]
        engine.clock.forward(seconds=16)
        engine.outbox().step()
        engine.clock.forward(minutes=1)
        return message_id, key

    def test_a_relay_that_rewrote_the_domain_loses_nothing(self, engine, ours):
        message_id, key = ours
        rewritten = f"<{message_id.partition('@')[0]}@eu-1.relay.example>"
        engine.receive(
            a_letter(
                "Thank you!",
                sender="B. Costa <work@office.example>",
                subject="Thanks",
                message_id="<w@office.example>",
                answers=rewritten,
            )
        )
        assert engine.only_key() == engine.issue(key).row.key
        assert "signed" in engine.issue(key).messages[-1].joined_because

    def test_a_quoted_id_finds_the_issue_from_another_address(self, engine, ours):
        message_id, key = ours
        engine.receive(
            a_letter(
                f"My answer is below.\n\n> Message-ID: <{message_id}>\n> Hello Ben",
                sender="B. Costa <work@office.example>",
                subject="Mugs",
                message_id="<w@office.example>",
            )
        )
        assert engine.only_key() == engine.issue(key).row.key
        assert "signed" in engine.issue(key).messages[-1].joined_because

    def test_a_forged_id_joins_nothing(self, engine, ours):
        _, key = ours
        forged = f"fb.{key}.{'0' * 32}.{'0' * 16}@shop.example"
        engine.receive(
            a_letter(
                f"> Message-ID: <{forged}>",
                sender="Mal <mal@other.example>",
                subject="Mugs",
                message_id="<m@other.example>",
                answers=f"<{forged}>",
            )
        )
        assert len(engine.rows()) == 2
        assert engine.issue(key).row.message_count == 2

    def test_the_id_still_finds_it_after_a_merge(self, engine, ours):
        message_id, key = ours
        engine.receive(a_mail("vase", subject="A vase", sender="Ida <ida@other.example>"))
        into = next(row.key for row in engine.rows() if row.key != key)
        engine.desk.merge(key, into)
        rewritten = f"<{message_id.partition('@')[0]}@relay.example>"
        engine.receive(a_letter("Thanks", message_id="<w@office.example>", answers=rewritten))
        assert engine.only_key() == engine.issue(into).row.key


class TestManyAnswerOneMail:
    """A letter to everybody stands in all the answers, and each answer is a matter of its own."""

    def answer(
        self, name: str, *, to: str, text: str = "It broke.", subject: str = "Re: Spring"
    ) -> bytes:
        return a_letter(
            text,
            sender=f"{name} <{name.lower()}@customer.example>",
            subject=subject,
            message_id=f"<{name.lower()}@customer.example>",
            answers=to,
            references=to,
        )

    def test_who_answers_a_letter_that_is_not_here_is_joined_to_no_stranger(self, engine):
        """A program elsewhere sent it: all that the answers share is its name."""
        for name in ("Ann", "Ida"):
            engine.receive(self.answer(name, to="<spring@mailer.example>"))
        assert {row.customer.name for row in engine.rows()} == {"Ann", "Ida"}

    def test_who_answers_a_letter_of_ours_to_nobody_by_name_is_joined_to_no_stranger(self, engine):
        engine.receive(
            a_letter(
                "Spring is here.", sender=f"Shop <{SHOP}>", to=SHOP, message_id="<spring@shop>"
            )
        )
        for name in ("Ann", "Ida"):
            engine.receive(self.answer(name, to="<spring@shop>"))
        assert [row.customer.name for row in engine.rows() if row.customer.name] == ["Ann", "Ida"]

    def test_each_goes_on_in_their_own_issue(self, engine):
        """Their next mail names the letter and their own; no proof joins the two."""
        for name in ("Ann", "Ida"):
            engine.receive(self.answer(name, to="<spring@mailer.example>"))
            engine.clock.forward(minutes=1)
        engine.receive(
            a_letter(
                "Any news?",
                sender="Ida <ida@customer.example>",
                subject="Re: Spring",
                message_id="<ida2@customer.example>",
                answers="<ida@customer.example>",
                references="<spring@mailer.example> <ida@customer.example>",
            )
        )
        counts = {row.customer.name: row.message_count for row in engine.rows()}
        assert counts == {"Ann": 1, "Ida": 2}

    def test_who_writes_on_from_another_address_stays_in_the_conversation(self, engine):
        """An answer of ours to one customer belongs to that matter, whoever answers it."""
        engine.receive(a_mail("first", "Two mugs arrived broken.", subject="Broken mugs"))
        engine.receive(
            a_letter(
                "We send new ones.",
                sender=f"Shop <{SHOP}>",
                to="ben@customer.example",
                message_id="<ours@shop.example>",
                answers="<first@customer.example>",
            )
        )
        engine.receive(self.answer("Mia", to="<ours@shop.example>", subject="Re: Broken mugs"))
        assert engine.only_key()


@pytest.mark.parametrize("broken", ["undisclosed", "noreply@customer.example"])
class TestBrokenReplyTo:
    """A Reply-To at which nobody is reached says nothing of who wrote."""

    def test_what_a_customer_writes_again_joins_their_issue(self, engine, broken):
        """As without it: the same sender, the same subject."""
        for name in ("first", "second"):
            engine.receive(a_mail(name, subject="Broken mugs", reply_to=broken))
            engine.clock.forward(minutes=1)
        engine.receive(a_mail("third", subject="Broken mugs"))
        (row,) = engine.rows()
        assert (row.customer.email, row.message_count) == ("ben@customer.example", 3)

    def test_who_has_bought_is_known_in_junk(self, engine, broken):
        """Their orders are found by the address at which they are reached."""
        order = an_order(customer_email="ben@customer.example")
        engine.writer.do(lambda db: orders.upsert(db, order))
        raw = a_mail("first", "Hello?", subject="Hello", reply_to=broken)
        junk = Junk(rules=RULES, assessor=engine.assessor)
        mail = FetchedMail(uid=1, raw=raw, received_at=NOON, size=len(raw))
        reading = Reading(mail=mail, message=parse.read(raw))
        found = engine.writer.do(
            lambda db: junk.verdict(db, reading, own=frozenset((SHOP,)), is_old=False)
        )
        assert found.because

    def test_a_form_of_ours_is_a_strangers_mail_each_time(self, engine, broken):
        """It writes from our domain: whoever mistyped their address is no other, and not we."""
        for name, typed in (("first", broken), ("second", "ann at work")):
            mail = a_mail(name, subject="Contact form", sender=f"Shop <{SHOP}>", reply_to=typed)
            engine.receive(mail)
        rows = engine.rows()
        named = {row.customer.email or row.customer.name for row in rows}
        assert named == {broken, "ann at work"}
        assert {engine.issue(row.key).messages[0].direction for row in rows} == {Direction.IN}
