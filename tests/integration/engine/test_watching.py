"""The watch works out what time moves a little at a time, and decides together what rings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC
from pathlib import Path
from typing import Any, TypeVar, cast

import pytest

from app.domain.changes import Changes
from app.domain.errors import DiskFull
from app.engine.ringing import Ringing
from app.engine.standing import Standing
from app.engine.watch import Watch
from app.storage.connection import Connection
from app.storage.writer import Writer
from tests.support.engine import Engine, a_letter, an_engine

T = TypeVar("T")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """With twelve open issues."""
    with an_engine(tmp_path) as made:
        for number in range(12):
            sender = f"Ben <ben{number}@customer.example>"
            made.receive(a_letter(sender=sender, message_id=f"<{number}@customer.example>"))
        assert len(made.rows("open")) == 12
        yield made


class Transactions:
    """The writer, standing and bell of an engine, which note in which transaction they are asked;
    `full` of the bell's questions find the disk full."""

    def __init__(self, engine: Engine, *, full: int = 0) -> None:
        self._engine, self._full = engine, full
        self.number = 0
        self.stood: dict[int, list[int]] = defaultdict(list)
        self.heard: list[int] = []

    def do(self, fn: Callable[[Connection], T], *, durable: bool = False) -> T:
        self.number += 1
        return self._engine.writer.do(fn, durable=durable)

    def refresh(self, db: Connection, issue_id: int, **how: Any) -> Changes:
        self.stood[self.number].append(issue_id)
        return self._engine.standing.refresh(db, issue_id, **how)

    def consider(self, db: Connection, some: list[int], **how: Any) -> Changes:
        if self._full:
            self._full -= 1
            raise DiskFull("The disk is full", "", "")
        self.heard.append(len(some))
        return self._engine.ringing.consider(db, some, **how)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine.ringing, name)


def a_watch(engine: Engine, noted: Transactions) -> Watch:
    """A watch over the engine's parts as they are noted."""
    return Watch(
        writer=cast(Writer, noted),
        standing=cast(Standing, noted),
        ringing=cast(Ringing, noted),
        disputing=engine.disputing,
        clock=engine.clock,
        publish=engine.moved.append,
        zone=lambda: UTC,
    )


def test_a_click_never_waits_for_more_than_five_issues_and_they_ring_together(
    engine: Engine,
) -> None:
    """An engine that begins works out all that is open."""
    noted = Transactions(engine)
    a_watch(engine, noted).look()
    assert sorted(len(some) for some in noted.stood.values()) == [2, 5, 5]
    assert noted.heard == [12]


def test_what_could_not_be_decided_on_a_full_disk_is_decided_with_the_next_look(
    engine: Engine,
) -> None:
    noted = Transactions(engine, full=1)
    watch = a_watch(engine, noted)
    with pytest.raises(DiskFull):
        watch.look()
    watch.look()
    watch.look()
    assert noted.heard[0] == 12
    assert 12 not in noted.heard[1:]
