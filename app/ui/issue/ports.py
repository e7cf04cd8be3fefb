"""What the issue's pages need from the rest of the window: somebody who asks the engine, and
somebody who reads the profile. The real ones are ui.bridge and engine.queries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

from app.domain.dispute_views import DisputeRow
from app.domain.views import InboxRow, IssueView, Overview

Answer = dict[str, Any]


class Asks(Protocol):
    """Asks the engine for a verb; returns at once, and calls back in Qt's thread."""

    def run(
        self,
        verb: str,
        *,
        then: Callable[[Answer], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        **args: Any,
    ) -> None:
        """Ask; exactly one of `then` and `failed` is called later."""


class Reads(Protocol):
    """Reads from the profile: one issue whole, and what lies around it."""

    def issue(self, key: str) -> IssueView:
        """The issue. Raises KnownError."""

    def inbox_ids(self, view: str, *, now: datetime) -> Sequence[int]:
        """The issues of a view. Raises KnownError."""

    def rows(self, ids: Sequence[int]) -> list[InboxRow]:
        """The rows of these issues. Raises KnownError."""

    def search(self, text: str, *, now: datetime, limit: int = 300) -> Sequence[int]:
        """The issues that the words name. Raises KnownError."""

    def people(self) -> tuple[str, ...]:
        """Who can be told of an issue. Raises KnownError."""

    def disputes(self, *, only_open: bool = False) -> tuple[DisputeRow, ...]:
        """All disputes. Raises KnownError."""

    def overview(self, *, now: datetime) -> Overview:
        """What frames the list. Raises KnownError."""
