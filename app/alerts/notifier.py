"""Notifier: what every way to show an alert is, and what can come back from one."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

from app.domain.alert import Alert, Delivery

BUNDLE = "bundle"

Delivered = Callable[[Alert, Delivery], None]


class Action(StrEnum):
    """What became of a pop-up: it was clicked, one of its buttons was, somebody closed it, or the
    desktop that showed it went away before anybody did anything."""

    OPEN = "open"
    ACKNOWLEDGE = "acknowledge"
    SNOOZE = "snooze"
    DISMISS = "dismiss"
    LOST = "lost"


OnAction = Callable[[Alert, Action], None]


class Notifier(Protocol):
    """A way to show an alert. No call waits; answers come from the notifier's own thread."""

    def notify(self, alert: Alert, delivered: Delivered) -> None:
        """Show it soon, and report exactly once whether anybody can have seen it."""

    def withdraw(self, what: str) -> None:
        """Somebody deals with an issue, by its key: take its pop-up off the screen, if there is
        one; a bundle goes with the last of its issues. Or one alert is over, by its dedupe.
        """

    def when_back(self, call: Callable[[], None]) -> None:
        """Call this whenever a desktop came that shows pop-ups, where there was none: what none
        has shown can be offered again."""

    def stop(self) -> None:
        """Show nothing more; what still waits is reported as not shown."""


def slot(alert: Alert) -> str:
    """Alerts of one slot replace each other on the screen: one per issue, one for all bundles.

    One that is about no issue has a slot to itself, and so has a card that must be read for the
    names on it.
    """
    if not alert.issue_keys or (alert.by_name and len(alert.issue_keys) > 1):
        return alert.dedupe
    return alert.issue_keys[0] if len(alert.issue_keys) == 1 else BUNDLE
