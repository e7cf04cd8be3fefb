"""Placing: which issue a mail belongs to, and why; the step of the pipeline after the assessment.

In this order: the mail that it answers, one of our own signed ids in its headers, the beginning of
its conversation, the return address that our replies carry, our signed id in its text, a dispute
that it names by its id, Gmail's conversation, the same customer. A mail of ours that names no
other, as some phones write, answers the one thing that its customer has open under its subject; the
journal says so. A mail that names mails of two issues proves that they are one, and makes them one
unless a person took them apart. What was put away long ago is not opened again, nor what a person
said is no issue: the conversation goes on in a new issue, and both say so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from app.domain.assessment import Assessment, Kind
from app.domain.changes import Changes
from app.domain.errors import NotFound, Refused
from app.domain.issue import Issue, issue_key, message_atom, root_of
from app.domain.joined_text import TOO_LONG_AGO
from app.domain.journal import EntryType
from app.domain.mailbox import GmailIds
from app.domain.message import Address, Message
from app.domain.money import Money
from app.domain.translation import to_translate
from app.engine import mass_mail
from app.engine.joining import PUT_AWAY, join, proven
from app.engine.one_person import speaks_for_itself
from app.engine.standing import UNJUDGED, Standing, preview_of
from app.mail import own_ids
from app.storage import (
    disputes,
    gmail,
    issues,
    journal,
    messages,
    order_issues,
    orders,
    profile,
    ties,
)  # fmt: skip
from app.storage.connection import Connection
from app.triage import grouping, linking
from app.triage.grouping import Placement
from app.triage.other_names import is_another

ANSWERS = to_translate("answers a mail of this issue")
SAME_CONVERSATION = to_translate("part of the same conversation")

# dp_1NqkQfLkdIwHu7ix (Stripe), PP-R-XYZ-123456 (PayPal), and payments' names: pi_..., ch_...
_DISPUTE_ID = re.compile(r"\b[A-Za-z]{2,6}[_-][A-Za-z0-9][A-Za-z0-9_-]{2,60}\b")
_LOOKED_THROUGH = 20_000
_MOST_IDS = 100
_ANSWERS_EARLIER = to_translate("answers an earlier issue")
_PUT_ASIDE = to_translate("you had said that it was no issue")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A mail on its way to an issue; `known` leads from the Message-IDs it names to issues.

    `assessment` is None for mails of ours, and for old ones that are judged later. `is_notice`: it
    is proven that a provider sent it.
    """

    message: Message
    received_at: datetime
    account_id: int | None
    assessment: Assessment | None
    known: Mapping[str, int]
    is_old: bool
    now: datetime
    is_notice: bool = False
    gmail: GmailIds | None = None
    said_by_us: bool = False

    @property
    def customer(self) -> Address:
        """Whose issue it would begin: who wrote to us, or to whom we wrote."""
        message = self.message
        return message.to[0] if self.said_by_us and message.to else message.customer

    @property
    def brings_back(self) -> bool:
        """Whether it opens an issue that was put away (`standing` asks the same)."""
        judged = self.assessment
        return judged is not None and (judged.gate.counts_as_customer_reply or judged.alert)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where a mail went; `gone` are the issues that were put into this one because of it.

    `key` is that of an issue that begins with an old mail, complete as it was begun.
    """

    issue_id: int
    because: str = ""
    is_new: bool = False
    key: str = ""
    gone: frozenset[int] = frozenset()
    changes: Changes = field(default_factory=Changes)


def known_issues(db: Connection, message: Message) -> dict[str, int]:
    """The issues of the mails that this one names, by their Message-IDs and by our signed ids."""
    found = messages.issues_of(db, (*message.references, *message.in_reply_to))
    for name in own_ids.answered(message, key=partial(profile.signing_key, db)):
        if (issue_id := _issue_named(db, name)) is not None:
            found[name] = issue_id
    return found


def stay(db: Connection, arrival: Arrival, issue_id: int) -> None:
    """The mail keeps the issue in which a person has it, and its conversation comes there."""
    if not issues.owns(db, issue_id, root := _root(arrival)):
        issues.add_atoms(db, issue_id, (root,))
    if not arrival.is_old:
        issues.update(db, issue_id, history=False)


class Placing:
    """Finds the issue of a mail, or begins one; part of the writer's transaction."""

    def __init__(self, *, standing: Standing, reopen: Callable[[], timedelta]) -> None:
        self._standing = standing
        self._reopen = reopen

    def place(self, db: Connection, arrival: Arrival) -> Placed:
        """The issue of this mail, and why; it begins with it where none fits."""
        if not (arrival.said_by_us or arrival.is_old):
            arrival = _without_mass_mail(db, arrival)
        found = proven(db, arrival.message, known=arrival.known, assessment=arrival.assessment)
        joined = join(db, found, standing=self._standing, reopen=self._reopen, now=arrival.now)
        if joined.into:
            known = {name: joined.into.get(one, one) for name, one in arrival.known.items()}
            arrival = replace(arrival, known=known)
        placement = self._found(db, arrival)
        if placement is None or placement.issue_id is None:
            root = _root(arrival)
            key = issue_key([root]) if arrival.is_old else ""
            placed = Placed(issue_id=_begin(db, arrival, root), is_new=True, key=key)
        else:
            placed = self._in_its_time(db, arrival, placement.issue_id, placement.because)
            if placement.is_guess:
                _write_down(db, arrival, placed)
        if not joined.into:
            return placed
        gone = frozenset(joined.into)
        return replace(placed, gone=gone, changes=placed.changes | joined.changes)

    def _found(self, db: Connection, arrival: Arrival) -> Placement | None:
        if arrival.said_by_us:
            return _of_ours(db, arrival)
        return (
            _by_reference(arrival)
            or _by_beginning(db, arrival)
            or _by_return_address(db, arrival)
            or _by_quoted_id(db, arrival)
            or _by_dispute(db, arrival)
            or _by_gmail(db, arrival)
            or _by_customer(db, arrival)
        )

    def _in_its_time(self, db: Connection, arrival: Arrival, issue_id: int, because: str) -> Placed:
        """That issue; a new one beside it where it was put away too long ago to come back."""
        if arrival.brings_back:
            earlier, too_late = self._latest(db, issue_id, arrival)
            if too_late:
                return self._begin_linked(db, arrival, earlier)
            if earlier.id != issue_id:
                issue_id, because = (
                    earlier.id,
                    to_translate("answers an earlier issue, which goes on in this"),
                )
        stay(db, arrival, issue_id)
        return Placed(issue_id=issue_id, because=because)

    def _latest(self, db: Connection, issue_id: int, arrival: Arrival) -> tuple[Issue, bool]:
        """The issue in which this conversation now goes on, and whether that one is over too."""
        been: set[int] = set()
        while True:
            issue = issues.get(db, issue_id)
            if not self._is_closed_to(db, issue, arrival):
                return issue, False
            been.add(issue.id)
            later = _linked_later(db, issue)
            if later is None or later in been:
                return issue, True
            issue_id = later

    def _is_closed_to(self, db: Connection, issue: Issue, arrival: Arrival) -> bool:
        if not (self._is_over(issue, arrival) or _is_put_aside(issue, arrival)):
            return False
        # An earlier mail of the same batch may have opened it by now, or this one may have joined
        # it with what is an issue.
        self._standing.refresh(db, issue.id, now=arrival.now)
        now = issues.get(db, issue.id)
        return self._is_over(now, arrival) or _is_put_aside(now, arrival)

    def _is_over(self, issue: Issue, arrival: Arrival) -> bool:
        decided_at = issue.decisions.state_at
        if issue.state not in PUT_AWAY or issue.decisions.state is None or decided_at is None:
            return False
        return arrival.received_at - decided_at > self._reopen()

    def _begin_linked(self, db: Connection, arrival: Arrival, earlier: Issue) -> Placed:
        own = message_atom(arrival.message.message_id)
        owner = issues.by_atom(db, (own,))
        if owner is None or owner == earlier.id:
            atom = own if owner is None else message_atom(f"{arrival.message.message_id}#linked")
            later, is_new = _begin(db, arrival, atom), True
        else:  # an answer to this mail was there before it
            later, is_new = owner, False
        because = TOO_LONG_AGO.format(number=self._reopen().days)
        if _is_put_aside(earlier, arrival):
            because = _PUT_ASIDE
        fresh = issues.get(db, later)
        for issue, data in (
            (earlier, {"into": fresh.key}),
            (fresh, {"from": earlier.key, "subject": earlier.subject}),
        ):
            journal.append(
                db,
                issue_id=issue.id,
                type=EntryType.LINK,
                at=arrival.now,
                data={**data, "because": because},
            )
        return Placed(
            issue_id=later,
            because=f"{_ANSWERS_EARLIER}; {because}",
            is_new=is_new,
            changes=Changes.of_issues((earlier.key,)),
        )


