"""PayPal over TLS: what it tells becomes disputes; nothing slips between two pages."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.account import AccountType
from app.domain.dispute import DisputeKind, DisputeReason, DisputeState
from app.domain.errors import SignInRefused, Unreachable
from app.domain.feed import Stream
from app.domain.journal import State
from app.domain.money import Money
from app.platforms.paypal_records import dispute_of
from app.storage import orders
from tests.support.certificates import Authority
from tests.support.dispute_desk import DisputeDesk
from tests.support.paypal_server import CLIENT_ID, SECRET, PayPalServer
from tests.support.platform_server import Fault
from tests.support.storage import an_order


@pytest.fixture
def paypal(authority: Authority) -> Iterator[PayPalServer]:
    with PayPalServer(authority.leaf()) as server:
        yield server


def a_desk(
    folder: Path, server: PayPalServer, authority: Authority, *, secret: str = SECRET
) -> DisputeDesk:
    given = {**server.settings, "ca_file": str(authority.ca_file)}
    desk = DisputeDesk(folder, AccountType.PAYPAL, given, secret)
    server.wall = lambda: desk.now
    desk.watch_events()
    return desk


@pytest.fixture
def desk(tmp_path: Path, paypal: PayPalServer, authority: Authority) -> Iterator[DisputeDesk]:
    made = a_desk(tmp_path, paypal, authority)
    yield made
    made.close()


def ago(desk: DisputeDesk, **length: float) -> Any:
    return desk.now - timedelta(**length)


def test_a_dispute_is_told_whole(paypal: PayPalServer, desk: DisputeDesk) -> None:
    row = paypal.dispute(ago(desk, days=2))
    desk.read_all()
    (told,) = desk.stored().values()
    assert told.platform_id == row["dispute_id"]
    assert (told.kind, told.state) == (DisputeKind.CLAIM, DisputeState.NEEDS_RESPONSE)
    assert (told.reason, told.amount) == (DisputeReason.NOT_RECEIVED, Money(9_600, "EUR"))
    assert told.due_at == ago(desk, days=2) + timedelta(days=10)
    assert told.payment_references == ("1001AB", "1001CD")
    assert told.order_number == "WC-1001"
    assert told.url == "https://www.paypal.com/resolutioncenter/view/PP-R-PLY-1001"


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ({"dispute_state": "REQUIRED_OTHER_PARTY_ACTION"}, DisputeState.UNDER_REVIEW),
        ({"dispute_state": "UNDER_PAYPAL_REVIEW"}, DisputeState.UNDER_REVIEW),
        ({"dispute_state": "APPEALABLE"}, DisputeState.NEEDS_DECISION),
        ({"dispute_state": "OPEN_INQUIRIES", "status": "OPEN"}, DisputeState.NEEDS_RESPONSE),
        ({"status": "RESOLVED", "outcome": "RESOLVED_SELLER_FAVOUR"}, DisputeState.WON),
        ({"status": "RESOLVED", "outcome": "RESOLVED_BUYER_FAVOUR"}, DisputeState.LOST),
        ({"status": "RESOLVED", "outcome": "CANCELED_BY_BUYER"}, DisputeState.CLOSED),
        ({"status": "WAITING_FOR_THE_MOON"}, DisputeState.UNKNOWN),
    ],
)
def test_each_state_has_its_meaning_and_an_unknown_one_needs_a_look(
    told: dict[str, str], state: DisputeState
) -> None:
    record: dict[str, Any] = {
        "dispute_id": "PP-1",
        "create_time": "2026-11-01T10:00:00.000Z",
        "dispute_amount": {"currency_code": "JPY", "value": "500"},
        "dispute_outcome": {"outcome_code": told.pop("outcome", "")},
        **told,
    }
    assert dispute_of(record).state is state
    assert dispute_of(record).amount == Money(500, "JPY")


@pytest.mark.parametrize(
    ("channel", "stage", "kind"),
    [
        ("INTERNAL", "INQUIRY", DisputeKind.INQUIRY),
        ("INTERNAL", "CHARGEBACK", DisputeKind.CLAIM),
        ("INTERNAL", "PRE_ARBITRATION", DisputeKind.APPEAL),
        ("INTERNAL", "ARBITRATION", DisputeKind.APPEAL),
        ("EXTERNAL", "CHARGEBACK", DisputeKind.CHARGEBACK),
        ("EXTERNAL", "PRE_ARBITRATION", DisputeKind.PRE_ARBITRATION),
        ("EXTERNAL", "ARBITRATION", DisputeKind.ARBITRATION),
    ],
)
def test_a_claim_that_paypal_decides_is_no_banks_chargeback_and_the_shops_appeal_no_second_one(
    channel: str, stage: str, kind: DisputeKind
) -> None:
    """PayPal calls both stages alike, by names that frighten who does not know them."""
    record = {
        "dispute_id": "PP-1",
        "create_time": "2026-11-01T10:00:00.000Z",
        "dispute_amount": {"currency_code": "EUR", "value": "96.00"},
        "dispute_channel": channel,
        "dispute_life_cycle_stage": stage,
    }
    assert dispute_of(record).kind is kind


def test_an_alert_is_an_early_warning(paypal: PayPalServer, desk: DisputeDesk) -> None:
    paypal.dispute(ago(desk, hours=1), dispute_channel="ALERT")
    desk.read_all()
    assert desk.issues()[0].subject == "Early fraud warning: €96.00 at PayPal"


def test_its_payment_finds_its_order(paypal: PayPalServer, desk: DisputeDesk) -> None:
    order = an_order("#55", total=Money(9_600, "EUR"), payment_references=("1001AB",))
    desk.engine.writer.do(lambda db: orders.upsert(db, order))
    paypal.dispute(ago(desk, hours=1))
    desk.read_all()
    assert desk.issues()[0].order_number == "#55"


def test_its_invoice_finds_the_order_where_a_shop_program_wrote_it_with_a_word_before(
    paypal: PayPalServer, desk: DisputeDesk
) -> None:
    order = an_order("1001", total=Money(9_600, "EUR"))
    desk.engine.writer.do(lambda db: orders.upsert(db, order))
    paypal.dispute(ago(desk, hours=1))
    desk.read_all()
    assert desk.issues()[0].order_number == "1001"


def test_the_180_day_window_a_bound_ages_before_it_arrives_and_is_clamped(
    paypal: PayPalServer, desk: DisputeDesk
) -> None:
    """airbyte#76626: now - 180 days is too long ago when the server reads it."""
    paypal.dispute(ago(desk, days=178))
    paypal.ahead = timedelta(hours=12)
    desk.read_all()
    assert len(desk.stored()) == 1
    refused = [one for one in paypal.asked if one.path.endswith("/disputes")]
    assert len(refused) == 1, "the first question was not refused"


