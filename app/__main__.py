"""`python -m app`: read the command line, then import the one of window, commands and engine."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from app.cli import output
from app.cli.arguments import read
from app.config.desktop import has_screen
from app.config.paths import Profile, profile_dir
from app.domain.clock import SystemClock
from app.domain.errors import KnownError

if TYPE_CHECKING:
    from collections.abc import Sequence

_HALF_LETTER = "surrogates not allowed"  # how a byte that is no UTF-8 comes in


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the command line says and return the exit status."""
    output.prepare()
    args = read(sys.argv[1:] if argv is None else argv)
    try:
        if args.command is None or _is_engine(args):
            return _dispatch(args)
        return output.written(lambda: _dispatch(args))
    except KnownError as error:
        sys.stderr.write(error.sentence + "\n")
        return 1
    except UnicodeEncodeError as error:
        if error.reason != _HALF_LETTER:
            raise
        sys.stderr.write("Some of what was typed or piped in is not UTF-8 text.\n")
        return 1
    except KeyboardInterrupt:
        return 130


def _is_engine(args: argparse.Namespace) -> bool:
    return args.command == "engine" and not args.stop


def _dispatch(args: argparse.Namespace) -> int:
    clock = SystemClock()
    if args.check_window:
        from app.ui.application import check

        return check()
    if args.command in ("triage", "parse", "due") or getattr(args, "queue", None) is not None:
        from app import bootstrap

        return bootstrap.offline(args)
    if args.command == "engine" and args.read:
        from app.engine import reader_process

        return reader_process.main()
    if args.command == "engine" and args.thumbnail:
        from app.engine import thumbnail_process

        return thumbnail_process.main()
    if args.command == "help":
        from app.cli.guide import page

        sys.stdout.write(page(args.topic) + "\n")
        return 0
    if args.command == "demo":
        return _demo(args, clock)
    profile = Profile(profile_dir(args.profile)).make()
    if args.command is None:
        return _window(profile, open_key=args.open, in_background=args.in_background)
    if _is_engine(args):
        from app import bootstrap

        return bootstrap.run(profile, stay=args.stay, demo=args.demo or "", clock=clock)
    from app.cli.run import run

    return run(args, profile=profile, clock=clock)


def _window(profile: Profile, *, open_key: str, in_background: bool = False) -> int:
    from app.ui import application

    return application.run(
        profile, open_key=open_key, in_background=in_background, clock=SystemClock()
    )


def _demo(args: argparse.Namespace, clock: SystemClock) -> int:
    from app.cli import demo

    if args.headless or not has_screen():
        return demo.headless(json=args.json, clock=clock)
    with demo.shop(live=True) as profile:
        return _window(profile, open_key="")


if __name__ == "__main__":
    sys.exit(main())
