"""Incidents over a real profile: noticed, kept, rung once a size, put away and back again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.alert import Alert, AlertState
from app.domain.errors import NotFound
from app.domain.incident import Incident
from app.domain.views import View
from app.engine.causes import incident_of
from app.storage import alerts, customers, forgetting
from tests.support.engine import Engine, a_letter
from tests.support.ringing import PlayedDesktop, an_injury, ringer_of


def a_complaint(who: str, text: str = "The RT4-W-PET-40 is much too small, I need a larger size."):
    return a_letter(
        text,
        subject=f"Shoes of {who}",
        sender=f"{who} <{who}@customer.example>",
        message_id=f"<{who}@customer.example>",
    )


def cannot_pay(number: int) -> bytes:
    return a_letter(
        "I cannot pay: your checkout shows error 502 on every card since this morning.",
        subject="Checkout error",
        sender=f"Person {number} <p{number}@customer.example>",
        message_id=f"<down{number}@customer.example>",
    )


def arrive(engine: Engine, *people: str) -> None:
    for who in people:
        engine.clock.forward(minutes=5)
        engine.receive(a_complaint(who))


def present(engine: Engine) -> tuple[Incident, ...]:
    return engine.queries.overview(now=engine.clock.now()).incidents


def rung(engine: Engine) -> list[str]:
    """The titles of the alerts about incidents."""
    recent = engine.writer.do(lambda db: alerts.recent(db, engine.clock.now().replace(year=2000)))
    return [one.title for one in recent if one.dedupe.startswith("incident:")]


def test_three_customers_with_one_cause_make_a_card_that_names_it(engine):
    arrive(engine, "ann", "bo")
    assert present(engine) == ()
    arrive(engine, "cy")
    (card,) = present(engine)
    assert (card.customers, card.issues, card.open, card.sort) == (3, 3, 3, "size")
    assert card.title == "RT4-W-PET-40"
    assert rung(engine) == ["3 customers, wrong size: RT4-W-PET-40"]


def test_it_rings_again_when_it_has_doubled_and_not_in_between(engine):
    arrive(engine, *"abcde")
    assert len(rung(engine)) == 1
    arrive(engine, "f")
    assert len(rung(engine)) == 2
    arrive(engine, *"ghijk")
    assert len(rung(engine)) == 2


def test_its_issues_are_a_view_and_each_says_that_others_report_the_same(engine):
    arrive(engine, *"abc")
    (card,) = present(engine)
    now = engine.clock.now()
    assert len(engine.queries.inbox_ids(f"incident:{card.id}", now=now)) == 3
    assert len(engine.queries.inbox_ids(View.INCIDENTS, now=now)) == 3
    assert engine.queries.counts(now=now)[View.INCIDENTS] == 3
    shown = engine.issue(engine.rows()[0].key).incident
    assert shown is not None
    assert shown.id == card.id


def test_while_it_is_shown_no_issue_of_it_rings_for_itself(engine):
    down = "Your checkout gives a 502 error with every card, nobody can pay. Please fix it now!"
    for who in "abcd":
        engine.clock.forward(minutes=5)
        engine.receive(a_complaint(who, down))
    every = engine.writer.do(lambda db: alerts.recent(db, engine.clock.now().replace(year=2000)))
    keys = [one.issue_keys for one in every if not one.dedupe.startswith("incident:")]
    (card,) = present(engine)
    assert card.grave
    assert len(keys) <= 1, "only who came before there was a card"


def test_what_somebody_has_seen_stays_away_until_it_grows_to_its_next_alert(engine):
    arrive(engine, *"abc")
    (card,) = present(engine)
    engine.incident_desk.seen(card.id)
    assert present(engine) == ()
    arrive(engine, "d", "e")
    assert present(engine) == ()
    arrive(engine, "f")
    assert len(present(engine)) == 1


def test_putting_away_is_taken_back(engine):
    arrive(engine, *"abc")
    (card,) = present(engine)
    engine.incident_desk.seen(card.id)
    engine.incident_desk.seen(card.id, back=True)
    assert len(present(engine)) == 1


def test_when_all_its_issues_are_done_the_card_goes(engine):
    arrive(engine, *"abc")
    for row in engine.rows():
        engine.desk.resolve(row.key)
    assert present(engine) == ()


def test_a_merged_issue_takes_its_place_in_the_incident_along(engine):
    arrive(engine, *"abc")
    first, second, _ = (row.key for row in engine.rows())
    engine.desk.merge(first, second)
    (card,) = present(engine)
    assert card.issues == 2


def test_there_is_no_such_incident(engine):
    with pytest.raises(NotFound):
        engine.incident_desk.seen(77)


def test_a_new_engine_remembers_what_was_reported_before_it(engine):
    arrive(engine, "a", "b")
    engine.pipeline = engine.a_pipeline()
    arrive(engine, "c")
    (card,) = present(engine)
    assert card.customers == 3


def test_a_new_engine_goes_on_with_the_incident_that_there_is(engine):
    arrive(engine, *"abc")
    engine.pipeline = engine.a_pipeline()
    arrive(engine, "d")
    (card,) = present(engine)
    assert card.customers == 4
    assert len(rung(engine)) == 1


def test_that_it_grows_is_shown_once_in_half_an_hour_however_fast_it_does(engine):
    """The newest card says it; what waits behind it is taken back, and the first comes at once."""
    desktop = PlayedDesktop()
    ringer = ringer_of(engine, desktop)
    for number in range(1, 33):
        engine.receive(cannot_pay(number))
        engine.clock.forward(minutes=1)
        ringer.look()
    engine.clock.forward(minutes=5)
    ringer.look()
    told = [one.title.split(",")[0] for one in desktop.taken if one.dedupe.startswith("incident:")]
    assert told == ["2 customers", "32 customers"]
    engine.receive(*(cannot_pay(number) for number in range(33, 65)))
    engine.clock.forward(minutes=25)
    ringer.look()
    assert desktop.taken[-1].title.startswith("64 customers")


def test_the_card_takes_the_place_of_an_alert_that_was_not_shown_yet(engine):
    """The first of them need not ring by itself in the same moment."""
    engine.receive(cannot_pay(1))
    engine.receive(cannot_pay(2))
    desktop = PlayedDesktop()
    ringer_of(engine, desktop).look()
    (card,) = desktop.taken
    assert card.title.startswith("2 customers")


def test_a_night_on_which_many_cannot_pay_at_once_rings(engine):
    """That it grew takes the first card's place before anybody saw it: it is as loud as that."""
    engine.settings = replace(engine.settings, quiet_hours="11:00-20:00")
    engine.receive(*(cannot_pay(number) for number in range(1, 5)))
    desktop = PlayedDesktop()
    ringer_of(engine, desktop).look()
    (card,) = desktop.taken
    assert card.title.startswith("4 customers")


