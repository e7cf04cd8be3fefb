"""Judgements: what stands about an issue, in the columns of its row and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.domain.assessment import Kind, Priority, Reason, Severity
from app.domain.issue import Judgement
from app.storage import codec

COLUMNS = (
    *("kind", "second_kind", "severity", "priority", "score", "unsure", "suspicious"),
    *("automatic", "confidence", "language", "reasons", "suspicious_because"),
)


def row_of(judgement: Judgement) -> Sequence[Any]:
    """What stands about an issue, as it stands in the table."""
    return (
        judgement.kind.value,
        judgement.second_kind.value if judgement.second_kind else None,
        judgement.severity.value,
        judgement.priority.value,
        judgement.score,
        judgement.unsure,
        judgement.suspicious,
        judgement.automatic,
        judgement.confidence,
        judgement.language,
        codec.to_json(judgement.reasons),
        codec.to_json(judgement.suspicious_because),
    )


def read(row: tuple[Any, ...]) -> Judgement:
    """The judgement that stands in these columns."""
    kind, second, severity, priority, score, unsure, suspicious = row[:7]
    automatic, confidence, language, reasons, suspicious_because = row[7:]
    return Judgement(
        kind=Kind(kind),
        second_kind=Kind(second) if second else None,
        severity=Severity(severity),
        priority=Priority(priority),
        score=score,
        reasons=codec.from_json(reasons, tuple[Reason, ...]),
        confidence=confidence,
        unsure=bool(unsure),
        suspicious=bool(suspicious),
        suspicious_because=codec.from_json(suspicious_because, tuple[str, ...]),
        language=language,
        automatic=bool(automatic),
    )
