"""Desktop: what the desktop around the program is like: its screen, its languages, its typefaces.

Beside `system` a place that differs by platform. POSIX is measured; the other branches follow the
documentation of their calls.
"""

from __future__ import annotations

import locale
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path


def has_screen(environ: Mapping[str, str] | None = None, *, platform: str = sys.platform) -> bool:
    """Whether a window can be shown: always, but on Linux only with X11 or Wayland."""
    if not platform.startswith("linux"):
        return True
    present = os.environ if environ is None else environ
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return any(present.get(name) for name in named)


def command_key(*, platform: str = sys.platform) -> str:
    """The key by which commands are given, where it is not the one that our texts name: of a Mac
    Qt takes the command key for Ctrl."""
    return "⌘" if platform == "darwin" else ""


def desktop_languages(environ: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The languages that this person's desktop speaks, the best first, as "de_DE"; or none."""
    around = os.environ if environ is None else environ
    # GNU gettext's order (manual, 2.3.2 and 2.3.3): the locale C wants no translation at all.
    place = next(filter(None, map(around.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    if place.split(".")[0] in ("C", "POSIX"):
        return ()
    if place:
        return (*filter(None, around.get("LANGUAGE", "").split(":")), place)
    return _told_by_the_system()


def _told_by_the_system() -> tuple[str, ...]:
    """Windows and macOS keep the language where no variable shows it."""
    named = ""
    if sys.platform == "win32":
        import ctypes

        named = locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
    elif sys.platform == "darwin":
        asked = subprocess.run(
            ["/usr/bin/defaults", "read", "-g", "AppleLocale"],
            capture_output=True, encoding="utf-8", timeout=5, check=False,
        )  # fmt: skip
        named = asked.stdout.strip()
    return (named,) if named else ()


def font_folders(environ: Mapping[str, str] | None = None) -> tuple[Path, ...]:
    """Where this platform keeps its typefaces; folders that are not there are left out."""
    surroundings = os.environ if environ is None else environ
    if sys.platform == "win32":
        windows = Path(surroundings.get("WINDIR", r"C:\Windows")) / "Fonts"
        own = Path(surroundings.get("LOCALAPPDATA", "")) / "Microsoft" / "Windows" / "Fonts"
        wanted = (windows, own)
    elif sys.platform == "darwin":
        wanted = (Path("/System/Library/Fonts"), Path("/Library/Fonts"))
    else:
        wanted = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
    return tuple(folder for folder in wanted if folder.is_dir())
