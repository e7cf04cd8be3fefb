"""Subject: what a conversation is called, without the marks that mail programs put before it."""

from __future__ import annotations

import re

# As mail programs write them. "Reply": en, de, sv/da/no/fi, nl, it, pl, pt/es; "forwarded": en, de,
# fr, es, it, pt, nl, pl. With a counter or not.
_REPLY = "re|aw|antw|antwort|sv|vs|betr|r|ri|rif|odp|res"
_FORWARD = "fw|fwd|wg|tr|rv|i|enc|doorst|pd"
_COUNTED = r"(?:\s*\[\d+\]|\s*\(\d+\))?\s*[:：]\s*"
_ANSWER = re.compile(rf"^\s*(?:(?:{_REPLY}){_COUNTED})+", re.IGNORECASE)
_PASSED_ON = re.compile(rf"^\s*(?:{_FORWARD}){_COUNTED}", re.IGNORECASE)
_ANY = re.compile(rf"^\s*(?:(?:{_REPLY}|{_FORWARD}){_COUNTED})+", re.IGNORECASE)


def is_answer(subject: str) -> bool:
    """Whether it answers, by the mark in front."""
    return _ANSWER.match(subject) is not None


def is_forward(subject: str) -> bool:
    """Whether it was passed on, by the mark in front; one that was answered since is no forward."""
    return _PASSED_ON.match(subject) is not None


def without_answer_marks(subject: str) -> str:
    """The subject as it was before anybody answered; empty where nothing else is in it."""
    return _ANSWER.sub("", subject)


def without_marks(subject: str) -> str:
    """The subject as it was before anybody answered it or passed it on; may be empty."""
    return _ANY.sub("", subject)
