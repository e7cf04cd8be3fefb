"""A mail over which the server falls takes no other with it, and a refusal is no empty folder."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.domain.account import Account, AccountType
from app.domain.errors import Busy, KnownError
from app.mail.failures import SaidNo
from app.mail.imap import ImapSource
from app.mail.stumbles import FALLS_OVER, NOT_HANDED_OUT
from tests.support.certificates import Authority
from tests.support.mail_memory import Memory
from tests.support.mailbox_script import Box, Letter, MailboxServer, numbers_in
from tests.support.mails import a_mail

SIZES, BODIES = b"RFC822.SIZE", b"BODY.PEEK[]"
IO_ERROR = b"NO System I/O error"
SERVERBUG = b"NO [SERVERBUG] Internal error occurred. Refer to server log."

Wanted = Callable[[bytes, set[int]], bool]


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "ca")


class Inbox:
    """A server with one folder, which says `words` when asked for what is `bad`."""

    def __init__(self, authority: Authority, count: int) -> None:
        self.box = Box({uid: self.letter(uid) for uid in range(1, count + 1)})
        self.words = IO_ERROR
        self.bad: Wanted = lambda _items, _uids: False
        self.tells_before = True
        self.server = MailboxServer(authority, {"INBOX": self.box}, instead=self.falls)
        self.memory = Memory()

    @staticmethod
    def letter(uid: int) -> Letter:
        return Letter(a_mail(message_id=f"<{uid}@x>"))

    def arrives(self, uid: int) -> None:
        self.box.letters[uid] = self.letter(uid)

    def round(self) -> None:
        account = self.server.account(folders="INBOX")
        with closing(ImapSource(account, "secret")) as source:
            source.round(self.memory, self.memory.deliver, threading.Event())

    @property
    def skipped(self) -> dict[int, str]:
        return self.memory.skipped

    def falls(self, tag: bytes, rest: bytes) -> bytes | None:
        """What it says instead of its usual answer."""
        if not rest.upper().startswith(b"UID FETCH "):
            return None
        uids, items = re.split(rb" ", rest, maxsplit=3)[2:]
        wanted = numbers_in(uids, there=list(self.box.letters))
        if not self.bad(items, wanted):
            return None
        before = b""
        if self.tells_before:
            said = (uid for uid in sorted(wanted) if not self.bad(items, {uid}))
            first = next((uid for uid in sorted(wanted) if self.bad(items, {uid})), 0)
            told = b",".join(b"%d" % uid for uid in said if uid < first)
            if told:
                whole = self.server.usual(tag, b"UID FETCH " + told + b" " + items, self.box)
                before = whole[: whole.rindex(tag)]
        return (
            before + (self.words if self.words[:1] == b"*" else tag + b" " + self.words) + b"\r\n"
        )


@pytest.fixture
def inbox(authority: Authority) -> Iterator[Inbox]:
    found = Inbox(authority, 6)
    with found.server:
        yield found


def over(number: int, *what: bytes) -> Wanted:
    """Falls over this mail when asked for its size, or its bytes, or both."""
    return lambda items, uids: number in uids and any(one in items for one in what)


def always(*what: bytes) -> Wanted:
    return lambda items, _uids: any(one in items for one in what)


@pytest.mark.parametrize("words", [IO_ERROR, SERVERBUG])
@pytest.mark.parametrize("tells_before", [True, False])
def test_a_mail_that_is_not_handed_out_takes_none_of_its_batch_with_it(inbox, words, tells_before):
    """The answer to all six ends at the third with a NO; only that one is passed over."""
    inbox.words, inbox.tells_before, inbox.bad = words, tells_before, over(3, BODIES)
    for _ in range(3):
        inbox.round()
    assert inbox.memory.ids() == [f"{uid}@x" for uid in (1, 2, 4, 5, 6)]
    assert inbox.skipped == {3: NOT_HANDED_OUT}
    assert inbox.memory.batches[-1].folder.exists == 6


def test_while_no_mail_is_handed_out_none_is_passed_over_for_good(inbox):
    """The disk is away for a while; all come when it is back."""
    inbox.bad = always(BODIES)
    with pytest.raises(SaidNo):
        inbox.round()
    assert (inbox.memory.ids(), inbox.skipped, inbox.memory.cursors) == ([], {}, {})
    inbox.bad = over(0)
    inbox.round()
    assert len(inbox.memory.ids()) == 6


def test_new_mails_that_are_refused_while_the_disk_is_away_are_brought_when_it_is_back(inbox):
    """What was stored before is no witness then: it is not handed out either."""
    inbox.round()
    inbox.arrives(7)
    inbox.arrives(8)
    inbox.bad = always(BODIES)
    with pytest.raises(SaidNo):
        inbox.round()
    assert inbox.skipped == {}
    inbox.bad = over(0)
    inbox.round()
    assert {"7@x", "8@x"} <= set(inbox.memory.ids())


def test_a_mail_that_is_to_be_had_later_is_left_for_later_and_the_others_are_brought(inbox):
    inbox.words, inbox.bad = (
        b"NO [UNAVAILABLE] It is in the archive, try again later",
        over(3, BODIES),
    )
    with pytest.raises(Busy):
        inbox.round()
    assert inbox.memory.ids() == [f"{uid}@x" for uid in (1, 2, 4, 5, 6)]
    assert (inbox.skipped, inbox.memory.cursors) == ({}, {})
    inbox.bad = over(0)
    inbox.round()
    assert len(inbox.memory.ids()) == 6


def test_a_server_that_wants_to_be_left_alone_is_not_asked_for_mail_after_mail(inbox):
    inbox.words, inbox.bad = b"NO [THROTTLED] later", always(BODIES)
    with pytest.raises(Busy):
        inbox.round()
    assert sum(BODIES in line for line in inbox.server.heard) <= 4


def test_a_refused_listing_is_not_an_empty_folder(inbox):
    """Two mails were stored, a third came, and the server says NO when asked for what is there."""
    inbox.round()
    cursor = inbox.memory.cursors["INBOX"]
    inbox.arrives(7)
    inbox.bad = lambda items, _uids: SIZES in items or items == b"(UID)"
    with pytest.raises(SaidNo):
        inbox.round()
    assert (inbox.memory.gone, inbox.memory.cursors["INBOX"]) == ([], cursor)
    inbox.bad = over(0)
    inbox.round()
    assert "7@x" in inbox.memory.ids()


@pytest.mark.parametrize("tells_before", [True, False])
def test_a_mail_of_which_no_size_is_told_takes_none_with_it_and_is_read_all_the_same(
    inbox, tells_before
):
    """Its bytes are to be had, so it is not passed over either."""
    inbox.tells_before, inbox.bad = tells_before, over(3, SIZES)
    inbox.round()
    inbox.round()
    assert len(inbox.memory.ids()) == len(inbox.memory.mails) == 6
    assert inbox.skipped == {}


def test_a_server_that_hangs_up_at_a_size_costs_that_mail_alone(inbox):
    """Dovecot does so where it cannot read the file (2.3.19)."""
    inbox.words, inbox.bad = b"* BYE FETCH failed", over(3, SIZES, BODIES)
    for _ in range(2):
        inbox.round()
    assert inbox.memory.ids() == [f"{uid}@x" for uid in (1, 2, 4, 5, 6)]
    assert inbox.skipped == {3: FALLS_OVER}
    assert inbox.memory.gone == []


def test_a_long_folder_whose_sizes_are_never_told_is_not_asked_mail_by_mail(authority):
    inbox = Inbox(authority, 200)
    inbox.bad = always(SIZES)
    with inbox.server, pytest.raises(SaidNo):
        inbox.round()
    assert len(inbox.server.heard) < 200


@pytest.mark.parametrize("hidden", [(5,), (1,)])
def test_what_a_listing_leaves_out_without_a_word_shows_in_the_books_and_is_not_gone(inbox, hidden):
    """The server counts six and lists five: the gap is told, and closed when it lists the sixth."""
    inbox.round()
    inbox.arrives(7)
    letters, usual = inbox.box.letters, inbox.server.usual

    def leaves_out(tag: bytes, rest: bytes) -> bytes | None:
        if SIZES not in rest:
            return None
        some = {uid: one for uid, one in letters.items() if uid not in hidden}
        said: bytes = usual(tag, rest, Box(some))
        return said

    inbox.server.instead = leaves_out
    inbox.memory.cursors.clear()
    inbox.round()
    assert inbox.memory.gone == []
    assert inbox.memory.batches[-1].folder.exists == 7


def test_mails_that_somebody_deletes_meanwhile_are_no_refusal(inbox):
    """RFC 5530: a NO with EXPUNGEISSUED says that what was left out is gone."""
    inbox.words, inbox.bad = b"NO [EXPUNGEISSUED] Some are gone", over(6, BODIES)

    def deleted(tag: bytes, rest: bytes) -> bytes | None:
        said: bytes | None = inbox.falls(tag, rest)
        if said is not None:
            inbox.box.letters.pop(6, None)
        return said

    inbox.server.instead = deleted
    inbox.round()
    assert len(inbox.memory.ids()) == 5
    assert inbox.skipped == {}


@pytest.mark.servers
def test_one_file_that_dovecot_cannot_read_costs_that_mail_alone(mailbox):
    """Its listing ends in BYE each time: the size is not in the file's name."""
    mailbox.add([a_mail(message_id=f"<{uid}@x>") for uid in range(1, 7)])
    mailbox.files()[2].chmod(0)
    account = Account(id=1, name="Shop", type=AccountType.IMAP, settings=mailbox.settings())
    memory = Memory()
    for _ in range(2):
        with closing(ImapSource(account, mailbox.password)) as source:
            source.round(memory, memory.deliver, threading.Event())
    assert memory.ids() == [f"{uid}@x" for uid in (1, 2, 4, 5, 6)]
    assert memory.skipped == {3: FALLS_OVER}


def test_any_refusal_here_is_one_that_people_can_read(inbox):
    inbox.bad = always(BODIES)
    with pytest.raises(KnownError) as caught:
        inbox.round()
    assert "System I/O error" in caught.value.message
