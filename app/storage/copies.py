"""Copies: a profile's regular copies on their shelf: made whole and checked, listed, taken away.

A copy is a whole database with the raw mails: who goes back to one must not have to fetch years of
mail first, and what a server has deleted since is in no other place. Its name says which profile's
it is, since several may keep theirs in one folder, and when it was begun.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.config.paths import Profile, expanded
from app.config.system import make_private_folder
from app.domain.clock import rfc3339
from app.domain.daily_copy import Copy, CopyKind
from app.domain.errors import Damaged, KnownError
from app.domain.translation import tr
from app.storage import profile as profile_rows
from app.storage import version
from app.storage.connection import Connection
from app.storage.database import backup, disk_errors, open_reader, uri_of

_AT = "%Y%m%dT%H%M%SZ"
_DAILY = re.compile(r"frontburner-daily-([0-9a-f]{8})-(\d{8}T\d{6}Z)\.db")
_UPDATE = re.compile(r"frontburner-\d+-(\d{8}T\d{6}Z)\.db")
_REPLACED = re.compile(r"replaced-(\d{8}T\d{6}Z)")
_DRAFT = re.compile(r"\.frontburner-daily-([0-9a-f]{8})-\d{8}T\d{6}Z\.db\.part(-\w+)?")
_FOLDERS = "daily_copy_folders"
_LITTLE_CACHE = -512  # of a connection that reads each page once


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Where a profile's regular copies lie: in `folder` now, in the profile's own or in `others`
    before that."""

    profile: Profile
    folder: Path
    others: tuple[Path, ...] = ()

    @classmethod
    def of(cls, profile: Profile, chosen: str, *, others: tuple[Path, ...] = ()) -> Shelf:
        """With the folder that the owner chose, or the profile's own."""
        folder = expanded(chosen) if chosen else profile.backups
        return cls(profile=profile, folder=folder, others=others)

    @property
    def is_chosen(self) -> bool:
        """Whether the owner chose the folder: then it is neither made nor closed to others."""
        return self.folder != self.profile.backups

    @property
    def is_there(self) -> bool:
        """Whether a copy can be put there; a disk that is not plugged in leaves no folder."""
        return not self.is_chosen or (self.folder.is_absolute() and self.folder.is_dir())

    @property
    def mark(self) -> str:
        """By what this profile's copies are known among those of others."""
        return hashlib.sha256(b"copies of " + self.profile.auth_key()).hexdigest()[:8]

    def daily(self) -> list[Copy]:
        """The regular copies, the newest first."""
        mark = self.mark
        named = ((file, _DAILY.fullmatch(file.name)) for file in self._files())
        found = [
            _copy(file, name[2], CopyKind.DAILY)
            for file, name in named
            if name and (name[1] == mark or file.parent == self.profile.backups)
        ]
        return _in_order(found)

    def every(self) -> list[Copy]:
        """These, and those from before an update or a going back, the newest first."""
        return _in_order([*self.daily(), *self._of_updates(), *self._replaced()])

    def file(self, at: datetime) -> Path:
        """The name of the copy that is begun now."""
        return self.folder / f"frontburner-daily-{self.mark}-{at.astimezone(UTC):{_AT}}.db"

    def sweep(self) -> None:
        """Take away what was begun and never finished. Nobody may be making one."""
        mark = self.mark
        for file in tuple(self._files()):
            name = _DRAFT.fullmatch(file.name)
            if name and name[1] == mark:
                with suppress(OSError):
                    file.unlink()

    def _files(self) -> Iterator[Path]:
        seen: list[Path] = []
        for folder in (self.folder, self.profile.backups, *self.others):
            with suppress(OSError):  # not there, or not ours to look into
                # By two names (a link, /media and /Media) it has each copy once all the same: who
                # took away the second of two would take away the only one.
                if not any(folder.samefile(one) for one in seen):
                    yield from folder.iterdir()
                    seen.append(folder)

    def _of_updates(self) -> Iterator[Copy]:
        for file in self._own():
            if name := _UPDATE.fullmatch(file.name):
                yield _copy(file, name[1], CopyKind.UPDATE)

    def _replaced(self) -> Iterator[Copy]:
        for folder in self._own():
            file = folder / self.profile.database.name
            if (name := _REPLACED.fullmatch(folder.name)) and file.is_file():
                yield _copy(file, name[1], CopyKind.REPLACED)

    def _own(self) -> list[Path]:
        with suppress(OSError):
            return list(self.profile.backups.iterdir())
        return []


