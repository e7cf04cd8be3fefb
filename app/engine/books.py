"""Books: where each mail of a batch lies, what was passed over or is gone, and how far it was read.

Part of `pipeline`, in the transaction that stores the mails, so that the cursor never runs ahead.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.domain.account import Account
from app.domain.changes import Changes
from app.domain.mailbox import Batch, FolderSnapshot
from app.storage import folders, labels, on_server
from app.storage.connection import Connection
from app.storage.folders import Located


def where_of(account: Account, folder: FolderSnapshot) -> folders.Place:
    """The folder as the books call it."""
    return {
        "account_id": account.id,
        "folder": folder.name,
        "uid_validity": folder.uid_validity,
    }


def keep_books(
    db: Connection,
    account: Account,
    batch: Batch,
    located: Sequence[Located],
    *,
    now: datetime,
) -> Changes:
    """Where the mails lie; what was passed over or is gone, flags, and how far it was read."""
    folder = batch.folder
    if batch.over:
        folders.close(db, account_id=account.id, folder=folder.name)
        return Changes()
    if batch.elsewhere:
        return Changes.of_issues(on_server.keep_in(db, batch.elsewhere, folder.name))
    where = where_of(account, folder)
    for one in batch.skipped:
        folders.skip(db, **where, uid=one.uid, reason=one.reason, left=one.left, mark=one.mark)
    again = (
        Located(uid=one.uid, message_id=one.stored, flags=one.flags, mark=one.mark)
        for one in batch.again
    )
    folders.locate(db, (*located, *again), **where)
    if batch.gone:
        folders.forget(db, **where, uids=batch.gone)
    moved = on_server.note_flags(db, **where, flags={**batch.flags, **batch.told})
    moved |= labels.note_at(db, **where, labels=batch.labels)
    if batch.complete:
        folders.settle(db, account_id=account.id, snapshot=folder, now=now)
    else:  # so that the books show from the first mail on
        folders.announce(db, account_id=account.id, snapshot=folder)
    return Changes.of_issues(moved)
