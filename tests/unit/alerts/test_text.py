"""What a tap says, and what cannot be done with it."""

from __future__ import annotations

import html
import unicodedata
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.alerts.text import (
    BODY_UNITS,
    AlertFacts,
    AlertText,
    alert_text,
    bundle_text,
    first_text,
    lines,
    one_line,
    safe_text,
    when,
)
from app.domain.assessment import Kind
from app.domain.message import Address
from app.domain.money import Money

_NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)  # a Saturday
_DISPUTE = AlertFacts(
    key="i1_a",
    kind=Kind.DISPUTE,
    customer=Address(email="ana@example.com", name="Ana Lima"),
    subject="Chargeback for order 10231",
    amount=Money(18400, "USD"),
    order_number="10231",
    deadline_at=datetime(2026, 11, 24, 11, 40, tzinfo=UTC),
    words="I never got it and I want my money.",
)


def _says(facts: AlertFacts, *, customer_text: bool = False) -> AlertText:
    return alert_text(facts, now=_NOW, zone=UTC, customer_text=customer_text)


def test_it_says_who_what_how_much_by_when() -> None:
    assert _says(_DISPUTE) == AlertText(
        title="Dispute, $184.00, answer by Tue 11:40",
        body="Ana Lima, #10231\nChargeback for order 10231",
    )


def test_the_customers_words_need_the_owners_leave() -> None:
    assert _DISPUTE.words not in _says(_DISPUTE).body
    assert _says(_DISPUTE, customer_text=True).body.endswith(
        "\nI never got it and I want my money."
    )


def test_what_is_not_known_leaves_no_gap() -> None:
    bare = AlertFacts(key="i1_b", kind=Kind.DAMAGED, customer=Address(email="ben@example.com"))
    assert _says(bare) == AlertText(title="Damaged item", body="ben@example.com")


def test_a_pretender_is_called_one() -> None:
    fake = AlertFacts(
        key="i1_c", kind=Kind.DISPUTE, customer=Address(email="x@evil.example"), suspicious=True
    )
    assert _says(fake).title == "Claims to be: dispute"


def test_a_date_that_has_passed_is_said_as_passed() -> None:
    late = AlertFacts(
        key="i1_d",
        kind=Kind.LATE,
        customer=Address(email="x@example.com"),
        deadline_at=_NOW - timedelta(hours=1),
    )
    assert _says(late).title == "Late order, was due 08:00"


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_a_word(kind: Kind) -> None:
    assert _says(AlertFacts(key="k", kind=kind, customer=Address(email="a@b.example"))).title


def test_a_first_reading_is_one_calm_card() -> None:
    line = "Ana Lima, #10231, Dispute, $184.00, by Tue 11:40"
    text = first_text([_DISPUTE] * 5, needed=29, today=5, now=_NOW, zone=UTC)
    body = f"The most urgent: {line}\n{line}\n{line}"
    assert text == AlertText(title="29 need you, 5 of them today", body=body)
    quiet = first_text([], needed=1, today=0, now=_NOW, zone=UTC)
    assert quiet == AlertText(title="1 needs you", body="")


def test_a_storm_is_one_card_that_names_the_worst() -> None:
    text = bundle_text([_DISPUTE] * 5, earlier=3, now=_NOW, zone=UTC)
    line = "Ana Lima, #10231, Dispute, $184.00, by Tue 11:40"
    assert text == AlertText(title="8 urgent", body=f"{line}\n{line}\n{line}\nand 5 more")


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (timedelta(hours=5, minutes=2), "14:02"),
        (timedelta(days=1), "tomorrow 09:00"),
        (timedelta(days=-1), "yesterday 09:00"),
        (timedelta(days=3, hours=2, minutes=40), "Tue 11:40"),
        (timedelta(days=6), "Fri 09:00"),
        (timedelta(days=7), "28 Nov"),
        (timedelta(days=-3), "18 Nov"),
        (timedelta(days=60), "20 Jan 2027"),
    ],
)
def test_instants_are_said_as_people_say_them(after: timedelta, said: str) -> None:
    assert when(_NOW + after, now=_NOW, zone=UTC) == said


def test_today_is_today_where_the_owner_is() -> None:
    auckland = timezone(timedelta(hours=13))
    assert when(_NOW + timedelta(hours=1), now=_NOW, zone=auckland) == "23:00"
    assert when(_NOW + timedelta(hours=3), now=_NOW, zone=auckland) == "tomorrow 01:00"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\r\nb\tc\u2028d", "a b c d"),
        ("\x00\x1b[31mred\x07", "[31mred"),
        ("invoice\u202efdp.exe\u2066", "invoicefdp.exe"),
        ("a" + "\u0301" * 4000 + "b", "a" + "\u0301" * 3),
        ("e\u0301 ok", "e\u0301 ok"),
        ("\ud800broken", "broken"),
        ("👩\u200d🔧 ok", "👩\u200d🔧 ok"),
        ("", ""),
    ],
)
def test_one_line_keeps_what_can_be_seen(text: str, line: str) -> None:
    assert one_line(text) == line


def test_lines_stay_lines_and_empty_ones_go() -> None:
    assert lines("a\r\n\n b \x00\nc", most=10) == "a\nb\nc"


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("--help", "–-help"),
        ("-u critical", "–u critical"),
        ("  - x", "– x"),
        ("<b>&", "&lt;b&gt;&amp;"),
        ("\x00-h", "–h"),
    ],
)
def test_nothing_reads_as_an_option_or_markup(text: str, safe: str) -> None:
    assert safe_text(text, units=BODY_UNITS, markup=True) == safe


@given(st.text(max_size=600), st.booleans())
def test_whatever_comes_in_a_safe_text_is_short_visible_and_no_option(
    text: str, markup: bool
) -> None:
    safe = safe_text(text, units=BODY_UNITS, markup=markup)
    plain = html.unescape(safe) if markup else safe
    assert not safe.startswith("-")
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in safe)
    assert len(safe.encode("utf-16-le")) // 2 <= BODY_UNITS or markup
    assert len(plain.encode("utf-16-le")) // 2 <= BODY_UNITS
    if markup:
        assert "<" not in safe
        assert ">" not in safe


@given(st.text(alphabet="😀a", min_size=200, max_size=400))
def test_a_cut_never_halves_a_character(text: str) -> None:
    assert len(safe_text(text, units=63, markup=False).encode("utf-16-le")) <= 126
