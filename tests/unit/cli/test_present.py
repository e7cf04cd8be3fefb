"""What commands print for programs."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.cli import present
from app.domain.journal import Entry, EntryType


@pytest.mark.parametrize(
    ("kept", "printed"),
    [
        ("2026-12-24T09:00:00+00:00", "2026-12-24T09:00:00Z"),
        ("2026-12-24T09:00:00Z", "2026-12-24T09:00:00Z"),
        ("order +00:00", "order +00:00"),
        (7, 7),
    ],
)
def test_an_instant_in_the_journal_ends_with_z(kept, printed):
    """As all instants of the command line do; older entries have it in another form."""
    entry = Entry(
        id="e",
        device="d",
        counter=1,
        at=datetime(2026, 11, 23, tzinfo=UTC),
        type=EntryType.SNOOZE,
        atoms=(),
        data={"until": kept},
    )
    assert present.entry(entry)["data"] == {"until": printed}
