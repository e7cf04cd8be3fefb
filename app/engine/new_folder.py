"""New folder: what is written for the owner into one of theirs appears complete, or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.config.system import make_private_folder, put_in_place
from app.domain.errors import KnownError, Refused
from app.domain.translation import tr
from app.storage.database import disk_errors


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """The draft that stands in the target's place once all is written into it.

    Raises:
        Refused: the target is a file, or has something in it.
        KnownError: it, or the disk that it lies on, takes nothing; the profile itself goes on.
    """
    _require_free(target)
    draft = target.with_name(f".{target.name}.part")
    shutil.rmtree(draft, ignore_errors=True)
    with disk_errors():  # what the database refuses is said of the profile
        try:
            make_private_folder(draft)
            yield draft
            if target.exists():
                target.rmdir()
            put_in_place(draft, target)
        except OSError as error:
            raise KnownError(
                tr("{folder} cannot be written", folder=target),
                error.strerror or "",
                tr("Choose another folder"),
            ) from error
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def _require_free(folder: Path) -> None:
    with suppress(FileNotFoundError, NotADirectoryError):
        if any(folder.iterdir()):
            raise Refused(
                tr("{folder} is not empty", folder=folder),
                hint=tr("Name a folder that is not there yet"),
            )
    if folder.is_file():
        raise Refused(
            tr("{folder} is a file", folder=folder), hint=tr("Name a folder that is not there yet")
        )
