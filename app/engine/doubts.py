"""Doubts: when to look again whether a reply that may have been sent lies among the sent mail.

A provider files its copy seconds after it took the mail. What lies there later still is seen when
the account's Sent folder is next read (sent_mail).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

# After the first look, at once (facts of Gmail and Microsoft 365).
LOOKS = tuple(timedelta(seconds=seconds) for seconds in (2, 5, 15, 60))


class Doubts:
    """The replies that are looked for, and when; a new engine begins anew."""

    def __init__(self) -> None:
        self._looks: dict[int, tuple[datetime, ...]] = {}

    def begin(self, reply: int, *, now: datetime) -> None:
        """It was not there: look for it a few times more."""
        self._looks[reply] = tuple(now + after for after in LOOKS)

    def due(self, now: datetime) -> Iterable[int]:
        """The replies to look for now, each once, however many looks a sleeping machine missed."""
        found = tuple(reply for reply, looks in self._looks.items() if looks[0] <= now)
        for reply in found:
            left = tuple(at for at in self._looks[reply] if at > now)
            if left:
                self._looks[reply] = left
            else:
                del self._looks[reply]
        return found

    def next_due(self) -> datetime | None:
        """When the next look is due, or None."""
        return min((looks[0] for looks in self._looks.values()), default=None)
