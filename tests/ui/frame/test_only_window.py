"""One window for a profile: a second start asks the first to come up; no lock outlives it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.domain.errors import KnownError
from app.ui.only_window import OnlyWindow
from tests.support.processes import wait_until
from tests.support.small_disk import small_disk


@pytest.fixture
def first(qtbot: QtBot, tmp_path: Path) -> Iterator[OnlyWindow]:
    """The window that is open on this profile."""
    made = OnlyWindow(tmp_path)
    assert made.begin(key="", comes_up=True)
    yield made
    made.end()


class Start:
    """The program, started once more while the first window goes on; `begun` is what came of it."""

    def __init__(self, profile: Path, key: str = "", seconds: float = 30) -> None:
        self.begun: list[bool | str] = []
        self._window = OnlyWindow(profile)
        self._thread = threading.Thread(target=self._begin, args=(key, seconds))
        self._thread.start()

    def _begin(self, key: str, seconds: float) -> None:
        try:
            self.begun.append(self._window.begin(key=key, comes_up=True, seconds=seconds))
        except KnownError as error:
            self.begun.append(error.title)

    def end(self) -> None:
        self._thread.join(60)
        self._window.end()


@pytest.mark.parametrize("key", ["", "i1_late"])
def test_a_second_start_has_the_first_window_come_up_with_the_issue_that_was_asked_for(
    first: OnlyWindow, tmp_path: Path, qtbot: QtBot, key: str
):
    asked: list[str] = []
    first.asked.connect(asked.append)
    second = Start(tmp_path, key)
    qtbot.waitUntil(lambda: bool(second.begun))
    second.end()
    assert (second.begun, asked) == ([False], [key])
    assert list((tmp_path / "window").iterdir()) == []


def test_what_others_put_beside_the_asking_disturbs_nobody(
    first: OnlyWindow, tmp_path: Path, qtbot: QtBot
):
    """A program that copies folders leaves its own there: a second start once was not heard."""
    (tmp_path / "window" / ".stfolder").mkdir()
    (tmp_path / "window" / "desktop.ini").write_text("[shell]")
    asked: list[str] = []
    first.asked.connect(asked.append)
    second = Start(tmp_path, "i1_late")
    qtbot.waitUntil(lambda: bool(second.begun))
    second.end()
    assert (second.begun, asked) == ([False], ["i1_late"])


def test_a_window_is_heard_though_the_system_watches_no_more_folders(tmp_path: Path, qtbot: QtBot):
    """A program that watches thousands of files uses up what the system has."""
    window = OnlyWindow(tmp_path)
    window._watcher.addPath = lambda _path: False  # type: ignore[method-assign]
    assert window.begin(key="", comes_up=True)
    second = Start(tmp_path)
    qtbot.waitUntil(lambda: bool(second.begun))
    second.end()
    window.end()
    assert second.begun == [False]


def test_a_start_in_the_background_disturbs_nobody(first: OnlyWindow, tmp_path: Path, qtbot: QtBot):
    asked: list[str] = []
    first.asked.connect(asked.append)
    assert not OnlyWindow(tmp_path).begin(key="", comes_up=False)
    qtbot.wait(100)
    assert asked == []


def test_when_the_first_window_is_closed_the_next_start_is_a_window(
    first: OnlyWindow, tmp_path: Path, qtbot: QtBot
):
    first.end()
    second = OnlyWindow(tmp_path)
    assert second.begin(key="", comes_up=True)
    second.end()


def test_who_asks_a_window_that_just_ends_becomes_the_window(first: OnlyWindow, tmp_path: Path):
    """Nobody is left without one."""
    second = Start(tmp_path)
    wait_until(lambda: list(tmp_path.glob("window/*")), what="its asking", step=0.01)
    first.end()
    second.end()
    assert second.begun == [True]


def test_a_window_that_does_not_answer_is_told_of(first: OnlyWindow, tmp_path: Path):
    """It hangs: whoever starts the program again hears so, and waits for a bounded time."""
    second = Start(tmp_path, seconds=0.2)
    second.end()
    assert second.begun == ["The window of this profile is open and does not answer"]
    assert list((tmp_path / "window").iterdir()) == []


def test_who_gives_up_asking_while_the_window_looks_does_not_stop_it(
    first: OnlyWindow, tmp_path: Path, qtbot: QtBot
):
    """Its file goes between being listed and being read; what others ask is still done."""
    asked: list[str] = []
    first.asked.connect(asked.append)
    asks = [tmp_path / "window" / f"{number:032x}" for number in range(3)]
    first.asked.connect(lambda _: asks[1].unlink(missing_ok=True))
    for ask, key in zip(asks, ("i1_late", "i2_gone", "i3_next"), strict=True):
        ask.write_text(key)
    qtbot.waitUntil(lambda: asked[-1:] == ["i3_next"])


def test_another_profile_has_a_window_of_its_own(first: OnlyWindow, tmp_path: Path, qtbot: QtBot):
    other = tmp_path / "other"
    other.mkdir()
    second = OnlyWindow(other)
    assert second.begin(key="", comes_up=True)
    second.end()


def test_on_a_full_disk_there_is_a_window_all_the_same(qtbot: QtBot, tmp_path: Path):
    """It says that the disk is full; a program that just does not open says nothing."""
    with small_disk(tmp_path / "disk") as disk:
        disk.leave(0)
        window = OnlyWindow(disk.path)
        assert window.begin(key="", comes_up=True)
        window.end()
