"""Mails from a real Dovecot over TLS: everything is brought once, whatever happens meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field

import pytest

from app.domain.account import Account, AccountType
from app.domain.errors import (
    CertificateRejected,
    FolderUnread,
    KnownError,
    Refused,
    SignInRefused,
    Unreachable,
)
from app.domain.mailbox import Batch, FetchedMail, FolderCursor
from app.mail import parse
from app.mail.folder_walk import START
from app.mail.gateway import Gateway
from app.mail.imap import ImapSource
from app.mail.imap_server import ImapServer
from app.mail.limits import Limits
from tests.support.certificates import Authority
from tests.support.dovecot import DovecotServer, Mailbox
from tests.support.folder_memory import NoMemory
from tests.support.mails import A_MORNING, a_mail

pytestmark = pytest.mark.servers


@dataclass
class Memory(NoMemory):
    """What is stored, kept in dictionaries; the pipeline's part in these tests."""

    cursors: dict[str, FolderCursor] = field(default_factory=dict)
    known: dict[tuple[str, int], set[int]] = field(default_factory=dict)
    mails: list[FetchedMail] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)
    after: Callable[[], None] = lambda: None

    def cursor(self, folder: str) -> FolderCursor | None:
        return self.cursors.get(folder)

    def known_uids(self, folder: str, uid_validity: int) -> frozenset[int]:
        return frozenset(self.known.get((folder, uid_validity), ()))

    def deliver(self, batch: Batch) -> None:
        self.batches.append(batch)
        self.mails.extend(batch.mails)
        known = self.known.setdefault((batch.folder.name, batch.folder.uid_validity), set())
        known.update(mail.uid for mail in batch.mails)
        known.update(mail.uid for mail in batch.skipped)
        known.difference_update(batch.gone)
        if batch.complete:
            self.cursors[batch.folder.name] = FolderCursor(
                uid_validity=batch.folder.uid_validity,
                uid_next=batch.folder.uid_next,
                modseq=batch.folder.modseq,
            )
        self.after()

    def ids(self) -> list[str]:
        return [parse.read(mail.raw).message_id for mail in self.mails]


ONE = "-Sent, -Junk"  # the INBOX alone


def account(mailbox: Mailbox, **more: str) -> Account:
    settings = mailbox.settings(**{"folders": ONE, **more})
    return Account(id=1, name="Shop", type=AccountType.IMAP, settings=settings)


@pytest.fixture
def source(mailbox):
    source = ImapSource(account(mailbox), mailbox.password)
    yield source
    source.close()


def a_round(source: ImapSource, memory: Memory) -> Memory:
    source.round(memory, memory.deliver, threading.Event())
    return memory


def numbered(count: int, *, start: int = 1, text: str = "Hello") -> list[bytes]:
    return [a_mail(text, message_id=f"<{n}@example.org>") for n in range(start, start + count)]


def test_every_mail_is_brought_newest_first_and_byte_for_byte(mailbox, source):
    sent = numbered(450)
    mailbox.add(sent)
    memory = a_round(source, Memory())
    assert [mail.raw for mail in memory.mails] == sent[::-1]
    assert [len(batch.mails) for batch in memory.batches] == [200, 200, 50, 0]
    assert [batch.complete for batch in memory.batches] == [False, False, False, True]
    assert memory.batches[-1].folder.exists == 450


def test_when_nothing_is_new_nothing_is_brought(mailbox, source):
    mailbox.add(numbered(3))
    memory = a_round(a := source, Memory())
    before = len(memory.batches)
    a_round(a, memory)
    assert len(memory.mails) == 3
    assert [batch.complete for batch in memory.batches[before:]] == [True]


def test_only_what_is_new_is_brought(mailbox, source):
    mailbox.add(numbered(3))
    memory = a_round(source, Memory())
    mailbox.add(numbered(2, start=4))
    a_round(source, memory)
    assert memory.ids() == [f"{n}@example.org" for n in (3, 2, 1, 5, 4)]


