"""Mail memory: what is stored of a mailbox, in dictionaries, for tests without a database."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from app.domain.mailbox import Batch, FetchedMail, FolderCursor
from app.mail import parse
from tests.support.folder_memory import NoMemory


class Memory(NoMemory):
    """Remembers every batch as the pipeline would (domain.mailbox.FolderMemory)."""

    def __init__(self) -> None:
        self.cursors: dict[str, FolderCursor] = {}
        self.known: dict[tuple[str, int], dict[int, int]] = {}
        self.mails: list[FetchedMail] = []
        self.batches: list[Batch] = []
        self.gone: list[int] = []
        self.skipped: dict[int, str] = {}

    def cursor(self, folder: str) -> FolderCursor | None:
        return self.cursors.get(folder)

    def known_uids(self, folder: str, uid_validity: int) -> frozenset[int]:
        return frozenset(self.known.get((folder, uid_validity), ()))

    def marks(self, folder: str, uid_validity: int, uids: Collection[int]) -> Mapping[int, int]:
        known = self.known.get((folder, uid_validity), {})
        return {uid: known[uid] for uid in uids if uid in known}

    def folders(self) -> frozenset[str]:
        return frozenset(self.cursors)

    def deliver(self, batch: Batch) -> None:
        """Take a batch as it comes."""
        folder = batch.folder
        known = self.known.setdefault((folder.name, folder.uid_validity), {})
        self.batches.append(batch)
        self.mails.extend(batch.mails)
        self.gone.extend(batch.gone)
        self.skipped.update({one.uid: one.reason for one in batch.skipped})
        known.update({one.uid: one.mark for one in batch.mails})
        known.update({one.uid: 0 for one in batch.skipped})
        for uid in batch.gone:
            known.pop(uid, None)
        if batch.complete:
            self.cursors[folder.name] = FolderCursor(
                uid_validity=folder.uid_validity, uid_next=folder.uid_next, modseq=folder.modseq
            )

    def ids(self) -> list[str]:
        """The Message-IDs of all mails that came, sorted."""
        return sorted(parse.read(one.raw).message_id for one in self.mails)
