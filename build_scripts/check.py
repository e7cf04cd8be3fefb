"""Check: format, lint, types, floors and all tests, from a fresh clone in one command.

python3 build_scripts/check.py            everything, with real servers
python3 build_scripts/check.py --fast     what needs no servers
python3 build_scripts/check.py --fix      first repair what can be repaired
python3 build_scripts/check.py --frozen   then build the bundle and try it in an empty root
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import environment
from environment import ROOT, say

_SYSTEMS = ("linux", "win32", "darwin")  # where it is promised to run
# What belongs together stays in one worker, and the slowest say in the end that they were slow.
_AT_ONCE = ("-q", "-n", "4", "--dist", "loadgroup", "--durations=15")
# A mistake fails twice. What fails once, on a machine that others use too, is told with its trace.
_ONCE_MORE = ("--reruns=1", "--max-suite-reruns=5", "--rerun-show-tracebacks")


def main() -> int:
    """Run every step even if one fails, so that one run tells all; 1 if any failed."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--fast", action="store_true", help="leave out the tests with servers")
    options.add_argument("--fix", action="store_true", help="repair what can be repaired")
    options.add_argument("--frozen", action="store_true", help="build and try the bundle too")
    chosen = options.parse_args()
    python = environment.make(dev=True)
    environment.need_window()
    if not chosen.fast:
        environment.need_servers()
        environment.need_second_server()
    if chosen.frozen:
        environment.need_bare_root()
    types = _Beside("types", _types(python))
    # What another run left in the usual place, a mount even, is not in the way of this one.
    with tempfile.TemporaryDirectory(prefix="frontburner-", ignore_cleanup_errors=True) as folder:
        steps = _steps(python, chosen, folder=Path(folder))
        failed = [name for name, command in steps if not _passes(name, command)]
    if not types.passes():
        failed.append(types.name)
    if failed:
        say(f"\nNot passed: {', '.join(failed)}")
        return 1
    say("\nAll passed.")
    return 0


def _steps(
    python: Path, chosen: argparse.Namespace, *, folder: Path
) -> list[tuple[str, list[str]]]:
    tool = python.parent
    fix = ["--fix"] if chosen.fix else []
    form = [] if chosen.fix else ["--check"]
    which = "not servers and not frozen" if chosen.fast else "not frozen"
    tests = [*_AT_ONCE, *_ONCE_MORE, "-m", which]
    steps: list[tuple[str, list[object]]] = [
        ("format", [tool / "ruff", "format", *form, "."]),
        ("lint", [tool / "ruff", "check", *fix, "."]),
        ("floors", [tool / "lint-imports", "--no-cache"]),
        ("tests", [python, "-m", "pytest", f"--basetemp={folder / 't'}", *tests]),
    ]
    if chosen.frozen:
        steps += [
            ("build", [python, ROOT / "build_scripts" / "build.py"]),
            ("frozen", [python, "-m", "pytest", "-q", "-m", "frozen"]),
        ]
    return [(name, [str(word) for word in command]) for name, command in steps]


def _types(python: Path) -> list[list[str]]:
    """For this system all of it, for the two others the program: 15 s each, 2 where nothing moved,
    which needs a cache for each."""
    mypy, cache = str(python.with_name("mypy")), ROOT / ".mypy_cache"
    program = ["app", "build_scripts"]
    others = (one for one in _SYSTEMS if one != sys.platform)
    return [
        [mypy],
        *([mypy, "--platform", one, "--cache-dir", str(cache / one), *program] for one in others),
    ]


class _Beside:
    """A step on what the others leave of two cores: the tests wait a third of their time."""

    def __init__(self, name: str, commands: Sequence[Sequence[str]]) -> None:
        self.name = name
        self._commands = commands
        self._passed = False
        self._began = time.monotonic()
        self._words = ROOT / "build" / f"{name}.log"
        self._words.parent.mkdir(exist_ok=True)
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        with self._words.open("wb") as words:
            done = [
                subprocess.run(
                    command, cwd=ROOT, env=_surroundings(), stdout=words, stderr=subprocess.STDOUT
                )
                for command in self._commands
            ]
        self._passed = not any(one.returncode for one in done)

    def passes(self) -> bool:
        """Wait for its end, and show what it said."""
        self._thread.join()
        said = self._words.read_text(encoding="utf-8", errors="backslashreplace")
        say(f"\n== {self.name}\n{said}")
        _tell(self.name, passed=self._passed, began=self._began)
        return self._passed


def _passes(name: str, command: list[str]) -> bool:
    say(f"\n== {name}")
    began = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env=_surroundings())
    passed = done.returncode == 0
    _tell(name, passed=passed, began=began)
    return passed


def _tell(name: str, *, passed: bool, began: float) -> None:
    say(f"== {name}: {'passed' if passed else 'FAILED'}, {time.monotonic() - began:.0f} s")


def _surroundings() -> dict[str, str]:
    """The environment of every step: nobody's display, profile or language.

    Hundreds of engines and commands start in the tests: what one compiled, the next ones use.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if name
        not in (
            "DISPLAY",
            "WAYLAND_DISPLAY",
            "FRONTBURNER_PROFILE",
            "PYTHONPATH",
            "PYTHONDONTWRITEBYTECODE",
        )
    }
    return {**kept, "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8"}


if __name__ == "__main__":
    sys.exit(main())
