"""Folder walk: one IMAP folder, once: what is new and what is gone, in batches, newest first.

The middle of an IMAP round. A mail at which the server falls over must not keep the others from
being read: after a hang-up its batch is fetched mail by mail, and one that fails twice alone is
passed over, with the reason in the books.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from app.domain.errors import Unreachable
from app.domain.mailbox import (
    Batch,
    FetchedMail,
    FolderCursor,
    FolderMemory,
    FolderSnapshot,
    SkippedMail,
)
from app.mail.fetching import Fetched
from app.mail.gateway import Gateway
from app.mail.large_mail import without_files
from app.mail.uid_set import within

BATCH_MAILS = 200
BATCH_BYTES = 2 * 1024 * 1024
LARGE = 5 * 1024 * 1024
START = 1024 * 1024  # of a large mail whose parts the server does not list
MOST_REPAIRS = 6  # in a round; after that the server is left alone for a while

Deliver = Callable[[Batch], None]

NOT_HANDED_OUT = "The server lists this mail but does not hand it out."
FALLS_OVER = "The server hangs up whenever it is asked for this mail."


class Repairs:
    """New connections for those that broke in a round, up to a limit."""

    def __init__(self, connect: Callable[[], Gateway]) -> None:
        self._connect = connect
        self._left = MOST_REPAIRS

    def repaired(self, error: Unreachable) -> Gateway:
        """A new connection; the error itself when there were too many already."""
        if not self._left:
            raise error
        self._left -= 1
        return self._connect()


class FolderWalk:
    """One folder of a signed-in account, once."""

    def __init__(
        self,
        gateway: Gateway,
        memory: FolderMemory,
        deliver: Deliver,
        stop: threading.Event,
        *,
        repairs: Repairs,
        large: int = LARGE,
    ) -> None:
        """`large`: mails of more bytes are read without their attachments."""
        self._large = large
        self._gateway = gateway
        self._memory = memory
        self._deliver = deliver
        self._stop = stop
        self._repairs = repairs

    def through(self, name: str) -> FolderSnapshot:
        """Deliver all that is on the server and not stored; then the cursor may move.

        Returns the folder as it was when it was opened.
        """
        cursor = self._memory.cursor(name)
        opened = self._gateway.open(name, since=cursor)
        folder = opened.folder
        known = self._memory.known_uids(name, folder.uid_validity)
        still = known - within(known, opened.vanished)
        listed = self._listed(folder, still, cursor)
        gone = tuple(sorted(known - listed.keys()))
        missing = sorted(listed.keys() - known, reverse=True)
        vanished = 0
        for uids in _windows(missing, listed, large=self._large):
            if self._stop.is_set():
                return folder
            vanished += len(uids) - self._bring(folder, uids, listed)
        settled = replace(folder, exists=len(listed) - vanished)
        self._deliver(Batch(folder=settled, gone=gone, complete=True))
        return folder

    def _listed(
        self, folder: FolderSnapshot, still: frozenset[int], cursor: FolderCursor | None
    ) -> dict[int, int]:
        """What the folder held when it was opened: UID -> size (0 for what is known).

        What is known to be there still, with what lies beyond the cursor, is believed only if it
        comes to the server's own count; otherwise everything is listed.
        """
        if cursor is not None and _goes_on(folder, cursor):
            fresh = self._between(cursor.uid_next, folder)
            if len(still | fresh.keys()) == folder.exists:
                return {**dict.fromkeys(still, 0), **fresh}
        return self._between(1, folder) if folder.exists else {}

    def _between(self, low: int, folder: FolderSnapshot) -> dict[int, int]:
        if low >= folder.uid_next:
            return {}
        sizes = self._gateway.sizes(f"{low}:{folder.uid_next - 1}")
        # Mails that came since then belong to the next round.
        return {uid: size for uid, size in sizes.items() if low <= uid < folder.uid_next}

    def _bring(self, folder: FolderSnapshot, uids: list[int], sizes: Mapping[int, int]) -> int:
        """Deliver these mails; how many of them are in the books now, stored or passed over."""
        try:
            fetched = self._fetch(uids, sizes)
        except Unreachable as error:
            self._repair(folder, error)
            return sum(self._bring_alone(folder, uid, sizes) for uid in uids)
        batch = self._batch(folder, uids, sizes, fetched)
        self._deliver(batch)
        return len(batch.mails) + len(batch.skipped)

    def _bring_alone(self, folder: FolderSnapshot, uid: int, sizes: Mapping[int, int]) -> int:
        for _ in range(2):
            try:
                batch = self._batch(folder, [uid], sizes, self._fetch([uid], sizes))
            except Unreachable as error:
                self._repair(folder, error)
            else:
                self._deliver(batch)
                return len(batch.mails) + len(batch.skipped)
        self._deliver(Batch(folder=folder, skipped=(SkippedMail(uid=uid, reason=FALLS_OVER),)))
        return 1

    def _repair(self, folder: FolderSnapshot, error: Unreachable) -> None:
        """Go on with a new connection; the error stands if the old one did not break at all."""
        if self._stop.is_set() or self._gateway.is_alive():
            raise error
        self._gateway = self._repairs.repaired(error)
        if self._gateway.select(folder.name).uid_validity != folder.uid_validity:
            raise error

    def _batch(
        self,
        folder: FolderSnapshot,
        uids: list[int],
        sizes: Mapping[int, int],
        fetched: Mapping[int, Fetched],
    ) -> Batch:
        absent = [uid for uid in uids if uid not in fetched]
        skipped = tuple(
            SkippedMail(uid=uid, reason=NOT_HANDED_OUT)
            for uid in (sorted(self._gateway.still_there(absent)) if absent else ())
        )
        mails = tuple(
            _mail(fetched[uid], sizes[uid], large=self._large) for uid in uids if uid in fetched
        )
        return Batch(folder=folder, mails=mails, skipped=skipped)

    def _fetch(self, uids: list[int], sizes: Mapping[int, int]) -> dict[int, Fetched]:
        is_large = len(uids) == 1 and sizes[uids[0]] > self._large
        raw = without_files(self._gateway, uids[0]) if is_large else None
        first = 1 if raw is not None else START if is_large else None
        found = self._gateway.bodies(uids, first=first)
        if raw is not None:  # that answer brought the time of arrival alone
            found = [replace(one, raw=raw) for one in found]
        return {one.uid: one for one in found if one.raw is not None}


def _goes_on(folder: FolderSnapshot, cursor: FolderCursor) -> bool:
    """Whether the server counts on from where we were; one that goes backwards is not believed."""
    return (
        cursor.uid_validity == folder.uid_validity
        and cursor.uid_next <= folder.uid_next
        and not 0 < folder.modseq < cursor.modseq
    )


def _windows(uids: list[int], sizes: Mapping[int, int], *, large: int) -> Iterator[list[int]]:
    """The UIDs in batches of bounded count and bytes; what is large stands alone."""
    window: list[int] = []
    size = 0
    for uid in uids:
        full = len(window) >= BATCH_MAILS or size + sizes[uid] > BATCH_BYTES
        if window and (full or sizes[uid] > large):
            yield window
            window, size = [], 0
        window.append(uid)
        size += BATCH_BYTES if sizes[uid] > large else sizes[uid]
    if window:
        yield window


def _mail(one: Fetched, size: int, *, large: int) -> FetchedMail:
    raw = one.raw or b""
    return FetchedMail(
        uid=one.uid,
        raw=raw,
        received_at=one.received_at,
        size=max(size, len(raw)),
        complete=size <= large,
        gmail=one.gmail,
    )
