"""Tour steps: what a newcomer does once with own hands, in which order, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.translation import to_translate


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do; `act` is what the window calls it when it was really done."""

    act: str
    title: str
    text: str


STEPS = (
    Step(
        act="open",
        title=to_translate("Open the worst"),
        text=to_translate(
            "It stands on top of the list. Click on it, or go there with J and K and press Enter."
        ),
    ),
    Step(
        act="why",
        title=to_translate("See why it stands there"),
        text=to_translate(
            "Press “Why” under its title: the reasons fold away and open again, and their points"
            " add up."
        ),
    ),
    Step(
        act="template",
        title=to_translate("Choose a reply"),
        text=to_translate(
            "Press one of the templates above the reply, or Alt+1. It is only a draft; nothing is"
            " sent."
        ),
    ),
    Step(
        act="snooze",
        title=to_translate("Put it aside for now"),
        text=to_translate(
            "Press Snooze at the top, or Esc and then S, and choose when it is to come back."
        ),
    ),
    Step(
        act="kind",
        title=to_translate("Correct what an issue is about"),
        text=to_translate(
            "Right of “Why” stands what it is about. Press that and choose something else: you are"
            " believed at once."
        ),
    ),
    Step(
        act="undo",
        title=to_translate("Take it back"),
        text=to_translate(
            "Press Undo in the line that came up, or U. Once more, and the snooze is taken back"
            " too."
        ),
    ),
)
END = Step(
    act="",
    title=to_translate("That was all of it"),
    text=to_translate("Everything else is in one list: Ctrl+K. With “?” you see all keys."),
)
OFFER = Step(
    act="",
    title=to_translate("New here?"),
    text=to_translate(
        "Six things to do once, on these mails, in about two minutes. Nothing is sent."
    ),
)


class Way:
    """How far somebody is; what was done before its turn need not be done again."""

    def __init__(self) -> None:
        self._done: set[str] = set()
        self._at = 0

    @property
    def step(self) -> Step | None:
        """What is to be done now; None at the end."""
        return STEPS[self._at] if self._at < len(STEPS) else None

    @property
    def number(self) -> int:
        """Which one that is, from 1."""
        return min(self._at + 1, len(STEPS))

    def did(self, act: str) -> bool:
        """Note what was done; whether that leads on."""
        if act in _acts(STEPS):
            self._done.add(act)
        return self._go_on()

    def skip(self) -> None:
        """Leave out what is to be done now."""
        self._at += 1
        self._go_on()

    def _go_on(self) -> bool:
        before = self._at
        while self.step is not None and self.step.act in self._done:
            self._at += 1
        return self._at > before


def _acts(steps: Iterable[Step]) -> frozenset[str]:
    return frozenset(one.act for one in steps)
