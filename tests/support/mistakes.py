"""Mistakes of ours that no owner may suffer from are to be seen in every test."""

from __future__ import annotations

from app.domain.message import Message
from app.mail import parse

AS_IT_CAME = parse._as_it_came


def show_them() -> None:
    """Where reading a mail falls over, the test does as well."""
    parse._as_it_came = _raise  # type: ignore[assignment]


def _raise(_raw: bytes) -> Message:
    raise  # noqa: PLE0704 - it is called where the mistake was caught
