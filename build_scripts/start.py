"""Start: from a fresh clone to a running Frontburner in one command.

    python3 build_scripts/start.py            the real thing
    python3 build_scripts/start.py --demo     the sample shop, in a throw-away profile

Everything after the options of this script goes to Frontburner itself. Without a display it
prints the prioritized inbox and writes a screenshot.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

import environment

SHOT = environment.ROOT / "build" / "frontburner.png"


def main() -> int:
    """Make what is missing, then start."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--demo", action="store_true", help="the embedded sample shop")
    options.add_argument("--screenshot", type=Path, default=SHOT, help="where, without a display")
    chosen, rest = options.parse_known_args()
    python = environment.make(dev=False)
    environment.need_window()
    if not _has_display():
        return _without_display(python, chosen, rest)
    command = ["demo"] if chosen.demo else []
    return subprocess.run([python, "-m", "app", *rest, *command], cwd=environment.ROOT).returncode


def _without_display(python: Path, chosen: argparse.Namespace, rest: list[str]) -> int:
    print("There is no display: here is the inbox; the window is drawn into a file.\n", flush=True)
    command = ["demo", "--headless"] if chosen.demo else ["inbox"]
    done = subprocess.run([python, "-m", "app", *rest, *command], cwd=environment.ROOT)
    if done.returncode:
        return done.returncode
    shot = [python, Path(__file__).with_name("screenshots.py"), "--one", chosen.screenshot]
    if not chosen.demo:
        shot += ["--profile-arguments", *rest]
    drawn = subprocess.run([str(word) for word in shot], cwd=environment.ROOT)
    if drawn.returncode == 0:
        print(f"\nThe window: {chosen.screenshot}")
    return drawn.returncode


def _has_display() -> bool:
    if sys.platform != "linux":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


if __name__ == "__main__":
    sys.exit(main())
