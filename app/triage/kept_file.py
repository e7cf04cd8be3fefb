"""Kept file: something of the package's that was made ready once, in the user's cache.

It is whole or not there, and one of another version of the package goes when it comes. Part of the
encoder.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from app.config.system import put_in_place


def kept_file(folder: Path, name: str, *, source: Path) -> Path:
    """Where it lies, or would; `source` is what it is made of. Raises OSError without that."""
    about, (stem, ending) = source.stat(), name.split(".")
    return folder / f"{stem}-{about.st_size}-{about.st_mtime_ns}.{ending}"


def keep(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """Put it there, in place of those of other versions. Raises OSError; then nothing is left."""
    path.parent.mkdir(parents=True, exist_ok=True)
    begun = path.with_suffix(f".{os.getpid()}")
    try:
        with begun.open("wb") as file:
            write(file)
        put_in_place(begun, path)
    finally:
        begun.unlink(missing_ok=True)
    for old in path.parent.glob(f"{path.name.split('-')[0]}-*{path.suffix}"):
        if old != path:
            with suppress(OSError):  # another engine may read it still
                old.unlink()
