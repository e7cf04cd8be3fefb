"""Casework: gathers what is known of a dispute into a Case: order, letters, terms, own files.

Only what was said between the shop and this one customer goes in: a mail of anybody else in the
same issue stays out, and of several recipients only the customer is named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from app.config.paths import Profile
from app.domain.account import own_addresses
from app.domain.dispute import Dispute
from app.domain.dispute_views import DisputeRow
from app.domain.errors import NotFound
from app.domain.evidence import Case, Letter, OwnFile
from app.domain.issue import Issue
from app.domain.message import Address, Attachment, Direction
from app.domain.order import Order
from app.domain.translation import tr
from app.engine.beside import order_of
from app.mail import parse
from app.storage import accounts, disputes, issues, messages, order_issues, orders
from app.storage.database import Connection
from app.storage.messages import StoredMessage
from app.storage.writer import Writer

_MOST_FILES = 20
_MOST_BYTES = 25_000_000
_PICTURE_OR_PDF = ("image/", "application/pdf")
_LITTLE = 4_000  # an inline picture this small is a logo in a signature


@dataclass(frozen=True, slots=True)
class _Read:
    """What the database knows of a case."""

    order: Order | None
    earlier: tuple[Order, ...]
    earlier_disputes: int
    disputed: frozenset[str]
    mails: tuple[StoredMessage, ...]
    keys: frozenset[str]
    own: frozenset[str]


class Casework:
    """Reads cases from the profile."""

    def __init__(self, *, writer: Writer, profile: Profile, shop: Callable[[], str]) -> None:
        self._writer = writer
        self._profile = profile
        self._shop = shop

    @property
    def policies(self) -> Path:
        """Where the owner's terms lie."""
        return self._profile.policies

    def dispute(self, key: str) -> DisputeRow:
        """The most pressing dispute of an issue. Raises NotFound where it has none."""
        rows = self._writer.do(lambda db: disputes.of_issue(db, issues.by_key(db, key)))
        if not rows:
            raise NotFound(
                tr("This issue has no dispute"),
                tr("A dispute comes from Stripe, PayPal or Shopify once the account is connected"),
            )
        return rows[0]

    def case(self, key: str, row: DisputeRow, *, now: datetime, mail_files: bool = True) -> Case:
        """All that a packet about this dispute is made of."""
        read = self._writer.do(lambda db: _read(db, issues.by_key(db, key), row))
        return Case(
            dispute=row.dispute,
            now=now,
            shop=self._shop(),
            order=read.order,
            earlier=read.earlier,
            earlier_disputes=read.earlier_disputes,
            disputed=read.disputed,
            letters=tuple(_letter(one, theirs=read.keys, own=read.own) for one in read.mails),
            policies=tuple(_policies(self._profile.policies)),
            files=tuple(self._own_files(row.dispute)),
            enclosed=tuple(self._enclosed(read.mails)) if mail_files else (),
        )

    def own_folder(self, dispute: Dispute, item: str) -> Path:
        """Where the owner's files for a line of a dispute's checklist are kept."""
        return self._of(dispute) / (_plain(item) or "further")

    def item_folders(self, dispute: Dispute) -> tuple[Path, ...]:
        """The folders that there are, one for each line of the checklist."""
        folder = self._of(dispute)
        return tuple(sorted(one for one in folder.glob("*") if one.is_dir()))

    def _of(self, dispute: Dispute) -> Path:
        return self._profile.evidence / _plain(f"{dispute.platform}-{dispute.platform_id}")

    def _own_files(self, dispute: Dispute) -> Iterator[OwnFile]:
        for folder in self.item_folders(dispute):
            for file in sorted(folder.iterdir()):
                if (content := _content(file)) is not None:
                    yield OwnFile(name=file.name, content=content, item=folder.name)

    def _enclosed(self, mails: Sequence[StoredMessage]) -> Iterator[OwnFile]:
        """Pictures and PDFs that came and went with the mails, the first twenty."""
        wanted = [(mail, file) for mail in mails for file in mail.attachments if _shows(file)]
        for mail, file in wanted[:_MOST_FILES]:
            raw = self._writer.do(partial(messages.raw, id=mail.id))
            content = parse.attachment(raw, file.part)
            if content:
                who = "the shop" if mail.direction is Direction.OUT else "the customer"
                yield OwnFile(
                    name=file.filename or "picture",
                    content=content,
                    caption=f"{file.filename or 'Picture'}, sent by {who}",
                )


def _read(db: Connection, issue_id: int, row: DisputeRow) -> _Read:
    issue = issues.get(db, issue_id)
    order = _disputed_order(db, issue, row)
    about = order_issues.of_order(db, order) if order else ()
    ids = dict.fromkeys((*(one.id for one in about), issue_id))
    mails = [mail for id_ in ids for mail in messages.of_issue(db, id_)]
    keys = _customer_keys(row, order, issue.customer, mails)
    ours = sorted((one for one in mails if _is_theirs(one, keys)), key=_said_at)
    bought = orders.of_customer(db, order.customer_key if order else row.dispute.customer_key)
    others = [one for one in disputes.every(db, tests=False) if one.id != row.id]
    return _Read(
        order=order,
        earlier=tuple(one for one in bought if order is None or one.atom != order.atom),
        earlier_disputes=sum(one.dispute.customer_key in keys for one in others),
        disputed=_disputed(db, others, bought),
        mails=tuple({one.message_id: one for one in ours}.values()),
        keys=keys,
        own=own_addresses(accounts.every(db)),
    )


