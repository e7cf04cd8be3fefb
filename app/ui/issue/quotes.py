"""What is new in a mail and what is only repeated: decides what the message card folds away."""

from __future__ import annotations

from dataclasses import dataclass

from app.ui.issue.foreign_text import paragraphs

_LONG = 12_000
_MUCH = 60_000
_AHEAD = 4  # times what is drawn is made fit for it; a little of a text may go by that


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A mail's text in two parts: `new` is drawn at once, `quoted` when somebody asks for it."""

    new: str
    quoted: str = ""
    cut: int = 0


def said(text: str, new_text: str, *, whole: bool = False) -> Said:
    """Split a mail's text; `cut` tells how many characters a very long mail keeps back."""
    limit = _MUCH if whole else _LONG
    if new_text == text:
        return _begun(text, limit)
    new, all_of_it = paragraphs(new_text).strip(), paragraphs(text).strip()
    if not new:
        new = all_of_it
    quoted = _rest(all_of_it, new)
    return Said(new=new[:limit], quoted=quoted[:_MUCH], cut=max(0, len(new) - limit))


def _begun(text: str, limit: int) -> Said:
    """Of a text that quotes nothing no more is made fit to be drawn than may be drawn: of five
    megabytes it took a quarter of a second."""
    near, far = text[: limit * _AHEAD], max(0, len(text) - limit * _AHEAD)
    new = paragraphs(near).strip()
    return Said(new=new[:limit], cut=max(0, len(new) - limit) + far)


def first_words(text: str, limit: int = 140) -> str:
    """The beginning of a mail as one line, for a card that is folded; it says where it is cut."""
    words = " ".join(paragraphs(text[: limit * 4]).split())
    return words if len(words) <= limit else f"{words[:limit].rstrip()}…"


def _rest(all_of_it: str, new: str) -> str:
    """What follows the new part; the whole mail where the new part was cut out of its middle."""
    if " ".join(all_of_it.split()) == " ".join(new.split()):
        return ""
    if all_of_it.startswith(new):
        return all_of_it[len(new) :].strip("\n")
    return all_of_it
