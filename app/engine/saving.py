"""Saving: a file where its owner wants it, whole or not at all."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from app.config.system import put_in_place
from app.domain.errors import KnownError, Refused
from app.domain.translation import tr


def asked_path(path: str) -> Path:
    """Where to save it. Raises Refused for less than a whole path."""
    target = Path(path)
    if not target.is_absolute():
        raise Refused(tr("Where to save it?"), tr("The file needs a whole path"))
    return target


def save(target: Path, content: bytes) -> None:
    """Write it; half a file is worse than none, or than the one that was there."""
    draft = target.with_name(f".{token_hex(4)}.part")
    try:
        draft.write_bytes(content)
        put_in_place(draft, target)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise KnownError(
            tr("{name} cannot be written", name=target.name),
            error.strerror or "",
            tr("Choose another folder"),
        ) from error