def test_the_180_day_window_after_a_longer_absence_all_is_read_without_a_bound(
    paypal: PayPalServer, desk: DisputeDesk
) -> None:
    row = paypal.dispute(ago(desk, days=1))
    desk.read_all()
    desk.later(days=200)
    paypal.change(row, status="RESOLVED", dispute_state="RESOLVED")
    paypal.asked.clear()
    desk.read_all()
    assert desk.stored()[row["dispute_id"]].state is DisputeState.CLOSED
    lists = [one.query for one in paypal.asked if one.path.endswith("/disputes")]
    assert all("update_time_after" not in query for query in lists)


def test_a_change_is_seen_and_an_unchanged_open_dispute_is_looked_at_again(
    paypal: PayPalServer, desk: DisputeDesk
) -> None:
    rows = [paypal.dispute(ago(desk, days=n)) for n in (20, 10, 1)]
    desk.read_all()
    desk.later(minutes=30)
    paypal.change(rows[0], status="UNDER_REVIEW", dispute_state="UNDER_PAYPAL_REVIEW")
    paypal.asked.clear()
    desk.read_all()
    assert desk.stored()[rows[0]["dispute_id"]].state is DisputeState.UNDER_REVIEW
    asked = {one.path.rpartition("/")[2] for one in paypal.asked}
    assert {row["dispute_id"] for row in rows} <= asked


