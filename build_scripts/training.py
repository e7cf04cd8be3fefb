"""Training: from the folder of examples to the file of weights, and the figures on the way."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from fitting import (
    FOLDS,
    Array,
    Label,
    Mails,
    Places,
    Recipe,
    Weights,
    counts_of,
    find,
    folds_of,
    made_ready,
    scores_of,
    targets_of,
    weights_of,
)
from numpy.typing import NDArray
from schooling import Lessons, Schooled, heard, school
from second_look import counts_for_ringing, look_again, unseen_again

from app.domain.assessment import Kind, MessageContext, Severity
from app.domain.errors import KnownError
from app.domain.message import Address, Message
from app.mail.reading import new_part
from app.triage.classifier import TRANSFORMER
from app.triage.encoder import WIDTH, Encoder
from app.triage.examples import Example, digest_of, read_examples
from app.triage.features import FACTS, Features, Written, features_of
from app.triage.forwarded import with_what_is_passed_on
from app.triage.hearing import Hearing
from app.triage.looking import look
from app.triage.model import ALERT_HEAD, FORMAT, HEADS, KIND_HEADS, KINDS, LEVEL_HEADS, LEVELS
from app.triage.readers import arrays_of
from app.triage.regression import sigmoid, softmax
from app.triage.rules import Rules
from app.triage.transformer import Transformer

IDLE = KINDS.index(Kind.NOT_AN_ISSUE)
# By what the kinds' scores are multiplied where there is but a line: others write those less like
# our examples than whole mails, so less of it is believed (odd halves of two public sets).
SHARPNESS_OF_ONE_LINE = 0.6
# The other way round for whole mails: our examples are twins and hard on purpose, others' mails
# are easier (likelihood on the odd halves of the two sets of whole mails, n 160).
EASIER_THAN_OURS = 1.2
READERS_SHARE = 0.6  # in the judgement
# Of a message of one line: unseen examples of ours are read as well with it (0.78, n 1,530), and
# others' posts better (odd half of a public set: 36 instead of 32 of 48).
READERS_SHARE_OF_ONE_LINE = 0.4
TRANSFORMERS_SHARE, TRANSFORMERS_SHARE_OF_ONE_LINE = 0.4, 0.4  # beside linear weights and readers
_LOST_AT_MOST = 0.0035  # of the real issues; half a percent is promised
# Of whole mails that need not ring, by what is learnt. The facts ring for some alone, but others'
# mails are easier than ours: on the odd halves 6 of 140 ring falsely.
_FALSE_ALERTS_AT_MOST = 0.05
_SAID_OUTRIGHT = 2.5  # the weight of a rule from which its own examples are learnt from
_RELIABLE = 0.9  # how often what is called sure must be right
_READERS_IN_A_ROUND = 2  # fewer than are shipped: a little more careful, and much quicker
_AT_ONCE = 2  # rounds; each takes a core and more than a gigabyte
# An example written around what is misread: all of them together then are as one in ten.
_HUNTED_COUNTS = 0.35
_REPLAYED = 42  # examples of each kind that the learner keeps beside the owner's corrections


@dataclass(frozen=True, slots=True)
class Described:
    """An example with its label, its features, and whether the rules call it noise."""

    example: Example
    label: Label
    features: Features
    noise: bool


@dataclass(frozen=True, slots=True)
class Told:
    """An example with its label, and its words."""

    example: Example
    label: Label
    words: Written


def run(examples: Path, target: Path, *, only_check: bool, out: Callable[[str], None]) -> int:
    """Read, describe, learn, write; 1 if an example cannot be read."""
    try:
        read = read_examples(examples)
    except KnownError as error:
        out(error.sentence)
        return 1
    out(_counted(read))
    if only_check:
        return 0
    encoder, names, described = ready(read, examples)
    transformer = Transformer.load(target.with_name(TRANSFORMER), encoder.cutter)
    recipe = Recipe()
    labels = [one.label for one in described]
    mails = made_ready([one.features for one in described], recipe)
    learnt = learn(described, mails, recipe, encoder.hearing, out)
    judged = judged_by_all(learnt.unseen, described, transformer)
    usual = judged.usual(described)
    limits = thresholds(usual.scores, [described[row] for row in usual.rows])
    arrays = packed(learnt, usual, mails, labels, limits, names, digest_of(examples))
    target.parent.mkdir(exist_ok=True)
    np.savez_compressed(target, **arrays)
    out(json.dumps(limits))
    out(_figures(judged.scores, [described[row] for row in judged.rows], limits))
    out(f"{target} holds {target.stat().st_size / 1e6:.1f} MB")
    return 0


def ready(
    read: Sequence[Example], examples: Path
) -> tuple[Encoder, tuple[str, ...], list[Described]]:
    """The encoder, the names of the rules, and everything that is learnt from, described."""
    rules, encoder = Rules.load(examples.parents[1] / "rules"), Encoder.load()
    names = tuple(sorted(pattern.name for pattern in rules.every_pattern()))
    return encoder, names, describe([*read, *plain_words(rules)], rules, names, encoder)


def plain_words(rules: Rules) -> list[Example]:
    """What the rules give as their own examples: a thing said outright, in one sentence.

    The example mails are hard ones on purpose; what is plain must be learnt too.
    """
    return [
        Example(
            language="",
            kind=pattern.kind,
            second_kind=None,
            severity=rules.severity.usual.get(pattern.kind, Severity.NORMAL),
            alert=False,
            automatic=False,
            phishing=False,
            subject="",
            sender=Address(email="somebody@example.com"),
            reply_to=None,
            sent_at=datetime(2026, 10, 14, 12, tzinfo=UTC),
            text=sentence,
        )
        for pattern in rules.kinds.values()
        if pattern.weight >= _SAID_OUTRIGHT
        for sentence in pattern.match
    ]


def told(read: Sequence[Example], examples: Path) -> list[Told]:
    """Everything that is learnt from, as the transformer needs it: label and words alone."""
    rules = Rules.load(examples.parents[1] / "rules")
    every = [*read, *plain_words(rules)]
    return [Told(one, label_of(one), Written.of(_message(one))) for one in every]


def label_of(example: Example) -> Label:
    """What is meant by an example, and how much it counts."""
    return Label(
        kind=example.kind,
        second_kind=example.second_kind,
        severity=example.severity,
        alert=example.alert,
        counts=_HUNTED_COUNTS if example.hunted else 1.0,
    )


def _message(example: Example) -> Message:
    return with_what_is_passed_on(example.message(new_part(example.text)), own=())


def describe(
    examples: Sequence[Example], rules: Rules, names: Sequence[str], encoder: Encoder
) -> list[Described]:
    """Walk every example as the engine walks a mail, up to where the model is asked."""
    described = []
    for example in examples:
        message, context = _message(example), MessageContext(now=example.sent_at)
        looked, words = look(message, context, rules=rules), Written.of(message)
        described.append(
            Described(
                example,
                label_of(example),
                features_of(
                    message,
                    looked,
                    context,
                    rule_names=names,
                    words=words,
                    views=words.views(encoder),
                ),
                looked.gate.noise,
            )
        )
    return described


@dataclass(frozen=True, slots=True)
class Learnt:
    """Linear weights, second look, readers with their hearing, and scores of unseen mails."""

    weights: Weights
    second_look: Array
    schooled: Schooled
    unseen: Array


def learn(
    described: Sequence[Described],
    mails: Mails,
    recipe: Recipe,
    hearing: Hearing,
    out: Callable[[str], None],
) -> Learnt:
    """Learn from everything, and five times from four fifths: from what those rounds make of the
    last fifth come the second look and the thresholds. `hearing` is that of the encoder."""
    labels = [one.label for one in described]
    ears = heard([one.features for one in described])
    targets, counts = targets_of(labels, recipe.second_share), counts_of(labels)
    folds = folds_of(labels, [writer_of(one.example, row) for row, one in enumerate(described)])
    unseen = np.zeros((len(labels), HEADS))
    everything = np.arange(len(labels))

    def one_round(fold: int) -> None:
        inside, outside = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        found = find(mails, inside, labels, recipe)
        linear = scores_of(mails, found, inside, outside)
        plan = Lessons(readers=_READERS_IN_A_ROUND)
        taught = school(ears, inside, targets, counts, hearing, seed=fold, plan=plan)
        read = taught.scores(ears, outside)
        unseen[outside] = READERS_SHARE * read + (1.0 - READERS_SHARE) * linear
        out(f"round {fold + 1} of {FOLDS}")

    with ThreadPoolExecutor(_AT_ONCE) as rounds:  # none knows of another: in any order
        all_found = rounds.submit(find, mails, everything, labels, recipe)
        pupils = rounds.submit(
            school, ears, everything, targets, counts, hearing, seed=FOLDS, plan=Lessons()
        )
        list(rounds.map(one_round, range(FOLDS)))
        weights, schooled = weights_of(mails, all_found.result()), pupils.result()
    facts = np.array([one.features.facts for one in described])
    return Learnt(
        weights,
        look_again(unseen, facts, targets, counts),
        schooled,
        unseen_again(unseen, facts, targets, counts, folds),
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """Examples of which nothing was learnt, and their scores as the model gives them."""

    rows: Places
    scores: Array

    def usual(self, described: Sequence[Described]) -> Judged:
        """Those of them that were not written around what is misread."""
        usual = np.array([not described[row].example.hunted for row in self.rows])
        return Judged(self.rows[usual], self.scores[usual])


def judged_by_all(
    unseen: Array, described: Sequence[Described], transformer: Transformer
) -> Judged:
    """What the transformer has not seen either, judged by all together.

    `unseen` are the scores without it. Of messages of one line they are less sure.
    """
    learnt = set(transformer.learnt_from.tolist())
    rows = [r for r, one in enumerate(described) if fingerprint(one.features.words) not in learnt]
    read = [described[row].features for row in rows]
    at_once = np.array([transformer.scores(one.words.subject, one.words.text) for one in read])
    one_line = np.array([one.is_one_line for one in read])
    share = np.where(one_line, TRANSFORMERS_SHARE_OF_ONE_LINE, TRANSFORMERS_SHARE)[:, None]
    scores = share * at_once + (1.0 - share) * unseen[rows]
    scores[np.ix_(one_line, np.arange(len(KINDS)))] *= SHARPNESS_OF_ONE_LINE
    return Judged(np.array(rows, dtype=np.int64), scores)


def fingerprint(words: Written) -> int:
    """By which the transformer's file says what it was learnt from: eight bytes of a mail."""
    text = f"{words.subject}\n{words.text}".encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:8], "little")


