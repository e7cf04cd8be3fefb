"""Stripe over TLS: what it tells becomes disputes; nothing is missed, and nothing comes twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.account import AccountType
from app.domain.dispute import Dispute, DisputeKind, DisputeReason, DisputeState
from app.domain.errors import KnownError, SignInRefused, Unreachable
from app.domain.feed import Stream
from app.domain.journal import State
from app.domain.money import Money
from app.platforms.stripe import VERSION
from app.platforms.stripe_records import dispute_of, money, warning_of
from app.storage import alerts
from tests.support.certificates import Authority
from tests.support.dispute_desk import DisputeDesk
from tests.support.openapi import judge
from tests.support.platform_server import Fault
from tests.support.shared_data import shared_data
from tests.support.stripe_server import CONTRACT, KEY, StripeServer


@pytest.fixture
def stripe(authority: Authority) -> Iterator[StripeServer]:
    with StripeServer(authority.leaf()) as server:
        yield server


def a_desk(
    folder: Path, server: StripeServer, authority: Authority, *, secret: str = KEY
) -> DisputeDesk:
    given = {**server.settings, "ca_file": str(authority.ca_file)}
    desk = DisputeDesk(folder, AccountType.STRIPE, given, secret)
    server.wall = lambda: desk.now
    desk.watch_events()
    return desk


@pytest.fixture
def desk(tmp_path: Path, stripe: StripeServer, authority: Authority) -> Iterator[DisputeDesk]:
    made = a_desk(tmp_path, stripe, authority)
    yield made
    made.close()


def ago(desk: DisputeDesk, **length: float) -> Any:
    return desk.now - timedelta(**length)


def test_a_dispute_is_told_whole(stripe: StripeServer, desk: DisputeDesk) -> None:
    row = stripe.dispute(ago(desk, hours=2), balance_transactions=[_fee(1500)])
    desk.read_all()
    (told,) = desk.stored().values()
    assert told.platform_id == row["id"]
    assert (told.kind, told.state) == (DisputeKind.CHARGEBACK, DisputeState.NEEDS_RESPONSE)
    assert told.reason is DisputeReason.NOT_RECEIVED
    assert (told.amount, told.fee) == (Money(18_400, "USD"), Money(1_500, "USD"))
    assert told.due_at is not None
    assert told.due_at - told.opened_at == timedelta(days=7)
    assert told.payment_references == (row["payment_intent"], row["charge"])
    assert told.customer_email.endswith("@customer.example")
    assert told.order_number == row["id"].removeprefix("dp_")
    assert (told.network, told.network_code) == ("visa", "13.1")
    assert not told.is_test


def test_every_question_names_the_pinned_version(stripe: StripeServer, desk: DisputeDesk) -> None:
    desk.read_all()
    assert {one.headers["stripe-version"] for one in stripe.asked} == {VERSION}


def test_what_it_answers_has_the_published_form(stripe: StripeServer, desk: DisputeDesk) -> None:
    shared_data(f"contracts/{CONTRACT}")
    judge(CONTRACT, "dispute", stripe.dispute(ago(desk, hours=2)))
    judge(CONTRACT, "radar.early_fraud_warning", stripe.warning(ago(desk, hours=2)))


@pytest.mark.parametrize(
    ("currency", "told"),
    [("mga", "500000.00 MGA"), ("isk", "5000 ISK"), ("jpy", "500000 JPY"), ("eur", "5000.00 EUR")],
)
def test_an_amount_is_read_with_the_decimals_that_stripe_gives_the_currency(
    currency: str, told: str
) -> None:
    """It counts ariary whole, and the crown in hundredths that nobody has."""
    assert str(money(500_000, currency)) == told


def test_a_due_date_of_zero_or_null_is_none_and_never_1970(
    stripe: StripeServer, desk: DisputeDesk
) -> None:
    for due in (0, None):
        row = stripe.dispute(ago(desk, hours=2))
        row["evidence_details"]["due_by"] = due
    stripe.strict = False
    desk.read_all()
    assert [one.due_at for one in desk.stored().values()] == [None, None]
    assert all(one.deadline_at is None for one in desk.issues())


def test_an_unknown_status_is_kept_and_needs_a_look(
    stripe: StripeServer, desk: DisputeDesk
) -> None:
    stripe.strict = False
    stripe.dispute(ago(desk, hours=2), status="quantum_review", reason="spooky")
    desk.read_all()
    (told,) = desk.stored().values()
    assert (told.state, told.state_word) == (DisputeState.UNKNOWN, "quantum_review")
    assert (told.reason, told.reason_word) == (DisputeReason.GENERAL, "spooky")
    assert desk.issues()[0].state is State.NEW


@pytest.mark.parametrize(
    ("status", "kind", "state"),
    [
        ("warning_needs_response", DisputeKind.INQUIRY, DisputeState.NEEDS_RESPONSE),
        ("warning_under_review", DisputeKind.INQUIRY, DisputeState.UNDER_REVIEW),
        ("warning_closed", DisputeKind.INQUIRY, DisputeState.CLOSED),
        ("appeal_needs_response", DisputeKind.CHARGEBACK, DisputeState.NEEDS_RESPONSE),
        ("prevented", DisputeKind.CHARGEBACK, DisputeState.CLOSED),
        ("won", DisputeKind.CHARGEBACK, DisputeState.WON),
    ],
)
def test_each_status_has_its_meaning(status: str, kind: DisputeKind, state: DisputeState) -> None:
    record = {
        "id": "dp_1",
        "status": status,
        "reason": "general",
        "amount": 500,
        "currency": "usd",
        "created": 1_790_000_000,
        "livemode": True,
    }
    assert (dispute_of(record).kind, dispute_of(record).state) == (kind, state)


@pytest.mark.parametrize(
    ("amount", "currency", "money"),
    [
        (500, "jpy", Money(500, "JPY")),
        (1_500, "kwd", Money(1_500, "KWD")),
        (50_000, "isk", Money(500, "ISK")),
    ],
)
def test_amounts_are_in_the_currencys_own_smallest_unit(
    amount: int, currency: str, money: Money
) -> None:
    record = {
        "id": "dp_1",
        "status": "lost",
        "amount": amount,
        "currency": currency,
        "created": 1_790_000_000,
    }
    assert dispute_of(record).amount == money


def test_a_change_of_an_old_dispute_is_seen_though_a_cursor_on_its_creation_would_miss_it(
    stripe: StripeServer, desk: DisputeDesk
) -> None:
    row = stripe.dispute(ago(desk, days=100))
    desk.read_all()
    desk.later(minutes=5)
    row["evidence_details"]["due_by"] += 86_400
    row["status"] = "under_review"
    desk.read_all()
    assert desk.stored()[row["id"]].state is DisputeState.UNDER_REVIEW


def test_an_open_dispute_older_than_the_window_is_read_by_its_id(
    stripe: StripeServer, desk: DisputeDesk
) -> None:
    row = stripe.dispute(ago(desk, days=170))
    desk.read_all()
    desk.later(days=20)
    row["status"] = "lost"
    desk.read_all()
    assert desk.stored()[row["id"]].state is DisputeState.LOST


def test_an_open_dispute_that_the_key_does_not_find_stays_open_with_its_date(
    stripe: StripeServer, desk: DisputeDesk, authority: Authority
) -> None:
    """A key of another account, or of test mode, was set: no deadline is erased, its reminders
    ring, and the owner is told. With the right key all is well again."""
    row = stripe.dispute(ago(desk, days=1))
    desk.read_all()
    ours, due_at = desk.account, desk.case(row["id"]).due_at
    with StripeServer(authority.leaf()) as other:
        other.wall = lambda: desk.now
        desk.account = replace(ours, settings={**ours.settings, "base_url": other.url})
        desk.later(minutes=5)
        desk.read_all()
        assert desk.case(row["id"]).is_ours
        assert desk.case(row["id"]).due_at == due_at
        assert desk.issues()[0].state is State.NEW
        reason = desk.left_out(Stream.DISPUTES)[row["id"]]
        assert reason == "it is not found with this key, so it stays here as it was"
    desk.account = ours
    desk.later(minutes=5)
    desk.read_all()
    assert desk.left_out(Stream.DISPUTES) == {}


def test_a_rehearsed_dispute_that_is_not_found_waits_for_nobody(
    stripe: StripeServer, desk: DisputeDesk
) -> None:
    """The owner tried it with a test key, and has set the live one since."""
    row = stripe.dispute(ago(desk, days=1), livemode=False)
    desk.read_all()
    del stripe.disputes[row["id"]]
    desk.later(minutes=5)
    desk.read_all()
    assert desk.stored()[row["id"]].deleted_at == desk.now
    assert desk.issues()[0].state is State.RESOLVED
    assert desk.left_out(Stream.DISPUTES) == {}


def test_an_old_dispute_whose_page_fails_holds_up_no_other(
    stripe: StripeServer, desk: DisputeDesk
) -> None:
    """It is older than the window, so it is asked for by its id."""
    old = stripe.dispute(ago(desk, days=179))
    desk.read_all()
    desk.later(days=2)
    new = stripe.dispute(ago(desk, hours=1))
    stripe.faults = [Fault(where=old["id"])] * 9
    desk.read_all()
    assert desk.case(new["id"]).is_ours
    assert list(desk.left_out(Stream.DISPUTES)) == [old["id"]]


def test_a_rehearsed_dispute_says_so_and_never_passes_quiet_hours(
    stripe: StripeServer, desk: DisputeDesk
) -> None:
    """No money moves in test mode: neither its tap nor a reminder of it wakes anybody."""
    desk.read_all()
    desk.later(minutes=10)
    row = stripe.dispute(ago(desk, minutes=5), livemode=False)
    desk.read_all()
    row["evidence_details"]["due_by"] = int((desk.now + timedelta(hours=20)).timestamp())
    desk.later(minutes=10)
    desk.read_all()
    watched = desk.engine
    watched.writer.do(lambda db: watched.disputing.remind(db, now=desk.now + timedelta(hours=15)))
    rang = desk.rang()
    assert len(rang) >= 2
    assert [one.title for one in rang if not one.title.startswith("Test: Chargeback")] == []
    assert not any(one.passes for one in rang)


def test_rehearsed_disputes_are_not_added_to_the_sum_of_real_ones(
    stripe: StripeServer, desk: DisputeDesk
) -> None:
    """On the card of a first reading; a rehearsal alone has a card that says so."""
    stripe.dispute(ago(desk, hours=2), livemode=False)
    stripe.dispute(ago(desk, hours=1))
    desk.read_all()
    assert [one.title for one in desk.rang()] == ["1 dispute to answer, $184.00 (shop)"]


def test_a_rehearsal_alone_has_a_card_that_says_so(stripe: StripeServer, desk: DisputeDesk) -> None:
    stripe.dispute(ago(desk, hours=2), livemode=False)
    desk.read_all()
    assert [one.title for one in desk.rang()] == ["Test: 1 dispute to answer, $184.00 (shop)"]


def test_the_first_reading_is_quiet_but_for_one_card_and_what_comes_later_rings(
    stripe: StripeServer, desk: DisputeDesk
) -> None:
    stripe.page = 3
    for day in range(8):
        stripe.dispute(ago(desk, days=day, hours=1))
    stripe.dispute(ago(desk, days=30), status="won")
    desk.read_all()
    assert [one.title for one in desk.rang()] == ["8 disputes to answer, $1,472.00 (shop)"]
    desk.later(minutes=5)
    stripe.dispute(desk.now)
    desk.read_all()
    assert [one.title.split(",")[0] for one in desk.rang()[1:]] == ["Chargeback"]


def test_a_warning_that_can_be_acted_on_proposes_a_refund_and_ends_when_it_is_given(
    stripe: StripeServer, desk: DisputeDesk
) -> None:
    desk.read_all()
    desk.later(minutes=5)
    row = stripe.warning(desk.now)
    desk.read_all()
    (told,) = desk.stored().values()
    assert (told.kind, told.amount) == (DisputeKind.ALERT, Money(18_400, "USD"))
    assert desk.issues()[0].subject == "Early fraud warning: $184.00 at Stripe"
    row["actionable"] = False
    stripe.charges[row["charge"]]["refunded"] = True
    stripe.charges[row["charge"]]["amount_refunded"] = 18_400
    desk.later(minutes=5)
    desk.read_all()
    assert desk.stored()[row["id"]].outcome_word == "refunded"
    assert desk.issues()[0].state is State.RESOLVED


def test_many_failed_charges_are_an_outage(stripe: StripeServer, desk: DisputeDesk) -> None:
    for day in range(1, 14):
        stripe.charge(ago(desk, days=day))
    desk.read_all()
    desk.later(minutes=5)
    for second in range(9):
        stripe.charge(
            ago(desk, seconds=20 * second),
            status="failed",
            paid=False,
            captured=False,
            failure_code="processing_error",
        )
    desk.read_all()
    (issue,) = desk.issues()
    assert issue.subject == "Payments fail at shop"
    assert '"processing_error"' in issue.preview
    place = desk.place(Stream.PAYMENTS)
    assert place is not None
    assert place.watermark == desk.now


def test_charges_that_fail_in_a_rehearsal_are_no_outage(
    stripe: StripeServer, desk: DisputeDesk
) -> None:
    """A card for trying is declined as often as somebody likes; nobody is woken for it."""
    desk.read_all()
    desk.later(minutes=5)
    for second in range(9):
        at = ago(desk, seconds=20 * second)
        stripe.charge(at, status="failed", paid=False, captured=False, livemode=False)
    desk.read_all()
    assert desk.issues() == []


@pytest.mark.parametrize("lacking", ["charges", "payment_intents"])
def test_a_key_that_may_not_read_charges_still_tells_disputes(
    stripe: StripeServer, desk: DisputeDesk, lacking: str
) -> None:
    stripe.may.discard(lacking)
    stripe.dispute(ago(desk, days=1))
    desk.read(stream=Stream.DISPUTES)
    (told,) = desk.stored().values()
    assert told.customer_email == ""
    assert len(told.payment_references) == 2


def test_a_key_that_lost_a_permission_takes_back_nothing_that_was_told_of_the_payment(
    stripe: StripeServer, desk: DisputeDesk
) -> None:
    """The buyer and the order's number stay known, and with them the issue's customer and order."""
    row = stripe.dispute(ago(desk, days=1))
    desk.read(stream=Stream.DISPUTES)
    before = desk.stored()[row["id"]]
    stripe.may -= {"charges", "payment_intents"}
    desk.later(minutes=5)
    desk.read(stream=Stream.DISPUTES)
    after = desk.stored()[row["id"]]
    assert before.customer_email
    assert before.order_number
    assert after == before


def test_a_missing_permission_is_named_with_what_does_not_work_without_it(
    stripe: StripeServer, desk: DisputeDesk
) -> None:
    stripe.may -= {"early_fraud_warnings"}
    source = desk.source()
    permits = source.check()
    source.close()
    assert [(one.scope, one.without) for one in permits.lacks] == [
        ("Radar: Read", "early fraud warnings are not seen")
    ]
    with pytest.raises(KnownError, match="may not read Stripe's early fraud warnings") as caught:
        desk.read(stream=Stream.WARNINGS)
    assert not isinstance(caught.value, SignInRefused), "all else goes on"


def test_a_wrong_key_pauses_the_account_and_is_never_shown(
    tmp_path: Path, stripe: StripeServer, authority: Authority
) -> None:
    desk = a_desk(tmp_path, stripe, authority, secret="rk_live_wrong_and_secret")
    with pytest.raises(SignInRefused) as caught:
        desk.read(stream=Stream.DISPUTES)
    assert "rk_live_wrong" not in caught.value.sentence
    desk.close()


def test_too_many_questions_are_asked_again_after_the_time_that_it_names(
    stripe: StripeServer, desk: DisputeDesk
) -> None:
    stripe.dispute(ago(desk, days=1))
    stripe.faults.append(Fault(status=429, headers={"Retry-After": "0"}))
    desk.read(stream=Stream.DISPUTES)
    assert len(desk.stored()) == 1


def test_a_record_that_cannot_be_read_is_named_until_it_can_and_the_others_are_kept(
    stripe: StripeServer, desk: DisputeDesk
) -> None:
    """It may have a deadline: an alert says so, once, and is taken back with the reason for it."""
    stripe.strict = False
    told = stripe.dispute(ago(desk, days=1), amount="a lot")
    stripe.dispute(ago(desk, days=2))
    for _ in range(2):
        desk.read(stream=Stream.DISPUTES)
        desk.later(minutes=5)
    assert list(desk.stored()) == ["dp_1002"]
    assert desk.left_out(Stream.DISPUTES) == {"dp_1001": "an amount is no number"}
    (alert,) = [one for one in desk.engine.writer.do(alerts.queued) if not one.issue_keys]
    assert alert.title == "shop: a dispute cannot be read"
    assert alert.body.startswith("dp_1001: an amount is no number. Look at it there")
    told["amount"] = 18_400
    desk.read(stream=Stream.DISPUTES)
    assert set(desk.stored()) == {"dp_1001", "dp_1002"}
    assert desk.left_out(Stream.DISPUTES) == {}
    assert all(one.issue_keys for one in desk.engine.writer.do(alerts.queued))


def test_a_list_that_leads_in_a_circle_is_an_error_and_not_an_endless_run(
    stripe: StripeServer, desk: DisputeDesk
) -> None:
    answer = b'{"object":"list","has_more":true,"data":[]}'
    stripe.faults.append(Fault(status=200, raw=answer))
    desk.read(stream=Stream.DISPUTES)
    assert desk.stored() == {}


def _fee(minor: int) -> dict[str, Any]:
    return {
        "id": "txn_1",
        "object": "balance_transaction",
        "amount": -18_400,
        "available_on": 1_790_000_000,
        "created": 1_790_000_000,
        "currency": "usd",
        "description": None,
        "exchange_rate": None,
        "fee": minor,
        "fee_details": [],
        "net": -19_900,
        "reporting_category": "dispute",
        "source": None,
        "status": "available",
        "type": "adjustment",
    }


# ---- What may happen between any two requests ----

_STATUSES = ("needs_response", "under_review", "won", "lost", "warning_needs_response")


def _change(server: StripeServer, desk: DisputeDesk, random: Random) -> None:
    """One thing that happens in the world."""
    what = random.randrange(7)
    rows = list(server.disputes.values())
    if what == 0 or not rows:
        server.dispute(ago(desk, minutes=random.randrange(60 * 24 * 150)))
    elif what == 1:
        server.dispute(desk.now)
    elif what == 2:
        random.choice(rows)["status"] = random.choice(_STATUSES)
    elif what == 3:
        random.choice(rows)["evidence_details"]["due_by"] += 3_600
    elif what == 4 and server.warnings:
        warning = random.choice(list(server.warnings.values()))
        warning["actionable"] = not warning["actionable"]
    elif what == 5:
        server.warning(desk.now)
    elif what == 6 and random.random() < 0.3:
        del server.disputes[random.choice(rows)["id"]]


_FAULTS = (
    Fault(status=500),
    Fault(status=429, headers={"Retry-After": "0"}),
    Fault(status=200, raw=b'{"object":"list","data":[', cut=20),
    Fault(status=503, after=True),
    Fault(status=200, raw=b"<html>maintenance</html>", content_type="text/html"),
)


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32))
def test_whatever_changes_fails_or_dies_in_between_local_is_server_and_each_event_comes_once(
    tmp_path_factory: pytest.TempPathFactory, authority: Authority, seed: int
) -> None:
    random = Random(seed)
    with StripeServer(authority.leaf()) as server:
        desk = a_desk(tmp_path_factory.mktemp("stripe"), server, authority)
        server.page = random.choice((2, 3, 100))
        for _ in range(random.randrange(12)):
            server.dispute(ago(desk, minutes=random.randrange(60 * 24 * 170)))

        def between() -> None:
            for _ in range(random.randrange(3)):
                _change(server, desk, random)

        server.between = between
        for _ in range(5):
            if random.random() < 0.5:
                server.faults.append(random.choice(_FAULTS))
            for stream in (Stream.DISPUTES, Stream.WARNINGS):
                with suppress(Unreachable):
                    desk.read(
                        stream=stream,
                        kill_after=random.choice((-1, -1, 0, 1)),
                        kill_before=random.choice((-1, -1, 0, 1)),
                    )
            desk.later(minutes=5)
        server.between = lambda: None
        server.faults.clear()
        desk.read_all()
        _agree(server, desk)
        desk.close()


def _agree(server: StripeServer, desk: DisputeDesk) -> None:
    stored = desk.stored()
    for id_, row in {**server.disputes, **server.warnings}.items():
        assert stored[id_] == _as_told(server, row)
    for id_, dispute in stored.items():
        if id_ not in server.disputes and id_ not in server.warnings:
            assert not dispute.state.is_open or id_ in {
                one
                for stream in (Stream.DISPUTES, Stream.WARNINGS)
                for one in desk.left_out(stream)
            }
    last: dict[str, str] = {}
    for id_, hash_ in desk.told():
        assert last.get(id_) != hash_, "an event came twice"
        last[id_] = hash_
    rung = [key for alert in desk.rang() if len(alert.issue_keys) == 1 for key in alert.issue_keys]
    for case in desk.cases():
        steps = [step for one in case.sources for step in one.life if step.state.is_ours]
        assert rung.count(case.issue_key) <= max(len(steps), 1) or not case.issue_key


def _as_told(server: StripeServer, row: dict[str, Any]) -> Dispute:
    whole = {**row, "charge": server.charges[row["charge"]]}
    if row["object"] == "dispute":
        whole["payment_intent"] = server.intents[row["payment_intent"]]
        return dispute_of(whole)
    return warning_of(whole)
