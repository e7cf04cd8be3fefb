"""Clues: what a complaint names that another customer's complaint may name as well.

Read from a judged mail, for `incidents`: articles by the stem of their number, products by their
name, places of the carrier's net, and the checkout that nobody gets through.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.assessment import Assessment, Kind
from app.domain.message import Message
from app.domain.order import order_key
from app.triage.schema import Names
from app.triage.tracking import proves_itself
from app.triage.words import READ_AT_MOST, fold, words_of

_RANKS = ("checkout", "article", "model", "name", "place")
_LETTERS_DIGITS = re.compile(r"([A-Z]{1,6})-?(\d{1,5})(?!\d)")
_MODEL = re.compile(r"(?<![\w#-])([A-Z]{2,5})[- ]?(\d{1,4})(?![\w]|[.,:]\d)")
# A name within a sentence: after a small word, two or more words with capitals or figures.
_NAME = re.compile(
    r"(?<=[a-zà-öø-ÿß,] )([A-ZÀ-ÖØ-Þ][\w'’-]+(?: (?:[A-ZÀ-ÖØ-Þ][\w'’-]*|\d{1,3}(?!\w)))+)"
)
_PLACE_BEFORE = re.compile(
    r"(?<![\w'’-])([A-ZÀ-ÖØ-Þ][\w'’-]{2,40}) "
    r"(?:hub|depot|sorting|distribution|delivery office|terminal)\b"
)
_PLACE_AFTER = re.compile(
    r"\b(?:[Hh]ub|[Dd]epot|[Ff]acility|[Zz]ustellbasis|[Pp]aket(?:zentrum|verteilzentrum)|"
    r"[Vv]erteilzentrum|[Dd]épôt|[Ee]ntrepôt|tri|[Pp]late-?forme|[Aa]gence|[Cc]entro|[Aa]lmac[ée]n|"
    r"[Dd]elegación|[Mm]agazzino|[Dd]eposito|[Ff]iliale|[Ss]orteercentrum|[Ss]ortowni\w*|"
    r"[Oo]ddzia\w*|stuck|hängt|liegt|bloqué|coincé|atascad[oa]|parad[oa]|bloccato|fermo|ligt|utknęła)"
    r",? (?:(?:in|at|de|di|du|te|w|von|da|do|em|en|a|à|logístico de|logistico di|fest in) )?"
    r"([A-ZÀ-ÖØ-Þ][\w'’-]{2,})"
)
_WORD = re.compile(r"[^\W\d_]{5,}")
_CAPITAL = re.compile(r"(?<=[a-zà-öø-ÿß,] )[A-ZÀ-ÖØ-Þ][^\W\d_]{4,}")
_SHORTEST_WORD = 5


@dataclass(frozen=True, slots=True, order=True)
class Clue:
    """Something nameable: its sort, its folded form for comparing, and as it was written."""

    sort: str
    key: str
    shown: str = ""

    @property
    def rank(self) -> int:
        """How well it names a cause; 0 is best."""
        return _RANKS.index(self.sort)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Clue) and (self.sort, self.key) == (other.sort, other.key)

    def __hash__(self) -> int:
        return hash((self.sort, self.key))


def clues_of(
    message: Message,
    assessment: Assessment,
    *,
    names: Names,
    articles: Iterable[str] = (),
    shop: str = "",
) -> frozenset[Clue]:
    """What a judged mail names; `articles` are those of its order, `shop` the shop's own name."""
    text = f"{message.subject}\n{message.new_text[:READ_AT_MOST]}"
    clues = {_article(sku) for sku in (*assessment.entities.skus, *articles)}
    clues |= _models(text, names, taken=assessment.entities.order_numbers)
    clues |= _names(message.new_text[:READ_AT_MOST], names, _own_names(message, shop))
    if assessment.kind in (Kind.LATE, Kind.NOT_RECEIVED):
        clues |= _places(text)
    if "shop_down" in assessment.factors:
        clues.add(Clue("checkout", "checkout", "Checkout"))
    return frozenset(clues)


def long_words(message: Message) -> frozenset[str]:
    """The longer words of a mail, folded; a plural in -s counts as its singular."""
    return comparable_words(f"{message.subject}\n{message.new_text[:READ_AT_MOST]}")


def comparable_words(text: str) -> frozenset[str]:
    """The longer words of a text, folded, as `long_words` gives those of a mail."""
    return frozenset(filter(None, map(_comparable, _WORD.findall(text))))


def title_words(title: str) -> frozenset[str]:
    """The longer words of an article's title, comparable with those of a mail."""
    return comparable_words(title)


def name_words(
    message: Message, assessment: Assessment, *, names: Names, shop: str = ""
) -> frozenset[str]:
    """The long words that have a capital within a sentence; in German every noun would."""
    if assessment.language == "de":
        return frozenset()
    sender = message.from_
    own = {word.rstrip("s") for word in _own_names(message, shop).union(names.no_product)}
    domain = fold(sender.email.partition("@")[2]) if sender else ""
    found = filter(None, map(_comparable, _CAPITAL.findall(message.new_text[:READ_AT_MOST])))
    return frozenset(word for word in found if word not in own and word not in domain)


def _comparable(word: str) -> str:
    return fold(word).rstrip("s") if len(word) >= _SHORTEST_WORD else ""


def _article(sku: str) -> Clue:
    """An article without its size and colour: RT4-W-PET-40 is an RT4, HP-N38-BLU an HPN38."""
    sku = sku.upper()
    match = _LETTERS_DIGITS.match(sku)
    stem = match.group(1) + match.group(2) if match else "".join(sku.split("-")[:2])
    return Clue("article", stem, sku)


def _models(text: str, names: Names, *, taken: Iterable[str]) -> set[Clue]:
    orders = {order_key(number) for number in taken}
    found = set()
    for match in _MODEL.finditer(text):
        written = match.group()
        known = match.group(1) in names.no_article or order_key(written) in orders
        if not known and not proves_itself(written):
            found.add(Clue("article", match.group(1) + match.group(2), written))
    return found


def _own_names(message: Message, shop: str) -> frozenset[str]:
    """Whoever writes and whoever is written to is no product."""
    people = words_of(message.from_.name if message.from_ else "").words
    return frozenset((*people, *words_of(shop).words))


def _names(text: str, names: Names, own: frozenset[str]) -> set[Clue]:
    none = own.union(names.no_product)
    found = set()
    for match in _NAME.finditer(text):
        words = [fold(word).strip("'-") for word in match.group(1).split()]
        bare = [word for word in words if not word.isdigit()]
        if len(bare) >= 2 and none.isdisjoint(bare):
            found.add(Clue("name", " ".join(bare[:2]), match.group(1)))
    return found


def _places(text: str) -> set[Clue]:
    matches = [*_PLACE_BEFORE.finditer(text), *_PLACE_AFTER.finditer(text)]
    return {Clue("place", fold(match.group(1)), match.group(1)) for match in matches}
