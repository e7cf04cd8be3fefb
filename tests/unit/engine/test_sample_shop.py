"""The sample shop is believable and whole: its mails parse, belong together and reach nobody."""

from __future__ import annotations

import email
import re
import shutil
import struct
import tomllib
import zlib
from collections import Counter
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

import msgspec
import pytest

from app.domain.assessment import Kind, Severity
from app.domain.errors import KnownError
from app.engine.sample_mail import SampleMail
from app.engine.sample_photo import SHAPES, photo
from app.engine.sample_schema import Expected
from app.engine.sample_shop import load
from app.triage.schema import GateFile

FOLDER = Path(__file__).parents[3] / "resources" / "sample_shop"
NOW = datetime(2031, 3, 5, 9, 30, tzinfo=UTC)
SHOP = load(FOLDER)
MAILS = {mail.id: mail for mail in SHOP.mails(NOW)}
RECEIVED = [mail for mail in MAILS.values() if not mail.sent]
SENT = [mail for mail in MAILS.values() if mail.sent]
ORDERS = SHOP.orders(NOW)


def meant(mail: SampleMail) -> Expected:
    """What the writer of a received mail meant."""
    assert mail.expected is not None
    return mail.expected


def parsed(mail_id: str) -> EmailMessage:
    return email.message_from_bytes(MAILS[mail_id].to_bytes(), policy=policy.default)


def test_there_are_enough_mails_in_four_languages() -> None:
    languages = Counter(mail.language for mail in RECEIVED)
    assert len(RECEIVED) >= 70
    assert set(languages) == {"en", "de", "fr", "es"}
    assert 0.45 <= languages["en"] / len(RECEIVED) <= 0.55
    assert 0.22 <= languages["de"] / len(RECEIVED) <= 0.30
    assert min(languages["fr"], languages["es"]) / len(RECEIVED) >= 0.1


def test_every_kind_and_every_severity_is_there() -> None:
    assert {meant(mail).kind for mail in RECEIVED} == set(Kind)
    assert {meant(mail).severity for mail in RECEIVED} == set(Severity)


def test_past_mails_spread_over_six_days_and_live_ones_over_two_and_a_half_minutes() -> None:
    for mail in MAILS.values():
        if mail.live_after is None:
            assert timedelta(0) < NOW - mail.arrives_at <= timedelta(days=6)
        else:
            assert timedelta(seconds=5) <= mail.arrives_at - NOW <= timedelta(seconds=150)


def test_several_live_mails_are_urgent_so_that_alerts_ring_and_one_lure_is_not() -> None:
    live = [mail for mail in RECEIVED if mail.live_after]
    assert len(live) >= 8
    assert sum(meant(mail).alert for mail in live) >= 3
    assert any(meant(mail).phishing and not meant(mail).alert for mail in live)


def test_what_is_critical_rings_and_what_is_no_issue_or_a_lure_never_does() -> None:
    for mail in RECEIVED:
        intent = meant(mail)
        assert intent.alert or intent.severity is not Severity.CRITICAL
        if intent.kind is Kind.NOT_AN_ISSUE:
            assert not intent.alert
            assert intent.severity is Severity.LOW
        assert intent.kind is Kind.NOT_AN_ISSUE or not intent.phishing


@pytest.mark.parametrize("mail_id", sorted(MAILS))
def test_a_mail_reads_back_as_it_was_written(mail_id: str) -> None:
    mail, back = MAILS[mail_id], parsed(mail_id)
    assert not back.defects
    assert back["Subject"] == mail.subject
    assert back["From"].addresses[0].addr_spec == mail.sender.email
    assert back["From"].addresses[0].display_name == mail.sender.name
    assert back["Message-ID"] == f"<{mail.message_id}>"
    assert parsedate_to_datetime(back["Date"]) == mail.arrives_at
    body = back.get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines() == mail.text.splitlines()
    assert [part.get_filename() for part in back.iter_attachments()] == [
        attachment.filename for attachment in mail.attachments
    ]


