"""Remote mail: parts of a mail that were left on its server, fetched when somebody wants them.

A connection of its own, so that a large file stands in nobody's way; asked by `engine/opening`.
"""

from __future__ import annotations

from app.domain.account import Account
from app.domain.errors import NotFound
from app.domain.translation import tr
from app.mail.bearer import Secret
from app.mail.gateway import Gateway
from app.mail.imap_server import ImapServer


class RemoteMail:
    """The mails of an IMAP account by their place: folder, UIDVALIDITY and UID."""

    def __init__(self, account: Account, secret: Secret) -> None:
        """Signs in. Raises the KnownError family."""
        self._gateway = Gateway(ImapServer.of(account))
        try:
            self._gateway.sign_in(secret)
        except BaseException:
            self._gateway.close()
            raise

    def section(self, section: str, *, folder: str, uid_validity: int, uid: int) -> bytes:
        """A part as it lies on the server, its transfer encoding on it; reads and marks nothing.

        Raises NotFound when the server does not have it any more.
        """
        self._look_into(folder, uid_validity)
        found = self._gateway.sections(uid, {section: 0}).get(section.upper())
        if found is None:
            raise _gone()
        return found

    def whole(self, *, folder: str, uid_validity: int, uid: int) -> bytes:
        """The whole mail. Raises NotFound when the server does not have it any more."""
        self._look_into(folder, uid_validity)
        raw = next((one.raw for one in self._gateway.bodies([uid])), None)
        if raw is None:
            raise _gone()
        return raw

    def close(self) -> None:
        """Hang up."""
        self._gateway.close()

    def _look_into(self, folder: str, uid_validity: int) -> None:
        # Under another validity the number names another mail (RFC 3501 2.3.1.1).
        if self._gateway.select(folder).uid_validity != uid_validity:
            raise _gone()


def _gone() -> NotFound:
    return NotFound(
        tr("The mail server no longer has this mail"),
        tr("It was deleted or moved there before its attachments were downloaded."),
        tr("Look for it in your mail program, or ask the sender to send the file again."),
    )
