"""Dovecot: a real IMAP server over TLS for tests, one a session, with a fresh user for each test.

Runs as root and without. Mails are put straight into the Maildir, which is how thousands get
there in a second. `kick`, `frozen` and `change_uid_validity` are the faults that a server has.
"""

from __future__ import annotations

import grp
import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.certificates import Authority
from tests.support.processes import wait_until

_PROGRAM = shutil.which("dovecot") or "/usr/sbin/dovecot"
_DOVEADM = shutil.which("doveadm") or "/usr/bin/doveadm"
_FOLDERS = ("Sent", "Drafts", "Trash", "Junk", "Archive")
_START, _STOP = 60.0, 20.0  # seconds
_READY = 500  # users that are there from the start
_PASSWORD = "secret word"

_SETTINGS = """\
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/dovecot.log
protocols = imap
listen = 127.0.0.1
default_login_user = {login_user}
default_internal_user = {internal_user}
default_internal_group = {internal_group}
mail_max_userip_connections = {connections}
imap_idle_notify_interval = 10s
auth_failure_delay = 0
mail_fsync = never
rawlog_dir = {base}/heard/%u
mail_uid = {mail_user}
mail_gid = {mail_group}
first_valid_uid = 1
last_valid_uid = 0
first_valid_gid = 1
mail_location = maildir:~/Maildir
maildir_stat_dirs = yes
mail_plugins = zlib notify
ssl = yes
ssl_cert = <{base}/server.crt
ssl_key = <{base}/server.key
ssl_dh =
disable_plaintext_auth = yes
auth_mechanisms = plain login {token_mechanisms}
{token_passdb}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {base}/users
}}
userdb {{
  driver = static
  args = uid={mail_user} gid={mail_group} home={base}/home/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
{mailboxes}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {plain_port}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {tls_port}
    ssl = yes
  }}
}}
protocol imap {{
  mail_plugins = $mail_plugins imap_zlib
{capability}
}}
"""

_TOKEN_PASSDB = """\
passdb {{
  driver = oauth2
  mechanisms = {mechanisms}
  args = {base}/oauth2.conf.ext
}}
"""
_INTROSPECTION = """\
introspection_mode = post
introspection_url = {url}
force_introspection = yes
username_attribute = username
active_attribute = active
active_value = true
scope = imap
timeout_msecs = 3000
"""


def is_installed() -> bool:
    """Whether this machine has a Dovecot to start."""
    return Path(_PROGRAM).exists()


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A user of the server and the way to put mails into its folders."""

    server: DovecotServer
    user: str
    password: str

    @property
    def maildir(self) -> Path:
        """Where the INBOX lies on the disk."""
        return self.server.base / "home" / self.user / "Maildir"

    def settings(self, **more: str) -> dict[str, str]:
        """What `account add imap ... --set` would be told."""
        return {
            "address": f"{self.user}@example.com",
            "user": self.user,
            "host": "localhost",
            "port": str(self.server.tls_port),
            "security": "tls",
            "ca_file": str(self.server.ca_file),
            **more,
        }

    def add(self, mails: Iterable[bytes], *, folder: str = "", at: datetime | None = None) -> int:
        """Deliver mails in this order; how many there were. `at` is when they arrived."""
        place = self.maildir / f".{folder}" if folder else self.maildir
        for part in (self.maildir, place):
            for name in ("cur", "new", "tmp"):
                (part / name).mkdir(parents=True, exist_ok=True)
        count = 0
        for mail in mails:
            number = next(self.server.numbers)
            path = place / "new" / f"{1_700_000_000 + number}.M{number:06d}P1.test"
            path.write_bytes(mail)
            if at is not None:
                os.utime(path, (at.timestamp(), at.timestamp()))
            count += 1
        self.server.own(self.maildir.parent)
        return count

    def files(self, folder: str = "") -> list[Path]:
        """The files of the folder's mails, oldest first."""
        place = self.maildir / f".{folder}" if folder else self.maildir
        found = [path for name in ("cur", "new") for path in (place / name).glob("*")]
        return sorted(found, key=lambda path: path.name)

    def listen(self) -> None:
        """From the next connection on, keep what the server is told."""
        place = self.server.base / "heard" / self.user
        place.mkdir()
        self.server.own(place)

    def heard(self) -> list[str]:
        """The commands that the server was told, one connection after the other."""
        files = sorted((self.server.base / "heard" / self.user).glob("*.in"))
        return [line for file in files for line in file.read_text(errors="replace").splitlines()]

    def adm(self, *words: str) -> str:
        """Run doveadm for this user and return what it prints."""
        return self.server.adm(words[0], *words[1:2], "-u", self.user, *words[2:])

    def change_uid_validity(self, value: int, folder: str = "INBOX") -> None:
        """Let the folder start counting anew (RFC 3501 2.3.1.1)."""
        self.adm("mailbox", "update", "--uid-validity", str(value), folder)

    def kick(self) -> None:
        """Throw the user's connections out, and see them gone: the server says so before it is so,
        and a busy one knows of a new connection only after a while."""
        wait_until(self._connections, what="the server knows of a connection")
        there = self._connections()
        self.server.adm("kick", self.user)
        wait_until(lambda: not any(map(_lives, there)), what="the connections are gone")

    def _connections(self) -> list[int]:
        """The processes of the server that talk with this user."""
        lines = self.server.adm("who", "-1", self.user).splitlines()[1:]
        return [int(line.split()[2]) for line in lines]


