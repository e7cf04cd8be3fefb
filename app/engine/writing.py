"""Writing: the verbs around a reply: which template, what it says, keep it, send it, take it back.

First half of the walk "Send reply"; `outbox` takes it from the moment it is queued.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from app.config.settings import Settings
from app.domain.account import Account, AccountType
from app.domain.changes import Changes
from app.domain.clock import Clock, rfc3339
from app.domain.errors import Refused
from app.domain.issue import Issue
from app.domain.journal import EntryType
from app.domain.message import Address, Direction
from app.domain.reply import Draft, OutboxState, Outgoing, Reply
from app.engine.desk import Verb
from app.engine.outbox import record_sent
from app.engine.standing import Standing
from app.mail import compose, own_ids
from app.replies import guard, render, variables
from app.replies.templates import Templates
from app.storage import accounts, drafts, issues, journal, messages, orders, outbox
from app.storage.database import Connection
from app.storage.messages import StoredMessage
from app.storage.profile import signing_key
from app.storage.writer import Writer


class Writing:
    """What a person does with a reply until it leaves."""

    def __init__(
        self,
        *,
        writer: Writer,
        standing: Standing,
        templates: Templates,
        settings: Callable[[], Settings],
        clock: Clock,
        publish: Callable[[Changes], None],
        wake: Callable[[], None],
    ) -> None:
        self._writer = writer
        self._standing = standing
        self._templates = templates
        self._settings = settings
        self._clock = clock
        self._publish = publish
        self._wake = wake

    def verbs(self) -> dict[str, Verb]:
        """The verbs by the names that desks use."""
        return {
            "templates": self.templates,
            "render": self.render,
            "save_draft": self.save_draft,
            "send_reply": self.send_reply,
            "undo_send": self.undo_send,
            "retry_reply": self.retry_reply,
            "discard_reply": self.discard_reply,
            "confirm_reply": self.confirm_reply,
        }

    def templates(self, key: str) -> dict[str, Any]:
        """The templates for this issue, best first."""
        issue, _ = self._writer.do(lambda db: _whole(db, key))
        judgement = issue.judgement
        ranked = self._templates.ranked(judgement.kind, judgement.language)
        return {
            "templates": [
                {
                    "id": one.id,
                    "kind": one.kind.value,
                    "name": one.name,
                    "language": one.language,
                    "title": one.title,
                    "own": one.own,
                }
                for one in ranked
            ],
            "faults": [fault.sentence for fault in self._templates.faults],
        }

    def render(
        self, key: str, template: str, language: str = "", values: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """A template filled in for this issue; its holes are named and stay visible."""
        issue, stored = self._writer.do(lambda db: _whole(db, key))
        chosen = self._templates.get(template, language or issue.judgement.language)
        variables.refuse_unknown(values or ())
        known = self._values(issue, _person(issue, stored), language=chosen.language)
        filled = render.render(chosen, {**known, **(values or {})})
        return {
            "text": filled.text,
            "holes": list(filled.holes),
            "subject": compose.reply_subject(_subject(issue, stored)),
            "to": [{"name": one.name, "email": one.email} for one in _recipients(issue, stored)],
            "language": chosen.language,
        }

    def save_draft(
        self, key: str, body: str, template: str = "", rendered: str = ""
    ) -> dict[str, Any]:
        """Keep what is written so far; an empty body keeps nothing."""
        now = self._clock.now()

        def write(db: Connection) -> Changes:
            issue = issues.get(db, issues.by_key(db, key))
            if body.strip():
                draft = Draft(issue_key=issue.key, body=body, template=template, rendered=rendered)
                drafts.save(db, draft, now)
            else:
                drafts.drop(db, issue.key)
            return Changes()

        return {"changes": self._writer.do(write).as_dict()}

    def send_reply(  # one keyword a part of the reply
        self,
        key: str,
        body: str,
        *,
        template: str = "",
        rendered: str = "",
        subject: str = "",
        request: str = "",
    ) -> dict[str, Any]:
        """Queue a reply; it leaves when the undo window is over. Raises Refused with every hole.

        `request` names this click: the same request asked twice queues one reply.
        """
        now = self._clock.now()
        issue, stored = self._writer.do(lambda db: _whole(db, key))
        account, own = self._writer.do(lambda db: _account_of(db, issue))
        draft = Draft(
            issue_key=issue.key,
            body=body,
            subject=subject or compose.reply_subject(_subject(issue, stored)),
            to=_recipients(issue, stored),
            template=template,
            rendered=rendered,
        )
        known = self._values(issue, _person(issue, stored), language=issue.judgement.language)
        holes = guard.check(draft, own_addresses=own, values=known)
        if holes:
            raise Refused("This reply cannot go out yet", " ".join(holes), holes=tuple(holes))
        not_before = now + timedelta(seconds=self._settings().undo_seconds)
        outgoing = self._outgoing(issue, stored, draft=draft, account=account)
        reply = Reply(
            issue_key=issue.key,
            account_id=account.id,
            message_id=outgoing.message_id,
            mime=compose.compose(outgoing),
            sender=outgoing.sender.email,
            recipients=tuple(one.email for one in draft.to),
            state=OutboxState.QUEUED,
            created_at=now,
            not_before=not_before,
            template=template,
            rendered=rendered,
            body=body,
            request=request,
        )
        return self._queue(reply, draft)

    def undo_send(self, reply: int) -> dict[str, Any]:
        """Take back a reply that has not left yet; its words become the draft again."""
        now = self._clock.now()

        def write(db: Connection) -> tuple[Changes, Reply]:
            present = outbox.get(db, reply)
            if present.state is not OutboxState.QUEUED:
                raise Refused(
                    "It is too late to undo", "The reply has left, or is leaving right now"
                )
            outbox.set_state(db, reply, OutboxState.UNDONE)
            issue_id = issues.by_key(db, present.issue_key)
            journal.append(
                db, issue_id=issue_id, type=EntryType.REPLY_UNDONE, at=now, data={"reply": reply}
            )
            drafts.save(db, _draft_of(present), now)
            return self._standing.refresh(db, issue_id, now=now), present

        changes, present = self._writer.do(write)
        return {
            **self._told(changes | Changes(outbox=frozenset({reply}))),
            "body": present.body,
            "template": present.template,
        }

    def retry_reply(self, reply: int) -> dict[str, Any]:
        """Send again what failed, was blocked, or may have been lost: the same mail, unchanged."""
        now = self._clock.now()
        again = (OutboxState.FAILED, OutboxState.BLOCKED, OutboxState.UNKNOWN)

        def write(db: Connection) -> Changes:
            present = outbox.get(db, reply)
            if present.state not in again:
                raise Refused("This reply does not wait for a second try")
            outbox.set_state(db, reply, OutboxState.QUEUED, not_before=now, error="")
            return Changes(issues=frozenset({present.issue_key}), outbox=frozenset({reply}))

        answer = self._told(self._writer.do(write))
        self._wake()
        return answer

    def discard_reply(self, reply: int) -> dict[str, Any]:
        """Give up a reply that failed or may have been sent; its words become the draft again."""
        now = self._clock.now()
        stuck = (OutboxState.FAILED, OutboxState.BLOCKED, OutboxState.UNKNOWN)

        def write(db: Connection) -> Changes:
            present = outbox.get(db, reply)
            if present.state not in stuck:
                raise Refused("This reply is not stuck", "Only a stuck reply can be given up")
            outbox.set_state(db, reply, OutboxState.UNDONE)
            drafts.save(db, _draft_of(present), now)
            return Changes(issues=frozenset({present.issue_key}), outbox=frozenset({reply}))

        return self._told(self._writer.do(write))

    def confirm_reply(self, reply: int) -> dict[str, Any]:
        """Say that a reply that may have been lost did arrive: from now on it counts as sent."""
        now = self._clock.now()

        def write(db: Connection) -> Changes:
            present = outbox.get(db, reply)
            if present.state is not OutboxState.UNKNOWN:
                raise Refused("Nobody doubts that reply", "Only one that may be lost is confirmed")
            words = "a person says that it arrived"
            changes = record_sent(db, present, words=words, standing=self._standing, now=now)
            return changes | Changes(outbox=frozenset({reply}))

        answer = self._told(self._writer.do(write))
        self._wake()
        return answer

    def _queue(self, reply: Reply, draft: Draft) -> dict[str, Any]:
        now = self._clock.now()

        def write(db: Connection) -> tuple[Changes, Reply]:
            issue_id = issues.by_key(db, reply.issue_key)
            reply_id = outbox.queue(db, reply)
            queued = outbox.get(db, reply_id)
            if queued.message_id == reply.message_id:  # else this click was already heard
                journal.append(
                    db,
                    issue_id=issue_id,
                    type=EntryType.REPLY_QUEUED,
                    at=now,
                    data={"reply": reply_id, "template": reply.template},
                )
                drafts.save(db, draft, now)  # until it has left, nothing of it can be lost
            changes = self._standing.refresh(db, issue_id, now=now)
            return changes | Changes(outbox=frozenset({reply_id})), queued

        changes, queued = self._writer.do(write)
        self._wake()
        return {
            **self._told(changes),
            "reply": queued.id,
            "message_id": queued.message_id,
            "not_before": rfc3339(queued.not_before),
        }

    def _outgoing(
        self, issue: Issue, stored: Sequence[StoredMessage], *, draft: Draft, account: Account
    ) -> Outgoing:
        now, settings = self._clock.now(), self._settings()
        answered = _answered(stored)
        sender = Address(email=account.address, name=settings.shop_name)
        outgoing = Outgoing(
            sender=sender,
            to=draft.to,
            cc=draft.cc,
            subject=draft.subject,
            body=draft.body,
            message_id=own_ids.new(issue.key, sender.domain, key=self._writer.do(signing_key)),
            at=now,
        )
        if answered is None:
            return outgoing
        quoted = compose.quote(
            answered.new_text or answered.text,
            answered.from_ or issue.customer,
            answered.sent_at or answered.received_at,
            issue.judgement.language or "en",
        )
        if answered.synthetic_id:  # made up by us: nobody else could follow it
            return replace(outgoing, quoted=quoted)
        return replace(
            outgoing,
            in_reply_to=answered.message_id,
            references=(*answered.references, answered.message_id),
            quoted=quoted,
        )

    def _values(self, issue: Issue, person: Address, *, language: str) -> dict[str, str]:
        settings = self._settings()
        order = self._writer.do(
            lambda db: orders.by_number(db, issue.order_number) if issue.order_number else None
        )
        return variables.values(
            order=order,
            customer=person,
            shop_name=settings.shop_name,
            agent_name=settings.agent_name,
            language=language or "en",
        )

    def _told(self, changes: Changes) -> dict[str, Any]:
        self._publish(changes)
        return {"changes": changes.as_dict()}


def _whole(db: Connection, key: str) -> tuple[Issue, tuple[StoredMessage, ...]]:
    issue_id = issues.by_key(db, key)
    return issues.get(db, issue_id), messages.of_issue(db, issue_id)


def _answered(stored: Sequence[StoredMessage]) -> StoredMessage | None:
    """The mail that a reply answers: the last that came in."""
    incoming = [
        message for message in stored if message.direction is Direction.IN and not message.is_report
    ]
    return incoming[-1] if incoming else None


def _subject(issue: Issue, stored: Sequence[StoredMessage]) -> str:
    answered = _answered(stored)
    return answered.subject if answered else issue.subject


def _person(issue: Issue, stored: Sequence[StoredMessage]) -> Address:
    """Whom a reply is to: who wrote last, be it another than began; else the customer."""
    answered = _answered(stored)
    judged = answered.assessment if answered else None
    if answered is None or judged is None or not judged.gate.counts_as_customer_reply:
        return issue.customer
    return answered.reply_to[0] if answered.reply_to else answered.from_ or issue.customer


def _recipients(issue: Issue, stored: Sequence[StoredMessage]) -> tuple[Address, ...]:
    person = _person(issue, stored)
    return (person,) if person.email else ()


def _account_of(db: Connection, issue: Issue) -> tuple[Account, tuple[str, ...]]:
    """The account that a reply leaves from, and all addresses that are ours."""
    every = accounts.every(db)
    own = tuple(one.address for one in every if one.address)
    mine = next((one for one in every if one.id == issue.account_id), None)
    sending = [one for one in every if one.address and _can_send(one)]
    chosen = mine if mine in sending else next(iter(sending), None)
    if chosen is None:
        raise Refused(
            "There is no account to send from",
            "A reply leaves from a mailbox with an address",
            "Connect one, or give the account an address and an SMTP host",
        )
    return chosen, own


def _can_send(account: Account) -> bool:
    wanted = "outbox" if account.type is AccountType.FOLDER else "smtp_host"
    return bool(account.settings.get(wanted))


def _draft_of(reply: Reply) -> Draft:
    return Draft(
        issue_key=reply.issue_key,
        body=reply.body,
        template=reply.template,
        rendered=reply.rendered,
    )
