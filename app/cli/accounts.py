"""Accounts: the commands that connect mailboxes, look into them, and print their books."""

from __future__ import annotations

import argparse
import getpass
import sys
from typing import TYPE_CHECKING, Any

from app.cli import present
from app.config.paths import expanded, whole_path
from app.config.platform_forms import form_of
from app.domain.account import AccountType
from app.domain.errors import NotFound, Refused
from app.domain.feed import FeedHealth

if TYPE_CHECKING:
    from app.cli.run import Desk

NONE = (
    "Nothing is connected yet. The window asks for your mail address;"
    " `account add --help` says how it goes here."
)
_SHOWN = ("provider", "url", "code", "seconds")
_PATHS = ("path", "outbox", "ca_file")


def run(desk: Desk, args: argparse.Namespace) -> int:
    """`account add`, `set`, `list`, `test`, `sign-in`, `remove`."""
    match args.action:
        case "add":
            _add(desk, args)
        case "list":
            _list(desk)
        case "set":
            _set(desk, args)
        case "test":
            _test(desk, args)
        case "sign-in":
            answer = _sign_in(desk, args)
            desk.tell({"account": args.name, **answer}, answer["found"])
        case _:
            answer = desk.client.call("account_remove", name=args.name)
            said = f"{args.name} is disconnected; what it brought stays."
            desk.tell({"account": args.name, **answer}, said)
    return 0


def _test(desk: Desk, args: argparse.Namespace) -> None:
    answer = desk.client.call("account_test", name=args.name)
    desk.tell({"account": args.name, **answer}, answer["found"])


def poll(desk: Desk, args: argparse.Namespace) -> int:
    """`poll`: one full round, then the books; 1 where an account could not be read."""
    answer = desk.client.call("poll", account=args.account, again=args.again)
    accounts = answer["accounts"]
    desk.tell(answer)
    for account in () if desk.json else accounts:
        for folder in account["folders"]:
            desk.say(f"{account['account']}: {books(folder)}")
        if "feeds" in account:
            desk.say(f"{account['account']}: {present.counted(account['orders'], 'order')} known")
        for feed in account.get("feeds", ()):
            desk.say(f"{account['account']}: {feed_words(feed)}")
        if gone := account["no_longer_on_server"]:
            desk.say(f"{account['account']}: {gone:,} kept here, no longer on the server")
    for account in accounts:
        if not account["ok"]:
            error = account["error"]
            words = (error["title"], error["message"], error["hint"])
            said = " ".join(f"{word.rstrip('.')}." for word in words if word)
            sys.stderr.write(f"{account['account']}: {said}\n")
    if not accounts:
        raise Refused("No account is connected yet", "See `account add --help`")
    return 0 if all(account["ok"] for account in accounts) else 1


def books(folder: dict[str, Any]) -> str:
    """The books of a folder in words: INBOX 1,204 = 1,204 on server."""
    skipped = sum(folder["skipped"].values())
    said = f"{folder['folder']} {folder['stored']:,}"
    if skipped:
        said += f" + {skipped:,} skipped"
    if left := sum(folder["left_in_junk"].values()):
        said += f" + {left:,} left in Junk"
    said += f" = {folder['on_server']:,} on server"
    if folder["unexplained"]:
        said += f", {folder['unexplained']:,} unexplained"
    reasons = [f"{n:,} skipped: {why}" for why, n in folder["skipped"].items()]
    reasons += [f"{n:,} {why[:1].lower()}{why[1:]}" for why, n in folder["left_in_junk"].items()]
    return "\n  ".join((said, *reasons))


def feed_words(feed: dict[str, Any]) -> str:
    """How a stream of a platform is read, in words."""
    read = f"last read {feed['ok_at']}" if feed["ok_at"] else "not read yet"
    said = f"{feed['stream']} {read}, asked every {feed['every_seconds']} s"
    return f"{said}. {feed['trouble']}" if feed["trouble"] else said


def pairs(words: list[str]) -> dict[str, str]:
    """`key=value` words as a table. Raises Refused for a word without `=`."""
    table = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name.strip():
            raise Refused(f"{word!r} is not of the form key=value")
        table[name.strip()] = value
    return table


def _set(desk: Desk, args: argparse.Namespace) -> None:
    answer = desk.client.call(
        "account_set", name=args.name, settings=_settings(args.settings), check=not args.no_check
    )
    senders = ", ".join(one["email"] for one in answer["identities"])
    desk.tell(answer, answer["found"] or f"Kept. Replies can leave from: {senders or 'nowhere'}.")


def _settings(words: list[str]) -> dict[str, str]:
    """The settings, with whole paths and the identities of a file read from it."""
    settings = pairs(words)
    for name in _PATHS:
        if settings.get(name):
            settings[name] = str(whole_path(settings[name]))
    named = settings.get("identities", "")
    if named.startswith("@"):
        try:
            settings["identities"] = expanded(named[1:]).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise Refused(f"{named[1:]} cannot be read as text", str(error)) from error
    return settings


