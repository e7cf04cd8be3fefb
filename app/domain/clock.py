"""Clock: the one door through which the present comes in."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import Protocol

from app.domain.zone import of_this_machine


class Clock(Protocol):
    """Tells the present instant, aware and in UTC."""

    def now(self) -> datetime:
        """The present instant."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present instant by the machine's clock, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one door


def local_zone() -> tzinfo:
    """The zone that the machine is in, for words to people and for days of theirs; it knows when
    summer time begins and ends. Asked anew, a laptop travels."""
    return of_this_machine()


class OutOfCalendar(ValueError):
    """What a text names lies, in UTC, before the year 1 or after 9999."""


def instant(text: str, *, without_zone: tzinfo | None = None) -> datetime:
    """The instant that an RFC 3339 text names, in UTC; where it names no zone, `without_zone` is
    meant, or else that of this machine.

    Raises:
        ValueError: it names none; OutOfCalendar where its zone leads out of the years there are.
    """
    try:
        at = datetime.fromisoformat(text.upper())  # RFC 3339 takes t and z for T and Z
        if at.tzinfo is None:  # by our own zone: Windows' knows nothing from before 1970
            at = at.replace(tzinfo=without_zone or of_this_machine())
        return at.astimezone(UTC)
    except OverflowError as error:
        raise OutOfCalendar(f"{text} leads out of the calendar") from error


def rfc3339(at: datetime) -> str:
    """The instant as RFC 3339 in UTC with Z, whole seconds unless it has a fraction."""
    text = at.astimezone(UTC).isoformat(timespec="microseconds" if at.microsecond else "seconds")
    return text.replace("+00:00", "Z")
