"""Disputes as they are kept: each record once, two providers' word about one case together."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.account import AccountType
from app.domain.dispute import DisputeKind, DisputeState
from app.domain.dispute_views import DisputeRow
from app.domain.money import Money
from app.storage import disputes, failed_payments, issues, orders
from app.storage.connection import Connection
from tests.support.disputes import TODAY, a_dispute, a_failed_payment, a_warning
from tests.support.storage import an_account, an_issue, an_order


@pytest.fixture
def account(db: Connection) -> int:
    return an_account(db, "Payments", type=AccountType.STRIPE, settings={}).id


def only(db: Connection) -> DisputeRow:
    (row,) = disputes.every(db)
    return row


def test_the_same_telling_twice_is_one_event(db: Connection, account: int) -> None:
    first = disputes.keep(db, a_dispute(), account_id=account, now=TODAY)
    again = disputes.keep(db, a_dispute(), account_id=account, now=TODAY + timedelta(minutes=5))
    assert (first.moved, first.was) == (True, None)
    assert (again.moved, again.was) == (False, a_dispute())
    assert only(db).sources[0].last_seen_at == TODAY + timedelta(minutes=5)


def test_a_telling_older_than_the_kept_one_is_passed_by(db: Connection, account: int) -> None:
    new = a_dispute(state=DisputeState.WON, updated_at=TODAY)
    disputes.keep(db, new, account_id=account, now=TODAY)
    old = a_dispute(updated_at=TODAY - timedelta(seconds=1))
    assert not disputes.keep(db, old, account_id=account, now=TODAY).moved
    assert only(db).state is DisputeState.WON


def test_each_turn_of_its_life_is_a_step_and_nothing_else_is(db: Connection, account: int) -> None:
    told = a_dispute()
    for minute, change in enumerate(
        (
            {},
            {"evidence_saved": True},  # a draft is no turn
            {"state": DisputeState.UNDER_REVIEW, "state_word": "under_review"},
            {"state": DisputeState.LOST, "state_word": "lost"},
        )
    ):
        told = replace(told, **change)  # type: ignore[arg-type]
        now = TODAY + timedelta(minutes=minute)
        assert disputes.keep(db, told, account_id=account, now=now).moved
    (source,) = only(db).sources
    assert [step.state for step in source.life] == [
        DisputeState.NEEDS_RESPONSE,
        DisputeState.UNDER_REVIEW,
        DisputeState.LOST,
    ]


def test_the_same_payment_and_amount_at_two_providers_is_one_case(
    db: Connection, account: int
) -> None:
    shop = a_dispute("77", platform="shopify", due_at=TODAY + timedelta(days=3))
    disputes.keep(db, shop, account_id=None, now=TODAY)
    kept = disputes.keep(db, a_dispute(), account_id=account, now=TODAY)
    row = only(db)
    assert [one.dispute.platform for one in row.sources] == ["stripe", "shopify"]
    assert kept.head == row.id
    assert row.due_at == TODAY + timedelta(days=3), "the earlier of two deadlines counts"


def test_another_amount_or_the_same_provider_is_another_case(db: Connection, account: int) -> None:
    for told in (
        a_dispute(),
        a_dispute("dp_1002"),
        a_dispute("78", platform="shopify", amount=Money(100, "USD")),
    ):
        disputes.keep(db, told, account_id=account, now=TODAY)
    assert len(disputes.every(db)) == 3


def test_a_warning_and_the_dispute_after_it_find_each_other_by_the_payment(
    db: Connection, account: int
) -> None:
    disputes.keep(db, a_warning(), account_id=account, now=TODAY)
    disputes.keep(db, a_dispute(), account_id=account, now=TODAY)
    assert disputes.twins(db, a_dispute()) == ("d:stripe:issfr_1001",)
    assert len(disputes.every(db)) == 2


def test_what_waits_for_us_stands_first_unknown_deadlines_before_known_ones(
    db: Connection, account: int
) -> None:
    for id_, due, state in (
        ("late", 9, DisputeState.NEEDS_RESPONSE),
        ("soon", 2, DisputeState.NEEDS_RESPONSE),
        ("unknown", None, DisputeState.NEEDS_RESPONSE),
        ("theirs", 1, DisputeState.UNDER_REVIEW),
        ("over", 1, DisputeState.WON),
    ):
        told = a_dispute(
            id_,
            state=state,
            due_at=None if due is None else TODAY + timedelta(days=due),
            payment_references=(),
        )
        disputes.keep(db, told, account_id=account, now=TODAY)
    rows = disputes.every(db)
    assert [row.dispute.platform_id for row in rows] == [
        "unknown",
        "soon",
        "late",
        "theirs",
        "over",
    ]
    assert rows[0].must_verify
    assert rows[1].internal_due_at == TODAY + timedelta(days=2) - timedelta(hours=6)


def test_a_dispute_follows_its_atom_from_issue_to_issue(db: Connection, account: int) -> None:
    disputes.keep(db, a_dispute(), account_id=account, now=TODAY)
    first, second = an_issue(db), an_issue(db, "second@customer.example")
    issues.add_atoms(db, first, (a_dispute().atom,))
    assert disputes.of_issue(db, first)
    issues.merge(db, source=first, into=second)
    assert [row.dispute.platform_id for row in disputes.of_issue(db, second)] == ["dp_1001"]
    assert only(db).issue_key == issues.get(db, second).key


def test_a_real_dispute_that_is_not_found_stays_open_for_half_a_year(
    db: Connection, account: int
) -> None:
    """Providers delete none: until then it is the key that is another account's."""
    disputes.keep(db, a_dispute(), account_id=account, now=TODAY)

    def gone(days: int) -> disputes.Kept | None:
        at = TODAY + timedelta(days=days)
        return disputes.mark_gone(db, "stripe", "dp_1001", account_id=account, now=at)

    assert gone(179) is None
    assert disputes.is_open(db, "stripe", "dp_1001")
    over = gone(180)
    assert over is not None
    assert over.moved
    assert not only(db).is_ours
    assert disputes.open_ids(db, account) == frozenset()
    assert gone(181) is None


