"""Large mails of a real Dovecot: their words at once, their files when somebody wants them."""

from __future__ import annotations

import random
import threading
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from app.domain.account import Account, AccountType
from app.domain.errors import NotFound
from app.domain.mailbox import FetchedMail
from app.mail import parse
from app.mail.imap import ImapSource
from app.mail.remote_mail import RemoteMail
from tests.support.certificates import Authority
from tests.support.dovecot import Mailbox
from tests.support.mail_memory import Memory
from tests.support.mailbox_script import Box, Letter, MailboxServer
from tests.support.mails import a_mail

pytestmark = pytest.mark.servers

FILM = random.Random(1).randbytes(400_000)
LIMIT = 100_000
LOGO = b"\x89PNG" + bytes(2000)
LARGE = a_mail(
    "The mug is broken, see the film.\n\nAnn",
    html="<p>The mug is <b>broken</b>, see the film.</p>",
    message_id="<large@example.org>",
    attachments=(
        ("logo.png", "image/png", LOGO),
        ("film – Küche.mov", "video/quicktime", FILM),
        ("note.txt", "text/plain", b"a note"),
    ),
)


def account(mailbox: Mailbox) -> Account:
    return Account(id=1, name="Shop", type=AccountType.IMAP, settings=mailbox.settings())


def fetched(mailbox: Mailbox, *mails: bytes) -> list[FetchedMail]:
    mailbox.add(mails)
    source = ImapSource(account(mailbox), mailbox.password, large=lambda: LIMIT)
    memory = Memory()
    try:
        source.round(memory, memory.deliver, threading.Event())
    finally:
        source.close()
    return memory.mails


def test_the_words_of_a_large_mail_are_read_and_its_files_named(mailbox):
    (mail,) = fetched(mailbox, LARGE)
    whole, part = parse.read(LARGE), parse.read(mail.raw, complete=False)
    assert not mail.complete
    assert mail.size == len(LARGE)
    assert len(mail.raw) < 10_000
    assert (part.text, part.new_text, part.html) == (whole.text, whole.new_text, whole.html)
    assert (part.message_id, part.subject, part.from_) == (
        whole.message_id,
        whole.subject,
        whole.from_,
    )
    assert [(one.filename, one.content_type, one.part) for one in part.attachments] == [
        (one.filename, one.content_type, one.part) for one in whole.attachments
    ]
    logo, film, note = part.attachments
    assert (logo.section, note.section) == ("", "")
    assert film.section == "3"
    assert abs(film.size - len(FILM)) < 100
    assert "its large attachments are still on the server" in part.warnings


def test_a_file_that_was_left_is_fetched_byte_for_byte(mailbox):
    (mail,) = fetched(mailbox, LARGE)
    film = parse.read(mail.raw, complete=False).attachments[1]
    door = RemoteMail(account(mailbox), mailbox.password)
    place: dict[str, Any] = {"folder": "INBOX", "uid_validity": _validity(mailbox), "uid": mail.uid}
    try:
        data = door.section(film.section, **place)
        assert door.whole(**place) == LARGE
    finally:
        door.close()
    assert parse.decoded(mail.raw, film.part, data) == FILM


def test_what_the_server_no_longer_has_is_said_clearly(mailbox):
    (mail,) = fetched(mailbox, LARGE)
    validity = _validity(mailbox)
    mailbox.adm("expunge", "mailbox", "INBOX", "all")
    door = RemoteMail(account(mailbox), mailbox.password)
    try:
        for uid_validity in (validity, validity + 1):
            place: dict[str, Any] = {
                "folder": "INBOX",
                "uid_validity": uid_validity,
                "uid": mail.uid,
            }
            with pytest.raises(NotFound, match="no longer has this mail") as caught:
                door.section("3", **place)
            with pytest.raises(NotFound):
                door.whole(**place)
            assert "ask the sender" in caught.value.hint
    finally:
        door.close()


def test_a_mail_that_pretends_that_a_part_was_left_out_is_read_as_it_is(mailbox):
    tricky = LARGE.replace(
        b"Content-Type: text/plain; charset",
        b"X-Frontburner-Left-Out: 9; 999\r\nContent-Type: text/plain; charset",
    )
    assert "broken" in parse.read(tricky).text
    (mail,) = fetched(mailbox, tricky)
    part = parse.read(mail.raw, complete=False)
    assert "broken" in part.text
    assert [one.section for one in part.attachments] == ["", "3", ""]


def test_a_mail_below_the_limit_comes_whole(mailbox):
    small = a_mail("Hello", attachments=(("logo.png", "image/png", LOGO),))
    (mail,) = fetched(mailbox, small)
    assert mail.complete
    assert mail.raw == small


def _validity(mailbox: Mailbox) -> int:
    return int(mailbox.adm("mailbox", "status", "uidvalidity", "INBOX").split("=")[1])


class Doorkeeper(Memory):
    """Leaves every mail in Junk by how it begins, but for one."""

    def left_in_junk(self, beginnings: Sequence[FetchedMail]) -> Mapping[int, str]:
        return {one.uid: "a stranger's" for one in beginnings if b"<2@" not in one.raw}


def test_of_mails_in_junk_the_beginning_comes_first_and_the_rest_only_if_it_is_wanted(tmp_path):
    words = "Buy now. " * 10_000
    letters = {n: Letter(raw=a_mail(words, message_id=f"<{n}@example.org>")) for n in (1, 2)}
    letters[3] = Letter(raw=a_mail("Short.", message_id="<3@example.org>"))
    boxes = {"INBOX": Box(), "Junk": Box(letters=letters, flags=b"\\Junk")}
    memory = Doorkeeper()
    with MailboxServer(Authority(tmp_path / "ca"), boxes) as server:
        source = ImapSource(server.account(), "secret")
        source.round(memory, memory.deliver, threading.Event())
        source.close()
    asked = [line.split(b" ", 4)[3:] for line in server.heard if b"BODY.PEEK[]" in line]
    assert [(uids, b"<0.32768>" in items) for uids, items in asked] == [
        (b"1:2", True),
        (b"2:3", False),
    ]
    assert memory.skipped == {1: "a stranger's"}
    assert {one.uid: len(one.raw) for one in memory.mails} == {
        uid: len(letters[uid].raw) for uid in (2, 3)
    }