def make(database: Path, shelf: Shelf, *, at: datetime, pause: Callable[[], None]) -> Copy:
    """Make a copy in portions, with a `pause` after each; it appears once it is found sound.

    Raises, with every other copy as it was:
        Damaged: the profile itself is.
        DiskFull: there is no room for it.
        KnownError: its folder cannot be written.
    """
    target = shelf.file(at)
    with disk_errors():
        if not shelf.is_chosen:
            make_private_folder(shelf.folder)
        with closing(open_reader(database)) as source:
            source.execute(f"PRAGMA cache_size = {_LITTLE_CACHE}")
            try:
                backup(source, target, pause=pause, check=_require_sound)
            except Damaged as error:
                raise _whose_fault(source) from error
    return Copy(file=target, made_at=at.replace(microsecond=0), size=target.stat().st_size)


def folders(db: Connection) -> tuple[Path, ...]:
    """All folders in which copies were ever put: what is forgotten is forgotten there too."""
    return tuple(map(Path, (profile_rows.get_meta(db, _FOLDERS) or "").splitlines()))


def note_folder(db: Connection, folder: Path) -> tuple[Path, ...]:
    """The same, with this one."""
    noted = tuple(dict.fromkeys((*folders(db), folder)))
    profile_rows.set_meta(db, _FOLDERS, "\n".join(map(str, noted)))
    return noted


def as_dict(copy: Copy) -> dict[str, Any]:
    """A copy as desks tell of it."""
    return {
        "file": str(copy.file),
        "made_at": rfc3339(copy.made_at),
        "bytes": copy.size,
        "kind": copy.kind.value,
    }


def is_sound(db: Connection) -> bool:
    """Whether it is a profile's database and each of its pages can be read.

    Raises Unwritable where its disk does not let us see that, ProfileTooNew.
    """
    try:
        with disk_errors():
            seen = version.require_known(db)
            return bool(seen) and db.execute("PRAGMA quick_check(1)").fetchall() == [("ok",)]
    except (Damaged, sqlite3.DatabaseError):
        return False


def forgettings(copy: Copy) -> int:
    """How many customers had been forgotten when it was made; none where it does not say."""
    with suppress(sqlite3.DatabaseError, OSError):
        uri = uri_of(copy.file, "mode=ro&immutable=1")
        with closing(sqlite3.connect(uri, uri=True)) as db:
            return profile_rows.forgettings(db)
    return 0


def _require_sound(copy: Connection) -> None:
    if not is_sound(copy):
        raise Damaged(tr("The database of this profile is damaged"))


def _whose_fault(source: Connection) -> KnownError:
    """A copy that cannot be read is the fault of its own disk, unless the profile is as it is."""
    if is_sound(source):
        return KnownError(
            tr("A copy of the profile did not become as the profile is"),
            tr("What was written to its disk comes back otherwise; the profile itself is sound"),
            tr("Check that disk, or choose another folder for the copies"),
        )
    return Damaged(
        tr("The database of this profile is damaged"),
        tr("The daily copy found a part that cannot be read; the copies from before are kept"),
        tr("Go back to the last one: Your data in the settings, or `restore`"),
    )


def _copy(file: Path, at: str, kind: CopyKind) -> Copy:
    size = 0
    with suppress(OSError):
        size = file.stat().st_size
    made_at = datetime.strptime(at, _AT).replace(tzinfo=UTC)
    return Copy(file=file, made_at=made_at, size=size, kind=kind)


def _in_order(copies: list[Copy]) -> list[Copy]:
    return sorted(copies, key=lambda one: one.made_at, reverse=True)
