"""Pages as a clerk sees them: nothing torn, nothing over the edge, no letter that is not there."""

from __future__ import annotations

import io
import logging
from dataclasses import replace
from datetime import timedelta

import pytest
from fpdf import FPDF
from pypdf import PdfReader

from app.config.paths import resources, rules
from app.domain.dispute import DisputeKind, DisputeReason
from app.domain.evidence import Case, Packet
from app.domain.money import Money
from app.domain.order import LineItem, ParcelState
from app.replies.evidence_rules import EvidenceRules
from app.replies.packet import build
from app.replies.scripts import joined
from tests.support.cases import a_case, a_letter, a_parcel, a_refund, an_order
from tests.support.disputes import TODAY, a_dispute, a_warning

RULES = EvidenceRules.load(rules())
FONTS = resources() / "fonts"
EDGE = 545  # points from the left where the margin begins


def packed(case: Case) -> Packet:
    return build(case, RULES, shipped_fonts=FONTS, font_folders=())


def pages(packet: Packet) -> list[str]:
    return [one.extract_text() for one in PdfReader(io.BytesIO(packet.content)).pages]


def words(packet: Packet) -> str:
    return " ".join(" ".join(pages(packet)).split())


def long_order() -> Case:
    items = tuple(
        LineItem(
            title=f"Hand-painted stoneware mug number {number}, 350 ml, in three colours",
            quantity=2,
            price=Money(123_456_789, "PLN"),
            sku=f"MUG-{number:04}",
        )
        for number in range(40)
    )
    return a_case(order=an_order(items=items, total=Money(1_234_567_890, "PLN")))


def test_a_long_table_has_its_head_on_every_page_and_no_row_is_torn():
    there = [page for page in pages(packed(long_order())) if "(MUG-" in page]
    assert len(there) > 2
    for page in there:
        assert page.count("Quantity") == 1
        assert page.count("Hand-painted") == page.count("(MUG-")


def test_large_sums_are_told_in_groups_on_one_line():
    said = pages(packed(long_order()))
    assert any("12,345,678.90 PLN" in page for page in said)
    assert any("2,469,135.78 PLN" in page for page in said)


def test_a_long_name_of_the_shop_keeps_clear_of_the_number_of_the_page():
    packet = packed(a_case(shop="Keramik und Geschirr, Inhaber Hans-Joachim Oberlechner " * 2))
    foot = pages(packet)[0].strip().splitlines()[-1]
    assert "…" in foot
    assert foot.endswith("1")


def test_a_parcel_and_a_letter_begin_where_their_facts_stand():
    parcels = tuple(a_parcel(id=str(n), tracking_numbers=(f"JD{n:012}",)) for n in range(12))
    letters = tuple(a_letter(30 - n, text="Where is it? " * 30) for n in range(12))
    every = pages(packed(a_case(order=an_order(fulfilments=parcels), letters=letters)))
    for page in every:
        assert page.count("Parcel ") == page.count("Tracking number")
        assert page.count("The customer wrote\n") == page.count("From Ines")
    assert sum(page.count("Tracking number") for page in every) == len(parcels)
    assert sum(page.count("From Ines") for page in every) == len(letters)


def test_a_cancelled_parcel_is_no_shipment():
    gone = a_parcel(state=ParcelState.CANCELLED, delivered_at=None, tracking_numbers=("GONE1",))
    said = words(packed(a_case(order=an_order(fulfilments=(a_parcel(), gone)))))
    assert "GONE1" not in said
    assert "Parcel 1 of" not in said


def test_every_letter_that_is_drawn_is_asked_for(caplog: pytest.LogCaptureFixture):
    """The carrier in Chinese stood as nothing at all: "sent with , tracking number"."""
    order = an_order(
        number="訂-1",
        country="中国",
        fulfilments=(a_parcel(carrier="顺丰速运"),),
        financial_status="已付",
    )
    dispute = a_dispute(network="银联", network_code="甲", reason=DisputeReason.FRAUD)
    before = an_order("旧-1", placed_at=TODAY - timedelta(days=300))
    with caplog.at_level(logging.WARNING):
        packet = packed(a_case(order=order, dispute=dispute, earlier=(before,)))
    assert not any("missing the following glyphs" in one.message for one in caplog.records)
    assert "with □□□□, tracking number" in words(packet)
    assert any("shown as boxes" in one for one in packet.remarks)


