"""Commands: one thing that can be done in the window, and which of them letters name. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.ui.palette.likeness import likeness

_MOST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """`name` is how it is remembered; `keys` the shortcut that does the same, to be learnt; `also`
    what else it may be called. `why_not` says why it is impossible now, or nothing."""

    name: str
    words: str
    act: Callable[[], object]
    keys: str = ""
    also: str = ""
    drawing: str = ""
    why_not: Callable[[], str] = str


def ranked(commands: Sequence[Command], typed: str, *, recent: Sequence[str]) -> list[Command]:
    """What the typed letters name, best first; of what is alike, what was done last comes first,
    and without letters all of it does."""
    lately = {name: len(recent) - at for at, name in enumerate(recent)}
    found = []
    for at, command in enumerate(commands):
        if score := likeness(typed, command.words, command.also):
            found.append((score, lately.get(command.name, 0), -at, command))
    if not typed.strip():
        found = [(0, latest, at, command) for _, latest, at, command in found]
    return [one[-1] for one in sorted(found, key=lambda one: one[:3], reverse=True)[:_MOST]]
