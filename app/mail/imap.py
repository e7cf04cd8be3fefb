"""IMAP: a mailbox as a source of mails. One thread of the poller walks it, round after round.

A round asks each folder what it holds, subtracts what is stored, and brings the rest, newest
first, in batches that are each one transaction. State is the UIDs alone: no dates, no flags
(RFC 3501 2.3.1.1). A round that breaks off is taken up where it ended, whatever the cursor says.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

from app.domain.account import Account
from app.domain.errors import KnownError
from app.domain.mailbox import Batch, FetchedMail, FolderMemory, FolderSnapshot, SkippedMail
from app.mail.fetching import Fetched
from app.mail.gateway import Gateway
from app.mail.imap_server import ImapServer

BATCH_MAILS = 200
BATCH_BYTES = 2 * 1024 * 1024
LARGE = 25 * 1024 * 1024
START = 1024 * 1024  # of a large mail: its headers, its text, rarely more

Deliver = Callable[[Batch], None]

_NOT_HANDED_OUT = "The server lists this mail but does not hand it out."


class ImapSource:
    """The mails of an IMAP account. The connection is kept from one round to the next."""

    def __init__(self, account: Account, secret: str) -> None:
        self._server = ImapServer.of(account)
        self._secret = secret
        self._gateway: Gateway | None = None

    def round(self, memory: FolderMemory, deliver: Deliver, stop: threading.Event) -> None:
        """Bring what is new or gone in every folder since `memory`, newest first.

        Raises the KnownError family; what was delivered before stays good.
        """
        try:
            gateway = self._signed_in()
            for folder in self._server.folders:
                if stop.is_set():
                    return
                _Round(gateway, memory, deliver, stop).walk(folder)
        except BaseException:
            self.close()
            raise

    def check(self) -> str:
        """Sign in and look into every folder; a sentence that says what was found."""
        try:
            gateway = self._signed_in()
            found = [gateway.select(folder) for folder in self._server.folders]
        except KnownError:
            self.close()
            raise
        counts = ", ".join(f"{one.name} holds {_mails(one.exists)}" for one in found)
        return f"Signed in to {self._server.host} as {self._server.user}. {counts}."

    def close(self) -> None:
        """Hang up."""
        if self._gateway is not None:
            self._gateway.close()
            self._gateway = None

    def _signed_in(self) -> Gateway:
        if self._gateway is not None and self._gateway.is_alive():
            return self._gateway
        self.close()
        self._gateway = Gateway(self._server)
        self._gateway.sign_in(self._secret)
        return self._gateway


class _Round:
    """One folder, once."""

    def __init__(
        self, gateway: Gateway, memory: FolderMemory, deliver: Deliver, stop: threading.Event
    ) -> None:
        self._gateway = gateway
        self._memory = memory
        self._deliver = deliver
        self._stop = stop

    def walk(self, name: str) -> None:
        """Deliver all that is on the server and not stored; then the cursor may move."""
        folder = self._gateway.select(name)
        known = self._memory.known_uids(name, folder.uid_validity)
        listed = self._listed(folder, known)
        gone = tuple(sorted(known - listed.keys()))
        missing = sorted(listed.keys() - known, reverse=True)
        vanished = 0
        for uids in _windows(missing, listed):
            if self._stop.is_set():
                return
            batch = self._batch(folder, uids, listed)
            vanished += len(uids) - len(batch.mails) - len(batch.skipped)
            self._deliver(batch)
        settled = replace(folder, exists=len(listed) - vanished)
        self._deliver(Batch(folder=settled, gone=gone, complete=True))

    def _listed(self, folder: FolderSnapshot, known: frozenset[int]) -> dict[int, int]:
        """What the folder held when it was opened: UID -> size (0 for what is known)."""
        cursor = self._memory.cursor(folder.name)
        if (
            cursor is not None
            and cursor.uid_validity == folder.uid_validity
            and cursor.uid_next <= folder.uid_next
        ):
            fresh = self._between(cursor.uid_next, folder)
            if len(known | fresh.keys()) == folder.exists:
                return {**dict.fromkeys(known, 0), **fresh}
        return self._between(1, folder) if folder.exists else {}

    def _between(self, low: int, folder: FolderSnapshot) -> dict[int, int]:
        if low >= folder.uid_next:
            return {}
        sizes = self._gateway.sizes(f"{low}:{folder.uid_next - 1}")
        # Mails that came since then belong to the next round, and servers that are asked for
        # an empty range tell of the last mail below it.
        return {uid: size for uid, size in sizes.items() if low <= uid < folder.uid_next}

    def _batch(self, folder: FolderSnapshot, uids: list[int], sizes: dict[int, int]) -> Batch:
        fetched = {one.uid: one for one in self._fetch(uids, sizes)}
        mails = tuple(
            _mail(fetched[uid], sizes[uid]) for uid in uids if _has_bytes(fetched.get(uid))
        )
        absent = [uid for uid in uids if not _has_bytes(fetched.get(uid))]
        skipped = tuple(
            SkippedMail(uid=uid, reason=_NOT_HANDED_OUT)
            for uid in (sorted(self._gateway.still_there(absent)) if absent else ())
        )
        return Batch(folder=folder, mails=mails, skipped=skipped)

    def _fetch(self, uids: list[int], sizes: dict[int, int]) -> list[Fetched]:
        if len(uids) == 1 and sizes[uids[0]] > LARGE:
            return self._gateway.bodies(uids, first=START)
        return self._gateway.bodies(uids)


def _windows(uids: list[int], sizes: dict[int, int]) -> Iterator[list[int]]:
    """The UIDs in batches of bounded count and bytes; what is large stands alone."""
    window: list[int] = []
    size = 0
    for uid in uids:
        if window and (len(window) >= BATCH_MAILS or size + sizes[uid] > BATCH_BYTES):
            yield window
            window, size = [], 0
        window.append(uid)
        size += sizes[uid]
    if window:
        yield window


def _has_bytes(one: Fetched | None) -> bool:
    return one is not None and one.raw is not None


def _mail(one: Fetched, size: int) -> FetchedMail:
    raw = one.raw or b""
    return FetchedMail(
        uid=one.uid,
        raw=raw,
        received_at=one.received_at,
        size=max(size, len(raw)),
        complete=size <= LARGE,
    )


def _mails(count: int) -> str:
    return "1 mail" if count == 1 else f"{count:,} mails"
