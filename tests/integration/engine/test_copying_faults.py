"""Copies where something goes wrong: damage, kills, full and missing disks; nobody is disturbed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.errors import Damaged, KnownError, Refused
from app.storage.database import open_reader
from app.storage.writer import Writer
from tests.support.engine import NOON, Engine, a_letter
from tests.support.program import ROOT
from tests.support.ringing import PlayedDesktop, ringer_of
from tests.support.small_disk import small_disk
from tests.support.watched_copies import Watched, bring, damage, desk, fill, mails


def test_a_log_that_grows_much_while_a_copy_is_made_has_it_given_up(watched: Watched) -> None:
    """As long as a copy reads, the log cannot be cut; ten minutes later it is tried again. A log
    that is long already is no reason."""
    watched.engine.writer.do(lambda db: db.execute("CREATE TABLE bulk (words BLOB)"))
    reader = open_reader(watched.engine.database)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM bulk").fetchone()
    bring(watched)
    assert watched.copying.make()
    watched.between = lambda: bring(watched)
    watched.work_for(days=1)
    assert len(watched.files) == 1
    watched.between = bool
    watched.work_for(minutes=11)
    assert len(watched.files) == 2
    reader.close()


def test_a_damaged_profile_rings_and_takes_no_good_copys_place(watched: Watched) -> None:
    """However many days go by; each says it once, and `doctor` as long as it lasts."""
    watched.work_for(minutes=2)
    (good,) = watched.files
    damage(watched.engine.database)
    watched.work_for(days=1)
    watched.work_for(hours=1)
    assert watched.files == [good]
    assert mails(good) == 1
    assert watched.told() == ["The database of this profile is damaged"]
    assert watched.copying.copies()["trouble"]["error"] == Damaged.__name__
    watched.work_for(days=20)
    assert watched.files == [good]
    assert sorted(one.name for one in watched.profile.backups.iterdir()) == [good.name]


def test_a_damaged_profile_is_told_on_the_desktop_though_the_window_is_closed(
    watched: Watched,
) -> None:
    """With what was found, and the way back."""
    damage(watched.engine.database)
    with pytest.raises(Damaged):
        watched.copying.make()
    desktop = PlayedDesktop()
    ringer_of(watched.engine, desktop).look()
    (shown,) = desktop.taken
    assert shown.title == "The database of this profile is damaged"
    assert "Go back to the last one" in shown.body


@pytest.mark.timeout(300)
@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a POSIX word")
def test_whatever_the_moment_of_a_kill_every_copy_that_is_listed_is_whole(
    watched: Watched,
) -> None:
    """And what was half made is gone after the next look."""
    fill(watched)
    assert watched.files == []
    watched.engine.writer.stop()
    script = (
        "import sys; from pathlib import Path; from app.config.paths import Profile;"
        "from app.config.settings import Settings; from app.domain.clock import SystemClock;"
        "from app.engine.copying import Copying; from app.storage.writer import Writer;"
        "p = Profile(Path(sys.argv[1])); c = SystemClock();"
        "w = Writer(p.database, now=c.now()); w.start();"
        "k = Copying(profile=p, writer=w, settings=Settings, clock=c, busy=bool,"
        " publish=lambda _: None);"
        "print('ready', flush=True);"
        "[k.make() for _ in range(100000)]"
    )
    chance = random.Random(7)
    killed_midway = 0
    for _ in range(int(os.environ.get("FRONTBURNER_KILLS", "12"))):
        command = [sys.executable, "-c", script, str(watched.profile.folder)]
        engine = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert engine.stdout is not None
        with engine:
            assert engine.stdout.readline() == "ready\n"
            time.sleep(chance.uniform(0, 0.4))
            engine.send_signal(signal.SIGKILL)
        killed_midway += bool(list(watched.profile.backups.glob(".*")))
        assert all(mails(one) == 1 for one in watched.files)
    assert killed_midway
    watched.engine.writer = Writer(watched.engine.database, now=NOON)
    watched.engine.writer.start()
    watched.copying = watched.anew()
    watched.copying.step()
    assert list(watched.profile.backups.glob(".*")) == []
    assert watched.files


def test_a_disk_that_writes_otherwise_than_told_is_no_damage_of_the_profile(
    watched: Watched,
) -> None:
    watched.work_for(minutes=2)
    (good,) = watched.files

    def harm() -> None:
        for draft in watched.profile.backups.glob(".*.part"):
            with draft.open("r+b") as file:
                file.seek(4096 * 20)
                file.write(bytes(4096 * 3))

    watched.between = harm
    with pytest.raises(KnownError, match="did not become") as caught:
        watched.copying.make()
    assert not isinstance(caught.value, Damaged)
    assert watched.files == [good]


def test_a_kill_in_the_middle_leaves_the_older_copies_and_its_rest_is_swept(
    watched: Watched, tmp_path: Path
) -> None:
    """In a folder of the owner's too, where the rest of another profile is not touched."""
    chosen = tmp_path / "usb"
    chosen.mkdir()
    watched.settings = replace(watched.settings, copies_folder=str(chosen))
    watched.work_for(minutes=2)
    (good,) = watched.files
    rests = [chosen / f".{good.name}.part", chosen / f".{good.name}.part-wal"]
    others = chosen / ".frontburner-daily-00000000-20261101T000000Z.db.part"
    for one in (*rests, others):
        one.write_bytes(b"half")
    watched.copying = watched.anew()
    watched.copying.step()
    assert sorted(one.name for one in chosen.iterdir()) == sorted([good.name, others.name])


