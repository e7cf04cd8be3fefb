"""Which issues tap on the shoulder, over a real profile: once, together in a storm, never lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest

from app.alerts.notifier import Action
from app.domain.account import HealthState
from app.domain.alert import Alert, AlertLevel, AlertState
from app.domain.assessment import Kind, Severity
from app.engine import calming
from app.engine.ringer import STATE_OF
from app.storage import accounts, alerts, climbs, issues, stories
from tests.support.engine import NOON, SHOP, Engine, a_letter, an_engine
from tests.support.processes import wait_until
from tests.support.ringing import PlayedDesktop, an_injury, queued, ringer_of


def test_a_storm_is_one_card(engine):
    """Eight urgent mails at once ring as one bundle that names them all."""
    engine.receive(*(an_injury(number) for number in range(8)))
    (alert,) = queued(engine)
    assert len(alert.issue_keys) == 8
    assert alert.title.startswith("8 ")


def test_what_was_kept_back_in_a_storm_rings_later(engine):
    """News within seconds of a bundle waits for the next card, and is not forgotten."""
    engine.receive(*(an_injury(number) for number in range(5)))
    engine.clock.forward(seconds=5)
    engine.receive(an_injury(50))
    assert len(queued(engine)) == 1
    engine.clock.forward(seconds=30)
    engine.watch.look()
    assert len(queued(engine)) == 2


def test_what_was_kept_back_when_the_engine_was_killed_rings_with_the_next_one(engine, tmp_path):
    """The next engine's first look offers it again."""
    engine.receive(*(an_injury(number) for number in range(5)))
    engine.clock.forward(seconds=5)
    engine.receive(an_injury(50))
    at = engine.clock.now()
    engine.close()
    with an_engine(tmp_path) as another:
        another.clock.at = at + timedelta(minutes=2)
        another.watch.look()
        assert [len(one.issue_keys) for one in queued(another)] == [5, 1]


def test_many_customers_of_one_cause_are_not_reminded_of_one_by_one(engine):
    """Their card has rung; the promise about each of them is no tap of its own."""
    for who in "abcde":
        engine.clock.forward(minutes=1)
        text = "I cannot pay: your checkout shows error 502 on every card since this morning."
        sender, name = f"{who} <{who}@c{who}.example>", f"<{who}@c{who}.example>"
        engine.receive(a_letter(text, subject="Checkout", sender=sender, message_id=name))
    engine.clock.forward(hours=5)
    engine.watch.look()
    assert not [one.title for one in queued(engine) if one.title.startswith("First answer")]


def test_what_somebody_has_in_hand_does_not_ring_again(engine):
    """Acknowledged is acknowledged, even when the customer writes again."""
    engine.receive(an_injury())
    key = engine.rows()[0].key
    engine.desk.acknowledge(key)
    engine.clock.forward(minutes=30)
    engine.receive(
        a_letter(
            "Answer me, the hospital asks!",
            sender="Person 1 <p1@customer.example>",
            message_id="<again@customer.example>",
            answers="<injury1@customer.example>",
        )
    )
    assert queued(engine) == (), "what rang is known, and nothing rang anew"


def test_a_danger_that_is_told_after_somebody_took_the_issue_up_rings(engine):
    """They know of the question, not of the accident; what they then take up is known."""
    engine.receive(a_letter("Is the blue kettle safe for a dishwasher?", subject="Kettle"))
    key = engine.only_key()
    engine.desk.acknowledge(key)
    engine.clock.forward(minutes=30)
    engine.receive(
        a_letter(
            "The kettle gave my son an electric shock, he is in hospital now.",
            subject="Re: Kettle",
            message_id="<shock@customer.example>",
            answers="<first@customer.example>",
        )
    )
    (alert,) = queued(engine)
    assert alert.passes
    engine.clock.forward(minutes=1)
    engine.desk.acknowledge(key)
    engine.clock.forward(minutes=30)
    engine.receive(
        a_letter(
            "He is still in hospital after that electric shock!",
            subject="Re: Kettle",
            message_id="<still@customer.example>",
            answers="<shock@customer.example>",
        )
    )
    assert queued(engine) == (), "what rang is known, and nothing new rang"


