"""Engine: the process that owns network, clock and writer: starts its threads, stops them, and
tells every desk what moved."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from app.alerts.notifier import Action, OnAction
from app.config.paths import Profile
from app.config.secrets import SecretBox
from app.config.settings import Settings, write_setting
from app.domain.account import Account, AccountType
from app.domain.alert import Alert
from app.domain.changes import Changes
from app.domain.clock import Clock, local_zone, rfc3339
from app.domain.errors import KnownError
from app.domain.order import Order
from app.domain.reply import OutboxState
from app.engine.assessing import Assessor
from app.engine.causes import Causes, IncidentDesk
from app.engine.checkup import Checkup
from app.engine.connecting import Connecting
from app.engine.demo import Feeder
from app.engine.desk import Desk, Verbs
from app.engine.history import Historian
from app.engine.junk import Junk
from app.engine.metrics import wall
from app.engine.opening import Opening
from app.engine.outbox import Outbox
from app.engine.pipeline import Pipeline
from app.engine.poller import Poller, Worker
from app.engine.ports import Connections, Notifier
from app.engine.reporting import Reporting
from app.engine.ringer import STATE_OF, Ringer
from app.engine.ringing import Ringing
from app.engine.sample_shop import load
from app.engine.server import Server
from app.engine.signing_in import SigningIn
from app.engine.simulating import Simulating
from app.engine.slumber import Slumber
from app.engine.standing import Standing
from app.engine.watch import Watch
from app.engine.wire import Event
from app.engine.writing import Writing
from app.escalation.rules import SlaRules
from app.replies.templates import Templates
from app.storage import accounts, orders, outbox
from app.storage.database import Connection
from app.storage.writer import Writer
from app.triage.classifier import LearnedClassifier
from app.triage.rules import Rules

log = logging.getLogger(__name__)

_IDLE_LOOK = 0.5
_SNOOZE = timedelta(hours=1)  # as the pop-up's button says
_SHOP_CLOSES = 60  # the same for the sample shop, whose window may have been killed
_IDLE_ENOUGH = 6  # looks without a desk and without work, then a command's engine ends
_ON_ITS_WAY = (
    OutboxState.QUEUED,
    OutboxState.SENDING,
    OutboxState.DATA_SENT,
    OutboxState.SENT,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the composition root hands over."""

    profile: Profile
    writer: Writer
    clock: Clock
    rules: Rules
    sla: SlaRules
    templates: Templates
    secrets: SecretBox
    connections: Connections
    notifier: Callable[[OnAction], Notifier]
    open_window: Callable[[str], None]
    read_settings: Callable[[], tuple[Settings, tuple[str, ...]]]
    load_rules: Callable[[], int]
    classifier: LearnedClassifier


