"""Bounce: what a mail server says about a mail that was sent. Read from the bytes, after parse.

Two forms count: the report with a part for machines (RFC 3464, RFC 6533), and the plain letter of
a mailer daemon with the headers of the returned mail below it. Read receipts (RFC 8098) and
reports on encryption (RFC 8460) are "multipart/report" too and say nothing about delivery. Whether
the mail was ours is for the engine to decide, by the Message-IDs that are named here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.message import Message
from app.mail import fallback, headers
from app.mail.bounce_words import SERVER_WORDS_MAX, in_words, status_in
from app.mail.fallback import Part

_STATUS_PARTS = ("message/delivery-status", "message/global-delivery-status")
_RETURNED_PARTS = (
    *("message/rfc822", "message/global", "text/rfc822-headers"),
    *("message/global-headers", "message/rfc822-headers"),
)
_DAEMONS = ("mailer-daemon", "mail-daemon", "postmaster", "mailerdaemon")
_MOST_TEXT = 100_000
_MOST_RECIPIENTS = 50
_BLANK_LINES = re.compile(rb"\r?\n[ \t]*\r?\n")
_NAMED_ID = re.compile(r"^[ \t>]*Message-ID:\s*<([^<>\s]{3,998})>", re.IGNORECASE | re.MULTILINE)
# Where the letter ends and the returned mail begins.
_RETURNED_BELOW = re.compile(
    r"^[ \t>]{0,20}-{2,}[^\n]{0,100}(?:below|original|copy|header|unsent|follow)"
    r"|^(?:Received|Return-Path|DKIM-Signature|Message-ID|From):",
    re.IGNORECASE | re.MULTILINE,
)
_RECIPIENT = re.compile(
    r"^[ \t]*<?([^\s<>@:;,\"()]{1,64}@[A-Za-z0-9.-]{1,253})(?:>|(?=[:\s])|$)[ \t]*:?", re.MULTILINE
)
_STILL_TRYING = re.compile(
    r"will (?:be retried|keep trying|continue)|attempts will continue"
    r"|still (?:being retried|trying)|has not (?:yet )?been delivered yet"
    r"|no action is required|warning: could not send|weiter(?:hin)? versucht",
    re.IGNORECASE,
)
_GIVEN_UP = re.compile(
    r"\b5\d\d[ :-]|\b5\.\d{1,3}\.\d{1,3}\b|could ?n[o']t be delivered|(?:not|un)able to deliver"
    r"|undeliver|delivery[^.\n]{0,40}fail|permanent|returned to sender|nicht zugestellt"
    r"|unzustellbar|n'a pas pu être|no se ha podido entregar",
    re.IGNORECASE,
)


class Outcome(StrEnum):
    """What became of the mail: given up, still tried, or arrived."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Somebody whom the mail did not reach: why, in words, and what the server said."""

    recipient: str
    reason: str
    server: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """What a mail server reports; `named` are the Message-IDs in it, the surest first."""

    outcome: Outcome
    named: tuple[str, ...]
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """One recipient's block of a report for machines."""

    outcome: Outcome
    failure: Failure


def read(raw: bytes, message: Message) -> DeliveryReport | None:
    """The report in a mail, or None where it is none. Never raises."""
    if not may_be_one(message):
        return None
    leaves = tuple(fallback.parts(raw))
    status = [part for part in leaves if part.content_type in _STATUS_PARTS]
    named = _named(raw, leaves, message)
    if status:
        return _for_machines([said for part in status for said in _said(part.content(raw))], named)
    if "multipart/report" in message.header("content-type").lower():
        return None  # a read receipt, a report on encryption or abuse
    return _letter(message, named)


def may_be_one(message: Message) -> bool:
    """Whether the headers are those of a report; the parts of no other mail are looked at."""
    sender = message.from_.key if message.from_ else ""
    content_type = message.header("content-type").lower()
    return (
        "multipart/report" in content_type
        or sender.startswith(_DAEMONS)
        or bool(message.header("x-failed-recipients"))
    )


