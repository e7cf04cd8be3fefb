"""ModelShop: what the queue model assumes of a shop's mail, in numbers, and mails drawn by them.

Nothing here was measured in a shop: each number is a plain guess that stands where it can be read
and changed, but for the share of errors, which is that of our own test mails (README). The same
seed always draws the same mails.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

from app.domain.assessment import Kind, Severity
from app.escalation.queueing import Exchange, ModelIssue
from app.escalation.working_time import WorkingTime

T = TypeVar("T")
_HOUR = timedelta(hours=1)
_DAY_BEGINS, _DAY_ENDS = 8, 22
_SPREAD = 0.5  # sigma of the logarithm of an answer's minutes
_REPLY_SPREAD = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """How often the machine errs: the parts of what must ring that it misses, and of the others
    for which it rings."""

    name: str
    misses: float
    false_rings: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MailModel:
    """What comes in and what it costs.

    `kinds` and `severities` are shares, `minutes` the median of an answer, `dearer` what severity
    makes of it; `rounds` the share of issues with one, two and three mails; `reply_hours` the
    median wait for a customer's next mail; `at_night` the part of the mails from 22 to 8 o'clock.
    """

    kinds: Mapping[Kind, float]
    minutes: Mapping[Kind, float]
    severities: Mapping[Severity, float]
    dearer: Mapping[Severity, float]
    rounds: tuple[float, ...] = (0.6, 0.28, 0.12)
    reply_hours: float = 6
    at_night: float = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A shop by the part of its owner's working hours that its mail needs; 1 is all of them."""

    name: str
    load: float
    mail: MailModel


USUAL = MailModel(
    kinds={
        Kind.PRODUCT_QUESTION: 0.22,
        Kind.LATE: 0.16,
        Kind.NOT_RECEIVED: 0.12,
        Kind.RETURN_REQUEST: 0.14,
        Kind.DAMAGED: 0.1,
        Kind.WRONG_ITEM: 0.06,
        Kind.CHANGE_CANCEL: 0.08,
        Kind.REFUND_BILLING: 0.08,
        Kind.DISPUTE: 0.02,
        Kind.SITE_ACCOUNT: 0.02,
    },
    minutes={
        Kind.PRODUCT_QUESTION: 4,
        Kind.LATE: 4,
        Kind.NOT_RECEIVED: 7,
        Kind.RETURN_REQUEST: 5,
        Kind.DAMAGED: 7,
        Kind.WRONG_ITEM: 7,
        Kind.CHANGE_CANCEL: 3,
        Kind.REFUND_BILLING: 8,
        Kind.DISPUTE: 20,
        Kind.SITE_ACCOUNT: 5,
    },
    severities={
        Severity.CRITICAL: 0.04,
        Severity.HIGH: 0.12,
        Severity.NORMAL: 0.6,
        Severity.LOW: 0.24,
    },
    dearer={
        Severity.CRITICAL: 2.0,
        Severity.HIGH: 1.3,
        Severity.NORMAL: 1.0,
        Severity.LOW: 0.8,
    },
)
SHOPS = (
    Shop(name="calm", load=0.5, mail=USUAL),
    Shop(name="busy", load=0.9, mail=USUAL),
    Shop(name="overloaded", load=1.1, mail=USUAL),
)


def drawn(
    shop: Shop, *, seed: int, start: datetime, weeks: int, hours: WorkingTime
) -> list[ModelIssue]:
    """The issues of so many weeks, judged without an error."""
    chance = Random(f"{shop.name}/{seed}")  # noqa: S311 - a model, no secret
    end = start + timedelta(weeks=weeks)
    needed = hours(start, end) * shop.load
    count = round(needed / _work_of_an_issue(shop.mail))
    arrivals = sorted(_arrival(weeks, shop.mail, chance) for _ in range(count))
    return [_issue(number, after, shop.mail, chance) for number, after in enumerate(arrivals)]


def misjudged(issues: list[ModelIssue], judging: Judging, *, seed: int) -> list[ModelIssue]:
    """The same issues, as a machine takes them that errs so often.

    What it misses, of critical and high alike, stands among the normal ones; what rings falsely
    stands as critical.
    """
    chance = Random(f"judging/{seed}")  # noqa: S311 - a model, no secret
    return [_judged(one, judging, chance) for one in issues]


