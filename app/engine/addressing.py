"""Addressing: whom a reply goes to, what it answers, and which of our addresses it leaves from.

Asked by `writing` before anything is composed. A reply answers the last mail of a person; where
only machines wrote (a provider's notice of a dispute, a shop's receipt), it goes to the customer of
the order as a new conversation, with nothing of the notice in it, or a person is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from app.domain.account import Account, AccountType, own_addresses
from app.domain.assessment import Kind
from app.domain.correspondent import is_address, is_nobody, writer_of
from app.domain.errors import Refused
from app.domain.identity import Identity
from app.domain.issue import Issue
from app.domain.message import Address, Direction
from app.domain.subject import without_marks
from app.domain.translation import tr
from app.engine.assessing import own_domains
from app.engine.colleagues import letter_writer
from app.mail import compose
from app.mail.header_lines import flat
from app.storage import accounts, disputes, orders
from app.storage.connection import Connection
from app.storage.messages import StoredMessage

_ABOUT_ORDER = {
    "en": "Your order {number}",
    "de": "Ihre Bestellung {number}",
    "fr": "Votre commande {number}",
    "es": "Su pedido {number}",
    "it": "Il suo ordine {number}",
    "nl": "Uw bestelling {number}",
    "pt": "A sua encomenda {number}",
    "pl": "Państwa zamówienie {number}",
}


_MOST_OTHERS = 12  # beyond that it is a mailing, and an answer to all of it an accident


class Way(StrEnum):
    """What a reply is: an answer to a person, a new mail to an order's customer, or an answer to
    a machine."""

    ANSWER = "answer"
    CUSTOMER = "customer"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Whom it goes to and what it answers; `answered` is None where it begins a conversation.

    `colleague` is who wrote last, where that was one of ours and the customer is answered;
    `passed_on_by` is who of ours passed on the letter that is answered; `others` are those, not of
    ours, to whom the answered mail went as well.
    """

    way: Way
    to: tuple[Address, ...]
    subject: str
    answered: StoredMessage | None = None
    machine: str = ""
    order_number: str = ""
    colleague: str = ""
    passed_on_by: str = ""
    others: tuple[Address, ...] = ()

    @property
    def note(self) -> str:
        """What the person who writes should know about it; empty where all is as expected."""
        if self.way is Way.CUSTOMER:
            if self.machine:
                return tr(
                    "A new mail to the customer of order {number}; nothing of the notice from"
                    " {machine} goes along.",
                    number=self.order_number,
                    machine=self.machine,
                )
            return tr("A new mail to the customer of order {number}.", number=self.order_number)
        if self.way is Way.MACHINE:
            return tr(
                "This goes to {machine}, whose mail a machine wrote, not to a customer.",
                machine=self.machine,
            )
        if self.passed_on_by and self.to:
            return tr(
                "{colleague} passed this on. Your reply goes to {customer} as a new mail; nothing"
                " that your colleague wrote goes along.",
                colleague=self.passed_on_by,
                customer=self.to[0].email,
            )
        if self.colleague and self.to:
            return tr(
                "{colleague}, who wrote last, is of your own domain; this goes to {customer}.",
                colleague=self.colleague,
                customer=self.to[0].email,
            )
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """The account and the address of ours that it leaves from; `choices` are all that it could."""

    account: Account
    identity: Identity
    choices: tuple[tuple[Account, Identity], ...]
    own: frozenset[str]


def letter(
    db: Connection, issue: Issue, stored: tuple[StoredMessage, ...], *, to_sender: bool = False
) -> Letter:
    """Whom a reply to this issue goes to; with `to_sender` always to who wrote last."""
    own = own_addresses(accounts.every(db))
    post = _letter(db, issue, stored, own, to_sender=to_sender)
    return replace(post, others=_others(post, own))


def copied(post: Letter, emails: Sequence[str]) -> tuple[Address, ...]:
    """Who gets a copy, by addresses that a person chose: each once, nobody to whom it goes anyway;
    with the name by which the answered mail knew them."""
    known = {one.key: one for one in post.others}
    keys = dict.fromkeys(Address(email=one).key for one in emails if one.strip())
    for one in post.to:
        keys.pop(one.key, None)
    return tuple(known.get(key, Address(email=key)) for key in keys)


