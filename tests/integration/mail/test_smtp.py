"""SMTP against a real server over TLS: what arrives, and what is known after each fault."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.domain.account import Account, AccountType
from app.domain.errors import CertificateRejected, KnownError, SignInRefused
from app.domain.message import Address
from app.domain.reply import Outgoing
from app.mail.compose import compose
from app.mail.limits import Limits
from app.mail.smtp import SendDelayed, SendRefused, SendUnknown, SmtpMailer
from app.mail.smtp_connection import SENDING
from tests.support.certificates import Authority, Leaf
from tests.support.smtp_server import SmtpServer, Stage

pytestmark = pytest.mark.servers

USER, SECRET = "shop@example.com", "pä:ss wörd"
MIME = b"Subject: x\r\n\r\nHi\r\n"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="module")
def leaf(authority: Authority) -> Leaf:
    return authority.leaf()


@pytest.fixture(params=["tls", "starttls"])
def server(request: pytest.FixtureRequest, leaf: Leaf) -> Iterator[SmtpServer]:
    with SmtpServer(leaf, security=request.param, users={USER: SECRET}) as running:
        yield running


@pytest.fixture
def ca_file(authority: Authority) -> str:
    return str(authority.ca_file)


class Post:
    """A mailer at a server, and whether its hook was called."""

    def __init__(
        self,
        server: SmtpServer,
        ca_file: str,
        secret: str = SECRET,
        limits: Limits = SENDING,
        **more: str,
    ) -> None:
        settings = {**server.settings, "ca_file": ca_file, "user": USER, "address": USER, **more}
        account = Account(id=1, name="Shop", type=AccountType.IMAP, settings=settings)
        self.mailer = SmtpMailer(account, secret, limits=limits)
        self.committed = 0

    def send(self, mime: bytes = MIME, to: tuple[str, ...] = ("ben@example.org",)) -> str:
        return self.mailer.send(mime, sender=USER, recipients=to, about_to_commit=self.commit)

    def commit(self) -> None:
        self.committed += 1


def test_a_mail_arrives_once_as_it_was_composed(server: SmtpServer, ca_file: str) -> None:
    mime = compose(
        Outgoing(
            sender=Address(email=USER, name="Blue Kiln"),
            to=(Address(email="ben@example.org", name="Costa, Ben"),),
            subject="Re: Käse",
            body="Hi Ben,\n.\n..dots\nFrom here\n\nAda",
            message_id="fb.1@example.com",
            at=datetime(2026, 11, 21, tzinfo=UTC),
            in_reply_to="a@x",
            references=("a@x",),
        )
    )
    post = Post(server, ca_file)
    assert post.send(mime, ("ben@example.org", "ana@example.org")) == "2.0.0 taken"
    (one,) = server.received
    assert one.content == mime
    assert (one.sender, one.recipients) == (USER, ("ben@example.org", "ana@example.org"))
    assert one.user == USER
    assert one.options == (f"SIZE={len(mime)}",)
    assert one.mail["In-Reply-To"] == "<a@x>"
    assert post.committed == 1


def test_a_lone_line_feed_before_a_dot_does_not_end_the_mail(
    server: SmtpServer, ca_file: str
) -> None:
    """Else a quoted mail could smuggle a second one behind it (SMTP smuggling)."""
    Post(server, ca_file).send(b"Subject: x\r\n\r\na\n.\nMAIL FROM:<evil@x>\r.\rb")
    (one,) = server.received
    assert one.content == b"Subject: x\r\n\r\na\r\n.\r\nMAIL FROM:<evil@x>\r\n.\r\nb\r\n"


def test_the_hook_comes_when_only_the_last_dot_is_missing_and_can_stop_the_mail(
    server: SmtpServer, ca_file: str
) -> None:
    def disk_full() -> None:
        raise KnownError("The disk is full")

    post = Post(server, ca_file)
    with pytest.raises(KnownError, match="disk is full"):
        post.mailer.send(MIME, sender=USER, recipients=["a@b.org"], about_to_commit=disk_full)
    assert post.send()
    assert len(server.received) == 1


@pytest.mark.parametrize("stage", ["connect", "auth", "mail", "rcpt", "data"])
@pytest.mark.parametrize("how", ["drop", "4xx"])
def test_before_the_body_every_fault_is_only_a_delay(
    server: SmtpServer, ca_file: str, stage: Stage, how: str
) -> None:
    if how == "drop":
        server.drop(stage)
    else:
        server.fail(stage, "451 4.3.0 later, please")
    post = Post(server, ca_file)
    with pytest.raises(SendDelayed) as caught:
        post.send()
    assert caught.value.retry
    assert post.committed == 0
    server.heal()
    assert post.send()
    assert len(server.received) == 1


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data", "commit"])
def test_a_no_for_good_is_told_in_the_servers_words(
    server: SmtpServer, ca_file: str, stage: Stage
) -> None:
    server.fail(stage, "550 5.1.1 no such person here")
    with pytest.raises(SendRefused, match="no such person here") as caught:
        Post(server, ca_file).send()
    assert "550" not in caught.value.sentence
    assert server.received == []


def test_one_refused_recipient_refuses_the_mail_for_all(server: SmtpServer, ca_file: str) -> None:
    server.fail("rcpt", "550 5.1.1 no such person")
    with pytest.raises(SendRefused, match=r"mail to ben@example\.org"):
        Post(server, ca_file).send(to=("ben@example.org", "ana@example.org"))
    assert server.received == []


def test_a_not_now_after_the_last_dot_is_a_delay_and_no_riddle(
    server: SmtpServer, ca_file: str
) -> None:
    server.fail("commit", "452 4.3.1 disk full here")
    post = Post(server, ca_file)
    with pytest.raises(SendDelayed, match="disk full here"):
        post.send()
    assert post.committed == 1
    assert server.received == []


def test_a_line_that_breaks_after_the_last_dot_is_unknown_and_the_mail_may_be_there(
    server: SmtpServer, ca_file: str
) -> None:
    server.drop("commit")
    post = Post(server, ca_file)
    with pytest.raises(SendUnknown):
        post.send()
    assert post.committed == 1
    assert len(server.received) == 1


def test_a_line_that_breaks_within_a_long_body_is_only_a_delay(
    server: SmtpServer, ca_file: str
) -> None:
    server.drop("body")
    post = Post(server, ca_file)
    with pytest.raises(SendDelayed):
        post.send(b"Subject: x\r\n\r\n" + b"x" * 70 * 100_000)
    assert post.committed == 0


def test_an_answer_that_is_none_after_the_last_dot_is_unknown(
    server: SmtpServer, ca_file: str
) -> None:
    server.fail("commit", "what?")
    with pytest.raises(SendUnknown):
        Post(server, ca_file).send()


def test_a_server_that_falls_silent_is_given_up(server: SmtpServer, ca_file: str) -> None:
    server.slow("rcpt", 60)
    with pytest.raises(SendDelayed):
        Post(server, ca_file, limits=Limits(answer=0.3)).send()


def test_a_server_that_drips_is_given_up_as_a_whole() -> None:
    """Each byte comes in time, and the conversation still ends."""
    with Dripping() as server:
        account = Account(
            id=1,
            name="Shop",
            type=AccountType.IMAP,
            settings={
                "smtp_host": "127.0.0.1",
                "smtp_port": str(server.port),
                "smtp_security": "starttls",
            },
        )
        with pytest.raises(SendDelayed):
            SmtpMailer(account, "x", limits=Limits(whole=0.5)).check()


def test_a_wrong_password_asks_for_a_person_and_shows_no_secret(
    server: SmtpServer, ca_file: str
) -> None:
    post = Post(server, ca_file, secret="wrong-secret-9")
    with pytest.raises(SignInRefused, match=USER) as caught:
        post.send()
    assert "wrong-secret-9" not in repr(caught.value)
    assert "wrong-secret-9" not in str(caught.value.__cause__)
    assert server.sign_ins == [(USER, "wrong-secret-9")]
    with pytest.raises(SignInRefused):
        post.mailer.check()


def test_a_server_that_wants_a_sign_in_that_was_not_made_asks_for_a_person(
    server: SmtpServer, ca_file: str
) -> None:
    with pytest.raises(SignInRefused):
        Post(server, ca_file, secret="").send()


def test_the_older_way_of_signing_in_works(leaf: Leaf, ca_file: str) -> None:
    with SmtpServer(leaf, users={USER: SECRET}, mechanisms=("LOGIN",)) as server:
        assert Post(server, ca_file).send()
        assert server.sign_ins == [(USER, SECRET)]
        with pytest.raises(SignInRefused):
            Post(server, ca_file, secret="wrong").send()


def test_a_way_of_signing_in_that_we_do_not_know_is_said(leaf: Leaf, ca_file: str) -> None:
    with (
        SmtpServer(leaf, users={USER: SECRET}, mechanisms=("GSSAPI",)) as server,
        pytest.raises(SignInRefused, match="GSSAPI"),
    ):
        Post(server, ca_file).send()


def test_a_relay_that_asks_for_nothing_gets_no_password(leaf: Leaf, ca_file: str) -> None:
    with SmtpServer(leaf) as server:
        assert Post(server, ca_file).send()
        assert server.received[0].user == ""


def test_check_signs_in_and_sends_nothing(server: SmtpServer, ca_file: str) -> None:
    assert Post(server, ca_file).mailer.check() == "localhost"
    assert server.sign_ins == [(USER, SECRET)]
    assert server.received == []


def test_a_mail_that_is_too_big_is_refused_before_it_is_sent(leaf: Leaf, ca_file: str) -> None:
    with SmtpServer(leaf, users={USER: SECRET}, size=2_000_000) as server:
        post = Post(server, ca_file)
        with pytest.raises(SendRefused, match=r"3\.0 MB and the server takes 2\.0 MB"):
            post.send(b"x" * 3_000_000)
        assert post.committed == 0
        assert post.mailer.takes == 2_000_000, "so that the next one is refused before it is queued"


def test_letters_beyond_ascii_before_the_at_need_a_server_that_knows_them(
    leaf: Leaf, ca_file: str
) -> None:
    to = ("jürgen@straße.example",)
    with SmtpServer(leaf, users={USER: SECRET}) as plain:
        with pytest.raises(SendRefused, match="such letters"):
            Post(plain, ca_file).send(to=to)
        assert Post(plain, ca_file).send(to=("ben@straße.example",))
        assert plain.received[0].recipients == ("ben@xn--strae-oqa.example",)
    with SmtpServer(leaf, users={USER: SECRET}, smtputf8=True) as modern:
        assert Post(modern, ca_file).send(to=to)
        assert modern.received[0].recipients == ("jürgen@xn--strae-oqa.example",)
        assert "SMTPUTF8" in modern.received[0].options
        assert Post(modern, ca_file).send()
        assert "SMTPUTF8" not in modern.received[1].options


def test_a_server_without_encryption_gets_neither_password_nor_mail(ca_file: str) -> None:
    with SmtpServer(security="none", users={USER: SECRET}) as server:
        with pytest.raises(SignInRefused, match="offers no encryption"):
            Post(server, ca_file).send()
        assert server.sign_ins == []


def test_an_authority_that_is_not_ours_is_rejected(server: SmtpServer) -> None:
    with pytest.raises(CertificateRejected, match="localhost"):
        Post(server, "").send()
    assert server.sign_ins == []


def test_a_certificate_of_another_name_or_of_last_year_is_rejected(
    authority: Authority, ca_file: str
) -> None:
    for bad in (
        authority.leaf("elsewhere.example", stem="elsewhere"),
        authority.leaf(expired=True, stem="expired"),
    ):
        with SmtpServer(bad) as server, pytest.raises(CertificateRejected, match="localhost"):
            Post(server, ca_file).send()


def test_a_port_that_speaks_in_the_clear_is_told_apart(ca_file: str) -> None:
    with (
        SmtpServer(security="none") as server,
        pytest.raises(SendDelayed, match="465 goes with tls"),
    ):
        Post(server, ca_file, smtp_security="tls").send()


def test_a_ca_file_that_is_none_is_named(server: SmtpServer, tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="ca_file"):
        Post(server, str(tmp_path / "missing.pem")).send()


def test_nobody_who_answers_is_a_delay(ca_file: str) -> None:
    with SmtpServer(security="none") as server:
        port = server.port
    post = Post(server, ca_file, smtp_port=str(port))
    with pytest.raises(SendDelayed, match="does not answer"):
        post.send()


class Dripping:
    """A server that says a letter every tenth of a second and never ends its line."""

    def __enter__(self) -> Dripping:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._drip, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._stop.set()
        self._thread.join(60)
        self._socket.close()

    def _drip(self) -> None:
        client, _ = self._socket.accept()
        with client:
            while not self._stop.wait(0.1):
                try:
                    client.sendall(b"2")
                except OSError:
                    return