def _judged(issue: ModelIssue, judging: Judging, chance: Random) -> ModelIssue:
    is_missed, is_false = chance.random() < judging.misses, chance.random() < judging.false_rings
    if is_missed and issue.severity in (Severity.CRITICAL, Severity.HIGH):
        return replace(issue, judged=Severity.NORMAL, rings=False)
    if is_false and issue.severity is not Severity.CRITICAL:
        return replace(issue, judged=Severity.CRITICAL, rings=True)
    return issue


def _work_of_an_issue(mail: MailModel) -> timedelta:
    """The working time that an issue needs on average, all its mails together."""
    rounds = sum(number * share for number, share in enumerate(mail.rounds, start=1))
    minutes = sum(share * mail.minutes[kind] for kind, share in mail.kinds.items())
    dearer = sum(share * mail.dearer[severity] for severity, share in mail.severities.items())
    mean_of_spread = math.exp(_SPREAD**2 / 2)
    return timedelta(minutes=rounds * minutes * dearer * mean_of_spread)


def _arrival(weeks: int, mail: MailModel, chance: Random) -> timedelta:
    """Any day of the week alike, mostly by day; since the midnight at which they begin."""
    day = chance.randrange(7 * weeks)
    if chance.random() < mail.at_night:
        hour = chance.uniform(_DAY_ENDS, 24 + _DAY_BEGINS) % 24
    else:
        hour = chance.uniform(_DAY_BEGINS, _DAY_ENDS)
    return timedelta(days=day, hours=hour)


def _issue(number: int, after: timedelta, mail: MailModel, chance: Random) -> ModelIssue:
    kind = _one_of(mail.kinds, chance)
    severity = _one_of(mail.severities, chance)
    rounds = chance.choices(range(1, len(mail.rounds) + 1), mail.rounds)[0]
    median = mail.minutes[kind] * mail.dearer[severity]
    waits = [after, *(_reply(mail, chance) for _ in range(rounds - 1))]
    return ModelIssue(
        number=number,
        kind=kind,
        severity=severity,
        judged=severity,
        rings=severity is Severity.CRITICAL,
        exchanges=tuple(Exchange(after=one, work=_work(median, chance)) for one in waits),
    )


def _work(median: float, chance: Random) -> timedelta:
    return timedelta(seconds=max(30, round(60 * median * chance.lognormvariate(0, _SPREAD))))


def _reply(mail: MailModel, chance: Random) -> timedelta:
    return _HOUR * (mail.reply_hours * chance.lognormvariate(0, _REPLY_SPREAD))


def _one_of(shares: Mapping[T, float], chance: Random) -> T:
    return chance.choices(list(shares), list(shares.values()))[0]


def assumptions(shop_hours: str, *, weeks: int, back_in: timedelta) -> Iterator[str]:
    """What the figures rest on, a sentence each."""
    mail = USUAL
    loads = ", ".join(f"{one.load:.0%} ({one.name})" for one in SHOPS)
    lost = back_in / timedelta(minutes=1)
    yield "All mails are made up; nothing of this was measured in a shop."
    yield f"{weeks} weeks of mail, answered until nothing is left; each order gets the same mails."
    yield f"One owner, {shop_hours}, answers one mail after the other and does nothing else."
    yield f"The mail needs {loads} of these hours; it comes on every day of the week alike,"
    yield f"  {mail.at_night:.0%} of it between 22 and 8 o'clock."
    yield f"  {_shares(mail.severities)}."
    yield f"  {_shares(mail.kinds)}."
    yield "Median minutes of an answer, by kind:"
    yield f"  {', '.join(f'{kind.value} {minutes:g}' for kind, minutes in mail.minutes.items())};"
    yield f"  times {', '.join(f'{by:g} if {one.value}' for one, by in mail.dearer.items())}."
    yield f"{', '.join(f'{share:.0%}' for share in mail.rounds)} of the issues take 1, 2, 3 mails;"
    yield f"  the customer writes again after {mail.reply_hours:g} h (median)."
    yield "In order of arrival nobody looks ahead, and nothing rings."
    yield "In our order the score decides (severity, waiting, how near the promise is). The first"
    yield "  mail of what is critical rings: taken at once in working hours, at night it waits;"
    yield f"  who is interrupted needs {lost:g} minutes to get back into the other mail."
    yield "Templates, drafts and order data gain nothing here: an answer takes as long either way."
    yield "Urgent is what is critical. What is promised is what comes with the program (sla.toml)."


def _shares(shares: Mapping[Kind, float] | Mapping[Severity, float]) -> str:
    return ", ".join(f"{share:.0%} {one.value}" for one, share in shares.items())
