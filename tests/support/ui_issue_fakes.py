# ruff: noqa: E501 - mails and templates stand as they are written
"""Fakes for the issue's pages: a believable shop's issue, an engine that answers at once or not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from app.domain.assessment import Kind, Priority, Reason, Severity
from app.domain.deadline import Deadline, Metric
from app.domain.dispute_views import DisputeRow
from app.domain.errors import KnownError, NotFound
from app.domain.journal import Entry, EntryType, State
from app.domain.message import Address, Attachment, Direction
from app.domain.money import Money
from app.domain.order import LineItem, Order
from app.domain.reply import Draft, OutboxState
from app.domain.views import InboxRow, IssueView, MessageView, Overview, ReplyView
from app.ui.theme import Theme
from app.ui.tokens import Appearance

NOW = datetime(2026, 11, 17, 13, 26, tzinfo=UTC)
RESOURCES = Path(__file__).resolve().parents[2] / "resources"
SHOP = Address(email="hello@oakandwick.example", name="Oak & Wick")
BEN = Address(email="ben.costa@mailbox.example", name="Ben Costa")
KEY = "i1_mugs"


class FixedClock:
    """A clock that stands until it is moved."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def forward(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class FakeBridge:
    """Remembers what was asked; answers at once from `answers`, or later with `answer`."""

    def __init__(self, answers: dict[str, Any] | None = None) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.answers: dict[str, Any] = dict(answers or {})
        self.held: list[tuple[str, Callable[..., Any] | None, Callable[..., Any] | None]] = []

    def run(
        self,
        verb: str,
        *,
        then: Callable[[dict[str, Any]], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        **args: Any,
    ) -> None:
        self.asked.append((verb, args))
        answer = self.answers.get(verb, {"changes": {}})
        if answer is None:
            self.held.append((verb, then, failed))
        elif isinstance(answer, KnownError):
            if failed is not None:
                failed(answer)
        elif then is not None:
            then(answer(args) if callable(answer) else answer)

    def answer(self, verb: str, answer: dict[str, Any] | KnownError) -> None:
        """Answer the oldest question of this verb that is still open."""
        at = next(at for at, held in enumerate(self.held) if held[0] == verb)
        _, then, failed = self.held.pop(at)
        if isinstance(answer, KnownError):
            assert failed is not None
            failed(answer)
        elif then is not None:
            then(answer)

    def verbs(self) -> list[str]:
        return [verb for verb, _ in self.asked]

    def args_of(self, verb: str) -> dict[str, Any]:
        return next(args for name, args in reversed(self.asked) if name == verb)


class FakeQueries:
    """Holds issues by key."""

    def __init__(self, *views: IssueView) -> None:
        self.views = {view.row.key: view for view in views}
        self.counts = {"urgent": 2, "open": 14, "waiting": 3, "all": 20}
        self.error: KnownError | None = None
        self.cases: tuple[DisputeRow, ...] = ()

    def people(self) -> tuple[str, ...]:
        return ("Mia",)

    def disputes(self, *, only_open: bool = False) -> tuple[DisputeRow, ...]:
        return self.cases

    def issue(self, key: str) -> IssueView:
        if self.error is not None:
            raise self.error
        if key not in self.views:
            raise NotFound("There is no such issue", "It may have been merged into another one")
        return self.views[key]

    def inbox_ids(self, view: str, *, now: datetime) -> list[int]:
        return [view_.row.id for view_ in self.views.values()]

    def rows(self, ids: Sequence[int]) -> list[InboxRow]:
        return [view.row for view in self.views.values() if view.row.id in ids]

    def search(self, text: str, *, now: datetime, limit: int = 300) -> list[int]:
        wanted = text.removeprefix("from:")
        return [view.row.id for view in self.views.values() if view.row.customer.email == wanted]

    def overview(self, *, now: datetime) -> Overview:
        return Overview(counts=self.counts, health=(), proofs=())


def theme(app: QApplication, *, dark: bool = False) -> Theme:
    return Theme(app, RESOURCES, appearance=Appearance.DARK if dark else Appearance.LIGHT)


def ago(**kind: float) -> datetime:
    return NOW - timedelta(**kind)


def message(number: int, at: datetime, text: str, **more: Any) -> MessageView:
    direction = more.pop("direction", Direction.IN)
    out = direction is Direction.OUT
    made = MessageView(
        id=number,
        message_id=f"m{number}@mailbox.example",
        direction=direction,
        from_=SHOP if out else BEN,
        to=(BEN,) if out else (SHOP,),
        cc=(),
        at=at,
        subject="Mugs arrived smashed",
        text=text,
        new_text=text,
    )
    return replace(made, **more)


def entry(number: int, at: datetime, type_: EntryType, **data: Any) -> Entry:
    return Entry(
        id=f"e{number}", device="d", counter=number, at=at, type=type_, atoms=(), data=data
    )


def row(**more: Any) -> InboxRow:
    made = InboxRow(
        id=1,
        key=KEY,
        kind=Kind.DAMAGED,
        severity=Severity.HIGH,
        priority=Priority.P2,
        score=81,
        subject="Mugs arrived smashed",
        customer=BEN,
        preview="I got my parcel today and 4 of 6 mugs are broken.",
        state=State.NEW,
        last_at=ago(hours=1),
        message_count=3,
        order_number="OW-10227",
        order_total=Money(16200, "EUR"),
        deadline_at=NOW + timedelta(hours=1, minutes=36),
        waiting_since=ago(hours=1),
        unseen=True,
    )
    return replace(made, **more)


def order() -> Order:
    return Order(
        platform="shopify",
        platform_id="7",
        number="OW-10227",
        customer_name="Ben Costa",
        customer_email=BEN.email,
        placed_at=ago(days=9),
        total=Money(16200, "EUR"),
        items=(
            LineItem(
                title="Stoneware mug, moss", quantity=6, price=Money(2200, "EUR"), sku="MUG-MOSS"
            ),
            LineItem(
                title="Beeswax candle, tall", quantity=2, price=Money(1200, "EUR"), sku="CND-T"
            ),
            LineItem(title="Shipping, insured", quantity=1, price=Money(600, "EUR")),
        ),
        tracking_numbers=("JD014600006281093212",),
        carrier="DHL",
        financial_status="paid",
        fulfilment_status="fulfilled",
        shipped_at=ago(days=6),
        delivered_at=ago(hours=5),
    )


FIRST = """Hello,

I got my parcel today and 4 of 6 mugs are broken. The box was crushed on one side, I attached two photos. They are a wedding present for Saturday, so I would need a replacement before Friday, or my money back.

Regards,
Ben Costa"""

SECOND = "One more thing: the courier asked me to sign before I could open the box. I wrote “crushed” on his slip, see the photo."

QUOTE = """

On Tue, 10 Nov 2026 at 10:12, Oak & Wick <hello@oakandwick.example> wrote:
> Dear Ben,
> your parcel left our workshop this morning.
> You can follow it with the number below.
> Kind regards, Marta"""


def issue(**more: Any) -> IssueView:
    made = IssueView(
        row=row(),
        reasons=(
            Reason(factor="severity", points=34, because="Damaged goods, photos attached"),
            Reason(factor="event", points=18, because="Needs it by Friday, a wedding"),
            Reason(factor="repeat", points=15, because="Wrote twice since our last answer"),
            Reason(factor="money", points=8, because="Order of €162.00"),
            Reason(factor="customer", points=4, because="6th order of this customer"),
            Reason(factor="clock", points=2, because="Waits 1 h of the 3 h promised"),
        ),
        messages=(
            message(
                1,
                ago(days=6, hours=3),
                "Dear Ben,\n\nyour parcel left our workshop this morning. You can follow it with the number JD014600006281093212.\n\nKind regards\nMarta",
                direction=Direction.OUT,
            ),
            message(
                2,
                ago(hours=4, minutes=20),
                FIRST + QUOTE,
                new_text=FIRST,
                has_html=True,
                attachments=(
                    Attachment(
                        filename="crushed-box.jpg",
                        content_type="image/jpeg",
                        size=1_840_221,
                        part=2,
                    ),
                    Attachment(
                        filename="invoice_gnp.exe",
                        content_type="application/pdf",
                        size=48_100,
                        part=3,
                    ),
                ),
            ),
            message(3, ago(hours=1), SECOND),
        ),
        journal=(
            entry(1, ago(hours=4), EntryType.OVERRIDE, kind="damaged"),
            entry(
                2,
                ago(hours=3),
                EntryType.NOTE,
                text="Sixth order. Marta: be generous, four moss mugs are in the shelf by the door.",
            ),
        ),
        deadlines=(
            Deadline(metric=Metric.FIRST_RESPONSE, planned_at=NOW + timedelta(hours=1, minutes=36)),
        ),
        confidence=0.91,
        language="en",
        order=order(),
    )
    return replace(made, **more)


def reply(number: int = 7, state: OutboxState = OutboxState.QUEUED, **more: Any) -> ReplyView:
    made = ReplyView(
        id=number,
        issue_key=KEY,
        state=state,
        body="Hi Ben,\n\nI am sorry about the broken mugs. Four new ones leave today.",
        recipients=(BEN.email,),
        created_at=NOW,
        not_before=NOW + timedelta(seconds=15),
        message_id=f"r{number}@oakandwick.example",
    )
    return replace(made, **more)


def draft(body: str) -> Draft:
    return Draft(issue_key=KEY, body=body)


def long_issue(mails: int = 80) -> IssueView:
    """A conversation that never ends."""
    said = tuple(
        message(
            100 + at,
            ago(days=mails - at),
            f"Mail {at}. " + FIRST + QUOTE,
            new_text=f"Mail {at}. " + FIRST,
            direction=Direction.OUT if at % 3 == 2 else Direction.IN,
            has_html=True,
        )
        for at in range(mails)
    )
    return issue(messages=said, row=row(key="i1_long", message_count=mails))


TEMPLATES = {
    "templates": [
        {
            "id": "damaged/replacement",
            "kind": "damaged",
            "name": "replacement",
            "language": "en",
            "languages": ["en", "de"],
            "title": "Replacement on its way",
            "own": False,
            "because": "used 9 times for damaged, changed little",
        },
        {
            "id": "damaged/refund",
            "kind": "damaged",
            "name": "refund",
            "language": "en",
            "languages": ["en"],
            "title": "Money back",
            "own": False,
        },
        {
            "id": "damaged/photos",
            "kind": "damaged",
            "name": "photos",
            "language": "en",
            "languages": ["en"],
            "title": "Ask for photos",
            "own": False,
        },
        {
            "id": "late/apology",
            "kind": "late",
            "name": "apology",
            "language": "en",
            "languages": ["en"],
            "title": "Still on its way",
            "own": True,
        },
    ]
}
RENDERED = {
    "text": "Hi Ben,\n\nI am sorry about the broken mugs. A replacement for order OW-10227 leaves our workshop today and should be with you by {{ delivery_date }}. No need to send anything back.\n\nBest wishes\n{{ agent_name }}, Oak & Wick",
    "subject": "Re: Mugs arrived smashed",
    "holes": ["delivery_date", "agent_name"],
    "to": [{"name": "Ben Costa", "email": BEN.email}],
}
HTML = {
    "html": "<p>Hello,</p><p>I got my parcel today and <b>4 of 6 mugs are broken</b>. The box was crushed on one side, see <a href='https://photos.evil.example/x'>photos.example.com/ben</a>.</p><ul><li>two with cracks</li><li>two in pieces</li></ul><table><tr><th>Item</th><th>Count</th></tr><tr><td>Mug, moss</td><td>4</td></tr></table><img src='https://t.example/p.gif' alt='box'>"
}


def answering() -> FakeBridge:
    return FakeBridge({"templates": TEMPLATES, "render": RENDERED, "html": HTML})
