"""Restoring: a copy of the database comes into its place; what stood there is kept.

Only whoever holds the profile's lock may come here, so that no engine writes meanwhile. The log of
changes goes with its file: beside another one it would be read into it.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime, timedelta
from pathlib import Path

from app.config.system import is_open_elsewhere, make_private, make_private_folder, put_in_place
from app.domain.errors import NotFound, Refused, Unwritable
from app.domain.translation import tr
from app.storage.connection import Connection
from app.storage.copies import is_sound
from app.storage.database import backup, disk_errors, uri_of

_PARTS = ("", "-wal", "-shm")
MOST_KEPT = 3  # profiles that were replaced; each may be as large as the profile
Move = Callable[[Path, Path], object]
_KEPT = re.compile(r"replaced-\d{8}T\d{6}Z")


def restore(path: Path, copy: Path, *, now: datetime, move: Move = os.replace) -> Path | None:
    """Put the copy in the place of the database; the folder in which that one is kept, if there
    was one, beside the last two before it.

    Raises, with nothing changed:
        NotFound: there is no such file.
        Refused: it is damaged, or no copy of a profile.
        ProfileTooNew: a newer Frontburner has written it.
        DiskFull: there is no room for it.
    """
    staged = path.with_name("restored.db")
    try:
        with disk_errors():
            make_private_folder(path.parent)
            with closing(_opened(copy, path)) as source:
                backup(source, staged)
            if _is_held(path, move):
                kept = _keep(path, now, put=_copy)
                _write_over(path, staged, kept)
            else:
                kept = _keep(path, now, put=_link)
                _exchange(path, staged)
    finally:
        staged.unlink(missing_ok=True)
    if kept is not None:
        _forget_older(kept.parent, but=copy.resolve().parent)
    return kept


def _opened(copy: Path, path: Path) -> Connection:
    """The copy, sound and ours, for reading; it may lie where nothing can be written."""
    if not copy.is_file():
        raise NotFound(tr("There is no file {file}", file=copy))
    if path.exists() and copy.samefile(path):
        raise Refused(tr("{file} is the profile itself", file=copy))
    has_log = copy.with_name(copy.name + "-wal").exists()
    how = "mode=ro" if has_log else "mode=ro&immutable=1"
    db = sqlite3.connect(uri_of(copy, how), uri=True, isolation_level=None)
    try:
        _require_sound(db, copy)
    except BaseException:
        db.close()
        raise
    return db


def _require_sound(db: Connection, copy: Path) -> None:
    try:
        sound = is_sound(db)
    except Unwritable as error:
        raise Refused(
            tr("{file} cannot be put back", file=copy),
            tr("It cannot be read where it lies; nothing was changed"),
            tr("Copy it, with what lies beside it, into a folder of your own and choose it there"),
        ) from error
    if not sound:
        raise Refused(
            tr("{file} cannot be put back", file=copy),
            tr("It is damaged, or no copy of a Frontburner profile; nothing was changed"),
            tr("Choose another copy"),
        )


def _is_held(path: Path, move: Move) -> bool:
    """Whether Windows would not replace it: while a window reads it, of whatever process."""
    try:
        if path.exists():
            put_in_place(path, path, move=move)
    except OSError as error:
        if is_open_elsewhere(error):
            return True
        raise
    return False


def _exchange(path: Path, staged: Path) -> None:
    """In this order: without its log the one before is not whole, while a log that stays behind is
    known for a strange one when the copy is opened."""
    put_in_place(staged, path)
    with suppress(OSError):
        for part in _PARTS[1:]:
            path.with_name(path.name + part).unlink(missing_ok=True)


def _write_over(path: Path, staged: Path, kept: Path | None) -> None:
    """What is in the file is exchanged and not the file, in one transaction; who reads it sees one
    or the other. Nothing of that can be done where it is damaged at its very beginning."""
    try:
        with closing(_connected(staged)) as source, closing(_connected(path)) as target:
            source.backup(target)
    except BaseException as error:
        if kept is not None:
            shutil.rmtree(kept, ignore_errors=True)  # it was not replaced
        if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_NOTADB:
            raise _in_use() from error
        raise


def _connected(file: Path) -> Connection:
    return sqlite3.connect(uri_of(file, "mode=rw"), uri=True, isolation_level=None)


def _in_use() -> Refused:
    return Refused(
        tr("The copy cannot be put back while the profile is open"),
        tr("Windows replaces nothing that is open; nothing was changed"),
        tr("Close every window of Frontburner, then use its command `restore`"),
    )


def _keep(path: Path, now: datetime, *, put: Callable[[Path, Path], object]) -> Path | None:
    """What stands there now, under the same names in a folder of its own."""
    files = [path.with_name(path.name + part) for part in _PARTS]
    there = [file for file in files if file.exists()]
    if not there:
        return None
    backups = make_private_folder(path.parent / "backups")
    while (kept := backups / f"replaced-{now:%Y%m%dT%H%M%SZ}").exists():
        now += timedelta(seconds=1)
    make_private_folder(kept)
    try:
        for file in there:
            put(file, kept / file.name)
    except BaseException:
        shutil.rmtree(kept, ignore_errors=True)  # half of it would be taken for a copy
        raise
    return kept


def _forget_older(backups: Path, *, but: Path) -> None:
    """Of what was replaced the newest stay, and what was just put back."""
    found = sorted(one for one in backups.iterdir() if _KEPT.fullmatch(one.name) and one.is_dir())
    for folder in found[:-MOST_KEPT]:
        if folder.resolve() != but:
            shutil.rmtree(folder, ignore_errors=True)


def _link(file: Path, to: Path) -> None:
    try:
        os.link(file, to)  # no room is needed for it
    except OSError:  # a disk without hard links
        shutil.copyfile(file, to)
    make_private(to)


def _copy(file: Path, to: Path) -> None:
    if not file.name.endswith(_PARTS[2]):  # it belongs to whoever has the file open
        make_private(Path(shutil.copyfile(file, to)))
