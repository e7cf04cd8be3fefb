"""Limits: how long a mail server may take before it counts as silent. Read by the gateway."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """All in seconds.

    `connect` until the connection stands, `answer` between two signs of life while something was
    asked, `whole` until any command is over, however slowly the server talks.
    """

    connect: float = 15.0
    answer: float = 60.0
    whole: float = 900.0


USUAL = Limits()
