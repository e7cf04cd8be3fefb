"""Doctor: is everything there that is needed? One line a check, with what to do about it."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from app import __version__
from app.config.processes import own_command
from app.domain.errors import KnownError

if TYPE_CHECKING:
    from app.cli.run import Desk

_MARKS = {"ok": "ok  ", "warn": "look", "fail": "FAIL"}
_WINDOW_TIMEOUT = 60


def run(desk: Desk, args: argparse.Namespace) -> int:
    """Print every check; 1 where something needed is missing."""
    if args.support:
        answer = desk.client.call("support")
        desk.tell(answer, answer["text"])
        return 0
    checks = [_check("frontburner", "ok", __version__), _window(), *_engine(desk)]
    for one in checks:
        hint = f" - {one['hint']}" if one["hint"] else ""
        desk.tell(one, f"{_MARKS[one['state']]}  {one['check']:<14} {one['found']}{hint}")
    if failed := [one["check"] for one in checks if one["state"] == "fail"]:
        sys.stderr.write(f"Not well: {', '.join(failed)}.\n")
    return 1 if failed else 0


def _engine(desk: Desk) -> list[dict[str, Any]]:
    try:
        answer = desk.client.call("doctor")
    except KnownError as error:
        return [_check("engine", "fail", error.title, error.hint or error.message)]
    return [_check("engine", "ok", f"answers, profile {desk.profile.folder}"), *answer["checks"]]


def _window() -> dict[str, Any]:
    """Whether the window's libraries load, tried in a process of its own without a display."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    try:
        done = subprocess.run(  # noqa: S603 - our own command line
            own_command("--check-window"),
            env=environment,
            capture_output=True,
            encoding="utf-8",  # of ours, whatever the system's own is
            errors="backslashreplace",
            timeout=_WINDOW_TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return _check("window", "fail", str(error))
    if done.returncode == 0:
        return _check("window", "ok", done.stdout.strip())
    last = (done.stderr.strip().splitlines() or ["it does not start"])[-1]
    return _check(
        "window", "fail", last, "Install the system libraries that README lists for the window"
    )


def _check(name: str, state: str, found: str, hint: str = "") -> dict[str, Any]:
    return {"check": name, "state": state, "found": found, "hint": hint}
