"""Days of a search, in the window and on the command line, are those of the wall at that time."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime

import pytest

from app.cli import run
from app.config.paths import Profile
from app.engine.client import EngineClient
from app.ui.inbox.pane import Shown
from tests.support.engine import a_letter, an_engine
from tests.support.zones import machine_in, needs_moving


@needs_moving
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Pacific/Auckland"])
def test_a_mail_of_the_first_minutes_of_july_is_of_july(tmp_path, zone):
    """Asked for in November, when clocks stand otherwise."""
    said: list[str] = []
    with machine_in(zone), an_engine(tmp_path) as engine:
        begin = datetime(2026, 7, 1, 0, 5).astimezone()
        engine.clock.at = begin.astimezone(UTC)
        engine.receive(a_letter())
        engine.clock.at = datetime(2026, 11, 23, 12, tzinfo=UTC)
        desk = run.Desk(
            profile=Profile(tmp_path), client=EngineClient(Profile(tmp_path)),
            queries=engine.queries, clock=engine.clock, say=said.append, json=True,
        )  # fmt: skip
        for text, number in (("after:2026-07-01", 1), ("before:2026-07-01", 0)):
            assert len(Shown(search=text).ids(engine.queries, engine.clock.now())) == number
            said.clear()
            run._search(desk, Namespace(query=[text], complete=False, limit=50))
            assert len(said) == number
