"""Leading: which of several mails speaks for their issue: by its kind, by how bad it is.

Asked by `standing`, for what an issue is shown as, and for which mail a person's correction is
about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.journal import Decisions
from app.engine.conversation import Heard, conversation_of
from app.storage import messages
from app.storage.connection import Connection
from app.storage.messages import StoredMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class Speakers:
    """The mails that speak for an issue: what a person says of its kind, of how bad it is, or of
    its ringing is said of that mail."""

    kind: StoredMessage
    severity: StoredMessage
    ringing: StoredMessage


def speakers(db: Connection, issue_id: int) -> Speakers | None:
    """Whose assessments the issue goes by, as `standing` chooses them; None where nobody spoke."""
    talk = conversation_of(messages.of_issue(db, issue_id), Decisions())
    candidates = talk.unanswered or talk.heard
    if not candidates:
        return None
    rings = [one.message for one in talk.heard if one.assessment.alert]
    return Speakers(
        kind=subject_of(candidates, talk.heard).message,
        severity=worst_of(candidates).message,
        ringing=rings[-1] if rings else lead_of(candidates).message,
    )


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
