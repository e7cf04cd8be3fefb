"""Two issues made one by a person, one made two, and each of it taken back without a trace."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.assessment import Kind
from app.domain.clock import rfc3339
from app.domain.contact import Call, CallState
from app.domain.errors import Refused
from app.domain.incident import Incident
from app.domain.journal import EntryType, State
from app.domain.message import Address
from app.domain.reply import Draft
from app.storage import climbs, drafts, incidents, issues
from app.storage.climbs import Kept
from tests.support.engine import NOON, Engine, a_letter, another_issue


def test_merging_keeps_every_message_and_both_keys(engine, key):
    """Nothing of the merged issue is lost, and its key leads to the other."""
    other = another_issue(engine)
    engine.desk.merge(other, into=key)
    (row,) = engine.rows()
    assert row.message_count == 2
    assert engine.issue(other).row.id == engine.issue(key).row.id


def test_splitting_makes_a_second_issue_that_later_answers_find(engine, key):
    """A split message takes its own answers with it."""
    engine.receive(
        a_letter(
            "And may I change the address?",
            message_id="<2@customer.example>",
            answers="<first@customer.example>",
        )
    )
    second = engine.issue(key).messages[1].id
    engine.desk.split(key, messages=[second])
    assert {row.message_count for row in engine.rows()} == {1}
    engine.receive(
        a_letter(
            "I mean the billing address.",
            message_id="<3@customer.example>",
            answers="<2@customer.example>",
            references="<first@customer.example> <2@customer.example>",
        )
    )
    assert engine.issue(key).row.message_count == 1


def told(engine: Engine, key: str) -> tuple[object, ...]:
    """What somebody sees of an issue."""
    view = engine.issue(key)
    return (view.row.key, view.row.subject, view.row.customer, view.row.state, view.notes,
            view.draft.body if view.draft else "",
            tuple(one.message_id for one in view.messages))  # fmt: skip


def test_a_merge_is_taken_back_with_one_click(engine, key):
    """Both issues are as they were: mails, notes, keys, states, and where answers go."""
    other = another_issue(engine)
    engine.desk.note(other, "She is kind")
    engine.writing.save_draft(key, "Dear Ben")
    engine.writing.save_draft(other, "Dear Ida")
    engine.desk.acknowledge(other)
    before = told(engine, key), told(engine, other)
    entry = engine.desk.merge(other, into=key)["entry"]
    changes = engine.desk.undo(entry)["changes"]
    assert other in changes["added"]
    assert (told(engine, key), told(engine, other)) == before
    engine.clock.forward(minutes=1)
    engine.receive(
        a_letter("Still blue.", sender="ida@other.example", message_id="<c2@other.example>",
                 answers="<colour@other.example>")
    )  # fmt: skip
    assert engine.issue(other).row.message_count == 2
    assert engine.issue(key).row.message_count == 1
    with pytest.raises(Refused, match="taken back already"):
        engine.desk.undo(entry)


def test_what_came_after_a_merge_stays_and_what_was_there_before_goes_back(engine, key):
    """A later mail of the issue that was merged into is not taken along."""
    other = another_issue(engine)
    entry = engine.desk.merge(other, into=key)["entry"]
    engine.clock.forward(minutes=1)
    engine.receive(a_letter("More", message_id="<2@c.example>", answers="<first@customer.example>"))
    engine.desk.undo(entry)
    assert engine.issue(key).row.message_count == 2
    assert engine.issue(other).row.message_count == 1


def test_a_merge_into_an_issue_that_was_itself_merged_is_taken_back(engine, key):
    """The entry went along with the mails; so does the way back."""
    other = another_issue(engine)
    engine.receive(a_letter("Third", sender="z@z.example", message_id="<z@z.example>"))
    third = next(row.key for row in engine.rows() if row.customer.email == "z@z.example")
    first = engine.desk.merge(other, into=key)["entry"]
    second = engine.desk.merge(key, into=third)["entry"]
    engine.desk.undo(first)
    assert engine.issue(other).row.message_count == 1
    assert engine.issue(third).row.message_count == 2
    engine.desk.undo(second)
    assert engine.issue(key).row.message_count == 1
    assert len(engine.rows()) == 3


def test_a_split_is_taken_back_with_one_click(engine, key):
    """The mail lies where it lay, and its answers come there again."""
    engine.receive(
        a_letter("And the address?", message_id="<2@c.example>", answers="<first@customer.example>")
    )
    before = told(engine, key)
    second = engine.issue(key).messages[1].id
    entry = engine.desk.split(key, messages=[second])["entry"]
    new = next(row.key for row in engine.rows() if row.key != key)
    engine.desk.undo(entry)
    assert told(engine, key) == before
    assert engine.issue(new).row.key == key, "the key of what is no more leads there"
    engine.receive(
        a_letter("Third", message_id="<3@c.example>", answers="<2@c.example>",
                 references="<first@customer.example> <2@c.example>")
    )  # fmt: skip
    assert engine.issue(key).row.message_count == 3
    with pytest.raises(Refused, match="already"):
        engine.desk.undo(entry)


def test_what_a_machine_merged_and_a_person_took_apart_stays_apart(engine, key):
    """The same proof comes again, and is not believed again."""
    other = another_issue(engine)
    engine.receive(
        a_letter("Both!", sender="ida@other.example", message_id="<b@other.example>",
                 answers="<colour@other.example>",
                 references="<first@customer.example> <colour@other.example>")
    )  # fmt: skip
    (row,) = engine.rows()
    merged = next(one for one in engine.issue(row.key).journal if one.type is EntryType.MERGE)
    engine.desk.undo(merged.id)
    assert len(engine.rows()) == 2
    engine.receive(
        a_letter("Both again!", sender="ida@other.example", message_id="<b2@other.example>",
                 answers="<colour@other.example>",
                 references="<first@customer.example> <colour@other.example>")
    )  # fmt: skip
    assert len(engine.rows()) == 2
    assert engine.issue(other).row.key != engine.issue(key).row.key


def resolved(engine: Engine, key: str) -> None:
    engine.desk.resolve(key)


def asleep(engine: Engine, key: str) -> None:
    engine.desk.snooze(key, rfc3339(engine.clock.now() + timedelta(days=30)))


def answered(engine: Engine, key: str) -> None:
    engine.writing.send_reply(
        key=key, body="Hello,\n\nit is changed.\n\nBest wishes,\nJo", insist=True
    )
    engine.clock.forward(minutes=1)
    engine.outbox().step()


@pytest.mark.parametrize("settled", [resolved, asleep, answered])
@pytest.mark.parametrize("goes", ["what is settled", "what waits"])
def test_what_waits_for_us_goes_on_waiting_when_something_settled_is_merged_with_it(
    engine, key, settled, goes
):
    """It stays new, awake, with its promise; taken apart, both are what they were."""
    engine.clock.forward(minutes=50)
    other = another_issue(engine)
    engine.clock.forward(minutes=1)
    settled(engine, other)
    before = engine.issue(key).row, engine.issue(other).row
    engine.clock.forward(minutes=1)
    pair = (other, key) if goes == "what is settled" else (key, other)
    entry = engine.desk.merge(pair[0], into=pair[1])["entry"]
    (row,) = engine.rows("open")
    assert (row.state, row.snoozed_until) == (State.NEW, None)
    assert row.deadline_at is not None
    assert row.deadline_at - before[0].deadline_at < timedelta(seconds=1)
    engine.desk.undo(entry)
    rows = (engine.issue(key).row, engine.issue(other).row)
    assert [(one.state, one.snoozed_until, one.deadline_at) for one in rows] == [
        (one.state, one.snoozed_until, one.deadline_at) for one in before
    ]


def test_a_mail_that_was_merged_is_answered_by_what_we_write_afterwards(engine, key):
    other = another_issue(engine)
    engine.clock.forward(minutes=1)
    answered(engine, other)
    engine.desk.merge(other, into=key)
    engine.clock.forward(minutes=1)
    answered(engine, key)
    assert engine.issue(key).row.state is State.WAITING


def save(engine: Engine, draft: Draft) -> None:
    engine.writer.do(lambda db: drafts.save(db, draft, engine.clock.now()))


def draft_of(engine: Engine, key: str) -> Draft:
    found = engine.writer.do(lambda db: drafts.get(db, key))
    assert found is not None
    return found


def a_pair_of_drafts(engine: Engine, key: str) -> tuple[str, Draft, Draft]:
    """Another issue, its draft, and that of the first one: each with its own file and people."""
    other = another_issue(engine)
    ida = Draft(
        issue_key=other,
        subject="Re: Colour",
        to=(Address(email="ida@other.example"),),
        body="Dear Ida, 40 EUR are on their way.",
        files=("/tmp/ida.pdf",),
        template="refund",
        rendered="Dear Ida",
        sender="hello@shop.example",
    )
    ben = Draft(
        issue_key=key,
        subject="Re: Broken mugs",
        to=(Address(email="ben@customer.example"),),
        cc=(Address(email="boss@customer.example"),),
        body="Dear Ben, it is on its way.",
        files=("/tmp/ben.pdf",),
    )
    for one in (ida, ben):
        save(engine, one)
    return other, draft_of(engine, other), draft_of(engine, key)


def test_two_drafts_that_were_merged_are_given_back_each_with_its_own_files_and_people(engine, key):
    """No customer's file lies in the draft to another one, and none is lost."""
    other, ida, ben = a_pair_of_drafts(engine, key)
    engine.clock.forward(minutes=1)
    entry = engine.desk.merge(other, into=key)["entry"]
    assert draft_of(engine, key).files == ("/tmp/ben.pdf", "/tmp/ida.pdf")
    engine.clock.forward(minutes=1)
    engine.desk.undo(entry)
    assert (draft_of(engine, other), draft_of(engine, key)) == (ida, ben)


