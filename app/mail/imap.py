"""IMAP: a mailbox as a source of mails. One thread of the poller walks it, round after round.

A round asks each folder what it holds, subtracts what is stored, and brings the rest, newest
first, in batches that are each one transaction. State is the UIDs alone: no dates, no flags
(RFC 3501 2.3.1.1). A round that breaks off is taken up where it ended, whatever the cursor says.
"""

from __future__ import annotations

import threading

from app.domain.account import Account
from app.domain.errors import KnownError
from app.domain.mailbox import FolderMemory
from app.mail.bearer import Secret
from app.mail.folder_walk import Deliver, FolderWalk, Repairs
from app.mail.gateway import Gateway
from app.mail.imap_server import ImapServer


class ImapSource:
    """The mails of an IMAP account. The connection is kept from one round to the next."""

    def __init__(self, account: Account, secret: Secret) -> None:
        self._server = ImapServer.of(account)
        self._secret = secret
        self._gateway: Gateway | None = None

    def round(self, memory: FolderMemory, deliver: Deliver, stop: threading.Event) -> None:
        """Bring what is new or gone in every folder since `memory`, newest first.

        Raises the KnownError family; what was delivered before stays good.
        """
        try:
            repairs = Repairs(self._anew)
            for folder in self._server.folders:
                if stop.is_set():
                    return
                walk = FolderWalk(self._signed_in(), memory, deliver, stop, repairs=repairs)
                walk.through(folder)
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
        return self._anew()

    def _anew(self) -> Gateway:
        self.close()
        self._gateway = Gateway(self._server)
        self._gateway.sign_in(self._secret)
        return self._gateway


def _mails(count: int) -> str:
    return "1 mail" if count == 1 else f"{count:,} mails"
