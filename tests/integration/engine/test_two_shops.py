"""Two shops that both count their orders from 1001: an issue, a draft and a packet tell of the one
that is meant, and never of another buyer's."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from app.config.paths import Profile
from app.domain.assessment import Kind
from app.domain.dispute import Dispute
from app.domain.dispute_views import DisputeRow
from app.domain.evidence import Case
from app.domain.money import Money
from app.domain.order import Fulfilment, LineItem, Order, OrderLink, ParcelState
from app.domain.reply import Template
from app.engine import parcels
from app.engine.beside import order_of
from app.engine.casework import Casework
from app.engine.disputing import _related
from app.engine.queries import Queries
from app.storage import disputes, issues, order_issues, orders
from app.storage.connection import Connection
from tests.support.disputes import a_dispute
from tests.support.engine import NOON, Engine, a_letter

ANNA, ZOE = "Anna Berg <anna@customer.example>", "Zoe Quist <zoe@customer.example>"
BOOTS, TOWEL = Money(18_400, "USD"), Money(4_200, "USD")


def annas(**given: Any) -> Order:
    plain = Order(
        platform="shopify",
        platform_id="900001",
        number="1001",
        customer_name="Anna Berg",
        customer_email="anna@customer.example",
        placed_at=NOON - timedelta(days=20),
        total=BOOTS,
        items=(LineItem(title="Leather boots", quantity=1, price=BOOTS),),
        payment_references=("pi_anna",),
    )
    return replace(plain, **given)


def zoes(**given: Any) -> Order:
    """The newer one, so that it is the one that a bare number finds."""
    plain = Order(
        platform="woocommerce",
        platform_id="b.example#1001",
        number="1001",
        customer_name="Zoe Quist",
        customer_email="zoe@customer.example",
        placed_at=NOON - timedelta(days=3),
        total=TOWEL,
        items=(LineItem(title="Tea towel", quantity=1, price=TOWEL),),
        payment_references=("pi_zoe",),
    )
    return replace(plain, **given)


def sold(engine: Engine, *every: Order) -> None:
    def write(db: Connection) -> None:
        for order in every:
            orders.upsert(db, order)

    engine.writer.do(write)


def asks(engine: Engine, who: str, about: str = "Where is my order #1001?", id_: str = "1") -> str:
    """The key of the issue that a letter begins."""
    before = {row.key for row in engine.rows()}
    engine.receive(
        a_letter(about, subject="Order 1001", sender=who, message_id=f"<{id_}@customer.example>")
    )
    return next(row.key for row in engine.rows() if row.key not in before)


def linked_of(engine: Engine, dispute: Dispute) -> Order | None:
    def read(db: Connection) -> Order | None:
        link = order_of(db, dispute)
        return orders.linked(db, link, customer="") if link else None

    return engine.writer.do(read)


def joined(engine: Engine, dispute: Dispute) -> str:
    """The key of the issue that the dispute joins; empty for one of its own."""

    def read(db: Connection) -> str:
        found = _related(db, dispute)
        return issues.get(db, found).key if found else ""

    return engine.writer.do(read)


def packed(engine: Engine, folder: Path, key: str, dispute: Dispute) -> Case:
    """What a packet about the dispute of this issue is made of."""

    def write(db: Connection) -> DisputeRow:
        issue_id = issues.by_key(db, key)
        disputes.keep(db, dispute, account_id=None, now=NOON)
        issues.add_atoms(db, issue_id, (dispute.atom,))
        engine.standing.refresh(db, issue_id, now=NOON)
        return disputes.of_issue(db, issue_id)[0]

    row = engine.writer.do(write)
    made = Casework(writer=engine.writer, profile=Profile(folder), shop=lambda: "Mill & Moss")
    return made.case(key, row, now=NOON)


def test_a_mail_is_about_the_order_of_who_wrote(engine: Engine) -> None:
    sold(engine, annas(), zoes())
    view = engine.issue(asks(engine, ANNA))
    assert view.order == annas()
    assert view.row.order_total == BOOTS
    assert view.order_link is not None
    assert view.order_link.atom == annas().atom


def test_a_draft_holds_the_values_of_the_order_that_was_linked(engine: Engine) -> None:
    sold(engine, annas(), zoes())
    key = asks(engine, ANNA)
    said = Template(
        id="other/it",
        kind=Kind.OTHER,
        name="it",
        language="en",
        title="It",
        body="{{ order.items }}: {{ order.total }}",
    )
    assert engine.writing.fill(key, said)["text"].strip() == "1 × Leather boots: $184.00"


def test_a_dispute_does_not_join_what_is_open_about_the_other_shops_order(engine: Engine) -> None:
    sold(engine, annas(), zoes())
    zoes_key = asks(engine, ZOE)
    assert joined(engine, a_dispute(payment_references=("pi_anna",))) == ""
    assert joined(engine, a_dispute(payment_references=("pi_zoe",), amount=TOWEL)) == zoes_key


def test_a_packet_holds_the_order_and_the_letters_of_the_disputed_payment(
    engine: Engine, tmp_path: Path
) -> None:
    sold(engine, annas(), zoes())
    asks(engine, ZOE)
    key = asks(engine, ANNA, id_="2")
    case = packed(engine, tmp_path, key, a_dispute(payment_references=("pi_anna",)))
    assert case.order == annas()
    assert [one.sender for one in case.letters] == [ANNA]


def test_a_parcel_in_trouble_does_not_join_the_other_shops_issue(engine: Engine) -> None:
    lost = Fulfilment(id="1", state=ParcelState.NOT_DELIVERED, moved_at=NOON)
    late = annas(fulfilments=(lost,))
    sold(engine, late, zoes())
    zoes_key = asks(engine, ZOE)
    noted = engine.writer.do(lambda db: parcels.note(db, late, account_id=None, now=NOON))
    assert zoes_key not in noted.changes.issues
    assert noted.changes.added


def test_where_only_the_number_is_known_it_is_the_customers_own_order(engine: Engine) -> None:
    """A profile of an older Frontburner has no atoms in its links."""
    sold(engine, annas(), zoes())
    key = asks(engine, ANNA)

    def forget(db: Connection) -> None:
        link = OrderLink(number="1001", because=("its number is in the mail",))
        issues.update(db, issues.by_key(db, key), order_link=link)

    engine.writer.do(forget)
    assert engine.issue(key).order == annas()
    about = engine.writer.do(lambda db: order_issues.open_of_order(db, zoes()))
    assert about == ()


def test_what_is_reckoned_of_a_dispute_is_reckoned_of_its_issues_order(engine: Engine) -> None:
    """The older of two orders with one number, by the key of the issue."""
    sold(engine, annas(), zoes())
    anna, zoe = asks(engine, ANNA), asks(engine, ZOE, id_="2")
    with closing(Queries(engine.database)) as queries:
        assert [queries.order_of(key) for key in (anna, zoe)] == [annas(), zoes()]


def test_a_person_picks_the_other_of_two_orders_with_one_number(engine: Engine) -> None:
    sold(engine, annas(), zoes())
    key = asks(engine, ANNA)
    engine.desk.link_order(key, zoes().atom)
    assert engine.issue(key).order == zoes()
    engine.desk.link_order(key, "#1001")
    assert engine.issue(key).order == annas()


def test_a_number_inside_the_program_is_not_the_number_that_customers_know(engine: Engine) -> None:
    """With a plug-in that counts orders itself, the payment's note names the other one."""
    inside = zoes(platform_id="b.example#1001", number="77", customer_name="Ben", total=BOOTS)
    outside = zoes(platform_id="b.example#800", number="1001")
    sold(engine, inside, outside)
    noted = a_dispute(order_number="1001", payment_references=())
    assert linked_of(engine, noted) == inside
    part = replace(noted, amount=Money(1_000, "USD"))
    assert linked_of(engine, part) == inside


