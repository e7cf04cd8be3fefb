"""Bounce words: why a mail did not arrive, from a server's code to a sentence for a shop owner.

Used by `bounce` for each recipient. The codes are those of RFC 3463 and its registry; where a
server gives none, its own words are looked through.
"""

from __future__ import annotations

import re

from app.domain.translation import to_translate, tr

SERVER_WORDS_MAX = 300
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")

_NO_SUCH_ADDRESS = to_translate("there is no such address")
_NO_SUCH_DOMAIN = to_translate("there is no mail server for that address")
_FULL = to_translate("the mailbox is full")
_SWITCHED_OFF = to_translate("the mailbox is switched off")
_TOO_LARGE = to_translate("the mail is too large for them")
_TOO_LATE = to_translate("their mail server did not take it in time")
_REFUSED = to_translate("their mail server took it for spam or has a rule against it")
_UNKNOWN = to_translate("their mail server did not take it")

# The subject and detail of a code mean the same whether it is permanent (5) or not (4).
_BY_STATUS = {
    "1.1": _NO_SUCH_ADDRESS,
    "1.2": _NO_SUCH_DOMAIN,
    "1.3": to_translate("the address is not written as an address"),
    "1.6": to_translate("the mailbox has moved"),
    "1.10": _NO_SUCH_ADDRESS,
    "2.1": _SWITCHED_OFF,
    "2.2": _FULL,
    "2.3": _TOO_LARGE,
    "3.4": _TOO_LARGE,
    "4.1": to_translate("their mail server did not answer"),
    "4.4": _NO_SUCH_DOMAIN,
    "4.6": to_translate("their mail servers send it round in a circle"),
    "4.7": _TOO_LATE,
}
_NOBODY = (
    r"user unknown|unknown (?:user|e-?mail|address|recipient)|no such (?:user|mailbox|address)"
    r"|does(?: not|n't) exist|not a valid (?:recipient|mailbox)|mailbox unavailable"
    r"|unbekannt|invalid recipient"
)
_BY_WORDS = (
    (_NOBODY, _NO_SUCH_ADDRESS),
    (r"(?:mailbox|quota|box|postfach)[^.\n]{0,40}(?:full|exceed|voll)|over ?quota", _FULL),
    (r"inactive|disabled|suspended|deaktiviert", _SWITCHED_OFF),
    (r"(?:host|domain)[^.\n]{0,40}not found|nxdomain|no mx", _NO_SUCH_DOMAIN),
    (r"too (?:large|big)|size limit|exceeds? (?:the )?(?:maximum )?size", _TOO_LARGE),
    (r"timed? ?out|retry time|too long", _TOO_LATE),
    (r"spam|block(?:ed|list)|black ?list|policy|dmarc|reputation|spf", _REFUSED),
)
_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), words) for pattern, words in _BY_WORDS)


def status_in(text: str) -> str:
    """The first enhanced status code (RFC 3463) in a text, or an empty string."""
    found = _STATUS.search(text)
    return found[1] if found else ""


def in_words(status: str, server: str) -> str:
    """Why it did not arrive; `status` is the code or empty, `server` what the server wrote."""
    detail = status[2:]
    if detail in _BY_STATUS:
        return tr(_BY_STATUS[detail])
    if detail.startswith("7."):
        return tr(_REFUSED)
    looked_through = server[:2_000]
    for pattern, words in _COMPILED:
        if pattern.search(looked_through):
            return tr(words)
    return tr(_UNKNOWN)
