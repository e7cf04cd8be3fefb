"""Events: an issue's mails, decisions and promises in the order in which they happened.

Pure: an IssueView goes in, a tuple of things to draw comes out; the timeline draws them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.contact import Call, CallState, ChannelKind
from app.domain.deadline import Deadline, Metric
from app.domain.journal import Entry, EntryType
from app.domain.message import Address, Direction
from app.domain.reply import OutboxState
from app.domain.translation import to_translate, tr
from app.domain.views import IssueView, MessageView, ReplyView
from app.ui.issue.journal_words import entry_words

UNDER_WAY = (
    OutboxState.QUEUED,
    OutboxState.SENDING,
    OutboxState.DATA_SENT,
    OutboxState.BLOCKED,
    OutboxState.UNKNOWN,
    OutboxState.FAILED,
)
_ALARMING = (EntryType.REPLY_FAILED, EntryType.REPLY_BOUNCED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A mail of the conversation."""

    at: datetime
    message: MessageView


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A note that somebody of the shop left."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """A line of the journal or a promise; `tone` is a token name, empty for an ordinary line.
    `entry` is what a rule did and a click takes back."""

    at: datetime
    text: str
    tone: str = ""
    entry: str = ""


Happening = Said | Noted | Happened


def happenings(view: IssueView) -> tuple[Happening, ...]:
    """Everything that happened to the issue, oldest first; of equal instants the mail first."""
    found: list[Happening] = [Said(at=message.at, message=message) for message in view.messages]
    found += _sent_but_not_read_back(view)
    found += _decisions(view.journal)
    for deadline in view.deadlines:
        found += _promise(deadline)
    found += [_called(call) for call in view.calls]
    return tuple(sorted(found, key=lambda one: (one.at, not isinstance(one, Said))))


def under_way(view: IssueView) -> tuple[ReplyView, ...]:
    """The replies that somebody must still wait for or decide about, oldest first."""
    return tuple(
        sorted(
            (reply for reply in view.replies if reply.state in UNDER_WAY),
            key=lambda reply: reply.created_at,
        )
    )


def last_heard(view: IssueView) -> datetime | None:
    """When a person wrote to us last."""
    theirs = (
        message.at
        for message in view.messages
        if message.direction is Direction.IN and not message.automatic
    )
    return max(theirs, default=None)


def _sent_but_not_read_back(view: IssueView) -> list[Happening]:
    """Replies that are sent, where the conversation does not hold them as mails yet."""
    known = {message.message_id for message in view.messages}
    return [
        Said(at=reply.sent_at or reply.created_at, message=_as_message(reply))
        for reply in view.replies
        if reply.state in (OutboxState.SENT, OutboxState.FILED) and reply.message_id not in known
    ]


def _as_message(reply: ReplyView) -> MessageView:
    return MessageView(
        id=-reply.id,
        message_id=reply.message_id,
        direction=Direction.OUT,
        from_=Address(email=""),
        to=tuple(Address(email=email) for email in reply.recipients),
        cc=(),
        at=reply.sent_at or reply.created_at,
        subject="",
        text=reply.body,
        new_text=reply.body,
    )


def _decisions(journal: tuple[Entry, ...]) -> list[Happening]:
    undone = {str(entry.data.get("entry", "")) for entry in journal if entry.type is EntryType.UNDO}
    found: list[Happening] = []
    for entry in journal:
        if entry.type is EntryType.NOTE:
            text = str(entry.data.get("text", ""))
            found += [] if entry.id in undone else [Noted(at=entry.at, text=text)]
            continue
        words = entry_words(entry, undone=entry.id in undone)
        if words:
            tone = "critical" if entry.type in _ALARMING else ""
            by_rule = entry.type is EntryType.RULE and entry.id not in undone
            undoes = entry.id if by_rule else ""
            found.append(Happened(at=entry.at, text=words, tone=tone, entry=undoes))
    return found


def _called(call: Call) -> Happened:
    """Somebody was told, or could not be."""
    if call.state is CallState.NOBODY:
        return Happened(at=call.at, text=tr("Nobody was there to be told"), tone="critical")
    way = tr(_WAYS[call.kind]) if call.kind in _WAYS else call.label
    who = f"{call.contact} ({way})"
    if call.state is CallState.FAILED:
        text = tr("{who} could not be told: {because}", who=who, because=call.detail)
        return Happened(at=call.at, text=text, tone="critical")
    if call.state is CallState.QUEUED:
        forced = tr("{who} is being told, as you wished", who=who)
        text = forced if call.forced else tr("{who} is being told", who=who)
    else:
        forced = tr("{who} was told, as you wished", who=who)
        text = forced if call.forced else tr("{who} was told", who=who)
    return Happened(at=call.at, text=text)


_WAYS = {ChannelKind.DESKTOP: to_translate("pop-up"), ChannelKind.EMAIL: to_translate("e-mail")}
_PASSED = {
    Metric.FIRST_RESPONSE: to_translate("The promised time for a first answer passed"),
    Metric.NEXT_RESPONSE: to_translate("The promised time for an answer passed"),
    Metric.RESOLUTION: to_translate("The time by which it was promised to be done passed"),
}


def _promise(deadline: Deadline) -> list[Happening]:
    if deadline.breached_at is None:
        return []
    return [
        Happened(
            at=deadline.breached_at,
            text=tr(_PASSED.get(deadline.metric, ""))
            or tr("The time for “{promise}” passed", promise=deadline.title),
            tone="critical",
        )
    ]
