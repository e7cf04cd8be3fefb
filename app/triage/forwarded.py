"""Forwarded: what somebody passes on counts as said, where they say little themselves.

The first step of the walk. "See below, can you deal?" over a colleague's quoted letter is that
letter; as quoted text alone it would be nobody's. Our own mails that come back stay quoted. From
whom, to whom and when the letter was sent is no part of it: its date is not one that it names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from app.domain.header_labels import header_of
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
    return replace(message, new_text=_without_headers(whole))


def _without_headers(text: str) -> str:
    """The text without the header lines of what was passed on; a subject stays.

    One line alone, or several without a date ("From: Grandma, to: Ben"), are somebody's own words.
    """
    kept, block = list[str](), list[tuple[str, str]]()
    for line in (*text.split("\n"), ""):
        if header := header_of(line):
            block.append((line, header))
            continue
        kept += _said_in(block)
        kept.append(line)
        block.clear()
    return "\n".join(kept[:-1])


def _said_in(block: list[tuple[str, str]]) -> Iterator[str]:
    is_a_programs = len(block) > 1 and any(header == "sent" for _, header in block)
    for line, header in block:
        if not is_a_programs or header == "subject":
            yield line
