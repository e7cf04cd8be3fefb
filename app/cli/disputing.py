"""Disputing: the commands that list disputes and write the packet that answers one."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from app.cli import present
from app.config.paths import whole_path
from app.domain.dispute import DisputeKind
from app.domain.dispute_tally import tally, tally_words
from app.domain.dispute_views import DisputeRow
from app.domain.reckoning import reckon

if TYPE_CHECKING:
    from app.cli.run import Desk

_MARKS = {"found": "+", "partly": "~", "missing": "-"}


def disputes(desk: Desk, args: argparse.Namespace) -> None:
    """`disputes`: what waits for us by its deadline, then what others decide, then what is over."""
    figures = desk.client.call("dispute_figures")
    rows = desk.queries.disputes()
    now = desk.clock.now()
    shown = [one for one in rows if args.decided is one.is_over or args.all]
    for one in shown:
        order = desk.queries.order_of(one.issue_key) if one.issue_key else None
        told = {
            **present.dispute(one),
            "reckoning": present.reckoning(reckon(one, rows, order=order, figures=figures)),
        }
        desk.tell(told, _line(one, present.left(one.due_at, now=now)))
    if not desk.json:
        desk.say(tally_words(tally(rows), str) or "No open dispute.")


def packet(desk: Desk, args: argparse.Namespace) -> None:
    """`packet`: the checklist, the owner's files, and with FILE the PDF."""
    for name in args.remove:
        desk.client.call(
            "remove_evidence", key=args.key, dispute=args.dispute, name=name, item=args.item
        )
    for file in args.add:
        path = str(whole_path(file))
        desk.client.call(
            "add_evidence", key=args.key, dispute=args.dispute, path=path, item=args.item
        )
    if args.file:
        _write(desk, args)
        return
    answer = desk.client.call("evidence", key=args.key, dispute=args.dispute)
    desk.tell(answer, answer["advice"])
    if not desk.json:
        for one in answer["items"]:
            needed = "needed" if one["needed"] else "helps"
            desk.say(
                f" {_MARKS[one['have']]} {one['title']} ({needed}, {one['id']}): {one['said']}"
            )
            for name in one["files"]:
                desk.say(f"     with {name}")
        desk.say(answer["limits"]["said"])
        if answer["others"]:
            desk.say(f"Also open here: {', '.join(answer['others'])} (--dispute ID)")


def _write(desk: Desk, args: argparse.Namespace) -> None:
    path = str(whole_path(args.file))
    answer = desk.client.call(
        "packet",
        key=args.key,
        dispute=args.dispute,
        path=path,
        mail_files=not args.no_mail_files,
        insist=args.insist,
    )
    desk.tell(answer, _written(answer))


def _written(answer: dict[str, Any]) -> str:
    pages = present.counted(answer["pages"], "page")
    said = [
        f"Saved to {answer['path']}: {pages}, {answer['bytes'] / 1e6:.2f} MB.",
        *(f"Left out: {one}" for one in answer["left_out"]),
        *answer["remarks"],
        *answer["too_much"],
        answer["note"],
    ]
    return "\n".join(said)


def _line(one: DisputeRow, left: str) -> str:
    dispute = one.dispute
    is_warning = dispute.kind is DisputeKind.ALERT
    until = left or ("ask until when" if one.must_verify and not is_warning else "")
    return (
        f"{until:>14}  {dispute.amount!s:>14}  {dispute.state.value:<15} "
        f"{dispute.reason.value:<17} {one.order_number:<10} {one.customer[:24]:<24} "
        f"{one.issue_key}  {dispute.platform_id}"
    )
