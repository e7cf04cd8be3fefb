"""TOML files: a rule file read into the form that it must have, or named with what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec

from app.config import toml_text
from app.domain.errors import KnownError
from app.domain.translation import tr

T = TypeVar("T")


def read_toml(path: Path, form: type[T], absent: T, *, hint: str = "") -> T:
    """What the file says; `absent` where there is none. Raises KnownError naming the file."""
    try:
        return toml_text.decode(path.read_bytes(), form)
    except FileNotFoundError:
        return absent
    except (msgspec.DecodeError, OSError, ValueError) as error:
        raise broken(path, str(error), hint) from error


def broken(path: Path, why: str, hint: str = "") -> KnownError:
    """A file that cannot be used, with what is wrong in it and how it is written."""
    said = why[:1].upper() + why[1:]
    return KnownError(tr("{path} cannot be used", path=path), f"{said}.", tr(hint))
