"""Template import: saved replies of a file onto the owner's shelf, all that can be taken or none.

On the walk: a desk names a file -> `replies/foreign_templates` reads it -> marks are
translated -> each is checked -> written. What is already there word for word is not written twice.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.domain.assessment import Kind
from app.domain.errors import KnownError, NotFound, Refused
from app.domain.reply import Template
from app.domain.translation import tr
from app.engine.desk import Verb
from app.mail.html_text import html_to_text
from app.replies.foreign_marks import Translated, translated
from app.replies.foreign_templates import Export, Foreign, read
from app.replies.shelf import Shelf, checked
from app.triage.language import language_of
from app.triage.words import words_of


@dataclass(frozen=True, slots=True, kw_only=True)
class _Planned:
    """A reply that can be taken, with the text that it becomes."""

    foreign: Foreign
    kind: Kind
    language: str
    words: Translated


class TemplateImport:
    """Reads a file and writes what it holds; with `check` only tells what would come of it."""

    def __init__(self, *, shelf: Shelf) -> None:
        self._shelf = shelf

    def verbs(self) -> dict[str, Verb]:
        """The verb by the name that desks use."""
        return {"template_import": self.take}

    def take(self, file: str, check: bool = False, language: str = "") -> dict[str, Any]:
        """Import a file; `language` is for what does not tell its own.

        Raises:
            Refused, NotFound: the file cannot be read, or nothing in it can be taken.
        """
        export = _export(Path(file))
        planned, skipped = self._sorted(export, language)
        if not planned:
            why = "; ".join(f"“{one['title']}”: {one['because']}" for one in skipped[:5])
            raise Refused(tr("Nothing in this file can be imported"), why)
        made = [self._told(one, id_="") for one in planned] if check else self._written(planned)
        return {"source": export.source, "imported": made, "skipped": skipped}

    def _sorted(self, export: Export, language: str) -> tuple[list[_Planned], list[dict[str, str]]]:
        there = {_words(one) for one in self._shelf.present.by_key.values()}
        planned, skipped = [], []
        for one in export.replies:
            made = _planned(one, language)
            why = one.skipped or _fault(self._shelf, made)
            if not why and (one.title, made.words.text) in there:
                why = tr("it is there already")
            if why:
                skipped.append({"title": one.title, "because": why})
            else:
                there.add((one.title, made.words.text))
                planned.append(made)
        return planned, skipped

    def _written(self, planned: list[_Planned]) -> list[dict[str, Any]]:
        """Write all of them; where one cannot be written, those before it are taken away again."""
        written: list[tuple[str, str]] = []
        told = []
        try:
            for one in planned:
                id_ = self._shelf.new_id(one.kind, one.foreign.title, one.language)
                self._shelf.put(id_, one.language, title=one.foreign.title, body=one.words.text)
                written.append((id_, one.language))
                told.append(self._told(one, id_=id_))
        except KnownError as error:
            for id_, language in written:
                with suppress(KnownError):
                    self._shelf.remove(id_, language)
            raise Refused(
                tr("Nothing was imported"), f"{error.title}: {error.message}", error.hint
            ) from error
        return told

    def _told(self, one: _Planned, *, id_: str) -> dict[str, Any]:
        return {
            "id": id_,
            "title": one.foreign.title,
            "kind": one.kind.value,
            "language": one.language,
            "mapped": one.words.mapped,
            "holes": list(one.words.holes),
        }


def _export(path: Path) -> Export:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise NotFound(tr("There is no file {path}", path=path)) from None
    except OSError as error:
        raise Refused(tr("{path} cannot be read", path=path), error.strerror or "") from error
    return read(content, name=path.name, plain=html_to_text)


def _planned(one: Foreign, language: str) -> _Planned:
    words = translated(one.body)
    told = one.language or language or language_of(words_of(words.text))
    return _Planned(foreign=one, kind=one.kind or Kind.OTHER, language=told or "en", words=words)


def _fault(shelf: Shelf, one: _Planned) -> str:
    """Why a text cannot be a template; empty where it can."""
    try:
        checked(
            shelf.own / one.kind.value / f"imported.{one.language}.txt",
            title=one.foreign.title,
            body=one.words.text,
        )
    except KnownError as error:
        return error.title
    return ""


def _words(one: Template) -> tuple[str, str]:
    return one.title, one.body
