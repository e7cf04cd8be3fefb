"""Two issues that are one become one, and nothing that either had is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.deadline import Deadline, Metric
from app.domain.errors import NotFound, Refused
from app.domain.issue import message_atom
from app.domain.journal import EntryType
from app.domain.reply import Draft
from app.storage import belongings, deadlines, drafts, issues, journal, messages, outbox, rows
from app.storage.connection import Connection
from tests.support.storage import NOW, a_message, a_reply, an_issue, atoms_of, said

EARLY, LATE = NOW + timedelta(hours=1), NOW + timedelta(hours=2)


def a_pair(db: Connection) -> tuple[int, int]:
    """The issue that goes, and the one that stays."""
    source, into = an_issue(db, "source@x"), an_issue(db, "into@x")
    said(db, source, a_message("source@x"))
    said(db, into, a_message("into@x"), received_at=NOW + timedelta(minutes=1))
    return source, into


def test_messages_journal_and_replies_move(db: Connection) -> None:
    source, into = a_pair(db)
    noted = journal.append(db, issue_id=source, type=EntryType.NOTE, at=NOW, data={"text": "a"})
    decided = journal.append(db, issue_id=into, type=EntryType.ACKNOWLEDGE, at=NOW)
    reply = outbox.queue(db, a_reply(issues.get(db, source).key))
    issues.merge(db, source=source, into=into)
    key = issues.get(db, into).key
    said_here = [message.message_id for message in messages.of_issue(db, into)]
    assert said_here == ["source@x", "into@x"]
    assert journal.of_issue(db, into) == (noted, decided)
    assert outbox.get(db, reply).issue_key == key


def test_the_row_goes_and_its_keys_find_the_merged_issue_whose_own_key_stays(
    db: Connection,
) -> None:
    source, into = a_pair(db)
    issues.add_atoms(db, source, ("o:sample:1042",))
    old_keys = [issues.get(db, source).key, issues.get(db, into).key]
    issues.merge(db, source=source, into=into)
    with pytest.raises(NotFound):
        issues.get(db, source)
    assert [issues.by_key(db, key) for key in old_keys] == [into, into]
    assert issues.by_atom(db, (message_atom("source@x"),)) == into
    assert issues.get(db, into).key == old_keys[1]
    assert atoms_of(db, into) == (message_atom("into@x"),)


def test_the_counts_of_the_list_follow(db: Connection) -> None:
    source, into = a_pair(db)
    issues.update(db, source, message_count=1, last_at=LATE, unseen=True)
    issues.update(db, into, message_count=2, unseen=False)
    issues.merge(db, source=source, into=into)
    row = rows.inbox_rows(db, [into])[0]
    assert (row.message_count, row.last_at, row.unseen) == (3, LATE, True)
    assert rows.counts(db, now=NOW)["all"] == 1


@pytest.mark.parametrize(
    ("gone", "kept", "stands"),
    [
        (
            Deadline(metric=Metric.FIRST_RESPONSE, planned_at=LATE),
            Deadline(metric=Metric.FIRST_RESPONSE, planned_at=EARLY),
            EARLY,
        ),
        (
            Deadline(metric=Metric.FIRST_RESPONSE, planned_at=EARLY),
            Deadline(metric=Metric.FIRST_RESPONSE, planned_at=LATE),
            EARLY,
        ),
        (
            Deadline(metric=Metric.FIRST_RESPONSE, planned_at=LATE),
            Deadline(metric=Metric.FIRST_RESPONSE, planned_at=EARLY, met_at=NOW),
            LATE,
        ),
        (
            Deadline(metric=Metric.FIRST_RESPONSE, planned_at=EARLY, met_at=NOW),
            Deadline(metric=Metric.FIRST_RESPONSE, planned_at=LATE),
            LATE,
        ),
    ],
    ids=["earlier stands", "earlier comes over", "open one comes over", "open one stands"],
)
def test_of_two_promises_the_open_one_stands_and_of_those_the_earlier(
    db: Connection, gone: Deadline, kept: Deadline, stands: object
) -> None:
    source, into = a_pair(db)
    deadlines.put(db, source, gone)
    deadlines.put(db, into, kept)
    issues.merge(db, source=source, into=into)
    assert [deadline.planned_at for deadline in deadlines.of_issue(db, into)] == [stands]


def test_a_promise_that_only_the_other_had_comes_over(db: Connection) -> None:
    source, into = a_pair(db)
    promise = Deadline(metric=Metric.FIRST_RESPONSE, planned_at=LATE, explanation=("8 hours",))
    deadlines.put(db, source, promise)
    issues.merge(db, source=source, into=into)
    assert deadlines.of_issue(db, into) == (promise,)


def test_two_drafts_become_one_with_both_texts(db: Connection) -> None:
    source, into = a_pair(db)
    key = issues.get(db, into).key
    drafts.save(db, Draft(issue_key=issues.get(db, source).key, body="And the lid?"), NOW)
    drafts.save(db, Draft(issue_key=key, body="Dear Anna"), NOW)
    issues.merge(db, source=source, into=into)
    draft = drafts.get(db, key)
    assert draft is not None
    assert draft.body == "Dear Anna\n\nAnd the lid?"


def test_what_was_merged_can_be_split_off_again_under_its_old_name(db: Connection) -> None:
    source, into = a_pair(db)
    key, atoms = issues.get(db, source).key, atoms_of(db, source)
    issues.merge(db, source=source, into=into)
    moved = [message.id for message in messages.of_issue(db, into)][:1]
    again = an_issue(db, atoms=atoms)
    messages.move(db, moved, again)
    assert issues.get(db, again).key == key
    assert issues.by_key(db, key) == again
    assert [message.message_id for message in messages.of_issue(db, again)] == ["source@x"]


def test_merges_of_merges_keep_every_name(db: Connection) -> None:
    first, second, third = (an_issue(db, f"{n}@x") for n in range(3))
    keys = [issues.get(db, issue_id).key for issue_id in (first, second, third)]
    issues.merge(db, source=first, into=second)
    issues.merge(db, source=second, into=third)
    assert [issues.by_key(db, key) for key in keys] == [third] * 3


def test_an_issue_is_not_merged_with_itself_or_with_nothing(db: Connection) -> None:
    issue_id = an_issue(db)
    with pytest.raises(Refused, match="with itself"):
        issues.merge(db, source=issue_id, into=issue_id)
    with pytest.raises(NotFound):
        issues.merge(db, source=issue_id, into=99)
    with pytest.raises(NotFound):
        issues.merge(db, source=99, into=issue_id)


def test_a_draft_of_which_an_older_frontburner_wrote_down_the_words_goes_back(
    db: Connection,
) -> None:
    """Its file cannot be told from the other's, so it stays where it is."""
    into, again = an_issue(db, "into@x"), an_issue(db, "again@x")
    keys = [issues.get(db, one).key for one in (into, again)]
    draft = Draft(issue_key=keys[0], body="Dear Anna\n\nAnd the lid?", files=("/tmp/a.pdf",))
    drafts.save(db, draft, NOW)
    belongings.give_back(db, source=into, into=again, had={"draft": "And the lid?"}, kept={})
    found = [drafts.get(db, key) for key in keys]
    assert [(one.body, one.files) for one in found if one] == [
        ("Dear Anna", ("/tmp/a.pdf",)),
        ("And the lid?", ()),
    ]
