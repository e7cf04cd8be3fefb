"""Scripted server: greets and answers as a test wants it, for dialects that no real one shows."""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import suppress

from app.domain.account import Account, AccountType
from tests.support.certificates import Authority

CAPABLE = b"* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n"
ANSWERS = {
    b"CAPABILITY": b"* CAPABILITY IMAP4rev1 STARTTLS\r\n%s OK done\r\n",
    b"NOOP": b"%s OK done\r\n",
}


class ScriptedServer:
    """Greets and answers each command by its first word; %s is the tag. Keeps what it was told."""

    def __init__(self, greeting: bytes, answers: dict[bytes, bytes], tls: ssl.SSLContext | None):
        self.heard: list[bytes] = []
        self._greeting = greeting
        self._answers = {**ANSWERS, **answers}
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self._listener.accept()
                with suppress(OSError), line:
                    self._talk(line)

    def _talk(self, line: socket.socket) -> None:
        line.settimeout(5)
        if self._tls:
            line = self._tls.wrap_socket(line, server_side=True)
        with line:
            line.sendall(self._greeting)
            for command in line.makefile("rb"):
                self.heard.append(command)
                tag, _, rest = command.strip().partition(b" ")
                answer = self._answers.get(rest.split(b" ")[0].upper(), b"%s BAD what\r\n")
                if answer == b"":
                    return
                line.sendall(answer.replace(b"%s", tag))

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits in accept
        self._listener.close()
        self._thread.join(60)


def tls_context(authority: Authority, *names: str, expired: bool = False) -> ssl.SSLContext:
    leaf = authority.leaf(*names, expired=expired)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(leaf.certificate, leaf.key)
    return context


def account_at(port: int, authority: Authority, **settings: str) -> Account:
    """The account of whoever signs in at a server that is played on this port, over TLS."""
    given = {
        "address": "shop@shop.example",
        "host": "localhost",
        "port": str(port),
        "security": "tls",
        "ca_file": str(authority.ca_file),
        **settings,
    }
    return Account(id=1, name="Shop", type=AccountType.IMAP, settings=given)