def test_a_bare_number_of_another_buyer_and_another_sum_is_no_link(
    engine: Engine, tmp_path: Path
) -> None:
    sold(engine, zoes())
    zoes_key = asks(engine, ZOE)
    noted = a_dispute(
        order_number="1001", payment_references=(), customer_email="anna@customer.example"
    )
    assert linked_of(engine, noted) is None
    assert joined(engine, noted) != zoes_key


def test_a_bare_number_that_nothing_speaks_against_is_a_link(engine: Engine) -> None:
    """Part of the sum may be disputed, or the card's address be another one."""
    sold(engine, zoes())
    part = a_dispute(order_number="1001", payment_references=(), amount=Money(1_000, "USD"))
    assert linked_of(engine, part) == zoes()
    card = replace(part, amount=TOWEL, customer_email="zoe@work.example")
    assert linked_of(engine, card) == zoes()


def test_a_bare_number_that_two_shops_have_alike_is_no_link(engine: Engine) -> None:
    second = zoes(platform="shopify", platform_id="5")
    sold(engine, annas(), second)
    assert (
        linked_of(
            engine,
            a_dispute(order_number="1001", payment_references=(), amount=Money(1_000, "USD")),
        )
        is None
    )


def test_a_partial_dispute_joins_the_buyers_question_and_not_its_order(
    engine: Engine, tmp_path: Path
) -> None:
    """Which order was disputed nobody knows: a packet takes none, unless a person picks it."""
    sold(engine, annas(number="1000"), zoes(customer_email="anna@customer.example"))
    key = asks(engine, ANNA, "Can you engrave the tea towel of order #1001?")
    part = a_dispute(
        amount=Money(5_000, "USD"), payment_references=(), customer_email="anna@customer.example"
    )
    assert joined(engine, part) == key
    assert packed(engine, tmp_path, key, part).order is None
    offered = engine.issue(key).other_orders
    assert {one.number for one in offered} == {"1000", "1001"}
    engine.desk.link_order(key, "1000")
    picked = packed(engine, tmp_path, key, part)
    assert picked.order is not None
    assert picked.order.number == "1000"


