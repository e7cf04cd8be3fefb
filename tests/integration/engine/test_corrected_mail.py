"""Which mail of an issue a correction is about: the one whose judgement was wrong, not the one that
happens to speak for the issue; over a real profile, with played judgements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from app.domain.assessment import Assessment, Gate, Kind, Severity
from app.domain.lessons import Word
from app.engine.assessing import Assessor
from app.storage import lessons
from app.triage.triage import Judged
from tests.support.engine import RULES, Engine, a_letter, an_engine

PLAIN = Assessment(
    kind=Kind.LATE,
    confidence=0.9,
    unsure=False,
    severity=Severity.NORMAL,
    gate=Gate(automatic=False, may_acknowledge=True, counts_as_customer_reply=True),
)


@dataclass
class PlayedAssessor(Assessor):
    """Makes of each mail what was laid ready for its subject."""

    made: dict[str, Assessment] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__(rules=RULES)

    def judge(self, db, message, **context) -> Judged:
        return Judged(self.made.get(message.subject, PLAIN))


@pytest.fixture
def assessor() -> PlayedAssessor:
    return PlayedAssessor()


@pytest.fixture
def engine(tmp_path: Path, assessor: PlayedAssessor) -> Iterator[Engine]:
    with an_engine(tmp_path, assessor=assessor) as made:
        yield made


def conversation(engine: Engine, *subjects: str) -> str:
    """Mails of one thread, an hour apart, each called by its subject; the key of their issue."""
    for number, subject in enumerate(subjects):
        engine.clock.forward(hours=1)
        letter = a_letter(
            subject,
            subject=subject,
            message_id=f"<{subject}@customer.example>",
            answers=f"<{subjects[0]}@customer.example>" if number else "",
        )
        engine.receive(letter)
    return engine.only_key()


def only_word(engine: Engine) -> Word:
    (word,) = engine.writer.do(lessons.words)
    return word


def test_a_kind_is_corrected_of_the_mail_that_gave_it(engine, assessor):
    """The first was answered and is surely late; "tomorrow then" leaves it open, so its issue is
    still late by the first. That is what the owner corrects."""
    assessor.made["then"] = replace(PLAIN, kind=Kind.OTHER, unsure=True, confidence=0.3)
    key = conversation(engine, "parcel")
    reply = a_letter(
        "It comes tomorrow.",
        subject="Re: parcel",
        sender="Shop <hello@shop.example>",
        to="ben@customer.example",
        message_id="<ours@shop.example>",
        answers="<parcel@customer.example>",
    )
    engine.clock.forward(hours=1)
    engine.receive(reply)
    engine.clock.forward(hours=1)
    letter = a_letter(
        "then",
        subject="then",
        message_id="<then@customer.example>",
        answers="<parcel@customer.example>",
    )
    engine.receive(letter)
    assert engine.issue(key).row.kind is Kind.LATE
    engine.desk.override(key, kind="damaged")
    assert only_word(engine).mail == "parcel@customer.example"


def test_a_severity_is_corrected_of_the_mail_that_gave_it(engine, assessor):
    """A sure mail speaks for the issue, and another makes it bad."""
    assessor.made["bad"] = replace(PLAIN, severity=Severity.HIGH, unsure=True)
    key = conversation(engine, "sure", "bad", "later")
    assert engine.issue(key).row.severity is Severity.HIGH
    engine.desk.override(key, severity="low")
    assert only_word(engine).mail == "bad@customer.example"


@pytest.mark.parametrize("verdict", ["false_alarm", "right"])
def test_a_verdict_is_about_the_mail_that_rang(engine, assessor, verdict):
    """Not about the surest; so the next like the one that rang is judged by it."""
    assessor.made["ring"] = replace(PLAIN, alert=True, unsure=True)
    key = conversation(engine, "sure", "ring")
    engine.desk.verdict(key, verdict)
    word = only_word(engine)
    assert (word.mail, word.alert) == ("ring@customer.example", verdict == "right")


def test_what_should_have_rung_is_said_of_the_mail_that_speaks_for_the_issue(engine, assessor):
    assessor.made["bad"] = replace(PLAIN, severity=Severity.HIGH)
    key = conversation(engine, "sure", "bad", "later")
    engine.desk.verdict(key, "missed")
    assert only_word(engine).mail == "bad@customer.example"