def _others(post: Letter, own: frozenset[str]) -> tuple[Address, ...]:
    """To whom the answered mail went as well: neither ours, nor who wrote, nor a crowd."""
    answered = post.answered
    if answered is None or post.way is not Way.ANSWER:
        return ()
    ours = own_domains(own)
    there = {one.key for one in (*post.to, *answered.reply_to, answered.from_) if one}
    found: dict[str, Address] = {}
    for one in (*answered.to, *answered.cc):
        is_ours = one.is_one_of(own) or one.domain in ours
        if is_address(one) and not is_ours and not is_nobody(one) and one.key not in there:
            found.setdefault(one.key, one)
    return tuple(found.values()) if len(found) <= _MOST_OTHERS else ()


def _letter(
    db: Connection,
    issue: Issue,
    stored: tuple[StoredMessage, ...],
    own: frozenset[str],
    *,
    to_sender: bool,
) -> Letter:
    incoming = [
        message for message in stored if message.direction is Direction.IN and not message.is_report
    ]
    people = [message for message in incoming if _is_a_person(message)]
    if people:
        return _to_a_person(people, issue, own, to_sender=to_sender)
    if not incoming:
        began_by_us = bool(stored)
        fresh = None if began_by_us else _to_order_customer(db, issue, Address(email=""))
        return fresh or _to_customer_alone(db, issue, stored)
    last = incoming[-1]
    if not _is_a_machine(last):
        return _answer(last, issue.customer)
    sender = _writer_of(last, own) or issue.customer
    if not to_sender and (fresh := _to_order_customer(db, issue, sender)) is not None:
        return fresh
    return Letter(
        way=Way.MACHINE,
        to=_those(sender),
        subject=compose.reply_subject(last.subject),
        answered=last,
        machine=sender.email,
    )


def is_aside(
    db: Connection,
    issue: Issue,
    stored: tuple[StoredMessage, ...],
    recipients: tuple[str, ...],
) -> bool:
    """Whether a mail to these leaves a provider waiting: its dispute is answered at the provider's,
    and what is written to the customer does not do that."""
    if any(case.is_ours for case in disputes.of_issue(db, issue.id)):
        return True
    if issue.judgement.kind is not Kind.DISPUTE:
        return False
    notices = [one for one in stored if one.direction is Direction.IN and _is_of_a_dispute(one)]
    writers = {one.key for notice in notices for one in (*notice.reply_to, notice.from_) if one}
    return bool(notices) and writers.isdisjoint(Address(email=one).key for one in recipients)


def leaving(
    db: Connection, issue: Issue, answered: StoredMessage | None, *, wanted: str = ""
) -> Leaving:
    """Which address of ours a reply leaves from: the one that they wrote to, unless `wanted`.

    Raises:
        Refused: no account can send, or `wanted` is not one of our addresses.
    """
    every = accounts.every(db)
    choices = tuple((one, me) for one in every if can_send(one) for me in one.identities)
    if not choices:
        raise Refused(
            tr("There is no account to send from"),
            tr("A reply leaves from a mailbox with an address"),
            tr("Connect one, or give the account an address and an SMTP host"),
        )
    account, identity = _chosen(choices, issue, answered, wanted)
    return Leaving(account=account, identity=identity, choices=choices, own=own_addresses(every))


def can_send(account: Account) -> bool:
    """Whether replies can leave through this account."""
    wanted = "outbox" if account.type is AccountType.FOLDER else "smtp_host"
    return bool(account.settings.get(wanted) and account.identities)


def _chosen(
    choices: tuple[tuple[Account, Identity], ...],
    issue: Issue,
    answered: StoredMessage | None,
    wanted: str,
) -> tuple[Account, Identity]:
    at_home = sorted(choices, key=lambda one: one[0].id != issue.account_id)  # a stable order
    if wanted:
        asked = Address(email=wanted).key
        for account, identity in at_home:
            if identity.address.key == asked:
                return account, identity
        raise Refused(
            tr("{wanted} is not an address of yours", wanted=wanted),
            tr(
                "Replies can leave from {addresses}",
                addresses=", ".join(one.email for _, one in choices[:10]),
            ),
            tr("Choose one of these, or add the address to an account"),
        )
    written_to = (*answered.to, *answered.cc) if answered else ()
    for address in written_to:
        for account, identity in at_home:
            if address.is_one_of((identity.address.key,)):
                return account, identity
    return at_home[0]


