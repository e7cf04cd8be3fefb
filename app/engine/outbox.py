"""Outbox: the way of a reply out, step by step, each written down before it is taken.

QUEUED -> SENDING -> DATA_SENT -> SENT -> FILED. SMTP cannot promise "exactly once": what was cut
off between the last dot and the server's answer is UNKNOWN, and a person decides. So nothing is
silently lost and nothing is silently sent twice.
"""

from __future__ import annotations

import difflib
import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.account import Account, AccountType, HealthState
from app.domain.changes import Changes
from app.domain.clock import Clock, local_zone, rfc3339
from app.domain.errors import (
    CertificateRejected,
    KnownError,
    SecretsLocked,
    SecretsMissing,
    SignInRefused,
)
from app.domain.issue import Issue
from app.domain.journal import Entry, EntryType, State
from app.domain.mailbox import MailFlag
from app.domain.message import Direction
from app.domain.reply import OutboxState, Reply
from app.domain.translation import tr
from app.domain.zone import days_on
from app.engine.addressing import is_aside
from app.engine.ports import Connections
from app.engine.standing import Standing
from app.engine.turns import Turns
from app.engine.wire import Event
from app.mail import compose, parse
from app.mail.smtp_failures import SendUnknown
from app.storage import (
    accounts,
    crossing,
    drafts,
    issues,
    journal,
    messages,
    on_server,
    outbox,
    profile,
)
from app.storage.database import Connection
from app.storage.writer import Writer

log = logging.getLogger(__name__)

# RFC 5321 4.5.4.1 wants patience; a reply to a customer wants the first try again soon.
_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
_FILING_PAUSE = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(minutes=1)
_LATE = timedelta(minutes=10)  # a planned reply: the machine slept, or was off
_ASKS_A_PERSON = (SignInRefused, CertificateRejected, SecretsLocked, SecretsMissing)