def _disputed_order(db: Connection, issue: Issue, row: DisputeRow) -> Order | None:
    """The order that a person picked, or that the dispute itself leads to.

    What the mails of its issue speak of may be another order of the same buyer, so it counts only
    where its sum is the disputed one.
    """
    link = issue.order_link
    if link is not None and link.by_person:
        return orders.of_issue(db, issue)
    links = (order_of(db, one.dispute) for one in row.sources)
    found = next((one for one in links if one is not None), None)
    if found is not None:
        return orders.linked(db, found, customer=row.dispute.customer_key)
    return _of_that_sum(db, issue, row.dispute)


def _of_that_sum(db: Connection, issue: Issue, dispute: Dispute) -> Order | None:
    """The order of the issue, if it and no other of its buyer cost what is disputed."""
    order = orders.of_issue(db, issue)
    told = dispute.customer_key
    if order is None or order.total != dispute.amount or (told and not order.is_of(told)):
        return None
    theirs = orders.of_customer(db, order.customer_key)
    alike = [one for one in theirs if one.total == order.total and one.atom != order.atom]
    return None if alike else order


def _customer_keys(
    row: DisputeRow, order: Order | None, customer: Address, mails: Sequence[StoredMessage]
) -> frozenset[str]:
    """The customer's addresses: the order's and the disputes'; else who wrote, if a person did."""
    keys = {one.dispute.customer_key for one in row.sources}
    if order is not None:
        keys.add(order.customer_key)
    keys.discard("")
    if not keys and any(_by_a_person(one, customer.key) for one in mails):
        keys = {customer.key}
    return frozenset(keys)


def _by_a_person(mail: StoredMessage, key: str) -> bool:
    is_automatic = mail.assessment is not None and mail.assessment.gate.automatic
    return mail.direction is Direction.IN and not is_automatic and key in _from(mail)


def _is_theirs(mail: StoredMessage, keys: Collection[str]) -> bool:
    if mail.direction is Direction.IN:
        return bool(_from(mail) & set(keys))
    return any(one.is_one_of(keys) for one in (*mail.to, *mail.cc))


def _from(mail: StoredMessage) -> set[str]:
    senders = (*mail.reply_to, *((mail.from_,) if mail.from_ else ()))
    return {one.key for one in senders}


def _letter(mail: StoredMessage, *, theirs: Collection[str], own: Collection[str]) -> Letter:
    everybody = (*mail.to, *mail.cc)
    wanted = theirs if mail.direction is Direction.OUT else own
    named = next((one for one in everybody if one.is_one_of(wanted)), None)
    text = mail.new_text.strip() or mail.text.strip()
    return Letter(
        direction=mail.direction,
        at=_said_at(mail),
        sender=str(mail.from_ or ""),
        recipient=str(named or ""),
        subject=mail.subject,
        text=text,
        others=len(everybody) - (named is not None),
        quoted=len(mail.text.strip()) > len(text) + 40,
        files=tuple(one.filename for one in mail.attachments if one.filename),
    )


def _said_at(mail: StoredMessage) -> datetime:
    return mail.sent_at or mail.received_at


def _disputed(
    db: Connection, others: Sequence[DisputeRow], bought: Sequence[Order]
) -> frozenset[str]:
    """The atoms of this customer's orders that other disputes were about, won or lost."""
    if not bought:
        return frozenset()
    theirs = {one.atom for one in bought}
    links = (order_of(db, source.dispute) for one in others for source in one.sources)
    return frozenset(link.atom for link in links if link is not None and link.atom in theirs)


def _shows(file: Attachment) -> bool:
    """Whether it is a picture or a PDF that is here and more than a logo."""
    kind = file.content_type.lower()
    little = file.inline and file.size < _LITTLE
    return kind.startswith(_PICTURE_OR_PDF) and not file.section and not little


def _policies(folder: Path) -> Iterator[OwnFile]:
    """The owner's terms; a file belongs to the topic with which its name begins."""
    if not folder.is_dir():
        return
    for file in sorted(folder.iterdir()):
        content = _content(file)
        if content is not None:
            topic = re.split(r"[^a-z]", file.stem.lower(), maxsplit=1)[0]
            caption = f"Terms: {file.stem.replace('_', ' ')}"
            yield OwnFile(name=file.name, content=content, item=topic, caption=caption)


def _content(file: Path) -> bytes | None:
    """What is in a file of the owner's; None for what is none, hidden, or too big to be read."""
    try:
        if file.name.startswith(".") or not file.is_file():
            return None
        return file.read_bytes() if file.stat().st_size <= _MOST_BYTES else None
    except OSError:
        return None


def _plain(name: str) -> str:
    """A name as a folder can be called on every system."""
    return re.sub(r"[^A-Za-z0-9_-]", "_", name)[:80]
