"""Viewing: the saved views on the command line: `view`, and `inbox --view NAME`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from app.domain.assessment import Kind
from app.domain.clock import local_zone
from app.domain.errors import Refused
from app.domain.views import View
from app.engine.queries import Queries

if TYPE_CHECKING:
    from app.cli.run import Desk


def run(desk: Desk, args: argparse.Namespace) -> None:
    """Do one of the actions."""
    match args.action:
        case "list":
            _list(desk)
        case "keep":
            query = " ".join(args.query)
            answer = desk.client.call("view_keep", name=args.name, search=query)
            desk.tell(answer, f"Kept as {answer['name']}.")
        case "rename":
            answer = desk.client.call("view_rename", name=args.name, to=args.to)
            desk.tell(answer, f"It is named {answer['name']} now.")
        case "move":
            desk.tell(desk.client.call("view_move", name=args.name, to=args.place - 1), "Done.")
        case _:
            desk.tell(desk.client.call("view_drop", name=args.name), "Removed.")


def search_of(queries: Queries, name: str) -> str:
    """What the saved view of this name asks. Raises Refused, which names all views."""
    saved = queries.saved_views()
    for one in saved:
        if one.name.casefold() == name.casefold():
            return one.search
    names = ", ".join([*View, *Kind, *(one.name for one in saved)])
    raise Refused(f"There is no view called {name}", f"There are: {names}")


def _list(desk: Desk) -> None:
    desk.client.call("status")
    for view, count in desk.queries.saved_counts(now=desk.clock.now().astimezone(local_zone())):
        desk.tell({**view.as_dict(), "count": count}, f"{count:>4}  {view.name}: {view.search}")
