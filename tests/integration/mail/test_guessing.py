"""The servers of an address that no preset knows are found by trying, over real TLS."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import closing

import pytest

from app.domain.errors import NotFound
from app.mail.guessing import Edge, servers_of
from tests.support.certificates import Authority
from tests.support.imap_script import ScriptedServer, tls_context

GREETING = b"* OK ready\r\n"


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path / "ca")


def edge(
    authority: Authority,
    *,
    imap: int,
    smtp: int = 1,
    known: str = "imap mail smtp",
    deadline: float = 60.0,
) -> Edge:
    def resolve(host: str) -> str:
        if host.partition(".")[0] not in known.split():
            raise socket.gaierror(-2, "Name or service not known")
        return "127.0.0.1"

    return Edge(
        resolve=resolve,
        imap_port=imap,
        smtp_port=smtp,
        ca_file=str(authority.ca_file),
        deadline=deadline,
    )


def serving(authority: Authority, *names: str, greeting: bytes = GREETING) -> ScriptedServer:
    return ScriptedServer(greeting, {}, tls_context(authority, *names))


def in_vain(edge: Edge) -> str:
    """What is said to have been tried where nothing was found."""
    with pytest.raises(NotFound) as caught:
        servers_of("a@my-shop.example", edge=edge)
    return caught.value.message


def test_the_server_that_proves_its_name_is_found_and_sending_beside_it(authority):
    imap = serving(authority, "imap.my-shop.example")
    smtp = serving(authority, "smtp.my-shop.example", greeting=b"220 ready\r\n")
    try:
        found = servers_of(
            "Ada@My-Shop.example", edge=edge(authority, imap=imap.port, smtp=smtp.port)
        )
    finally:
        imap.close()
        smtp.close()
    assert found["host"] == "imap.my-shop.example"
    assert (found["smtp_host"], found["smtp_security"]) == ("smtp.my-shop.example", "tls")


def test_mail_is_tried_where_imap_does_not_exist(authority):
    server = serving(authority, "mail.my-shop.example")
    try:
        found = servers_of(
            "a@my-shop.example", edge=edge(authority, imap=server.port, known="mail")
        )
    finally:
        server.close()
    assert found["host"] == found["smtp_host"] == "mail.my-shop.example"
    assert (found["smtp_port"], found["smtp_security"]) == ("587", "starttls")


def test_a_server_that_proves_another_name_is_not_believed_and_what_was_tried_is_said(authority):
    server = serving(authority, "shared-host.example")
    try:
        with pytest.raises(NotFound) as caught:
            servers_of("a@my-shop.example", edge=edge(authority, imap=server.port, known="imap"))
    finally:
        server.close()
    assert "imap.my-shop.example shows a certificate of another name" in caught.value.message
    assert "mail.my-shop.example does not exist" in caught.value.message
    assert "host=" in caught.value.hint


def test_what_greets_as_something_else_is_no_mail_server(authority):
    server = serving(authority, "imap.my-shop.example", greeting=b"HTTP/1.1 400 Bad\r\n")
    try:
        with pytest.raises(NotFound, match="is no mail server"):
            servers_of("a@my-shop.example", edge=edge(authority, imap=server.port, known="imap"))
    finally:
        server.close()


def test_a_server_that_says_nothing_is_given_up_after_a_short_time(authority):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(NotFound, match="does not answer"):
            servers_of(
                "a@my-shop.example", edge=edge(authority, imap=port, known="imap", deadline=0.3)
            )


@pytest.mark.parametrize("address", ["a@", "a@localhost", "a@bad domain.example", "a@x..example"])
def test_what_is_no_domain_is_not_dialled(address):
    with pytest.raises(NotFound, match="no whole address"):
        servers_of(address)


def test_a_known_provider_that_stands_behind_an_own_domain_is_told_by_its_certificate(authority):
    """As most shops' domains lie: mail.my-shop.example leads to the provider's own machine."""
    server = serving(authority, "www17.your-server.de", "*.your-server.de")
    try:
        found = servers_of("a@my-shop.example", edge=edge(authority, imap=server.port))
    finally:
        server.close()
    assert found["host"] == "mail.your-server.de"
    assert found["user"] == "a@my-shop.example"


def test_a_certificate_that_nobody_vouches_for_names_no_provider(authority, tmp_path):
    """Whoever answers could write any name into it."""
    with closing(serving(Authority(tmp_path / "stranger"), "imap.gmail.com")) as server:
        assert "could not prove who it is" in in_vain(edge(authority, imap=server.port))


def test_without_the_internet_no_server_is_said_not_to_exist():
    def resolve(host: str) -> str:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    said = in_vain(Edge(resolve=resolve))
    assert "connected to the internet?" in said
    assert "does not exist" not in said


def test_an_own_server_that_signed_for_itself_is_not_said_to_have_another_name(authority, tmp_path):
    with closing(serving(Authority(tmp_path / "own"), "imap.my-shop.example")) as server:
        said = in_vain(edge(authority, imap=server.port, known="imap"))
    assert "imap.my-shop.example could not prove who it is" in said


@pytest.mark.skipif(not hasattr(socket, "EAI_NODATA"), reason="this system does not tell it apart")
def test_a_name_without_an_address_does_not_exist_for_us():
    """As a domain that has only mail exchangers: the connection to the internet is in order."""

    def resolve(host: str) -> str:
        raise socket.gaierror(socket.EAI_NODATA, "No address associated with hostname")

    said = in_vain(Edge(resolve=resolve))
    assert "does not exist" in said
    assert "internet" not in said


def test_a_name_that_is_looked_up_for_ever_holds_nobody_up():
    """As in a network that lets nothing out: the system's own look-up takes half a minute."""
    over = threading.Event()

    def resolve(host: str) -> str:
        over.wait(60)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    began = time.monotonic()
    with pytest.raises(NotFound, match="does not answer"):
        servers_of("a@my-shop.example", edge=Edge(resolve=resolve, deadline=0.2))
    assert time.monotonic() - began < 20
    over.set()
