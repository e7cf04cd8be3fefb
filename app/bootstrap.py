"""Bootstrap: the composition root of the engine, the only file that knows every room."""

from __future__ import annotations

import argparse
import gc
import logging
import logging.handlers
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from types import FrameType

import msgspec

from app.alerts.chain import FirstThatWorks
from app.alerts.notifier import Notifier, OnAction
from app.alerts.plyer_notifier import PlyerNotifier
from app.config.heap import share_one_heap
from app.config.language import speak_as_set
from app.config.leftovers import take_away
from app.config.paths import Profile, caches, resources, rules
from app.config.processes import own_command, spawn_detached
from app.config.secrets import SecretBox, run_secret_command
from app.config.settings import read_settings
from app.config.system import home_zone, lock_file, lock_holder, write_private
from app.domain.account import Account, AccountType
from app.domain.clock import Clock
from app.domain.errors import KnownError, ProfileInUse, Refused
from app.engine import offline as sheets
from app.engine.due_sheet import due_sheet
from app.engine.engine import Engine
from app.engine.parts import Parts
from app.engine.ports import Mailer, MessageSource, PlatformSource, RemoteMail, SentCopies
from app.engine.queue_sheet import queue_sheet
from app.engine.rule_book import RuleBook
from app.engine.secret_in_hand import SecretInHand, not_known
from app.engine.wire import last_words
from app.escalation.dispute_rules import DisputeRules
from app.escalation.terms import Terms
from app.mail.access_tokens import AccessTokens, CommandTokens
from app.mail.bearer import Secret
from app.mail.folder import FolderSource
from app.mail.folder_out import FolderMailer
from app.mail.folder_walk import LARGE
from app.mail.imap import ImapSource
from app.mail.oauth import Service
from app.mail.remote_mail import RemoteMail as ImapRemoteMail
from app.mail.sent import SentFolder
from app.mail.smtp import SmtpMailer
from app.replies.evidence_rules import EvidenceRules
from app.replies.shelf import Shelf
from app.storage import accounts
from app.storage import profile as profile_rows
from app.storage.connection import Connection
from app.storage.database import disk_errors
from app.storage.writer import Writer
from app.triage import owner_rules
from app.triage.classifier import LearnedClassifier
from app.triage.rules import Rules

log = logging.getLogger(__name__)
SAMPLE_SHOP = resources() / "sample_shop"
WEIGHTS = resources() / "model" / "judgement.npz"
_LOG_BYTES = 2_000_000
_LOCK_WAIT = 1.0  # an engine that is just ending needs a moment
# New objects before a look for rings among them: so many come with a batch, and none of it is one.
_UNLOOKED_AT = 20_000


def run(profile: Profile, *, stay: bool, demo: str, clock: Clock) -> int:
    """Be the engine of a profile until the work is done, or with `stay` until stopped."""
    share_one_heap()
    _write_log(profile)
    speak_as_set(profile.settings)
    with suppress(OSError):  # of a disk that is closed to writing
        last_words(profile).unlink(missing_ok=True)
    try:
        return _run(profile, stay=stay, demo=demo, clock=clock)
    except KnownError as error:
        log.error("the engine cannot start: %s", error.sentence)
        with suppress(OSError):
            write_private(last_words(profile), msgspec.json.encode(error.as_dict()))
        sys.stderr.write(error.sentence + "\n")
        return 1


def _run(profile: Profile, *, stay: bool, demo: str, clock: Clock) -> int:
    with disk_errors():
        lock = lock_file(profile.lock, wait=_LOCK_WAIT)
    if lock is None:
        raise ProfileInUse(
            "Another engine works on this profile",
            f"Process {lock_holder(profile.lock)} holds {profile.folder}",
            "Use that one, or stop it with `engine --stop`",
        )
    with lock:
        take_away(profile)
        writer = Writer(profile.database, now=clock.now())
        writer.start()
        with disk_errors():
            engine = Engine(_parts(profile, writer=writer, clock=clock, demo=demo), stay=stay)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _stopper(engine))
        try:
            if demo:
                engine.open_sample_shop(SAMPLE_SHOP, live=demo == "live")
            engine.start()
            gc.freeze()  # what was loaded by now stays: to look at it anew holds everybody up
            gc.set_threshold(_UNLOOKED_AT)
            engine.wait()
        finally:
            engine.stop()
            writer.stop()
    return 0


