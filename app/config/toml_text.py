"""Toml text: what a file of settings or rules says, or one error for whatever is wrong with it.

The language lets a file of a few kilobytes nest so deeply that reading it fails, or name keys of so
many parts that it takes minutes. Whoever wrote it, neither may end or stop the program.
"""

from __future__ import annotations

import datetime
import tomllib
from typing import Any, TypeVar

T = TypeVar("T")

_MOST = 1_000_000  # letters; ours have 60,000
_PARTS = 30  # of a key; ours have three


def loads(text: str) -> dict[str, Any]:
    """The values of a file. Raises TOMLDecodeError, which is a ValueError.

    A byte order mark, as some editors put before what they save, is none of it.
    """
    text = text.removeprefix("\ufeff")
    if len(text) > _MOST:
        raise tomllib.TOMLDecodeError(f"It is longer than {_MOST:,} letters")
    for number, line in enumerate(text.splitlines(), start=1):
        if line.count(".") > _PARTS and line.partition("=")[0].count(".") > _PARTS:
            raise tomllib.TOMLDecodeError(f"The key in line {number} has too many parts")
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise tomllib.TOMLDecodeError("It is nested too deeply") from error


def decode(data: bytes, form: type[T]) -> T:
    """The same in the form that it must have. Raises ValueError or msgspec's ValidationError."""
    import msgspec  # the window reads its settings without

    dates = (datetime.datetime, datetime.date, datetime.time)
    return msgspec.convert(loads(data.decode("utf-8")), form, builtin_types=dates, str_keys=True)
