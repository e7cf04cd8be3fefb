"""Words of the ladders: for what one is, whom a step tells and how, as choices and in a line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.domain.assessment import Kind, Severity
from app.domain.contact import ChannelKind
from app.domain.ladder_text import HOUR_WORDS, HOURS, WHOM_WORDS, joined, said_hour
from app.ui.issue.foreign_text import line
from app.ui.words import KIND_WORDS, SEVERITY_WORDS

WAYS = {"desktop": "Pop-up", "email": "Mail", "service": "Messenger or push"}
EVERY_WAY = "In every way they have"
NOBODY = "Choose who"
TABS = {
    "working": "Working hours",
    "night": "Nights",
    "weekend": "Weekends",
    "holiday": "Holidays",
}


def about(ladder: Mapping[str, Any]) -> str:
    """For which issues a ladder is."""
    grave = joined(SEVERITY_WORDS[Severity(one)].lower() for one in ladder.get("severities", ()))
    kinds = joined(KIND_WORDS[Kind(one)].lower() for one in ladder.get("kinds", ()))
    what = f"{kinds} issues" if kinds else "issues"
    return f"For {f'{grave} ' if grave else 'all '}{what} that rang and that nobody takes."


def rungs(ladder: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """The rungs by sort of hour; hours with the same ones are told together."""
    told: list[tuple[list[str], list[str]]] = []
    for hour in HOURS:
        said = said_hour(ladder, hour)
        same = next((names for names, lines in told if lines == said), None)
        if same is None:
            told.append(([HOUR_WORDS[hour]], said))
        else:
            same.append(HOUR_WORDS[hour].lower())
    return [(joined(names), lines) for names, lines in told]


def who_said(names: Sequence[str]) -> str:
    """What the choice of people says."""
    return joined(names) or NOBODY


def how_said(names: Sequence[str]) -> str:
    """What the choice of ways says."""
    return joined(names) or EVERY_WAY


def grave_said(names: Sequence[str]) -> str:
    """What the choice of severities says."""
    return joined(names) or "However bad"


def whom(contacts: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Who can be chosen: who is on call, everybody, and each contact."""
    roles = ((words.capitalize(), value) for value, words in WHOM_WORDS.items())
    return [*roles, *((line(str(one["name"])), str(one["name"])) for one in contacts)]


def ways() -> list[tuple[str, str]]:
    """The ways that can be chosen."""
    return [(WAYS[kind.value], kind.value) for kind in ChannelKind]


def call_words(call: Mapping[str, Any]) -> str:
    """Somebody who would be told, and how: "Mia (mail: mia@team.example)"."""
    way = WAYS.get(str(call["kind"]), "").lower()
    where = line(str(call.get("label") or ""))
    trouble = ", which did not work last time" if call.get("failure") else ""
    return f"{line(str(call['contact']))} ({way}{f': {where}' if where else ''}{trouble})"
