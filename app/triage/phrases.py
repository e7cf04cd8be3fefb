"""Phrases: the little language in which rules are written, and the book that finds them.

A phrase is words with blanks between them, in lower case or not, with accents or without:

    arrived broken          these two words, one after the other
    arrived|came broken     one or the other
    crack*                  a word that begins so;  *schaden: a word that ends so
    not yet? arrived        a word that may be missing
    box .. empty            up to three words between;  ... up to eight
    # days                  a number

A phrase never reaches over the end of a sentence. It is no regular expression on purpose: an owner
can write one, and no mail, however it is made, can make one slow, because the number of steps is
bounded by the number of words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.triage.unsaid import Places, Way
from app.triage.words import Words, words_of

ANY = "any"
SHORT_GAP, LONG_GAP = 3, 8
_MOST_GAPS = 3
_MOST_OPTIONAL = 3
_SHORTEST_STEM = 2
_REMEMBERED_WORDS = 50_000


class PhraseError(ValueError):
    """A phrase that cannot be read; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Item:
    """One place in a phrase: which words may stand there, or how wide a gap."""

    exact: frozenset[str] = frozenset()
    beginnings: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    number: bool = False
    optional: bool = False
    gap: int = 0

    def takes(self, word: str) -> bool:
        """Whether the word may stand here."""
        return (
            word in self.exact
            or (self.number and word[0].isdigit())
            or (bool(self.beginnings) and word.startswith(self.beginnings))
            or (bool(self.endings) and word.endswith(self.endings))
        )


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase ready to be looked for; `rule` is the name it speaks for."""

    rule: str
    language: str
    items: tuple[Item, ...]
    cancels: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase that was found: the words from `start` up to `end`, as they were written."""

    language: str
    start: int
    end: int
    quote: str


def parse(source: str, *, rule: str, language: str, cancels: bool = False) -> Phrase:
    """Read a phrase; raises PhraseError with a sentence if it cannot be one."""
    items = tuple(item for word in source.split() for item in _items(word, source))
    if not items or items[0].gap or items[0].optional:
        raise PhraseError(f'"{source}" must begin with a word that is not optional')
    if items[-1].gap:
        raise PhraseError(f'"{source}" ends in a gap')
    if sum(item.gap > 0 for item in items) > _MOST_GAPS:
        raise PhraseError(f'"{source}" has more than {_MOST_GAPS} gaps')
    if sum(item.optional for item in items) > _MOST_OPTIONAL:
        raise PhraseError(f'"{source}" has more than {_MOST_OPTIONAL} words that may be missing')
    return Phrase(rule, language, items, cancels)


def _items(word: str, source: str) -> Iterable[Item]:
    if word in ("..", "..."):
        return (Item(gap=SHORT_GAP if word == ".." else LONG_GAP),)
    optional = word.endswith("?")
    choices = word.removesuffix("?").split("|")
    pieces = [_plain(choice.strip("*"), source) for choice in choices]
    if any(len(piece) > 1 for piece in pieces):
        if len(choices) > 1 or optional or "*" in word:
            raise PhraseError(f'"{word}" in "{source}" is more than one word: write it apart')
        return (Item(exact=frozenset((piece,))) for piece in pieces[0])
    return (_choice(choices, [piece[0] for piece in pieces], optional=optional),)


def _plain(word: str, source: str) -> tuple[str, ...]:
    if word == "#":
        return ("#",)
    plain = words_of(word).words
    if not plain or any(len(piece) < 1 for piece in plain):
        raise PhraseError(f'"{source}" holds something that is no word')
    return plain


def _choice(choices: list[str], plain: list[str], *, optional: bool) -> Item:
    pairs = list(zip(choices, plain, strict=True))
    beginnings = tuple(word for choice, word in pairs if choice.endswith("*"))
    endings = tuple(word for choice, word in pairs if choice.startswith("*"))
    if any(len(stem) < _SHORTEST_STEM for stem in (*beginnings, *endings)):
        raise PhraseError(f'"{"|".join(choices)}" has a stem of less than two letters')
    return Item(
        exact=frozenset(word for choice, word in pairs if "*" not in choice and word != "#"),
        beginnings=beginnings,
        endings=endings,
        number="#" in plain,
        optional=optional,
    )