def test_the_first_look_sweeps_nothing_away_that_is_just_being_made(watched: Watched) -> None:
    """Somebody clicked "Make a copy now" in the engine's first minute."""
    fill(watched)
    looking = threading.Thread(target=watched.copying.step)

    def look() -> None:
        watched.between = bool
        looking.start()
        looking.join(0.3)

    watched.between = look
    made = watched.copying.make()
    looking.join(10)
    assert watched.files == [made.file]


def test_a_full_disk_disturbs_nobody_and_is_said_once_it_lasts(
    watched: Watched, tmp_path: Path
) -> None:
    """The copies from before stay; mail goes on being stored; with room the next one is made."""
    with small_disk(tmp_path / "disk", megabytes=16) as disk:
        watched.settings = replace(watched.settings, copies_folder=str(disk.path))
        watched.work_for(minutes=2)
        (good,) = watched.files
        disk.leave(20)
        watched.work_for(days=1)
        assert watched.files == [good]
        found = watched.copying.copies()["trouble"]
        assert found["title"] == "There is too little room for a copy of the profile"
        assert watched.told() == []
        watched.engine.receive(a_letter(message_id="<2@x>", sender="b@b.example"))
        for _ in range(4):
            watched.work_for(days=1)
        assert watched.told() == ["There is too little room for a copy of the profile"]
        disk.free()
        watched.work_for(days=1)
        assert len(watched.files) == 2
        assert watched.copying.copies()["trouble"] is None
        assert watched.told() == []


def test_who_wants_no_daily_copies_hears_of_one_that_failed_only_where_it_was_asked_for(
    watched: Watched, tmp_path: Path
) -> None:
    """No alert says once more, and for good, what `backup` answered."""
    watched.settings = replace(
        watched.settings, daily_copy=False, copies_folder=str(tmp_path / "none")
    )
    watched.work_for(days=20)
    with pytest.raises(KnownError, match="is not there"):
        watched.copying.copy_now()
    assert watched.told() == []


def test_a_script_that_asks_in_vain_each_hour_hears_why_for_years(
    watched: Watched, tmp_path: Path
) -> None:
    """After six weeks the pause until the next one was larger than a number can be."""
    watched.settings = replace(watched.settings, copies_folder=str(tmp_path / "none"))
    for _ in range(1100):
        with pytest.raises(KnownError, match="is not there"):
            watched.copying.copy_now()


def test_a_copy_that_cannot_be_taken_away_has_no_other_made_every_ten_minutes(
    watched: Watched, tmp_path: Path
) -> None:
    """A stick that was closed to writing, with somebody on it who was forgotten since; once it is
    open again they go from there too."""
    with small_disk(tmp_path / "disk", megabytes=16) as disk:
        watched.settings = replace(watched.settings, copies_folder=str(disk.path))
        watched.engine.receive(a_letter(message_id="<z@z>", sender="zora@zorblax.example"))
        watched.work_for(days=1)
        (old,) = watched.files
        watched.settings = replace(watched.settings, copies_folder="")
        disk.close_for_writing()
        desk(watched).delete("zora@zorblax.example")
        watched.work_for(minutes=10)
        made = watched.files
        assert made[1:] == [old]
        for _ in range(5):
            watched.work_for(minutes=10)
        assert watched.files == made
        disk.open_for_writing()
        watched.work_for(minutes=10)
        assert watched.files == made[:1]


