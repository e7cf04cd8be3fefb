"""Slow update: brings a profile to a version of a later year, and takes its time over it."""

from __future__ import annotations

import time
from pathlib import Path

from sqlite_utils import Database, Migrations

from app.storage import migrations, version
from app.storage.database import open_writer
from app.storage.migrations import migrate
from tests.support.storage import NOW


def update(path: Path) -> None:
    """Change every issue, say so, and never come to the end."""
    later = Migrations(version.MIGRATION_SET)
    for name in version.KNOWN:
        later(name=name)(getattr(migrations, name))
    later(name="second")(_change_all)
    known = (*version.KNOWN, "second")
    open_writer(path, now=NOW, known=known, migrate=lambda db: migrate(db, later))


def _change_all(db: Database) -> None:
    db.execute("ALTER TABLE issue ADD COLUMN mood TEXT NOT NULL DEFAULT 'calm'")
    db.execute("UPDATE issue SET subject = 'changed', mood = 'other'")
    print("changing", flush=True)  # noqa: T201 - whoever kills it waits for this
    for _ in range(600):
        db.execute("UPDATE issue SET subject = subject || 'x'")
        time.sleep(0.05)
