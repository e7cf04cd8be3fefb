"""Names: whom we greet by which name, and whom rather not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.replies.names import first_name, flat, full_name


@pytest.mark.parametrize(
    ("display", "first", "full"),
    [
        ("Ben Costa", "Ben", "Ben Costa"),
        ("Costa, Ben", "Ben", "Ben Costa"),
        ("de la Cruz, Ana", "Ana", "Ana de la Cruz"),
        ("BEN COSTA", "Ben", "Ben Costa"),
        ("ben costa", "Ben", "Ben Costa"),
        ("ANNE-MARIE LE GOFF", "Anne-Marie", "Anne-Marie le Goff"),
        ("Jürgen von der Heide", "Jürgen", "Jürgen von der Heide"),
        ("DUPONT Camille", "Camille", "Camille DUPONT"),
        ("Camille DUPONT", "Camille", "Camille DUPONT"),
        ("'Ben Costa'", "Ben", "Ben Costa"),
        ("Ben Costa (Ben)", "Ben", "Ben Costa"),
        ("Ben Costa via Etsy", "Ben", "Ben Costa"),
        ("O'Brien, Sinéad", "Sinéad", "Sinéad O'Brien"),
        ("Herr Dr. Jan Weiß", "Jan", "Jan Weiß"),
        ("Prof. Dr. med. Eva Kern", "Eva", "Eva Kern"),
        ("Ольга Иванова", "Ольга", "Ольга Иванова"),
        ("Ben", "Ben", "Ben"),
        ("Ronan McAllister", "Ronan", "Ronan McAllister"),
        ("Dr. med. dent. Klaus Hof", "Klaus", "Klaus Hof"),
        ("Dott.ssa Anna Bianchi", "Anna", "Anna Bianchi"),
        ("Weber, Dr. Anna", "Anna", "Anna Weber"),
        ("Smith, Mr John", "John", "John Smith"),
        ("Pani Anna Nowak", "Anna", "Anna Nowak"),
        ("LE GOFF Camille", "Camille", "Camille LE GOFF"),
        ("Phil Collins", "Phil", "Phil Collins"),
        ("Eva Gast", "Eva", "Eva Gast"),
        ("Anna Weber ❤️", "Anna", "Anna Weber"),
    ],
)
def test_a_persons_name_is_understood(display: str, first: str, full: str) -> None:
    assert (first_name(display), full_name(display)) == (first, full)


@pytest.mark.parametrize(
    ("display", "full"),
    [
        ("Blumen Müller GmbH", "Blumen Müller GmbH"),
        ("Costa Ceramics Ltd", "Costa Ceramics Ltd"),
        ("Familie Weber", "Familie Weber"),
        ("Anna & Ben Costa", "Anna & Ben Costa"),
        ("B. Costa", "B. Costa"),
        ("", ""),
        ("ben@example.org", ""),
        ("bcosta", ""),
        ("BCO", ""),
        ("costa78", ""),
        ("Frau Costa", ""),
        ("info", ""),
        ("田中 太郎", ""),
        ("{{ order.total }}", ""),
        ("Win a prize www.example.com", ""),
        ("[name]", ""),
        ("x" * 200, ""),
        ("X", ""),
        ("Dr. Weber", "Dr. Weber"),
        ("Prof. Weber", "Prof. Weber"),
        ("Frau Dr. Weber", ""),
        ("Weber, Frau", ""),
        ("Pan Nowak", ""),
        ("undefined undefined", ""),
        ("Gast", ""),
        ("Guest Customer", ""),
        ("Null", ""),
    ],
)
def test_where_it_is_not_plain_no_first_name_is_used(display: str, full: str) -> None:
    assert (first_name(display), full_name(display)) == ("", full)


def test_a_name_that_is_only_that_of_the_domain_is_a_firms() -> None:
    assert first_name("Blue Kiln", "hello@bluekiln.example") == ""
    assert first_name("Blue Kiln", "hello@blue-kiln.example") == ""
    assert first_name("Ben Costa", "ben@bencosta.example") == "Ben"
    assert first_name("Ben Costa", "info@costa.example") == "Ben"


@pytest.mark.parametrize("email", ["anna.weber@example.org", "a-weber@example.org"])
def test_a_lone_surname_is_no_name_to_say_hello_with(email: str) -> None:
    """Told by the address: nobody writes "Hallo Weber"."""
    assert (first_name("Weber", email), full_name("Weber", email)) == ("", "")
    assert first_name("Müller", "jo.mueller@example.org") == ""
    assert first_name("Anna", email.replace("a-", "anna-")) == "Anna"
    assert first_name("Weber", "weber@example.org") == "Weber"  # it may be either


@given(st.text(max_size=100))
def test_whatever_stands_there_a_first_name_is_one_plain_word_or_nothing(display: str) -> None:
    name = first_name(display)
    assert name == "" or (len(name) >= 2 and name[0].isupper() and " " not in name)
    assert not set(name) & set("{}[]<>@\n\r|")


@given(st.text(max_size=100))
def test_flat_text_is_one_line_without_controls(text: str) -> None:
    line = flat(text)
    assert line.splitlines() in ([], [line])
    assert flat(line) == line
    assert not set(line) & set("\x00\x1b\u202e\u2066\ud800")
