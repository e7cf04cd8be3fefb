"""Judged: what a judgement of mails is worth, in numbers; used by the measurement of triage.

Every figure is plain arithmetic over pairs of what was meant and what was made of it. Macro-F1 is
strict (the first kind only); lenient accuracy accepts the kind or the second kind where it is among
the kinds that an expert would accept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from random import Random
from typing import Any

_ENTITIES = ("order_numbers", "tracking_numbers", "amounts", "skus", "dates")
_BINS = 10
_DRAWS = 40
_RELIABLE = 0.97


@dataclass(frozen=True, slots=True)
class Pair:
    """A mail as it was meant (a row of a set), and what was made of it (a result of `triage`)."""

    meant: dict[str, Any]
    made: dict[str, Any]

    @property
    def accepted(self) -> set[str]:
        """The kinds that count as right."""
        return {self.meant["kind"], *self.meant.get("alt_kinds", ())}

    @property
    def right(self) -> bool:
        """Whether the first kind is the one that was meant."""
        return bool(self.made["kind"] == self.meant["kind"])

    @property
    def acceptable(self) -> bool:
        """Whether one of the named kinds is among those that count as right."""
        return bool(self.accepted & {self.made["kind"], self.made.get("second_kind")})


def share(hits: Iterable[bool]) -> float:
    """The share of true ones; 0 of nothing."""
    values = list(hits)
    return sum(values) / max(len(values), 1)


def macro_f1(pairs: Sequence[Pair]) -> float:
    """The mean of F1 over the kinds that were meant at least once."""
    kinds = sorted({pair.meant["kind"] for pair in pairs})
    return sum(_f1(pairs, kind) for kind in kinds) / len(kinds)


def _f1(pairs: Sequence[Pair], kind: str) -> float:
    right = sum(1 for pair in pairs if pair.right and pair.meant["kind"] == kind)
    said = sum(1 for pair in pairs if pair.made["kind"] == kind)
    meant = sum(1 for pair in pairs if pair.meant["kind"] == kind)
    return 2 * right / (said + meant)


def calibration_error(pairs: Sequence[Pair]) -> float:
    """How far confidence lies from being right, on average over ten bins."""
    error = 0.0
    for low in range(_BINS):
        inside = [p for p in pairs if min(int(p.made["confidence"] * _BINS), _BINS - 1) == low]
        sure = sum(pair.made["confidence"] for pair in inside)
        error += abs(sum(pair.right for pair in inside) - sure)
    return error / len(pairs)


def calibration_by_chance(pairs: Sequence[Pair]) -> float:
    """The calibration error that a judgement of perfect confidence would show of so few mails."""
    chance, drawn = Random(1), []
    for _ in range(_DRAWS):
        error = [0.0] * _BINS
        for pair in pairs:
            sure = pair.made["confidence"]
            error[min(int(sure * _BINS), _BINS - 1)] += (chance.random() < sure) - sure
        drawn.append(sum(map(abs, error)) / len(pairs))
    return sum(drawn) / len(drawn)


def coverage(pairs: Sequence[Pair]) -> float:
    """The largest share of mails, surest first, of whose kinds 97 % are acceptable."""
    ordered = sorted(pairs, key=lambda pair: -pair.made["confidence"])
    best = right = 0
    for count, pair in enumerate(ordered, start=1):
        right += pair.made["kind"] in pair.accepted
        if right >= _RELIABLE * count:
            best = count
    return best / len(pairs)


def kinds(pairs: Sequence[Pair]) -> dict[str, float]:
    """The figures about kinds."""
    return {
        "n": len(pairs),
        "macro_f1": round(macro_f1(pairs), 3),
        "accuracy": round(share(pair.right for pair in pairs), 3),
        "first_kind_accepted": round(share(p.made["kind"] in p.accepted for p in pairs), 3),
        "lenient": round(share(pair.acceptable for pair in pairs), 3),
        "second_named": round(share(bool(pair.made.get("second_kind")) for pair in pairs), 3),
        "unsure": round(share(bool(pair.made.get("unsure")) for pair in pairs), 3),
        "calibration_error": round(calibration_error(pairs), 3),
        "calibration_by_chance": round(calibration_by_chance(pairs), 3),
        "coverage_at_97": round(coverage(pairs), 3),
    }


def urgency(pairs: Sequence[Pair]) -> dict[str, Any]:
    """Gate, severity and alerts; counts, because there are few of each."""
    idle = [pair for pair in pairs if pair.meant["kind"] == "not_an_issue"]
    real = [pair for pair in pairs if pair.meant["kind"] != "not_an_issue"]
    must = [pair for pair in pairs if pair.meant["alert"]]
    rest = [pair for pair in pairs if not pair.meant["alert"]]
    return {
        "idle_caught": _of(p.made["kind"] == "not_an_issue" for p in idle),
        "real_lost": _of(p.made["kind"] == "not_an_issue" for p in real),
        "severity": round(share(p.made["severity"] == p.meant["severity"] for p in pairs), 3),
        "alerts_found": _of(p.made["alert"] for p in must),
        "false_alerts": _of(p.made["alert"] for p in rest),
        "phishing_rings": sum(p.made["alert"] and p.meant["phishing"] for p in pairs),
    }


def _of(hits: Iterable[bool]) -> str:
    values = list(hits)
    return f"{sum(values)} of {len(values)}"


def entities(pairs: Sequence[Pair]) -> dict[str, dict[str, float]]:
    """Precision and recall of what mails name, over all mails."""
    found = {}
    for name in _ENTITIES:
        meant = {(p.meant["id"], one) for p in pairs for one in _named(p.meant, name)}
        made = {(p.meant["id"], one) for p in pairs for one in _named(p.made, name)}
        both = len(meant & made)
        found[name] = {
            "precision": round(both / len(made), 3) if made else 1.0,
            "recall": round(both / len(meant), 3) if meant else 1.0,
        }
    return found


def _named(row: dict[str, Any], name: str) -> Iterable[str]:
    for one in row["entities"][name]:
        text = str(one["value"] if isinstance(one, dict) else one).strip().upper()
        yield text.rstrip("0").rstrip(".") if name == "amounts" and "." in text else text


def grouping(pairs: Sequence[Pair]) -> dict[str, dict[str, float]]:
    """Of all pairs of mails: those put into one issue, or into one incident of several issues,
    and those that belong into one."""
    every = list(combinations(pairs, 2))
    apart = [both for both in every if both[0].made["issue"] != both[1].made["issue"]]
    return {
        "issue": _together(every, "issue", lambda group: not group.startswith("incident")),
        "incident": _together(apart, "incident", lambda group: group.startswith("incident")),
    }


def _together(
    every: Sequence[tuple[Pair, Pair]], name: str, is_one: Callable[[str], bool]
) -> dict[str, float]:
    right = put = belong = 0
    for one, other in every:
        group = one.meant.get("group") or ""
        together = bool(group) and group == other.meant.get("group") and is_one(group)
        same = one.made[name] is not None and one.made[name] == other.made[name]
        right, put, belong = right + (same and together), put + same, belong + together
    return {
        "pairs": belong,
        "precision": round(right / put, 3) if put else 1.0,
        "recall": round(right / belong, 3) if belong else 1.0,
    }


def by_language(pairs: Sequence[Pair]) -> dict[str, dict[str, float]]:
    """Accuracy in each language."""
    languages = sorted({pair.meant["language"] for pair in pairs})
    found = {}
    for language in languages:
        spoken = [pair for pair in pairs if pair.meant["language"] == language]
        found[language] = {
            "n": len(spoken),
            "accuracy": round(share(pair.right for pair in spoken), 3),
            "lenient": round(share(pair.acceptable for pair in spoken), 3),
        }
    return found


def confusion(pairs: Sequence[Pair]) -> dict[str, dict[str, int]]:
    """For each kind that was meant, what was made of it."""
    counts = Counter((pair.meant["kind"], pair.made["kind"]) for pair in pairs)
    table: dict[str, dict[str, int]] = {}
    for (meant, made), count in sorted(counts.items()):
        table.setdefault(meant, {})[made] = count
    return table


def misread(pairs: Sequence[Pair], most: int = 10) -> list[str]:
    """The mails of which the judgement was surest and wrong: what was meant, what was made of it.

    Named by their ids, languages and lengths; their texts lie in the sets.
    """
    wrong = [pair for pair in pairs if pair.made["kind"] not in pair.accepted]
    wrong.sort(key=lambda pair: -pair.made["confidence"])
    return [
        f"{p.meant['id']} ({_described(p.meant)}):"
        f" {p.meant['kind']} taken for {p.made['kind']} ({p.made['confidence']:.2f})"
        for p in wrong[:most]
    ]


def _described(row: dict[str, Any]) -> str:
    said = (row.get("language", ""), f"{len(row['text'].split())} words", row.get("severity", ""))
    return ", ".join(part for part in said if part)
