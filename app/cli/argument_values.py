"""Argument values: the words of the command line that mean a number, a length or a folder.

What is none is wrong usage, said in a sentence.
"""

from __future__ import annotations

import argparse

_LARGEST = (1 << 63) - 1  # that the database can hold


def folder(text: str) -> str:
    """A profile's folder: in a script an unset variable must not mean the owner's own."""
    if not text.strip():
        raise argparse.ArgumentTypeError("it names no folder; without it the usual one is meant")
    return text


def number(text: str) -> int:
    """A whole number that can be somebody's id, place or count."""
    try:
        found = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is no whole number") from None
    if abs(found) > _LARGEST:
        raise argparse.ArgumentTypeError(f"{text[:40]} is larger than any number here")
    return found


def count(text: str) -> int:
    """A number of things: 0 or more."""
    found = number(text)
    if found < 0:
        raise argparse.ArgumentTypeError(f"{text[:40]} is less than none")
    return found


def days(text: str) -> int:
    """A number of days: 3, 3d, 1w."""
    count, unit = (text[:-1], text[-1]) if text[-1:] in ("d", "w") else (text, "d")
    if not count.isascii() or not count.isdigit():
        raise argparse.ArgumentTypeError(f"{text} is no number of days; write 3, 3d or 1w")
    return number(count) * (7 if unit == "w" else 1)
