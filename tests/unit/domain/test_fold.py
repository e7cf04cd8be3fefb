"""The fold makes the present of the journal: the laws that it keeps, and each entry's meaning."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.domain.assessment import Kind, Severity
from app.domain.clock import rfc3339
from app.domain.journal import (
    Decisions,
    Entry,
    EntryType,
    State,
    fold,
    is_chased,
    standing,
    taken_back,
)

START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
IN_THREE_DAYS, LATER = START + timedelta(days=3), 4 * 24 * 60  # the latter is an entry's counter


def an_entry(counter: int, type_: EntryType, **data: Any) -> Entry:
    return Entry(
        id=f"entry-{counter}",
        device="0123456789abcdef",
        counter=counter,
        at=START + timedelta(minutes=counter),
        type=type_,
        atoms=("m:0123456789abcdef",),
        data=data,
    )


def some_data(type_: EntryType) -> st.SearchStrategy[dict[str, Any]]:
    words = st.text(max_size=8)
    match type_:
        case EntryType.ASSIGN:
            return st.fixed_dictionaries({"to": words})
        case EntryType.SNOOZE:
            hours = st.integers(min_value=-5, max_value=50)
            return hours.map(lambda n: {"until": rfc3339(START + timedelta(hours=n))})
        case EntryType.OVERRIDE:
            return st.fixed_dictionaries(
                {},
                optional={
                    "kind": st.sampled_from([kind.value for kind in Kind]),
                    "severity": st.sampled_from([severity.value for severity in Severity]),
                },
            )
        case EntryType.VERDICT:
            return st.sampled_from([{"verdict": "false_alarm"}, {"verdict": "missed"}])
        case EntryType.NOTE:
            return st.fixed_dictionaries({"text": words})
        case EntryType.TAG:
            some = st.lists(words, max_size=3)
            return st.fixed_dictionaries({}, optional={"add": some, "remove": some})
        case EntryType.RULE:
            deeds = {
                "assign": words,
                "severity": st.sampled_from([severity.value for severity in Severity]),
                "tags": st.lists(words, max_size=3),
                "template": words,
                "mute": st.booleans(),
            }
            return st.fixed_dictionaries({"name": words}, optional=deeds)
        case _:
            return st.just({})


decisions_of_people = [type_ for type_ in EntryType if type_ is not EntryType.UNDO]


@st.composite
def journals(draw: st.DrawFn, *, undo: bool = True) -> list[Entry]:
    """A journal of any length; with `undo`, entries may take back entries before them."""
    types = draw(st.lists(st.sampled_from(decisions_of_people), max_size=12))
    log = [an_entry(n, type_, **draw(some_data(type_))) for n, type_ in enumerate(types, 1)]
    numbers = draw(st.sets(st.integers(min_value=1, max_value=12), max_size=4)) if undo else set()
    taken_back = [entry for entry in log if entry.counter in numbers]
    undos = [
        an_entry(len(log) + n, EntryType.UNDO, entry=entry.id)
        for n, entry in enumerate(taken_back, 1)
    ]
    return log + undos


def without_head(decisions: Decisions) -> tuple[Any, ...]:
    return tuple(getattr(decisions, name) for name in Decisions.__slots__ if name != "head")


@given(journals())
def test_the_same_journal_always_folds_to_the_same_decisions(log: list[Entry]) -> None:
    assert fold(log) == fold(iter(list(log)))


@given(journals(undo=False), st.data())
def test_an_undone_entry_counts_as_never_made(log: list[Entry], data: st.DataObject) -> None:
    if not log:
        return
    taken_back = data.draw(st.sampled_from(log))
    undo = an_entry(len(log) + 1, EntryType.UNDO, entry=taken_back.id)
    never_made = [entry for entry in log if entry is not taken_back]
    assert without_head(fold([*log, undo])) == without_head(fold(never_made))


@given(journals())
def test_the_head_is_the_last_entry_whatever_it_says(log: list[Entry]) -> None:
    assert fold(log).head == (log[-1].id if log else "")


@given(journals(undo=False), st.text(max_size=8))
def test_a_note_is_only_ever_added(log: list[Entry], text: str) -> None:
    noted = an_entry(len(log) + 1, EntryType.NOTE, text=text)
    assert fold([*log, noted]).notes == (*fold(log).notes, text)


@given(journals(undo=False))
def test_no_tag_stands_twice_unless_one_entry_adds_it_twice(log: list[Entry]) -> None:
    for entry in log:
        if len(set(entry.data.get("add", ()))) != len(entry.data.get("add", ())):
            return
    tags = fold(log).tags
    assert len(set(tags)) == len(tags)


def test_an_empty_journal_decides_nothing() -> None:
    assert fold(()) == Decisions()


def test_undoing_an_unknown_entry_changes_nothing_but_the_head() -> None:
    log = [an_entry(1, EntryType.RESOLVE), an_entry(2, EntryType.UNDO, entry="elsewhere")]
    assert without_head(fold(log)) == without_head(fold(log[:1]))


def test_acknowledge_resolve_and_reopen_set_the_state_and_its_instant() -> None:
    log = [an_entry(1, EntryType.ACKNOWLEDGE)]
    assert (fold(log).state, fold(log).state_at) == (State.ACKNOWLEDGED, log[0].at)
    log.append(an_entry(2, EntryType.RESOLVE))
    assert (fold(log).state, fold(log).state_at) == (State.RESOLVED, log[1].at)
    log.append(an_entry(3, EntryType.REOPEN))
    assert (fold(log).state, fold(log).state_at) == (State.ACKNOWLEDGED, log[2].at)


def test_a_state_decided_after_a_snooze_wakes_the_issue() -> None:
    asleep = [an_entry(1, EntryType.SNOOZE, until="2026-11-22T08:00:00Z")]
    assert fold(asleep).snoozed_until == datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    assert fold([*asleep, an_entry(2, EntryType.RESOLVE)]).snoozed_until is None


def test_of_two_assignments_the_later_wins() -> None:
    log = [an_entry(1, EntryType.ASSIGN, to="maria"), an_entry(2, EntryType.ASSIGN, to="jo")]
    assert fold(log).assignee == "jo"


def test_an_override_keeps_what_it_does_not_name() -> None:
    log = [
        an_entry(1, EntryType.OVERRIDE, kind="damaged", severity="critical"),
        an_entry(2, EntryType.OVERRIDE, kind="late"),
    ]
    assert (fold(log).kind, fold(log).severity) == (Kind.LATE, Severity.CRITICAL)


def test_a_sent_reply_makes_the_issue_wait_and_the_first_one_is_remembered() -> None:
    log = [an_entry(1, EntryType.REPLY_SENT), an_entry(2, EntryType.REPLY_SENT)]
    decisions = fold(log)
    assert decisions.state is State.WAITING
    assert (decisions.replied_at, decisions.replies) == (log[0].at, 2)


def test_a_queued_or_failed_reply_decides_nothing() -> None:
    log = [an_entry(1, EntryType.REPLY_QUEUED), an_entry(2, EntryType.REPLY_FAILED)]
    assert without_head(fold(log)) == without_head(Decisions())


def test_a_tag_is_taken_off_however_it_is_capitalised() -> None:
    """A rule wrote B2B, a person at a command line b2b."""
    log = [
        an_entry(1, EntryType.RULE, name="Wholesale", tags=["B2B"]),
        an_entry(2, EntryType.TAG, add=[], remove=["b2b"]),
    ]
    assert fold(log).tags == ()


def test_tags_are_added_once_and_removed() -> None:
    log = [
        an_entry(1, EntryType.TAG, add=["vip", "wholesale"]),
        an_entry(2, EntryType.TAG, add=["vip"], remove=["wholesale"]),
    ]
    assert fold(log).tags == ("vip",)


def test_a_tag_that_a_person_put_back_may_be_put_on_by_a_rule_again() -> None:
    log = [
        an_entry(1, EntryType.TAG, remove=["a", "b"]),
        an_entry(2, EntryType.TAG, add=["a"]),
        an_entry(3, EntryType.RULE, name="R", tags=["a", "b"]),
    ]
    assert (fold(log).tags, fold(log).tags_off) == (("a",), ("b",))


def test_a_verdict_stands_until_the_next_one() -> None:
    log = [
        an_entry(1, EntryType.VERDICT, verdict="false_alarm"),
        an_entry(2, EntryType.VERDICT, verdict="missed"),
    ]
    assert fold(log).verdict == "missed"


def test_a_mail_that_came_back_makes_the_issue_new_until_something_is_sent_or_settled() -> None:
    log = [
        an_entry(1, EntryType.REPLY_SENT, message_id="one"),
        an_entry(2, EntryType.REPLY_BOUNCED, message_id="one"),
    ]
    came_back = fold(log)
    assert (came_back.state, came_back.undelivered) == (State.NEW, ("one",))
    assert came_back.undelivered_at == log[1].at
    for settled in (EntryType.REPLY_SENT, EntryType.RESOLVE):
        assert fold([*log, an_entry(3, settled)]).undelivered_at is None
    assert fold([*log, an_entry(3, EntryType.ACKNOWLEDGE)]).undelivered_at == log[1].at


def test_a_mail_that_came_back_after_a_better_one_moves_no_state() -> None:
    log = [
        an_entry(1, EntryType.REPLY_SENT, message_id="one"),
        an_entry(2, EntryType.REPLY_SENT, message_id="two"),
        an_entry(3, EntryType.REPLY_BOUNCED, message_id="one", answered_since=True),
    ]
    assert fold(log).state is State.WAITING
    assert fold(log).undelivered == ("one",)
    assert fold(log).undelivered_at is None


def test_a_merge_by_proof_keeps_open_what_waits_for_us() -> None:
    log = [
        an_entry(1, EntryType.RESOLVE),
        an_entry(2, EntryType.MERGE, because="a mail names mails of both", state="new"),
    ]
    assert fold(log).state is State.NEW
    assert fold([log[0], an_entry(2, EntryType.MERGE)]).state is State.RESOLVED


def test_a_rule_decides_only_what_no_person_decides_before_or_after() -> None:
    """Whatever the order of the two, the person's word is the same."""
    rule = {"name": "R", "assign": "Mara", "severity": "critical", "tags": ["a", "b"]}
    people = [
        an_entry(1, EntryType.TAG, add=["a"]),
        an_entry(2, EntryType.TAG, remove=["a"]),
        an_entry(3, EntryType.ASSIGN, to=""),
        an_entry(4, EntryType.OVERRIDE, severity="low"),
    ]
    before = fold([an_entry(0, EntryType.RULE, **rule), *people])
    after = fold([*people, an_entry(5, EntryType.RULE, **rule)])
    for decided in (before, after):
        assert (decided.assignee, decided.severity) == ("", Severity.LOW)
        assert decided.tags == ("b",)
    assert fold([an_entry(0, EntryType.RULE, **rule)]).severity is None  # no person said it


