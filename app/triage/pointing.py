"""Pointing: the sentence of a mail that spoke most for how bad it was taken to be.

Part of the fifth step of the walk, asked only where the opinion goes beyond the facts. Each one
is left out in turn; the one without which the opinion changes most is the one to show. Who wrote,
and where they can be reached, is no reason for anything and is never shown as one.
"""

from __future__ import annotations

import re

import numpy as np

from app.domain.message import Message
from app.triage.encoder import Floats
from app.triage.model import LEVEL_HEADS, Listened, Model
from app.triage.views import LAST_HEARD, MOST_HEARD, sentences_of
from app.triage.words import fold

_LONGEST = 60
_FEWEST_WORDS, _FEWEST_LONG = 4, 2  # less is a name, a number or a greeting
_STANDS_OUT = 0.2
_WORD = re.compile(r"[^\W\d_]+")
_LONG = 3  # letters
# An address of any sort, or a telephone number: written with its country, or named as one.
_CONTACT = re.compile(
    r"@|https?://|www\.|\+\d[\d ()./-]{6,20}"
    r"|(?<!\w)(?:tel|telefon|telephone|telefono|telefoon|telefone|phone|mobile?|mobiel|handy"
    r"|fax|gsm|portable|movil|cell|cellulare|telemovel|celular|kom|komorka|whatsapp)"
    r"(?!\w)[^\w\n]{0,6}(?:n[ro°]?[.:]? ?)?\d[\d ()./-]{4,20}"
)
# What stands above a name at the end of a mail, and in no sentence that says what is wrong.
_CLOSING = re.compile(
    r"(?:(?:(?:kind|best|warm|many|with|warmest|kindest) ){0,2}regards|sincerely|yours truly"
    r"|yours (?:sincerely|faithfully)|cheers|(?:\w{1,20} ){0,3}gru(?:ss|ß)(?:en?)?|mfg"
    r"|(?:\w{1,20} ){0,2}cordialement|bien a vous|salutations|atentamente"
    r"|(?:un )?(?:cordial )?saludos?|(?:cordiali |distinti )?saluti"
    r"|(?:met )?(?:\w{1,20} )?(?:vriendelijke )?groet(?:en|jes)?|mvg"
    r"|(?:com os )?(?:melhores )?cumprimentos|atenciosamente|abracos?|beijos|pozdrawiam"
    r"|z powazaniem|z wyrazami szacunku)(?!\w)"
)
_CLOSING_WORDS = 6


def telling_sentence(message: Message, listened: Listened, model: Model, *, worse: bool) -> str:
    """The sentence that spoke most for its being `worse`, or less bad; empty where none stands
    out. The readers are asked, who hear sentences.
    """
    said = _heard(message)
    places = _worth_showing(said)
    sentences, beside = listened.sentences, listened.beside
    if len(sentences) != len(said) or len(said) < 2 or not places:
        return ""
    pulls = _bad(sentences, beside, model) - _without(sentences, beside, model, places)
    pulls = pulls if worse else -pulls
    best = int(np.argmax(pulls))
    return _short(said[places[best]]) if pulls[best] >= _STANDS_OUT else ""


def _worth_showing(said: list[str]) -> list[int]:
    """The places of the sentences that say something: above the name at the end, and no address."""
    end = next((at for at, one in enumerate(said) if at > 1 and _is_closing(one)), len(said))
    return [at for at, one in enumerate(said[:end]) if _says_something(one)]


def _is_closing(sentence: str) -> bool:
    """Whether it takes leave, with hardly more than a name behind."""
    return (
        len(sentence.split()) <= _CLOSING_WORDS and _CLOSING.match(fold(sentence)[:80]) is not None
    )


def _says_something(sentence: str) -> bool:
    """Whether it is more than a greeting, names with their capitals, a street or a number."""
    words = _WORD.findall(sentence)
    long_words = [word for word in words if len(word) >= _LONG]
    enough = len(words) >= _FEWEST_WORDS and len(long_words) >= _FEWEST_LONG
    told = sentence.isupper() or any(word.islower() for word in long_words)
    return enough and told and _CONTACT.search(fold(sentence)) is None


def _bad(sentences: Floats, beside: Floats, model: Model) -> float:
    """How bad the readers take it to be, on average, when they hear these sentences."""
    levels = [reader.scores(sentences, beside)[LEVEL_HEADS].sum() for reader in model.readers]
    return float(np.mean(levels))


def _without(sentences: Floats, beside: Floats, model: Model, places: list[int]) -> Floats:
    """The same when they do not hear the sentence at one of these places, for each place."""
    said = [one.scores_without(sentences, beside, places) for one in model.readers]
    result: Floats = np.mean(said, axis=0)[:, LEVEL_HEADS].sum(axis=1)
    return result


def _heard(message: Message) -> list[str]:
    """The sentences as they are heard: the subject first, the middle of a long mail left out."""
    text = message.new_text if message.new_text.strip() else message.text
    said = [message.subject.strip(), *sentences_of(text)]
    if len(said) > MOST_HEARD:
        said = [*said[: MOST_HEARD - LAST_HEARD], *said[-LAST_HEARD:]]
    return said


def _short(sentence: str) -> str:
    words = " ".join(sentence.split())
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1].rstrip() + "…"
