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
from app.domain.translation import joined, to_translate, tr

HOURS = ("working", "night", "weekend", "holiday")
HOUR_WORDS = {
    "working": to_translate("In working hours"),
    "night": to_translate("At night"),
    "weekend": to_translate("On a weekend"),
    "holiday": to_translate("On a holiday"),
}
WHOM_WORDS = {
    "on_call": to_translate("who is on call"),
    "everyone": to_translate("everybody"),
}
HOW_WORDS = {
    "desktop": to_translate("pop-up"),
    "email": to_translate("mail"),
    "service": to_translate("messenger or push"),
}
OPENING = "opening"

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
    match repeat:
        case 0:
            return tr("Then it is said loudly that nobody took it")
        case 1:
            return tr("Repeats once, then it is said loudly that nobody took it")
        case 2:
            return tr("Repeats twice, then it is said loudly that nobody took it")
        case _:
            return tr(
                "Repeats {times} times, then it is said loudly that nobody took it", times=repeat
            )


def said_hour(ladder: Mapping[str, Any], hour: str) -> list[str]:
    """The rungs of a sort of hour; one without any waits for working hours."""
    return said_steps(ladder.get(hour, ())) or [
        tr("Waits until you open, then as in working hours")
    ]


def parted(after: str) -> tuple[bool, timedelta]:
    """Whether a step waits for the next working hour, and how long after that. Raises Refused."""
    opens = after.strip().lower().startswith(OPENING)
    rest = after.strip().lower().removeprefix(OPENING).strip(" +") if opens else after.strip()
    if rest in ("", "0", "0 min", "at once", "now", "sofort"):
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
        raise Refused(
            tr("{step} is no step", step=repr(text)),
            hint=tr('Write "10 min: on_call by email, service"'),
        )
    opens, wait = parted(match["after"])
    how = re.split(r"[ ,+]+", (match["how"] or "").strip())
    return {
        "after": after_text(opens=opens, wait=wait),
        "whom": [one.strip() for one in re.split(r"[,+]", match["whom"]) if one.strip()],
        "how": [one for one in how if one],
    }


def _when(passed: timedelta, since: str) -> str:
    if since == OPENING:
        if not passed:
            return tr("When you open")
        return tr("{time} after you open", time=time_text.in_words(passed))
    return tr("After {time}", time=time_text.in_words(passed)) if passed else tr("At once")


def _whom(step: Step) -> str:
    return joined(said_whom(one) for one in step.get("whom", ()))


def said_whom(name: str) -> str:
    """Who is told: a role in words, or a contact's name."""
    return tr(WHOM_WORDS[name]) if name in WHOM_WORDS else name


def _how(ways: Iterable[str]) -> str:
    words = joined(tr(HOW_WORDS.get(one, one)) for one in ways)
    return tr("by {ways}", ways=words) if words else tr("in every way they have")
