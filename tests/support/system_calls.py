"""System calls: what a process asked of network and disk, as strace saw it, case by case.

The process says which case it is at by asking for a file that cannot be there (`now_at`); what
follows in the log belongs to that case. Nothing can hide from this: whatever a library does, it
does by a system call.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.processes import need
from tests.support.program import ROOT

_CASE = re.compile(r'"/case-of-a-test/([^"]*)"')
_FAR = re.compile(r"sa_family=(AF_INET6?|AF_PACKET|AF_BLUETOOTH)")
_LOOKUP = re.compile(r'"/(etc/(hosts|resolv\.conf|gai\.conf)|(var/)?run/(nscd|systemd/resolve)/)')


@dataclass
class Asked:
    """What one case asked for."""

    network: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


def now_at(case: str) -> None:
    """Said by the watched process: from here on it is this case."""
    with suppress(OSError):
        os.stat(f"/case-of-a-test/{case}")  # noqa: PTH116 - the call itself is what is wanted


def watch(
    module: str, *words: str, said: str, log: Path, canary: str, env: Mapping[str, str]
) -> tuple[str, dict[str, Asked]]:
    """Run a module to its end; its output, and by case what it asked for.

    Of the files those count in whose path `canary` stands.
    """
    need("strace")
    command: Sequence[str] = (
        *("strace", "-f", "-qq", "--seccomp-bpf", "-s", "400", "-e", "trace=%network,%file"),
        *("-o", str(log), sys.executable, "-m", module, *words),
    )
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **env}, input=said, capture_output=True, text=True,
        timeout=280, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout, _by_case(log.read_text("utf-8", errors="replace"), canary)


def _by_case(log: str, canary: str) -> dict[str, Asked]:
    found: dict[str, Asked] = {}
    at = Asked()
    for line in log.splitlines():
        if case := _CASE.search(line):
            at = found.setdefault(case[1], Asked())
        elif _FAR.search(line) or _LOOKUP.search(line):
            at.network.append(line)
        elif canary in line:
            at.files.append(line)
    return found
