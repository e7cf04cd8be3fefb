"""Pipeline: the natural walk of one mail, from what was said to who must know.

Runs inside the writer's transaction: the mails of a batch, all that follows from them, and the
cursor are written together or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from app.domain.account import Account
from app.domain.assessment import Assessment
from app.domain.changes import Changes
from app.domain.issue import message_atom, root_of
from app.domain.mailbox import Batch, FetchedMail
from app.domain.message import Direction, Message
from app.engine import returned
from app.engine.assessing import Assessor, own_addresses
from app.engine.returned import Returned
from app.engine.ringing import Ringing
from app.engine.standing import Standing, unjudged
from app.storage import accounts, folders, issues, messages
from app.storage.database import Connection
from app.triage import grouping
from app.triage.grouping import Placement


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A mail as it was fetched, as it was read, and its bytes as they will be kept."""

    mail: FetchedMail
    message: Message
    packed: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """Where a message went."""

    issue_id: int
    because: str = ""
    is_new: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Filing:
    """One batch as it is filed: what is ours, what is old, and which issues it touched."""

    own: frozenset[str]
    cutoff: datetime
    now: datetime
    live: set[int] = field(default_factory=set)
    shelved: set[int] = field(default_factory=set)
    began: set[int] = field(default_factory=set)
    moved: list[Changes] = field(default_factory=list)

    def note(self, placed: _Placed, *, is_old: bool) -> None:
        """Remember what a mail touched."""
        (self.shelved if is_old else self.live).add(placed.issue_id)
        if placed.is_new:
            self.began.add(placed.issue_id)


class Pipeline:
    """Files messages under their issues. One for the whole engine; holds no state of its own."""

    def __init__(
        self,
        *,
        assessor: Assessor,
        standing: Standing,
        ringing: Ringing,
        history: Callable[[], timedelta],
    ) -> None:
        """`history`: mail older than this is put on the shelf, and judged when there is time."""
        self._assessor = assessor
        self._standing = standing
        self._ringing = ringing
        self._history = history

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
        own = own_addresses(accounts.every(db))
        filing = _Filing(own=own, cutoff=now - self._history(), now=now)
        folder = batch.folder
        for reading in sorted(readings, key=lambda one: one.mail.received_at):
            message_id = self._file(db, account, reading, filing)
            folders.locate(
                db,
                account_id=account.id,
                folder=folder.name,
                uid_validity=folder.uid_validity,
                uid=reading.mail.uid,
                message_id=message_id,
            )
        changes = self._refresh(db, filing, now=now)
        self._keep_books(db, account, batch, now=now)
        return changes

    def _file(self, db: Connection, account: Account, reading: Reading, filing: _Filing) -> int:
        """One mail: the same one again, or a new message of an issue that is there or begins."""
        message, mail = reading.message, reading.mail
        sender = message.from_.key if message.from_ else ""
        again = messages.find(
            db, message_id=message.message_id, raw_sha256=message.raw_sha256, from_key=sender
        )
        if again is not None:
            return again
        about_ours = returned.recognise(db, mail.raw, message)
        if about_ours is not None:
            return _file_report(db, account, reading, filing, about_ours)
        said_by_us = sender in filing.own and message.customer.key in filing.own
        is_old = mail.received_at < filing.cutoff
        known = messages.issues_of(db, (*message.references, *message.in_reply_to))
        assessment = None
        if not said_by_us and not is_old:
            assessment = self._assessor.assess(
                db, message, received_at=mail.received_at, own=filing.own, known=known
            )
        placed = self._place(db, account, reading, assessment, known=known, is_old=is_old)
        filing.note(placed, is_old=is_old)
        return messages.add(
            db,
            message=message,
            direction=Direction.OUT if said_by_us else Direction.IN,
            account_id=account.id,
            issue_id=placed.issue_id,
            received_at=mail.received_at,
            assessment=assessment,
            joined_because=placed.because,
            raw=mail.raw,
            complete=mail.complete,
            packed=reading.packed or None,
        )

    def _place(
        self,
        db: Connection,
        account: Account,
        reading: Reading,
        assessment: Assessment | None,
        *,
        known: Mapping[str, int],
        is_old: bool,
    ) -> _Placed:
        """The issue of this message, and why; it begins with it where none fits."""
        message = reading.message
        atom = message_atom(root_of(message))
        placement = (
            _by_reference(message, known)
            or _by_atom(db, (atom, message_atom(message.message_id)))
            or self._by_customer(db, reading, assessment, known)
        )
        if placement is not None and placement.issue_id is not None:
            issues.add_atoms(db, placement.issue_id, (atom,))
            if not is_old:
                issues.update(db, placement.issue_id, history=False)
            return _Placed(issue_id=placement.issue_id, because=placement.because)
        issue_id = issues.create(
            db,
            atoms=(atom,),
            subject=message.subject,
            customer=message.customer,
            account_id=account.id,
            judgement=unjudged(),
            first_at=reading.mail.received_at,
            history=is_old,
        )
        return _Placed(issue_id=issue_id, is_new=True)

    def _by_customer(
        self,
        db: Connection,
        reading: Reading,
        assessment: Assessment | None,
        known: Mapping[str, int],
    ) -> Placement | None:
        if assessment is None:  # ours, or old: it belongs where the thread says, or stands apart
            return None
        theirs = issues.open_of_customer(db, reading.message.customer.key)
        return grouping.place(
            reading.message,
            assessment,
            known=known,
            customer_issues=theirs,
            at=reading.mail.received_at,
        )

    def _refresh(self, db: Connection, filing: _Filing, *, now: datetime) -> Changes:
        changes = reduce(or_, filing.moved, Changes())
        for issue_id in filing.shelved - filing.live:
            changes |= self._standing.shelve(db, issue_id, now=now)
        for issue_id in filing.live:
            changes |= self._standing.refresh(db, issue_id, now=now)
        added = frozenset(issues.get(db, one).key for one in filing.began & filing.live)
        changes |= Changes(issues=added, added=added)
        return changes | self._ringing.consider(db, filing.live, now=now, is_news=True)

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
        else:  # so that the books show from the first mail on
            folders.announce(db, account_id=account.id, snapshot=folder)


def _file_report(
    db: Connection, account: Account, reading: Reading, filing: _Filing, report: Returned
) -> int:
    """A mail server's word about a mail of ours lies with it, and is nobody's."""
    received_at = reading.mail.received_at
    is_old = received_at < filing.cutoff
    filing.note(_Placed(issue_id=report.issue_id), is_old=is_old)
    stored = messages.add(
        db,
        message=reading.message,
        direction=Direction.IN,
        account_id=account.id,
        issue_id=report.issue_id,
        received_at=received_at,
        assessment=report.assessment,
        joined_because=returned.BECAUSE,
        raw=reading.mail.raw,
        complete=reading.mail.complete,
        packed=reading.packed or None,
    )
    if not is_old:  # what came back years ago brings nothing back
        filing.moved.append(
            returned.write_down(db, report, reported_at=received_at, now=filing.now)
        )
    return stored


def _by_reference(message: Message, known: Mapping[str, int]) -> Placement | None:
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
