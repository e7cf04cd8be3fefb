"""Message: one thing that somebody said, as it was read from its bytes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Direction(StrEnum):
    """Who said it: somebody to the shop, or the shop to somebody."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A mail address with the name beside it; `email` is written as it came."""

    email: str
    name: str = ""

    @property
    def key(self) -> str:
        """The address as a key for comparing: lower case, no blanks."""
        return self.email.strip().lower()

    @property
    def mailbox(self) -> str:
        """The key without what stands behind a + before the @: both lie in one mailbox."""
        local, at, domain = self.key.rpartition("@")
        plain = local.partition("+")[0]
        return f"{plain or local}{at}{domain}"

    def is_one_of(self, own: Collection[str]) -> bool:
        """Whether it is among these keys, as it stands or without what follows a +."""
        return bool(self.email) and (self.key in own or self.mailbox in own)

    @property
    def domain(self) -> str:
        """What stands after the last @, in lower case; empty if there is none."""
        return self.key.rpartition("@")[2] if "@" in self.email else ""

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>" if self.name else self.email


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
    content_id: str = ""
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
        """Whom a reply goes to: Reply-To before From (a contact form writes in its own name)."""
        if self.reply_to:
            return self.reply_to[0]
        return self.from_ or Address(email="")

    def header(self, name: str) -> str:
        """The first value of a header, or an empty string."""
        values = self.headers.get(name.lower(), ())
        return values[0] if values else ""