@pytest.mark.parametrize(
    "judge",
    [
        lambda engine, key: engine.desk.override(key, severity="low"),
        lambda engine, key: engine.desk.verdict(key, "false_alarm"),
    ],
    ids=["severity", "verdict"],
)
@pytest.mark.parametrize("ring_for", ["urgent", "critical"])
def test_a_danger_that_is_told_after_somebody_said_how_bad_it_is_rings(engine, judge, ring_for):
    """It was said of a late lamp, not of one that burns; how bad it is by their word stands. What
    they knew when they said it stays silent, though it arrived by a clock that is ahead."""
    engine.settings = replace(engine.settings, ring_for=ring_for)
    engine.receive(a_letter("The lamp came in green, I wanted it in blue.", subject="Lamp"))
    key = engine.only_key()
    judge(engine, key)
    severity = engine.issue(key).row.severity
    for number, text in enumerate(("It exploded and my son was burned.", "He was burned by it!")):
        engine.clock.forward(minutes=30)
        letter = a_letter(
            text,
            subject="Re: Lamp",
            message_id=f"<burn{number}@customer.example>",
            answers="<first@customer.example>",
        )
        engine.receive(letter, at=engine.clock.now() + timedelta(minutes=2))
        rang = [one for one in queued(engine) if one.created_at == engine.clock.now()]
        assert len(rang) == (1 if number == 0 else 0)
        judge(engine, key)
    assert engine.issue(key).row.severity in (severity, Severity.CRITICAL)


def test_the_banner_of_what_stands_highest_comes_first_however_late_another_rang(engine):
    """An hour later a lesser matter rings; who opens the window is led to the injury."""
    engine.receive(an_injury())
    engine.receive(a_letter("Is the blue kettle safe for a dishwasher?", subject="Kettle"))
    rows = sorted(engine.rows(), key=lambda row: -row.score)
    assert len(rows) == 2
    lesser = Alert(dedupe="lesser", issue_keys=(rows[1].key,), title="Lesser", body="",
                   created_at=NOON)  # fmt: skip
    engine.writer.do(partial(alerts.queue, alert=lesser))
    standing = [one.issue_keys for one in engine.writer.do(alerts.unseen)]
    assert standing == [(rows[0].key,), (rows[1].key,)]


def test_a_mail_of_last_week_does_not_ring(engine):
    """An account that was just connected is quiet about what is old news."""
    engine.receive(an_injury(), at=NOON - timedelta(days=10))
    assert queued(engine) == ()


def test_what_was_shown_is_written_down(engine):
    """By whom and when; a start of the engine shows what its predecessor could not."""
    engine.receive(an_injury())
    desktop = PlayedDesktop()
    ringer = ringer_of(engine, desktop)
    ringer.start()
    assert desktop.reported.wait(60)
    ringer.stop()
    (alert,) = engine.writer.do(alerts.unseen)
    assert (alert.state, alert.shown_by) == (AlertState.SHOWN, "played")
    assert alert.shown_at == NOON


def test_a_desktop_that_shows_nothing_is_told_apart(engine):
    """The banner in the window still stands: nobody can have seen a pop-up."""
    engine.receive(an_injury())
    desktop = PlayedDesktop(shows=False)
    ringer = ringer_of(engine, desktop)
    ringer.start()
    assert desktop.reported.wait(60)
    ringer.stop()
    (alert,) = engine.writer.do(alerts.unseen)
    assert alert.state is AlertState.UNSHOWN


def our_answer(number: int = 1) -> bytes:
    """What we said to it on a phone."""
    return a_letter(
        "We call you at once.",
        sender=f"Shop <{SHOP}>",
        to=f"p{number}@customer.example",
        message_id=f"<ours{number}@phone.example>",
        answers=f"<injury{number}@customer.example>",
    )


