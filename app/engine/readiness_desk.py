"""ReadinessDesk: the verbs that say how the whole stands: what is ready, how each account is, where
everything lies, and the same without anybody's secrets, for whoever is asked for help."""

from __future__ import annotations

import platform
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any

from app import __version__
from app.config.paths import Profile
from app.config.settings import Settings
from app.domain.account import AccountType, Health
from app.domain.clock import Clock, rfc3339
from app.domain.errors import KnownError
from app.domain.mailbox import FolderProof
from app.domain.readiness import Facts, findings
from app.domain.translation import tr
from app.engine.desk import Verb
from app.escalation.terms import Terms
from app.storage import accounts, awaiting, contacts, disputes, folders, lessons, messages, orders
from app.storage import profile as profile_rows
from app.storage.connection import Connection
from app.storage.database import open_reader
from app.storage.writer import Writer

_SHOPS = (AccountType.SHOPIFY, AccountType.WOOCOMMERCE)
_ADDRESS = re.compile(r"[^\s<>\"'@,;:()]+@[^\s<>\"'@,;:()]+")
# Any piece of an address stands for a person or a shop; a number of five digits may be an order's.
_NUMBER = re.compile(r"#?\w*\d{4,}\w*")


class ReadinessDesk:
    """Looks at the profile as a whole; changes nothing."""

    def __init__(
        self,
        *,
        profile: Profile,
        writer: Writer,
        settings: Callable[[], Settings],
        terms: Callable[[], Terms],
        clock: Clock,
    ) -> None:
        self._profile = profile
        self._writer = writer
        self._settings = settings
        self._terms = terms
        self._clock = clock

    def verbs(self) -> dict[str, Verb]:
        """The verbs by the names that desks use."""
        return {"readiness": self.readiness, "health": self.health, "support": self.support}

    def readiness(self) -> dict[str, Any]:
        """Each part with its grade, what is so, and what that allows."""
        with closing(open_reader(self._profile.database)) as db:  # the writer has others to serve
            facts = _stored_facts(db)
        hours = not self._terms().calendars.shop.is_round_the_clock
        found = findings(Facts(**facts, has_hours=hours), now=self._clock.now())
        return {"findings": [asdict(one) for one in found]}

    def health(self) -> dict[str, Any]:
        """Each account with its last good round and its books; the program's parts and files."""
        states, books = self._writer.do(lambda db: (accounts.health(db), folders.proofs(db)))
        return {
            "accounts": [self._account(one, books) for one in states],
            "program": self._program(),
            "files": [_file(*one) for one in self._files()],
        }

    def support(self) -> dict[str, Any]:
        """The same as lines to send to somebody who helps: no name, address, order or password."""
        return {"text": "\n".join(self._lines())}

    def _account(self, state: Health, books: tuple[FolderProof, ...]) -> dict[str, Any]:
        return {
            "name": state.account,
            "address": state.address,
            "type": state.type.value,
            "state": state.state.value,
            "last_ok_at": state.last_ok_at and rfc3339(state.last_ok_at),
            "last_try_at": state.last_try_at and rfc3339(state.last_try_at),
            "rhythm": self._rhythm(state),
            "error": KnownError(state.title, state.message, state.hint).sentence,
            "folders": [_books(one) for one in books if one.account == state.account],
        }

    def _rhythm(self, state: Health) -> str:
        if state.type is AccountType.IMAP:
            seconds = self._settings().poll_seconds
            return tr(
                "at once where the server tells of new mail, else every {seconds} s",
                seconds=seconds,
            )
        if state.type is AccountType.FOLDER:
            return tr("every {seconds} s", seconds=self._settings().poll_seconds)
        each = {int(feed.stream.rhythm.total_seconds() // 60) for feed in state.feeds}
        return tr("every {minutes} min", minutes=min(each)) if each else ""

    def _program(self) -> dict[str, str]:
        return {
            "Frontburner": __version__,
            "Python": platform.python_version(),
            "SQLite": self._writer.do(profile_rows.sqlite_facts)[0],
            "System": f"{platform.system()} {platform.release()}",
        }

    def _files(self) -> Iterator[tuple[str, Path]]:
        profile = self._profile
        yield tr("Everything that was read and decided"), profile.database
        yield tr("Your settings"), profile.settings
        yield tr("Your rules"), profile.rules
        yield tr("Your templates"), profile.templates
        yield tr("Copies of the database"), profile.backups
        yield tr("What the engine noted"), profile.log
        yield tr("What the window noted"), profile.folder / "window.log"

    def _lines(self) -> Iterator[str]:
        found = self.health()
        yield ", ".join(f"{name} {what}" for name, what in found["program"].items())
        yield f"Profile: {_size_words(sum(one['bytes'] for one in found['files']))}"
        for number, one in enumerate(found["accounts"], 1):
            yield (
                f"Account {number} ({one['type']}): {one['state']}, last in order "
                f"{one['last_ok_at'] or 'never'}, read {one['rhythm']}"
            )
            if one["error"]:
                yield f"  {_without_people(one['error'], one['name'])}"
            for place, books in enumerate(one["folders"], 1):
                yield f"  Folder {place} ({books['role']}): {_books_words(books)}"
        for one in self.readiness()["findings"]:
            yield f"{one['part'].value}: {one['grade'].value}"


def _stored_facts(db: Connection) -> dict[str, Any]:
    states = accounts.health(db)
    unread = sum(max(0, one.unexplained) for one in folders.proofs(db))
    ill = (one.title for one in states if one.type.is_mailbox and one.title)
    return {
        "mailboxes": tuple(one.address or one.account for one in states if one.type.is_mailbox),
        "trouble": next(ill, ""),
        "mails": messages.count(db),
        "unread": unread,
        "unjudged": awaiting.count(db),
        "oldest_at": messages.oldest(db),
        "shops": tuple(one.account for one in states if one.type in _SHOPS),
        "orders": orders.count(db),
        "providers": tuple(
            one.account for one in states if not one.type.is_mailbox and one.type not in _SHOPS
        ),
        "disputes": len(disputes.every(db)),
        "contacts": len(contacts.every(db)),
        "corrections": len(lessons.told(db)),
    }


def _books(proof: FolderProof) -> dict[str, Any]:
    """On server = stored + skipped + left there + still to come."""
    return {
        "folder": proof.folder,
        "role": proof.role.value,
        "on_server": proof.on_server,
        "stored": proof.stored,
        "left_out": dict(chain(proof.skipped.items(), proof.left.items())),
        "to_come": proof.unexplained,
    }


def _books_words(books: dict[str, Any]) -> str:
    out = sum(books["left_out"].values())
    said = f"{books['on_server']:,} on server = {books['stored']:,} stored"
    said += f" + {out:,} left out" if out else ""
    return said + (f" + {books['to_come']:,} to come" if books["to_come"] else "")


def _file(words: str, path: Path) -> dict[str, Any]:
    return {"what": words, "path": str(path), "bytes": _size(path), "there": path.exists()}


def _size(path: Path) -> int:
    if path.is_dir():
        return sum(one.stat().st_size for one in path.rglob("*") if one.is_file())
    return path.stat().st_size if path.exists() else 0


def _size_words(size: int) -> str:
    return f"{size / 2**20:,.1f} MB"


def _without_people(text: str, account: str) -> str:
    """A sentence without the account's name, any address or any long number."""
    bare = text.replace(account, "(the account)") if account else text
    return _NUMBER.sub("(number)", _ADDRESS.sub("(address)", bare))
