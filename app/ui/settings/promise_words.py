"""Words of the promises: how the owner reads a priority, a promise, and a special one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.assessment import Kind
from app.domain.translation import joined, to_translate, tr
from app.ui.issue.foreign_text import line
from app.ui.words import kind_word

PRIORITIES = (
    (
        "P1",
        to_translate("At once"),
        to_translate("minutes matter: a dispute with a date, a danger, the shop is down"),
    ),
    ("P2", to_translate("Today"), to_translate("before the shop closes")),
    ("P3", to_translate("In its turn"), to_translate("most mails")),
    ("P4", to_translate("Whenever"), to_translate("when there is time")),
)
TIMES = (
    ("first_response", to_translate("First answer"), to_translate("counted from when they wrote")),
    (
        "next_response",
        to_translate("Next answer"),
        to_translate("counted from the first mail that waits for one"),
    ),
    ("resolution", to_translate("Until done"), to_translate("counted from when they wrote")),
    ("warn", to_translate("Remind me"), to_translate("so long before an answer is due")),
)
SHOWN_KINDS = tuple(kind for kind in Kind if kind is not Kind.NOT_AN_ISSUE)
_SAID = {
    "first_response": to_translate("first answer within {time}"),
    "next_response": to_translate("next answer within {time}"),
    "resolution": to_translate("done within {time}"),
    "warn": to_translate("reminder {time} before"),
}
_NOT_SAID = {
    "first_response": to_translate("no first answer"),
    "next_response": to_translate("no next answer"),
    "resolution": to_translate("no end"),
    "warn": to_translate("no reminder"),
}
_COUNTS = {
    "shop": to_translate("{promises}, in working hours."),
    "always": to_translate("{promises}, day and night."),
}
_COUNTS_IN = to_translate("{promises}, in the hours called {name}.")
_NAMES = {priority: words for priority, words, _ in PRIORITIES}


def for_whom(policy: Mapping[str, Any]) -> str:
    """Whom and what a special promise is about."""
    parts = [
        joined(map(line, policy.get("customers", ()))),
        joined(kind_word(Kind(kind)) for kind in policy.get("kinds", ())),
        joined(f"{one} ({tr(_NAMES[one])})" for one in policy.get("priorities", ())),
    ]
    return "; ".join(part for part in parts if part) or tr("Everybody, about everything")


def promised(policy: Mapping[str, Any]) -> str:
    """What a special promise says; what it leaves out stays as in the table."""
    said = [_time(name, str(policy.get(name, ""))) for name, _, _ in TIMES if policy.get(name)]
    words = joined(said)
    hours = str(policy.get("calendar", "shop"))
    counts = _COUNTS.get(hours, _COUNTS_IN)
    return tr(counts, promises=f"{words[:1].upper()}{words[1:]}", name=line(hours))


def calendar_words(name: str) -> str:
    """The name of hours as the owner reads it."""
    if name in _CALENDARS:
        return tr(_CALENDARS[name])
    return tr("In the hours called {name}", name=line(name))


_CALENDARS = {"shop": to_translate("In working hours"), "always": to_translate("Day and night")}


def kinds_said(names: Sequence[str]) -> str:
    """What a choice of kinds says."""
    return joined(names) or tr("About everything")


def priorities_said(names: Sequence[str]) -> str:
    """What a choice of priorities says."""
    return joined(names) or tr("However urgent")


def _time(name: str, text: str) -> str:
    return tr(_NOT_SAID[name]) if text == "none" else tr(_SAID[name], time=text)