def offline(args: argparse.Namespace) -> int:
    """`triage`, `parse`, `due` and `simulate --queue`: lines out, without a profile."""
    if args.command == "due":
        return due_sheet(sys.stdin, passed=args.elapsed, out=sys.stdout, err=sys.stderr)
    loaded = Rules.load(rules())
    if args.command == "simulate":
        return _queue(args, loaded)
    if args.command == "parse":
        return sheets.parse(args.files, rules=loaded, out=sys.stdout, err=sys.stderr)
    classifier = LearnedClassifier(WEIGHTS, rules=loaded, cache=caches())
    return sheets.triage(
        sys.stdin, rules=loaded, classifier=classifier, out=sys.stdout, err=sys.stderr
    )


def _queue(args: argparse.Namespace, loaded: Rules) -> int:
    wishes = (args.ring_for, args.quiet_hours, args.alerts_per_hour, args.days)
    if any(one is not None for one in wishes):
        raise Refused("The model of the queue has no alert rules", hint="Leave them out")
    sla = Terms.load(rules()).sla
    return queue_sheet(rules=loaded, sla=sla, seeds=args.queue, as_json=args.json, out=sys.stdout)


def _parts(profile: Profile, *, writer: Writer, clock: Clock, demo: str) -> Parts:
    # The sample shop knows its own payment provider, as an owner would write it down.
    layers = (rules(), *([SAMPLE_SHOP / "rules"] if demo else []), profile.rules)
    secrets = SecretBox(writer.do(profile_rows.device))
    loaded = Rules.load(*layers)
    return Parts(
        profile=profile,
        writer=writer,
        clock=clock,
        rules=loaded,
        owner_rules=RuleBook(profile.rules),
        classifier=LearnedClassifier(WEIGHTS, rules=loaded, cache=caches()),
        disputes=DisputeRules.load(rules(), profile.rules),
        terms=Terms.load(*layers, home=home_zone()),
        home_zone=home_zone(),
        load_terms=lambda: Terms.load(*layers, home=home_zone()),
        shipped_rules=layers[:-1],
        templates=Shelf(resources() / "templates", profile.templates),
        secrets=secrets,
        connections=AccountConnections(
            writer=writer,
            secrets=secrets,
            clock=clock,
            large=lambda: read_settings(profile.settings)[0].large_mail_mb * 1_000_000,
        ),
        notifier=partial(_notifier, profile),
        load_rules=lambda: _load_rules(profile),
        evidence=lambda: EvidenceRules.load(rules(), profile.rules),
        open_window=lambda key: _open_window(profile, key),
        read_settings=lambda: read_settings(profile.settings),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountConnections:
    """Makes the edges of an account (engine.ports.Connections): here real ones are chosen."""

    writer: Writer
    secrets: SecretBox
    clock: Clock
    large: Callable[[], int] = lambda: LARGE
    in_hand: SecretInHand | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _tokens: dict[int, tuple[Account, AccessTokens]] = field(default_factory=dict)

    def source(self, account: Account) -> MessageSource:
        """Where its mails come from."""
        if account.type is AccountType.FOLDER:
            return FolderSource(account)
        return ImapSource(account, self._secret(account), large=self.large)

    def platform(self, account: Account) -> PlatformSource:
        """Where its orders and disputes come from."""
        from app.platforms.connect import connect  # a third of a second that mailboxes do not pay

        secret = self._secret(account)
        assert isinstance(secret, str)  # a platform is never signed in to in the browser
        return connect(account, secret, clock=self.clock)

    def mailer(self, account: Account) -> Mailer:
        """How its replies leave."""
        if account.type is AccountType.FOLDER:
            return FolderMailer(Path(account.settings["outbox"]))
        return SmtpMailer(account, self._secret(account))

    def sent_copies(self, account: Account) -> SentCopies | None:
        """Where its sent mail is filed."""
        if account.type is AccountType.FOLDER:
            return None
        return SentFolder(account, self._secret(account))

    def remote_mail(self, account: Account) -> RemoteMail | None:
        """Where parts of its mails may have been left."""
        if account.type is AccountType.FOLDER:
            return None
        return ImapRemoteMail(account, self._secret(account))

    def with_secret(self, hand: SecretInHand) -> AccountConnections:
        """The same for an account that is not kept, which signs in with this."""
        return replace(self, in_hand=hand, _tokens={})

    def _secret(self, account: Account) -> Secret:
        by_token = account.settings.get("auth") == "oauth"
        if account.secret_command:
            ask = partial(run_secret_command, account.secret_command)
            return CommandTokens(ask) if by_token else ask()
        return self._access(account) if by_token else self._drawer(account).read()

    def _access(self, account: Account) -> AccessTokens:
        """The one place for all who sign in to this account, so that only one renews its token."""
        with self._lock:
            known, tokens = self._tokens.get(account.id, (None, None))
            if tokens is None or known != account:
                service = Service.of(account.settings)
                tokens = AccessTokens(service, self._drawer(account), clock=self.clock)
                self._tokens[account.id] = (account, tokens)
            return tokens

    def _drawer(self, account: Account) -> SecretInHand | SealedSecret:
        return self.in_hand or SealedSecret(
            writer=self.writer, secrets=self.secrets, account=account
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedSecret:
    """Where an account's secret lies in the profile, locked with the keyring's key."""

    writer: Writer
    secrets: SecretBox
    account: Account

    def read(self) -> str:
        """The secret. Raises SecretsMissing or SecretsLocked."""
        blob = self.writer.do(lambda db: accounts.secret(db, self.account.id))
        if blob is None:
            raise not_known(self.account.name)
        return self.secrets.open(blob)

    def replace(self, before: str, after: str) -> bool:
        """Put another secret there for good, unless somebody has done so since it was read."""
        sealed = self.secrets.seal(after, by_person=False)

        def swap(db: Connection) -> bool:
            blob = accounts.secret(db, self.account.id)
            if blob is None or self.secrets.open(blob) != before:
                return False
            accounts.set_secret(db, self.account.id, sealed)
            return True

        return self.writer.do(swap, durable=True)


def _notifier(profile: Profile, on_action: OnAction) -> Notifier:
    """Clickable pop-ups where the desktop speaks D-Bus; plyer as the last resort."""
    if find_spec("jeepney") is None:  # it is there where there is a D-Bus: on Linux
        return PlyerNotifier()
    from app.alerts.desktop import JeepneyNotifier

    clickable = JeepneyNotifier(
        on_action,
        icon=str(resources() / "icons" / "frontburner.svg"),
        sound=lambda: read_settings(profile.settings)[0].alert_sound,
    )
    return FirstThatWorks(clickable, PlyerNotifier())


def _load_rules(profile: Profile) -> int:
    """Read every rule file anew; raises the KnownError that names file and fault."""
    EvidenceRules.load(rules(), profile.rules)
    DisputeRules.load(rules(), profile.rules)
    terms = Terms.load(rules(), profile.rules, home=home_zone())
    loaded = Rules.load(rules(), profile.rules)
    complaints = loaded.broken_examples()
    if complaints:
        raise KnownError("A rule does not do what its examples say", complaints[0])
    own = owner_rules.read_file(profile.rules / owner_rules.FILE)
    return terms.count() + len(own) + sum(1 for _ in loaded.every_pattern())


def _open_window(profile: Profile, key: str) -> None:
    """A pop-up was clicked and no window is there to show it."""
    spawn_detached(own_command("--profile", str(profile.folder), "--open", key))


def _stopper(engine: Engine) -> Callable[[int, FrameType | None], None]:
    def stop(number: int, frame: FrameType | None) -> None:
        threading.Thread(target=engine.end, name="stopper").start()

    return stop


def _write_log(profile: Profile) -> None:
    handler = logging.handlers.RotatingFileHandler(
        profile.log, maxBytes=_LOG_BYTES, backupCount=2, encoding="utf-8", delay=True
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
