"""What is connected, how much is known, and what that allows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.readiness import Facts, Finding, Grade, Part, findings

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
WHOLE = Facts(
    mailboxes=("shop@mill.example",),
    mails=1204,
    oldest_at=NOW - timedelta(days=400),
    shops=("mill",),
    orders=310,
    providers=("Stripe",),
    disputes=2,
    has_hours=True,
    contacts=1,
    corrections=3,
)


def of(part: Part, **facts: object) -> Finding:
    (found,) = (one for one in findings(Facts(**facts), now=NOW) if one.part is part)  # type: ignore[arg-type]
    return found


def test_nothing_is_ready_in_a_new_profile():
    """Every part is told, none as ready, each with what its absence means."""
    found = findings(Facts(), now=NOW)
    assert [one.part for one in found] == list(Part)
    assert Grade.READY not in {one.grade for one in found}
    assert all(one.said and one.allows for one in found)


def test_all_is_ready_once_all_is_there():
    """And what it says names the account and counts."""
    found = findings(WHOLE, now=NOW)
    assert {one.grade for one in found} == {Grade.READY}
    assert found[0].said == "shop@mill.example: all 1,204 mails are here"
    assert found[1].said == "13 months of history"


def test_a_mailbox_that_is_being_read_says_how_far():
    """The counts add up to what lies on the server."""
    found = of(Part.MAILBOX, mailboxes=("a@b.example",), mails=400, unread=11_600)
    assert (found.grade, found.said) == (Grade.PARTLY, "400 of 12,000 mails are read")


def test_a_mailbox_in_trouble_says_so_before_its_counts():
    """An account that does not answer is not ready, however much of it was read."""
    found = of(Part.MAILBOX, mailboxes=("a@b.example",), mails=400, trouble="The password is wrong")
    assert (found.grade, found.said) == (Grade.PARTLY, "The password is wrong")


@pytest.mark.parametrize(
    ("days", "said", "grade"),
    [
        (0, "1 day", Grade.PARTLY),
        (20, "20 days", Grade.PARTLY),
        (45, "6 weeks", Grade.PARTLY),
        (89, "2 months", Grade.PARTLY),
        (90, "3 months", Grade.READY),
        (1100, "3 years", Grade.READY),
    ],
)
def test_history_is_told_in_the_largest_fitting_word(days: int, said: str, grade: Grade):
    """Ninety days are what the comparison with before needs."""
    found = of(Part.HISTORY, mails=1, oldest_at=NOW - timedelta(days=days))
    assert (found.said, found.grade) == (f"{said} of history", grade)


def test_long_history_that_is_not_sorted_yet_is_not_ready():
    """What was only stored is counted."""
    found = of(Part.HISTORY, mails=9, oldest_at=NOW - timedelta(days=400), unjudged=7)
    assert found.grade is Grade.PARTLY
    assert "7 mails are still being sorted" in found.said
