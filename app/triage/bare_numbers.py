"""Bare numbers: four to six digits that nobody calls an order, in a place where one stands.

Part of the entities, for `order_numbers`. "Can I send 31877 back?": people who write so little mean
their order. What stands before and behind must both allow it; years, round sums, postcodes, phone
numbers, the end of a card and the numbers of other things are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.triage.bare_words import (
    COUNTS,
    ELSE,
    FOLLOWS,
    LEADS,
    NUMBER_WORDS,
    OURS,
    THEIRS,
)
from app.triage.words import fold

_DIGITS = re.compile(r"(?<![\w.,:/@#+&=€£$-])[1-9]\d{3,5}(?![\w/@€£$%]|[.,:-]\d|-\w)")
_AROUND = 60
_LONE = 5
_WORD_BEFORE = re.compile(r"([^\W\d_]+(?:'[^\W\d_]+)?)[^\w\n'(,;]{0,3}$")
_TWO_BEFORE = re.compile(r"([^\W\d_]+)(?:[ '-]{1,2}|\.-|\. ?(?=[a-zß-ž]))[^\W\d_]+[^\w\n]{0,3}$")
# "my order of 3 May, no. ..."
_OF_THAT_DAY = re.compile(
    r"(?:order|bestell|auftrag|command|pedid|ordin|encomend|zam[oó]wi)[^\d\n]{0,20}\d{1,2}\.?[^\d\n]{1,20}"
    r"(?:20\d\d,? )?[^\d\n]{1,6}$",
    re.IGNORECASE,
)
_WORD_AFTER = re.compile(r"^[ \n]([^\W\d_]+)")
_DIGITS_BEFORE = re.compile(r"\d[ /-]{0,2}$")
_DIGITS_AFTER = re.compile(r"[ /-]\d")
_ENDS_HERE = re.compile(r"\s*$|\s{0,3}\n| ?[,.;:!?)\]…]| ?[-–—] ")
_NOTHING_MORE = re.compile(r"[ ,.!?]{0,3}(?:\n|$)")
_HEADS_A_LINE = re.compile(r": | [-–—] [a-zß-ž]| & [1-9]\d{4}")
_LIST_BEFORE = re.compile(
    r"(?P<number>\d{4,6})(?:,? (?:and|und|et|y|e|en|i|oraz|or|oder|ou|o|of|lub|&)|,) $"
)
_SENTENCE_BEFORE = re.compile(r"(?:[^\W\d_]{3,}|\)|\d\d)[.!?] {1,2}$")
# Before a postcode stands a town: behind a word for where, or in capitals with nothing before it.
_PLACE = re.compile(
    r"(?<!\w)(?:in|to|near|from|at|nach|aus|bei|[aàá]|en|vers|pour|para|desde|hasta|em|naar|uit|we?"
    r"|do|su|verso|os?|as|n[oa]) (?:[^\W\d_]{1,4} )?[A-ZÀ-Ž][\w'’-]{0,24}"
    r"(?:[ -][A-ZÀ-Ž][\w'’-]{0,24})?[,;]? ?\(?$"
)
_HOUSE = re.compile(r"[A-ZÀ-Ž][\w.-]{3,24} \d{1,4} ?[a-z]?, $")
_FROM_A_NUMBER = re.compile(r"\d (?:to|a|do) $")
_NAME_BEFORE = re.compile(r"(?:^|[^\w\s,'’-] |^.{0,2}, )[A-ZÀ-Ž][\w'’-]{0,24} \($")


def bare_numbers(text: str) -> Iterator[tuple[str, int]]:
    """Numbers that can only be orders by where they stand, each with its place."""
    accepted: set[int] = set()
    for match in _DIGITS.finditer(text):
        before = text[max(0, match.start() - _AROUND) : match.start()]
        after = text[match.end() : match.end() + _AROUND]
        if _may_be(match.group(), before, after) and (
            _is_alone(match.group(), before, after)
            or (_is_led_to(before, match.start(), accepted) and is_left(after))
        ):
            accepted.add(match.end())
            yield match.group(), match.start()


def lone_number(text: str) -> tuple[str, int] | None:
    """Five or six digits that follow any word, where a text has only this one row of digits.

    Asked only where nothing else in the text is an order.
    """
    found = [
        (match.group(), match.start())
        for match in _DIGITS.finditer(text)
        if len(match.group()) >= _LONE
        and _follows_a_word(text[max(0, match.start() - _AROUND) : match.start()])
        and is_left(text[match.end() : match.end() + _AROUND])
        and _may_be(
            match.group(),
            text[max(0, match.start() - _AROUND) : match.start()],
            text[match.end() : match.end() + _AROUND],
        )
    ]
    return found[0] if len(found) == 1 else None


def _follows_a_word(before: str) -> bool:
    """Whether an ordinary word in small letters stands before it, and no word for a number."""
    word = _WORD_BEFORE.search(before.rpartition("\n")[2].replace("’", "'"))
    if word is None or not word.group(1).islower():
        return False
    said = fold(word.group(1)).rstrip("º")
    return bool(said) and said not in NUMBER_WORDS and not said.endswith(("nummer", "number", "nr"))


def stands_at_a_place(before: str) -> bool:
    """Whether a town stands before it, so that it is the town's postcode: "to Husum (25813)"."""
    near = before[-_AROUND:]
    return bool(_PLACE.search(near) or _HOUSE.search(near))


