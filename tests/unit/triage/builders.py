"""Builders: a message, a context and an assessment, each with what a test does not care about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from app.domain.assessment import Assessment, Entities, Gate, Kind, MessageContext, Severity
from app.domain.message import Address, Message
from app.domain.money import Money
from app.domain.order import Order

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)  # a Wednesday
SHOP = "hello@mugs.example"


def an_address(text: str) -> Address:
    """An address from "Name <a@b>" or "a@b"."""
    name, _, rest = text.rpartition("<")
    return Address(email=rest.rstrip(">"), name=name.strip())


def a_message(text: str = "", *, sender: str = "Ann <ann@example.com>", **more: Any) -> Message:
    """A message of Ann's; `headers` may be given as single values."""
    headers: Mapping[str, str] = more.pop("headers", {})
    reply_to: Sequence[str] = more.pop("reply_to", ())
    values: dict[str, Any] = {
        "message_id": "one@example.com",
        "subject": "",
        "text": text,
        "new_text": text,
        "raw_sha256": "0" * 64,
        "raw_size": len(text),
        "from_": an_address(sender),
        "reply_to": tuple(an_address(address) for address in reply_to),
        "to": (Address(email=SHOP),),
        "sent_at": NOON,
        "headers": {name.lower(): (value,) for name, value in headers.items()},
    }
    return Message(**{**values, **more})


def a_context(**more: Any) -> MessageContext:
    """A context of a shop that knows nothing of the sender."""
    return MessageContext(**{"now": NOON, "own_addresses": (SHOP,), **more})


def an_order(number: str, **more: Any) -> Order:
    """An order of Ann's over 60 euros."""
    values: dict[str, Any] = {
        "platform": "sample",
        "platform_id": number,
        "number": number,
        "customer_name": "Ann",
        "customer_email": "ann@example.com",
        "placed_at": NOON,
        "total": Money(6000, "EUR"),
    }
    return Order(**{**values, **more})


def an_assessment(**more: Any) -> Assessment:
    """An assessment of an ordinary mail of a person."""
    values: dict[str, Any] = {
        "kind": Kind.LATE,
        "confidence": 0.9,
        "unsure": False,
        "severity": Severity.NORMAL,
        "gate": Gate(automatic=False, may_acknowledge=True, counts_as_customer_reply=True),
        "entities": Entities(),
    }
    return Assessment(**{**values, **more})
