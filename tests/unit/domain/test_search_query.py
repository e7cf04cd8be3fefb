"""What somebody types into the search is understood, or answered with one clear sentence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.assessment import Kind, Severity
from app.domain.search_completion import complete
from app.domain.search_query import OPERATORS, Word, finished, parse, terms
from app.domain.search_values import AmountRange, InstantRange

NOW = datetime(2026, 11, 17, 13, 2, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 17, tzinfo=UTC)


def test_a_search_with_everything_in_it_is_understood():
    query = parse(
        'order:1042 is:waiting due:<2h from:"Anna K" kind:damaged amount:>100 tag:vip label:Shop '
        "severity:high assigned:mia has:attachment blue",
        now=NOW,
    )
    assert query.troubles == ()
    assert query.words == (Word("1042", "order"), Word("Anna K", "from"), Word("blue"))
    assert (query.states, query.kinds) == (("waiting",), (Kind.DAMAGED,))
    assert query.due == InstantRange(until=NOW + timedelta(hours=2))
    assert query.amount == AmountRange(above=Decimal(100))
    assert (query.tags, query.labels, query.has) == (("vip",), ("Shop",), ("attachment",))
    assert (query.severities, query.assignees) == ((Severity.HIGH,), ("mia",))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("due:soon", "due: wants a span such as <2h, >3d, today or overdue"),
        ("mug due:", "due: wants a span such as <2h, >3d, today or overdue"),
        ("amount:much", "amount: wants an amount such as >100, <20 or 50-80"),
        ("kind:nonsense", "kind: wants a kind such as damaged, late or dispute"),
        ("before:2026-13-01", "before: wants a day such as 2026-11-03, yesterday or 7d"),
        ("severity:bad", "severity: wants one of critical, high, normal, low"),
        ("has:nothing", "has: wants one of attachment, order, note, draft"),
        ("is:mine", "set “Your name in the team” in the settings first"),
        ("assigned:me", "set “Your name in the team” in the settings first"),
    ],
)
def test_what_cannot_be_understood_is_one_sentence_that_says_what_is_wanted(text: str, said: str):
    (trouble,) = parse(text, now=NOW).troubles
    assert said in trouble


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("due:2h", InstantRange(until=NOW + timedelta(hours=2))),
        ("due:<30m", InstantRange(until=NOW + timedelta(minutes=30))),
        ("due:>3d", InstantRange(since=NOW + timedelta(days=3))),
        ("due:overdue", InstantRange(until=NOW)),
        ("due:today", InstantRange(until=MIDNIGHT + timedelta(days=1))),
        (
            "due:tomorrow",
            InstantRange(since=MIDNIGHT + timedelta(days=1), until=MIDNIGHT + timedelta(days=2)),
        ),
        (
            "due:>1h due:<3h",
            InstantRange(since=NOW + timedelta(hours=1), until=NOW + timedelta(hours=3)),
        ),
    ],
)
def test_a_span_is_counted_from_now_and_a_day_from_midnight(text: str, due: InstantRange):
    assert parse(text, now=NOW).due == due


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("amount:184", AmountRange(least=Decimal(184), below=Decimal(185))),
        ("amount:184.50", AmountRange(least=Decimal("184.50"), most=Decimal("184.50"))),
        ("amount:<20", AmountRange(below=Decimal(20))),
        ("amount:<=20", AmountRange(most=Decimal(20))),
        ("amount:>=100eur", AmountRange(least=Decimal(100), currency="EUR")),
        ("amount:50-80", AmountRange(least=Decimal(50), below=Decimal(81))),
        (
            "amount:50..80,5usd",
            AmountRange(least=Decimal(50), most=Decimal("80.5"), currency="USD"),
        ),
        (
            "amount:>5 amount:>=9 amount:<=70 amount:<80",
            AmountRange(least=Decimal(9), above=Decimal(5), below=Decimal(80), most=Decimal(70)),
        ),
    ],
)
def test_amounts_are_whole_units_and_may_name_a_currency(text, wanted):
    assert parse(text, now=NOW).amount == wanted


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *((one, "1000") for one in ("1,000", "1.000", "1'000", "1000")),
        *((one, "1234.5") for one in ("1,234.50", "1.234,50", "1’234.50", "1234,5")),
        *((one, "1234567") for one in ("1,234,567", "1.234.567")),
        *((one, "0.5") for one in ("0.500", "0,5", "0,50")),
        ("1234.567", "1234.567"),
    ],
)
def test_three_digits_after_a_mark_are_thousands(written, meant):
    """As people write them in any language; a thousandth has a nought before its mark, or is of a
    figure that nobody would write so in thousands."""
    assert parse(f"amount:>{written}", now=NOW).amount == AmountRange(above=Decimal(meant))


def test_a_range_of_thousands_is_read_to_its_end():
    found = parse("amount:1.000-2.500eur", now=NOW).amount
    assert found == AmountRange(least=Decimal(1000), below=Decimal(2501), currency="EUR")


@pytest.mark.parametrize("written", ["1,23,456", "1,000.000,00", "1.0000", "1,000,00"])
def test_what_is_no_figure_is_said_to_be_none(written):
    (trouble,) = parse(f"amount:>{written}", now=NOW).troubles
    assert trouble.startswith("amount: wants an amount")


def test_days_are_those_of_the_zone_that_asks():
    query = parse("after:2026-11-03 before:yesterday", now=NOW)
    assert query.within == InstantRange(
        since=datetime(2026, 11, 3, tzinfo=UTC), until=MIDNIGHT - timedelta(days=1)
    )


BERLIN = ZoneInfo("Europe/Berlin")


def _utc(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "since"),
    [
        ("after:2026-07-01", _utc(2026, 6, 30, 22)),  # by July's clock, not by November's
        ("after:2026-07", _utc(2026, 6, 30, 22)),
        ("ab:1.7.2026", _utc(2026, 6, 30, 22)),
        ("ab:29.02.2028", _utc(2028, 2, 28, 23)),
        ("after:30d", _utc(2026, 10, 24, 11)),  # the same time of day
        ("after:720h", _utc(2026, 10, 24, 12)),
    ],
)
def test_a_day_begins_by_the_clock_of_its_own_season(text, since):
    now = _utc(2026, 11, 23, 12).astimezone(BERLIN)
    found = parse(text, now=now).within
    assert found is not None
    assert found.since is not None
    assert found.since.astimezone(UTC) == since


def test_in_two_hours_is_in_two_hours_in_a_night_that_has_one_more():
    """At half past two of summer time; by the hands of the clock it would be three."""
    now = _utc(2026, 10, 25, 0, 30).astimezone(BERLIN)
    for text, until in (
        ("due:<2h", _utc(2026, 10, 25, 2, 30)),
        ("due:<30m", _utc(2026, 10, 25, 1)),
        ("due:today", _utc(2026, 10, 25, 23)),
        ("due:<1d", _utc(2026, 10, 26, 1, 30)),
    ):
        found = parse(text, now=now).due
        assert found is not None
        assert found.until is not None
        assert found.until.astimezone(UTC) == until, text


@pytest.mark.parametrize("text", ["after:31.02.2026", "after:3.11.26", "ab:2026.11.03"])
def test_a_day_that_there_is_not_is_said_to_be_none(text):
    (trouble,) = parse(text, now=NOW).troubles
    assert "wants a day" in trouble


@pytest.mark.parametrize(
    ("written", "currency"),
    [("€100", "EUR"), ("100€", "EUR"), ("£100", "GBP"), ("100zł", "PLN"), ("$100", "")],
)
def test_an_amount_may_have_its_sign(written, currency):
    """A dollar may be any of them."""
    wanted = AmountRange(above=Decimal(100), currency=currency)
    assert parse(f"amount:>{written}", now=NOW).amount == wanted
    assert parse(f"betrag:>{written}", now=NOW).amount == wanted


def test_a_range_may_have_its_sign_at_both_ends():
    wanted = AmountRange(least=Decimal(50), below=Decimal(81), currency="EUR")
    for text in ("amount:€50-€80", "amount:50-80€"):
        assert parse(text, now=NOW).amount == wanted
    assert parse("amount:€50-£80", now=NOW).troubles


def test_me_is_the_name_of_who_asks_and_nobody_is_no_name():
    assert parse("assigned:me", now=NOW, me="Mia").assignees == ("Mia",)
    assert parse("assigned:nobody", now=NOW).assignees == ("",)


@pytest.mark.parametrize("text", ["http://shop.example", "Re:mug", "form:anna", "12:30"])
def test_a_colon_that_is_no_operator_is_a_word(text: str):
    query = parse(text, now=NOW)
    assert (query.words, query.troubles) == ((Word(text),), ())


def test_half_an_operator_asks_nothing_yet():
    assert finished("mug due:") == "mug"
    assert finished("mug due:<2h") == "mug due:<2h"
    assert finished("due: mug") == "due: mug"


@given(st.text(max_size=60) | st.text(alphabet='isdueknfrom:<>"-. 2hd0', max_size=60))
def test_whatever_is_typed_is_understood_or_answered_and_never_an_error(text: str):
    query = parse(text, now=NOW)
    assert all(": " in trouble for trouble in query.troubles)
    assert all(term.start < term.end for term in terms(text))


@given(st.text(max_size=30), st.integers(min_value=0, max_value=30))
def test_a_completion_stands_where_the_cursor_is_and_keeps_the_rest(text: str, at: int):
    cursor = min(at, len(text))
    offered = complete(text, cursor, known=lambda _operator, begun: [begun + "x"])
    assert 0 <= offered.start <= cursor <= offered.end <= len(text)
    for one in offered.suggestions:
        filled, stands = offered.taken(text, one)
        assert filled.startswith(text[: offered.start] + one.term)
        assert stands <= len(filled)


@given(st.sampled_from(sorted(OPERATORS)))
def test_every_value_that_is_offered_is_understood(operator: str):
    text = f"{operator}:"
    offered = complete(text, len(text), known=lambda _operator, _begun: ["Anna Weiß"])
    for one in offered.suggestions:
        assert parse(one.term, now=NOW, me="Mia").troubles == (), one.term


def test_operators_are_offered_first_and_then_their_values():
    def known(operator: str, begun: str) -> list[str]:
        return ["Anna Keller"] if (operator, begun) == ("from", "an") else []

    assert [one.term for one in complete("mug du", 6, known=known).suggestions] == ["due:"]
    assert [one.term for one in complete("kind:da", 7, known=known).suggestions] == ["kind:damaged"]
    offered = complete("from:an", 7, known=known)
    assert offered.taken("from:an", offered.suggestions[0]) == ('from:"Anna Keller" ', 19)
    assert complete("kind:damaged", 12, known=known).suggestions == ()


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("ist:überfällig", "is:overdue"),
        ("Bestellung:1042", "order:1042"),
        ("von:anna frist:heute", "from:anna due:today"),
        ("ab:gestern betrag:>20", "after:yesterday amount:>20"),
        ("schlagwort:b2b hat:note", "tag:b2b has:note"),
    ],
)
def test_what_is_typed_in_german_asks_the_same(german: str, english: str):
    assert parse(german, now=NOW) == parse(english, now=NOW)
