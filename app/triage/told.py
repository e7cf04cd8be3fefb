"""Told: whether a sentence tells of a day that is over, "I ordered it on the 15th".

Part of the entities, for `days`: a day without its month is else the closest one, and on the 13th
that would be the 15th of this month.
"""

from __future__ import annotations

import re
from functools import cache

from app.triage.not_ahead import BEGINNINGS, DONE

_READ = 70  # letters on either side
_SENTENCE = re.compile(r"[.!?;:\n]")
_SINCE = re.compile(r"(?<![a-z])(?:since|seit) ")
_UNTIL = re.compile(r"(?:until|till|by) ")
# In English the same words stand for what is to be done: "to be delivered on the 15th".
_WHO_DID = (
    r"(?:i|we|you|they|it|she|he|i've|we've|was|were|been|had|parcel|order)(?: have| had| was| only"
    r"| already| just| first)? "
    r"(?:ordered|bought|paid|placed|sent|returned|called|emailed|wrote|received|got|cancelled|came"
    r"|arrived|delivered|shipped|posted|collected|charged|promised me)"
)
# Who says so may speak of what is to come: "they told me it comes on the 15th".
_SAID = re.compile(
    r"\b(?:dit|promis|dijeron|dijisteis|detto|scritto|ecrit|disse|disseram|powiedziano|zugesagt"
    r"|promised|told|said)\b"
)
_OTHERS = {
    "de": "und|aber|bis|bitte|soll|sollte|muss|kann|wird|brauche|weil|dass|wenn",
    "en": "for|and|but|so|to|if|before|that|need|will|would|should|please|until|till",
}
_WILL_BE = r"(?! (?:werden|wird|sein|haben|worden sein))"


def is_told(folded: str, start: int, end: int, *, language: str) -> bool:
    """Whether the sentence about a day, of a folded text, says what was done then."""
    before = _SENTENCE.split(folded[max(0, start - _READ) : start])[-1]
    after = _SENTENCE.split(folded[end : end + _READ], maxsplit=1)[0]
    if _SINCE.search(folded[max(0, start - 8) : end]):
        return True
    if _UNTIL.match(folded[start:end]):
        return False
    patterns = _patterns(language)
    if patterns is None:
        return False
    led, follows = patterns
    found = led.search(before)
    return bool(found and not _SAID.search(found.group())) or bool(follows.match(after))


@cache
def _patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str]] | None:
    done = _WHO_DID if language == "en" else DONE.get(language)
    if done is None:
        return None
    other = rf"(?!(?:{_OTHERS.get(language) or BEGINNINGS[language]})(?!\w))[\w'-]+"
    words = {"de": 6, "nl": 6, "en": 0}.get(language, 2)  # in German and Dutch verbs stand last
    comma = ",?" if language in ("fr", "en") else ""  # "le 17, vous m'avez écrit"
    return (
        re.compile(rf"(?<![\w'])(?:{done})(?!\w)(?: {other}){{0,6}} ?$"),
        re.compile(rf"{comma}(?: {other}){{0,{words}}} (?:{done})(?!\w){_WILL_BE}"),
    )