def test_an_empty_folder_is_complete_at_once(source):
    memory = a_round(source, Memory())
    assert memory.mails == []
    assert memory.batches[-1].complete


def test_reading_leaves_the_mails_unread(mailbox, source):
    mailbox.add(numbered(3))
    a_round(source, Memory())
    assert mailbox.adm("fetch", "flags", "mailbox", "INBOX", "SEEN").strip() == ""


def test_the_instant_of_arrival_is_the_servers(mailbox, source):
    mailbox.add(numbered(1), at=A_MORNING)
    assert a_round(source, Memory()).mails[0].received_at == A_MORNING


def test_a_round_that_broke_off_is_taken_up_where_it_ended(mailbox, source):
    mailbox.add(numbered(450))
    memory, stop = Memory(), threading.Event()
    memory.after = stop.set
    source.round(memory, memory.deliver, stop)
    assert (len(memory.mails), memory.cursors) == (200, {})
    memory.after = lambda: None
    a_round(source, memory)
    assert sorted(memory.ids()) == sorted(f"{n}@example.org" for n in range(1, 451))


def test_an_error_while_storing_leaves_a_source_that_works_again(mailbox, source):
    mailbox.add(numbered(3))

    def full(batch: Batch) -> None:
        raise ValueError("the disk is full")

    with pytest.raises(ValueError, match="disk"):
        source.round(Memory(), full, threading.Event())
    assert len(a_round(source, Memory()).mails) == 3


def test_mails_that_are_gone_from_the_server_are_told(mailbox, source):
    mailbox.add(numbered(4))
    memory = a_round(source, Memory())
    mailbox.adm("expunge", "mailbox", "INBOX", "HEADER", "Message-ID", "<2@example.org>")
    a_round(source, memory)
    assert [batch.gone for batch in memory.batches if batch.gone] == [(2,)]
    assert memory.batches[-1].folder.exists == 3


def test_one_gone_and_one_new_in_the_same_round_are_both_told(mailbox, source):
    """The count on the server is the same as before: only the numbers give it away."""
    mailbox.add(numbered(4))
    memory = a_round(source, Memory())
    mailbox.adm("expunge", "mailbox", "INBOX", "HEADER", "Message-ID", "<2@example.org>")
    mailbox.add(numbered(1, start=5))
    a_round(source, memory)
    assert [batch.gone for batch in memory.batches if batch.gone] == [(2,)]
    assert memory.ids()[-1] == "5@example.org"


def test_a_mail_that_vanishes_between_listing_and_fetching_is_no_error(mailbox, source):
    mailbox.add(numbered(201))
    memory = Memory()

    def expunge_once() -> None:
        memory.after = lambda: None
        mailbox.adm("expunge", "mailbox", "INBOX", "HEADER", "Message-ID", "<1@example.org>")

    memory.after = expunge_once
    a_round(source, memory)
    assert len(memory.mails) == 200
    assert memory.batches[-1].complete
    assert memory.batches[-1].folder.exists == 200
    assert [batch.skipped for batch in memory.batches if batch.skipped] == []


def test_a_mail_that_arrives_during_the_round_belongs_to_the_next(mailbox, source):
    mailbox.add(numbered(201))
    memory = Memory()

    def one_more() -> None:
        memory.after = lambda: None
        mailbox.add(numbered(1, start=900))

    memory.after = one_more
    a_round(source, memory)
    assert "900@example.org" not in memory.ids()
    assert memory.batches[-1].folder.exists == 201
    a_round(source, memory)
    assert memory.ids()[-1] == "900@example.org"


def test_a_folder_that_counts_anew_is_delivered_under_its_new_validity(mailbox, source):
    mailbox.add(numbered(3))
    memory = a_round(source, Memory())
    mailbox.change_uid_validity(4242)
    a_round(source, memory)
    assert memory.batches[-1].folder.uid_validity == 4242
    assert sorted(memory.ids()[3:]) == sorted(memory.ids()[:3])
    assert memory.cursors["INBOX"].uid_validity == 4242