def test_a_card_that_came_while_a_smaller_one_was_being_shown_is_shown(engine):
    """The smaller one, read already, neither takes its place nor is shown after it."""

    class Busy(PlayedDesktop):
        def notify(self, alert, delivered) -> None:
            if not self.taken:
                engine.receive(cannot_pay(3), cannot_pay(4))
            super().notify(alert, delivered)

    desktop = Busy()
    ringer = ringer_of(engine, desktop)
    engine.receive(an_injury())
    engine.receive(cannot_pay(1), cannot_pay(2))
    ringer.look()
    ringer.look()
    told = [one.title.split(",")[0] for one in desktop.taken if incident_of(one)]
    assert told == ["4 customers"]
    assert {one.state for one in engine.writer.do(alerts.unseen)} == {AlertState.SHOWN}


def test_a_card_that_there_is_already_takes_nothing_back(engine):
    """Else what waits would be on no card at all."""
    card = Alert(
        dedupe="incident:pay:1",
        issue_keys=("a", "b"),
        title="2 customers",
        body="",
        created_at=engine.clock.now(),
    )
    waits = replace(card, dedupe="a/1", issue_keys=("a",))

    def twice(db):
        first = alerts.queue(db, card) or 0
        alerts.mark(db, first, state=AlertState.SHOWN, at=card.created_at)
        alerts.queue(db, waits)
        return alerts.take_place(db, card, "incident:pay:", at=card.created_at)

    assert engine.writer.do(twice) == ()
    assert [one.dedupe for one in engine.writer.do(alerts.queued)] == ["a/1"]


def an_accident() -> bytes:
    return a_letter(
        "The mug exploded and cut my hand, I am bleeding and in hospital. Order MM-10227.",
        subject="Injured by a mug",
        sender="Zed <zed@other.example>",
        message_id="<zed@other.example>",
    )


def alerts_about(engine: Engine, key: str) -> list[Alert]:
    """The alerts that name this issue and are no card of an incident."""
    every = engine.writer.do(lambda db: alerts.recent(db, engine.clock.now().replace(year=2000)))
    return [one for one in every if key in one.issue_keys and not incident_of(one)]


def key_of(engine: Engine, subject: str) -> str:
    return next(row.key for row in engine.rows() if row.subject == subject)


def merge_the_newest(engine: Engine) -> None:
    engine.desk.merge(key_of(engine, "Shoes of cy"), into=key_of(engine, "Shoes of bo"))


def forget_the_newest(engine: Engine) -> None:
    now = engine.clock.now()
    engine.writer.do(
        lambda db: forgetting.forget(db, customers.holdings(db, "cy@customer.example"), now=now)
    )


