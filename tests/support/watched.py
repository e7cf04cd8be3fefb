"""A mailbox on a real server and the engine's worker that reads it, round by round."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from app.domain.account import Account, AccountType
from app.domain.alert import Alert
from app.domain.errors import KnownError
from app.domain.mailbox import FolderProof
from app.domain.views import IssueView, MessageView
from app.engine.poller import Worker
from app.engine.ports import MessageSource
from app.engine.wire import Event
from app.mail.imap import ImapSource
from app.mail.limits import USUAL, Limits
from app.storage import alerts, folders
from tests.support.dovecot import Mailbox
from tests.support.engine import Engine, FakeConnections, an_engine


class OneMailbox(FakeConnections):
    """Makes real sources of one mailbox; `settings` go over those that the server needs."""

    def __init__(self, mailbox: Mailbox, limits: Limits, **settings: str) -> None:
        super().__init__()
        self.limits = limits
        self.mailbox = mailbox
        self.settings = settings

    def source(self, account: Account) -> MessageSource:
        settings = self.mailbox.settings(**self.settings)
        real = Account(id=account.id, name=account.name, type=AccountType.IMAP, settings=settings)
        return ImapSource(real, self.mailbox.password, limits=self.limits)


class Watched:
    """An account on a server, and what is known of it here."""

    def __init__(self, engine: Engine, mailbox: Mailbox, limits: Limits, **settings: str) -> None:
        self.engine = engine
        self.mailbox = mailbox
        self.connections = OneMailbox(mailbox, limits, **settings)
        self.events: list[Event] = []
        self.marks_mail = False
        self.worker = self._make()

    def round(self) -> None:
        """One round to its end. Raises the KnownError that ended it."""
        self.worker.ask().result(timeout=60)

    def restart(self) -> None:
        """Another engine takes over; the old one's connection is left as it is."""
        self.worker.stop()
        self.worker = self._make()

    def close(self) -> None:
        with suppress(KnownError):
            self.worker.stop()

    def arrives(self, *mails: bytes, folder: str = "", at: datetime | None = None) -> None:
        """Mails lie in a folder of the server, since the clock's present unless said."""
        self.mailbox.add(mails, folder=folder, at=at or self.engine.clock.now())

    def try_again(self) -> None:
        """What was left out is looked at in the next round."""
        engine = self.engine
        engine.writer.do(lambda db: folders.try_again(db, engine.account.id))

    def proof(self, folder: str = "INBOX") -> FolderProof:
        (found,) = [one for one in self.proofs() if one.folder == folder]
        return found

    def proofs(self) -> tuple[FolderProof, ...]:
        return self.engine.writer.do(folders.proofs)

    def alerts(self) -> tuple[Alert, ...]:
        """Those that nobody has seen and that stand."""
        return self.engine.writer.do(alerts.unseen)

    def issue(self, view: str = "all") -> IssueView:
        """The one issue in a view."""
        return self.engine.issue(self.engine.only_key(view))

    def messages(self, view: str = "all") -> tuple[MessageView, ...]:
        return self.issue(view).messages

    def _make(self) -> Worker:
        engine = self.engine
        worker = Worker(
            engine.account,
            database=engine.database,
            writer=engine.writer,
            pipeline=engine.pipeline,
            connections=self.connections,
            clock=engine.clock,
            publish=self.events.append,
            pause=lambda: timedelta(hours=1),
            marks_mail=lambda: self.marks_mail,
        )
        worker.start()
        return worker


@contextmanager
def watched(
    folder: Path, mailbox: Mailbox, *, limits: Limits = USUAL, **settings: str
) -> Iterator[Watched]:
    """An engine over a new profile that reads this mailbox when it is asked to."""
    with an_engine(folder) as engine:
        found = Watched(engine, mailbox, limits, **settings)
        try:
            yield found
        finally:
            found.close()
