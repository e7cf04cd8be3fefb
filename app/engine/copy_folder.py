"""Copy folder: where the regular copies lie: whether it can be used, how much they may take of its
disk, and what is said where that disk refuses."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.config.paths import expanded
from app.domain.daily_copy import Copy
from app.domain.errors import Damaged, KnownError, Refused, Unwritable
from app.domain.translation import grouped, tr
from app.storage.copies import Shelf
from app.storage.database import disk_errors

_SHARE = 2  # a new copy takes at most one of so many parts of what is free
_LITTLE_ROOM = 500 * 1024 * 1024  # bytes; then all but the newest copy make room


def usable_folder(text: str) -> str:
    """The folder that an owner names for the copies, whole. Raises Refused for what is none."""
    if not text.strip():
        return ""
    folder = expanded(text.strip())
    if not folder.is_absolute() or not folder.is_dir():
        raise Refused(
            tr("{folder} is not a folder", folder=text),
            tr("The copies need one that is there, with its whole path"),
            tr("Nothing changed."),
        )
    probe = folder / f".frontburner-{threading.get_native_id()}"
    try:
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise Refused(
            tr("{folder} cannot be written", folder=folder),
            error.strerror or "",
            tr("Nothing changed."),
        ) from error
    return str(folder)


def require_room(shelf: Shelf, size: int) -> None:
    """A copy of this size takes half of what is free, at most; the older ones make room for it.

    Raises KnownError where that is not enough.
    """
    if size * _SHARE <= _free(shelf.folder):
        return
    older = [one for one in shelf.daily()[1:] if one.file.parent == shelf.folder]
    if size * _SHARE <= _free(shelf.folder) + sum(one.size for one in older):
        remove(older)
        return
    raise KnownError(
        tr("There is too little room for a copy of the profile"),
        tr(
            "It needs {size} MB of the {free} MB that are free in {folder}, and takes half at most",
            size=grouped(_megabytes(size)),
            free=grouped(_megabytes(_free(shelf.folder))),
            folder=shelf.folder,
        ),
        tr("Make room, or choose a folder on another disk"),
    )


def make_room(shelf: Shelf) -> None:
    """A copy must not be what fills the disk on which mail is stored."""
    with suppress(OSError):
        if _free(shelf.profile.folder) < _LITTLE_ROOM:
            disk = _disk(shelf.profile.folder)
            remove(one for one in shelf.daily()[1:] if _disk(one.file.parent) == disk)


@contextmanager
def said_of(folder: Path) -> Iterator[None]:
    """What a disk refuses is said of the copy: the profile itself goes on."""
    try:
        with disk_errors():
            yield
    except KnownError as error:
        is_of_the_disk = not isinstance(error.__cause__, KnownError | None)
        if isinstance(error, Damaged) or not is_of_the_disk:
            raise
        why = error.title if isinstance(error, Unwritable) else error.message
        raise KnownError(
            tr("No copy of the profile could be made"),
            tr("{folder}: {why}", folder=folder, why=why),
            tr("Check that folder and its disk, or choose another folder"),
        ) from error


def away(folder: Path) -> KnownError:
    """What is so while the folder is not there."""
    return KnownError(
        tr("The folder for the copies is not there"),
        tr("{folder} may be on a disk that is not connected", folder=folder),
        tr("Connect it, and a copy is made by itself; or choose another folder"),
    )


def remove(found: Iterable[Copy]) -> None:
    """Take these away; what cannot be taken away keeps nobody from the rest."""
    for one in found:
        with suppress(OSError):
            one.file.unlink(missing_ok=True)


def size_of(*files: Path) -> int:
    """How much they take, as far as they are there."""
    return sum(map(_size, files))


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _free(folder: Path) -> int:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free


def _disk(folder: Path) -> int:
    return folder.stat().st_dev


def _megabytes(size: int) -> int:
    return -(-size // 2**20)
