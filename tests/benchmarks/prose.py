"""Prose: shop mail that nobody wrote, with words as unequally frequent as real ones.

An index over a hundred words behaves like no real one: so beside the sentences of the trade stand
20,000 made-up words whose frequency falls as in language (Zipf). The same seed writes the same.
"""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass

from app.domain.assessment import Kind

_WORDS = 20_000
_SYLLABLES = (
    "ba be bi bo bu da de di do du fa fe fi ga ge go ha he hi ka ke ko la le li lo lu ma me mi mo"
    " na ne ni no pa pe pi po ra re ri ro sa se si so su ta te ti to tu va ve vi wa we wi za zo"
)
_FIRST = "Anna Ben Carla David Elif Finn Greta Hugo Ines Jonas Klara Luca Mia Noah Olga Paul"
_LAST = "Adler Berg Conti Diaz Ebner Fuchs Garcia Huber Ivanov Jansen Keller Lopez Meyer Novak"

# What a customer writes about; {n} is an order number.
_SAID = {
    Kind.DAMAGED: ("The mug of order #{n} arrived broken", "the handle is in pieces"),
    Kind.WRONG_ITEM: ("You sent me the wrong colour in order #{n}", "I ordered the blue one"),
    Kind.WRONG_SIZE: ("The shirt from order #{n} is too small", "can I swap it for a larger one"),
    Kind.NOT_RECEIVED: ("Order #{n} never arrived", "the carrier says that it was delivered"),
    Kind.LATE: ("Where is my order #{n}", "it should have been here last week"),
    Kind.RETURN_REQUEST: ("I would like to return order #{n}", "please send me a label"),
    Kind.REFUND_BILLING: ("The refund for order #{n} is not there", "I was charged twice"),
    Kind.DISPUTE: ("A chargeback was opened for order #{n}", "respond before the deadline"),
    Kind.CHANGE_CANCEL: ("Please change the address of order #{n}", "or cancel it if need be"),
    Kind.SITE_ACCOUNT: ("I cannot sign in", "the voucher of order #{n} is not accepted"),
    Kind.PRODUCT_QUESTION: ("Is the teapot dishwasher safe", "I have one from order #{n}"),
    Kind.LEGAL_EXECUTIVE: ("My lawyer will write to you about order #{n}", "this is the last time"),
    Kind.OTHER: ("Thank you for order #{n}", "I only wanted to say that it is lovely"),
    Kind.NOT_AN_ISSUE: ("Our newsletter of this week", "offers on packaging, number {n}"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The words of one mail."""

    kind: Kind
    order: str
    subject: str
    text: str


class Writer:
    """Writes mail after mail; two writers with one seed write the same."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self._words = _vocabulary()
        self._weights = list(itertools.accumulate(1 / (rank + 3) for rank in range(_WORDS)))

    def person(self, number: int) -> tuple[str, str]:
        """A name and an address that the same number always has."""
        firsts, lasts = _FIRST.split(), _LAST.split()
        first, last = firsts[number % len(firsts)], lasts[number // 16 % len(lasts)]
        return f"{first} {last}", f"{first}.{last}{number}@customer.example".lower()

    def kind(self) -> Kind:
        """A kind; each as likely as the next."""
        return self.chance.choice(list(_SAID))

    def mail(self, kind: Kind, order: int, *, words: int = 0) -> Said:
        """A mail of that kind about that order."""
        opening, more = (part.format(n=order) for part in _SAID[kind])
        filling = self.words(words or self.chance.randint(20, 140))
        text = f"Hello,\n\n{opening}, {more}.\n{filling}\n\nKind regards"
        return Said(kind=kind, order=str(order), subject=opening, text=text)

    def words(self, count: int) -> str:
        """So many words in sentences of ten."""
        chosen = self.chance.choices(self._words, cum_weights=self._weights, k=count)
        lines = (" ".join(chosen[at : at + 10]) for at in range(0, count, 10))
        return ".\n".join(lines)


def _vocabulary() -> list[str]:
    """The made-up words, the same in every run, the short ones the most frequent."""
    syllables = _SYLLABLES.split()
    pairs = ("".join(pair) for pair in itertools.product(syllables, repeat=2))
    triples = ("".join(three) for three in itertools.product(syllables, repeat=3))
    chance = random.Random(20_000)
    short = list(pairs)
    long = list(itertools.islice(triples, 0, None, 7))
    chance.shuffle(short)
    chance.shuffle(long)
    return (short + long)[:_WORDS]
