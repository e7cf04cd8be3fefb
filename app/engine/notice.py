"""Notice: by when a provider's own mail wants to be answered: the days it names, or how long.

Part of `promising`. The entities of a mail hold every day that it names, also the one on which it
was written; here stands which of them it asks for an answer by. What it says elsewhere (how long
the money is held, when a bank decides) is no date of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from app.triage.days import NamedDay, named_days
from app.triage.moments import moments_ahead
from app.triage.time_patterns import TimePatterns, patterns_of
from app.triage.time_words import LANGUAGES
from app.triage.words import Words, fold, words_of

# What a sentence that wants an answer has in it, in the eight languages, as folded words begin.
_WANTS_AN_ANSWER = re.compile(
    r"(?<!\w)(?:respon[ds]|repl(?:y|ies)|answer|evidence|submit|deadline|due|appeal|contest"
    r"|antwort|beantwort|reagier|stellungnahme|nachweis|beleg|frist|einreich|fallig"
    r"|repon[ds]|preuve|delai|date limite|echeance|respuesta|prueba|plazo|fecha limite"
    r"|rispo(?:nd|st)|prove|scadenza|entro|reage|antwoord|bewij[sz]|uiterlijk|termijn"
    r"|resposta|prova|prazo|odpowie|odpowiad|dowod|termin)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The days by which an answer is wanted, with the mail's own where it is one; and how long it
    gives in so many words."""

    days: tuple[date, ...] = ()
    within: timedelta | None = None


@lru_cache(maxsize=512)
def wanted_by(text: str, *, came_at: datetime, language: str = "") -> Wanted:
    """By when a mail wants an answer; `came_at` is its arrival on the shop's clock."""
    words = words_of(text)
    days = named_days(words.text, sent=came_at.date(), language=language)
    ahead = (
        one.day
        for one in days
        if _is_wanted(words, one.start)
        and (one.day > came_at.date() or _is_limit(words, one, came_at, language))
    )
    spans = _spans(words, language)
    return Wanted(days=tuple(sorted(set(ahead))), within=min(spans, default=None))


def _is_limit(words: Words, named: NamedDay, came_at: datetime, language: str) -> bool:
    """Whether the mail's own day stands there as a limit, and not as when it was written."""
    if named.day != came_at.date():
        return False
    moments = moments_ahead(words, (named,), now=came_at, language=language)
    return any(one.position == words.at(named.start) for one in moments)


def _spans(words: Words, language: str) -> Iterator[timedelta]:
    """How long each sentence that wants an answer gives: "You have 3 days to respond"."""
    text = fold(words.text)
    for name in (language,) if language in LANGUAGES else tuple(LANGUAGES):
        patterns = patterns_of(name)
        left = patterns.never.sub(lambda match: " " * len(match.group()), text)
        for match in patterns.span.finditer(left):
            if _is_wanted(words, match.start()):
                yield _length(match, patterns)


def _length(match: re.Match[str], patterns: TimePatterns) -> timedelta:
    """Of "two to three days" the shorter: it is their clock, not ours."""
    parts = match.groupdict()
    number = parts["number"] or parts["number_still"] or "1"
    unit = parts["unit"] or parts["unit_still"] or parts["unit_one"]
    return timedelta(hours=patterns.number_of(number) * patterns.hours_of(unit))


def _is_wanted(words: Words, place: int) -> bool:
    """Whether the sentence about a place, or the one before it ("Answer due:"), wants an answer."""
    if not words.spans:
        return False
    position = words.at(place)
    first = words.begin(position)
    stop = words.stops[position]
    return _asks(words, first, stop) or (first > 0 and _asks(words, words.begin(first - 1), first))


def _asks(words: Words, first: int, stop: int) -> bool:
    start, end = words.spans[first][0], words.spans[stop - 1][1]
    return _WANTS_AN_ANSWER.search(fold(words.text[start:end])) is not None
