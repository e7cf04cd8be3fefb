"""What people decided is only ever added, numbered without holes, and never changed."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest

from app.domain.journal import EntryType, State, fold
from app.storage import journal
from app.storage.connection import Connection
from tests.support.storage import NOW, an_issue, atoms_of


def test_an_entry_comes_back_as_it_was(db: Connection) -> None:
    issue_id = an_issue(db)
    entry = journal.append(
        db, issue_id=issue_id, type=EntryType.TAG, at=NOW, data={"add": ["vip"], "remove": []}
    )
    assert journal.find(db, entry.id) == entry
    assert journal.last(db, issue_id) == entry
    assert journal.of_issue(db, issue_id) == (entry,)
    assert journal.issue_of(db, entry.id) == issue_id


def test_entries_are_numbered_without_holes_across_issues(db: Connection) -> None:
    one, other = an_issue(db, "1@x"), an_issue(db, "2@x")
    entries = [
        journal.append(db, issue_id=issue_id, type=EntryType.NOTE, at=NOW)
        for issue_id in (one, other, one)
    ]
    assert [entry.counter for entry in entries] == [1, 2, 3]
    assert len({entry.device for entry in entries}) == 1
    assert journal.of_issue(db, one) == (entries[0], entries[2])


def test_an_entry_names_the_atoms_of_its_issue_and_what_the_person_saw(db: Connection) -> None:
    issue_id = an_issue(db)
    first = journal.append(db, issue_id=issue_id, type=EntryType.NOTE, at=NOW)
    second = journal.append(db, issue_id=issue_id, type=EntryType.NOTE, at=NOW)
    third = journal.append(db, issue_id=issue_id, type=EntryType.NOTE, at=NOW, base=first.id)
    assert first.atoms == atoms_of(db, issue_id)
    assert (first.base, second.base, third.base) == ("", first.id, first.id)


def test_the_order_is_that_of_the_counter_even_when_the_clock_was_set_back(db: Connection) -> None:
    """Case 118: a clock that goes back reorders no decision."""
    issue_id = an_issue(db)
    journal.append(db, issue_id=issue_id, type=EntryType.RESOLVE, at=NOW)
    back = NOW - timedelta(days=1)
    journal.append(db, issue_id=issue_id, type=EntryType.REOPEN, at=back)
    assert fold(journal.of_issue(db, issue_id)).state is State.ACKNOWLEDGED


def test_the_file_itself_refuses_to_change_or_delete_an_entry(db: Connection) -> None:
    entry = journal.append(db, issue_id=an_issue(db), type=EntryType.RESOLVE, at=NOW)
    with pytest.raises(sqlite3.IntegrityError, match="never changed"):
        db.execute("UPDATE journal SET data = '{}'")
    with pytest.raises(sqlite3.IntegrityError, match="never deleted"):
        db.execute("DELETE FROM journal")
    assert journal.find(db, entry.id) == entry


def test_an_issue_that_people_decided_about_cannot_vanish(db: Connection) -> None:
    issue_id = an_issue(db)
    journal.append(db, issue_id=issue_id, type=EntryType.NOTE, at=NOW)
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        db.execute("DELETE FROM issue WHERE id = ?", (issue_id,))


def test_without_entries_there_is_no_last_one(db: Connection) -> None:
    assert journal.last(db, an_issue(db)) is None
    assert journal.find(db, "unknown") is None
    assert journal.issue_of(db, "unknown") is None
