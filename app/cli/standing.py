"""Ready: what is connected, how much is known, and what that allows; and how each account is."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.cli.run import Desk

_MARKS = {"ready": "ok  ", "partly": "part", "missing": "none"}


def run(desk: Desk, args: argparse.Namespace) -> None:
    """Print a line for each part, or for each account with --accounts."""
    if args.accounts:
        for account in desk.client.call("health")["accounts"]:
            desk.tell(account, "\n".join(_account(account)))
        return
    for finding in desk.client.call("readiness")["findings"]:
        mark = _MARKS[finding["grade"]]
        desk.tell(finding, f"{mark}  {finding['said']}. {finding['allows']}")


def _account(account: dict[str, Any]) -> list[str]:
    last = account["last_ok_at"] or "never"
    said = f"{account['name']}: {account['state']}, last in order {last}, read {account['rhythm']}"
    lines = [said, *([f"  {account['error']}"] if account["error"] else [])]
    for books in account["folders"]:
        out = "".join(f" + {number:,} {why}" for why, number in books["left_out"].items())
        come = f" + {books['to_come']:,} to come" if books["to_come"] else ""
        lines.append(
            f"  {books['folder']}: {books['on_server']:,} on server = {books['stored']:,} stored"
            f"{out}{come}"
        )
    return lines
