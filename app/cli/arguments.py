"""Arguments: the words of the command line. Imports no room of the program, so that it is quick."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from app import __version__
from app.cli.argument_parts import Commands, changing, command, takes_json
from app.cli.argument_values import count, days, folder, number
from app.cli.people_arguments import add_people

if TYPE_CHECKING:
    from collections.abc import Sequence

_ACCOUNT_TYPES = ("imap", "folder", "shopify", "woocommerce", "stripe", "paypal")
_WITH_VALUE = ("--profile", "--open")
_VERBS = {
    "acknowledge": "say that you are at it",
    "resolve": "put it away as done, until the customer writes again",
    "reopen": "bring it back",
}


def read(words: Sequence[str]) -> argparse.Namespace:
    """What a command line says. For the window, which waits for it, no command is described."""
    if not _is_of_window(words):
        return parser().parse_args(words)
    args = _top().parse_args(words)
    args.command = None
    return args


def parser() -> argparse.ArgumentParser:
    """The whole command line. Without a command it is the window."""
    top = _top()
    commands = top.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    _add_running(commands)
    _add_accounts(commands)
    _add_reading(commands)
    _add_verbs(commands)
    _add_reply(commands)
    _add_tools(commands)
    return top


def _is_of_window(words: Sequence[str]) -> bool:
    """Whether there is nothing but what the window understands, written out."""
    left = list(words)
    while left:
        word = left.pop(0)
        if word in _WITH_VALUE and left and not left[0].startswith("-"):
            left.pop(0)
        elif word != "--in-background":
            return False
    return True


def _top() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="frontburner",
        description="The problems of an online shop's mail, in the order in which they matter.",
    )
    top.add_argument("--version", action="version", version=__version__)
    top.add_argument(
        "--profile",
        type=folder,
        metavar="DIR",
        help="the folder of the profile (or FRONTBURNER_PROFILE)",
    )
    top.add_argument("--open", metavar="KEY", default="", help="show this issue in the window")
    top.add_argument(
        "--in-background", action="store_true", help="begin in the tray, without the window"
    )
    top.add_argument("--check-window", action="store_true", help=argparse.SUPPRESS)
    return top


def _add_running(commands: Commands) -> None:
    demo = command(commands, "demo", "look around in the sample shop, in a throw-away profile")
    demo.add_argument("--headless", action="store_true", help="all at once, then print the inbox")
    takes_json(demo)
    told = command(commands, "help", "a page with examples; without a topic, which there are")
    told.add_argument("topic", nargs="?", default="")
    engine = command(commands, "engine", "run the engine alone")
    engine.add_argument("--stay", action="store_true", help="watch the accounts until stopped")
    engine.add_argument("--stop", action="store_true", help="stop the engine that runs")
    engine.add_argument("--read", action="store_true", help=argparse.SUPPRESS)
    engine.add_argument("--thumbnail", action="store_true", help=argparse.SUPPRESS)
    engine.add_argument("--demo", choices=("live", "at-once"), help=argparse.SUPPRESS)


def _add_accounts(commands: Commands) -> None:
    account = command(commands, "account", "connect mailboxes and shops and look after them")
    actions = account.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = command(actions, "add", "connect an account")
    add.add_argument("type", choices=_ACCOUNT_TYPES, help="what it is")
    add.add_argument("name", help="what you call it")
    add.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="imap: address, host, port, security, user, ca_file, folders, smtp_host, smtp_port, "
        "smtp_security, auth (password or oauth), client_id, and for a provider of your own "
        "auth_url, token_url, device_url, scope; folder: path, outbox, address; both: "
        "identities ('Shop <hello@x>; Returns <returns@x>', or @FILE with JSON that has "
        "signatures), plus_address (yes or no); shopify: shop, client_id; woocommerce: base_url, "
        "client_id (the consumer key), insist_http (yes where there is no https); stripe: nothing; "
        "paypal: client_id; for sandboxes: base_url, ca_file",
    )
    add.add_argument("--no-check", action="store_true", help="store it without signing in first")
    takes_json(add)
    change = command(actions, "set", "change settings, among them the addresses to reply from")
    change.add_argument("name")
    change.add_argument(
        "settings", nargs="+", metavar="KEY=VALUE", help="as for add; an empty value takes one away"
    )
    change.add_argument("--no-check", action="store_true", help="keep it without signing in first")
    takes_json(change)
    test = command(actions, "test", "sign in and say what was found, and what the key may not")
    test.add_argument("name")
    takes_json(test)
    remove = command(actions, "remove", "disconnect; what it brought stays")
    remove.add_argument("name")
    takes_json(remove)
    sign_in = command(actions, "sign-in", "give a new password, or sign in in the browser again")
    sign_in.add_argument("name")
    takes_json(sign_in)
    for one in (add, sign_in):
        one.add_argument(
            "--secret-command",
            default="",
            metavar="CMD",
            help="prints the password or key; with auth=oauth an access token",
        )
        one.add_argument("--device", action="store_true", help="auth=oauth: sign in with a code")
        one.add_argument(
            "--client-secret",
            action="store_true",
            help="auth=oauth: ask for the client's secret (Google gives one), typed or piped in",
        )
    takes_json(command(actions, "list", "the accounts and how they are"))
    poll = command(
        commands, "poll", "one full round, then the books: server = stored + skipped + left in Junk"
    )
    poll.add_argument("--again", action="store_true", help="try what was skipped or left again")
    poll.add_argument("--account", default="", metavar="NAME")
    takes_json(poll)


def _add_reading(commands: Commands) -> None:
    inbox = command(commands, "inbox", "the inbox in the order in which it matters")
    inbox.add_argument(
        "--view",
        default="open",
        help="urgent, open (unless another is named), mine, waiting, snoozed, incidents, "
        "incident:N, done, noise, all, a KIND, or the name of a saved view",
    )
    inbox.add_argument("--limit", type=count, default=0, metavar="N", help="the first so many")
    takes_json(inbox)
    show = command(commands, "show", "one issue whole")
    show.add_argument("key")
    show.add_argument(
        "--raw", nargs=2, metavar=("N", "FILE"), help="write mail N (1 is the oldest) to a file"
    )
    takes_json(show)
    incidents = command(commands, "incidents", "many customers with one cause")
    incidents.add_argument("--seen", type=number, metavar="N", help="put it away until it grows")
    incidents.add_argument("--back", type=number, metavar="N", help="show it again")
    takes_json(incidents)
    disputes = command(commands, "disputes", "disputes by the time that is left, and money at risk")
    disputes.add_argument("--decided", action="store_true", help="those that are over")
    disputes.add_argument("--all", action="store_true", help="open and over")
    takes_json(disputes)
    attachment = command(commands, "attachment", "save an attachment that `show --json` names")
    attachment.add_argument("message", type=number, help="the id of its message")
    attachment.add_argument("part", type=number, help="its part")
    attachment.add_argument("file", help="where to")
    takes_json(attachment)
    original = command(commands, "original", "save a mail as it came; what is missing is fetched")
    original.add_argument("message", type=number, help="its id, as `show --json` names it")
    original.add_argument("file", help="where to")
    takes_json(original)
    search = command(commands, "search", "find issues by their words, and by what they are")
    search.add_argument(
        "query",
        nargs="+",
        help="words, and what narrows them: is: due: kind: from: order: amount: severity: "
        'assigned: has: tag: label: after: before:, as in "is:waiting due:<2h"; "mug -blue" leaves '
        "out what has blue in it (a query that begins so stands behind --)",
    )
    search.add_argument("--complete", action="store_true", help="only say how it may go on")
    search.add_argument(
        "--limit", type=count, default=50, metavar="N", help="the first so many (50); 0 for all"
    )
    takes_json(search)


def _add_verbs(commands: Commands) -> None:
    for name, does in _VERBS.items():
        _keyed_many(commands, name, does)
    assign = _keyed_many(commands, "assign", "give it to somebody; KEY ... NAME")
    assign.epilog = "The last word is the name unless it is a key; without one, to nobody."
    snooze = _keyed_many(commands, "snooze", "let it sleep")
    snooze.add_argument("until", help="2026-12-24T09:00:00Z, or a length: 2h, 3d")
    override = _keyed_many(commands, "override", "replace the machine's word")
    override.add_argument("--kind")
    override.add_argument("--severity")
    verdict = _keyed_many(commands, "verdict", "say whether ringing for it was right")
    verdict.add_argument("verdict", help="false_alarm, missed or right")
    order = _keyed(commands, "order", "say which order it is about; it stays")
    order.add_argument("number", nargs="?", default="", help="without one: about none of them")
    note = _keyed(commands, "note", "write something down that customers never see")
    note.add_argument("text", nargs="+")
    tag = _keyed(commands, "tag", "put tags on it, or take them off")
    tag.add_argument("add", nargs="*", metavar="TAG")
    tag.add_argument("--remove", action="append", default=[], metavar="TAG")
    promises = _keyed(commands, "promises", "what your mails promised here, and whether it is done")
    promises.add_argument("--done", default="", metavar="NAME", help="say that it is done")
    merge = _keyed_many(commands, "merge", "make it part of another issue")
    merge.add_argument("into", metavar="INTO")
    split = _keyed(commands, "split", "make a new issue of some of its messages")
    split.add_argument("messages", nargs="+", type=number, metavar="MESSAGE")
    packet = _keyed(commands, "packet", "the answer to a dispute as one PDF, for you to upload")
    packet.add_argument(
        "file", nargs="?", default="", metavar="FILE.pdf", help="where to; without: the checklist"
    )
    packet.add_argument(
        "--dispute",
        default="",
        metavar="ID",
        help="which of the issue's disputes, by its provider's id; without: the most pressing one",
    )
    packet.add_argument(
        "--add",
        action="append",
        default=[],
        metavar="FILE",
        help="put a picture, PDF or text of yours in; it stays in; again for another",
    )
    packet.add_argument(
        "--item",
        default="",
        metavar="ID",
        help="--add: the line of the checklist that it belongs to",
    )
    packet.add_argument(
        "--remove", action="append", default=[], metavar="NAME", help="take an added file out again"
    )
    packet.add_argument(
        "--no-mail-files", action="store_true", help="leave out pictures and PDFs of the mails"
    )
    packet.add_argument(
        "--insist", action="store_true", help="write it although the provider would not take it"
    )
    undo = command(commands, "undo", "take a decision back")
    undo.add_argument("entry", nargs="+", help="the entry that the decision's answer named")
    takes_json(undo)


def _keyed(commands: Commands, name: str, does: str) -> argparse.ArgumentParser:
    one = command(commands, name, does)
    one.add_argument("key")
    takes_json(one)
    return one


def _keyed_many(commands: Commands, name: str, does: str) -> argparse.ArgumentParser:
    """A verb for one issue or several: all of them are done, or none."""
    one = command(commands, name, does)
    one.add_argument("key", nargs="+", metavar="KEY")
    takes_json(one)
    return one


def _add_reply(commands: Commands) -> None:
    reply = _keyed(commands, "reply", "render a draft, or take a file as it; send it with --send")
    reply.add_argument("--template", default="", metavar="T", help="see --templates")
    reply.add_argument("--language", default="", help="the template's language")
    reply.add_argument("--templates", action="store_true", help="list what fits, best first")
    reply.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    reply.add_argument("--body", metavar="FILE", help="the text; - for standard input")
    reply.add_argument(
        "--send", action="store_true", help="queue it: it goes after the undo window"
    )
    reply.add_argument(
        "--attach",
        action="append",
        default=[],
        metavar="FILE",
        help="a file to go along; again for another; read when it is queued",
    )
    reply.add_argument(
        "--from", dest="sender", default="", metavar="ADDRESS", help="which of your addresses"
    )
    reply.add_argument(
        "--at", default="", metavar="WHEN", help="send it then: 2026-12-24T08:00:00Z, or 2h, 3d"
    )
    reply.add_argument(
        "--follow-up",
        type=days,
        default=0,
        metavar="DAYS",
        help="bring the issue back if nobody answers for so long: 3, 3d or 1w",
    )
    reply.add_argument(
        "--anyway",
        "--insist",
        dest="insist",
        action="store_true",
        help="send it although something looks wrong",
    )
    reply.add_argument(
        "--check", action="store_true", help="only say what speaks against sending it"
    )
    reply.add_argument(
        "--to-sender",
        action="store_true",
        help="where a machine wrote: answer it, and not the order's customer",
    )
    reply.add_argument(
        "--cc", action="append", default=[], metavar="ADDRESS", help="who gets a copy; repeatable"
    )
    reply.add_argument("--now", type=number, metavar="REPLY", help="let a planned reply go at once")
    reply.add_argument("--undo", type=number, metavar="REPLY", help="take back a queued reply")
    reply.add_argument("--retry", type=number, metavar="REPLY", help="send a stuck reply again")
    reply.add_argument(
        "--arrived", type=number, metavar="REPLY", help="it did arrive: count it as sent"
    )
    reply.add_argument("--discard", type=number, metavar="REPLY", help="give up a stuck reply")


def _add_tools(commands: Commands) -> None:
    _add_sheets(commands)
    learned = command(commands, "learned", "what your corrections taught, and take one back")
    learned.add_argument("action", nargs="?", choices=("forget", "again"))
    learned.add_argument("entry", nargs="?", default="", help="forget: the lesson's name")
    takes_json(learned)
    report = command(commands, "report", "how quickly, how well, and how it was before")
    report.add_argument("--from", dest="since", metavar="D", help="from this day (90 days ago)")
    report.add_argument("--to", dest="until", metavar="D", help="up to this instant (now)")
    takes_json(report)
    simulate = command(commands, "simulate", "what would have rung, by other rules")
    simulate.add_argument("--ring-for", choices=("critical", "urgent", "high"))
    simulate.add_argument("--quiet-hours", metavar="22:00-07:00")
    simulate.add_argument("--per-hour", dest="alerts_per_hour", type=number, metavar="N")
    simulate.add_argument("--days", type=number, metavar="N", help="of so many days (90)")
    simulate.add_argument(
        "--queue",
        nargs="?",
        type=number,
        const=5,
        metavar="RUNS",
        help="instead a model: made-up mails, in order of arrival and in ours (5 runs)",
    )
    takes_json(simulate)
    _add_copies(commands)
    _add_rules(commands)
    add_people(commands)
    _add_saved_views(commands)
    _add_templates(commands)
    _add_customers(commands)
    hours = command(commands, "hours", "when you work, and when an answer would be due")
    hours.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="monday to sunday, weekdays or every_day: 09:00-12:00,13:00-17:00 or free; tz; "
        "country and region, whose public holidays are free; works_on: holidays to work on; "
        "closure: 2026-12-24..2027-01-01 why; no_closure: 2026-12-24; "
        "day: 2026-12-24 10:00-13:00, or free, or usual",
    )
    hours.add_argument("--check", action="store_true", help="only say what would come of it")
    takes_json(hours)
    promise = command(commands, "promise", "how soon you answer, and what a change would do")
    changing(
        promise,
        "P1.first (next, done, warn): 45 min, 1 h 30 min, 2 d or none; of a special promise "
        "NAME.first ... and NAME.customers (anna@x.example,*@y.example), NAME.kinds, "
        "NAME.priorities, NAME.hours (shop, always)",
    )
    settings = command(commands, "settings", "what can be set, or set it")
    settings.add_argument("assignment", nargs="*", metavar="NAME=VALUE")
    takes_json(settings)
    autostart = command(commands, "autostart", "whether it starts when you sign in to the desktop")
    autostart.add_argument("choice", nargs="?", choices=("on", "off"))
    takes_json(autostart)
    doctor = command(commands, "doctor", "is everything there that is needed?")
    doctor.add_argument(
        "--support",
        action="store_true",
        help="lines to send to whoever helps: no name, address, order number or password",
    )
    takes_json(doctor)
    ready = command(commands, "ready", "what is connected, how much is known, what that allows")
    ready.add_argument("--accounts", action="store_true", help="each account with its books")
    takes_json(ready)


def _add_sheets(commands: Commands) -> None:
    """What needs no profile: lines or files in, a JSON object a line out."""
    triage = command(
        commands,
        "triage",
        "judge mails given as JSON lines on standard input",
        more="A line: {id, from, from_name, reply_to, to, subject, date, headers, text}; what is "
        "missing is not there. A result line for each, in order: kind, severity, score with its "
        "reasons, and which of them belong together. No profile is needed or changed.",
    )
    due = command(
        commands,
        "due",
        "when working time is used up: cases as JSON lines on standard input",
        more='A line: {"id": 1, "calendar": {"tz": "Europe/Berlin", "hours": {"0": [["09:00", '
        '"17:00"]]}, "holidays": ["2026-12-25"]}, "start": "2026-11-23T09:00:00Z", "minutes": 60, '
        '"pauses": [["2026-11-23T09:10:00Z", "2026-11-23T09:20:00Z"]]}, where 0 is Monday and a '
        'pause without an end has null there; with --elapsed "end" in place of "minutes".',
    )
    due.add_argument(
        "--elapsed", action="store_true", help="how many minutes passed from start to end"
    )
    parse = command(
        commands,
        "parse",
        "read .eml files",
        more="An object for each file that can be read, in order; no profile is needed.",
    )
    parse.add_argument("files", nargs="+", metavar="FILE")
    for one in (triage, due, parse):
        takes_json(one)


def _add_copies(commands: Commands) -> None:
    export = command(
        commands, "export", "everything as EML, JSON and CSV, in a folder that is not there yet"
    )
    export.add_argument("folder", metavar="DIR")
    brought = command(commands, "import", "fill an empty profile from what `export` wrote")
    brought.add_argument("folder", metavar="PATH")
    backup = command(commands, "backup", "copy the profile's database, safely while in use")
    restore = command(
        commands, "restore", "put a copy of the database in its place; the one before is kept"
    )
    for copy, alone in ((backup, "as one of the daily copies"), (restore, "lists the copies")):
        copy.add_argument("file", nargs="?", help=f"without it: {alone}")
    for one in (export, brought, backup, restore):
        takes_json(one)


def _add_customers(commands: Commands) -> None:
    customer = command(commands, "customer", "one customer's data: see it, give it out, delete it")
    actions = customer.add_subparsers(dest="action", metavar="ACTION", required=True)
    listed = command(actions, "list", "the customers whose address or name holds these words")
    listed.add_argument("words", nargs="*", metavar="WORD")
    takes_json(listed)
    shown = command(actions, "show", "what there is, what would go, and what would stay and why")
    out = command(actions, "export", "all of it in a folder that is not there yet")
    gone = command(actions, "delete", "all of it, for good; without --yes only what that means")
    for one in (shown, out, gone):
        one.add_argument("email")
        takes_json(one)
    out.add_argument("folder", metavar="DIR")
    gone.add_argument("--yes", action="store_true", help="do it: nothing brings it back")


def _add_rules(commands: Commands) -> None:
    rules = command(commands, "rules", "your own rules, and the rule files that you may edit")
    rules.add_argument(
        "action",
        choices=("list", "try", "apply", "on", "off", "check", "reload"),
        help="try: what it would have matched; apply: have it look at the issues that are open;"
        " check: are all rule files well-formed?",
    )
    rules.add_argument("name", nargs="?", default="", help="try, apply, on, off: which rule")
    rules.add_argument("--yes", action="store_true", help="apply: do it, and not only tell")
    rules.add_argument(
        "--if", dest="condition", default="", metavar="CONDITION", help="try this: total > 500"
    )
    rules.add_argument("--when", default="", metavar="new,mail,dispute,deadline")
    rules.add_argument("--days", type=number, default=90, metavar="N", help="try: look back so far")
    takes_json(rules)


def _add_saved_views(commands: Commands) -> None:
    view = command(commands, "view", "searches kept under a name, for `inbox --view NAME`")
    actions = view.add_subparsers(dest="action", metavar="ACTION", required=True)
    takes_json(command(actions, "list", "the saved views, and how many issues each finds"))
    keep = command(actions, "keep", "keep a search under a name")
    keep.add_argument("name")
    keep.add_argument("query", nargs="+", help="as `search` takes it")
    rename = command(actions, "rename", "give a view another name")
    rename.add_argument("name")
    rename.add_argument("to")
    move = command(actions, "move", "put a view at another place")
    move.add_argument("name")
    move.add_argument("place", type=number, help="1 is the first")
    remove = command(actions, "remove", "forget a view; its issues stay")
    remove.add_argument("name")
    for one in (keep, rename, move, remove):
        takes_json(one)


def _add_templates(commands: Commands) -> None:
    template = command(commands, "template", "the texts to begin a reply with")
    actions = template.add_subparsers(dest="action", metavar="ACTION", required=True)
    listed = command(actions, "list", "all of them, and how much of each people change")
    listed.add_argument("--kind", default="")
    show = command(actions, "show", "one, and the file that it lies in")
    show.add_argument("--on", default="", metavar="KEY", help="filled in for this issue")
    save = command(actions, "save", "keep a text as yours; in use at once")
    save.add_argument("file", help="the text; - for standard input")
    save.add_argument("--title", required=True, help="what it is called in the window")
    delete = command(actions, "delete", "delete one of yours; one of ours behind it is back")
    taken = command(actions, "import", "saved replies from a CSV file or a helpdesk's export")
    taken.add_argument("file", help="of Zendesk, Gorgias, Freshdesk or Help Scout; or CSV")
    taken.add_argument("--check", action="store_true", help="only say what would come of it")
    taken.add_argument("--language", default="", help="of what does not tell its own")
    for one in (show, save, delete):
        one.add_argument(
            "template", help="as `list` names it; to save a new one: its kind, like damaged"
        )
        one.add_argument("--language", default="en")
    for one in (listed, show, save, delete, taken):
        takes_json(one)
