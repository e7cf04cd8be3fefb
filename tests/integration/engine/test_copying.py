"""A copy of the profile each day, made by itself; a time that is moved by hand."""

from __future__ import annotations

import stat
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from app.config.paths import Profile
from app.config.settings import Settings
from app.domain.errors import Refused
from app.domain.reply import OutboxState
from app.engine.copy_folder import usable_folder
from app.engine.copying import Copying
from app.storage import messages, outbox
from app.storage.database import backup, open_reader
from app.storage.restoring import restore
from app.storage.writer import Writer
from tests.support.engine import NOON, Engine, FixedClock, a_letter
from tests.support.small_disk import small_disk
from tests.support.storage import a_reply, an_account
from tests.support.watched_copies import Watched, desk, fill, mails


def test_a_copy_is_made_by_itself_each_day_and_three_are_kept(watched: Watched) -> None:
    """Nothing was set up; the profile's own folder has them, and they are whole."""
    watched.work_for(seconds=20)
    assert watched.files == []
    watched.work_for(minutes=2)
    (first,) = watched.files
    assert first.parent == watched.profile.backups
    assert mails(first) == 1
    watched.work_for(hours=3)
    assert watched.files == [first]
    for _ in range(20):
        watched.work_for(days=1)
    now = watched.engine.clock.at
    ages = [(now - one.made_at).days for one in watched.copying._shelf().daily()]
    assert len(ages) == 3
    assert ages[0] == 0
    assert 7 <= ages[2] <= 14


def test_a_copy_is_as_private_as_the_profile(watched: Watched) -> None:
    file = watched.copying.make().file
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert sorted(one.name for one in file.parent.iterdir()) == [file.name]


def test_it_waits_until_it_is_calm_but_not_for_ever(watched: Watched) -> None:
    """During a first sync none is made; a mailbox that is never done keeps none away for good."""
    watched.work_for(hours=1)
    watched.is_busy = True
    watched.work_for(hours=25)
    assert len(watched.files) == 1
    watched.work_for(hours=24)
    assert len(watched.files) == 2


def test_a_mailbox_that_is_never_done_keeps_not_the_first_copy_away_either(
    watched: Watched,
) -> None:
    watched.is_busy = True
    watched.work_for(hours=1)
    assert watched.files == []
    watched.work_for(hours=3)
    assert len(watched.files) == 1


def test_who_turned_it_off_has_none_made(watched: Watched) -> None:
    watched.settings = replace(watched.settings, daily_copy=False)
    watched.work_for(days=3)
    assert watched.files == []
    assert watched.copying.copies()["on"] is False


def test_clicks_are_written_while_a_copy_is_made_and_it_is_one_state_of_the_profile(
    watched: Watched,
) -> None:
    """Between two portions the writer writes at once; what it writes is in the next copy."""
    fill(watched)
    waits: list[float] = []

    def click() -> None:
        began = time.perf_counter()
        watched.engine.store(a_letter(message_id=f"<late{len(waits)}@x>", sender="b@b.example"))
        waits.append(time.perf_counter() - began)

    watched.between = click
    before = watched.engine.writer.do(messages.count)
    made = watched.copying.make()
    assert waits
    assert mails(made.file) == before
    assert watched.engine.writer.do(messages.count) == before + len(waits)
    assert max(waits) < 1.0


def test_a_copy_sends_nothing(watched: Watched) -> None:
    """What was on its way is in doubt in the copy (Decision 25), and in the profile as it was."""
    key = watched.engine.only_key()
    watched.engine.writer.do(lambda db: outbox.queue(db, a_reply(key)))
    made = watched.copying.make()
    with closing(open_reader(made.file)) as db:
        assert not outbox.in_state(db, OutboxState.QUEUED)
        assert len(outbox.in_state(db, OutboxState.UNKNOWN)) == 1
    assert watched.engine.writer.do(outbox.pending) == 1


def test_a_new_copy_takes_at_most_half_of_what_is_free_and_older_ones_go_first(
    watched: Watched, tmp_path: Path
) -> None:
    size = watched.copying.make().size
    with small_disk(tmp_path / "disk", megabytes=16) as disk:
        watched.settings = replace(watched.settings, copies_folder=str(disk.path))
        for name in watched.files:
            name.unlink()
        for _ in range(9):
            watched.work_for(days=1)
        assert len(watched.files) == 3
        disk.leave(round(size * 1.5 / 4096))
        watched.work_for(days=1)
        assert len(watched.files) == 2
        assert watched.copying.copies()["trouble"] is None


