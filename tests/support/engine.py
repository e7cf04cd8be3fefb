"""An engine's parts over a real profile file, with a standing clock and played edges."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Self

from app.config.paths import resources, rules
from app.config.settings import Settings
from app.domain.account import Account, AccountType
from app.domain.changes import Changes
from app.domain.errors import KnownError
from app.domain.mailbox import Batch, FetchedMail, FolderSnapshot
from app.domain.views import InboxRow, IssueView
from app.engine.assessing import Assessor
from app.engine.causes import Causes, IncidentDesk
from app.engine.desk import Desk
from app.engine.disputing import Disputing
from app.engine.history import Historian
from app.engine.judging_again import JudgingAgain
from app.engine.junk import Junk
from app.engine.learning import Learning
from app.engine.lesson_desk import LessonDesk
from app.engine.on_its_way import OnItsWay
from app.engine.outbox import Outbox
from app.engine.pipeline import Pipeline
from app.engine.ports import MessageSource, PlatformSource
from app.engine.queries import Queries
from app.engine.reading import Reading
from app.engine.ringing import Ringing
from app.engine.rule_book import RuleBook
from app.engine.secret_in_hand import SecretInHand
from app.engine.standing import Standing
from app.engine.template_desk import TemplateDesk
from app.engine.template_import import TemplateImport
from app.engine.watch import Watch
from app.engine.wire import Event
from app.engine.writing import Writing
from app.escalation.dispute_rules import DisputeRules
from app.escalation.terms import Terms
from app.mail import parse
from app.replies.shelf import Shelf
from app.storage import accounts
from app.storage.packed import pack
from app.storage.writer import Writer
from app.triage.classifier import LearnedClassifier
from tests.support.shipped import RULES as RULES  # many tests ask here for it
from tests.support.storage import lay_database

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SHOP = "hello@shop.example"
DISPUTES = DisputeRules.load(rules())
TERMS = Terms.load(rules())


@dataclass
class FixedClock:
    """Stands until it is moved."""

    at: datetime = NOON

    def now(self) -> datetime:
        return self.at

    def forward(self, **length: float) -> None:
        self.at += timedelta(**length)


@dataclass
class FakeMailer:
    """Takes every mail, or does what `fault` does at the moment before or after the commit."""

    sent: list[bytes] = field(default_factory=list)
    takes: int = 0
    before: Callable[[], None] | None = None
    after: Callable[[], None] | None = None
    trouble: KnownError | None = None

    def check(self) -> str:
        if self.trouble is not None:
            raise self.trouble
        return "smtp.shop.example"

    def send(
        self,
        mime: bytes,
        *,
        sender: str,
        recipients: tuple[str, ...],
        about_to_commit: Callable[[], None],
    ) -> str:
        if self.before is not None:
            self.before()
        about_to_commit()
        if self.after is not None:
            self.after()
        self.sent.append(mime)
        return "250 taken"


@dataclass
class FakeCopies:
    """The folder of sent mail, as a list of Message-IDs."""

    filed: list[str] = field(default_factory=list)

    def holds(self, message_id: str) -> bool:
        return message_id in self.filed

    def file(self, mime: bytes, at: datetime) -> None:
        self.filed.append(parse.read(mime).message_id)

    def close(self) -> None:
        pass


@dataclass
class FakeConnections:
    """The edges of every account, played."""

    post: FakeMailer = field(default_factory=FakeMailer)
    copies: FakeCopies = field(default_factory=FakeCopies)

    def platform(self, account: Account) -> PlatformSource:
        raise AssertionError("these tests connect no shop")

    def source(self, account: Account) -> MessageSource:
        raise AssertionError("these tests hand their mail to the pipeline")

    def mailer(self, account: Account) -> FakeMailer:
        return self.post

    def sent_copies(self, account: Account) -> FakeCopies:
        return self.copies

    def remote_mail(self, account: Account) -> None:
        return None

    def with_secret(self, hand: SecretInHand) -> Self:
        return self


class Engine:
    """The parts of an engine that tests call one by one, without its threads."""

    def __init__(
        self,
        folder: Path,
        classifier: LearnedClassifier | None = None,
        *,
        assessor: Assessor | None = None,
    ) -> None:
        """`classifier`: mails are judged by what was learnt, too, and corrections teach it."""
        self.database = lay_database(folder / "frontburner.db")
        self.clock = FixedClock()
        self.settings = Settings(shop_name="Mill & Moss", agent_name="Jo")
        self.writer = Writer(self.database, now=NOON)
        self.writer.start()
        self.queries = Queries(self.database)
        self.connections = FakeConnections()
        self.moved: list[Changes] = []
        self.book = RuleBook(folder / "rules")
        self.standing = Standing(
            rules=RULES, terms=TERMS, disputes=DISPUTES, owner_rules=self.book.rules
        )
        self.ringing = Ringing(settings=lambda: self.settings, zone=lambda: UTC, disputes=DISPUTES)
        self.disputing = Disputing(
            standing=self.standing, ringing=self.ringing, rules=DISPUTES, zone=lambda: UTC
        )
        self.assessor = assessor or Assessor(rules=RULES, classifier=classifier)
        self.pipeline = self.a_pipeline()
        tools: dict[str, Any] = {
            "writer": self.writer,
            "standing": self.standing,
            "clock": self.clock,
        }
        self.judging = JudgingAgain(
            **tools, assessor=self.assessor, ringing=self.ringing, publish=self.moved.append
        )
        self.learning = Learning(
            database=self.database,
            writer=self.writer,
            classifier=classifier or LearnedClassifier(Path("none"), rules=RULES),
            judging=self.judging,
            clock=self.clock,
        )
        self.lesson_desk = LessonDesk(**tools, database=self.database, learning=self.learning)
        self.desk = Desk(**tools, publish=self.moved.append, taught=self.learning.wake)
        self.incident_desk = IncidentDesk(
            writer=self.writer, clock=self.clock, publish=self.moved.append
        )
        self.historian = Historian(
            **tools,
            assessor=self.assessor,
            pipeline=self.pipeline,
            publish=self.moved.append,
        )
        self.watch = Watch(
            **tools, ringing=self.ringing, disputing=self.disputing, publish=self.moved.append
        )
        self.shelf = Shelf(resources() / "templates", folder / "templates")
        self.writing = Writing(
            **tools,
            shelf=self.shelf,
            settings=lambda: self.settings,
            publish=self.moved.append,
            wake=lambda: None,
        )
        self.on_its_way = OnItsWay(**tools, publish=self.moved.append, wake=lambda: None)
        self.template_desk = TemplateDesk(
            shelf=self.shelf, writer=self.writer, clock=self.clock, fill=self.writing.fill
        )
        self.template_import = TemplateImport(shelf=self.shelf)
        known = self.writer.do(accounts.every)  # an engine that starts again has its account
        self.account = known[0] if known else self.add_account()
        self._next_uid = 1

    def a_pipeline(self) -> Pipeline:
        """A pipeline as a starting engine makes it: it remembers nothing."""
        return Pipeline(
            assessor=self.assessor,
            standing=self.standing,
            causes=Causes(rules=RULES, shop=lambda: self.settings.shop_name),
            ringing=self.ringing,
            junk=Junk(rules=RULES, assessor=self.assessor),
            history=lambda: timedelta(days=90),
            reopen=lambda: timedelta(days=self.settings.reopen_days),
        )

    def outbox(self) -> Outbox:
        """An outbox as a starting engine makes it; `.step()` instead of its thread."""

        def publish(event: Event) -> None:
            self.moved.append(event.changes)

        return Outbox(
            writer=self.writer,
            connections=self.connections,
            standing=self.standing,
            clock=self.clock,
            publish=publish,
        )

    def add_account(self, **settings: str) -> Account:
        given = {"address": SHOP, "host": "localhost", "smtp_host": "localhost", **settings}
        return self.writer.do(
            lambda db: accounts.add(
                db,
                name="Shop",
                type=AccountType.IMAP,
                settings=given,
                secret=None,
                secret_command="",
                now=self.clock.now(),
            )
        )

    def receive(self, *mails: bytes, at: datetime | None = None, complete: bool = True) -> Changes:
        """Mails arrive in the INBOX, at the clock's present unless said, and are judged."""
        changes = self.store(*mails, at=at, complete=complete)
        while self.historian.step_recent():
            changes |= self.moved.pop()
        return changes

    def store(self, *mails: bytes, at: datetime | None = None, complete: bool = True) -> Changes:
        """Mails arrive; where they are many, they are only stored."""
        fetched = []
        for raw in mails:
            received_at = at or self.clock.now()
            fetched.append(
                FetchedMail(uid=self._next_uid, raw=raw, received_at=received_at, size=len(raw))
            )
            self._next_uid += 1
        folder = FolderSnapshot(
            name="INBOX", uid_validity=1, uid_next=self._next_uid, exists=self._next_uid - 1
        )
        batch = Batch(folder=folder, mails=tuple(fetched), complete=complete)
        readings = [
            Reading(mail=one, message=parse.read(one.raw), packed=pack(one.raw)) for one in fetched
        ]
        now = self.clock.now()
        return self.writer.do(
            lambda db: self.pipeline.ingest(db, self.account, batch, readings, now=now)
        )

    def only_key(self, view: str = "all") -> str:
        """The key of the one issue in a view."""
        (row,) = self.rows(view)
        return row.key

    def rows(self, view: str = "all") -> list[InboxRow]:
        return self.queries.rows(self.queries.inbox_ids(view, now=self.clock.now()))

    def issue(self, key: str) -> IssueView:
        return self.queries.issue(key)

    def close(self) -> None:
        self.queries.close()
        self.writer.stop()


