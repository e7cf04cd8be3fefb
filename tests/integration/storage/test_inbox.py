"""The list is in order, every view is served by an index, every count is the length of its view."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.assessment import Kind, Priority, Severity
from app.domain.errors import NotFound
from app.domain.journal import Decisions, State
from app.domain.message import Address
from app.domain.money import Money
from app.domain.views import View
from app.storage import alerts, deadlines, drafts, folders, inbox, issues, journal, outbox, rows
from app.storage.connection import Connection
from tests.support.storage import (
    NOW,
    a_full_message,
    a_judgement,
    a_reply,
    a_snapshot,
    an_account,
    an_alert,
    an_issue,
    an_order,
    said,
    undone,
)

HOUR = timedelta(hours=1)
ME = "maria"


def ids(db: Connection, view: str, *, now: datetime = NOW) -> list[int]:
    return list(rows.inbox_ids(db, view=view, now=now, me=ME))


def an_issue_like(db: Connection, n: int, **given_: Any) -> int:
    """An issue whose state, sleep and person are set as the engine sets them."""
    changes = {
        name: given_.pop(name)
        for name in ("state", "snoozed_until", "decisions", "last_at")
        if name in given_
    }
    history = given_.pop("history", False)
    issue_id = an_issue(db, f"{n}@x", judgement=a_judgement(**given_), history=history)
    issues.update(db, issue_id, **changes)
    return issue_id


def test_the_highest_score_stands_first_and_of_equals_the_newest(db: Connection) -> None:
    low = an_issue_like(db, 1, score=10)
    older = an_issue_like(db, 2, score=90, last_at=NOW - HOUR)
    newer = an_issue_like(db, 3, score=90)
    assert ids(db, "open") == [newer, older, low]


@pytest.mark.parametrize(
    ("given_", "views"),
    [
        ({}, {View.URGENT, View.OPEN}),
        ({"priority": Priority.P3}, {View.OPEN}),
        ({"priority": Priority.P1}, {View.URGENT, View.OPEN}),
        ({"state": State.ACKNOWLEDGED}, {View.URGENT, View.OPEN}),
        ({"decisions": Decisions(assignee=ME)}, {View.URGENT, View.OPEN, View.MINE}),
        ({"state": State.WAITING}, {View.WAITING}),
        ({"state": State.RESOLVED}, {View.DONE}),
        ({"state": State.CLOSED}, {View.DONE}),
        ({"snoozed_until": NOW + HOUR}, {View.SNOOZED}),
        ({"snoozed_until": NOW}, {View.URGENT, View.OPEN}),
        ({"snoozed_until": NOW + HOUR, "state": State.WAITING}, {View.SNOOZED}),
        ({"kind": Kind.NOT_AN_ISSUE}, {View.NOISE}),
        ({"kind": Kind.NOT_AN_ISSUE, "history": True}, set()),
        ({"history": True}, set()),
        ({"history": True, "state": State.NEW}, {View.URGENT, View.OPEN}),
    ],
)
def test_an_issue_stands_where_its_state_its_sleep_and_its_kind_put_it(
    db: Connection, given_: dict[str, Any], views: set[View]
) -> None:
    issue_id = an_issue_like(db, 1, **given_)
    assert {view for view in View if ids(db, view) == [issue_id]} == views | {View.ALL}


def test_a_kind_is_a_view_of_the_open_issues_that_have_it_first_or_second(db: Connection) -> None:
    first = an_issue_like(db, 1, kind=Kind.LATE)
    second = an_issue_like(db, 2, kind=Kind.DAMAGED, second_kind=Kind.LATE)
    an_issue_like(db, 3, kind=Kind.LATE, state=State.RESOLVED)
    assert sorted(ids(db, "late")) == sorted([first, second])
    assert rows.counts(db, now=NOW)["late"] == 2


def test_a_view_that_does_not_exist_is_not_found_and_the_others_are_named(db: Connection) -> None:
    with pytest.raises(NotFound, match=r"no view named everything.*urgent, open"):
        ids(db, "everything")


def test_nobody_has_no_issues_of_their_own(db: Connection) -> None:
    an_issue_like(db, 1)
    assert list(rows.inbox_ids(db, view="mine", now=NOW)) == []
    assert rows.counts(db, now=NOW)["mine"] == 0


some_issue = st.fixed_dictionaries(
    {
        "kind": st.sampled_from([Kind.LATE, Kind.DAMAGED, Kind.NOT_AN_ISSUE]),
        "second_kind": st.sampled_from([None, Kind.LATE, Kind.DAMAGED]),
        "priority": st.sampled_from(Priority),
        "score": st.integers(min_value=0, max_value=100),
        "state": st.sampled_from(State),
        "history": st.booleans(),
        "snoozed_until": st.sampled_from([None, NOW, NOW + HOUR]),
        "decisions": st.sampled_from([Decisions(), Decisions(assignee=ME)]),
    }
)


@given(st.lists(some_issue, max_size=12), st.data())
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=timedelta(seconds=2)
)
def test_every_count_is_the_length_of_its_view_whatever_has_moved(
    db: Connection, some: list[dict[str, Any]], data: st.DataObject
) -> None:
    with undone(db):
        made = [an_issue_like(db, n, **dict(one)) for n, one in enumerate(some)]
        for issue_id in made[::2]:
            issues.update(db, issue_id, state=data.draw(st.sampled_from(State)))
        if len(made) > 1:
            issues.merge(db, source=made[0], into=made[1])
        counts = rows.counts(db, now=NOW, me=ME)
        assert counts == {view: len(ids(db, view)) for view in (*View, *Kind)}


@pytest.mark.parametrize("view", [*View, *Kind])
def test_every_view_is_served_by_an_index_without_touching_the_rows(
    db: Connection, view: str
) -> None:
    plan = db.execute(
        "EXPLAIN QUERY PLAN " + inbox._VIEWS[view], {"now": 0, "me": "", "kind": view}
    ).fetchall()
    steps = [step[3] for step in plan]
    assert not any("B-TREE" in step for step in steps), "nothing is sorted"
    assert len(steps) == 1 or view == View.INCIDENTS
    assert steps[0].startswith("SCAN issue USING COVERING INDEX issue_")


def test_the_counts_are_served_by_an_index(db: Connection) -> None:
    plan = db.execute("EXPLAIN QUERY PLAN " + inbox._COUNTS, {"now": 0, "me": ""}).fetchall()
    assert [step[3] for step in plan] == [
        "SEARCH issue USING COVERING INDEX issue_live_count (state=?)"
    ]


def test_a_row_says_all_that_the_list_shows(db: Connection) -> None:
    judgement = a_judgement(second_kind=Kind.LATE, unsure=True, suspicious=True)
    issue_id = an_issue(db, judgement=judgement)
    issues.update(
        db,
        issue_id,
        preview="In pieces",
        message_count=2,
        order_number="1042",
        order_total=Money(1990, "EUR"),
        deadline_at=NOW + HOUR,
        snoozed_until=NOW + 2 * HOUR,
        waiting_since=NOW - HOUR,
        decisions=Decisions(assignee=ME),
    )
    (row,) = rows.inbox_rows(db, [issue_id])
    assert (row.id, row.key) == (issue_id, issues.get(db, issue_id).key)
    assert (row.kind, row.second_kind) == (Kind.DAMAGED, Kind.LATE)
    assert (row.severity, row.priority, row.score) == (Severity.HIGH, Priority.P2, 62)
    assert (row.unsure, row.suspicious, row.unseen) == (True, True, True)
    assert (row.subject, row.preview, row.message_count) == ("Broken mug", "In pieces", 2)
    assert row.customer == Address(email="Anna@customer.example", name="Anna Weiß")
    assert (row.order_number, row.order_total) == ("1042", Money(1990, "EUR"))
    assert (row.state, row.assignee, row.last_at) == (State.NEW, ME, NOW)
    assert (row.deadline_at, row.snoozed_until) == (NOW + HOUR, NOW + 2 * HOUR)
    assert row.waiting_since == NOW - HOUR


def test_rows_come_in_the_order_asked_for_without_those_that_are_gone(db: Connection) -> None:
    one, other = an_issue(db, "1@x"), an_issue(db, "2@x")
    assert [row.id for row in rows.inbox_rows(db, [other, 99, one])] == [other, one]
    assert rows.inbox_rows(db, []) == []


def test_an_issue_whole_says_why_who_what_and_by_when(db: Connection) -> None:
    issue_id = an_issue(db)
    message_id = said(db, issue_id, a_full_message(), joined_because="It answers your mail")
    orders_and_draft(db, issue_id)
    view = rows.issue_view(db, issues.get(db, issue_id).key)
    assert view.row == rows.inbox_rows(db, [issue_id])[0]
    assert view.reasons == a_judgement().reasons
    (message,) = view.messages
    assert (message.id, message.message_id) == (message_id, "full@customer.example")
    assert (message.from_.email, message.has_html, message.automatic) == (
        "Anna@customer.example",
        True,
        False,
    )
    assert (message.text, message.new_text) == ("Hello\n> what you wrote", "Hello")
    assert message.at == a_full_message().sent_at
    assert [attachment.filename for attachment in message.attachments] == ["mug.jpg", "logo.png"]
    assert message.joined_because == "It answers your mail"
    assert view.journal == journal.of_issue(db, issue_id)
    assert view.deadlines == deadlines.of_issue(db, issue_id)
    assert view.order == an_order()
    assert view.draft == drafts.get(db, view.row.key)
    assert [reply.issue_key for reply in view.replies] == [view.row.key]
    assert (view.notes, view.tags) == (("Called her",), ("vip",))


def orders_and_draft(db: Connection, issue_id: int) -> None:
    from app.domain.deadline import Deadline, Metric
    from app.domain.journal import EntryType
    from app.domain.reply import Draft
    from app.storage import orders

    key = issues.get(db, issue_id).key
    orders.upsert(db, an_order())
    issues.update(
        db,
        issue_id,
        order_number="1042",
        decisions=Decisions(notes=("Called her",), tags=("vip",)),
    )
    journal.append(db, issue_id=issue_id, type=EntryType.NOTE, at=NOW, data={"text": "Called her"})
    deadlines.put(db, issue_id, Deadline(metric=Metric.FIRST_RESPONSE, planned_at=NOW + HOUR))
    drafts.save(db, Draft(issue_key=key, body="Dear Anna"), NOW)
    outbox.queue(db, a_reply(key))


def test_a_message_without_a_sender_can_be_shown(db: Connection) -> None:
    from tests.support.storage import a_message

    issue_id = an_issue(db)
    said(db, issue_id, a_message(from_=None, sent_at=None), assessment=None)
    (message,) = rows.issue_view(db, issues.get(db, issue_id).key).messages
    assert (message.from_, message.at, message.automatic) == (Address(email=""), NOW, False)


def test_the_overview_frames_the_list(db: Connection) -> None:
    account = an_account(db)
    issue_id = an_issue(db)
    key = issues.get(db, issue_id).key
    folders.settle(db, account_id=account.id, snapshot=a_snapshot(exists=0), now=NOW)
    alerts.queue(db, an_alert("one", key))
    outbox.queue(db, a_reply(key))
    overview = rows.overview(db, NOW)
    assert overview.counts["open"] == 1
    assert [health.account for health in overview.health] == ["Help desk"]
    assert [proof.unexplained for proof in overview.proofs] == [0]
    assert [alert.issue_keys for alert in overview.alerts] == [(key,)]
    assert [reply.issue_key for reply in overview.replies] == [key]
