"""Rule fields: what a rule of the owner may ask about an issue, and of what sort each answer is.

The one list for whoever checks conditions, fills them with facts, or offers them in a form.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.assessment import Kind, Severity
from app.domain.hours_text import WEEK
from app.domain.translation import to_translate


class Sort(StrEnum):
    """What a field's answer is: words, one of a few words, a number, yes or no, several words."""

    WORDS = "words"
    CHOICE = "choice"
    NUMBER = "number"
    YES_NO = "yes_no"
    SEVERAL = "several"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleField:
    """Something that a rule may ask: its name in a condition, and what it is in plain words."""

    name: str
    sort: Sort
    label: str
    choices: tuple[str, ...] = ()


def _of(sort: Sort, **labels: str) -> tuple[RuleField, ...]:
    return tuple(RuleField(name=name, sort=sort, label=said) for name, said in labels.items())


FIELDS: tuple[RuleField, ...] = (
    *_of(
        Sort.WORDS,
        subject=to_translate("subject"),
        text=to_translate("what they wrote"),
        customer_email=to_translate("customer's address"),
        customer_domain=to_translate("customer's domain"),
        customer_name=to_translate("customer's name"),
    ),
    RuleField(
        name="kind",
        sort=Sort.CHOICE,
        label=to_translate("what it is about"),
        choices=tuple(kind.value for kind in Kind if kind is not Kind.NOT_AN_ISSUE),
    ),
    RuleField(
        name="severity",
        sort=Sort.CHOICE,
        label=to_translate("how bad it is"),
        choices=tuple(severity.value for severity in Severity),
    ),
    *_of(
        Sort.NUMBER,
        total=to_translate("order total"),
        disputed=to_translate("disputed amount"),
        orders=to_translate("orders of the customer"),
        unanswered=to_translate("mails without an answer"),
        days_left=to_translate("days left"),
        score=to_translate("score"),
    ),
    *_of(Sort.SEVERAL, tags=to_translate("tags"), skus=to_translate("article numbers")),
    *_of(
        Sort.WORDS,
        country=to_translate("country of the order"),
        currency=to_translate("currency of the order"),
        language=to_translate("language (en, de, fr ...)"),
        account=to_translate("mailbox or shop"),
        assigned_to=to_translate("person who has it"),
    ),
    *_of(
        Sort.YES_NO,
        has_order=to_translate("there is an order"),
        has_dispute=to_translate("there is a dispute"),
        automatic=to_translate("a machine wrote it"),
        suspicious=to_translate("it pretends to be somebody"),
        working_time=to_translate("it came in working hours"),
    ),
    *_of(Sort.NUMBER, hour=to_translate("hour of the day (0 to 23)")),
    RuleField(
        name="weekday", sort=Sort.CHOICE, label=to_translate("day of the week"), choices=WEEK
    ),
)

BY_NAME = {one.name: one for one in FIELDS}
