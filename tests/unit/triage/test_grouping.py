"""Grouping: which evidence joins a message to an issue, in which order, and what never does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import pytest

from app.domain.assessment import Assessment, Entities, Gate, Kind, Suspicion
from app.domain.message import Address
from app.triage.grouping import Placement, bare_subject, place, place_ours
from tests.unit.triage.builders import NOON, a_message, an_assessment

MACHINE = Gate(automatic=True, may_acknowledge=False, counts_as_customer_reply=False)


ANN = Address(email="ann@example.com")


@dataclass(frozen=True)
class AnIssue:
    """An open issue of Ann's, last written to two days ago."""

    id: int = 7
    subject: str = "Broken mug"
    customer: Address = ANN
    order_number: str = ""
    last_at: datetime = NOON - timedelta(days=2)


def placed(
    *issues: AnIssue, known: dict[str, int] | None = None, made: Assessment | None = None, **more
) -> Placement:
    message = a_message("x", **more)
    made = made or an_assessment()
    return place(message, made, known=known or {}, customer_issues=issues)


def test_the_nearest_known_mail_of_the_references_wins() -> None:
    known = {"a@x": 1, "b@x": 2}
    assert placed(known=known, references=("a@x", "b@x", "c@x")).issue_id == 2


def test_in_reply_to_counts_when_the_references_know_nothing() -> None:
    assert placed(known={"a@x": 1}, references=("z@x",), in_reply_to=("a@x",)).issue_id == 1


def test_the_same_customer_with_the_same_order_joins_and_the_sentence_names_it() -> None:
    made = an_assessment(entities=Entities(order_numbers=("so-20417",)))
    found = placed(AnIssue(order_number="SO-20417"), made=made)
    assert found.issue_id == 7
    assert "SO-20417" in found.because


def test_a_bare_order_number_never_joins_two_customers() -> None:
    made = an_assessment(entities=Entities(order_numbers=("1001",)))
    other = AnIssue(order_number="1001", customer=Address(email="eve@example.com"))
    assert placed(other, made=made).issue_id is None


def test_the_same_subject_joins_within_two_weeks_only() -> None:
    assert placed(AnIssue(), subject="AW: Re: broken  MUG").issue_id == 7
    old = AnIssue(last_at=NOON - timedelta(days=46))
    assert placed(old, subject="Re: Broken mug").issue_id is None


def test_an_empty_subject_joins_nothing() -> None:
    old = AnIssue(subject="", last_at=NOON - timedelta(days=46))
    assert placed(old, subject="Re:").issue_id is None


def test_who_writes_again_while_something_is_open_means_that() -> None:
    found = placed(AnIssue(order_number="1042"), subject="2nd time")
    assert found.issue_id == 7
    assert "open" in found.because


def test_another_order_of_the_same_customer_is_another_issue() -> None:
    made = an_assessment(entities=Entities(order_numbers=("1043",)))
    assert placed(AnIssue(order_number="1042"), made=made, subject="Hello").issue_id is None


def test_a_mail_about_what_is_in_another_order_is_another_issue() -> None:
    open_one = AnIssue(order_number="1042")
    message, made = a_message("x", subject="Hello"), an_assessment()
    place_it = partial(place, message, made, known={}, customer_issues=(open_one,))
    assert place_it(speaks_of="1043").issue_id is None
    assert place_it(speaks_of="1042").issue_id == 7
    assert place_it(speaks_of="").issue_id == 7


def test_a_question_before_buying_does_not_join_what_is_open_about_an_order() -> None:
    asked = an_assessment(kind=Kind.PRODUCT_QUESTION)
    assert placed(AnIssue(order_number="1042"), made=asked, subject="Hello").issue_id is None
    assert placed(AnIssue(), made=asked, subject="Hello").issue_id == 7


def test_what_was_last_said_longer_ago_than_six_weeks_is_another_matter() -> None:
    old = AnIssue(last_at=NOON - timedelta(days=46))
    assert placed(old, subject="2nd time").issue_id is None