@pytest.mark.parametrize("mail_id", sorted(MAILS))
def test_the_same_mail_gives_the_same_bytes_in_lines_that_a_server_accepts(mail_id: str) -> None:
    raw = MAILS[mail_id].to_bytes()
    assert raw == load(FOLDER).mails(NOW)[list(MAILS).index(mail_id)].to_bytes()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_an_answer_names_the_mail_it_answers_and_the_beginning_of_the_conversation() -> None:
    back = parsed("crackle-photo")
    assert back["In-Reply-To"] == "<crackle-our-answer@ohlsenwiek.example>"
    assert back["References"].split() == [
        "<crackle-question@postbridge.example>",
        "<crackle-our-answer@ohlsenwiek.example>",
    ]


def test_every_mail_that_is_referred_to_is_there_and_came_before() -> None:
    by_message_id = {mail.message_id: mail for mail in MAILS.values()}
    answers = [mail for mail in MAILS.values() if mail.in_reply_to]
    assert len(answers) >= 8
    for mail in answers:
        for name in mail.references:
            assert by_message_id[name].arrives_at < mail.arrives_at


def answered_by_the_shop(mail: SampleMail) -> SampleMail | None:
    """The shop's answer to a mail, if it wrote one."""
    return next((sent for sent in SENT if sent.in_reply_to == mail.message_id), None)


def test_the_shop_answers_most_of_its_mail_within_a_day() -> None:
    day = timedelta(hours=24)
    owed = [
        mail
        for mail in RECEIVED
        if NOW - mail.arrives_at > timedelta(hours=20) and meant(mail).kind != Kind.NOT_AN_ISSUE
    ]
    answers = [sent for mail in owed if (sent := answered_by_the_shop(mail))]
    assert len(answers) >= 0.75 * len(owed)
    for mail in owed:
        answer = answered_by_the_shop(mail)
        assert answer is None or answer.arrives_at - mail.arrives_at <= day, mail.id


def test_an_answer_of_the_shop_goes_to_the_writer_in_the_language_of_the_mail() -> None:
    by_message_id = {mail.message_id: mail for mail in RECEIVED}
    for sent in SENT:
        asked = by_message_id[sent.in_reply_to]
        assert sent.to == (asked.reply_to or asked.sender)
        assert sent.language == asked.language
        assert sent.sender == SHOP.address
        assert any(person.split()[0] in sent.text for person in SHOP.people), sent.id


def test_some_customers_have_written_again_after_an_answer() -> None:
    ours = {sent.message_id for sent in SENT}
    again = [mail for mail in RECEIVED if mail.in_reply_to in ours]
    assert sum(meant(mail).kind != Kind.NOT_AN_ISSUE for mail in again) >= 4


def test_what_came_in_the_last_six_hours_is_still_unanswered() -> None:
    young = [mail for mail in RECEIVED if NOW - mail.arrives_at < timedelta(hours=6)]
    past = [mail for mail in young if mail.live_after is None]
    assert len(past) >= 10
    assert not any(answered_by_the_shop(mail) for mail in young)


def test_three_customers_of_one_parcel_hub_are_one_incident() -> None:
    group = [mail for mail in RECEIVED if mail.group == "incident-bornwede"]
    assert len({mail.sender.key for mail in group}) == 3
    assert all("Bornwede" in mail.subject + mail.text for mail in group)


def test_days_are_counted_from_the_day_of_writing_and_named_in_its_language() -> None:
    assert "Frist 11. März" in MAILS["abmahnung"].subject  # written on the 4th, 7 days
    assert "el viernes" in MAILS["regalo-tarde"].text  # written on a Wednesday
    assert not any("{" in mail.subject + mail.text + mail.html for mail in MAILS.values())


def test_the_providers_notice_and_its_reminder_name_the_same_day() -> None:
    assert "until 6 March, 18:00 UTC" in MAILS["kontorpay-opened"].text
    assert "tomorrow, 6 March, 18:00 UTC" in MAILS["kontorpay-reminder"].text


def test_real_mail_is_authenticated_and_a_lure_is_not() -> None:
    for mail in RECEIVED:
        verdict = parsed(mail.id)["Authentication-Results"]
        assert verdict.startswith("mx.ohlsenwiek.example; ")
        assert ("dmarc=pass" in verdict) is not meant(mail).phishing


