"""Which alerts share a card, and that each which has to be named can be read there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from app.alerts.digest import Card, cards, is_whole
from app.alerts.text import BODY_UNITS, waited_title
from app.domain.alert import Alert

_NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def _alert(name: str, *, by_name: bool = False, title: str = "", body: str = "") -> Alert:
    return Alert(
        dedupe=name,
        issue_keys=(f"i1_{name}",),
        title=title or f"Urgent {name}",
        body=body,
        created_at=_NOW,
        by_name=by_name,
    )


def _cards(*some: Alert) -> tuple[Card, ...]:
    return cards(some, waited_title)


def test_what_need_not_be_named_is_three_lines_and_a_number() -> None:
    (card,) = _cards(*map(_alert, "abcde"))
    assert card.title == "5 alerts waited"
    assert card.body == "Urgent a\nUrgent b\nUrgent c\nand 2 more"
    assert not card.by_name


def test_a_date_of_others_comes_first_with_whose_it_is() -> None:
    date = _alert(
        "d", by_name=True, title="Chargeback, 184.00 USD: 3 days left", body="Ana, #10231\nby Tue"
    )
    (card,) = _cards(*map(_alert, "abc"), date)
    assert card.body.split("\n") == [
        "Chargeback, 184.00 USD: 3 days left, Ana, #10231",
        "Urgent a",
        "Urgent b",
        "and 1 more",
    ]
    assert card.by_name
    assert set(card.unnamed) == {"i1_a", "i1_b", "i1_c"}


def test_notices_without_an_orders_number_are_told_apart_by_their_subject() -> None:
    one = _alert("d", by_name=True, title="Answer for PayPal due Tue", body="PayPal\nCase C69-2214")
    (card,) = _cards(one, _alert("a"))
    assert card.body.startswith("Answer for PayPal due Tue, PayPal, Case C69-2214\n")


@given(
    dates=st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=300)),
    others=st.integers(0, 9),
)
def test_every_date_of_others_is_on_one_card_and_none_is_cut_off(
    dates: list[str], others: int
) -> None:
    """Also where a pop-up has one line of 255 units: then line breaks are three letters."""
    named = [
        _alert(f"d{n}", by_name=True, title=f"Date {n}: {text}") for n, text in enumerate(dates)
    ]
    made = _cards(*named, *(_alert(f"o{n}") for n in range(others)))
    on = [one for card in made for one in card.alerts if one.by_name]
    assert on == named
    for card in made:
        must = [line for line in card.body.split("\n") if line.startswith("Date ")]
        assert len(must) == sum(one.by_name for one in card.alerts)
        shown = " - ".join(must).encode("utf-16-le")
        assert len(shown) <= 2 * BODY_UNITS


def test_a_card_is_not_made_a_line_of_another_one() -> None:
    """A crash between writing and showing it would cost its names."""
    assert is_whole(Alert(dedupe="digest/x", issue_keys=(), title="", body="", created_at=_NOW))
    assert not is_whole(_alert("d", by_name=True))


def test_a_storms_card_among_what_waited_is_told_by_its_issues_and_no_count_stands_in_another() -> (
    None
):
    """Six alerts of five issues: the storm names again what rang by itself before."""
    storm = Alert(
        dedupe="bundle/1",
        issue_keys=("i1_a", "i1_b", "i1_c", "i1_d", "i1_e"),
        title="5 urgent",
        body="Ana, wrong item\nBen, damaged\nCleo, late\nand 2 more",
        created_at=_NOW,
    )
    (card,) = _cards(_alert("a"), storm)
    assert card.title == "5 alerts waited"
    assert card.body.split("\n") == ["Urgent a", "Ben, damaged", "Cleo, late", "and 2 more"]


def test_what_is_named_by_its_date_is_not_counted_too_and_where_all_are_told_no_number_stands() -> (
    None
):
    date = _alert("d", by_name=True, title="Chargeback: 3 days left", body="Ana, #10231")
    (card,) = _cards(date, replace(_alert("other"), issue_keys=date.issue_keys), _alert("a"))
    assert card.unnamed == ("i1_a",)
    assert card.title == "2 alerts waited"
    assert card.body.split("\n")[1:] == ["Urgent other", "Urgent a"]


def test_a_mailbox_that_is_silent_counts_beside_the_issues() -> None:
    silent = replace(_alert("x", title="Shop: no look"), issue_keys=())
    (card,) = _cards(silent, *map(_alert, "abc"))
    assert card.title == "4 alerts waited"
    assert card.body.endswith("and 1 more")
