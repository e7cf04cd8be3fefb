"""The program's window as its user has it: seen as a screen reader sees it, worked by hand.

with desktop(folder) as desk, opened(program, desk) as window: window.press("ctrl+k") ...

A desktop is a screen with a window manager, pop-ups and a session bus of its own. What the window
shows is read by AT-SPI over that bus, so that a test says what it looks for by the name that a
blind owner hears; keys and clicks are real ones.
"""

from __future__ import annotations

import os
import signal
import socket
import struct
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jeepney import DBusAddress, message_bus, new_method_call  # type: ignore[import-untyped]
from jeepney.io.blocking import (  # type: ignore[import-untyped]
    DBusConnection,
    open_dbus_connection,
)
from jeepney.wrappers import DBusErrorResponse, unwrap_msg  # type: ignore[import-untyped]

from tests.support.dbus_session import Bus, session_bus, unlocked_keyring
from tests.support.display import Display, PopUps, pop_ups, screen, window_manager
from tests.support.processes import PATIENCE, need, running, wait_until
from tests.support.program import ROOT, Program

_ATSPI = "org.a11y.atspi"
_ROOT = "/org/a11y/atspi/accessible/root"
_HINDERS = "What stands in the way"
_STEP = 0.1
# AT-SPI 2, StateType
_FOCUSABLE, _FOCUSED, _SHOWING = 11, 12, 25
_ITEMS = ("cell", "list item")  # Qt calls the current one focused wherever the keyboard is


