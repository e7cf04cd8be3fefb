"""Triage: how well mails are judged that it has never seen, how quickly, and how it learns.

    python -m tests.benchmarks.triage

The sets were written for measuring; nothing of them is learnt from. Half of each (the odd numbers)
may be looked at while building; the other half is measured only where FRONTBURNER_HELD_BACK=1 asks
for it, which is done once, for a report. Beside the judgement stand, in the same run, the rules
alone, and weights of words alone (TF-IDF with logistic regression) learnt from the same examples.
"""

from __future__ import annotations

import io
import json
import os
import random
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import Any

from app.config.paths import resources, rules
from app.domain.assessment import Kind, MessageContext
from app.domain.message import Message
from app.engine import offline
from app.triage.classifier import LearnedClassifier
from app.triage.encoder import Floats
from app.triage.learner import refit
from app.triage.lesson import Lesson, Said
from app.triage.looking import look
from app.triage.model import Model
from app.triage.rules import Rules
from app.triage.triage import assess
from app.triage.verdict import kind_of
from tests.benchmarks import judged, words_alone
from tests.benchmarks.figures import Budget, report
from tests.benchmarks.judged import Pair
from tests.benchmarks.words_alone import Shares

WEIGHTS = resources() / "model" / "judgement.npz"
RULES = Rules.load(rules())
_START = datetime(2026, 11, 18, tzinfo=UTC)
_OURS = {
    "size_fit": "wrong_size",
    "return": "return_request",
    "fraud": "dispute",
    "cancel_change": "change_cancel",
    "account_site": "site_account",
    "legal_exec": "legal_executive",
    "not_issue": "not_an_issue",
}
_CURVE = (0, 50, 200)
_TRIED = 960
_SPLITS = 3


def main() -> int:
    """Measure every set that is on this machine; 1 if there is none."""
    folder = _sets()
    if not folder.is_dir():
        sys.stderr.write("The sets of mails to measure on are not on this machine.\n")
        return 1
    classifier = LearnedClassifier(WEIGHTS, rules=RULES)
    classifier.warm()
    words = words_alone.learnt()
    for name in ("mails_en", "mails_multi"):
        _mails(folder / f"{name}.jsonl", classifier, words)
    for name in ("twcs_gold_dev", "banking77_mapped_train"):
        _short(folder / f"{name}.jsonl", classifier)
    return 0


def _sets() -> Path:
    root = os.environ.get("FRONTBURNER_SHARED_DATA", "")
    shared = Path(root) if root else Path(__file__).parents[3] / "shared" / "data"
    return shared / "triage"


def _say(**figures: object) -> None:
    print(json.dumps({"name": "triage", **figures}, ensure_ascii=False), flush=True)  # noqa: T201


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _mails(path: Path, classifier: LearnedClassifier, words: Callable[[str], Shares]) -> None:
    rows = _rows(path)
    by_words = [_most_likely(words(f"{row['subject']}\n{row['text']}")) for row in rows]
    by_rules, _ = _judged(path, None)
    ours, times = _judged(path, classifier)
    for half, rest in _halves():
        chosen = [place for place, row in enumerate(rows) if int(row["id"][1:]) % 2 == rest]
        for judge, made in (
            ("rules alone", by_rules),
            ("words alone", by_words),
            ("frontburner", ours),
        ):
            pairs = [Pair(rows[place], made[place]) for place in chosen]
            _about(path.stem, half, judge, pairs)
    budget = Budget(statistic="p95", at_most=15)
    report("triage", f"{path.stem}: one mail judged", "ms", times, budget)


def _halves() -> list[tuple[str, int]]:
    held_back = os.environ.get("FRONTBURNER_HELD_BACK") == "1"
    return [("odd", 1), *([("even, held back", 0)] if held_back else [])]


def _most_likely(shares: Shares) -> dict[str, Any]:
    kind = max(shares, key=lambda one: shares[one])
    return {"kind": kind, "confidence": shares[kind]}


def _about(name: str, half: str, judge: str, pairs: Sequence[Pair]) -> None:
    figures: dict[str, Any] = judged.kinds(pairs)
    if judge != "words alone":
        figures |= judged.urgency(pairs)
    if judge == "frontburner":
        figures["entities"] = judged.entities(pairs)
        figures["grouping"] = judged.grouping(pairs)
        figures["languages"] = judged.by_language(pairs)
        figures["confusion"] = judged.confusion(pairs)
        figures["misread"] = judged.misread(pairs)
    _say(set=name, half=half, judge=judge, **figures)


