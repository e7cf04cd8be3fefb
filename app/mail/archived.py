"""Archived: mails that left the folders which are read, and lie in Gmail's All Mail. Ends a round.

Archiving there takes a mail out of the INBOX and nothing else. All Mail is asked only about mails
that lie nowhere any more, by the names that Gmail gave them; those it does not hold are deleted.
"""

from __future__ import annotations

from app.domain.mailbox import Batch, FolderMemory, FolderSnapshot
from app.mail.folder_walk import Deliver
from app.mail.gateway import Gateway


def look(gateway: Gateway, memory: FolderMemory, deliver: Deliver, *, all_mail: str) -> None:
    """Tell of those that All Mail still holds; raises as the gateway does."""
    lost = memory.unplaced()
    if not lost:
        return
    held = gateway.holding(all_mail, {ids.mail for ids in lost.values()})
    rows = frozenset(row for row, ids in lost.items() if ids.mail in held)
    if rows:
        folder = FolderSnapshot(name=all_mail, uid_validity=0, uid_next=0, exists=0)
        deliver(Batch(folder=folder, elsewhere=rows))
