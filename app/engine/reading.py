"""Reading: a mail with what it says, between the reader and the pipeline."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.mailbox import FetchedMail
from app.domain.message import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A mail as it was fetched, as it was read, and its bytes as they will be kept."""

    mail: FetchedMail
    message: Message
    packed: bytes = b""