def test_a_month_counts_disputes_beside_orders_without_inquiries_and_warnings(
    db: Connection, account: int
) -> None:
    for id_, kind, state in (
        ("a", DisputeKind.CHARGEBACK, DisputeState.LOST),
        ("b", DisputeKind.CHARGEBACK, DisputeState.WON),
        ("c", DisputeKind.INQUIRY, DisputeState.CLOSED),
        ("prevented", DisputeKind.CHARGEBACK, DisputeState.CLOSED),
        ("d", DisputeKind.CLAIM, DisputeState.CLOSED),
    ):
        told = a_dispute(id_, kind=kind, state=state, state_word=id_, payment_references=())
        disputes.keep(db, told, account_id=account, now=TODAY)
    disputes.keep(db, a_warning(), account_id=account, now=TODAY)
    disputes.keep(
        db, a_dispute("test", is_test=True, payment_references=()), account_id=account, now=TODAY
    )
    for number in range(40):
        orders.upsert(db, an_order(f"#{number}", placed_at=TODAY))
    orders.upsert(db, an_order("#test", placed_at=TODAY, is_test=True))
    (month,) = disputes.months(db, since=TODAY - timedelta(days=3))
    assert (month.month, month.disputes, month.orders, month.ratio) == ("2026-11", 2, 40, 0.05)


def test_a_month_is_counted_whole(db: Connection, account: int) -> None:
    """Asked from the twentieth on, its first days belong to it all the same."""
    begin = TODAY.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    disputes.keep(db, a_dispute(opened_at=begin), account_id=account, now=TODAY)
    for number, placed_at in enumerate((begin, TODAY, begin - timedelta(seconds=1))):
        orders.upsert(db, an_order(f"#{number}", placed_at=placed_at))
    (month,) = disputes.months(db, since=TODAY - timedelta(days=3))
    assert (month.disputes, month.orders) == (1, 2)


def test_the_ratio_is_of_orders_that_were_paid_and_are_there(db: Connection, account: int) -> None:
    """What failed, waits for its money or was deleted cannot be disputed, and would hide how many
    disputes there are; a refund was paid before."""
    disputes.keep(db, a_dispute(), account_id=account, now=TODAY)
    words = ("paid", "partially_refunded", "refunded", "", "failed", "pending", "cancelled")
    for word in (*words, "voided", "expired", "authorized"):
        orders.upsert(db, an_order(f"#{word}", placed_at=TODAY, financial_status=word))
    orders.upsert(db, an_order("#gone", placed_at=TODAY, deleted_at=TODAY))
    (month,) = disputes.months(db, since=TODAY - timedelta(days=3))
    assert (month.disputes, month.orders, month.ratio) == (1, 4, 0.25)


def test_a_failed_payment_is_kept_once(db: Connection, account: int) -> None:
    payment = a_failed_payment(1, TODAY)
    assert failed_payments.keep(db, payment, account_id=account)
    assert not failed_payments.keep(db, payment, account_id=account)
    kept = failed_payments.between(
        db, account, since=TODAY, until=TODAY + timedelta(microseconds=1)
    )
    assert kept == (payment,)