class Engine:
    """All threads of one profile, and the verbs that desks ask for."""

    def __init__(self, parts: Parts, *, stay: bool) -> None:
        self._parts = parts
        self._stay = stay
        self._ended = threading.Event()
        self._feeder: Feeder | None = None
        self._standing = Standing(rules=parts.rules, sla=parts.sla)
        self._ringing = Ringing(settings=self._settings, zone=local_zone)
        assessor = Assessor(rules=parts.rules, classifier=parts.classifier)
        self._pipeline = Pipeline(
            assessor=assessor,
            standing=self._standing,
            causes=Causes(rules=parts.rules, shop=lambda: self._settings().shop_name),
            ringing=self._ringing,
            junk=Junk(rules=parts.rules, assessor=assessor),
            history=lambda: timedelta(days=self._settings().history_days),
            reopen=lambda: timedelta(days=self._settings().reopen_days),
            stored=self._mails_wait,
        )
        self._desk = Desk(
            writer=parts.writer, standing=self._standing, clock=parts.clock, publish=self._moved
        )
        self._poller = Poller(self._worker)
        self._outbox = Outbox(
            writer=parts.writer,
            connections=parts.connections,
            standing=self._standing,
            clock=parts.clock,
            publish=self._tell,
        )
        self._historian = Historian(
            busy=lambda: self._poller.is_bringing,
            writer=parts.writer,
            assessor=assessor,
            standing=self._standing,
            pipeline=self._pipeline,
            clock=parts.clock,
            publish=self._moved,
        )
        self._watch = Watch(
            writer=parts.writer,
            standing=self._standing,
            ringing=self._ringing,
            clock=parts.clock,
            publish=self._moved,
        )
        self._slumber = Slumber(clock=parts.clock, woke=self._woke, tick=self._poller.listen)
        self._ringer = Ringer(
            writer=parts.writer,
            notifier=parts.notifier(self._act),
            clock=parts.clock,
            publish=self._moved,
            settings=self._settings,
            zone=local_zone,
        )
        self._server = Server(parts.profile, answer=self._verbs().answer, greeted=self._greeted)

    def start(self) -> None:
        """Open the door last, when everything behind it stands."""
        for account in self._parts.writer.do(accounts.every):
            self._poller.add(account)
        self._ringer.start()
        self._outbox.start()
        self._watch.start()
        self._historian.start()
        self._slumber.start()
        if self._stay:
            self._poller.watch()
            threading.Thread(
                target=self._parts.classifier.warm, name="learned-judgement", daemon=True
            ).start()
        self._server.start()

    def wait(self) -> None:
        """Return when it is time to end: told so, or nothing is left to do for a command."""
        idle = 0
        while not self._ended.wait(_IDLE_LOOK):
            watches = self._stay and self._feeder is None
            idle = 0 if watches or self._server.desks or self._busy() else idle + 1
            if idle >= (_IDLE_ENOUGH if self._feeder is None else _SHOP_CLOSES):
                return

    def end(self) -> None:
        """Make `wait` return."""
        self._ended.set()

    def stop(self) -> None:
        """Stop every thread; what is under way is finished or stays on its way, written down."""
        self._server.stop()
        if self._feeder is not None:
            self._feeder.stop()
        self._historian.stop()
        self._watch.stop()
        self._slumber.stop()
        self._poller.stop()
        self._outbox.stop()
        self._ringer.stop()

    def open_sample_shop(self, folder: Path, *, live: bool) -> None:
        """Fill this profile with the sample shop, before `start`; `live` mail arrives over time."""
        shop, now = load(folder), self._parts.clock.now()
        mails = self._parts.profile.folder / "Inbox"
        replies = self._parts.profile.folder / "sent_replies"
        for place in (mails, replies):
            place.mkdir(exist_ok=True)
        self._parts.writer.do(
            lambda db: accounts.add(
                db,
                name=shop.name,
                type=AccountType.FOLDER,
                settings={
                    "path": str(mails),
                    "outbox": str(replies),
                    "address": shop.address.email,
                },
                secret=None,
                secret_command="",
                now=now,
            )
        )
        self._parts.writer.do(partial(_take_orders, every=shop.orders(now)))
        for name, value in (("shop_name", shop.name), ("agent_name", shop.people[0])):
            write_setting(self._parts.profile.settings, name, value)
        self._feeder = Feeder(mails, shop, clock=self._parts.clock)
        self._feeder.start() if live else self._feeder.write_all()

    def _verbs(self) -> Verbs:
        parts = self._parts
        writing = Writing(
            writer=parts.writer,
            standing=self._standing,
            templates=parts.templates,
            settings=self._settings,
            clock=parts.clock,
            publish=self._moved,
            wake=self._outbox.wake,
        )
        connecting = Connecting(
            writer=parts.writer,
            secrets=parts.secrets,
            connections=parts.connections,
            poller=self._poller,
            clock=parts.clock,
            publish=self._moved,
            wake_outbox=self._outbox.wake,
            catch_up=self._historian.catch_up,
        )
        incident_desk = IncidentDesk(writer=parts.writer, clock=parts.clock, publish=self._moved)
        signing_in = SigningIn(connecting=connecting, clock=parts.clock)
        opening = Opening(writer=parts.writer, connections=parts.connections, publish=self._moved)
        checkup = Checkup(
            profile=parts.profile,
            writer=parts.writer,
            secrets=parts.secrets,
            read_settings=parts.read_settings,
            load_rules=parts.load_rules,
            classifier=parts.classifier,
            clock=parts.clock,
            begin_anew=self._stop_verb,
        )
        reporting = Reporting(
            database=parts.profile.database, clock=parts.clock, clocks=lambda: {"wall": wall}
        )
        simulating = Simulating(
            database=parts.profile.database,
            clock=parts.clock,
            settings=self._settings,
            zone=local_zone,
        )
        return Verbs(
            {
                **self._desk.verbs(),
                **incident_desk.verbs(),
                **writing.verbs(),
                **connecting.verbs(),
                **signing_in.verbs(),
                **opening.verbs(),
                **checkup.verbs(),
                **reporting.verbs(),
                **simulating.verbs(),
                "alert_seen": self._ringer.seen,
                "stop": self._stop_verb,
                "status": self._status,
            }
        )

    def _stop_verb(self) -> dict[str, Any]:
        """End the engine."""
        threading.Timer(0.05, self.end).start()  # after the answer has left
        return {}

    def _status(self) -> dict[str, Any]:
        """How the engine is."""
        return {
            "staying": self._stay,
            "desks": self._server.desks,
            "outbox": self._parts.writer.do(outbox.pending),
            "profile": str(self._parts.profile.folder),
        }

    def _greeted(self, stay: bool) -> None:
        if stay and not self._stay:
            self._stay = True
            self._poller.watch()

    def _mails_wait(self) -> None:
        self._historian.wake()

    def _busy(self) -> bool:
        """Whether a reply is on its way, or mail that was fetched is not judged yet."""
        replies = self._parts.writer.do(lambda db: outbox.in_state(db, *_ON_ITS_WAY))
        return bool(replies) or self._historian.is_behind()

    def _act(self, alert: Alert, action: Action) -> None:
        """Somebody did something to a pop-up; called from the notifier's thread."""
        self._ringer.close((alert.id,), STATE_OF[action])
        if action is Action.ACKNOWLEDGE:
            for key in alert.issue_keys:
                with suppress(KnownError):  # it may be merged or resolved by now
                    self._desk.acknowledge(key)
        elif action is Action.SNOOZE:
            until = rfc3339(self._parts.clock.now() + _SNOOZE)
            for key in alert.issue_keys:
                with suppress(KnownError):
                    self._desk.snooze(key, until)
        elif action is Action.OPEN:
            self._show(alert.issue_keys[0] if len(alert.issue_keys) == 1 else "")

    def _show(self, key: str) -> None:
        """Bring the window to the front on an issue; start one where none is."""
        if self._server.listeners:
            self._server.publish(Event(kind="open", data={"key": key}))
        else:
            self._parts.open_window(key)

    def _woke(self, slept: timedelta) -> None:
        """The machine slept: connections are dead, and replies may have missed their hour."""
        self._ringer.woke(slept)
        self._poller.woke()
        self._outbox.wake()

    def _worker(self, account: Account) -> Worker:
        return Worker(
            account,
            database=self._parts.profile.database,
            writer=self._parts.writer,
            pipeline=self._pipeline,
            connections=self._parts.connections,
            clock=self._parts.clock,
            publish=self._tell,
            pause=lambda: timedelta(seconds=self._settings().poll_seconds),
            marks_mail=lambda: self._settings().mark_mail_on_server,
            catch_up=self._historian.catch_up,
        )

    def _settings(self) -> Settings:
        return self._parts.read_settings()[0]

    def _moved(self, changes: Changes) -> None:
        if changes:
            self._tell(Event(kind="changes", changes=changes))

    def _tell(self, event: Event) -> None:
        self._server.publish(event)
        if event.changes.alerts:
            self._ringer.wake()
        if event.changes.accounts:
            self._outbox.wake()


def _take_orders(db: Connection, *, every: Iterable[Order]) -> None:
    for order in every:
        orders.upsert(db, order)
