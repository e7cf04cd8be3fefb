"""Limits: how long a mail server may take, and how much of our own mail goes before the rest."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """In seconds: `connect` until the connection stands, `answer` between two signs of life while
    something was asked, `whole` until any command is over, however slowly the server talks.

    `first_of_sent`: how many mails of ours, the newest, are read before the INBOX.
    """

    connect: float = 15.0
    answer: float = 60.0
    whole: float = 900.0
    first_of_sent: int = 1_000


USUAL = Limits()
