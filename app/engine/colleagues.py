"""Colleagues: somebody of our own domain who passes a customer's letter on to the shop's mailbox.

The letter is the customer's: the issue is theirs and the answer goes to them. What the colleague
wrote above it is between us, so nothing of that mail goes along (addressing).
"""

from __future__ import annotations

from dataclasses import replace

from app.domain.correspondent import is_reached
from app.domain.message import Address, Message
from app.domain.subject import is_forward
from app.engine.assessing import own_domains
from app.mail import passed_on
from app.storage.messages import StoredMessage


def for_whom_it_speaks(message: Message, *, own: frozenset[str]) -> Message:
    """The mail, to be answered to who wrote the letter that a colleague passes on in it."""
    writer = letter_writer(message, own=own)
    if writer is None:
        return message
    ours = own_domains(own)
    if any(one.domain not in ours for one in message.reply_to):
        return message
    return replace(message, reply_to=(writer,))


def letter_writer(message: Message | StoredMessage, *, own: frozenset[str]) -> Address | None:
    """Who wrote the letter that a colleague passes on; None where the mail is nothing of the sort.

    `own` are the addresses that we write from: what comes from one of these is our own mail.
    """
    sender = message.from_
    if sender is None or not is_forward(message.subject) or sender.is_one_of(own):
        return None
    ours = own_domains(own)
    if sender.domain not in ours:
        return None
    writer = passed_on.writer(message.text)
    if writer is None or writer.domain in ours or writer.is_one_of(own) or not is_reached(writer):
        return None
    return writer
