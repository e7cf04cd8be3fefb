"""Sample shop: the shop of the demo, its orders and its mail, placed around the present.

Pure after `load`: the files tell ages ("95 minutes before now"), and here they become instants.
The demo feeds the mails to a folder account, so they walk the path of real ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from app.domain.dispute import Dispute, DisputeKind
from app.domain.message import Address
from app.domain.money import Money
from app.domain.order import LineItem, Order
from app.engine.sample_mail import SampleMail
from app.engine.sample_schema import (
    DisputeEntry,
    MailEntry,
    MailsFile,
    OrderEntry,
    ShopFile,
    read_json,
    read_toml,
    unusable,
)

_DATE = re.compile(r"\{(day|weekday)([+-]\d+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleShop:
    """A shop with its people, what was bought there, and what was written to it.

    `rules` is a folder of rules to lay over the usual ones in the profile of the demo. The entries
    are what the files say; `orders` and `mails` place it in time.
    """

    name: str
    address: Address
    people: tuple[str, ...]
    rules: Path
    platform: str
    provider: str
    order_entries: tuple[OrderEntry, ...]
    dispute_entries: tuple[DisputeEntry, ...]
    mail_entries: tuple[tuple[MailsFile, MailEntry], ...]

    def orders(self, now: datetime) -> tuple[Order, ...]:
        """Every order as its platform would tell it at this instant, the oldest first."""
        return tuple(_order(entry, self.platform, now) for entry in self.order_entries)

    def disputes(self, now: datetime) -> tuple[tuple[datetime, Dispute], ...]:
        """Every dispute as its provider told it, step by step of its life, the oldest first."""
        bought = {one.number: one for one in self.orders(now)}
        steps = [
            step
            for entry in self.dispute_entries
            for step in _life(entry, bought, self.provider, now)
        ]
        return tuple(sorted(steps, key=lambda step: step[0]))

    def mails(self, now: datetime) -> tuple[SampleMail, ...]:
        """Every mail in the order of arrival; the live ones arrive after `now`."""
        names = {entry.id: self._message_id(entry) for _, entry in self.mail_entries}
        mails = (self._mail(file, entry, names, now) for file, entry in self.mail_entries)
        return tuple(sorted(mails, key=lambda mail: mail.arrives_at))

    @property
    def longest_wait(self) -> timedelta:
        """How long after the start of the demo its last live mail arrives."""
        return timedelta(
            seconds=max(entry.live_after_seconds or 0 for _, entry in self.mail_entries)
        )

    def _message_id(self, entry: MailEntry) -> str:
        sender = self.address if entry.sent else _address(entry.from_)
        return f"{entry.id}@{sender.domain}"

    def _mail(
        self, file: MailsFile, entry: MailEntry, names: dict[str, str], now: datetime
    ) -> SampleMail:
        live = entry.live_after_seconds
        live_after = None if live is None else timedelta(seconds=live)
        arrives_at = now + (live_after or -timedelta(minutes=entry.minutes_before_now or 0))
        said = _Calendar(file=file, today=arrives_at.date())
        thread = dict.fromkeys((*entry.references, *filter(None, (entry.in_reply_to,))))
        return SampleMail(
            id=entry.id,
            language=file.language,
            arrives_at=arrives_at,
            message_id=names[entry.id],
            sender=self.address if entry.sent else _address(entry.from_),
            to=_address(entry.to) if entry.sent else self.address,
            subject=said.dated(entry.subject),
            text=said.dated(entry.text),
            live_after=live_after,
            sent=entry.sent,
            reply_to=_address(entry.reply_to) if entry.reply_to else None,
            html=said.dated(entry.html),
            in_reply_to=names.get(entry.in_reply_to, ""),
            references=tuple(names[name] for name in thread),
            headers=entry.headers,
            attachments=entry.attachments,
            expected=entry.expected,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Calendar:
    """How the days around the one on which a mail is written are called in its language."""

    file: MailsFile
    today: date

    def dated(self, text: str) -> str:
        """The text with its {day+3} and {weekday-1} replaced."""
        return _DATE.sub(self._name, text)

    def _name(self, match: re.Match[str]) -> str:
        day = self.today + timedelta(days=int(match[2]))
        if match[1] == "weekday":
            return self.file.weekdays[day.weekday()]
        return self.file.day.format(day=day.day, month=self.file.months[day.month - 1])


def load(folder: Path) -> SampleShop:
    """The sample shop in this folder. Raises KnownError naming the file and what is wrong."""
    shop = read_toml(folder / "shop.toml", ShopFile)
    files = sorted((folder / "mails").glob("*.toml"))
    mails = tuple((file, entry) for file in _mails_files(files) for entry in file.mails)
    bought = read_json(folder / "orders.json", tuple[OrderEntry, ...])
    disputed = read_json(folder / "disputes.json", tuple[DisputeEntry, ...])
    _refuse_strange_orders(disputed, bought, folder / "disputes.json")
    _refuse_loose_ends([entry for _, entry in mails], folder / "mails")
    return SampleShop(
        name=shop.name,
        address=Address(email=shop.address, name=shop.name),
        people=shop.people,
        rules=folder / "rules",
        platform=shop.platform,
        provider=shop.provider,
        order_entries=bought,
        dispute_entries=disputed,
        mail_entries=mails,
    )


def _mails_files(paths: Iterable[Path]) -> Iterable[MailsFile]:
    return (read_toml(path, MailsFile) for path in paths)


def _refuse_loose_ends(entries: list[MailEntry], folder: Path) -> None:
    """Raise KnownError where two mails share an id, or a mail answers one that is not there."""
    ids = [entry.id for entry in entries]
    if not ids:
        raise unusable(folder, "there is no mail")
    if doubles := sorted({name for name in ids if ids.count(name) > 1}):
        raise unusable(folder, f"these ids are there twice: {', '.join(doubles)}")
    for entry in entries:
        for name in filter(None, (entry.in_reply_to, *entry.references)):
            if name not in ids:
                raise unusable(folder, f"{entry.id} refers to {name}, which is not there")


def _refuse_strange_orders(
    disputed: Iterable[DisputeEntry], bought: Iterable[OrderEntry], path: Path
) -> None:
    numbers = {entry.number for entry in bought}
    for entry in disputed:
        if entry.order not in numbers:
            raise unusable(path, f"{entry.id} is about {entry.order}, which is not there")


def _life(
    entry: DisputeEntry, bought: Mapping[str, Order], provider: str, now: datetime
) -> Iterator[tuple[datetime, Dispute]]:
    order, opened_at = bought[entry.order], now - _age(entry.life[0].ago)
    for step in entry.life:
        at = now - _age(step.ago)
        due_at = None
        if step.due_in_days is not None:
            day = at + timedelta(days=step.due_in_days)
            due_at = day.replace(hour=18, minute=0, second=0, microsecond=0)
        yield (
            at,
            Dispute(
                platform=provider,
                platform_id=entry.id,
                kind=entry.kind,
                state=step.state,
                reason=entry.reason,
                amount=order.total,
                opened_at=opened_at,
                state_word=step.state.value,
                reason_word=entry.word,
                fee=Money(entry.fee_minor, order.total.currency) if entry.fee_minor else None,
                updated_at=at,
                due_at=due_at,
                closed_at=None if step.state.is_open else at,
                refundable=True if entry.kind is DisputeKind.ALERT else None,
                order_number=order.number,
                customer_email=order.customer_email,
                payment_references=(f"kp_{order.platform_id}",),
            ),
        )


def _order(entry: OrderEntry, platform: str, now: datetime) -> Order:
    items = tuple(
        LineItem(
            sku=item.sku,
            title=item.title,
            quantity=item.quantity,
            price=Money(item.price_minor, entry.currency),
        )
        for item in entry.items
    )
    return Order(
        platform=platform,
        platform_id=entry.platform_id,
        number=entry.number,
        customer_name=entry.customer_name,
        customer_email=entry.customer_email,
        placed_at=now - _age(entry.placed),
        total=Money(entry.total_minor, entry.currency),
        items=items,
        tracking_numbers=entry.tracking_numbers,
        carrier=entry.carrier,
        financial_status=entry.financial_status,
        fulfilment_status=entry.fulfilment_status,
        shipped_at=now - _age(entry.shipped) if entry.shipped else None,
        delivered_at=now - _age(entry.delivered) if entry.delivered else None,
        payment_references=(f"kp_{entry.platform_id}",),
    )


def _age(text: str) -> timedelta:
    """The length of time that "4d 6h" or "4d" tells."""
    days, _, hours = text.partition(" ")
    return timedelta(days=int(days.rstrip("d")), hours=int(hours.rstrip("h") or 0))


def _address(text: str) -> Address:
    """The address that "Name <a@b>" or "a@b" tells."""
    name, _, email = text.rpartition(" <")
    return Address(email=email.removesuffix(">"), name=name)
