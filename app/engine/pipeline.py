"""Pipeline: the natural walk of one mail, from what was said to who must know.

Runs inside the writer's transaction: the mails of a batch, all that follows from them, and the
cursor are written together or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.account import Account
from app.domain.assessment import Assessment, MessageContext
from app.domain.changes import Changes
from app.domain.issue import message_atom, root_of
from app.domain.mailbox import Batch, FetchedMail
from app.domain.message import Direction, Message
from app.domain.order import Order, order_key
from app.engine.ringing import Ringing
from app.engine.standing import Standing, unjudged
from app.storage import accounts, folders, issues, messages, orders
from app.storage.database import Connection
from app.triage import grouping
from app.triage.grouping import Placement
from app.triage.rules import Rules
from app.triage.triage import Classifier, assess

_NUMBER = re.compile(r"#?\b[A-Za-z]{0,4}-?\d[\d-]{2,18}\b")
_LOOKED_THROUGH = 20_000
_MOST_NUMBERS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A mail as it was fetched, and as it was read."""

    mail: FetchedMail
    message: Message


class Pipeline:
    """Files messages under their issues. One for the whole engine; holds no state of its own."""

    def __init__(
        self,
        *,
        rules: Rules,
        standing: Standing,
        ringing: Ringing,
        history: Callable[[], timedelta],
        classifier: Classifier | None = None,
    ) -> None:
        """`history`: an issue whose last mail is older than this is filed as closed."""
        self._rules = rules
        self._standing = standing
        self._ringing = ringing
        self._history = history
        self._classifier = classifier

    def ingest(
        self,
        db: Connection,
        account: Account,
        batch: Batch,
        readings: Sequence[Reading],
        *,
        now: datetime,
    ) -> Changes:
        """File a batch: what is new, what was passed over, what is gone, and the cursor."""
        own = frozenset(one.address.lower() for one in accounts.every(db) if one.address)
        folder = batch.folder
        touched: dict[int, bool] = {}
        cutoff = now - self._history()
        for reading in sorted(readings, key=lambda one: one.mail.received_at):
            message_id = self._file(db, account, reading, own=own, touched=touched, cutoff=cutoff)
            folders.locate(
                db,
                account_id=account.id,
                folder=folder.name,
                uid_validity=folder.uid_validity,
                uid=reading.mail.uid,
                message_id=message_id,
            )
        changes = self._refresh(db, touched, now=now)
        self._keep_books(db, account, batch, now=now)
        return changes

    def _file(
        self,
        db: Connection,
        account: Account,
        reading: Reading,
        *,
        own: frozenset[str],
        touched: dict[int, bool],
        cutoff: datetime,
    ) -> int:
        """One mail: the same one again, or a new message of an issue that is there or begins."""
        message, mail = reading.message, reading.mail
        sender = message.from_.key if message.from_ else ""
        again = messages.find(
            db, message_id=message.message_id, raw_sha256=message.raw_sha256, from_key=sender
        )
        if again is not None:
            return again
        said_by_us = sender in own and message.customer.key in own
        known = messages.issues_of(db, (*message.references, *message.in_reply_to))
        assessment = None if said_by_us else self._assess(db, reading, own=own, known=known)
        issue_id, because, is_new = self._place(
            db, account, reading, assessment=assessment, known=known, cutoff=cutoff
        )
        touched[issue_id] = touched.get(issue_id, False) or is_new
        return messages.add(
            db,
            message=message,
            direction=Direction.OUT if said_by_us else Direction.IN,
            account_id=account.id,
            issue_id=issue_id,
            received_at=mail.received_at,
            assessment=assessment,
            joined_because=because,
            raw=mail.raw,
            complete=mail.complete,
        )

    def _assess(
        self,
        db: Connection,
        reading: Reading,
        *,
        own: frozenset[str],
        known: dict[str, int],
    ) -> Assessment:
        message = reading.message
        theirs = orders.of_customer(db, message.customer.key)
        context = MessageContext(
            now=reading.mail.received_at,
            own_addresses=tuple(own),
            known_customer=bool(theirs) or bool(known),
            reply_to_ours=bool(known),
            orders=(*theirs, *_named_orders(db, message)),
        )
        return assess(message, context, rules=self._rules, classifier=self._classifier)

    def _place(
        self,
        db: Connection,
        account: Account,
        reading: Reading,
        *,
        assessment: Assessment | None,
        known: dict[str, int],
        cutoff: datetime,
    ) -> tuple[int, str, bool]:
        """The issue of this message, why, and whether it begins with it."""
        message = reading.message
        arrived_at = reading.mail.received_at
        atom = message_atom(root_of(message))
        placement = (
            _by_reference(message, known)
            or _by_atom(db, (atom, message_atom(message.message_id)))
            or self._by_customer(db, message, assessment, known)
        )
        is_history = arrived_at < cutoff
        if placement is not None and placement.issue_id is not None:
            issues.add_atoms(db, placement.issue_id, (atom,))
            if not is_history:
                issues.update(db, placement.issue_id, history=False)
            return placement.issue_id, placement.because, False
        issue_id = issues.create(
            db,
            atoms=(atom,),
            subject=message.subject,
            customer=message.customer,
            account_id=account.id,
            judgement=unjudged(),
            first_at=arrived_at,
            history=is_history,
        )
        return issue_id, "", True

    def _by_customer(
        self,
        db: Connection,
        message: Message,
        assessment: Assessment | None,
        known: dict[str, int],
    ) -> Placement | None:
        if assessment is None:  # what we said ourselves belongs where the thread says, or apart
            return None
        theirs = issues.open_of_customer(db, message.customer.key)
        return grouping.place(message, assessment, known=known, customer_issues=theirs)

    def _refresh(self, db: Connection, touched: dict[int, bool], *, now: datetime) -> Changes:
        changes = Changes()
        for issue_id, is_new in touched.items():
            moved = self._standing.refresh(db, issue_id, now=now)
            changes |= moved
            if is_new:
                changes |= Changes(issues=moved.issues, added=moved.issues)
        return changes | self._ringing.consider(db, touched, now=now, is_news=True)

    def _keep_books(self, db: Connection, account: Account, batch: Batch, *, now: datetime) -> None:
        folder = batch.folder
        for one in batch.skipped:
            folders.skip(
                db,
                account_id=account.id,
                folder=folder.name,
                uid_validity=folder.uid_validity,
                uid=one.uid,
                reason=one.reason,
            )
        if batch.gone:
            folders.forget(
                db,
                account_id=account.id,
                folder=folder.name,
                uid_validity=folder.uid_validity,
                uids=batch.gone,
            )
        if batch.complete:
            folders.settle(db, account_id=account.id, snapshot=folder, now=now)


def _by_reference(message: Message, known: dict[str, int]) -> Placement | None:
    """The issue of the nearest mail that this one answers (RFC 5322 3.6.4: nearest stands last)."""
    nearest_first = (*message.in_reply_to, *reversed(message.references))
    for message_id in nearest_first:
        if message_id in known:
            return Placement(issue_id=known[message_id], because="answers a mail of this issue")
    return None


def _by_atom(db: Connection, atoms: Sequence[str]) -> Placement | None:
    """The issue that already owns the beginning of this conversation, whichever mail came first."""
    issue_id = issues.by_atom(db, atoms)
    if issue_id is None:
        return None
    return Placement(issue_id=issue_id, because="part of the same conversation")


def _named_orders(db: Connection, message: Message) -> tuple[Order, ...]:
    """The known orders whose numbers the mail writes; the shop's own books settle what is one."""
    text = f"{message.subject}\n{message.new_text[:_LOOKED_THROUGH]}"
    numbers = dict.fromkeys(order_key(number) for number in _NUMBER.findall(text))
    found = (orders.by_number(db, number) for number in list(numbers)[:_MOST_NUMBERS])
    return tuple(order for order in found if order is not None)
