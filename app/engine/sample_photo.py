"""Sample photo: a small drawn picture of something broken, in place of a customer's photo.

Drawn point by point and packed as PNG (RFC 2083), so that the sample shop ships no pictures.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

WIDTH, HEIGHT = 160, 120
_WOOD = (bytes((196, 170, 138)), bytes((188, 161, 128)))
_CRACK = bytes((38, 32, 30))
_BREAKS = frozenset(("mug", "bowl", "plate", "teapot"))
_Shape = Callable[[int, int], bool]


def _ellipse(x: int, y: int, *, at: tuple[int, int], size: tuple[int, int]) -> bool:
    return ((x - at[0]) / size[0]) ** 2 + ((y - at[1]) / size[1]) ** 2 <= 1


def _mug(x: int, y: int) -> bool:
    handle = _ellipse(x, y, at=(112, 62), size=(20, 24)) and not _ellipse(
        x, y, at=(112, 62), size=(12, 15)
    )
    return (48 <= x <= 110 and 26 <= y <= 98) or (x > 108 and handle)


def _bowl(x: int, y: int) -> bool:
    return y >= 40 and _ellipse(x, y, at=(80, 40), size=(62, 58))


def _plate(x: int, y: int) -> bool:
    rim = _ellipse(x, y, at=(80, 60), size=(38, 30)) and not _ellipse(
        x, y, at=(80, 60), size=(36, 28)
    )
    return _ellipse(x, y, at=(80, 60), size=(64, 50)) and not rim


def _parcel(x: int, y: int) -> bool:
    crushed_corner = x - y > 92
    return 26 <= x <= 134 and 22 <= y <= 100 and not crushed_corner and abs(x - 80) != 12


def _cloth(x: int, y: int) -> bool:
    hole = _ellipse(x, y, at=(104, 44), size=(11, 9))
    return 14 <= x <= 146 and 12 <= y <= 108 and not hole and (x + y) % 9 != 0


def _teapot(x: int, y: int) -> bool:
    lid = _ellipse(x, y, at=(80, 36), size=(22, 12)) or _ellipse(x, y, at=(80, 22), size=(6, 6))
    stump_of_the_spout = 30 <= x <= 60 and abs(y - 92 + x // 2) <= 7
    handle = _ellipse(x, y, at=(122, 66), size=(20, 22)) and not _ellipse(
        x, y, at=(122, 66), size=(13, 14)
    )
    body = _ellipse(x, y, at=(80, 70), size=(42, 34))
    return body or lid or stump_of_the_spout or (x > 112 and handle)


SHAPES: dict[str, _Shape] = {
    "mug": _mug,
    "bowl": _bowl,
    "plate": _plate,
    "teapot": _teapot,
    "parcel": _parcel,
    "cloth": _cloth,
}


def photo(thing: str, colour: str, *, intact: bool = False) -> bytes:
    """A PNG of the thing (one of SHAPES), its colour as "#rrggbb", with a crack where it breaks."""
    inside = SHAPES[thing]
    paint = _shades(bytes.fromhex(colour.removeprefix("#")))
    cracked = thing in _BREAKS and not intact
    rows = bytearray()
    for y in range(HEIGHT):
        rows.append(0)  # PNG: no filter on this row
        crack_at = 70 + abs(y % 22 - 11) + y // 6
        for x in range(WIDTH):
            if not inside(x, y):
                rows += _WOOD[y // 8 % 2]
            elif cracked and abs(x - crack_at) <= 1:
                rows += _CRACK
            else:
                rows += paint[x]
    return _png(bytes(rows))


def _shades(colour: bytes) -> tuple[bytes, ...]:
    """The colour for each column: the light comes from the left."""
    lights = (1.08 - 0.3 * x / WIDTH for x in range(WIDTH))
    return tuple(bytes(min(255, round(part * light)) for part in colour) for light in lights)


def _png(rows: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(name + data)
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", checksum)