def test_what_was_changed_in_a_merged_draft_stays_changed_when_it_is_taken_apart(engine, key):
    """Ben's words were made better and Ida's file was taken out: neither comes back as it was."""
    other, ida, _ = a_pair_of_drafts(engine, key)
    entry = engine.desk.merge(other, into=key)["entry"]
    both = draft_of(engine, key)
    body = both.body.replace("it is on its way", "it left today")
    save(engine, replace(both, body=body, files=("/tmp/ben.pdf",)))
    engine.desk.undo(entry)
    ben = draft_of(engine, key)
    assert (ben.body, ben.files) == ("Dear Ben, it left today.", ("/tmp/ben.pdf",))
    assert (draft_of(engine, other).body, draft_of(engine, other).files) == (ida.body, ())


def test_a_draft_of_the_merged_issue_alone_goes_back_with_what_was_added_to_it(engine, key):
    other = another_issue(engine)
    save(engine, Draft(issue_key=other, body="Dear Ida"))
    entry = engine.desk.merge(other, into=key)["entry"]
    save(engine, replace(draft_of(engine, key), body="Dear Ida, thank you."))
    engine.desk.undo(entry)
    assert draft_of(engine, other).body == "Dear Ida, thank you."
    assert engine.issue(key).draft is None


def stored_as(engine: Engine) -> list[tuple[object, ...]]:
    """What the file holds of each issue beside its mails, by its subject."""
    return engine.writer.do(
        lambda db: db.execute(
            "SELECT subject, state, history, bucket, unseen, first_at, last_at, message_count,"
            " deadline_at, (SELECT since || data FROM climb WHERE issue_id = i.id),"
            " (SELECT count(*) FROM call WHERE issue_id = i.id),"
            " (SELECT incident_id FROM incident_issue WHERE issue_id = i.id)"
            " FROM issue i ORDER BY subject"
        ).fetchall()
    )


