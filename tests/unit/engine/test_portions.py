"""A delivery in parts: what is judged together is bounded, and nothing of it is lost or doubled."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.mailbox import Batch, FetchedMail, FolderRole, FolderSnapshot, SkippedMail
from app.engine.later import AT_ONCE, BETWEEN_CLICKS
from app.engine.portions import Portion, portions
from app.engine.reading import Reading
from app.mail import parse

NOON = datetime(2026, 11, 17, 12, tzinfo=UTC)
CUTOFF = NOON - timedelta(days=30)
OLD = CUTOFF - timedelta(days=1)


def cut(
    *arrivals: datetime, role: FolderRole = FolderRole.INBOX, stores_first: bool = False
) -> tuple[Portion, ...]:
    mails = tuple(
        FetchedMail(uid=uid, raw=b"", received_at=at, size=0)
        for uid, at in enumerate(arrivals, start=1)
    )
    batch = Batch(
        folder=FolderSnapshot(name="INBOX", uid_validity=1, uid_next=99, exists=9, role=role),
        mails=mails,
        gone=(77,),
        skipped=(SkippedMail(uid=78, reason="why"),),
        complete=True,
    )
    message = parse.read(b"Subject: x\n\nx")
    readings = [Reading(mail=one, message=message) for one in mails]
    return portions(batch, readings, cutoff=CUTOFF, stores_first=stores_first)


def minutes(count: int) -> list[datetime]:
    """Arrivals as a mailbox brings them: the newest first."""
    return [NOON - timedelta(minutes=number) for number in range(count)]


def test_no_part_judges_more_than_a_few_mails():
    parts = cut(*minutes(AT_ONCE))
    assert max(len(one.readings) for one in parts) == BETWEEN_CLICKS
    assert sum(len(one.readings) for one in parts) == AT_ONCE


def test_the_parts_follow_one_another_in_the_order_of_arrival_the_old_ones_first():
    parts = cut(*minutes(6), OLD, OLD)
    assert [len(one.readings) for one in parts] == [2, 4, 2]
    arrivals = [one.mail.received_at for part in parts for one in part.readings]
    assert arrivals == sorted(arrivals)
    assert all(tuple(one.mail for one in part.readings) == part.batch.mails for part in parts)


def test_the_cursor_and_what_is_gone_go_with_the_last_part_alone():
    *before, last = cut(*minutes(9))
    assert (last.batch.complete, last.batch.gone, len(last.batch.skipped)) == (True, (77,), 1)
    assert not any(one.batch.complete or one.batch.gone or one.batch.skipped for one in before)


@pytest.mark.parametrize("count", [0, BETWEEN_CLICKS, AT_ONCE + 1])
def test_few_mails_and_those_that_are_judged_later_stay_together(count):
    (only,) = cut(*minutes(count), OLD)
    assert len(only.readings) == count + 1


def test_the_rest_of_the_recent_mails_is_judged_later_as_those_before_it_are():
    """A first sync is not held up for up to fifty mails where the recent ones end."""
    (only,) = cut(*minutes(AT_ONCE), OLD, stores_first=True)
    assert only.stores_first
    assert len(cut(*minutes(AT_ONCE), OLD)) > 1


@pytest.mark.parametrize(
    ("count", "old", "role"),
    [(0, AT_ONCE + 1, FolderRole.INBOX), (9, 0, FolderRole.INBOX), (9, AT_ONCE, FolderRole.JUNK)],
)
def test_what_is_old_few_or_junk_is_not_judged_later_because_others_are(count, old, role):
    parts = cut(*minutes(count), *[OLD] * old, role=role, stores_first=True)
    assert not any(one.stores_first for one in parts)


def test_of_junk_any_number_is_judged_a_few_at_a_time():
    parts = cut(*minutes(AT_ONCE + 10), role=FolderRole.JUNK)
    assert max(len(one.readings) for one in parts) == BETWEEN_CLICKS
