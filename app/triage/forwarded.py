"""Forwarded: what somebody passes on counts as said, where they say little themselves.

The first step of the walk. "See below, can you deal?" over a colleague's quoted letter is that
letter; as quoted text alone it would be nobody's. Our own mails that come back stay quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from app.domain.message import Message
from app.domain.subject import is_forward
from app.triage.words import READ_AT_MOST

_LITTLE = 40  # words; who writes more says what it is about
_QUOTED = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)


def with_what_is_passed_on(message: Message, *, own: Iterable[str]) -> Message:
    """The mail with what it passes on as new text; as it is where it passes nothing on.

    `own` are the shop's addresses: what one of them wrote is not the sender's.
    """
    if not is_forward(message.subject) or len(message.new_text.split()) > _LITTLE:
        return message
    whole = _QUOTED.sub("", message.text[:READ_AT_MOST]).strip()
    lowered = whole.lower()
    if len(whole) <= len(message.new_text) or any(one.lower() in lowered for one in own if one):
        return message
    return replace(message, new_text=whole)