def test_the_rules_of_the_demo_know_the_provider_that_writes_to_the_shop() -> None:
    overlay = tomllib.loads((SHOP.rules / "gate.toml").read_text(encoding="utf-8"))
    gate = msgspec.convert(overlay, GateFile)
    domains = {domain for provider in gate.provider for domain in provider.domains}
    assert domains == {mail.sender.domain for mail in RECEIVED if "kontorpay" in mail.id}


def test_automatic_mail_says_so_in_its_headers() -> None:
    assert parsed("out-of-office")["Auto-Submitted"] == "auto-replied"
    assert parsed("delivery-receipt")["Return-Path"] == "<>"
    assert "<https://" in parsed("newsletter-glaze")["List-Unsubscribe"]
    assert parsed("contact-form")["Reply-To"].addresses[0].domain == "wherrymail.example"


def test_no_file_of_the_shop_names_a_domain_that_could_be_real() -> None:
    for path in FOLDER.rglob("*.*"):
        text = path.read_text(encoding="utf-8")
        hosts = re.findall(r"(?:@|https?://|[a-z.]+=)([\w-]+(?:\.[\w-]+)+)", text)
        hosts += re.findall(r"\b[\w-]+\.(?:com|net|org|eu|de|fr|es|co|io|uk)\b", text)
        assert all(host.endswith(".example") for host in hosts), (path.name, hosts)


def test_orders_are_numbered_in_the_sequence_in_which_they_were_placed() -> None:
    numbers = [order.number for order in ORDERS]
    assert len(numbers) >= 35
    assert numbers == sorted(set(numbers))
    assert [order.placed_at for order in ORDERS] == sorted(order.placed_at for order in ORDERS)
    assert all(re.fullmatch(r"OW-\d{4}", number) for number in numbers)


def test_an_order_adds_up_and_moves_forward_in_time() -> None:
    for order in ORDERS:
        goods = sum(item.price.minor * item.quantity for item in order.items)
        assert order.total.currency == "EUR"
        assert order.total.minor - goods == (490 if goods < 10_000 else 0), order.number
        times = [order.placed_at, order.shipped_at, order.delivered_at, NOW]
        present = [at for at in times if at]
        assert present == sorted(present), order.number
        assert bool(order.tracking_numbers) is bool(order.shipped_at)


def test_an_article_has_one_name_and_one_price_everywhere() -> None:
    lines = {item for order in ORDERS for item in order.items}
    articles = {(item.sku, item.title, item.price) for item in lines}
    assert len(articles) == len({item.sku for item in lines})


def test_every_order_that_a_mail_names_is_known_and_belongs_to_its_writer() -> None:
    owners = {order.number: order.customer_email for order in ORDERS}
    for mail in RECEIVED:
        for number in re.findall(r"OW-\d{4}", (mail.subject + mail.text).upper()):
            assert number in owners, mail.id
            from_a_platform = mail.headers.get("Auto-Submitted")
            assert from_a_platform or owners[number] == mail.sender.email, mail.id


def test_every_parcel_that_a_mail_names_is_one_of_its_writers_parcels() -> None:
    parcels = {number: order for order in ORDERS for number in order.tracking_numbers}
    for mail in RECEIVED:
        for number in re.findall(r"\b(?:1Z\w{16}|\d{20}|CX\d{9}DE)\b", mail.text):
            assert parcels[number].customer_email == mail.sender.email, mail.id


def check_digit_fits(number: str) -> bool:
    """UPS counts letters too; the postal union weighs eight digits; GS1 counts by 3 and 1."""
    if number.startswith("1Z"):
        values = [int(c) if c.isdigit() else (ord(c) - 63) % 10 for c in number[2:-1]]
        return (sum(values[0::2]) + 2 * sum(values[1::2]) + int(number[-1])) % 10 == 0
    if number.endswith("DE"):
        weights = (8, 6, 4, 2, 3, 5, 9, 7)
        rest = 11 - sum(int(d) * w for d, w in zip(number[2:10], weights, strict=True)) % 11
        return {10: 0, 11: 5}.get(rest, rest) == int(number[10])
    backwards = [int(digit) for digit in reversed(number)]
    return (sum(backwards[0::2]) + 3 * sum(backwards[1::2])) % 10 == 0


