"""Exam: how our own unseen mails are judged, of which nothing was learnt and nothing is tuned by.

    python -m tests.benchmarks.exam

They lie in tests/exam and are of the form of the examples. How to keep them worth something is said
in the README there: what is printed is counts, never a mail.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.config.paths import resources, rules
from app.domain.assessment import Kind, MessageContext
from app.mail.reading import new_part
from app.triage.classifier import LearnedClassifier
from app.triage.examples import Example, read_examples
from app.triage.rules import Rules
from app.triage.triage import assess
from tests.benchmarks import judged
from tests.benchmarks.judged import Pair

EXAM = Path(__file__).parents[1] / "exam" / "mails"
_RULES = Rules.load(rules())
_LONG = 110  # words


def main() -> int:
    """By the rules alone, and by all that was learnt."""
    learnt = LearnedClassifier(resources() / "model" / "judgement.npz", rules=_RULES)
    examples = read_examples(EXAM)
    for judge, seat in (("rules alone", None), ("frontburner", learnt)):
        _say(judge, [_pair(one, seat) for one in examples])
    return 0


def _pair(example: Example, seat: LearnedClassifier | None) -> Pair:
    message = example.message(new_part(example.text))
    made = assess(message, MessageContext(now=example.sent_at), rules=_RULES, classifier=seat)
    is_idle = made.gate.noise or made.suspicion.is_suspicious
    return Pair(
        meant={
            "kind": example.kind.value,
            "alt_kinds": [example.second_kind.value] if example.second_kind else [],
            "severity": example.severity.value,
            "alert": example.alert,
            "phishing": example.phishing,
            "language": example.language,
            "is_long": len(message.new_text.split()) > _LONG,
        },
        made={
            "kind": Kind.NOT_AN_ISSUE.value if is_idle else made.kind.value,
            "second_kind": made.second_kind.value if made.second_kind else None,
            "confidence": made.confidence,
            "unsure": made.unsure,
            "severity": made.severity.value,
            "alert": made.alert,
        },
    )


def _say(judge: str, pairs: Sequence[Pair]) -> None:
    long = [pair for pair in pairs if pair.meant["is_long"]]
    figures: dict[str, Any] = judged.kinds(pairs) | judged.urgency(pairs)
    figures["languages"] = judged.by_language(pairs)
    figures["long_mails"] = judged.urgency(long)
    print(json.dumps({"name": "exam", "judge": judge, **figures}), flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
