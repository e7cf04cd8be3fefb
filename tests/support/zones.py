"""The machine moved to another time zone, as a person moves it, for the length of a test."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

# Windows tells a program its zone once; there nobody can be moved.
needs_moving = pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone cannot be set here")


@contextmanager
def machine_in(name: str) -> Iterator[None]:
    """The system's own clock on the wall shows the time of this zone."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = name
    time.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()
