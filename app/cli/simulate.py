"""Simulate: how often it would have rung by other rules, and what would have stayed silent."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from app.cli.present import counted

if TYPE_CHECKING:
    from app.cli.run import Desk

_ASKED = ("ring_for", "quiet_hours", "alerts_per_hour", "days")


def run(desk: Desk, args: argparse.Namespace) -> None:
    """Print a line for how it is set, one without the owner's rules, then each that was tried."""
    asked = {name: getattr(args, name) for name in _ASKED if getattr(args, name) is not None}
    answer = desk.client.call("simulate", **asked)
    lines = [("as it is", answer["as_it_is"]), *(("tried", one) for one in answer["tried"])]
    if "without_rules" in answer:
        lines.insert(1, ("unruled", answer["without_rules"]))
    for which, line in lines:
        desk.tell(
            {"rules": which.replace(" ", "_"), "issues": answer["issues"], **line},
            _words(which, line),
        )


def _words(which: str, line: dict[str, Any]) -> str:
    quiet = f", quiet {line['quiet_hours']}" if line["quiet_hours"] else ""
    missed = line["missed"]
    silent = f", {len(missed)} urgent missed: {' '.join(missed[:5])}" if missed else ", none missed"
    return (
        f"  {which:<9} {line['ring_for']:<9} {line['alerts_per_hour']} an hour{quiet}:"
        f" {counted(line['alerts'], 'alert')} for {counted(line['issues_rung'], 'issue')}"
        f" ({line['false_alarms']} false){silent}"
    )