def test_an_undone_rule_leaves_nothing() -> None:
    ruled = an_entry(1, EntryType.RULE, name="R", assign="Mara", tags=["a"], mute=True)
    undone = fold([ruled, an_entry(2, EntryType.UNDO, entry="entry-1")])
    assert undone == Decisions(head="entry-2")


def asked(**data: Any) -> Entry:
    """A reply that expects an answer within three days."""
    return an_entry(1, EntryType.REPLY_SENT, follow_up_at=rfc3339(IN_THREE_DAYS), **data)


def test_whom_we_asked_and_who_says_nothing_is_our_turn_again_on_the_day_that_was_given() -> None:
    waits = fold([asked()])
    stands = partial(standing, waits, heard_at=START, history=False)
    assert stands(now=START + timedelta(days=1)) == (State.WAITING, IN_THREE_DAYS)
    assert stands(now=IN_THREE_DAYS) == (State.NEW, None)
    assert is_chased(waits, heard_at=START, now=IN_THREE_DAYS)
    assert is_chased(waits, heard_at=None, now=IN_THREE_DAYS)
    assert not is_chased(waits, heard_at=START, now=IN_THREE_DAYS - timedelta(minutes=1))
    assert not is_chased(waits, heard_at=START + timedelta(hours=1), now=IN_THREE_DAYS)
    slept = fold([an_entry(1, EntryType.SNOOZE, until=rfc3339(IN_THREE_DAYS))])
    assert not is_chased(slept, heard_at=START, now=IN_THREE_DAYS)


