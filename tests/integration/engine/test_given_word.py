"""What a mail of ours promises is a deadline, and the shop's records show whether it is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from app.domain.deadline import Deadline, Metric
from app.domain.errors import NotFound
from app.domain.journal import State
from app.domain.money import Money
from app.domain.order import Fulfilment, Order, ParcelState, Refund
from app.engine import given_word
from app.replies.render import render
from app.replies.variables import ASKED
from app.storage import orders
from tests.support.engine import NOON, SHOP, Engine, a_letter, an_engine

ORDER = Order(
    platform="shopify",
    platform_id="1",
    number="MM-10227",
    customer_name="Ben Costa",
    customer_email="ben@customer.example",
    placed_at=NOON - timedelta(days=9),
    total=Money(8460, "EUR"),
)


@pytest.fixture(autouse=True)
def in_utc(monkeypatch):
    monkeypatch.setenv("TZ", "UTC")


@pytest.fixture
def engine(tmp_path):
    with an_engine(tmp_path / "profile") as made:
        made.writer.do(partial(orders.upsert, order=ORDER))
        made.receive(a_letter())
        yield made


def send(engine: Engine, text: str) -> None:
    """Write it to the customer, and let it leave."""
    engine.writing.send_reply(engine.only_key(), text, insist=True)
    engine.clock.forward(seconds=20)
    engine.outbox().step()


def given(engine: Engine) -> list[Deadline]:
    every = engine.issue(engine.only_key()).deadlines
    return [one for one in every if one.metric is Metric.GIVEN_WORD]


def know(engine: Engine, **what: object) -> None:
    """The shop tells something new of the order, and the issue is stood anew."""
    now = engine.clock.now()
    told = replace(ORDER, updated_at=now, **what)  # type: ignore[arg-type]
    engine.writer.do(partial(orders.upsert, order=told))
    issue_id = engine.rows()[0].id
    engine.writer.do(lambda db: engine.standing.refresh(db, issue_id, now=now))


FRIDAY = datetime(2026, 11, 20, 18, tzinfo=UTC)  # the tests' day, in the evening

PROMISED = [
    ("We will refund you within 5 days.", "refund", 5),
    ("I'll refund the 20 EUR tomorrow.", "refund", 1),
    ("You will get your money back by Tuesday.", "refund", 4),
    ("Your refund will be made within five working days.", "refund", 7),
    ("We will send you a replacement on Monday.", "parcel", 3),
    ("A new mug goes out tomorrow.", "parcel", 1),
    ("Your parcel will leave us by 24 November.", "parcel", 4),
    ("We are shipping a new one today.", "parcel", 0),
    ("I will get back to you by Monday.", "answer", 3),
    ("We will let you know within 2 days.", "answer", 2),
    ("Wir erstatten Ihnen den Betrag innerhalb von 5 Tagen.", "refund", 5),
    ("Wir werden Ihnen das Geld bis Dienstag zurücküberweisen.", "refund", 4),
    ("Sie erhalten die Gutschrift binnen drei Werktagen.", "refund", 5),
    ("Morgen geht der Ersatz an Sie heraus.", "parcel", 1),
    ("Am Montag schicken wir Ihnen einen neuen Becher.", "parcel", 3),
    ("Das Paket wird am 24. November verschickt.", "parcel", 4),
    ("Ich melde mich bis Montag bei Ihnen.", "answer", 3),
    ("Wir geben Ihnen in zwei Tagen Bescheid.", "answer", 2),
    ("Nous vous rembourserons sous 5 jours.", "refund", 5),
    ("Le remplacement partira demain.", "parcel", 1),
    ("Wir verschicken das Paket am Montag.", "parcel", 3),
    ("Bis Montag haben Sie eine Antwort.", "answer", 3),
    ("You will have our answer by 24 November 2026.", "answer", 4),
    ("Vous aurez de mes nouvelles demain.", "answer", 1),
    ("Tendrá noticias mías mañana.", "answer", 1),
    ("Le reembolsaremos en 5 días.", "refund", 5),
    ("La rimborseremo entro 5 giorni.", "refund", 5),
    ("Wij zullen u binnen 5 dagen terugbetalen.", "refund", 5),
    ("Iremos reembolsar, receberá a devolução em 5 dias.", "refund", 5),
    ("Zwrócimy pieniądze w ciągu 5 dni, zwrot zostanie wysłany.", "refund", 5),
]


@pytest.mark.parametrize(("sentence", "what", "days"), PROMISED)
def test_a_promise_becomes_a_deadline_of_its_day(engine, sentence, what, days):
    """Due in the evening of the day that it names; its words are in the explanation."""
    send(engine, f"Hi Ben,\n\nthank you for the photos. {sentence}\n\nBest wishes\nJo")
    (one,) = given(engine)
    assert one.name.startswith(what)
    assert one.planned_at == FRIDAY + timedelta(days=days)
    assert sentence.rstrip(".") in one.explanation[0]


NO_PROMISE = [
    "We have refunded 20 EUR. Depending on your bank it takes three to five working days to show.",
    "Wir haben Ihnen 20 EUR erstattet. Je nach Bank sehen Sie das Geld in drei bis fünf Werktagen.",
    "Once your parcel is here, we will refund you within 5 days.",
    "We will refund you within 5 days after we receive the parcel.",
    "Sobald das Paket bei uns ist, erstatten wir Ihnen den Betrag innerhalb von 5 Tagen.",
    "If it has not come by Monday, we will send a new one.",
    "Would you like a refund by Monday?",
    "We will refund you.",
    "A refund is possible.",
    "Your parcel was sent on Monday.",
    "Das Paket wurde am Montag verschickt.",
    "The carrier will bring your parcel tomorrow.",
    "We will send you the invoice tomorrow.",
    "Wir senden Ihnen morgen die Rechnung zu der Bestellung.",
    "Please send the parcel back within 14 days.",
    "You can return it within 30 days for a refund.",
    "We are closed until Monday.",
    "Thank you, I will look into it.",
    "> We will refund you within 5 days.\n\nThat is what we wrote.",
]


@pytest.mark.parametrize("text", NO_PROMISE)
def test_what_is_no_promise_of_ours_is_none(engine, text):
    """Done already, up to somebody else, without a day, or somebody's words from before."""
    send(engine, f"Hi Ben,\n\n{text}\n\nBest wishes\nJo")
    assert given(engine) == []


