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
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.account import Account
from app.domain.errors import Busy, FolderUnread, KnownError, NotFound, Unreachable
from app.domain.mailbox import (
    Batch,
    FolderCursor,
    FolderMemory,
    FolderRole,
    FolderSnapshot,
    WatchedFolder,
)
from app.domain.translation import tr, trn
from app.mail import archived
from app.mail.bearer import Secret
from app.mail.bell import Bell
from app.mail.failures import SaidNo
from app.mail.folder_walk import LARGE, Deliver, FolderWalk, Repairs
from app.mail.gateway import Gateway
from app.mail.imap_server import ImapServer
from app.mail.limits import USUAL, Limits
from app.mail.push import NoPush, Rhythm
from app.mail.special_folders import Choice, chosen
from app.mail.unread_folders import Refusal, UnreadFolders

_LIST_AGAIN = _COMPARE_AGAIN = 600.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """What one round has at hand."""

    memory: FolderMemory
    deliver: Deliver
    stop: threading.Event
    repairs: Repairs
    glances: Mapping[str, FolderSnapshot]


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
        self._busy: dict[str, Refusal] = {}
        self._bell = Bell()
        self._rhythm = rhythm or Rhythm()
        self._keeps_word = True

    def round(self, memory: FolderMemory, deliver: Deliver, stop: threading.Event) -> None:
        """Bring what is new or gone in every folder since `memory`, newest first.

        Raises the KnownError family; what was delivered before stays good. FolderUnread for one
        that the server does not open, or that the owner named and it does not have, once all others
        are read: then the connection is kept, and news are waited for as ever. The INBOX is none
        of those: an account of which it is closed fails.
        """
        self._bell.heard()  # whoever rang wanted this round
        try:
            self._walk(memory, deliver, stop)
        except FolderUnread:
            raise
        except BaseException:
            self.close()
            raise

    def _walk(self, memory: FolderMemory, deliver: Deliver, stop: threading.Event) -> None:
        began, unread = time.monotonic(), UnreadFolders(self._busy)
        look = _Look(
            memory=memory,
            deliver=deliver,
            stop=stop,
            repairs=Repairs(self._anew),
            glances=self._glances(),
        )
        choice = self._chosen(self._gateway or self._anew())
        steps = self._itinerary(choice, memory)
        while not stop.is_set() and (step := next(steps, None)) is not None:
            folder, most = step
            if unread.is_left_alone(folder.name):
                continue
            try:
                self._through(folder, most, look)
            except NotFound as error:
                if self._listed_since(began):
                    unread.refused(folder.name, error)
                    continue
                self._listed_at = None  # it was renamed since the list was made, or is gone
                choice = self._chosen(self._gateway or self._anew())
                steps = self._itinerary(choice, memory, but=unread.read)
            except (SaidNo, Busy) as error:
                self._raise_if_gone(error)
                unread.refused(folder.name, error)
            else:
                if most is None:  # else its newest only, and its other turn comes
                    unread.read.add(folder.name)
        if stop.is_set():
            return
        self._close_books(choice, look)
        self._look_for_archived(choice, look, unread)
        if choice.missing:
            unread.missing(self._signed_in().no_folder(choice.missing[0]))
        unread.tell(_inbox(choice))

    def _through(self, folder: WatchedFolder, most: int | None, look: _Look) -> None:
        """One folder, if it is not as it was."""
        memory, name = look.memory, folder.name
        if (same := self._unchanged(folder, look.glances, memory)) is not None:
            look.deliver(Batch(folder=same, complete=True))
            return
        self._compared_at.pop(name, None)
        self._seen.pop(name, None)
        # A walk may have made another connection; asking each time whether it lives costs time.
        gateway = self._gateway or self._anew()
        walk = FolderWalk(
            gateway,
            memory,
            look.deliver,
            look.stop,
            repairs=look.repairs,
            turns=self._turns,
            large=self._large(),
        )
        try:
            self._seen[name] = seen = walk.through(folder, most=most)
        except KnownError:
            self._leave()
            raise
        self._compared_at[name] = time.monotonic()
        if look.stop.is_set() or memory.count(seen.name, seen.uid_validity) != seen.exists:
            self._leave()

    def _close_books(self, choice: Choice, look: _Look) -> None:
        """Of folders that are read no more."""
        names = {folder.name for folder in choice.folders}
        for name in look.memory.folders() - names - set(choice.missing):
            look.deliver(Batch(folder=_nothing(name), over=True))

    def _look_for_archived(self, choice: Choice, look: _Look, unread: UnreadFolders) -> None:
        gateway = self._gateway or self._anew()
        if not choice.all_mail or not gateway.is_gmail:
            return
        if unread.is_left_alone(choice.all_mail):
            return
        try:
            archived.look(gateway, look.memory, look.deliver, all_mail=choice.all_mail)
        except (SaidNo, NotFound, Busy) as error:
            self._raise_if_gone(error)
            unread.refused(choice.all_mail, error)

    def _raise_if_gone(self, error: KnownError) -> None:
        """What keeps one folder closed is no reason to leave the others; a lost connection is."""
        if self._gateway is None or not self._gateway.is_alive():
            raise error

    def _itinerary(
        self, choice: Choice, memory: FolderMemory, *, but: Collection[str] = ()
    ) -> Iterator[tuple[WatchedFolder, int | None]]:
        first = self._limits.first_of_sent
        steps = _itinerary(choice.folders, memory, first_of_sent=first)
        return (step for step in steps if step[0].name not in but)

    def _listed_since(self, instant: float) -> bool:
        return self._listed_at is not None and self._listed_at >= instant

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
        folders, inbox = self._choice.folders, _inbox(self._choice)
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
            tr(
                "{name} holds {exists}",
                name=one.name,
                exists=trn("{n} mail", "{n} mails", one.exists),
            )
            for one in found
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
        try:
            self._gateway.sign_in(self._secret)
        except BaseException:
            self.close()
            raise
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


def _inbox(choice: Choice) -> str:
    """The INBOX, if it is read."""
    return next((one.name for one in choice.folders if one.role is FolderRole.INBOX), "")


def _nothing(name: str) -> FolderSnapshot:
    return FolderSnapshot(name=name, uid_validity=0, uid_next=0, exists=0)