NOTICE = an_assessment(gate=MACHINE, entities=Entities(order_numbers=("1042",)))


def told(*issues: AnIssue) -> Placement:
    message = a_message("x", sender="PayPal <service@paypal.com>")
    return place(message, NOTICE, known={}, customer_issues=(), order_issues=issues)


def test_a_true_providers_notice_joins_the_issue_of_the_order_that_it_names() -> None:
    assert told(AnIssue(order_number="1042"), AnIssue(id=8, order_number="1043")).issue_id == 7


def test_a_notice_about_an_order_of_which_two_customers_write_joins_neither() -> None:
    eve = AnIssue(id=8, order_number="1042", customer=Address(email="eve@example.com"))
    assert told(AnIssue(order_number="1042"), eve).issue_id is None


def test_a_machines_mail_joins_only_by_its_conversation() -> None:
    made = an_assessment(gate=MACHINE, entities=Entities(order_numbers=("1042",)))
    issue = AnIssue(order_number="1042")
    assert placed(issue, made=made, subject="Broken mug").issue_id is None
    assert placed(issue, made=made, known={"a@x": 7}, in_reply_to=("a@x",)).issue_id == 7


def test_who_pretends_to_be_a_customer_joins_nothing_of_theirs() -> None:
    made = an_assessment(
        entities=Entities(order_numbers=("1042",)),
        suspicion=Suspicion(is_suspicious=True, because=("it pretends to be Ann",)),
    )
    assert placed(AnIssue(order_number="1042"), made=made, subject="Broken mug").issue_id is None


def test_of_two_issues_about_the_order_of_a_notice_the_latest_is_taken_and_none_of_long_ago() -> (
    None
):
    old = AnIssue(order_number="1042", last_at=NOON - timedelta(days=9))
    assert told(AnIssue(id=3, order_number="1042"), old).issue_id == 3
    assert told(old, AnIssue(id=3, order_number="1042")).issue_id == 3
    assert told(AnIssue(order_number="1042", last_at=NOON - timedelta(days=181))).issue_id is None


def test_whose_contents_are_named_goes_before_what_was_written_about_last() -> None:
    meant, last = AnIssue(order_number="1042", last_at=NOON - timedelta(days=9)), AnIssue(id=8)
    message, made = a_message("x", subject="Hello"), an_assessment()
    place_it = partial(place, message, made, known={}, customer_issues=(last, meant))
    assert place_it(speaks_of="1042").issue_id == 7
    assert place_it(speaks_of="").issue_id == 8


def test_of_two_issues_that_fit_the_latest_is_taken() -> None:
    early, late = AnIssue(id=1, last_at=NOON - timedelta(days=3)), AnIssue(id=2)
    assert placed(early, late, subject="Broken mug").issue_id == 2


@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        ("Re: Fwd: AW: Order", "order"),
        ("RE[2]: Order", "order"),
        ("Odp: Zamówienie", "zamowienie"),
        ("Return: please", "return: please"),
        ("", ""),
    ],
)
def test_prefixes_of_all_languages_fall_away(subject: str, bare: str) -> None:
    assert bare_subject(subject) == bare


def ours(*issues: AnIssue, days: int = 0, **more) -> Placement | None:
    message = a_message("x", **{"subject": "Re: Broken mug", "to": (ANN,), **more})
    return place_ours(message, customer_issues=issues, at=NOON + timedelta(days=days))


def test_a_mail_of_ours_without_a_thread_answers_the_one_thing_that_is_open() -> None:
    found = ours(AnIssue())
    assert found is not None
    assert (found.issue_id, found.is_guess) == (7, True)


def test_it_answers_nothing_where_two_things_are_open_or_none_or_long_ago() -> None:
    assert ours(AnIssue(), AnIssue(id=8)) is None
    assert ours() is None
    assert ours(AnIssue(), days=13) is None
    assert ours(AnIssue(), days=-3) is None  # it was written before
    assert ours(AnIssue(subject="Hi"), subject="Re: Hi") is None
