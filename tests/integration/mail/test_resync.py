"""Quick comparison with a real Dovecot, and with servers that offer it and do not do it."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from app.domain.account import Account, AccountType
from app.domain.errors import NotFound, Unreachable
from app.domain.mailbox import Batch, FolderCursor
from app.mail.gateway import Gateway
from app.mail.imap import ImapSource
from app.mail.imap_server import ImapServer
from app.mail.stream import LONGEST_LINE, LONGEST_OF_NUMBERS
from app.mail.uid_set import within
from tests.support.certificates import Authority
from tests.support.dovecot import Mailbox
from tests.support.folder_memory import NoMemory
from tests.support.imap_script import ScriptedServer, tls_context
from tests.support.mails import a_mail

pytestmark = pytest.mark.servers

SELECTED = (
    b"* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 9] ok\r\n* FLAGS (\\Seen)\r\n"
    b"%s OK [READ-ONLY] done\r\n"
)


def numbered(*numbers: int) -> list[bytes]:
    return [a_mail("Hello", message_id=f"<{n}@example.org>") for n in numbers]


def expunge(mailbox: Mailbox, *numbers: int) -> None:
    for number in numbers:
        mailbox.adm(
            "expunge", "mailbox", "INBOX", "HEADER", "Message-ID", f"<{number}@example.org>"
        )


@pytest.fixture
def gateway(mailbox):
    found = Gateway(ImapServer(host="localhost", port=mailbox.server.tls_port, security="tls",
                               user=mailbox.user, ca_file=str(mailbox.server.ca_file)))  # fmt: skip
    found.sign_in(mailbox.password)
    yield found
    found.close()


def at(gateway: Gateway) -> FolderCursor:
    folder = gateway.open("INBOX", since=None).folder
    return FolderCursor(
        uid_validity=folder.uid_validity, uid_next=folder.uid_next, modseq=folder.modseq
    )


def test_dovecot_names_what_vanished_since_the_last_time(mailbox, gateway):
    mailbox.add(numbered(*range(1, 8)))
    before = at(gateway)
    assert before.modseq > 0
    expunge(mailbox, 2, 5)
    mailbox.add(numbered(8))
    gateway.leave()
    found = gateway.open("INBOX", since=before)
    assert within(range(1, 8), found.vanished) == {2, 5}
    assert (found.folder.exists, found.folder.uid_next) == (6, 9)
    assert found.folder.modseq > before.modseq


def test_of_another_validity_nothing_is_said_to_have_vanished(mailbox, gateway):
    mailbox.add(numbered(1, 2))
    before = at(gateway)
    expunge(mailbox, 1)
    found = gateway.open("INBOX", since=replace(before, uid_validity=4242))
    assert within((1, 2), found.vanished) == frozenset()


def test_a_change_of_flags_is_no_trouble(mailbox, gateway):
    mailbox.add(numbered(1, 2))
    before = at(gateway)
    mailbox.adm("flags", "add", "\\Flagged", "mailbox", "INBOX", "ALL")
    found = gateway.open("INBOX", since=before)
    assert (found.folder.exists, within((1, 2), found.vanished)) == (2, frozenset())


def test_a_folder_that_is_not_there_is_said_and_the_connection_stays_good(mailbox, gateway):
    with pytest.raises(NotFound):
        gateway.open("Inbux", since=None)
    mailbox.add(numbered(1))
    assert gateway.open("INBOX", since=None).folder.exists == 1


def test_names_with_other_letters_are_opened(mailbox, gateway):
    for name in ("Entwürfe & mehr", 'say "hi"'):
        gateway.create_folder(name)
        assert gateway.open(name, since=None).folder.name == name


@pytest.fixture
def talk(tmp_path):
    """A gateway to a scripted server, by what it offers and how it opens a folder."""
    authority = Authority(tmp_path / "ca")
    opened: list[tuple[Gateway, ScriptedServer]] = []

    def talking(offers: str, examine: bytes, **more: bytes) -> tuple[Gateway, ScriptedServer]:
        capable = f"* CAPABILITY IMAP4rev1 {offers}\r\n%s OK done\r\n".encode()
        answers = {b"CAPABILITY": capable, b"LOGIN": b"%s OK in\r\n", b"EXAMINE": examine}
        answers |= {word.encode(): answer for word, answer in more.items()}
        server = ScriptedServer(b"* OK ready\r\n", answers, tls_context(authority))
        found = Gateway(ImapServer(host="127.0.0.1", port=server.port, security="tls",
                                   user="shop", ca_file=str(authority.ca_file)))  # fmt: skip
        opened.append((found, server))
        found.sign_in("secret")
        return found, server

    yield talking
    for found, server in opened:
        found.close()
        server.close()


CURSOR = FolderCursor(uid_validity=7, uid_next=9, modseq=40)


def test_where_nothing_is_offered_the_folder_is_opened_plainly(talk):
    gateway, server = talk("IDLE", SELECTED)
    found = gateway.open("INBOX", since=CURSOR)
    assert (found.folder.exists, found.folder.modseq, found.vanished) == (3, 0, ())
    assert server.heard[-1].endswith(b'EXAMINE "INBOX"\r\n')


def test_a_server_with_condstore_alone_tells_its_last_change(talk):
    changes = b"* OK [HIGHESTMODSEQ 90060115205545359] ok\r\n"
    gateway, server = talk("CONDSTORE", changes + SELECTED)
    assert gateway.open("INBOX", since=CURSOR).folder.modseq == 90060115205545359
    assert server.heard[-1].endswith(b'EXAMINE "INBOX" (CONDSTORE)\r\n')


def test_a_server_with_qresync_is_told_what_we_know(talk):
    gone = b"* VANISHED (EARLIER) 2,5:4294967295\r\n* OK [HIGHESTMODSEQ 50] ok\r\n"
    gateway, server = talk("QRESYNC", gone + SELECTED, ENABLE=b"* ENABLED QRESYNC\r\n%s OK\r\n")
    found = gateway.open("INBOX", since=CURSOR)
    assert found.vanished == ((2, 2), (5, 4294967295))
    assert server.heard[-1].endswith(b'EXAMINE "INBOX" (QRESYNC (7 40))\r\n')


def test_every_other_of_340_000_mails_may_vanish_in_one_line(talk):
    """RFC 7162 3.2.10 knows no longest line; any other line has one."""
    numbers = b",".join(b"%d" % uid for uid in range(2, 340_000, 2))
    gone = b"* VANISHED (EARLIER) %s\r\n* OK [HIGHESTMODSEQ 50] ok\r\n" % numbers
    assert len(numbers) > LONGEST_LINE
    gateway, _ = talk("QRESYNC", gone + SELECTED, ENABLE=b"* ENABLED QRESYNC\r\n%s OK\r\n")
    assert len(gateway.open("INBOX", since=CURSOR).vanished) == 169_999
    endless = b"* VANISHED (EARLIER) 1" + b"1" * LONGEST_OF_NUMBERS
    gateway, _ = talk("QRESYNC", endless, ENABLE=b"* ENABLED QRESYNC\r\n%s OK\r\n")
    with pytest.raises(Unreachable):
        gateway.open("INBOX", since=CURSOR)


@pytest.mark.parametrize("answer", [b"%s BAD what\r\n", b"%s NO not today\r\n"])
def test_a_server_that_refuses_what_it_offers_is_opened_plainly(talk, answer):
    gateway, server = talk("QRESYNC", SELECTED, ENABLE=answer)
    assert gateway.open("INBOX", since=CURSOR).folder.exists == 3
    assert server.heard[-1].endswith(b'EXAMINE "INBOX"\r\n')


def test_a_number_larger_than_the_standard_allows_is_none(talk):
    gateway, _ = talk("CONDSTORE", b"* OK [HIGHESTMODSEQ 9999999999999999999] ok\r\n" + SELECTED)
    assert gateway.open("INBOX", since=None).folder.modseq == 0


def test_with_dovecot_nothing_is_listed_for_what_vanished(mailbox):
    """One mail went and one came: the sizes of the new one alone are asked for."""
    mailbox.listen()
    mailbox.add(numbered(1, 2, 3))
    account = Account(
        id=1, name="Shop", type=AccountType.IMAP, settings=mailbox.settings(folders="-Sent, -Junk")
    )
    source, known = ImapSource(account, mailbox.password), set[int]()
    cursors: list[FolderCursor] = []

    class Memory(NoMemory):
        def cursor(self, folder: str) -> FolderCursor | None:
            return cursors[-1] if cursors else None

        def known_uids(self, folder: str, uid_validity: int) -> frozenset[int]:
            return frozenset(known)

    def deliver(batch: Batch) -> None:
        known.update(mail.uid for mail in batch.mails)
        known.difference_update(batch.gone)
        folder = batch.folder
        if batch.complete:
            cursors.append(
                FolderCursor(
                    uid_validity=folder.uid_validity,
                    uid_next=folder.uid_next,
                    modseq=folder.modseq,
                )
            )

    source.round(Memory(), deliver, threading.Event())
    expunge(mailbox, 2)
    mailbox.add(numbered(4))
    before = len(mailbox.heard())
    source.round(Memory(), deliver, threading.Event())
    source.close()
    told = [said.partition("UID FETCH ")[2] for said in mailbox.heard()[before:]]
    listed = [said for said in told if "RFC822.SIZE" in said]
    assert (known, listed) == ({1, 3, 4}, ["4:4 (UID RFC822.SIZE INTERNALDATE)"])
