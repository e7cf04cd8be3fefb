"""IMAP: a mailbox as a source of mails. One thread of the poller walks it, round after round.

Between two rounds the connection waits in the INBOX for the server to tell of news (`push`).

A round asks each folder what it holds, subtracts what is stored, and brings the rest, newest
first, in batches that are each one transaction. State is the UIDs alone: no dates, no flags
(RFC 3501 2.3.1.1). A round that breaks off is taken up where it ended, whatever the cursor says.
What we sent is read before what came in, so that nothing rings that was answered elsewhere; of a
long past in Sent only the newest part, and the rest once the INBOX is read.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from app.domain.account import Account
from app.domain.errors import KnownError, Unreachable
from app.domain.mailbox import (
    Batch,
    FolderCursor,
    FolderMemory,
    FolderRole,
    FolderSnapshot,
    WatchedFolder,
)
from app.domain.translation import tr
from app.mail import archived
from app.mail.bearer import Secret
from app.mail.bell import Bell
from app.mail.folder_walk import LARGE, Deliver, FolderWalk, Repairs
from app.mail.gateway import Gateway
from app.mail.imap_server import ImapServer
from app.mail.limits import USUAL, Limits
from app.mail.push import NoPush, Rhythm
from app.mail.special_folders import Choice, chosen

_LIST_AGAIN = _COMPARE_AGAIN = 600.0  # seconds


class ImapSource:
    """The mails of an IMAP account. The connection is kept from one round to the next."""

    def __init__(
        self,
        account: Account,
        secret: Secret,
        *,
        rhythm: Rhythm | None = None,
        large: Callable[[], int] = lambda: LARGE,
        limits: Limits = USUAL,
    ) -> None:
        """`large`: of mails with more bytes than this the attachments stay on the server."""
        self._limits = limits
        self._large = large
        self._server = ImapServer.of(account)
        self._secret = secret
        self._gateway: Gateway | None = None
        self._seen: dict[str, FolderSnapshot] = {}
        self._choice = Choice(folders=())
        self._listed_at: float | None = None
        self._compared_at: dict[str, float] = {}
        self._turns: dict[str, int] = {}
        self._bell = Bell()
        self._rhythm = rhythm or Rhythm()
        self._keeps_word = True

    def round(self, memory: FolderMemory, deliver: Deliver, stop: threading.Event) -> None:
        """Bring what is new or gone in every folder since `memory`, newest first.

        Raises the KnownError family; what was delivered before stays good. NotFound for a folder
        that the owner named and the server does not have, once all others are read.
        """
        self._bell.heard()  # whoever rang wanted this round
        try:
            self._walk(memory, deliver, stop)
        except BaseException:
            self.close()
            raise

    def _walk(self, memory: FolderMemory, deliver: Deliver, stop: threading.Event) -> None:
        repairs = Repairs(self._anew)
        glances = self._glances()
        choice = self._chosen(self._gateway or self._anew())
        first = self._limits.first_of_sent
        for folder, most in _itinerary(choice.folders, memory, first_of_sent=first):
            if stop.is_set():
                return
            if (same := self._unchanged(folder, glances, memory)) is not None:
                deliver(Batch(folder=same, complete=True))
                continue
            # A walk may have made another connection; asking each time whether it lives costs time.
            gateway = self._gateway or self._anew()
            walk = FolderWalk(
                gateway,
                memory,
                deliver,
                stop,
                repairs=repairs,
                turns=self._turns,
                large=self._large(),
            )
            self._seen[folder.name] = seen = walk.through(folder, most=most)
            self._compared_at[folder.name] = time.monotonic()
            if stop.is_set() or memory.count(seen.name, seen.uid_validity) != seen.exists:
                self._leave()
        names = {folder.name for folder in choice.folders}
        for name in memory.folders() - names - set(choice.missing):
            deliver(Batch(folder=_nothing(name), over=True))
        gateway = self._gateway or self._anew()
        if choice.all_mail and gateway.is_gmail and not stop.is_set():
            archived.look(gateway, memory, deliver, all_mail=choice.all_mail)
        if choice.missing:
            raise self._signed_in().no_folder(choice.missing[0])

    def _leave(self) -> None:
        """What is not in the books as it was told is asked for again."""
        if self._gateway is not None:
            self._gateway.leave()

    def _glances(self) -> dict[str, FolderSnapshot]:
        """How the folders stand on a connection that was kept; nothing where there is none."""
        if self._gateway is None:
            return {}
        try:
            return self._gateway.glance([folder.name for folder in self._choice.folders])
        except Unreachable:  # it died between two rounds, and nobody lost anything by it
            self._anew()
            return {}

    def _unchanged(
        self, folder: WatchedFolder, glances: Mapping[str, FolderSnapshot], memory: FolderMemory
    ) -> FolderSnapshot | None:
        """The folder, if it stands as it was last compared and all of that is in the books.

        Every ten minutes it is opened in any case, for servers that count wrong.
        """
        now, found = glances.get(folder.name), memory.cursor(folder.name)
        compared_at = self._compared_at.get(folder.name)
        if now is None or compared_at is None or time.monotonic() - compared_at > _COMPARE_AGAIN:
            return None
        is_same = found == FolderCursor(
            uid_validity=now.uid_validity, uid_next=now.uid_next, modseq=now.modseq
        )
        if not is_same or memory.count(folder.name, now.uid_validity) != now.exists:
            return None
        if memory.wanted_flags(folder.name, now.uid_validity):
            return None
        return replace(now, role=folder.role)

    def _chosen(self, gateway: Gateway) -> Choice:
        """The folders that are read; the server is asked which there are every ten minutes."""
        now = time.monotonic()
        if self._listed_at is None or now - self._listed_at > _LIST_AGAIN:
            self._choice = chosen(gateway.listed(), self._server.folders)
            self._listed_at = now
        return self._choice

    def wait_for_news(self, *, pause: float, safety: float) -> None:
        """Return when a round is worth it, or when somebody interrupts.

        That is when the server tells of news, and after `safety` seconds in any case; after
        `pause` seconds where it cannot tell, or not of every folder that is watched. Raises
        Unreachable when the connection is gone; the next round makes a new one.
        """
        folders = self._choice.folders
        inbox = next((one.name for one in folders if one.role is FolderRole.INBOX), "")
        seen = self._seen.get(inbox or next((one.name for one in folders), ""))
        try:
            if self._gateway is None or seen is None or not self._can_push(self._gateway):
                self._bell.wait(pause)
                return
            self._gateway.wait_for_news(
                seen,
                seconds=safety if len(folders) == 1 else min(pause, safety),
                rhythm=self._rhythm,
                bell=self._bell,
            )
        except NoPush:
            self._keeps_word = False
        except BaseException:
            self.close()
            raise

    def interrupt(self) -> None:
        """End the waiting, from any thread."""
        self._bell.ring()

    def drop(self) -> None:
        """Break the connection off without a word, from any thread; the next round makes one."""
        if (gateway := self._gateway) is not None:
            gateway.drop()
        self._bell.ring()

    def _can_push(self, gateway: Gateway) -> bool:
        return self._keeps_word and gateway.can_push

    def check(self) -> str:
        """Sign in and look into every folder; a sentence that says what was found."""
        try:
            gateway = self._signed_in()
            choice = self._chosen(gateway)
            if choice.missing:
                raise gateway.no_folder(choice.missing[0])
            found = [gateway.select(folder.name) for folder in choice.folders]
        except KnownError:
            self.close()
            raise
        found.sort(key=lambda one: one.name.upper() != "INBOX")
        counts = ", ".join(
            tr("{name} holds {exists}", name=one.name, exists=_mails(one.exists)) for one in found
        )
        return tr(
            "Signed in to {host} as {user}. {counts}.",
            host=self._server.host,
            user=self._server.user,
            counts=counts,
        )

    def close(self) -> None:
        """Hang up."""
        if self._gateway is not None:
            self._gateway.close()
            self._gateway = None

    def _signed_in(self) -> Gateway:
        if self._gateway is not None and self._gateway.is_alive():
            return self._gateway
        return self._anew()

    def _anew(self) -> Gateway:
        self.close()
        self._listed_at = None
        self._gateway = Gateway(self._server, limits=self._limits)
        self._gateway.sign_in(self._secret)
        return self._gateway


def _itinerary(
    folders: Sequence[WatchedFolder], memory: FolderMemory, *, first_of_sent: int
) -> Iterator[tuple[WatchedFolder, int | None]]:
    """The folders in their order; a sent folder that was never read to its end comes twice."""
    later = []
    for folder in folders:
        if folder.role is FolderRole.SENT and memory.cursor(folder.name) is None:
            later.append(folder)
            yield folder, first_of_sent
        elif folder.role is FolderRole.JUNK:
            later.append(folder)
        else:
            yield folder, None
    for folder in later:
        if folder.role is FolderRole.JUNK or memory.cursor(folder.name) is None:
            yield folder, None


def _nothing(name: str) -> FolderSnapshot:
    return FolderSnapshot(name=name, uid_validity=0, uid_next=0, exists=0)


def _mails(count: int) -> str:
    return "1 mail" if count == 1 else tr("{count} mails", count=f"{count:,}")