def test_who_acknowledges_that_nobody_answered_is_not_waiting_for_that_day_any_more() -> None:
    """Before the day it is said that we have it in hand; after it, that we know of the silence."""
    early = fold([asked(), an_entry(2, EntryType.ACKNOWLEDGE)])
    assert (early.follow_up, early.snoozed_until) == (False, None)
    late = fold([asked(), an_entry(LATER, EntryType.ACKNOWLEDGE)])
    assert (late.follow_up, late.snoozed_until) == (True, IN_THREE_DAYS)
    assert late.state is State.ACKNOWLEDGED
    assert not fold([asked(), an_entry(LATER, EntryType.RESOLVE)]).follow_up


def test_an_answer_that_goes_later_lets_it_sleep_until_it_goes_or_does_not() -> None:
    queued = an_entry(1, EntryType.REPLY_QUEUED, scheduled_for=rfc3339(IN_THREE_DAYS))
    assert fold([queued]).snoozed_until == IN_THREE_DAYS
    assert fold([replace(queued, data={**queued.data, "aside": True})]).snoozed_until is None
    another = an_entry(2, EntryType.REPLY_UNDONE)
    assert fold([queued, another]).snoozed_until == IN_THREE_DAYS
    back = an_entry(2, EntryType.REPLY_UNDONE, scheduled=True)
    for over in (back, an_entry(2, EntryType.REPLY_FAILED)):
        assert fold([queued, over]).snoozed_until is None
        assert fold([asked(), over]).snoozed_until == over.at, "they are asked about now"


