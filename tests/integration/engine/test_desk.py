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
from tests.support.engine import NOON, a_letter, another_issue


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


@pytest.mark.parametrize(
    "until",
    [
        "yesterday",
        "2020-01-01T00:00:00Z",
        "",
        "9999-12-31T23:59:59-02:00",
        "9999-12-31T23:59:59Z",  # in a zone east of Greenwich no window can show it
    ],
)
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
    other = another_issue(engine)

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
    done = engine.desk.resolve([key])
    assert told() == (1, 1), "what was put away is urgent no more"
    engine.desk.undo(done["entries"])
    assert told() == (2, 1)
    engine.desk.seen(other)
    assert told() == (0, 0)


def test_what_is_mine_is_what_was_given_to_my_name(engine, key, tmp_path):
    """The setting `me` decides whose view "mine" is; the name may be written small."""
    engine.desk.assign(key, "Jo")
    now = engine.clock.now()
    for name, found in (("Jo", 1), ("jo", 1), ("Max", 0), ("", 0)):
        queries = Queries(tmp_path / "frontburner.db", me=partial(str, name))
        assert len(queries.inbox_ids("mine", now=now)) == found
        assert queries.counts(now=now)["mine"] == found
        assert len(queries.search("is:mine", now=now)) == found
        queries.close()


@pytest.fixture
def several(engine, key):
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
