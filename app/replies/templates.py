"""Templates: the texts to begin a reply with, ours and over them the owner's own.

A file <kind>/<name>.<language>.txt has "Title: ..." in its first line, a blank line, and the text.
On the walk: the reply pane asks for those that fit -> render.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.assessment import Kind
from app.domain.errors import KnownError, NotFound
from app.domain.reply import Template
from app.domain.translation import tr
from app.replies.marks import TEXT_MAX, line_of, marks, stray_brace
from app.replies.names import flat
from app.replies.variables import KNOWN, nearest

_DEFAULT_LANGUAGE = "en"
_TITLE = "Title:"
_LANGUAGE = re.compile(r"[a-z]{2}")


class TemplateFault(KnownError):
    """A template file that cannot be used, with its place and what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Templates:
    """Every template by id and language; `faults` are the files that cannot be used, and why.

    One broken file of the owner's must not take the others away: it is left out of `ranked`, and
    asking for it by name raises its fault.
    """

    by_key: Mapping[tuple[str, str], Template] = field(default_factory=dict)
    faulty: Mapping[tuple[str, str], TemplateFault] = field(default_factory=dict)

    @property
    def faults(self) -> tuple[TemplateFault, ...]:
        """Each file that cannot be used, in words."""
        return tuple(self.faulty.values())

    def ranked(self, kind: Kind, language: str) -> tuple[Template, ...]:
        """What fits, best first: the kind's own texts, then those that fit everything.

        In each: the customer's language before English before others, the owner's before ours.
        Each id comes once, in its best language.
        """
        kinds: list[Kind] = [kind]
        if kind not in (Kind.OTHER, Kind.NOT_AN_ISSUE):
            kinds.append(Kind.OTHER)
        best: dict[str, Template] = {}
        for template in self._in_order(kinds, language):
            best.setdefault(template.id, template)
        return tuple(best.values())

    def of(self, id: str, language: str) -> Template | None:  # noqa: A002 - its name everywhere
        """Exactly this one, or None."""
        return self.by_key.get((id, language))

    def languages(self, id: str, language: str) -> tuple[str, ...]:  # noqa: A002 - its name
        """Each language that it is there in: this one, English, the others."""
        found = [one for one in self.by_key.values() if one.id == id]
        found.sort(key=lambda one: (_distance(one, language), one.language))
        return tuple(one.language for one in found)

    def get(self, id: str, language: str = "") -> Template:  # noqa: A002 - its name everywhere
        """The template in that language, else in English, else in any; NotFound names the nearest.

        Raises the file's TemplateFault where the asked one is broken.
        """
        found = [one for one in self.by_key.values() if one.id == id]
        broken = self.faulty.get((id, _code(language) or _DEFAULT_LANGUAGE))
        if broken is None and not found:
            broken = next((fault for key, fault in self.faulty.items() if key[0] == id), None)
        if broken is not None:
            raise broken
        if not found:
            raise self._not_found(id)
        return min(found, key=lambda one: _distance(one, language))

    def _in_order(self, kinds: list[Kind], language: str) -> list[Template]:
        fitting = [one for one in self.by_key.values() if one.kind in kinds]
        return sorted(
            fitting,
            key=lambda one: (
                kinds.index(one.kind),
                _distance(one, language),
                not one.own,
                one.name,
            ),
        )

    def _not_found(self, id_: str) -> NotFound:
        ids = sorted({one.id for one in self.by_key.values()})
        near = difflib.get_close_matches(id_, ids, n=3, cutoff=0.3)
        return NotFound(
            tr("There is no template {id_}", id_=flat(id_)[:80]),
            tr("Near to it are {near}.", near=", ".join(near)) if near else "",
            tr("Choose one of the list."),
        )


