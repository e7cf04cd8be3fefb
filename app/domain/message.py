"""Message: one thing that somebody said, as it was read from its bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.domain import correspondent
from app.domain.address import Address as Address  # what a mail names: many ask for it here


class Direction(StrEnum):
    """Who said it: somebody to the shop, or the shop to somebody."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A part of a message that is a file; `part` is its place in the walk through the MIME tree.

    `contains` says in lines what is in it: the files of a package, an invitation's event, from whom
    and about what a mail is. `section` is its number on
    the server (RFC 3501 6.4.5) while it lies only there, and `size` then what the server says.
    """

    filename: str
    content_type: str
    size: int
    part: int
    inline: bool = False
    contains: tuple[str, ...] = ()
    section: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as read from its bytes; nothing in it depends on where it was found.

    `message_id` carries no angle brackets and is synthetic (from the hash of the bytes) where the
    mail has none. `headers` maps lower-case names to the decoded values in order of appearance.
    `new_text` is `text` without quoted mail and signature. `html` is the HTML body as it came.
    `by_form`: a contact form wrote it, and `reply_to` is the person whom its text names.
    `reaction` is the sign, where one is all that it says: a thumb put up at a mail of ours.
    """

    message_id: str
    subject: str
    text: str
    new_text: str
    raw_sha256: str
    raw_size: int
    from_: Address | None = None
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    sent_at: datetime | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    html: str = ""
    synthetic_id: bool = False
    by_form: bool = False
    reaction: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def customer(self) -> Address:
        """Whom a reply goes to, as far as the mail alone tells; empty where it names nobody."""
        return correspondent.customer_of(self.from_, self.reply_to, to=self.to)

    def header(self, name: str) -> str:
        """The first value of a header, or an empty string."""
        values = self.headers.get(name.lower(), ())
        return values[0] if values else ""
