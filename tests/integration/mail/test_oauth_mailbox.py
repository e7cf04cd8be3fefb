"""Tokens at real servers: Dovecot asks the provider (introspection), SMTP takes XOAUTH2."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from app.domain.account import Account, AccountType
from app.domain.errors import SignInRefused
from app.mail.imap import ImapSource
from app.mail.sent import SentFolder
from app.mail.smtp import SmtpMailer
from tests.support.dovecot import DovecotServer, Mailbox, is_installed
from tests.support.oauth_server import OAuthServer
from tests.support.smtp_server import SmtpServer

pytestmark = pytest.mark.servers
_NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def provider() -> Iterator[OAuthServer]:
    with OAuthServer() as running:
        yield running


@pytest.fixture(scope="module", params=["xoauth2", "oauthbearer"])
def dovecot(request: pytest.FixtureRequest, provider: OAuthServer) -> Iterator[DovecotServer]:
    if not is_installed():
        pytest.skip("Dovecot is not on this machine")
    mechanisms = (request.param,)
    with DovecotServer(introspection=provider.introspection, mechanisms=mechanisms) as server:
        yield server


@pytest.fixture
def mailbox(dovecot: DovecotServer) -> Mailbox:
    return dovecot.user()


@dataclass
class Purse:
    """Gives the first token until it is refused, then the next one."""

    tokens: list[str]
    refused: list[str] = field(default_factory=list)

    def token(self, *, refused: str = "") -> str:
        if refused:
            self.refused.append(refused)
            if len(self.tokens) > 1:
                self.tokens.pop(0)
        return self.tokens[0]


def a_token(provider: OAuthServer, user: str, *, good: bool = True, length: int = 2000) -> str:
    """Microsoft's are that long."""
    token = f"token-of-{user}-{next(_NUMBERS)}-{'x' * length}"
    if good:
        provider.active[token] = user
    return token


def account(settings: dict[str, str]) -> Account:
    return Account(id=1, name="Shop", type=AccountType.IMAP, settings=settings)


def test_a_token_opens_the_mailbox_and_files_a_copy(provider, mailbox):
    """Over TLS, with the mechanism that this server offers."""
    purse = Purse([a_token(provider, mailbox.user)])
    mailbox.add([b"Subject: x\r\n\r\nHi\r\n"])
    source = ImapSource(account(mailbox.settings()), purse)
    assert "INBOX holds 1 mail" in source.check()
    source.close()
    sent = SentFolder(account(mailbox.settings()), purse)
    sent.file(b"Message-ID: <a@b>\r\n\r\nHi\r\n", datetime(2026, 11, 21, tzinfo=UTC))
    assert sent.holds("a@b")
    sent.close()
    assert purse.refused == []


def test_one_that_was_called_back_is_replaced_once_on_the_same_connection(provider, mailbox):
    old, new = a_token(provider, mailbox.user, good=False), a_token(provider, mailbox.user)
    purse = Purse([old, new])
    source = ImapSource(account(mailbox.settings()), purse)
    assert "INBOX holds 0 mails" in source.check()
    source.close()
    assert purse.refused == [old]


def test_a_second_no_ends_it_with_the_servers_reason_and_without_the_token(provider, mailbox):
    old, other = (a_token(provider, "x", good=False), a_token(provider, "somebody-else"))
    purse = Purse([old, other])
    source = ImapSource(account(mailbox.settings()), purse)
    with pytest.raises(SignInRefused) as caught:
        source.check()
    assert f"refused the sign-in for {mailbox.user}" in caught.value.title
    assert "It said: “" in caught.value.message
    assert "status" in caught.value.message
    assert "xxx" not in caught.value.sentence
    assert purse.refused == [old]


def test_without_another_token_nothing_is_tried_twice(provider, mailbox):
    purse = Purse([a_token(provider, mailbox.user, good=False)])
    with pytest.raises(SignInRefused):
        ImapSource(account(mailbox.settings()), purse).check()
    assert len(purse.refused) == 1


def test_a_session_outlives_its_token(provider, mailbox):
    """It only matters when signing in."""
    purse = Purse([a_token(provider, mailbox.user)])
    source = ImapSource(account(mailbox.settings()), purse)
    source.check()
    provider.expire()
    assert "INBOX holds 0 mails" in source.check()
    assert purse.refused == []
    source.close()


def test_a_server_that_takes_no_tokens_is_named(provider, dovecot):
    with DovecotServer() as plain:
        mailbox = plain.user()
        with pytest.raises(SignInRefused, match="neither XOAUTH2 nor OAUTHBEARER"):
            ImapSource(account(mailbox.settings()), Purse(["t"])).check()


@pytest.fixture(params=["XOAUTH2", "OAUTHBEARER"])
def smtp(
    request: pytest.FixtureRequest, provider: OAuthServer, dovecot: DovecotServer
) -> Iterator[SmtpServer]:
    leaf = dovecot.authority.leaf(stem="smtp")
    mechanisms = ("PLAIN", request.param)
    with SmtpServer(leaf, mechanisms=mechanisms, user_of=provider.user_of) as server:
        yield server


def mailer(dovecot: DovecotServer, smtp: SmtpServer, purse: Purse) -> SmtpMailer:
    settings = {**smtp.settings, "ca_file": str(dovecot.ca_file), "user": "ada@shop.example"}
    return SmtpMailer(account(settings), purse)


def send(post: SmtpMailer) -> None:
    post.send(
        b"Subject: x\r\n\r\nHi\r\n",
        sender="ada@shop.example",
        recipients=("ben@example.org",),
        about_to_commit=lambda: None,
    )


@pytest.mark.parametrize("length", [20, 2000])
def test_a_reply_goes_out_with_a_token_and_one_that_was_called_back_is_replaced_once(
    provider, dovecot, smtp, length
):
    """A long one does not fit into a command's line and follows it."""
    old = a_token(provider, "x", good=False, length=length)
    new = a_token(provider, "ada@shop.example", length=length)
    purse = Purse([old, new])
    send(mailer(dovecot, smtp, purse))
    (received,) = smtp.wait_for(1)
    assert received.user == "ada@shop.example"
    assert [token for _, token in smtp.sign_ins] == [old, new]


def test_what_the_outgoing_server_minds_is_said_without_the_token(provider, dovecot, smtp):
    """Though this server repeats it in its answer."""
    purse = Purse([a_token(provider, "x", good=False)])
    with pytest.raises(SignInRefused) as caught:
        send(mailer(dovecot, smtp, purse))
    assert "status 401, schemes bearer, scope smtp" in caught.value.message
    assert "xxx" not in caught.value.sentence
    assert smtp.received == []


def test_an_outgoing_server_without_tokens_is_named(provider, dovecot):
    leaf = dovecot.authority.leaf(stem="smtp-plain")
    with SmtpServer(leaf, users={"ada@shop.example": "secret"}) as plain:
        with pytest.raises(SignInRefused, match="neither XOAUTH2 nor OAUTHBEARER"):
            send(mailer(dovecot, plain, Purse(["t"])))
        assert plain.sign_ins == []
