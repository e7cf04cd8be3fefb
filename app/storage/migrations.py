"""Migrations: how a file becomes what this version expects, step by step, append only.

Only `database.open_writer` comes here, and only when a file is behind: the library behind this is
heavy, and the window must never load it. All steps run in one transaction, so no step may ask to
run outside of one.
"""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database, Migrations

from app.storage import schema, version

migrations = Migrations(version.MIGRATION_SET)


@migrations()
def first_light(db: Database) -> None:
    """Everything that one mail needs on its walk, from the mailbox to a sent reply."""
    for statement in schema.FIRST_LIGHT:
        db.execute(statement)


@migrations()
def incidents(db: Database) -> None:
    """Issues of many customers that have one cause."""
    for statement in schema.INCIDENTS:
        db.execute(statement)


def migrate(db: sqlite3.Connection, steps: Migrations = migrations) -> None:
    """Bring the file up to date: either all pending steps, or none."""
    database = Database(db)
    with database.atomic():
        steps.apply(database)
        (count,) = db.execute(
            "SELECT count(*) FROM _sqlite_migrations WHERE migration_set = ?", (steps.name,)
        ).fetchone()
        db.execute(f"PRAGMA user_version = {int(count)}")
