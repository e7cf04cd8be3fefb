"""What is said of a dispute whose turn came again, or whose last date has passed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.domain.dispute import DisputeKind, DisputeState
from app.domain.dispute_views import DisputeRow, DisputeSource, DisputeStep
from app.ui.disputes import words
from tests.support.disputes import TODAY, a_dispute

WEEK = timedelta(days=7)


def a_case(*states: DisputeState, **given: Any) -> DisputeRow:
    """A dispute that stood like this, one after the other."""
    dispute = a_dispute(state=states[-1], **given)
    life = tuple(DisputeStep(at=TODAY, kind=dispute.kind, state=state) for state in states)
    source = DisputeSource(
        dispute=dispute, account="Money", first_seen_at=TODAY, last_seen_at=TODAY, life=life
    )
    return DisputeRow(id=1, sources=(source,))


def test_an_answer_that_settled_nothing_does_not_look_like_the_last():
    """The bank asks again after an answer went in: whoever reads "it went in" does nothing."""
    ours, reviewed = DisputeState.NEEDS_RESPONSE, DisputeState.UNDER_REVIEW
    again = a_case(ours, reviewed, ours, submitted_at=TODAY - WEEK)
    assert words.turn(again, TODAY).endswith("and Stripe waits for another one.")
    sent = a_case(ours, reviewed, submitted_at=TODAY - WEEK)
    assert words.turn(sent, TODAY).startswith("Your answer went in")


def test_what_was_decided_and_opened_again_says_so():
    ours = DisputeState.NEEDS_RESPONSE
    won = a_case(ours, DisputeState.WON, ours)
    assert words.turn(won, TODAY) == "It was decided before, and is open again."
    back = a_case(ours, DisputeState.UNDER_REVIEW, ours)
    assert words.turn(back, TODAY) == "It was with others before, and waits for you again."
    assert words.turn(a_case(ours), TODAY) == "Nothing has been submitted yet."


def test_a_last_date_that_has_passed_is_told_in_the_past():
    late = words.deadline(a_case(DisputeState.NEEDS_RESPONSE, due_at=TODAY - WEEK), TODAY)
    assert late.startswith("Stripe took an answer until")
    assert late.endswith("Look there whether it still takes one.")
    soon = words.deadline(a_case(DisputeState.NEEDS_RESPONSE, due_at=TODAY + WEEK), TODAY)
    assert soon.startswith("Stripe takes an answer until")


def test_the_next_date_is_one_that_comes_and_what_is_late_is_counted():
    """ "The next 13 Oct 2025" is no date to work for."""
    late = a_case(DisputeState.NEEDS_RESPONSE, due_at=TODAY - WEEK)
    soon = a_case(DisputeState.NEEDS_RESPONSE, due_at=TODAY + timedelta(hours=2))
    said = words.sums([late, soon], TODAY)
    assert "the next today" in said
    assert said.endswith("1 late")
    assert "the next" not in words.sums([late], TODAY)


def test_what_paypal_decides_is_not_said_to_be_with_a_bank():
    """Neither where it stands now nor in what became of it; a claim is called one."""
    reviewed = DisputeState.UNDER_REVIEW
    claim = a_case(reviewed, kind=DisputeKind.CLAIM, platform="paypal")
    assert words.state(claim) == "With PayPal"
    assert words.life(claim, TODAY)[0].endswith("Claim: With PayPal")
    assert words.title(claim.dispute) == "Claim, $184.00 at PayPal"
    assert words.state(a_case(reviewed)) == "The bank decides"
