"""Connecting: the verbs about accounts: add, test, sign in again, remove, and look now."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from app.config.secrets import SecretBox, run_secret_command
from app.domain.account import Account, AccountType, HealthState
from app.domain.changes import Changes
from app.domain.clock import Clock
from app.domain.errors import KnownError, NotFound, Refused, SecretsMissing, SignInRefused
from app.domain.mailbox import FolderProof
from app.domain.pasted import bare, passwords
from app.domain.reply import OutboxState
from app.domain.translation import tr
from app.engine import platform_accounts
from app.engine.account_settings import completed, same_place
from app.engine.desk import Verb
from app.engine.looking_up import FindServers, looked_up
from app.engine.poller import Poller
from app.engine.ports import Connections
from app.engine.secret_in_hand import SecretInHand
from app.engine.trying import tried, tried_first
from app.mail import guessing, providers
from app.mail.oauth import Tokens
from app.storage import accounts, folders, messages, on_server, outbox
from app.storage.connection import Connection
from app.storage.writer import Writer

_QUIET = frozenset({"identities", "plus_address"})  # say nothing about how one signs in
ROUND_TIMEOUT = 3600.0
_NOT_KEPT = 0  # no row has this id


class Connecting:
    """What a person does about accounts."""

    def __init__(
        self,
        *,
        writer: Writer,
        secrets: SecretBox,
        connections: Connections,
        poller: Poller,
        clock: Clock,
        publish: Callable[[Changes], None],
        wake_outbox: Callable[[], None],
        catch_up: Callable[[], None] = lambda: None,
        find_servers: FindServers = guessing.servers_of,
    ) -> None:
        """`catch_up` returns when what was fetched of these weeks is judged as well."""
        self._writer = writer
        self._secrets = secrets
        self._connections = connections
        self._poller = poller
        self._clock = clock
        self._publish = publish
        self._wake_outbox = wake_outbox
        self._catch_up = catch_up
        self._find_servers = find_servers
        self._adding = threading.Lock()

    def verbs(self) -> dict[str, Verb]:
        """The verbs by the names that desks use."""
        return {
            "account_fits": self.fits,
            "account_add": self.add,
            "account_set": self.set,
            "account_identities": self.identities,
            "account_test": self.test,
            "account_remove": self.remove,
            "account_sign_in": self.sign_in,
            "secret_command_try": self.try_secret_command,
            "preset": self.preset,
            "account_settings": self.settings,
            "poll": self.poll,
            "poll_again": self.poll_again,
            "sync_now": self.sync_now,
        }

    def preset(self, address: str = "", host: str = "") -> dict[str, Any]:
        """What is known of the provider of an address, or of a server where one is named."""
        return looked_up(address, host, find_servers=self._find_servers)

    def fits(self, name: str, type: str, settings: Mapping[str, str]) -> dict[str, Any]:  # noqa: A002
        """The settings as they would be kept, before a password is asked for. Raises as `add`, also
        where no password could be kept."""
        kind = _type_of(type)
        complete = completed(kind, self._with_server(kind, settings))
        self.refuse_if_there(name, kind, complete)
        self.need_keyring()
        return {"settings": complete}

    def add(
        self,
        name: str,
        type: str,  # noqa: A002 - the word of the command line
        settings: Mapping[str, str],
        *,
        secret: str = "",
        secret_command: str = "",
        check: bool = True,
        must_send: bool = False,
    ) -> dict[str, Any]:
        """Connect an account. It is tried first, so that what is stored is known to work.

        `must_send`: a mailbox is refused, and it is asked, where replies cannot leave; else that
        is told beside what was found.
        """
        kind = _type_of(type)
        complete = completed(kind, self._with_server(kind, settings))
        _refuse_what_does_not_fit(complete, secret, secret_command)
        name = _named(name)
        told: dict[str, Any] = {"found": ""}
        with self._adding:
            self.refuse_if_there(name, kind, complete)
            new = Account(
                id=_NOT_KEPT, name=name, type=kind, settings=complete, secret_command=secret_command
            )
            meant = meant_secrets(kind, complete, secret)
            if check:
                told, meant = self._tried(new, meant, must_send=must_send)
            account = self._insert(new, meant[0])
        self._poller.add(account)
        return {**self._told(name), **told}

    def _with_server(self, kind: AccountType, settings: Mapping[str, str]) -> Mapping[str, str]:
        """The settings, with the servers that were found where the owner named only an address."""
        address = str(settings.get("address", "")).strip()
        if kind is not AccountType.IMAP or settings.get("host") or "@" not in address:
            return settings
        if providers.preset(address) is not None:
            return settings
        if meant := providers.meant(address):
            raise Refused(
                tr("Did you mean {address}?", address=meant),
                tr("A server of the name that stands there may be there to collect passwords."),
                tr("Correct the address, or name its server: --set host=imap.example.com"),
            )
        return {**self._find_servers(address), **settings}

    def set(self, name: str, settings: Mapping[str, str], *, check: bool = True) -> dict[str, Any]:
        """Change settings of an account; an empty value takes one away. The password stays.

        They are tried first, so that what is stored is known to work; those that say nothing about
        signing in are not. Raises Refused for a setting that there is not, or the KnownError that
        says what does not work with them.
        """
        account = self.account(name)
        changed = completed(account.type, {**account.settings, **settings})
        if same_place(account.type, changed) != same_place(account.type, account.settings):
            self._refuse_twin(account.type, changed)
        account = replace(account, settings=changed)
        is_new = bool(settings.keys() - _QUIET)
        told: dict[str, Any] = {"found": ""}
        if check and is_new:
            told = tried(self._connections, account).as_dict()
        self._writer.do(lambda db: accounts.set_settings(db, account.id, changed))
        if is_new:
            self._go_on(account)
            self._poller.add(account)
            self._poller.ask(name)
        return {**self._told(name), **told, **self.identities(name)}

    def identities(self, name: str) -> dict[str, Any]:
        """The addresses that replies of this account can leave from, its own first, and whether
        answers are asked to an address with a +."""
        account = self.account(name)
        return {
            "address": account.address,
            "identities": [asdict(one) for one in account.identities],
            "plus_address": providers.asks_plus(account.settings, account.address),
        }

    def test(self, name: str) -> dict[str, Any]:
        """Sign in and say what was found. Raises the KnownError that says what is wrong."""
        return tried(self._connections, self.account(name)).as_dict()

    def sign_in(self, name: str, secret: str = "", secret_command: str = "") -> dict[str, Any]:
        """A new password for an account, or a command that tells it; what was there stands if the
        new one does not work."""
        account = self.account(name)
        if account.type is AccountType.FOLDER:
            raise Refused(tr("{name} needs no password: it is a folder", name=name))
        _refuse_what_does_not_fit(account.settings, secret, secret_command)
        for left, one in _countdown(meant_secrets(account.type, account.settings, secret)):
            try:
                found = self._tried_with(account, one, secret_command)
                break
            except SignInRefused:
                if not left:
                    raise
        self._go_on(account)
        self._poller.add(self.account(name))
        self._poller.ask(name)
        return {**self._told(name), **found}

    def _tried_with(self, account: Account, secret: str, command: str) -> dict[str, Any]:
        """What is found with another secret, which is kept where nobody says no to it."""
        sealed = None if command else self._secrets.seal(secret)
        before = self._writer.do(lambda db: _exchange(db, account, sealed, command))
        try:
            return self.test(account.name)
        except KnownError as error:
            if not error.retry:
                self._writer.do(lambda db: _exchange(db, account, before, account.secret_command))
            raise

    def _go_on(self, account: Account) -> None:
        """A person changed how the account signs in: its replies need wait no longer."""
        self._writer.do(lambda db: _unblock(db, account.id, now=self._clock.now()))
        self._wake_outbox()

    def try_secret_command(self, command: str) -> dict[str, Any]:
        """Run a command that tells a password, and say only how long that is. Raises KnownError."""
        return {"length": len(run_secret_command(command)), "changes": Changes().as_dict()}

    def remove(self, name: str) -> dict[str, Any]:
        """Disconnect an account. The mails that it brought stay."""
        account = self.account(name)
        self._poller.drop(name)
        self._writer.do(lambda db: accounts.remove(db, account.id))
        return self._told(name)

    def sync_now(self, account: str = "") -> dict[str, Any]:
        """Look now, without waiting for the end."""
        self._poller.ask(account)
        return {"changes": Changes().as_dict()}

    def settings(self, name: str) -> dict[str, Any]:
        """The settings of an account, which hold no secret."""
        return {"settings": dict(self.account(name).settings)}

    def poll_again(self, account: str = "") -> dict[str, Any]:
        """Look again at what was left out, at once and without waiting for the end."""
        tried = self._forget_left_out(account)
        self._poller.ask(account)
        return {"again": tried, "changes": Changes().as_dict()}

    def _forget_left_out(self, account: str) -> int:
        chosen = [self.account(account)] if account else self._writer.do(accounts.every)
        return self._writer.do(lambda db: sum(folders.try_again(db, one.id) for one in chosen))

    def poll(self, account: str = "", *, again: bool = False) -> dict[str, Any]:
        """One full round of an account, or of all, and what it brought is judged; then the books.

        `again`: what was skipped, or left in Junk, is looked at once more.
        """
        if account:
            self.account(account)
        if again:
            self._forget_left_out(account)
        before = self._writer.do(messages.count)
        asked = self._poller.ask(account)
        errors = {name: _error_of(future) for name, future in asked.items()}
        self._catch_up()
        books, after = self._writer.do(lambda db: (folders.proofs(db), messages.count(db)))
        gone = self._writer.do(on_server.gone_counts)
        streams = self._writer.do(platform_accounts.streams)
        return {
            "new": after - before,
            "accounts": [
                {
                    "account": name,
                    "ok": error is None,
                    **({"error": error.as_dict()} if error else {}),
                    "no_longer_on_server": gone.get(name, 0),
                    "folders": [_books(proof) for proof in books if proof.account == name],
                    **streams.get(name, {}),
                }
                for name, error in errors.items()
            ],
        }

    def _insert(self, new: Account, secret: str) -> Account:
        sealed = self._secrets.seal(secret) if secret else None
        now = self._clock.now()

        def write(db: Connection) -> Account:
            account = accounts.add(
                db,
                name=new.name,
                type=new.type,
                settings=new.settings,
                secret=sealed,
                secret_command=new.secret_command,
                now=now,
            )
            accounts.set_health(db, account.id, state=HealthState.NEW, tried_at=now)
            return account

        return self._writer.do(write)

    def _tried(
        self, new: Account, meant: Sequence[str], *, must_send: bool
    ) -> tuple[dict[str, Any], tuple[str, ...]]:
        """What is found with the first secret that is let in, and that secret. Until then nothing
        is kept of the account: the engine may be killed meanwhile."""
        *others, last = (SecretInHand(new.name, one) for one in meant)
        if last.secret:
            self._secrets.seal(last.secret)  # where nothing can be locked, that is said at once
        for hand in others:
            with suppress(SignInRefused):
                found = tried_first(self._connections, new, hand, must_send=must_send)
                return found.as_dict(), (hand.secret,)
        found = tried_first(self._connections, new, last, must_send=must_send)
        return found.as_dict(), (last.secret,)

    def account(self, name: str) -> Account:
        """The account of this name. Raises NotFound."""
        account = self._writer.do(lambda db: accounts.find(db, name))
        if account is None:
            raise NotFound(
                tr("There is no account called {name}", name=name), hint=tr("See `account list`")
            )
        return account

    def refuse_if_there(self, name: str, kind: AccountType, settings: Mapping[str, str]) -> None:
        """Raises Refused where this mailbox is connected already, or an account has this name, or
        where it is no name."""
        name = _named(name)
        self._refuse_twin(kind, settings)
        if self._writer.do(lambda db: accounts.find(db, name)) is not None:
            raise Refused(
                tr("There is an account called {name} already", name=name),
                hint=tr("Choose another name, or remove the old one"),
            )

    def _refuse_twin(self, kind: AccountType, settings: Mapping[str, str]) -> None:
        place = same_place(kind, settings)
        again = tr("A new password for it is entered in Settings, or with `account sign-in`.")
        for one in self._writer.do(accounts.every):
            if place and same_place(one.type, one.settings) == place:
                raise Refused(
                    tr("This is connected already, as {name}", name=one.name),
                    tr("Read twice, every mail and order of it would count twice."),
                    "" if kind is AccountType.FOLDER else again,
                )

    def need_keyring(self) -> None:
        """Raises SecretsMissing or SecretsLocked where nothing could be kept."""
        self._secrets.check(for_person=True)

    def secret_of(self, account: Account) -> str:
        """What is kept sealed for an account; "" where nothing is. Raises the secrets' errors."""
        blob = self._writer.do(lambda db: accounts.secret(db, account.id))
        return "" if blob is None else self._secrets.open(blob)

    def _told(self, name: str) -> dict[str, Any]:
        changes = Changes(accounts=frozenset({name}))
        self._publish(changes)
        return {"changes": changes.as_dict()}


