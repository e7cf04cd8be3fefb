"""A draft is held against what the profile knows: what must be asked about, and what must not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from app.domain.errors import Refused
from app.domain.money import Money
from app.domain.order import LineItem, Order, Refund
from app.storage import orders
from tests.support.engine import NOON, Engine, a_letter, an_engine

LETTER = """Hello,

two of the four mugs from my order #10227 arrived broken. I paid 84.60 EUR, and the glue that I
bought cost 7.50 EUR. My neighbour Grace Hill has seen the parcel too, you may write to
grace@customer.example. On the phone you told me of parcel 00340434161094042557.

Regards
Benny
"""


def an_order(number: str, name: str, email: str, total: int, **more: object) -> Order:
    return Order(
        platform="shopify",
        platform_id=number,
        number=number,
        customer_name=name,
        customer_email=email,
        placed_at=NOON - timedelta(days=9),
        total=Money(total, "EUR"),
        **more,  # type: ignore[arg-type]
    )


OURS = an_order(
    "10227",
    "Benjamin Costa",
    "ben@customer.example",
    8460,
    items=(LineItem(title="Mug, blue", quantity=4, price=Money(1990, "EUR")),),
    tracking_numbers=("00340434161094042501",),
    refunds=(Refund(id="r1", amount=Money(500, "EUR"), at=NOON - timedelta(days=1)),),
)
EARLIER = an_order("10102", "Ben Costa", "ben@customer.example", 4200)
ADAS = an_order(
    "10230", "Ada Brown", "ada@elsewhere.example", 12900, tracking_numbers=("00340434161094049999",)
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    with an_engine(tmp_path_factory.mktemp("profile")) as made:
        for one in (OURS, EARLIER, ADAS):
            made.writer.do(partial(orders.upsert, order=one))
        made.receive(a_letter(LETTER))
        yield made


def asked(engine: Engine, body: str) -> list[tuple[str, str]]:
    """Each objection with the words that it is about."""
    found = engine.writing.check_reply(engine.only_key(), body)["objections"]
    return [(one["because"], body[one["start"] : one["end"]]) for one in found]


WRONG = [
    # another customer
    ("Hi Ada,\n\na new mug is coming.", "Ada", "this customer is Ben Costa"),
    ("Dear Mrs Brown,\n\na new mug is coming.", "Brown", "this customer is Ben Costa"),
    ("Sehr geehrte Frau Brown,\n\nIhr Becher ist da.", "Brown", "this customer is"),
    ("Hallo liebe Ada,\n\nIhr Becher ist da.", "Ada", "this customer is"),
    ("Guten Tag Frau Dr. Brown,\n\nIhr Becher ist da.", "Brown", "this customer is"),
    ("Chère Madame Brown,\n\nvotre tasse arrive.", "Brown", "this customer is"),
    ("Hola Ada:\n\nsu taza está en camino.", "Ada", "this customer is"),
    ("Buongiorno Ada,\n\nla tazza arriva.", "Ada", "this customer is"),
    ("Beste Ada,\n\nuw mok komt eraan.", "Ada", "this customer is"),
    ("Olá Ada,\n\na sua caneca vai a caminho.", "Ada", "this customer is"),
    ("Dzień dobry Ada,\n\nkubek jest w drodze.", "Ada", "this customer is"),
    # somebody else's data
    ("Hi Ben,\n\nwe have written to ada@elsewhere.example.", "ada@elsewhere.example", "Ada Brown"),
    ("Hi Ben,\n\nyour parcel is 00340434161094049999.", "00340434161094049999", "Ada Brown"),
    ("Hi Ben,\n\nwe sent it to Ada Brown in Leeds.", "Ada Brown", "another customer of yours"),
    # an order
    ("Hi Ben,\n\nyour order #10230 is on its way.", "10230", "Ada Brown's, not Ben Costa's"),
    ("Hallo Ben,\n\nIhre Bestellung 10230 ist unterwegs.", "10230", "Ada Brown's"),
    ("Hi Ben,\n\nyour order 10272 is on its way.", "10272", "There is no order 10272"),
    ("Bonjour Ben,\n\nvotre commande n° 10272 est partie.", "10272", "There is no order"),
    ("Bonjour Ben,\n\nvotre commande n° 10.230 est partie.", "10.230", "Ada Brown's"),
    # an amount
    ("Hi Ben,\n\nwe have refunded 846.00 EUR.", "846.00 EUR", "more than was paid"),
    ("Hallo Ben,\n\nwir haben Ihnen 148,60 € erstattet.", "148,60 €", "more than was paid"),
    ("Hi Ben,\n\nyou get the whole 86.40 EUR back.", "86.40 EUR", "cost €84.60"),
    ("Hi Ben,\n\nI have refunded £20.", "£20", "cost €84.60"),
    # a day
    ("Hi Ben,\n\nyour refund will arrive by 3 November.", "3 November", "that day has passed"),
    ("Hi Ben,\n\na new one goes out on 3 Nov 2025.", "3 Nov 2025", "that day has passed"),
    ("Hallo Ben,\n\nder Ersatz geht am 12.11. an Sie heraus.", "12.11", "that day has passed"),
    ("Hallo Ben,\n\nSie haben ihn bis zum 2. November.", "2. November", "that day has passed"),
    ("Bonjour Ben,\n\nvous le recevrez le 10 novembre.", "10 novembre", "that day has passed"),
    ("Hola Ben:\n\nrecibirá la taza el 10 de noviembre.", "10 de noviembre", "has passed"),
    ("Ciao Ben,\n\nriceverà la tazza entro il 10 novembre.", "10 novembre", "has passed"),
    ("Hoi Ben,\n\nde mok komt uiterlijk 10 november.", "10 november", "has passed"),
    ("Olá Ben,\n\na caneca chegará até 10 de novembro.", "10 de novembro", "has passed"),
    ("Dzień dobry Ben,\n\nkubek dotrze do 10 listopada.", "10 listopada", "has passed"),
    ("Hi Ben,\n\nit comes on Friday, 24 November.", "24 November", "is a Tuesday"),
    ("Hallo Ben,\n\nes kommt am Montag, den 24. November.", "24. November", "is a Tuesday"),
    # a file
    ("Hi Ben,\n\nplease find the label attached.", "please find the label attached", "nothing is"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "words", "because"), WRONG)
def test_what_does_not_fit_is_asked_about_with_its_place(engine, body, words, because):
    """One question a mistake, and the words that it is about."""
    ((said, place),) = asked(engine, body)
    assert because in said
    assert place == words


RIGHT = [
    # the same customer, by any name
    "Hi Ben,\n\na new mug is coming.",
    "Hi Benny,\n\na new mug is coming.",
    "Dear Mr Costa,\n\na new mug is coming.",
    "Dear Benjamin,\n\na new mug is coming.",
    "HI BEN\n\na new mug is coming.",
    "Hello there,\n\na new mug is coming.",
    "Hello again Ben,\n\na new mug is coming.",
    "Dear Sir or Madam,\n\na new mug is coming.",
    "Dear Customer,\n\na new mug is coming.",
    "Dear Grace and Ben,\n\na new mug is coming.",
    "Hi,\n\nthank you, Ben.",
    "Hello and thank you for the photos.",
    "Hi Thanks for the photos.",
    "Good morning!\n\nA new mug is coming.",
    "Sehr geehrte Damen und Herren,\n\nein neuer Becher ist unterwegs.",
    "Sehr geehrter Herr Costa,\n\nein neuer Becher ist unterwegs.",
    "Guten Tag,\n\nEin neuer Becher ist unterwegs.",
    "Hallo zusammen,\n\nein neuer Becher ist unterwegs.",
    "Lieber Kunde,\n\nein neuer Becher ist unterwegs.",
    "Hallo Herr Costa, vielen Dank für Ihre Nachricht.",
    "Cher Monsieur,\n\nune nouvelle tasse arrive.",
    "Estimado señor Costa:\n\nuna taza nueva está en camino.",
    "Gentile cliente,\n\nuna tazza nuova arriva.",
    "Geachte heer Costa,\n\neen nieuwe mok komt eraan.",
    "Prezado cliente,\n\numa caneca nova vai a caminho.",
    "Szanowny Panie,\n\nnowy kubek jest w drodze.",
    # what was said before in the conversation
    "Hi Ben,\n\nwe have written to grace@customer.example as you asked.",
    "Hi Ben,\n\nGrace Hill is welcome to write to us too.",
    "Hi Ben,\n\nthe parcel 00340434161094042557 is the one we spoke of.",
    "Hi Ben,\n\nwe refunded the 7.50 EUR for the glue.",
    # their own data
    "Hi Ben,\n\nyour parcel is 00340434161094042501.",
    "Hi Ben,\n\nyour order #10227 is on its way, as was 10102.",
    "Hi Ben,\n\nabout your order 10102 of last year.",
    "Hi Ben,\n\nwe write to ben@customer.example.",
    "Hi Ben,\n\nwrite to hello@shop.example at any time.",
    "Hi Ben,\n\nask the carrier at care@parcels.example.",
    # numbers that are no orders
    "Hi Ben,\n\nthe shop is in 10230 Leeds, open since 1998.",
    "Hi Ben,\n\ncall 0151 10230 10272 at any time.",
    "Hi Ben,\n\nyour case with the carrier is 88120034.",
    # amounts
    "Hi Ben,\n\nwe have refunded 84.60 EUR.",
    "Hi Ben,\n\nwe have refunded 39.80 EUR for two mugs.",
    "Hi Ben,\n\nwe have refunded 10 EUR for your trouble.",
    "Hi Ben,\n\nthe set of twelve costs 250 EUR.",
    "Hi Ben,\n\nshipping is free from 100 EUR on.",
    "Hi Ben,\n\nboth orders together: we refund 126.60 EUR.",
    "Hi Ben,\n\nwe refunded 5.00 EUR yesterday.",
    # days
    "Hi Ben,\n\nyou ordered on 11 November and we sent it on 13 November.",
    "Hi Ben,\n\nyour order of 11 November will be with you soon.",
    "Hi Ben,\n\na new mug goes out on 24 November.",
    "Hi Ben,\n\nit goes out on Tuesday, 24 November.",
    "Hi Ben,\n\nit goes out today, 20 November.",
    "Hi Ben,\n\nyou can send it back until 31 January.",
    "Hi Ben,\n\nthe sale ran until the end; it began on 3 November.",
    "Hi Ben,\n\nwe will refund what you paid on 11 November.",
    "Hi Ben,\n\nit should have arrived by 18 November.",
    "Hi Ben,\n\nit arrives on 12/01/2026.",
    "Hallo Ben,\n\nIhre Bestellung vom 11.11. wird heute verschickt.",
    "Hallo Ben,\n\nam 13. November haben wir das Paket übergeben.",
    "Hallo Ben,\n\nder Ersatz geht am Dienstag, den 24. November, heraus.",
    "Bonjour Ben,\n\nvotre commande du 11 novembre sera remboursée.",
    "Hola Ben:\n\nsu pedido del 11 de noviembre saldrá mañana.",
    "Ciao Ben,\n\nl'ordine del 11 novembre arriverà domani.",
    "Hoi Ben,\n\nuw bestelling van 11 november wordt morgen verzonden.",
    "Olá Ben,\n\na encomenda de 11 de novembro seguirá amanhã.",
    "Dzień dobry Ben,\n\nzamówienie z 11 listopada zostanie wysłane jutro.",
    # quoted lines are not ours
    "Hi Ben,\n\n> Hi Ada, order #10230 will come by 3 November, see attached.\n\nThat was not us.",
    # and our own names
    "Hi Ben,\n\na new mug is coming.\n\nBest wishes\nJo\nMill & Moss",
]


@pytest.mark.parametrize("body", RIGHT)
def test_an_honest_draft_is_not_asked_about(engine, body):
    """A question for nothing teaches people to click questions away."""
    assert asked(engine, body) == []


def test_what_asks_is_refused_until_somebody_insists(engine):
    """All questions at once; what is insisted on is queued, and taken back here."""
    key = engine.only_key()
    body = "Hi Ada,\n\nyour order #10230 will arrive by 3 November."
    with pytest.raises(Refused) as refused:
        engine.writing.send_reply(key, body)
    assert refused.value.asks
    assert len(refused.value.holes) == 3
    reply = engine.writing.send_reply(key, body, insist=True)["reply"]
    engine.on_its_way.undo_send(reply)


def test_a_hole_stops_whoever_insists(engine):
    """What stops comes alone: nobody has to read questions about a text that cannot go."""
    with pytest.raises(Refused) as refused:
        engine.writing.send_reply(engine.only_key(), "Hi Ada, {{ reply.date }}", insist=True)
    assert not refused.value.asks
    assert len(refused.value.holes) == 1
    assert "reply.date" in refused.value.holes[0]


@pytest.mark.parametrize(("hour", "is_told"), [(23, True), (3, True), (12, False), (21, False)])
def test_an_angry_draft_at_night_is_only_a_hint(engine, monkeypatch, hour, is_told):
    """It can be sent without being asked; by day nothing is said."""
    monkeypatch.setenv("TZ", "UTC")
    engine.clock.at = datetime(2026, 11, 20, hour, 10, tzinfo=UTC)
    try:
        body = "Hi Ben,\n\nthat is ridiculous!!! Read the description."
        found = engine.writing.check_reply(engine.only_key(), body)["objections"]
        assert [one["weight"] for one in found] == (["hints"] if is_told else [])
        reply = engine.writing.send_reply(engine.only_key(), body)["reply"]
        engine.on_its_way.undo_send(reply)
    finally:
        engine.clock.at = NOON


def test_without_a_shop_another_order_number_is_asked_about(tmp_path):
    """The number in the customer's mail is all that is known."""
    with an_engine(tmp_path / "profile") as engine:
        engine.receive(a_letter())
        ((said, _),) = asked(engine, "Hi Ben,\n\nyour order 10272 is on its way.")
        assert said == "You write order 10272; this is about MM-10227."
        assert asked(engine, "Hi Ben,\n\nyour order MM-10227 is on its way.") == []


