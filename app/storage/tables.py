"""Tables: every row of a profile as plain values, to be carried to another laptop and back.

What is counted by triggers, found by words or was learnt from corrections is made again there, so
that it cannot disagree with the rows. Passwords stay behind: they are locked with a key of this
machine's keyring. So do the commands that print passwords: what somebody sends as an export must
not run anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from app.domain.errors import KnownError
from app.domain.translation import tr
from app.storage import version
from app.storage.connection import Connection

Row = dict[str, Any]

RAW = "raw"  # its rows are mails, and travel as files
_NOT_CARRIED = {"unindexed", "heard", "learnt"}
# Columns that stay behind, in whatever table, and what is written in their place.
_LEFT_BEHIND = {"secret": "NULL", "secret_command": "''"}
_THIS_LAPTOP = "device"


def migrations(db: Connection) -> tuple[str, ...]:
    """Which steps have shaped the tables, oldest first."""
    return version.applied(db)


def names(db: Connection) -> tuple[str, ...]:
    """The tables that hold something of the owner's; not those that SQLite keeps for itself."""
    rows = db.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
        " AND name NOT LIKE 'sqlite!_%' ESCAPE '!' AND name NOT LIKE '!_sqlite!_%' ESCAPE '!'"
        " ORDER BY name"
    )
    return tuple(name for (name,) in rows if name not in _NOT_CARRIED)


def rows(db: Connection, table: str) -> Iterator[Row]:
    """Every row of a table by its columns, without what is computed and without what is locked."""
    columns = _columns(db, table)
    wanted = ", ".join(_LEFT_BEHIND.get(name, f'"{name}"') for name in columns)
    for row in db.execute(f'SELECT {wanted} FROM "{table}"'):  # noqa: S608 - names of our schema
        if table != "meta" or row[0] != _THIS_LAPTOP:
            yield dict(zip(columns, row, strict=True))


def fill(db: Connection, table: str, every: Iterable[Mapping[str, Any]]) -> int:
    """Put these rows into a table and count them; inside `untriggered` and a transaction.

    Raises:
        KnownError: there is no such table, or a row has a column that the table has not.
    """
    if table not in names(db):
        raise _other_make(tr("There is no table '{table}'", table=table[:40]))
    columns = _columns(db, table)
    marks = ", ".join("?" * len(columns))
    statement = f'INSERT OR REPLACE INTO "{table}" ({_quoted(columns)}) VALUES ({marks})'  # noqa: S608
    count = 0
    for count, row in enumerate(every, 1):  # noqa: B007 - the last number is the answer
        if strange := row.keys() - set(columns):
            raise _other_make(
                tr("The table {table} has no '{strange}'", table=table, strange=min(strange)[:40])
            )
        db.execute(statement, [_kept(name, row.get(name)) for name in columns])
    return count


def is_empty(db: Connection) -> bool:
    """Whether nothing of an owner lies in this file yet."""
    found = db.execute(
        "SELECT EXISTS (SELECT 1 FROM account) OR EXISTS (SELECT 1 FROM message)"
        " OR EXISTS (SELECT 1 FROM issue)"
    ).fetchone()
    return not found[0]


@contextmanager
def untriggered(db: Connection) -> Iterator[None]:
    """Within it rows come as they are, in any order: what triggers count comes with them.

    Belongs inside a transaction, at whose end every reference has to hold.
    """
    triggers = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    db.execute("PRAGMA defer_foreign_keys = ON")
    for name, _ in triggers:
        db.execute(f'DROP TRIGGER "{name}"')
    yield
    for _, statement in triggers:
        db.execute(statement)


def index_again(db: Connection) -> None:
    """Make everything searchable from the rows as they lie there."""
    db.execute("INSERT INTO words (words) VALUES ('rebuild')")


def require_whole(db: Connection) -> None:
    """Every row that another names is there.

    Raises:
        KnownError: one is missing.
    """
    broken = db.execute("PRAGMA foreign_key_check").fetchone()
    if broken is not None:
        raise KnownError(
            tr("This export is not whole"),
            tr(
                "A row of {broken} names one of {broken2} that is not there",
                broken=broken[0],
                broken2=broken[2],
            ),
            tr("Copy the export once more, or make a new one"),
        )


def _columns(db: Connection, table: str) -> Sequence[str]:
    return [name for (name,) in db.execute("SELECT name FROM pragma_table_info(?)", (table,))]


def _kept(column: str, value: Any) -> Any:
    if column not in _LEFT_BEHIND:
        return value
    return None if _LEFT_BEHIND[column] == "NULL" else ""


def _other_make(message: str) -> KnownError:
    return KnownError(
        tr("This export is of another make"),
        message,
        tr("Export once more with the newest Frontburner"),
    )


def _quoted(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)
