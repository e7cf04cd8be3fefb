"""A folder that the server does not open, or no longer has, keeps no other from being read."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from app.domain.account import Account, AccountType
from app.domain.errors import Busy, FolderUnread, KnownError, SignInRefused
from app.domain.mailbox import GmailIds
from app.mail.failures import SaidNo
from app.mail.imap import ImapSource
from tests.support.certificates import Authority
from tests.support.mail_memory import Memory
from tests.support.mailbox_script import Box, Instead, Letter, MailboxServer
from tests.support.mails import a_mail

OPENING = (b"SELECT", b"EXAMINE")


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "ca")


def letter(number: int) -> Letter:
    return Letter(raw=a_mail(message_id=f"<{number}@x>"), mail=number, thread=number)


def box(*numbers: int, modseq: int = 0, flags: bytes = b"") -> Box:
    return Box({number: letter(number) for number in numbers}, modseq=modseq, flags=flags)


def closed(**folders: str) -> Instead:
    """These are not opened; with what words."""

    def instead(tag: bytes, rest: bytes) -> bytes | None:
        if rest.split(b" ")[0].upper() in OPENING:
            for name, words in folders.items():
                if b'"%s"' % name.encode() in rest:
                    return b"%s NO %s\r\n" % (tag, words.encode())
        return None

    return instead


@contextmanager
def reading(server: MailboxServer, **settings: str) -> Iterator[tuple[ImapSource, Memory]]:
    with closing(ImapSource(server.account(**settings), "secret")) as source:
        yield source, Memory()


def a_round(source: ImapSource, memory: Memory) -> FolderUnread | None:
    """The folder that could not be read, if one could not."""
    try:
        source.round(memory, memory.deliver, threading.Event())
    except FolderUnread as error:
        return error
    return None


def read_of(memory: Memory) -> list[str]:
    return sorted(memory.cursors)


@pytest.mark.parametrize(
    ("words", "retry"),
    [
        ("[NOPERM] Permission denied", False),
        ("Mailbox is being migrated", False),
        ("[SERVERBUG] Internal error occurred", True),
    ],
)
def test_a_sent_folder_that_is_not_opened_keeps_no_other_closed_and_is_named_with_the_reason(
    authority, words, retry
):
    boxes = {"Sent": box(10), "INBOX": box(1), "Junk": box()}
    with (
        MailboxServer(authority, boxes, instead=closed(Sent=words)) as server,
        reading(server) as (source, memory),
    ):
        first = a_round(source, memory)
        boxes["INBOX"].letters[2] = letter(2)
        again = a_round(source, memory)
        assert sum(b"LOGIN" in line for line in server.heard) == 1  # the connection is kept
    assert memory.ids() == ["1@x", "2@x"]
    assert read_of(memory) == ["INBOX", "Junk"]
    for error in (first, again):
        assert error is not None
        assert error.title == "The folder Sent could not be read"
        assert words.rpartition("] ")[2] in error.message
        assert "There is no folder" not in error.sentence
        assert error.retry is retry


def test_one_of_all_folders_that_is_not_opened_keeps_none_behind_it_unread(authority):
    boxes = {"INBOX": box(1), "Team": box(20), "Zeta": box(30)}
    with (
        MailboxServer(authority, boxes, instead=closed(Team="[NOPERM] no")) as server,
        reading(server, folders="*") as (source, memory),
    ):
        assert a_round(source, memory) is not None
    assert memory.ids() == ["1@x", "30@x"]


def test_the_books_of_a_folder_that_is_closed_for_a_while_stay_open(authority):
    boxes = {"INBOX": box(1), "Team": box(20)}
    with (
        MailboxServer(authority, boxes) as server,
        reading(server, folders="*") as (source, memory),
    ):
        assert a_round(source, memory) is None
        server.instead = closed(Team="no")
        assert a_round(source, memory) is not None
        assert not any(batch.over for batch in memory.batches)
        assert memory.gone == []
        server.instead = None
        assert a_round(source, memory) is None


def test_a_folder_that_is_busy_has_its_minute_while_the_others_are_read(authority):
    """RFC 5530: whoever asks to come back later is not asked again at once."""
    boxes = {"INBOX": box(1), "Team": box(20)}
    with (
        MailboxServer(authority, boxes, instead=closed(Team="[INUSE] locked")) as server,
        reading(server, folders="*") as (source, memory),
    ):
        assert a_round(source, memory) is not None
        before = len(server.heard)
        error = a_round(source, memory)
        assert error is not None
        assert error.retry
        assert not any(b"Team" in line for line in server.heard[before:])


def test_what_keeps_every_folder_closed_is_said_as_it_is(authority):
    boxes = {"Sent": box(10), "INBOX": box(1)}
    words = closed(Sent="[UNAVAILABLE] later", INBOX="[UNAVAILABLE] later")
    with (
        MailboxServer(authority, boxes, instead=words) as server,
        reading(server) as (source, memory),
        pytest.raises(Busy),
    ):
        source.round(memory, memory.deliver, threading.Event())


def test_an_account_of_which_the_inbox_is_not_opened_fails_and_the_others_are_read(authority):
    """Else nobody would be alarmed that no mail comes in any more."""
    boxes = {"Sent": box(10), "INBOX": box(1)}
    with (
        MailboxServer(authority, boxes, instead=closed(INBOX="[NOPERM] no")) as server,
        reading(server) as (source, memory),
    ):
        with pytest.raises(SaidNo, match="does not open the folder INBOX"):
            source.round(memory, memory.deliver, threading.Event())
        assert memory.ids() == ["10@x"]


def test_a_password_that_is_refused_in_the_middle_of_a_round_ends_it(authority):
    """The connection breaks at a mail, and the new one is not let in: no folder is to blame."""
    signed_in: list[bytes] = []

    def instead(tag: bytes, rest: bytes) -> bytes | None:
        if rest.upper().startswith(b"LOGIN"):
            signed_in.append(tag)
            return tag + b" NO [AUTHENTICATIONFAILED] no\r\n" if len(signed_in) > 1 else None
        return b"" if b"BODY.PEEK[]" in rest else None

    boxes = {"Sent": box(10), "INBOX": box(1)}
    with (
        MailboxServer(authority, boxes, instead=instead) as server,
        reading(server) as (source, memory),
        pytest.raises(SignInRefused),
    ):
        source.round(memory, memory.deliver, threading.Event())
    assert len(signed_in) == 2


def test_a_closed_folder_does_not_end_the_quick_comparison_of_the_others(authority):
    """What the server refuses is that folder, not the way in which it was asked for it."""
    boxes = {"Sent": box(10, modseq=5), "INBOX": box(1, modseq=5)}
    with (
        MailboxServer(
            authority,
            boxes,
            instead=closed(Sent="[NOPERM] no"),
            capabilities=b"IMAP4rev1 CONDSTORE UNSELECT",
        ) as server,
        reading(server) as (source, memory),
    ):
        a_round(source, memory)
        before = len(server.heard)
        a_round(source, memory)
        later = server.heard[before:]
    assert memory.cursors["INBOX"].modseq == 5
    assert any(b"STATUS" in line and b"INBOX" in line for line in later)
    assert not any(b'"INBOX"' in line and line.split()[1].upper() in OPENING for line in later)


def test_the_test_of_an_account_names_the_folder_that_is_closed(authority):
    with (
        MailboxServer(
            authority, {"Sent": box(), "INBOX": box()}, instead=closed(Sent="[NOPERM] no")
        ) as server,
        reading(server) as (source, _),
        pytest.raises(KnownError, match="does not open the folder Sent"),
    ):
        source.check()


def test_an_all_mail_that_gmail_does_not_open_keeps_no_new_mail_away(authority):
    """What was archived cannot be told from what was deleted then; nothing is said to be gone."""

    class Lost(Memory):
        def unplaced(self) -> dict[int, GmailIds]:
            return {1: GmailIds(mail=5, thread=5)} if self.gone else {}

    everything = "[Gmail]/All Mail"
    boxes = {"INBOX": box(1, 2, modseq=5), everything: box(1, flags=b"\\All", modseq=5)}
    with (
        MailboxServer(
            authority, boxes, gmail=True, instead=closed(**{everything: "[NONEXISTENT] Unknown"})
        ) as server,
        reading(server) as (source, _),
    ):
        memory = Lost()
        a_round(source, memory)
        del boxes["INBOX"].letters[1]
        boxes["INBOX"].letters[3] = letter(3)
        boxes["INBOX"].modseq = 6
        error = a_round(source, memory)
    assert error is not None
    assert everything in error.title
    assert memory.ids() == ["1@x", "2@x", "3@x"]


@pytest.mark.parametrize("raw", ["Kunden-Ä".encode(), b"R&D"])
def test_a_folder_whose_name_is_not_written_by_the_rule_is_opened_as_the_server_writes_it(
    authority, raw
):
    """RFC 3501 5.1.3 wants another way of writing it; not every server knows."""

    def instead(tag: bytes, rest: bytes) -> bytes | None:
        if rest.upper().startswith(b"LIST"):
            names = b"".join(b'* LIST () "/" "%s"\r\n' % one for one in (b"INBOX", raw, b"Zeta"))
            return names + tag + b" OK done\r\n"
        return None

    boxes = {"INBOX": box(1), raw.decode(): box(2), "Zeta": box(3)}
    with (
        MailboxServer(authority, boxes, instead=instead) as server,
        reading(server, folders="*") as (source, memory),
    ):
        assert a_round(source, memory) is None
    assert memory.ids() == ["1@x", "2@x", "3@x"]
    assert raw.decode() in memory.cursors


def test_a_folder_that_was_renamed_is_read_under_its_new_name_in_the_same_round(authority):
    """The list of folders is up to ten minutes old; nobody is asked about it."""
    boxes = {"Sent": box(10), "INBOX": box(1), "Team": box(20)}
    with (
        MailboxServer(authority, boxes) as server,
        reading(server, folders="*") as (source, memory),
    ):
        assert a_round(source, memory) is None
        boxes["Sent Items"] = boxes.pop("Sent")
        boxes["INBOX"].letters[2] = letter(2)
        assert a_round(source, memory) is None
    assert "2@x" in memory.ids()
    assert "Sent Items" in memory.cursors
    assert [batch.folder.name for batch in memory.batches if batch.over] == ["Sent"]


def test_a_folder_that_the_owner_named_and_somebody_deleted_is_said_to_be_missing(authority):
    boxes = {"INBOX": box(1), "Team": box(20)}
    with (
        MailboxServer(authority, boxes) as server,
        reading(server, folders="Team") as (source, memory),
    ):
        assert a_round(source, memory) is None
        del boxes["Team"]
        boxes["INBOX"].letters[2] = letter(2)
        error = a_round(source, memory)
    assert error is not None
    assert error.title.startswith("There is no folder Team")
    assert "2@x" in memory.ids()


@pytest.mark.servers
def test_a_closed_folder_on_a_real_server_is_said_and_the_inbox_is_read(mailbox):
    mailbox.add([a_mail(message_id="<1@x>")])
    mailbox.add([a_mail(message_id="<2@x>")], folder="Team")
    (mailbox.maildir / ".Team").chmod(0)
    account = Account(
        id=1, name="Shop", type=AccountType.IMAP, settings=mailbox.settings(folders="Team")
    )
    memory = Memory()
    with closing(ImapSource(account, mailbox.password)) as source:
        error = a_round(source, memory)
    (mailbox.maildir / ".Team").chmod(0o700)
    assert memory.ids() == ["1@x"]
    assert error is not None
    assert "Team" in error.title