def test_what_changes_while_pages_are_turned_slips_through_nowhere(
    paypal: PayPalServer, desk: DisputeDesk
) -> None:
    """Tokens mean a place in the list as it is then; an upper bound would take rows out of it."""
    rows = [paypal.dispute(ago(desk, hours=n + 1)) for n in range(35)]
    lists = 0

    def move() -> None:
        nonlocal lists
        if paypal.asked[-1].path.endswith("/disputes"):
            lists += 1
            if lists == 2:
                for row in rows[:7]:
                    paypal.change(row, seller_response_due_date="2026-12-24T10:00:00.000Z")

    paypal.between = move
    desk.read_all()
    assert len(desk.stored()) == 35


def test_an_open_dispute_that_is_not_found_stays_open_and_is_told(
    paypal: PayPalServer, desk: DisputeDesk
) -> None:
    row = paypal.dispute(ago(desk, days=1))
    desk.read_all()
    desk.later(minutes=30)
    del paypal.disputes[row["dispute_id"]]
    desk.read_all()
    assert desk.case(row["dispute_id"]).is_ours
    assert desk.issues()[0].state is State.NEW
    assert list(desk.left_out(Stream.DISPUTES)) == [row["dispute_id"]]


def _without_page(paypal: PayPalServer, row: dict[str, Any], status: int) -> None:
    """From now on this dispute's own page fails."""
    where = Fault(status=status, where=row["dispute_id"], raw=b'{"name": "X", "message": "x"}')
    paypal.faults = [where] * 50


@pytest.mark.parametrize("status", [500, 400, 422, 403, 401])
def test_a_dispute_whose_own_page_fails_is_kept_as_listed_and_holds_up_no_other(
    paypal: PayPalServer, desk: DisputeDesk, status: int
) -> None:
    """Its amount and its date are in the list; the owner is told, until its page is there."""
    rows = [paypal.dispute(ago(desk, hours=hours)) for hours in (3, 2, 1)]
    bad = rows[1]["dispute_id"]
    _without_page(paypal, rows[1], status)
    desk.read_all()
    stored = desk.stored()
    assert len(stored) == 3
    assert stored[bad].amount == Money(9_600, "EUR")
    assert stored[bad].due_at == stored[bad].opened_at + timedelta(days=10)
    assert list(desk.left_out(Stream.DISPUTES)) == [bad]
    desk.later(hours=1)
    desk.read_all()
    paypal.faults.clear()
    desk.later(hours=1)
    desk.read_all()
    assert desk.left_out(Stream.DISPUTES) == {}
    assert desk.stored()[bad].payment_references != ()


def test_the_end_of_a_dispute_whose_page_failed_is_asked_for_again(
    paypal: PayPalServer, desk: DisputeDesk
) -> None:
    """The list says only that it is over; who won stands on its page. Its payment is not lost."""
    row = paypal.dispute(ago(desk, days=1))
    desk.read_all()
    desk.later(minutes=30)
    outcome = {"outcome_code": "RESOLVED_SELLER_FAVOUR"}
    paypal.change(row, status="RESOLVED", dispute_state="RESOLVED", dispute_outcome=outcome)
    _without_page(paypal, row, 500)
    desk.read_all()
    (told,) = desk.stored().values()
    assert told.state is DisputeState.CLOSED
    assert told.payment_references != ()
    paypal.faults.clear()
    desk.later(minutes=30)
    desk.read_all()
    (told,) = desk.stored().values()
    assert told.state is DisputeState.WON
    assert desk.left_out(Stream.DISPUTES) == {}


def test_a_paypal_that_is_down_as_a_whole_still_ends_the_run(
    paypal: PayPalServer, desk: DisputeDesk
) -> None:
    """The list is answered, then nothing more: no dispute is taken for one without a page."""
    paypal.dispute(ago(desk, hours=1))

    def down() -> None:
        if len(paypal.asked) > 2:  # the token and the list
            paypal.faults = [Fault(status=500)]

    paypal.between = down
    with pytest.raises(Unreachable):
        desk.read_all()
    assert desk.left_out(Stream.DISPUTES) == {}


