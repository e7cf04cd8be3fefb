"""Ladders in words, and in the short form of the command line: who is told when, and how. Pure.

A ladder is here what a desk has of it: its steps by the sort of hour, each with `after`, `whom` and
`how` as rules/escalation.toml writes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from app.domain import time_text
from app.domain.errors import Refused

HOURS = ("working", "night", "weekend", "holiday")
HOUR_WORDS = {
    "working": "In working hours",
    "night": "At night",
    "weekend": "On a weekend",
    "holiday": "On a holiday",
}
WHOM_WORDS = {"on_call": "who is on call", "everyone": "everybody"}
HOW_WORDS = {"desktop": "pop-up", "email": "mail", "service": "messenger or push"}
OPENING = "opening"
_OFTEN = {1: "once", 2: "twice"}
_STEP = re.compile(r"(?P<after>[^:]+):(?P<whom>.+?)(?: by (?P<how>[\w ,+]+))?")

Step = Mapping[str, Any]


def said_steps(steps: Sequence[Step]) -> list[str]:
    """The rungs, each with when it comes after the ring: "After 25 min: everybody, by mail"."""
    passed, since = timedelta(), ""
    lines = []
    for step in steps:
        opens, wait = parted(str(step.get("after", "")))
        passed, since = (wait, OPENING) if opens else (passed + wait, since)
        lines.append(f"{_when(passed, since)}: {_whom(step)}, {_how(step.get('how', ()))}")
    return lines


def said_repeats(repeat: int) -> str:
    """What comes after the last rung."""
    loud = "then it is said loudly that nobody took it"
    if not repeat:
        return loud[:1].upper() + loud[1:]
    return f"Repeats {_OFTEN.get(repeat, f'{repeat} times')}, {loud}"


def said_hour(ladder: Mapping[str, Any], hour: str) -> list[str]:
    """The rungs of a sort of hour; one without any waits for working hours."""
    return said_steps(ladder.get(hour, ())) or ["Waits until you open, then as in working hours"]


def parted(after: str) -> tuple[bool, timedelta]:
    """Whether a step waits for the next working hour, and how long after that. Raises Refused."""
    opens = after.strip().lower().startswith(OPENING)
    rest = after.strip().lower().removeprefix(OPENING).strip(" +") if opens else after.strip()
    if rest in ("", "0", "0 min", "at once", "now"):
        return opens, timedelta()
    return opens, time_text.length(rest) or timedelta()


def after_text(*, opens: bool, wait: timedelta) -> str:
    """The same as the rule file writes it: "15 min", "opening + 15 min"."""
    said = time_text.said(wait)
    if not opens:
        return said
    return f"{OPENING} + {said}" if wait else OPENING


def steps_of(text: str) -> list[dict[str, Any]]:
    """The steps that "10 min: on_call by email; 15 min: everyone" names. Raises Refused."""
    if text.strip().lower() in ("", "none", "wait"):
        return []
    return [_step(part.strip()) for part in text.split(";") if part.strip()]


def _step(text: str) -> dict[str, Any]:
    match = _STEP.fullmatch(text)
    if match is None:
        raise Refused(f"{text!r} is no step", hint='Write "10 min: on_call by email, service"')
    opens, wait = parted(match["after"])
    how = re.split(r"[ ,+]+", (match["how"] or "").strip())
    return {
        "after": after_text(opens=opens, wait=wait),
        "whom": [one.strip() for one in re.split(r"[,+]", match["whom"]) if one.strip()],
        "how": [one for one in how if one],
    }


def _when(passed: timedelta, since: str) -> str:
    if since == OPENING:
        return f"{time_text.said(passed)} after you open" if passed else "When you open"
    return f"After {time_text.said(passed)}" if passed else "At once"


def _whom(step: Step) -> str:
    return joined(WHOM_WORDS.get(one, one) for one in step.get("whom", ()))


def _how(ways: Iterable[str]) -> str:
    words = joined(HOW_WORDS.get(one, one) for one in ways)
    return f"by {words}" if words else "in every way they have"


def joined(words: Iterable[str]) -> str:
    """Words as a list in a sentence: "Mia, Tom and Ada"."""
    every = list(words)
    return " and ".join(filter(None, (", ".join(every[:-1]), *every[-1:])))
