"""Closing the window ends nothing: the watch goes on in the tray, which says so once; and
Frontburner starts with the desktop if its owner wants."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.config.autostart import Autostart
from app.config.paths import Profile
from app.engine.client import EngineClient
from tests.support.processes import need, wait_until
from tests.support.program import Program
from tests.support.tray_host import TrayHost, tray_host
from tests.support.window import Desktop, came_up, opened

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("window")]


@pytest.fixture
def tray(desk: Desktop) -> Iterator[TrayHost]:
    with tray_host(desk.bus) as made:
        yield made


def test_closing_the_window_keeps_the_watch_and_says_so_once(
    tray: TrayHost, sample_shop: Program, desk: Desktop
):
    """The mark tells counts and open disputes; a click on it brings the window back; the second
    time it is closed, nothing is said."""
    with opened(sample_shop, desk) as window:
        window.wait_for("Issues", role="table")
        window.wait(lambda: "disputes to answer" in tray.tool_tip(), what="the mark tells")
        assert "urgent" in tray.tool_tip()
        desk.pop_ups.close_all()
        window.press("ctrl+w")
        window.wait(lambda: "goes on watching" in told(desk), what="it says that it stays")
        tray.click()
        window.wait(lambda: "Issues" in window.words(), what="the window is back")
        desk.pop_ups.close_all()
        before = told(desk).count("goes on watching")
        window.press("ctrl+w")
        window.wait(lambda: "Issues" not in window.words(), what="the window is away again")
        desk.pop_ups.close_all()
        assert told(desk).count("goes on watching") == before == 1
        tray.click()
        window.wait(lambda: "Issues" in window.words(), what="the window is back")
        window.press("ctrl+q")
        window.gone()
    assert sample_shop.engine_pid() is not None  # the engine goes on


def told(desk: Desktop) -> str:
    desk.pop_ups.close_all()
    return "\n".join(str(one["summary"]) for one in desk.pop_ups.history())


def test_it_starts_with_the_desktop_if_its_owner_wants(
    tray: TrayHost, sample_shop: Program, desk: Desktop, tmp_path: Path
):
    """The entry that `autostart on` writes is started as a desktop does: no window, but the mark;
    a click on it brings the window. Off, and the entry is gone."""
    need("gio")
    assert sample_shop.json("autostart")[0]["on"] is False
    (answer,) = sample_shop.json("autostart", "on")
    entry = Path(answer["where"])
    assert entry.parent == tmp_path / "config" / "autostart"
    environment = {**sample_shop.environment, "PATH": "/usr/bin:/bin"}
    subprocess.run(["gio", "launch", str(entry)], env=environment, timeout=120, check=True)
    wait_until(tray.item, what="the mark is there")
    tray.click()
    with came_up(desk) as window:
        window.wait_for("Issues", role="table")
    assert sample_shop.json("autostart", "off")[0]["on"] is False
    assert not entry.exists()


def test_without_a_tray_the_engine_alone_watches(desk: Desktop, tmp_path: Path):
    """Case 124: started with the desktop where no tray is: no window, and the watch is on."""
    program = Program(profile=tmp_path / "profile", environment=desk.environment)
    try:
        done = program.run("--in-background", timeout=60)
        assert (done.returncode, done.stderr) == (0, "")
        assert program.engine_pid() is not None
        client = EngineClient(Profile(program.profile))
        assert client.call("status")["staying"] is True
        client.close()
    finally:
        program.stop()


def test_an_entry_starts_its_command_whatever_stands_in_it(tmp_path: Path):
    """Blanks, quotes, dollars, backslashes and percent signs in a profile's name arrive as they
    are: the entry is written by the rules of the specification."""
    need("gio")
    heard = tmp_path / "heard"
    script = tmp_path / "say it"
    script.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{heard}"\n')
    script.chmod(0o755)
    words = ["two words", 'a "quoted" one', "$HOME `id`", "back\\slash", "100 % sure %f"]
    place = Autostart(tmp_path / "profile")._place
    environment = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    entry = tmp_path / "one.desktop"
    type(place)(path=entry).put([str(script), *words])  # type: ignore[call-arg]
    subprocess.run(["gio", "launch", str(entry)], env=environment, timeout=120, check=True)
    wait_until(heard.exists, what="it was started")
    wait_until(lambda: heard.read_text().splitlines() == words, what="its words arrived")