def test_several_folders_are_watched(mailbox):
    mailbox.add(numbered(2))
    mailbox.add(numbered(1, start=10), folder="Junk")
    source = ImapSource(account(mailbox, folders="-Sent"), mailbox.password)
    memory = a_round(source, Memory())
    source.close()
    assert {batch.folder.name for batch in memory.batches} == {"INBOX", "Junk"}
    assert "10@example.org" in memory.ids()


def test_folder_names_with_other_letters_and_quotes_work(mailbox):
    """Case 81: on a real server, which names them in its own way."""
    for name in ("Entwürfe & mehr", 'say "hi"'):
        mailbox.adm("mailbox", "create", name)
        source = ImapSource(account(mailbox, folders=f"{ONE}, {_quoted(name)}"), mailbox.password)
        assert a_round(source, Memory()).batches[-1].folder.name == name
        source.close()


def _quoted(name: str) -> str:
    return name if '"' in name else f'"{name}"'


def test_a_folder_that_is_not_there_is_said_with_those_that_are(mailbox):
    source = ImapSource(account(mailbox, folders="Inbux"), mailbox.password)
    with closing(source), pytest.raises(FolderUnread) as caught:
        a_round(source, Memory())
    assert caught.value.title == "There is no folder Inbux at localhost"
    assert "INBOX" in caught.value.message


def test_of_a_large_mail_that_has_no_parts_the_start_is_read(mailbox):
    big = a_mail("Hello " * 200_000, message_id="<big@x>")
    mailbox.add([*numbered(2), big])
    source = ImapSource(account(mailbox), mailbox.password, large=lambda: 50_000)
    memory = a_round(source, Memory())
    source.close()
    first = memory.mails[0]
    assert (len(first.raw), first.size, first.complete) == (START, len(big), False)
    assert [mail.complete for mail in memory.mails[1:]] == [True, True]


def test_a_mail_that_was_damaged_on_the_server_keeps_no_other_from_being_read(mailbox, source):
    """Dovecot hangs up once when a mail is shorter than it remembers, then hands out the rest."""
    mailbox.add(numbered(5))
    a_round(source, Memory())
    mailbox.files()[1].write_bytes(b"")
    memory = a_round(source, Memory())
    assert sorted(mail.uid for mail in memory.mails) == [1, 2, 3, 4, 5]
    assert memory.batches[-1].complete
    assert memory.batches[-1].folder.exists == 5


def test_a_server_that_throws_us_out_each_time_is_left_alone_and_the_rest_comes_later(
    mailbox, source
):
    mailbox.add(numbered(450))
    memory = Memory()
    memory.after = mailbox.kick
    with pytest.raises(Unreachable) as caught:
        a_round(source, memory)
    assert caught.value.retry
    memory.after = lambda: None
    a_round(source, memory)
    assert sorted(memory.ids()) == sorted(f"{n}@example.org" for n in range(1, 451))


def test_a_connection_that_was_thrown_out_is_made_anew(mailbox, source):
    mailbox.add(numbered(2))
    memory = a_round(source, Memory())
    mailbox.kick()
    mailbox.add(numbered(1, start=3))
    a_round(source, memory)
    assert len(memory.mails) == 3


def test_a_server_that_throws_us_out_in_the_middle_is_asked_again_for_the_rest(mailbox, source):
    mailbox.add(numbered(450))
    memory = Memory()

    def kick_once() -> None:
        memory.after = lambda: None
        mailbox.kick()

    memory.after = kick_once
    a_round(source, memory)
    assert sorted(memory.ids()) == sorted(f"{n}@example.org" for n in range(1, 451))


