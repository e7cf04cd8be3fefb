"""Grouping: which issue a message belongs to, and why, in a sentence.

The step after the assessment. The order of evidence: the conversation it answers, then the same
customer with the same order, with the same subject, and at last with whatever they have open, if
the mail does not name another order, nor what is in another, and is no question before buying. A
bare order number never joins two customers; a machine's mail joins by its conversation, and a true
provider's notice by the order of the one who wrote. Where an address writes for several people, as
a marketplace's relay does, only their order joins them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from app.domain import joined_text
from app.domain.assessment import Assessment, Kind
from app.domain.message import Address, Message
from app.domain.order import order_key
from app.domain.subject import is_answer, without_marks
from app.domain.translation import to_translate
from app.triage.words import fold

SAME_SUBJECT_WITHIN = timedelta(days=14)
SAME_MATTER_WITHIN = timedelta(days=45)
SAME_ORDER_WITHIN = timedelta(days=180)  # as long as a card's holder may dispute, and a little
# Reasons that are guesses: one that a person took apart is not used again for that customer.
BY_ORDER = joined_text.BY_ORDER.partition("{number}")[0]
BY_SUBJECT = to_translate("the same customer wrote under the same subject within 14 days")
BY_MATTER = to_translate("the same customer has this open, and names no other order")
BY_GMAIL = to_translate("Gmail shows it in the same conversation, with the same customer")
GUESSED = (BY_SUBJECT, BY_MATTER, BY_GMAIL)
_TOO_SHORT = 4


class OpenIssue(Protocol):
    """What grouping asks of an open issue of the same customer; the domain's Issue has it."""

    @property
    def id(self) -> int:
        """The row of the issue."""

    @property
    def subject(self) -> str:
        """The subject of its first message."""

    @property
    def customer(self) -> Address:
        """Whose issue it is."""

    @property
    def order_number(self) -> str:
        """The order it is about, or an empty string."""

    @property
    def last_at(self) -> datetime:
        """When something was last said in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """The issue to which a message belongs, or None for a new one, and the sentence why.

    `is_guess`: nothing in the message itself names the conversation.
    """

    issue_id: int | None
    because: str
    is_guess: bool = False


def place(
    message: Message,
    assessment: Assessment,
    *,
    known: Mapping[str, int],
    customer_issues: Sequence[OpenIssue],
    order_issues: Sequence[OpenIssue] = (),
    at: datetime | None = None,
    same_person: Collection[str] = (),
    refused: Collection[str] = (),
    speaks_of: str = "",
    of_others: Collection[int] = (),
) -> Placement:
    """Find the issue of a message; `known` leads from Message-IDs to issues, `at` is its arrival.

    `customer_issues` are the open issues of the sender; ones of other customers are passed over.
    `order_issues` are open issues of the orders that it names, given only for the notices of which
    it is proven that a provider sent them. `same_person`: other addresses (keys) of the sender, by
    a person's word. `refused`: reasons by which a person did not want their mails joined.
    `speaks_of`: the number of the order whose contents the mail's words name. `of_others`: the
    issues in which the sender's address wrote for somebody else.
    """
    at = at or message.sent_at
    for message_id in (*reversed(message.references), *reversed(message.in_reply_to)):
        if message_id in known:
            return Placement(
                issue_id=known[message_id], because=to_translate("it answers a mail of this issue")
            )
    if assessment.gate.automatic or assessment.suspicion.is_suspicious or assessment.gate.noise:
        return _by_notice(assessment, order_issues, at) or Placement(
            issue_id=None, because=to_translate("a new issue: it answers no mail that we know")
        )
    theirs = {message.customer.key, *same_person} - {""}  # who names nobody may be anybody
    own = [issue for issue in customer_issues if issue.customer.key in theirs]
    own.sort(key=lambda issue: (issue.last_at, issue.id), reverse=True)
    by_order = _by_order(assessment, own)
    own = [issue for issue in own if issue.id not in of_others]
    found = (
        by_order,
        _by_subject(message, own, at),
        _by_matter(assessment, own, at, speaks_of=speaks_of),
    )
    fitting = (one for one in found if one is not None and one.because not in refused)
    fresh = Placement(
        issue_id=None, because=to_translate("a new issue: nothing open of this customer fits")
    )
    return next(fitting, fresh)


def place_ours(
    message: Message, *, customer_issues: Sequence[OpenIssue], at: datetime
) -> Placement | None:
    """The issue that a mail of ours answers although it names no mail, as some phones write.

    `customer_issues` are all that is open of whom it was sent to. Sure enough only where it went to
    nobody else, says that it answers, and one thing is open, under the same subject, within 14
    days; a person wrote it.
    """
    if message.references or message.in_reply_to or not is_answer(message.subject):
        return None
    if len(message.to) + len(message.cc) != 1 or len(customer_issues) != 1:
        return None
    if message.header("auto-submitted").lower().startswith("auto"):
        return None
    (issue,) = customer_issues
    subject = bare_subject(message.subject)
    is_near = timedelta(0) <= at - issue.last_at <= SAME_SUBJECT_WITHIN
    if not is_near or len(subject) < _TOO_SHORT or bare_subject(issue.subject) != subject:
        return None
    return Placement(
        issue_id=issue.id,
        because=to_translate(
            "it answers this customer under the same subject, and nothing else of theirs is open"
        ),
        is_guess=True,
    )


def bare_subject(subject: str) -> str:
    """A subject without any number of Re:, AW: and Fwd:, folded and with single blanks."""
    return fold(" ".join(without_marks(subject).split())).strip(" .!?")


def _by_order(assessment: Assessment, own: Sequence[OpenIssue]) -> Placement | None:
    numbers = {order_key(number) for number in assessment.entities.order_numbers}
    for issue in own:
        if issue.order_number and order_key(issue.order_number) in numbers:
            return Placement(
                issue_id=issue.id,
                because=joined_text.BY_ORDER.format(number=issue.order_number),
            )
    return None


def _by_subject(
    message: Message, own: Sequence[OpenIssue], at: datetime | None
) -> Placement | None:
    subject = bare_subject(message.subject)
    if len(subject) < _TOO_SHORT or at is None:
        return None
    for issue in own:
        near = abs(at - issue.last_at) <= SAME_SUBJECT_WITHIN
        if near and bare_subject(issue.subject) == subject:
            return Placement(
                issue_id=issue.id,
                because=BY_SUBJECT,
            )
    return None


def _by_matter(
    assessment: Assessment, own: Sequence[OpenIssue], at: datetime | None, *, speaks_of: str
) -> Placement | None:
    """Who writes again while something of theirs is open means that, unless they say otherwise."""
    if at is None:
        return None
    meant = [
        one for one in own if speaks_of and order_key(one.order_number) == order_key(speaks_of)
    ]
    for issue in (*meant, *own):
        if issue.order_number and _is_apart(assessment, issue.order_number, speaks_of):
            continue
        if abs(at - issue.last_at) <= SAME_MATTER_WITHIN:
            return Placement(
                issue_id=issue.id,
                because=BY_MATTER,
            )
    return None


def _is_apart(assessment: Assessment, order_number: str, speaks_of: str) -> bool:
    """Whether a mail says that it is not about this order; its own number was looked for before."""
    if assessment.entities.order_numbers:
        return True
    if speaks_of:
        return order_key(speaks_of) != order_key(order_number)
    return assessment.kind is Kind.PRODUCT_QUESTION and not assessment.unsure


def _by_notice(
    assessment: Assessment, order_issues: Sequence[OpenIssue], at: datetime | None
) -> Placement | None:
    """A provider speaks of an order that one customer, and only one, wrote about."""
    numbers = {order_key(number) for number in assessment.entities.order_numbers}
    fit = [
        issue
        for issue in order_issues
        if order_key(issue.order_number) in numbers
        and at is not None
        and abs(at - issue.last_at) <= SAME_ORDER_WITHIN
    ]
    if not fit or len({issue.customer.key for issue in fit}) > 1 or len(numbers) > 1:
        return None
    last = max(fit, key=lambda issue: (issue.last_at, issue.id))
    return Placement(
        issue_id=last.id, because=joined_text.BY_NOTICE.format(number=last.order_number)
    )
