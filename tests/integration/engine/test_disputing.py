"""Disputes as issues: where each goes, what it says, when it rings, and what ends it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.alert import Alert
from app.domain.assessment import Kind, Severity
from app.domain.deadline import Metric
from app.domain.dispute import DisputeKind, DisputeState
from app.domain.feed import FeedPlace, Page, Stream
from app.domain.journal import State
from app.domain.money import Money
from app.domain.owner_rule import Deed, OwnerRule, When
from app.domain.views import InboxRow
from app.storage import alerts, disputes, orders
from app.storage.connection import Connection
from tests.support.disputes import TODAY, a_dispute, a_failed_payment, a_warning
from tests.support.engine import NOON, Engine, a_letter
from tests.support.provider import Provider
from tests.support.storage import an_order

_PLACE = FeedPlace(watermark=TODAY)
_DP = "dp_1NqkQfLkdIwHu7ixraBm864Z"


@pytest.fixture
def provider(engine: Engine) -> Provider:
    return Provider(engine)


def rang(engine: Engine) -> list[Alert]:
    return list(engine.writer.do(lambda db: alerts.recent(db, NOON - timedelta(days=90))))


def only(engine: Engine) -> InboxRow:
    (row,) = engine.rows()
    return row


def buys(engine: Engine, number: str = "MM-10227", **given: object) -> None:
    order = an_order(
        number,
        customer_name="Ben Costa",
        customer_email="ben@customer.example",
        total=Money(18_400, "USD"),
        placed_at=NOON - timedelta(days=20),
        **given,
    )
    engine.writer.do(lambda db: orders.upsert(db, order))


def test_a_dispute_opens_an_issue_at_once_with_amount_reason_and_the_providers_deadline(
    engine: Engine, provider: Provider
) -> None:
    changes = provider.tells(a_dispute())
    row = only(engine)
    assert row.key in changes.added
    assert (row.kind, row.severity, row.state) == (Kind.DISPUTE, Severity.HIGH, State.NEW)
    assert row.subject == "Chargeback: $184.00 at Stripe"
    assert "nothing arrived" in row.preview
    assert row.deadline_at == TODAY + timedelta(days=7)
    view = engine.issue(row.key)
    clocks = {one.metric: one.planned_at for one in view.deadlines}
    assert clocks == {
        Metric.PROVIDER_CLOCK: TODAY + timedelta(days=7),
        Metric.INTERNAL_CLOCK: TODAY + timedelta(days=7) - timedelta(hours=6),
    }
    assert sum(reason.points for reason in view.reasons) == row.score
    assert any("7 days more" in reason.because for reason in view.reasons)
    (alert,) = rang(engine)
    assert alert.title.startswith("Chargeback, $184.00, answer by")


def test_a_rule_is_asked_when_a_dispute_opens_and_makes_it_no_less_bad(
    engine: Engine, provider: Provider
) -> None:
    """Platforms' issues are ruled as mails are; the provider's own date still decides."""
    engine.book.keep(
        [
            OwnerRule(
                name="Big ones",
                condition="disputed > 100 and has_dispute",
                when=(When.DISPUTE,),
                then=Deed(tags=("bank",), assign="Mara", severity=Severity.LOW, mute=True),
            )
        ]
    )
    provider.tells(a_dispute())
    view = engine.issue(only(engine).key)
    assert (view.tags, view.row.assignee, view.row.severity) == (("bank",), "Mara", Severity.HIGH)
    assert len(rang(engine)) == 1  # a dispute rings whatever a rule says


def test_a_dispute_with_three_days_left_is_critical_and_scores_more_each_day(
    engine: Engine, provider: Provider
) -> None:
    provider.tells(a_dispute(due_at=TODAY + timedelta(days=10)))
    scores = [only(engine).score]
    for _ in range(2):
        engine.clock.forward(days=4)
        engine.watch.look()
        scores.append(only(engine).score)
    assert only(engine).severity is Severity.CRITICAL
    assert scores == sorted(set(scores))


def test_an_unknown_due_date_says_verify_and_is_no_deadline(
    engine: Engine, provider: Provider
) -> None:
    provider.tells(a_dispute(due_at=None))
    row = only(engine)
    assert row.deadline_at is None
    assert engine.issue(row.key).deadlines == ()
    assert any("verify it there" in one.because for one in engine.issue(row.key).reasons)
    assert len(rang(engine)) == 1


def test_an_unknown_status_needs_a_look(engine: Engine, provider: Provider) -> None:
    provider.tells(a_dispute(state=DisputeState.UNKNOWN, state_word="appeal_lodged"))
    assert only(engine).state is State.NEW
    assert only(engine).severity is Severity.HIGH


def test_a_dispute_joins_the_issue_about_its_order(engine: Engine, provider: Provider) -> None:
    buys(engine, payment_references=("pi_1001",))
    engine.receive(a_letter())
    before = only(engine).key
    provider.tells(a_dispute())
    row = only(engine)
    assert row.kind is Kind.DISPUTE
    assert row.second_kind is Kind.DAMAGED
    assert row.order_number == "MM-10227"
    assert engine.issue(before).row.key == row.key, "the key that it had still finds it"


def test_a_dispute_without_an_order_joins_what_its_buyer_has_open(
    engine: Engine, provider: Provider
) -> None:
    engine.receive(a_letter("Where are my mugs? It has been a month."))
    provider.tells(a_dispute(customer_email="Ben@customer.example"))
    assert only(engine).message_count == 1


def test_a_dispute_of_an_order_that_is_told_later_finds_it(
    engine: Engine, provider: Provider
) -> None:
    provider.tells(a_dispute())
    assert only(engine).order_number == ""
    buys(engine, payment_references=("ch_1001",))
    provider.tells(a_dispute())
    row = only(engine)
    assert (row.order_number, row.customer.email) == ("MM-10227", "ben@customer.example")


def a_notice(text: str) -> bytes:
    return a_letter(
        text,
        subject="A customer has disputed a payment of 184.00 USD",
        sender="Payments <disputes@provider.example>",
        message_id="<notice@provider.example>",
        Auto_Submitted="auto-generated",
    )


def test_a_notice_that_comes_before_the_dispute_is_joined_and_rings_only_once(
    engine: Engine, provider: Provider
) -> None:
    engine.receive(a_notice(f"The bank opened a dispute. Dispute {_DP}, 184.00 USD."))
    engine.clock.forward(minutes=4)
    provider.tells(a_dispute(_DP, due_at=TODAY + timedelta(days=2)))
    row = only(engine)
    assert (row.message_count, row.suspicious) == (1, False)
    assert row.severity is Severity.CRITICAL
    assert row.deadline_at == TODAY + timedelta(days=2)
    assert len(rang(engine)) == 1


def test_a_notice_that_comes_after_the_dispute_is_joined_and_does_not_ring(
    engine: Engine, provider: Provider
) -> None:
    provider.tells(a_dispute(_DP))
    engine.clock.forward(minutes=4)
    engine.receive(a_notice(f"The bank opened a dispute. Dispute {_DP}, 184.00 USD."))
    assert only(engine).message_count == 1
    assert len(rang(engine)) == 1
    assert "names the dispute" in engine.issue(only(engine).key).messages[0].joined_because


def test_a_notice_about_another_dispute_stays_apart(engine: Engine, provider: Provider) -> None:
    provider.tells(a_dispute(_DP))
    engine.receive(a_notice("The bank opened a dispute. Dispute dp_9ZZZZZZZZZZZZZZ, 12.00 USD."))
    assert len(engine.rows()) == 2


def test_what_the_provider_decides_then_is_followed_and_ends_the_deadline(
    engine: Engine, provider: Provider
) -> None:
    provider.tells(a_dispute())
    engine.clock.forward(days=1)
    review = a_dispute(state=DisputeState.UNDER_REVIEW, state_word="under_review")
    provider.tells(review)
    assert only(engine).state is State.WAITING
    assert only(engine).deadline_at is None
    clocks = engine.issue(only(engine).key).deadlines
    assert {one.metric: one.met_at for one in clocks} == {
        Metric.PROVIDER_CLOCK: engine.clock.now(),
        Metric.INTERNAL_CLOCK: engine.clock.now(),
    }
    engine.clock.forward(days=30)
    provider.tells(replace(review, state=DisputeState.WON, state_word="won"))
    row = only(engine)
    assert row.state is State.RESOLVED
    (case,) = engine.issue(row.key).disputes
    assert [step.state for step in case.sources[0].life] == [
        DisputeState.NEEDS_RESPONSE,
        DisputeState.UNDER_REVIEW,
        DisputeState.WON,
    ]
    assert len(rang(engine)) == 1, "none of that is worth a tap"


def test_a_deadline_that_passed_unanswered_is_noted_as_broken(
    engine: Engine, provider: Provider
) -> None:
    provider.tells(a_dispute())
    engine.clock.forward(days=8)
    engine.watch.look()
    provider.tells(a_dispute(state=DisputeState.LOST, state_word="lost"))
    clocks = engine.issue(only(engine).key).deadlines
    assert [one.breached_at for one in clocks] == [one.planned_at for one in clocks]
    assert only(engine).state is State.RESOLVED


def test_a_persons_decision_stands_until_the_dispute_goes_a_step_further(
    engine: Engine, provider: Provider
) -> None:
    provider.tells(a_dispute(kind=DisputeKind.INQUIRY))
    key = only(engine).key
    engine.clock.forward(hours=1)
    engine.desk.resolve(key)
    engine.clock.forward(hours=1)
    provider.tells(a_dispute(kind=DisputeKind.INQUIRY, evidence_saved=True))
    assert only(engine).state is State.RESOLVED
    engine.clock.forward(hours=1)
    provider.tells(a_dispute(kind=DisputeKind.CHARGEBACK))
    assert only(engine).state is State.NEW
    assert len(rang(engine)) == 2


def test_an_issue_that_a_person_brought_back_stays_when_the_dispute_was_over_before(
    engine: Engine, provider: Provider
) -> None:
    provider.tells(a_dispute())
    engine.clock.forward(days=1)
    provider.tells(a_dispute(state=DisputeState.WON))
    engine.clock.forward(hours=1)
    engine.desk.reopen(only(engine).key)
    engine.watch.look()
    assert only(engine).state is State.ACKNOWLEDGED


def test_reminders_ring_from_what_is_stored_at_72_and_24_hours_and_at_the_own_deadline(
    engine: Engine, provider: Provider
) -> None:
    provider.tells(a_dispute())
    for hours in range(1, 7 * 24):
        engine.clock.at = NOON + timedelta(hours=hours)
        engine.watch.look()
    bells = [(one.created_at, one.title) for one in rang(engine)[1:]]
    due = TODAY + timedelta(days=7)
    assert bells == [
        (due - timedelta(hours=72), "Chargeback, $184.00: 3 days left"),
        (due - timedelta(hours=24), "Chargeback, $184.00: 24 hours left"),
        (due - timedelta(hours=6), "Chargeback, $184.00: 6 hours left"),
    ]


def test_a_date_that_passed_while_the_machine_slept_is_told_at_waking(
    engine: Engine, provider: Provider
) -> None:
    provider.tells(a_dispute())
    engine.clock.forward(days=8)
    engine.watch.look()
    engine.watch.look()
    assert [one.title for one in rang(engine)][1:] == [
        "Chargeback, $184.00: the last date has passed"
    ]


def test_a_dispute_that_joins_what_somebody_has_in_hand_rings_once(
    engine: Engine, provider: Provider
) -> None:
    """They know of the mail; of the chargeback that came later they know nothing."""
    buys(engine)
    engine.receive(a_letter())
    engine.desk.acknowledge(only(engine).key)
    before = len(rang(engine))
    engine.clock.forward(hours=1)
    opened = engine.clock.now()
    provider.tells(a_dispute(order_number="MM-10227", opened_at=opened))
    provider.tells(a_dispute(order_number="MM-10227", opened_at=opened))
    assert only(engine).state is State.ACKNOWLEDGED
    assert len(rang(engine)) == before + 1


def test_the_issue_is_worse_at_the_moment_of_its_reminder(
    engine: Engine, provider: Provider
) -> None:
    provider.tells(a_dispute())
    engine.clock.at = TODAY + timedelta(days=7) - timedelta(hours=72)
    now = engine.clock.now()
    changes = engine.writer.do(lambda db: engine.disputing.remind(db, now=now))
    assert only(engine).severity is Severity.CRITICAL
    assert only(engine).key in changes.issues


def test_after_a_long_sleep_only_the_nearest_reminder_rings(
    engine: Engine, provider: Provider
) -> None:
    provider.tells(a_dispute())
    engine.clock.forward(days=6, hours=12)
    engine.watch.look()
    engine.watch.look()
    assert [one.title for one in rang(engine)[1:]] == ["Chargeback, $184.00: 12 hours left"]


def test_a_reminder_whose_transaction_failed_comes_with_the_next_look(
    engine: Engine, provider: Provider
) -> None:
    """Also though nothing is looked up between two dates."""
    provider.tells(a_dispute())
    engine.watch.look()
    engine.clock.at = TODAY + timedelta(days=4, minutes=1)

    def fails(db: Connection) -> None:
        engine.disputing.remind(db, now=engine.clock.now())
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError):
        engine.writer.do(fails)
    engine.clock.forward(seconds=5)
    engine.watch.look()
    assert [one.title for one in rang(engine)][1:] == ["Chargeback, $184.00: 2 days left"]


def test_what_is_brought_back_after_its_date_came_near_is_reminded_of(
    engine: Engine, provider: Provider
) -> None:
    provider.tells(a_dispute())
    engine.clock.forward(hours=1)
    engine.desk.resolve(only(engine).key)
    engine.clock.forward(days=5)
    engine.watch.look()
    (put_away,) = engine.rows("all")
    engine.desk.reopen(put_away.key)
    engine.clock.forward(minutes=1)
    engine.watch.look()
    assert [one.title for one in rang(engine)][1:] == ["Chargeback, $184.00: 46 hours left"]


def test_a_date_that_is_moved_nearer_is_reminded_of_at_once(
    engine: Engine, provider: Provider
) -> None:
    provider.tells(a_dispute())
    engine.clock.forward(hours=1)
    engine.watch.look()
    due_at = engine.clock.now() + timedelta(hours=30)
    provider.tells(a_dispute(due_at=due_at, updated_at=engine.clock.now()))
    engine.watch.look()
    assert [one.title for one in rang(engine)][-1] == "Chargeback, $184.00: 30 hours left"


def test_a_person_who_put_it_away_is_not_reminded(engine: Engine, provider: Provider) -> None:
    provider.tells(a_dispute())
    engine.clock.forward(hours=1)
    engine.desk.resolve(only(engine).key)
    engine.clock.forward(days=6)
    engine.watch.look()
    assert len(rang(engine)) == 1


def test_an_early_warning_proposes_a_refund_with_the_sum_and_the_dispute_after_it_joins(
    engine: Engine, provider: Provider
) -> None:
    provider.tells(a_warning(), stream=Stream.WARNINGS)
    row = only(engine)
    said = [one.because for one in engine.issue(row.key).reasons if one.factor == "early_warning"]
    assert "80% of such warnings" in said[0]
    assert "a full refund of $184.00 now ends it" in said[0]
    assert "$159.20 on average, its fee of $15.00 included" in said[0]
    assert len(rang(engine)) == 1
    engine.clock.forward(days=1)
    provider.tells(a_dispute())
    provider.tells(
        a_warning(state=DisputeState.CLOSED, state_word="not actionable"), stream=Stream.WARNINGS
    )
    (view,) = (engine.issue(one.key) for one in engine.rows())
    assert [case.dispute.kind for case in view.disputes] == [
        DisputeKind.CHARGEBACK,
        DisputeKind.ALERT,
    ]
    assert "early_warning" not in {one.factor for one in view.reasons}


def test_what_the_first_reading_finds_open_is_on_one_card_and_what_is_over_is_only_counted(
    engine: Engine, provider: Provider
) -> None:
    provider.tells(
        *(a_dispute(f"dp_{n}", payment_references=()) for n in range(5)),
        a_dispute("dp_soon", payment_references=(), due_at=TODAY + timedelta(hours=20)),
        a_dispute("dp_won", state=DisputeState.WON, payment_references=()),
        history=True,
    )
    assert len(engine.rows()) == 6
    (card,) = rang(engine)
    assert card.title == "6 disputes to answer, $1,104.00 (Payments)"
    assert "and 3 more" in card.body
    assert len(card.issue_keys) == 6
    engine.clock.forward(minutes=10)
    engine.watch.look()
    assert len(rang(engine)) == 1
    assert len(engine.writer.do(disputes.every)) == 7


def test_what_the_card_of_a_first_reading_only_counts_is_named_before_its_date(
    engine: Engine, provider: Provider
) -> None:
    """Six have two days left: three are named on the card, the others by their own reminders."""
    due_at = TODAY + timedelta(hours=50)
    provider.tells(
        *(a_dispute(f"dp_{n}", payment_references=(), due_at=due_at) for n in range(6)),
        history=True,
    )
    engine.clock.forward(minutes=10)
    engine.watch.look()
    engine.watch.look()
    card, *reminders = rang(engine)
    assert "and 3 more" in card.body
    assert [one.title for one in reminders] == ["Chargeback, $184.00: 2 days left"] * 3
    counted = set(card.issue_keys[3:])
    assert {key for one in reminders for key in one.issue_keys} == counted


def test_the_same_chargeback_from_the_shop_and_the_provider_is_one_issue_with_one_tap(
    engine: Engine, provider: Provider
) -> None:
    provider.tells(a_dispute())
    provider.tells(a_dispute("77", platform="shopify"))
    (case,) = engine.issue(only(engine).key).disputes
    assert len(case.sources) == 2
    assert len(rang(engine)) == 1


def test_a_mail_to_the_customer_leaves_the_provider_waiting_for_us(
    engine: Engine, provider: Provider
) -> None:
    buys(engine, payment_references=("pi_1001",))
    provider.tells(a_dispute())
    key = only(engine).key
    answer = engine.writing.send_reply(key, body="We are sorry. What happened?")
    assert answer["reply"]
    engine.clock.forward(minutes=2)
    engine.outbox().step()
    assert only(engine).state is State.ACKNOWLEDGED
    sent = engine.connections.post.sent[0]
    assert b"Your order MM-10227" in sent
    assert b"ben@customer.example" in sent
    assert b"Chargeback" not in sent


def test_many_payments_that_fail_at_once_are_an_outage_that_rings_once_and_ends_by_itself(
    engine: Engine, provider: Provider
) -> None:
    def fail(*numbers: int) -> None:
        now = engine.clock.now()
        told = tuple(a_failed_payment(n, now - timedelta(seconds=n % 7)) for n in numbers)
        provider.takes(Page(stream=Stream.PAYMENTS, place=_PLACE, payments=told, complete=True))

    fail(1, 2)
    assert engine.rows() == []
    engine.clock.forward(minutes=5)
    fail(*range(3, 10))
    row = only(engine)
    assert (row.kind, row.severity) == (Kind.SITE_ACCOUNT, Severity.CRITICAL)
    assert row.subject == "Payments fail at Payments"
    engine.clock.forward(minutes=5)
    fail(*range(10, 20))
    assert len(rang(engine)) == 1
    (incident,) = engine.queries.overview(now=engine.clock.now()).incidents
    assert (incident.sort, incident.issues) == ("payments", 1)
    engine.clock.forward(minutes=31)
    engine.watch.look()
    assert only(engine).state is State.RESOLVED


def test_a_shop_in_which_payments_often_fail_does_not_ring_for_its_usual_number(
    engine: Engine, provider: Provider
) -> None:
    usual = tuple(a_failed_payment(n, NOON - timedelta(minutes=4 * n + 20)) for n in range(2_000))
    page = Page(stream=Stream.PAYMENTS, place=_PLACE, payments=usual, history=True, complete=True)
    provider.takes(page)
    lately = tuple(a_failed_payment(5_000 + n, NOON - timedelta(minutes=n)) for n in range(8))
    provider.takes(Page(stream=Stream.PAYMENTS, place=_PLACE, payments=lately, complete=True))
    assert engine.rows() == []


def test_one_buyer_who_tries_again_and_again_is_no_outage(
    engine: Engine, provider: Provider
) -> None:
    tries = tuple(
        a_failed_payment(n, NOON - timedelta(seconds=20 * n), customer_email="one@buyer.example")
        for n in range(12)
    )
    provider.takes(Page(stream=Stream.PAYMENTS, place=_PLACE, payments=tries, complete=True))
    assert engine.rows() == []


def test_warnings_and_disputes_of_one_provider_stand_on_one_card_while_it_is_unseen(
    engine: Engine, provider: Provider
) -> None:
    provider.tells(a_dispute("dp_1", payment_references=()), history=True)
    provider.tells(a_warning("w_1", payment_references=()), history=True, stream=Stream.WARNINGS)
    (card,) = [one for one in engine.writer.do(alerts.unseen) if len(one.issue_keys) > 1]
    assert card.title == "1 dispute to answer, $184.00; 1 bank warning, $184.00 (Payments)"
    assert len(card.issue_keys) == 2


def test_warnings_that_come_with_the_disputes_stand_on_their_card_and_ring_once(
    engine: Engine, provider: Provider
) -> None:
    """As PayPal tells them; the stream of warnings has nothing to add then."""
    both = (a_dispute("dp_1", payment_references=()), a_warning("w_1", payment_references=()))
    provider.tells(*both, history=True)
    provider.tells(history=True, stream=Stream.WARNINGS)
    (card,) = rang(engine)
    assert card.title == "1 dispute to answer, $184.00; 1 bank warning, $184.00 (Payments)"
