"""Composing: what `mail.compose` needs of a reply, gathered: who, whom, what it answers, and when.

On the walk: "Send reply" -> addressing -> guard -> here -> compose -> the outbox.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from app.domain.account import Account
from app.domain.clock import instant, local_zone
from app.domain.day_text import said_date
from app.domain.errors import Refused
from app.domain.issue import Issue
from app.domain.message import Address
from app.domain.reply import Draft, Enclosure, Outgoing
from app.domain.translation import tr
from app.engine.addressing import Leaving, Letter
from app.mail import compose, own_ids, providers
from app.storage.messages import StoredMessage

_FARTHEST = timedelta(days=366)
_LONGEST_FOLLOW_UP = 365


def outgoing(
    issue: Issue,
    post: Letter,
    way: Leaving,
    *,
    draft: Draft,
    enclosures: tuple[Enclosure, ...],
    shop_name: str,
    key: bytes,
    now: datetime,
    language: str,
    zone: tzinfo,
) -> Outgoing:
    """Everything of the mail; `key` signs its ids, `zone` is the owner's, for the line above what
    is quoted. Only an answer quotes and joins a thread."""
    me = way.identity
    sender = Address(email=me.email, name=me.name or shop_name)
    letter = Outgoing(
        sender=sender,
        to=draft.to,
        cc=draft.cc,
        subject=draft.subject,
        body=draft.body,
        message_id=own_ids.new(issue.key, sender.domain, key=key),
        at=now,
        signature=me.signature_in(language),
        reply_to=_return_address(issue, way.account, sender, key=key),
        enclosures=enclosures,
    )
    answered = post.answered
    if answered is None:
        return letter
    quoted = compose.quote(
        answered.new_text or answered.text,
        _who_wrote(answered, next(iter(post.to), issue.customer)),
        (answered.sent_at or answered.received_at).astimezone(zone),
        language,
    )
    if answered.synthetic_id:  # made up by us: nobody else could follow it
        return replace(letter, quoted=quoted)
    return replace(
        letter,
        in_reply_to=answered.message_id,
        references=(*answered.references, answered.message_id),
        quoted=quoted,
    )


def _who_wrote(answered: StoredMessage, person: Address) -> Address:
    """The person who is answered, and not the form or the service that wrote in their name."""
    sender = answered.from_
    return sender if sender is not None and sender.key == person.key else person


def planned(at: str, *, now: datetime) -> datetime | None:
    """The instant at which a reply is to go, or None for "soon"."""
    if not at:
        return None
    try:
        wanted = instant(at)
    except ValueError:
        raise Refused(
            tr("'{at}' is not an instant", at=at), tr("Write it like 2026-12-24T08:00:00Z")
        ) from None
    if wanted <= now:
        raise Refused(
            tr("That moment has passed"), tr("A reply can only be planned for a later one")
        )
    if wanted - now > _FARTHEST:
        raise Refused(
            tr("That is more than a year away"), tr("A reply can be planned for a year at most")
        )
    return wanted


def too_late(issue: Issue, planned: datetime | None, *, now: datetime) -> tuple[str, ...]:
    """A sentence where an answer is planned for later than it was promised."""
    promised = issue.deadline_at
    if planned is None or promised is None or not now < promised < planned:
        return ()
    local = promised.astimezone(local_zone())
    return (
        tr(
            "An answer was promised by {local}; this goes out after that.",
            local=f"{said_date(local.date())}, {local:%H:%M}",
        ),
    )


def days(number: int) -> int:
    """How many days to wait for an answer, 0 for none. Raises Refused for any other number."""
    if not 0 <= int(number) <= _LONGEST_FOLLOW_UP:
        raise Refused(
            tr("{number} days is no time to wait for an answer", number=number),
            tr(
                "It is a number from 1 to {longest_follow_up}; 0 for none",
                longest_follow_up=_LONGEST_FOLLOW_UP,
            ),
        )
    return int(number)


def _return_address(
    issue: Issue, account: Account, sender: Address, *, key: bytes
) -> Address | None:
    """Where the answer is to go, where the mailbox takes addresses with a +; else to the sender."""
    if not providers.asks_plus(account.settings, sender.email):
        return None
    email = own_ids.return_address(sender.email, issue.key, key=key)
    return Address(email=email, name=sender.name) if email else None
