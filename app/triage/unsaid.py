"""Unsaid: ways in which a sentence names a thing and does not say that it is so.

Who asks whether a lamp could burn has no fire, and who asks about new bank details gives none. A
rule names the ways that take its hits back; where a sentence is in doubt, the hit stands.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from app.triage.words import Words

Span = tuple[int, int]  # from word, up to word

_FARTHEST = 8  # words between what takes back and what is taken back
_LONGEST_PHRASE = 40  # words, gaps and all
_NEW_CLAUSE = frozenset(",;:()\n")
_QUOTES = frozenset('"“”„«»')
_LONGEST_NAME = 60  # letters between quotation marks


@dataclass(frozen=True, slots=True)
class Places:
    """Where words stand in a text, in order, and the ends of the sentences that hold them."""

    spans: tuple[Span, ...]
    stops: frozenset[int]

    @classmethod
    def of(cls, spans: Iterable[Span], words: Words) -> Places:
        """These places of a text."""
        found = tuple(sorted(spans))
        return cls(found, frozenset(words.stops[start] for start, _ in found))

    def before(self, position: int) -> Iterable[Span]:
        """Those that begin at a word or not far before it; few, however many there are."""
        last = bisect_right(self.spans, (position, position + _LONGEST_PHRASE))
        for place in reversed(self.spans[max(last - 2 * _LONGEST_PHRASE, 0) : last]):
            if place[0] < position - _FARTHEST - _LONGEST_PHRASE:
                return
            yield place


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way. Its own words are found under the name `rule`, if `worded`, and under the name
    `denial` those that stand against it.

    `asked`: only in a question. `quoted`: only between quotation marks. `anywhere`: its words may
    stand anywhere in the sentence; else before what they take back, in the same clause.
    `answered`: what stands against it may stand in the sentence behind it, as a question's answer.
    """

    rule: str
    denial: str
    worded: bool
    asked: bool
    quoted: bool
    anywhere: bool
    answered: bool

    def takes_back(self, hit: Span, *, own: Places, against: Places, words: Words) -> bool:
        """Whether what was found there is not said."""
        if self.asked and not words.asks(hit[0]):
            return False
        if self.quoted and not _is_name(hit, words):
            return False
        if self.worded and not self._reaches(hit[0], own, words):
            return False
        return not self._is_denied(words.stops[hit[0]], against, words)

    def _reaches(self, start: int, own: Places, words: Words) -> bool:
        stop = words.stops[start]
        if self.anywhere:
            return stop in own.stops
        near = (place for place in own.before(start) if words.stops[place[0]] == stop)
        return any(_in_one_clause(place, start, words) for place in near)

    def _is_denied(self, stop: int, against: Places, words: Words) -> bool:
        answer = self.answered and stop < len(words) and words.stops[stop] in against.stops
        return stop in against.stops or answer


def _in_one_clause(place: Span, start: int, words: Words) -> bool:
    """Whether a place begins before a word, or reaches over it, and no new clause lies between."""
    end = place[1]
    if start < end:
        return True
    return start <= end + _FARTHEST and _NEW_CLAUSE.isdisjoint(words.between(end, start))


def _is_name(hit: Span, words: Words) -> bool:
    """Whether it stands between quotation marks that hold a few words, as the name of a thing."""
    first, last = words.spans[hit[0]][0], words.spans[hit[1] - 1][1]
    before = words.text[max(first - _LONGEST_NAME, 0) : first]
    behind = words.text[last : last + _LONGEST_NAME]
    opened = [letter for letter in before.rpartition("\n")[2] if letter in _QUOTES]
    closed = [letter for letter in behind.partition("\n")[0] if letter in _QUOTES]
    return len(opened) % 2 == 1 and bool(closed)
