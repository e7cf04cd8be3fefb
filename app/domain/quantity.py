"""Quantity: how many of something, in words that the engine writes for its owner."""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 mail", "1,204 mails"; `many` where an s does not do."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
