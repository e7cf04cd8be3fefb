"""Enclosing: files that a person attached become part of a reply, as they are when it is queued.

On the walk: "Send reply" -> guard -> here -> compose. Whatever is amiss with a file is one
sentence that names it; nothing is read before its size is known.
"""

from __future__ import annotations

import mimetypes
import os
import stat
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from app.domain.errors import Refused
from app.domain.reply import Enclosure
from app.domain.translation import tr

MOST_FILES = 20
# What most servers take of a whole mail (Gmail, Outlook and GMX among them): 25 MB or a little
# more, counted after base64.
MOST_BYTES = 25_000_000
_ENCODED = 78 / 57  # 57 bytes become a line of 76 letters and its end
_NAME_MAX = 150
_ANY = "application/octet-stream"
_KNOWN = mimetypes.MimeTypes()


def enclose(paths: Sequence[str], *, server_takes: int = 0) -> tuple[Enclosure, ...]:
    """The files, read whole. `server_takes`: the size of a mail that the server named, 0: none.

    Raises:
        Refused: a file is not there, is none, is empty or cannot be read; too many, or too big.
    """
    files = tuple(dict.fromkeys(paths))
    complaints = [*_complaints(files), *_too_big(files, server_takes)]
    if complaints:
        raise _cannot(complaints)
    return tuple(_read(Path(path)) for path in files)


def _complaints(files: Sequence[str]) -> Iterator[str]:
    if len(files) > MOST_FILES:
        yield tr(
            "A reply can have {most_files} attachments at most; pack some into one file.",
            most_files=MOST_FILES,
        )
    for path in files:
        yield from _complaint(Path(path))


def _complaint(path: Path) -> Iterator[str]:
    name = shown(path.name)
    if not path.is_absolute():
        yield tr("{name} needs its whole path.", name=name)
        return
    try:
        found = path.stat()
    except OSError:
        yield tr("{name} is not there any more; attach it again or take it away.", name=name)
        return
    if not stat.S_ISREG(found.st_mode):
        yield tr("{name} is not a file; a folder has to be packed into one first.", name=name)
    elif not found.st_size:
        yield tr("{name} is empty; take it away or attach the right file.", name=name)
    elif not os.access(path, os.R_OK):
        yield tr("{name} cannot be read; look at its permissions.", name=name)


def _too_big(files: Iterable[str], server_takes: int) -> Iterator[str]:
    whole = round(sum(_size(Path(path)) for path in files) * _ENCODED)
    if server_takes and whole > server_takes:
        yield (
            tr(
                "The attachments are too big: the mail would have {whole} MB, and your mail server "
                "takes {server_takes} MB. Send a link, or smaller files.",
                whole=f"{whole / 1e6:.1f}",
                server_takes=f"{server_takes / 1e6:.1f}",
            )
        )
    elif whole > MOST_BYTES:
        yield (
            tr(
                "The attachments are too big: the mail would have {whole} MB, and most mail "
                "servers take {most_bytes} MB. Send a link, or smaller files.",
                whole=f"{whole / 1e6:.1f}",
                most_bytes=f"{MOST_BYTES / 1e6:.0f}",
            )
        )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _read(path: Path) -> Enclosure:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)  # it may have grown since it was measured
    except OSError as error:
        why = error.strerror or tr("the disk gave no reason")
        raise _cannot(
            [tr("{name} cannot be read: {why}.", name=shown(path.name), why=why)]
        ) from error
    if len(content) > MOST_BYTES:
        raise _cannot([tr("{name} is too big. Send a link instead.", name=shown(path.name))])
    # The system's own list comes second: on Windows any program writes into it, and Excel says
    # there that a CSV file is one of its own.
    type_, packed = _KNOWN.guess_type(path.name)
    if type_ is None:
        type_, packed = mimetypes.guess_type(path.name)
    return Enclosure(
        filename=shown(path.name),
        content_type=type_ if type_ and not packed else _ANY,
        content=content,
    )


def shown(name: str) -> str:
    """The name of a file on one line, without what turns or hides letters, its ending kept."""
    name = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    kept = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))
    kept = kept.strip()
    stem, dot, ending = kept.rpartition(".")
    if len(kept) > _NAME_MAX and dot and len(ending) < 20:
        return f"{stem[: _NAME_MAX - len(ending) - 1]}.{ending}"
    return kept[:_NAME_MAX] or "file"


def _cannot(complaints: Sequence[str]) -> Refused:
    return Refused(
        tr("This reply cannot go out yet"), " ".join(complaints), holes=tuple(complaints)
    )
