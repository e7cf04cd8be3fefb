"""Learning from the owner: the same mistake is not made twice, and nothing else is forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path

import numpy as np
import pytest

from app.domain.assessment import Kind, Severity
from app.triage.adjustment import Adjustment, Places
from app.triage.classifier import LearnedClassifier
from app.triage.learner import refit
from app.triage.lesson import Lesson, Said
from app.triage.looking import look
from app.triage.model import KIND_HEADS, KINDS, YES_NO, Model
from app.triage.triage import assess
from tests.support.shipped import RULES
from tests.unit.triage.builders import NOON, a_context, a_message

ROOT = Path(__file__).parents[3]
TASTING = (
    "We would like to book the chocolate tasting for six people on a Friday evening.",
    "Is there still room at the tasting next month? We are four and one is vegan.",
    "Could you hold two seats at the chocolate tasting for my parents?",
    "How do we book a tasting evening for our office, about twelve colleagues?",
    "My sister and I want to come to a tasting, which dates are free?",
)
VOUCHERS = (
    "Do you sell gift vouchers for the pottery course in spring?",
    "I would like a voucher for your pottery course, for my aunt.",
)
LEFT_ALONE = {
    "The vase arrived in pieces, glass everywhere in the box.": Kind.DAMAGED,
    "Tracking says delivered, but there is no parcel anywhere.": Kind.NOT_RECEIVED,
    "The boots are a size too small, can I have the 42 instead?": Kind.WRONG_SIZE,
    "Please cancel my order, I ordered it twice by mistake.": Kind.CHANGE_CANCEL,
}


@pytest.fixture(scope="module")
def classifier() -> LearnedClassifier:
    return LearnedClassifier(ROOT / "resources" / "model" / "judgement.npz", rules=RULES)


@pytest.fixture(scope="module")
def model(classifier: LearnedClassifier) -> Model:
    model = classifier.model()
    assert model is not None, classifier.missing()
    return model


def a_lesson(classifier: LearnedClassifier, text: str, minute: int, **said) -> Lesson:
    message, context = a_message(text), a_context()
    looked = look(message, context, rules=RULES)
    at = NOON + timedelta(minutes=minute)
    opinion = classifier.opinion(message, looked, context)
    heard = opinion.heard if opinion else None
    assert heard is not None, classifier.missing()
    return Lesson.from_bytes(heard.mail, Said(at=at, **said))


def kind_of(lesson: Lesson, adjustment: Adjustment | None) -> Kind:
    scores = adjustment.of(lesson.meaning, lesson.scores) if adjustment else lesson.scores
    return KINDS[int(scores[KIND_HEADS].argmax())]


def test_the_same_mistake_is_not_made_twice(classifier, model):
    """Three mails of a sort put under "other": another that was never corrected follows."""
    lessons = [a_lesson(classifier, text, i, kind=Kind.OTHER) for i, text in enumerate(TASTING)]
    learnt = refit(lessons[:3], model)
    assert learnt.accepted
    assert [kind_of(lesson, learnt.adjustment) for lesson in lessons[:4]] == [Kind.OTHER] * 4


def test_what_was_not_corrected_keeps_its_kind(classifier, model):
    """Plain mails of other kinds are judged as before."""
    lessons = [a_lesson(classifier, text, i, kind=Kind.OTHER) for i, text in enumerate(TASTING)]
    learnt = refit(lessons, model)
    for text, kind in LEFT_ALONE.items():
        assert kind_of(a_lesson(classifier, text, 99), learnt.adjustment) is kind


def test_where_a_person_corrected_it_the_shipped_judgement_is_believed_less(classifier, model):
    """Of a mail just like it, and of its kind alone: not of strangers, not where the person agreed,
    and not of how bad it is."""
    mail = a_lesson(classifier, TASTING[0], 0)
    agreed = a_lesson(classifier, TASTING[0], 1, kind=kind_of(mail, None))
    wrong = a_lesson(classifier, TASTING[0], 2, kind=Kind.LEGAL_EXECUTIVE)
    scores = mail.scores[None]
    for lesson, text, less in (
        (wrong, TASTING[0], True),
        (agreed, TASTING[0], False),
        (wrong, next(iter(LEFT_ALONE)), False),
    ):
        places = Places.of([lesson], model)
        other = a_lesson(classifier, text, 3)
        near = places.nearness(other.meaning[None], np.zeros(1, dtype=np.uint64))
        believed = places.believed(scores, near)
        shrunk = float(np.ptp(believed[0, KIND_HEADS]) / np.ptp(scores[0, KIND_HEADS]))
        assert (shrunk < 0.7) is less
        assert believed[0, YES_NO] == pytest.approx(scores[0, YES_NO])


def test_no_lessons_lead_back_to_the_shipped_weights(model):
    assert refit([], model).adjustment is None


def test_a_refit_that_does_worse_on_the_latest_corrections_is_not_used(classifier, model):
    """Twelve careless verdicts, then four true ones: what stood before stays, and it is said."""
    careless = [
        a_lesson(classifier, text, 4 * i + j, kind=Kind.LEGAL_EXECUTIVE)
        for i in range(3)
        for j, text in enumerate(TASTING[:4])
    ]
    careful = [
        a_lesson(classifier, text, 50 + j, kind=kind_of(careless[j], None))
        for j, text in enumerate(TASTING[:4])
    ]
    learnt = refit([*careless, *careful], model)
    assert not learnt.accepted
    assert learnt.adjustment is None
    assert (learnt.right_before, learnt.held_back) == (4, 4)
    assert "it stays as it was" in learnt.because


def test_a_dispute_about_one_sort_of_mail_keeps_no_other_sort_from_being_learnt(classifier, model):
    """Sixteen say that it is the site, the owner changes their mind four times, then corrects
    vouchers: of the sort in dispute what was in use stays in use; the vouchers are learnt."""

    def said(text: str, minute: int, kind: Kind, name: str) -> Lesson:
        return replace(a_lesson(classifier, text, minute, kind=kind), name=name)

    old = [
        said(f"{TASTING[i % 4]} Best, number {i}", i, Kind.SITE_ACCOUNT, f"old{i}")
        for i in range(16)
    ]
    new = [
        said(f"{TASTING[i]} Yours truly {i}", 50 + i, Kind.PRODUCT_QUESTION, f"new{i}")
        for i in range(4)
    ]
    vouchers = [
        said(text, 60 + i, Kind.REFUND_BILLING, f"voucher{i}") for i, text in enumerate(VOUCHERS)
    ]
    before = refit([*old, *new[:2]], model).adjustment
    names = {one.name for one in (*old, *new[:2])}
    learnt = refit([*old, *new, *vouchers], model, before=before, in_use=names)
    assert not learnt.accepted
    assert set(learnt.taught) == {*names, "voucher0", "voucher1"}
    assert kind_of(vouchers[0], learnt.adjustment) is Kind.REFUND_BILLING
    assert learnt.right_after < learnt.right_before


def test_hundreds_of_later_corrections_do_not_push_out_what_nobody_would_guess(classifier, model):
    """Three mails of a sort, then 560 words about all sorts of mails and 100 about one letter: a
    mail of the first sort that was never corrected follows still."""
    said = Kind.SITE_ACCOUNT
    tastings = [a_lesson(classifier, text, i, kind=said) for i, text in enumerate(TASTING)]
    views, scores = model.replay_views.astype(np.float32), model.replay_scores.astype(np.float32)
    rows = [*range(560), *(7 for _ in range(100))]
    later = [
        Lesson(
            said=Said(
                at=NOON + timedelta(hours=1, minutes=minute),
                kind=KINDS[int(scores[row][KIND_HEADS].argmax())],
            ),
            meaning=views[row],
            scores=scores[row],
        )
        for minute, row in enumerate(rows)
    ]
    learnt = refit([*tastings[:3], *later], model)
    assert learnt.accepted
    assert [kind_of(one, learnt.adjustment) for one in tastings[:4]] == [said] * 4


@pytest.mark.parametrize(("lost", "used"), [(1, True), (2, False)])
def test_one_of_twelve_that_is_lost_is_chance_and_two_are_not(classifier, model, lost, used):
    """36 words that a sort of mail is "other", then twelve of which some say that it is not."""
    others = [a_lesson(classifier, TASTING[i % 4], i, kind=Kind.OTHER) for i in range(36)]
    held = [
        *list(islice(cycle(LEFT_ALONE), 12 - lost)),
        *TASTING[1 : 1 + lost],  # the shipped weights call these a question
    ]
    shipped = [kind_of(a_lesson(classifier, text, 0), None) for text in held]
    latest = [
        a_lesson(classifier, text, 50 + i, kind=kind)
        for i, (text, kind) in enumerate(zip(held, shipped, strict=True))
    ]
    learnt = refit([*others, *latest], model)
    assert (learnt.right_before, learnt.right_after, learnt.held_back) == (12, 12 - lost, 12)
    assert learnt.accepted is used


def test_severity_and_alarm_are_learnt_too(classifier, model):
    """A sort of mail that must ring for this shop rings from the third correction on."""
    texts = [
        "The greenhouse heating went out and the orchids you sent will freeze tonight.",
        "No heat in the greenhouse since noon, your orchids are at nine degrees.",
        "The heater you sold us stopped, the orchids have one night.",
    ]
    said = {"kind": Kind.DAMAGED, "severity": Severity.CRITICAL, "alert": True}
    lessons = [a_lesson(classifier, text, i, **said) for i, text in enumerate(texts)]
    adjustment = refit(lessons, model).adjustment
    assert adjustment is not None
    opinion = model.opinion(adjustment.of(lessons[0].meaning, lessons[0].scores))
    assert opinion.must_ring
    assert opinion.severity is Severity.CRITICAL


def test_the_order_in_which_lessons_are_given_does_not_matter(classifier, model):
    """They are learnt in the order in which they were said."""
    lessons = [a_lesson(classifier, text, i, kind=Kind.OTHER) for i, text in enumerate(TASTING)]
    one, other = refit(lessons, model).adjustment, refit(lessons[::-1], model).adjustment
    assert one is not None
    assert other is not None
    assert np.array_equal(one.weights, other.weights)


def test_adjustment_and_lesson_come_back_from_their_bytes(classifier, model):
    """Arrays only: nothing in them can be executed, anything else is refused."""
    lesson = a_lesson(classifier, TASTING[0], 0, kind=Kind.OTHER)
    adjustment = refit([lesson], model).adjustment
    assert adjustment is not None
    again = Adjustment.from_bytes(adjustment.to_bytes())
    assert np.array_equal(again.weights, adjustment.weights)
    kept = Lesson.from_bytes(lesson.to_bytes(), lesson.said)
    assert np.allclose(kept.meaning, lesson.meaning, atol=1e-3)
    for broken in (b"", b"no arrays", lesson.to_bytes()[:100], lesson.to_bytes()):
        with pytest.raises(ValueError, match=r"."):
            Adjustment.from_bytes(broken)


def test_an_adjusted_classifier_judges_as_it_was_taught(classifier, model):
    """From the correction on, and back again when it is taken away."""
    text = TASTING[0]
    lessons = [a_lesson(classifier, one, i, kind=Kind.OTHER) for i, one in enumerate(TASTING[1:])]
    classifier.adjust(refit(lessons, model).adjustment)
    try:
        taught = assess(a_message(text), a_context(), rules=RULES, classifier=classifier)
    finally:
        classifier.adjust(None)
    assert taught.kind is Kind.OTHER
