"""Pointing: the sentence of a mail that spoke most for how bad it was taken to be.

Part of the fifth step of the walk, asked only where the opinion goes beyond the facts. Each one
is left out in turn; the one without which the opinion changes most is the one to show.
"""

from __future__ import annotations

import numpy as np

from app.domain.message import Message
from app.triage.encoder import Floats
from app.triage.model import LEVEL_HEADS, Listened, Model
from app.triage.views import LAST_HEARD, MOST_HEARD, sentences_of

_LONGEST = 60
_FEWEST_WORDS = 4  # less is a name, a number or a greeting
_STANDS_OUT = 0.2


def telling_sentence(message: Message, listened: Listened, model: Model, *, worse: bool) -> str:
    """The sentence that spoke most for its being `worse`, or less bad; empty where none stands
    out. The readers are asked, who hear sentences.
    """
    said = _heard(message)
    places = [place for place, one in enumerate(said) if len(one.split()) >= _FEWEST_WORDS]
    sentences, beside = listened.sentences, listened.beside
    if len(sentences) != len(said) or len(said) < 2 or not places:
        return ""
    pulls = _bad(sentences, beside, model) - _without(sentences, beside, model, places)
    pulls = pulls if worse else -pulls
    best = int(np.argmax(pulls))
    return _short(said[places[best]]) if pulls[best] >= _STANDS_OUT else ""


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
