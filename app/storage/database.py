"""Database: how the one file of a profile is opened, by its only writer or by a reader.

Nothing else in a process may open the file: closing any other handle on it would drop SQLite's
locks, and another process could then write through them. Copies are made with `backup`.
"""

from __future__ import annotations

import errno
import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from itertools import count
from pathlib import Path

from app.config.system import (
    is_closed_to_writing,
    make_private,
    make_private_folder,
    open_private,
    put_in_place,
)
from app.domain.errors import Damaged, DiskFull, KnownError, NotFound, Unwritable
from app.domain.search_folding import folded
from app.domain.translation import tr
from app.storage import outbox, version
from app.storage.connection import Connection

__all__ = [
    "OF_THE_DISK",
    "backup",
    "disk_errors",
    "open_reader",
    "open_writer",
    "savepoint",
    "uri_of",
]

OF_THE_DISK = frozenset({errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO})
_BUSY_SECONDS = 5.0
_FORM = 18  # of the two bytes that say how a file is written (sqlite.org/fileformat2)
_WITHOUT_LOG = b"\x01\x01"  # what they are where the journal is no WAL
_COPIES = 3  # from before as many updates
_PORTION = 256  # pages of a copy that is made in portions: a megabyte
_PORTIONS_A_SYNC = 8
_STATEMENTS = 256  # prepared statements that a connection keeps

# NORMAL: a power cut can take back the last commits, never part of one. What must not be taken
# back (a reply on its way out) is committed with `durable` (writer.py).
_WRITER_PRAGMAS = (
    "PRAGMA synchronous = NORMAL",
    "PRAGMA fullfsync = ON",  # else macOS calls durable what its disk may still forget
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -2048",  # the system keeps more of the file in memory than we should
    "PRAGMA wal_autocheckpoint = 4000",
    "PRAGMA journal_size_limit = 67108864",
)
_READER_PRAGMAS = (
    "PRAGMA query_only = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -8192",
)


def _migrate(db: Connection) -> None:
    from app.storage.migrations import migrate  # heavy, and needed once in a file's life

    migrate(db)


def open_writer(
    path: Path,
    *,
    now: datetime,
    known: tuple[str, ...] = version.KNOWN,
    migrate: Callable[[Connection], None] = _migrate,
) -> Connection:
    """Open the file for its one writer; make it, or back it up and migrate it, if need be.

    `known` are the names of the migrations that `migrate` runs: all of them, or none.

    Raises:
        ProfileTooNew: a newer Frontburner has written it; the file is not touched.
        DiskFull: there is no room for it.
        KnownError: it is damaged, or cannot be opened or brought up to date.
    """
    with disk_errors():
        make_private_folder(path.parent)
        if path.exists():
            _part_from_strange_log(path, now)
            _require_known(path, known)
        else:
            open_private(path).close()  # private from its first moment, before any connection
        make_private(path)
        db = _connect(uri_of(path, "mode=rw"))
        try:
            seen = version.require_known(db, known)
            db.execute("PRAGMA journal_mode = WAL")
            if len(seen) < len(known):
                _bring_up_to_date(db, migrate, copy=_copy_path(path, seen, now) if seen else None)
            for pragma in _WRITER_PRAGMAS:
                db.execute(pragma)
        except BaseException:
            db.close()
            raise
        return db


def open_reader(path: Path, *, known: tuple[str, ...] = version.KNOWN) -> Connection:
    """Open the file for reading only.

    Raises:
        NotFound: there is no database yet.
        ProfileTooNew: a newer Frontburner has written it.
        KnownError: it is damaged, or an engine has to bring it up to date first.
    """
    if not path.exists():
        raise NotFound(
            tr("There is nothing here yet"),
            tr("The profile {parent} has no database", parent=path.parent),
            tr("Start Frontburner once, or choose another profile with --profile"),
        )
    with disk_errors():
        db = _connect(uri_of(path, _way_of_reading(path)))
        try:
            for pragma in _READER_PRAGMAS:
                db.execute(pragma)
            if len(version.require_known(db, known)) < len(known):
                raise KnownError(
                    tr("This profile was written by an older Frontburner"),
                    tr("It has to be brought up to date before it can be shown"),
                    tr("Start the engine once: it does so by itself"),
                )
        except BaseException:
            db.close()
            raise
        return db