def test_a_pop_up_about_what_was_answered_elsewhere_is_taken_away(engine):
    """Nobody is called to what is done; the row says so."""
    engine.receive(an_injury())
    desktop = PlayedDesktop()
    ringer = ringer_of(engine, desktop)
    ringer.start()
    assert desktop.reported.wait(60)
    engine.clock.forward(minutes=1)
    changes = engine.receive(our_answer())
    assert changes.alerts
    ringer.wake()
    wait_until(lambda: desktop.withdrawn, what="the pop-up is taken away")
    ringer.stop()
    assert desktop.withdrawn == [desktop.taken[0].dedupe]
    assert engine.writer.do(alerts.unseen) == ()


def test_what_was_answered_before_it_was_shown_is_never_shown(engine):
    engine.receive(an_injury())
    engine.clock.forward(minutes=1)
    engine.receive(our_answer())
    assert queued(engine) == ()


def test_a_card_for_many_stays_until_none_of_them_waits(engine):
    engine.receive(*(an_injury(number) for number in range(1, 6)))
    engine.clock.forward(minutes=1)
    engine.receive(*(our_answer(number) for number in range(1, 5)))
    assert len(queued(engine)) == 1
    engine.receive(our_answer(5))
    assert queued(engine) == ()


@pytest.mark.parametrize(
    ("action", "left"), [(Action.OPEN, 0), (Action.DISMISS, 0), (Action.LOST, 1)]
)
def test_what_a_person_did_to_a_pop_up_is_written_down(engine, action, left):
    """Opened or closed is seen; a desktop that went away with it leaves the banner."""
    engine.receive(an_injury())
    desktop = PlayedDesktop()
    ringer = ringer_of(engine, desktop)
    (alert,) = queued(engine)
    ringer.close((alert.id,), STATE_OF[action])
    assert len(engine.writer.do(alerts.unseen)) == left
    assert desktop.withdrawn == list(alert.issue_keys)


def test_opening_the_issue_closes_its_alert(engine):
    """Who has seen the issue need not close its banner."""
    engine.receive(an_injury())
    engine.desk.seen(engine.rows()[0].key)
    assert engine.writer.do(alerts.unseen) == ()


def test_time_marks_a_broken_promise_once(engine):
    """The watch writes down the planned instant, not the one at which it looked."""
    engine.receive(a_letter())
    key = engine.only_key()
    (planned,) = engine.issue(key).deadlines
    engine.clock.forward(days=9)
    engine.watch.look()
    (broken,) = engine.issue(key).deadlines
    assert broken.breached_at == planned.planned_at
    engine.clock.forward(days=1)
    engine.watch.look()
    assert engine.issue(key).deadlines == (broken,)


def test_an_issue_moves_up_because_it_waits(engine):
    """Nobody has to do anything for the score to grow."""
    engine.receive(a_letter())
    before = engine.rows()[0].score
    engine.clock.forward(hours=30)
    engine.watch.look()
    assert engine.rows()[0].score > before


def a_threat(number: int = 1) -> bytes:
    """Something urgent that may wait for the morning."""
    return a_letter(
        "I am a lawyer and write on behalf of my client."
        " We will file a claim in court within 7 days.",
        subject=f"Legal notice {number}",
        sender=f"Client {number} <c{number}@client.example>",
        message_id=f"<threat{number}@client.example>",
    )


@pytest.fixture
def bringing(engine):
    """A mailbox that is being read for the first time, until this is emptied."""
    going_on = [True]
    engine.ringing.first.follow(lambda: bool(going_on))
    engine.clock.forward(minutes=10)  # long after it was connected
    return going_on


def test_what_a_first_reading_found_is_one_calm_card(engine, bringing):
    """How many need somebody, and the most urgent; nothing of it rings twice."""
    engine.receive(*(a_threat(number) for number in range(5)))
    engine.watch.look()
    assert queued(engine) == ()
    bringing.clear()
    engine.watch.look()
    (card,) = queued(engine)
    assert card.title.startswith("5 need you")
    assert card.body.startswith("The most urgent: Client ")
    assert card.level is AlertLevel.NOTICE
    assert set(card.issue_keys) == {row.key for row in engine.rows()}
    engine.clock.forward(seconds=30)
    engine.watch.look()
    assert queued(engine) == (card,)