@dataclass(frozen=True, slots=True, kw_only=True)
class Desktop:
    """A person's desktop; `environment` is what a program needs to live on it."""

    bus: Bus
    display: Display
    pop_ups: PopUps

    @property
    def environment(self) -> dict[str, str]:
        """With the window readable, and drawn on this screen whatever other tests draw on."""
        readable = {"AT_SPI_BUS_ADDRESS": self.bus.address, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
        return {**self.bus.env, **self.display.env, **readable, "QT_QPA_PLATFORM": "xcb"}


@contextmanager
def desktop(folder: Path, *, width: int = 1440, height: int = 900) -> Iterator[Desktop]:
    """A desktop without a keyring, which a test adds if it wants one."""
    with ExitStack() as stack:
        bus = stack.enter_context(session_bus(folder))
        display = stack.enter_context(screen(width=width, height=height))
        stack.enter_context(_kept_open(display))
        stack.enter_context(window_manager(display))
        shown = stack.enter_context(pop_ups(display, bus, folder))
        yield Desktop(bus=bus, display=display, pop_ups=shown)


@contextmanager
def at_desk(desk: Desktop, folder: Path) -> Iterator[Program]:
    """The program on that desktop, with an open keyring, and with a home of its own."""
    home = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder / "config")}
    with unlocked_keyring(desk.bus, folder / "keyring"):
        made = Program(profile=folder / "profile", environment={**desk.environment, **home})
        yield made
        made.stop()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One thing in the window: what it is and what it is called."""

    path: str
    role: str
    name: str


class Window:
    """A running window. Every wait is bounded and says what it saw instead."""

    def __init__(self, pid: int, desk: Desktop) -> None:
        self.pid = pid
        self.desk = desk
        self._bus: DBusConnection = open_dbus_connection(desk.bus.address)
        self._door = ""

    def leave(self) -> None:
        """Look no more."""
        self._bus.close()

    # --- Eyes -------------------------------------------------------------------------------

    def words(self) -> str:
        """Everything that can be read in the window, a line each."""
        names = (self._name(path) for path, _ in self._walk())
        return "\n".join(dict.fromkeys(name for name in names if name))

    def focused(self) -> Seen | None:
        """Where the keyboard is."""
        lit = [self._seen(path) for path, states in self._walk() if states >> _FOCUSED & 1]
        at = [one for one in lit if one.role not in _ITEMS]
        named = [one for one in at if one.name]  # a named field has a nameless surface inside
        return next(reversed(named or at), None)

    def find(self, name: str, *, role: str = "", whole: bool = False) -> Seen | None:
        """What begins with that name, or is called so and nothing more, if it is showing."""
        for path, _ in self._walk():
            called = self._name(path)
            if called == name or (called.startswith(name) and not whole):
                one = self._seen(path)
                if role in ("", one.role):
                    return one
        return None

    def nameless(self) -> list[str]:
        """What the keyboard can stand on without a blind owner hearing what it is: its role, and
        the last name that was read before it.

        Qt calls a choice by its value; what it chooses is its description.
        """
        found, last = [], "nothing"
        for path, states in self._walk():
            one = self._seen(path)
            said = one.name
            if said and one.role == "combo box":
                said = str(self._property(path, "Accessible", "Description"))
            if states >> _FOCUSABLE & 1 and not said.strip():
                found.append(f"{one.role} after {last!r}")
            last = one.name or last
        return found

    def text(self, name: str) -> str:
        """What stands in the field of that name."""
        field = self.wait_for(name, role="text")
        return str(self._call(field.path, "Text", "GetText", "ii", 0, -1)[0])

    # --- Patience ---------------------------------------------------------------------------

    def wait_for(self, name: str, *, role: str = "", seconds: float = PATIENCE) -> Seen:
        """Wait until something of that name is showing."""
        found: list[Seen] = []

        def is_there() -> bool:
            one = self.find(name, role=role)
            found.extend([one] if one else [])
            return bool(found)

        self.wait(is_there, what=f"{name!r} is showing", seconds=seconds)
        return found[0]

    def wait_until_gone(self, name: str) -> None:
        """Wait until nothing of that name is showing, so that the next keys go elsewhere."""
        self.wait(lambda: self.find(name) is None, what=f"{name!r} is gone")

    def wait_for_words(self, words: str, *, seconds: float = PATIENCE) -> None:
        """Wait until these words can be read anywhere."""
        self.wait(lambda: words in self.words(), what=f"it says {words!r}", seconds=seconds)

    def wait_for_focus(self, name: str, *, seconds: float = PATIENCE) -> None:
        """Wait until the keyboard is at something of that name."""
        self.wait(lambda: self._is_at(name), what=f"the keyboard is at {name!r}", seconds=seconds)

    def wait_for_text(self, name: str, text: str, *, seconds: float = PATIENCE) -> None:
        """Wait until the field holds exactly this."""
        self.wait(lambda: self.text(name) == text, what=f"{name!r} holds {text!r}", seconds=seconds)

    def wait(self, true: Callable[[], object], *, what: str, seconds: float = PATIENCE) -> None:
        """Wait until something holds; what the window says instead is in the failure."""
        end = time.monotonic() + seconds
        while not self._is_so(true):
            if not _lives(self.pid):
                pytest.fail(f"the window ended before this was so: {what}")
            if time.monotonic() > end:
                pytest.fail(f"not within {seconds:.0f} s: {what}; the window says:\n{self.words()}")
            time.sleep(_STEP)

    # --- Hands ------------------------------------------------------------------------------

    def press(self, *keys: str) -> None:
        """Press keys as xdotool names them."""
        self.desk.display.key(*keys)

    def open_menu(self, key: str) -> None:
        """Press a key, and wait for the menu: a window of its own, which cannot be read."""
        before = self._windows()
        self.press(key)
        self.wait(lambda: self._windows() - before, what=f"{key} opens a menu")

    def write(self, text: str) -> None:
        """Type at whatever has the keyboard."""
        self.desk.display.do("type", "--delay", "8", text)

    def click(self, name: str, *, role: str = "") -> None:
        """Click in the middle of something of that name, of exactly that if there is such."""
        left, top, wide, high = self._place(name, role=role)
        self.desk.display.click(left + wide // 2, top + high // 2)

    def send_reply(self, *, filling: str) -> None:
        """Send what stands there; where a place is open that no machine can fill, put this in."""
        self.press("ctrl+Return")
        self.wait(self._is_settled, what="it is sent, or it says why not")
        if _HINDERS in self.words():
            self.tab_to("Go to: ")
            self.press("space")
            self.wait_for_focus("Reply")
            self.write(filling)
            self.press("ctrl+Return")
        self.wait_for_text("Reply", "")

    def _is_settled(self) -> bool:
        """Whether the reply is on its way, or stands there with what is in its way."""
        return self.text("Reply") == "" or _HINDERS in self.words()

    def click_first_of_menu(self, name: str) -> None:
        """Click on a button with a menu below it, and then on the first thing that it offers."""
        left, top, _, high = self._place(name)
        self.click(name)
        time.sleep(0.5)  # a menu is a window of its own, which cannot be read
        self.desk.display.click(left + 24, top + high + 18)

    def fill(self, name: str, text: str) -> None:
        """Go to a field with Tab and type instead of what stood there."""
        self.tab_to(name)
        self.press("ctrl+a")
        self.write(text)
        self.wait_for_text(name, text)

    def tab_to(self, name: str, *, back: bool = False, most: int = 40) -> Seen:
        """Press Tab until the keyboard is at something of that name; `back` with Shift."""
        passed: list[str] = []
        for _ in range(most):
            here = self.focused()
            if here is not None and here.name.startswith(name):
                return here
            passed.append((here.name or here.role) if here else "nothing")
            self.press("shift+Tab" if back else "Tab")
        return pytest.fail(f"Tab never comes to {name!r}, but to: {', '.join(passed)}")

    def close(self, *, seconds: float = PATIENCE) -> None:
        """Ctrl+Q, as somebody who goes home."""
        self.press("ctrl+q")
        self.gone(seconds=seconds)

    def gone(self, *, seconds: float = PATIENCE) -> None:
        """Wait until the window's process has ended."""
        wait_until(lambda: not _lives(self.pid), seconds=seconds, what="the window closes")

    def picture(self, path: Path) -> Path:
        """What is on the screen."""
        path.parent.mkdir(parents=True, exist_ok=True)
        return self.desk.display.picture(path)

    def _windows(self) -> frozenset[str]:
        """The windows of the program on the screen; a tool tip is one, and goes by itself."""
        found = self.desk.display.do(
            "search", "--onlyvisible", "--pid", str(self.pid), "--name", ""
        )
        return frozenset(found.split())

    def _place(self, name: str, *, role: str = "") -> tuple[int, int, int, int]:
        """Where it is on the screen: left, top, width, height."""
        begins = self.wait_for(name, role=role)
        seen = self.find(name, role=role, whole=True) or begins
        left, top, wide, high = self._call(seen.path, "Component", "GetExtents", "u", 0)[0]
        return left, top, wide, high

    def _is_at(self, name: str) -> bool:
        here = self.focused()
        return here is not None and here.name.startswith(name)

    def _is_so(self, true: Callable[[], object]) -> bool:
        with suppress(DBusErrorResponse):  # what was looked at went away meanwhile
            return bool(true())
        return False

    # --- AT-SPI -----------------------------------------------------------------------------

    def _walk(self, path: str = _ROOT) -> Iterator[tuple[str, int]]:
        """Everything that is showing, with its states; what goes away meanwhile is left out."""
        with suppress(DBusErrorResponse):
            for _, child in self._call(path, "Accessible", "GetChildren")[0]:
                with suppress(DBusErrorResponse):
                    low, high = self._call(child, "Accessible", "GetState")[0]
                    states = low | high << 32
                    if states >> _SHOWING & 1:
                        yield child, states
                        yield from self._walk(child)

    def _seen(self, path: str) -> Seen:
        role = str(self._call(path, "Accessible", "GetRoleName")[0])
        return Seen(path=path, role=role, name=self._name(path))

    def _name(self, path: str) -> str:
        with suppress(DBusErrorResponse):
            return str(self._property(path, "Accessible", "Name"))
        return ""

    def _property(self, path: str, interface: str, name: str) -> Any:
        words = (f"{_ATSPI}.{interface}", name)
        return self._ask(path, "org.freedesktop.DBus.Properties", "Get", "ss", words)[0][1]

    def _call(
        self, path: str, interface: str, method: str, signature: str | None = None, *body: Any
    ) -> Any:
        return self._ask(path, f"{_ATSPI}.{interface}", method, signature, body)

    def _ask(
        self, path: str, interface: str, method: str, signature: str | None, body: tuple[Any, ...]
    ) -> Any:
        address = DBusAddress(path, bus_name=self._found_door(), interface=interface)
        message = new_method_call(address, method, signature, body)
        return unwrap_msg(self._bus.send_and_get_reply(message, timeout=PATIENCE))

    def _found_door(self) -> str:
        """The name on the bus behind which the window can be read."""
        end = time.monotonic() + PATIENCE
        while not self._door:
            for name in self._names():
                if self._opens(name):
                    self._door = name
            if not self._door and time.monotonic() > end:
                pytest.fail("the window cannot be read: it is not on the bus")
            time.sleep(0 if self._door else _STEP)
        return self._door

    def _names(self) -> list[str]:
        names = unwrap_msg(self._bus.send_and_get_reply(message_bus.ListNames(), timeout=PATIENCE))[
            0
        ]
        return [name for name in names if name.startswith(":") and name != self._bus.unique_name]

    def _opens(self, name: str) -> bool:
        root = DBusAddress(_ROOT, bus_name=name, interface=f"{_ATSPI}.Accessible")
        with suppress(DBusErrorResponse):
            asked = message_bus.GetConnectionUnixProcessID(name)
            pid = unwrap_msg(self._bus.send_and_get_reply(asked, timeout=PATIENCE))[0]
            if pid != self.pid:
                return False
            message = new_method_call(root, "GetChildren")
            return bool(unwrap_msg(self._bus.send_and_get_reply(message, timeout=PATIENCE))[0])
        return False


