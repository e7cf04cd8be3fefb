"""Reading: values out of a platform's JSON, which may lack anything and hold whatever it likes.

Used by every platform's module. What is not there is empty; what cannot be true is Broken, so that
one bad record is left out and said, and the rest of a page is kept (`understood`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from app.domain.errors import OUR_MISTAKE, FrontburnerError, KnownError
from app.domain.feed import LeftOut
from app.domain.money import Money
from app.domain.translation import tr
from app.platforms import failures

log = logging.getLogger(__name__)

T = TypeVar("T")

_MOST = 10**15  # minor units; beyond that a number is a mistake, and the file could not hold it
_EARLIEST, _LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class Broken(FrontburnerError):
    """A record that cannot be true, with the words why."""


def understood(
    found: Iterable[Mapping[str, Any]],
    make: Callable[[Mapping[str, Any]], T],
    *,
    name: Callable[[Mapping[str, Any]], str],
    left_out: list[LeftOut],
) -> Iterator[T]:
    """What could be made of each row; the others are added to `left_out`, by their `name`.

    A row at which our own code falls over is left out as well. KnownErrors come through: the way to
    the platform broke, not the row.
    """
    for row in found:
        try:
            yield make(row)
        except Broken as error:
            log.warning("the record %s cannot be read: %s", _shown(name(row)), error)
            left_out.append(LeftOut(_shown(name(row)), str(error)))
        except (KnownError, MemoryError):
            raise
        except Exception:
            log.exception("bug while the record %s was read", _shown(name(row)))
            left_out.append(LeftOut(_shown(name(row)), tr(OUR_MISTAKE)))


def _shown(name: str) -> str:
    return failures.shown(name) or tr("without a name")


def table(value: object) -> Mapping[str, Any]:
    """A JSON object; an empty one where there is none."""
    return value if isinstance(value, Mapping) else {}


def rows(value: object) -> list[Mapping[str, Any]]:
    """A JSON array's objects; none where there is no array.

    PHP writes a list out of which an entry was taken as an object: {"1": {...}, "2": {...}}.
    """
    if isinstance(value, Mapping) and all(str(key).isdigit() for key in value):
        value = list(value.values())
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def text(value: object) -> str:
    """A text or a number as text; empty where there is none."""
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else ""


def number(value: object) -> Decimal:
    """A number, also when it comes as text; 0 where there is none."""
    try:
        told = Decimal(text(value))
    except InvalidOperation:
        return Decimal(0)
    return told if told.is_finite() else Decimal(0)


def whole(value: object, default: int = 0) -> int:
    """A whole number, also when it comes as text."""
    try:
        return int(Decimal(text(value)))
    except (InvalidOperation, ValueError, OverflowError):
        return default


def money(value: object, currency: object) -> Money:
    """An amount in whole units, as text or as a number. Raises Broken where it is no amount."""
    code = text(currency).upper()
    if len(code) != 3 or not code.isascii() or not code.isalpha():
        raise Broken(tr("it names no currency"))
    try:
        number = Decimal(text(value))
        if not number.is_finite() or abs(number) > _MOST:
            raise Broken(tr("an amount is no number"))
        return Money.of(number, code)
    except InvalidOperation:
        raise Broken(tr("an amount is no number")) from None


def maybe_money(value: object, currency: object) -> Money | None:
    """The same, None where nothing is said."""
    return money(value, currency) if text(value) else None


def minor(value: object, currency: object) -> Money:
    """An amount that is already in the smallest unit. Raises Broken where it is none."""
    code = text(currency).upper()
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _MOST:
        raise Broken(tr("an amount is no number"))
    if len(code) != 3 or not code.isalpha():
        raise Broken(tr("it names no currency"))
    return Money(value, code)


def moment(value: object) -> datetime | None:
    """An instant: ISO 8601 (UTC where it names no zone) or seconds since 1970; None for 0 or none.

    What lies before 1990 or after 2199 is a platform's way to say "never".
    """
    at = _moment(value)
    return at if at is not None and _EARLIEST < at < _LATEST else None


def _moment(value: object) -> datetime | None:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        try:
            return datetime.fromtimestamp(int(value), UTC)
        except (OverflowError, OSError, ValueError):
            return None
    try:
        at = datetime.fromisoformat(text(value).replace("Z", "+00:00"))
    except ValueError:
        return None
    try:
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except OverflowError:
        return None