def test_two_profiles_may_keep_their_copies_in_one_folder(watched: Watched, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    other = Engine(tmp_path / "other")
    try:
        both = [watched, Watched(other)]
        for one in both:
            one.settings = replace(one.settings, copies_folder=str(shared))
        for _ in range(10):
            for one in both:
                one.work_for(days=1)
        assert [len(one.files) for one in both] == [3, 3]
        assert len(list(shared.iterdir())) == 6
        assert [mails(one.files[0]) for one in both] == [1, 0]
    finally:
        other.close()


def test_each_copy_can_be_gone_back_to(watched: Watched) -> None:
    """The newest and the oldest: each is the profile as it was then."""
    for number in range(9):
        watched.work_for(days=1)
        watched.engine.receive(a_letter(message_id=f"<{number}@x>", sender=f"c{number}@c.example"))
    files = watched.files
    held = [mails(one) for one in files]
    watched.engine.writer.stop()
    for file, count in zip(files, held, strict=True):
        restore(watched.engine.database, file, now=watched.engine.clock.at)
        writer = Writer(watched.engine.database, now=NOON)
        writer.start()
        assert writer.do(messages.count) == count
        writer.stop()
        watched.engine.clock.forward(minutes=1)
    assert len(set(held)) == 3


def test_whoever_was_forgotten_goes_from_the_copies_too(watched: Watched) -> None:
    """A new copy without them is made as soon as it is calm, and only then do the others go."""
    watched.engine.receive(a_letter(message_id="<z@z>", sender="Zora <zora@zorblax.example>"))
    for _ in range(9):
        watched.work_for(days=1)
    assert len(watched.files) == 3
    plan = desk(watched).customer("zora@zorblax.example")
    assert "3 daily copies" in [one["what"] for one in plan["stays"]]
    desk(watched).delete("zora@zorblax.example")
    assert len(watched.files) == 3
    watched.is_busy = True
    watched.copying.step()
    assert len(watched.files) == 3
    watched.is_busy = False
    watched.copying.step()
    (file,) = watched.files
    assert b"zorblax" not in file.read_bytes().lower()
    assert mails(file) == 1


def test_who_is_forgotten_after_going_back_goes_from_the_copies_of_before_too(
    watched: Watched, tmp_path: Path
) -> None:
    """They have another forgetting in them, and were taken for copies that have this one."""
    for who in ("yara@yaralux.example", "zora@zorblax.example"):
        watched.engine.receive(a_letter(message_id=f"<{who}>", sender=who))
    kept = tmp_path / "kept.db"
    with closing(open_reader(watched.engine.database)) as db:
        backup(db, kept)
    desk(watched).delete("yara@yaralux.example")
    watched.work_for(days=1)
    watched.engine.writer.stop()
    restore(watched.engine.database, kept, now=watched.engine.clock.at)
    watched.engine.writer = Writer(watched.engine.database, now=watched.engine.clock.at)
    watched.engine.writer.start()
    watched.copying = watched.anew()
    desk(watched).delete("zora@zorblax.example")
    watched.work_for(minutes=10)
    (file,) = watched.files
    assert b"zorblax" not in file.read_bytes().lower()


def test_a_folder_that_was_chosen_before_is_not_forgotten(watched: Watched, tmp_path: Path) -> None:
    """The new one has its copy at once; those of before age, and lose who is forgotten."""
    watched.engine.receive(a_letter(message_id="<z@z>", sender="Zora <zora@zorblax.example>"))
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir()
    after.mkdir()
    watched.settings = replace(watched.settings, copies_folder=str(before))
    watched.work_for(days=1)
    watched.settings = replace(watched.settings, copies_folder=str(after))
    watched.work_for(minutes=10)
    assert [one.parent for one in watched.files] == [after, before]
    watched.copying = watched.anew()
    desk(watched).delete("zora@zorblax.example")
    watched.work_for(minutes=10)
    assert [one.parent for one in watched.files] == [after]
    assert list(before.iterdir()) == []


def test_a_folder_that_is_named_in_two_ways_loses_no_copy(watched: Watched, tmp_path: Path) -> None:
    """By a link: every copy in it was taken for a second one, and deleted."""
    (tmp_path / "disk").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "disk")
    for name in ("disk", "link", "disk", "link"):
        watched.settings = replace(watched.settings, copies_folder=str(tmp_path / name))
        for _ in range(10):
            watched.work_for(days=1)
        assert len(watched.files) == len(list((tmp_path / "disk").iterdir())) == 3
    (tmp_path / "link").unlink()
    assert len(watched.files) == 3


def test_a_profile_to_which_nothing_is_connected_has_no_copy_yet(tmp_path: Path) -> None:
    """Its first copy is of the first day's work, and not of nothing."""
    profile = Profile(tmp_path / "new").make()
    writer = Writer(profile.database, now=NOON)
    writer.start()
    try:
        seconds = 7200.0
        copying = Copying(
            profile=profile, writer=writer, settings=Settings, clock=FixedClock(), busy=bool,
            publish=lambda _: None, steady=lambda: seconds,
        )  # fmt: skip
        seconds += 7200.0
        copying.step()
        assert not profile.backups.exists()
        writer.do(an_account)
        copying.step()
        assert len(list(profile.backups.iterdir())) == 1
    finally:
        writer.stop()


def test_where_no_copies_are_made_any_more_those_of_before_go_with_a_customer(
    watched: Watched,
) -> None:
    watched.engine.receive(a_letter(message_id="<z@z>", sender="Zora <zora@zorblax.example>"))
    watched.work_for(days=1)
    watched.settings = replace(watched.settings, daily_copy=False)
    assert "1 daily copy" in desk(watched).delete("zora@zorblax.example")["goes"]
    assert watched.files == []


def test_a_folder_that_cannot_be_used_is_refused_when_it_is_chosen(tmp_path: Path) -> None:
    assert usable_folder(" ") == ""
    assert usable_folder(str(tmp_path)) == str(tmp_path)
    assert list(tmp_path.iterdir()) == []
    for none in ("copies", str(tmp_path / "none"), "~nobody-of-this-name/copies"):
        with pytest.raises(Refused, match="is not a folder"):
            usable_folder(none)


def test_idle_it_looks_into_a_folder_and_no_more(watched: Watched) -> None:
    """Six looks an hour: each takes far less than a hundredth of a second."""
    watched.work_for(hours=1)
    began = time.process_time()
    for _ in range(50):
        watched.copying.step()
    assert (time.process_time() - began) / 50 < 0.01
    assert list(watched.profile.backups.iterdir()) == watched.files
