"""Standing: what is connected, how much is known and allowed; how each account is; and
whether all of it starts with the desktop."""

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


def autostart(desk: Desk, args: argparse.Namespace) -> None:
    """Say whether it starts with the desktop, after having changed it if asked."""
    if args.choice:
        answer = desk.client.call("set_autostart", on=args.choice == "on")
    else:
        answer = desk.client.call("autostart")
    said = "Starts when you sign in" if answer["on"] else "Does not start by itself"
    desk.tell(answer, f"{said} ({answer['where']})")


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