def backup(
    db: Connection,
    target: Path,
    *,
    pause: Callable[[], None] | None = None,
    check: Callable[[Connection], None] = lambda copy: None,
) -> None:
    """Copy the whole database, as it is now, into a private file; the target appears complete.

    Any connection will do; with a reader's the writer goes on meanwhile. What was on its way out is
    in doubt in the copy: put back one day, it must not send what has left long ago. With `pause`,
    which is called between them, it is done in small portions. Only what `check` lets pass without
    raising takes the target's place.

    Raises:
        DiskFull: there is no room for the copy; nothing is left of it.
    """
    draft = target.with_name(f".{target.name}.part")
    try:
        with disk_errors():
            target.parent.mkdir(parents=True, exist_ok=True)
            draft.unlink(missing_ok=True)
            open_private(draft).close()
            with closing(_draft_of(draft)) as copy:
                _copy_pages(db, copy, draft, pause)
            _part_from_log(draft)
            with closing(_draft_of(draft)) as copy:
                outbox.doubt_all(copy)
                check(copy)
            put_in_place(draft, target)
    finally:
        with suppress(OSError):  # of a disk that went away: the error itself says more
            for part in ("", "-wal", "-shm", "-journal"):
                draft.with_name(draft.name + part).unlink(missing_ok=True)


def uri_of(file: Path, how: str) -> str:
    """By what name SQLite opens the file in this way."""
    return f"{_of_shares(file.resolve().as_uri())}?{how}"


