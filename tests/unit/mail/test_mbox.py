"""When a mail in an mbox file arrived, by the line above it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.mail.mbox import arrived_at
from tests.support.zones import machine_in, needs_moving


@needs_moving
@pytest.mark.parametrize("zone", [b"", b"+0000 ", b"-0000 "])
def test_a_line_without_a_zone_means_utc_wherever_it_is_read(zone: bytes) -> None:
    """-0000 says that no zone is known (RFC 5322 3.3); it was read by the clock on the wall."""
    with machine_in("Europe/Berlin"):
        found = arrived_at(
            b"From me@example.com Mon Nov  2 10:00:00 " + zone + b"2026\nSubject: x\n"
        )
    assert found == datetime(2026, 11, 2, 10, tzinfo=UTC)
