"""Holes: what a template asked for and nothing filled, found in the text as it stands.

Marked in the editor and listed beside the button. The engine's guard decides what may go out;
this only shows early what it would say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.domain.translation import to_translate, tr

_HOLE = re.compile(r"\{\{[^{}\n]{0,120}\}\}|\{\{|\}\}|\[(?:[^\[\]\n]{1,40})\](?!\()")
_NAME = re.compile(r"\{\{\s*([^|{}]*?)\s*(?:\|[^{}]*)?\}\}")
# What people write in square brackets and mean: a place to fill in.
_ASKS = re.compile(
    r"\[(?:your |the |insert |customer |order |kunden|bestell|name|date|datum|amount|betrag|"
    r"link|tracking|nom|fecha|xxx|\.\.\.|…|\?)",
    re.IGNORECASE,
)
# What templates leave to the person who replies, in a word; what is known is named as it is.
_ASKED = {
    "reply.answer": to_translate("answer"),
    "reply.date": to_translate("day"),
    "reply.amount": to_translate("amount"),
    "reply.item": to_translate("article"),
    "reply.address": to_translate("address"),
    "reply.link": to_translate("link"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hole:
    """A place in the text that must be filled before it can go out."""

    start: int
    length: int
    name: str


def holes(text: str) -> tuple[Hole, ...]:
    """Every hole in the text, in order; what is quoted in it is somebody else's."""
    return tuple(
        Hole(start=found.start(), length=len(found.group()), name=_name(found.group()))
        for found in _HOLE.finditer(text)
        if (found.group().startswith(("{", "}")) or _ASKS.match(found.group()))
        and not text[: found.start()].rpartition("\n")[2].lstrip(" \t").startswith(">")
    )


def names(found: tuple[Hole, ...]) -> tuple[str, ...]:
    """The names of the holes, each once, in order."""
    return tuple(dict.fromkeys(hole.name for hole in found))


def _name(text: str) -> str:
    named = _NAME.fullmatch(text)
    words = named.group(1) if named else text.strip("[]{} ")
    if words in _ASKED:
        return tr(_ASKED[words])
    return words.replace("_", " ").replace(".", " ").strip() or tr("empty brackets")
