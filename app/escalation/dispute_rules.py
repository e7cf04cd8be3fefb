"""Dispute rules: when a dispute presses, what it costs, what counts as an outage of payments.

Read from rules/disputes.toml and the owner's own file of that name, a later folder over an earlier.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from app.config import toml_text
from app.domain.dispute import Dispute
from app.domain.errors import KnownError
from app.domain.money import Money
from app.domain.translation import tr
from app.escalation.rules import duration

FILE = "disputes.toml"


class Warned(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How often a bank's early warning becomes a dispute, and who says so."""

    becomes_dispute: float
    source: str
    read_on: date


class Fee(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a provider takes for a dispute, in whole units of a currency; `answer` is what it takes
    for an answer, and gives back for one that wins."""

    platform: str
    currency: str
    fee: Decimal
    source: str
    read_on: date
    answer: Decimal = Decimal(0)


class Threshold(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A share of disputes from where on something follows; `from_` disputes a month at least."""

    ratio: float
    name: str
    source: str
    read_on: date
    from_: int = msgspec.field(name="from", default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """How many failed payments in what time are an outage."""

    within: timedelta
    at_least: int
    buyers: int
    times_usual: float
    usual: timedelta
    over_after: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeRules:
    """All of disputes.toml, ready for use; `reminders` are longest first."""

    critical_within: timedelta
    reminders: tuple[timedelta, ...]
    backlog_named: int
    warning: Warned
    fees: tuple[Fee, ...]
    burst: Burst
    thresholds: tuple[Threshold, ...]

    @classmethod
    def load(cls, *folders: Path) -> DisputeRules:
        """The rules of these folders; what stands in a later one replaces its like in an earlier.

        Raises KnownError naming the file and what in it cannot be used.
        """
        merged: dict[str, Any] = {}
        path = folders[0] / FILE
        for folder in folders:
            found = _read(folder / FILE)
            if found:
                path = folder / FILE
                _checked(path, {**merged, **found})
                merged |= found
        return _checked(path, merged)

    def fee_of(self, dispute: Dispute) -> Money | None:
        """What it costs: as the provider says, or as is usual there; None where nobody knows."""
        if dispute.fee is not None:
            return dispute.fee
        for one in self.fees:
            if (one.platform, one.currency) == (dispute.platform, dispute.amount.currency):
                return Money.of(one.fee, one.currency)
        return None


class _BurstForm(msgspec.Struct, forbid_unknown_fields=True):
    within: str
    at_least: int
    buyers: int
    times_usual: float
    usual_days: int
    over_after: str


class _Form(msgspec.Struct, forbid_unknown_fields=True):
    """The form of disputes.toml."""

    critical_within: str
    reminders: list[str]
    backlog_named: int
    warning: Warned
    fee: list[Fee]
    burst: _BurstForm
    threshold: list[Threshold]


def _read(path: Path) -> dict[str, Any]:
    try:
        found = toml_text.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise _unusable(path, str(error)) from error
    return found


def _checked(path: Path, data: dict[str, Any]) -> DisputeRules:
    try:
        form = msgspec.convert(data, type=_Form)
        return _made(form)
    except (ValueError, msgspec.ValidationError) as error:
        raise _unusable(path, str(error)) from error


def _made(form: _Form) -> DisputeRules:
    burst = form.burst
    if burst.at_least < 2 or burst.buyers < 1 or burst.times_usual < 1 or burst.usual_days < 1:
        raise ValueError("burst: at_least is 2 or more, the others are 1 or more")
    return DisputeRules(
        critical_within=_length(form.critical_within),
        reminders=tuple(sorted((_length(one) for one in form.reminders), reverse=True)),
        backlog_named=form.backlog_named,
        warning=form.warning,
        fees=tuple(form.fee),
        burst=Burst(
            within=_length(burst.within),
            at_least=burst.at_least,
            buyers=burst.buyers,
            times_usual=burst.times_usual,
            usual=timedelta(days=burst.usual_days),
            over_after=_length(burst.over_after),
        ),
        thresholds=tuple(sorted(form.threshold, key=lambda one: (one.ratio, one.from_))),
    )


def _length(text: str) -> timedelta:
    try:
        return duration(text)
    except ValueError:
        raise ValueError(f"{text[:40]!r} is no length of time") from None


def _unusable(path: Path, why: str) -> KnownError:
    return KnownError(
        tr("{path} cannot be used", path=path),
        f"{why[:1].upper()}{why[1:]}.",
        tr('Times are written like "72 h" or "15 min"; see the file that comes with Frontburner.'),
    )
