"""Views: a mail seen in several ways at once: whole, by its subject, and sentence by sentence.

Part of the fifth step of the walk. The point of a mail often stands in one line of twenty; seen
only whole it drowns, seen only in pieces what the pieces are about is lost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from app.triage.encoder import WIDTH, Encoder, Floats, Parts
from app.triage.words import READ_AT_MOST

VIEWS_WIDTH = 4 * WIDTH
MOST_HEARD = 24  # sentences, the subject among them
LAST_HEARD = 8  # of a longer mail its beginning and so many of its last sentences
PLACES_OF_SENTENCES = 3  # the subject, the first, the last
_ASIDE = 0.5  # how much the other views count beside the whole
_PARAGRAPH = re.compile(r"\n\s*\n")
_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”»)]{0,3}\s+")
_WRAPPED = 55  # a line at least so long goes on in the next one
_FEW_WORDS = 3
_MOST_SENTENCES = 60
_MOST_READ = 320  # pieces of words; of a longer mail sentences before its end are left out


def sentences_of(text: str) -> list[str]:
    """The sentences of a text; a short line stands for itself, a tiny one goes with the last."""
    found: list[str] = []
    for line in _lines(text[:READ_AT_MOST]):
        for sentence in _SENTENCE.split(line):
            if not sentence.strip():
                continue
            if found and len(found[-1].split()) < _FEW_WORDS:
                found[-1] += f" {sentence.strip()}"
            else:
                found.append(sentence.strip())
    if len(found) > _MOST_SENTENCES:
        return [*found[: _MOST_SENTENCES - 20], *found[-20:]]
    return found


def _lines(text: str) -> list[str]:
    """The lines as they were meant: those that a program broke are put together again."""
    lines: list[str] = []
    for paragraph in _PARAGRAPH.split(text):
        open_line = ""
        for piece in paragraph.split("\n"):
            open_line = f"{open_line} {piece.strip()}".strip()
            if len(piece.strip()) < _WRAPPED:
                lines.append(open_line)
                open_line = ""
        lines.append(open_line)
    return [line for line in lines if line]


@dataclass(frozen=True, slots=True)
class Views:
    """A mail as VIEWS_WIDTH numbers (the whole, then the subject, the mean, the strongest), and
    what readers hear, as sums of words: the whole, the subject, the sentences."""

    pooled: Floats
    heard: Parts


def views_of(subject: str, text: str, encoder: Encoder) -> Views:
    """See a mail in every way; its words are read only once.

    Where there is no subject, the whole stands for it.
    """
    title = subject.strip()[:300]
    sentences = sentences_of(text)
    parts = encoder.read([title, *sentences] if title else sentences or ["-"], _MOST_READ)
    sums = np.concatenate((parts.sums.sum(axis=0, keepdims=True), parts.sums))
    lengths = np.concatenate((parts.lengths.sum(keepdims=True), parts.lengths))
    if not title:
        sums, lengths = np.concatenate((sums[:1], sums)), np.concatenate((lengths[:1], lengths))
    vectors = encoder.vectors(sums, lengths)
    body = vectors[2:] if len(vectors) > 2 else vectors[1:]
    views = (vectors[0], _ASIDE * vectors[1], _ASIDE * body.mean(axis=0), _ASIDE * body.max(axis=0))
    heard = np.arange(len(lengths))
    if len(heard) > 1 + MOST_HEARD:
        heard = np.concatenate((heard[: 1 + MOST_HEARD - LAST_HEARD], heard[-LAST_HEARD:]))
    return Views(np.concatenate(views).astype(np.float32), Parts(sums[heard], lengths[heard]))
