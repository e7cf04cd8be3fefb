"""Calling: one contact is told in one way: a mail through our own account, a service, a pop-up.

What is said has no word of the customer's, and no name either unless the owner allows it: it goes
to other people's screens.
"""

from __future__ import annotations

import logging
import secrets as random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from app.alerts import services
from app.alerts.text import AlertFacts, alert_text
from app.config.secrets import SecretBox
from app.config.settings import Settings
from app.domain.account import Account, AccountType
from app.domain.alert import Alert, AlertLevel
from app.domain.clock import Clock
from app.domain.contact import Call, CallState, ChannelKind
from app.domain.errors import KnownError, NotFound, SecretsLocked, SecretsMissing
from app.domain.issue import Issue
from app.domain.message import Address
from app.domain.reply import Outgoing
from app.domain.translation import to_translate, tr
from app.engine.ports import Connections
from app.mail.compose import compose
from app.storage import accounts, alerts, climbs, contacts, disputes, issues
from app.storage.connection import Connection
from app.storage.writer import Writer

log = logging.getLogger(__name__)

_GIVES_UP = timedelta(hours=1)  # until then a way that is closed for a moment is tried again
_ANSWER = to_translate(
    "Answer this mail with any word and it counts as acknowledged: nobody else is told.\n"
    "Or acknowledge it in Frontburner."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is told: a line, and some more."""

    title: str
    body: str


class Calling:
    """Makes calls that are written down as queued."""

    def __init__(
        self,
        *,
        writer: Writer,
        connections: Connections,
        secrets: SecretBox,
        settings: Callable[[], Settings],
        clock: Clock,
        zone: Callable[[], tzinfo],
    ) -> None:
        self._writer = writer
        self._connections = connections
        self._secrets = secrets
        self._settings = settings
        self._clock = clock
        self._zone = zone

    def make(self, call: Call) -> Call:
        """Make the call, and write down what became of it.

        One about an issue whose way is closed for a moment stays queued, with what was in the way.
        """
        now = self._clock.now()
        try:
            self._tell(call)
            done = replace(call, state=CallState.SENT, detail="")
        except KnownError as error:
            done = _not_made(call, error, now=now)
        except Exception:
            log.exception("bug while %s was told", call.contact)
            done = replace(call, state=CallState.FAILED, detail=tr("Frontburner made a mistake"))

        def write(db: Connection) -> None:
            climbs.settle(db, done.id, done.state, done.detail)
            if done.channel_id is None:
                return
            if done.state is CallState.SENT:
                contacts.worked(db, done.channel_id, now)
            else:
                contacts.failed(db, done.channel_id, now, done.detail)

        self._writer.do(write, durable=True)
        return done

    def _tell(self, call: Call) -> None:
        if call.kind is ChannelKind.EMAIL:
            self._by_mail(call)
        elif call.kind is ChannelKind.SERVICE:
            said = self._writer.do(lambda db: self.said(db, call))
            services.tell(self._address(call), title=said.title, body=said.body)
        else:
            self._writer.do(lambda db: alerts.queue(db, self._pop_up(db, call)))

    def said(self, db: Connection, call: Call) -> Said:
        """What a call says."""
        if call.issue_id is None:
            body = tr(
                "This is a test: so {contact} is told when nobody takes an issue.",
                contact=call.contact,
            )
            return Said(title=tr("Frontburner: a test"), body=body)
        issue = issues.get(db, call.issue_id)
        now = self._clock.now()
        text = alert_text(self._facts(db, issue), now=now, zone=self._zone())
        why = (
            tr("Somebody wants you to look at it.")
            if call.forced
            else tr("Nobody has taken it yet.")
        )
        lines = [text.body, why]
        return Said(title=text.title, body="\n".join(line for line in lines if line))

    def _facts(self, db: Connection, issue: Issue) -> AlertFacts:
        names = self._settings().show_customer_text_in_alerts
        return AlertFacts(
            key=issue.key,
            kind=issue.judgement.kind,
            customer=issue.customer if names else Address(email=""),
            subject=issue.subject if names else "",
            amount=issue.order_total,
            order_number=issue.order_number,
            deadline_at=issue.deadline_at,
            suspicious=issue.judgement.suspicious,
            is_test=disputes.is_rehearsal(db, issue.id),
        )

    def _pop_up(self, db: Connection, call: Call) -> Alert:
        said = self.said(db, call)
        keys = () if call.issue_id is None else (issues.get(db, call.issue_id).key,)
        return Alert(
            dedupe=f"call/{call.id}",
            issue_keys=keys,
            title=said.title,
            body=said.body,
            created_at=self._clock.now(),
            level=AlertLevel.URGENT if keys else AlertLevel.NOTICE,
            passes=bool(keys),  # the policy says at which hours somebody is told
        )

    def _address(self, call: Call) -> str:
        channel = call.channel_id
        blob = None if channel is None else self._writer.do(lambda db: contacts.secret(db, channel))
        try:
            if blob is not None:
                return self._secrets.open(blob)
        except SecretsMissing:
            log.info("the key to a service's address is gone, or of another computer")
        raise SecretsMissing(
            tr("The address of {label} is not known on this computer", label=call.label),
            hint=tr("Remove the contact and add it again"),
        )

    def _by_mail(self, call: Call) -> None:
        """Through the first of our mailboxes that takes it: one whose password has expired is
        often just what has to be told."""
        said = self._writer.do(lambda db: self.said(db, call))
        failed: list[KnownError] = []
        for account in self._writer.do(lambda db: _senders(db, call)):
            try:
                self._by_mail_of(account, call, said)
            except KnownError as error:
                failed.append(error)
            else:
                return
        raise next((error for error in failed if error.retry), failed[0])

    def _by_mail_of(self, account: Account, call: Call, said: Said) -> None:
        sender = Address(email=account.settings.get("address", ""), name="Frontburner")
        message_id = f"fbcall.{random.token_hex(16)}@{sender.domain or 'frontburner.invalid'}"
        mime = compose(
            Outgoing(
                sender=sender,
                to=(Address(email=call.label, name=call.contact),),
                subject=said.title,
                body=f"{said.body}\n\n{tr(_ANSWER)}" if call.issue_id else said.body,
                message_id=message_id,
                at=self._clock.now(),
                headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
            )
        )
        self._writer.do(lambda db: climbs.name_mail(db, call.id, message_id), durable=True)
        self._connections.mailer(account).send(
            mime, sender=sender.email, recipients=(call.label,), about_to_commit=_nothing
        )


def _nothing() -> None:
    """A call that went out twice is better than one that did not."""


def _not_made(call: Call, error: KnownError, *, now: datetime) -> Call:
    """It failed; for good, or only for now."""
    passes = error.retry or isinstance(error, SecretsLocked)
    if passes and call.issue_id is not None and timedelta() <= now - call.at < _GIVES_UP:
        detail = ": ".join(filter(None, (error.title.rstrip("."), error.message)))
        return replace(call, state=CallState.QUEUED, detail=detail)
    return replace(call, state=CallState.FAILED, detail=error.sentence)


def _senders(db: Connection, call: Call) -> list[Account]:
    """Our mailboxes, that of the issue first; a shop or a payment provider sends no mail."""
    mailboxes = [one for one in accounts.every(db) if one.type.is_mailbox]
    wanted = None if call.issue_id is None else issues.get(db, call.issue_id).account_id
    if not mailboxes:
        raise NotFound(tr("There is no mailbox to send from"), "", tr("Connect one in Settings"))
    return sorted(mailboxes, key=lambda one: (one.id != wanted, one.type is not AccountType.IMAP))


def queued(when: datetime, **what: object) -> Call:
    """A call that is to be made."""
    return replace(Call(at=when, state=CallState.QUEUED), **what)  # type: ignore[arg-type]
