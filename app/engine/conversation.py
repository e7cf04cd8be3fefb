"""Conversation: what the mails of an issue come to: who was heard, and what nobody has answered.

Worked out from the stored mails and what people decided; `standing`, `leading` and `promising` go
by it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.assessment import Assessment
from app.domain.journal import Decisions
from app.domain.message import Direction
from app.storage.messages import StoredMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """An incoming message beside what the machine made of it."""

    message: StoredMessage
    assessment: Assessment

    @property
    def waits(self) -> bool:
        """Whether it brings an issue back; a machine's receipt does not."""
        return self.assessment.gate.counts_as_customer_reply or self.assessment.alert


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Who said what. `every` came in and waits for somebody, without newsletters and receipts
    unless all are; `heard` are those of it that count; `answers` are what people of ours said and
    what arrived; `unanswered` is what they said since our last word, or their last, where what we
    said to it came back."""

    every: tuple[Heard, ...]
    heard: tuple[Heard, ...]
    answers: tuple[StoredMessage, ...]
    unanswered: tuple[Heard, ...]

    @property
    def last_at(self) -> datetime | None:
        """When somebody last said something that brings an issue back."""
        return max((one.message.counts_at for one in self.heard if one.waits), default=None)


def conversation_of(
    stored: Sequence[StoredMessage],
    decisions: Decisions,
    *,
    no_answers: frozenset[str] = frozenset(),
    is_superseded: Callable[[StoredMessage], bool] = lambda _: False,
) -> Conversation:
    """What these mails come to. `no_answers`: mails of ours that a person says are none;
    `is_superseded`: whether a provider's own record stands above its mail."""
    every = _waiting_for_somebody(stored)
    heard = tuple(one for one in every if not is_superseded(one.message))
    answers = _arrived(stored, decisions, no_answers=no_answers)
    return Conversation(
        every=every,
        heard=heard,
        answers=answers,
        unanswered=_unanswered(heard, answers, decisions),
    )


def are_our_machines(stored: Sequence[StoredMessage]) -> bool:
    """Whether all that was said is automatic and ours: a call to one of our people, a receipt."""
    return all(
        one.direction is Direction.OUT and one.assessment is not None for one in stored
    ) and bool(stored)


def _waiting_for_somebody(stored: Sequence[StoredMessage]) -> tuple[Heard, ...]:
    incoming = tuple(
        Heard(message=message, assessment=message.assessment)
        for message in stored
        if message.direction is Direction.IN
        and message.assessment is not None
        and not message.is_report
    )
    return tuple(one for one in incoming if not one.assessment.gate.noise) or incoming


def _arrived(
    stored: Sequence[StoredMessage], decisions: Decisions, *, no_answers: frozenset[str]
) -> tuple[StoredMessage, ...]:
    return tuple(
        message
        for message in stored
        if message.direction is Direction.OUT
        and message.message_id not in decisions.undelivered
        and message.message_id not in no_answers
        and message.assessment is None  # an automatic answer says nothing
    )


def _unanswered(
    heard: Sequence[Heard], arrived: Sequence[StoredMessage], decisions: Decisions
) -> tuple[Heard, ...]:
    answered_at = max((message.received_at for message in arrived), default=None)
    waiting = tuple(
        one for one in heard if answered_at is None or one.message.counts_at > answered_at
    )
    came_back_at = decisions.undelivered_at
    if came_back_at is None or (answered_at is not None and answered_at > came_back_at):
        return waiting
    return waiting or tuple(heard[-1:])
