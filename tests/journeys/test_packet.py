"""From a provider that says "disputed" to a PDF on the owner's disk, by the commands alone.

A WooCommerce that knows the order, a Stripe that knows the dispute, a mailbox with the customer's
words: the issue stands, its checklist is filled, and the packet can be read back.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest
from pypdf import PdfReader

from app.domain.clock import SystemClock
from tests.support.cases import a_pdf, a_picture
from tests.support.dovecot import DovecotServer, Mailbox
from tests.support.program import Program
from tests.support.stripe_server import KEY, StripeServer
from tests.support.woocommerce_server import SECRET, WooCommerceServer

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("journeys")]

NOW = SystemClock().now().replace(microsecond=0)
INES = "ines@customer.example"


@pytest.fixture
def disputed(
    connected: Program, mailbox: Mailbox, dovecot: DovecotServer, woo: WooCommerceServer,
    stripe: StripeServer,
) -> Iterator[Program]:  # fmt: skip
    """Ines bought, asked for her boots in two mails, and then went to the bank."""
    woo.order(
        at=NOW - timedelta(days=20),
        number="20417",
        total="184.00",
        transaction_id="pi_boots",
        billing={"first_name": "Ines", "last_name": "Ito", "email": INES, "country": "LV"},
        line_items=[
            {"id": 1, "name": "Leather boots", "quantity": 1, "sku": "LB-42", "total": "184.00"}
        ],
    )
    row = stripe.dispute(NOW - timedelta(hours=2), payment_intent="pi_boots", currency="usd")
    charge = stripe.charges[row["charge"]]
    charge["payment_intent"] = "pi_boots"
    intent = stripe.intents.pop(f"pi_{row['id'].removeprefix('dp_')}")
    stripe.intents["pi_boots"] = {**intent, "id": "pi_boots", "metadata": {}}
    said = ("Where are my boots, order 20417?", "I still wait for order 20417. Please answer.")
    mailbox.add([a_mail(number, text) for number, text in enumerate(said)])
    connected.stop()
    engine = connected.start_engine("--stay")  # one for all commands
    connected.wait(lambda: connected.engine_pid() == engine.pid, what="the engine runs")
    ca = {"ca_file": str(dovecot.authority.ca_file)}
    for kind, name, settings, secret in (
        ("woocommerce", "Boots", {**woo.settings, **ca}, SECRET),
        ("stripe", "Money", {**stripe.settings, **ca}, KEY),
    ):
        words = [word for one, value in settings.items() for word in ("--set", f"{one}={value}")]
        connected.do(
            "account", "add", kind, name, *words, "--secret-command", f"printf %s {secret!r}"
        )
    connected.do("poll")
    yield connected
    connected.stop()
    engine.wait(timeout=60)


def a_mail(number: int, text: str) -> bytes:
    mail = EmailMessage()
    mail["From"] = f"Ines Ito <{INES}>"
    mail["To"] = "shop@example.com"
    mail["Subject"] = f"My boots {number}"
    mail["Message-ID"] = f"<boots{number}@customer.example>"
    mail["Date"] = format_datetime(NOW - timedelta(days=2, hours=-number))
    mail.set_content(text)
    return mail.as_bytes()


def words(file: Path) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(file).pages).split())


@pytest.mark.timeout(900)
def test_a_dispute_becomes_a_packet_that_holds_the_purchase_and_nothing_is_submitted(
    disputed: Program, stripe: StripeServer, tmp_path: Path
):
    (row,) = disputed.json("disputes")
    assert (row["order"], row["reason"], row["state"]) == (
        "20417", "not_received", "needs_response",
    )  # fmt: skip
    assert row["reckoning"]["chance"] is None

    (shown,) = disputed.json("show", row["issue"])
    assert shown["order"]["items"][0]["title"] == "Leather boots"
    assert shown["dispute"]["id"] == row["id"]

    (answer,) = disputed.json("packet", row["issue"])
    have = {one["id"]: one["have"] for one in answer["items"]}
    assert (have["order"], have["mails"]) == ("found", "partly")  # nobody answered
    assert have["delivery"] == "missing"

    proof, file = tmp_path / "carrier.pdf", tmp_path / "packet.pdf"
    proof.write_bytes(a_pdf("Signed for by I. Ito"))
    photo = tmp_path / "door.png"
    photo.write_bytes(a_picture(300, 200))
    (made,) = disputed.json(
        "packet", row["issue"], str(file), "--add", str(proof), "--add", str(photo)
    )
    said = words(file)
    for fact in ("20417", "Leather boots", "Ines Ito", "Where are my boots", "Signed for by"):
        assert fact in said, fact
    assert made["pages"] == len(PdfReader(file).pages)
    assert made["submitted"] is False
    assert any("Delivery" in one for one in made["remarks"])
    assert not [one for one in stripe.asked if one.method != "GET"]

    long, file = tmp_path / "long.pdf", tmp_path / "long_packet.pdf"
    long.write_bytes(a_pdf(*["page"] * 60))
    refused = disputed.run("packet", row["issue"], str(file), "--add", str(long))
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "fewer than 50 pages" in refused.stderr
    assert not file.exists()
    disputed.do("packet", row["issue"], str(file), "--insist")
    assert len(PdfReader(file).pages) > 60
    disputed.do("packet", row["issue"], str(file), "--remove", "long.pdf")
    assert len(PdfReader(file).pages) < 50
