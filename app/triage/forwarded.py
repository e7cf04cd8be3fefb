"""Forwarded: what somebody passes on counts as said, where they say little themselves.

The first step of the walk. "See below, can you deal?" over a colleague's quoted letter is that
letter; as quoted text alone it would be nobody's. Our own mails that come back stay quoted. From
whom, to whom and when the letter was sent is no part of it: its date is not one that it names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from app.domain.message import Message
from app.domain.subject import is_forward
from app.triage.words import READ_AT_MOST

_LITTLE = 40  # words; who writes more says what it is about
_QUOTED = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
# The lines that a mail program writes above what it passes on.
_SENT = (
    r"sent|date|gesendet|datum|envoy[ée](?: le)?|date d['’]envoi|enviado(?: el| em)?"
    r"|enviada(?: em)?|fecha|inviato|data(?: wys[łl]ania)?|verzonden|wys[łl]ano"
)
_OTHER = (
    r"from|von|de|da|van|od|mittente|desde|to|an|[àa]|pour|para|aan|do|destinatario|naar|cc|kopie"
    r"|copie [àa]|dw|c[óo]pia|copia|bcc|reply-to|antwort an"
)
_SUBJECT = r"subject|betreff|objet|asunto|oggetto|onderwerp|assunto|temat"
_HEADER = re.compile(
    rf"[ \t*_]{{0,4}}(?:(?P<sent>{_SENT})|(?P<other>{_OTHER})|(?:{_SUBJECT}))"
    r"[ \t*_\u00a0\u202f]{0,4}:",
    re.IGNORECASE,
)


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
    kept, block = list[str](), list[tuple[str, re.Match[str]]]()
    for line in (*text.split("\n"), ""):
        if (header := _HEADER.match(line)) is not None:
            block.append((line, header))
            continue
        kept += _said_in(block)
        kept.append(line)
        block.clear()
    return "\n".join(kept[:-1])


def _said_in(block: list[tuple[str, re.Match[str]]]) -> Iterator[str]:
    is_a_programs = len(block) > 1 and any(header["sent"] for _, header in block)
    for line, header in block:
        if not is_a_programs or not (header["sent"] or header["other"]):
            yield line
