"""What bytes say, whatever they are labelled."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.mail import charsets, fallback, headers, jis, parse

MADE_IN_JAPAN = (
    ("a circled number", b"\x1b$B-!\x1b(B", "①"),
    ("a company", b"\x1b$B-j\x1b(B", "㈱"),
    ("half-width syllables", b"\x1b(I12\x1b(B", "ｱｲ"),
    ("a name's old letter", b"\x1b$B|b\x1b(B", "髙"),
    ("the supplement", "丂".encode("iso2022_jp_1"), "丂"),
    ("the standard of 2004", "①".encode("iso2022_jp_2004"), "①"),
    ("the standard of 2000", "①".encode("iso2022_jp_3"), "①"),
)


@pytest.mark.parametrize(
    ("data", "letter"), [one[1:] for one in MADE_IN_JAPAN], ids=[one[0] for one in MADE_IN_JAPAN]
)
@pytest.mark.parametrize("label", ["ISO-2022-JP", "cp50221"])
def test_a_letter_that_iso_2022_jp_does_not_have_costs_none_of_the_others(data, letter, label):
    raw = "注文".encode("iso2022_jp") + data + "番 broken\n返金".encode("iso2022_jp")
    assert charsets.text_of(raw, label) == f"注文{letter}番 broken\n返金"


def test_such_a_letter_in_a_subject_is_read_too():
    word = base64.b64encode(b"\x1b$B-!\x1b(B" + "番".encode("iso2022_jp")).decode()
    assert headers.words(f"=?ISO-2022-JP?B?{word}?=") == "①番"


def test_who_forgets_to_switch_back_means_ascii_from_the_next_line_on():
    assert jis.text_in(b"\x1b$B-!\nrefund") == "①\nrefund"


def test_each_letter_of_the_standard_is_read_as_the_strict_decoder_reads_it():
    """But for six signs, for which Microsoft has letters that look the same."""
    letters = [
        b"\x1b$B%c%c\x1b(B" % (row, cell) for row in range(0x21, 0x75) for cell in range(0x21, 0x7F)
    ]
    known = [(one, two) for one in letters if (two := one.decode("iso2022_jp", "ignore"))]
    other = {two for one, two in known if jis.text_in(one) != two}
    assert len(known) > 6_800
    assert other == set("〜‖−¢£¬")


@given(st.binary(max_size=80))
def test_no_bytes_make_it_raise(data):
    jis.text_in(b"\x1b$B" + data)
    jis.text_in(data)


def test_a_broken_letter_in_seven_bits_does_not_turn_the_rest_into_ascii():
    assert charsets.decode(b"Gr+APw-e +AOQ-", "utf-7").endswith("ä")


def test_utf_8_under_a_seven_bit_label_is_still_read():
    assert charsets.decode("Größe".encode(), "utf-7") == "Größe"


@pytest.mark.parametrize(
    ("charset", "words"),
    [
        ("iso-8859-2", "Książka jest uszkodzona"),
        ("windows-1251", "Товар сломан, верните деньги"),
        ("shift_jis", "商品が壊れていました"),
        ("iso-2022-jp", "商品が壊れていました"),
        ("iso-8859-1", "Grüße"),
        ("utf-8", "Grüße"),
    ],
)
@pytest.mark.parametrize("label", ["", "; charset=us-ascii", "; charset=unknown-8bit"])
@pytest.mark.parametrize("reader", [None, fallback.body], ids=["fast", "fallback"])
def test_html_without_a_charset_is_read_in_the_one_that_it_names_itself(
    charset, words, label, reader
):
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">'
    html = f"<html><head>{meta}</head><body>{words}</body></html>".encode(charset)
    raw = f"Content-Type: text/html{label}\nContent-Transfer-Encoding: 8bit\n\n".encode() + html
    assert parse.read(raw, reader=reader).text == words


@pytest.mark.parametrize("named", ["windows-1251", "utf-16", "klingon", "utf-7"])
def test_html_that_is_utf_8_is_read_so_whatever_it_names(named):
    html = f'<meta charset="{named}">Größe'.encode()
    assert parse.read(b"Content-Type: text/html\n\n" + html).text == "Größe"


def test_the_label_of_the_mail_goes_before_the_name_in_the_html():
    html = '<meta charset="windows-1251">Größe'.encode("cp1252")
    raw = b"Content-Type: text/html; charset=iso-8859-1\n\n" + html
    assert parse.read(raw).text == "Größe"
