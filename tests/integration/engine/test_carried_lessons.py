"""What was learnt from corrections goes through an export, and through a copy that is gone back to.

A mail of the sort that its owner corrected, which nobody corrected, is judged alike there.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.config.paths import Profile, resources
from app.config.settings import Settings
from app.domain.assessment import Kind
from app.engine.bringing_in import bring_in
from app.engine.copying import Copying
from app.engine.taking_out import take_out
from app.storage.restoring import restore
from app.storage.writer import Writer
from app.triage.classifier import LearnedClassifier
from tests.integration.engine.test_learning import TASTINGS, arrives, kind_of
from tests.support.engine import NOON, RULES, Engine, an_engine

WEIGHTS = resources() / "model" / "judgement.npz"


def a_classifier() -> LearnedClassifier:
    """As a process that starts has it: it has learnt nothing yet."""
    return LearnedClassifier(WEIGHTS, rules=RULES)


@pytest.fixture
def taught(tmp_path: Path) -> Iterator[Engine]:
    """Two mails were corrected, and others of their sort follow them."""
    with an_engine(tmp_path / "old", a_classifier()) as engine:
        for number, text in enumerate(TASTINGS[1:3]):
            engine.desk.override(arrives(engine, f"guest{number}", text), kind="site_account")
            engine.learning.step()
        yield engine


def judged(folder: Path) -> tuple[Kind, int]:
    """What a fresh engine on this profile makes of another mail of that sort, which comes before
    it has learnt again what does not travel."""
    with an_engine(folder, a_classifier()) as engine:
        engine.learning.start()
        key = arrives(engine, "late", TASTINGS[4])
        while engine.learning.is_busy:
            time.sleep(0.01)
        engine.learning.stop()
        return kind_of(engine, key), engine.issue(key).row.score


def test_an_export_keeps_what_corrections_taught(taught: Engine, tmp_path: Path) -> None:
    new = Profile(tmp_path / "new").make()
    take_out(Profile(taught.database.parent), tmp_path / "out", clock=taught.clock)
    writer = Writer(new.database, now=NOON)
    writer.start()
    bring_in(new, tmp_path / "out", writer=writer, now=NOON)
    writer.stop()
    taught.close()
    there, here = judged(new.folder), judged(taught.database.parent)
    assert there == here
    assert there[0] is Kind.SITE_ACCOUNT


def test_a_daily_copy_keeps_what_corrections_taught(taught: Engine, tmp_path: Path) -> None:
    copying = Copying(
        profile=Profile(taught.database.parent), writer=taught.writer, settings=Settings,
        clock=taught.clock, busy=bool, publish=lambda _: None,
    )  # fmt: skip
    made = copying.make()
    taught.close()
    new = Profile(tmp_path / "new").make()
    restore(new.database, made.file, now=NOON)
    assert judged(new.folder) == judged(taught.database.parent)