class Outbox:
    """The thread that sends what is due."""

    def __init__(
        self,
        *,
        writer: Writer,
        connections: Connections,
        standing: Standing,
        clock: Clock,
        publish: Callable[[Event], None],
    ) -> None:
        self._writer = writer
        self._connections = connections
        self._standing = standing
        self._clock = clock
        self._publish = publish
        self._is_recovered = False
        self._turns = Turns(self._turn, name="outbox", rest=_LONGEST_WAIT.total_seconds())

    def start(self) -> None:
        """Take up what an earlier engine left on its way, then send what is due."""
        self._turns.start()

    def stop(self) -> None:
        """End after the reply that is under way."""
        self._turns.stop(within=60)

    def wake(self) -> None:
        """Look again: something was queued, or an account works again."""
        self._turns.wake()

    def recover(self) -> None:
        """What was on its way when an engine died: before the data it is safe to try again."""
        safe = (OutboxState.SENDING, OutboxState.BLOCKED)  # a new start is a new chance to sign in
        for reply in self._writer.do(lambda db: outbox.in_state(db, *safe)):
            self._move(reply, OutboxState.QUEUED)
        for reply in self._writer.do(lambda db: outbox.in_state(db, OutboxState.DATA_SENT)):
            self._resolve_unknown(reply)

    def step(self) -> None:
        """Send what is due by now, and file copies of what was sent."""
        now = self._clock.now()
        for reply in self._writer.do(lambda db: outbox.due(db, now)):
            if self._turns.is_over:
                return
            self._send(reply)
        for reply in self._writer.do(lambda db: outbox.in_state(db, OutboxState.SENT)):
            if reply.not_before <= now:
                self._file(reply)

    def _turn(self) -> float:
        """Send what is due; nothing before what an earlier engine left on its way is sorted out."""
        if not self._is_recovered:
            self.recover()
            self._is_recovered = True
        self.step()
        return self._pause()

    def _pause(self) -> float:
        due = self._writer.do(outbox.next_due)
        if due is None:
            return _LONGEST_WAIT.total_seconds()
        left = (due - self._clock.now()).total_seconds()
        return min(max(left, 0.05), _LONGEST_WAIT.total_seconds())

    def _resolve_unknown(self, reply: Reply) -> None:
        """Where the provider or our folder already holds the mail, it was sent; else ask."""
        account = self._account(reply)
        if account is not None and account.type is AccountType.FOLDER:
            self._move(reply, OutboxState.QUEUED)  # writing the same file again changes nothing
            return
        try:
            if account is not None and self._is_filed(account, reply):
                self._sent(reply, tr("found among the sent mail"))
                return
        except KnownError as error:
            log.info("whether a reply was sent is not known yet: %s", error.sentence)
        self._move(
            reply,
            OutboxState.UNKNOWN,
            error=tr(
                "The connection broke while the server took the reply; it may have been sent."
            ),
        )

    def _send(self, reply: Reply) -> None:
        account = self._account(reply)
        if account is None:
            self._failed(reply, tr("The account that it was to be sent from is gone."))
            return
        claimed = self._claim(reply)
        if claimed is None:
            return  # it was undone a moment ago
        reply = replace(reply, mime=claimed.mime)
        try:
            words = self._handed_over(account, reply)
        except SendUnknown:
            self._resolve_unknown(reply)
        except _ASKS_A_PERSON as error:
            self._blocked(account, reply, error)
        except KnownError as error:
            self._put_off(reply, error) if error.retry else self._failed(reply, error.sentence)
        except Exception:
            log.exception("bug while a reply was sent")
            self.recover()  # what was not committed is tried again, what was is looked for
        else:
            self._sent(reply, words)

    def _handed_over(self, account: Account, reply: Reply) -> str:
        mailer = self._connections.mailer(account)
        try:
            return mailer.send(
                reply.mime,
                sender=reply.sender,
                recipients=reply.recipients,
                about_to_commit=lambda: self._commit(reply),
            )
        finally:
            if mailer.takes:  # so that the next reply is refused before it is queued
                name, size = profile.size_name(account.id), str(mailer.takes)
                self._writer.do(lambda db: profile.set_meta(db, name, size))

    def _claim(self, reply: Reply) -> Reply | None:
        """Take it up, with its last bytes; None where somebody took it back."""
        now = self._clock.now()

        def claim(db: Connection) -> Reply | None:
            present = outbox.get(db, reply.id)
            if present.state not in (OutboxState.QUEUED, OutboxState.BLOCKED):
                return None
            if present.scheduled and not present.attempt:  # it says when it left, not when planned
                outbox.set_mime(db, reply.id, compose.redated(present.mime, now))
            outbox.set_state(db, reply.id, OutboxState.SENDING, attempt=reply.attempt + 1)
            return outbox.get(db, reply.id)

        claimed = self._writer.do(claim)
        if claimed is not None:
            self._tell(reply)
        return claimed

    def _commit(self, reply: Reply) -> None:
        self._writer.do(
            lambda db: outbox.set_state(db, reply.id, OutboxState.DATA_SENT), durable=True
        )

    def _sent(self, reply: Reply, words: str) -> None:
        now = self._clock.now()

        def write(db: Connection) -> Changes:
            return record_sent(db, reply, words=words, standing=self._standing, now=now)

        changes = self._writer.do(write)
        self._tell(reply, changes)
        self._file(reply)

    def _file(self, reply: Reply) -> None:
        """Put a copy among the sent mail, unless the provider already did."""
        account = self._account(reply)
        try:
            if account is not None and not self._is_filed(account, reply):
                copies = self._connections.sent_copies(account)
                if copies is not None:
                    copies.file(reply.mime, reply.sent_at or self._clock.now())
                    copies.close()
        except KnownError as error:
            log.info("the copy of a sent reply waits: %s", error.sentence)
            later = self._clock.now() + _FILING_PAUSE
            self._move(reply, OutboxState.SENT, error=error.sentence, not_before=later)
            return
        self._move(reply, OutboxState.FILED)

    def _is_filed(self, account: Account, reply: Reply) -> bool:
        copies = self._connections.sent_copies(account)
        if copies is None:
            return False
        try:
            return copies.holds(reply.message_id)
        finally:
            copies.close()

    def _put_off(self, reply: Reply, error: KnownError) -> None:
        pause = _PAUSES[min(reply.attempt, len(_PAUSES) - 1)]
        later = self._clock.now() + pause
        self._move(reply, OutboxState.QUEUED, error=error.sentence, not_before=later)

    def _blocked(self, account: Account, reply: Reply, error: KnownError) -> None:
        now = self._clock.now()
        self._writer.do(
            lambda db: accounts.set_health(
                db,
                account.id,
                state=HealthState.ASKING,
                title=error.title,
                message=error.message,
                hint=error.hint,
                tried_at=now,
            )
        )
        self._move(reply, OutboxState.BLOCKED, error=error.sentence)

    def _failed(self, reply: Reply, sentence: str) -> None:
        now = self._clock.now()

        def write(db: Connection) -> Changes:
            outbox.set_state(db, reply.id, OutboxState.FAILED, error=sentence)
            issue_id = issues.by_key(db, reply.issue_key)
            data = {"reply": reply.id, "error": sentence}
            journal.append(db, issue_id=issue_id, type=EntryType.REPLY_FAILED, at=now, data=data)
            return self._standing.refresh(db, issue_id, now=now)

        self._tell(reply, self._writer.do(write))

    def _move(
        self,
        reply: Reply,
        state: OutboxState,
        *,
        error: str = "",
        not_before: datetime | None = None,
    ) -> None:
        self._writer.do(
            lambda db: outbox.set_state(db, reply.id, state, error=error, not_before=not_before)
        )
        self._tell(reply)

    def _account(self, reply: Reply) -> Account | None:
        every = self._writer.do(accounts.every)
        return next((account for account in every if account.id == reply.account_id), None)

    def _tell(self, reply: Reply, changes: Changes | None = None) -> None:
        moved = Changes(issues=frozenset({reply.issue_key}), outbox=frozenset({reply.id}))
        self._publish(Event(kind="changes", changes=moved | (changes or Changes())))