def _add(desk: Desk, args: argparse.Namespace) -> None:
    settings = _settings(args.set)
    if settings.get("auth") == "oauth" and args.type == "imap" and not args.secret_command:
        answer = _in_browser(desk, args, settings=settings, check=not args.no_check)
        _tell_added(desk, args.name, answer)
        return
    wants_secret = args.type != "folder" and not args.secret_command
    if wants_secret:  # nobody types a password to learn that another word was mistyped
        told = desk.client.call("account_fits", name=args.name, type=args.type, settings=settings)
        settings = told["settings"]
    answer = desk.client.call(
        "account_add",
        name=args.name,
        type=args.type,
        settings=settings,
        secret=_secret(args.name, what=_what(args.type)) if wants_secret else "",
        secret_command=args.secret_command,
        check=not args.no_check,
    )
    _tell_added(desk, args.name, answer)


def _tell_added(desk: Desk, name: str, answer: dict[str, Any]) -> None:
    desk.tell({"account": name, **answer}, answer["found"] or f"{name} is stored.")


def _what(kind: str) -> str:
    """What a platform calls its key, to ask for it."""
    form = form_of(AccountType(kind))
    return form.secret.label if form else "Password"


def _sign_in(desk: Desk, args: argparse.Namespace) -> dict[str, Any]:
    desk.client.call("status")  # an engine makes the file where there is none
    healths = desk.queries.overview(now=desk.clock.now()).health
    named = [one for one in healths if one.account == args.name]
    if not named:
        raise NotFound(f"There is no account called {args.name}", hint="See `account list`")
    if named[0].type is AccountType.FOLDER:
        raise Refused(f"{args.name} is a folder", "It asks for no password")
    if args.secret_command:
        command = args.secret_command
        return desk.client.call("account_sign_in", name=args.name, secret_command=command)
    if named[0].by_browser:
        return _in_browser(desk, args)
    secret = _secret(args.name, what=_what(named[0].type.value))
    return desk.client.call("account_sign_in", name=args.name, secret=secret)


def _in_browser(desk: Desk, args: argparse.Namespace, **account: Any) -> dict[str, Any]:
    """Say which page to open, and wait until the person has been there."""
    secret = _secret(args.name, what="Client secret") if args.client_secret else ""
    begun = desk.client.call(
        "account_oauth_start", name=args.name, secret=secret, device=args.device, **account
    )
    desk.tell({name: begun[name] for name in _SHOWN}, _to_open(begun))
    try:
        return desk.client.call("account_oauth_finish", sign_in=begun["sign_in"])
    except KeyboardInterrupt:
        desk.client.call("account_oauth_cancel", sign_in=begun["sign_in"])
        raise


def _to_open(begun: dict[str, Any]) -> str:
    """What the person is to do in a browser, and how long there is for it."""
    provider, url = begun["provider"], begun["url"]
    if begun["code"]:
        page = f"Open {url} in any browser and enter the code {begun['code']}"
    else:
        page = f"Open this page of {provider} in a browser on this machine:\n{url}"
    return f"{page}\nWaiting up to {max(1, begun['seconds'] // 60)} min for {provider} …"


def _list(desk: Desk) -> None:
    desk.client.call("status")  # an engine makes the file where there is none
    overview = desk.queries.overview(now=desk.clock.now())
    senders = {
        one.name: [identity.email for identity in one.identities] for one in desk.queries.accounts()
    }
    for health in overview.health:
        folders = [proof for proof in overview.proofs if proof.account == health.account]
        entry = {
            "account": health.account,
            "type": health.type.value,
            "address": health.address,
            "identities": senders.get(health.account, []),
            "state": health.state.value,
            "title": health.title,
            "message": health.message,
            "hint": health.hint,
            "last_ok_at": present.when(health.last_ok_at),
            "folders": {proof.folder: proof.stored for proof in folders},
            "feeds": [_feed(one) for one in health.feeds],
        }
        words = health.title or health.state.value
        desk.tell(entry, f"{health.account:<20} {health.type.value:<11} {words}")
    if not overview.health and not desk.json:
        desk.say(NONE)


def _feed(one: FeedHealth) -> dict[str, Any]:
    return {
        "stream": one.stream.value,
        "ok_at": present.when(one.ok_at),
        "every_seconds": int(one.stream.rhythm.total_seconds()),
        "trouble": one.trouble,
        "backfilled": one.backfilled,
        "left_out": {each.record: each.reason for each in one.left_out},
    }


def _secret(name: str, *, what: str = "Password") -> str:
    """Ask for the secret: without echo at a terminal, else the first line that comes in."""
    if sys.stdin.isatty():
        secret = getpass.getpass(f"{what} for {name}: ")
    else:
        secret = sys.stdin.readline().rstrip("\r\n")
    if not secret:
        raise Refused(
            f"No {what.lower()} was given", "Type it, pipe it in, or use --secret-command"
        )
    return secret
