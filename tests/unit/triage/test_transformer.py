"""The transformer's arithmetic is that of the textbook, and it reads a mail from both ends."""

from __future__ import annotations

from array import array
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.triage.encoder import PACKAGE
from app.triage.model import HEADS
from app.triage.piece_table import PieceTable
from app.triage.pieces import Cutter
from app.triage.transformer import (
    BEGIN,
    END,
    MOST_TOKENS,
    UNKNOWN,
    Layer,
    Norm,
    Product,
    Transformer,
    TransformerMissing,
    beside,
    tokens_of,
)

FILE = Path(__file__).parents[3] / "resources" / "model" / "transformer.npz"
HEAD = 32  # numbers of a word that one head looks at


@pytest.fixture(scope="module")
def cutter() -> Cutter:
    spec = find_spec(PACKAGE)
    assert spec is not None
    assert spec.submodule_search_locations
    return Cutter.of_package(Path(spec.submodule_search_locations[0]) / "resources" / "sp.model")


@pytest.fixture(scope="module")
def shipped(cutter) -> Transformer:
    return Transformer.load(FILE, cutter)


def test_the_scores_are_those_of_the_textbook(shipped):
    """In double precision, word by word and head by head, as the paper writes it down."""
    for subject, text in (
        ("Wedding on Saturday", "The cake stand came in two pieces. Please answer today!"),
        ("", "Gdzie jest moja paczka?"),
        ("Mug", "…"),
    ):
        tokens = tokens_of(subject, text, shipped.cutter)
        exact = _by_the_book(shipped, tokens)
        assert shipped.scores(subject, text) == pytest.approx(exact, abs=2e-3)
        assert len(exact) == HEADS


def _by_the_book(one: Transformer, tokens: list[int]) -> Any:
    words = np.array([_meaning(one, token) for token in tokens]) + one.places[: len(tokens)]
    words = np.array([_normed(word, one.first) for word in words])
    for layer in one.layers:
        words = _through(layer, words)
    wants = np.exp(_times(one.listen, words))
    shares = wants / wants.sum(axis=0)
    ways = [sum(s * w for s, w in zip(column, words, strict=True)) for column in shares.T]
    return _times(one.say, np.concatenate([words.mean(axis=0), *ways])[None])[0]


def _meaning(one: Transformer, token: int) -> Any:
    numbers: list[float] = []
    row = one.words[token]
    scales = row[192:].copy().view(np.float16)
    for block, scale in zip(row[:192].reshape(-1, 16), scales, strict=True):
        halves = [int(byte) % 16 for byte in block] + [int(byte) // 16 for byte in block]
        numbers += [(half - 8) * float(scale) for half in halves]
    return np.array(numbers)


def _through(layer: Layer, words: Any) -> Any:
    queries, keys, values = np.split(_times(layer.query_key_value, words), 3, axis=1)
    looked = np.zeros_like(values)
    for row, query in enumerate(queries):
        for begin in range(0, len(query), HEAD):
            head = slice(begin, begin + HEAD)
            wants = np.exp([query[head] @ key[head] / HEAD**0.5 for key in keys])
            looked[row, head] = (wants / wants.sum()) @ values[:, head]
    words = words + _times(layer.output, looked)
    words = np.array([_normed(word, layer.after_looking) for word in words])
    wide = _times(layer.widen, words)
    bent = 0.5 * wide * (1 + np.tanh((2 / np.pi) ** 0.5 * (wide + 0.044715 * wide**3)))
    words = words + _times(layer.narrow, bent)
    return np.array([_normed(word, layer.after_thinking) for word in words])


def _times(product: Product, rows: Any) -> Any:
    weights = product.packed.astype(np.float64) * product.scale.astype(np.float64)
    return rows @ weights + product.bias


def _normed(word: Any, norm: Norm) -> Any:
    return (word - word.mean()) / word.std() * norm.gain + norm.shift


def test_of_a_long_mail_the_beginning_and_the_end_are_read(shipped):
    """A mail of any length costs no more than one of 256 pieces; what is between is not read."""
    middle = " and so on" * 4000
    cut = tokens_of("Subject", f"first word{middle} last word", shipped.cutter)
    assert len(cut) == MOST_TOKENS
    pieces = shipped.cutter.pieces
    assert cut[:2] == [BEGIN, *pieces("Subject")][:2]
    assert tuple(cut[-3:]) == (*pieces("last")[-1:], *pieces("word")[-1:], END)
    assert tokens_of("S " * 900, "b " * 900, shipped.cutter).count(END) == 2


def test_a_mail_of_nothing_has_scores(shipped):
    """Neither subject nor text, or signs that no piece is known for."""
    for text in ("", "  \n ", "\x00", "注文した商品がまだ届きません"):
        assert np.isfinite(shipped.scores("", text)).all()


def test_what_stands_far_apart_is_read_together(shipped):
    """The same sentences in another order are another mail."""
    one = "My daughter sleeps in it. The side came off in the night. It is the cot."
    other = "It is the cot. The side came off in the night. My daughter sleeps in it."
    assert np.abs(shipped.scores("", one) - shipped.scores("", other)).max() > 0.01


def test_pieces_are_numbered_as_they_are_told(cutter):
    """Empty ones are never found, and what no piece is known for has the number that it is told."""
    table = PieceTable.of(
        ["", "", "", "\u2581cup", "board", "\u2581"], array("f", [0, 0, 0, -1, -2, -3])
    )
    over = cutter.over(table, unknown=UNKNOWN)
    assert over.cut("cupboard") == [3, 4]
    assert over.cut("Cup") == [5, UNKNOWN, UNKNOWN, UNKNOWN]
    assert cutter.over(table, unknown=1).cut("x") == [5, 1]


@pytest.mark.parametrize(
    "damage", ["cut short", "another version", "an array less", "other words", "no layers"]
)
def test_a_file_that_is_not_whole_is_not_used(tmp_path, cutter, damage):
    """It is said which file, not what a library thinks of it."""
    path = tmp_path / "layers.npz"
    for ours, theirs in zip(beside(path), beside(FILE), strict=True):
        ours.write_bytes(theirs.read_bytes())
    if damage == "cut short":
        path.write_bytes(FILE.read_bytes()[:5000])
    elif damage == "no layers":
        path.write_bytes(FILE.read_bytes())
        beside(path)[1].unlink()
    elif damage == "other words":
        path.write_bytes(FILE.read_bytes())
        np.save(beside(path)[0], np.zeros((9, 216), dtype=np.uint8))
    else:
        with np.load(FILE, allow_pickle=False) as packed:
            arrays = {name: packed[name] for name in packed.files}
        if damage == "an array less":
            del arrays["say"]
        else:
            arrays["facts"] = np.array('{"format": 0}')
        np.savez(path, **arrays)
    with pytest.raises(TransformerMissing, match=r"layers\.npz cannot be used"):
        Transformer.load(path, cutter)


def test_bytes_for_weights_change_little(shipped):
    """What a column's weights are rounded to is at most half of its scale away."""
    product = shipped.layers[0].widen
    assert np.abs(product.packed).max() == 127
    rows = np.eye(len(product.packed), dtype=np.float32)[:3]
    unscaled = replace(product, bias=np.zeros_like(product.bias)).of(rows)
    assert unscaled == pytest.approx(product.packed[:3] * product.scale)
