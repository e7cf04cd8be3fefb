"""Parse: the bytes of a mail -> a Message. Second step of an e-mail's walk, after the fetch.

Nothing that arrives makes it raise: what cannot be read is guessed, and the guess is a warning.
Headers are read by `headers`, texts by `plain` where they are as usual, else by `fallback`.
"""

from __future__ import annotations

import hashlib
import logging
from codecs import BOM_UTF8
from collections.abc import Callable
from dataclasses import dataclass, field

from app.domain import remarks
from app.domain.message import Address, Message
from app.domain.translation import to_translate
from app.mail import contact_form, fallback, headers, plain, reaction
from app.mail.addresses import addresses
from app.mail.charsets import text_of
from app.mail.enclosed import Enclosed, enclosed
from app.mail.fallback import Body
from app.mail.reading import Said, new_part, said
from app.mail.written import MAX_TEXT

log = logging.getLogger(__name__)

_FILES_ELSEWHERE = to_translate("its large attachments are still on the server")
_ONLY_THE_START = to_translate("only the start of this mail was fetched, it is very large")
_IN_WHITE = to_translate("all of it is written in white, as on a dark screen")
_AS_IT_CAME = to_translate("it could not be read, which is our mistake: this is how it came")
MAX_HTML = 4 * MAX_TEXT
_MOST_AS_IT_CAME = 20_000

_NO_FILES = Enclosed()

BodyReader = Callable[[bytes], Body]


@dataclass(slots=True)
class _Reading:
    """What has been found out so far about one mail."""

    block: headers.HeaderBlock
    warnings: list[str] = field(default_factory=list)

    def people(self, name: str) -> tuple[Address, ...]:
        """The addresses in a field; what is odd about them becomes a warning."""
        found, odd = addresses(self.block.text(name))
        self.warnings.extend(f"{name}: {remark}" for remark in odd)
        return found


def read(raw: bytes, *, complete: bool = True, reader: BodyReader | None = None) -> Message:
    """The message in these bytes. Never raises, but where memory ends.

    `complete` is False where parts of the mail were left on its server. `reader` reads the texts in
    place of our two, the quick and the complete.
    """
    try:
        return _read(raw, complete=complete, reader=reader)
    except MemoryError:
        raise
    except Exception:  # no mail is lost, nor holds up others, for a mistake of ours
        log.exception("bug while a mail of %d bytes was read", len(raw))
        return _as_it_came(raw)


def _read(raw: bytes, *, complete: bool, reader: BodyReader | None) -> Message:
    mail = _lined(raw)
    reading = _Reading(block=headers.split(mail))
    reading.warnings.extend(reading.block.warnings)
    texts = _texts(mail, reading.block, complete=complete, reader=reader)
    reading.warnings.extend(texts.warnings)
    if not complete:
        parted = any(one.left_out for one in texts.files)
        reading.warnings.append(_FILES_ELSEWHERE if parted else _ONLY_THE_START)
    return _message(raw, mail, reading, texts)


def _as_it_came(raw: bytes) -> Message:
    """The beginning of its bytes as its text: the owner sees that it is there, and much of it."""
    digest, text = hashlib.sha256(raw).hexdigest(), text_of(raw[:_MOST_AS_IT_CAME])
    return Message(
        message_id=stand_in(digest),
        synthetic_id=True,
        subject="",
        text=text,
        new_text=text,
        raw_sha256=digest,
        raw_size=len(raw),
        warnings=(_AS_IT_CAME,),
    )


def attachment(raw: bytes, part: int) -> bytes | None:
    """The content of the attachment with this `part` number; None if there is none."""
    return fallback.attachment_bytes(_lined(raw), part)


def decoded(raw: bytes, part: int, data: bytes) -> bytes | None:
    """The content of a part that was left out of this mail, from its bytes on the server."""
    found = fallback.part_at(_lined(raw), part)
    return None if found is None else found.decoded(data)


def body(raw: bytes) -> Body:
    """The texts and files alone, where the rest of the message is not needed. Never raises."""
    mail = _lined(raw)
    return _texts(mail, headers.split(mail))


