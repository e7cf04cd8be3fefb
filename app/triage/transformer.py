"""Transformer: a mail read as one, every word in the light of all the others.

Part of the fifth step of the walk. The linear weights and the readers hear words that know their
two neighbours; here what the first line names and what befell it in the fifth meet. The layers are
the lower half of multilingual-e5-small, learnt anew from the example mails by
`build_scripts/tune.py`, and lie in a file of ours. Here is only the arithmetic, on plain arrays, so
that no framework is shipped; the names are those of the field (Vaswani et al. 2017).
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.triage.encoder import normed
from app.triage.model import NO_WEIGHTS
from app.triage.piece_table import PieceTable
from app.triage.pieces import Cutter

Floats = NDArray[np.float32]

FORMAT = 1
WIDTH = 384
MOST_TOKENS = 256
BEGIN, END, UNKNOWN = 0, 1, 2
BLOCK = 32  # numbers of a word that share a scale
_OF_SUBJECT, _AT_THE_END = 48, 64  # tokens
_MOST_WORDS = 400
_HEADS = 12
_EPS = np.float32(1e-12)


class TransformerMissing(Exception):
    """The file with the layers is not there, or not as it should be."""


@dataclass(frozen=True, slots=True)
class Product:
    """Weights as bytes with a scale for each column; they are unpacked for each use, which costs a
    tenth of it and saves three quarters of the memory."""

    packed: NDArray[np.int8]
    scale: Floats
    bias: Floats

    def of(self, rows: Floats) -> Floats:
        """Rows times weights, and the bias."""
        result: Floats = rows @ self.packed.astype(np.float32)
        result *= self.scale
        result += self.bias
        return result


@dataclass(frozen=True, slots=True)
class Norm:
    """Rows of mean 0 and spread 1, then a gain and a shift for each column."""

    gain: Floats
    shift: Floats

    def of(self, rows: Floats) -> Floats:
        """Changes the rows themselves."""
        return normed(rows, self.gain, self.shift, _EPS)


@dataclass(frozen=True, slots=True)
class Layer:
    """The words look at one another, then each is thought over by itself."""

    query_key_value: Product
    output: Product
    widen: Product
    narrow: Product
    after_looking: Norm
    after_thinking: Norm

    def of(self, words: Floats) -> Floats:
        """One row a word, in and out."""
        looked = self.output.of(_attended(self.query_key_value.of(words)))
        looked += words
        looked = self.after_looking.of(looked)
        thought = self.narrow.of(_gelu(self.widen.of(looked)))
        thought += looked
        return self.after_thinking.of(thought)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transformer:
    """All layers with the words that they know (20 MB, read from the disk as they are asked for, so
    that they need no memory of this process's own). Mails are cut into pieces by one thread at a
    time; the products are for many.

    `words`: for each piece its numbers, two in a byte, then the scales of its blocks.
    """

    cutter: Cutter
    words: NDArray[np.uint8]
    places: Floats
    first: Norm
    layers: tuple[Layer, ...]
    listen: Product
    say: Product
    learnt_from: NDArray[np.uint64]

    @classmethod
    def load(cls, path: Path, cutter: Cutter) -> Transformer:
        """Read a file with its words and layers beside it; `cutter` is the encoder's, which knows
        which letters are alike.

        Raises TransformerMissing.
        """
        try:
            words, layers = (np.asarray(np.load(one, mmap_mode="r")) for one in beside(path))
            with path.open("rb") as file, np.load(file, allow_pickle=False) as packed:
                arrays = {name: packed[name] for name in packed.files}
            return _transformer({**arrays, **matrices_in(layers)}, words, cutter)
        except NO_WEIGHTS as error:
            raise TransformerMissing(f"{path.name} cannot be used: {error}") from error

    def scores(self, subject: str, text: str) -> Floats:
        """One number a head, as the readers give them, for a mail with its subject."""
        return self.scores_of(self.tokens(subject, text))

    def tokens(self, subject: str, text: str) -> list[int]:
        """The pieces of a mail's words that are read."""
        return tokens_of(subject, text, self.cutter)

    def scores_of(self, tokens: list[int]) -> Floats:
        """The same for the pieces of its words."""
        words = self._meanings(tokens)
        for layer in self.layers:
            words = layer.of(words)
        attention = _softmax(self.listen.of(words), axis=0)
        pooled = np.concatenate((words.mean(axis=0), (attention.T @ words).ravel()))
        result: Floats = self.say.of(pooled[None])[0]
        return result

    def _meanings(self, tokens: list[int]) -> Floats:
        """What each word means by itself, and where it stands."""
        rows = self.words[tokens]
        packed, scales = np.split(rows, [WIDTH // 2], axis=1)
        words = unpacked(packed, np.ascontiguousarray(scales).view(np.float16))
        words += self.places[: len(tokens)]
        return self.first.of(words)


def unpacked(packed: NDArray[np.uint8], scales: NDArray[np.float16]) -> Floats:
    """Rows of numbers of four bits, two in a byte, each block of which has a scale."""
    blocks = packed.reshape(len(packed), -1, BLOCK // 2)
    halves = np.concatenate((blocks & 15, blocks >> 4), axis=2).astype(np.float32)
    halves -= 8.0
    halves *= scales.astype(np.float32)[:, :, None]
    result: Floats = halves.reshape(len(packed), -1)
    return result


def beside(path: Path) -> tuple[Path, Path]:
    """Where the words and the layers of a file lie."""
    return path.with_name(f"{path.stem}_words.npy"), path.with_name(f"{path.stem}_layers.npy")


def matrices_in(layers: NDArray[np.int8]) -> dict[str, NDArray[np.int8]]:
    """Their weights by name, of all layers on each other; a row of `layers` holds those of one."""
    width, at, found = WIDTH, 0, {}
    for name, rows, columns in (
        ("query_key_value", width, 3 * width),
        ("output", width, width),
        ("widen", width, 4 * width),
        ("narrow", 4 * width, width),
    ):
        found[name] = layers[:, at : at + rows * columns].reshape(-1, rows, columns)
        at += rows * columns
    return found


def tokens_of(subject: str, text: str, cutter: Cutter) -> list[int]:
    """The pieces of the words; of a long mail the beginning and the end."""
    title = _pieces(subject.split(), cutter)[:_OF_SUBJECT]
    body = _pieces(_cut(text.split()), cutter)
    room = MOST_TOKENS - 3 - len(title)
    if len(body) > room:
        body = body[: room - _AT_THE_END] + body[-_AT_THE_END:]
    return [BEGIN, *title, END, *body, END]


def _pieces(words: Sequence[str], cutter: Cutter) -> list[int]:
    return [piece for word in words for piece in cutter.pieces(word)]


def _cut(words: list[str]) -> list[str]:
    """Of a very long mail what may be read of it, so that not every word is cut into pieces."""
    if len(words) <= _MOST_WORDS:
        return words
    return [*words[: _MOST_WORDS - _AT_THE_END], *words[-_AT_THE_END:]]


def _attended(asked: Floats) -> Floats:
    """For each word what the others have for it: queries meet keys, and values are mixed."""
    count, width = len(asked), asked.shape[1] // 3
    query, key, value = asked.reshape(count, 3, _HEADS, -1).transpose(1, 2, 0, 3)
    wants = query @ key.transpose(0, 2, 1)
    wants *= np.float32(1.0 / np.sqrt(width // _HEADS))
    mixed = _softmax(wants, axis=2) @ value
    result: Floats = mixed.transpose(1, 0, 2).reshape(count, width)
    return result


def _softmax(wants: Floats, *, axis: int) -> Floats:
    """Shares of one; changes what it is given."""
    wants -= wants.max(axis=axis, keepdims=True)
    np.exp(wants, out=wants)
    wants /= wants.sum(axis=axis, keepdims=True)
    return wants


def _gelu(rows: Floats) -> Floats:
    """Large numbers as they are, negative ones nearly nothing (Hendrycks and Gimpel 2016)."""
    inner = rows * rows
    inner *= np.float32(0.044715)
    inner += np.float32(1.0)
    inner *= rows
    inner *= np.float32(np.sqrt(2.0 / np.pi))
    np.tanh(inner, out=inner)
    inner += np.float32(1.0)
    inner *= rows
    inner *= np.float32(0.5)
    return inner


def _transformer(
    arrays: Mapping[str, NDArray[Any]], words: NDArray[np.uint8], cutter: Cutter
) -> Transformer:
    facts = json.loads(str(arrays["facts"]))
    if facts["format"] != FORMAT:
        raise ValueError("it was made for another version")
    if words.dtype != np.uint8 or words.shape != (len(arrays["scores"]), WIDTH // 2 + WIDTH // 16):
        raise ValueError("its words have another shape")
    table = PieceTable(
        letters=array("I", arrays["letters"].tobytes()),
        numbers=array("i", arrays["numbers"].tobytes()),
        longer=array("i", arrays["longer"].tobytes()),
        scores=array("f", arrays["scores"].tobytes()),
        charsmap=b"",
    )
    count = len(arrays["query_key_value"])
    return Transformer(
        cutter=cutter.over(table, unknown=UNKNOWN),
        words=words,
        places=arrays["places"].astype(np.float32),
        first=Norm(*arrays["first"].astype(np.float32)),
        layers=tuple(_layer(arrays, number) for number in range(count)),
        listen=_product(arrays, "listen"),
        say=_product(arrays, "say"),
        learnt_from=arrays["learnt_from"],
    )


def _layer(arrays: Mapping[str, NDArray[Any]], number: int) -> Layer:
    after_looking, after_thinking = arrays["norms"][number].astype(np.float32)
    return Layer(
        query_key_value=_product(arrays, "query_key_value", number),
        output=_product(arrays, "output", number),
        widen=_product(arrays, "widen", number),
        narrow=_product(arrays, "narrow", number),
        after_looking=Norm(*after_looking),
        after_thinking=Norm(*after_thinking),
    )


def _product(arrays: Mapping[str, NDArray[Any]], name: str, at: int | None = None) -> Product:
    kept = (arrays[name], arrays[f"{name}_scale"], arrays[f"{name}_bias"])
    packed, scale, bias = kept if at is None else (one[at] for one in kept)
    return Product(packed, scale.astype(np.float32), bias.astype(np.float32))
