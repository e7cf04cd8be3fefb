"""IMAP: a mailbox as a source of mails. One thread of the poller walks it, round after round.

Between two rounds the connection waits in the INBOX for the server to tell of news (`push`).

A round asks each folder what it holds, subtracts what is stored, and brings the rest, newest
first, in batches that are each one transaction. State is the UIDs alone: no dates, no flags
(RFC 3501 2.3.1.1). A round that breaks off is taken up where it ended, whatever the cursor says.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from app.domain.account import Account
from app.domain.errors import KnownError
from app.domain.mailbox import FolderMemory, FolderSnapshot
from app.mail.bearer import Secret
from app.mail.bell import Bell
from app.mail.folder_walk import LARGE, Deliver, FolderWalk, Repairs
from app.mail.gateway import Gateway
from app.mail.imap_server import ImapServer
from app.mail.push import NoPush, Rhythm


class ImapSource:
    """The mails of an IMAP account. The connection is kept from one round to the next."""

    def __init__(
        self,
        account: Account,
        secret: Secret,
        *,
        rhythm: Rhythm | None = None,
        large: Callable[[], int] = lambda: LARGE,
    ) -> None:
        """`large`: of mails with more bytes than this the attachments stay on the server."""
        self._large = large
        self._server = ImapServer.of(account)
        self._secret = secret
        self._gateway: Gateway | None = None
        self._seen: dict[str, FolderSnapshot] = {}
        self._bell = Bell()
        self._rhythm = rhythm or Rhythm()
        self._keeps_word = True

    def round(self, memory: FolderMemory, deliver: Deliver, stop: threading.Event) -> None:
        """Bring what is new or gone in every folder since `memory`, newest first.

        Raises the KnownError family; what was delivered before stays good.
        """
        self._bell.heard()  # whoever rang wanted this round
        try:
            repairs = Repairs(self._anew)
            for folder in self._server.folders:
                if stop.is_set():
                    return
                walk = FolderWalk(
                    self._signed_in(),
                    memory,
                    deliver,
                    stop,
                    repairs=repairs,
                    large=self._large(),
                )
                self._seen[folder] = walk.through(folder)
        except BaseException:
            self.close()
            raise

    def wait_for_news(self, *, pause: float, safety: float) -> None:
        """Return when a round is worth it, or when somebody interrupts.

        That is when the server tells of news, and after `safety` seconds in any case; after
        `pause` seconds where it cannot tell, or not of every folder that is watched. Raises
        Unreachable when the connection is gone; the next round makes a new one.
        """
        inbox = next((one for one in self._server.folders if one.upper() == "INBOX"), "")
        seen = self._seen.get(inbox or self._server.folders[0])
        try:
            if self._gateway is None or seen is None or not self._can_push(self._gateway):
                self._bell.wait(pause)
                return
            self._gateway.wait_for_news(
                seen,
                seconds=safety if len(self._server.folders) == 1 else min(pause, safety),
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
        return self._anew()

    def _anew(self) -> Gateway:
        self.close()
        self._gateway = Gateway(self._server)
        self._gateway.sign_in(self._secret)
        return self._gateway


def _mails(count: int) -> str:
    return "1 mail" if count == 1 else f"{count:,} mails"
