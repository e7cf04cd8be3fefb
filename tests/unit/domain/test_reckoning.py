"""What fighting or giving in comes to: the shop's own figures, and none that nobody gave."""

from __future__ import annotations

from typing import Any

from app.domain.dispute import DisputeKind, DisputeReason, DisputeState
from app.domain.dispute_views import DisputeRow, DisputeSource
from app.domain.money import Money
from app.domain.order import ParcelState
from app.domain.reckoning import quota_of, reckon
from tests.support.cases import a_parcel, an_order
from tests.support.disputes import TODAY, a_dispute, a_warning

FEE = {"platform": "stripe", "currency": "USD", "minor": 1_500}
FEES = {"fees": [FEE]}
ANSWERS_COST = {"fees": [{**FEE, "answer_minor": 1_500}]}


def a_case(number: int = 1, **given: Any) -> DisputeRow:
    dispute = given.pop("dispute", None) or a_dispute(f"dp_{number}", **given)
    source = DisputeSource(
        dispute=dispute, account="Stripe", first_seen_at=TODAY, last_seen_at=TODAY
    )
    return DisputeRow(id=number, sources=(source,), issue_key=f"i{number}")


def past(won: int, lost: int, **given: Any) -> list[DisputeRow]:
    states = [DisputeState.WON] * won + [DisputeState.LOST] * lost
    return [a_case(100 + at, state=state, **given) for at, state in enumerate(states)]


def test_without_a_decided_dispute_there_is_no_chance_and_no_expectation():
    found = reckon(a_case(), [a_case()], order=None)
    assert found.quota.share is None
    assert found.expected is None


def test_the_chance_is_the_shops_own_quota_with_its_n():
    found = reckon(a_case(), [a_case(), *past(3, 1)], order=None)
    assert (found.quota.won, found.quota.decided) == (3, 4)
    assert found.expected == Money(13_800, "USD")
    assert found.is_few


def test_the_quota_of_the_same_reason_is_taken_when_it_is_large_enough():
    same = past(9, 1)
    others = [
        a_case(300 + n, state=DisputeState.LOST, reason=DisputeReason.FRAUD) for n in range(40)
    ]
    found = reckon(a_case(), [*same, *others], order=None)
    assert (found.quota.won, found.quota.decided) == (9, 10)


def test_a_dispute_is_no_part_of_its_own_past():
    won = a_case(state=DisputeState.WON)
    assert reckon(won, [won], order=None).quota.decided == 0


def test_tests_and_warnings_are_no_past():
    rows = [
        a_case(2, state=DisputeState.WON, is_test=True),
        a_case(3, dispute=a_warning("w", state=DisputeState.WON)),
    ]
    assert reckon(a_case(), rows, order=None).quota.decided == 0
    assert quota_of(rows[1:]).decided == 0


def test_giving_in_costs_the_amount_and_the_fee():
    found = reckon(a_case(fee=Money(1_500, "USD")), [], order=None)
    assert found.given_up == (Money(19_900, "USD"),)
    assert not found.fee_is_usual


def test_a_fee_that_nobody_named_is_not_known():
    found = reckon(a_case(), [], order=None)
    assert found.fee is None
    assert found.given_up == (Money(18_400, "USD"),)


def test_a_usual_fee_is_called_usual_and_the_providers_own_wins():
    usual = reckon(a_case(), [], order=None, figures=FEES)
    assert (usual.fee, usual.fee_is_usual) == (Money(1_500, "USD"), True)
    elsewhere = a_case(dispute=a_dispute(platform="paypal"))
    assert reckon(elsewhere, [], order=None, figures=FEES).fee is None
    named = reckon(a_case(fee=Money(2_000, "USD")), [], order=None, figures=FEES)
    assert (named.fee, named.fee_is_usual) == (Money(2_000, "USD"), False)


def test_a_refund_still_avoids_the_fee_of_a_warning_and_of_an_inquiry():
    warned = reckon(a_case(dispute=a_warning(fee=Money(1_500, "USD"))), past(3, 0), order=None)
    assert warned.fee_avoidable
    assert warned.given_up == (Money(18_400, "USD"),)
    assert warned.expected is None  # a warning cannot be fought
    asked = reckon(a_case(kind=DisputeKind.INQUIRY, fee=Money(1_500, "USD")), [], order=None)
    assert asked.fee_avoidable


def test_a_fee_in_another_currency_stands_beside_the_amount():
    found = reckon(a_case(fee=Money(1_000, "GBP")), [], order=None)
    assert found.given_up == (Money(18_400, "USD"), Money(1_000, "GBP"))


def test_goods_count_once_they_have_left_the_house():
    assert reckon(a_case(), [], order=an_order()).goods == Money(18_400, "USD")
    packing = an_order(fulfilments=(a_parcel(state=ParcelState.PREPARING),))
    assert reckon(a_case(), [], order=packing).goods is None


def test_what_an_answer_costs_is_taken_off_where_it_loses():
    """Stripe takes 15 dollars more for an answer, and gives them back for one that wins."""
    small = a_case(dispute=a_dispute("dp_1", amount=Money(2_000, "USD")))
    found = reckon(small, [small, *past(1, 3)], order=None, figures=ANSWERS_COST)
    assert found.answer_fee == Money(1_500, "USD")
    assert found.expected == Money(500 - 1_125, "USD")


def test_an_answer_to_an_inquiry_or_a_warning_costs_nothing():
    for case in (a_case(kind=DisputeKind.INQUIRY), a_case(dispute=a_warning())):
        assert reckon(case, past(1, 1), order=None, figures=ANSWERS_COST).answer_fee is None


def test_an_answer_costs_nothing_where_the_figures_say_none():
    for figures in ({}, FEES, {"fees": [{**FEE, "answer_minor": 0}]}):
        assert reckon(a_case(), past(1, 1), order=None, figures=figures).answer_fee is None
