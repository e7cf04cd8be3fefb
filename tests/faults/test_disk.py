"""Disks that fail, cases 114 to 116 and 123 of the list of threats, with real files and kills.

The number in a test's name is the case's. Whole programs on a full disk, killed or with a newer
file stand in tests/journeys; result codes and migrations in tests/integration/storage.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.config.paths import Profile
from app.config.secrets import SecretBox
from app.config.settings import read_settings
from app.domain.errors import DiskFull, KnownError
from app.engine.checkup import Checkup
from app.engine.opening import Opening
from app.storage import issues, messages, version
from app.storage.database import open_reader
from app.storage.writer import Writer
from app.triage.classifier import LearnedClassifier
from tests.support.engine import RULES, Engine, FixedClock, an_engine
from tests.support.mails import a_mail
from tests.support.program import ROOT
from tests.support.small_disk import SmallDisk, small_disk
from tests.support.storage import NOW, a_database, a_message, an_issue, said

pytestmark = pytest.mark.timeout(300)

# Of a process that only writes; in a check a few, and `FRONTBURNER_KILLS=1000` for the whole case.
KILLS = int(os.environ.get("FRONTBURNER_KILLS", "12"))


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk", megabytes=16) as made:
        yield made


def a_long_mail(number: int) -> Callable[[sqlite3.Connection], int]:
    text = " ".join(f"word{number}x{one}" for one in range(60))
    return lambda db: said(db, an_issue(db, f"{number}@x"), a_message(f"{number}@x", text=text))


def is_whole(path: Path, ids: list[int]) -> None:
    with closing(open_reader(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert [messages.get(db, one).id for one in ids] == ids


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a POSIX word")
@pytest.mark.timeout(1800)
def test_case_114_whatever_the_moment_of_a_kill_what_was_acknowledged_is_there(
    tmp_path: Path,
) -> None:
    """One profile, killed again and again at random moments, taken up each time where it was."""
    script = (
        "import sys; from pathlib import Path; from app.storage.writer import Writer;"
        "from tests.support.storage import *;"
        "w = Writer(Path(sys.argv[1]), now=NOW); w.start();"
        "[print(w.do(lambda db: said(db, an_issue(db, f'{sys.argv[2]}-{n}@x'),"
        " a_message(f'{sys.argv[2]}-{n}@x'))), flush=True) for n in range(100000)]"
    )
    path = tmp_path / "frontburner.db"
    chance = random.Random(114)
    acknowledged: list[int] = []
    for kill in range(KILLS):
        command = [sys.executable, "-c", script, str(path), str(kill)]
        engine = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert engine.stdout is not None
        with engine:
            acknowledged.append(int(engine.stdout.readline()))
            time.sleep(chance.uniform(0, 0.15))
            engine.send_signal(signal.SIGKILL)
            acknowledged += [int(line) for line in engine.stdout if line.endswith("\n")]
    assert len(set(acknowledged)) == len(acknowledged)
    is_whole(path, acknowledged)


def test_case_115_at_every_page_at_which_the_disk_is_full_a_commit_is_whole_or_absent(
    disk: SmallDisk,
) -> None:
    """The file, its log of changes, the index of words: whichever of them meets the end first."""
    path = disk.path / "frontburner.db"
    writer = Writer(path, now=NOW)
    writer.start()
    kept: list[int] = []
    refused = 0
    try:
        for pages in range(40):
            disk.leave(pages)
            try:
                kept.append(writer.do(a_long_mail(pages)))
            except DiskFull:
                refused += 1
            disk.free()
            is_whole(path, kept)
        assert refused >= 3
        assert kept
        kept.append(writer.do(a_long_mail(99)))
    finally:
        writer.stop()
    is_whole(path, kept)


def checkup(engine: Engine, folder: Path) -> Checkup:
    profile = Profile(folder)
    return Checkup(
        profile=profile, writer=engine.writer, secrets=SecretBox("test"),
        read_settings=lambda: read_settings(profile.settings), load_rules=lambda: 1,
        classifier=LearnedClassifier(folder / "none.npz", rules=RULES), clock=FixedClock(),
        begin_anew=bool,
    )  # fmt: skip


def test_case_115_settings_templates_attachments_and_copies_are_whole_or_as_they_were(
    disk: SmallDisk, tmp_path: Path
) -> None:
    """Each is one sentence when there is no room, and leaves no half file behind."""
    picture = a_mail("See", attachments=(("big.bin", "application/x", os.urandom(200_000)),))
    with an_engine(tmp_path) as engine:
        engine.receive(picture)
        number = engine.writer.do(messages.ids)[-1]
        opening = Opening(
            writer=engine.writer, connections=engine.connections, publish=engine.moved.append
        )
        desk = checkup(engine, disk.path)
        desk.set_setting("shop_name", "Mill & Moss")
        saved = disk.path / "big.bin"
        saved.write_bytes(b"what the owner had there before")
        before = sorted(disk.path.rglob("*"))
        settings = (disk.path / "settings.toml").read_bytes()
        disk.leave(0)
        with pytest.raises(DiskFull):
            desk.set_setting("agent_name", "Jo")
        with pytest.raises(KnownError):
            opening.save_attachment(number, 1, str(saved))
        with pytest.raises(KnownError):
            desk.backup(str(disk.path / "copy.db"))
        disk.free()
        assert sorted(disk.path.rglob("*")) == before
        assert (disk.path / "settings.toml").read_bytes() == settings
        assert saved.read_bytes() == b"what the owner had there before"


def test_case_115_a_log_that_cannot_be_written_stops_nobody(disk: SmallDisk) -> None:
    """The engine goes on, and with room the log does too."""
    script = (
        "import sys, logging; from pathlib import Path; from app.config.paths import Profile;"
        "from app.bootstrap import _write_log; p = Profile(Path(sys.argv[1])); _write_log(p);"
        "logging.info('first'); print('ready', flush=True); sys.stdin.readline();"
        "[logging.info('x' * 3000) for _ in range(50)]; print('full', flush=True);"
        "sys.stdin.readline(); logging.info('last'); print('done', flush=True)"
    )
    command = [sys.executable, "-c", script, str(disk.path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        text=True, cwd=ROOT,
    ) as engine:  # fmt: skip
        assert engine.stdin is not None
        assert engine.stdout is not None
        assert engine.stdout.readline() == "ready\n"
        disk.leave(1)
        engine.stdin.write("go\n")
        engine.stdin.flush()
        assert engine.stdout.readline() == "full\n"
        disk.free()
        engine.stdin.write("go\n")
        engine.stdin.flush()
        assert engine.stdout.readline() == "done\n"
    assert "last" in Profile(disk.path).log.read_text()


def a_used_profile(folder: Path, count: int = 200) -> tuple[Path, list[int]]:
    """A profile whose mails lie partly in the file and partly beside it, as after a kill."""
    path = folder / "frontburner.db"
    with closing(a_database(folder)) as db:
        ids = [a_long_mail(number)(db) for number in range(count)]
    return path, ids


@pytest.mark.parametrize(
    "harm", ["a bit in a page", "every tenth page", "cut in the middle", "cut to a header", "empty"]
)
def test_case_116_a_file_that_was_harmed_is_said_to_be_and_nothing_is_made_worse(
    harm: str, tmp_path: Path
) -> None:
    """Whatever is read either is right or is refused; a bug or a silent loss it never is."""
    path, ids = a_used_profile(tmp_path)
    data = bytearray(path.read_bytes())
    if harm == "a bit in a page":
        for place in range(4_096 * 3 + 100, len(data), 50_021):
            data[place] ^= 0xFF
    elif harm == "every tenth page":
        for place in range(4_096 * 9, len(data) - 4_096, 40_960):
            data[place : place + 4_096] = bytes(4_096)
    else:
        data = data[
            : {"cut in the middle": len(data) // 2, "cut to a header": 100, "empty": 0}[harm]
        ]
    path.write_bytes(data)
    refused = False
    try:
        with closing(open_reader(path)) as db:
            assert read_all(db, ids) == len(ids)
        writer = Writer(path, now=NOW)
        writer.start()
        writer.do(a_long_mail(999))
        writer.stop()
    except KnownError:
        refused = True
    assert refused or harm in ("a bit in a page", "every tenth page")


def read_all(db: sqlite3.Connection, ids: list[int]) -> int:
    from app.storage.database import disk_errors

    with disk_errors():
        return sum(messages.get(db, one).id == one for one in ids)


def test_case_116_without_its_log_of_changes_a_profile_is_whole_as_of_before(
    tmp_path: Path,
) -> None:
    """Somebody tidied up, or what synchronizes folders took one file and not the other."""
    db = a_database(tmp_path)
    early = a_long_mail(1)(db)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    late = a_long_mail(2)(db)
    copy = tmp_path / "copy"
    copy.mkdir()
    (copy / "frontburner.db").write_bytes((tmp_path / "frontburner.db").read_bytes())
    db.close()
    writer = Writer(copy / "frontburner.db", now=NOW)
    writer.start()
    is_whole(copy / "frontburner.db", [early])
    assert writer.do(messages.ids) == [early]
    assert writer.do(a_long_mail(2)) == late
    writer.stop()


def test_case_116_a_folder_closed_to_writing_can_be_read_and_says_so(disk: SmallDisk) -> None:
    """As on a disk that the system mounted read-only after an error."""
    path, ids = a_used_profile(disk.path, 20)
    disk.close_for_writing()
    try:
        with pytest.raises(KnownError) as refused:
            Writer(path, now=NOW).start()
        assert refused.value.hint
    finally:
        disk.open_for_writing()
    is_whole(path, ids)


def test_case_116_two_computers_on_one_synchronized_folder_are_told_apart(tmp_path: Path) -> None:
    """A copy that a synchronizing program made beside the file is no profile and is left alone."""
    path, ids = a_used_profile(tmp_path, 20)
    other = tmp_path / "frontburner (conflicted copy).db"
    other.write_bytes(path.read_bytes()[: 4_096 * 3])
    before = other.read_bytes()
    writer = Writer(path, now=NOW)
    writer.start()
    assert writer.do(messages.ids) == ids
    writer.stop()
    assert other.read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a POSIX word")
@pytest.mark.parametrize("after", [0.0, 0.02, 0.1, 0.3])
def test_case_123_an_update_that_is_killed_half_way_is_absent_or_whole(
    tmp_path: Path, after: float
) -> None:
    """The process ends while the file is being changed; the old program opens it as it was."""
    path, ids = a_used_profile(tmp_path, 60)
    script = (
        "import sys; from pathlib import Path; from tests.support.slow_update import update;"
        "update(Path(sys.argv[1]))"
    )
    engine = subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert engine.stdout is not None
    with engine:
        assert engine.stdout.readline() == "changing\n"
        time.sleep(after)
        engine.send_signal(signal.SIGKILL)
    with closing(a_database(tmp_path)) as db:
        assert version.applied(db) == version.KNOWN
        assert "mood" not in {row[1] for row in db.execute("PRAGMA table_info(issue)")}
        assert len(issues.open_ids(db)) == len(ids)
    is_whole(path, ids)