def _is_put_aside(issue: Issue, arrival: Arrival) -> bool:
    """Whether a person said that this is no issue, and the mail is one: of that they know nothing,
    and what they said stands."""
    judged = arrival.assessment
    is_one = judged is not None and judged.kind is not Kind.NOT_AN_ISSUE and arrival.brings_back
    return is_one and issue.decisions.kind is Kind.NOT_AN_ISSUE


def _without_mass_mail(db: Connection, arrival: Arrival) -> Arrival:
    known = arrival.known
    message = mass_mail.without(db, arrival.message, known=known)
    named = {*message.in_reply_to, *message.references}
    left_out = {*arrival.message.in_reply_to, *arrival.message.references} - named
    kept = {name: issue for name, issue in known.items() if name not in left_out}
    return replace(arrival, message=message, known=kept) if left_out else arrival


def _by_reference(arrival: Arrival) -> Placement | None:
    """The issue of the nearest mail that this one answers (RFC 5322 3.6.4: nearest stands last)."""
    known, message = arrival.known, arrival.message
    for message_id in (*message.in_reply_to, *reversed(message.references)):
        if message_id in known:
            return Placement(issue_id=known[message_id], because=ANSWERS)
    for issue_id in known.values():  # by our signed id alone: a relay has changed the rest
        return Placement(
            issue_id=issue_id, because=to_translate("answers a mail of ours, by its signed id")
        )
    return None