def test_where_nobody_is_known_by_name_no_greeting_is_wrong(tmp_path):
    """An address alone says little."""
    with an_engine(tmp_path / "profile") as engine:
        engine.receive(a_letter("Where is it?", sender="kontakt@firm.example"))
        assert asked(engine, "Hi Ada,\n\nit is on its way.") == []


def test_an_article_or_code_of_theirs_in_brackets_is_no_hole(tmp_path) -> None:
    """Before, a shop whose articles have brackets could not send their names at all."""
    item = LineItem(title="Mug [blue]", quantity=1, price=Money(1990, "EUR"))
    order = an_order("10227", "Ben Costa", "ben@customer.example", 1990, items=(item,))
    with an_engine(tmp_path) as engine:
        engine.writer.do(partial(orders.upsert, order=order))
        engine.receive(a_letter("Order #10227: my page shows {{ product.title }} and no picture."))
        key = engine.only_key()
        said = "Hi Ben,\n\nour Mug [blue] goes out, and {{ product.title }} stays."
        assert engine.writing.check_reply(key, said)["objections"] == []
        hole = "Hi Ben,\n\nour Mug [blue] goes out on [date]."
        (only,) = engine.writing.check_reply(key, hole)["objections"]
        assert "[date]" in only["because"]


def test_what_the_customer_wrote_meanwhile_is_asked_about_before_the_reply_goes(tmp_path) -> None:
    """They cancelled while a new one was promised to them; a machine's notice is nothing."""
    words = "Hi Ben,\n\na new one goes out."
    with an_engine(tmp_path) as engine:
        engine.receive(a_letter(LETTER))
        key = engine.only_key()
        heard = engine.issue(key).messages[-1].id
        engine.receive(
            a_letter(
                "I am away.",
                message_id="<away@customer.example>",
                answers="<first@customer.example>",
                Auto_Submitted="auto-replied",
            )
        )
        assert engine.writing.check_reply(key, words, heard=heard)["objections"] == []
        engine.receive(
            a_letter(
                "Please cancel it all.",
                message_id="<second@customer.example>",
                answers="<first@customer.example>",
            )
        )
        with pytest.raises(Refused, match="Ben Costa has written since you began") as refused:
            engine.writing.send_reply(key, words, heard=heard)
        assert refused.value.asks
        assert engine.writing.check_reply(key, words)["objections"] == []  # who does not say
        newest = engine.issue(key).messages[-1].id
        assert engine.writing.check_reply(key, words, heard=newest)["objections"] == []
        engine.writing.send_reply(key, words, heard=heard, insist=True)


def test_what_stops_is_not_asked_about_as_well(engine) -> None:
    """A field's name in the greeting is no other customer's name too."""
    key = engine.rows()[0].key
    (only,) = engine.writing.check_reply(key, "Hello Name,\n\nyour mugs are here.")["objections"]
    assert only["weight"] == "stops"
