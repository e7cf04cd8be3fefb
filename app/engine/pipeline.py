"""Pipeline: the natural walk of one mail, from what was said to who must know.

Runs inside the writer's transaction: the mails of a batch, all that follows from them, and the
cursor are written together or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from app.domain.account import Account, own_addresses
from app.domain.assessment import Assessment
from app.domain.changes import Changes
from app.domain.mailbox import Batch, FolderRole, FolderSnapshot
from app.domain.message import Direction, Message
from app.domain.translation import tr
from app.engine import (
    calling_back,
    calming,
    colleagues,
    later,
    placing,
    returned,
    sent_mail,
    shelving,
)
from app.engine.assessing import Assessor
from app.engine.books import keep_books, where_of
from app.engine.calling_back import BECAUSE, CalledBack
from app.engine.causes import Causes, Filed
from app.engine.filing import Filing
from app.engine.junk import Junk
from app.engine.placing import Arrival, Placed, Placing
from app.engine.reading import Reading
from app.engine.returned import Returned
from app.engine.ringing import Ringing
from app.engine.standing import Standing
from app.mail import bounce, parse
from app.storage import (
    accounts,
    awaiting,
    folders,
    forgotten,
    gmail,
    issues,
    labels,
    lessons,
    messages,
)
from app.storage.connection import Connection
from app.storage.folders import Located
from app.storage.messages import StoredMessage
from app.triage.rescue import Rescue
from app.triage.triage import Judged


class Pipeline:
    """Files messages under their issues. One for the whole engine; holds no state of its own."""

    def __init__(
        self,
        *,
        assessor: Assessor,
        standing: Standing,
        causes: Causes,
        ringing: Ringing,
        junk: Junk,
        history: Callable[[], timedelta],
        reopen: Callable[[], timedelta],
        stored: Callable[[], None] = lambda: None,
    ) -> None:
        """`history`: mail older than this is put on the shelf, and judged when there is time.

        `reopen`: an answer to an issue that was put away longer ago than this begins a new one.
        `stored`: told where mails were only stored, and `judge` has to be asked for them.
        """
        self._assessor = assessor
        self._standing = standing
        self._causes = causes
        self._ringing = ringing
        self._history = history
        self._placing = Placing(standing=standing, reopen=reopen)
        self._junk = junk
        self._stored = stored

    def ingest(
        self,
        db: Connection,
        account: Account,
        batch: Batch,
        readings: Sequence[Reading],
        *,
        now: datetime,
        stores_first: bool = False,
    ) -> Changes:
        """File a batch: what is new, what was passed over, what is gone, and the cursor.

        Where many of its mails are to be judged, or it `stores_first`, they are only stored, and
        `judge` files them.
        """
        filing = self._filing(db, now=now)
        folder = batch.folder
        recent = sum(one.mail.received_at >= filing.cutoff for one in readings)
        is_later = recent > later.AT_ONCE or stores_first
        if is_later and folder.role is not FolderRole.JUNK:
            filing = replace(filing, later=True)
            self._stored()
        readings = sorted(readings, key=lambda one: one.mail.received_at)
        if len(readings) > later.AT_ONCE and folder.role not in (FolderRole.JUNK, FolderRole.SENT):
            readings = _shelve(db, account, readings, filing)
        for reading in readings:
            self._lay_down(db, account, folder, reading, filing)
        changes = self._refresh(db, filing, now=now)
        return changes | keep_books(db, account, batch, filing.located, now=now)

    def read_ahead(
        self, folder: FolderSnapshot, readings: Sequence[Reading], *, now: datetime
    ) -> None:
        """Before `ingest` has its turn: read the words of what it will judge at once."""
        if folder.role in (FolderRole.JUNK, FolderRole.SENT):
            return
        recent = [one.message for one in readings if one.mail.received_at >= self.cutoff(now)]
        if len(recent) <= later.AT_ONCE:
            self._assessor.read_ahead(recent)

    def judge(
        self,
        db: Connection,
        stored: Sequence[later.Stored],
        *,
        now: datetime,
        judged: bool = True,
    ) -> Changes:
        """File mails that were only stored, as if they came now: judged, placed, let ring.

        Not `judged`: they are only placed and shown, because judging them fails.
        """
        filing = self._filing(db, now=now)
        for one in sorted(stored, key=lambda one: one.id):
            self._judge_one(db, one, filing, judged=judged)
        return self._refresh(db, filing, now=now)

    def left_in_junk(
        self, db: Connection, account_id: int, beginnings: Sequence[Reading], *, now: datetime
    ) -> dict[int, str]:
        """Those mails of Junk that need not be fetched whole, and why; reads only.

        `beginnings` hold their headers and the first of their words.
        """
        filing = self._filing(db, now=now)
        found: dict[int, str] = {}
        for one in beginnings:
            if not _may_be_stored(db, account_id, one):
                verdict = self._verdict(db, one, filing)
                if verdict.left:
                    found[one.mail.uid] = _left(verdict.left)
        return found

    def cutoff(self, now: datetime) -> datetime:
        """What arrived before this is old mail."""
        return now - self._history()

    def _filing(self, db: Connection, *, now: datetime) -> Filing:
        own = own_addresses(accounts.every(db))
        return Filing(own=own, cutoff=self.cutoff(now), now=now)

    def _verdict(self, db: Connection, reading: Reading, filing: Filing) -> Rescue:
        """What is to become of a mail in Junk."""
        is_old = reading.mail.received_at < filing.cutoff
        return self._junk.verdict(db, reading, own=filing.own, is_old=is_old)

    def _lay_down(
        self,
        db: Connection,
        account: Account,
        folder: FolderSnapshot,
        reading: Reading,
        filing: Filing,
    ) -> None:
        """One mail: stored, found to be stored, or left where it is; and where it lies."""
        named = _by_own_name(db, reading.message)
        reading = replace(reading, message=self._by_its_writer(db, named, filing.own))
        message, mail = reading.message, reading.mail
        stored = _find(db, message)
        if stored is None and mail.gmail is not None:
            stored = gmail.find(db, account.id, mail.gmail)
        if stored is None:
            stored = self._take_in(db, account, folder, reading, filing)
        if stored is None:
            return
        if mail.gmail is not None:
            gmail.note(db, account.id, mail.gmail, stored)
        if mail.labels is not None:
            labels.note(db, stored, mail.labels)
        filing.located.append(_located(reading, stored))

    def _take_in(
        self,
        db: Connection,
        account: Account,
        folder: FolderSnapshot,
        reading: Reading,
        filing: Filing,
    ) -> int | None:
        """The row of a mail that is new; None where its writer was forgotten, or Junk keeps it."""
        message, mail = reading.message, reading.mail
        where = where_of(account, folder)
        sender = message.from_.key if message.from_ else ""
        mark = forgotten.mail_mark(message.message_id, sender, message.sent_at)
        if forgotten.is_forgotten(db, mark):
            folders.skip(db, **where, uid=mail.uid, mark=mail.mark, reason=forgotten.REASON)
            return None
        rescued = ""
        if folder.role is FolderRole.JUNK:
            verdict = self._verdict(db, reading, filing)
            if verdict.left:
                reason = _left(verdict.left)
                folders.skip(db, **where, uid=mail.uid, mark=mail.mark, reason=reason, left=True)
                return None
            rescued = verdict.because
        return self._file(db, account, reading, filing, role=folder.role, rescued=rescued)

    def _by_its_writer(self, db: Connection, message: Message, own: frozenset[str]) -> Message:
        """A customer's letter that a colleague passes on is the customer's."""
        told = colleagues.for_whom_it_speaks(message, own=own)
        is_forged = told is not message and self._assessor.is_forged(db, message)
        return message if is_forged else told

    def _file(
        self,
        db: Connection,
        account: Account,
        reading: Reading,
        filing: Filing,
        *,
        role: FolderRole,
        rescued: str,
    ) -> int:
        """A new message of an issue that is there or begins; its row."""
        message, mail = reading.message, reading.mail
        if role is FolderRole.SENT and (
            found := sent_mail.settle_doubt(db, message, standing=self._standing, now=filing.now)
        ):
            filing.live.add(found[1])
            return found[0]
        report = _report_of(db, reading)
        if report is not None:
            return _file_report(db, account, reading, filing, report)
        by_place = sent_mail.is_ours(message, role, filing.own)
        said_by_us = by_place or (
            _is_from_us(message, filing.own) and not self._assessor.is_forged(db, message)
        )
        is_old = mail.received_at < filing.cutoff
        if filing.later and not said_by_us and not is_old:
            return _store(db, account, reading, filing)
        known = placing.known_issues(db, message)
        judged: Judged | None = None
        if not said_by_us and not is_old:
            judged = self._assessor.judge(
                db, message, received_at=mail.received_at, own=filing.own, known=known
            )
        assessment = judged.assessment if judged else None
        arrival = Arrival(
            message=message,
            received_at=mail.received_at,
            account_id=account.id,
            assessment=assessment,
            known=known,
            is_old=is_old,
            now=filing.now,
            said_by_us=said_by_us,
            gmail=mail.gmail,
        )
        placed = self._place(db, arrival, filing)
        if said_by_us:
            assessment = sent_mail.automatic(message) or sent_mail.passed_on(
                db, message, placed.issue_id, own=filing.own
            )
        stored = messages.add(
            db,
            message=message,
            direction=Direction.OUT if said_by_us else Direction.IN,
            account_id=account.id,
            issue_id=placed.issue_id,
            received_at=mail.received_at,
            assessment=assessment,
            joined_because=_because(placed, by_place=by_place),
            raw=mail.raw,
            complete=mail.complete,
            packed=reading.packed or None,
            rescued=rescued,
        )
        if judged is not None and judged.heard is not None:
            lessons.keep(db, stored, judged.heard)
        return stored

    def _place(self, db: Connection, arrival: Arrival, filing: Filing) -> Placed:
        """The issue of a mail, found or begun."""
        if arrival.assessment is not None:
            is_notice = self._assessor.is_notice(db, arrival.message)
            arrival = replace(arrival, is_notice=is_notice)
        return self._note(self._placing.place(db, arrival), arrival, filing)

    @staticmethod
    def _note(placed: Placed, arrival: Arrival, filing: Filing) -> Placed:
        filing.note(placed, is_old=arrival.is_old)
        if arrival.said_by_us and not arrival.is_old:
            filing.answered.add(placed.issue_id)
        if arrival.assessment is not None:
            filing.judged.append(_filed(arrival, arrival.assessment, placed.issue_id))
        return placed

    def _judge_one(
        self, db: Connection, one: later.Stored, filing: Filing, *, judged: bool
    ) -> None:
        """What `_file` left for later; a mail that grew old meanwhile is old mail."""
        row = messages.get(db, one.id)
        named = replace(one.message, message_id=row.message_id, synthetic_id=row.synthetic_id)
        one = replace(one, message=named)
        is_old = row.received_at < filing.cutoff
        known = placing.known_issues(db, one.message)
        assessment = None
        if judged and not is_old:
            found = self._assessor.judge(
                db, one.message, received_at=row.received_at, own=filing.own, known=known
            )
            assessment = found.assessment
            messages.set_assessment(db, one.id, assessment)
            if found.heard is not None:
                lessons.keep(db, one.id, found.heard)
        arrival = Arrival(
            message=one.message,
            received_at=row.received_at,
            account_id=row.account_id,
            assessment=assessment,
            known=known,
            is_old=is_old,
            now=filing.now,
            gmail=one.gmail,
        )
        self._take_out(db, arrival, row, filing)
        awaiting.over(db, one.id)

    def _take_out(
        self, db: Connection, arrival: Arrival, row: StoredMessage, filing: Filing
    ) -> None:
        """From the issue that held its place; where a person has that in hand, it stays there."""
        if awaiting.only_holds_its_place(db, row.issue_id):
            placed = self._place(db, arrival, filing)
            messages.move(db, (row.id,), placed.issue_id, because=placed.because)
            filing.moved.append(later.into_its_own(db, row.issue_id, placed.issue_id))
        else:
            placing.stay(db, arrival, row.issue_id)
            placed = self._note(Placed(issue_id=row.issue_id), arrival, filing)
        filing.alone.pop(placed.issue_id, None)  # it has one mail more than it began with

    def _refresh(self, db: Connection, filing: Filing, *, now: datetime) -> Changes:
        changes = reduce(or_, filing.moved, Changes.of_issues(filing.alone.values()))
        for issue_id in filing.shelved - filing.live - filing.alone.keys():
            changes |= self._standing.shelve(db, issue_id, now=now)
        for issue_id in filing.live:
            happened = filing.happened(issue_id)
            changes |= self._standing.refresh(db, issue_id, now=now, happened=happened)
        added = frozenset(issues.get(db, one).key for one in filing.began & filing.live)
        changes |= Changes(issues=added, added=added)
        if not filing.live:  # of old mail nothing rings
            return changes
        changes |= calming.answered(db, filing.answered & filing.live, now=now)
        changes |= self._causes.note(db, filing.judged, now=now)
        return changes | self._ringing.consider(db, filing.live, now=now, is_news=True)


def _shelve(
    db: Connection, account: Account, readings: Sequence[Reading], filing: Filing
) -> Sequence[Reading]:
    """Store what needs no look of its own, together; the others."""
    shelved = shelving.shelve(
        db,
        readings,
        account_id=account.id,
        own=filing.own,
        cutoff=filing.cutoff,
        later=filing.later,
    )
    filing.moved.append(Changes.of_issues(shelved.keys))
    for reading, stored in shelved.stored:
        filing.located.append(_located(reading, stored))
    return shelved.rest


def _located(reading: Reading, stored: int) -> Located:
    mail = reading.mail
    return Located(uid=mail.uid, message_id=stored, flags=mail.flags, mark=mail.mark)


def _store(db: Connection, account: Account, reading: Reading, filing: Filing) -> int:
    mail = reading.mail
    stored, changes = later.put(
        db,
        reading.message,
        account_id=account.id,
        received_at=mail.received_at,
        gmail=mail.gmail,
        raw=mail.raw,
        complete=mail.complete,
        packed=reading.packed or None,
    )
    filing.moved.append(changes)
    return stored


def _filed(arrival: Arrival, assessment: Assessment, issue_id: int) -> Filed:
    return Filed(
        message=arrival.message,
        assessment=assessment,
        issue_id=issue_id,
        at=arrival.received_at,
    )


def _may_be_stored(db: Connection, account_id: int, one: Reading) -> bool:
    """Whether this may be a mail that we have: moved into Junk, or without a name of its own."""
    message, ids = _by_own_name(db, one.message), one.mail.gmail
    if message.synthetic_id or (ids is not None and gmail.find(db, account_id, ids) is not None):
        return True
    return _find(db, message) is not None


def _find(db: Connection, message: Message) -> int | None:
    return messages.find(
        db,
        message_id=message.message_id,
        raw_sha256=message.raw_sha256,
        from_key=message.from_.key if message.from_ else "",
        sent_at=message.sent_at,
    )


def _by_own_name(db: Connection, message: Message) -> Message:
    """The mail, by a name made of its bytes where others of another date bear the one it has."""
    if not messages.has_namesake(db, message_id=message.message_id, sent_at=message.sent_at):
        return message
    name = parse.stand_in(message.raw_sha256)
    return replace(message, message_id=name, synthetic_id=True)


def _left(why: str) -> str:
    return tr("Left in Junk: {why}.", why=why)


def _is_from_us(message: Message, own: frozenset[str]) -> bool:
    """Whether its sender is ours; a contact form writes in our name for who is in Reply-To, also
    where what they typed there is no address."""
    sender = message.from_
    answered = next(iter(message.reply_to), sender)
    return all(one is not None and one.is_one_of(own) for one in (sender, answered))


def _report_of(db: Connection, reading: Reading) -> Returned | CalledBack | None:
    """What a mail server says of a mail of ours, or what comes back about a call to our people."""
    report = bounce.read(reading.mail.raw, reading.message)
    about_ours = returned.recognise(db, report)
    if about_ours is not None:
        return about_ours
    return calling_back.recognise(db, report, reading.message)


def _because(placed: Placed, *, by_place: bool) -> str:
    """Why a message lies with its issue; of our own also where it was found."""
    return "; ".join(filter(None, (sent_mail.ELSEWHERE if by_place else "", placed.because)))


def _file_report(
    db: Connection,
    account: Account,
    reading: Reading,
    filing: Filing,
    report: Returned | CalledBack,
) -> int:
    """It lies with the mail that it is about, and is nobody's words."""
    received_at = reading.mail.received_at
    is_old = received_at < filing.cutoff
    filing.note(Placed(issue_id=report.issue_id), is_old=is_old)
    stored = messages.add(
        db,
        message=reading.message,
        direction=Direction.IN,
        account_id=account.id,
        issue_id=report.issue_id,
        received_at=received_at,
        assessment=report.assessment,
        joined_because=BECAUSE if isinstance(report, CalledBack) else returned.BECAUSE,
        raw=reading.mail.raw,
        complete=reading.mail.complete,
        packed=reading.packed or None,
    )
    if isinstance(report, CalledBack):
        filing.moved.append(calling_back.write_down(db, report, now=filing.now))
    elif not is_old:  # what came back years ago brings nothing back
        filing.moved.append(
            returned.write_down(db, report, reported_at=received_at, now=filing.now)
        )
    return stored
