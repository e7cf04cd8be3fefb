"""Packed: the bytes of a mail as they are kept; for `messages`, and for whoever packs elsewhere."""

from __future__ import annotations

import zlib

_LARGE = 64 * 1024
_SMALL = 16 * 1024


def pack(raw: bytes) -> bytes:
    """The bytes of a mail as they are stored: pressed quickly rather than small.

    A large mail is nearly all base64, in which nothing repeats: only its letters are made shorter.
    Of a small one nothing is gained by zlib's full tables, and setting them up costs a third.
    """
    way = zlib.Z_HUFFMAN_ONLY if len(raw) > _LARGE else zlib.Z_DEFAULT_STRATEGY
    bits, memory = (13, 5) if len(raw) < _SMALL else (zlib.MAX_WBITS, 9)
    press = zlib.compressobj(1, zlib.DEFLATED, bits, memory, way)
    return press.compress(raw) + press.flush()


def unpack(packed: bytes) -> bytes:
    """The bytes as they came."""
    return zlib.decompress(packed)
