"""Templates: the commands that list, show, change and import the texts to begin a reply with."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from app.cli.replying import text_of
from app.config.paths import whole_path

if TYPE_CHECKING:
    from app.cli.run import Desk


def run(desk: Desk, args: argparse.Namespace) -> None:
    """`template`: what its action says."""
    _ACTIONS[args.action](desk, args)


def _list(desk: Desk, args: argparse.Namespace) -> None:
    answer = desk.client.call("template_list")
    for one in answer["templates"]:
        if args.kind and one["kind"] != args.kind:
            continue
        used = f"used {one['used']}, {one['changed_words']}" if one["used"] else ""
        mine = "yours" if one["own"] else ""
        desk.tell(one, f"{one['id']:<36} {one['language']}  {mine:<6} {one['title']}  {used}")
    if not desk.json:
        for fault in answer["faults"]:
            sys.stderr.write(fault + "\n")


def _show(desk: Desk, args: argparse.Namespace) -> None:
    if args.on:
        read = desk.client.call("template_read", template=args.template, language=args.language)
        said = {name: read[name] for name in ("language", "title", "body")}
        answer = desk.client.call("template_preview", key=args.on, template=args.template, **said)
        desk.tell(answer, answer["text"])
        return
    answer = desk.client.call("template_read", template=args.template, language=args.language)
    desk.tell(answer, f"{answer['title']}\n{answer['file']}\n\n{answer['body']}")


def _save(desk: Desk, args: argparse.Namespace) -> None:
    where = {"kind": args.template} if "/" not in args.template else {"template": args.template}
    answer = desk.client.call(
        "template_save",
        title=args.title,
        body=text_of(args.file),
        language=args.language,
        **where,
    )
    desk.tell(answer, f"Saved as {answer['id']} in {answer['file']}.")


def _delete(desk: Desk, args: argparse.Namespace) -> None:
    answer = desk.client.call("template_remove", template=args.template, language=args.language)
    again = " The one that came with Frontburner is back." if answer["shipped_again"] else ""
    desk.tell(answer, f"Deleted.{again}")


def _import(desk: Desk, args: argparse.Namespace) -> None:
    file = str(whole_path(args.file))
    answer = desk.client.call(
        "template_import", file=file, check=args.check, language=args.language
    )
    if desk.json:
        desk.tell(answer)
        return
    done = "Would be imported" if args.check else "Imported"
    desk.say(f"{done} from {answer['source']}: {len(answer['imported'])}.")
    for one in answer["imported"]:
        desk.say(f"  {one['kind']:<16} {one['language']}  {one['title']}{_marks(one)}")
    for one in answer["skipped"]:
        desk.say(f"  left out: {one['title']} ({one['because']})")


def _marks(one: dict[str, Any]) -> str:
    """What became of its placeholders."""
    mapped = ", ".join(f"{theirs} is {ours}" for theirs, ours in one["mapped"].items())
    holes = ", ".join(f"[{hole}]" for hole in one["holes"])
    parts = [mapped, f"to fill by hand: {holes}" if holes else ""]
    said = "; ".join(part for part in parts if part)
    return f"  ({said})" if said else ""


_ACTIONS = {
    "list": _list,
    "show": _show,
    "save": _save,
    "delete": _delete,
    "import": _import,
}
