"""Leftovers: what an engine that was killed left half-written in a profile.

The next one takes it away before it begins, under the profile's lock: a copy of the database that
nobody would ever look at fills a disk.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from app.config.paths import Profile

# What `system.write_private` begins, for the files that only an engine writes.
_DRAFT = re.compile(r"\.(settings\.toml|engine\.key|engine\.last)\.[0-9a-f]{12}")
_COPY = re.compile(r"\.?restored\.db(\.part)?(-wal|-shm|-journal)?")


def take_away(profile: Profile) -> None:
    """Take it away; what cannot be taken away keeps nobody from starting."""
    for left in tuple(_found(profile)):
        with suppress(OSError):
            shutil.rmtree(left) if left.is_dir() else left.unlink()


def _found(profile: Profile) -> Iterator[Path]:
    with suppress(OSError):
        for one in profile.folder.iterdir():
            names = _DRAFT.fullmatch(one.name) or _COPY.fullmatch(one.name)
            if names or (one.name.startswith(".import-") and one.is_dir()):
                yield one
    yield from profile.backups.glob(".*.part*")
