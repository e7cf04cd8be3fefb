"""Alert: a tap on the shoulder, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

# How the dedupe of what is no single issue's alert begins: of an incident's cards, of several that
# came at once, of a day's or a sleep's, of those that still wait, of a mailbox's first reading, of
# the question who is told, and that no copy of the profile can be made or that it is damaged.
OF_INCIDENT, BUNDLE, DIGEST = "incident:", "bundle/", "digest/"
AWAY = "away/"  # of a sleep in which nothing urgent came
STILL, OF_FIRST, OF_REVIEW, COPIES = "still/", "first-reading/", "review/", "copies/"


class AlertLevel(StrEnum):
    """How loud it is."""

    URGENT = "urgent"
    NOTICE = "notice"


class AlertState(StrEnum):
    """QUEUED: to be shown. SHOWN: a pop-up was accepted by the desktop. UNSHOWN: there was none,
    only the banner in the window. CLICKED: somebody opened it. DISMISSED: somebody closed it.
    WITHDRAWN: what it was about is over, before anybody looked."""

    QUEUED = "queued"
    SHOWN = "shown"
    UNSHOWN = "unshown"
    CLICKED = "clicked"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"

    @property
    def is_unseen(self) -> bool:
        """Whether it still waits for somebody to look at it."""
        return self in (AlertState.QUEUED, AlertState.SHOWN, AlertState.UNSHOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """What was, or is to be, shown. `issue_keys` has several for a bundle; `dedupe` is unique.

    `passes`: it is shown in quiet hours too, and whatever else was shown in its hour (somebody may
    be hurt, nobody can buy, a dispute ends within a day).
    `by_name`: it tells of a date that somebody else set, so a card that takes it in has to name it.
    `unnamed`: those of its issues that its own text only counts; asked when it is written.
    """

    dedupe: str
    issue_keys: tuple[str, ...]
    title: str
    body: str
    created_at: datetime
    id: int = 0
    level: AlertLevel = AlertLevel.URGENT
    state: AlertState = AlertState.QUEUED
    shown_at: datetime | None = None
    shown_by: str = ""
    clicked_at: datetime | None = None
    passes: bool = False
    by_name: bool = False
    unnamed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rang:
    """The issues that rang and that wait for us still: how many, and how many nobody opened since
    their newest mail."""

    issues: int
    unopened: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What a notifier did with an alert: `shown` is False where nobody can have seen it.
    `may_come`: the desktop was asked and is slow, so no other way is tried."""

    shown: bool
    by: str
    detail: str = ""
    may_come: bool = False