def test_what_somebody_took_up_meanwhile_is_not_on_the_card_of_a_first_reading(engine, bringing):
    """Two are left, and two are a card."""
    engine.receive(*(a_threat(number) for number in range(3)))
    taken, *others = (row.key for row in engine.rows())
    engine.desk.acknowledge(taken)
    bringing.clear()
    engine.watch.look()
    (card,) = queued(engine)
    assert set(card.issue_keys) == set(others)


def test_what_arrives_after_a_first_reading_rings_by_itself(engine, bringing):
    """It does not join the card, not even within the minute."""
    engine.receive(*(a_threat(number) for number in range(5)))
    bringing.clear()
    engine.watch.look()
    engine.clock.forward(seconds=10)
    engine.receive(a_threat(50))
    _, live = queued(engine)
    assert len(live.issue_keys) == 1
    assert live.title.startswith("Legal")


def test_what_passes_does_not_wait_for_a_first_reading(engine, bringing):
    """An injury rings at once and alone, whatever else was found."""
    engine.receive(*(a_threat(number) for number in range(5)), an_injury())
    (alert,) = queued(engine)
    assert alert.passes
    assert len(alert.issue_keys) == 1
    bringing.clear()
    engine.watch.look()
    assert [len(one.issue_keys) for one in queued(engine)] == [1, 5]


def test_a_dispute_passes_on_the_providers_last_day_and_not_because_of_what_we_promised(
    engine, bringing
):
    """Our own first answer is due within hours; nobody is woken for that, nor days before."""
    told = a_letter(
        "I did not make this purchase! Somebody used my card for order MM-10227. My bank has"
        " opened a chargeback.",
        subject="Dispute opened",
    )
    engine.receive(told)
    engine.receive(a_notice(2, until=engine.clock.now() + timedelta(days=1)))
    engine.receive(a_notice(3, until=engine.clock.now() + timedelta(days=2)))
    (theirs,) = [row for row in engine.rows() if row.subject == "Dispute opened"]
    assert theirs.kind is Kind.DISPUTE
    assert theirs.deadline_at - engine.clock.now() < timedelta(hours=24)
    (alert,) = queued(engine)
    (last_day,) = [row for row in engine.rows() if "ABC-102" in row.subject]
    assert (alert.passes, alert.issue_keys) == (True, (last_day.key,))


def a_notice(number: int, *, until: datetime) -> bytes:
    """A provider's mail about a dispute that ends on this day."""
    return a_letter(
        "A buyer has opened a dispute about a payment of 120.00 EUR. Please respond by"
        f" {until:%d %B %Y}, otherwise the case is decided for the buyer.",
        subject=f"A dispute was opened: PP-R-ABC-10{number}",
        sender="PayPal <service@paypal.com>",
        message_id=f"<dispute{number}@paypal.com>",
        **{"Authentication-Results": "mx.shop.example; dmarc=pass header.from=paypal.com"},
    )


def test_one_alone_in_a_first_reading_rings_as_itself(engine, bringing):
    """A card for a single matter would say less than its alert."""
    engine.receive(a_threat())
    bringing.clear()
    engine.watch.look()
    (alert,) = queued(engine)
    assert alert.title.startswith("Legal")


def test_a_first_reading_without_an_end_is_told_after_five_minutes(engine, bringing):
    """A mailbox of ten years keeps nothing back for longer."""
    engine.receive(*(a_threat(number) for number in range(5)))
    engine.clock.forward(minutes=6)
    engine.watch.look()
    assert [len(one.issue_keys) for one in queued(engine)] == [5]


def test_a_mailbox_that_was_read_before_keeps_nothing_back(engine, bringing):
    """Neither does one that is in trouble: nobody knows when its reading ends."""
    settled = ((HealthState.FAILING, None), (HealthState.WORKING, NOON))
    for number, (state, ok_at) in enumerate(settled):
        set_health = partial(accounts.set_health, account_id=engine.account.id, tried_at=NOON)
        engine.writer.do(partial(set_health, state=state, ok_at=ok_at))
        engine.receive(a_threat(number))
        engine.clock.forward(minutes=2)
    assert len(queued(engine)) == 2


