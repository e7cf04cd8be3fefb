"""When a reply may go: the few hours that people mean when they say "later".

Pure: a present instant in the owner's time zone goes in, words and instants come out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from app.domain.translation import to_translate, tr, trn
from app.ui.issue.snooze_choices import on_the_wall

_MORNING = time(8)
_EVENING = time(18)
FOLLOW_UPS = (
    (2, to_translate("2 days")),
    (3, to_translate("3 days")),
    (7, to_translate("a week")),
    (14, to_translate("2 weeks")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterChoice:
    """One line of the menu."""

    words: str
    at: datetime


def later_choices(local_now: datetime) -> tuple[LaterChoice, ...]:
    """The choices at this instant, soonest first; `local_now` is aware, in the owner's zone."""
    choices = []
    morning, evening = on_the_wall(local_now, 0, _MORNING), on_the_wall(local_now, 0, _EVENING)
    if morning - local_now > timedelta(minutes=30):  # who writes at night means this morning
        choices.append(LaterChoice(words=tr("This morning, 8:00"), at=morning))
    if evening - local_now > timedelta(minutes=30):
        choices.append(LaterChoice(words=tr("This evening, 18:00"), at=evening))
    choices.append(LaterChoice(words=tr("Tomorrow, 8:00"), at=on_the_wall(local_now, 1, _MORNING)))
    to_monday = 7 - local_now.weekday()
    if to_monday > 1:
        choices.append(
            LaterChoice(words=tr("Monday, 8:00"), at=on_the_wall(local_now, to_monday, _MORNING))
        )
    return tuple(choices)


def follow_up_words(days: int) -> str:
    """What is chosen, on its button."""
    if not days:
        return tr("Follow up")
    return tr("If no answer in {length}", length=_length(days))


def _length(days: int) -> str:
    known = dict(FOLLOW_UPS).get(days)
    return tr(known) if known else trn("{n} day", "{n} days", days)
