"""Words: a text cut into comparable words, each knowing where it stood and in which sentence.

The first step of the walk through triage: everything that looks for phrases looks at these words,
so that accents, capitals and curly apostrophes are dealt with in one place.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

# How much of a mail is judged: nobody says what is wrong after so many characters, and a mail of
# fifty megabytes must not cost more than a long one.
READ_AT_MOST = 12_000

_TYPOGRAPHY = {"’": "'", "‘": "'", "ʼ": "'", "´": "'", "–": "-", "—": "-", "\u00a0": " "}
_BY_HAND = {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "a", "œ": "o"}

# An English contraction stays one word (hasn't, it's); a French elision is two (l'article).
_PIECE = re.compile(r"[^\W_]+(?:'(?:t|s|ve|re|ll|d|m)(?!\w))?|[.!?…]+(?=\s|$)|\n\s*\n|[\[\]•*]")
_FIRST_LATIN, _LAST_LATIN = 0xC0, 0x24F


def _folding() -> dict[int, str]:
    """Each accented Latin letter with the bare one; one for one, so that places stay places."""
    table = {ord(odd): plain for odd, plain in (_TYPOGRAPHY | _BY_HAND).items()}
    for code in range(_FIRST_LATIN, _LAST_LATIN):
        bare = unicodedata.normalize("NFD", chr(code))[0]
        if bare.isascii() and bare.isalpha():
            table[code] = bare.lower()
    return table


_FOLDING = _folding()


def fold(text: str) -> str:
    """The text in lower case and without accents; as long as the text, letter by letter."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters grow when lowered: the Turkish dotted capital I
        lowered = "".join(letter.lower()[:1] for letter in text)
    return lowered.translate(_FOLDING)


# Written with a full stop that ends nothing; none of them is a word that ends a sentence.
_SHORTENED = frozenset(
    "nr ca bzw inkl zzgl bzgl evtl ggf tel dr mr mrs approx num".split()  # noqa: SIM905
)
# Behind "3." as German writes its days, folded; whole, or "3. Martha" would be a date.
_MONTH = re.compile(
    r"\s{1,3}(?:jan(?:uar)?|janner|feb(?:ruar)?|marz|maerz|mrz|apr(?:il)?|mai|juni?|juli?"
    r"|aug(?:ust)?|sept?(?:ember)?|okt(?:ober)?|nov(?:ember)?|dez(?:ember)?)\b"
)
_NUMBER = re.compile(r"\d{3,}")


def alike(text: str) -> str:
    """The text with every long number as the same one: which order it is says nothing of what."""
    return _NUMBER.sub("100", text)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text: `spans` says where each stood, `stops` where its sentence ends.

    `questions` holds the ends of those sentences that end in a question mark.
    """

    text: str
    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    stops: tuple[int, ...]
    questions: frozenset[int] = frozenset()

    def __len__(self) -> int:
        return len(self.words)

    def quote(self, start: int, end: int) -> str:
        """What was written from word `start` up to word `end`, on one line."""
        return " ".join(self.text[self.spans[start][0] : self.spans[end - 1][1]].split())

    def at(self, place: int) -> int:
        """The word that stands at a place of the text, or the nearest before it."""
        behind_all = len(self.text) + 1  # no word that begins at the place ends so late
        return max(bisect_right(self.spans, (place, behind_all)) - 1, 0)

    def between(self, end: int, start: int) -> str:
        """What was written behind the word before `end`, up to word `start`."""
        return self.text[self.spans[end - 1][1] : self.spans[start][0]]

    def asks(self, position: int) -> bool:
        """Whether the sentence in which a word stands is a question."""
        return self.stops[position] in self.questions

    def begin(self, position: int) -> int:
        """The first word of the sentence in which a word stands."""
        stop = self.stops[position]
        while position > 0 and self.stops[position - 1] == stop:
            position -= 1
        return position


def words_of(text: str) -> Words:
    """Cut a text into words and sentences; reads no more than READ_AT_MOST characters."""
    text = unicodedata.normalize("NFC", text[:READ_AT_MOST])
    words: list[str] = []
    spans: list[tuple[int, int]] = []
    ends: list[int] = []
    questions: set[int] = set()
    folded = fold(text)
    for piece in _PIECE.finditer(folded):
        word = piece.group()
        if word[0].isalnum():
            words.append(word.replace("'", "").replace("ß", "ss"))
            spans.append(piece.span())
        elif word != "." or not _goes_on(words, folded, piece.end()):
            ends.append(len(words))
            if "?" in word:
                questions.add(len(words))
    ends.append(len(words))
    stops = _stops(len(words), ends)
    return Words(text, tuple(words), tuple(spans), stops, frozenset(questions))


def _goes_on(words: list[str], folded: str, place: int) -> bool:
    """Whether a sentence goes on behind a full stop: "bis zum 3. Mai", "Nr. 1182"."""
    before = words[-1] if words else ""
    if before in _SHORTENED:
        return True
    return len(before) <= len("31") and before.isdigit() and bool(_MONTH.match(folded, place))


def _stops(count: int, ends: list[int]) -> tuple[int, ...]:
    stops: list[int] = []
    for end in ends:
        stops.extend([end] * (end - len(stops)))
    return tuple(stops[:count])
