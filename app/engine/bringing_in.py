"""Bringing in: an export becomes a profile again, on this laptop or on another.

It is put together in a file beside the profile first, in the shape that it had, and brought up to
date there; only when all of it is whole do the rows come over, in one transaction.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from app.config.paths import Profile
from app.config.system import put_in_place
from app.domain.errors import KnownError, ProfileTooNew, Refused
from app.domain.translation import tr
from app.engine.taking_out import FORMAT, HEADER, OWN_FILES, Contents, copy_files
from app.storage import database, messages, outbox, tables, version
from app.storage.connection import Connection
from app.storage.packed import pack
from app.storage.sheets import mail_file
from app.storage.writer import Writer


def bring_in(profile: Profile, folder: Path, *, writer: Writer, now: datetime) -> Contents:
    """Fill an empty profile from an export; all of it, or nothing.

    Raises:
        Refused: the profile holds something already, or the folder is no export.
        ProfileTooNew: a newer Frontburner has written it.
        KnownError: something of it is missing or damaged.
    """
    contents = _contents(folder)
    if not writer.do(tables.is_empty):
        raise Refused(
            tr("This profile is not empty"),
            tr("An export is only brought into an empty one, so that nothing is mixed or lost"),
            tr("Choose another folder with --profile, and import there"),
        )
    with (
        database.disk_errors(),
        tempfile.TemporaryDirectory(prefix=".import-", dir=profile.folder) as place,
    ):
        staged, files = Path(place) / "staged.db", Path(place) / "files"
        for name in OWN_FILES:
            copy_files(folder / name, files / name)
        _stage(staged, folder, contents=contents, now=now)
        # The rows last: until they are there the profile is empty, and all of it can be tried again
        _put_in_place(files, profile.folder)
        writer.do(partial(_take_over, staged=staged), durable=True)
    return contents


def _contents(folder: Path) -> Contents:
    try:
        found = msgspec.json.decode((folder / HEADER).read_bytes(), type=Contents)
    except (OSError, msgspec.MsgspecError) as error:
        raise Refused(
            tr("{folder} is no export of Frontburner", folder=folder),
            tr("There is no readable {header} in it", header=HEADER),
            tr("For a folder of mails use `account add folder NAME --set path=DIR`"),
        ) from error
    if found.format > FORMAT or not set(found.migrations) <= set(version.KNOWN):
        raise ProfileTooNew(
            tr("This export is of a newer Frontburner"),
            tr(
                "Version {version} has written it; this one would not understand all of it",
                version=found.version,
            ),
            tr("Install the newest Frontburner"),
        )
    return found


def _stage(staged: Path, folder: Path, *, contents: Contents, now: datetime) -> None:
    """Make a database in the shape of the export, fill it, and bring it up to date."""
    from app.storage.migrations import migrate_to

    shape = tuple(contents.migrations)
    db = database.open_writer(
        staged, now=now, known=shape, migrate=partial(migrate_to, names=shape)
    )
    try:
        db.execute("BEGIN IMMEDIATE")
        with tables.untriggered(db):
            for name, expected in contents.rows.items():
                _require_all(name, expected, tables.fill(db, name, _rows(folder, name)))
            brought = tables.fill(db, tables.RAW, _mails(db, folder))
        _require_all("mails", contents.mails, brought)
        tables.require_whole(db)
        db.execute("COMMIT")
    finally:
        db.close()
    database.open_writer(staged, now=now).close()


def _rows(folder: Path, table: str) -> Iterator[dict[str, Any]]:
    file = folder / "data" / f"{table}.jsonl"
    try:
        with file.open("rb") as lines:
            for line in lines:
                row = msgspec.json.decode(line, type=dict[str, Any])
                yield {name: _in(value) for name, value in row.items()}
    except (OSError, ValueError) as error:
        raise _damaged(tr("{name} cannot be read to its end", name=file.name)) from error


def _in(value: Any) -> Any:
    if isinstance(value, dict):
        return msgspec.convert(value["base64"], bytes)
    return value


def _mails(db: Connection, folder: Path) -> Iterator[dict[str, Any]]:
    for id_ in messages.ids(db):
        file = folder / mail_file(id_)
        if file.is_file():
            yield {"id": id_, "zlib": pack(file.read_bytes())}


def _require_all(what: str, expected: int, found: int) -> None:
    if found != expected:
        raise _damaged(
            tr(
                "Of {what} there should be {expected}, and there are {found}",
                what=what,
                expected=f"{expected:,}",
                found=f"{found:,}",
            )
        )


def _damaged(message: str) -> KnownError:
    return KnownError(
        tr("This export is not whole"), message, tr("Copy it once more, or make a new one")
    )


def _take_over(db: Connection, *, staged: Path) -> None:
    with closing(database.open_reader(staged)) as source, tables.untriggered(db):
        for name in tables.names(source):
            tables.fill(db, name, tables.rows(source, name))
    outbox.doubt_all(db)  # the old laptop has them too, and sends them at its own hour
    tables.index_again(db)


def _put_in_place(files: Path, profile: Path) -> None:
    """They lie on the profile's disk already, so this needs no room."""
    for file in sorted(files.rglob("*")):
        if file.is_file():
            place = profile / file.relative_to(files)
            place.parent.mkdir(parents=True, exist_ok=True)
            put_in_place(file, place)
