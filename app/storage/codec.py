"""Codec: how values lie in the file, the same in every table.

Instants are integers, microseconds since 1970 in UTC. Enums are their text. Whatever has a shape of
its own (a judgement's reasons, an order, what people decided) is JSON. The rooms' values go in here
on their way to a table and come out of here on their way to a desk.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, TypeVar, cast

import msgspec

from app.domain.mailbox import Flags, MailFlag
from app.domain.message import Address
from app.domain.money import Money

T = TypeVar("T")

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(at: datetime) -> int:
    """The instant in microseconds since 1970; a naive datetime is a TypeError, never a guess."""
    since = at - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def maybe_micros(at: datetime | None) -> int | None:
    """The instant in microseconds, or None where there is none."""
    return None if at is None else micros(at)


def moment(value: int) -> datetime:
    """The instant that `micros` wrote, aware and in UTC."""
    return EPOCH + timedelta(microseconds=value)


def maybe_moment(value: int | None) -> datetime | None:
    """The instant that `maybe_micros` wrote."""
    return None if value is None else EPOCH + timedelta(microseconds=value)


def money(minor: int | None, currency: str | None) -> Money | None:
    """The amount of a pair of columns, or None where there is none."""
    return None if minor is None or currency is None else Money(minor, currency)


def address(email: str | None, name: str | None) -> Address | None:
    """The address of a pair of columns, or None where there is none."""
    return None if email is None else Address(email=email, name=name or "")


_BITS = {flag: 1 << place for place, flag in enumerate(MailFlag)}


def flag_bits(flags: Flags) -> int:
    """The flags of a mail as one number."""
    return sum(_BITS[flag] for flag in flags)


def flags_of(bits: int) -> Flags:
    """The flags that `flag_bits` wrote."""
    return frozenset(flag for flag, bit in _BITS.items() if bits & bit)


def text(value: str) -> str:
    """The text as it can be stored: half a surrogate pair from a broken mail becomes U+FFFD."""
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value


def to_json(value: Any) -> str:
    """The value as JSON text."""
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        return msgspec.json.encode(_storable(msgspec.to_builtins(value))).decode()


def from_json(written: str | bytes, shape: type[T]) -> T:
    """The value of the given type that `to_json` wrote."""
    decoder: msgspec.json.Decoder[T] = _decoder(cast("Any", shape))
    return decoder.decode(written)


@cache
def _decoder(shape: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(shape)


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return text(value)
    if isinstance(value, Mapping):
        return {_storable(key): _storable(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(part) for part in value]
    return value
