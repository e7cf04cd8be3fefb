"""Machinery: everything that works in an engine by itself, put together in the order in which each
needs the other: the judgement, then what feeds it, then what goes its rounds over the result."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from app.alerts.notifier import OnAction
from app.config import language
from app.domain.account import Account
from app.domain.changes import Changes
from app.domain.clock import local_zone
from app.domain.reply import OutboxState
from app.engine.assessing import Assessor
from app.engine.calling import Calling
from app.engine.causes import Causes
from app.engine.copying import Copying
from app.engine.disputing import Disputing
from app.engine.escalating import Escalating
from app.engine.history import Historian
from app.engine.intake import Intake
from app.engine.judging_again import JudgingAgain
from app.engine.junk import Junk
from app.engine.learning import Learning
from app.engine.outbox import Outbox
from app.engine.parts import Parts
from app.engine.pipeline import Pipeline
from app.engine.platform_poller import PlatformWorker
from app.engine.poller import AccountWorker, Poller, Worker
from app.engine.reader import Reader
from app.engine.retelling import Retelling
from app.engine.rewording import Rewording
from app.engine.ringer import Ringer
from app.engine.ringing import Ringing
from app.engine.slumber import Slumber
from app.engine.standing import Standing
from app.engine.watch import Watch
from app.engine.wire import Event
from app.storage import accounts, climbs, outbox

_ON_ITS_WAY = (
    OutboxState.QUEUED,
    OutboxState.SENDING,
    OutboxState.DATA_SENT,
    OutboxState.SENT,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Whom the machinery tells: `tell` every desk, `moved` the same of changes alone, `acted` when
    somebody did something to a pop-up, `woke` when the machine had slept."""

    tell: Callable[[Event], None]
    moved: Callable[[Changes], None]
    acted: OnAction
    woke: Callable[[timedelta], None]


class Judgement:
    """From a mail or a page of a platform to an issue that stands, and what is learnt of it."""

    def __init__(self, parts: Parts, *, heard: Heard, mails_wait: Callable[[], None]) -> None:
        """`mails_wait` is told when mails were stored that are still to be judged."""
        self.standing = Standing(
            rules=parts.rules,
            terms=parts.terms,
            disputes=parts.disputes,
            owner_rules=parts.owner_rules.rules,
        )
        self.ringing = Ringing(settings=parts.settings, zone=local_zone, disputes=parts.disputes)
        self.disputing = Disputing(
            standing=self.standing, ringing=self.ringing, rules=parts.disputes, zone=local_zone
        )
        self.assessor = Assessor(rules=parts.rules, classifier=parts.classifier)
        self.pipeline = Pipeline(
            assessor=self.assessor,
            standing=self.standing,
            causes=Causes(rules=parts.rules, shop=lambda: parts.settings().shop_name),
            ringing=self.ringing,
            junk=Junk(rules=parts.rules, assessor=self.assessor),
            history=lambda: timedelta(days=parts.settings().history_days),
            reopen=lambda: timedelta(days=parts.settings().reopen_days),
            stored=mails_wait,
        )
        self.intake = Intake(standing=self.standing, ringing=self.ringing, disputing=self.disputing)
        judging = JudgingAgain(
            writer=parts.writer,
            assessor=self.assessor,
            standing=self.standing,
            ringing=self.ringing,
            clock=parts.clock,
            publish=heard.moved,
        )
        self.learning = Learning(
            database=parts.profile.database,
            writer=parts.writer,
            classifier=parts.classifier,
            judging=judging,
            clock=parts.clock,
        )
        self.retelling = Retelling(
            database=parts.profile.database,
            writer=parts.writer,
            judging=judging,
            language=lambda: language.as_set(parts.profile.settings),
        )


class Feeds:
    """What brings mails and pages, what judges those that were only stored, what sends replies."""

    def __init__(self, parts: Parts, *, judgement: Judgement, heard: Heard) -> None:
        self._parts = parts
        self._judgement = judgement
        self._heard = heard
        self._reader = Reader()
        self.poller = Poller(self._worker)
        self.historian = Historian(
            busy=lambda: self.poller.is_bringing,
            warm=parts.classifier.warm,
            writer=parts.writer,
            assessor=judgement.assessor,
            standing=judgement.standing,
            pipeline=judgement.pipeline,
            clock=parts.clock,
            publish=heard.moved,
        )
        self.outbox = Outbox(
            writer=parts.writer,
            connections=parts.connections,
            standing=judgement.standing,
            clock=parts.clock,
            publish=heard.tell,
        )

    def _worker(self, account: Account) -> AccountWorker:
        parts = self._parts
        if not account.type.is_mailbox:
            return PlatformWorker(
                account,
                database=parts.profile.database,
                writer=parts.writer,
                intake=self._judgement.intake,
                connections=parts.connections,
                clock=parts.clock,
                publish=self._heard.tell,
            )
        return Worker(
            account,
            database=parts.profile.database,
            writer=parts.writer,
            pipeline=self._judgement.pipeline,
            connections=parts.connections,
            clock=parts.clock,
            publish=self._heard.tell,
            pause=lambda: timedelta(seconds=parts.settings().poll_seconds),
            marks_mail=lambda: parts.settings().mark_mail_on_server,
            catch_up=self.historian.catch_up,
            reader=self._reader,
        )

    def stop(self) -> None:
        """Bring, read and send no more."""
        self.poller.stop()
        self._reader.stop()
        self.outbox.stop()


