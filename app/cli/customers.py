"""Customer: what there is of one customer, all of it as files for them, and all of it gone."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli.present import counted

if TYPE_CHECKING:
    from app.cli.run import Desk


def run(desk: Desk, args: argparse.Namespace) -> None:
    """One of list, show, export and delete."""
    {"list": _list, "show": _show, "export": _export, "delete": _delete}[args.action](desk, args)


def _list(desk: Desk, args: argparse.Namespace) -> None:
    found = desk.client.call("customers", words=" ".join(args.words))["customers"]
    for one in found:
        desk.tell(
            one,
            f"{one['email']}  {one['name']}  {counted(one['issues'], 'issue')}, {one['last_at']}",
        )
    if not found and not desk.json:
        desk.say("Nobody of that name has written.")


def _show(desk: Desk, args: argparse.Namespace) -> None:
    plan = desk.client.call("customer", email=args.email)
    desk.tell(plan, "\n".join(_plan(plan)))


def _export(desk: Desk, args: argparse.Namespace) -> None:
    answer = desk.client.call(
        "customer_export", email=args.email, folder=str(Path(args.folder).absolute())
    )
    given = f"{counted(answer['mails'], 'mail')} and {counted(answer['orders'], 'order')}"
    desk.tell(answer, f"{given}: {answer['folder']}")


def _delete(desk: Desk, args: argparse.Namespace) -> None:
    """Without --yes only what it would do: it cannot be taken back."""
    if not args.yes:
        _show(desk, args)
        if not desk.json:
            desk.say("Nothing was deleted. It cannot be taken back; with --yes it is done.")
        return
    plan = desk.client.call("customer_delete", email=args.email)
    desk.tell(plan, "\n".join(["Deleted.", *_plan(plan, goes="Gone")]))


def _plan(plan: dict[str, Any], *, goes: str = "Would go") -> list[str]:
    kept = [f"  {one['what']}. {one['why']}" for one in plan["stays"]]
    return [f"{goes}:", *(f"  {one}" for one in plan["goes"]), "Stays:", *kept]