def test_while_a_provider_waits_an_answer_to_the_customer_leaves_it_our_turn() -> None:
    aside = asked(aside=True)
    told = fold([aside])
    assert (told.state, told.aside) == (State.ACKNOWLEDGED, True)
    assert (told.follow_up, told.snoozed_until) == (False, None)
    assert fold([aside, an_entry(2, EntryType.ACKNOWLEDGE)]).aside
    assert not fold([aside, an_entry(2, EntryType.RESOLVE)]).aside
    assert not fold([aside, an_entry(2, EntryType.REPLY_SENT)]).aside
    assert not fold([an_entry(1, EntryType.ACKNOWLEDGE)]).aside


def test_an_answer_to_what_is_settled_moves_nothing_and_counts_as_an_answer() -> None:
    done = fold([an_entry(0, EntryType.RESOLVE), asked(settled=True)])
    assert (done.state, done.snoozed_until, done.replies) == (State.RESOLVED, None, 1)


def test_a_merge_keeps_the_sleep_and_the_kind_that_a_person_gave_the_other_half() -> None:
    until = rfc3339(IN_THREE_DAYS)
    merged = an_entry(2, EntryType.MERGE, state="new", until=until, kind="damaged")
    found = fold([an_entry(1, EntryType.OVERRIDE, kind="late"), merged])
    assert (found.snoozed_until, found.kind, found.kind_at) == (
        IN_THREE_DAYS,
        Kind.DAMAGED,
        merged.at,
    )
    freed = fold(
        [
            an_entry(1, EntryType.OVERRIDE, kind="not_an_issue"),
            an_entry(2, EntryType.MERGE, kind=""),
        ]
    )
    assert (freed.kind, freed.kind_at) == (None, None)
    kept = fold([an_entry(1, EntryType.OVERRIDE, kind="late"), an_entry(2, EntryType.MERGE)])
    assert kept.kind is Kind.LATE


def test_each_half_of_an_override_has_the_instant_at_which_it_was_said() -> None:
    log = [
        an_entry(1, EntryType.OVERRIDE, kind="late"),
        an_entry(2, EntryType.OVERRIDE, severity="low"),
    ]
    found = fold(log)
    assert (found.kind, found.severity) == (Kind.LATE, Severity.LOW)
    assert (found.kind_at, found.judged_at) == (log[0].at, log[1].at)


def test_a_mail_that_came_back_did_so_when_the_report_says_once_and_asks_nobody_again() -> None:
    back = an_entry(2, EntryType.REPLY_BOUNCED, message_id="one", reported_at=rfc3339(START))
    found = fold([asked(message_id="one"), back, replace(back, id="entry-3")])
    assert (found.undelivered, found.undelivered_at) == (("one",), START)
    assert (found.follow_up, found.snoozed_until) == (False, None)


def test_of_several_rules_each_adds_what_it_says_and_takes_nothing_away() -> None:
    said = {"severity": "high", "template": "a", "mute": True, "assign": "Mara"}
    first = an_entry(1, EntryType.RULE, name="A", **said)
    found = fold([first, an_entry(2, EntryType.RULE, name="B", tags=["b"])])
    assert (found.assignee, found.assigned) == ("Mara", False)
    assert (found.by_rule, found.severity_rule) == (Severity.HIGH, "A")
    assert (found.template, found.muted, found.tags) == ("a", True, ("b",))
    later = fold([first, an_entry(2, EntryType.RULE, name="B", severity="low", template="b")])
    assert (later.by_rule, later.severity_rule, later.template) == (Severity.LOW, "B", "b")


def test_a_pick_that_is_forgotten_stands_and_teaches_nothing_until_another_is_made() -> None:
    picked = an_entry(1, EntryType.ORDER, number="1001")
    forgot = [picked, an_entry(2, EntryType.FORGET, order=True), an_entry(3, EntryType.FORGET)]
    assert (fold(forgot).order, fold(forgot).order_forgotten) == ("1001", True)
    assert not fold([*forgot, an_entry(4, EntryType.ORDER, number="1002")]).order_forgotten


def test_a_mail_of_ours_is_no_answer_only_where_a_person_took_that_back() -> None:
    found = [an_entry(n, EntryType.REPLY_FOUND, message_id=f"<{n}>") for n in (1, 2)]
    undone = [an_entry(n, EntryType.UNDO, entry=f"entry-{n}") for n in (2, 3)]
    noted = an_entry(3, EntryType.NOTE, text="no mail", message_id="<3>")
    assert taken_back([*found, noted, *undone]) == {"<2>"}