def test_pop_ups_of_a_first_reading_wait_for_the_card_and_go_into_it(engine, bringing):
    """What others queued meanwhile, a reminder perhaps, is not shown beside it."""
    desktop = PlayedDesktop()
    ringer = ringer_of(engine, desktop)
    key = "reminder"
    waits = Alert(dedupe=key, issue_keys=(key,), title="Due", body="", created_at=NOON)
    engine.writer.do(lambda db: alerts.queue(db, waits))
    engine.receive(a_threat(1), a_threat(2))
    ringer.look()
    assert desktop.taken == []
    bringing.clear()
    engine.watch.look()
    ringer.look()
    (card,) = desktop.taken
    assert len(card.issue_keys) == 3
    assert [one.id for one in engine.writer.do(alerts.unseen)] == [card.id]


def test_what_a_first_reading_kept_back_outlives_its_engine(engine, bringing, tmp_path):
    """Killed before the card: the next engine tells all of it."""
    engine.receive(*(a_threat(number) for number in range(5)))
    assert engine.writer.do(engine.ringing.has_kept_back)
    at = engine.clock.now()
    engine.close()
    with an_engine(tmp_path) as another:
        another.clock.at = at
        another.watch.look()
        assert [len(one.issue_keys) for one in queued(another)] == [5]


def test_what_rings_late_is_told_of_its_issue(engine):
    """Its page asks from then on whether it was a false alarm, not whether it should have rung."""
    engine.receive(*(an_injury(number) for number in range(5)))
    engine.clock.forward(seconds=5)
    engine.receive(an_injury(50))
    (late,) = (row.key for row in engine.rows() if row.subject == "Injury 50")
    assert not engine.issue(late).rang
    engine.clock.forward(seconds=30)
    assert late in engine.watch.look().issues
    assert engine.issue(late).rang


def a_merged_injury(engine: Engine) -> str:
    """An injury rang and was shown; then its issue was merged into another. Its own old key."""
    engine.receive(a_letter("When will you have the teapot again?", subject="Teapot"))
    engine.clock.forward(hours=1)
    engine.receive(an_injury())
    rows = {row.subject: row.key for row in engine.rows()}
    ringer_of(engine, PlayedDesktop()).look()
    engine.clock.forward(minutes=20)
    engine.desk.merge(rows["Injury 1"], into=rows["Teapot"])
    return rows["Injury 1"]


def test_who_looks_at_a_merged_issue_has_seen_what_rang_under_its_old_key(engine):
    key = a_merged_injury(engine)
    assert len(engine.writer.do(alerts.unseen)) == 1
    changes = engine.desk.seen(key)["changes"]
    assert len(changes["alerts"]) == 1
    assert engine.writer.do(alerts.unseen) == ()


def test_a_card_for_two_that_became_one_is_seen_with_that(engine):
    """A card for several goes only when all that it is about was looked at."""
    engine.receive(*(an_injury(number) for number in range(4)))
    keys = sorted(row.key for row in engine.rows())
    engine.desk.seen(keys[0])
    assert len(queued(engine)) == 1
    engine.desk.merge(keys[1:], into=keys[0])
    engine.desk.seen(keys[0])
    assert queued(engine) == ()


def test_what_rang_under_an_old_key_is_taken_back_when_the_merged_issue_is_answered(engine):
    key = a_merged_injury(engine)
    engine.desk.resolve(key)

    def answer(db):
        return calming.answered(db, [issues.by_key(db, key)], now=engine.clock.now())

    engine.writer.do(answer)
    assert engine.writer.do(alerts.unseen) == ()


def test_the_figures_know_that_a_merged_issue_has_rung(engine):
    a_merged_injury(engine)

    def told(db):
        return stories.between(db, NOON - timedelta(days=1), engine.clock.now())

    (story,) = engine.writer.do(told)
    assert len(story.rang_at) == 1


def test_somebody_is_told_of_a_merged_issue_that_rang_and_that_nobody_takes(engine):
    """Its ladder begins, though it rang under another key."""
    key = a_merged_injury(engine)
    assert engine.writer.do(climbs.to_begin) == [engine.issue(key).row.id]
