"""Sample schema: what may stand in the files of the sample shop, checked when they are read.

The files are written for people (resources/sample_shop/shop.toml says how); `sample_shop` turns
what was read here into orders and mails with instants.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta

from app.domain.assessment import Kind, Severity
from app.domain.dispute import DisputeKind, DisputeReason, DisputeState
from app.domain.errors import KnownError

T = TypeVar("T")

Ago = Annotated[str, Meta(pattern=r"^\d+d( \d+h)?$")]
Colour = Annotated[str, Meta(pattern=r"^#[0-9a-f]{6}$")]
Person = Annotated[str, Meta(pattern=r"^([^<>]+ <[^@<> ]+@[^@<> ]+>|[^@<> ]+@[^@<> ]+)$")]
NotNegative = Annotated[int, Meta(ge=0)]
Counted = Annotated[int, Meta(gt=0)]


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table in one of the files; a word that is not known is an error and not a silence."""


class ShopFile(Entry, frozen=True, kw_only=True):
    """shop.toml: who sells."""

    name: str
    address: str
    platform: str
    provider: str
    people: tuple[str, ...]


class ItemEntry(Entry, frozen=True, kw_only=True):
    """One line of an order, its price in minor units for one piece."""

    sku: str
    title: str
    quantity: Counted
    price_minor: Counted


class OrderEntry(Entry, frozen=True, kw_only=True):
    """One order of orders.json; its instants are told as ages, "4d 6h" ago."""

    number: str
    platform_id: str
    customer_name: str
    customer_email: str
    placed: Ago
    total_minor: Counted
    currency: str
    financial_status: str
    fulfilment_status: str
    items: tuple[ItemEntry, ...]
    shipped: Ago = ""
    delivered: Ago = ""
    carrier: str = ""
    tracking_numbers: tuple[str, ...] = ()


class DisputeStepEntry(Entry, frozen=True, kw_only=True):
    """A step of a dispute's life; its last date is so many days after it, at 18:00 UTC."""

    ago: Ago
    state: DisputeState
    due_in_days: Counted | None = None


class DisputeEntry(Entry, frozen=True, kw_only=True):
    """A dispute of disputes.json about an order of orders.json, whose sum it is about."""

    id: str
    order: str
    kind: DisputeKind
    reason: DisputeReason
    word: str
    life: Annotated[tuple[DisputeStepEntry, ...], Meta(min_length=1)]
    fee_minor: Counted | None = None


class AttachmentEntry(Entry, frozen=True, kw_only=True):
    """A file that hangs on a mail: a drawn photo of something in a colour, or a text.

    What is photographed is broken unless it is `intact`.
    """

    filename: str
    photo: str = ""
    colour: Colour = "#8a8f94"
    intact: bool = False
    text: str = ""


class Expected(Entry, frozen=True, kw_only=True):
    """What the writer of a mail meant. `also`: kinds that an expert would accept as well.

    `alert`: the owner must hear of it within a minute. `group`: mails of one issue, or of one
    incident, bear the same; without it a mail stands alone.
    """

    kind: Kind
    severity: Severity
    second_kind: Kind | None = None
    also: tuple[Kind, ...] = ()
    alert: bool = False
    phishing: bool = False
    group: str = ""


class MailEntry(Entry, frozen=True, kw_only=True):
    """One mail as it was written, with the time of its arrival told from the present."""

    id: Annotated[str, Meta(pattern=r"^[a-z0-9-]+$")]
    subject: str
    text: str
    minutes_before_now: NotNegative | None = None
    live_after_seconds: NotNegative | None = None
    sent: bool = False
    from_: Person = msgspec.field(name="from", default="")
    to: Person = ""
    reply_to: Person = ""
    html: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    headers: dict[str, str] = msgspec.field(default_factory=dict)
    attachments: tuple[AttachmentEntry, ...] = ()
    expected: Expected | None = None

    def __post_init__(self) -> None:
        """Refuse a mail that cannot be placed in time, or of which nobody knows whose it is."""
        if (self.minutes_before_now is None) == (self.live_after_seconds is None):
            raise ValueError(f"{self.id}: give minutes_before_now or live_after_seconds")
        if self.sent and (self.from_ or not self.to or self.expected):
            raise ValueError(f"{self.id}: a sent mail has `to`, and neither `from` nor `expected`")
        if not self.sent and (not self.from_ or self.to or self.expected is None):
            raise ValueError(f"{self.id}: a received mail has `from` and `expected`, and no `to`")


class MailsFile(Entry, frozen=True, kw_only=True):
    """mails/<language>.toml: the mails of a language, and how a day is called in it."""

    language: str
    day: str
    months: Annotated[tuple[str, ...], Meta(min_length=12, max_length=12)]
    weekdays: Annotated[tuple[str, ...], Meta(min_length=7, max_length=7)]
    mails: tuple[MailEntry, ...]


def read_toml(path: Path, kind: type[T]) -> T:
    """A checked TOML file. Raises KnownError naming the file and what is wrong in it."""
    return _read(path, kind, tomllib.loads)


def read_json(path: Path, kind: type[T]) -> T:
    """A checked JSON file. Raises KnownError naming the file and what is wrong in it."""
    return _read(path, kind, msgspec.json.decode)


def _read(path: Path, kind: type[T], decode: Callable[[str], Any]) -> T:
    try:
        return msgspec.convert(decode(path.read_text(encoding="utf-8")), kind)
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        raise unusable(path, str(error)) from error


def unusable(path: Path, what: str) -> KnownError:
    """The error that a file of the sample shop cannot be used, and why."""
    return KnownError(
        "The sample shop cannot be opened",
        f"{path}: {what}",
        "Install Frontburner again, or take back your change to that file",
    )
