"""Opinion: what was learnt from examples makes of a mail, and from where on that is said.

Stands between the walk and the model, so that the walk loads no arrays until it needs them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from app.domain.assessment import Kind, MessageContext, Severity, Taught
from app.domain.lessons import Heard
from app.domain.message import Message
from app.triage.looking import Looked


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Where likely becomes said; learnt from examples that had no part in the weights.

    `sure`: share of the likeliest kind from which it can be relied on. `idle`: share of "not an
    issue" from which a mail is put aside; `idle_too`: the same where the rules say so as well.
    `second`: share from which a second kind is named. `levels`: how likely each severity must be.
    `alert`: how likely that a mail must ring.
    """

    sure: float
    idle: float
    idle_too: float
    second: float
    levels: Mapping[Severity, float]
    alert: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """Shares of the kinds (they sum to one), how likely each severity or worse, and an alert.

    `heard` is the mail as the learner keeps it; `taught` says what the owner's corrections did.
    `pointing` finds the sentence that spoke most for its being worse (True) or less bad (False).
    """

    kinds: Mapping[Kind, float]
    levels: Mapping[Severity, float]
    alert: float
    thresholds: Thresholds
    heard: Heard | None = None
    taught: Taught = field(default_factory=Taught)
    pointing: Callable[[bool], str] = lambda worse: ""

    @property
    def severity(self) -> Severity:
        """The worst severity that is likely enough."""
        enough = [s for s, p in self.levels.items() if p >= self.thresholds.levels[s]]
        return max(enough, key=lambda severity: severity.rank, default=Severity.LOW)

    @property
    def must_ring(self) -> bool:
        """Whether it is likely enough that minutes matter."""
        return self.alert >= self.thresholds.alert


class Classifier(Protocol):
    """The seat of the learned judgement: it weighs the text with what the other steps saw."""

    def opinion(self, message: Message, looked: Looked, context: MessageContext) -> Opinion | None:
        """What it makes of a mail; None where nothing learnt is at hand."""

    def read_ahead(self, messages: Sequence[Message]) -> None:
        """Do before what a judgement of these mails will need most of its time for."""
