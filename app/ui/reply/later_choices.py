"""When a reply may go: the few hours that people mean when they say "later".

Pure: a present instant in the owner's time zone goes in, words and instants come out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from app.ui.issue.snooze_choices import on_the_wall

_MORNING = time(8)
_EVENING = time(18)
FOLLOW_UPS = ((2, "2 days"), (3, "3 days"), (7, "a week"), (14, "2 weeks"))


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
        choices.append(LaterChoice(words="This morning, 8:00", at=morning))
    if evening - local_now > timedelta(minutes=30):
        choices.append(LaterChoice(words="This evening, 18:00", at=evening))
    choices.append(LaterChoice(words="Tomorrow, 8:00", at=on_the_wall(local_now, 1, _MORNING)))
    to_monday = 7 - local_now.weekday()
    if to_monday > 1:
        choices.append(
            LaterChoice(words="Monday, 8:00", at=on_the_wall(local_now, to_monday, _MORNING))
        )
    return tuple(choices)


def follow_up_words(days: int) -> str:
    """What is chosen, on its button."""
    if not days:
        return "Follow up"
    return f"If no answer in {dict(FOLLOW_UPS).get(days, f'{days} days')}"
