"""Changes: what a write moved, so that each desk refreshes only that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """The ids of what moved. `issues` are keys; `added` those of them that are new; `views` are the
    names of saved views."""

    issues: frozenset[str] = frozenset()
    added: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()
    alerts: frozenset[int] = frozenset()
    outbox: frozenset[int] = frozenset()
    views: frozenset[str] = frozenset()

    def __or__(self, other: Changes) -> Changes:
        return Changes(
            issues=self.issues | other.issues,
            added=self.added | other.added,
            accounts=self.accounts | other.accounts,
            alerts=self.alerts | other.alerts,
            outbox=self.outbox | other.outbox,
            views=self.views | other.views,
        )

    def __bool__(self) -> bool:
        return bool(self.issues or self.accounts or self.alerts or self.outbox or self.views)

    def as_dict(self) -> dict[str, Any]:
        """The changes as they travel to a desk."""
        return {
            "issues": sorted(self.issues),
            "added": sorted(self.added),
            "accounts": sorted(self.accounts),
            "alerts": sorted(self.alerts),
            "outbox": sorted(self.outbox),
            "views": sorted(self.views),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Changes:
        """The changes that `as_dict` described."""
        return cls(**{name: frozenset(data.get(name, ())) for name in cls.__slots__})

    @classmethod
    def of_issues(cls, keys: Iterable[str]) -> Changes:
        """Only these issues moved."""
        return cls(issues=frozenset(keys))
