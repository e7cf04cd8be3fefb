"""Reader process: reads the mails of a large delivery on the other core, for `reader`.

    python -m app engine --read

A batch comes in on stdin, what the mails say goes out on stdout; it ends when nobody asks any
more. It has no profile, no network and no models, so what a hostile mail does to it, it does to
nobody else. A frame is its length in four bytes and MessagePack, which is data and nothing more.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO

import msgspec

from app.domain.message import Message
from app.mail import parse
from app.storage.packed import pack

_LENGTH = 4
_LONGEST = (1 << 31) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Bytes:
    """The bytes of a mail; not `complete` where parts of it were left on the server."""

    raw: bytes
    complete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a mail says, and its bytes as they are kept.

    No `message` where it holds half a letter, which MessagePack cannot carry.
    """

    message: Message | None
    packed: bytes


def main() -> int:
    """Answer batches until stdin ends."""
    ask, answer = sys.stdin.buffer, sys.stdout.buffer
    while (asked := receive(ask)) is not None:
        batch = msgspec.msgpack.decode(asked, type=tuple[Bytes, ...])
        send(answer, encoded(read(one) for one in batch))
    return 0


def read(one: Bytes) -> Read:
    """One mail."""
    return Read(message=parse.read(one.raw, complete=one.complete), packed=pack(one.raw))


def encoded(batch: Iterable[Read]) -> bytes:
    """What was read, as it goes back."""
    return msgspec.msgpack.encode([_encoded(one) for one in batch])


def _encoded(one: Read) -> msgspec.Raw:
    try:
        return msgspec.Raw(msgspec.msgpack.encode(one))
    except UnicodeEncodeError:
        return msgspec.Raw(msgspec.msgpack.encode(Read(message=None, packed=one.packed)))


def send(stream: IO[bytes], data: bytes) -> None:
    """Write a frame. Raises OSError where nobody reads it, ValueError where it is far too long."""
    if len(data) > _LONGEST:
        raise ValueError("too much for one frame")
    stream.write(len(data).to_bytes(_LENGTH))
    stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """The next frame; None where the other side is gone."""
    head = stream.read(_LENGTH)
    if len(head) < _LENGTH:
        return None
    size = int.from_bytes(head)
    data = stream.read(size)
    return data if len(data) == size else None
