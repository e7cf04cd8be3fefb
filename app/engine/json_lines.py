"""JsonLines: what other programs hand to `triage` and `due`, one JSON object a line."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

_MOST_DIGITS = 4000  # Python reads a few more, and speaks of itself beyond that
_HALF_LETTER = re.compile("[\ud800-\udfff]")  # of UTF-16, or a byte that is no UTF-8


def numbered(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, each with its number from 1; a byte order mark is none of it,
    and letters that are broken stand as U+FFFD."""
    for number, line in enumerate(lines, start=1):
        whole = _HALF_LETTER.sub("\ufffd", line).strip().lstrip("\ufeff")
        if whole:
            yield number, whole


def the_object(line: str) -> dict[str, Any]:
    """What the line says. Raises ValueError, in words, for what is no JSON object."""
    try:
        read = json.loads(line, parse_constant=_refuse, parse_float=_finite, parse_int=_whole)
        found = _mended(read)
    except json.JSONDecodeError as error:
        raise ValueError(f"it is no JSON ({error.msg}, character {error.pos + 1})") from error
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    if not isinstance(found, dict):
        raise ValueError("it is no JSON object, like {}")
    return found


def _whole(digits: str) -> int:
    return int(digits) if len(digits) <= _MOST_DIGITS else _refuse(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    return number if math.isfinite(number) else _refuse(digits)


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"it is no JSON ({word[:40]} is no number)")


def _mended(value: Any) -> Any:
    r"""The same with whole letters: half a letter, written as "\ud83d" alone, becomes U+FFFD."""
    if isinstance(value, str):
        return _HALF_LETTER.sub("\ufffd", value)
    if isinstance(value, list):
        return [_mended(one) for one in value]
    if isinstance(value, dict):
        return {_mended(name): _mended(one) for name, one in value.items()}
    return value