def is_left(after: str) -> bool:
    """Whether what follows a number does not make it a number of something."""
    if _ENDS_HERE.match(after):
        return True
    word = _WORD_AFTER.match(after)
    return word is not None and fold(word.group(1)) in FOLLOWS


def is_round(number: str) -> bool:
    """Whether it is more likely a count: 500, 1200, 15000."""
    return number.endswith("00" if len(number) <= 4 else "000")


def _is_a_year(number: str) -> bool:
    return len(number) == 4 and 1900 <= int(number) <= 2049


def _may_be(number: str, before: str, after: str) -> bool:
    if (
        is_round(number)
        or _is_a_year(number)
        or _DIGITS_BEFORE.search(before)
        or _DIGITS_AFTER.match(after)
    ):
        return False
    return not THEIRS.search(_line(before)) and not ELSE.search(_line(before))


def _line(before: str) -> str:
    return fold(before.rpartition("\n")[2])


def _is_alone(number: str, before: str, after: str) -> bool:
    """A line of its own, or a sentence; but not the last line of an address."""
    line = before.rpartition("\n")[2]
    if not line.strip(" >"):
        if len(number) >= _LONE and _HEADS_A_LINE.match(after):
            return True
        above = before.rstrip("\n >").rpartition("\n")[2]
        return bool(_NOTHING_MORE.match(after)) and not ELSE.search(fold(above))
    return bool(_SENTENCE_BEFORE.search(line)) and bool(re.match(r"[.,!?\n]|$", after))


def _is_led_to(before: str, start: int, accepted: set[int]) -> bool:
    listed = _LIST_BEFORE.search(before)
    if listed and not _is_a_year(listed["number"]):
        return start - len(before) + listed.end("number") in accepted
    line = before.rpartition("\n")[2]
    if line.endswith("("):
        return not (stands_at_a_place(line) or _NAME_BEFORE.search(line))
    if line.endswith((", ", "; ")):
        return not stands_at_a_place(line)
    word = _WORD_BEFORE.search(line.replace("’", "'"))
    if word is None or re.fullmatch("[A-Z]{2}", word.group(1)):  # DE 19801: a state's postcode
        return False
    if _FROM_A_NUMBER.search(line):
        return False
    lead = fold(word.group(1)).replace("'", "").rstrip("º")
    if lead in NUMBER_WORDS:
        return _is_our_number(line)
    return lead in LEADS or (lead in COUNTS and line.endswith(": "))


def _is_our_number(line: str) -> bool:
    """ "my number 20417", but not "customer number 20417"."""
    two = _TWO_BEFORE.search(line)
    return two is None or fold(two.group(1)) in OURS or _OF_THAT_DAY.search(line) is not None
