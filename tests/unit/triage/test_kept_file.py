"""What is made once and kept in the user's cache."""

from __future__ import annotations

from pathlib import Path

from app.triage.kept_file import keep


def test_what_another_engine_still_reads_keeps_the_new_one_from_nobody(tmp_path: Path) -> None:
    """On Windows a file that is open cannot be taken away; here a folder plays it. All rows were
    then held in memory, 65 MB."""
    (tmp_path / "words-1-1.rows").mkdir()
    (tmp_path / "words-1-2.rows").touch()
    keep(tmp_path / "words-2-1.rows", lambda file: file.writelines([b"new"]))
    assert (tmp_path / "words-2-1.rows").read_bytes() == b"new"
    left = sorted(one.name for one in tmp_path.iterdir())
    assert left == ["words-1-1.rows", "words-2-1.rows"]