def test_a_frozen_server_is_unreachable_after_its_time(mailbox, dovecot):
    limits = Limits(answer=1.0, connect=1.0)
    source = ImapSource(account(mailbox), mailbox.password, limits=limits)
    with dovecot.frozen(), pytest.raises(Unreachable, match="does not answer"):
        a_round(source, Memory())


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_check_says_what_was_found(mailbox, dovecot, security):
    mailbox.add(numbered(2))
    port = dovecot.tls_port if security == "tls" else dovecot.plain_port
    source = ImapSource(account(mailbox, security=security, port=str(port)), mailbox.password)
    assert source.check() == (f"Signed in to localhost as {mailbox.user}. INBOX holds 2 mails.")
    source.close()


def test_a_wrong_password_is_refused_with_what_to_do(mailbox):
    source = ImapSource(account(mailbox), "not the word")
    with pytest.raises(SignInRefused) as caught:
        source.check()
    assert caught.value.title == f"localhost refused the password for {mailbox.user}"
    assert "sign in again" in caught.value.hint
    assert "not the word" not in caught.value.sentence


def test_passwords_with_any_letters_work(dovecot):
    for password in ('quo"te', "back\\slash", "spa ce", "grüße", "100%{x}", "(paren)"):
        mailbox = dovecot.user(password=password)
        source = ImapSource(account(mailbox), password)
        assert "Signed in" in source.check()
        source.close()


@pytest.mark.parametrize("password", ["x\r\nZ1 DELETE INBOX", "x\0y", "x" * 1000])
def test_a_password_that_could_be_a_command_never_reaches_the_wire(mailbox, password):
    with pytest.raises(Refused) as caught:
        ImapSource(account(mailbox), password).check()
    assert "DELETE" not in caught.value.sentence


@pytest.mark.parametrize("message_id", ["<x>\r\nZ1 DELETE INBOX\r\nZ2 NOOP", "a\0b", "x" * 1000])
def test_a_message_id_that_could_be_a_command_never_reaches_the_wire(mailbox, message_id):
    """Case 80: nothing of it is said, and the connection is as good as before."""
    gateway = Gateway(ImapServer.of(account(mailbox)))
    gateway.sign_in(mailbox.password)
    for ask in (
        lambda: gateway.search_message_id("INBOX", message_id),
        lambda: gateway.select(message_id),
        lambda: gateway.create_folder(message_id),
        lambda: gateway.append(message_id, b"x", A_MORNING),
    ):
        with pytest.raises(Refused):
            ask()
    assert gateway.is_alive()
    gateway.close()


def test_too_many_connections_are_not_the_passwords_fault():
    with DovecotServer(connections=1) as server:
        mailbox = server.user()
        first = ImapSource(account(mailbox), mailbox.password)
        first.check()
        with pytest.raises(Unreachable, match="is busy"):
            ImapSource(account(mailbox), mailbox.password).check()
        first.close()


def test_a_certificate_of_an_unknown_authority_is_rejected_with_a_way_out(mailbox):
    with pytest.raises(CertificateRejected) as caught:
        ImapSource(account(mailbox, ca_file=""), mailbox.password).check()
    assert caught.value.title == "localhost could not prove who it is"
    assert "authority that this machine does not know" in caught.value.message
    assert "certificate file" in caught.value.hint


def test_a_certificate_of_another_authority_is_rejected(mailbox, tmp_path):
    other = Authority(tmp_path, name="Somebody else")
    with pytest.raises(CertificateRejected):
        ImapSource(account(mailbox, ca_file=str(other.ca_file)), mailbox.password).check()


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_for_another_name_is_rejected(mailbox, dovecot, security):
    port = dovecot.tls_port if security == "tls" else dovecot.plain_port
    settings = account(mailbox, host="127.0.0.2", security=security, port=str(port))
    with pytest.raises(KnownError) as caught:
        ImapSource(settings, mailbox.password).check()
    assert isinstance(caught.value, CertificateRejected | Unreachable)


def test_a_ca_file_that_is_none_is_said(mailbox, tmp_path):
    empty = tmp_path / "ca.pem"
    empty.write_text("nothing")
    for path in (empty, tmp_path / "missing.pem"):
        with pytest.raises(KnownError, match="could not be read"):
            ImapSource(account(mailbox, ca_file=str(path)), mailbox.password).check()