@pytest.mark.parametrize("lose_the_newest", [merge_the_newest, forget_the_newest])
def test_an_injury_rings_for_itself_though_its_issue_has_the_number_of_one_that_is_no_more(
    engine, lose_the_newest
):
    """SQLite gives the highest number again; an incident knows its issues by their keys."""
    arrive(engine, "ann", "bo", "cy")
    lose_the_newest(engine)
    engine.clock.forward(minutes=5)
    engine.receive(an_accident())
    key = key_of(engine, "Injured by a mug")
    assert engine.issue(key).incident is None
    (alert,) = alerts_about(engine, key)
    assert alert.passes
    assert not [title for title in rung(engine) if title.startswith("4")]


def test_an_issue_that_was_merged_away_counts_for_the_one_that_it_is_part_of(engine):
    """The first complaint lies under another key when there are enough of them."""
    arrive(engine, "ann", "bo")
    engine.clock.forward(minutes=5)
    engine.receive(a_letter("When will you have the blue teapot again?", subject="Teapot"))
    engine.desk.merge(key_of(engine, "Shoes of ann"), into=key_of(engine, "Teapot"))
    arrive(engine, "cy")
    (card,) = present(engine)
    members = engine.queries.inbox_ids(f"incident:{card.id}", now=engine.clock.now())
    assert engine.issue(key_of(engine, "Teapot")).row.id in members


def test_in_one_batch_a_mail_counts_for_its_own_issue_however_numbers_are_given_again(engine):
    """The second mail joins two issues, and the third begins one with the number that is free."""
    arrive(engine, "ann")
    engine.receive(
        a_letter("Hello", subject="Hello", sender="bo@x.example", message_id="<hello@x.example>")
    )
    both = a_letter(
        "Both are about the RT4-W-PET-40.",
        subject="Both",
        sender="bo <bo@x.example>",
        message_id="<both@x.example>",
        answers="<bo@customer.example>",
        references="<hello@x.example> <bo@customer.example>",
    )
    engine.clock.forward(minutes=5)
    engine.receive(a_complaint("bo"), both, an_accident())
    arrive(engine, "cy")
    (card,) = present(engine)
    members = engine.queries.inbox_ids(f"incident:{card.id}", now=engine.clock.now())
    assert engine.issue(key_of(engine, "Injured by a mug")).row.id not in members


def a_fall_of(who: str) -> bytes:
    """A customer of an incident writes again, and tells of something that no card says."""
    return a_letter(
        "While my daughter wore them the sole came off, she fell down the stairs, is bleeding badly"
        " and we are in the hospital.",
        subject=f"Re: Shoes of {who}",
        sender=f"{who} <{who}@customer.example>",
        message_id=f"<{who}2@customer.example>",
        answers=f"<{who}@customer.example>",
    )


@pytest.mark.parametrize("days", [0, 10])
@pytest.mark.parametrize("is_put_away", [False, True])
def test_a_danger_that_a_customer_of_an_incident_tells_later_rings_for_itself(
    engine, days, is_put_away
):
    """The card says a wrong size, whether it is shown or was put away."""
    arrive(engine, "ann", "bo", "cy")
    (card,) = present(engine)
    if is_put_away:
        engine.incident_desk.seen(card.id)
    engine.clock.forward(days=days, minutes=5)
    engine.receive(a_fall_of("cy"))
    (alert,) = alerts_about(engine, key_of(engine, "Shoes of cy"))
    assert alert.passes


def test_a_danger_that_comes_with_the_complaint_which_makes_the_card_rings_beside_it(engine):
    """The card says faulty goods; the mail that makes it three says an accident, too."""
    for who, text in (
        ("ann", "The RT4-W-PET-40 arrived broken."),
        ("bo", "The RT4-W-PET-40 arrived broken, a strap is torn."),
        ("cy", "The RT4-W-PET-40 arrived broken and cut my hand, I am bleeding badly."),
    ):
        engine.clock.forward(minutes=5)
        engine.receive(a_complaint(who, text))
    assert rung(engine) == ["3 customers, faulty goods: RT4-W-PET-40"]
    engine.clock.forward(seconds=30)  # no card follows another sooner
    engine.watch.look()
    (alert,) = alerts_about(engine, key_of(engine, "Shoes of cy"))
    assert alert.passes


