"""Readers: small networks that look at a mail sentence by sentence and choose what to listen to.

Part of the fifth step of the walk. Each reader turns every sentence into a few numbers, weighs the
sentences against each other in several ways at once (attention), and judges by what it listened to
together with the whole mail and the facts beside it. Several readers, each learnt from another part
of the examples, judge together: where one errs, the others seldom err alike. The facts that make a
mail more urgent are kept from them, so that a nearer deadline can never count for less.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.triage.encoder import WIDTH, Floats
from app.triage.views import PLACES_OF_SENTENCES

HEARS = WIDTH + PLACES_OF_SENTENCES
SHARPER = 8.0  # unit vectors are of small numbers; so they are of the size of the rest
_NAMES = ("hear", "hear_bias", "listen", "think", "think_bias", "say", "say_at_once", "say_bias")


@dataclass(frozen=True, slots=True)
class Reader:
    """One network; the arrays are named for what they do."""

    hear: Floats
    hear_bias: Floats
    listen: Floats
    think: Floats
    think_bias: Floats
    say: Floats
    say_at_once: Floats
    say_bias: Floats

    def scores(self, sentences: Floats, beside: Floats) -> Floats:
        """What it makes of one mail: rows of heard sentences, and the whole with its facts."""
        heard = np.maximum(sentences @ self.hear + self.hear_bias, 0)
        wants = heard @ self.listen
        wants = np.exp(wants - wants.max(axis=0))
        attention = wants / wants.sum(axis=0)
        listened = (attention.T @ heard).ravel()
        before = np.concatenate((listened, beside))
        thought = np.maximum(before @ self.think + self.think_bias, 0)
        result: Floats = thought @ self.say + before @ self.say_at_once + self.say_bias
        return result

    def scores_without(self, sentences: Floats, beside: Floats, left_out: Sequence[int]) -> Floats:
        """What it would make of the mail without one sentence: a row for each that is left out.

        What the others are by themselves, and the whole mail, is worked out only once.
        """
        heard = np.maximum(sentences @ self.hear + self.hear_bias, 0)
        wants = heard @ self.listen
        listened = np.empty((len(left_out), wants.shape[1] * heard.shape[1]), dtype=np.float32)
        for row, place in enumerate(left_out):
            others = np.delete(wants, place, axis=0)
            others = np.exp(others - others.max(axis=0))
            attention = others / others.sum(axis=0)
            listened[row] = (attention.T @ np.delete(heard, place, axis=0)).ravel()
        width = listened.shape[1]
        thought = listened @ self.think[:width] + (beside @ self.think[width:] + self.think_bias)
        said = beside @ self.say_at_once[width:] + self.say_bias
        said = np.maximum(thought, 0) @ self.say + listened @ self.say_at_once[:width] + said
        result: Floats = said
        return result


def readers_of(arrays: Mapping[str, NDArray[Any]]) -> tuple[Reader, ...]:
    """The readers in a file of weights, in which those of all readers lie on each other."""
    stacked = [arrays[f"reader_{name}"].astype(np.float32) for name in _NAMES]
    return tuple(Reader(*(stack[place] for stack in stacked)) for place in range(len(stacked[0])))


def arrays_of(readers: tuple[Reader, ...]) -> dict[str, NDArray[Any]]:
    """The readers as arrays for a file."""
    return {
        f"reader_{name}": np.array([getattr(reader, name) for reader in readers]).astype(np.float16)
        for name in _NAMES
    }


def heard_of(sentences: Floats) -> Floats:
    """Sentence vectors (the subject first) as a reader hears them, each with its place."""
    heard = np.zeros((len(sentences), HEARS), dtype=np.float32)
    heard[:, :WIDTH] = SHARPER * sentences
    heard[0, WIDTH] = 1.0
    heard[min(1, len(heard) - 1), WIDTH + 1] = 1.0
    heard[-1, WIDTH + 2] = 1.0
    return heard