DAYS = {
    "en": "24 November 2026",
    "de": "24. November",
    "fr": "24 novembre",
    "es": "24 de noviembre",
    "it": "24 novembre",
    "nl": "24 november",
    "pt": "24 de novembro",
    "pl": "24 listopada",
}
# The day that they leave open is not ours to keep: a carrier's, a supplier's, the customer's, past.
NOT_OURS = {
    *("late/on_its_way", "late/wait_or_cancel", "product_question/back_in_stock"),
    *("legal_executive/the_answer", "refund_billing/refund_made"),
    *("dispute/was_refunded", "return_request/too_late"),
}


def test_the_day_that_a_template_of_ours_promises_is_kept_an_eye_on(engine):
    """In each language it is there in. Before, "You will hear from me by 24 November 2026." was
    nobody's promise because of the "if" behind it."""
    said = dict.fromkeys(ASKED, "something")
    for (id_, language), template in sorted(engine.shelf.present.by_key.items()):
        asked = {**said, "reply.date": DAYS[language], "order.items": "2 × Mug"}
        found = given_word._read(render(template, asked).text, NOON, UTC)
        is_ours = "reply.date" in template.body and id_ not in NOT_OURS
        due = [FRIDAY + timedelta(days=4)] if is_ours else []
        assert [one.due_at for one in found] == due, (id_, language)


