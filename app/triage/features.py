"""Features: everything the learned judgement looks at, in one fixed order.

Part of the fifth step of the walk. Beside the text itself stand facts: what the rules found, what
the headers say, how near a named moment is, how much money is named, whether they wrote before.
Facts that make a mail more urgent are counted in steps that only add up (within a week, within two
days, today), so that weights that are never negative make a nearer deadline never less urgent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.domain.assessment import MessageContext, Severity
from app.domain.message import Message
from app.domain.subject import is_answer, is_forward
from app.triage.encoder import Encoder, Floats, Parts
from app.triage.looking import Looked
from app.triage.ngrams import Counts, counts_of
from app.triage.views import VIEWS_WIDTH, Views, views_of
from app.triage.words import alike

HOURS_LEFT = (336, 168, 96, 54, 30, 12)
UNITS_OF_MONEY = (1, 50, 150, 300, 800, 2000)
TIMED = ("deadline", "event", "dispute_deadline")
UNTIMED = (
    "safety", "legal", "regulator", "press", "legal_threat", "public_threat", "chargeback_threat",
    "shop_down", "data_exposed", "fraud_now", "last_chance", "repeat", "long_wait", "money",
    "important_customer", "suffering", "crime", "no_hurry", "settled",
)  # fmt: skip
URGENT_FACTS = (
    *(f"within {hours} h" for hours in HOURS_LEFT),
    *(f"from {units} units" for units in UNITS_OF_MONEY),
    *TIMED,
    "at least high by the facts",
    "critical by the facts",
    "a clock runs or a threat stands",
)
PLAIN_FACTS = (
    "automatic", "noise", "suspicious", "list", "answer to us", "known customer", "own address",
    "order number", "tracking number", "article number", "no subject", "answer", "forwarded",
    "very short", "short", "long", "asks", "asks twice", "link", "shouts", "exclaims",
    "no day named", "provider", *UNTIMED,
)  # fmt: skip
FACTS = (*URGENT_FACTS, *PLAIN_FACTS)
FACT_SCALE = 0.3
_NO_SUBJECT, _SHORT = FACTS.index("no subject"), FACTS.index("short")


@dataclass(frozen=True, slots=True)
class Written:
    """Subject and text of a mail as they are read: what is new in it, long numbers alike."""

    subject: str
    text: str

    @classmethod
    def of(cls, message: Message) -> Written:
        """Of a mail that says nothing new, what it quotes."""
        new = message.new_text if message.new_text.strip() else message.text
        return cls(alike(message.subject), alike(new))

    def views(self, encoder: Encoder) -> Views:
        """Seen in every way; most of what a judgement costs."""
        return views_of(self.subject, self.text, encoder)


@dataclass(frozen=True, slots=True)
class Features:
    """A mail as numbers: `dense` (views, rules, facts), what readers hear, its words counted."""

    dense: Floats
    heard: Parts
    counts: Counts
    words: Written

    @property
    def facts(self) -> Floats:
        """Ones and zeros in the order of FACTS."""
        result: Floats = np.rint(self.dense[-len(FACTS) :] / FACT_SCALE)
        return result

    @property
    def is_one_line(self) -> bool:
        """Whether it is a message of a line or two, as they come from chats and forms."""
        facts = self.facts
        return bool(facts[_NO_SUBJECT] and facts[_SHORT])

    @property
    def beside(self) -> Floats:
        """What readers know beside what they hear: the rules, the facts of no hurry."""
        rest = np.rint(self.dense[VIEWS_WIDTH:] / FACT_SCALE)
        rest[len(rest) - len(FACTS) : len(rest) - len(PLAIN_FACTS)] = 0.0
        result: Floats = rest.astype(np.float32)
        return result


def features_of(
    message: Message,
    looked: Looked,
    context: MessageContext,
    *,
    rule_names: Sequence[str],
    words: Written,
    views: Views,
) -> Features:
    """All features; `rule_names` says which rules count, in the order of the weights."""
    dense = np.concatenate(
        (
            views.pooled,
            FACT_SCALE * _rules(looked, rule_names),
            FACT_SCALE * np.array(facts_of(message, looked, context), dtype=np.float32),
        )
    )
    return Features(dense, views.heard, counts_of(f"{words.subject}\n{words.text}"), words)


def _rules(looked: Looked, names: Sequence[str]) -> Floats:
    """For each rule whether it was found in the subject, then for each in the body."""
    found = [name in reading.hits for reading in (looked.subject, looked.body) for name in names]
    return np.array(found, dtype=np.float32)


def facts_of(message: Message, looked: Looked, context: MessageContext) -> list[float]:
    """Ones and zeros in the order of FACTS."""
    moments = (*looked.subject.moments, *looked.body.moments)
    nearest = min((moment.hours for moment in moments), default=float("inf"))
    most = max((float(money.value) for money in looked.entities.amounts), default=0.0)
    urgent = [nearest <= hours for hours in HOURS_LEFT]
    urgent += [most >= units for units in UNITS_OF_MONEY]
    found = looked.found
    urgent += [name in found.factors for name in TIMED]
    urgent += [found.severity.rank >= level.rank for level in (Severity.HIGH, Severity.CRITICAL)]
    urgent.append(found.presses)
    return [float(fact) for fact in (*urgent, *_plain(message, looked, context, nearest))]


def _plain(
    message: Message, looked: Looked, context: MessageContext, nearest: float
) -> tuple[bool, ...]:
    text, subject = message.new_text, message.subject.strip().lower()
    own = {address.lower() for address in context.own_addresses}
    return (
        looked.gate.automatic,
        looked.gate.noise,
        looked.suspicion.is_suspicious,
        bool(looked.origin.list_mail),
        context.reply_to_ours or bool(message.in_reply_to) or bool(message.header("in-reply-to")),
        context.known_customer,
        message.from_ is not None and message.from_.key in own,
        bool(looked.entities.order_numbers),
        bool(looked.entities.tracking_numbers),
        bool(looked.entities.skus),
        not subject,
        is_answer(subject),
        is_forward(subject),
        len(text) < 120,
        len(text) < 250,
        len(text) > 800,
        "?" in text,
        text.count("?") > 1,
        "http" in text or "www." in text,
        text.isupper(),
        "!" in text,
        nearest == float("inf"),
        looked.genuine_notice,
        *(name in looked.found.factors for name in UNTIMED),
    )
