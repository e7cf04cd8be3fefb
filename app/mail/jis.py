"""JIS: Japanese text in seven bits, as mail programs write it and not as its standard has it.

Asked by charsets where the strict decoder gives up. A circled number, a half-width syllable or a
family name with an old letter is everyday in Japan and no part of ISO-2022-JP; Microsoft's code
page has them all, at the places where the programs put them.
"""

from __future__ import annotations

import re

_ESCAPE = re.compile(rb"\x1b(?:\$\([@-DOPQ]|\$[@AB]|\([BHIJ])")
_TWO_BYTES = (b"\x1b$@", b"\x1b$B", b"\x1b$(@", b"\x1b$(B")
_HALF_WIDTH = b"\x1b(I"
_ASCII = (b"", b"\x1b(B", b"\x1b(H", b"\x1b(J")
# Other sets that only some programs know, and the codec that has them.
_RARE = {
    b"\x1b$(D": "iso2022_jp_1",
    b"\x1b$(O": "iso2022_jp_3",
    b"\x1b$(P": "iso2022_jp_3",
    b"\x1b$(Q": "iso2022_jp_2004",
}


def text_in(data: bytes) -> str:
    """What the bytes say, letter by letter: one that nobody knows costs none of the others."""
    pieces: list[str] = []
    begin, mode = 0, b""
    for escape in _ESCAPE.finditer(data):
        pieces.append(_read(data[begin : escape.start()], mode))
        begin, mode = escape.end(), escape[0]
    pieces.append(_read(data[begin:], mode))
    return "".join(pieces)


def _read(data: bytes, mode: bytes) -> str:
    if mode not in _ASCII:
        # Each line begins in ASCII (RFC 1468), also where nobody switched back to it.
        first, newline, others = data.partition(b"\n")
        return _switched(first, mode) + (newline + others).decode("ascii", errors="replace")
    return data.decode("ascii", errors="replace")


def _switched(data: bytes, mode: bytes) -> str:
    if mode in _TWO_BYTES:
        return b"".join(map(_shifted, data[::2], data[1::2])).decode("cp932", errors="replace")
    if mode == _HALF_WIDTH:
        return bytes(byte | 0x80 for byte in data).decode("cp932", errors="replace")
    whole = mode + data + b"\x1b(B"
    return whole.decode(_RARE.get(mode, "iso2022_jp_2"), errors="replace")


def _shifted(row: int, cell: int) -> bytes:
    """A letter's row and cell as Shift JIS writes them: two rows to a first byte."""
    if not (0x20 < row < 0x7F and 0x20 < cell < 0x7F):
        return b"?"
    first = (row - 0x21) // 2 + (0x81 if row < 0x5F else 0xC1)
    second = cell + (0x7E if row % 2 == 0 else 0x20 if cell >= 0x60 else 0x1F)
    return bytes((first, second))
