"""Servers that are not there, not who they say, or not to be trusted: each over real sockets."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from app.domain.account import Account, AccountType
from app.domain.errors import Busy, CertificateRejected, KnownError, SignInRefused, Unreachable
from app.mail.gateway import Gateway
from app.mail.imap_server import ImapServer
from app.mail.limits import USUAL, Limits
from tests.support.certificates import Authority
from tests.support.imap_script import ANSWERS, CAPABLE, ScriptedServer, tls_context


@contextmanager
def serving(
    *, greeting: bytes = CAPABLE, tls: ssl.SSLContext | None = None, **answers: bytes
) -> Iterator[ScriptedServer]:
    by_word = {word.upper().encode(): answer for word, answer in answers.items()}
    server = ScriptedServer(greeting, by_word, tls)
    try:
        yield server
    finally:
        server.close()


def settings(port: int, *, security: str = "starttls", host: str = "127.0.0.1", ca: str = ""):
    return ImapServer(host=host, port=port, security=security, user="shop@example.com", ca_file=ca)


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path / "ca")


def refused(server: ImapServer, limits: Limits = USUAL) -> KnownError:
    with pytest.raises(KnownError) as caught:
        Gateway(server, limits=limits)
    return caught.value


def test_where_nobody_listens_the_host_and_the_port_are_named():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    error = refused(settings(port, security="tls"))
    assert isinstance(error, Unreachable)
    assert error.retry
    assert error.sentence.startswith("127.0.0.1 does not answer. There is no mail server at 127.")


def test_a_name_that_does_not_exist_is_said():
    """Case 122: nobody knows the name."""
    error = refused(settings(993, host="no-such-host.invalid", security="tls"))
    assert isinstance(error, Unreachable)
    assert "no-such-host.invalid" in error.title


def test_a_host_that_accepts_and_says_nothing_is_given_up_in_time():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        error = refused(settings(silent.getsockname()[1], security="tls"), Limits(connect=0.3))
    assert isinstance(error, Unreachable)
    assert error.title == "127.0.0.1 does not answer"


def test_the_limits_are_fifteen_seconds_to_connect_and_a_minute_to_answer():
    assert (USUAL.connect, USUAL.answer) == (15.0, 60.0)


@pytest.mark.parametrize(
    ("names", "expired", "why"),
    [
        (("imap.elsewhere.example",), False, "another"),
        (("127.0.0.1",), True, "has expired"),
    ],
)
def test_a_certificate_that_does_not_fit_is_rejected_with_the_reason(
    authority, names, expired, why
):
    context = tls_context(authority, *names, expired=expired)
    with serving(tls=context) as server:
        error = refused(settings(server.port, security="tls", ca=str(authority.ca_file)))
    assert isinstance(error, CertificateRejected)
    assert error.title == "127.0.0.1 could not prove who it is"
    assert why in error.message
    assert server.heard == []


def test_a_certificate_that_signed_itself_is_rejected(authority, tmp_path):
    other = Authority(tmp_path / "other", name="other")
    with serving(tls=tls_context(other)) as server:
        error = refused(settings(server.port, security="tls", ca=str(authority.ca_file)))
    assert isinstance(error, CertificateRejected)


def test_a_server_without_tls_on_a_tls_port_is_said():
    """Case 122: as a captive portal would speak."""
    with serving() as server:
        error = refused(settings(server.port, security="tls"))
    assert isinstance(error, Unreachable)
    assert error.title == "No safe connection to 127.0.0.1"
    assert "starttls" in error.hint


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_server_that_lets_us_in_without_asking_is_refused_before_anything_is_said(
    authority, security
):
    tls = tls_context(authority) if security == "tls" else None
    with serving(greeting=b"* PREAUTH welcome\r\n", tls=tls) as server:
        error = refused(settings(server.port, security=security, ca=str(authority.ca_file)))
    assert "without a password" in error.title
    assert not any(b"LOGIN" in line or b"AUTH" in line for line in server.heard)


def test_a_server_that_offers_no_encryption_gets_no_password():
    with serving(
        capability=b"* CAPABILITY IMAP4rev1\r\n%s OK done\r\n", greeting=b"* OK done\r\n"
    ) as server:
        error = refused(settings(server.port))
    assert error.title == "127.0.0.1 offers no encryption"
    assert all(b"CAPABILITY" in line for line in server.heard)


@pytest.mark.parametrize(
    "answer", [b"%s NO not today\r\n", b"%s BAD what\r\n", b"* BYE\r\n", b""], ids=str
)
def test_a_server_that_refuses_encryption_gets_no_password(answer):
    with serving(starttls=answer) as server:
        error = refused(settings(server.port))
    assert isinstance(error, KnownError)
    assert not any(b"LOGIN" in line or b"AUTHENTICATE" in line for line in server.heard)


def test_nothing_that_was_said_before_encryption_is_kept(authority):
    """Anybody on the way could have said it (NO STARTTLS, "mailbox forging")."""
    forged = b'* LIST () "/" "Click me"\r\n* 99 EXISTS\r\n'
    context = tls_context(authority)

    class Upgrading(ScriptedServer):
        def _talk(self, line: socket.socket) -> None:
            line.sendall(CAPABLE + forged)
            for command in iter(lambda: line.recv(200), b""):
                tag = command.split(b" ")[0]
                if b"STARTTLS" in command:
                    line.sendall(forged + tag + b" OK go\r\n")
                    break
                line.sendall(forged + ANSWERS[b"CAPABILITY"].replace(b"%s", tag))
            with context.wrap_socket(line, server_side=True) as safe:
                for command in safe.makefile("rb"):
                    tag, _, rest = command.strip().partition(b" ")
                    listed = b'* LIST () "/" "INBOX"\r\n' if rest.startswith(b"LIST") else b""
                    more = b"* CAPABILITY IMAP4rev1\r\n" if rest.startswith(b"CAPA") else b""
                    safe.sendall(listed + more + tag + b" OK done\r\n")

    server = Upgrading(CAPABLE, {}, None)
    found = Gateway(settings(server.port, ca=str(authority.ca_file)))
    found.sign_in("secret")
    assert found.list_folders() == ("INBOX",)
    found.close()
    server.close()


@pytest.mark.parametrize(
    "greeting", [b"* BYE go away\r\n", b"220 smtp.example ESMTP\r\n", b"\r\n", b"\xff\xfe\r\n"]
)
def test_a_greeting_that_is_no_welcome_is_said_calmly(authority, greeting):
    with serving(greeting=greeting, tls=tls_context(authority)) as server:
        error = refused(settings(server.port, security="tls", ca=str(authority.ca_file)))
    assert "127.0.0.1" in error.title


@pytest.fixture
def talking(authority):
    """A gateway to a scripted server, by the answers it should give."""
    opened: list[Gateway] = []
    servers: list[ScriptedServer] = []

    def talk(*, limits: Limits = USUAL, **answers: bytes) -> Gateway:
        by_word = {word.upper().encode(): answer for word, answer in answers.items()}
        server = ScriptedServer(CAPABLE, by_word, tls_context(authority))
        servers.append(server)
        place = settings(server.port, security="tls", ca=str(authority.ca_file))
        opened.append(Gateway(place, limits=limits))
        return opened[-1]

    yield talk
    for one in opened:
        one.close()
    for server in servers:
        server.close()


def test_a_refused_password_is_not_in_the_error_even_if_the_server_repeats_it(talking):
    found = talking(login=b"%s NO LOGIN shop@example.com hunter2 failed\r\n")
    with pytest.raises(SignInRefused) as caught:
        found.sign_in("hunter2")
    assert "hunter2" not in caught.value.sentence


@pytest.mark.parametrize(
    "answer",
    [
        b"%s NO [UNAVAILABLE] later\r\n",
        b"%s NO [LIMIT] Maximum number of connections from user+IP exceeded\r\n",
        b"%s NO Too many simultaneous connections\r\n",
        b"* BYE Temporary System Error\r\n",
    ],
)
def test_a_busy_server_is_not_taken_for_a_wrong_password(talking, answer):
    found = talking(login=answer)
    with pytest.raises(Unreachable) as caught:
        found.sign_in("secret")
    assert caught.value.retry


@pytest.mark.parametrize(
    "answer",
    [
        b"%s NO [AUTHENTICATIONFAILED] Incorrect password. Please try again.\r\n",
        b"%s NO [AUTHENTICATIONFAILED] Too many invalid logins\r\n",
        b"%s NO [AUTHENTICATIONFAILED] Account temporarily locked\r\n",
        b"%s NO [EXPIRED] Your password has expired, please try again with a new one\r\n",
        b"%s NO [AUTHORIZATIONFAILED] Temporarily disabled by the administrator\r\n",
        b"%s NO Too many invalid logins\r\n",
        b"%s NO Too many failed login attempts, please try again later\r\n",
        b"%s NO Invalid credentials, please try again\r\n",
    ],
)
def test_a_wrong_password_is_no_busy_server_however_kindly_it_is_refused(talking, answer):
    """Whoever knocks on with it is locked out by the provider."""
    found = talking(login=answer)
    with pytest.raises(SignInRefused) as caught:
        found.sign_in("secret")
    assert not caught.value.retry


@pytest.mark.parametrize(
    "answer",
    [
        b"%s NO [AUTHENTICATIONFAILED] Too many simultaneous connections\r\n",
        b"%s NO [AUTHENTICATIONFAILED] LOGIN Rate limit hit\r\n",
        b"%s NO [AUTHENTICATIONFAILED] Temporary authentication failure\r\n",
        b"%s NO [LIMIT] Too many login attempts\r\n",
        b"%s NO Temporary authentication failure, try again\r\n",
    ],
)
def test_a_provider_that_says_authentication_failed_of_a_crowd_is_only_busy(talking, answer):
    found = talking(login=answer)
    with pytest.raises(Busy):
        found.sign_in("secret")


@pytest.mark.parametrize(
    "answer",
    [
        b'* LIST () "/" {4294967295}\r\nx\r\n%s OK done\r\n',
        b"* LIST (((((\r\n%s OK done\r\n",
        b'* LIST () "/" "\r\n%s OK done\r\n',
        b"* " + b"x" * 1_100_000 + b"\r\n%s OK done\r\n",
        b"\0\0\0\r\n",
        b"",
    ],
    ids=["huge literal", "brackets", "open quote", "endless line", "no imap", "gone"],
)
def test_answers_that_are_no_imap_are_a_known_error(talking, answer):
    found = talking(login=b"%s OK done\r\n", list=answer)
    found.sign_in("secret")
    with pytest.raises(KnownError) as caught:
        found.list_folders()
    assert "127.0.0.1" in caught.value.title


def test_a_server_that_only_drips_is_left_after_a_while(talking):
    limits = Limits(whole=0.5)
    found = talking(limits=limits, login=b"%s OK done\r\n", list=b"* OK a beginning without an end")
    found.sign_in("secret")
    with pytest.raises(Unreachable):
        found.list_folders()


def test_a_provider_that_wants_to_know_who_reads_is_told_our_name_after_the_sign_in(authority):
    server = ScriptedServer(
        b"* OK ready\r\n",
        {
            b"CAPABILITY": b"* CAPABILITY IMAP4rev1 ID\r\n%s OK done\r\n",
            b"LOGIN": b"%s OK in\r\n",
            b"ID": b"* ID NIL\r\n%s OK done\r\n",
        },
        tls_context(authority),
    )
    try:
        of_163 = ImapServer(
            host="localhost",
            port=server.port,
            security="tls",
            user="shop",
            ca_file=str(authority.ca_file),
            wants_id=True,
        )
        gateway = Gateway(of_163)
        gateway.sign_in("secret")
        gateway.close()
    finally:
        server.close()
    said = [line.split(b" ", 1)[1].split(b" ")[0] for line in server.heard]
    assert said.index(b"LOGIN") < said.index(b"ID")
    assert ImapServer.of(_account("shop@163.com")).wants_id


def _account(address: str) -> Account:
    settings = {"address": address}
    return Account(id=1, name="Shop", type=AccountType.IMAP, settings=settings)
