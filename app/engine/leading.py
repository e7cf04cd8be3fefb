"""Leading: which of several mails speaks for their issue: by its kind, by how bad it is.

Asked by `standing`, for what an issue is shown as, and for which mail a person's correction is
about.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.engine.promising import Heard


def worst_of(candidates: Sequence[Heard]) -> Heard:
    """The mail whose severity the issue has: the first of the worst."""
    return max(candidates, key=lambda one: one.assessment.severity.rank)


def lead_of(candidates: Sequence[Heard]) -> Heard:
    """The mail that speaks for the issue."""
    return max(candidates, key=lambda one: one.assessment.weight)


def subject_of(candidates: Sequence[Heard], heard: Sequence[Heard]) -> Heard:
    """The mail that says what the issue is about: the one that speaks for it.

    Where that one leaves it open ("Thanks, tomorrow then"), what was sure before stands.
    """
    lead = lead_of(candidates)
    if not lead.assessment.unsure:
        return lead
    sure = (one for one in heard if not (one.assessment.unsure or one.assessment.gate.noise))
    return max(sure, key=lambda one: one.message.received_at, default=lead)