def test_a_disk_that_fills_while_a_copy_is_made_leaves_nothing_half(
    watched: Watched, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", megabytes=16) as disk:
        watched.settings = replace(watched.settings, copies_folder=str(disk.path))
        fill(watched)
        watched.between = lambda: disk.leave(0)
        with pytest.raises(KnownError, match="No copy of the profile could be made"):
            watched.copying.make()
        disk.free()
        assert list(disk.path.iterdir()) == []


def test_a_folder_that_is_away_for_a_week_is_no_news_and_then_one(
    watched: Watched, tmp_path: Path
) -> None:
    """A disk that is plugged in on Fridays: nothing is made elsewhere, nothing is made of it on the
    disk beneath, and the day it is back it has its copy."""
    usb, aside = tmp_path / "usb", tmp_path / "aside"
    usb.mkdir()
    watched.settings = replace(watched.settings, copies_folder=str(usb))
    watched.work_for(minutes=2)
    usb.rename(aside)
    for _ in range(8):
        watched.work_for(days=1)
    assert watched.told() == []
    assert not usb.exists()
    assert not watched.profile.backups.exists()
    assert "is not there" in watched.copying.copies()["trouble"]["title"]
    for _ in range(60):
        watched.work_for(days=1)
    assert watched.told() == ["The folder for the copies is not there"]
    aside.rename(usb)
    watched.work_for(minutes=10)
    assert len(watched.files) == 2
    assert watched.told() == []


@pytest.mark.skipif(os.name == "nt", reason="fcntl is a POSIX word")
def test_a_disk_without_locks_takes_copies_too(watched: Watched) -> None:
    """A folder in the network may refuse every lock, as if another program held them all."""
    script = (
        "import fcntl, sys; f = open(sys.argv[1], 'r+b');"
        "fcntl.lockf(f, fcntl.LOCK_EX); print('held', flush=True); sys.stdin.readline()"
    )
    holders: list[subprocess.Popen[str]] = []

    def hold() -> None:
        (draft,) = watched.profile.backups.glob(".*.part")
        command = [sys.executable, "-c", script, str(draft)]
        holders.append(
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        )
        assert holders[-1].stdout is not None
        assert holders[-1].stdout.readline() == "held\n"
        watched.between = bool

    watched.between = hold
    try:
        assert mails(watched.copying.make().file) == 1
        assert holders
        assert [one.name for one in watched.profile.backups.iterdir()] == [watched.files[0].name]
    finally:
        for one in holders:
            one.communicate("done\n", timeout=10)


def test_a_copy_under_way_gives_way_to_forgetting(watched: Watched) -> None:
    """The log can be cut at once: nobody reads an old state of it."""
    watched.engine.receive(a_letter(message_id="<z@z>", sender="Zora <zora@zorblax.example>"))
    under_way = threading.Event()

    def begin() -> None:
        under_way.set()
        time.sleep(0.05)

    watched.between = begin
    refused: list[Refused] = []

    def ask() -> None:
        try:
            watched.copying.copy_now()
        except Refused as error:
            refused.append(error)

    asked = threading.Thread(target=ask)
    fill(watched)
    asked.start()
    assert under_way.wait(10)
    plan = desk(watched).delete("zora@zorblax.example")
    asked.join(10)
    assert refused
    assert not any("log" in one["what"] for one in plan["stays"])
    assert watched.files == []


def test_an_engine_that_ends_takes_away_what_it_had_half_made(watched: Watched) -> None:
    """Also of a copy that somebody asked for: gigabytes lay there until an engine stayed."""
    under_way = threading.Event()

    def linger() -> None:
        under_way.set()
        time.sleep(0.3)

    def ask() -> None:
        with suppress(Refused):
            watched.copying.copy_now()

    watched.between = linger
    fill(watched)
    asked = threading.Thread(target=ask)
    asked.start()
    assert under_way.wait(10)
    watched.copying.stop()
    assert list(watched.profile.backups.iterdir()) == []
    asked.join(10)


def test_a_disk_with_little_room_left_keeps_the_newest_copy_only(
    tmp_path: Path,
) -> None:
    """The profile's own disk: copies must not be what fills it."""
    with small_disk(tmp_path / "disk", megabytes=700) as disk:
        other = Watched(Engine(disk.path / "profile"))
        try:
            for _ in range(9):
                other.work_for(days=1)
            assert len(other.files) == 3
            newest = other.files[0]
            disk.leave(400 * 256)
            other.work_for(minutes=10)
            assert other.files == [newest]
        finally:
            other.engine.close()
