"""Account health: what a worker has to tell of its account, written down and told to every desk.

Used by the workers of mailboxes and platforms. What cannot be written ends no watch.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from app.domain.account import Account, HealthState, Wanted
from app.domain.changes import Changes
from app.domain.clock import Clock
from app.domain.errors import CertificateRejected, FolderUnread, KnownError
from app.engine.wire import Event
from app.storage import accounts
from app.storage.connection import Connection
from app.storage.writer import Writer

log = logging.getLogger(__name__)


class AccountHealth:
    """How one account is, as the desks and the profile know it."""

    def __init__(
        self, account: Account, *, writer: Writer, clock: Clock, publish: Callable[[Event], None]
    ) -> None:
        self._account = account
        self._writer = writer
        self._clock = clock
        self._publish = publish

    def report(self, state: HealthState, error: KnownError | None = None) -> None:
        """From now on the account is so; `error` says why, and what to do."""

        def write(db: Connection, now: datetime) -> Changes:
            accounts.set_health(
                db,
                self._account.id,
                state=state,
                title=error.title if error else "",
                message=error.message if error else "",
                hint=error.hint if error else "",
                tried_at=now,
                ok_at=now if state is HealthState.OK else None,
                wants=wanted(error),
            )
            return Changes(accounts=frozenset({self._account.name}))

        self.write(write)

    def write(self, write: Callable[[Connection, datetime], Changes | None]) -> None:
        """Write anything else about it, such as an alert."""
        now = self._clock.now()
        try:
            changes = self._writer.do(lambda db: write(db, now))
        except KnownError:  # a full disk must not end the watch
            log.warning("how %s is could not be written", self._account.name)
        else:
            if changes:
                self._publish(Event(kind="changes", changes=changes))


def wanted(error: KnownError | None) -> Wanted:
    """What helps: a password changes nothing where a folder or a certificate is the trouble."""
    if isinstance(error, FolderUnread):
        return Wanted.FOLDERS
    return Wanted.SERVER if isinstance(error, CertificateRejected) else Wanted.SIGN_IN
