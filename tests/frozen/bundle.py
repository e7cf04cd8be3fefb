"""Bundle: runs the program that build.py made as somebody would who has nothing else of it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
BUILT = ROOT / "dist" / "frontburner"
_PATH = "/usr/bin:/bin"


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """The program in `folder`, with an environment of a home and a path and nothing else.

    With `root` it runs inside that folder as if there were no other file on the machine; `folder`
    and `home` are then paths in there.
    """

    folder: Path
    home: Path
    root: Path | None = None
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def program(self) -> Path:
        """What is started."""
        return self.folder / "frontburner"

    def argv(self, *words: str) -> list[str]:
        """The whole command line, from an emptied environment on."""
        given = {"HOME": str(self.home), "PATH": _PATH, **self.environment}
        variables = [f"{name}={value}" for name, value in given.items()]
        inside = ["chroot", str(self.root)] if self.root else []
        return [*inside, "/usr/bin/env", "-i", *variables, str(self.program), *words]

    def run(self, *words: str, timeout: float = 90) -> subprocess.CompletedProcess[str]:
        """One command to its end."""
        return subprocess.run(
            self.argv(*words),
            cwd="/",
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=timeout,
            check=False,
        )

    def json(self, *words: str) -> list[dict[str, Any]]:
        """The objects that a command prints; it has to succeed and print nothing else."""
        done = self.run(*words, "--json")
        assert done.returncode == 0, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return [json.loads(line) for line in done.stdout.splitlines()]


def is_in_order(rows: list[dict[str, Any]]) -> bool:
    """Whether the inbox stands as it should: the highest score first."""
    scores = [row["score"] for row in rows]
    return bool(scores) and scores == sorted(scores, reverse=True)
