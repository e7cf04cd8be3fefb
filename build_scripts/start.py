"""Start: from a fresh clone to a running Frontburner in one command.

    python3 build_scripts/start.py            the real thing
    python3 build_scripts/start.py --demo     the sample shop, in a throw-away profile

Everything after the options of this script goes to Frontburner itself. Without a display it
prints the prioritized inbox and writes a screenshot.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

import environment

SHOT = environment.ROOT / "build" / "frontburner.png"


def main() -> int:
    """Make what is missing, then start."""
    options = argparse.ArgumentParser(
        description=__doc__.splitlines()[0], allow_abbrev=False, add_help=False
    )
    options.add_argument("--demo", action="store_true", help="the embedded sample shop")
    options.add_argument("--screenshot", type=Path, default=SHOT, help="where, without a display")
    chosen, rest = options.parse_known_args()
    if rest in (["-h"], ["--help"]):  # behind a command it is that command's
        options.print_help()
        return 0
    python = environment.make(dev=False)
    environment.need_window()
    words = _words(rest, demo=chosen.demo)
    if environment.has_display() or not _is_window(words):
        return _run(python, words)
    return _without_display(python, chosen.screenshot, rest, demo=chosen.demo)


def _words(rest: list[str], *, demo: bool) -> list[str]:
    """The words for Frontburner itself: the profile stands before a command, all else behind it."""
    if not demo:
        return rest
    before = rest[:2] if rest[:1] == ["--profile"] else []
    return [*before, "demo", *rest[len(before) :]]


def _is_window(words: list[str]) -> bool:
    """Whether the words open the window: they name no command, or the sample shop in its window."""
    left = list(words)
    while left and left[0].startswith("-"):
        if left.pop(0) in ("--profile", "--open"):
            left = left[1:]
    return left in ([], ["demo"])


def _run(python: Path, words: list[str]) -> int:
    return subprocess.run([python, "-m", "app", *words], cwd=environment.ROOT).returncode


def _without_display(python: Path, picture: Path, rest: list[str], *, demo: bool) -> int:
    print("There is no display: here is the inbox; the window is drawn into a file.\n", flush=True)
    if code := _run(python, [*_words(rest, demo=demo), *(["--headless"] if demo else ["inbox"])]):
        return code
    shot = [python, Path(__file__).with_name("screenshots.py"), "--one", picture]
    if not demo:
        shot += ["--profile-arguments", *rest]
    drawn = subprocess.run([str(word) for word in shot], cwd=environment.ROOT)
    if drawn.returncode == 0:
        print(f"\nThe window: {picture}")
    return drawn.returncode


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
