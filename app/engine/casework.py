"""Casework: gathers what is known of a dispute into a Case: order, letters, terms, own files.

Only what was said between the shop and this one customer goes in: a mail of anybody else in the
same issue stays out, and of several recipients only the customer is named.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.config.paths import Profile
from app.domain.account import own_addresses
from app.domain.dispute import Dispute, DisputeKind
from app.domain.dispute_views import DisputeRow
from app.domain.errors import NotFound
from app.domain.evidence import Case, Letter
from app.domain.issue import Issue
from app.domain.message import Address, Direction
from app.domain.order import Order
from app.domain.translation import tr
from app.engine.beside import order_of
from app.engine.case_files import CaseFiles
from app.engine.enclosing import shown
from app.storage import accounts, disputes, issues, messages, order_issues, orders
from app.storage.connection import Connection
from app.storage.messages import StoredMessage
from app.storage.writer import Writer


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
        self.files = CaseFiles(writer=writer, profile=profile)

    @property
    def policies(self) -> Path:
        """Where the owner's terms lie."""
        return self._profile.policies

    def disputes(self, key: str) -> tuple[DisputeRow, ...]:
        """The disputes of an issue, the most pressing first. Raises NotFound where it has none."""
        rows = self._writer.do(lambda db: disputes.of_issue(db, issues.by_key(db, key)))
        if not rows:
            raise NotFound(
                tr("This issue has no dispute"),
                tr("A dispute comes from Stripe, PayPal or Shopify once the account is connected"),
            )
        return rows

    def dispute(self, key: str, named: str = "") -> DisputeRow:
        """The dispute of an issue that a provider calls so; unnamed the most pressing one.

        Raises NotFound.
        """
        rows = self.disputes(key)
        found = next((one for one in rows if not named or one.is_called(named)), None)
        if found is None:
            called = ", ".join(one.dispute.platform_id for one in rows)
            raise NotFound(
                tr("This issue has no such dispute: {name}", name=shown(named)),
                tr("It has {lines}", lines=called),
            )
        return found

    def case(
        self,
        key: str,
        row: DisputeRow,
        *,
        now: datetime,
        mail_files: bool = True,
        whole: bool = True,
    ) -> Case:
        """All that a packet about this dispute is made of; of files the names alone if not `whole`,
        which is all that a checklist asks for."""
        read = self._writer.do(lambda db: _read(db, issues.by_key(db, key), row))
        own = self.files.own(row.dispute, whole=whole)
        policies = self.files.policies(whole=whole)
        enclosed = self.files.of_mails(read.mails if mail_files else (), whole=whole)
        return Case(
            dispute=row.dispute,
            now=now,
            shop=self._shop(),
            order=read.order,
            earlier=read.earlier,
            earlier_disputes=read.earlier_disputes,
            disputed=read.disputed,
            letters=tuple(_letter(one, theirs=read.keys, own=read.own) for one in read.mails),
            policies=tuple(policies.found),
            files=tuple(own.found),
            enclosed=tuple(enclosed.found),
            left_out=(*policies.left_out, *own.left_out, *enclosed.left_out),
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
        earlier_disputes=len(list(_of_theirs(row, others, keys))),
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
    if order is None or not order.has_cost(dispute.amount) or (told and not order.is_of(told)):
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
    """When it was written: nobody writes after it arrived, whatever their clock says."""
    return min(mail.sent_at or mail.received_at, mail.received_at)


def _of_theirs(
    row: DisputeRow, others: Sequence[DisputeRow], keys: Collection[str]
) -> Iterator[DisputeRow]:
    """The other disputes that this customer brought. A bank's warning is none, and the inquiry or
    the claim that came before this one about the same payment is no other."""
    paid = _payments(row)
    for one in others:
        is_theirs = one.dispute.customer_key in keys
        if is_theirs and one.dispute.kind is not DisputeKind.ALERT and not _payments(one) & paid:
            yield one


def _payments(row: DisputeRow) -> frozenset[str]:
    names = (name for one in row.sources for name in one.dispute.payment_references)
    return frozenset(names)


def _disputed(
    db: Connection, others: Sequence[DisputeRow], bought: Sequence[Order]
) -> frozenset[str]:
    """The atoms of this customer's orders that other disputes were about, won or lost."""
    if not bought:
        return frozenset()
    theirs = {one.atom for one in bought}
    links = (order_of(db, source.dispute) for one in others for source in one.sources)
    return frozenset(link.atom for link in links if link is not None and link.atom in theirs)
