"""How much a dispute presses, what a warning costs, what an outage is; and the rules' own file."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.config.paths import rules
from app.domain.assessment import Severity
from app.domain.dispute import DisputeKind, DisputeState, FailedPayment
from app.domain.dispute_views import DisputeRow, DisputeSource
from app.domain.errors import KnownError
from app.domain.money import Money
from app.escalation.dispute_rules import DisputeRules
from app.escalation.disputes import (
    is_burst,
    pressing,
    said_left,
    subject_of,
    warning_arithmetic,
)
from tests.support.disputes import TODAY, a_dispute, a_failed_payment, a_warning

ALL_AT_ONCE = """
[burst]
within = "15 min"
at_least = 1
buyers = 1
times_usual = 4
usual_days = 14
over_after = "30 min"
"""
RULES = DisputeRules.load(rules())


def a_case(**given: Any) -> DisputeRow:
    source = DisputeSource(
        dispute=a_dispute(**given), account="Payments", first_seen_at=TODAY, last_seen_at=TODAY
    )
    return DisputeRow(id=1, sources=(source,))


@pytest.mark.parametrize(
    ("hours", "severity", "factor"),
    [
        (24 * 9, Severity.HIGH, "dispute_open"),
        (24 * 7, Severity.HIGH, "dispute_week"),
        (72, Severity.CRITICAL, "dispute_deadline"),
        (24, Severity.CRITICAL, "dispute_today"),
        (-1, Severity.HIGH, "dispute_deadline"),
    ],
)
def test_it_presses_by_the_hours_that_the_provider_leaves(
    hours: int, severity: Severity, factor: str
) -> None:
    found = pressing(a_case(due_at=TODAY + timedelta(hours=hours)), TODAY, rules=RULES)
    assert (found.severity, list(found.factors)) == (severity, [factor])


def test_no_date_presses_and_says_verify() -> None:
    found = pressing(a_case(due_at=None), TODAY, rules=RULES)
    assert (found.severity, list(found.factors)) == (Severity.HIGH, ["dispute_unknown"])
    assert "verify" in found.because


@pytest.mark.parametrize(
    ("state", "severity"),
    [
        (DisputeState.UNDER_REVIEW, Severity.NORMAL),
        (DisputeState.WON, Severity.LOW),
        (DisputeState.LOST, Severity.LOW),
    ],
)
def test_what_others_decide_or_have_decided_does_not_press(
    state: DisputeState, severity: Severity
) -> None:
    assert pressing(a_case(state=state), TODAY, rules=RULES).severity is severity


def test_what_its_provider_does_not_have_any_more_does_not_press() -> None:
    found = pressing(a_case(deleted_at=TODAY), TODAY, rules=RULES)
    assert (found.severity, dict(found.factors)) == (Severity.LOW, {})
    assert "does not have it any more" in found.because


def test_a_banks_warning_presses_by_what_it_costs_to_wait_and_has_no_date_to_verify() -> None:
    warned = DisputeRow(id=1, sources=(replace(a_case().sources[0], dispute=a_warning()),))
    found = pressing(warned, TODAY, rules=RULES)
    assert (found.severity, list(found.factors)) == (Severity.HIGH, ["early_warning"])


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(days=6, hours=23), "6 days"),
        (timedelta(hours=47, minutes=59), "47 hours"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(minutes=50, seconds=59), "50 minutes"),
        (timedelta(seconds=-5), "0 minutes"),
    ],
)
def test_what_is_left_is_said_rounded_down(length: timedelta, words: str) -> None:
    assert said_left(length) == words


def test_a_warnings_sum_uses_the_fee_that_the_provider_told_before_the_usual_one() -> None:
    usual = warning_arithmetic(a_warning(amount=Money(10_000, "USD")), rules=RULES)
    told = warning_arithmetic(
        a_warning(amount=Money(10_000, "USD"), fee=Money(2_000, "USD")), rules=RULES
    )
    assert "$92.00 on average, its fee of $15.00" in usual
    assert "$96.00 on average, its fee of $20.00" in told


def test_without_a_known_fee_the_sum_says_a_fee_and_no_number() -> None:
    in_kronor = a_warning(amount=Money(10_000, "SEK"))
    assert "80.00 SEK on average and a fee" in warning_arithmetic(in_kronor, rules=RULES)
    in_euros = replace(in_kronor, fee=Money(2_000, "EUR"))
    assert "80.00 SEK on average and a fee" in warning_arithmetic(in_euros, rules=RULES)


def test_what_cannot_be_refunded_any_more_is_not_proposed_to_be() -> None:
    assert "cannot be refunded" in warning_arithmetic(a_warning(refundable=False), rules=RULES)


def test_a_test_dispute_says_that_it_is_one() -> None:
    told = a_dispute(is_test=True, kind=DisputeKind.INQUIRY)
    assert subject_of(told) == "Test: Inquiry: $184.00 at Stripe"
    assert subject_of(replace(told, is_test=False)) == "Inquiry: $184.00 at Stripe"


def test_a_burst_is_measured_against_what_is_usual_for_the_time() -> None:
    lately = [a_failed_payment(n, TODAY) for n in range(8)]
    length = timedelta(days=14)
    quarters = int(length / RULES.burst.within)
    assert is_burst(lately, before=quarters * 2, length=length, rules=RULES.burst)
    assert not is_burst(lately, before=quarters * 2 + 2, length=length, rules=RULES.burst)
    assert not is_burst(lately[:5], before=0, length=length, rules=RULES.burst)
    assert is_burst(lately[:6], before=0, length=timedelta(), rules=RULES.burst)


def test_few_buyers_who_try_again_and_again_are_no_outage() -> None:
    def tried_by(buyers: int) -> list[FailedPayment]:
        email = "buyer{}@customer.example"
        return [
            a_failed_payment(n, TODAY, customer_email=email.format(n % buyers)) for n in range(12)
        ]

    length = timedelta(days=14)
    assert not is_burst(tried_by(3), before=0, length=length, rules=RULES.burst)
    assert is_burst(tried_by(4), before=0, length=length, rules=RULES.burst)


def test_every_public_figure_names_its_source_and_its_day() -> None:
    told = [(RULES.warning.source, RULES.warning.read_on)]
    told += [(one.source, one.read_on) for one in RULES.fees]
    told += [(one.source, one.read_on) for one in RULES.thresholds]
    assert all(source and day.year >= 2026 for source, day in told)


def test_the_owners_file_replaces_what_it_names_and_leaves_the_rest(tmp_path: Path) -> None:
    (tmp_path / "disputes.toml").write_text('reminders = ["12 h", "48 h"]\n')
    own = DisputeRules.load(rules(), tmp_path)
    assert own.reminders == (timedelta(hours=48), timedelta(hours=12)), "the longest first"
    assert own.burst == RULES.burst


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('reminders = ["soon"]\n', "'soon' is no length"),
        ("remind = 3\n", "remind"),
        ("reminders = [\n", "disputes.toml"),
        (ALL_AT_ONCE, "at_least is 2 or more"),
    ],
)
def test_a_mistake_in_the_owners_file_is_told_with_its_place(
    tmp_path: Path, text: str, complaint: str
) -> None:
    (tmp_path / "disputes.toml").write_text(text)
    with pytest.raises(KnownError) as caught:
        DisputeRules.load(rules(), tmp_path)
    assert complaint in caught.value.sentence
    assert str(tmp_path) in caught.value.sentence
