"""Render: a template and what we know become the beginning of a reply, in one pass.

On the walk: template + values -> here -> the editor. What a value says is text: a customer who is
called "{{ order.total }}" stays so called.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.domain.errors import Refused
from app.domain.reply import Rendered, Template
from app.domain.translation import tr
from app.replies.marks import TEXT_MAX, Mark, marks
from app.replies.names import flat

VALUE_MAX = 2000  # characters; nothing that belongs into a sentence is longer


def render(template: Template, values: Mapping[str, str]) -> Rendered:
    """The text with each value in its place, else its fallback, else the mark itself: a hole.

    Values are put on one line and stripped of controls. Refused if the text would pass 64 KiB.
    """
    holes: dict[str, None] = {}
    parts: list[str] = []
    size = 0
    for part in _parts(template.body, values, holes):
        size += len(part.encode("utf-8", "replace"))
        if size > TEXT_MAX:
            raise Refused(
                tr("The template {id} grows too long", id=template.id),
                tr("With these values it has more than 64 KiB."),
                tr("Shorten the template or the values."),
            )
        parts.append(part)
    return Rendered(text="".join(parts).strip("\n"), holes=tuple(holes))


def _parts(body: str, values: Mapping[str, str], holes: dict[str, None]) -> Iterator[str]:
    """The body piece by piece; the names that nothing filled are added to `holes`."""
    done = 0
    for mark in marks(body):
        yield body[done : mark.start]
        filled = _filled(mark, values)
        if filled is None:
            holes[mark.name] = None
            filled = body[mark.start : mark.end]
        yield filled
        done = mark.end
    yield body[done:]


def _filled(mark: Mark, values: Mapping[str, str]) -> str | None:
    value = flat(values.get(mark.name, ""))[:VALUE_MAX].strip()
    return value or mark.fallback