def test_a_case_knows_which_earlier_orders_were_disputed(engine: Engine, tmp_path: Path) -> None:
    before = annas(platform_id="1", number="990", payment_references=("pi_before",))
    sold(engine, annas(), before)
    key = asks(engine, ANNA)
    lost = a_dispute("dp_1", payment_references=("pi_before",))
    engine.writer.do(lambda db: disputes.keep(db, lost, account_id=None, now=NOON))
    case = packed(engine, tmp_path, key, a_dispute("dp_2", payment_references=("pi_anna",)))
    assert case.earlier == (before,)
    assert case.disputed == {before.atom}


def test_a_providers_notice_joins_the_issue_of_the_order_whose_sum_it_names(
    engine: Engine,
) -> None:
    """Its number alone may be the other shop's; without the sum it begins an issue of its own."""
    sold(engine, annas(), zoes())
    asks(engine, ANNA)
    asks(engine, ZOE, id_="2")
    for name, said in (("a", "of $184.00 for order #1001"), ("b", "for order #1001")):
        engine.receive(
            a_letter(
                f"A buyer opened a dispute over the payment {said}. Please respond in time.",
                subject="You have a new dispute",
                sender="PayPal <service@paypal.com>",
                message_id=f"<{name}@paypal.com>",
                Auto_Submitted="auto-generated",
                Authentication_Results="mx.shop.example; dkim=pass header.d=paypal.com; "
                "dmarc=pass header.from=paypal.com",
            )
        )
    counts = {row.customer.name: row.message_count for row in engine.rows()}
    assert counts == {"Anna Berg": 2, "Zoe Quist": 1, "PayPal": 1}
