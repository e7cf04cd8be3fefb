"""What a person decides, over a real profile: each verb is an entry, each can be taken back."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from app.domain.alert import Alert
from app.domain.assessment import Kind
from app.domain.clock import rfc3339
from app.domain.errors import NotFound, Refused
from app.domain.journal import EntryType, State
from app.engine.desk import Verbs
from app.engine.queries import Queries
from app.storage import alerts
from tests.support.engine import NOON, Engine, a_letter, an_engine


@pytest.fixture
def engine(tmp_path):
    with an_engine(tmp_path) as made:
        made.receive(a_letter())
        yield made


@pytest.fixture
def key(engine):
    return engine.only_key()


@pytest.mark.parametrize(
    ("verb", "state"),
    [("acknowledge", State.ACKNOWLEDGED), ("resolve", State.RESOLVED)],
)
def test_a_verb_moves_the_state_and_undo_moves_it_back(engine, key, verb, state):
    """The answer names the entry; undoing it is as if it had never been."""
    answer = getattr(engine.desk, verb)(key)
    assert engine.issue(key).row.state is state
    engine.desk.undo(answer["entry"])
    assert engine.issue(key).row.state is State.NEW
    assert len(engine.issue(key).journal) == 2


def test_every_verb_says_what_changed(engine, key):
    """A desk refreshes only what the answer names."""
    answer = engine.desk.resolve(key)
    assert answer["changes"]["issues"] == [key]
    assert engine.moved[-1].issues == {key}


def test_a_snoozed_issue_sleeps_and_wakes_by_itself(engine, key):
    """It leaves the open view until its time, and comes back without anybody."""
    engine.desk.snooze(key, rfc3339(NOON + timedelta(hours=2)))
    assert engine.rows("open") == []
    assert [row.key for row in engine.rows("snoozed")] == [key]
    engine.clock.forward(hours=3)
    engine.watch.look()
    assert [row.key for row in engine.rows("open")] == [key]


def test_a_customer_wakes_what_sleeps(engine, key):
    """Who writes again need not wait for the alarm clock."""
    engine.desk.snooze(key, rfc3339(NOON + timedelta(days=2)))
    engine.clock.forward(minutes=5)
    engine.receive(
        a_letter("Hello?", message_id="<2@customer.example>", answers="<first@customer.example>")
    )
    assert [row.key for row in engine.rows("open")] == [key]


@pytest.mark.parametrize("until", ["yesterday", "2020-01-01T00:00:00Z", ""])
def test_sleeping_until_no_moment_or_a_past_one_is_refused(engine, key, until):
    """One sentence, and nothing is written."""
    with pytest.raises(Refused):
        engine.desk.snooze(key, until)
    assert engine.issue(key).journal == ()


def test_an_override_says_itself_among_the_reasons(engine, key):
    """Why it stands where it stands names the person's word."""
    engine.desk.override(key, severity="critical")
    view = engine.issue(key)
    assert view.row.priority in ("P1", "P2")
    assert sum(reason.points for reason in view.reasons) == view.row.score


def test_an_override_to_no_kind_is_refused(engine, key):
    """The sentence lists what there is."""
    with pytest.raises(Refused, match="damaged"):
        engine.desk.override(key, kind="banana")


def test_merging_keeps_every_message_and_both_keys(engine, key):
    """Nothing of the merged issue is lost, and its key leads to the other."""
    engine.receive(
        a_letter(
            "Wrong colour too",
            subject="Colour",
            message_id="<colour@other.example>",
            sender="Ida <ida@other.example>",
        )
    )
    other = next(row.key for row in engine.rows() if row.key != key)
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


def test_notes_and_tags_are_kept(engine, key):
    """What people write down stands with the issue."""
    engine.desk.note(key, "Called her, she sends photos")
    engine.desk.tag(key, add=["vip", "photo"])
    engine.desk.tag(key, remove=["photo"])
    view = engine.issue(key)
    assert view.notes == ("Called her, she sends photos",)
    assert view.tags == ("vip",)


def test_an_unknown_key_is_said(engine):
    """A sentence for a key that does not exist."""
    with pytest.raises(NotFound):
        engine.desk.resolve("i1_nothingofthekind")


def test_the_journal_is_one_line_of_counted_entries(engine, key):
    """Every entry has its number on this device, without holes, and knows what it stood on."""
    engine.desk.acknowledge(key)
    engine.desk.resolve(key)
    first, second = engine.issue(key).journal
    assert (first.type, second.type) == (EntryType.ACKNOWLEDGE, EntryType.RESOLVE)
    assert second.counter == first.counter + 1
    assert second.base == first.id


def test_a_verb_that_does_not_exist_is_refused(engine):
    """The table of verbs answers with a sentence, not with a traceback."""
    verbs = Verbs(engine.desk.verbs())
    with pytest.raises(Refused, match="no verb"):
        verbs.answer("explode", {})
    with pytest.raises(Refused, match="arguments"):
        verbs.answer("resolve", {"door": 1})


