"""Where the measured material lies; tests that use it skip with a clear reason without it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def shared_data(name: str) -> Path:
    """A folder or file of the shared material, or a skip that says what is missing."""
    path = where(name)
    if not path.exists():
        pytest.skip(f"the shared material {name} is not on this machine")
    return path


def where(name: str) -> Path:
    """Where it would lie, whether it is there or not."""
    root = os.environ.get("FRONTBURNER_SHARED_DATA", "")
    folder = Path(root) if root else Path(__file__).parents[3] / "shared" / "data"
    return folder / name
