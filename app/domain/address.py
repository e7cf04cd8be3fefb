"""Address: one mail address as a mail names it, and when two of them are the same."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A mail address with the name beside it; `email` is written as it came."""

    email: str
    name: str = ""

    @property
    def key(self) -> str:
        """The address as a key for comparing."""
        return key_of(self.email)

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


def key_of(email: str) -> str:
    """An address as a key for comparing: lower case, no blanks around it."""
    return email.strip().lower()
