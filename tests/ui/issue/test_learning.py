"""What the window shows of learning: the question, the evidence, the effect, the claim."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from app.domain.assessment import Kind, KindGuess, Severity
from app.domain.incident import Incident
from app.domain.views import LessonView, TaughtBy
from app.ui.issue.sorting import answers
from app.ui.issue.taught_line import evidence, taught_words
from app.ui.words import lesson_words
from tests.support import ui_issue_fakes as fakes

GUESSES = (
    KindGuess(kind=Kind.LATE, confidence=0.4),
    KindGuess(kind=Kind.NOT_RECEIVED, confidence=0.3),
    KindGuess(kind=Kind.OTHER, confidence=0.1),
)
UNSURE = fakes.issue(row=fakes.row(kind=Kind.LATE, unsure=True), alternatives=GUESSES)


def a_lesson(number: int = 1) -> LessonView:
    return LessonView(
        entry=f"e{number}", at=fakes.NOW, issue_key=f"i1_{number}", subject=f"Tasting {number}",
        kind=Kind.OTHER,
    )  # fmt: skip


def chips(panel) -> list[str]:
    line = panel.page.sorting
    if line.isHidden():
        return []
    buttons = line.findChildren(QPushButton)
    return [one.text() for one in buttons if not one.isHidden()]


def test_an_unsure_issue_offers_its_likely_answers_with_a_key_each(panel_of):
    """Likeliest first, and a way to any other kind."""
    assert chips(panel_of(UNSURE)) == ["1  Late", "2  Not received", "3  Other", "Another"]


def test_a_sure_issue_asks_nothing(panel_of):
    assert chips(panel_of(fakes.issue(alternatives=GUESSES))) == []


@pytest.mark.parametrize(("place", "kind"), [(1, "late"), (2, "not_received"), (3, "other")])
def test_one_key_sorts_it(panel_of, asked, place, kind):
    """The key's place is the answer."""
    panel_of(UNSURE).sort_as(place)
    assert asked.args_of("override") == {"key": fakes.KEY, "kind": kind}


def test_a_key_beyond_the_answers_does_nothing(panel_of, asked):
    """And so does every such key on an issue that is sure."""
    panel_of(UNSURE).sort_as(4)
    panel_of(fakes.issue()).sort_as(1)
    assert "override" not in asked.verbs()


def test_without_alternatives_the_best_guess_alone_is_offered():
    assert answers(fakes.issue(row=fakes.row(unsure=True))) == (Kind.DAMAGED,)


def test_the_effect_of_a_correction_is_asked_for_and_told(panel_of, asked, qtbot):
    """After the decision itself, with the entry that takes it back."""
    asked.answers["override"] = {"changes": {}, "entry": "e9"}
    asked.answers["lesson"] = {"known": True, "learnt": True, "similar": 3, "issues": []}
    panel = panel_of(UNSURE)
    with qtbot.waitSignal(panel.taught) as told:
        panel.page.why.kind_chosen.emit("damaged")
    assert told.args == ["e9", "3 similar mails will be sorted like this."]
    assert asked.args_of("lesson") == {"entry": "e9"}


def test_what_a_split_teaches_is_told_at_once(panel_of, asked, qtbot):
    asked.answers["split"] = {"changes": {}, "entry": "e9", "teaches": "From now on apart."}
    panel = panel_of(fakes.issue())
    with qtbot.waitSignal(panel.taught) as told:
        panel.page.timeline.split_asked.emit(3)
    assert told.args == ["e9", "From now on apart."]


@pytest.mark.parametrize(
    ("effect", "words"),
    [
        ({"known": False}, ""),
        ({"known": True, "learnt": True, "similar": 1}, "1 similar mail will be sorted like this."),
        (
            {"known": True, "learnt": True, "similar": 0},
            "The next mails like it will be sorted like this.",
        ),
        (
            {"known": True, "learnt": False, "because": "it stays as it was"},
            "Not learnt: it stays as it was.",
        ),
    ],
)
def test_the_effect_in_words(effect, words):
    """What was not learnt says so."""
    assert lesson_words(effect) == words


def test_the_corrections_that_decided_are_named_and_lead_to_their_issues(panel_of, qtbot):
    """One line above the reasons; its menu has the mails."""
    view = fakes.issue(taught=TaughtBy(kind=(a_lesson(1), a_lesson(2))))
    panel = panel_of(view)
    line = panel.page.why._taught
    assert line.words.text() == "Sorted like 2 mails that you corrected"
    line.words.click()
    with qtbot.waitSignal(panel.other_asked) as asked_for:
        line.menu.actions()[1].trigger()
    assert asked_for.args == ["i1_2"]
    line.menu.close()


def test_what_was_corrected_in_severity_or_ringing_has_its_own_words():
    one = a_lesson()
    assert taught_words(TaughtBy(severity=(one,))) == "As bad as 1 mail that you corrected"
    assert taught_words(TaughtBy(alert=(one,))) == "Quiet like 1 mail that you corrected"
    assert taught_words(TaughtBy()) == ""
    assert evidence(TaughtBy(kind=(one,), alert=(one,))) == (one,)


def test_an_unproven_notice_says_that_it_is_not_confirmed(panel_of):
    """A claim is marked; nothing is hidden."""
    claim = panel_of(fakes.issue(unconfirmed="Stripe")).page.claim
    assert not claim.isHidden()
    said = "\n".join(one.text() for one in claim.findChildren(QLabel))
    assert "Claims to be from Stripe, not yet confirmed." in said
    assert panel_of(fakes.issue()).page.claim.isHidden()


def test_the_incident_s_line_is_shown_whole(panel_of):
    """However long its cause: it wraps and is not cut off."""
    incident = Incident(
        name="n", sort="goods", title="Borosilicate teapot with the long handle, 1.2 l, grey",
        grave=False, customers=4, first_at=fakes.NOW - timedelta(days=1), last_at=fakes.NOW,
        issues=4, open=4,
    )  # fmt: skip
    panel = panel_of(fakes.issue(incident=incident))
    panel.resize(420, 860)
    said = panel.page.cause._said
    assert said.wordWrap()
    assert said.heightForWidth(180) > said.heightForWidth(900)


def test_what_did_not_ring_can_be_said_to_have_been_missed(panel_of, asked):
    """Where it rang, the same place offers "False alarm"."""
    panel = panel_of(fakes.issue(rang=False))
    assert panel.page.why._alarm.text() == "Should have rung"
    panel.page.why._alarm.click()
    assert asked.args_of("verdict") == {"key": fakes.KEY, "verdict": "missed"}
    assert panel_of(fakes.issue(rang=True)).page.why._alarm.text() == "False alarm"


def test_severity_is_set_by_a_person_as_before(panel_of, asked):
    panel_of(UNSURE).page.why.severity_chosen.emit(Severity.HIGH.value)
    assert asked.args_of("override") == {"key": fakes.KEY, "severity": "high"}
