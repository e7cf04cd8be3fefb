"""Pointing: the sentence of a mail that spoke most for how bad it was taken to be.

Part of the fifth step of the walk, asked only where the opinion goes beyond the facts. Each one
is left out in turn; the one without which the opinion changes most is the one to show.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from app.domain.message import Message
from app.triage.features import Features
from app.triage.model import LEVEL_HEADS, Model
from app.triage.views import MOST_HEARD, sentences_of

_LONGEST = 60
_LAST = 5  # of a long mail its beginning and so many of its last sentences are heard


def telling_sentence(message: Message, features: Features, model: Model, *, worse: bool) -> str:
    """The sentence that spoke most for its being `worse`, or less bad; empty where none stands
    out."""
    said = _heard(message)
    count = len(features.sentences)
    if count < 2 or count != len(said):
        return ""
    whole = model.scores(features)[LEVEL_HEADS].sum()
    without = np.array([_without(features, place, model) for place in range(count)])
    pulls = (whole - without) if worse else (without - whole)
    place = int(pulls.argmax())
    return _short(said[place]) if pulls[place] > 0 else ""


def _without(features: Features, place: int, model: Model) -> float:
    rest = np.delete(features.sentences, place, axis=0)
    return float(model.scores(replace(features, sentences=rest))[LEVEL_HEADS].sum())


def _heard(message: Message) -> list[str]:
    """The sentences as they are heard: the subject first, the middle of a long mail left out."""
    text = message.new_text if message.new_text.strip() else message.text
    said = [message.subject.strip(), *sentences_of(text)]
    if len(said) > MOST_HEARD:
        said = [*said[: MOST_HEARD - _LAST], *said[-_LAST:]]
    return said


def _short(sentence: str) -> str:
    words = " ".join(sentence.split())
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1].rstrip() + "…"
