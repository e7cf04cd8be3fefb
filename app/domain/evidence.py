"""Evidence: what a shop can show in a dispute, what is missing, and what the packet came to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.dispute import Dispute, DisputeReason
from app.domain.message import Direction
from app.domain.order import Order

FURTHER = "further"  # the owner's files that belong to no line of a checklist


class Proof(StrEnum):
    """Where a piece of evidence is looked for; YOURS only the owner can add."""

    ORDER = "order"
    TRACKING = "tracking"
    DELIVERY = "delivery"
    MAILS = "mails"
    MAIL_AFTER_DELIVERY = "mail_after_delivery"
    REFUNDS = "refunds"
    RETURNS = "returns"
    EARLIER_ORDERS = "earlier_orders"
    OTHER_CHARGE = "other_charge"
    POLICY = "policy"
    YOURS = "yours"


class Have(StrEnum):
    """Whether a piece of evidence is there; PARTLY says that it is there and weak."""

    FOUND = "found"
    PARTLY = "partly"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceItem:
    """One line of a checklist. `said` is what was found, or what is missing and what to do.

    `needed`: without it an answer is weak; the rest helps. `source` is where the rule comes from,
    a page's address, and `files` are the names of the owner's own for it. `policy` names the text
    of the shop (its shipping, its refunds) that it is.
    """

    id: str
    title: str
    why: str
    needed: bool
    have: Have
    said: str
    source: str
    files: tuple[str, ...] = ()
    policy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a provider takes of one file: bytes, pages, PDF/A; 0 where it names no limit."""

    provider: str
    source: str
    most_bytes: int = 0
    most_pages: int = 0
    pdf_a: bool = False
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """What speaks for the shop in one dispute, strongest first, and what the provider takes."""

    reason: DisputeReason
    advice: str
    items: tuple[EvidenceItem, ...]
    limits: Limits

    @property
    def missing(self) -> tuple[EvidenceItem, ...]:
        """What an answer needs and does not have yet."""
        return tuple(one for one in self.items if one.needed and one.have is Have.MISSING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail between the shop and this one customer, as it may be shown to a bank.

    `text` is without quotes and signature; `others`: so many more people stood in To or Cc, whose
    addresses are nobody's business here. `files` are the names of what was attached. Where a packet
    is too long, `cut` letters of the text and the `before` letters before this one are left out.
    """

    direction: Direction
    at: datetime
    sender: str
    recipient: str
    subject: str
    text: str
    others: int = 0
    quoted: bool = False
    files: tuple[str, ...] = ()
    cut: int = 0
    before: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFile:
    """A file that goes into a packet: the owner's, a policy's, or one that came with a mail.

    `item` is the line of the checklist that it belongs to; a policy's is its topic.
    """

    name: str
    content: bytes
    item: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All that a packet is made of; nothing of any other customer.

    `disputed` are the atoms of the orders whose payments were disputed, too, however that ended.
    `left_out` says which files there are that could not be had, and why.
    """

    dispute: Dispute
    now: datetime
    shop: str = ""
    order: Order | None = None
    earlier: tuple[Order, ...] = ()
    earlier_disputes: int = 0
    disputed: frozenset[str] = frozenset()
    letters: tuple[Letter, ...] = ()
    policies: tuple[OwnFile, ...] = ()
    files: tuple[OwnFile, ...] = ()
    enclosed: tuple[OwnFile, ...] = ()
    left_out: tuple[str, ...] = ()
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """A finished packet. `left_out` and `remarks` are sentences that the owner must read."""

    content: bytes
    pages: int
    pdf_a: str = ""
    left_out: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    too_much: tuple[str, ...] = ()
