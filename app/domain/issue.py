"""Issue: the unit of work, and the identity that any laptop derives alike."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import product

from app.domain.assessment import Kind, Priority, Reason, Severity
from app.domain.journal import Decisions, State
from app.domain.message import Address, Message
from app.domain.money import Money
from app.domain.order import OrderLink

# d before o before m: a dispute names an issue more surely than an order, an order than a mail.
_ATOM_ORDER = {"d": 0, "o": 1, "m": 2}


_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"  # base 32 (RFC 4648) in lower case
_PAIRS = tuple(map("".join, product(_LETTERS, repeat=2)))
_KEY_PAIRS = 10  # 20 letters, 100 bits
_AT_HAND = 1024  # names are asked for several times while a mail is filed, then not for long


@lru_cache(maxsize=_AT_HAND)
def message_atom(message_id: str) -> str:
    """The atom of the conversation that a Message-ID began; without its angle brackets."""
    return "m:" + hashlib.sha256(message_id.encode()).hexdigest()[:16]


def root_of(message: Message) -> str:
    """The Message-ID that began the conversation (RFC 5322 3.6.4), as far as the mail knows."""
    return next(iter((*message.references, *message.in_reply_to)), message.message_id)


def issue_key(atoms: Iterable[str]) -> str:
    """The name of the issue that owns these atoms: the hash of the lowest one."""
    several = tuple(atoms)
    if len(several) == 1:  # nearly always
        return _key_of(several[0])
    lowest = min(several, key=lambda atom: (_ATOM_ORDER.get(atom[:1], 3), atom))
    return _key_of(lowest)


@lru_cache(maxsize=_AT_HAND)
def _key_of(atom: str) -> str:
    bits = int.from_bytes(hashlib.sha256(atom.encode()).digest()) >> (256 - 10 * _KEY_PAIRS)
    places = range(10 * (_KEY_PAIRS - 1), -1, -10)
    return "i1_" + "".join([_PAIRS[bits >> place & 1023] for place in places])


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What stands about an issue after machine and people: a person's word has replaced ours."""

    kind: Kind
    severity: Severity
    priority: Priority
    score: int
    reasons: tuple[Reason, ...]
    second_kind: Kind | None = None
    confidence: float = 0.0
    unsure: bool = False
    suspicious: bool = False
    suspicious_because: tuple[str, ...] = ()
    language: str = ""
    automatic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """An issue as it is stored: identity, what stands about it, where it is in its life."""

    id: int
    key: str
    subject: str
    customer: Address
    judgement: Judgement
    decisions: Decisions
    state: State
    first_at: datetime
    last_at: datetime
    snoozed_until: datetime | None = None
    account_id: int | None = None
    order_number: str = ""
    order_total: Money | None = None
    order_link: OrderLink | None = None
    deadline_at: datetime | None = None
    history: bool = False