def test_parcel_numbers_pass_the_carriers_check_and_show_that_they_are_samples() -> None:
    numbers = [number for order in ORDERS for number in order.tracking_numbers]
    assert len(set(numbers)) == len(numbers)
    for number in numbers:
        assert check_digit_fits(number), number
        assert "SAMPLE" in number or "0000" in number or "9999" in number


@pytest.mark.parametrize("thing", sorted(SHAPES))
def test_a_photo_is_a_whole_png_of_the_thing_in_its_colour(thing: str) -> None:
    data = photo(thing, "#4080c0")
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", data[16:24])
    start = data.index(b"IDAT") + 4
    rows = zlib.decompress(data[start:])
    assert len(rows) == height * (1 + 3 * width)
    assert len(data) < 10_000


def test_photos_are_of_things_that_can_be_drawn() -> None:
    drawn = [one.photo for mail in RECEIVED for one in mail.attachments if one.photo]
    assert len(drawn) >= 6
    assert set(drawn) <= set(SHAPES)


MAIL = """
[[mails]]
id = "one"
from = "A <a@b.example>"
subject = "s"
text = "t"
expected = { kind = "late", severity = "normal" }
"""


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ("minutes_before_now = 5\nurgent = true", "urgent"),
        ("", "give minutes_before_now or live_after_seconds"),
        ("minutes_before_now = 5\nlive_after_seconds = 5", "give minutes_before_now or live"),
        ('minutes_before_now = 5\nin_reply_to = "two"', "one refers to two"),
        ("minutes_before_now = 5\n" + MAIL + "minutes_before_now = 6", "twice: one"),
        ("minutes_before_now = -5", "minutes_before_now"),
        ("minutes_before_now = ", "en.toml"),
        ("minutes_before_now = 5\nsent = true", "a sent mail"),
    ],
)
def test_a_mistake_in_a_file_is_told_with_its_place(
    tmp_path: Path, change: str, complaint: str
) -> None:
    for name in ("shop.toml", "orders.json", "disputes.json"):
        (tmp_path / name).write_bytes((FOLDER / name).read_bytes())
    (tmp_path / "mails").mkdir()
    head = (FOLDER / "mails" / "en.toml").read_text(encoding="utf-8").split("#")[0]
    (tmp_path / "mails" / "en.toml").write_text(head + MAIL + change, encoding="utf-8")
    with pytest.raises(KnownError) as caught:
        load(tmp_path)
    assert complaint in caught.value.message
    assert caught.value.title == "The sample shop cannot be opened"


def test_a_dispute_about_no_order_of_the_shop_is_a_mistake(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "shop")
    path = tmp_path / "shop" / "disputes.json"
    path.write_text(path.read_text(encoding="utf-8").replace("OW-4072", "OW-9999"))
    with pytest.raises(KnownError, match="about OW-9999, which is not there"):
        load(tmp_path / "shop")


def test_the_disputes_are_of_every_sort_and_one_is_that_of_the_providers_mail() -> None:
    last = {dispute.platform_id: dispute for _, dispute in SHOP.disputes(NOW)}
    assert {one.kind.value for one in last.values()} == {"alert", "inquiry", "chargeback"}
    assert {"won", "lost", "needs_response"} <= {one.state.value for one in last.values()}
    noticed = last["KPD-20-0004072"]
    assert noticed.platform_id in MAILS["kontorpay-opened"].text
    assert noticed.due_at is not None
    assert f"{noticed.due_at:%H:%M} UTC" in MAILS["kontorpay-opened"].text
    assert f"{noticed.due_at.day} {noticed.due_at:%B}" in MAILS["kontorpay-opened"].text


def test_a_missing_sample_shop_is_a_known_error(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"shop\.toml"):
        load(tmp_path)
