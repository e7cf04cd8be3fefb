"""The rules that come with Frontburner, read once for all tests of this room."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.triage.rules import Rules
from tests.support.shipped import RULES

SHIPPED = Path(__file__).parents[3] / "rules"


@pytest.fixture(scope="session")
def shipped() -> Path:
    return SHIPPED


@pytest.fixture(scope="session")
def rules() -> Rules:
    return RULES
