"""Enclosed: what the files of a mail are, as far as it can be said in lines. A step of parse.

Of an invitation what, when, where and who; of an attached mail from whom and about what; of a
winmail.dat the names of its files. All of it is text: nothing is opened, answered or run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.message import Attachment
from app.mail import fallback, headers, invitation, tnef
from app.mail.charsets import decode
from app.mail.fallback import Part
from app.mail.parameters import safe_filename

_MOST_FILES = 20
_MOST_BYTES = 200_000
_RESERVED = {"winmail.dat", "win.dat"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosed:
    """The attachments with what is in them; `instead` is read where the mail has no text itself."""

    attachments: tuple[Attachment, ...] = ()
    instead: str = ""


def enclosed(files: Sequence[Part], mail: bytes) -> Enclosed:
    """What the files of this mail are, and what of them is to be read."""
    attachments: list[Attachment] = []
    instead: list[str] = []
    for at, part in enumerate(files):
        one = fallback.attachment(part, mail)
        if at < _MOST_FILES:
            one, words = _opened(one, part, mail)
            instead.append(words)
        attachments.append(one)
    return Enclosed(
        attachments=tuple(attachments),
        # Mail programs send an invitation twice, as a part to read and as a file.
        instead="\n\n".join(words for words in dict.fromkeys(instead) if words),
    )


def _opened(one: Attachment, part: Part, mail: bytes) -> tuple[Attachment, str]:
    """The attachment with what is in it, and the words that it has for a mail without text."""
    if part.content_type in tnef.TYPES or part.filename.lower() in _RESERVED:
        packed = tnef.unpacked(part.content(mail))
        return replace(one, contains=packed.names), packed.text
    if part.content_type == "text/calendar":
        event = _event(part, mail)
        return replace(one, contains=tuple(event.splitlines())), event
    if part.content_type == "message/rfc822":
        return _attached_mail(one, part, mail), ""
    return one, ""


def _event(part: Part, mail: bytes) -> str:
    return invitation.in_words(decode(part.content(mail)[:_MOST_BYTES], part.charset or "utf-8"))


def _attached_mail(one: Attachment, part: Part, mail: bytes) -> Attachment:
    """A forwarded mail, under the name of its subject where it has no other."""
    block = headers.split(part.content(mail)[:_MOST_BYTES])
    said = {
        name: " ".join(headers.words(block.text(name)).split())[:200]
        for name in ("from", "date", "subject")
    }
    lines = tuple(f"{name.capitalize()}: {words}" for name, words in said.items() if words)
    if part.filename or not said["subject"]:
        return replace(one, contains=lines)
    name = safe_filename(f"{said['subject'][:100]}.eml", fallback=one.filename)
    return replace(one, filename=name, contains=lines)