def test_what_rang_beside_a_card_is_repeated_and_what_rang_before_it_is_not(engine):
    """For the first who cannot pay the card speaks; for an injury it does not."""
    engine.receive(cannot_pay(1))
    desktop = PlayedDesktop()
    ringer = ringer_of(engine, desktop)
    ringer.look()
    engine.clock.forward(minutes=2)
    engine.receive(cannot_pay(2))
    engine.clock.forward(minutes=2)
    fall = a_letter(
        "The sole of your shoe came off, my daughter fell down the stairs and is bleeding.",
        subject="Re: Checkout error",
        sender="Person 2 <p2@customer.example>",
        message_id="<fall2@customer.example>",
        answers="<down2@customer.example>",
    )
    engine.receive(fall)
    ringer.look()
    later = engine.clock.now() + timedelta(hours=1)
    again = engine.writer.do(lambda db: alerts.to_repeat(db, before=later, most=9))
    assert [one.issue_keys for one in again] == [(key_of_sender(engine, "p2"),)]


def key_of_sender(engine: Engine, who: str) -> str:
    return next(row.key for row in engine.rows() if row.customer.email.startswith(who))


def test_who_has_seen_the_card_is_not_told_of_each_further_mail_about_the_same(engine):
    """A third who cannot pay does not ring for themselves; that there are four does."""
    engine.receive(cannot_pay(1), cannot_pay(2))
    (card,) = present(engine)
    engine.incident_desk.seen(card.id)
    engine.clock.forward(minutes=10)
    engine.receive(cannot_pay(3))
    assert alerts_about(engine, key_of_sender(engine, "p3")) == []
    engine.receive(cannot_pay(4))
    assert rung(engine)[-1].startswith("4 customers")


def test_an_engine_whose_first_mail_is_an_old_one_remembers_what_came_after_that(engine):
    """It was moved, or the laptop slept; what others wrote since has one cause all the same."""
    arrive(engine, "ann", "bo")
    engine.pipeline = engine.a_pipeline()
    engine.clock.forward(minutes=5)
    engine.receive(
        a_letter("When will you have the blue teapot again?", subject="Teapot"),
        at=engine.clock.now() - timedelta(days=2),
    )
    arrive(engine, "cy")
    (card,) = present(engine)
    assert card.customers == 3


def test_what_a_new_engine_is_told_first_counts_once(engine):
    """It is stored by then, and is not taken for a second report of the same words."""
    arrive(engine, "ann")
    engine.pipeline = engine.a_pipeline()
    engine.receive(a_complaint("bo"), a_complaint("bo2"))
    (card,) = present(engine)
    assert (card.customers, card.issues) == (3, 3)


def test_the_same_complaint_long_after_an_incident_was_over_rings_for_itself(engine):
    """Nobody can pay for a day; who cannot a month later is no part of that."""
    engine.receive(cannot_pay(1), cannot_pay(2))
    engine.clock.forward(days=30)
    engine.receive(
        a_letter(
            "I cannot pay again: your checkout shows error 502 on every card since this morning.",
            subject="Re: Checkout error",
            sender="Person 2 <p2@customer.example>",
            message_id="<again2@customer.example>",
            answers="<down2@customer.example>",
        )
    )
    assert len(alerts_about(engine, key_of_sender(engine, "p2"))) == 1


def test_one_complaint_every_ten_days_does_not_add_up_for_ever(engine):
    """Complaints of 45 days count; an engine that starts in between counts the same."""
    for who in "abcdefgh":
        engine.clock.forward(days=10)
        engine.receive(a_complaint(who))
    (card,) = present(engine)
    assert (card.customers, card.issues) == (5, 8)
    assert len(rung(engine)) == 1
    engine.pipeline = engine.a_pipeline()
    engine.clock.forward(days=10)
    engine.receive(a_complaint("i"))
    (card,) = present(engine)
    assert (card.customers, card.issues) == (5, 9)
    assert len(rung(engine)) == 1


@pytest.mark.parametrize("starts_again", [False, True])
def test_when_an_incident_is_long_over_the_next_one_is_another_that_rings_anew(
    engine, starts_again
):
    """Though the same customers complain again, under the same issues."""
    arrive(engine, "ann", "bo", "cy")
    (first,) = present(engine)
    engine.incident_desk.seen(first.id)
    engine.clock.forward(days=60)
    if starts_again:
        engine.pipeline = engine.a_pipeline()
    for who in ("ann", "bo", "cy"):
        engine.clock.forward(minutes=5)
        again = "The RT4-W-PET-40 that you sent instead is too small again, I need a larger size."
        engine.receive(
            a_letter(
                again,
                subject=f"Re: Shoes of {who}",
                sender=f"{who} <{who}@customer.example>",
                message_id=f"<{who}3@customer.example>",
                answers=f"<{who}@customer.example>",
            )
        )
    (second,) = present(engine)
    assert second.id != first.id
    assert second.customers == 3
    assert len(rung(engine)) == 2


def test_a_customer_who_was_forgotten_counts_no_more(engine):
    arrive(engine, "ann", "cy")
    forget_the_newest(engine)
    arrive(engine, "bo")
    assert present(engine) == ()