def _one_line(described: Sequence[Described]) -> NDArray[np.bool_]:
    return np.array([one.features.is_one_line for one in described])


def writer_of(example: Example, row: int) -> str:
    """Who wrote it; what the rules give as examples has no writer, each is alone."""
    return example.sender.email if example.language else str(row)


def thresholds(unseen: Array, described: Sequence[Described]) -> dict[str, Any]:
    """Where likely becomes said, from judgements of mails that were not learnt from."""
    labels = [one.label for one in described]
    kinds = np.array([KINDS.index(label.kind) for label in labels])
    whole = ~_one_line(described)
    sharpness = EASIER_THAN_OURS * _sharpness(unseen[whole, KIND_HEADS], kinds[whole])
    shares = softmax(unseen[:, KIND_HEADS] * sharpness)
    noise = np.array([one.noise for one in described])
    real = (kinds != IDLE) & np.array(
        [label.second_kind is not Kind.NOT_AN_ISSUE for label in labels]
    )
    allowed = int(_LOST_AT_MOST * real.sum())
    idle = shares[:, IDLE]
    idle_too = round(float(np.clip(_beyond(idle[real & noise], allowed // 3), 0.05, 0.5)), 4)
    idle_at = round(float(np.clip(_beyond(idle[real & ~noise], allowed), 0.3, 0.95)), 4)
    aside = idle >= np.where(noise, idle_too, idle_at)
    chances = np.where(aside, 0.0, sigmoid(unseen[:, ALERT_HEAD]))  # what is put aside is silent
    return {
        "sharpness": round(sharpness, 4),
        "idle": idle_at,
        "idle_too": idle_too,
        "sure": _sure(shares, labels),
        "second": _second(shares, labels),
        "levels": [_level(unseen[:, LEVEL_HEADS][:, i], labels, i) for i in range(len(LEVELS))],
        "alert": _alert(chances, described),
    }


def _beyond(shares: Array, count: int) -> float:
    """The share that only `count` of these mails go beyond."""
    ordered = np.sort(shares)[::-1]
    return float(ordered[min(count, len(ordered) - 1)]) + 1e-3 if len(ordered) else 0.0


def _sharpness(scores: Array, kinds: NDArray[np.int64]) -> float:
    """By what scores are multiplied so that "80 %" is right in four of five cases."""
    grid = np.geomspace(0.3, 3.0, 47)
    rows = np.arange(len(kinds))
    losses = [-float(np.log(softmax(scores * s)[rows, kinds] + 1e-12).mean()) for s in grid]
    return float(grid[int(np.argmin(losses))])


def _accepted(label: Label) -> tuple[Kind, ...]:
    return (label.kind, label.second_kind) if label.second_kind else (label.kind,)


def _sure(shares: Array, labels: Sequence[Label]) -> float:
    """The smallest share from which on so many are right that a person may rely on it."""
    first, largest = shares.argmax(axis=1), shares.max(axis=1)
    right = np.array([KINDS[k] in _accepted(one) for k, one in zip(first, labels, strict=True)])
    for share in np.arange(0.3, 0.9, 0.01):
        said = largest >= share
        if said.any() and right[said].mean() >= _RELIABLE:
            return round(float(share), 2)
    return 0.9


def _second(shares: Array, labels: Sequence[Label]) -> float:
    """The share at which naming a second kind is right as often as not naming it."""
    order = np.argsort(-shares, axis=1)
    best, chosen = -1.0, 0.25
    for share in np.arange(0.12, 0.5, 0.01):
        hits = said = meant = 0
        for row, label in enumerate(labels):
            others = {kind for kind in _accepted(label) if kind is not KINDS[order[row, 0]]}
            named = shares[row, order[row, 1]] >= share
            hits += named and KINDS[order[row, 1]] in others
            said += named
            meant += bool(others)
        balance = 2 * hits / max(said + meant, 1)
        if balance > best:
            best, chosen = balance, float(share)
    return round(chosen, 2)


def _level(scores: Array, labels: Sequence[Label], place: int) -> float:
    """The probability at which calling it so bad is right most often on balance."""
    truth = np.array([label.severity.rank >= LEVELS[place].rank for label in labels])
    chances = sigmoid(scores)
    grid = np.arange(0.2, 0.81, 0.01)
    right = [float(((chances >= limit) == truth).mean()) for limit in grid]
    best = max(right)
    close = [limit for limit, share in zip(grid, right, strict=True) if share >= best - 0.002]
    return round(float(np.median(close)), 2)


def _alert(chances: Array, described: Sequence[Described]) -> float:
    """As low as the promised number of false alerts allows.

    Only whole mails count: of messages of one line nearly none rings, and they would make the
    share of false alerts look smaller than it is in a mailbox.
    """
    rings = np.array([one.example.alert for one in described])
    facts = np.array([one.features.facts for one in described])
    silent = np.array([bool(one.example.subject) for one in described]) & ~rings
    order = np.argsort(chances[silent])
    below = np.cumsum(counts_for_ringing(facts, rings)[silent][order])
    place = np.searchsorted(below, (1 - _FALSE_ALERTS_AT_MOST) * below[-1])
    return round(float(chances[silent][order][place]), 4)


def packed(
    learnt: Learnt,
    usual: Judged,
    mails: Mails,
    labels: Sequence[Label],
    limits: dict[str, Any],
    names: Sequence[str],
    digest: str,
) -> dict[str, Any]:
    """Everything as arrays, as small as does no harm."""
    weights, table = learnt.weights, learnt.weights.table
    scale = np.maximum(np.abs(table).max(axis=0), 1e-9) / 127.0
    kept = {name: value for name, value in limits.items() if name != "sharpness"}
    chosen = _replayed([labels[row] for row in usual.rows])
    facts = {
        "format": FORMAT,
        "names": list(FACTS),
        "rules": list(names),
        "readers_share": READERS_SHARE,
        "readers_share_of_one_line": READERS_SHARE_OF_ONE_LINE,
        "transformers_share": TRANSFORMERS_SHARE,
        "transformers_share_of_one_line": TRANSFORMERS_SHARE_OF_ONE_LINE,
        "sharpness": limits["sharpness"],
        "sharpness_of_one_line": SHARPNESS_OF_ONE_LINE,
        "thresholds": kept,
        "learnt_from": digest,
    }
    return {
        "facts": np.array(json.dumps(facts, sort_keys=True)),
        "dense": weights.dense.astype(np.float16),
        "bias": weights.bias.astype(np.float32),
        "table": np.round(table / scale).astype(np.int8),
        "table_scale": scale.astype(np.float32),
        "rarity": mails.rarity.astype(np.float16),
        "second_look": learnt.second_look.astype(np.float32),
        **learnt.schooled.hearing.arrays(),
        **arrays_of(learnt.schooled.readers),
        "replay_views": mails.dense[usual.rows[chosen], :WIDTH].astype(np.float16),
        "replay_scores": usual.scores[chosen].astype(np.float32),
    }


def _replayed(labels: Sequence[Label]) -> NDArray[np.int64]:
    """Some examples of every kind, evenly from all files. They must be usual ones:

    beside hunted ones three corrections did not move the fourth mail of their sort (6 of 42).
    """
    chosen: list[int] = []
    for kind in KINDS:
        rows = [i for i, one in enumerate(labels) if one.kind is kind]
        step = max(len(rows) / _REPLAYED, 1.0)
        chosen += [rows[int(i * step)] for i in range(min(_REPLAYED, len(rows)))]
    return np.array(chosen, dtype=np.int64)


def _counted(read: Sequence[Example]) -> str:
    kinds, languages = Counter(e.kind.value for e in read), Counter(e.language for e in read)
    severities = Counter(e.severity.value for e in read)
    parts = [
        ", ".join(f"{name} {count}" for name, count in sorted(counted.items()))
        for counted in (kinds, languages, severities)
    ]
    return f"{len(read)} examples: {'; '.join(parts)}; must ring {sum(e.alert for e in read)}"


def _figures(unseen: Array, described: Sequence[Described], limits: dict[str, Any]) -> str:
    """What the weights make of mails they have not seen, among the examples themselves."""
    labels = [one.label for one in described]
    first = unseen[:, KIND_HEADS].argmax(axis=1)
    right = [KINDS[k] is label.kind for k, label in zip(first, labels, strict=True)]
    rank = _ranks(unseen, limits["levels"])
    severity = [r == label.severity.rank for r, label in zip(rank, labels, strict=True)]
    rings = sigmoid(unseen[:, ALERT_HEAD]) >= limits["alert"]
    must = np.array([label.alert for label in labels])
    return (
        f"Unseen: kind right {np.mean(right):.3f}, severity right {np.mean(severity):.3f},"
        f" rings for {rings[must].mean():.3f} of what must, {rings[~must].mean():.3f} of the rest"
    )


def _ranks(unseen: Array, levels: Sequence[float]) -> list[int]:
    reached = sigmoid(np.minimum.accumulate(unseen[:, LEVEL_HEADS], axis=1)) >= np.array(levels)
    return [max((i + 1 for i in range(len(LEVELS)) if row[i]), default=0) for row in reached]