def record_sent(
    db: Connection, reply: Reply, *, words: str, standing: Standing, now: datetime
) -> Changes:
    """Write down that a reply has left: journal, conversation, promise, all at once."""
    outbox.set_state(db, reply.id, OutboxState.SENT, smtp_reply=words, sent_at=now, not_before=now)
    issue_id = issues.by_key(db, reply.issue_key)
    issue = issues.get(db, issue_id)
    written_at = _written_at(journal.of_issue(db, issue_id), reply)
    data = {**_learnt(reply), **_promised(reply, now=now)}
    if is_aside(db, issue, messages.of_issue(db, issue_id), reply.recipients):
        data["aside"] = True
    elif issue.state is State.RESOLVED and _is_decided_since(issue, written_at):
        data["settled"] = True
    journal.append(db, issue_id=issue_id, type=EntryType.REPLY_SENT, at=now, data=data)
    # A provider may have filed its copy, and we may have read it, before its answer came.
    copy = messages.sent_by_us(db, (reply.message_id,))
    if copy is None:
        messages.add(
            db,
            message=parse.read(reply.mime),
            direction=Direction.OUT,
            account_id=reply.account_id,
            issue_id=issue_id,
            received_at=now,
            assessment=None,
            raw=reply.mime,
        )
    _note_answered(db, issue_id, written_at=written_at)
    left_at = max(now, copy.received_at) if copy else now
    crossing.note_leaving(db, issue_id, written_at=written_at, at=left_at)
    draft = drafts.get(db, reply.issue_key)
    if draft is not None and draft.body == reply.body:  # else somebody has begun another by now
        drafts.drop(db, reply.issue_key)
    return standing.refresh(db, issue_id, now=now)


def _promised(reply: Reply, *, now: datetime) -> dict[str, str]:
    """When it should have gone, if it is late, and when the issue comes back unanswered."""
    data = {}
    if reply.scheduled and not reply.attempt and now - reply.not_before > _LATE:
        data["planned_at"] = rfc3339(reply.not_before)
    if reply.follow_up_days:
        data["follow_up_at"] = rfc3339(days_on(now, reply.follow_up_days, zone=local_zone()))
    return data


def _written_at(entries: Iterable[Entry], reply: Reply) -> datetime:
    """When its writer let it go: it answers nothing that came later."""
    written = (
        entry.at
        for entry in entries
        if entry.type is EntryType.REPLY_QUEUED and entry.data.get("reply") == reply.id
    )
    return next(written, reply.created_at)


def _is_decided_since(issue: Issue, written_at: datetime) -> bool:
    decided_at = issue.decisions.state_at
    return decided_at is not None and decided_at > written_at


def _note_answered(db: Connection, issue_id: int, *, written_at: datetime) -> None:
    """The mail that was answered, and that the rest was read, for servers that shall know."""
    theirs = [
        one.id
        for one in messages.of_issue(db, issue_id)
        if one.direction is Direction.IN and one.counts_at <= written_at
    ]
    on_server.want_flags(db, theirs, frozenset((MailFlag.SEEN,)))
    on_server.want_flags(db, theirs[-1:], frozenset((MailFlag.ANSWERED,)))


def _learnt(reply: Reply) -> dict[str, str | int | float]:
    """What sending teaches: which template, and how much of it people change (0 to 1)."""
    data: dict[str, str | int | float] = {"reply": reply.id, "message_id": reply.message_id}
    if reply.template and reply.rendered:
        same = difflib.SequenceMatcher(a=reply.rendered, b=reply.body, autojunk=False).ratio()
        data |= {"template": reply.template, "changed": round(1 - same, 3)}
    return data