def _named(raw: bytes, leaves: Sequence[Part], message: Message) -> tuple[str, ...]:
    """The ids of the returned mail: in its headers, in the letter, else in what is answered."""
    returned = (
        headers.message_id(headers.split(part.content(raw)).text("message-id"))
        for part in leaves
        if part.content_type in _RETURNED_PARTS
    )
    written = _NAMED_ID.findall(message.text[:_MOST_TEXT])
    answered = (*message.in_reply_to, *reversed(message.references))
    return tuple(dict.fromkeys(one for one in (*returned, *written, *answered) if one))


def _said(content: bytes) -> Iterator[_Said]:
    """What is said of each recipient; the first block is about the mail as a whole."""
    for block in _BLANK_LINES.split(content.strip())[: _MOST_RECIPIENTS + 1]:
        fields = headers.split(block.strip() + b"\n")
        recipient = fields.text("original-recipient") or fields.text("final-recipient")
        if not recipient:
            continue
        server = " ".join(fields.text("diagnostic-code").partition(";")[2].split())
        status = status_in(fields.text("status")) or status_in(server)
        outcome = _outcome(fields.text("action"), status)
        if outcome is not None:
            failure = Failure(
                recipient=recipient.rpartition(";")[2].strip(" <>")[:320],
                reason=in_words(status, server),
                server=server[:SERVER_WORDS_MAX],
            )
            yield _Said(outcome=outcome, failure=failure)


def _outcome(action: str, status: str) -> Outcome | None:
    """RFC 3464 2.3.3; where the action is missing, the class of the status says the same."""
    word = action.split("(")[0].strip().lower()
    if word in ("failed", "delayed"):
        return Outcome(word)
    if word in ("delivered", "relayed", "expanded"):
        return Outcome.DELIVERED
    classes = {"5": Outcome.FAILED, "4": Outcome.DELAYED, "2": Outcome.DELIVERED}
    return classes.get(status[:1])


def _for_machines(said: Sequence[_Said], named: tuple[str, ...]) -> DeliveryReport | None:
    outcomes = {one.outcome for one in said}
    worst = next((one for one in Outcome if one in outcomes), None)
    if worst is None:
        return None
    failures = tuple(one.failure for one in said if one.outcome is Outcome.FAILED)
    return DeliveryReport(outcome=worst, named=named, failures=failures)


def _letter(message: Message, named: tuple[str, ...]) -> DeliveryReport | None:
    """A mailer daemon's letter: words for people, above the headers of what it returns."""
    text = message.text[:_MOST_TEXT]
    below = _RETURNED_BELOW.search(text)
    above = text[: below.start()] if below else text
    listed = message.header("x-failed-recipients")
    if not listed and _STILL_TRYING.search(f"{message.subject}\n{above}"):
        return DeliveryReport(outcome=Outcome.DELAYED, named=named)
    if not listed and not _GIVEN_UP.search(f"{message.subject}\n{above}"):
        return None
    return DeliveryReport(
        outcome=Outcome.FAILED, named=named, failures=tuple(_letter_failures(above, listed))
    )


def _letter_failures(above: str, listed: str) -> Iterator[Failure]:
    """The recipients that the header lists, else the addresses that begin a line."""
    places = {match[1].lower(): match.end() for match in _RECIPIENT.finditer(above)}
    wanted = [one.strip(" <>") for one in listed.split(",")] if listed else list(places)
    for recipient in dict.fromkeys(one for one in wanted if one):
        place = places.get(recipient.lower())
        server = "" if place is None else _paragraph(above[place:])
        status = status_in(server)
        yield Failure(
            recipient=recipient[:320],
            reason=in_words(status, server or above),
            server=server[:SERVER_WORDS_MAX],
        )


def _paragraph(text: str) -> str:
    """The words up to the next blank line, on one line."""
    return " ".join(re.split(r"\n[ \t]*\n", text.strip(), maxsplit=1)[0].split())
