"""Hours as people write them, in the window and on the command line: read, and said. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from app.domain import day_text
from app.domain.errors import Refused
from app.domain.translation import to_translate, tr

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAYS = dict(zip(WEEK, day_text.LONG_DAYS, strict=True))
SHORT_DAYS = dict(zip(WEEK, day_text.SHORT_DAYS, strict=True))
FREE = to_translate("free")
_PAIR = re.compile(r"(\d{1,2})[:.]?(\d{2})? ?(?:-|–|to|bis) ?(\d{1,2})[:.]?(\d{2})?")
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?")
_DATES = re.compile(r"(\d{4}-\d\d-\d\d)(?: ?(?:\.\.|to|-|–) ?(\d{4}-\d\d-\d\d))?(?:[ ,:]+(.+))?")
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)[ ,:]+(.+)")

Pairs = list[list[str]]


def intervals(text: str) -> Pairs:
    """The pairs of times that "09:00-12:00, 13-17" names; none for "free". Raises Refused."""
    if text.strip().lower() in ("", FREE, tr(FREE)):
        return []
    return [_interval(part.strip()) for part in text.split(",")]


def clock(text: str) -> str:
    """The time of the day that "9", "9:00" or "9.30" names, as 09:00. Raises Refused."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        hint = tr("Write for example 09:00")
        raise Refused(tr("{at} is no time of the day", at=repr(text[:40])), hint=hint)
    return _clock(match[1], match[2])


def closure(text: str) -> dict[str, str]:
    """The days that "2026-12-24 to 2027-01-01 Christmas" names, and why. Raises Refused."""
    match = _DATES.fullmatch(text.strip())
    if match is None:
        raise Refused(tr("{words} is no closure", words=repr(text.strip())), hint=tr(_CLOSURE_HINT))
    first, last, because = match[1], match[2] or match[1], match[3] or ""
    for day in (first, last):
        _real(day)
    if last < first:
        raise Refused(
            tr("The closure from {first} ends before it begins", first=first),
            hint=tr(_CLOSURE_HINT),
        )
    return {"first": first, "last": last, "because": because.strip()}


def exception(text: str) -> tuple[str, Pairs]:
    """The day and the hours that "2026-12-24 10:00-13:00" names. Raises Refused."""
    match = _DAY.fullmatch(text.strip())
    if match is None:
        hint = tr("Write for example 2026-12-24 10:00-13:00, or 2026-12-24 free")
        raise Refused(tr("{words} is no day with its hours", words=repr(text.strip())), hint=hint)
    _real(match[1])
    return match[1], intervals(match[2])


def said_intervals(pairs: Iterable[Sequence[str]]) -> str:
    """Pairs of times in words: "09:00-12:00, 13:00-17:00", or "free"."""
    return ", ".join(f"{begin}-{end}" for begin, end in pairs) or tr(FREE)


def said_closure(one: Mapping[str, str]) -> str:
    """A closure in words, as `closure` reads it."""
    days = one["first"] if one["first"] == one["last"] else f"{one['first']} to {one['last']}"
    return f"{days} {one.get('because', '')}".strip()


def _interval(text: str) -> list[str]:
    match = _PAIR.fullmatch(text)
    if match is None:
        raise Refused(
            tr("{words} are no hours", words=repr(text[:40])),
            hint=tr("Write for example 09:00-12:00, 13:00-17:00, or free"),
        )
    return [_clock(match[1], match[2]), _clock(match[3], match[4])]


def _clock(hour: str, minute: str | None) -> str:
    at = f"{int(hour):02}:{int(minute or 0):02}"
    if int(hour) > 24 or int(minute or 0) > 59 or at > "24:00":
        raise Refused(
            tr("{at} is no time of the day", at=at), hint=tr("It goes from 00:00 to 24:00")
        )
    return at


def _real(day: str) -> None:
    try:
        date.fromisoformat(day)
    except ValueError:
        raise Refused(tr("{day} is no day", day=day), hint=tr(_CLOSURE_HINT)) from None


_CLOSURE_HINT = to_translate("Write for example 2026-12-24 to 2027-01-01 Christmas break")