def _texts(
    mail: bytes,
    block: headers.HeaderBlock,
    *,
    complete: bool = True,
    reader: BodyReader | None = None,
) -> Body:
    if not complete:
        return fallback.body(mail, parted=True)
    if reader is not None:
        return reader(mail)
    return plain.body(mail, block) or fallback.body(mail)


def _lined(raw: bytes) -> bytes:
    """The mail with line ends: some very old programs write carriage returns alone. A byte order
    mark, as editors put before what they save, is none of its headers."""
    raw = raw.removeprefix(BOM_UTF8)
    return raw if b"\n" in raw else raw.replace(b"\r", b"\n")


def _message(raw: bytes, mail: bytes, reading: _Reading, texts: Body) -> Message:
    block = reading.block
    digest = hashlib.sha256(raw).hexdigest()
    own_id = headers.message_id(block.text("message-id"))
    senders = _senders(reading)
    html = _short(texts.html, MAX_HTML, reading)
    words, beside = _said(texts, mail, reading)
    to = reading.people("to")
    reply_to, form = _asked_by(reading, senders, to, words)
    sign = reaction.sign_of(texts.files, mail, words.new_text) if texts.files else ""
    return Message(
        message_id=own_id or stand_in(digest),
        synthetic_id=not own_id,
        subject=" ".join(headers.words(block.text("subject")).split())[:2_000],
        text=words.text,
        new_text=words.new_text,
        html=html,
        raw_sha256=digest,
        raw_size=len(raw),
        from_=senders[0] if senders else None,
        reply_to=reply_to,
        to=to,
        cc=reading.people("cc"),
        sent_at=headers.sent_at(block.text("date")),
        in_reply_to=headers.message_ids(block.text("in-reply-to")),
        references=headers.message_ids(block.text("references")),
        headers=block.decoded(),
        attachments=reaction.without(beside.attachments) if sign else beside.attachments,
        by_form=form,
        reaction=sign,
        warnings=tuple(dict.fromkeys(reading.warnings)),
    )


def stand_in(digest: str) -> str:
    """The Message-ID of a mail without one, the same wherever it is read."""
    return f"{digest[:40]}@without-id.invalid"


def _senders(reading: _Reading) -> tuple[Address, ...]:
    senders = reading.people("from") or reading.people("sender")
    fields = [name for name, _ in reading.block.fields]
    if len(senders) > 1 or fields.count("from") > 1:
        reading.warnings.append(
            to_translate("from: more than one sender is named, the first counts")
        )
    return senders


def _asked_by(
    reading: _Reading, senders: tuple[Address, ...], to: tuple[Address, ...], words: Said
) -> tuple[tuple[Address, ...], bool]:
    """Whom a reply goes to, and whether only the text of a contact form says so."""
    named = reading.people("reply-to")
    if not senders:
        return named, False
    found = contact_form.customer(
        senders[0], to, words.text, new_text=words.new_text, reply_to=named
    )
    if found is None:
        is_a_forms = len(named) == 1 and named[0].domain != senders[0].domain
        return ((contact_form.named(named[0], words.text),) if is_a_forms else named), False
    reading.warnings.append(
        to_translate("a contact form wrote it: the customer's address stands in the text")
    )
    return (found,), True


def _said(texts: Body, mail: bytes, reading: _Reading) -> tuple[Said, Enclosed]:
    """The readable text, what of it is new, and the files; a file's words where there are none."""
    words = said(texts.pieces, most=MAX_TEXT)
    if words.in_white:
        reading.warnings.append(_IN_WHITE)
    if not texts.files and len(words.text) <= MAX_TEXT:
        return words, _NO_FILES
    report = reading.block.text("content-type").lower().startswith("multipart/report")
    beside = enclosed(texts.files, mail, wordless=not words.text and not report)
    reading.warnings.extend(beside.warnings)
    text = _short(words.text or beside.instead, MAX_TEXT, reading)
    return Said(text, words.new_text if words.text else new_part(text)), beside


def _short(text: str, most: int, reading: _Reading) -> str:
    if len(text) <= most:
        return text
    reading.warnings.append(remarks.FIRST_LETTERS.format(n=f"{most:,}"))
    return text[:most]
