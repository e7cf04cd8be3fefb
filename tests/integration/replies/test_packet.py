"""The packet as a real PDF: written, read back, with files of strangers in it."""

from __future__ import annotations

import io
import struct
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from app.config.desktop import font_folders
from app.config.paths import resources, rules
from app.domain.evidence import Case, Packet
from app.domain.message import Direction
from app.replies.evidence_rules import EvidenceRules
from app.replies.packet import build
from tests.support.cases import (
    a_bomb,
    a_case,
    a_file,
    a_letter,
    a_pdf,
    a_picture,
    a_refund,
    an_order,
)
from tests.support.disputes import a_dispute

RULES = EvidenceRules.load(rules())
FONTS = resources() / "fonts"


def packed(case: Case) -> Packet:
    return build(case, RULES, shipped_fonts=FONTS, font_folders=())


def words(packet: Packet) -> str:
    reader = PdfReader(io.BytesIO(packet.content))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def page_words(packet: Packet, number: int) -> str:
    return PdfReader(io.BytesIO(packet.content)).pages[number - 1].extract_text()


def test_a_packet_holds_the_whole_purchase_as_text():
    case = a_case(order=an_order(refunds=(a_refund(),)))
    said = words(packed(case))
    for fact in (
        "Response to dispute dp_1001", "Mill & Moss", "184.00 USD", "OW-10227", "Ines Ito",
        "JD014600006281093212", "Stoneware mug", "Where are my mugs?", "They were delivered.",
        "The carrier reported its delivery on 26 October 2026", "20.00 USD", "one mug broken",
    ):  # fmt: skip
        assert fact in said, fact


def test_the_contents_name_the_page_on_which_each_part_stands():
    case = a_case(
        letters=tuple(a_letter(20 - n, text="word " * 900) for n in range(4)),
        files=(a_file("proof.pdf", a_pdf("Signed by I. Ito")),),
    )
    packet = packed(case)
    at = words(packet).split("Contents")[1]
    page = int(at.split("proof.pdf")[0].rsplit("Page", 1)[1])
    assert "Signed by I. Ito" in page_words(packet, page)
    letters = int(at.split("Correspondence")[0].rsplit("Page", 1)[1])
    assert page_words(packet, letters).startswith("Correspondence with the customer")


def test_quotes_are_folded_and_the_packet_says_so():
    case = a_case(letters=(a_letter(text="Thank you", quoted=True),))
    assert "earlier mail quoted below this text is left out" in words(packed(case))


def test_other_recipients_are_counted_and_not_named():
    assert "hello@shop.example and 2 more" in words(packed(a_case(letters=(a_letter(others=2),))))


def test_a_case_with_nothing_but_the_dispute_is_still_a_packet():
    packet = packed(a_case(order=None, letters=()))
    assert packet.pages == 1
    assert any("Pick it in the issue" in one for one in packet.remarks)


def test_pictures_texts_and_pdfs_go_along():
    case = a_case(
        policies=(a_file("shipping.txt", b"Within three days, worldwide.", item="shipping"),),
        files=(
            a_file("photo.png", a_picture()),
            a_file("two.pdf", a_pdf("First of mine", "Second of mine")),
        ),
    )
    packet = packed(case)
    said = words(packet)
    assert "Within three days, worldwide." in said
    assert "First of mine" in said
    assert "Second of mine" in said
    assert packet.left_out == ()
    reader = PdfReader(io.BytesIO(packet.content))
    assert packet.pages == len(reader.pages)
    assert sum(len(page.images) for page in reader.pages) == 1


def test_a_pdf_that_needs_a_password_is_left_out_with_the_reason():
    packet = packed(a_case(files=(a_file("locked.pdf", a_pdf("secret", password="pw")),)))
    assert packet.left_out == ("locked.pdf is locked with a password; save it without one.",)
    assert "secret" not in words(packet)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("broken.pdf", b"%PDF-1.7\nnothing of the sort", "is no PDF that can be read"),
        ("cut.pdf", a_pdf("whole")[:700], "is no PDF that can be read"),
        ("broken.png", b"\x89PNG\r\n\x1a\nnothing", "is no picture that can be read"),
        ("virus.exe", b"MZ\x90\x00", "is neither picture, PDF nor text; save it as PDF"),
        ("empty.pdf", b"", "is empty"),
    ],
)
def test_a_broken_file_is_left_out_and_the_packet_is_made(name: str, content: bytes, why: str):
    packet = packed(a_case(files=(a_file(name, content),)))
    assert packet.left_out == (f"{name} {why}.",)
    assert "Where are my mugs?" in words(packet)


def test_a_picture_bomb_is_refused_before_it_is_unpacked():
    packet = packed(a_case(files=(a_file("bomb.png", a_bomb(30_000, 30_000)),)))
    assert packet.left_out == ("bomb.png has too many pixels.",)


def test_a_pdf_with_more_pages_than_anybody_reads_is_refused():
    many = a_pdf(*["page"] * 201)
    packet = packed(a_case(files=(a_file("many.pdf", many),)))
    assert packet.left_out == ("many.pdf has 201 pages; take out those that matter.",)


def test_scripts_and_attached_files_of_a_pdf_stay_behind():
    packet = packed(a_case(files=(a_file("sly.pdf", a_pdf("harmless words", script=True)),)))
    reader = PdfReader(io.BytesIO(packet.content))
    assert "harmless words" in words(packet)
    assert b"app.alert" not in packet.content
    assert not reader.attachments
    assert not isinstance(reader.root_object["/OpenAction"], dict)  # a place, not an act


