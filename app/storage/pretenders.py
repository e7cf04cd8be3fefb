"""Pretenders: the mails of an issue that pretend to be from somebody else.

Whoever says what an issue is about has looked at it: they vouch for the addresses that were under
suspicion then, and for nobody who joins the conversation later.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.journal import Decisions
from app.domain.message import Direction
from app.storage.messages import StoredMessage


def pretenders(stored: Sequence[StoredMessage], decisions: Decisions) -> tuple[StoredMessage, ...]:
    """Those of these mails that nobody vouched for, oldest first."""
    found = tuple(
        one
        for one in stored
        if one.direction is Direction.IN
        and one.assessment is not None
        and one.assessment.suspicion.is_suspicious
    )
    if decisions.kind is None:
        return found
    decided_at = decisions.kind_at
    if decided_at is None:  # decided before that was written down
        return ()
    vouched = {_sender(one) for one in found if one.counts_at <= decided_at}
    return tuple(one for one in found if one.counts_at > decided_at and _sender(one) not in vouched)


def _sender(message: StoredMessage) -> str:
    return message.from_.key if message.from_ else ""
