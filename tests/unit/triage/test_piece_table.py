"""The table of pieces is the same from the user's cache as from the package, or is made anew."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from app.triage.encoder import PACKAGE
from app.triage.kept_file import keep, kept_file
from app.triage.piece_table import PieceTable


@pytest.fixture(scope="module")
def source() -> Path:
    spec = find_spec(PACKAGE)
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "resources" / "sp.model"


@pytest.fixture(scope="module")
def as_shipped(source: Path) -> PieceTable:
    return PieceTable.read(source)


def test_what_is_kept_is_what_was_read(source: Path, as_shipped: PieceTable, tmp_path: Path):
    made, kept = (PieceTable.load(source, tmp_path / "cache") for _ in range(2))
    assert len(list((tmp_path / "cache").iterdir())) == 1
    assert made == kept == as_shipped
    assert len(kept.scores) == 128_000


@pytest.mark.parametrize("most", [0, 1_000_000])
def test_a_table_that_was_cut_short_is_made_anew(
    source: Path, as_shipped: PieceTable, tmp_path: Path, most: int
):
    path = kept_file(tmp_path, "pieces.npz", source=source)
    keep(path, as_shipped._write)
    path.write_bytes(path.read_bytes()[:most])
    assert PieceTable.load(source, tmp_path) == as_shipped
    assert path.stat().st_size > most


def test_the_table_of_an_older_package_is_thrown_away(source: Path, tmp_path: Path):
    (tmp_path / "pieces-1-1.npz").write_bytes(b"of an older package")
    PieceTable.load(source, tmp_path)
    assert len(list(tmp_path.iterdir())) == 1


def test_where_nothing_can_be_kept_it_is_read_each_time(
    source: Path, as_shipped: PieceTable, tmp_path: Path
):
    (tmp_path / "file").write_text("no folder")
    assert PieceTable.load(source, tmp_path / "file") == as_shipped
