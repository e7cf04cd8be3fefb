"""Rows: all that a desk reads, in one place: the list, one issue whole, and what frames them.

Everything here works on a read-only connection and imports nothing heavy: the window lives on it.
"""

from __future__ import annotations

from datetime import datetime

from app.domain.dispute_tally import NO_DISPUTES, tally
from app.domain.views import Overview
from app.storage import accounts, alerts, awaiting, folders, incidents
from app.storage.connection import Connection
from app.storage.disputes import every as disputes
from app.storage.disputes import months as dispute_months
from app.storage.disputes import open_count
from app.storage.inbox import counts, ids_of, inbox_ids, inbox_rows
from app.storage.issue_page import issue_view, replies
from app.storage.order_issues import order_of

__all__ = [
    "counts",
    "dispute_months",
    "disputes",
    "ids_of",
    "inbox_ids",
    "inbox_rows",
    "issue_view",
    "order_of",
    "overview",
    "replies",
]


def overview(db: Connection, now: datetime, *, me: str = "") -> Overview:
    """What frames the list: counts, accounts and their books, alerts and replies not yet settled.

    The replies are those on their way and those that wait for a person, oldest first.
    """
    return Overview(
        counts={**counts(db, now=now, me=me), "disputes": open_count(db)},
        health=accounts.health(db),
        proofs=folders.proofs(db),
        alerts=alerts.unseen(db),
        replies=replies(db),
        incidents=incidents.present(db),
        disputes=tally(disputes(db, only_open=True)) if open_count(db) else NO_DISPUTES,
        awaiting=awaiting.count(db),
        rang=alerts.rang(db),
    )
