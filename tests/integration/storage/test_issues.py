"""An issue keeps its identity: by any name that it ever had, it is found again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.domain.assessment import Kind, Priority, Severity
from app.domain.errors import NotFound, Refused
from app.domain.issue import issue_key, message_atom
from app.domain.journal import Decisions, State
from app.domain.message import Address
from app.domain.money import Money
from app.storage import issues, rows
from app.storage.connection import Connection
from tests.support.storage import NOW, a_judgement, an_issue, atoms_of

ROOT = message_atom("first@customer.example")
ORDER = "o:sample:1042"


def test_a_new_issue_comes_back_as_it_was(db: Connection) -> None:
    customer = Address(email="Anna@customer.example", name="Anna Weiß")
    judgement = a_judgement(
        second_kind=Kind.REFUND_BILLING,
        confidence=0.75,
        unsure=True,
        suspicious=True,
        suspicious_because=("Reply-To is elsewhere",),
        language="de",
        automatic=True,
    )
    issue = issues.get(db, an_issue(db, judgement=judgement))
    assert (issue.key, atoms_of(db, issue.id)) == (issue_key([ROOT]), (ROOT,))
    assert (issue.subject, issue.customer, issue.judgement) == ("Broken mug", customer, judgement)
    assert (issue.state, issue.first_at, issue.last_at) == (State.NEW, NOW, NOW)
    assert (issue.decisions, issue.history) == (Decisions(), False)


def test_an_issue_from_before_the_account_was_connected_is_closed_and_not_unseen(
    db: Connection,
) -> None:
    issue_id = an_issue(db, history=True)
    assert issues.get(db, issue_id).state is State.CLOSED
    assert not rows.inbox_rows(db, [issue_id])[0].unseen


CHANGES: list[dict[str, Any]] = [
    {"judgement": a_judgement(kind=Kind.LATE, severity=Severity.LOW, priority=Priority.P4)},
    {"decisions": Decisions(notes=("Called her",), snoozed_until=NOW, kind=Kind.LATE)},
    {"state": State.WAITING},
    {"snoozed_until": NOW + timedelta(days=1)},
    {"subject": "Broken mugs"},
    {"customer": Address(email="new@customer.example", name="New")},
    {"order_number": "1042"},
    {"order_total": Money(1990, "EUR")},
    {"deadline_at": NOW + timedelta(hours=4)},
    {"first_at": NOW - timedelta(days=1)},
    {"last_at": NOW + timedelta(days=1)},
    {"message_count": 3},
    {"history": True},
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: next(iter(change)))
def test_a_change_changes_what_it_names_and_nothing_else(
    db: Connection, change: dict[str, Any]
) -> None:
    issue_id = an_issue(db)
    before = issues.get(db, issue_id)
    issues.update(db, issue_id, **change)
    after = issues.get(db, issue_id)
    for name in type(before).__slots__:
        assert getattr(after, name) == change.get(name, getattr(before, name)), name


@pytest.mark.parametrize(
    ("name", "value"),
    [("preview", "In pieces"), ("unseen", False), ("waiting_since", NOW - timedelta(hours=1))],
)
def test_what_only_the_list_shows_can_be_changed(db: Connection, name: str, value: object) -> None:
    issue_id = an_issue(db)
    issues.update(db, issue_id, **{name: value})  # type: ignore[arg-type]
    assert getattr(rows.inbox_rows(db, [issue_id])[0], name) == value


def test_none_clears_what_can_be_empty(db: Connection) -> None:
    issue_id = an_issue(db)
    issues.update(db, issue_id, snoozed_until=NOW, order_total=Money(1, "EUR"), deadline_at=NOW)
    issues.update(db, issue_id, snoozed_until=None, order_total=None, deadline_at=None)
    issue = issues.get(db, issue_id)
    assert (issue.snoozed_until, issue.order_total, issue.deadline_at) == (None, None, None)


def test_a_change_of_nothing_is_allowed(db: Connection) -> None:
    issues.update(db, an_issue(db))


def test_an_order_gives_an_issue_a_new_key_and_the_old_one_still_finds_it(db: Connection) -> None:
    issue_id = an_issue(db)
    old = issues.get(db, issue_id).key
    new = issues.add_atoms(db, issue_id, (ORDER,))
    assert new == issues.get(db, issue_id).key == issue_key([ORDER, ROOT])
    assert issues.by_key(db, old) == issues.by_key(db, new) == issue_id
    assert rows.ids_of(db, [old, new, "i1_unknown"]) == {old: issue_id, new: issue_id}


def test_one_order_can_have_two_problems_and_its_atom_stays_with_the_first(db: Connection) -> None:
    first, second = an_issue(db, "1@x"), an_issue(db, "2@x")
    issues.add_atoms(db, first, (ORDER,))
    issues.add_atoms(db, second, (ORDER,))
    assert issues.by_atom(db, (ORDER,)) == first
    assert atoms_of(db, second) == (message_atom("2@x"),)


def test_the_first_known_atom_leads_to_its_issue(db: Connection) -> None:
    issue_id = an_issue(db)
    assert issues.by_atom(db, ("m:unknown", ROOT)) == issue_id
    assert issues.by_atom(db, ("m:unknown",)) is None


def test_an_atom_of_another_issue_cannot_begin_one(db: Connection) -> None:
    an_issue(db)
    with pytest.raises(ValueError, match="belongs to another issue"):
        an_issue(db, atoms=(ROOT, "o:sample:7"))


def test_a_key_is_found_by_a_clear_prefix_in_any_case_and_with_blanks(db: Connection) -> None:
    issue_id = an_issue(db)
    key = issues.get(db, issue_id).key
    assert issues.by_key(db, key[:9]) == issue_id
    assert issues.by_key(db, f" {key.upper()} ") == issue_id


def test_a_prefix_of_all_names_of_one_issue_is_clear(db: Connection) -> None:
    """Two atoms of the same issue may share a prefix; that is not two issues."""
    issue_id = an_issue(db)
    key = issues.get(db, issue_id).key
    db.execute("INSERT INTO atom VALUES ('m:near', ?, ?, 0)", (key[:-1] + "x", issue_id))
    assert issues.by_key(db, key[:12]) == issue_id


def test_a_key_that_is_too_short_or_ambiguous_is_refused_with_what_to_do(db: Connection) -> None:
    one, other = an_issue(db, "1@x"), an_issue(db, "2@x")
    db.execute("INSERT INTO atom VALUES ('m:a', 'i1_samesamea', ?, 0)", (one,))
    db.execute("INSERT INTO atom VALUES ('m:b', 'i1_samesameb', ?, 0)", (other,))
    with pytest.raises(Refused, match="at least 6 characters"):
        issues.by_key(db, "i1_same")
    with pytest.raises(Refused, match="Give more of the key"):
        issues.by_key(db, "i1_samesame")


@pytest.mark.parametrize("key", ["", "i1_abcdefgh", "1042", "i1_%%%%%%", "i1_'; drop --"])
def test_a_key_that_no_issue_has_is_not_found(db: Connection, key: str) -> None:
    an_issue(db)
    with pytest.raises(NotFound, match="No issue has this key"):
        issues.by_key(db, key)


def test_the_open_issues_of_a_customer_are_those_not_put_away_newest_first(db: Connection) -> None:
    old, new, done = (an_issue(db, f"{n}@x") for n in range(3))
    an_issue(db, "other@x", customer=Address(email="other@customer.example"))
    issues.update(db, old, last_at=NOW - timedelta(days=1), state=State.WAITING)
    issues.update(db, done, state=State.RESOLVED)
    found = issues.open_of_customer(db, "anna@customer.example")
    assert [issue.id for issue in found] == [new, old]
    assert issues.open_of_customer(db, "") == ()


def test_issues_are_found_by_their_order(db: Connection) -> None:
    issue_id = an_issue(db)
    issues.update(db, issue_id, order_number="1042")
    assert issues.by_order_number(db, "1042") == [issue_id]
    assert issues.by_order_number(db, "") == []


def test_a_sleep_is_due_when_its_end_has_come(db: Connection) -> None:
    late, early, awake = (an_issue(db, f"{n}@x") for n in range(3))
    issues.update(db, late, snoozed_until=NOW)
    issues.update(db, early, snoozed_until=NOW - timedelta(hours=1))
    assert issues.due_snoozes(db, NOW - timedelta(seconds=1)) == [early]
    assert issues.due_snoozes(db, NOW) == [early, late]
    assert sorted(issues.open_ids(db)) == sorted([late, early, awake])


def test_an_issue_that_is_gone_is_not_found(db: Connection) -> None:
    with pytest.raises(NotFound):
        issues.get(db, 7)


def test_the_owners_of_many_atoms_are_found_at_once_aliases_included(db: Connection) -> None:
    one, gone = (an_issue(db, name) for name in ("a@x", "b@x"))
    issues.merge(db, source=gone, into=one)
    atoms = [message_atom(name) for name in ("a@x", "b@x", "unknown@x")]
    assert issues.owners(db, atoms) == {atoms[0]: one, atoms[1]: one}
    assert issues.owners(db, ()) == {}


def test_an_issue_that_was_merged_is_not_present_any_more(db: Connection) -> None:
    one, gone = (an_issue(db, name) for name in ("a@x", "b@x"))
    issues.merge(db, source=gone, into=one)
    assert issues.present(db, {one, gone}) == {one}
    assert issues.present(db, ()) == frozenset()
