"""HeldBack: when a reply that waits for signing in may be tried again by itself.

What needs no person any more, a keyring that is open again or a renewed certificate, is seen by
trying, now and then. A refused password is not knocked with: there the account's next look into its
mailbox has to sign in first, and each further refusal makes the outbox more patient, because a
server may take the password for reading and refuse it for sending.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.errors import KnownError, SignInRefused

CALM = timedelta(minutes=10)
_AFTER_LOOKS = tuple(timedelta(hours=hours) for hours in (0, 1, 6, 24))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """Since when, how long at least, and whether only a sign-in ends it."""

    at: datetime
    at_least: timedelta
    by_password: bool


class HeldBack:
    """What this engine holds back; of what an earlier one did, a new start is a new chance."""

    def __init__(self) -> None:
        self._held: dict[int, _Held] = {}

    def hold(self, reply: int, error: KnownError, *, attempt: int, now: datetime) -> datetime:
        """Signing in did not work for it; when it may be tried again without anybody's word."""
        at_least = _AFTER_LOOKS[min(attempt, len(_AFTER_LOOKS) - 1)]
        by_password = isinstance(error, SignInRefused)
        self._held[reply] = _Held(at=now, at_least=at_least, by_password=by_password)
        return now + max(CALM, at_least if by_password else CALM)

    def needs_sign_in(self, reply: int) -> bool:
        """Whether time alone does not let it go."""
        held = self._held.get(reply)
        return held is not None and held.by_password

    def may_go(self, reply: int, *, signed_in_at: datetime | None, now: datetime) -> bool:
        """Whether its account signed in since then."""
        held = self._held.get(reply)
        if held is None or signed_in_at is None:
            return False
        return signed_in_at > held.at and now >= held.at + held.at_least