def a_climb(engine: Engine, key: str) -> None:
    """Somebody was told of it, and others would be next."""

    def write(db) -> None:
        issue_id = issues.by_key(db, key)
        climb = Kept(issue_id=issue_id, since=NOON, climb={"started_at": "then"})
        climbs.put(db, climb, next_at=NOON + timedelta(hours=1), live=True)
        climbs.call(
            db, Call(issue_id=issue_id, at=NOON, state=CallState.SENT, contact="Jo", step=1, loop=0)
        )

    engine.writer.do(write)


@pytest.mark.parametrize("goes", ["the old", "the new"])
def test_old_mail_that_was_merged_is_old_mail_again_when_the_merge_is_taken_back(engine, key, goes):
    """It does not come up as new and open two hundred days later."""
    engine.clock.forward(minutes=1)
    engine.receive(
        a_letter("Where is it?", subject="Old story", sender="o@o.example", message_id="<o@o>"),
        at=NOON - timedelta(days=200),
    )
    old = next(row.key for row in engine.rows() if row.subject == "Old story")
    before = stored_as(engine)
    pair = (old, key) if goes == "the old" else (key, old)
    engine.desk.undo(engine.desk.merge(pair[0], into=pair[1])["entry"])
    assert stored_as(engine) == before
    assert [row.key for row in engine.rows("open")] == [key]


@pytest.mark.parametrize("goes", ["what somebody has seen", "what is news"])
def test_a_merge_that_is_taken_back_leaves_no_trace_on_either_issue(engine, key, goes):
    """Begun when it began, seen or not, told to whom it was told, and of its own incident."""
    engine.clock.forward(minutes=5)
    other = another_issue(engine)
    a_climb(engine, key)
    engine.desk.seen(key)
    in_an_incident(engine, key)
    before = stored_as(engine)
    pair = (key, other) if goes == "what somebody has seen" else (other, key)
    entry = engine.desk.merge(pair[0], into=pair[1])["entry"]
    assert stored_as(engine) != before
    engine.desk.undo(entry)
    assert stored_as(engine) == before


def in_an_incident(engine: Engine, key: str) -> None:
    found = Incident(
        name="goods:x", sort="goods", title="x", grave=False, customers=3, first_at=NOON,
        last_at=NOON,
    )  # fmt: skip
    engine.writer.do(
        lambda db: incidents.keep(db, found, issues=(issues.by_key(db, key),), alerted=1)
    )


