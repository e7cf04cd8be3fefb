"""Overrides teach: through the real engine parts, the real weights and a real profile file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.config.paths import resources
from app.domain.assessment import Kind, Severity
from app.triage.classifier import LearnedClassifier
from tests.support.engine import RULES, Engine, a_letter, an_engine

WEIGHTS = resources() / "model" / "judgement.npz"
# A sort of mail that this shop files otherwise than anybody would guess.
TASTINGS = (
    "We would like to book the chocolate tasting for six people on a Friday evening.",
    "Is there still room at the tasting next month? We are four and one is vegan.",
    "Could you hold two seats at the chocolate tasting for my parents?",
    "How do we book a tasting evening for our office, about twelve colleagues?",
    "My sister and I want to come to a tasting, which dates are free?",
)
OTHERS = {
    "The vase arrived in pieces, glass everywhere in the box.": Kind.DAMAGED,
    "Tracking says delivered, but there is no parcel anywhere.": Kind.NOT_RECEIVED,
    "The boots are a size too small, can I have the 42 instead?": Kind.WRONG_SIZE,
    "Please cancel my order, I ordered it twice by mistake.": Kind.CHANGE_CANCEL,
}


@pytest.fixture(scope="module")
def classifier() -> LearnedClassifier:
    return LearnedClassifier(WEIGHTS, rules=RULES)


@pytest.fixture
def engine(tmp_path: Path, classifier: LearnedClassifier) -> Iterator[Engine]:
    with an_engine(tmp_path, classifier) as engine:
        yield engine


def arrives(engine: Engine, name: str, text: str, subject: str = "A question") -> str:
    """A mail of a new customer, and the key of its issue."""
    before = {row.key for row in engine.rows()}
    letter = a_letter(
        text,
        subject=subject,
        sender=f"{name} <{name}@customer.example>",
        message_id=f"<{name}@customer.example>",
    )
    engine.receive(letter)
    (key,) = {row.key for row in engine.rows()} - before
    return key


def kind_of(engine: Engine, key: str) -> Kind:
    return engine.issue(key).row.kind


def test_a_later_mail_of_the_same_sort_is_sorted_as_the_owner_did(engine):
    """Two corrections, and a third mail that nobody corrected follows them; others do not."""
    for number, text in enumerate(TASTINGS[1:3]):
        key = arrives(engine, f"guest{number}", text)
        assert kind_of(engine, key) is not Kind.SITE_ACCOUNT
        engine.desk.override(key, kind="site_account")
        effect = engine.learning.step()
        assert effect is not None
        assert effect.learnt
    late = arrives(engine, "late", TASTINGS[4])
    assert kind_of(engine, late) is Kind.SITE_ACCOUNT
    for number, (text, kind) in enumerate(OTHERS.items()):
        assert kind_of(engine, arrives(engine, f"other{number}", text)) is kind


def test_open_mails_of_the_same_sort_are_sorted_anew_at_once(engine):
    """What waits and was decided by nobody moves with the correction, and is counted."""
    keys = [arrives(engine, f"guest{n}", text) for n, text in enumerate(TASTINGS)]
    assert {kind_of(engine, key) for key in keys} <= {Kind.PRODUCT_QUESTION, Kind.OTHER}
    engine.desk.override(keys[1], kind="site_account")
    engine.learning.step()
    engine.desk.override(keys[2], kind="site_account")
    effect = engine.learning.step()
    moved = [key for key in keys if kind_of(engine, key) is Kind.SITE_ACCOUNT]
    assert len(moved) > 2
    assert effect.similar > 0
