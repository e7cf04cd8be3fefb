"""Rescue: which mails in Junk are brought in after all, and why the others are left there.

Beside the walk: asked for mails of the Junk folder only, after they were judged like any other. The
provider held them back, mostly rightly; so a mail needs a tie to the shop that a stranger cannot
make up. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.domain.assessment import Assessment, Kind
from app.domain.message import Message
from app.domain.translation import to_translate, tr
from app.triage.rules import Rules

ANSWERS_US = to_translate("it answers a mail of ours")
KNOWN_CUSTOMER = to_translate("it comes from a customer whom the shop knows")
STRANGER = to_translate("nobody whom the shop knows sent it")
FORGED = to_translate("the mail server's check says that its sender is forged")
PRETENDS = to_translate("it pretends to be somebody else")
UNPROVEN = to_translate(
    "it claims to be a dispute notice, and no check of the mail server proves it"
)
OLD = to_translate("it is older than what counts as history")

_DMARC = re.compile(r"\bdmarc\s*=\s*(\w+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescue:
    """One of the two is a reason: why a mail is brought in, or why it is left."""

    because: str = ""
    left: str = ""


def rescue_of(
    message: Message,
    assessment: Assessment,
    *,
    known_customer: bool,
    answers_ours: bool,
    rules: Rules,
) -> Rescue:
    """Decide about one mail in Junk.

    Who answers us names a Message-ID that only who got our mail can know. A customer's address can
    be written by anybody: what fails the server's own check (DMARC, in the topmost
    Authentication-Results, RFC 8601 5) is not believed. A notice of a dispute needs that check.
    """
    if answers_ours:
        return Rescue(because=tr(ANSWERS_US))
    verdict = _dmarc(message)
    if verdict == "fail":
        return Rescue(left=tr(FORGED))
    if assessment.suspicion.is_suspicious:
        return Rescue(left=tr(PRETENDS))
    if known_customer:
        return Rescue(because=tr(KNOWN_CUSTOMER))
    if Kind.DISPUTE in (assessment.kind, assessment.second_kind):
        return _notice(message, rules, proven=verdict == "pass")
    return Rescue(left=tr(STRANGER))


def _notice(message: Message, rules: Rules, *, proven: bool) -> Rescue:
    provider = rules.provider_of(message.from_.domain if message.from_ else "")
    if provider is None:
        return Rescue(left=tr(STRANGER))
    if not proven:
        return Rescue(left=tr(UNPROVEN))
    return Rescue(
        because=tr(
            "it is a dispute notice, and the mail server proves: of {name}", name=provider.name
        )
    )


def _dmarc(message: Message) -> str:
    found = _DMARC.search(message.header("authentication-results"))
    return found[1].lower() if found else ""