class Rounds:
    """What looks again and again at the issues that stand, and tells people of them."""

    def __init__(self, parts: Parts, *, judgement: Judgement, feeds: Feeds, heard: Heard) -> None:
        self.watch = Watch(
            writer=parts.writer,
            standing=judgement.standing,
            ringing=judgement.ringing,
            disputing=judgement.disputing,
            clock=parts.clock,
            publish=heard.moved,
        )
        self.slumber = Slumber(clock=parts.clock, woke=heard.woke, tick=feeds.poller.listen)
        self.calling = Calling(
            writer=parts.writer,
            connections=parts.connections,
            secrets=parts.secrets,
            settings=parts.settings,
            clock=parts.clock,
            zone=local_zone,
        )
        self.escalating = Escalating(
            writer=parts.writer,
            calling=self.calling,
            terms=lambda: judgement.standing.terms,
            clock=parts.clock,
            publish=heard.moved,
        )
        self.ringer = Ringer(
            writer=parts.writer,
            notifier=parts.notifier(heard.acted),
            clock=parts.clock,
            publish=heard.moved,
            settings=parts.settings,
            zone=local_zone,
            first=judgement.ringing.first,
            rewording=Rewording(
                ringing=judgement.ringing, disputing=judgement.disputing, zone=local_zone
            ),
        )


class Machinery:
    """All of it, started and stopped as one."""

    def __init__(self, parts: Parts, *, heard: Heard) -> None:
        self._parts = parts
        self.judgement = Judgement(parts, heard=heard, mails_wait=self._mails_wait)
        self.feeds = Feeds(parts, judgement=self.judgement, heard=heard)
        self.rounds = Rounds(parts, judgement=self.judgement, feeds=self.feeds, heard=heard)

        self.copying = Copying(
            profile=parts.profile,
            writer=parts.writer,
            settings=parts.settings,
            clock=parts.clock,
            busy=lambda: self.feeds.poller.is_bringing or self.feeds.historian.is_behind(),
            publish=heard.moved,
        )
        self.judgement.ringing.first.follow(lambda: self.feeds.poller.is_bringing)

    def start(self) -> None:
        """Begin to work; who feeds is known before anybody asks for a round."""
        for account in self._parts.writer.do(accounts.every):
            self.feeds.poller.add(account)
        self.rounds.ringer.start()
        self.feeds.outbox.start()
        self.rounds.watch.start()
        self.rounds.escalating.start()
        self.feeds.historian.start()
        self.judgement.learning.start()
        self.judgement.retelling.start()
        self.rounds.slumber.start()

    def keep_watch(self) -> None:
        """Look for mail again and again, with model and rules warm before the first comes; make
        the regular copies."""
        self.feeds.poller.watch()
        self.copying.start()
        threading.Thread(
            target=self._parts.owner_rules.rules, name="owner-rules", daemon=True
        ).start()
        threading.Thread(
            target=self._parts.classifier.warm, name="learned-judgement", daemon=True
        ).start()

    def is_busy(self) -> bool:
        """Whether a reply is on its way, or something is still to be told, judged or learnt."""
        on_its_way = self._parts.writer.do(
            lambda db: bool(
                outbox.in_state(db, *_ON_ITS_WAY)
                or climbs.queued(db)
                or self.judgement.ringing.has_kept_back(db)
            )
        )
        behind = self.judgement.learning.is_busy or self.rounds.watch.is_behind
        return on_its_way or behind or self.feeds.historian.is_behind()

    def stop(self) -> None:
        """Stop every thread; what is under way is finished or stays on its way, written down."""
        self.copying.stop()
        self.feeds.historian.stop()
        self.judgement.learning.stop()
        self.judgement.retelling.stop()
        self.rounds.watch.stop()
        self.rounds.escalating.stop()
        self.rounds.slumber.stop()
        self.feeds.stop()
        self.rounds.ringer.stop()

    def _mails_wait(self) -> None:
        self.feeds.historian.wake()
