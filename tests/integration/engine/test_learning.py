"""Overrides teach: through the real engine parts, the real weights and a real profile file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.config.paths import resources
from app.domain.assessment import Kind, Severity
from app.mail import own_ids
from app.storage import customers, forgetting, lessons, messages, profile
from app.storage.database import open_reader
from app.triage.classifier import LearnedClassifier
from tests.support.engine import RULES, Engine, a_letter, an_engine

WEIGHTS = resources() / "model" / "judgement.npz"
# A sort of mail that this shop files otherwise than anybody would guess.
TASTINGS = (
    "We would like to book the chocolate tasting for six people on a Friday evening.",
    "Is there still room at the tasting next month? We are four and one is vegan.",
    "Could you hold two seats at the chocolate tasting for my parents?",
    "How do we book a tasting evening for our office, about twelve colleagues?",
    "My sister and I want to come to a tasting, which dates are free?",
)
OTHERS = {
    "The vase arrived in pieces, glass everywhere in the box.": Kind.DAMAGED,
    "Tracking says delivered, but there is no parcel anywhere.": Kind.NOT_RECEIVED,
    "The boots are a size too small, can I have the 42 instead?": Kind.WRONG_SIZE,
    "Please cancel my order, I ordered it twice by mistake.": Kind.CHANGE_CANCEL,
}


@pytest.fixture(scope="module")
def classifier() -> LearnedClassifier:
    return LearnedClassifier(WEIGHTS, rules=RULES)


@pytest.fixture
def engine(tmp_path: Path, classifier: LearnedClassifier) -> Iterator[Engine]:
    with an_engine(tmp_path, classifier) as engine:
        yield engine


def arrives(engine: Engine, name: str, text: str, subject: str = "A question") -> str:
    """A mail of a new customer, and the key of its issue."""
    before = {row.key for row in engine.rows()}
    letter = a_letter(
        text,
        subject=subject,
        sender=f"{name} <{name}@customer.example>",
        message_id=f"<{name}@customer.example>",
    )
    engine.receive(letter)
    (key,) = {row.key for row in engine.rows()} - before
    return key


def kind_of(engine: Engine, key: str) -> Kind:
    return engine.issue(key).row.kind


def test_a_later_mail_of_the_same_sort_is_sorted_as_the_owner_did(engine):
    """Two corrections, and a third mail that nobody corrected follows them; others do not."""
    for number, text in enumerate(TASTINGS[1:3]):
        key = arrives(engine, f"guest{number}", text)
        assert kind_of(engine, key) is not Kind.SITE_ACCOUNT
        engine.desk.override(key, kind="site_account")
        effect = engine.learning.step()
        assert effect is not None
        assert effect.learnt
    late = arrives(engine, "late", TASTINGS[4])
    assert kind_of(engine, late) is Kind.SITE_ACCOUNT
    for number, (text, kind) in enumerate(OTHERS.items()):
        assert kind_of(engine, arrives(engine, f"other{number}", text)) is kind


def test_open_mails_of_the_same_sort_are_sorted_anew_at_once(engine):
    """What waits and was decided by nobody moves with the correction, and is counted."""
    keys = [arrives(engine, f"guest{n}", text) for n, text in enumerate(TASTINGS)]
    assert all(kind_of(engine, key) is not Kind.SITE_ACCOUNT for key in keys)
    engine.desk.override(keys[1], kind="site_account")
    engine.learning.step()
    engine.desk.override(keys[2], kind="site_account")
    effect = engine.learning.step()
    moved = [key for key in keys if kind_of(engine, key) is Kind.SITE_ACCOUNT]
    assert len(moved) > 2
    assert effect.similar > 0


@pytest.mark.parametrize("kind", ["site_account", "dispute", "return_request", "not_an_issue"])
def test_as_many_similar_mails_are_sorted_anew_as_was_told(engine, kind):
    """The number told after each correction is that of the open issues that became this kind."""
    keys = [arrives(engine, f"guest{n}", text) for n, text in enumerate(TASTINGS)]
    keys += [arrives(engine, f"other{n}", text) for n, text in enumerate(OTHERS)]
    decided: set[str] = set()
    followed = 0
    for key in keys[1:4]:
        before = {one: kind_of(engine, one) for one in keys}
        decided.add(key)
        engine.desk.override(key, kind=kind)
        effect = engine.learning.step()
        assert effect is not None
        moved = [one for one in keys if kind_of(engine, one) is Kind(kind) is not before[one]]
        assert effect.similar == len(set(moved) - decided)
        followed += effect.similar
    assert followed > 0


def test_what_is_put_away_is_not_told_to_be_sorted_anew(engine):
    """Only open mails are judged again, so only those are promised to be."""
    keys = [arrives(engine, f"guest{n}", text) for n, text in enumerate(TASTINGS)]
    put_away = (keys[0], keys[3], keys[4])
    for key in put_away:
        engine.desk.resolve(key)
    before = [kind_of(engine, key) for key in put_away]
    for key in keys[1:3]:
        was = kind_of(engine, keys[2])
        engine.desk.override(key, kind="site_account")
        effect = engine.learning.step()
        moved = key == keys[1] and kind_of(engine, keys[2]) is not was
        assert effect.similar == int(moved)
    late = arrives(engine, "late", TASTINGS[4])
    assert kind_of(engine, late) is Kind.SITE_ACCOUNT, "else nothing was learnt"
    assert [kind_of(engine, key) for key in put_away] == before


def test_mails_of_which_something_else_was_said_are_told_to_be_sorted_anew(engine):
    """A person said how bad three are; what they are about follows a correction all the same."""
    keys = [arrives(engine, f"guest{n}", text) for n, text in enumerate(TASTINGS)]
    for key in keys[2:]:
        engine.desk.override(key, severity="high")
    engine.learning.step()
    told = 0
    for key in keys[:2]:
        before = {one: kind_of(engine, one) for one in keys}
        engine.desk.override(key, kind="site_account")
        effect = engine.learning.step()
        after = {one: kind_of(engine, one) for one in keys if one not in keys[:2]}
        assert effect.similar == sum(before[one] is not kind for one, kind in after.items())
        told += effect.similar
    assert told > 0


def taught(engine: Engine, key: str, **said: str) -> str:
    """An override that is learnt before anything else happens; its journal entry."""
    entry = engine.desk.override(key, **said)["entry"]
    engine.learning.step()
    return str(entry)


def test_an_undone_correction_has_taught_nothing(engine):
    """With the entry its lesson goes: what had moved with it moves back."""
    keys = [arrives(engine, f"guest{n}", text) for n, text in enumerate(TASTINGS)]
    before = [kind_of(engine, key) for key in keys]
    entries = [taught(engine, key, kind="site_account") for key in keys[1:3]]
    assert [kind_of(engine, key) for key in keys] != before
    for entry in entries:
        engine.desk.undo(entry)
        engine.learning.step()
    assert [kind_of(engine, key) for key in keys] == before
    assert engine.lesson_desk.learned()["lessons"] == []


def test_a_forgotten_lesson_leaves_the_decision_as_it_is(engine):
    """The issue keeps what a person said of it; others are judged as if it had not been said."""
    keys = [arrives(engine, f"guest{n}", text) for n, text in enumerate(TASTINGS)]
    before = [kind_of(engine, key) for key in keys]
    for key in keys[1:3]:
        taught(engine, key, kind="site_account")
    for lesson in engine.lesson_desk.learned()["lessons"]:
        engine.lesson_desk.forget(lesson["entry"])
    engine.learning.step()
    after = [kind_of(engine, key) for key in keys]
    assert after[1:3] == [Kind.SITE_ACCOUNT] * 2
    assert after[3:] == before[3:]


def test_a_person_s_decision_is_never_overwritten(engine):
    """What somebody put under another kind stays there, however many lessons say otherwise."""
    keys = [arrives(engine, f"guest{n}", text) for n, text in enumerate(TASTINGS)]
    taught(engine, keys[4], kind="change_cancel")
    for key in keys[:3]:
        taught(engine, key, kind="site_account")
    assert kind_of(engine, keys[4]) is Kind.CHANGE_CANCEL


def test_a_later_issue_names_the_corrections_that_decided(engine):
    """The evidence leads to the mails that were corrected."""
    corrected = [arrives(engine, f"guest{n}", text) for n, text in enumerate(TASTINGS[1:3])]
    for key in corrected:
        taught(engine, key, kind="site_account")
    late = engine.issue(arrives(engine, "late", TASTINGS[4]))
    assert late.row.kind is Kind.SITE_ACCOUNT
    assert {one.issue_key for one in late.taught.kind} <= set(corrected)
    assert late.taught.kind


def test_a_corrected_mail_stays_the_evidence_when_more_is_said_of_it(engine):
    """First its kind, then how bad it is: what was sorted like it goes on naming it, once."""
    keys = [arrives(engine, f"guest{n}", text) for n, text in enumerate(TASTINGS)]
    for key in keys[1:3]:
        taught(engine, key, kind="site_account")
    before = [
        {one.issue_key for one in engine.issue(key).taught.kind} for key in (keys[0], *keys[3:])
    ]
    assert any(keys[1] in named for named in before)
    for key in keys[1:3]:
        taught(engine, key, severity="high")
    for key, named in zip((keys[0], *keys[3:]), before, strict=True):
        after = [one.issue_key for one in engine.issue(key).taught.kind]
        assert named <= set(after)
        assert len(after) == len(set(after))


def test_a_restart_keeps_what_was_learnt(engine, tmp_path):
    """A new engine over the same profile judges as the one before it did."""
    for number, text in enumerate(TASTINGS[1:3]):
        taught(engine, arrives(engine, f"guest{number}", text), kind="site_account")
    engine.close()
    with an_engine(tmp_path, LearnedClassifier(WEIGHTS, rules=RULES)) as again:
        assert kind_of(again, arrives(again, "late", TASTINGS[4])) is Kind.SITE_ACCOUNT
        assert again.learning.step() is None


def test_a_correction_that_was_not_learnt_before_the_end_is_learnt_at_the_next_start(
    engine, tmp_path
):
    """Killed right after the click: the next engine learns it before anybody corrects again."""
    taught(engine, arrives(engine, "guest0", TASTINGS[1]), kind="site_account")
    engine.desk.override(arrives(engine, "guest1", TASTINGS[2]), kind="site_account")
    engine.close()
    with an_engine(tmp_path, LearnedClassifier(WEIGHTS, rules=RULES)) as again:
        arrives(again, "first", "The vase arrived in pieces.")
        assert again.learning.is_busy
        assert len([one for one in again.lesson_desk.learned()["lessons"] if one["in_use"]]) == 1
        again.learning.step()
        assert all(one["in_use"] for one in again.lesson_desk.learned()["lessons"])


def test_a_customer_who_is_forgotten_while_others_are_judged_again_stops_nothing(engine):
    """Between reading a mail and writing what it is now, it goes: the others move all the same."""
    keys = [arrives(engine, f"guest{n}", text) for n, text in enumerate(TASTINGS)]
    taught(engine, keys[1], kind="site_account")
    (gone,) = engine.issue(keys[1]).messages

    class Forgets:
        """Judges, and has a customer forgotten right after their mail was."""

        def judge(self, db, message, **context):
            made = engine.assessor.judge(db, message, **context)
            if message.message_id == gone.message_id:
                engine.writer.do(
                    lambda db: forgetting.forget(
                        db,
                        customers.holdings(db, "guest1@customer.example"),
                        now=engine.clock.now(),
                    )
                )
            return made

    engine.judging._assessor = Forgets()
    engine.desk.override(keys[2], kind="site_account")
    effect = engine.learning.step()
    assert effect.learnt
    assert kind_of(engine, keys[3]) is Kind.SITE_ACCOUNT
    rows = engine.writer.do(lambda db: db.execute("SELECT message_id FROM heard").fetchall())
    assert (gone.id,) not in rows


def test_a_kept_mail_that_cannot_be_read_stops_no_learning(engine):
    """A disk gave back other bytes: that one is made anew, or left out."""
    keys = [arrives(engine, f"guest{n}", text) for n, text in enumerate(TASTINGS)]
    for key in keys[:2]:
        (mail,) = engine.issue(key).messages
        engine.writer.do(
            lambda db, row=mail.id: db.execute(
                "UPDATE heard SET mail = X'00' WHERE message_id = ?", (row,)
            )
        )
    for key in keys[1:3]:
        engine.desk.override(key, kind="site_account")
        assert engine.learning.step().learnt
    assert kind_of(engine, arrives(engine, "late", TASTINGS[4])) is Kind.SITE_ACCOUNT


def test_an_answer_is_judged_again_as_the_answer_that_it_was(engine):
    """It names our mail by our signed id alone, and came through a list: judged anew in another
    language or after a correction it is no newsletter for that."""
    key = arrives(engine, "anna", "My bowl arrived broken.")
    signed = engine.writer.do(
        lambda db: own_ids.new(key, "shop.example", key=profile.signing_key(db))
    )
    answer = a_letter(
        "Thank you, when does the new bowl come? It is for Saturday.",
        sender="team@group.example",
        message_id="<answer@group.example>",
        answers=f"<{signed}>",
        List_Id="<team.group.example>",
        List_Unsubscribe="<mailto:leave@group.example>",
    )
    engine.receive(answer)
    named = "SELECT id, issue_id FROM message WHERE message_id = 'answer@group.example'"
    mail, issue = engine.writer.do(lambda db: db.execute(named).fetchone())
    before = engine.writer.do(lambda db: messages.assessment(db, mail))
    assert not before.gate.noise
    with closing(open_reader(engine.database)) as db:
        engine.judging.tell_anew(db, [issue])
    assert engine.writer.do(lambda db: messages.assessment(db, mail)) == before


def test_everything_is_learnt_again_from_journal_and_mails(engine):
    """Thrown away and made anew, it judges alike."""
    keys = [arrives(engine, f"guest{n}", text) for n, text in enumerate(TASTINGS)]
    for key in keys[1:3]:
        taught(engine, key, kind="site_account")
    before = [kind_of(engine, key) for key in keys]
    engine.learning.again()
    effect = engine.learning.step()
    assert effect is not None
    assert effect.learnt
    assert [kind_of(engine, key) for key in keys] == before
    late = arrives(engine, "late", f"{TASTINGS[4]} Thank you!")
    assert kind_of(engine, late) is Kind.SITE_ACCOUNT


def test_what_other_weights_learnt_is_made_anew(engine, tmp_path):
    """New shipped weights bring no old adjustment along; the lessons are remade from the mails."""
    for number, text in enumerate(TASTINGS[1:3]):
        taught(engine, arrives(engine, f"guest{number}", text), kind="site_account")
    engine.writer.do(
        lambda db: [
            db.execute(f"UPDATE {table} SET weights = 'older'") for table in ("heard", "learnt")
        ]
    )
    engine.close()
    with an_engine(tmp_path, LearnedClassifier(WEIGHTS, rules=RULES)) as again:
        effect = again.learning.step()
        assert effect is not None
        assert effect.learnt
        assert kind_of(again, arrives(again, "late", TASTINGS[4])) is Kind.SITE_ACCOUNT


def test_a_worse_attempt_is_taken_back_and_says_so(engine):
    """Twelve careless words, then four true ones: nothing is learnt from them, and it is said."""
    careless = [arrives(engine, f"c{n}", f"{TASTINGS[n % 4]} Best, number {n}") for n in range(12)]
    careful = [arrives(engine, f"t{n}", f"{TASTINGS[n]} Yours") for n in range(4)]
    right = [kind_of(engine, key) for key in careful]
    for key in careless:
        engine.clock.forward(minutes=1)
        engine.desk.override(key, kind="legal_executive")
    for key, kind in zip(careful, right, strict=True):
        engine.clock.forward(minutes=1)
        engine.desk.override(key, kind=kind.value)
    effect = engine.learning.step()
    assert effect is not None
    assert not effect.learnt
    assert "it stays as it was" in effect.because
    found = engine.lesson_desk.learned()
    assert not found["accepted"]
    assert not any(one["in_use"] for one in found["lessons"])
    assert kind_of(engine, arrives(engine, "late", TASTINGS[4])) is not Kind.LEGAL_EXECUTIVE


def test_without_weights_a_correction_stands_and_says_that_nothing_is_learnt(tmp_path):
    """The decision is kept; learning waits for the weights."""
    with an_engine(tmp_path) as engine:
        key = arrives(engine, "guest", TASTINGS[0])
        engine.desk.override(key, kind="other")
        effect = engine.learning.step()
        assert effect is not None
        assert not effect.learnt
        assert "off" in effect.because
        assert kind_of(engine, key) is Kind.OTHER


def test_what_was_brought_in_from_elsewhere_is_learnt_again(engine, tmp_path):
    """A journal without anything derived: the first mail that is judged asks for it."""
    for number, text in enumerate(TASTINGS[1:3]):
        taught(engine, arrives(engine, f"guest{number}", text), kind="site_account")
    engine.writer.do(lessons.unlearn)
    engine.close()
    with an_engine(tmp_path, LearnedClassifier(WEIGHTS, rules=RULES)) as again:
        arrives(again, "first", "The vase arrived in pieces.")
        assert again.learning.is_busy
        again.learning.step()
        assert kind_of(again, arrives(again, "late", TASTINGS[4])) is Kind.SITE_ACCOUNT


def test_a_false_alarm_is_not_rung_twice(engine):
    """What plain facts make critical stays quiet once its like was called a false alarm."""
    text = "The candle exploded and my daughter was burned, {}. She had to go to hospital."
    first = arrives(engine, "burn1", text.format("at about six"))
    (mail,) = engine.issue(first).messages
    before = engine.writer.do(lambda db: messages.assessment(db, mail.id))
    assert before.severity_by_facts is Severity.CRITICAL
    assert before.alert
    engine.desk.verdict(first, "false_alarm")
    engine.learning.step()
    second = arrives(engine, "burn2", text.format("at about seven"))
    (mail,) = engine.issue(second).messages
    after = engine.writer.do(lambda db: messages.assessment(db, mail.id))
    assert not after.alert
    assert after.taught.alert


def test_what_is_done_in_its_turn_by_the_owner_s_word_does_not_ring_by_its_facts(engine):
    """Three that rang are said to be normal: the next of their sort is, and no pop-up says that it
    is not."""
    texts = (
        "Your checkout is down, nobody can pay since this morning.",
        "Your checkout is down and no customer can pay, since noon.",
        "Your checkout is down, we cannot pay with any card.",
        "The checkout of your shop is down and nobody can pay.",
    )
    for number, text in enumerate(texts[:3]):
        engine.clock.forward(hours=2)
        taught(engine, arrives(engine, f"shop{number}", text), severity="normal")
    engine.clock.forward(hours=2)
    last = arrives(engine, "shop3", texts[3])
    (mail,) = engine.issue(last).messages
    made = engine.writer.do(lambda db: messages.assessment(db, mail.id))
    assert made.severity_by_facts is Severity.CRITICAL, "else there is nothing to keep quiet"
    assert made.severity is Severity.NORMAL
    assert not made.alert


@pytest.mark.parametrize(
    "says",
    [
        lambda engine, key: engine.desk.override(key, kind="not_an_issue")["entry"],
        lambda engine, key: engine.desk.verdict(key, "false_alarm")["entry"],
        lambda engine, key: engine.desk.override(key, kind="dispute", severity="critical")["entry"],
    ],
    ids=["not an issue", "false alarm", "critical"],
)
def test_a_pretender_teaches_nothing_about_the_true_one(engine, says):
    """Three false notices of a dispute are put aside: the true one of the same words, due tomorrow,
    rings as before; and whoever said that a false one is true wins nothing for the next."""
    fakes = [arrives_from_stripe(engine, n, "disputes@stripe-secure.example") for n in range(3)]
    assert all(engine.issue(key).row.suspicious for key in fakes)
    entry = [says(engine, key) for key in fakes][-1]
    assert engine.learning.step() is None
    effect = engine.learning.effect(entry, patience=0)
    assert effect is not None
    assert not effect.learnt
    assert "pretends to be somebody else" in effect.because
    assert not any(one["in_use"] for one in engine.lesson_desk.learned()["lessons"])
    checked = "localhost; dmarc=pass header.from=stripe.com; dkim=pass header.d=stripe.com"
    true = arrives_from_stripe(engine, 4, "disputes@stripe.com", Authentication_Results=checked)
    (mail,) = engine.issue(true).messages
    assert engine.writer.do(lambda db: messages.assessment(db, mail.id)).alert
    assert kind_of(engine, true) is Kind.DISPUTE
    fake = arrives_from_stripe(engine, 5, "disputes@stripe-secure.example")
    assert engine.issue(fake).row.suspicious
    assert kind_of(engine, fake) is Kind.NOT_AN_ISSUE


def arrives_from_stripe(engine: Engine, number: int, sender: str, **headers: str) -> str:
    """A notice of a dispute that is due tomorrow; the key of its issue."""
    text = (
        f"A customer disputed a payment of {210 + number}.00 EUR, reason: fraudulent. Submit your"
        " evidence by tomorrow, 21 November, else the dispute is lost. Sign in at"
        f" http://{sender.rpartition('@')[2]}/disputes"
    )
    before = {row.key for row in engine.rows()}
    letter = a_letter(
        text,
        subject="Dispute opened",
        sender=f"Stripe <{sender}>",
        message_id=f"<dispute{number}@mail.example>",
        **headers,
    )
    engine.receive(letter)
    (key,) = {row.key for row in engine.rows()} - before
    return key


def test_what_should_have_rung_rings_the_next_time(engine):
    """And the one that was missed does not ring while its owner looks at it."""
    text = "The lady with the parrots wants {} in the blue box, as in spring."
    first = arrives(engine, "heat1", text.format("her seeds"))
    assert not engine.queries.overview(now=engine.clock.now()).alerts, "else nothing was missed"
    engine.desk.verdict(first, "missed")
    engine.learning.step()
    second = arrives(engine, "heat2", text.format("twice as many nuts"))
    (mail,) = engine.issue(second).messages
    assert engine.writer.do(lambda db: messages.assessment(db, mail.id)).alert
    rung = [one for one in engine.queries.overview(now=engine.clock.now()).alerts]
    assert all(first not in one.issue_keys for one in rung)
