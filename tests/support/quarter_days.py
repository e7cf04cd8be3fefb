"""A quarter of a shop, made from a seed: what arrives at its servers when, and what breaks.

Knows nothing of the engine. The true last instant of every dispute and claim is worked out here
by itself, so that a wrong date of the engine's cannot prove itself right.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.domain.dispute import Dispute, DisputeState
from app.domain.issue import message_atom
from app.domain.money import Money
from tests.support.disputes import a_dispute
from tests.support.engine import SHOP, a_letter

DAYS = 92
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_WITHDRAWN = "I withdraw from the purchase of order {0} and send the vase back. Please refund me."
_EVERYDAY = (
    ("Question {0}", "Is the blue bowl of your page {0} safe for a dishwasher?"),
    ("Broken plate {0}", "One plate of order MM-{0} arrived with a crack, please advise."),
    ("Wrong colour {0}", "Order MM-{0} has the green cup, I ordered the grey one."),
    ("Address {0}", "Please change the address of order MM-{0} to Mill Road {0}."),
)
_NEWS = "Our best offers of week {0}. To leave this list, click unsubscribe."
_DANGER = "The kettle of order MM-{0} gave my son an electric shock, he is in hospital now."
_STORM = "I cannot pay: your checkout shows error 502 on every card since this morning."


@dataclass(frozen=True, kw_only=True)
class Season:
    """Days in one zone, of whose nights one has 23 or 25 hours.

    `acts`: of how many moments at the screen, from 0 to 1, the owner makes use.
    """

    zone: ZoneInfo
    country: str
    first: date
    mails: int = 300
    disputes: int = 50
    claims: int = 36
    storm: int = 0
    days: int = DAYS
    seed: int = 7
    acts: float = 0.5

    def at(self, day: int, hour: float = 0) -> datetime:
        """An instant by the clock on the wall there."""
        midnight = datetime.combine(self.first + timedelta(days=day), time())
        return (midnight + timedelta(hours=hour)).replace(tzinfo=self.zone).astimezone(UTC)

    def is_working_day(self, day: int) -> bool:
        """Whether it is none of the weekend."""
        return (self.first + timedelta(days=day)).weekday() < 5


@dataclass(kw_only=True)
class Matter:
    """A dispute or a claim, and the instant that somebody else set.

    `ends_at`: the shop has answered it then, or put it away; None: it lets it pass.
    `heard_at` is when the laptop first could know of it. `said`: what tells it from all others on
    a card about several.
    """

    name: str
    said: str
    due_at: datetime
    opened_at: datetime
    ends_at: datetime | None = None
    by_law: bool = False
    dispute: Dispute | None = None
    message_id: str = ""
    heard_at: datetime | None = None
    over_at: datetime | None = None

    @property
    def atom(self) -> str:
        """By what it is known which issue it belongs to."""
        return self.dispute.atom if self.dispute else message_atom(self.message_id[1:-1])


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """A mail reaches the server; `urgent`: somebody is in danger."""

    at: datetime
    raw: bytes
    message_id: str
    urgent: bool = False
    storm: bool = False


@dataclass(kw_only=True)
class Quarter:
    """Everything that happens outside, in order of time."""

    season: Season
    arrivals: list[Arrival] = field(default_factory=list)
    matters: list[Matter] = field(default_factory=list)
    storm_day: int = 1

    @classmethod
    def of(cls, season: Season) -> Quarter:
        """Make it up; the same for the same season."""
        chance, made = random.Random(season.seed), cls(season=season)
        made.arrivals += _mails(season, chance)
        if season.storm:
            made.arrivals += _storm(season, made.storm_day)
        made.matters += _disputes(season, chance)
        for matter, arrival in _claims(season, chance):
            made.matters.append(matter)
            made.arrivals.append(arrival)
        made.arrivals.sort(key=lambda one: one.at)
        return made


def _mails(season: Season, chance: random.Random) -> Iterator[Arrival]:
    """Three of four are everyday questions, some are advertising, one in thirty is grave."""
    for number in range(season.mails):
        at = season.at(0) + chance.random() * (season.days - 1) * DAY
        name = f"m{number}"
        if number % 30 == 0:
            yield _arrival(at, name, "Injury", _DANGER.format(number), urgent=True)
        elif number % 5 == 0:
            yield _arrival(at, name, "News", _NEWS.format(number), List_Unsubscribe="<x@y>")
        else:
            subject, text = chance.choice(_EVERYDAY)
            yield _arrival(at, name, subject.format(number), text.format(number))


def _storm(season: Season, day: int) -> Iterator[Arrival]:
    """Three hours of one morning: many who cannot pay, and six who were hurt."""
    for number in range(season.storm):
        at = season.at(day, 9.5) + number * 3 * HOUR / season.storm
        if number % (season.storm // 6) == 13:
            told = _DANGER.format(9000 + number)
            one = _arrival(at, f"s{number}", f"Injury {number}", told, urgent=True)
        else:
            one = _arrival(at, f"s{number}", "Checkout error", _STORM)
        yield replace(one, storm=True)


def _disputes(season: Season, chance: random.Random) -> Iterator[Matter]:
    """Of a provider that names its own instant, from two hours to three weeks ahead."""
    for number in range(season.disputes):
        opened = season.at(0) + chance.random() * max(season.days - 24, 1) * DAY
        left = chance.choice((2, 20, 26, 60, 80)) * HOUR if number % 6 == 0 else 0 * HOUR
        due_at = opened + (left or (7 + chance.random() * 14) * DAY)
        buyer = f"d{number}@buyer{number}.example"
        dispute = a_dispute(
            f"dp_{number}",
            opened_at=opened,
            due_at=due_at,
            amount=Money(1_000 + 7 * number, "EUR"),
            customer_email=buyer,
            payment_references=(f"pi_{number}", f"ch_{number}"),
        )
        yield Matter(
            name=dispute.platform_id,
            said=buyer,
            due_at=due_at,
            opened_at=opened,
            ends_at=_ends(opened, due_at, chance),
            dispute=dispute,
        )


def answered(dispute: Dispute, at: datetime) -> Dispute:
    """The same, once evidence went in."""
    return replace(dispute, state=DisputeState.UNDER_REVIEW, submitted_at=at, updated_at=at)


def _claims(season: Season, chance: random.Random) -> Iterator[tuple[Matter, Arrival]]:
    """What only a mail tells: a marketplace's notice, with a date or without, and the law's."""
    for number in range(season.claims):
        at = season.at(0) + chance.random() * max(season.days - 21, 1) * DAY
        at = at.replace(microsecond=0)
        name = f"c{number}"
        sort = number % 4
        if sort == 0:  # three days, by the usual length
            due_at = at + 3 * DAY
            one = _notice(at, name, "Amazon <cb@amazon.de>", "An A-to-z claim was opened.")
        elif sort == 3:
            due_at = at + 14 * DAY
            one = _arrival(at, name, "Withdrawal", _WITHDRAWN.format(f"MM-7{number}"))
        else:  # the notice names a day: before it begins
            named = at.astimezone(season.zone).date() + timedelta(days=chance.choice((5, 9, 14)))
            due_at = datetime.combine(named, time(), season.zone).astimezone(UTC)
            says = f"Respond to the dispute by {named:%d %B %Y}."
            one = _notice(at, name, "PayPal <service@paypal.com>", says)
        yield (
            Matter(
                name=name,
                said=f"Person {name}" if sort == 3 else f"{name.upper()}-2214",
                due_at=due_at,
                opened_at=at,
                ends_at=_ends(at, due_at, chance),
                by_law=sort == 3,
                message_id=one.message_id,
            ),
            one,
        )


def _ends(opened: datetime, due_at: datetime, chance: random.Random) -> datetime | None:
    """One in three is answered at some time before its end; the others are the test."""
    return opened + chance.random() * (due_at - opened) if chance.random() < 0.33 else None


def _notice(at: datetime, name: str, sender: str, text: str) -> Arrival:
    subject = f"A buyer opened a dispute: case {name.upper()}-2214"
    return _arrival(at, name, subject, text, sender=sender, Auto_Submitted="auto-generated")


def _arrival(
    at: datetime,
    name: str,
    subject: str,
    text: str,
    *,
    urgent: bool = False,
    sender: str = "",
    **headers: str,
) -> Arrival:
    message_id = f"<{name}@customer-{name}.example>"
    raw = a_letter(
        text,
        subject=subject,
        sender=sender or f"Person {name} <{name}@customer-{name}.example>",
        to=SHOP,
        message_id=message_id,
        **headers,
    )
    dated = raw.replace(b"Fri, 20 Nov 2026 11:58:00 +0000", _rfc(at).encode())
    return Arrival(at=at, raw=dated, message_id=message_id, urgent=urgent)


def _rfc(at: datetime) -> str:
    from email.utils import format_datetime

    return format_datetime(at)
