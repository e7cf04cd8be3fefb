"""Findings: what was found in several mails of one issue, taken together."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.assessment import DAYS_LEFT, FORGED, Assessment


def together(assessments: Sequence[Assessment]) -> dict[str, str]:
    """What was found in any of these mails. That it is forged must be so of all of them, and that
    there are days left, of all that are as bad as the worst."""
    found = [one.factors for one in assessments]
    worst = max((one.severity.rank for one in assessments), default=0)
    gravest = [one.factors for one in assessments if one.severity.rank == worst]
    factors = {name: why for each in found for name, why in each.items()}
    for name, every in ((FORGED, found), (DAYS_LEFT, gravest)):
        if not all(name in each for each in every):
            factors.pop(name, None)
    return factors
