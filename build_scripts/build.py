"""Build: the one-dir bundle that runs on a machine without Python.

    python3 build_scripts/build.py            dist/frontburner/

The bundle is for the system it was built on; there is no building across systems. One-dir and not
one-file, because a single file unpacks itself for seconds at each start, and the engine is started
often.
"""

from __future__ import annotations

import ctypes
import platform
import shutil
import sys
import sysconfig
from pathlib import Path

import environment
from environment import ROOT, run, say

BUNDLE = ROOT / "dist" / "frontburner"
_LINUX = sys.platform == "linux"


def main() -> int:
    """Make the bundle and say how large it is."""
    python = environment.make(dev=True)
    environment.need_window()
    _need_tools()
    spec = ROOT / "build_scripts" / "frontburner.spec"
    work = ROOT / "build" / "pyinstaller"
    shutil.rmtree(BUNDLE, ignore_errors=True)
    run(
        [python, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN",
         "--distpath", BUNDLE.parent, "--workpath", work, spec]
    )  # fmt: skip
    _strip()
    say(f"{BUNDLE.relative_to(ROOT)}: {_size(BUNDLE) / 2**20:.0f} MB")
    return 0


def _strip() -> None:
    """Take the names for debuggers out of Linux's libraries, a seventh of the bundle.

    Those that a wheel brought in a folder of its own (`numpy.libs`) were lengthened when the wheel
    was made, and stripped of anything they load no more ("not page-aligned").
    """
    if not _LINUX:
        return
    for path in BUNDLE.rglob("*.so*"):
        if not path.is_symlink() and not path.parent.name.endswith(".libs"):
            run(["strip", "--strip-unneeded", path])


def _need_tools() -> None:
    """On Linux PyInstaller looks into libraries with binutils, and takes Python as a library."""
    if not _LINUX:
        return
    major, minor, _ = platform.python_version_tuple()
    missing = [] if shutil.which("objdump") else ["binutils"]
    if not _has_python_library():
        missing.append(f"libpython{major}.{minor}")
    if missing:
        environment.need(missing, why="to build")


def _has_python_library() -> bool:
    name = sysconfig.get_config_var("INSTSONAME") or ""
    if (Path(sysconfig.get_config_var("LIBDIR") or "") / name).is_file():
        return True
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _size(folder: Path) -> int:
    """Bytes of all files; what a link points to counts once."""
    files = (file for file in folder.rglob("*") if file.is_file() and not file.is_symlink())
    return sum(file.stat().st_size for file in files)


if __name__ == "__main__":
    sys.exit(main())