@contextmanager
def opened(program: Program, desk: Desktop, *words: str) -> Iterator[Window]:
    """The window, started as its user starts it, in front and readable."""
    need("xdotool")
    argv = [*program.command, "--profile", str(program.profile), *words]
    env = {"PYTHONPATH": str(ROOT), **program.environment}
    with running(argv, env=env) as process, _watched(process.pid, desk) as window:
        yield window


@contextmanager
def came_up(desk: Desktop, *, seconds: float = PATIENCE) -> Iterator[Window]:
    """The window that somebody else started; ended with the test."""
    need("xdotool")
    pid = 0

    def is_up() -> bool:
        nonlocal pid
        pid = _pid_in_front(desk.display) or 0
        return bool(pid) and _lives(pid)

    wait_until(is_up, seconds=seconds, what="a window coming up", step=_STEP)
    try:
        with _watched(pid, desk) as window:
            yield window
    finally:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def look_of(picture: Path) -> tuple[int, float]:
    """How many colours a picture has, and how bright it is: 0 is black, 1 is white."""
    need("identify")
    done = subprocess.run(
        ["identify", "-format", "%k %[fx:mean]", str(picture)],
        capture_output=True,
        timeout=PATIENCE,
        check=True,
    )
    colours, brightness = done.stdout.split()
    return int(colours), float(brightness)


