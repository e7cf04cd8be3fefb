"""What becomes of a reply while the profile cannot be written: a full disk, another program."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.errors import DiskFull
from app.domain.journal import EntryType
from app.domain.reply import OutboxState
from app.storage import outbox as rows
from tests.support.engine import Engine, a_letter, an_engine
from tests.support.small_disk import SmallDisk, small_disk

WORDS = "Hello Ben,\n\nwe send you two new mugs today.\n\nBest wishes,\nJo"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk", megabytes=16) as made:
        yield made


@pytest.fixture
def engine(disk: SmallDisk) -> Iterator[Engine]:
    with an_engine(disk.path) as made:
        made.receive(a_letter())
        yield made


def a_due_reply(engine: Engine) -> int:
    answer = engine.writing.send_reply(engine.only_key(), WORDS)
    engine.clock.forward(seconds=16)
    return int(answer["reply"])


def state(engine: Engine, reply: int) -> OutboxState:
    return engine.writer.do(lambda db: rows.get(db, reply)).state


def test_a_reply_that_a_full_disk_stopped_before_it_left_goes_when_there_is_room(
    engine: Engine, disk: SmallDisk
) -> None:
    """In the same engine: it did not stay on its way for ever, and it left once."""
    reply, outbox, post = a_due_reply(engine), engine.outbox(), engine.connections.post
    outbox.recover()
    post.before = lambda: disk.leave(0)
    with pytest.raises(DiskFull):
        outbox.step()
    with pytest.raises(DiskFull):  # and nothing leaves that could not be written down
        outbox.step()
    assert not post.sent
    post.before = None
    disk.free()
    outbox.step()
    assert state(engine, reply) is OutboxState.FILED
    assert len(post.sent) == 1


def test_a_reply_that_left_while_the_disk_became_full_is_sent_and_says_when(
    engine: Engine, disk: SmallDisk
) -> None:
    """The server took it; that is known for sure, so nobody is asked and it never leaves again."""
    reply, outbox, post = a_due_reply(engine), engine.outbox(), engine.connections.post
    outbox.recover()
    left_at = engine.clock.now()
    post.after = lambda: disk.leave(0)
    with pytest.raises(DiskFull):
        outbox.step()
    assert len(post.sent) == 1
    post.after = None
    disk.free()
    engine.clock.forward(minutes=20)
    outbox.step()
    outbox.step()
    assert state(engine, reply) is OutboxState.FILED
    assert len(post.sent) == 1
    view = engine.issue(engine.only_key())
    (sent,) = (one for one in view.journal if one.type is EntryType.REPLY_SENT)
    assert sent.at == left_at


def test_a_clock_that_is_put_right_while_the_disk_is_full_keeps_no_reply_for_a_year(
    engine: Engine, disk: SmallDisk
) -> None:
    """What waits by the clock that was ahead is due as soon as that can be written."""
    outbox, ahead = engine.outbox(), timedelta(days=365)
    engine.clock.forward(days=365)
    outbox.recover()
    reply = engine.writing.send_reply(engine.only_key(), WORDS)["reply"]
    outbox.step()
    engine.clock.at -= ahead
    disk.leave(0)
    with pytest.raises(DiskFull):
        outbox.step()
    disk.free()
    outbox.step()
    assert state(engine, reply) is OutboxState.FILED


def held(path: Path, letting_go: threading.Event) -> Callable[[], None]:
    """Has another program hold the file until it is told to let go."""

    def hold() -> None:
        taken = threading.Event()

        def run() -> None:
            with closing(sqlite3.connect(path, isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                taken.set()
                letting_go.wait(30)
                other.execute("ROLLBACK")

        threading.Thread(target=run, daemon=True).start()
        assert taken.wait(10)

    return hold


def test_a_reply_that_left_is_no_failure_because_a_program_holds_the_profile(
    tmp_path: Path,
) -> None:
    """A backup reads the file for seconds just then; who was told that it failed sends it twice."""
    with an_engine(tmp_path) as engine:
        engine.receive(a_letter())
        reply, outbox, post = a_due_reply(engine), engine.outbox(), engine.connections.post
        outbox.recover()
        engine.writer.do(lambda db: db.execute("PRAGMA busy_timeout = 200").fetchall())
        letting_go = threading.Event()
        post.takes, post.after = 25_000_000, held(engine.database, letting_go)
        threading.Timer(0.3, letting_go.set).start()
        outbox.step()
        assert state(engine, reply) is OutboxState.FILED
        assert len(post.sent) == 1


def test_a_reply_waits_while_another_program_holds_the_profile(tmp_path: Path) -> None:
    """It is tried again by itself, and not told as refused by the server."""
    with an_engine(tmp_path) as engine:
        engine.receive(a_letter())
        reply, outbox, post = a_due_reply(engine), engine.outbox(), engine.connections.post
        outbox.recover()
        engine.writer.do(lambda db: db.execute("PRAGMA busy_timeout = 200").fetchall())
        letting_go = threading.Event()
        post.before = held(engine.database, letting_go)
        threading.Timer(0.3, letting_go.set).start()
        outbox.step()
        assert state(engine, reply) is OutboxState.QUEUED
        assert not post.sent
        post.before = None
        engine.clock.forward(minutes=10)
        outbox.step()
        assert state(engine, reply) is OutboxState.FILED
        assert len(post.sent) == 1
