"""Copies in the Sent folder of a real Dovecot."""

from __future__ import annotations

import pytest

from app.domain.account import Account, AccountType
from app.mail.sent import SentFolder
from tests.support.dovecot import Mailbox
from tests.support.mails import A_MORNING, a_mail

pytestmark = pytest.mark.servers


def sent(mailbox: Mailbox, **more: str) -> SentFolder:
    settings = mailbox.settings(**more)
    return SentFolder(
        Account(id=1, name="Shop", type=AccountType.IMAP, settings=settings), mailbox.password
    )


def test_a_copy_is_filed_once_read_and_with_its_date(mailbox):
    mime = a_mail("Dear Ann", message_id="<reply@shop.example>")
    folder = sent(mailbox)
    assert not folder.holds("reply@shop.example")
    folder.file(mime, A_MORNING)
    assert folder.holds("reply@shop.example")
    folder.file(mime, A_MORNING)
    folder.close()
    (path,) = mailbox.files("Sent")
    assert path.read_bytes().replace(b"\r\n", b"\n") == mime.replace(b"\r\n", b"\n")
    assert path.name.endswith("S")
    assert path.stat().st_mtime == A_MORNING.timestamp()


def test_a_copy_that_the_provider_filed_is_found_and_not_doubled(mailbox):
    mime = a_mail(message_id="<reply@shop.example>")
    mailbox.add([mime], folder="Sent")
    folder = sent(mailbox)
    folder.file(mime, A_MORNING)
    folder.close()
    assert len(mailbox.files("Sent")) == 1


def test_another_folder_may_be_named(mailbox):
    folder = sent(mailbox, sent_folder="Archive")
    folder.file(a_mail(message_id="<reply@shop.example>"), A_MORNING)
    folder.close()
    assert len(mailbox.files("Archive")) == 1
