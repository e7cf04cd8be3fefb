"""Values of a search: spans, days and amounts as people type them. Pure; ValueError for what is
none. `search_query` reads them for `due:`, `before:`, `after:` and `amount:`.

`now` is in a zone that knows its changes to summer time: a day in July begins by July's clock, in
two hours is in 120 minutes, and a week ago was at the same time of day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_UNITS = {"m": _MINUTE, "min": _MINUTE, "h": _HOUR, "d": _DAY, "w": 7 * _DAY}
_SPAN = re.compile(r"(\d{1,5})(min|[mhdw])")
_COMPARED = re.compile(r"(<=?|>=?|)(.+)")
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_GERMAN_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
# 1,234.50 or 1.234,50 or 1'234.50: three digits after a mark are thousands, but not in 0.500.
_GROUPED = (
    r"(?!0)\d{1,3}"
    r"(?:(?:,\d{3}){1,2}(?:\.\d{1,2})?|(?:\.\d{3}){1,2}(?:,\d{1,2})?|(?:['’]\d{3}){1,2}(?:[.,]\d{1,2})?)"
)
_FIGURE = rf"(?:{_GROUPED}|\d{{1,9}}(?:[.,]\d{{1,3}})?)"
_THOUSAND = 3  # digits
_MARK = re.compile(r"[.,'’]")
_AMOUNT = re.compile(rf"({_FIGURE})([a-z]{{3}})?")
_BETWEEN = re.compile(rf"({_FIGURE})(?:-|\.\.)({_FIGURE})([a-z]{{3}})?")
_SIGN = re.compile(r"[€£¥$]|zł")
# What a dollar is depends on where one reads it: any of them.
_SIGNS = {"€": "eur", "£": "gbp", "¥": "jpy", "zł": "pln", "$": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class InstantRange:
    """From `since` on and before `until`; open where there is none."""

    since: datetime | None = None
    until: datetime | None = None

    def __and__(self, other: InstantRange) -> InstantRange:
        since = [at for at in (self.since, other.since) if at is not None]
        until = [at for at in (self.until, other.until) if at is not None]
        return InstantRange(since=max(since, default=None), until=min(until, default=None))


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountRange:
    """From `least` on or `above`, `below` or up to `most`, in whole units; all that are given hold.

    Of any currency where none is named.
    """

    least: Decimal | None = None
    above: Decimal | None = None
    below: Decimal | None = None
    most: Decimal | None = None
    currency: str = ""

    def __and__(self, other: AmountRange) -> AmountRange:
        return AmountRange(
            least=_the(max, self.least, other.least),
            above=_the(max, self.above, other.above),
            below=_the(min, self.below, other.below),
            most=_the(min, self.most, other.most),
            currency=self.currency or other.currency,
        )


def _the(pick: Callable[[Iterable[Decimal]], Decimal], *some: Decimal | None) -> Decimal | None:
    known = [value for value in some if value is not None]
    return pick(known) if known else None


def due(text: str, *, now: datetime) -> InstantRange:
    """When something is due: <2h, 2h, >3d, today, tomorrow, overdue."""
    said = _said(text)
    midnight = _midnight(now)
    if said in ("overdue", "late"):
        return InstantRange(until=now)
    if said == "today":
        return InstantRange(until=midnight + _DAY)
    if said == "tomorrow":
        return InstantRange(since=midnight + _DAY, until=midnight + 2 * _DAY)
    sign, length = _compared(said)
    if sign.startswith(">"):
        return InstantRange(since=_later(now, length))
    return InstantRange(until=_later(now, length))


def day(text: str, *, now: datetime) -> datetime:
    """The beginning of a day: 2026-11-03, 2026-11, 2026, today, yesterday; 7d is a week ago."""
    said, midnight = _said(text), _midnight(now)
    if said in ("today", "yesterday"):
        return midnight if said == "today" else midnight - _DAY
    if (date := _DATE.fullmatch(said)) or (date := _GERMAN_DATE.fullmatch(said)):
        parts = date.groups() if date.re is _DATE else reversed(date.groups())
        year, month, of_month = (int(part or 1) for part in parts)
        return midnight.replace(year=year, month=month, day=of_month)
    return _later(now, said, sign=-1)


def _later(now: datetime, text: str, *, sign: int = 1) -> datetime:
    """The instant a span ahead, or ago: days and weeks by the clock on the wall."""
    length = sign * span(text)
    if text.endswith(("d", "w")):
        return now + length
    return (now.astimezone(UTC) + length).astimezone(now.tzinfo)


def span(text: str) -> timedelta:
    """A length of time: 30m, 2h, 3d, 1w."""
    if (found := _SPAN.fullmatch(text)) is None:
        raise ValueError(text)
    return int(found[1]) * _UNITS[found[2]]


def amount(text: str) -> AmountRange:
    """A range of amounts: >100, <20, >=100eur, 50-80, >1,000; 184 means 184 and something."""
    said = _with_code(text.lower())
    if between := _BETWEEN.fullmatch(said):
        least, most = _figure(between[1]), _figure(between[2])
        return replace(_up_to(most), least=least, currency=(between[3] or "").upper())
    sign, rest = _compared(said)
    if (found := _AMOUNT.fullmatch(rest)) is None:
        raise ValueError(text)
    value, currency = _figure(found[1]), (found[2] or "").upper()
    match sign:
        case "<":
            return AmountRange(below=value, currency=currency)
        case "<=":
            return AmountRange(most=value, currency=currency)
        case ">":
            return AmountRange(above=value, currency=currency)
        case ">=":
            return AmountRange(least=value, currency=currency)
        case _:
            return replace(_up_to(value), least=value, currency=currency)


def _with_code(text: str) -> str:
    """A sign before or behind the figures as the letters of its currency, which stand behind."""
    signs = _SIGN.findall(text)
    if not signs:
        return text
    (sign,) = dict.fromkeys(signs)
    return f"{_SIGN.sub('', text)}{_SIGNS[sign]}"


def _up_to(value: Decimal) -> AmountRange:
    """A figure without decimals stands for all of its cents."""
    return AmountRange(most=value) if "." in str(value) else AmountRange(below=value + 1)


def figure(text: str) -> Decimal:
    """A number as people write it: 1500, 1.500 and 1,500 are the same, and so are 12.5 and 12,5.

    Raises ValueError for what is none.
    """
    if re.fullmatch(r"\d{1,12}", text, re.ASCII):
        return Decimal(text)
    if re.fullmatch(_FIGURE, text, re.ASCII) is None:
        raise ValueError(text)
    return _figure(text)


def _figure(text: str) -> Decimal:
    *whole, last = _MARK.split(text)
    if re.fullmatch(_GROUPED, text) and len(last) == _THOUSAND:
        return Decimal("".join((*whole, last)))
    return Decimal(f"{''.join(whole)}.{last}") if whole else Decimal(last)


def _compared(text: str) -> tuple[str, str]:
    if (found := _COMPARED.fullmatch(text)) is None:
        raise ValueError(text)
    return found[1], found[2].strip()


_IN_GERMAN = {
    "heute": "today", "morgen": "tomorrow", "gestern": "yesterday", "überfällig": "overdue",
}  # fmt: skip


def _said(text: str) -> str:
    said = text.lower()
    return _IN_GERMAN.get(said, said)


def _midnight(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