@contextmanager
def disk_errors(*, only: frozenset[int] | None = None) -> Iterator[None]:
    """Say what the disk or the file refuses in the words of the owner; bugs pass through.

    `only`: of the system's errors those with these numbers, where others may be no disk's.
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        known = _known(_code(error))
        if known is None:
            raise
        raise known from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _disk_full() from error
        if only is not None and error.errno not in only:
            raise
        raise KnownError(
            tr("The profile cannot be written"),
            error.strerror or tr("The disk refused"),
            tr("Check the disk and the permissions of the profile folder"),
        ) from error


@contextmanager
def savepoint(db: Connection) -> Iterator[None]:
    """A part of a transaction that is written whole or not at all, whatever becomes of the rest."""
    db.execute("SAVEPOINT part")
    try:
        yield
    except BaseException:
        if db.in_transaction:  # a full disk may have undone all of it already
            db.execute("ROLLBACK TO part")
            db.execute("RELEASE part")
        raise
    db.execute("RELEASE part")


def _of_shares(uri: str) -> str:
    r"""The folders of a server on Windows (\\nas\copies, and whatever has a letter for one) begin
    with its name, which SQLite takes as part of the path alone (sqlite.org/uri)."""
    return re.sub("^file://(?=[^/])", "file:////", uri)


def _draft_of(file: Path) -> Connection:
    """Nobody else knows it: it needs no locks and no memory that is shared, which the disk of a
    copy may not have, a folder in the network or a stick."""
    uri = uri_of(file, "mode=rw&nolock=1")
    return sqlite3.connect(uri, uri=True, isolation_level=None)


def _part_from_log(draft: Path) -> None:
    """A copy is a file by itself, and is known by that when it comes to lie beside another's log.
    No log was ever written beside this one, so nothing but the word for it has to change."""
    with draft.open("r+b") as file:
        file.seek(_FORM)
        if file.read(len(_WITHOUT_LOG)):
            file.seek(_FORM)
            file.write(_WITHOUT_LOG)


def _copy_pages(
    db: Connection, copy: Connection, draft: Path, pause: Callable[[], None] | None
) -> None:
    if pause is None:
        db.backup(copy)
        return
    copied = count(1)

    def after_portion(status: int, remaining: int, total: int) -> None:
        # What the disk has not taken in by the end it takes in all at once, and a commit waits.
        if next(copied) % _PORTIONS_A_SYNC == 0:
            os.fsync(file.fileno())
        pause()

    # One state of the file, whatever is written meanwhile: or each write would begin it anew.
    db.execute("BEGIN")
    try:
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        with open_private(draft) as file:
            db.backup(copy, pages=_PORTION, progress=after_portion)
    finally:
        db.execute("ROLLBACK")


def _connect(uri: str) -> Connection:
    db = sqlite3.connect(
        uri,
        uri=True,
        isolation_level=None,  # transactions are begun by the writer, in one place
        timeout=_BUSY_SECONDS,
        cached_statements=_STATEMENTS,
    )
    db.create_function("folded", 1, folded, deterministic=True)  # SQLite folds ASCII alone
    return db


def _way_of_reading(path: Path) -> str:
    """On a disk that is closed to writing SQLite cannot lay what its readers share; where no log
    lies beside the file it need not. Whoever reads so looks anew each time (queries)."""
    log = path.with_name(path.name + "-wal")
    is_still = is_closed_to_writing(path.parent) and not (log.exists() and log.stat().st_size)
    return "mode=ro&immutable=1" if is_still else "mode=ro"


def _part_from_strange_log(path: Path, now: datetime) -> None:
    """Somebody put a copy in the place of the file and left the log of the one before beside it:
    SQLite would write those changes into the copy. The log is put aside.

    A copy is in the form without a log, and whatever we opened before is not. The file is only read
    where a log lies there and nobody has it open yet: see above.
    """
    log = path.with_name(path.name + "-wal")
    if not log.exists() or not log.stat().st_size:
        return
    with path.open("rb") as file:
        form = file.read(20)[_FORM:]
    if form == _WITHOUT_LOG:
        folder = make_private_folder(path.parent / "backups")
        put_in_place(log, folder / f"{path.stem}-{now:%Y%m%dT%H%M%SZ}.log")
        path.with_name(path.name + "-shm").unlink(missing_ok=True)


def _require_known(path: Path, known: tuple[str, ...]) -> None:
    """Look before touching: a connection that may write would already tidy a newer file."""
    with closing(_connect(uri_of(path, "mode=ro"))) as db:
        version.require_known(db, known)


def _bring_up_to_date(
    db: Connection, migrate: Callable[[Connection], None], *, copy: Path | None
) -> None:
    if copy is not None:
        backup(db, copy)
        _keep_newest(copy)
    try:
        migrate(db)
    except sqlite3.DatabaseError as error:
        if _known(getattr(error, "sqlite_errorcode", 0)) is not None:
            raise  # the disk, not the migration
        kept = (
            tr("A copy from before is at {copy}", copy=copy)
            if copy
            else tr("Nothing was in it yet")
        )
        raise KnownError(
            tr("The profile could not be brought up to date"),
            tr("It is as it was before; this version cannot work with it"),
            tr("Go back to the version before this one, and report this. {kept}", kept=kept),
        ) from error


def _copy_path(path: Path, seen: tuple[str, ...], now: datetime) -> Path:
    folder = make_private_folder(path.parent / "backups")
    return folder / f"{path.stem}-{len(seen)}-{now:%Y%m%dT%H%M%SZ}.db"


def _keep_newest(copy: Path) -> None:
    """Of the copies from before updates the newest of each of the last few versions stay: a profile
    is large, and an update that fails is tried again at each start."""
    named = re.compile(rf"{re.escape(copy.name.split('-')[0])}-(\d+)-\d{{8}}T\d{{6}}Z\.db")
    by_version: dict[int, list[Path]] = {}
    for file in sorted(copy.parent.iterdir()):
        if found := named.fullmatch(file.name):
            by_version.setdefault(int(found[1]), []).append(file)
    kept = {by_version[number][-1] for number in sorted(by_version)[-_COPIES:]}
    for file in (one for files in by_version.values() for one in files if one not in kept):
        file.unlink(missing_ok=True)


def _code(error: sqlite3.DatabaseError) -> int:
    """SQLite's result code; where Python's module found text that nobody wrote, that of damage."""
    if str(error).startswith("Could not decode to UTF-8"):
        return sqlite3.SQLITE_CORRUPT
    return int(getattr(error, "sqlite_errorcode", 0))


def _known(code: int) -> KnownError | None:
    """The error for an SQLite result code (its low byte), or None where it is our own bug."""
    match code & 0xFF:
        case sqlite3.SQLITE_FULL:
            return _disk_full()
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return Damaged(
                tr("The database of this profile is damaged"),
                tr("It cannot be read as a whole; nothing was changed"),
                tr(
                    "Put a copy back: `restore` lists those that were made each day and before"
                    " updates, `restore FILE` takes one"
                ),
            )
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return Unwritable(
                tr("The database is in use"),
                tr("Another program holds it and does not let go"),
                tr("Close the other program, then try again"),
            )
        case sqlite3.SQLITE_IOERR:
            return Unwritable(
                tr("The disk does not answer as it should"),
                tr("Reading or writing the database failed"),
                tr("Check the disk, and make a copy of the profile folder"),
            )
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return Unwritable(
                tr("The database cannot be opened"),
                tr("The profile folder does not let us read and write in it"),
                tr("Check who owns the profile folder"),
            )
        case _:
            return None


def _disk_full() -> DiskFull:
    return DiskFull(
        tr("The disk is full"),
        tr("Nothing more can be stored; everything stored so far is safe"),
        tr("Make room on the disk: Frontburner goes on by itself"),
    )
