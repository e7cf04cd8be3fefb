"""Rules: the owner's own rules listed, tried on what has happened, switched on and off; all rule
files checked, or read anew."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from app.cli.present import counted
from app.domain.errors import NotFound, Refused
from app.domain.owner_rule import Deed, When

if TYPE_CHECKING:
    from app.cli.run import Desk

Rule = dict[str, Any]


def run(desk: Desk, args: argparse.Namespace) -> None:
    """Do what was asked of the rules."""
    _ACTIONS[args.action](desk, args)


def _list(desk: Desk, _: argparse.Namespace) -> None:
    answer = desk.client.call("owner_rules")
    for place, rule in enumerate(answer["rules"], 1):
        desk.tell({"place": place, **rule}, f"{place:>3}. {line(rule)}")
    if not answer["rules"] and not desk.json:
        desk.say(f"You have no rules yet. Make one in Settings, or write {answer['file']}.")
    if answer["trouble"]:
        raise Refused(answer["trouble"])


def _check(desk: Desk, _: argparse.Namespace) -> None:
    answer = desk.client.call("rules_check")
    desk.tell(answer, f"{counted(answer['rules'], 'rule')}, all well-formed.")


def _reload(desk: Desk, _: argparse.Namespace) -> None:
    answer = desk.client.call("reload_terms")
    own = desk.client.call("reload_owner_rules")
    answer["rules"] += len(own["rules"])
    said = "Hours, promises, clocks and your rules are read anew and hold from now on."
    desk.tell(answer, said)


def _try(desk: Desk, args: argparse.Namespace) -> None:
    rule = _wanted(desk, args)
    told = desk.client.call("try_owner_rule", rule=rule, days=args.days)
    part = "" if told["whole"] else " newest"
    what = "issue" if told["asked"] == 1 else "issues"
    asked = f"{told['asked']:,}{part} {what} of the last {counted(told['days'], 'day')}"
    lines = [f"“{rule['name']}” would have matched {told['matched']:,} of {asked}."]
    lines += [f"  {one['key']}  {one['at']}  {one['subject']}" for one in told["issues"]]
    desk.tell(told, "\n".join(lines))


def _wanted(desk: Desk, args: argparse.Namespace) -> Rule:
    """The rule of that name, or one with the condition that is given, which does nothing."""
    if bool(args.name) == bool(args.condition):
        raise Refused(
            "Say which rule to try", "", "Name one of `rules list`, or give --if CONDITION"
        )
    if args.name:
        rules = desk.client.call("owner_rules")["rules"]
        rule = {**rules[_place(rules, args.name)]}
    else:
        rule = {"name": "This rule", "if": args.condition, "stop": True}
    if args.when:
        rule["when"] = [one.strip() for one in args.when.split(",") if one.strip()]
        if strange := [one for one in rule["when"] if one not in set(When)]:
            raise Refused(
                f"{strange[0]!r} is nothing that happens", f"There are: {', '.join(When)}"
            )
    return rule


def _apply(desk: Desk, args: argparse.Namespace) -> None:
    """Tell what the rule would do with the open issues; do it with --yes."""
    rules = desk.client.call("owner_rules")["rules"]
    name = str(rules[_place(rules, args.name)]["name"])
    told = desk.client.call("owner_rule_on_open", name=name)
    lines = [f"“{name}” fits {told['matched']:,} open issues that it did nothing with yet."]
    lines += [f"  {one['key']}  {one['subject']}: {one['plan']}" for one in told["issues"]]
    if not (args.yes and told["issues"]):
        lines += ["Nothing was done. Add --yes to do it."] if told["issues"] else []
        desk.tell(told, "\n".join(lines))
        return
    keys = [one["key"] for one in told["issues"]]
    done = desk.client.call("apply_owner_rule", name=name, keys=keys)
    lines += [f"Done with {done['done']:,}. To take it back: undo {' '.join(done['entries'])}"]
    desk.tell({**told, **done}, "\n".join(lines))


def _switch(desk: Desk, args: argparse.Namespace) -> None:
    answer = desk.client.call("owner_rules")
    if answer["trouble"]:
        raise Refused(answer["trouble"])
    rules = answer["rules"]
    rules[_place(rules, args.name)]["on"] = args.action == "on"
    answer = desk.client.call("set_owner_rules", rules=rules, state=answer["state"])
    desk.tell(answer, f"The rule is {args.action}.")


def _place(rules: list[Rule], name: str) -> int:
    """Where the rule of this name stands; its number in the list will do."""
    names = [str(one["name"]).casefold() for one in rules]
    if name.casefold() in names:
        return names.index(name.casefold())
    if name.isascii() and name.isdigit() and 0 < int(name) <= len(rules):
        return int(name) - 1
    there = ", ".join(str(one["name"]) for one in rules) or "none"
    raise NotFound(f"There is no rule called {name!r}", f"There are: {there}")


def line(rule: Rule) -> str:
    """A rule as a sentence."""
    deed = Deed.of(rule["then"]).plan
    stop = "stops" if rule["stop"] else ""
    then = ", then ".join(filter(None, (deed, stop)))
    off = "" if rule["on"] else " (off)"
    return f"{rule['name']}{off}: when {' or '.join(rule['when'])}, if {rule['if']}: {then}"


_ACTIONS = {
    "list": _list,
    "check": _check,
    "reload": _reload,
    "try": _try,
    "apply": _apply,
    "on": _switch,
    "off": _switch,
}
