"""A made-up shop for the window: rows, counts, one issue whole, and an engine that only remembers.

`FakeShop` holds the rows; `FakeQueries` reads them as app.engine.queries would; `FakeEngine` takes
verbs as app.engine.client would. All three keep the contract and none of the work.
"""

from __future__ import annotations

import queue
import threading
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.domain.account import AccountType, Health, HealthState
from app.domain.alert import Alert
from app.domain.assessment import Kind, Priority, Reason, Severity
from app.domain.changes import Changes
from app.domain.clock import instant
from app.domain.deadline import Deadline, Metric
from app.domain.dispute_views import DisputeMonth, DisputeRow
from app.domain.errors import KnownError, NotFound
from app.domain.journal import State
from app.domain.mailbox import FolderProof
from app.domain.message import Address, Direction
from app.domain.money import Money
from app.domain.order import LineItem, Order
from app.domain.reply import OutboxState
from app.domain.saved_view import SavedView
from app.domain.search_query import parse
from app.domain.views import InboxRow, IssueView, MessageView, Overview, ReplyView, View
from app.engine.client import Event

NOW = datetime(2026, 11, 17, 13, 2, tzinfo=UTC)  # a Tuesday


class FakeClock:
    """A clock that stands until it is moved."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


_C, _H, _N, _L = Severity.CRITICAL, Severity.HIGH, Severity.NORMAL, Severity.LOW
_PRIORITY = {_C: Priority.P1, _H: Priority.P2, _N: Priority.P3, _L: Priority.P4}

# kind, severity, score, who, subject, what they said, order, euro cents, minutes left
_SAID: tuple[tuple[Kind, Severity, int, str, str, str, str, int, int], ...] = (
    (Kind.DISPUTE, _C, 96, "Anna Adler", "Dispute opened: product not received",
     "The cardholder says the parcel never came. Evidence is due on 24 Nov.", "10231", 18400, 12),
    (Kind.SITE_ACCOUNT, _C, 93, "Jonas Weber", "Checkout says my card is declined, three cards now",
     "I tried Visa, Mastercard and PayPal. My wife tried from her phone, the same.", "", 0, -25),
    (Kind.LATE, _H, 88, "Grace Haas", "Third time that my order comes late",
     "I run the Haas Boutique account and am about to move to somebody else.", "10198", 64250, 48),
    (Kind.DAMAGED, _H, 81, "Ben Costa", "Mugs arrived smashed",
     "I got my parcel today and 4 of 6 mugs are broken. The box was crushed.", "10227", 7740, 96),
    (Kind.NOT_RECEIVED, _H, 77, "Inès Itô", "Sendungsverfolgung steht seit 9 Tagen still",
     "DHL hat sich seit dem 8. nicht bewegt, der Geburtstag ist am Samstag.", "10174", 5490, 130),
    (Kind.WRONG_SIZE, _N, 58, "Liam Brown", "Got M instead of L",
     "Hi, can I exchange the blue hoodie? I still have the label.", "10220", 4900, 320),
    (Kind.REFUND_BILLING, _N, 54, "Mia Evans", "Where is my refund?",
     "You confirmed the return on the 8th, but my bank shows nothing yet.", "10102", 3850, 365),
    (Kind.LATE, _N, 49, "Omar Diaz", "Order still in transit",
     "Expected yesterday, any news? Thanks", "10219", 2200, 450),
    (Kind.CHANGE_CANCEL, _N, 46, "Chloé Martin", "Changer l'adresse de livraison",
     "Bonjour, je viens de déménager. Pouvez-vous livrer rue des Lilas ?", "10236", 11900, 610),
    (Kind.WRONG_ITEM, _N, 44, "Sofía Ruiz", "Me ha llegado otro color",
     "Pedí el jarrón verde y ha llegado el azul. Es para un regalo.", "10211", 4275, 1500),
    (Kind.RETURN_REQUEST, _N, 37, "Peter Novak", "Return two of three plates",
     "They are lovely but too big for our shelf. How do I send them back?", "10188", 8600, 1700),
    (Kind.PRODUCT_QUESTION, _L, 22, "Pia Fischer", "Does the vase fit 40 cm stems?",
     "Considering two for the shop opening.", "", 0, 2900),
    (Kind.PRODUCT_QUESTION, _L, 19, "Tom Olsen", "Dishwasher safe?",
     "Hello, is the stoneware series safe in a dishwasher at 65 degrees?", "", 0, 4300),
    (Kind.OTHER, _L, 14, "", "Cooperation with our ceramic fair",
     "We would love to see you in hall 4 next spring.", "", 0, 7000),
)  # fmt: skip


def a_row(number: int = 1, **changes: Any) -> InboxRow:
    """One issue of the list; every field can be given."""
    row = InboxRow(
        id=number,
        key=f"i1_{number:020d}",
        kind=Kind.DAMAGED,
        severity=_H,
        priority=Priority.P2,
        score=max(0, 80 - number),
        subject=f"Mug {number} arrived smashed",
        customer=Address(email=f"ben{number}@example.com", name=f"Ben Costa {number}"),
        preview="4 of 6 mugs are broken.",
        state=State.NEW,
        last_at=NOW - timedelta(hours=2),
        message_count=1,
        order_number=str(10000 + number),
        order_total=Money(7740, "EUR"),
        deadline_at=NOW + timedelta(minutes=10 + number * 7),
        unseen=True,
    )
    return replace(row, **changes)


def sample_rows() -> list[InboxRow]:
    """The rows of a believable Tuesday."""
    rows = [_sample(number, *said) for number, said in enumerate(_SAID, 1)]
    rows[2] = replace(rows[2], message_count=3, second_kind=None)
    rows[5] = replace(rows[5], unseen=False)
    rows[6] = replace(rows[6], unseen=False, state=State.ACKNOWLEDGED)
    rows[9] = replace(rows[9], unsure=True)
    rows[13] = replace(rows[13], suspicious=True, customer=Address(email="fair@hall4.example"))
    away = [
        (State.WAITING, None, "Did the replacement arrive?", "Ruth Kaya"),
        (State.WAITING, None, "Sizes for the children's aprons", "Noah Lind"),
        (State.NEW, NOW + timedelta(days=1, hours=-4), "Invoice with VAT number", "Atelier Blum"),
        (State.RESOLVED, None, "Danke, alles gut", "Kemal Öz"),
    ]
    for number, (state, until, subject, name) in enumerate(away, len(rows) + 1):
        customer = Address(email=f"a{number}@example.com", name=name)
        rows.append(
            a_row(number, state=state, snoozed_until=until, subject=subject, customer=customer,
                  severity=_N, priority=Priority.P3, kind=Kind.OTHER, score=30, unseen=False,
                  last_at=NOW - timedelta(days=2, hours=3))
        )  # fmt: skip
    noise = Address(email="news@glaze.example", name="Glaze Weekly")
    rows.append(
        a_row(len(rows) + 1, kind=Kind.NOT_AN_ISSUE, severity=_L, priority=Priority.P4, score=2,
              subject="Five glazes for winter", customer=noise, order_number="", order_total=None,
              deadline_at=None, unseen=False)
    )  # fmt: skip
    return rows


def _sample(
    number: int, kind: Kind, severity: Severity, score: int, who: str, subject: str, said: str,
    order: str, cents: int, minutes: int,
) -> InboxRow:  # fmt: skip
    mail = who.lower().replace(" ", ".").encode("ascii", "ignore").decode() or "fair"
    return a_row(
        number, kind=kind, severity=severity, priority=_PRIORITY[severity], score=score,
        subject=subject, customer=Address(email=f"{mail}@example.com", name=who), preview=said,
        order_number=order, order_total=Money(cents, "EUR") if cents else None,
        deadline_at=NOW + timedelta(minutes=minutes),
        last_at=NOW - timedelta(minutes=number * 17), waiting_since=NOW - timedelta(minutes=17),
    )  # fmt: skip


def _is_asleep(row: InboxRow, now: datetime) -> bool:
    return row.snoozed_until is not None and row.snoozed_until > now


def _is_open(row: InboxRow, now: datetime) -> bool:
    return (
        row.state in (State.NEW, State.ACKNOWLEDGED)
        and not _is_asleep(row, now)
        and row.kind is not Kind.NOT_AN_ISSUE
    )


_VIEWS: dict[str, Callable[[InboxRow, datetime], bool]] = {
    View.OPEN: _is_open,
    View.URGENT: lambda row, now: _is_open(row, now) and row.priority in (Priority.P1, Priority.P2),
    View.MINE: lambda _row, _now: False,
    View.WAITING: lambda row, _now: row.state is State.WAITING,
    View.SNOOZED: _is_asleep,
    View.DONE: lambda row, _now: row.state in (State.RESOLVED, State.CLOSED),
    View.NOISE: lambda row, _now: row.kind is Kind.NOT_AN_ISSUE,
    View.ALL: lambda _row, _now: True,
}


@dataclass
class FakeShop:
    """The rows of a made-up shop, its accounts and what lies in the outbox."""

    rows: list[InboxRow] = field(default_factory=sample_rows)
    health: tuple[Health, ...] = ()
    proofs: tuple[FolderProof, ...] = ()
    alerts: tuple[Alert, ...] = ()
    replies: tuple[ReplyView, ...] = ()
    cases: tuple[DisputeRow, ...] = ()
    months: tuple[DisputeMonth, ...] = ()
    saved: tuple[SavedView, ...] = ()
    awaiting: int = 0

    @classmethod
    def healthy(cls, rows: Iterable[InboxRow] | None = None) -> FakeShop:
        """A shop with one mailbox whose books balance."""
        shop = cls(
            health=(
                Health(account="Shop", type=AccountType.IMAP, state=HealthState.OK,
                       address="shop@mugshop.example", last_ok_at=NOW - timedelta(minutes=1)),
            ),
            proofs=(
                FolderProof(account="Shop", folder="INBOX", on_server=1204, stored=1204,
                            checked_at=NOW - timedelta(minutes=1)),
            ),
        )  # fmt: skip
        if rows is not None:
            shop.rows = list(rows)
        return shop

    def row(self, key: str) -> InboxRow:
        """The row of a key; NotFound as the engine says it."""
        for row in self.rows:
            if row.key == key:
                return row
        raise NotFound("There is no such issue", key, "It may have been merged into another")

    def put(self, row: InboxRow) -> Changes:
        """Add a row or replace the one of its key."""
        known = {each.key for each in self.rows}
        self.rows = [row if each.key == row.key else each for each in self.rows]
        if row.key in known:
            return Changes.of_issues([row.key])
        self.rows.append(row)
        return Changes(issues=frozenset({row.key}), added=frozenset({row.key}))

    def patch(self, key: str, **fields: Any) -> Changes:
        """Change fields of the row of a key."""
        return self.put(replace(self.row(key), **fields))


class FakeQueries:
    """Reads a FakeShop as app.engine.queries reads the profile."""

    def __init__(self, shop: FakeShop) -> None:
        self.shop = shop
        self.asked: list[str] = []

    def people(self) -> tuple[str, ...]:
        return ("Mia",)

    def disputes(self, *, only_open: bool = False) -> tuple[DisputeRow, ...]:
        return self.shop.cases

    def dispute_months(self, *, since: datetime) -> tuple[DisputeMonth, ...]:
        return self.shop.months

    def order_of(self, key: str) -> Order | None:
        return None

    def inbox_ids(self, view: str, *, now: datetime) -> Sequence[int]:
        self.asked.append(f"inbox_ids {view}")
        chosen = [row for row in self.shop.rows if _belongs(row, view, now)]
        chosen.sort(key=lambda row: (-row.score, -row.last_at.timestamp()))
        return array("q", (row.id for row in chosen))

    def rows(self, ids: Iterable[int]) -> list[InboxRow]:
        by_id = {row.id: row for row in self.shop.rows}
        return [by_id[number] for number in ids if number in by_id]

    def issue(self, key: str) -> IssueView:
        return an_issue(self.shop.row(key))

    def counts(self, *, now: datetime) -> dict[str, int]:
        names = [*View, *Kind]
        return {
            str(name): sum(_belongs(row, name, now) for row in self.shop.rows) for name in names
        } | {"disputes": sum(one.state.is_open for one in self.shop.cases)}

    def overview(self, *, now: datetime) -> Overview:
        shop = self.shop
        return Overview(counts=self.counts(now=now), health=shop.health, proofs=shop.proofs,
                        alerts=shop.alerts, replies=shop.replies,
                        awaiting=shop.awaiting)  # fmt: skip

    def search_values(self, operator: str, begun: str) -> Sequence[str]:
        names = [row.customer.name for row in self.shop.rows if operator == "from"]
        return [name for name in names if name.lower().startswith(begun.lower())]

    def saved_counts(self, *, now: datetime) -> list[tuple[SavedView, int]]:
        return [(one, len(self.search(one.search, now=now))) for one in self.shop.saved]

    def search_troubles(self, text: str, *, now: datetime) -> tuple[str, ...]:
        return parse(text, now=now).troubles

    def search(self, text: str, *, now: datetime, limit: int = 300) -> Sequence[int]:
        wanted = text.lower().split()
        found = [
            row.id
            for row in self.shop.rows
            if all(
                word in f"{row.subject} {row.preview} {row.customer} {row.order_number}".lower()
                for word in wanted
            )
        ]
        return array("q", found[:limit])

    def ids_of(self, keys: Iterable[str]) -> dict[str, int]:
        wanted = set(keys)
        return {row.key: row.id for row in self.shop.rows if row.key in wanted}

    def reply(self, number: int) -> ReplyView:
        for reply in self.shop.replies:
            if reply.id == number:
                return reply
        raise NotFound("There is no such reply", str(number))

    def close(self) -> None:
        self.asked.append("close")


def _belongs(row: InboxRow, view: str, now: datetime) -> bool:
    if view in _VIEWS:
        return _VIEWS[view](row, now)
    return _is_open(row, now) and view in (row.kind, row.second_kind)


class FakeEngine:
    """Takes verbs as the engine's client would: changes the shop and remembers what was asked.

    `refuse[verb]` is raised instead of an answer. `say(event)` is heard by who listens.
    """

    def __init__(self, shop: FakeShop) -> None:
        self.shop = shop
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.taken_up: list[str] = []  # verbs that wait for `hold`, and those that did
        self.refuse: dict[str, Exception] = {}
        self.hold: threading.Event | None = None
        self.answers: dict[str, dict[str, Any]] = dict(_ANSWERS)
        self.made: list[dict[str, Any]] = []  # copies of the database
        self._was: dict[str, InboxRow] = {}
        self._events: queue.Queue[Event] = queue.Queue()

    def say(self, event: Event) -> None:
        """Have every listener hear this."""
        self._events.put(event)

    def verbs(self) -> list[str]:
        """The names of what was asked, in order."""
        return [verb for verb, _ in self.asked]

    def call(self, verb: str, **args: Any) -> dict[str, Any]:
        if self.hold is not None:
            hold = self.hold
            self.taken_up.append(verb)
            hold.wait(60)
        self.asked.append((verb, args))
        if verb in self.refuse:
            raise self.refuse[verb]
        if verb in _VIEWS_KEPT:
            return self._keep_views(verb, args)
        if verb == "undo" and isinstance(args["entry"], list):
            return self._each("undo", "entry", args)
        if verb == "undo":
            return {"changes": self.shop.put(self._was[args["entry"]]).as_dict()}
        if verb in _DEEDS and isinstance(args["key"], list):
            return self._each(verb, "key", args)
        if verb in _DEEDS:
            return self._do(verb, args)
        return {"changes": Changes().as_dict(), **self.answers.get(verb, {})}

    def copies(self) -> list[dict[str, Any]]:
        return self.made

    def restore(self, copy: Path, *, now: datetime) -> Path:
        self.asked.append(("restore", {"copy": copy}))
        if "restore" in self.refuse:
            raise self.refuse["restore"]
        return copy.parent

    def _keep_views(self, verb: str, args: dict[str, Any]) -> dict[str, Any]:
        name, shop = args["name"], self.shop
        before = next((one for one in shop.saved if one.name == name), None)
        rest = [one for one in shop.saved if one.name != name]
        if verb == "view_keep":
            place = args.get("place", len(rest))
            rest.insert(place, SavedView(name=name, search=args["search"], place=place))
        elif verb != "view_drop" and before is not None:
            moved = {"name": args["to"]} if verb == "view_rename" else {"place": args["to"]}
            rest.insert(int(moved.get("place", before.place)), replace(before, **moved))
        shop.saved = tuple(replace(one, place=at) for at, one in enumerate(rest))
        named = args["to"] if verb == "view_rename" else name
        was = {"before": before.as_dict()} if before else {}
        return {"changes": Changes(views=frozenset({named})).as_dict(), "name": named, **was}

    def _each(self, verb: str, name: str, args: dict[str, Any]) -> dict[str, Any]:
        changes, entries = Changes(), []
        for one in args[name]:
            if verb == "undo":
                changes |= self.shop.put(self._was[one])
                continue
            done = self._do(verb, {**args, name: one})
            changes |= Changes.from_dict(done["changes"])
            entries.append(done["entry"])
        return {"changes": changes.as_dict(), "entries": entries}

    def _do(self, verb: str, args: dict[str, Any]) -> dict[str, Any]:
        entry = f"entry-{len(self.asked)}-{len(self._was)}"
        self._was[entry] = self.shop.row(args["key"])
        changes = self.shop.patch(args["key"], **_DEEDS[verb](args))
        return {"changes": changes.as_dict(), "entry": entry}

    def listen(self, on_event: Callable[[Event], None], *, stop: threading.Event) -> None:
        on_event(Event(kind="back"))
        while not stop.is_set():
            try:
                on_event(self._events.get(timeout=0.02))
            except queue.Empty:
                continue

    def close(self) -> None:
        self.asked.append(("close", {}))


_VIEWS_KEPT = ("view_keep", "view_rename", "view_move", "view_drop")
_DEEDS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "acknowledge": lambda _args: {"state": State.ACKNOWLEDGED, "unseen": False},
    "resolve": lambda _args: {"state": State.RESOLVED},
    "reopen": lambda _args: {"state": State.ACKNOWLEDGED, "snoozed_until": None},
    "snooze": lambda args: {"snoozed_until": instant(args["until"])},
    "override": lambda args: {
        **({"kind": Kind(args["kind"])} if args.get("kind") else {}),
        **({"severity": Severity(args["severity"])} if args.get("severity") else {}),
    },
    "assign": lambda args: {"assignee": args["to"]},
    "merge": lambda _args: {"state": State.CLOSED},
    "seen": lambda _args: {"unseen": False},
}
_ANSWERS: dict[str, dict[str, Any]] = {
    "templates": {
        "templates": [
            {"id": "damaged/replacement", "kind": "damaged", "name": "replacement",
             "language": "en", "languages": ["en"],
             "title": "Damaged: replacement and apology", "own": False},
        ]
    },
    "render": {
        "text": "Hi Ben,\n\nI am sorry about the broken mugs.\n\nBest wishes,\nMarta",
        "subject": "Re: Mugs arrived smashed",
        "holes": [],
        "to": [{"name": "Ben Costa", "email": "ben.costa@example.com"}],
    },
    "settings": {"settings": []},
}  # fmt: skip


def an_issue(row: InboxRow, **changes: Any) -> IssueView:
    """The issue of a row whole: reasons that sum to its score, a conversation, its order."""
    parts = (("severity", 45), ("waiting", 25), ("customer", 20))
    points = [round(row.score * share / 90) for _, share in parts]
    points[-1] += row.score - sum(points)
    words = ("Goods arrived broken", "Waits 1 h 24, promised 3 h", "6th order of this customer")
    reasons = tuple(
        Reason(factor=name, points=point, because=because)
        for (name, _), point, because in zip(parts, points, words, strict=True)
    )
    view = IssueView(
        row=row,
        reasons=reasons,
        messages=(a_message(row),),
        journal=(),
        deadlines=(
            Deadline(metric=Metric.FIRST_RESPONSE, planned_at=row.deadline_at or NOW,
                     explanation=("Promised within 3 h",)),
        ),
        confidence=0.9,
        language="en",
        order=an_order(row) if row.order_number else None,
    )  # fmt: skip
    return replace(view, **changes)


def a_message(row: InboxRow, **changes: Any) -> MessageView:
    """What the customer of a row said."""
    said = f"Hello,\n\n{row.preview}\n\nRegards,\n{row.customer.name}"
    message = MessageView(
        id=row.id * 100, message_id=f"m{row.id}@example.com", direction=Direction.IN,
        from_=row.customer, to=(Address(email="shop@mugshop.example"),), cc=(),
        at=row.last_at, subject=row.subject, text=said, new_text=said,
    )  # fmt: skip
    return replace(message, **changes)


def an_order(row: InboxRow) -> Order:
    """The order of a row."""
    total = row.order_total or Money(0, "EUR")
    return Order(
        platform="demo", platform_id=row.order_number, number=row.order_number,
        customer_name=row.customer.name, customer_email=row.customer.email,
        placed_at=NOW - timedelta(days=6), total=total,
        items=(LineItem(title="Mug, speckled", quantity=6, price=Money(1290, "EUR")),),
        financial_status="paid", fulfilment_status="shipped",
    )  # fmt: skip


def a_reply(number: int = 1, **changes: Any) -> ReplyView:
    """A reply that waits for its undo window."""
    reply = ReplyView(
        id=number, issue_key=a_row(4).key, state=OutboxState.QUEUED, body="Hi Ben,",
        recipients=("ben.costa@example.com",), created_at=NOW,
        not_before=NOW + timedelta(seconds=15), message_id="r1@mugshop.example",
    )  # fmt: skip
    return replace(reply, **changes)


def a_failure() -> KnownError:
    """An error of the world in the owner's words."""
    return KnownError(
        "Gmail refused the password for shop@mugshop.example",
        "No new mail comes in until you sign in again",
        "Create an app password, then sign in again",
    )