def test_the_camera_and_the_place_of_a_photo_are_not_passed_on():
    with_place = a_jpeg_with_comment(b"52.5200N 13.4050E")
    packet = packed(a_case(files=(a_file("photo.jpg", with_place),)))
    (image,) = [i for page in PdfReader(io.BytesIO(packet.content)).pages for i in page.images]
    assert b"52.5200N" not in image.data


def test_pictures_are_pressed_until_the_provider_takes_the_file():
    noise = a_picture(2_400, 1_800, noisy=True, kind="JPEG")
    files = tuple(a_file(f"photo{n}.jpg", noise) for n in range(4))
    packet = packed(a_case(files=files))
    assert len(packet.content) <= 4_500_000
    assert packet.too_much == ()


def test_more_than_the_provider_takes_is_said_and_never_cut():
    case = a_case(files=(a_file("long.pdf", a_pdf(*["page"] * 60)),))
    packet = packed(case)
    assert packet.pages > 60
    assert "The packet has" in packet.too_much[0]
    assert "fewer than 50 pages" in packet.too_much[0]


def test_paypal_names_no_number_of_pages():
    case = a_case(
        dispute=a_dispute(platform="paypal"),
        files=(a_file("long.pdf", a_pdf(*["page"] * 60)),),
    )
    assert packed(case).too_much == ()


def test_shopify_gets_pdf_a_with_everything_that_it_needs():
    packet = packed(
        a_case(dispute=a_dispute(platform="shopify"), files=(a_file("p.png", a_picture()),))
    )
    reader = PdfReader(io.BytesIO(packet.content))
    assert packet.pdf_a == "PDF/A-2B"
    assert b"pdfaid:part" in reader.root_object["/Metadata"].get_object().get_data()  # type: ignore[union-attr]
    assert reader.root_object["/OutputIntents"]
    assert all(_is_embedded(font) for page in reader.pages for font in _fonts(page))
    assert any("no validator" in one for one in packet.remarks)


def test_a_pdf_that_is_no_pdf_a_does_not_go_into_one():
    case = a_case(
        dispute=a_dispute(platform="shopify"),
        files=(
            a_file("plain.pdf", a_pdf("plain")),
            a_file("kept.pdf", a_pdf("kept", archival=True)),
        ),
    )
    packet = packed(case)
    assert len(packet.left_out) == 1
    assert packet.left_out[0].startswith("plain.pdf is no PDF/A")
    assert "kept" in words(packet)


def test_names_in_other_scripts_are_drawn_with_letters_and_not_with_boxes():
    name = "Łukasz Ćwikła, Ελένη, Ольга, שלום, محمد"
    packet = packed(a_case(order=an_order(customer_name=name)))
    said = words(packet)
    assert "Łukasz Ćwikła, Ελένη, Ольга" in said
    assert "םולש" in said or "שלום" in said
    assert not any("boxes" in one for one in packet.remarks)


def test_a_script_without_a_font_is_drawn_as_boxes_and_said():
    packet = packed(a_case(order=an_order(customer_name="王小明")))
    assert "□□□" in words(packet)
    assert any("3 different letters (Cjk) are shown as boxes" in one for one in packet.remarks)


def test_the_systems_fonts_are_asked_for_what_ours_lacks():
    folders = font_folders()
    if not any(folder.rglob("NotoSansThai-Regular.ttf") for folder in folders):
        pytest.skip("this machine has no Thai font")
    case = a_case(order=an_order(customer_name="สมชาย"))
    packet = build(case, RULES, shipped_fonts=FONTS, font_folders=folders)
    if any("boxes" in one for one in packet.remarks):
        pytest.skip("this machine has no Thai font")
    assert "สมชาย" in words(packet)


def test_what_a_customer_writes_is_never_replaced_by_the_pdf_library():
    case = a_case(letters=(a_letter(text="{nb} **bold** <b>markup</b> \x00\u202e[link](x)"),))
    assert "{nb} **bold** <b>markup</b> [link](x)" in words(packed(case))


def test_a_very_long_mail_is_shortened_and_both_say_so():
    packet = packed(a_case(letters=(a_letter(text="abcdef " * 4_000),)))
    assert "more characters" in words(packet)
    assert any("shortened" in one for one in packet.remarks)


def test_the_same_case_makes_the_same_words():
    case = a_case()
    assert words(packed(case)) == words(packed(replace(case)))


def test_ours_and_theirs_are_told_apart():
    case = a_case(letters=(a_letter(), a_letter(3, direction=Direction.OUT, text="Our answer")))
    said = words(packed(case))
    assert said.index("The customer wrote Date") < said.index("The shop wrote Date")


def a_jpeg_with_comment(comment: bytes) -> bytes:
    plain = a_picture(kind="JPEG")
    return plain[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + plain[2:]


def _fonts(page: object) -> list[object]:
    fonts = page["/Resources"]["/Font"]  # type: ignore[index]
    return [font.get_object() for font in fonts.values()]


def _is_embedded(font: object) -> bool:
    (inner,) = font["/DescendantFonts"]  # type: ignore[index]
    return "/FontFile2" in inner.get_object()["/FontDescriptor"]


def test_the_fonts_that_are_shipped_are_there():
    assert (FONTS / "DejaVuSans.ttf").is_file()
    assert (FONTS / "LICENSE-DejaVu.txt").is_file()
    assert Path(FONTS / "DejaVuSans-Bold.ttf").is_file()
