"""On its way: the verbs about a reply that was queued: take it back, let it go now, try it again,
give it up, or say that it did arrive.

Between `writing`, which queues it, and `outbox`, which sends it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.domain.changes import Changes
from app.domain.clock import Clock
from app.domain.errors import Refused
from app.domain.journal import EntryType
from app.domain.reply import OutboxState, Reply
from app.domain.translation import tr
from app.engine import drafting
from app.engine.desk import Verb
from app.engine.sent_reply import record_sent
from app.engine.standing import Standing
from app.storage import drafts, issues, journal, outbox
from app.storage.connection import Connection
from app.storage.writer import Writer

_STUCK = (OutboxState.FAILED, OutboxState.BLOCKED, OutboxState.UNKNOWN)


class OnItsWay:
    """What a person does with a reply that is queued, is leaving, or is stuck."""

    def __init__(
        self,
        *,
        writer: Writer,
        standing: Standing,
        clock: Clock,
        publish: Callable[[Changes], None],
        wake: Callable[[], None],
    ) -> None:
        """`wake` has the outbox look at once."""
        self._writer = writer
        self._standing = standing
        self._clock = clock
        self._publish = publish
        self._wake = wake

    def verbs(self) -> dict[str, Verb]:
        """The verbs by the names that desks use."""
        return {
            "undo_send": self.undo_send,
            "send_now": self.send_now,
            "retry_reply": self.retry_reply,
            "discard_reply": self.discard_reply,
            "confirm_reply": self.confirm_reply,
        }

    def undo_send(self, reply: int) -> dict[str, Any]:
        """Take back a reply that has not left yet; its words become the draft again."""
        now = self._clock.now()

        def write(db: Connection) -> tuple[Changes, Reply]:
            present = outbox.get(db, reply)
            _refuse_taken_back(present)
            if present.state is not OutboxState.QUEUED:
                raise Refused(
                    tr("It is too late to undo"), tr("The reply has left, or is leaving right now")
                )
            outbox.set_state(db, reply, OutboxState.UNDONE)
            issue_id = issues.by_key(db, present.issue_key)
            data = {"reply": reply, "scheduled": present.scheduled}
            journal.append(db, issue_id=issue_id, type=EntryType.REPLY_UNDONE, at=now, data=data)
            drafts.save(db, drafting.with_what_was_begun(db, present), now)
            return self._standing.refresh(db, issue_id, now=now), present

        changes, present = self._writer.do(write)
        return {
            **self._told(changes | Changes(outbox=frozenset({reply}))),
            **_words_of(present),
        }

    def send_now(self, reply: int) -> dict[str, Any]:
        """Let a reply that waits for its hour go at once."""
        now = self._clock.now()

        def write(db: Connection) -> Changes:
            present = outbox.get(db, reply)
            _refuse_taken_back(present)
            if present.state is not OutboxState.QUEUED:
                raise Refused(
                    tr("It is not waiting any more"), tr("The reply has left, or is leaving")
                )
            outbox.set_state(db, reply, OutboxState.QUEUED, not_before=now, error=present.error)
            return Changes(issues=frozenset({present.issue_key}), outbox=frozenset({reply}))

        answer = self._told(self._writer.do(write))
        self._wake()
        return answer

    def retry_reply(self, reply: int) -> dict[str, Any]:
        """Send again what failed, was blocked, or may have been lost: the same mail, unchanged.

        What may have been sent is looked for in Sent once more before it leaves (outbox).
        """
        now = self._clock.now()

        def write(db: Connection) -> Changes:
            present = outbox.get(db, reply)
            if present.state not in _STUCK:
                raise Refused(tr("This reply does not wait for a second try"))
            outbox.ask_again(db, reply, now)
            return Changes(issues=frozenset({present.issue_key}), outbox=frozenset({reply}))

        answer = self._told(self._writer.do(write))
        self._wake()
        return answer

    def discard_reply(self, reply: int) -> dict[str, Any]:
        """Give up a reply that failed or may have been sent; its words become the draft again."""
        now = self._clock.now()

        def write(db: Connection) -> Reply:
            present = outbox.get(db, reply)
            if present.state not in _STUCK:
                raise Refused(
                    tr("This reply is not stuck"), tr("Only a stuck reply can be given up")
                )
            outbox.set_state(db, reply, OutboxState.UNDONE)
            drafts.save(db, drafting.with_what_was_begun(db, present), now)
            return present

        given_up = self._writer.do(write)
        moved = Changes(issues=frozenset({given_up.issue_key}), outbox=frozenset({reply}))
        return {**self._told(moved), **_words_of(given_up)}

    def confirm_reply(self, reply: int) -> dict[str, Any]:
        """Say that a reply that may have been lost did arrive: from now on it counts as sent."""
        now = self._clock.now()

        def write(db: Connection) -> Changes:
            present = outbox.get(db, reply)
            if present.state is not OutboxState.UNKNOWN:
                raise Refused(
                    tr("Nobody doubts that reply"), tr("Only one that may be lost is confirmed")
                )
            words = tr("a person says that it arrived")
            changes = record_sent(db, present, words=words, standing=self._standing, now=now)
            return changes | Changes(outbox=frozenset({reply}))

        answer = self._told(self._writer.do(write))
        self._wake()
        return answer

    def _told(self, changes: Changes) -> dict[str, Any]:
        self._publish(changes)
        return {"changes": changes.as_dict()}


def _refuse_taken_back(reply: Reply) -> None:
    """Raise Refused: nobody is to think that it left."""
    if reply.state is OutboxState.UNDONE:
        raise Refused(
            tr("It was taken back already"), tr("Its words are a draft again; nothing was sent")
        )


def _words_of(reply: Reply) -> dict[str, Any]:
    """What a desk puts back into its editor, all that a draft keeps."""
    return {
        "body": reply.body,
        "template": reply.template,
        "rendered": reply.rendered,
        "files": list(reply.files),
        "sender": reply.sender,
        "cc": list(reply.copied),
    }
