"""Stored mails: what is known of an account's folders, for the source that reads on from there.

Asked by `mail` through `domain.mailbox.FolderMemory`, from the thread of the account's worker, on a
connection of its own; reads only.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from app.domain.mailbox import FetchedMail, Flags, FolderCursor, GmailIds, Head
from app.engine import reader
from app.engine.pipeline import Pipeline
from app.mail import parse
from app.storage import folders, gmail, messages, on_server
from app.storage.connection import Connection


class StoredMails:
    """What is stored for an account, as its source may ask (domain.mailbox.FolderMemory)."""

    def __init__(
        self,
        reader: Connection,
        *,
        account_id: int,
        marks_mail: bool,
        pipeline: Pipeline,
        now: Callable[[], datetime],
    ) -> None:
        self._reader = reader
        self._pipeline = pipeline
        self._now = now
        self._account_id = account_id
        self._marks_mail = marks_mail

    def cursor(self, folder: str) -> FolderCursor | None:
        """How far a folder was read; None where it never was."""
        return folders.cursor(self._reader, self._account_id, folder)

    def known_uids(self, folder: str, uid_validity: int) -> frozenset[int]:
        """The numbers that are in the books of a folder."""
        return folders.known_uids(self._reader, self._account_id, folder, uid_validity)

    def known_within(
        self, folder: str, uid_validity: int, ranges: Sequence[tuple[int, int]]
    ) -> frozenset[int]:
        """Those of them in these ranges."""
        return folders.known_within(self._reader, self._account_id, folder, uid_validity, ranges)

    def count(self, folder: str, uid_validity: int) -> int:
        """How many numbers are in the books of a folder."""
        return folders.count(self._reader, self._account_id, folder, uid_validity)

    def newest(self, folder: str, uid_validity: int, most: int) -> Sequence[int]:
        """The highest numbers, at most so many."""
        return folders.newest(self._reader, self._account_id, folder, uid_validity, most)

    def marks(self, folder: str, uid_validity: int, uids: Collection[int]) -> Mapping[int, int]:
        """The marks of these numbers, as far as they were kept."""
        return folders.marks(self._reader, self._account_id, folder, uid_validity, uids)

    def left_in_junk(self, beginnings: Sequence[FetchedMail]) -> Mapping[int, str]:
        """Those of these mails of Junk that need not be fetched whole, and why."""
        now = self._now()
        readings = [reader.read(mail, now=now) for mail in beginnings]
        return self._pipeline.left_in_junk(self._reader, self._account_id, readings, now=now)

    def stored_as(self, names: Mapping[int, GmailIds]) -> Mapping[int, int]:
        """Those of Gmail's mails that are stored, and their rows."""
        found = {uid: gmail.find(self._reader, self._account_id, one) for uid, one in names.items()}
        return {uid: row for uid, row in found.items() if row is not None}

    def unplaced(self) -> Mapping[int, GmailIds]:
        """Gmail's mails of which no folder is known any more."""
        return on_server.unplaced(self._reader, self._account_id)

    def folders(self) -> frozenset[str]:
        """The names of the folders that have books."""
        return folders.names(self._reader, self._account_id)

    def wanted_flags(self, folder: str, uid_validity: int) -> Mapping[int, Flags]:
        """What the owner's doing should mean on the server, if they want that."""
        if not self._marks_mail:
            return {}
        return on_server.wanted_flags(self._reader, self._account_id, folder, uid_validity)

    def stored(self, heads: Sequence[Head]) -> Mapping[int, int]:
        """Those of these mails that are stored, by their headers, and their rows."""
        found = ((head.uid, self._stored(head)) for head in heads)
        return {uid: row for uid, row in found if row is not None}

    def _stored(self, head: Head) -> int | None:
        """By Message-ID, sender and size: two mails may carry the same Message-ID."""
        message = parse.read(head.raw)
        if message.synthetic_id:
            return None
        sender = message.from_.key if message.from_ else ""
        return messages.of_size(
            self._reader,
            message_id=message.message_id,
            from_key=sender,
            sent_at=message.sent_at,
            size=head.size,
        )
