"""ArgumentParts: what the commands of the command line have in common."""

from __future__ import annotations

import argparse
from typing import TypeAlias

from app.cli.argument_values import folder

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def command(commands: Commands, name: str, does: str, *, more: str = "") -> argparse.ArgumentParser:
    """A command that does this; its own help says `more`."""
    said = f"{does[:1].upper()}{does[1:]}."
    one = commands.add_parser(name, help=does, description=said, epilog=more or None)
    # --profile may stand behind the command too; without a default, so that it never undoes the
    # one before it.
    one.add_argument(
        "--profile",
        type=folder,
        metavar="DIR",
        default=argparse.SUPPRESS,
        help=argparse.SUPPRESS,
    )
    return one


def takes_json(one: argparse.ArgumentParser) -> None:
    """It prints for programs with --json."""
    one.add_argument("--json", action="store_true", help="one JSON object a line, nothing else")


def changing(one: argparse.ArgumentParser, keys: str) -> None:
    """What changes a rule file: set, add, remove, revert, or only check."""
    one.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help=keys)
    one.add_argument("--add", action="append", default=[], metavar="NAME", help="make one first")
    one.add_argument("--remove", action="append", default=[], metavar="NAME")
    one.add_argument("--revert", action="store_true", help="as it is shipped")
    one.add_argument("--check", action="store_true", help="only say what would come of it")
    takes_json(one)
