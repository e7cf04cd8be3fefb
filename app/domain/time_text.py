"""Lengths of time as people write them ("1.5 h", "90 minutes", "2 days"): read, and said. Pure."""

from __future__ import annotations

import re
from datetime import timedelta

from app.domain.errors import Refused
from app.domain.translation import to_translate, tr

LONGEST = timedelta(days=90)
NOTHING = "none"
_UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "s": timedelta(hours=1),  # the German "Std" and "Stunden"
    "d": timedelta(days=1),
    "t": timedelta(days=1),  # the German "Tage"
}
_PART = re.compile(r"(\d{1,6}(?:[.,]\d{1,2})?) ?(m|h|d|s|t)[a-z]*")
_WHOLE = re.compile(
    r"(?:\d{1,6}(?:[.,]\d{1,2})? ?(?:m|mins?|minutes?|minuten|h|hrs?|hours?|std|stunden?"
    r"|d|days?|tage?n?)(?:(?:[ ,.]|and|und)+|$))+"
)
_NO_TIME = ("", "-", "–", NOTHING, "never", "no", "nie", "nein", "keine")
_HINT = to_translate('Write it like "45 min", "1 h 30 min" or "2 d"')


def length(text: str) -> timedelta | None:
    """The time that somebody wrote; None for "none". Raises Refused for anything else."""
    words = " ".join(text.lower().split())
    if words in _NO_TIME:
        return None
    if not _WHOLE.fullmatch(words):
        raise Refused(
            tr("{words} is no length of time", words=repr(text.strip()[:40])), hint=tr(_HINT)
        )
    total = sum(
        (float(number.replace(",", ".")) * _UNITS[unit] for number, unit in _PART.findall(words)),
        timedelta(),
    )
    if not timedelta(minutes=1) <= total <= LONGEST:
        raise Refused(
            tr("{words} is not between a minute and 90 days", words=repr(text.strip()[:40])),
            hint=tr(_HINT),
        )
    return timedelta(minutes=round(total / timedelta(minutes=1)))


def written(text: str) -> str:
    """The same time as the rule files write it: "1 h 30 min", or "none". Raises Refused."""
    found = length(text)
    return NOTHING if found is None else said(found)


def said(time: timedelta) -> str:
    """The time as rule files have it: "1 h 30 min", "24 h", "3 d 3 h"; whole minutes, the rest is
    dropped."""
    return " ".join(f"{count} {unit}" for count, unit in _parts(time)) or "0 min"


def in_words(time: timedelta) -> str:
    """The same in the owner's language: "1 Std. 30 Min."; `length` reads it again."""
    ways = {"d": tr("{n} d"), "h": tr("{n} h"), "min": tr("{n} min")}
    parts = [ways[unit].format_map({"n": count}) for count, unit in _parts(time)]
    return " ".join(parts) or tr("{n} min", n=0)


def field_text(text: str) -> str:
    """What stands in a rule file, for a field that the owner fills; nothing for "none"."""
    found = length(text)
    return "" if found is None else in_words(found)


def _parts(time: timedelta) -> list[tuple[int, str]]:
    minutes = int(time.total_seconds()) // 60
    days, hours = divmod(minutes // 60, 24)
    if days < 3:  # people say 36 h, and 3 d 12 h
        days, hours = 0, minutes // 60
    parts = ((days, "d"), (hours, "h"), (minutes % 60, "min"))
    return [(count, unit) for count, unit in parts if count]
