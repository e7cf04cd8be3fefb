"""Ports: what the engine needs from the edges of the world, each with two real implementations."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from app.domain.account import Account
from app.domain.alert import Alert, Delivery
from app.domain.feed import FeedMemory, Page, Permits, Stream
from app.domain.mailbox import Batch, FolderMemory
from app.engine.secret_in_hand import SecretInHand


class MessageSource(Protocol):
    """Where mails come from: an IMAP account, or a folder of files."""

    def round(
        self,
        memory: FolderMemory,
        deliver: Callable[[Batch], None],
        stop: threading.Event,
    ) -> None:
        """Bring everything that is new or gone since `memory`, batch by batch, newest first."""

    def wait_for_news(self, *, pause: float, safety: float) -> None:
        """Return when a round is worth it, or when somebody interrupts; seconds.

        A source that is told of news waits for them, `safety` seconds at most; one that has to
        look for itself waits `pause`. Raises KnownError when the connection is gone: the next
        round makes a new one.
        """

    def interrupt(self) -> None:
        """End the waiting, from any thread; if nobody waits, the next waiting."""

    def drop(self) -> None:
        """Break the connection off without a word, from any thread: it may be dead already."""

    def check(self) -> str:
        """Try to sign in; a sentence that says what was found. Raises KnownError."""

    def close(self) -> None:
        """Let go of the connection."""


class PlatformSource(Protocol):
    """Where orders and disputes come from: one connected shop or payment provider."""

    @property
    def streams(self) -> tuple[Stream, ...]:
        """What it can be asked for; the engine asks for each in its own rhythm."""

    @property
    def skew(self) -> timedelta:
        """By how much the platform's clock is ahead of this machine's, as its answers say."""

    def read(
        self,
        stream: Stream,
        memory: FeedMemory,
        deliver: Callable[[Page], None],
        stop: threading.Event,
    ) -> None:
        """Bring what is new of a stream, page by page, oldest change first.

        `deliver` returns when the page and its place are written, so that whatever `memory` says
        afterwards holds it. A run that is not over in its time goes on at the next asking.
        Raises KnownError; what was delivered stays.
        """

    def check(self) -> Permits:
        """Sign in and ask what the key may do. Raises KnownError."""

    def close(self) -> None:
        """Let go of the connection."""


class Mailer(Protocol):
    """How a reply leaves: SMTP, or a folder of files.

    `takes`: how big a mail the server said it takes, in bytes; 0 while that is not known.
    """

    @property
    def takes(self) -> int:
        """How big a mail the server said it takes, in bytes; 0 while that is not known."""

    def check(self) -> str:
        """Sign in and leave again. Raises the KnownError that sending would meet."""

    def send(
        self,
        mime: bytes,
        *,
        sender: str,
        recipients: tuple[str, ...],
        about_to_commit: Callable[[], None],
    ) -> str:
        """Hand the mail over and return the server's words.

        `about_to_commit` is called just before the point after which nobody can know.
        """


class SentCopies(Protocol):
    """Where copies of what was sent are filed."""

    def holds(self, message_id: str) -> bool:
        """Whether a mail with this Message-ID lies among the sent ones."""

    def file(self, mime: bytes, at: datetime) -> None:
        """File a copy."""

    def close(self) -> None:
        """Let go of the connection."""


class RemoteMail(Protocol):
    """Mails on their server, by folder, UIDVALIDITY and UID; NotFound for what is gone."""

    def section(self, section: str, *, folder: str, uid_validity: int, uid: int) -> bytes:
        """A part as it lies there, still encoded."""

    def whole(self, *, folder: str, uid_validity: int, uid: int) -> bytes:
        """The whole mail."""

    def close(self) -> None:
        """Let go of the connection."""


class Notifier(Protocol):
    """How the desktop is asked to show an alert."""

    def notify(self, alert: Alert, delivered: Callable[[Alert, Delivery], None]) -> None:
        """Show it soon, from another thread, and report whether anybody can have seen it."""

    def withdraw(self, what: str) -> None:
        """Take the issue's pop-up off the screen, if there is one."""

    def when_back(self, call: Callable[[], None]) -> None:
        """Call this whenever a desktop came that shows pop-ups, where there was none."""

    def stop(self) -> None:
        """Show nothing more."""


class Connections(Protocol):
    """Makes the ports of an account; the composition root decides which."""

    def source(self, account: Account) -> MessageSource:
        """Where its mails come from. Raises KnownError when its secret cannot be had."""

    def platform(self, account: Account) -> PlatformSource:
        """Where its orders and disputes come from. Raises KnownError as `source` does."""

    def mailer(self, account: Account) -> Mailer:
        """How its replies leave."""

    def sent_copies(self, account: Account) -> SentCopies | None:
        """Where its sent mail is filed; None where nothing needs to be."""

    def remote_mail(self, account: Account) -> RemoteMail | None:
        """Where parts of its mails may have been left; None where all is brought at once."""

    def with_secret(self, hand: SecretInHand) -> Connections:
        """The same for an account that is not kept, which signs in with this."""
