"""What a killed engine left half-written goes with the next start; nothing else does."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from app.config.leftovers import take_away
from app.config.paths import Profile
from app.config.system import _private_draft
from tests.support.storage import lay_database


def test_what_was_half_written_goes_and_all_else_stays(tmp_path: Path) -> None:
    """An import's second database, a copy that never got its name, a draft of the settings."""
    profile = Profile(tmp_path)
    lay_database(profile.database)
    (tmp_path / "settings.toml").write_text('shop_name = "Mill"\n')
    profile.backups.mkdir()
    (profile.backups / "frontburner-3-20260101T000000Z.db").write_bytes(b"a copy")
    for name in ("rules", "templates", "policies", "window"):
        (tmp_path / name).mkdir()
    (tmp_path / ".hidden").write_text("the owner's own")
    before = sorted(tmp_path.rglob("*"))
    _private_draft(tmp_path / "settings.toml", b"shop_na")
    _private_draft(tmp_path / "engine.key", b"")
    (profile.backups / ".frontburner-4-20260201T000000Z.db.part").write_bytes(b"half")
    (profile.backups / ".frontburner-4-20260201T000000Z.db.part-wal").write_bytes(b"half")
    (tmp_path / "restored.db").write_bytes(b"half")
    (tmp_path / ".restored.db.part").write_bytes(b"half")
    (tmp_path / ".import-abc").mkdir()
    with closing(sqlite3.connect(tmp_path / ".import-abc" / "staged.db")) as staged:
        staged.execute("CREATE TABLE half (a)")
    take_away(profile)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_profile_that_is_not_there_yet_has_none(tmp_path: Path) -> None:
    take_away(Profile(tmp_path / "none"))
