"""Who a mail is from and to, whatever is written there."""

from __future__ import annotations

import pytest

from app.mail.addresses import addresses


def read(text: str) -> list[tuple[str, str]]:
    return [(one.name, one.email) for one in addresses(text)[0]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ann@example.org", [("", "ann@example.org")]),
        ("<ann@example.org>", [("", "ann@example.org")]),
        ("Ann <ann@example.org>", [("Ann", "ann@example.org")]),
        ("'Ann' <ann@example.org>", [("Ann", "ann@example.org")]),
        ('"Example, Ann" <ann@example.org>', [("Example, Ann", "ann@example.org")]),
        ('"Ann \\"Boss\\" E" <ann@example.org>', [('Ann "Boss" E', "ann@example.org")]),
        ("ann@example.org (Ann Example)", [("Ann Example", "ann@example.org")]),
        ("a@x.example, B <b@x.example>", [("", "a@x.example"), ("B", "b@x.example")]),
        ("a@x.example; b@x.example", [("", "a@x.example"), ("", "b@x.example")]),
        ("Team: a@x.example, b@x.example;", [("", "a@x.example"), ("", "b@x.example")]),
        ("undisclosed-recipients:;", []),
        ("=?utf-8?q?M=C3=BCller?= <m@x.example>", [("Müller", "m@x.example")]),
        ('"=?utf-8?q?M=C3=BCller?=" <m@x.example>', [("Müller", "m@x.example")]),
        ("Ann ann@example.org", [("Ann", "ann@example.org")]),
        ("MAILER-DAEMON", [("", "MAILER-DAEMON")]),
        ("Ann Example", [("Ann Example", "")]),
        ("<@relay.example:ann@example.org>", [("", "ann@example.org")]),
        ("Ann <ann@example.org", [("Ann", "ann@example.org")]),
        ("Ann <>", [("Ann", "")]),
        ("üser@exämple.org", [("", "üser@exämple.org")]),
        ("", []),
        (" , ,, ", []),
        ("x" * 400 + "@example.org", [("x" * 200, "")]),
    ],
)
def test_each_way_to_write_an_address_is_read(text, expected):
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mueller, Anna <anna@x.example>", [("Mueller, Anna", "anna@x.example")]),
        ("=?utf-8?Q?M=C3=BCller, Anna?= <anna@x.example>", [("Müller, Anna", "anna@x.example")]),
        ("Mueller, Dr., Anna <anna@x.example>", [("Mueller, Dr., Anna", "anna@x.example")]),
        ("Mueller, anna@x.example", [("Mueller", "anna@x.example")]),
        ("Mueller, (home) <anna@x.example>", [("Mueller", "anna@x.example")]),
        (
            "Mueller, Anna <anna@x.example>, Costa, Ben <ben@x.example>",
            [("Mueller, Anna", "anna@x.example"), ("Costa, Ben", "ben@x.example")],
        ),
    ],
)
def test_a_comma_in_a_name_that_nobody_quoted_makes_no_second_sender(text, expected):
    assert read(text) == expected


def test_a_word_without_an_at_is_a_name_and_no_address():
    assert read("Mueller") == [("Mueller", "")]
    assert read("ann@x.example, Mueller") == [("", "ann@x.example"), ("Mueller", "")]


def test_an_address_before_the_comma_stays_an_address():
    assert [email for _, email in read("boss@shop.example, <bob@evil.example>")] == [
        "boss@shop.example",
        "bob@evil.example",
    ]


def test_the_address_in_angle_brackets_counts_and_the_shown_one_is_told():
    """CVE-2023-27043: a parser that returns the first one lets anybody pose as a customer."""
    found, odd = addresses("alice@example.org<bob@evil.example>")
    assert [one.email for one in found] == ["bob@evil.example"]
    assert odd == ("shows the address alice@example.org but comes from bob@evil.example",)


@pytest.mark.parametrize(
    "text",
    [
        '"alice@example.org" <bob@evil.example>',
        "=?utf-8?q?alice=40example.org?= <bob@evil.example>",
        "alice@example.org <bob@evil.example>",
    ],
)
def test_a_name_that_is_another_address_is_told(text):
    found, odd = addresses(text)
    assert [one.email for one in found] == ["bob@evil.example"]
    assert odd


def test_a_name_that_repeats_the_address_is_not_odd():
    assert addresses('"ann@example.org" <ann@example.org>')[1] == ()


def test_an_encoded_name_brings_no_address_of_its_own():
    text = "=?utf-8?q?Boss_=3Cboss=40shop.example=3E=2C?= <bob@evil.example>"
    assert [email for _, email in read(text)] == ["bob@evil.example"]


def test_of_several_angle_brackets_the_last_counts_and_it_is_told():
    found, odd = addresses("<a@x.example> <b@x.example>")
    assert [one.email for one in found] == ["b@x.example"]
    assert "an address has several angle brackets" in odd
