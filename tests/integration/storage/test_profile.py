"""What the file knows of itself: made once, the same ever after, another in another profile."""

from __future__ import annotations

from app.storage import profile
from app.storage.connection import Connection
from tests.support.storage import a_database


def test_the_signing_key_is_made_once(db: Connection) -> None:
    key = profile.signing_key(db)
    assert len(key) == 32
    assert profile.signing_key(db) == key


def test_two_profiles_have_two_signing_keys(db: Connection, tmp_path) -> None:
    other = a_database(tmp_path / "other")
    try:
        assert profile.signing_key(other) != profile.signing_key(db)
    finally:
        other.close()
