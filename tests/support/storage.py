"""Builders of what is stored: each makes one believable value, and a test names what matters."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.domain.account import Account, AccountType
from app.domain.alert import Alert
from app.domain.assessment import (
    Assessment,
    Entities,
    Gate,
    Kind,
    KindGuess,
    Priority,
    Reason,
    Severity,
    Suspicion,
)
from app.domain.issue import Judgement, message_atom
from app.domain.mailbox import FolderSnapshot
from app.domain.message import Address, Attachment, Direction, Message
from app.domain.money import Money
from app.domain.order import LineItem, Order
from app.domain.reply import OutboxState, Reply
from app.storage import accounts, issues, messages
from app.storage.connection import Connection
from app.storage.database import open_writer

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def atoms_of(db: Connection, issue_id: int) -> tuple[str, ...]:
    """What an issue's key is made of, without what others brought in."""
    rows = db.execute(
        "SELECT atom FROM atom WHERE issue_id = ? AND NOT alias ORDER BY atom", (issue_id,)
    )
    return tuple(atom for (atom,) in rows)


def a_database(folder: Path) -> Connection:
    """A new, migrated database, open for writing; the test is its only writer."""
    return open_writer(folder / "frontburner.db", now=NOW)


def lay_database(path: Path) -> Path:
    """A new, migrated database at that path unless there is one: a copy, as making one is slow."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_bytes(_as_made())
    return path


@cache
def _as_made() -> bytes:
    with TemporaryDirectory() as folder:
        a_database(Path(folder)).close()
        return (Path(folder) / "frontburner.db").read_bytes()


@contextmanager
def undone(db: Connection) -> Iterator[None]:
    """Whatever happens inside is taken back: one database serves many examples."""
    db.execute("BEGIN")
    try:
        yield
    finally:
        db.execute("ROLLBACK")


def a_message(message_id: str = "first@customer.example", **given: Any) -> Message:
    """A customer's mail about a broken mug."""
    text = str(given.pop("text", "The blue mug of order #1042 arrived in pieces."))
    plain = {
        "subject": "Broken mug",
        "text": text,
        "new_text": text,
        "raw_sha256": hashlib.sha256(ascii(message_id).encode()).hexdigest(),
        "raw_size": len(text),
        "from_": Address(email="Anna@customer.example", name="Anna Weiß"),
        "to": (Address(email="help@shop.example"),),
        "sent_at": NOW - timedelta(minutes=2),
    }
    return Message(message_id=message_id, **{**plain, **given})


def a_full_message() -> Message:
    """A mail in which every field that is stored has something in it."""
    return a_message(
        "full@customer.example",
        text="Hello\n> what you wrote",
        new_text="Hello",
        reply_to=(Address(email="anna.private@customer.example", name="Anna"),),
        cc=(Address(email="boss@shop.example", name="The boss"),),
        in_reply_to=("second@shop.example",),
        references=("first@customer.example", "second@shop.example"),
        attachments=(
            Attachment(filename="mug.jpg", content_type="image/jpeg", size=2048, part=2),
            Attachment(
                filename="logo.png",
                content_type="image/png",
                size=9,
                part=3,
                inline=True,
            ),
        ),
        html="<p>Hello</p>",
        warnings=("The date is in the future",),
    )


def an_assessment(**given: Any) -> Assessment:
    """An assessment in which every field has something in it."""
    plain = {
        "kind": Kind.DAMAGED,
        "confidence": 0.875,
        "unsure": False,
        "severity": Severity.HIGH,
        "gate": Gate(automatic=False, may_acknowledge=True, counts_as_customer_reply=True),
        "severity_because": ("arrived broken",),
        "second_kind": Kind.REFUND_BILLING,
        "alternatives": (KindGuess(kind=Kind.WRONG_ITEM, confidence=0.125),),
        "alert": True,
        "factors": {"money": "refund"},
        "entities": Entities(order_numbers=("1042",), amounts=(Money(1990, "EUR"),)),
        "language": "en",
        "suspicion": Suspicion(is_suspicious=True, because=("Reply-To is elsewhere",)),
    }
    return Assessment(**{**plain, **given})


