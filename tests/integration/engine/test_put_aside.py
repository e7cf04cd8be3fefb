"""What a person said is no issue stays that; what its writer says later is not lost with it."""

from __future__ import annotations

import pytest

from app.domain.assessment import Kind
from tests.support.engine import Engine, a_letter


def writes(engine: Engine, number: int, text: str, *, subject: str = "Hello", **more: str) -> None:
    engine.clock.forward(days=3)
    letter = a_letter(text, subject=subject, message_id=f"<m{number}@customer.example>", **more)
    engine.receive(letter)


def greeting_put_aside(engine: Engine) -> str:
    writes(engine, 1, "Nice shop! Greetings from the north.")
    key = engine.only_key()
    engine.desk.override(key, kind="not_an_issue")
    return key


@pytest.mark.parametrize(
    ("how", "answers"),
    [
        ({"answers": "<m1@customer.example>"}, "<m1@customer.example>"),
        ({"subject": "My bowl"}, "<m2@customer.example>"),
    ],
    ids=["answer", "by itself"],
)
def test_a_complaint_after_something_that_was_no_issue_is_an_issue_of_its_own(engine, how, answers):
    """It stands in the list, says whence it comes, and all that follows goes there; the greeting
    stays what the person said."""
    key = greeting_put_aside(engine)
    writes(engine, 2, "My bowl arrived broken, order 1042, please refund me.", **how)
    (row,) = engine.rows("open")
    assert row.key != key
    assert row.kind is not Kind.NOT_AN_ISSUE
    assert engine.issue(key).row.kind is Kind.NOT_AN_ISSUE
    assert engine.issue(key).row.message_count == 1
    writes(engine, 3, "Any news about the broken bowl?", answers=answers)
    assert [one.message_count for one in engine.rows("open")] == [2]


def test_what_is_no_issue_either_stays_with_what_was_put_aside(engine):
    """A machine's receipt in the same conversation begins nothing."""
    key = greeting_put_aside(engine)
    writes(
        engine,
        2,
        "I am out of the office.",
        answers="<m1@customer.example>",
        Auto_Submitted="auto-replied",
    )
    assert engine.rows("open") == []
    assert engine.issue(key).row.message_count == 2


def test_both_halves_of_a_conversation_say_why_it_goes_on_elsewhere(engine):
    greeting_put_aside(engine)
    writes(engine, 2, "My bowl arrived broken, refund it.", answers="<m1@customer.example>")
    (row,) = engine.rows("open")
    (mail,) = engine.issue(row.key).messages
    assert mail.joined_because == ("answers an earlier issue; you had said that it was no issue")
