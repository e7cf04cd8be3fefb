"""Subject: what a conversation is called, without the marks that mail programs put before it."""

from __future__ import annotations

import re

# "Reply" as mail programs write it: en, de, sv/da/no/fi, nl, it, pl, pt/es, with a counter or not.
_ANSWER = re.compile(
    r"^\s*(?:(?:re|aw|antw|antwort|sv|vs|betr|r|rif|odp|res)(?:\s*\[\d+\]|\s*\(\d+\))?\s*[:：]\s*)+",
    re.IGNORECASE,
)
# "Forwarded", as they write it: en, de, fr, es, it, pt, nl, pl.
_FORWARD_MARKS = ("fw:", "fwd:", "wg:", "tr:", "rv:", "i:", "enc:", "doorst:", "pd:")


def is_forward(subject: str) -> bool:
    """Whether it was passed on, by the mark in front; one that was answered since is no forward."""
    return subject.strip().lower().startswith(_FORWARD_MARKS)


def without_answer_marks(subject: str) -> str:
    """The subject as it was before anybody answered; empty where nothing else is in it."""
    return _ANSWER.sub("", subject)