def a_judgement(**given: Any) -> Judgement:
    """What stands about a broken mug."""
    plain = {
        "kind": Kind.DAMAGED,
        "severity": Severity.HIGH,
        "priority": Priority.P2,
        "score": 62,
        "reasons": (
            Reason(factor="severity", points=50, because="arrived broken"),
            Reason(factor="waiting", points=12, because="waits since 09:28"),
        ),
    }
    return Judgement(**{**plain, **given})


def an_issue(db: Connection, root: str = "first@customer.example", **given: Any) -> int:
    """A stored issue, new and without messages; the answer is its id."""
    plain = {
        "atoms": (message_atom(root),),
        "subject": "Broken mug",
        "customer": Address(email="Anna@customer.example", name="Anna Weiß"),
        "account_id": None,
        "judgement": a_judgement(),
        "first_at": NOW,
    }
    return issues.create(db, **{**plain, **given})


def said(db: Connection, issue_id: int, message: Message | None = None, **given: Any) -> int:
    """A stored message of an issue; the answer is its id."""
    plain = {
        "direction": Direction.IN,
        "account_id": None,
        "received_at": NOW,
        "assessment": an_assessment(),
        "raw": b"Subject: Broken mug\r\n\r\nIn pieces.\r\n",
    }
    return messages.add(
        db,
        message=message or a_message(),
        issue_id=issue_id,
        **{**plain, **given},
    )


def an_account(db: Connection, name: str = "Help desk", **given: Any) -> Account:
    """A connected mailbox."""
    plain = {
        "type": AccountType.IMAP,
        "settings": {"address": "help@shop.example", "host": "imap.shop.example"},
        "secret": b"sealed",
        "now": NOW,
    }
    return accounts.add(db, name=name, **{**plain, **given})


def a_snapshot(**given: Any) -> FolderSnapshot:
    """An inbox of three mails, as its server tells it."""
    plain = FolderSnapshot(name="INBOX", uid_validity=7, uid_next=4, exists=3)
    return replace(plain, **given)


def an_order(number: str = "#1042", **given: Any) -> Order:
    """A shipped mug."""
    plain = Order(
        platform="sample",
        platform_id=number.strip("#"),
        number=number,
        customer_name="Anna Weiß",
        customer_email="Anna@customer.example",
        placed_at=NOW - timedelta(days=6),
        total=Money(1990, "EUR"),
        items=(LineItem(title="Blue mug", quantity=1, price=Money(1990, "EUR"), sku="MUG-BLUE"),),
        tracking_numbers=("00340434161094042557",),
        carrier="DHL",
        shipped_at=NOW - timedelta(days=5),
    )
    return replace(plain, **given)


def a_reply(issue_key: str, message_id: str = "reply-1@shop.example", **given: Any) -> Reply:
    """A reply in its undo window."""
    plain = Reply(
        issue_key=issue_key,
        account_id=1,
        message_id=message_id,
        mime=b"Subject: Re: Broken mug\r\n\r\nA new one is on its way.\r\n",
        sender="help@shop.example",
        recipients=("anna@customer.example",),
        state=OutboxState.QUEUED,
        created_at=NOW,
        not_before=NOW + timedelta(seconds=15),
        body="A new one is on its way.",
    )
    return replace(plain, **given)


def an_alert(dedupe: str, *keys: str, **given: Any) -> Alert:
    """An urgent alert that nobody has seen."""
    plain = Alert(
        dedupe=dedupe,
        issue_keys=keys,
        title="Broken mug",
        body="Anna Weiß · order 1042",
        created_at=NOW,
    )
    return replace(plain, **given)