def _by_beginning(db: Connection, arrival: Arrival) -> Placement | None:
    """The issue that already owns the beginning of this conversation, whichever mail came first."""
    own = message_atom(arrival.message.message_id)
    issue_id = issues.by_atom(db, dict.fromkeys((_root(arrival), own)))
    if issue_id is None:
        return None
    return Placement(issue_id=issue_id, because=SAME_CONVERSATION)


def _by_return_address(db: Connection, arrival: Arrival) -> Placement | None:
    """The issue that our own return address names, which only our replies carry."""
    for name in own_ids.returned_to(arrival.message, key=partial(profile.signing_key, db)):
        if (issue_id := _issue_named(db, name)) is not None:
            because = to_translate("was sent to the return address of this issue")
            return Placement(issue_id=issue_id, because=because)
    return None


def _by_quoted_id(db: Connection, arrival: Arrival) -> Placement | None:
    """The issue that our signed id in the text names: headers lost, quoted mail kept."""
    for name in own_ids.quoted(arrival.message, key=partial(profile.signing_key, db)):
        if (issue_id := _issue_named(db, name)) is not None:
            return Placement(
                issue_id=issue_id, because=to_translate("quotes a mail of ours, by its signed id")
            )
    return None


def _by_dispute(db: Connection, arrival: Arrival) -> Placement | None:
    """The issue of the dispute that it names by the provider's own id, which nobody guesses."""
    if arrival.assessment is None:
        return None
    message = arrival.message
    text = f"{message.subject}\n{message.text[:_LOOKED_THROUGH]}"
    words = list(dict.fromkeys(_DISPUTE_ID.findall(text)))[:_MOST_IDS]
    issue_id = issues.by_atom(db, disputes.named(db, words)) if words else None
    if issue_id is None:
        return None
    return Placement(
        issue_id=issue_id, because=to_translate("names the dispute of this issue by its id")
    )


def _by_gmail(db: Connection, arrival: Arrival) -> Placement | None:
    """The issue of Gmail's conversation, if it is with the same people: Gmail goes by subjects."""
    judged, message = arrival.assessment, arrival.message
    if arrival.gmail is None or arrival.account_id is None:
        return None
    if judged is not None and judged.suspicion.is_suspicious:
        return None
    people = {one.key for one in (message.customer, *message.to, *message.cc) if one.email}
    issue_id = gmail.issue_of_thread(db, arrival.account_id, arrival.gmail, people)
    if issue_id is None:
        return None
    because = grouping.BY_GMAIL
    if because in ties.habits(db, message.customer.key).apart:
        return None
    if _is_of_another(db, message, issues.get(db, issue_id)):
        return None
    return Placement(issue_id=issue_id, because=because)