def test_a_token_that_ended_early_is_renewed_once(paypal: PayPalServer, desk: DisputeDesk) -> None:
    paypal.dispute(ago(desk, days=1))
    source = desk.source()
    desk.read_all(source)
    paypal.tokens.clear()
    desk.later(minutes=5)
    desk.read_all(source)
    source.close()
    assert sum(one.path.endswith("/token") for one in paypal.asked) == 2


def test_a_token_is_used_until_shortly_before_its_end(
    paypal: PayPalServer, desk: DisputeDesk
) -> None:
    source = desk.source()
    for hours in (0, 4, 4, 0.9, 0.1):
        desk.later(hours=hours)
        desk.read_all(source)
    source.close()
    assert sum(one.path.endswith("/token") for one in paypal.asked) == 2


def test_a_missing_scope_is_named_and_a_reading_without_it_pauses_the_account(
    paypal: PayPalServer, desk: DisputeDesk
) -> None:
    paypal.scopes.clear()
    source = desk.source()
    (lack,) = source.check().lacks
    assert "Disputes" in lack.scope
    with pytest.raises(SignInRefused):
        desk.read_all(source)
    source.close()


def test_a_wrong_secret_is_refused_and_never_shown(
    tmp_path: Path, paypal: PayPalServer, authority: Authority
) -> None:
    desk = a_desk(tmp_path, paypal, authority, secret="wrong-and-secret")
    with pytest.raises(SignInRefused) as caught:
        desk.read_all()
    assert "wrong-and-secret" not in caught.value.sentence
    assert CLIENT_ID not in caught.value.sentence
    desk.close()


def test_a_refusal_is_logged_with_its_debug_id(
    paypal: PayPalServer, desk: DisputeDesk, caplog: pytest.LogCaptureFixture
) -> None:
    paypal.scopes.clear()
    with caplog.at_level(logging.WARNING), pytest.raises(SignInRefused, match="b1d1f06c7246c"):
        desk.read_all()
    assert "debug_id b1d1f06c7246c" in caplog.text


_MOVES: tuple[dict[str, Any], ...] = (
    {"status": "UNDER_REVIEW", "dispute_state": "UNDER_PAYPAL_REVIEW"},
    {"status": "WAITING_FOR_SELLER_RESPONSE", "dispute_state": "REQUIRED_ACTION"},
    {"status": "RESOLVED", "dispute_state": "RESOLVED"},
    {"dispute_life_cycle_stage": "PRE_ARBITRATION"},
)
_FAULTS = (
    Fault(status=500),
    Fault(status=429, headers={"Retry-After": "0"}),
    Fault(status=200, raw=b'{"items":[', cut=5),
    Fault(status=503, after=True),
)


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32))
def test_whatever_changes_fails_or_dies_in_between_local_is_server_and_each_event_comes_once(
    tmp_path_factory: pytest.TempPathFactory, authority: Authority, seed: int
) -> None:
    random = Random(seed)
    with PayPalServer(authority.leaf()) as server:
        desk = a_desk(tmp_path_factory.mktemp("paypal"), server, authority)
        server.page = random.choice((2, 3, 50))
        for _ in range(random.randrange(12)):
            server.dispute(ago(desk, minutes=random.randrange(60 * 24 * 170)))

        def between() -> None:
            if random.random() < 0.3:
                rows = list(server.disputes.values())
                if not rows or random.random() < 0.3:
                    server.dispute(desk.now)
                else:
                    server.change(random.choice(rows), **random.choice(_MOVES))
            desk.later(seconds=1)

        server.between = between
        for _ in range(5):
            if random.random() < 0.5:
                server.faults.append(random.choice(_FAULTS))
            with suppress(Unreachable):
                desk.read(
                    stream=Stream.DISPUTES,
                    kill_after=random.choice((-1, -1, 0, 1)),
                    kill_before=random.choice((-1, -1, 0, 1)),
                )
            desk.later(minutes=5)
        server.between = lambda: None
        server.faults.clear()
        desk.read_all()
        stored = desk.stored()
        assert stored == {id_: dispute_of(row) for id_, row in server.disputes.items()}
        last: dict[str, str] = {}
        for id_, hash_ in desk.told():
            assert last.get(id_) != hash_, "an event came twice"
            last[id_] = hash_
        desk.close()
