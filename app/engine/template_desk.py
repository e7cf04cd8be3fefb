"""Template desk: the verbs of the template editor: list, read, preview, save, delete, import.

What is saved is in use at once. Deleting and saving answer what stood there before, so that a desk
can put it back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from statistics import fmean
from typing import Any

from app.domain.assessment import Kind
from app.domain.clock import Clock, rfc3339
from app.domain.errors import KnownError, NotFound, Refused
from app.domain.reply import Template
from app.domain.template_use import TemplateUse
from app.domain.translation import tr
from app.engine.desk import Verb
from app.replies import variables
from app.replies.ranking import changed_words
from app.replies.shelf import Shelf, checked
from app.storage import issues, template_use
from app.storage.connection import Connection
from app.storage.writer import Writer

USED_WITHIN = timedelta(days=400)  # a year, and the same season of the one before
USES_RANKED = 1000  # the newest of them: these are read with every issue that is opened

Fill = Callable[[str, Template], dict[str, Any]]


class TemplateDesk:
    """`fill` renders a template for an issue by its key."""

    def __init__(self, *, shelf: Shelf, writer: Writer, clock: Clock, fill: Fill) -> None:
        self._shelf = shelf
        self._writer = writer
        self._clock = clock
        self._fill = fill

    def verbs(self) -> dict[str, Verb]:
        """The verbs by the names that desks use."""
        return {
            "template_list": self.listed,
            "template_read": self.read,
            "template_preview": self.preview,
            "template_save": self.save,
            "template_remove": self.remove,
        }

    def listed(self) -> dict[str, Any]:
        """Every template in every language, with how it is used; files that cannot be used; the
        names that a text may ask for."""
        since = self._clock.now() - USED_WITHIN
        uses = self._writer.do(lambda db: template_use.since(db, since))
        present = self._shelf.present
        used = self._by_text(uses)
        return {
            "templates": [
                self._row(one, used.get((one.id, one.language), ()))
                for one in sorted(present.by_key.values(), key=_at)
            ],
            "faults": [fault.sentence for fault in present.faults],
            "folder": str(self._shelf.own),
            "variables": [
                {"name": name, "meaning": tr(meaning), "given": name in variables.GIVEN}
                for name, meaning in (variables.GIVEN | variables.ASKED).items()
            ],
        }

    def read(self, template: str, language: str) -> dict[str, Any]:
        """One template, with ours where the owner's stands in front of it."""
        found = self._one(template, language)
        ours = self._shelf.shipped_one(template, language)
        return {
            "id": found.id,
            "language": found.language,
            "kind": found.kind.value,
            "title": found.title,
            "body": found.body,
            "own": found.own,
            "file": str(self._file(found)),
            "shipped": None if ours is None else {"title": ours.title, "body": ours.body},
        }

    def preview(
        self, key: str, template: str, language: str, title: str, body: str
    ) -> dict[str, Any]:
        """What this text would begin a reply to that issue with; nothing is kept.

        Without a key it is the newest issue of the template's kind, or the newest at all.
        """
        made = checked(self._shelf.file_of(template, language), title=title, body=body)
        key = key or self._writer.do(lambda db: _example(db, made.kind))
        if not key:
            return {"text": made.body, "holes": [], "subject": "", "to": [], "key": ""}
        return {**self._fill(key, made), "key": key}

    def save(
        self, title: str, body: str, language: str, *, template: str = "", kind: str = ""
    ) -> dict[str, Any]:
        """Keep a text as the owner's; without `template` it is a new one of that kind."""
        id_ = template or self._shelf.new_id(_kind(kind), title, language)
        before = self._shelf.present.of(id_, language)
        made = self._shelf.put(id_, language, title=title, body=body)
        return {
            "id": made.id,
            "language": made.language,
            "file": str(self._file(made)),
            "before": _said(before) if before is not None and before.own else None,
        }

    def remove(self, template: str, language: str) -> dict[str, Any]:
        """Delete the owner's text; where we have one of that name, ours counts again."""
        was = self._shelf.remove(template, language)
        ours = self._shelf.shipped_one(template, language)
        return {"before": _said(was), "shipped_again": ours is not None}

    def _by_text(self, uses: tuple[TemplateUse, ...]) -> dict[tuple[str, str], list[TemplateUse]]:
        """The uses of each text, by its template and its language."""
        asked = {(use.template, use.language) for use in uses}
        languages = {pair: self._language(*pair) for pair in asked}
        found: dict[tuple[str, str], list[TemplateUse]] = {}
        for use in uses:
            text = (use.template, languages[use.template, use.language])
            found.setdefault(text, []).append(use)
        return found

    def _language(self, template: str, language: str) -> str:
        """In which language a reply to an issue in that language begins."""
        try:
            return self._shelf.present.get(template, language).language
        except KnownError:  # it is gone, or broken by now
            return language

    def _row(self, one: Template, mine: Sequence[TemplateUse]) -> dict[str, Any]:
        changed = fmean(use.changed for use in mine) if mine else None
        return {
            "id": one.id,
            "kind": one.kind.value,
            "name": one.name,
            "language": one.language,
            "title": one.title,
            "own": one.own,
            "instead_of_ours": one.own
            and self._shelf.shipped_one(one.id, one.language) is not None,
            "used": len(mine),
            "changed": None if changed is None else round(changed, 3),
            "changed_words": "" if changed is None else changed_words(changed),
            "last_used_at": rfc3339(mine[-1].at) if mine else "",
        }

    def _one(self, template: str, language: str) -> Template:
        found = self._shelf.present.of(template, language)
        if found is None:
            self._shelf.present.get(template, language)  # a broken file says what is wrong
            raise NotFound(
                tr(
                    "There is no template {template} in {language}",
                    template=template,
                    language=language,
                )
            )
        return found

    def _file(self, one: Template) -> Path:
        folder = self._shelf.own if one.own else self._shelf.shipped
        return folder / f"{one.id}.{one.language}.txt"


def _at(one: Template) -> tuple[int, str, str]:
    return list(Kind).index(one.kind), one.name, one.language


def _example(db: Connection, kind: Kind) -> str:
    """The key of an open issue of this kind, or of any, to show a template on; empty for none."""
    ids = issues.open_of_kind(db, kind, limit=1) or issues.open_ids(db)[-1:]
    return issues.get(db, ids[0]).key if ids else ""


def _said(one: Template) -> dict[str, str]:
    return {"id": one.id, "language": one.language, "title": one.title, "body": one.body}


def _kind(word: str) -> Kind:
    try:
        return Kind(word)
    except ValueError:
        kinds = ", ".join(one.value for one in Kind)
        raise Refused(
            tr("'{word}' is no kind", word=word), tr("Kinds are {kinds}", kinds=kinds)
        ) from None