def _judged(path: Path, seat: LearnedClassifier | None) -> tuple[list[dict[str, Any]], list[float]]:
    """The results of `triage` for every line, and how long each took, in milliseconds."""
    err = io.StringIO()
    ticks = [perf_counter()]

    class Ticking(io.StringIO):
        """Notes when each result was ready."""

        def flush(self) -> None:
            ticks.append(perf_counter())

    out = Ticking()
    lines = path.read_text(encoding="utf-8").splitlines()
    if offline.triage(lines, rules=RULES, out=out, err=err, classifier=seat) != 0:
        raise SystemExit(err.getvalue())
    made = [json.loads(line) for line in out.getvalue().splitlines()]
    times = [(after - before) * 1000 for before, after in pairwise(ticks)]
    return made, times[len(times) // 10 :]  # the first ones warm the machine


def _short(path: Path, classifier: LearnedClassifier) -> None:
    """Short messages: kinds only, and how they get better with corrections."""
    rows = [_translated(row) for row in _rows(path)]
    random.Random(7).shuffle(rows)
    rows = [row for row in rows if row["text"].strip()][: _TRIED + max(_CURVE)]
    lessons = [_lesson(row, place, classifier) for place, row in enumerate(rows)]
    model = _model(classifier)
    for judge, made_of in (
        ("rules alone", [_by_rules(row) for row in rows]),
        ("frontburner", [_opinion(lesson.scores, model) for lesson in lessons]),
    ):
        pairs = [Pair(row, made) for row, made in zip(rows, made_of, strict=True)]
        more = {"confusion": judged.confusion(pairs)} if judge == "frontburner" else {}
        _say(set=path.stem, judge=judge, **judged.kinds(pairs), **more)
    times: list[float] = []
    for count in _CURVE:
        if count * 2 <= len(rows):
            _curve(path.stem, count, rows, lessons, model, times)
    if times:
        budget = Budget(statistic="median", at_most=0.2)
        report("triage", f"{path.stem}: learning from corrections", "s", times, budget)


def _curve(
    name: str,
    count: int,
    rows: list[dict[str, Any]],
    lessons: list[Lesson],
    model: Model,
    times: list[float],
) -> None:
    f1, accuracy = [], []
    for split in range(_SPLITS):
        order = list(range(len(rows)))
        random.Random(split).shuffle(order)
        taught, tried = order[:count], order[max(_CURVE) if len(rows) > 600 else count :]
        began = perf_counter()
        learnt = refit([lessons[i] for i in taught], model)
        if count:
            times.append(perf_counter() - began)
        pairs = []
        for i in tried:
            lesson, adjusted = lessons[i], learnt.adjustment
            scores = adjusted.of(lesson.meaning, lesson.scores) if adjusted else lesson.scores
            pairs.append(Pair(rows[i], _opinion(scores, model)))
        f1.append(judged.macro_f1(pairs))
        accuracy.append(judged.share(pair.made["kind"] in pair.accepted for pair in pairs))
    _say(
        set=name,
        judge="frontburner",
        corrections=count,
        splits=_SPLITS,
        macro_f1=round(sum(f1) / len(f1), 3),
        first_kind_accepted=round(sum(accuracy) / len(accuracy), 3),
    )


def _translated(row: dict[str, Any]) -> dict[str, Any]:
    kinds = [_OURS.get(kind, kind) for kind in (row["label"], *row.get("alt", ()))]
    return {"id": row["id"], "kind": kinds[0], "alt_kinds": kinds[1:], "text": row["text"]}


def _message(row: dict[str, Any]) -> Message:
    return Message(
        message_id=str(row["id"]),
        subject="",
        text=row["text"],
        new_text=row["text"],
        raw_sha256="",
        raw_size=0,
        sent_at=_START,
    )


def _lesson(row: dict[str, Any], place: int, classifier: LearnedClassifier) -> Lesson:
    message, context = _message(row), MessageContext(now=_START)
    looked = look(message, context, rules=RULES)
    said = Said(at=_START + timedelta(minutes=place), kind=Kind(row["kind"]))
    opinion = classifier.opinion(message, looked, context)
    heard = opinion.heard if opinion else None
    if heard is None:
        raise SystemExit(classifier.missing())
    return Lesson.from_bytes(heard.mail, said)


def _model(classifier: LearnedClassifier) -> Model:
    model = classifier.model()
    if model is None:
        raise SystemExit(classifier.missing())
    return model


def _opinion(scores: Floats, model: Model) -> dict[str, Any]:
    """What the walk makes of these scores: put aside, or the likeliest kind of problem."""
    opinion = model.opinion(scores)
    idle = opinion.kinds[Kind.NOT_AN_ISSUE]
    if idle >= model.thresholds.idle:
        return {"kind": Kind.NOT_AN_ISSUE.value, "confidence": idle, "unsure": False}
    found = kind_of(opinion)
    return {
        "kind": found.kind.value,
        "second_kind": found.second_kind.value if found.second_kind else None,
        "confidence": found.confidence,
        "unsure": found.unsure,
    }


def _by_rules(row: dict[str, Any]) -> dict[str, Any]:
    found = assess(_message(row), MessageContext(now=_START), rules=RULES)
    return {
        "kind": found.kind.value,
        "second_kind": found.second_kind,
        "confidence": found.confidence,
    }


if __name__ == "__main__":
    sys.exit(main())
