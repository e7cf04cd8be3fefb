"""Words of the ladders: for what one is, whom a step tells and how, as choices and in a line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.domain.assessment import Kind, Severity
from app.domain.contact import ChannelKind
from app.domain.ladder_text import HOUR_WORDS, HOURS, WHOM_WORDS, said_hour
from app.domain.translation import amid, joined, to_translate, tr
from app.ui.issue.foreign_text import line
from app.ui.words import kind_word, severity_word

WAYS = {
    "desktop": to_translate("Pop-up"),
    "email": to_translate("Mail"),
    "service": to_translate("Messenger or push"),
}
EVERY_WAY = to_translate("In every way they have")
NOBODY = to_translate("Choose who")
TABS = {
    "working": to_translate("Working hours"),
    "night": to_translate("Nights"),
    "weekend": to_translate("Weekends"),
    "holiday": to_translate("Holidays"),
}


def about(ladder: Mapping[str, Any]) -> str:
    """For which issues a ladder is."""
    grave = joined(amid(severity_word(Severity(one))) for one in ladder.get("severities", ()))
    kinds = joined(amid(kind_word(Kind(one))) for one in ladder.get("kinds", ()))
    if grave and kinds:
        return tr(
            "For {grave} {kinds} issues that rang and that nobody takes.", grave=grave, kinds=kinds
        )
    if grave:
        return tr("For {grave} issues that rang and that nobody takes.", grave=grave)
    if kinds:
        return tr("For all {kinds} issues that rang and that nobody takes.", kinds=kinds)
    return tr("For all issues that rang and that nobody takes.")


def rungs(ladder: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """The rungs by sort of hour; hours with the same ones are told together."""
    told: list[tuple[list[str], list[str]]] = []
    for hour in HOURS:
        said = said_hour(ladder, hour)
        same = next((names for names, lines in told if lines == said), None)
        if same is None:
            told.append(([tr(HOUR_WORDS[hour])], said))
        else:
            same.append(amid(tr(HOUR_WORDS[hour])))
    return [(joined(names), lines) for names, lines in told]


def who_said(names: Sequence[str]) -> str:
    """What the choice of people says."""
    return joined(names) or tr(NOBODY)


def how_said(names: Sequence[str]) -> str:
    """What the choice of ways says."""
    return joined(names) or tr(EVERY_WAY)


def grave_said(names: Sequence[str]) -> str:
    """What the choice of severities says."""
    return joined(names) or tr("However bad")


def whom(contacts: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Who can be chosen: who is on call, everybody, and each contact."""
    roles = ((_capital(tr(words)), value) for value, words in WHOM_WORDS.items())
    return [*roles, *((line(str(one["name"])), str(one["name"])) for one in contacts)]


def ways() -> list[tuple[str, str]]:
    """The ways that can be chosen."""
    return [(tr(WAYS[kind.value]), kind.value) for kind in ChannelKind]


def call_words(call: Mapping[str, Any]) -> str:
    """Somebody who would be told, and how: "Mia (mail: mia@team.example)"."""
    way = amid(tr(WAYS.get(str(call["kind"]), "")))
    where = line(str(call.get("label") or ""))
    how = f"{way}: {where}" if where else way
    contact = line(str(call["contact"]))
    if call.get("failure"):
        return tr("{contact} ({how}, which did not work last time)", contact=contact, how=how)
    return f"{contact} ({how})"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
