"""Silence: an account that could not be looked into for too long says so by an alert of its own.

Written by the worker of the account; taken back as soon as a look succeeds.
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from app.domain.alert import Alert, AlertLevel
from app.domain.changes import Changes
from app.domain.errors import KnownError
from app.storage import alerts
from app.storage.connection import Connection


def break_it(
    db: Connection, account: str, error: KnownError, *, good_at: datetime, now: datetime
) -> Changes:
    """Queue the alert, once for each silence; an older one of the same account goes."""
    changes = end_it(db, account, now=now)
    queued = alerts.queue(
        db,
        Alert(
            dedupe=f"{_named(account)}{good_at.isoformat()}",
            issue_keys=(),
            title=f"{account}: {error.title[:1].lower()}{error.title[1:]}",
            body="\n".join(filter(None, (error.message, error.hint))),
            created_at=now,
            level=AlertLevel.NOTICE,
        ),
    )
    return changes if queued is None else changes | Changes(alerts=frozenset((queued,)))


def end_it(db: Connection, account: str, *, now: datetime) -> Changes:
    """The mailbox was looked into again: nobody need read of it any more."""
    return Changes(alerts=frozenset(alerts.withdraw(db, _named(account), at=now)))


def _named(account: str) -> str:
    return f"silent/{quote(account, safe=' ()')}/"  # one name may begin another: shop, shop/eu
