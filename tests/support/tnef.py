"""TNEF: builds a winmail.dat as Outlook does, for tests."""

from __future__ import annotations

import struct
from collections.abc import Sequence


def winmail(
    *files: str, text: str = "", long_names: Sequence[str] = (), cut: int | None = None
) -> bytes:
    """A package with these files (short names) and this plain text; `cut` loses its end."""
    made = struct.pack("<IH", 0x223E9F78, 1) + _attribute(1, 0x00069008, b"IPM.Note\0")
    if text:
        made += _attribute(1, 0x0002800C, text.encode("cp1252") + b"\0")
    for at, name in enumerate(files):
        made += _attribute(2, 0x00069002, bytes(14))
        made += _attribute(2, 0x00018010, name.encode("ascii") + b"\0")
        made += _attribute(2, 0x0006800F, b"content of a file")
        if at < len(long_names):
            made += _attribute(2, 0x00069005, _properties(long_names[at]))
    return made[:cut]


def _attribute(level: int, number: int, value: bytes) -> bytes:
    head = struct.pack("<BII", level, number, len(value))
    return head + value + struct.pack("<H", sum(value) & 0xFFFF)


def _properties(long_name: str) -> bytes:
    wide = long_name.encode("utf-16-le") + b"\0\0"
    size = struct.pack("<HHI", 0x0003, 0x0E20, 17)
    name = struct.pack("<HHII", 0x001F, 0x3707, 1, len(wide)) + wide + bytes(-len(wide) % 4)
    return struct.pack("<I", 2) + size + name
