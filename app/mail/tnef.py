"""TNEF: what Outlook packed into a winmail.dat: the names of its files, and its plain text.

Read by `enclosed`. Nothing is unpacked, opened or run: the structure (MS-OXTNEF 2.1) is walked by
its lengths, each checked against what is there, and only names and one text are taken out.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from app.mail.charsets import clean, decode
from app.mail.parameters import safe_filename

_SIGNATURE = 0x223E9F78
_BODY, _TITLE, _NEW_FILE, _FILE_PROPERTIES = 0x800C, 0x8010, 0x9002, 0x9005
_LONG_NAME = 0x3707  # PidTagAttachLongFilename
_TEXT, _WIDE_TEXT = 0x001E, 0x001F
_FIXED = {0x0002: 4, 0x0003: 4, 0x0004: 4, 0x000A: 4, 0x000B: 4,
          0x0005: 8, 0x0006: 8, 0x0007: 8, 0x0014: 8, 0x0040: 8, 0x0048: 16}  # fmt: skip
_SIZED = (0x000D, _TEXT, _WIDE_TEXT, 0x0102)
_MOST = 500
TYPES = ("application/ms-tnef", "application/vnd.ms-tnef")


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """What lies in a winmail.dat; `names` of its files in their order."""

    names: tuple[str, ...] = ()
    text: str = ""


def unpacked(data: bytes) -> Packed:
    """The names and the text in a winmail.dat; nothing where it is none. Never raises."""
    names: list[str] = []
    text = ""
    for attribute, value in _attributes(data):
        if attribute == _NEW_FILE:
            names.append("")
        elif attribute == _TITLE and names:
            names[-1] = names[-1] or _words(value)
        elif attribute == _FILE_PROPERTIES and names:
            names[-1] = _long_name(value) or names[-1]
        elif attribute == _BODY:
            text = _words(value)
    safe = (safe_filename(one, fallback=f"file {at}") for at, one in enumerate(names, start=1))
    return Packed(names=tuple(safe), text=text.strip())


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != _SIGNATURE:
        return
    place = 6  # the signature and a key that nothing needs
    for _ in range(_MOST):
        if place + 9 > len(data):
            return
        attribute, length = struct.unpack_from("<HxxI", data, place + 1)
        value = data[place + 9 : place + 9 + length]
        if len(value) < length:
            return
        yield attribute, value
        place += 9 + length + 2  # a check sum follows


def _long_name(data: bytes) -> str:
    """The long file name among the properties of a file (MS-OXTNEF 2.1.3.4)."""
    if len(data) < 4:
        return ""
    place = 4
    for _ in range(min(_MOST, struct.unpack_from("<I", data)[0])):
        if place + 4 > len(data):
            return ""
        kind, name = struct.unpack_from("<HH", data, place)
        if name >= 0x8000 or kind & 0x1000:  # named or many-valued: it stands behind what we want
            return ""
        place += 4
        if kind in _FIXED:
            place += _FIXED[kind]
            continue
        if kind not in _SIZED or place + 8 > len(data):
            return ""
        length = struct.unpack_from("<xxxxI", data, place)[0]
        value = data[place + 8 : place + 8 + length]
        if name == _LONG_NAME:
            return _wide(value) if kind == _WIDE_TEXT else _words(value)
        place += 8 + length + (-length % 4)
    return ""


def _words(value: bytes) -> str:
    return clean(decode(value.partition(b"\0")[0]))


def _wide(value: bytes) -> str:
    return clean(value.decode("utf-16-le", errors="replace").partition("\0")[0])
