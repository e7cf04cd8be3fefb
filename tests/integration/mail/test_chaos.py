"""A whole mailbox over a bad network: in the end every mail is there once, byte for byte."""

from __future__ import annotations

import random
import ssl
import threading
from dataclasses import dataclass, field

import pytest

from app.domain.account import Account, AccountType
from app.domain.errors import KnownError
from app.domain.mailbox import Batch, FolderCursor
from app.mail.imap import ImapSource
from app.mail.limits import Limits
from tests.support.chaos_proxy import ChaosProxy, Fault
from tests.support.dovecot import DovecotServer, Mailbox
from tests.support.folder_memory import NoMemory
from tests.support.mails import a_mail

pytestmark = pytest.mark.servers

MAILS = 120
MOST_ROUNDS = 30
SOON = Limits(answer=1.0)  # a silence is over sooner


@dataclass
class Books(NoMemory):
    """What is stored, as the engine keeps it: what a batch brought stays."""

    known: set[int] = field(default_factory=set)
    raws: list[bytes] = field(default_factory=list)
    at: FolderCursor | None = None

    def cursor(self, folder: str) -> FolderCursor | None:
        return self.at

    def known_uids(self, folder: str, uid_validity: int) -> frozenset[int]:
        return frozenset(self.known)

    def deliver(self, batch: Batch) -> None:
        assert batch.skipped == ()
        self.raws += [mail.raw for mail in batch.mails]
        self.known |= {mail.uid for mail in batch.mails}
        self.known -= set(batch.gone)
        if batch.complete:
            folder = batch.folder
            self.at = FolderCursor(
                uid_validity=folder.uid_validity, uid_next=folder.uid_next, modseq=folder.modseq
            )


def letters(seed: int) -> list[bytes]:
    """Short and long mails, some of which look like the answers of a server."""
    chance = random.Random(seed)
    tricks = ("", "* BYE\r\n", ")\r\nFB3 OK done\r\n", "* 4 EXISTS\r\n{12}\r\n", "\r\n.\r\n")
    return [
        a_mail(
            chance.choice(tricks) + "x" * chance.randrange(1, 4000),
            message_id=f"<{number}@example.org>",
        )
        for number in range(MAILS)
    ]


def synced(mailbox: Mailbox, proxy: ChaosProxy) -> tuple[Books, list[KnownError]]:
    """Round after round, as the poller makes them, until one is complete."""
    settings = mailbox.settings(port=str(proxy.port), folders="-Sent, -Junk")
    account = Account(id=1, name="Shop", type=AccountType.IMAP, settings=settings)
    source, books = ImapSource(account, mailbox.password, limits=SOON), Books()
    errors: list[KnownError] = []
    try:
        while books.at is None and len(errors) < MOST_ROUNDS:
            try:
                source.round(books, books.deliver, threading.Event())
            except KnownError as error:
                errors.append(error)
    finally:
        source.close()
    return books, errors


def opened(dovecot: DovecotServer) -> ssl.SSLContext:
    """The proxy's own proof that it is "localhost"."""
    leaf = dovecot.authority.leaf(stem="proxy")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(leaf.certificate, leaf.key)
    return context


@pytest.mark.parametrize(
    "fault", [Fault.SPLIT, Fault.LATENCY, Fault.HALF_CLOSE, Fault.DROP, Fault.SILENCE]
)
def test_whatever_the_network_does_to_the_lines_nothing_is_lost_or_doubled(dovecot, mailbox, fault):
    sent = letters(7)
    mailbox.add(sent)
    proxy = ChaosProxy(
        dovecot.tls_port, [fault] * 3, seed=7, tls=opened(dovecot), ca_file=dovecot.ca_file
    )
    with proxy:
        books, _ = synced(mailbox, proxy)
    assert sorted(books.raws) == sorted(sent)


@pytest.mark.parametrize("fault", [Fault.SPLIT, Fault.GARBAGE, Fault.DROP])
def test_spoilt_encryption_is_an_error_and_never_a_spoilt_mail(dovecot, mailbox, fault):
    sent = letters(7)
    mailbox.add(sent)
    with ChaosProxy(dovecot.tls_port, [fault] * 3, seed=7) as proxy:
        books, errors = synced(mailbox, proxy)
        assert proxy.connections >= (1 if fault is Fault.SPLIT else 3)
    assert sorted(books.raws) == sorted(sent)
    assert all(error.title for error in errors)


def test_every_fault_in_turn_and_mail_arriving_meanwhile(dovecot, mailbox):
    """Case 122: a network that flaps again and again."""
    sent = letters(9)
    mailbox.add(sent[:90])
    faults = [Fault.DROP, Fault.SPLIT, Fault.HALF_CLOSE, Fault.SILENCE, Fault.LATENCY] * 2
    proxy = ChaosProxy(
        dovecot.tls_port, faults, seed=9, tls=opened(dovecot), ca_file=dovecot.ca_file, most=9_000
    )
    with proxy:
        books, _ = synced(mailbox, proxy)
        mailbox.add(sent[90:])
        books.at = None
        again, _ = synced(mailbox, proxy)
    assert sorted(books.raws) == sorted(sent[:90])
    assert sorted(again.raws) == sorted(sent)