def _is_a_person(message: StoredMessage) -> bool:
    judged = message.assessment
    return judged is not None and judged.gate.counts_as_customer_reply


def _is_a_machine(message: StoredMessage) -> bool:
    judged = message.assessment
    return judged is not None and judged.gate.automatic


def _is_of_a_dispute(message: StoredMessage) -> bool:
    judged = message.assessment
    return judged is not None and judged.gate.automatic and judged.kind is Kind.DISPUTE


def _writer_of(message: StoredMessage, own: frozenset[str]) -> Address | None:
    return writer_of(message.from_, message.reply_to, own=own)


def _to_a_person(
    people: list[StoredMessage], issue: Issue, own: frozenset[str], *, to_sender: bool
) -> Letter:
    if to_sender:
        last = people[-1]
        passed_on = letter_writer(last, own=own) is not None
        return _answer(last, (last.from_ if passed_on else _writer_of(last, own)) or issue.customer)
    theirs = _of_their_side(people, issue, own)
    direct = [one for one in theirs if letter_writer(one, own=own) is None]
    if not direct and (writer := letter_writer(theirs[-1], own=own)) is not None:
        return _to_who_wrote_first(theirs[-1], writer)
    theirs = direct
    answer = _answer(theirs[-1], _writer_of(theirs[-1], own) or issue.customer)
    wrote_last = _writer_of(people[-1], own)
    if wrote_last is None or theirs[-1] is people[-1]:
        return answer
    return replace(answer, colleague=wrote_last.email)


def _of_their_side(
    people: list[StoredMessage], issue: Issue, own: frozenset[str]
) -> list[StoredMessage]:
    """The mails of people without those of colleagues of ours, unless nobody else wrote.

    A colleague has an address of our own domain, where that is not a provider's for everybody, and
    is not the customer of this issue.
    """
    ours = own_domains(own)

    def is_colleague(message: StoredMessage) -> bool:
        writer = _writer_of(message, own)
        return writer is not None and writer.domain in ours and writer.key != issue.customer.key

    return [one for one in people if not is_colleague(one)] or people


def _answer(message: StoredMessage, to: Address) -> Letter:
    return Letter(
        way=Way.ANSWER,
        to=_those(to),
        subject=compose.reply_subject(message.subject),
        answered=message,
    )


def _to_who_wrote_first(message: StoredMessage, writer: Address) -> Letter:
    """A new mail, for a colleague's mail is neither quoted nor known to who is answered."""
    return Letter(
        way=Way.ANSWER,
        to=_those(writer),
        subject=compose.reply_subject(without_marks(message.subject) or message.subject),
        passed_on_by=message.from_.email if message.from_ else "",
    )


def _to_customer_alone(db: Connection, issue: Issue, ours: tuple[StoredMessage, ...]) -> Letter:
    """Nobody has written yet, or only we have. What we call a dispute is not for its buyer."""
    if ours:
        subject = compose.reply_subject(ours[-1].subject)
    elif disputes.of_issue(db, issue.id):
        subject = _about_order(issue, flat(issue.order_number))
    else:
        subject = compose.reply_subject(issue.subject)
    return Letter(way=Way.ANSWER, to=_those(issue.customer), subject=subject)


def _about_order(issue: Issue, number: str) -> str:
    """The subject of a new mail about an order, in the customer's language."""
    words = _ABOUT_ORDER.get(issue.judgement.language[:2].lower(), _ABOUT_ORDER["en"])
    return words.format(number=number).strip()


def _to_order_customer(db: Connection, issue: Issue, machine: Address) -> Letter | None:
    order = orders.of_issue(db, issue)
    if order is None or "@" not in order.customer_email:
        return None
    customer = Address(email=order.customer_email.strip(), name=flat(order.customer_name))
    if customer.key == machine.key:
        return None
    number = flat(order.number)
    return Letter(
        way=Way.CUSTOMER,
        to=(customer,),
        subject=_about_order(issue, number),
        machine=machine.email,
        order_number=number,
    )


def _those(person: Address) -> tuple[Address, ...]:
    return (person,) if person.email else ()
