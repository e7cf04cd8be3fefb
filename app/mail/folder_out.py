"""Folder out: replies of a folder account become files, one for each Message-ID.

On the walk: engine/outbox -> here, in place of smtp, for the sample shop and for trying things.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from email.parser import BytesHeaderParser
from pathlib import Path

from app.config.system import put_in_place
from app.domain.errors import DiskFull, KnownError
from app.domain.translation import tr

_UNFIT = re.compile(r"[^A-Za-z0-9._@+-]+")
_NAME_MAX = 120


class FolderMailer:
    """Writes each mail to `directory` as <message-id>.eml; the same Message-ID is written once."""

    takes = 0  # a folder takes any size

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def send(
        self,
        mime: bytes,
        *,
        sender: str,
        recipients: Sequence[str],
        about_to_commit: Callable[[], None],
    ) -> str:
        """Write the mail whole or not at all; what was done, in words.

        `about_to_commit` is called when the bytes are on the disk and only the name is missing.
        DiskFull or KnownError if the folder cannot be written. Who is to receive it stands in the
        mail itself.
        """
        with _disk_errors(self._directory):
            self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            target = self._directory / _file_name(mime)
            if target.exists():
                return tr("already written as {name}", name=target.name)
            draft = _written(self._directory, mime)
        try:
            about_to_commit()
            with _disk_errors(self._directory):
                put_in_place(draft, target)
        finally:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
        return tr("written as {name}", name=target.name)

    def check(self) -> str:
        """Whether the folder can be written; its path."""
        with _disk_errors(self._directory):
            self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            _written(self._directory, b"").unlink()
        return str(self._directory)


def _written(directory: Path, mime: bytes) -> Path:
    """A file of that content, safe on the disk, under a name that no reader of .eml looks at."""
    handle, name = tempfile.mkstemp(dir=directory, prefix=".reply-", suffix=".part")
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(mime)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def _file_name(mime: bytes) -> str:
    """The Message-ID as a file name; ids that look alike afterwards are told apart by a hash."""
    message_id = str(BytesHeaderParser().parsebytes(mime).get("Message-ID", "")).strip(" <>\r\n\t")
    name = _UNFIT.sub("_", message_id).lstrip(".")[:_NAME_MAX]
    if message_id and name == message_id:
        return f"{name}.eml"
    digest = hashlib.sha256(message_id.encode("utf-8", "replace") or mime).hexdigest()[:16]
    return f"{name or 'reply'}-{digest}.eml"


@contextmanager
def _disk_errors(directory: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(
                tr("The disk is full"),
                tr("A reply could not be written to {directory}.", directory=directory),
                tr("Make room."),
            ) from error
        raise KnownError(
            tr("The folder for replies cannot be written"),
            tr(
                "It is {directory}: {value}.",
                directory=directory,
                value=error.strerror or "no reason was given",
            ),
            tr("Check that it exists and belongs to you, or set outbox to another folder."),
        ) from error