@contextmanager
def _kept_open(display: Display) -> Iterator[None]:
    """Be on the screen for as long as it lasts: an X server starts anew when its last client
    goes, and whoever is just coming in is thrown out."""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(f"/tmp/.X11-unix/X{display.name.removeprefix(':')}")
        line.settimeout(10)
        line.sendall(struct.pack("<BxHHHHxx", ord("l"), 11, 0, 0, 0))  # X11, 8: connection setup
        assert line.recv(1) == b"\x01", "the screen lets nobody in"
        yield


@contextmanager
def _watched(pid: int, desk: Desktop) -> Iterator[Window]:
    window = Window(pid, desk)
    try:
        window.wait(lambda: _in_front(desk.display), what="the window is in front")
        yield window
    finally:
        window.leave()


def _in_front(display: Display) -> bool:
    return _pid_in_front(display) is not None


def _pid_in_front(display: Display) -> int | None:
    """Whose window of ours is in front, if one is; name and process are asked for in one breath,
    as the window before may be on its way out."""
    done = subprocess.run(
        ["xdotool", "getactivewindow", "getwindowname", "getwindowpid"],
        env={**os.environ, **display.env},
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    name, _, pid = done.stdout.decode().strip().rpartition("\n")
    return int(pid) if "Frontburner" in name and done.returncode == 0 else None


def _lives(pid: int) -> bool:
    """Whether the process is there and has not ended (a child nobody asked about stays as Z)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in ("Z", "X")