def _by_customer(db: Connection, arrival: Arrival) -> Placement | None:
    if arrival.assessment is None:  # ours, or old: it belongs where the thread says, or apart
        return None
    sender = arrival.message.customer.key
    taught = ties.habits(db, sender)
    others = (sender, *taught.together) if taught.together else ()
    is_one = all(speaks_for_itself(db, one) for one in others)
    together = taught.together if is_one else frozenset[str]()
    theirs = (issues.open_of_customer(db, one) for one in (sender, *sorted(together)))
    found = [issue for some in theirs for issue in some if not _is_put_aside(issue, arrival)]
    return grouping.place(
        arrival.message,
        arrival.assessment,
        known=arrival.known,
        customer_issues=found,
        of_others=[one.id for one in found if _is_of_another(db, arrival.message, one)],
        order_issues=_of_its_orders(db, arrival),
        at=arrival.received_at,
        same_person=together,
        refused=taught.apart,
        speaks_of=_speaks_of(db, arrival, arrival.assessment),
    )


def _is_of_another(db: Connection, message: Message, issue: Issue) -> bool:
    """Whether the sender's address wrote in this issue, and for somebody else."""
    sender = message.customer
    names = messages.written_as(db, issue.id, sender.key)
    if not names and issue.customer.key == sender.key:  # a form wrote it
        names = (issue.customer.name,)
    return is_another(sender.name, names, address=sender.key)


def _speaks_of(db: Connection, arrival: Arrival, judged: Assessment) -> str:
    """The number of the sender's order whose contents the mail names, if it is one of several."""
    message = arrival.message
    own = orders.of_customer(db, message.customer.key)
    if len(own) < 2:
        return ""
    told = linking.told_by(
        email=message.customer.key,
        name=message.customer.name,
        subject=message.subject,
        new_text=message.new_text,
        entities=judged.entities,
        at=arrival.received_at,
    )
    return linking.points_to(told, own)


def _of_ours(db: Connection, arrival: Arrival) -> Placement | None:
    """The issue of a mail that we wrote, wherever we wrote it."""
    found = (
        _by_reference(arrival)
        or _by_beginning(db, arrival)
        or _by_return_address(db, arrival)
        or _by_quoted_id(db, arrival)
        or _by_gmail(db, arrival)
    )
    if found is not None or arrival.is_old:
        return found
    return grouping.place_ours(
        arrival.message,
        customer_issues=issues.open_of_customer(db, arrival.customer.key),
        at=arrival.received_at,
    )


def _write_down(db: Connection, arrival: Arrival, placed: Placed) -> None:
    """That a mail of ours was taken for an answer, and why, so that it can be taken back."""
    journal.append(
        db,
        issue_id=placed.issue_id,
        type=EntryType.REPLY_FOUND,
        at=arrival.now,
        data={"message_id": arrival.message.message_id, "because": placed.because},
    )


def _of_its_orders(db: Connection, arrival: Arrival) -> tuple[Issue, ...]:
    """The open issues of the orders that a proven provider's notice names."""
    if not arrival.is_notice or arrival.assessment is None:
        return ()
    named = arrival.assessment.entities
    return tuple(
        one for number in named.order_numbers for one in _open_of(db, number, named.amounts)
    )


def _open_of(db: Connection, number: str, sums: Sequence[Money]) -> tuple[Issue, ...]:
    """The open issues of the order of this number; of two shops' only if the sum says which."""
    every = orders.of_number(db, number)
    if len(every) < 2:
        return order_issues.open_of_number(db, number)
    meant = [one for one in every if any(map(one.has_cost, sums))]
    return order_issues.open_of_order(db, meant[0]) if len(meant) == 1 else ()


def _begin(db: Connection, arrival: Arrival, atom: str) -> int:
    return issues.create(
        db,
        atoms=(atom,),
        subject=arrival.message.subject,
        customer=arrival.customer,
        account_id=arrival.account_id,
        judgement=UNJUDGED,
        first_at=arrival.received_at,
        history=arrival.is_old,
        message_count=1 if arrival.is_old else 0,
        preview=preview_of(arrival.message) if arrival.is_old else "",
    )


def _root(arrival: Arrival) -> str:
    return message_atom(root_of(arrival.message))


def _linked_later(db: Connection, issue: Issue) -> int | None:
    """The issue in which the conversation went on, if one was begun."""
    for entry in reversed(journal.of_issue(db, issue.id)):
        if entry.type is EntryType.LINK and entry.data.get("into"):
            return _issue_named(db, str(entry.data["into"]))
    return None


def _issue_named(db: Connection, key: str) -> int | None:
    try:
        return issues.by_key(db, key)
    except (NotFound, Refused):
        return None