def test_the_issue_comes_back_when_the_day_passes_and_nothing_was_done(engine):
    """Waiting for the customer meanwhile; then it is our turn, and the reason says so."""
    send(engine, "Hi Ben,\n\nwe will refund you within 5 days.")
    key = engine.only_key()
    row = engine.issue(key).row
    assert (row.state, row.deadline_for) == (State.WAITING, "The refund you promised")
    engine.clock.at = FRIDAY + timedelta(days=5, minutes=1)
    engine.watch.look()
    view = engine.issue(key)
    assert view.row.state is State.NEW
    assert "“The refund you promised” is overdue" in [one.because for one in view.reasons]
    (one,) = given(engine)
    assert one.breached_at is not None
    assert "no refund for order MM-10227" in one.explanation[1]


def test_a_refund_that_the_shop_tells_of_keeps_it(engine):
    """In time: nothing comes back."""
    send(engine, "Hi Ben,\n\nwe will refund you within 5 days.")
    engine.clock.forward(days=2)
    know(engine, refunds=(Refund(id="r", amount=Money(8460, "EUR"), at=engine.clock.now()),))
    (one,) = given(engine)
    assert one.met_at == engine.clock.now()
    engine.clock.forward(days=10)
    engine.watch.look()
    assert engine.issue(engine.only_key()).row.state is State.WAITING


def test_an_earlier_refund_keeps_nothing(engine):
    """It was for something else."""
    know(engine, refunds=(Refund(id="r", amount=Money(500, "EUR"), at=NOON - timedelta(days=2)),))
    send(engine, "Hi Ben,\n\nwe will refund you within 5 days.")
    assert given(engine)[0].met_at is None


def test_a_new_parcel_keeps_the_promise_of_one(engine):
    """Of the same order, or of any order of this customer."""
    send(engine, "Hi Ben,\n\na new mug goes out tomorrow.")
    engine.clock.forward(days=1)
    parcel = Fulfilment(id="f", state=ParcelState.SENT, sent_at=engine.clock.now())
    know(engine, fulfilments=(parcel,))
    assert given(engine)[0].met_at == parcel.sent_at


def test_writing_again_keeps_the_promise_to_write(engine):
    """Whatever it says."""
    send(engine, "Hi Ben,\n\nI will get back to you by Monday.")
    engine.clock.forward(hours=5)
    send(engine, "Hi Ben,\n\nhere is what the carrier says.")
    assert given(engine)[0].met_at is not None


def test_a_click_says_that_it_is_done_and_can_be_undone(engine):
    """Money went back by another way: one click, and the deadline is kept."""
    send(engine, "Hi Ben,\n\nwe will refund you within 5 days.")
    key, name = engine.only_key(), given(engine)[0].name
    entry = engine.desk.promise_done(key, name)["entry"]
    assert given(engine)[0].met_at == engine.clock.now()
    engine.desk.undo(entry)
    assert given(engine)[0].met_at is None
    with pytest.raises(NotFound):
        engine.desk.promise_done(key, "refund-of-nothing")


def test_a_promise_from_another_program_counts(engine):
    """Written on the phone, found in Sent: the same words, the same deadline."""
    engine.receive(
        a_letter(
            "Hi Ben,\n\nwe will refund you within 5 days.\n\n> You will refund me within 2 days",
            sender=f"Mill & Moss <{SHOP}>",
            to="ben@customer.example",
            subject="Re: Broken mugs",
            message_id="<ours@shop.example>",
            answers="<first@customer.example>",
        )
    )
    (one,) = given(engine)
    assert one.planned_at == FRIDAY + timedelta(days=5)


def test_a_reminder_comes_before_it_is_late(engine):
    """Some hours before, although the customer is silent."""
    send(engine, "Hi Ben,\n\nwe will refund you within 5 days.")
    engine.clock.at = FRIDAY + timedelta(days=5) - timedelta(hours=2)
    engine.watch.look()
    titles = [one.title for one in engine.queries.overview(now=engine.clock.now()).alerts]
    assert any("refund" in title.lower() for title in titles), titles