class DovecotServer:
    """The server; a context manager. The plain port offers STARTTLS.

    With `introspection` (an address that knows tokens) it takes them, by these `mechanisms`.
    """

    def __init__(
        self,
        *,
        connections: int = 50,
        introspection: str = "",
        mechanisms: tuple[str, ...] = ("xoauth2", "oauthbearer"),
        offers: str = "",
    ) -> None:
        """`offers`: what it says that it can do, instead of all that it can."""
        self._offers = offers
        self._introspection = introspection
        self._mechanisms = " ".join(mechanisms) if introspection else ""
        self.base = Path(tempfile.mkdtemp(prefix="dovecot-", dir="/tmp"))
        self.numbers = itertools.count(1)
        self._users = itertools.count(1)
        self._connections = connections
        self._process: subprocess.Popen[bytes] | None = None
        self.plain_port, self.tls_port = _free_ports(2)

    def __enter__(self) -> Self:
        self.base.chmod(0o755)
        self.authority = authority = Authority(self.base)
        authority.leaf()
        self.ca_file = authority.ca_file
        names = (_name(number) for number in range(1, _READY + 1))
        (self.base / "users").write_text("".join(_entry(name, _PASSWORD) for name in names))
        for name in ("home", "heard"):
            (self.base / name).mkdir()
            self.own(self.base / name)
        if self._introspection:
            words = _INTROSPECTION.format(url=self._introspection)
            (self.base / "oauth2.conf.ext").write_text(words)
        self._configuration.write_text(self._settings())
        self._process = subprocess.Popen(
            [_PROGRAM, "-F", "-c", str(self._configuration)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            self._wait_until_greeted()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        shutil.rmtree(self.base, ignore_errors=True)

    @property
    def _configuration(self) -> Path:
        return self.base / "dovecot.conf"

    @property
    def log(self) -> str:
        """What the server wrote down."""
        path = self.base / "dovecot.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def user(self, *, password: str = "") -> Mailbox:
        """A new user with an empty mailbox. One with a password of its own takes a second."""
        name = _name(next(self._users) + (_READY if password else 0))
        if password:
            with (self.base / "users").open("a", encoding="utf-8") as users:
                users.write(_entry(name, password))
            time.sleep(1.1)  # the server looks at the file at most once a second
        home = self.base / "home" / name
        home.mkdir()
        self.own(home)
        return Mailbox(self, name, password or _PASSWORD)

    def adm(self, *words: str) -> str:
        """Run doveadm and return what it prints."""
        done = subprocess.run(
            [_DOVEADM, "-c", str(self._configuration), *words],
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return done.stdout

    def own(self, path: Path) -> None:
        """Give a folder to the user as whom the server works."""
        if os.getuid():
            return
        mail = pwd.getpwnam("mail")
        for one in (path, *path.rglob("*")):
            with suppress(FileNotFoundError):  # the server has moved it from new/ to cur/
                os.chown(one, mail.pw_uid, mail.pw_gid)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """The server says nothing and keeps its connections, as behind a dead router."""
        pids = self._family()
        try:
            _tell(pids, signal.SIGSTOP)
            yield
        finally:
            _tell(pids, signal.SIGCONT)

    def stop(self) -> None:
        """End the server and its workers."""
        if self._process is None:
            return
        family = self._family()
        self._process.terminate()
        try:
            self._process.wait(_STOP)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(_STOP)
            _tell(family, signal.SIGKILL)
        self._process = None

    def _family(self) -> list[int]:
        assert self._process is not None
        found, waiting = [], [self._process.pid]
        while waiting:
            pid = waiting.pop()
            found.append(pid)
            with suppress(OSError):  # one of them ended while we looked
                for task in Path(f"/proc/{pid}/task").iterdir():
                    children = task / "children"
                    waiting.extend(int(child) for child in children.read_text().split())
        return found

    def _settings(self) -> str:
        root = os.getuid() == 0
        user = pwd.getpwuid(os.getuid()).pw_name if not root else ""
        group = grp.getgrgid(os.getgid()).gr_name if not root else ""
        mailboxes = "\n".join(
            f"  mailbox {name} {{\n    auto = subscribe\n    special_use = \\{name}\n  }}"
            for name in _FOLDERS
        )
        return _SETTINGS.format(
            base=self.base,
            login_user=user or "dovenull",
            internal_user=user or "dovecot",
            internal_group=group or "dovecot",
            mail_user=user or "mail",
            mail_group=group or "mail",
            connections=self._connections,
            capability=f"  imap_capability = {self._offers}" if self._offers else "",
            mailboxes=mailboxes,
            token_mechanisms=self._mechanisms,
            token_passdb=_TOKEN_PASSDB.format(mechanisms=self._mechanisms, base=self.base)
            if self._mechanisms
            else "",
            plain_port=self.plain_port,
            tls_port=self.tls_port,
        )

    def _wait_until_greeted(self) -> None:
        assert self._process is not None
        end = time.monotonic() + _START
        while time.monotonic() < end and self._process.poll() is None:
            with (
                suppress(OSError),
                socket.create_connection(("127.0.0.1", self.plain_port), timeout=1) as line,
            ):
                line.settimeout(30)
                if line.recv(64).startswith(b"* OK"):
                    return
            time.sleep(0.02)
        raise RuntimeError(f"Dovecot did not start:\n{self.log[-2000:]}")


def _tell(pids: Iterable[int], what: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, what)


def _lives(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def _name(number: int) -> str:
    return f"user{number}"


def _entry(name: str, password: str) -> str:
    return f"{name}:{{PLAIN}}{password}::::::\n"


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return ports