@dataclass(slots=True)
class Phrasebook:
    """Many phrases, found in one pass: each word of a text leads to the phrases it may begin."""

    _exact: dict[str, list[Phrase]] = field(default_factory=dict)
    _beginnings: dict[str, list[Phrase]] = field(default_factory=dict)
    _endings: dict[str, list[Phrase]] = field(default_factory=dict)
    _numbers: list[Phrase] = field(default_factory=list)
    _seen: dict[tuple[str, str], tuple[Phrase, ...]] = field(default_factory=dict)
    _ways: dict[str, tuple[Way, ...]] = field(default_factory=dict)
    _unsaid: set[str] = field(default_factory=set)

    def take_back(self, rule: str, ways: tuple[Way, ...]) -> None:
        """From now on these ways of not saying a thing take back what a rule finds."""
        self._ways[rule] = ways
        self._unsaid.update(name for way in ways for name in (way.rule, way.denial))

    def add(self, phrase: Phrase) -> None:
        """Enter a phrase under every word that can begin it."""
        first = phrase.items[0]
        for word in first.exact:
            self._exact.setdefault(word, []).append(phrase)
        for stem in first.beginnings:
            self._beginnings.setdefault(stem, []).append(phrase)
        for stem in first.endings:
            self._endings.setdefault(stem, []).append(phrase)
        if first.number:
            self._numbers.append(phrase)
        self._seen.clear()

    def find(self, words: Words, language: str = "") -> Mapping[str, tuple[Hit, ...]]:
        """The hits of every rule, by its name, in a text of this language ("" for any)."""
        found: dict[str, list[Hit]] = {}
        against: list[tuple[int, Phrase]] = []
        for position, word in enumerate(words.words):
            for phrase in self._candidates(word, language):
                if phrase.cancels:
                    against.append((position, phrase))
                    continue
                end = _match(phrase.items, words, position)
                if end >= 0:
                    quote = words.quote(position, end)
                    hit = Hit(phrase.language, position, end, quote)
                    found.setdefault(phrase.rule, []).append(hit)
        cancelled = _cancelled(against, found, words)
        kept = dict(_kept(found, cancelled, words))
        return {name: hits for name, hits in self._said(kept, words) if hits}

    def _said(
        self, found: Mapping[str, tuple[Hit, ...]], words: Words
    ) -> Iterable[tuple[str, tuple[Hit, ...]]]:
        """What was found, without the hits of each rule that a sentence only names."""
        ways = {way for name in found for way in self._ways.get(name, ())}
        names = {name for way in ways for name in (way.rule, way.denial)}
        places = {
            name: Places.of(((hit.start, hit.end) for hit in found.get(name, ())), words)
            for name in names
        }
        for name, hits in found.items():
            for way in self._ways.get(name, ()):
                hits = tuple(hit for hit in hits if not _taken_back(hit, way, places, words))
            if name not in self._unsaid:
                yield name, hits

    def _candidates(self, word: str, language: str) -> tuple[Phrase, ...]:
        known = self._seen.get((word, language))
        if known is None:
            wanted = (language, ANY)
            known = tuple(p for p in self._look_up(word) if not language or p.language in wanted)
            if len(self._seen) >= _REMEMBERED_WORDS:
                self._seen.clear()
            self._seen[word, language] = known
        return known

    def _look_up(self, word: str) -> list[Phrase]:
        phrases = list(self._exact.get(word, ()))
        for length in range(_SHORTEST_STEM, min(len(word), 40) + 1):
            phrases += self._beginnings.get(word[:length], ())
            phrases += self._endings.get(word[-length:], ())
        if word[0].isdigit():
            phrases += self._numbers
        return phrases


def _taken_back(hit: Hit, way: Way, places: Mapping[str, Places], words: Words) -> bool:
    own, against = places[way.rule], places[way.denial]
    return way.takes_back((hit.start, hit.end), own=own, against=against, words=words)


def _cancelled(
    against: Iterable[tuple[int, Phrase]], found: Mapping[str, list[Hit]], words: Words
) -> Mapping[str, set[int]]:
    """The ends of the sentences in which each rule that found something is taken back."""
    cancelled: dict[str, set[int]] = {}
    for position, phrase in against:
        if phrase.rule in found and _match(phrase.items, words, position) >= 0:
            cancelled.setdefault(phrase.rule, set()).add(words.stops[position])
    return cancelled


def _kept(
    found: Mapping[str, list[Hit]], cancelled: Mapping[str, set[int]], words: Words
) -> Iterable[tuple[str, tuple[Hit, ...]]]:
    for name, hits in found.items():
        ends = cancelled.get(name, ())
        kept = tuple(hit for hit in hits if words.stops[hit.start] not in ends)
        if kept:
            yield name, kept


def _match(items: tuple[Item, ...], words: Words, position: int) -> int:
    """Where the phrase ends whose first place takes the word `position`, or -1."""
    stop = words.stops[position]
    if len(items) > 1 and not (items[1].gap or items[1].optional):
        # most phrases fail at their second word: that is cheaply seen
        fits = position + 1 < stop and items[1].takes(words.words[position + 1])
        if not fits:
            return -1
    return _follow(items, 1, words.words, position + 1, stop)


def _follow(
    items: tuple[Item, ...], at: int, words: tuple[str, ...], position: int, stop: int
) -> int:
    """Where the places from `at` on end if they begin at `position`; no word from `stop` on."""
    while at < len(items):
        item = items[at]
        if item.gap:
            return _follow_after_gap(items, at, words, position, stop)
        fits = position < stop and item.takes(words[position])
        if not fits and not item.optional:
            return -1
        at += 1
        if fits and item.optional:  # the word may also belong to the next place: try both
            end = _follow(items, at, words, position + 1, stop)
            if end >= 0:
                return end
        elif fits:
            position += 1
    return position


def _follow_after_gap(
    items: tuple[Item, ...], at: int, words: tuple[str, ...], position: int, stop: int
) -> int:
    after = items[at + 1]
    sure = not (after.optional or after.gap)  # then only its own words are worth following
    for start in range(position, min(position + items[at].gap, stop - 1) + 1):
        if sure and not after.takes(words[start]):
            continue
        end = _follow(items, at + 1, words, start, stop)
        if end >= 0:
            return end
    return -1
