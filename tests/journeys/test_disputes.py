"""A shop with 2,000 orders, 40 disputes and a mailbox full of mails about them, connected at once.

Who means which order is known, because it was made so: by number, without one, with a wrong one,
from another address; and what the provider wrote about its disputes. Many bought several times.
"""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from random import Random
from typing import Any

import pytest

from app.domain.clock import SystemClock
from app.domain.dispute_views import DisputeRow
from app.engine.queries import Queries
from tests.support.dovecot import DovecotServer
from tests.support.program import Program
from tests.support.stripe_server import KEY, StripeServer
from tests.support.woocommerce_server import SECRET, WooCommerceServer

log = logging.getLogger(__name__)
pytestmark = [
    pytest.mark.servers,
    pytest.mark.xdist_group("journeys"),
    pytest.mark.timeout(900),
]

ORDERS, DISPUTES, OTHER_MAILS = 2_000, 40, 80
NOW = SystemClock().now().replace(microsecond=0)
FIRST = ("Vera", "Jonas", "Amelie", "Tomasz", "Noor", "Iris", "Pavel", "Leila", "Marek", "Sofia")
LAST = ("Ito", "Kowal", "Brandt", "Moreau", "Haddad", "Lund", "Ferro", "Novak", "Weber", "Costa")
GOODS = (
    ("Leather boots", "LB-42", 24_500),
    ("Copper kettle", "CK-1", 8_900),
    ("Oak shelf", "OS-3", 15_900),
    ("Linen curtain", "LC-7", 6_400),
    ("Glass lantern", "GL-2", 3_900),
)


@dataclass(frozen=True, kw_only=True)
class Bought:
    """An order as the mails' writer knows it."""

    number: str
    name: str
    email: str
    article: str
    payment: str
    minor: int
    at: datetime


def a_shop(woo: WooCommerceServer, random: Random) -> list[Bought]:
    """2,000 orders of the last two months, by about 1,600 people, some of them of the same name."""
    people = [
        (f"{random.choice(FIRST)} {random.choice(LAST)}", f"buyer{n}@customer.example")
        for n in range(1_600)
    ]
    bought = []
    for n in range(ORDERS):
        name, email = random.choice(people)
        article, sku, minor = random.choice(GOODS)
        minor += random.randrange(40) * 10
        at = NOW - timedelta(minutes=random.randrange(60 * 24 * 58))
        first, _, last = name.partition(" ")
        row = woo.order(
            at=at,
            number=str(20_000 + n),
            total=f"{minor / 100:.2f}",
            transaction_id=f"pi_shop{n}",
            billing={"first_name": first, "last_name": last, "email": email, "country": "LV"},
            line_items=[
                {"id": n, "name": article, "quantity": 1, "sku": sku, "total": f"{minor / 100:.2f}"}
            ],
        )
        bought.append(
            Bought(
                number=row["number"],
                name=name,
                email=email,
                article=article,
                payment=row["transaction_id"],
                minor=minor,
                at=at,
            )
        )
    return bought


def to_write_about(bought: list[Bought], random: Random) -> list[Bought]:
    """Orders that a buyer's words can mean: of two like ones, or of two at once, nobody knows."""
    like = Counter((one.email, one.article) for one in bought)
    fit = [one for one in bought if like[one.email, one.article] == 1]
    each = {one.email: one for one in random.sample(fit, len(fit))}
    return list(each.values())[: DISPUTES + OTHER_MAILS]


def a_dispute(stripe: StripeServer, order: Bought, random: Random) -> str:
    """A dispute about this order's payment, which names the payment and nothing else."""
    row = stripe.dispute(
        NOW - timedelta(hours=random.randrange(1, 48)),
        amount=order.minor,
        currency="eur",
        payment_intent=order.payment,
        reason=random.choice(("product_not_received", "fraudulent", "product_unacceptable")),
    )
    charge = stripe.charges[row["charge"]]
    charge.update(payment_intent=order.payment, amount=order.minor, currency="eur")
    charge["billing_details"]["email"] = None
    intent = stripe.intents.pop(f"pi_{row['id'].removeprefix('dp_')}")
    stripe.intents[order.payment] = {**intent, "id": order.payment, "metadata": {}}
    return str(row["id"])


def a_mail(order: Bought, way: int, number: int, random: Random) -> bytes:
    """A customer's mail about an order, in one of the four ways."""
    sender, words = order.email, f"my {order.article.lower()} has not arrived yet."
    if way == 0:
        words = f"order {order.number}: {words}"
    elif way == 2:  # two figures changed places: nobody's number, or somebody else's
        wrong = order.number[:-2] + order.number[-1] + order.number[-2]
        words = f"order {wrong}: {words}"
    elif way == 3:
        sender = f"private{number}@elsewhere.example"
        words = f"order {order.number}: {words}"
    mail = EmailMessage()
    mail["From"] = f"{order.name} <{sender}>"
    mail["To"] = "hello@shop.example"
    mail["Subject"] = random.choice(("Where is it?", "My order", "A question", "Not arrived"))
    mail["Message-ID"] = f"<mail{number}@customer.example>"
    mail["Date"] = format_datetime(NOW - timedelta(hours=2))
    mail.set_content(f"Hello,\n\n{words} Where is it?\n\n{order.name}\n")
    return mail.as_bytes()


