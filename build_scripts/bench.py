"""Bench: measures what was promised, and prints each figure beside its budget.

    python3 build_scripts/bench.py                 everything
    python3 build_scripts/bench.py start list      these
    python3 build_scripts/bench.py desk            what its owner feels all day
    python3 build_scripts/bench.py start --json    one JSON object a line, nothing else

The measurements are in tests/benchmarks; their data is made on first use, by the program's own
storage, and kept in build/bench. The machine should have nothing else to do: `load` says whether
that was so.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import environment
from environment import ROOT, say

MEASUREMENTS = {
    "start": "tests.benchmarks.start",
    "ingest": "tests.benchmarks.ingest",
    "mail": "tests.benchmarks.mail",
    "half": "tests.benchmarks.half_a_million",
    "first_inbox": "tests.benchmarks.first_inbox",
    "verbs": "tests.benchmarks.verbs",
    "list": "tests.benchmarks.inbox_list",
    "search": "tests.benchmarks.search",
    "memory": "tests.benchmarks.memory",
    "idle": "tests.benchmarks.idle",
    "triage": "tests.benchmarks.triage",
    "exam": "tests.benchmarks.exam",
    "platforms": "tests.benchmarks.platforms",
    "promises": "tests.benchmarks.promises",
}
# Names for several: "desk" is what its owner feels all day, with 200,000 messages in the profile.
TOGETHER = {"desk": ("start", "verbs", "list", "search", "memory", "idle")}


def main() -> int:
    """Measure what was asked for; 1 if something could not be measured."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    known = ", ".join([*MEASUREMENTS, *TOGETHER])
    options.add_argument("names", nargs="*", metavar="NAME", help=known)
    options.add_argument("--json", action="store_true", help="one JSON object a line")
    chosen = options.parse_args()
    if unknown := set(chosen.names) - {*MEASUREMENTS, *TOGETHER}:
        options.error(f"not a measurement: {', '.join(sorted(unknown))}")
    with redirect_stdout(sys.stderr):
        python = environment.make(dev=True)
    wanted = [one for name in chosen.names for one in TOGETHER.get(name, (name,))]
    failed = [
        name for name in wanted or MEASUREMENTS if not _measure(python, name, as_json=chosen.json)
    ]
    if failed:
        sys.stderr.write(f"Could not be measured: {', '.join(failed)}\n")
    return 1 if failed else 0


def _measure(python: Path, name: str, *, as_json: bool) -> bool:
    done = subprocess.run(
        [python, "-m", MEASUREMENTS[name]], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    for line in done.stdout.splitlines():
        say(line if as_json else _in_words(json.loads(line)))
    return done.returncode == 0


def _in_words(figure: dict[str, Any]) -> str:
    if "budget" not in figure:
        return "\n  ".join(f"{name}: {value}" for name, value in figure.items())
    unit, budget = figure["unit"], figure["budget"]
    bound = f"at most {budget['at_most']:g}" if "at_most" in budget else ""
    bound = bound or f"at least {budget['at_least']:g}"
    verdict = "within" if figure["within"] else "OUTSIDE"
    return (
        f"{figure['name']}: {figure['what']}\n"
        f"  median {figure['median']:g}, p95 {figure['p95']:g}, p99 {figure['p99']:g} {unit}"
        f" (n {figure['n']}, load {figure['load']:g})\n"
        f"  budget: {budget['statistic']} {bound} {unit}: {verdict}"
    )


if __name__ == "__main__":
    sys.exit(main())