def test_an_issue_that_was_opened_is_no_longer_unseen(engine, key):
    """Bold until somebody looked."""
    assert engine.rows()[0].unseen
    engine.desk.seen(key)
    assert not engine.rows()[0].unseen
    assert engine.issue(key).row.kind is Kind.DAMAGED


def test_the_card_of_several_is_over_when_each_of_them_was_opened(engine, key):
    """An issue that was looked at is not new on a banner; how many were not is counted."""
    other = another(engine)

    def told() -> tuple[int, int]:
        rang = engine.writer.do(alerts.rang)
        return rang.issues, rang.unopened

    for number, keys in enumerate(((key, other), (key,))):
        card = Alert(
            dedupe=f"bundle/{number}", issue_keys=keys, title="", body="",
            created_at=engine.clock.now(),
        )  # fmt: skip
        engine.writer.do(partial(alerts.queue, alert=card))
    assert told() == (2, 2)
    engine.desk.seen(key)
    assert told() == (2, 1)
    engine.desk.seen(other)
    assert told() == (0, 0)


def test_what_is_mine_is_what_was_given_to_my_name(engine, key, tmp_path):
    """The setting `me` decides whose view "mine" is."""
    engine.desk.assign(key, "Jo")
    now = engine.clock.now()
    for name, found in (("Jo", 1), ("Max", 0), ("", 0)):
        queries = Queries(tmp_path / "frontburner.db", me=partial(str, name))
        assert len(queries.inbox_ids("mine", now=now)) == found
        assert queries.counts(now=now)["mine"] == found
        queries.close()


def another(engine: Engine) -> str:
    """A second issue of another customer; its key."""
    before = {row.key for row in engine.rows()}
    engine.receive(
        a_letter(
            "Wrong colour too",
            subject="Colour",
            message_id="<colour@other.example>",
            sender="Ida <ida@other.example>",
        )
    )
    return next(row.key for row in engine.rows() if row.key not in before)


def told(engine: Engine, key: str) -> tuple[object, ...]:
    """What somebody sees of an issue."""
    view = engine.issue(key)
    return (view.row.key, view.row.subject, view.row.customer, view.row.state, view.notes,
            view.draft.body if view.draft else "",
            tuple(one.message_id for one in view.messages))  # fmt: skip


def test_a_merge_is_taken_back_with_one_click(engine, key):
    """Both issues are as they were: mails, notes, keys, states, and where answers go."""
    other = another(engine)
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
    other = another(engine)
    entry = engine.desk.merge(other, into=key)["entry"]
    engine.clock.forward(minutes=1)
    engine.receive(a_letter("More", message_id="<2@c.example>", answers="<first@customer.example>"))
    engine.desk.undo(entry)
    assert engine.issue(key).row.message_count == 2
    assert engine.issue(other).row.message_count == 1


def test_a_merge_into_an_issue_that_was_itself_merged_is_taken_back(engine, key):
    """The entry went along with the mails; so does the way back."""
    other = another(engine)
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
    other = another(engine)
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


@pytest.fixture
def several(engine):
    """Three open issues of three customers."""
    for name in ("bea", "cem"):
        mail = a_letter(
            f"The lamp of {name} arrived broken",
            sender=f"{name}@customer.example",
            message_id=f"<{name}@x>",
        )
        engine.receive(mail)
    return sorted(row.key for row in engine.rows("open"))


def test_a_verb_takes_several_issues_in_one_go_and_undo_takes_all_back(engine, several):
    """One transaction, one change told, one entry each; one undo brings all of them back."""
    told = len(engine.moved)
    answer = engine.desk.resolve(several)
    assert len(engine.moved) == told + 1
    assert engine.moved[-1].issues == set(several)
    assert len(answer["entries"]) == len(several) == 3
    assert engine.rows("open") == []
    engine.desk.undo(answer["entries"])
    assert {row.key for row in engine.rows("open")} == set(several)


def test_of_several_all_are_done_or_none(engine, several):
    with pytest.raises(NotFound):
        engine.desk.resolve([*several, "i1_nosuchissue"])
    assert len(engine.rows("open")) == 3


def test_several_are_merged_into_one_and_taken_apart_again(engine, several):
    kept, *others = several
    answer = engine.desk.merge(others, into=kept)
    assert [row.key for row in engine.rows("open")] == [kept]
    engine.desk.undo(answer["entries"])
    assert len(engine.rows("open")) == 3


@pytest.mark.parametrize("keys", [[], [f"i1_{n}" for n in range(1001)]])
def test_none_and_more_than_a_thousand_are_refused(engine, keys):
    with pytest.raises(Refused, match="1,000"):
        engine.desk.resolve(keys)