def a_notice(order: Bought, dispute: str, number: int) -> bytes:
    """What the provider writes: the dispute's name and the sum, and not the order's number."""
    mail = EmailMessage()
    mail["From"] = "Stripe <notifications@stripe.example>"
    mail["To"] = "hello@shop.example"
    mail["Subject"] = f"A payment of {order.minor / 100:.2f} EUR was disputed"
    mail["Message-ID"] = f"<notice{number}@stripe.example>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Date"] = format_datetime(NOW - timedelta(hours=1))
    mail.set_content(
        f"The cardholder's bank has opened a dispute.\n\nDispute: {dispute}\n"
        f"Amount: {order.minor / 100:.2f} EUR\n"
    )
    return mail.as_bytes()


def test_every_dispute_finds_its_order_and_the_mails_about_it(
    program: Program,
    dovecot: DovecotServer,
    woo: WooCommerceServer,
    stripe: StripeServer,
) -> None:
    """Linking: 99 of 100 links are right, and 95 of 100 mails that mean an order are linked."""
    random = Random(1042)
    woo.clock = NOW
    bought = a_shop(woo, random)
    chosen = to_write_about(bought, random)
    disputed = {a_dispute(stripe, order, random): order for order in chosen[:DISPUTES]}
    truth, mails = dict[str, Bought](), list[bytes]()
    for number, order in enumerate(chosen):
        mails.append(a_mail(order, number % 4, number, random))
        truth[f"mail{number}@customer.example"] = order
    for number, (dispute, order) in enumerate(disputed.items()):
        mails.append(a_notice(order, dispute, number))
        truth[f"notice{number}@stripe.example"] = order

    mailbox = dovecot.user()
    mailbox.add(mails)
    ca_file = str(dovecot.authority.ca_file)
    connect(program, "woocommerce", "Shop", {**woo.settings, "ca_file": ca_file}, SECRET)
    connect(program, "stripe", "Payments", {**stripe.settings, "ca_file": ca_file}, KEY)
    settings = {**mailbox.settings(), "address": "hello@shop.example"}
    connect(program, "imap", "Mail", settings, mailbox.password)
    for account in ("Shop", "Payments", "Mail", "Payments"):
        (summary,) = program.json("poll", "--account", account)
        assert all(one["ok"] for one in summary["accounts"]), summary

    told = issues_by_message(program)
    linked = {name: told[name] for name in truth if told[name]["order"]}
    right = [name for name, row in linked.items() if row["order"] == truth[name].number]
    precision, recall = len(right) / len(linked), len(right) / len(truth)
    log.info("linking of %d mails: precision %.3f, recall %.3f", len(truth), precision, recall)
    wrong = {name: (linked[name]["order"], truth[name].number) for name in set(linked) - {*right}}
    assert precision >= 0.99, wrong
    assert recall >= 0.95, sorted(set(truth) - {*right})

    rows = cases(program)
    assert {id_: row.order_number for id_, row in rows.items()} == {
        id_: order.number for id_, order in disputed.items()
    }
    for number, id_ in enumerate(disputed):  # the notice lies with the dispute that it names
        assert told[f"notice{number}@stripe.example"]["key"] == rows[id_].issue_key


def connect(program: Program, kind: str, name: str, settings: dict[str, str], secret: str) -> None:
    words = [word for one, value in settings.items() for word in ("--set", f"{one}={value}")]
    program.do("account", "add", kind, name, *words, "--secret-command", f"printf %s {secret!r}")


def cases(program: Program) -> dict[str, DisputeRow]:
    """The disputes as a desk reads them, by the provider's id."""
    queries = Queries(program.profile / "frontburner.db")
    try:
        return {row.dispute.platform_id: row for row in queries.disputes()}
    finally:
        queries.close()


def issues_by_message(program: Program) -> dict[str, dict[str, Any]]:
    """The issue of every mail: its key and the order that it is about."""
    queries = Queries(program.profile / "frontburner.db")
    now = datetime.now(UTC)  # noqa: TID251 - beside a running program
    try:
        rows = queries.rows(queries.inbox_ids("all", now=now))
        return {
            message.message_id: {"key": row.key, "order": row.order_number}
            for row in rows
            for message in queries.issue(row.key).messages
        }
    finally:
        queries.close()
