"""One thread writes: a transaction is whole or absent, and answered only when it is committed."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from app.domain.errors import DiskFull, ProfileTooNew, Refused, Unwritable
from app.storage import issues, messages, profile
from app.storage.connection import Connection
from app.storage.database import open_reader
from app.storage.writer import Writer
from tests.support.storage import NOW, a_message, an_issue, lay_database, said


def noted(order: list[int], n: int, _: Connection) -> None:
    order.append(n)


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    one = Writer(lay_database(tmp_path / "frontburner.db"), now=NOW)
    one.start()
    yield one
    one.stop()


@pytest.fixture
def desk(writer: Writer, tmp_path: Path) -> Iterator[Connection]:
    with closing(open_reader(tmp_path / "frontburner.db")) as db:
        yield db


def test_the_answer_comes_after_the_commit(writer: Writer, desk: Connection) -> None:
    issue_id = writer.do(an_issue)
    assert issues.open_ids(desk) == [issue_id]


def test_what_a_function_raises_undoes_all_of_it_and_is_raised_to_the_caller(
    writer: Writer, desk: Connection
) -> None:
    def half(db: Connection) -> None:
        an_issue(db)
        raise Refused("Not like this")

    with pytest.raises(Refused, match="Not like this"):
        writer.do(half)
    assert issues.open_ids(desk) == []
    assert writer.do(an_issue) == 1


def test_a_bug_in_a_function_does_not_end_the_writer(writer: Writer) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        writer.do(lambda db: db.execute("SELECT * FROM nowhere"))
    assert writer.do(an_issue) == 1


def test_functions_run_in_the_order_in_which_they_came(writer: Writer) -> None:
    order: list[int] = []
    futures = [writer.submit(partial(noted, order, n)) for n in range(50)]
    for future in futures:
        future.result()
    assert order == list(range(50))


def test_what_is_waited_for_goes_before_what_was_only_handed_over(writer: Writer) -> None:
    """And an end comes after all of it."""
    order: list[int] = []
    begun, go_on = threading.Event(), threading.Event()

    def long(_: Connection) -> None:
        begun.set()
        go_on.wait(10)

    writer.submit(long)
    assert begun.wait(10)
    handed_over = [writer.submit(partial(noted, order, n)) for n in range(3)]
    click = threading.Thread(target=lambda: writer.do(partial(noted, order, 99)))
    click.start()
    while writer._tasks.qsize() < 4:
        threading.Event().wait(0.01)
    end = threading.Thread(target=writer.stop)
    end.start()
    go_on.set()
    end.join(10)
    click.join(10)
    assert order == [99, 0, 1, 2]
    assert all(one.done() for one in handed_over)


def test_many_threads_lose_nothing(writer: Writer, desk: Connection) -> None:
    def write(start: int) -> None:
        for n in range(start, start + 20):
            writer.do(partial(an_issue, root=f"{n}@x"))

    threads = [threading.Thread(target=write, args=(start,)) for start in (0, 100, 200, 300)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(issues.open_ids(desk)) == 80


def test_waiting_for_the_writer_inside_the_writer_is_a_bug(writer: Writer) -> None:
    with pytest.raises(RuntimeError, match="own thread"):
        writer.do(lambda db: writer.do(an_issue))


def test_stopping_finishes_what_was_handed_over(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "frontburner.db", now=NOW)
    writer.start()
    futures: list[Future[int]] = [
        writer.submit(partial(an_issue, root=f"{n}@x")) for n in range(30)
    ]
    writer.stop()
    writer.stop()
    assert all(future.done() for future in futures)
    with closing(open_reader(tmp_path / "frontburner.db")) as db:
        assert len(issues.open_ids(db)) == 30
    with pytest.raises(RuntimeError, match="not running"):
        writer.do(an_issue)


def test_a_file_that_cannot_be_opened_is_said_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "frontburner.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(ProfileTooNew):
        Writer(path, now=NOW).start()


def test_a_durable_commit_leaves_the_usual_pace_as_it_was(writer: Writer) -> None:
    writer.do(an_issue, durable=True)
    assert writer.do(lambda db: db.execute("PRAGMA synchronous").fetchone()) == (1,)


def test_words_are_searchable_as_soon_as_the_commit_is_answered(
    writer: Writer, desk: Connection
) -> None:
    writer.do(lambda db: said(db, an_issue(db)))
    hits = desk.execute("SELECT count(*) FROM words WHERE words MATCH 'pieces'").fetchone()
    assert hits == (1,)


def test_a_full_disk_is_said_and_everything_acknowledged_stays_readable(
    writer: Writer, desk: Connection
) -> None:
    """Case 115: and with room the writer goes on."""
    (pages,) = writer.do(lambda db: db.execute("PRAGMA page_count").fetchone())
    writer.do(lambda db: db.execute(f"PRAGMA max_page_count = {pages + 60}"))
    acknowledged: list[int] = []
    with pytest.raises(DiskFull, match="safe"):
        write_mails(writer, acknowledged)
    assert 0 < len(acknowledged) < 1000
    assert [messages.get(desk, id_).id for id_ in acknowledged] == acknowledged
    assert messages.count(desk) == len(acknowledged)
    assert desk.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    writer.do(lambda db: db.execute("PRAGMA max_page_count = 1000000"))
    assert writer.do(partial(a_long_mail, n=1000)) not in acknowledged


def test_whoever_wants_to_hear_it_is_told_once_when_nothing_can_be_stored_and_when_it_can(
    writer: Writer,
) -> None:
    """The profile cannot hold that by itself; and who only reads proves nothing."""
    told: list[type[Unwritable] | None] = []
    writer.tell(lambda trouble: told.append(None if trouble is None else type(trouble)))
    (pages,) = writer.do(lambda db: db.execute("PRAGMA page_count").fetchone())
    writer.do(lambda db: db.execute(f"PRAGMA max_page_count = {pages + 60}").fetchone())
    acknowledged: list[int] = []
    with pytest.raises(DiskFull):
        write_mails(writer, acknowledged)
    with pytest.raises(DiskFull):
        writer.do(partial(a_long_mail, n=len(acknowledged)))
    writer.do(messages.count)
    assert told == [DiskFull]
    assert isinstance(writer.trouble, DiskFull)
    writer.do(lambda db: db.execute("PRAGMA max_page_count = 1000000").fetchone())
    writer.do(partial(a_long_mail, n=1000))
    assert told == [DiskFull, None]
    assert writer.trouble is None


def write_mails(writer: Writer, acknowledged: list[int]) -> None:
    for n in range(1000):
        acknowledged.append(writer.do(partial(a_long_mail, n=n)))


def a_long_mail(db: Connection, *, n: int) -> int:
    issue_id = an_issue(db, f"{n}@x")
    text = " ".join(f"word{n}x{k}" for k in range(300))
    return said(db, issue_id, a_message(f"{n}@x", text=text))


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a POSIX word")
@pytest.mark.parametrize("acknowledgements", [1, 20, 75])
def test_a_killed_engine_loses_nothing_that_it_acknowledged(
    tmp_path: Path, acknowledgements: int
) -> None:
    """Case 114: what was answered is there, whole and searchable."""
    script = (
        "from pathlib import Path; from app.storage.writer import Writer;"
        "from tests.support.storage import *;"
        f"w = Writer(Path({str(tmp_path / 'frontburner.db')!r}), now=NOW); w.start();"
        "[print(w.do(lambda db: said(db, an_issue(db, f'{n}@x'), a_message(f'{n}@x'))), flush=True)"
        " for n in range(100000)]"
    )
    engine = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert engine.stdout is not None
    with engine:
        acknowledged = [int(engine.stdout.readline()) for _ in range(acknowledgements)]
        engine.send_signal(signal.SIGKILL)
        acknowledged += [int(line) for line in engine.stdout if line.endswith("\n")]
    writer = Writer(tmp_path / "frontburner.db", now=NOW)
    writer.start()
    assert writer.do(messages.count) >= len(acknowledged)
    assert [writer.do(partial(messages.get, id=n)).id for n in acknowledged] == acknowledged
    assert writer.do(lambda db: db.execute("PRAGMA integrity_check").fetchone()) == ("ok",)
    assert writer.do(lambda db: db.execute("SELECT count(*) FROM unindexed").fetchone()) == (0,)
    writer.stop()


def test_a_laptop_names_itself_once(writer: Writer, desk: Connection) -> None:
    name = writer.do(profile.device)
    assert len(name) == 16
    assert int(name, 16) >= 0
    assert writer.do(profile.device) == profile.get_meta(desk, "device") == name
