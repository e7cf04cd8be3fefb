"""Words of the promises: how the owner reads a priority, a promise, and a special one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.assessment import Kind
from app.domain.ladder_text import joined
from app.ui.issue.foreign_text import line
from app.ui.words import KIND_WORDS

PRIORITIES = (
    ("P1", "At once", "minutes matter: a dispute with a date, a danger, the shop is down"),
    ("P2", "Today", "before the shop closes"),
    ("P3", "In its turn", "most mails"),
    ("P4", "Whenever", "when there is time"),
)
TIMES = (
    ("first_response", "First answer", "counted from when they wrote"),
    ("next_response", "Next answer", "counted from the first mail that waits for one"),
    ("resolution", "Until done", "counted from when they wrote"),
    ("warn", "Remind me", "so long before an answer is due"),
)
SHOWN_KINDS = tuple(kind for kind in Kind if kind is not Kind.NOT_AN_ISSUE)
_SAID = {
    "first_response": "first answer within {}",
    "next_response": "next answer within {}",
    "resolution": "done within {}",
    "warn": "reminder {} before",
}
_NOT_SAID = {
    "first_response": "no first answer",
    "next_response": "no next answer",
    "resolution": "no end",
    "warn": "no reminder",
}
_NAMES = {priority: words for priority, words, _ in PRIORITIES}


def for_whom(policy: Mapping[str, Any]) -> str:
    """Whom and what a special promise is about."""
    parts = [
        joined(map(line, policy.get("customers", ()))),
        joined(KIND_WORDS[Kind(kind)] for kind in policy.get("kinds", ())),
        joined(f"{one} ({_NAMES[one]})" for one in policy.get("priorities", ())),
    ]
    return "; ".join(part for part in parts if part) or "Everybody, about everything"


def promised(policy: Mapping[str, Any]) -> str:
    """What a special promise says; what it leaves out stays as in the table."""
    said = [_time(name, str(policy.get(name, ""))) for name, _, _ in TIMES if policy.get(name)]
    words = joined(said)
    return f"{words[:1].upper()}{words[1:]}, {hours_words(policy)}."


def hours_words(policy: Mapping[str, Any]) -> str:
    """In which hours a special promise counts."""
    return calendar_words(str(policy.get("calendar", "shop"))).lower()


def calendar_words(name: str) -> str:
    """The name of hours as the owner reads it."""
    return _CALENDARS.get(name, f"In the hours called {line(name)}")


_CALENDARS = {"shop": "In working hours", "always": "Day and night"}


def kinds_said(names: Sequence[str]) -> str:
    """What a choice of kinds says."""
    return joined(names) or "About everything"


def priorities_said(names: Sequence[str]) -> str:
    """What a choice of priorities says."""
    return joined(names) or "However urgent"


def _time(name: str, text: str) -> str:
    return _NOT_SAID[name] if text == "none" else _SAID[name].format(text)