@contextmanager
def an_engine(
    folder: Path,
    classifier: LearnedClassifier | None = None,
    *,
    assessor: Assessor | None = None,
) -> Iterator[Engine]:
    """The parts of an engine over a profile, closed afterwards."""
    engine = Engine(folder, classifier, assessor=assessor)
    try:
        yield engine
    finally:
        engine.close()


def a_letter(
    text: str = "Two of the four mugs arrived broken. Order MM-10227.",
    *,
    subject: str = "Broken mugs",
    sender: str = "Ben Costa <ben@customer.example>",
    to: str = SHOP,
    message_id: str = "<first@customer.example>",
    answers: str = "",
    references: str = "",
    **headers: str,
) -> bytes:
    """The bytes of a mail to the shop."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Message-ID"] = message_id
    mail["Date"] = "Fri, 20 Nov 2026 11:58:00 +0000"
    if answers:
        mail["In-Reply-To"] = answers
        mail["References"] = references or answers
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


def another_issue(engine: Engine) -> str:
    """A second issue of another customer; its key."""
    before = {row.key for row in engine.rows()}
    engine.receive(
        a_letter(
            "Wrong colour too",
            subject="Colour",
            message_id="<colour@other.example>",
            sender="Ida <ida@other.example>",
        )
    )
    return next(row.key for row in engine.rows() if row.key not in before)
