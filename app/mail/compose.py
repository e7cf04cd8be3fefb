"""Compose: what a person wrote becomes the bytes that are sent, once and for good.

On the walk: "Send reply" -> guard -> here -> outbox row QUEUED with these frozen bytes -> smtp.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from app.domain.errors import Refused
from app.domain.message import Address
from app.domain.reply import Outgoing
from app.domain.subject import without_answer_marks
from app.domain.translation import tr
from app.mail.flowed import flow, tidy
from app.mail.header_lines import (
    address_line,
    flat,
    id_line,
    is_field_name,
    is_message_id,
    text_line,
)

REFERENCES_KEPT = 20  # the last ones, beside the first: what the big mail programs keep
QUOTED_LINES = 200  # of the customer's mail below our own words
QUOTED_LETTERS = 16_000  # a line has no end where a program wrote it
_SUBJECT_MAX = 400
_OWN = frozenset(
    {
        *("from", "sender", "return-path", "reply-to", "to", "cc", "bcc", "subject", "date"),
        *("message-id", "in-reply-to", "references"),
        *("mime-version", "content-type", "content-transfer-encoding"),
    }
)
_DATE = re.compile(rb"(?m)^Date: [^\r\n]*")
_ATTRIBUTION = {
    "en": "On {day} {month} {year} at {time}, {who} wrote:",
    "de": "Am {day}. {month} {year} um {time} Uhr schrieb {who}:",
    "fr": "Le {day} {month} {year} à {time}, {who} a écrit :",
    "es": "El {day} de {month} de {year} a las {time}, {who} escribió:",
    "it": "Il giorno {day} {month} {year} alle ore {time}, {who} ha scritto:",
    "nl": "Op {day} {month} {year} om {time} schreef {who}:",
    "pt": "Em {day} de {month} de {year} às {time}, {who} escreveu:",
    "pl": "W dniu {day} {month} {year} o {time} {who} napisał(a):",
}
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio"
    " julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno"
    " luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pt": "janeiro fevereiro março abril maio junho"
    " julho agosto setembro outubro novembro dezembro",
    "pl": "stycznia lutego marca kwietnia maja czerwca"
    " lipca sierpnia września października listopada grudnia",
}


def compose(outgoing: Outgoing) -> bytes:
    """The whole mail with CRLF line ends; the same `outgoing` gives the same bytes.

    Refused if an address or the subject cannot be sent as it is, or nobody is to receive it.
    """
    if not outgoing.to:
        raise Refused(tr("Nobody is to receive this"), "", tr("Enter an address and send again."))
    if not is_message_id(outgoing.message_id):
        raise ValueError("the Message-ID of an outgoing mail is not one")
    body = EmailMessage(policy=SMTP)
    body.set_content(_text(outgoing), cte="quoted-printable", params={"format": "flowed"})
    if outgoing.enclosures:
        _enclose(body, outgoing)
    return _headers(outgoing).encode() + body.as_bytes()


def redated(mime: bytes, at: datetime) -> bytes:
    """The mail with another Date, and nothing else changed: that of a planned reply's first try.

    A mail that is dated hours before it comes lies below what came since, and looks like spam.
    """
    head, blank, body = mime.partition(b"\r\n\r\n")
    dated = _DATE.sub(lambda _: f"Date: {format_datetime(at)}".encode(), head, count=1)
    return dated + blank + body


def reply_subject(subject: str) -> str:
    """The subject with one "Re:" before it, whatever stood there, on one line."""
    rest = without_answer_marks(flat(subject))
    if len(rest) > _SUBJECT_MAX:
        rest = rest[:_SUBJECT_MAX].rstrip() + "…"
    return f"Re: {rest}".strip()


def quote(text: str, who: Address | str, when: datetime, language: str = "en") -> str:
    """What they wrote, marked with ">" under a line that says who and when.

    The date is written in the zone that `when` carries; a language that is not of the eight gets
    the English line.
    """
    name = flat((who.name or who.email) if isinstance(who, Address) else who)
    said = text.strip("\r\n")
    lines = tidy(said[:QUOTED_LETTERS]).strip("\n").split("\n")
    if len(lines) > QUOTED_LINES or len(said) > QUOTED_LETTERS:
        lines = [*lines[:QUOTED_LINES], "[…]"]
    marked = (f">{line}" if line.startswith(">") else f"> {line}".rstrip() for line in lines)
    return "\n".join((_attribution(name, when, language), *marked))


def signed(body: str, signature: str) -> str:
    """The words with the signature below them, once: not where they end in it already."""
    words, below = tidy(body).rstrip(), tidy(signature).strip("\n")
    if not below.strip() or words.endswith(below.rstrip()):
        return words
    return f"{words}\n\n-- \n{below}"


def _enclose(body: EmailMessage, outgoing: Outgoing) -> None:
    """Make it multipart/mixed: the text first, then each file in base64.

    Names travel as RFC 2231 has them. A mail as a file is sent as bytes, because message/rfc822
    may not be encoded (RFC 2046 5.2.1).
    """
    for one in outgoing.enclosures:
        maintype, _, subtype = one.content_type.partition("/")
        if maintype in ("message", "multipart") or not subtype:
            maintype, subtype = "application", "octet-stream"
        params = {"charset": "utf-8"} if maintype == "text" and _is_utf8(one.content) else {}
        body.add_attachment(
            one.content,
            maintype=maintype,
            subtype=subtype,
            filename=one.filename,
            params=params,
        )
    mark = hashlib.sha256(outgoing.message_id.encode()).hexdigest()[:24]
    body.set_boundary(f"=_fb_{mark}")  # "=_" stands in no encoded text, so in none of the parts


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _text(outgoing: Outgoing) -> str:
    own = flow(signed(outgoing.body, outgoing.signature))
    below = f"\n\n{flow(outgoing.quoted, quoted=True)}" if outgoing.quoted else ""
    return f"{own}{below}\n"


def _headers(outgoing: Outgoing) -> str:
    return "".join(
        (
            address_line("From", (outgoing.sender,)),
            address_line("Reply-To", (outgoing.reply_to,)) if outgoing.reply_to else "",
            address_line("To", outgoing.to),
            address_line("Cc", outgoing.cc) if outgoing.cc else "",
            text_line("Subject", outgoing.subject),
            f"Date: {format_datetime(outgoing.at)}\r\n",
            id_line("Message-ID", (outgoing.message_id,)),
            id_line("In-Reply-To", (outgoing.in_reply_to,)),
            id_line("References", _references(outgoing)),
            *(text_line(name, value) for name, value in _extra(outgoing)),
        )
    )


def _references(outgoing: Outgoing) -> Sequence[str]:
    """The conversation so far and what is answered, trimmed to the first and the last ones."""
    ids = dict.fromkeys(one for one in outgoing.references if is_message_id(one))
    if outgoing.in_reply_to:
        ids.pop(outgoing.in_reply_to, None)
        ids[outgoing.in_reply_to] = None
    chain = tuple(ids)
    return chain if len(chain) <= REFERENCES_KEPT + 1 else (chain[0], *chain[-REFERENCES_KEPT:])


def _extra(outgoing: Outgoing) -> Sequence[tuple[str, str]]:
    for name in outgoing.headers:
        if not is_field_name(name) or name.lower() in _OWN:
            raise ValueError(f"{name!r} is not a header that a reply may add")
    return tuple(outgoing.headers.items())


def _attribution(who: str, when: datetime, language: str) -> str:
    code = language[:2].lower()
    if code not in _ATTRIBUTION:
        code = "en"
    return _ATTRIBUTION[code].format(
        day=when.day,
        month=_MONTHS[code].split()[when.month - 1],
        year=when.year,
        time=f"{when:%H:%M}",
        who=who,
    )