def test_emoji_without_a_font_are_told_in_words():
    said = "Thank you 🎂🙏🏽 from 🇩🇪 ❤️ and \U0001fa77!"
    packet = packed(a_case(letters=(a_letter(text=said),)))
    shown = words(packet)
    assert "Thank you [birthday cake][person with folded hands] from DE ❤ and [" in shown
    assert "□" not in shown
    assert not any("boxes" in one for one in packet.remarks)


def test_line_breaks_and_spaces_of_every_kind_are_breaks_and_spaces():
    letter = a_letter(text="one\u2028two\u2029three\x0bfour\u3000five\u202fsix")
    assert "one two three four five six" in words(packed(a_case(letters=(letter,))))


def test_lam_and_alef_are_one_letter_as_arabic_writes_them():
    assert joined("لا") == "\ufefb"
    assert joined("بلال").count("\ufefc") == 1
    assert joined("سلام") == "\ufeb3\ufefc\ufee1"


def test_what_a_person_wrote_is_not_made_small_and_what_a_provider_codes_is_words():
    refund = replace(a_refund(), reason="Broken. Agreed with Ms Ito on Monday")
    coded = replace(a_refund(), id="r2", reason="DEFECTIVE_ITEM")
    said = words(packed(a_case(order=an_order(refunds=(refund, coded)))))
    assert "Ms Ito" in said
    assert "defective item" in said


def test_the_packet_does_not_accuse_its_own_shop():
    """That nobody answered can be seen; the summary is for what speaks for the shop."""
    said = words(packed(a_case(letters=(a_letter(),))))
    assert "The customer wrote once, on 31 October 2026. See the correspondence below." in said
    assert "not at all" not in said


def test_earlier_orders_that_are_not_listed_are_counted():
    earlier = tuple(
        an_order(f"OLD-{n}", placed_at=TODAY - timedelta(days=200 + n)) for n in range(15)
    )
    case = a_case(dispute=a_dispute(reason=DisputeReason.FRAUD), earlier=earlier)
    said = words(packed(case))
    assert "had placed 15 orders before" in said
    assert "The latest 12 of 15." in said


def test_more_mails_than_the_provider_takes_pages_for_lose_their_middle():
    """Two hundred mails are a hundred pages, and no file can be taken out to make them fewer."""
    text = "We waited, and wrote again and again about this order. " * 20
    letters = tuple(a_letter(60 - n * 0.5, text=f"Mail {n}. {text}") for n in range(110))
    packet = packed(a_case(letters=letters))
    said = words(packet)
    assert packet.pages <= 49
    assert packet.too_much == ()
    assert "Mail 0." in said
    assert "Mail 109." in said
    assert "between these are left out here" in said
    assert "Every mail between" not in said
    assert "The customer wrote 110 times" in said
    assert any("mails are left out, so that the provider takes" in one for one in packet.remarks)


def test_the_packet_calls_an_inquiry_an_inquiry_and_a_warning_a_warning():
    asked = a_case(dispute=a_dispute(kind=DisputeKind.INQUIRY))
    assert words(packed(asked)).startswith("Response to inquiry dp_1001")
    assert words(packed(a_case(dispute=a_warning()))).startswith("Records for early fraud warning")


def test_a_mail_full_of_empty_lines_is_no_book():
    """Mail programs leave hundreds where pictures and tables were."""
    empty = a_letter(text="Hello," + "\n \n" * 2_000 + "where is it?\n\nInes")
    packet = packed(a_case(letters=(empty,)))
    assert packet.pages == 3
    assert "Hello, where is it? Ines" in words(packet)


def test_a_head_of_pages_is_cut_and_says_so():
    packet = packed(a_case(letters=(a_letter(subject="S" * 20_000),)))
    assert packet.pages == 3
    assert "S…" in words(packet)


def test_a_word_without_end_is_laid_out_line_by_line(monkeypatch: pytest.MonkeyPatch):
    """Each line was sought in all that was left, letter for letter: half a minute a mail."""
    longest = []
    measured = FPDF.get_string_width

    def note(self: FPDF, text: str, *more: bool) -> float:
        longest.append(len(text))
        return float(measured(self, text, *more))

    monkeypatch.setattr(FPDF, "get_string_width", note)  # what the library is asked for
    packed(a_case(letters=(a_letter(text="\u05e9" * 12_000),)))
    assert max(longest) <= 400
