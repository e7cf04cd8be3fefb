"""A screen of a test's own: Xvfb, a window manager, real pop-ups, and a hand that clicks.

with screen() as display, window_manager(display), pop_ups(display, bus) as dunst: ...
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.dbus_session import NOTIFICATIONS, Bus
from tests.support.processes import PATIENCE, need, running, wait_until

_DUNSTRC = """[global]
    monitor = 0
    follow = none
    width = 320
    height = 160
    origin = top-left
    offset = 20x20
    notification_limit = 5
    markup = full
    format = "<b>%s</b>\\n%b"
    idle_threshold = 0
    show_indicators = yes
    mouse_left_click = do_action, close_current
    mouse_right_click = close_current
"""


@dataclass(frozen=True, slots=True)
class Display:
    """An X display; `env` is what a process needs to show itself there."""

    name: str
    env: dict[str, str]

    def click(self, x: int, y: int, *, button: int = 1) -> None:
        """Move the mouse there and press a button, as a hand does."""
        self.do("mousemove", str(x), str(y))
        self.do("click", str(button))

    def key(self, *keys: str) -> None:
        """Press keys as xdotool names them, such as "ctrl+Return"."""
        self.do("key", *keys)

    def do(self, *arguments: str) -> str:
        """Let xdotool do something and return what it printed."""
        need("xdotool")
        done = subprocess.run(
            ["xdotool", *arguments],
            env={**os.environ, **self.env},
            capture_output=True,
            timeout=PATIENCE,
            check=True,
        )
        return done.stdout.decode()

    def picture(self, path: Path) -> Path:
        """Save what is on the whole screen as PNG."""
        need("import")
        subprocess.run(
            ["import", "-window", "root", str(path)],
            env={**os.environ, **self.env},
            timeout=PATIENCE,
            check=True,
        )
        return path


@contextmanager
def screen(*, width: int = 1280, height: int = 800) -> Iterator[Display]:
    """A virtual screen; the number is the first one that is free."""
    need("Xvfb")
    read, write = os.pipe()
    size = f"{width}x{height}x24"
    # -noreset: else the server starts anew, and loses all, when its first client goes
    argv = ["Xvfb", "-displayfd", str(write), "-screen", "0", size, "-nolisten", "tcp", "-noreset"]
    with running(argv, pass_fds=(write,)):
        os.close(write)
        with os.fdopen(read) as told:
            number = told.readline().strip()
        assert number, "Xvfb did not start"
        name = f":{number}"
        yield Display(name, {"DISPLAY": name, "WAYLAND_DISPLAY": ""})


@contextmanager
def window_manager(display: Display) -> Iterator[subprocess.Popen[bytes]]:
    """Openbox: without a window manager, windows have no focus and no frame."""
    need("openbox", "xdotool")
    with running(["openbox"], env=display.env) as process:
        wait_until(lambda: _managed(display), what="the window manager")
        yield process


@dataclass(frozen=True, slots=True)
class PopUps:
    """A running dunst and what it shows."""

    bus: Bus
    display: Display
    process: subprocess.Popen[bytes]

    def displayed(self) -> int:
        """How many pop-ups are on the screen."""
        return int(self._ctl("count", "displayed"))

    def history(self) -> list[dict[str, Any]]:
        """Every pop-up that was shown and is closed, the last first: summary, body, id, ..."""
        shown = json.loads(self._ctl("history"))["data"]
        notes = [note for group in shown for note in group]
        return [{name: value["data"] for name, value in note.items()} for note in notes]

    def close_all(self) -> None:
        """Close what is on the screen, so that `history` has it."""
        self._ctl("close-all")

    def click(self) -> None:
        """Click the first pop-up with the mouse, where `pop_ups` puts it; dunst counts it before
        it is there."""
        wait_until(self._is_there, what="a pop-up on the screen")
        self.display.click(150, 60)

    def _is_there(self) -> bool:
        return _asked(self.display, "search", "--onlyvisible", "--class", "dunst")

    def _ctl(self, *arguments: str) -> str:
        done = subprocess.run(
            ["dunstctl", *arguments],
            env={**os.environ, **self.bus.env},
            capture_output=True,
            timeout=PATIENCE,
            check=True,
        )
        return done.stdout.decode()


@contextmanager
def pop_ups(display: Display, bus: Bus, folder: Path) -> Iterator[PopUps]:
    """A real dunst that shows pop-ups at the top left."""
    need("dunst", "dunstctl")
    config = folder / "dunstrc"
    config.write_text(_DUNSTRC)
    with running(["dunst", "-conf", str(config)], env={**bus.env, **display.env}) as process:
        wait_until(lambda: bus.has(NOTIFICATIONS), what="dunst")
        yield PopUps(bus, display, process)


def _managed(display: Display) -> bool:
    return _asked(display, "get_num_desktops")


def _asked(display: Display, *words: str) -> bool:
    """Whether xdotool has an answer to that."""
    done = subprocess.run(
        ["xdotool", *words],
        env={**os.environ, **display.env},
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    return done.returncode == 0 and bool(done.stdout.strip())
