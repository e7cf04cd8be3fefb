"""Outbox: the way of a reply out, step by step, each written down before it is taken.

QUEUED -> SENDING -> DATA_SENT -> SENT -> FILED. SMTP cannot promise "exactly once": what was cut
off between the last dot and the server's answer is UNKNOWN, and a person decides. So nothing is
silently lost and nothing is silently sent twice. What could not be sent is tried again, more and
more calmly, and after days it is a person's turn.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from app.domain.account import Account, AccountType, HealthState
from app.domain.changes import Changes
from app.domain.clock import Clock
from app.domain.errors import (
    OUR_MISTAKE,
    CertificateRejected,
    KnownError,
    SecretsLocked,
    SecretsMissing,
    SignInRefused,
)
from app.domain.journal import EntryType
from app.domain.reply import TRIED_LONGEST, OutboxState, Reply
from app.domain.translation import to_translate, tr
from app.engine.account_health import wanted
from app.engine.doubts import Doubts
from app.engine.held_back import HeldBack
from app.engine.ports import Connections
from app.engine.sent_reply import record_sent
from app.engine.set_back import is_set_back
from app.engine.standing import Standing
from app.engine.turns import Turns
from app.engine.wire import Event
from app.mail import compose
from app.mail.smtp_failures import SendUnknown
from app.storage import (
    accounts,
    issues,
    journal,
    outbox,
    profile,
)
from app.storage.connection import Connection
from app.storage.writer import Writer

log = logging.getLogger(__name__)

# RFC 5321 4.5.4.1 wants patience; a reply to a customer wants the first try again soon.
_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
_FILING_PAUSE = timedelta(minutes=1)
_UNDO = timedelta(minutes=3)  # longer than anybody can set it to
_LONGEST_PAUSE = {
    OutboxState.QUEUED: max(_PAUSES),
    OutboxState.BLOCKED: timedelta(days=1),
    OutboxState.SENT: _FILING_PAUSE,
}
_LONGEST_WAIT = timedelta(minutes=1)
_FOUND = to_translate("found among the sent mail")
_ASKS_A_PERSON = (SignInRefused, CertificateRejected, SecretsLocked, SecretsMissing)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Left:
    """A reply that a server took, at that instant, with those words."""

    reply: Reply
    words: str
    at: datetime


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
        self._is_cut_off = False
        self._stepped_at: datetime | None = None
        self._left: dict[int, _Left] = {}  # until the profile has it
        self._doubts = Doubts()
        self._held_back = HeldBack()
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
        # A new start is a new chance to sign in.
        self._take_up(OutboxState.SENDING, OutboxState.BLOCKED)
        for reply in self._in_state(OutboxState.UNKNOWN):
            self._resolve_unknown(reply)

    def step(self) -> None:
        """Send what is due by now, and file copies of what was sent.

        Where the profile refused to be written, on a full disk or while another program held it,
        what became of a reply then is sorted out first.
        """
        if self._is_cut_off:
            self._write_left()
            self._take_up(OutboxState.SENDING)
        self._is_cut_off = True
        self._step()
        self._is_cut_off = False

    def _step(self) -> None:
        now = self._clock.now()
        self._look_again(now)
        self._let_go(now)
        if self._stepped_at is None or is_set_back(self._stepped_at, now):
            self._writer.do(partial(_pull_forward, now=now))
        self._stepped_at = now
        for reply in self._writer.do(lambda db: outbox.due(db, now, blocked=True)):
            if self._turns.is_over:
                return
            if reply.state is OutboxState.QUEUED or not self._held_back.needs_sign_in(reply.id):
                self._send(reply)
        for reply in self._in_state(OutboxState.SENT):
            if reply.not_before <= now:
                self._file(reply)

    def _take_up(self, *safe: OutboxState) -> None:
        """Let go again what is safe to, and look for what may have left."""
        now = self._clock.now()

        def write(db: Connection) -> tuple[Reply, ...]:
            stopped = outbox.in_state(db, *safe)
            for reply in stopped:
                outbox.set_state(db, reply.id, OutboxState.QUEUED, not_before=now)
            return stopped

        for reply in self._writer.do(write):
            self._tell(reply)
        for reply in self._in_state(OutboxState.DATA_SENT):
            self._resolve_unknown(reply)

    def _turn(self) -> float:
        """Send what is due; nothing before what an earlier engine left on its way is sorted out."""
        if not self._is_recovered:
            self.recover()
            self._is_recovered = True
        self.step()
        return self._pause()

    def _pause(self) -> float:
        both = (self._writer.do(outbox.next_due), self._doubts.next_due())
        due = min((at for at in both if at is not None), default=None)
        if due is None:
            return _LONGEST_WAIT.total_seconds()
        left = (due - self._clock.now()).total_seconds()
        return min(max(left, 0.05), _LONGEST_WAIT.total_seconds())

    def _resolve_unknown(self, reply: Reply) -> None:
        """Where the provider or our folder already holds the mail, it was sent; else ask."""
        account = self._account(reply)
        cut_off = reply.state is not OutboxState.UNKNOWN
        if cut_off and account is not None and account.type is AccountType.FOLDER:
            self._move(reply, OutboxState.QUEUED)  # writing the same file again changes nothing
            return
        if self._is_found(account, reply):
            return
        self._doubts.begin(reply.id, now=self._clock.now())
        if cut_off:
            self._not_known(reply)

    def _not_known(self, reply: Reply) -> None:
        words = tr("The connection broke while the server took the reply; it may have been sent.")
        self._move(reply, OutboxState.UNKNOWN, error=words)

    def _look_again(self, now: datetime) -> None:
        """Once more for each that it is time for, while nobody has decided."""
        if doubtful := frozenset(self._doubts.due(now)):
            for reply in self._in_state(OutboxState.UNKNOWN):
                if reply.id in doubtful:
                    self._is_found(self._account(reply), reply)

    def _is_found(self, account: Account | None, reply: Reply) -> bool:
        try:
            if account is None or not self._is_filed(account, reply):
                return False
        except KnownError as error:
            log.info("whether a reply was sent is not known yet: %s", error.sentence)
            return False
        self._found(reply)
        return True

    def _found(self, reply: Reply) -> None:
        """It lies among the sent mail: it was sent, unless somebody said something by now."""
        now = self._clock.now()

        def write(db: Connection) -> Changes | None:
            if outbox.get(db, reply.id).state is not reply.state:
                return None
            return record_sent(db, reply, words=tr(_FOUND), standing=self._standing, now=now)

        changes = self._writer.do(write)
        if changes is not None:
            self._tell(reply, changes)
            self._file(reply)

    def _let_go(self, now: datetime) -> None:
        """What was held back goes as soon as its account signed in again."""

        def write(db: Connection) -> list[Reply]:
            able = [
                reply
                for reply in outbox.in_state(db, OutboxState.BLOCKED)
                if self._held_back.may_go(
                    reply.id, signed_in_at=accounts.good_at(db, reply.account_id), now=now
                )
            ]
            for reply in able:
                outbox.set_state(db, reply.id, OutboxState.QUEUED, not_before=now)
            return able

        for reply in self._writer.do(write):
            self._tell(reply)

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
            words = self._looked_for(account, reply) or self._handed_over(account, reply)
        except SendUnknown:
            self._resolve_unknown(self._present(reply))
        except _ASKS_A_PERSON as error:
            self._blocked(account, reply, error)
        except KnownError as error:
            self._put_off(reply, error) if error.retry else self._failed(reply, error.sentence)
        except Exception:
            log.exception("bug while a reply was sent")
            self._after_mistake(reply)
        else:
            self._sent(reply, words)

    def _after_mistake(self, reply: Reply) -> None:
        """What was not committed is tried again, after a pause as ever; what was is looked for."""
        present = self._present(reply)
        if present.state is OutboxState.DATA_SENT:
            self._resolve_unknown(present)
        else:
            words = tr(OUR_MISTAKE)
            self._put_off(reply, KnownError(words))

    def _looked_for(self, account: Account, reply: Reply) -> str:
        """What may have left already is looked for before it leaves again; how it was found.

        A folder that can never be read stops nobody who wants it sent again.
        """
        try:
            found = reply.in_doubt and self._is_filed(account, reply)
        except _ASKS_A_PERSON:
            raise
        except KnownError as error:
            if error.retry:
                raise
            log.info("a reply is sent again without a look into Sent: %s", error.sentence)
            return ""
        return tr(_FOUND) if found else ""

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
                self._note_size(account, mailer.takes)

    def _note_size(self, account: Account, takes: int) -> None:
        """Where it cannot be written, whether the reply left is still what the server said."""
        name = profile.size_name(account.id)
        with suppress(KnownError):
            self._writer.do(lambda db: profile.set_meta(db, name, str(takes)))

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
        """It left and never leaves again; where the profile does not take that, it is kept here."""
        self._left[reply.id] = _Left(reply=reply, words=words, at=self._clock.now())
        self._write_left()

    def _write_left(self) -> None:
        for left in tuple(self._left.values()):
            changes = self._writer.do(partial(self._record_left, left=left))
            del self._left[left.reply.id]
            if changes is not None:
                self._tell(left.reply, changes)
                self._file(left.reply)

    def _record_left(self, db: Connection, *, left: _Left) -> Changes | None:
        """None where somebody said something about it by now, or its customer was forgotten."""
        under_way = outbox.in_state(db, OutboxState.SENDING, OutboxState.DATA_SENT)
        if left.reply.id not in {one.id for one in under_way}:
            return None
        return record_sent(db, left.reply, words=left.words, standing=self._standing, now=left.at)

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
        now = self._clock.now()
        if self._is_given_up(reply, error, now=now):
            return
        later = now + _PAUSES[min(reply.attempt, len(_PAUSES) - 1)]
        self._move(
            reply, OutboxState.QUEUED, error=error.sentence, not_before=later, tried_since=now
        )

    def _is_given_up(self, reply: Reply, error: KnownError, *, now: datetime) -> bool:
        """After days its words are old, and a person says whether they are still to go."""
        if reply.tried_since is None or now - reply.tried_since < TRIED_LONGEST:
            return False
        days = TRIED_LONGEST.days
        words = tr("It could not be sent for {days} days. {why}", days=days, why=error.sentence)
        if reply.in_doubt:
            self._move(reply, OutboxState.UNKNOWN, error=words)
        else:
            self._failed(reply, words, last_tried=now)
        return True

    def _blocked(self, account: Account, reply: Reply, error: KnownError) -> None:
        now = self._clock.now()
        later = self._held_back.hold(reply.id, error, attempt=reply.attempt, now=now)
        self._writer.do(
            lambda db: accounts.set_health(
                db,
                account.id,
                state=HealthState.ASKING,
                title=error.title,
                message=error.message,
                hint=error.hint,
                tried_at=now,
                wants=wanted(error),
            )
        )
        if not self._is_given_up(reply, error, now=now):
            self._move(
                reply, OutboxState.BLOCKED, error=error.sentence, not_before=later, tried_since=now
            )

    def _failed(self, reply: Reply, sentence: str, *, last_tried: datetime | None = None) -> None:
        now = self._clock.now()

        def write(db: Connection) -> Changes:
            outbox.set_state(
                db, reply.id, OutboxState.FAILED, error=sentence, not_before=last_tried
            )
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
        tried_since: datetime | None = None,
    ) -> None:
        self._writer.do(
            lambda db: outbox.set_state(
                db, reply.id, state, error=error, not_before=not_before, tried_since=tried_since
            )
        )
        self._tell(reply)

    def _present(self, reply: Reply) -> Reply:
        return self._writer.do(lambda db: outbox.get(db, reply.id))

    def _in_state(self, *states: OutboxState) -> tuple[Reply, ...]:
        return self._writer.do(lambda db: outbox.in_state(db, *states))

    def _account(self, reply: Reply) -> Account | None:
        every = self._writer.do(accounts.every)
        return next((account for account in every if account.id == reply.account_id), None)

    def _tell(self, reply: Reply, changes: Changes | None = None) -> None:
        moved = Changes(issues=frozenset({reply.issue_key}), outbox=frozenset({reply.id}))
        self._publish(Event(kind="changes", changes=moved | (changes or Changes())))


def _pull_forward(db: Connection, *, now: datetime) -> None:
    """What nobody planned waits for minutes, an hour after tries, a day for signing in: where it
    would for longer, the clock was ahead when that was written, and it is due."""
    for reply in outbox.in_state(db, *_LONGEST_PAUSE):
        is_planned = reply.scheduled and not reply.attempt
        longest = _LONGEST_PAUSE[reply.state] if reply.attempt else _UNDO
        if not is_planned and reply.not_before - now > longest:
            outbox.set_state(db, reply.id, reply.state, error=reply.error, not_before=now)
