"""Opening: the verbs that look into the bytes of a message: its safe HTML, its attachments."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.domain.errors import KnownError, NotFound, Refused
from app.engine.desk import Verb
from app.mail import parse
from app.mail.safe_html import safe_html
from app.storage import messages
from app.storage.writer import Writer


class Opening:
    """Reads what a message carries beside its text."""

    def __init__(self, *, writer: Writer) -> None:
        self._writer = writer

    def verbs(self) -> dict[str, Verb]:
        """The verbs by the names that desks use."""
        return {"html": self.html, "save_attachment": self.save_attachment, "raw": self.raw}

    def html(self, message: int) -> dict[str, Any]:
        """The formatted body, made harmless: no script, no remote picture, capped in size."""
        return {"html": safe_html(self._raw(message))}

    def save_attachment(self, message: int, part: int, path: str) -> dict[str, Any]:
        """Write an attachment to the file that the owner chose; never opens it."""
        content = parse.attachment(self._raw(message), part)
        if content is None:
            raise NotFound("That attachment is not in the mail")
        return _written(Path(path), content)

    def raw(self, message: int, path: str) -> dict[str, Any]:
        """Write the mail as it came to a file."""
        return _written(Path(path), self._raw(message))

    def _raw(self, message: int) -> bytes:
        return self._writer.do(lambda db: messages.raw(db, message))


def _written(path: Path, content: bytes) -> dict[str, Any]:
    if not path.is_absolute():
        raise Refused("Where to save it?", "The file needs a whole path")
    try:
        path.write_bytes(content)
    except OSError as error:
        raise KnownError(
            f"{path.name} cannot be written",
            error.strerror or "",
            "Choose another folder",
        ) from error
    return {"path": str(path)}
