"""Courier: an IMAP server of another make than Dovecot, for the plain path of a mailbox.

Debian lets only one IMAP server be installed, so its program lies unpacked in build/courier
(build_scripts/check.py brings it). Its own sign-in needs a system service: the greeting and LOGIN
are played here, over TLS, and all that follows is Courier's own, one process a connection.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import Self

from app.domain.account import Account
from tests.support.certificates import Authority
from tests.support.imap_script import account_at, tls_context

ROOT = Path(__file__).parents[2] / "build" / "courier"
PROGRAM = ROOT / "usr" / "bin" / "imapd"
_CAPABILITIES = "IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=REFERENCES SORT QUOTA IDLE"
PASSWORD = "secret word"


def is_there() -> bool:
    """Whether it was unpacked on this machine."""
    return PROGRAM.exists()


class CourierServer:
    """The server with one mailbox; a context manager."""

    def __init__(self) -> None:
        self.base = Path(tempfile.mkdtemp(prefix="courier-", dir="/tmp"))
        self.maildir = self.base / "Maildir"
        self.sign_ins: list[bytes] = []
        self._numbers = iter(range(1, 1_000_000))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._running: list[subprocess.Popen[bytes]] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self.base.chmod(0o755)
        self._authority = Authority(self.base)
        self._tls = tls_context(self._authority)
        for name in ("cur", "new", "tmp"):
            (self.maildir / name).mkdir(parents=True)
        self._own()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for one in self._running:
            one.kill()
            one.wait(60)
        self._thread.join(60)
        shutil.rmtree(self.base, ignore_errors=True)

    def account(self, **settings: str) -> Account:
        """The account of its one user."""
        return account_at(self.port, self._authority, **settings)

    def add(self, *mails: bytes) -> None:
        """Deliver mails in this order."""
        for mail in mails:
            number = next(self._numbers)
            path = self.maildir / "new" / f"{1_700_000_000 + number}.M{number:06d}P1.test"
            path.write_bytes(mail)
        self._own()

    def files(self, folder: str = "") -> list[Path]:
        """The files of a folder's mails; what Courier has noted stands in their names."""
        place = self.maildir / folder if folder else self.maildir
        return sorted(path for name in ("cur", "new") for path in (place / name).glob("*"))

    def _own(self) -> None:
        if os.getuid() == 0:
            mail = pwd.getpwnam("mail")
            for one in (self.base, *self.base.rglob("*")):
                with suppress(FileNotFoundError):
                    os.chown(one, mail.pw_uid, mail.pw_gid)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                plain, _ = self._listener.accept()
                threading.Thread(target=self._talk, args=(plain,), daemon=True).start()

    def _talk(self, plain: socket.socket) -> None:
        with (
            suppress(OSError, ssl.SSLError),
            self._tls.wrap_socket(plain, server_side=True) as line,
        ):
            line.sendall(b"* OK [CAPABILITY %s] ready\r\n" % _CAPABILITIES.encode())
            if self._lets_in(line):
                self._pass_on(line)

    def _lets_in(self, line: ssl.SSLSocket) -> bool:
        while command := _line(line):
            tag, _, rest = command.strip().partition(b" ")
            word = rest.split(b" ")[0].upper()
            if word == b"LOGIN":
                self.sign_ins.append(rest)
                if PASSWORD.encode() in rest:
                    line.sendall(tag + b" OK LOGIN Ok.\r\n")
                    return True
                line.sendall(tag + b" NO Login failed.\r\n")
            elif word == b"CAPABILITY":
                said = b"* CAPABILITY %s\r\n" % _CAPABILITIES.encode()
                line.sendall(said + tag + b" OK done\r\n")
            else:
                line.sendall(tag + b" OK done\r\n")
        return False

    def _pass_on(self, line: ssl.SSLSocket) -> None:
        """Everything to Courier and back, but for its greeting."""
        theirs, ours = socket.socketpair()
        libraries = ":".join(
            str(ROOT / "usr" / "lib" / name)
            for name in ("", "x86_64-linux-gnu", "aarch64-linux-gnu", "courier-authlib")
        )
        server = subprocess.Popen(
            [PROGRAM, "Maildir"],
            stdin=theirs.fileno(),
            stdout=theirs.fileno(),
            stderr=subprocess.DEVNULL,
            cwd=self.base,
            user="mail" if os.getuid() == 0 else None,
            group="mail" if os.getuid() == 0 else None,
            env={
                "LD_LIBRARY_PATH": libraries,
                "PATH": "/usr/bin:/bin",
                "HOME": str(self.base),
                "IMAP_CAPABILITY": _CAPABILITIES,
                "MAILDIRPATH": "Maildir",
                "IMAP_CHECK_ALL_FOLDERS": "0",
                "IMAP_USELOCKS": "1",
            },
        )
        theirs.close()
        self._running.append(server)
        with ours:
            _line(ours)  # "* PREAUTH": it was let in by us
            there = threading.Thread(target=_pump, args=(line, ours), daemon=True)
            there.start()
            _pump(ours, line)
            server.kill()
            server.wait(60)
            with suppress(OSError):
                ours.shutdown(socket.SHUT_RDWR)
            there.join(60)


def _line(source: socket.socket) -> bytes:
    """The next line, byte by byte: what follows it belongs to somebody else."""
    found = b""
    while not found.endswith(b"\n"):
        piece = source.recv(1)
        if not piece:
            return b""
        found += piece
    return found


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError, ValueError):
        while piece := source.recv(65_536):
            target.sendall(piece)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
