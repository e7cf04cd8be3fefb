"""Shelf: the templates as they lie in the folders now, and the owner's own files on it.

A file that somebody changed by hand is noticed at the next question; nothing has to start anew.
Ours are never written: the owner's file of the same name and language stands in front of it.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from pathlib import Path

from app.config.system import write_private
from app.domain.assessment import Kind
from app.domain.errors import KnownError, NotFound, Refused
from app.domain.reply import Template
from app.domain.translation import tr
from app.replies import templates
from app.replies.names import flat
from app.replies.templates import TemplateFault, Templates

_TITLE_MAX = 120
_NAME_MAX = 40
_ID = re.compile(r"[a-z_]+/(?!\s)[^/\\.\x00-\x1f\x7f]{1,80}(?<!\s)")
_LANGUAGE = re.compile(r"[a-z]{2}")
_State = tuple[tuple[str, int, int], ...]


class Shelf:
    """`shipped` is our folder, `own` the owner's, which need not exist yet."""

    def __init__(self, shipped: Path, own: Path) -> None:
        self.shipped = shipped
        self.own = own
        self._lock = threading.Lock()
        self._ours = templates.load(shipped)
        self._read: tuple[_State, Templates] | None = None

    @property
    def present(self) -> Templates:
        """All templates, read anew where a file of the owner's changed."""
        with self._lock:
            state = _state(self.own)
            if self._read is None or self._read[0] != state:
                self._read = (state, templates.load(self.shipped, self.own))
            return self._read[1]

    def shipped_one(self, id: str, language: str) -> Template | None:  # noqa: A002 - its name
        """Ours of this name and language, whatever stands in front of it; or None."""
        return self._ours.of(id, language)

    def file_of(self, id: str, language: str) -> Path:  # noqa: A002 - its name everywhere
        """Where the owner's file of this name and language lies, or would lie."""
        if not _ID.fullmatch(id) or not _LANGUAGE.fullmatch(language):
            raise NotFound(
                tr(
                    "There is no template {id} in {language}",
                    id=flat(id)[:80],
                    language=flat(language)[:20],
                )
            )
        return self.own / f"{id}.{language}.txt"

    def new_id(self, kind: Kind, title: str, language: str) -> str:
        """A name for a template that there is not yet."""
        stem, taken = _slug(title), self.present.by_key
        for number in range(1, 1000):
            id_ = f"{kind.value}/{stem}" + (f"_{number}" if number > 1 else "")
            if (id_, language) not in taken and not self.file_of(id_, language).exists():
                return id_
        raise Refused(
            tr("There are too many templates of that name"), "", tr("Choose another title.")
        )

    def put(self, id: str, language: str, *, title: str, body: str) -> Template:  # noqa: A002
        """Write the owner's file, whole or not at all.

        Raises:
            TemplateFault: it cannot be used as it is; nothing was written.
        """
        path = self.file_of(id, language)
        made = checked(path, title=title, body=body)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_private(path, _text_of(made).encode())
        except OSError as error:
            raise _unwritten(path, error) from error
        return made

    def remove(self, id: str, language: str) -> Template:  # noqa: A002 - its name everywhere
        """Take the owner's file away; what it said is answered, so that it can be put back."""
        was = self.present.of(id, language)
        path = self.file_of(id, language)
        if was is None or not was.own:
            if self.shipped_one(id, language) is not None:
                raise Refused(
                    tr("This template came with Frontburner"),
                    tr("It cannot be deleted, only changed"),
                )
            raise NotFound(
                tr("There is no template {id} in {language}", id=flat(id)[:80], language=language)
            )
        try:
            path.unlink()
        except OSError as error:
            raise _unwritten(path, error) from error
        return was


def checked(path: Path, *, title: str, body: str) -> Template:
    """The template that this would be. Raises TemplateFault where it could not be used."""
    if not flat(title):
        raise TemplateFault(
            tr("The template has no title yet"), "", tr("Write one above its text.")
        )
    clean = body.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    return templates.of_text(path, f"Title: {flat(title)[:_TITLE_MAX]}\n\n{clean}\n", own=True)


def _text_of(template: Template) -> str:
    return f"Title: {template.title}\n\n{template.body}\n"


def _slug(title: str) -> str:
    bare = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", bare).strip("_")[:_NAME_MAX].strip("_") or "template"


def _state(folder: Path) -> _State:
    """The names, sizes and times of the files: what changes when one is edited."""
    found = []
    for path in sorted(folder.glob("*/*.txt")):
        try:
            stat = path.stat()
        except OSError:
            continue
        found.append((str(path), stat.st_mtime_ns, stat.st_size))
    return tuple(found)


def _unwritten(path: Path, error: OSError) -> KnownError:
    reason = error.strerror or tr("the disk gave no reason")
    return KnownError(
        tr("{path} could not be written", path=path), reason, tr("Check the disk and the folder.")
    )
