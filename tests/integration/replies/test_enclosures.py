"""Files of strangers on their way into a packet: odd pictures, scans, broken PDFs, old texts."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from pypdf import PdfReader

from app.replies.enclosures import PRESSINGS, Unusable, check, pdf_pages, pictures, smaller, words
from tests.support.cases import a_file, a_pdf

LARGEST = PRESSINGS[0]


def saved(image: Image.Image, kind: str, **more: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def drawn(content: bytes) -> list[Image.Image]:
    return [Image.open(io.BytesIO(one)) for one in pictures(content, LARGEST)]


def test_a_scan_of_several_pages_gives_each_of_them():
    """The carrier's proof of delivery comes as a TIFF, and the signature stands on its last."""
    pages = [Image.new("L", (80, 110), shade) for shade in (0, 120, 240)]
    shown = drawn(saved(pages[0], "TIFF", save_all=True, append_images=pages[1:]))
    assert [round(greys(one)[4_000], -1) for one in shown] == [0, 120, 240]


def test_a_scan_without_end_is_refused():
    pages = [Image.new("1", (8, 8))] * 51
    with pytest.raises(Unusable, match="has 51 pages"):
        drawn(saved(pages[0], "TIFF", save_all=True, append_images=pages[1:]))


def test_a_moving_picture_is_one_picture():
    frames = [Image.new("P", (80, 60), shade) for shade in (1, 2)]
    assert len(drawn(saved(frames[0], "GIF", save_all=True, append_images=frames[1:]))) == 1


def test_a_very_tall_picture_is_cut_into_columns_and_nothing_of_it_is_lost():
    """A chat saved from a phone: on one page nobody could read it."""
    tall = Image.new("RGB", (300, 6_000), "white")
    for number in range(20):
        tall.paste(("red", "blue")[number % 2], (0, number * 300, 300, number * 300 + 300))
    shown = drawn(saved(tall, "PNG"))
    assert len(shown) == 4
    assert all(1.2 < one.height / one.width < 1.5 for one in shown)
    points = b"".join(one.reduce(10).convert("RGB").tobytes() for one in shown)
    coloured = sum(map(is_coloured, zip(points[::3], points[1::3], points[2::3], strict=True)))
    assert coloured >= 30 * 600


def test_a_page_that_is_pressed_further_is_not_cut_again():
    """Rounding makes it a little taller for its width than what is cut."""
    (page,) = pictures(saved(Image.new("RGB", (1_000, 2_400), "blue"), "PNG"), LARGEST)
    with Image.open(io.BytesIO(smaller(page, PRESSINGS[2]))) as shown:
        assert shown.size == (500, 1_200)


def test_a_picture_of_sixteen_bits_keeps_its_greys():
    """What scanners and drawing programs write; it came out white."""
    grey = Image.new("I;16", (60, 40))
    grey.putdata([20_000] * 2_400)
    (shown,) = drawn(saved(grey, "PNG"))
    assert 60 < greys(shown)[1_200] < 100


def test_a_photo_that_was_turned_in_the_camera_stands_upright():
    turned = Image.Exif()
    turned[0x112] = 6
    (shown,) = drawn(saved(Image.new("RGB", (80, 40)), "JPEG", exif=turned))
    assert shown.size == (40, 80)


def test_a_text_that_windows_calls_unicode_is_read():
    file = a_file("terms.txt", "Wir liefern in 3 Tagen. Żółć".encode("utf-16"))
    check(file)
    assert words(file) == "Wir liefern in 3 Tagen. Żółć"


def test_a_pdf_that_breaks_only_when_it_is_copied_is_told_by_name():
    """Its pages can be counted; the packet as a whole would fail with it."""
    broken = a_pdf("one", "two").replace(b"endstream", b"endstreem")
    assert len(PdfReader(io.BytesIO(broken)).pages) == 2
    with pytest.raises(Unusable, match="no PDF that can be read"):
        pdf_pages(broken)


def greys(image: Image.Image) -> bytes:
    return image.convert("L").tobytes()


def is_coloured(point: tuple[int, ...]) -> bool:
    return max(point) - min(point) > 100