def _books(proof: FolderProof) -> dict[str, Any]:
    """The books of a folder: on server = stored + skipped + left in Junk + unexplained."""
    return {
        "folder": proof.folder,
        "role": proof.role.value,
        "on_server": proof.on_server,
        "stored": proof.stored,
        "skipped": dict(proof.skipped),
        "left_in_junk": dict(proof.left),
        "unexplained": proof.unexplained,
    }


def _exchange(db: Connection, account: Account, sealed: bytes | None, command: str) -> bytes | None:
    """Put the new secret in the old one's place, in one step: a renewal may be under way."""
    before = accounts.secret(db, account.id)
    accounts.set_sign_in(db, account.id, secret=sealed, secret_command=command)
    return before


def _unblock(db: Connection, account_id: int, *, now: datetime) -> None:
    """What waited for the sign-in of this account goes now."""
    for reply in outbox.in_state(db, OutboxState.BLOCKED):
        if reply.account_id == account_id:
            outbox.ask_again(db, reply.id, now)


def meant_secrets(kind: AccountType, settings: Mapping[str, str], typed: str) -> tuple[str, ...]:
    """What may have been meant by what was typed or pasted, the likeliest first."""
    if not typed or settings.get("auth") == "oauth":
        return (typed,)
    if not kind.is_mailbox:
        return (bare(typed),)
    known = providers.preset_of_host(settings.get("host", ""))
    return passwords(typed, for_programs=known is not None and known.app_password)


