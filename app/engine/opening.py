"""Opening: the verbs that look into the bytes of a message: its safe HTML, its attachments.

What was left on the server because it is large is fetched from there when somebody asks for it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from app.domain.changes import Changes
from app.domain.errors import NotFound
from app.domain.translation import tr
from app.engine.desk import Verb
from app.engine.ports import Connections, RemoteMail
from app.engine.saving import asked_path, save
from app.mail import parse
from app.mail.safe_html import safe_html
from app.storage import accounts, folders, issues, messages
from app.storage.connection import Connection
from app.storage.packed import pack
from app.storage.writer import Writer


class Opening:
    """Reads what a message carries beside its text."""

    def __init__(
        self,
        *,
        writer: Writer,
        connections: Connections,
        publish: Callable[[Changes], None],
    ) -> None:
        self._writer = writer
        self._connections = connections
        self._publish = publish

    def verbs(self) -> dict[str, Verb]:
        """The verbs by the names that desks use."""
        return {
            "html": self.html,
            "save_attachment": self.save_attachment,
            "download": self.download,
            "raw": self.raw,
        }

    def html(self, message: int) -> dict[str, Any]:
        """The formatted body, made harmless: no script, no remote picture, capped in size."""
        return {"html": safe_html(self._raw(message))}

    def save_attachment(self, message: int, part: int, path: str) -> dict[str, Any]:
        """Write an attachment to the file that the owner chose; never opens it.

        One that is still on the server is fetched from there. Raises NotFound when it is gone.
        """
        target = asked_path(path)
        stored = self._writer.do(lambda db: messages.get(db, message))
        section = next((one.section for one in stored.attachments if one.part == part), "")
        raw = self._raw(message)
        if section:
            data = self._from_server(message, lambda door, place: door.section(section, **place))
            content = parse.decoded(raw, part, data)
        else:
            content = parse.attachment(raw, part)
        if content is None:
            raise NotFound(tr("That attachment is not in the mail"))
        save(target, content)
        return {"path": str(target)}

    def download(self, message: int) -> dict[str, Any]:
        """Fetch what is missing of a large mail and keep it. Raises NotFound when it is gone."""
        if self._writer.do(lambda db: messages.get(db, message)).complete:
            return {"changes": Changes().as_dict()}
        raw = self._from_server(message, lambda door, place: door.whole(**place))
        read, packed = parse.read(raw), pack(raw)

        def write(db: Connection) -> Changes:
            messages.complete(db, message, read, packed=packed)
            issue = issues.get(db, messages.get(db, message).issue_id)
            return Changes.of_issues((issue.key,))

        changes = self._writer.do(write)
        self._publish(changes)
        return {"changes": changes.as_dict()}

    def raw(self, message: int, path: str) -> dict[str, Any]:
        """Write the mail as it came to a file; what is missing of it is fetched first."""
        target = asked_path(path)
        self.download(message)
        save(target, self._raw(message))
        return {"path": str(target)}

    def _from_server(
        self, message: int, fetch: Callable[[RemoteMail, dict[str, Any]], bytes]
    ) -> bytes:
        """What the server has of a mail, from the first place where it still lies."""
        places = self._writer.do(lambda db: folders.places(db, message))
        gone = NotFound(
            tr("The mail server no longer has this mail"),
            tr("It was deleted or moved there before its attachments were downloaded."),
            tr("Look for it in your mail program, or ask the sender to send the file again."),
        )
        for place in places:
            account = self._writer.do(partial(accounts.get, account_id=place.account_id))
            door = self._connections.remote_mail(account)
            if door is None:
                continue
            try:
                return fetch(
                    door,
                    {
                        "folder": place.folder,
                        "uid_validity": place.uid_validity,
                        "uid": place.uid,
                    },
                )
            except NotFound as error:
                gone = error
            finally:
                door.close()
        raise gone

    def _raw(self, message: int) -> bytes:
        return self._writer.do(lambda db: messages.raw(db, message))
