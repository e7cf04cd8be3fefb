"""Example mails: what a person may write, and what is said of a mistake."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.assessment import Kind, Severity
from app.triage.examples import LANGUAGES, BrokenExample, digest_of, read_examples

SHIPPED = Path(__file__).parents[3] / "resources" / "examples"
EXAM = Path(__file__).parents[2] / "exam" / "mails"
TWO = """@ damaged+refund_billing high alert
Subject: second kettle, second leak
From: Rhona Baird <rhona.baird@example.com>
Date: 2026-10-14

It leaks again.
My money back, please.

> We are sorry

@ damaged critical automatic alert hunted
Subject:
From: "Shop, Form" <form@example.org>
Reply-To: Ann <ann@example.com>
Date: 2026-10-15T18:30:00+02:00

Smoke.
"""


def folder_with(tmp_path: Path, text: str, *, name: str = "en/damaged.txt") -> Path:
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return tmp_path


def test_a_block_is_a_mail_with_its_judgement(tmp_path):
    """Kind, second kind, severity and flags; the body keeps its lines and quotes."""
    first, second = read_examples(folder_with(tmp_path, TWO))
    assert (first.kind, first.second_kind) == (Kind.DAMAGED, Kind.REFUND_BILLING)
    assert (first.severity, first.alert, first.automatic) == (Severity.HIGH, True, False)
    assert first.sender.name == "Rhona Baird"
    assert first.sent_at == datetime(2026, 10, 14, 12, tzinfo=UTC)
    assert first.text == "It leaks again.\nMy money back, please.\n\n> We are sorry"
    assert (first.hunted, second.hunted) == (False, True)
    assert second.sender.email == "form@example.org"
    assert second.reply_to is not None
    assert second.sent_at == datetime(2026, 10, 15, 16, 30, tzinfo=UTC)
    assert second.message().customer.email == "ann@example.com"


@pytest.mark.parametrize(
    ("wrong", "line", "why"),
    [
        (TWO.replace("high alert", "alert"), 1, "one severity must stand there"),
        (TWO.replace("@ damaged critical", "@ late critical"), 11, '"late" does not belong'),
        (TWO.replace("refund_billing", "refund"), 1, '"refund" is no kind'),
        (TWO.replace("automatic alert", "robot"), 11, '"robot" is none of'),
        (TWO.replace("From: Rhona Baird <rhona.baird@example.com>\n", ""), 1, "no From:"),
        (TWO.replace("2026-10-14", "14 October"), 1, "is no day"),
        (TWO.replace("Subject: second", "second"), 2, "a header was expected"),
        (f"Hello\n{TWO}", 1, "before the first line with @"),
    ],
)
def test_a_mistake_is_told_with_file_and_line(tmp_path, wrong, line, why):
    """Nothing is left out in silence."""
    with pytest.raises(BrokenExample) as told:
        read_examples(folder_with(tmp_path, wrong))
    assert f"damaged.txt (en), line {line}: " in told.value.sentence
    assert why in told.value.sentence


def test_a_language_and_a_kind_that_are_none_are_told(tmp_path):
    """The folder is the language, the file is the kind."""
    with pytest.raises(BrokenExample, match="no kind"):
        read_examples(folder_with(tmp_path / "a", TWO, name="en/broken.txt"))
    with pytest.raises(BrokenExample, match="none of our languages"):
        read_examples(folder_with(tmp_path / "b", TWO, name="xx/damaged.txt"))


def test_the_shipped_examples_can_all_be_read():
    """Every language has examples of every kind, and no two mails are the same."""
    examples = read_examples(SHIPPED)
    assert len(examples) >= 3000
    assert {(e.language, e.kind) for e in examples} == {(n, k) for n in LANGUAGES for k in Kind}
    texts = [(e.subject, e.text) for e in examples]
    assert len(set(texts)) == len(texts)


def test_the_fingerprint_changes_with_any_letter(tmp_path):
    """By it weights say what they were learnt from."""
    before = digest_of(folder_with(tmp_path, TWO))
    (tmp_path / "en" / "damaged.txt").write_text(TWO.replace("Smoke", "smoke"), encoding="utf-8")
    assert digest_of(tmp_path) != before


def test_nothing_is_learnt_from_the_exam():
    """No mail of tests/exam stands among the examples."""
    exam = read_examples(EXAM)
    learnt = {one.text for one in read_examples(SHIPPED)}
    assert len(exam) >= 160
    assert not [one.subject for one in exam if one.text in learnt]
