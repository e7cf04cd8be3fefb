"""The fold from journal to lessons: what people said of single mails, as it stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from app.domain.assessment import Kind, Severity
from app.domain.journal import Entry, EntryType
from app.domain.lessons import Word, forgotten_in, words_of

MORNING = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
MUGS, BOOTS = "mugs@customer.example", "boots@customer.example"


def said(number: int, type_: EntryType = EntryType.OVERRIDE, **data: Any) -> Entry:
    return Entry(
        id=f"e{number}",
        device="d",
        counter=number,
        at=MORNING + timedelta(minutes=number),
        type=type_,
        atoms=(),
        data=data,
    )


def only(*told: tuple[Entry, str]) -> Word:
    (word,) = words_of(told)
    return word


def test_each_mail_has_one_word_made_of_all_that_was_said_of_it():
    """Kind, severity and ringing are said one by one, and stand together."""
    word = only(
        (said(1, kind="late"), MUGS),
        (said(2, severity="high"), MUGS),
        (said(3, EntryType.VERDICT, verdict="missed"), MUGS),
    )
    assert (word.kind, word.severity, word.alert) == (Kind.LATE, Severity.HIGH, True)
    assert word.entries == ("e1", "e2", "e3")
    assert word.at == MORNING + timedelta(minutes=3)


def test_the_last_word_counts():
    """Whoever changes their mind teaches the new one only."""
    assert only((said(1, kind="late"), MUGS), (said(2, kind="damaged"), MUGS)).kind is Kind.DAMAGED


def test_what_was_undone_was_never_said():
    """The UNDO of the only entry leaves no word; of the second, the first stands again."""
    undo = said(9, EntryType.UNDO, entry="e2")
    assert (
        only((said(1, kind="late"), MUGS), (said(2, kind="damaged"), MUGS), (undo, MUGS)).kind
        is Kind.LATE
    )
    assert words_of([(said(2, kind="damaged"), MUGS), (undo, MUGS)]) == ()


def test_what_was_forgotten_is_named_and_can_be_remembered_again():
    """A FORGET names its lessons' entries; its own UNDO takes that back."""
    forget = said(3, EntryType.FORGET, entries=["e1", "e2"])
    assert forgotten_in([forget]) == {"e1", "e2"}
    assert forgotten_in([forget, said(4, EntryType.UNDO, entry="e3")]) == frozenset()


def test_mails_are_kept_apart_and_stand_in_the_order_of_their_last_word():
    first, second = words_of(
        [
            (said(1, kind="late"), MUGS),
            (said(2, kind="wrong_size"), BOOTS),
            (said(3, kind="other"), MUGS),
        ]
    )
    assert (first.mail, second.mail) == (BOOTS, MUGS)


def test_what_is_no_issue_rings_for_nobody_and_what_is_critical_rings():
    """Unless a verdict says otherwise."""
    assert only((said(1, kind="not_an_issue"), MUGS)).alert is False
    assert only((said(1, severity="critical"), MUGS)).alert is True
    assert only((said(1, severity="low"), MUGS)).alert is False
    assert only((said(1, severity="high"), MUGS)).alert is None
    quiet = said(2, EntryType.VERDICT, verdict="false_alarm")
    assert only((said(1, severity="critical"), MUGS), (quiet, MUGS)).alert is False


def test_what_rang_and_is_said_to_be_done_in_its_turn_need_not_ring():
    """However often it is said, and though it rings no more by the first time; what did not ring
    is not said to be quiet, nor what is a matter of today."""
    rang = said(1, severity="normal", rang=True)
    assert only((rang, MUGS)).alert is False
    assert only((rang, MUGS), (said(2, severity="normal", rang=False), MUGS)).alert is False
    assert only((said(1, severity="normal", rang=False), MUGS)).alert is None
    assert only((said(1, severity="high", rang=True), MUGS)).alert is None


def test_whoever_puts_a_mail_aside_takes_back_that_it_should_have_rung():
    """The last word counts across verdicts and kinds too."""
    missed = said(1, EntryType.VERDICT, verdict="missed")
    assert only((missed, MUGS), (said(2, kind="not_an_issue"), MUGS)).alert is False
    late = said(3, EntryType.VERDICT, verdict="missed")
    assert only((said(2, kind="not_an_issue"), MUGS), (late, MUGS)).alert is True


def test_right_confirms_what_the_machine_had_done():
    assert only((said(1, EntryType.VERDICT, verdict="right", rang=True), MUGS)).alert is True
    assert only((said(1, EntryType.VERDICT, verdict="right", rang=False), MUGS)).alert is False


def test_the_order_in_which_entries_are_given_does_not_matter():
    told = [
        (said(1, kind="late"), MUGS),
        (said(2, kind="damaged"), MUGS),
        (said(3, kind="other"), BOOTS),
    ]
    assert words_of(told) == words_of(told[::-1])


def test_other_decisions_teach_nothing():
    """To acknowledge or to resolve says nothing about the judgement."""
    assert words_of([(said(1, EntryType.RESOLVE), MUGS), (said(2, EntryType.NOTE), MUGS)]) == ()
