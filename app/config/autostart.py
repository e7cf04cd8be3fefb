"""Autostart: whether a profile's Frontburner starts when its owner signs in to the desktop.

Each system has its own place for it; nothing of it is kept in the profile. Linux is tried; the
other two follow their documentation: the registry's Run key, a LaunchAgent.
"""

from __future__ import annotations

import errno
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from app.config.processes import command_at_sign_in
from app.config.system import home, write_private
from app.domain.errors import KnownError
from app.domain.translation import tr

BACKGROUND = "--in-background"
_NAME = "frontburner"
# Microsoft's documentation of the Run key: of a longer line nobody is told that it does not start.
_LONGEST_LINE = 260
_RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"


class Place(Protocol):
    """Where a system keeps what starts with it."""

    @property
    def where(self) -> str:
        """The place, for its owner to look at."""

    def is_on(self) -> bool:
        """Whether this profile's Frontburner is there."""

    def put(self, command: list[str]) -> None:
        """Have this command started at each sign-in. Raises OSError."""

    def take_out(self) -> None:
        """Start it no more; nothing where it is not there. Raises OSError."""


class Autostart:
    """The choice for one profile."""

    def __init__(self, profile: Path, *, place: Place | None = None) -> None:
        self._profile = profile
        self._place = place or place_of(profile)

    @property
    def where(self) -> str:
        """The place of the entry, for its owner to look at."""
        return self._place.where

    def is_on(self) -> bool:
        """Whether it starts with the desktop."""
        return self._place.is_on()

    def set(self, *, on: bool) -> None:
        """Start with the desktop, or not. Raises KnownError where the system does not let us."""
        change: Callable[[], None] = self._place.take_out
        if on:
            command = command_at_sign_in("--profile", str(self._profile), BACKGROUND)
            change = partial(self._place.put, command)
        try:
            change()
        except OSError as error:
            raise KnownError(
                tr("This computer does not let Frontburner change what starts with it"),
                error.strerror or "",
                tr("Look at {where}", where=self.where),
            ) from error


def place_of(profile: Path, environ: Mapping[str, str] | None = None) -> Place:
    """This system's place for a profile."""
    surroundings = os.environ if environ is None else environ
    mark = hashlib.sha256(os.fsencode(profile)).hexdigest()[:8]
    own = Path(surroundings.get("HOME") or Path.home())
    place: Place
    if sys.platform == "win32":
        place = _RunKey(name=f"{_NAME}-{mark}")
    elif sys.platform == "darwin":
        place = LaunchAgent(path=own / "Library" / "LaunchAgents" / f"{_NAME}.{mark}.plist")
    else:
        config = Path(surroundings.get("XDG_CONFIG_HOME") or own / ".config")
        place = DesktopEntry(path=config / "autostart" / f"{_NAME}-{mark}.desktop")
    return place


@dataclass(frozen=True, slots=True, kw_only=True)
class DesktopEntry:
    """Linux: the Desktop Application Autostart Specification of freedesktop.org."""

    path: Path

    @property
    def where(self) -> str:
        """The entry's file."""
        return str(self.path)

    def is_on(self) -> bool:
        """There, and not switched off by a desktop's own tool."""
        if not self.path.exists():
            return False
        lines = {one.replace(" ", "") for one in self.path.read_text("utf-8").splitlines()}
        return not lines & {"Hidden=true", "X-GNOME-Autostart-enabled=false"}

    def put(self, command: list[str]) -> None:
        """Write the entry."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        lines = (
            "[Desktop Entry]",
            "Type=Application",
            "Name=Frontburner",
            "Comment=Watches the shop's mail",
            f"Exec={' '.join(_quoted(word) for word in command)}",
            f"Path={home()}",
            "Terminal=false",
        )
        write_private(self.path, ("\n".join(lines) + "\n").encode())

    def take_out(self) -> None:
        """Remove the entry."""
        self.path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchAgent:
    """macOS: a property list that launchd reads at sign-in (launchd.plist(5)). Not tried there."""

    path: Path

    @property
    def where(self) -> str:
        """The agent's file."""
        return str(self.path)

    def is_on(self) -> bool:
        """Whether the file is there."""
        return self.path.exists()

    def put(self, command: list[str]) -> None:
        """Write the agent."""
        import plistlib  # only macOS writes it; an engine's start does not pay for it

        self.path.parent.mkdir(parents=True, exist_ok=True)
        agent = {
            "Label": self.path.stem,
            "ProgramArguments": command,
            "WorkingDirectory": str(home()),
            "RunAtLoad": True,
            "ProcessType": "Interactive",
        }
        write_private(self.path, plistlib.dumps(agent))

    def take_out(self) -> None:
        """Remove the agent."""
        self.path.unlink(missing_ok=True)


def run_line(command: list[str]) -> str:
    """The command as one line for Windows' Run key. Raises OSError where it is too long for it."""
    line = subprocess.list2cmdline(command)
    if len(line) > _LONGEST_LINE:
        raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG))
    return line


def _quoted(word: str) -> str:
    """A word of an Exec line: quoted, with what is special in quotes and in field codes escaped
    (Desktop Entry Specification, "The Exec key")."""
    inside = "".join(f"\\{c}" if c in '"`$\\' else c for c in word).replace("%", "%%")
    return f'"{inside}"'.replace("\\", "\\\\")


if sys.platform == "win32":
    import winreg

    @dataclass(frozen=True, slots=True, kw_only=True)
    class _RunKey:
        """Windows: a value under the user's Run key. Not tried there."""

        name: str

        @property
        def where(self) -> str:
            """The value in the registry."""
            return rf"HKEY_CURRENT_USER\{_RUN_KEY}, {self.name}"

        def is_on(self) -> bool:
            """Whether the value is there."""
            try:
                with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _RUN_KEY) as key:
                    winreg.QueryValueEx(key, self.name)
            except FileNotFoundError:
                return False
            return True

        def put(self, command: list[str]) -> None:
            """Write the value."""
            line = run_line(command)
            with winreg.CreateKey(winreg.HKEY_CURRENT_USER, _RUN_KEY) as key:
                winreg.SetValueEx(key, self.name, 0, winreg.REG_SZ, line)

        def take_out(self) -> None:
            """Remove the value."""
            try:
                with winreg.OpenKey(
                    winreg.HKEY_CURRENT_USER, _RUN_KEY, 0, winreg.KEY_SET_VALUE
                ) as key:
                    winreg.DeleteValue(key, self.name)
            except FileNotFoundError:
                return
