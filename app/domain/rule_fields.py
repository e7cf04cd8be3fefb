"""Rule fields: what a rule of the owner may ask about an issue, and of what sort each answer is.

The one list for whoever checks conditions, fills them with facts, or offers them in a form.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.assessment import Kind, Severity


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


_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _of(sort: Sort, **labels: str) -> tuple[RuleField, ...]:
    return tuple(RuleField(name=name, sort=sort, label=said) for name, said in labels.items())


FIELDS: tuple[RuleField, ...] = (
    *_of(
        Sort.WORDS,
        subject="subject",
        text="what they wrote",
        customer_email="customer's address",
        customer_domain="customer's domain",
        customer_name="customer's name",
    ),
    RuleField(
        name="kind",
        sort=Sort.CHOICE,
        label="what it is about",
        choices=tuple(kind.value for kind in Kind if kind is not Kind.NOT_AN_ISSUE),
    ),
    RuleField(
        name="severity",
        sort=Sort.CHOICE,
        label="how bad it is",
        choices=tuple(severity.value for severity in Severity),
    ),
    *_of(
        Sort.NUMBER,
        total="order total",
        disputed="disputed amount",
        orders="orders of the customer",
        unanswered="mails without an answer",
        days_left="days left",
        score="score",
    ),
    *_of(Sort.SEVERAL, tags="tags", skus="article numbers"),
    *_of(
        Sort.WORDS,
        country="country of the order",
        currency="currency of the order",
        language="language (en, de, fr ...)",
        account="mailbox or shop",
        assigned_to="person who has it",
    ),
    *_of(
        Sort.YES_NO,
        has_order="there is an order",
        has_dispute="there is a dispute",
        automatic="a machine wrote it",
        suspicious="it pretends to be somebody",
        working_time="it came in working hours",
    ),
    *_of(Sort.NUMBER, hour="hour of the day (0 to 23)"),
    RuleField(name="weekday", sort=Sort.CHOICE, label="day of the week", choices=_DAYS),
)

BY_NAME = {one.name: one for one in FIELDS}
