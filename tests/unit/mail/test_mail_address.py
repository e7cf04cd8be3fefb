"""Addresses on the wire: what is one, and how its domain is written."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.errors import Refused
from app.mail.mail_address import needs_utf8, wire_address, wire_domain


@pytest.mark.parametrize(
    ("email", "wire"),
    [
        ("ben@example.org", "ben@example.org"),
        (" Ben.Costa+shop@Example.ORG ", "Ben.Costa+shop@example.org"),
        ("ben@müller.example", "ben@xn--mller-kva.example"),
        ("ben@MÜLLER.example", "ben@xn--mller-kva.example"),
        ("ben@mu\u0308ller.example", "ben@xn--mller-kva.example"),
        ("ben@xn--mller-kva.example", "ben@xn--mller-kva.example"),
        ("ben@例え.example", "ben@xn--r8jz45g.example"),
        ("jürgen@example.org", "jürgen@example.org"),
        ("o'brien@example.org", "o'brien@example.org"),
        ("ben@localhost", "ben@localhost"),
    ],
)
def test_an_address_is_written_for_the_wire(email: str, wire: str) -> None:
    assert wire_address(email) == wire


def test_a_sharp_s_is_not_two_s() -> None:
    """strasse.example belongs to somebody else (RFC 5891; the older RFC 3490 joined them)."""
    assert wire_domain("straße.example") == "xn--strae-oqa.example"


@pytest.mark.parametrize(
    "text",
    [
        *("", "ben", "@example.org", "ben@", "ben@.org", "ben@example..org", "ben@-a.org"),
        *("a b@example.org", "<ben@example.org>", "a,b@example.org", 'a"b@example.org'),
        *("ben@exa mple.org", "ben@example.org\r\nRCPT TO:<x@y>", "b\x00en@example.org"),
        *("a@b@example.org", "ben@exa_*.org", "ben@💥.example", "x" * 65 + "@example.org"),
        *("ben@" + "x" * 64 + ".org", "ben@" + "x." * 130 + "org"),
    ],
)
def test_what_mail_cannot_go_to_is_refused(text: str) -> None:
    with pytest.raises(Refused) as caught:
        wire_address(text)
    assert "\n" not in caught.value.sentence
    assert "\x00" not in caught.value.sentence


LETTERS = st.text("abz09äßжΩ中-_", min_size=1, max_size=6)
ODD = st.just("") | st.text("ab.ä中-_ \t\r\n\0<>,;:@\"'💥", max_size=6)


@given(st.builds("{}{}@{}{}.{}".format, LETTERS, ODD, LETTERS, ODD, LETTERS))
def test_whatever_is_let_through_is_one_word_on_one_line(text: str) -> None:
    try:
        wire = wire_address(text)
    except Refused:
        assume(False)
    assert wire.rpartition("@")[2].isascii()
    assert not set(wire) & set(' \t\r\n\0<>,;:"')
    assert wire.count("@") == 1


def test_only_the_local_part_can_need_utf8() -> None:
    assert not needs_utf8("ben@example.org", "ben@müller.example")
    assert needs_utf8("ben@example.org", "jürgen@example.org")
