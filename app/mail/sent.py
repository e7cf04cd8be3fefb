"""Sent: copies of what was sent, filed where the owner's other mail programs see them.

Last step of a reply's walk. What a provider files by itself is not filed twice: it is looked for
first, by its Message-ID.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from app.domain.account import Account
from app.domain.errors import KnownError
from app.mail import parse
from app.mail.bearer import Secret
from app.mail.gateway import Gateway
from app.mail.imap_server import ImapServer
from app.mail.providers import preset_of_host

_NEW = "Sent"

T = TypeVar("T")


class SentFolder:
    """The Sent folder of an IMAP account."""

    def __init__(self, account: Account, secret: Secret) -> None:
        self._server = ImapServer.of(account)
        self._secret = secret
        self._named = account.settings.get("sent_folder", "")
        self._gateway: Gateway | None = None

    @property
    def files_itself(self) -> bool:
        """Whether the provider files a copy of what goes through its server."""
        known = preset_of_host(self._server.host)
        return known is not None and known.files_sent

    def holds(self, message_id: str) -> bool:
        """Whether a mail with this Message-ID lies among the sent ones. Raises KnownError."""
        return self._tried(lambda gateway: self._holds(gateway, message_id))

    def file(self, mime: bytes, at: datetime) -> None:
        """File a copy, unless it is there already or the provider does it. Raises KnownError."""
        message_id = parse.read(mime).message_id
        self._tried(lambda gateway: self._file(gateway, mime, at, message_id))

    def close(self) -> None:
        """Hang up."""
        if self._gateway is not None:
            self._gateway.close()
            self._gateway = None

    def _tried(self, step: Callable[[Gateway], T]) -> T:
        try:
            return step(self._signed_in())
        except KnownError:
            self.close()
            raise

    def _signed_in(self) -> Gateway:
        if self._gateway is not None and self._gateway.is_alive():
            return self._gateway
        self.close()
        self._gateway = Gateway(self._server)
        self._gateway.sign_in(self._secret)
        return self._gateway

    def _holds(self, gateway: Gateway, message_id: str) -> bool:
        folder = self._named or gateway.special_folder("sent")
        return bool(folder) and gateway.search_message_id(folder, message_id)

    def _file(self, gateway: Gateway, mime: bytes, at: datetime, message_id: str) -> None:
        if self.files_itself or self._holds(gateway, message_id):
            return
        folder = self._named or gateway.special_folder("sent")
        if not folder:
            gateway.create_folder(_NEW)
            folder = _NEW
        gateway.append(folder, mime, at)
