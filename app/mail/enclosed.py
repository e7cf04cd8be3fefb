"""Enclosed: what the files of a mail are, as far as it can be said in lines. A step of parse.

Of an invitation what, when, where and who; of an attached mail from whom and about what; of a
winmail.dat the names of its files. All of it is text: nothing is opened, answered or run. Of a mail
without words of its own, what its files say is read: a mail passed on as a file is all there is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.message import Attachment
from app.domain.translation import to_translate
from app.mail import fallback, headers, invitation, tnef
from app.mail.charsets import decode
from app.mail.fallback import Part
from app.mail.parameters import safe_filename
from app.mail.pieces import piece
from app.mail.reading import said

_MOST_FILES = 20
_MOST_BYTES = 200_000
_MOST_LETTERS = 100_000
_MOST_MAIL = 1_000_000
_DEEPEST = 3  # a mail in a mail in a mail
_RESERVED = {"winmail.dat", "win.dat"}
_SEALS = frozenset(
    ("application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted")
)
_SEALED = to_translate("it is sealed (S/MIME or PGP): only your mail program can open it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosed:
    """The attachments with what is in them; `instead` is read where the mail has no text itself."""

    attachments: tuple[Attachment, ...] = ()
    instead: str = ""
    warnings: tuple[str, ...] = ()


def enclosed(files: Sequence[Part], mail: bytes, *, wordless: bool) -> Enclosed:
    """What the files of this mail are, and what of them is to be read.

    `wordless`: it says nothing itself, so what its files say is looked for in all of them.
    """
    attachments: list[Attachment] = []
    instead: list[str] = []
    for at, part in enumerate(files):
        one = fallback.attachment(part, mail)
        if at < _MOST_FILES:
            one, words = _opened(one, part, mail)
            instead.append(words or (_words_of(part, mail, depth=1) if wordless else ""))
        attachments.append(one)
    return Enclosed(
        attachments=tuple(attachments),
        # Mail programs send an invitation twice, as a part to read and as a file.
        instead="\n\n".join(words for words in dict.fromkeys(instead) if words),
        warnings=(_SEALED,) if any(map(_is_sealed, files)) else (),
    )


def _is_sealed(part: Part) -> bool:
    return part.content_type in _SEALS or part.filename.lower() == "smime.p7m"


def _words_of(part: Part, mail: bytes, *, depth: int) -> str:
    """What a file says: an attached mail, or a text that was shown between the words."""
    if part.is_body:
        words = part.written.read(mail[part.start : part.end])
        return said((piece(words, html=part.written.html),), most=_MOST_LETTERS).text
    if part.content_type != "message/rfc822":
        return ""
    inner = part.content(mail)[:_MOST_MAIL]
    body = fallback.body(inner)
    words = said(body.pieces, most=_MOST_LETTERS).text
    if not words and depth < _DEEPEST:
        found = (_words_of(one, inner, depth=depth + 1) for one in body.files[:_MOST_FILES])
        words = "\n\n".join(filter(None, found))
    return "\n\n".join(filter(None, ("\n".join(_heading(inner)), words))) if words else ""


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
    lines = _heading(part.content(mail)[:_MOST_BYTES])
    subject = next((line[9:] for line in lines if line.startswith("Subject: ")), "")
    if part.filename or not subject:
        return replace(one, contains=lines)
    name = safe_filename(f"{subject[:100]}.eml", fallback=one.filename)
    return replace(one, filename=name, contains=lines)


def _heading(mail: bytes) -> tuple[str, ...]:
    """From whom a mail is, of when, and about what."""
    block = headers.split(mail)
    found = (
        (name, " ".join(headers.words(block.text(name)).split())[:200])
        for name in ("from", "date", "subject")
    )
    return tuple(f"{name.capitalize()}: {words}" for name, words in found if words)