def load(*folders: Path) -> Templates:
    """The templates of the folders; a later one wins over an earlier (same id and language).

    The first folder is ours, each further one the owner's. A folder that does not exist is empty.
    """
    by_key: dict[tuple[str, str], Template] = {}
    faulty: dict[tuple[str, str], TemplateFault] = {}
    for place, folder in enumerate(folders):
        for path in sorted(folder.glob("*/[!.]*.txt")):  # a dot is what other programs left
            key = (f"{path.parent.name}/{path.name.partition('.')[0]}", path.suffixes[0][1:])
            try:
                by_key[key] = read(path, own=place > 0)
                faulty.pop(key, None)
            except TemplateFault as fault:
                by_key.pop(key, None)  # ours in its place would go out unnoticed
                faulty[key] = fault
    return Templates(by_key=by_key, faulty=faulty)


def read(path: Path, *, own: bool = False) -> Template:
    """The template in a file; TemplateFault names the file, the line and what to change."""
    return of_text(path, _text(path), own=own)


def of_text(path: Path, text: str, *, own: bool = False) -> Template:
    """The template that a file of this name would be with this text. Raises TemplateFault."""
    name, language = _named(path)
    if len(text.encode("utf-8", "replace")) > TEXT_MAX:
        raise _fault(path, 0, tr("is longer than 64 KiB"), tr("Make it shorter."))
    first, _, rest = text.partition("\n")
    if not first.startswith(_TITLE) or not first.removeprefix(_TITLE).strip():
        raise _fault(path, 1, tr("does not begin with a title"), tr('Write "Title: ..." there.'))
    body = rest.strip("\n")
    if not body.strip():
        raise _fault(
            path, 2, tr("has no text"), tr("Write the text below the title and a blank line.")
        )
    _check_marks(path, text)
    return Template(
        id=f"{path.parent.name}/{name}",
        kind=Kind(path.parent.name),
        name=name,
        language=language,
        title=flat(first.removeprefix(_TITLE)),
        body=body,
        own=own,
    )


def _named(path: Path) -> tuple[str, str]:
    parts = path.name.split(".")
    if path.parent.name not in {kind.value for kind in Kind}:
        hint = tr("Kinds are {join}.", join=", ".join(kind.value for kind in Kind))
        raise _fault(path, 0, tr("lies in a folder that is not a kind"), hint)
    if len(parts) != 3 or not parts[0] or not _LANGUAGE.fullmatch(parts[1]):
        raise _fault(
            path, 0, tr("has a name without a language"), tr("Name it like refund.en.txt.")
        )
    return parts[0], parts[1]


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > TEXT_MAX:
            raise _fault(path, 0, tr("is longer than 64 KiB"), tr("Make it shorter."))
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise _fault(path, 0, tr("is not UTF-8 text"), tr("Save it as UTF-8.")) from error
    except OSError as error:
        reason = error.strerror or tr("the disk gave no reason")
        raise _fault(
            path, 0, tr("cannot be read ({reason})", reason=reason), tr("Check the file.")
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _check_marks(path: Path, text: str) -> None:
    for mark in marks(text):
        if mark.name not in KNOWN:
            near = tr("The nearest known name is {name}.", name=nearest(mark.name))
            raise _fault(
                path,
                line_of(text, mark.start),
                tr("uses {name}, unknown here", name=mark.name),
                near,
            )
    stray = stray_brace(text)
    if stray is not None:
        raise _fault(
            path,
            line_of(text, stray),
            tr("has braces that are no variable"),
            tr("Write {{ name }} or {{ name | fallback }} on one line."),
        )


def _fault(path: Path, line: int, what: str, hint: str) -> TemplateFault:
    place = tr(", line {line},", line=line) if line else ""
    return TemplateFault(
        tr(
            "The template {name}/{name2}{place} {what}",
            name=path.parent.name,
            name2=path.name,
            place=place,
            what=what,
        ),
        "",
        hint,
    )


def _distance(template: Template, language: str) -> int:
    wanted: Iterable[str] = (_code(language), _DEFAULT_LANGUAGE)
    return next((i for i, code in enumerate(wanted) if code == template.language), 2)


def _code(language: str) -> str:
    return language[:2].lower()
