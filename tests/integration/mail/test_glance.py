"""How all folders stand, in one breath: with a real Dovecot, and with servers of other habits."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest

from app.domain.mailbox import FolderCursor, FolderSnapshot, MailFlag
from app.mail.gateway import Gateway
from app.mail.imap import ImapSource
from app.mail.imap_server import ImapServer
from app.mail.uid_set import within
from tests.support.certificates import Authority
from tests.support.dovecot import Mailbox
from tests.support.imap_script import ScriptedServer, tls_context
from tests.support.mail_memory import Memory
from tests.support.mailbox_script import Box, Letter, MailboxServer
from tests.support.mails import a_mail

pytestmark = pytest.mark.servers

OFFERS = b"IMAP4rev1 CONDSTORE UNSELECT"
NUMBERS = b"(MESSAGES 6 UIDNEXT 7 UIDVALIDITY 5 HIGHESTMODSEQ 3)"


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path / "ca")


def signed_in(mailbox: Mailbox) -> Gateway:
    gateway = Gateway(
        ImapServer(
            host="localhost",
            port=mailbox.server.tls_port,
            security="tls",
            user=mailbox.user,
            ca_file=str(mailbox.server.ca_file),
        )
    )
    gateway.sign_in(mailbox.password)
    return gateway


def cursor_at(folder: FolderSnapshot) -> FolderCursor:
    return FolderCursor(
        uid_validity=folder.uid_validity, uid_next=folder.uid_next, modseq=folder.modseq
    )


def test_dovecot_tells_of_a_folder_that_is_left_what_came_meanwhile(mailbox):
    """Of a folder that is open it says what it last told, so the folder is left first."""
    gateway = signed_in(mailbox)
    mailbox.add([a_mail(message_id="<1@example.org>")])
    before = gateway.open("INBOX", since=None).folder
    gateway.leave()
    assert gateway.glance(["INBOX"])["INBOX"] == before
    gateway.open("INBOX", since=None)
    gateway.leave()
    mailbox.add([a_mail(message_id="<2@example.org>")])
    mailbox.adm("mailbox", "create", "Entwürfe & mehr")
    found = gateway.glance(["INBOX", "Entwürfe & mehr", "no such folder"])
    assert (found["INBOX"].exists, found["INBOX"].uid_next) == (2, 3)
    assert found["INBOX"].modseq > before.modseq
    assert found["Entwürfe & mehr"].exists == 0
    assert "no such folder" not in found
    gateway.close()


def test_dovecot_tells_in_the_open_folder_what_came_went_and_changed_and_it_is_not_opened_again(
    mailbox,
):
    mailbox.listen()
    gateway = signed_in(mailbox)
    mailbox.add([a_mail(message_id=f"<{n}@example.org>") for n in range(1, 6)])
    before = gateway.open("INBOX", since=None).folder
    assert gateway.glance(["INBOX", "Sent"])["INBOX"] == before
    mailbox.adm("expunge", "mailbox", "INBOX", "HEADER", "Message-ID", "<2@example.org>")
    mailbox.adm("flags", "add", "\\Flagged", "mailbox", "INBOX", "UID", "4")
    mailbox.add([a_mail(message_id="<6@example.org>")])
    found = gateway.glance(["INBOX", "Sent"])
    assert "INBOX" not in found
    assert found["Sent"].exists == 0
    opened = gateway.open("INBOX", since=cursor_at(before))
    assert (opened.folder.exists, opened.folder.uid_next) == (5, 7)
    assert opened.vanished == ((2, 2),)
    assert opened.flags == {4: frozenset({MailFlag.FLAGGED})}
    after = gateway.glance(["INBOX"])
    assert after["INBOX"] == opened.folder
    gateway.close()
    commands = " ".join(mailbox.heard())
    assert commands.count("EXAMINE") == 1
    assert "UNSELECT" not in commands


def test_what_is_not_in_the_books_as_it_was_told_makes_the_folder_be_opened_anew(mailbox):
    """The books know an earlier change than the open folder goes on from."""
    mailbox.listen()
    gateway = signed_in(mailbox)
    mailbox.add([a_mail(message_id=f"<{n}@example.org>") for n in range(1, 4)])
    before = cursor_at(gateway.open("INBOX", since=None).folder)
    mailbox.adm("flags", "add", "\\Seen", "mailbox", "INBOX", "UID", "3")
    gateway.open("INBOX", since=None)
    opened = gateway.open("INBOX", since=before)
    gateway.close()
    assert opened.flags == {3: frozenset({MailFlag.SEEN})}
    assert " ".join(mailbox.heard()).count("EXAMINE") == 3


@pytest.mark.parametrize(
    "answer",
    [
        b'* STATUS "inbox" ' + NUMBERS,
        b"* STATUS INBOX " + NUMBERS,
        b"* STATUS {5}\r\nINBOX " + NUMBERS,
        b"* OK [HIGHESTMODSEQ 9] changes\r\n* STATUS INBOX " + NUMBERS + b"\r\n* 4 EXISTS",
    ],
    ids=["quoted", "atom", "literal", "among others"],
)
def test_a_folder_is_known_by_its_name_however_it_is_spelled(authority, answer):
    found = glanced(authority, answer + b"\r\n%s OK done\r\n")
    assert (found["INBOX"].exists, found["INBOX"].uid_next, found["INBOX"].modseq) == (6, 7, 3)


@pytest.mark.parametrize(
    "answer",
    [
        b"* STATUS INBOX (MESSAGES 6 UIDNEXT 7 UIDVALIDITY 5)",
        b"* STATUS INBOX (MESSAGES 6 UIDNEXT 7 UIDVALIDITY 5 HIGHESTMODSEQ 0)",
        b"* STATUS INBOX (MESSAGES 6 UIDNEXT 7 UIDVALIDITY 5 HIGHESTMODSEQ 9999999999999999999)",
        b"* STATUS Other " + NUMBERS,
        b"* STATUS INBOX",
    ],
)
def test_of_which_a_server_does_not_say_enough_nothing_is_known(authority, answer):
    assert glanced(authority, answer + b"\r\n%s OK done\r\n") == {}


@pytest.mark.parametrize("answer", [b"%s NO not today\r\n", b"%s BAD what\r\n"])
def test_a_server_that_refuses_is_asked_by_opening(authority, answer):
    assert glanced(authority, answer) == {}


def glanced(authority: Authority, answer: bytes) -> dict[str, FolderSnapshot]:
    answers = {
        b"CAPABILITY": b"* CAPABILITY %b\r\n%%s OK done\r\n" % OFFERS,
        b"LOGIN": b"%s OK in\r\n",
        b"STATUS": answer,
    }
    server = ScriptedServer(b"* OK ready\r\n", answers, tls_context(authority))
    gateway = Gateway(ImapServer(host="127.0.0.1", port=server.port, security="tls", user="shop",
                                 ca_file=str(authority.ca_file)))  # fmt: skip
    try:
        gateway.sign_in("secret")
        return gateway.glance(["INBOX"])
    finally:
        gateway.close()
        server.close()


@pytest.fixture
def shop(authority):
    """A server that counts changes, and rounds over one connection to it."""
    letters = {n: Letter(raw=a_mail(message_id=f"<{n}@example.org>")) for n in (1, 2, 3)}
    boxes = {"INBOX": Box(letters=letters, modseq=7)}
    with MailboxServer(authority, boxes, capabilities=OFFERS) as server:
        source, memory = ImapSource(server.account(), "secret"), Careful()

        def rounds() -> list[bytes]:
            """What a round said to the server, first words alone."""
            server.heard.clear()
            source.round(memory, memory.deliver, threading.Event())
            words = [line.split(b" ", 1)[1] for line in server.heard]
            return [
                b" ".join(line.split(b" ")[: 2 if line[:4] == b"UID " else 1]) for line in words
            ]

        rounds()
        yield server, memory, rounds
        source.close()


def test_a_folder_that_stands_as_before_is_not_opened_and_still_counts_as_looked_into(shop):
    _, memory, rounds = shop
    before = len(memory.batches)
    assert rounds() == [b"UNSELECT", b"STATUS"]
    assert rounds() == [b"STATUS"]
    assert [one.complete for one in memory.batches[before:]] == [True, True]
    assert len(memory.mails) == 3


@pytest.mark.parametrize("change", ["mail", "flag", "validity"])
def test_a_folder_in_which_anything_changed_is_opened(shop, change):
    server, memory, rounds = shop
    inbox = server.boxes["INBOX"]
    if change == "mail":
        inbox.letters[4] = Letter(raw=a_mail(message_id="<4@example.org>"))
    elif change == "validity":
        inbox.validity = 99
    inbox.modseq += 1
    assert b"EXAMINE" in rounds()
    assert len({one.raw for one in memory.mails}) == (4 if change == "mail" else 3)


def test_a_folder_whose_mails_are_not_all_in_the_books_is_opened(shop):
    _, memory, rounds = shop
    del memory.known["INBOX", 1][2]  # what was passed over is to be looked at again
    assert b"EXAMINE" in rounds()
    assert sorted(memory.known["INBOX", 1]) == [1, 2, 3]


def test_a_connection_that_died_between_two_rounds_is_made_anew_without_a_word(shop):
    server, memory, rounds = shop
    server.instead = lambda _tag, rest: b"" if rest.startswith(b"UNSELECT") else None
    said = rounds()
    assert said.count(b"LOGIN") == 1
    assert memory.batches[-1].complete


class Careful(Memory):
    """Notes when the whole folder is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.read_whole = 0

    def known_uids(self, folder: str, uid_validity: int) -> frozenset[int]:
        self.read_whole += 1
        return super().known_uids(folder, uid_validity)

    def known_within(
        self, folder: str, uid_validity: int, ranges: Sequence[tuple[int, int]]
    ) -> frozenset[int]:
        return within(super().known_uids(folder, uid_validity), tuple(ranges))

    def count(self, folder: str, uid_validity: int) -> int:
        return len(super().known_uids(folder, uid_validity))

    def newest(self, folder: str, uid_validity: int, most: int) -> Sequence[int]:
        return sorted(super().known_uids(folder, uid_validity), reverse=True)[:most]


def test_of_a_folder_only_what_changed_is_asked_of_the_server_and_of_the_books(shop):
    """One mail came: the books are not read whole, and the sizes of two are asked for."""
    server, memory, rounds = shop
    inbox = server.boxes["INBOX"]
    inbox.letters[4] = Letter(raw=a_mail(message_id="<4@example.org>"))
    inbox.modseq += 1
    memory.read_whole = 0
    rounds()
    asked = [line for line in server.heard if b"RFC822.SIZE" in line]
    assert [line.split(b" ")[3] for line in asked] == [b"3:4"]
    assert memory.read_whole == 0
    assert sorted(memory.known["INBOX", 1]) == [1, 2, 3, 4]
