"""Assessing: what the machine makes of a message, with what the profile knows beside its text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from app.domain.assessment import Assessment, MessageContext
from app.domain.message import Message
from app.domain.order import Order, order_key
from app.mail import providers
from app.storage import accounts, orders
from app.storage.connection import Connection
from app.triage.authenticity import is_proven_notice
from app.triage.order_forms import NUMBER, numbers_in, plain
from app.triage.received import is_forged, receiving_hosts
from app.triage.rules import Rules
from app.triage.triage import Classifier, Judged, judge, read_ahead

_NUMBER = re.compile(r"#?\b[A-Za-z]{0,4}-?\d[\d-]{2,18}\b")
# At a digit, or where a word begins: tried at every letter it costs four times as much.
_WRITTEN = re.compile(rf"(?:(?<![a-z])|(?=\d)){NUMBER}", re.IGNORECASE)
_LOOKED_THROUGH = 20_000
_MOST_NUMBERS = 40


class Assessor:
    """Asks storage for the context of a message, and triage what to make of it."""

    def __init__(self, *, rules: Rules, classifier: Classifier | None = None) -> None:
        self._rules = rules
        self._classifier = classifier

    def assess(
        self,
        db: Connection,
        message: Message,
        *,
        received_at: datetime,
        own: frozenset[str],
        known: Mapping[str, int],
    ) -> Assessment:
        """Assess a message as of its arrival; `known` leads from the mails it names to issues."""
        return self.judge(db, message, received_at=received_at, own=own, known=known).assessment

    def judge(
        self,
        db: Connection,
        message: Message,
        *,
        received_at: datetime,
        own: frozenset[str],
        known: Mapping[str, int],
    ) -> Judged:
        """The same, with the message as the learner keeps it."""
        theirs = orders.of_customer(db, message.customer.key)
        context = MessageContext(
            now=received_at,
            own_addresses=tuple(own),
            known_customer=bool(theirs) or bool(known),
            reply_to_ours=bool(known),
            orders=(*theirs, *_named_orders(db, message)),
            trusted_hosts=_trusted_hosts(db),
        )
        return judge(message, context, rules=self._rules, classifier=self._classifier)

    def read_ahead(self, messages: Iterable[Message]) -> None:
        """Read the words of what will be judged, before the writer's turn: so a person's click
        waits for the rest of a judgement only."""
        if self._classifier is not None:
            read_ahead(messages, self._classifier)

    def is_notice(self, db: Connection, message: Message) -> bool:
        """Whether it is proven that a provider (of payments, of the shop) sent it."""
        return is_proven_notice(message, self._rules, trusted=_trusted_hosts(db))

    @staticmethod
    def is_forged(db: Connection, message: Message) -> bool:
        """Whether our own mail host found that it does not come from the address in From."""
        return is_forged(message, _trusted_hosts(db))


def _trusted_hosts(db: Connection) -> tuple[str, ...]:
    """The hosts whose word about a sender counts: those that receive for our accounts."""
    return tuple(
        name
        for one in accounts.every(db)
        for name in receiving_hosts(str(one.settings.get("host", "")), one.address)
    )


def own_domains(own: Iterable[str]) -> frozenset[str]:
    """The domains of these addresses at which everybody is one of us: not a provider's."""
    return frozenset(one.rpartition("@")[2] for one in own if providers.preset(one) is None)


def _named_orders(db: Connection, message: Message) -> tuple[Order, ...]:
    """The known orders whose numbers the mail writes; the shop's own books settle what is one."""
    text = plain(f"{message.subject}\n{message.text[:_LOOKED_THROUGH]}")
    by_form = (each for one in _WRITTEN.findall(text) for each in numbers_in(one))
    written = (*_NUMBER.findall(text), *by_form)
    numbers = dict.fromkeys(order_key(number) for number in written)
    sender = message.customer.key
    wanted = list(numbers)[:_MOST_NUMBERS]
    found = (orders.by_number(db, number, customer=sender) for number in wanted)
    return tuple(order for order in found if order is not None)