def _countdown(candidates: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Each with the number of those that are left after it."""
    return ((len(candidates) - count, one) for count, one in enumerate(candidates, 1))


def _named(name: str) -> str:
    if not name.strip() or len(name) > 80 or not name.isprintable():
        raise Refused(tr("An account needs a name"), tr("One line of at most 80 characters"))
    return name.strip()


def _type_of(word: str) -> AccountType:
    try:
        return AccountType(word)
    except ValueError:
        names = ", ".join(member.value for member in AccountType)
        raise Refused(
            tr("{word} is no type of account", word=repr(word)),
            tr("It is one of: {names}", names=names),
        ) from None


def _refuse_what_does_not_fit(settings: Mapping[str, str], secret: str, command: str) -> None:
    """A password where somebody signs in in the browser would only be refused by the server."""
    if settings.get("auth") != "oauth" or command:
        return
    try:
        Tokens.read(secret)
    except SecretsMissing:
        raise Refused(
            tr("This account is signed in to in the browser"),
            "",
            tr("Use account sign-in, or Settings."),
        ) from None


def _error_of(future: Future[None]) -> KnownError | None:
    try:
        future.result(timeout=ROUND_TIMEOUT)
    except KnownError as error:
        return error
    except TimeoutError:
        return KnownError(
            tr("The round did not end in an hour"), hint=tr("It goes on in the background")
        )
    return None