def test_what_was_seen_while_two_issues_were_one_is_seen_when_they_are_two(engine, key):
    other = another_issue(engine)
    entry = engine.desk.merge(other, into=key)["entry"]
    engine.desk.seen(key)
    engine.desk.undo(entry)
    assert [row.unseen for row in engine.rows()] == [False, False]


@pytest.fixture
def long_story(engine, key) -> list[int]:
    """Three further mails of the issue, an hour between them; all four, in order."""
    for number in (2, 3, 4):
        engine.clock.forward(hours=1)
        engine.receive(
            a_letter(
                f"More about it {number}, where is my parcel?",
                subject=f"Re: Broken mugs {number}",
                message_id=f"<{number}@customer.example>",
                answers="<first@customer.example>",
            )
        )
    return [one.id for one in engine.issue(key).messages]


@pytest.mark.parametrize("order", [(1, 2, 3), (2, 1, 3), (3, 2, 1)])
def test_what_is_split_off_begins_with_its_first_mail_in_whatever_order_they_are_named(
    engine, key, long_story, order
):
    engine.desk.split(key, [long_story[place] for place in order])
    (new,) = (row for row in engine.rows() if row.key != key)
    issue = engine.writer.do(lambda db: issues.get(db, new.id))
    assert (issue.subject, issue.first_at) == ("Re: Broken mugs 2", NOON + timedelta(hours=1))
    split = next(one for one in engine.issue(key).journal if one.type is EntryType.SPLIT)
    assert split.data["messages"] == long_story[1:]


def test_a_mail_that_was_split_off_can_be_split_off_what_it_began(engine, key, long_story):
    """Again and again: each issue has a name of its own, and each split is taken back."""
    engine.desk.split(key, long_story[1:])
    (second,) = (row.key for row in engine.rows() if row.key != key)
    entry = engine.desk.split(second, long_story[1:2])["entry"]
    assert len(engine.rows()) == 3
    engine.desk.undo(entry)
    assert {row.message_count for row in engine.rows()} == {1, 3}
    engine.desk.split(second, long_story[1:2])
    assert sorted(row.message_count for row in engine.rows()) == [1, 1, 2]


@pytest.mark.parametrize("named", [[], [77], "all"])
def test_no_mails_others_or_all_of_them_cannot_be_split_off(engine, key, long_story, named):
    with pytest.raises(Refused):
        engine.desk.split(key, long_story if named == "all" else named)


@pytest.mark.parametrize("settled", [resolved, answered])
def test_what_sleeps_goes_on_sleeping_when_something_settled_is_merged_with_it(
    engine, key, settled
):
    """It is not put away for good because the other half was, and wakes at its hour."""
    asleep(engine, key)
    engine.clock.forward(minutes=5)
    other = another_issue(engine)
    settled(engine, other)
    engine.clock.forward(minutes=1)
    engine.desk.merge(other, into=key)
    assert [row.state for row in engine.rows("snoozed")] == [State.NEW]
    engine.clock.forward(days=31)
    engine.watch.look()
    assert [row.key for row in engine.rows("open")] == [key]


@pytest.mark.parametrize("into_aside", [False, True])
@pytest.mark.parametrize("by_proof", [False, True])
def test_what_a_person_put_aside_takes_no_customer_with_it(engine, key, into_aside, by_proof):
    """One half is no issue by a person's word, the other a broken mug: merged by hand or because a
    mail answers both, the mug stays in the list. Taken back, each is what it was; said again of the
    whole, it counts for the whole."""
    other = another_issue(engine)
    aside, live = (key, other) if into_aside else (other, key)
    engine.desk.override(aside, kind="not_an_issue")
    if by_proof:
        engine.clock.forward(hours=1)
        names = "<first@customer.example> <colour@other.example>"
        letter = a_letter(
            "About both.",
            message_id="<both@customer.example>",
            answers="<first@customer.example>",
            references=names,
        )
        engine.receive(letter)
    else:
        engine.desk.merge(other, into=key)
    assert engine.issue(live).row.id == engine.issue(aside).row.id
    assert engine.issue(live).row.kind is not Kind.NOT_AN_ISSUE
    assert [row.key for row in engine.rows("open")] == [engine.issue(key).row.key]
    (entry,) = (one for one in engine.issue(key).journal if one.type is EntryType.MERGE)
    again = engine.desk.override(key, kind="not_an_issue")["entry"]
    assert engine.issue(key).row.kind is Kind.NOT_AN_ISSUE
    engine.desk.undo(again)
    engine.desk.undo(entry.id)
    assert engine.issue(live).row.kind is not Kind.NOT_AN_ISSUE
    assert engine.issue(aside).row.kind is Kind.NOT_AN_ISSUE
