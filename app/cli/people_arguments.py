"""PeopleArguments: the words of the commands about who is told, and when."""

from __future__ import annotations

from app.cli.argument_parts import Commands, changing, command, takes_json
from app.cli.argument_values import number


def add_people(commands: Commands) -> None:
    """`contact` and `escalate`."""
    _add_ladders(commands)
    contact = command(commands, "contact", "who is told when nobody takes an issue")
    actions = contact.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = command(actions, "add", "add a contact, or a further way to tell one")
    add.add_argument("name")
    add.add_argument("--desktop", action="store_true", help="by a pop-up on this machine")
    add.add_argument("--email", action="append", default=[], metavar="ADDRESS")
    add.add_argument(
        "--service",
        action="count",
        default=0,
        help="a messenger, push service or SMS gateway; its address is asked for, or piped in "
        "(ntfys://, tgram://, slack://, discord://, pover://, workflows:// ...)",
    )
    add.add_argument(
        "--hours",
        action="append",
        default=[],
        metavar="DAY=HOURS",
        help="when they can be reached, in the shop's time: weekdays=09:00-17:00; else always",
    )
    takes_json(add)
    takes_json(command(actions, "list", "the contacts, and whether each way works"))
    for name, does in (
        ("review", "say that one is still the right one, for another quarter"),
        ("remove", "tell one no more; for a week it can be had back"),
        ("restore", "have one back that was removed"),
    ):
        one = command(actions, name, does)
        one.add_argument("name")
        takes_json(one)
    test = command(actions, "test", "tell one in every way that it is a test")
    test.add_argument("name")
    test.add_argument(
        "--way", type=number, default=0, metavar="N", help="only in this one, see list"
    )
    takes_json(test)
    change = command(actions, "change", "another name or other hours, or a way less")
    change.add_argument("name")
    change.add_argument("--to", default="", metavar="NAME", help="the new name")
    change.add_argument("--hours", action="append", default=[], metavar="DAY=HOURS")
    change.add_argument("--always", action="store_true", help="can be reached at any hour")
    for name, does in (("--remove-way", "tell them in this way no more"),
                       ("--restore-way", "have a way back")):  # fmt: skip
        change.add_argument(name, type=number, action="append", default=[], metavar="N", help=does)
    takes_json(change)
    rota = command(actions, "rota", "who is on call, and gaps; with names: who takes turns")
    rota.add_argument("members", nargs="*", metavar="NAME")
    rota.add_argument(
        "--starts",
        default="",
        metavar="DAY",
        help="2026-11-23; else they go on as they run, or begin this week",
    )
    rota.add_argument("--days", type=number, default=7, help="how long a turn is")
    rota.add_argument("--handoff", default="09:00", help="the time of the day of the hand-over")
    rota.add_argument("--end", action="store_true", help="nobody takes turns any more")
    takes_json(rota)
    replace = command(actions, "replace", "let somebody stand in for somebody else")
    replace.add_argument("of", metavar="WHOM")
    replace.add_argument("by", metavar="BY")
    replace.add_argument(
        "begin", help="2026-12-24T09:00, in the shop's time; of days alone, from hand-over on"
    )
    replace.add_argument("end", nargs="?", default="")
    replace.add_argument("--end-it", action="store_true", help="take back what begins then")
    takes_json(replace)


def _add_ladders(commands: Commands) -> None:
    escalate = command(
        commands, "escalate", "tell the next people at once; without KEY the ladders"
    )
    escalate.add_argument("key", nargs="?", default="")
    escalate.add_argument(
        "--try", dest="attempt", default="", metavar="NAME", help="whom it would reach"
    )
    escalate.add_argument(
        "--at", default="", metavar="WHEN", help="--try: if it rang then, 2026-12-24T22:00"
    )
    changing(
        escalate,
        "LADDER.working (night, weekend, holiday): '10 min: on_call by email; 15 min: everyone'; "
        "LADDER.repeat: 0 to 10; LADDER.kinds; LADDER.severities",
    )
