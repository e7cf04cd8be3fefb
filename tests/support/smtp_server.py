"""A real SMTP server for tests: TLS or STARTTLS, sign-in, what arrived, and faults on demand.

    with SmtpServer(authority.leaf(), users={"shop@example.com": "secret"}) as server:
        server.fail("rcpt", "450 4.2.0 come back later")
        ... server.port, server.received

A fault has a stage: "connect", "mail", "rcpt", "data" (before the 354), "body" (the line breaks
while the body comes), "commit" (after the last dot, before the answer) or "auth".
"""

from __future__ import annotations

import asyncio
import base64
import logging
import re
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, Literal, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.support.certificates import Leaf
from tests.support.processes import PATIENCE

logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd tells each step, warnings too

Stage = Literal["connect", "auth", "mail", "rcpt", "data", "body", "commit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One mail that the server took whole; `content` is what stood between DATA and the dot."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    user: str
    options: tuple[str, ...]

    @property
    def mail(self) -> EmailMessage:
        """The mail, parsed."""
        return message_from_bytes(self.content, policy=default)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What happens instead at a stage: an answer, a broken line, or only a delay in seconds."""

    answer: str = ""
    drop: bool = False
    delay: float = 0.0


class SmtpServer:
    """Listens on a free port of 127.0.0.1 in a thread of its own until it is left.

    `security` is "tls" (from the first byte), "starttls" (required) or "none" (offers nothing).
    `size` is the limit that EHLO tells. Without `users` nobody has to sign in.
    `user_of` says whose an access token is, for the mechanisms XOAUTH2 and OAUTHBEARER.
    """

    def __init__(
        self,
        leaf: Leaf | None = None,
        *,
        security: Literal["tls", "starttls", "none"] = "tls",
        users: Mapping[str, str] | None = None,
        size: int = 10_000_000,
        smtputf8: bool = False,
        mechanisms: tuple[str, ...] = ("PLAIN", "LOGIN"),
        user_of: Callable[[str], str] | None = None,
    ) -> None:
        self.context = _context(leaf) if leaf else None
        self.security = security
        self.users = dict(users or {})
        self.size = size
        self.smtputf8 = smtputf8
        self.mechanisms = mechanisms
        self.user_of = user_of
        self.port = 0
        self.received: list[Received] = []
        self.connections = 0
        self.sign_ins: list[tuple[str, str]] = []
        self._faults: dict[Stage, Fault] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="smtp", daemon=True)
        self._server: asyncio.Server | None = None

    def __enter__(self) -> SmtpServer:
        self._thread.start()
        self._server = self._await(self._listen())
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        self._await(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(60)
        self._loop.close()

    @property
    def asks_who(self) -> bool:
        """Whether a client has to sign in."""
        return bool(self.users) or self.user_of is not None

    @property
    def settings(self) -> dict[str, str]:
        """The account settings that lead here; `ca_file` is the caller's to add."""
        return {
            "smtp_host": "localhost",
            "smtp_port": str(self.port),
            "smtp_security": "starttls" if self.security == "none" else self.security,
        }

    def fail(self, stage: Stage, answer: str) -> None:
        """Answer with this line at that stage, until `heal`."""
        self._faults[stage] = Fault(answer=answer)

    def drop(self, stage: Stage) -> None:
        """Break the line at that stage; at "commit" the mail has been taken nevertheless."""
        self._faults[stage] = Fault(drop=True)

    def slow(self, stage: Stage, seconds: float) -> None:
        """Let the client wait at that stage."""
        self._faults[stage] = Fault(delay=seconds)

    def heal(self) -> None:
        """No fault any more."""
        self._faults.clear()

    def wait_for(self, count: int, *, seconds: float = PATIENCE) -> list[Received]:
        """The mails received, once there are so many; fails after `seconds`."""
        deadline = time.monotonic() + seconds
        while len(self.received) < count:
            assert time.monotonic() < deadline, f"{len(self.received)} of {count} mails arrived"
            time.sleep(0.02)
        return list(self.received)

    def fault_at(self, stage: Stage) -> Fault:
        """What is to happen at that stage; a fault without any effect if nothing is."""
        return self._faults.get(stage, Fault())

    async def meet(self, stage: Stage, session: _Session) -> bool:
        """Do what the fault of this stage asks for; whether the stage is thereby over."""
        fault = self.fault_at(stage)
        await asyncio.sleep(fault.delay)
        if fault.drop:
            session.drop_line()
        if fault.answer:
            await session.push(fault.answer)
        return fault.drop or bool(fault.answer)

    async def _listen(self) -> asyncio.Server:
        tls = self.context if self.security == "tls" else None
        return await self._loop.create_server(
            lambda: _Session(self, loop=self._loop), "127.0.0.1", 0, ssl=tls
        )

    async def _close(self) -> None:
        assert self._server is not None
        self._server.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0)  # let the transports close behind their tasks

    def _await(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(PATIENCE)


def _context(leaf: Leaf) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(leaf.certificate, leaf.key)
    return context


class _Handler:
    """What aiosmtpd asks us."""

    def __init__(self, owner: SmtpServer) -> None:
        self._owner = owner

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, _envelope: Envelope, host: str, lines: list[str]
    ) -> list[str]:
        session.host_name = host
        assert server.transport is not None
        encrypted = server.transport.get_extra_info("ssl_object") is not None
        kept = [line for line in lines if not line.startswith("250-AUTH")]
        if self._owner.asks_who and encrypted:
            kept.insert(1, "250-AUTH " + " ".join(self._owner.mechanisms))
        return kept

    async def handle_DATA(  # noqa: N802
        self, server: _Session, session: Session, envelope: Envelope
    ) -> str:
        fault = self._owner.fault_at("commit")
        if fault.answer:
            return fault.answer
        self._owner.received.append(
            Received(
                sender=envelope.mail_from or "",
                recipients=tuple(envelope.rcpt_tos),
                content=envelope.original_content or b"",
                user=str(session.auth_data or ""),
                options=tuple(envelope.mail_options),
            )
        )
        await asyncio.sleep(fault.delay)
        if fault.drop:
            server.drop_line()
        return "250 2.0.0 taken"


class _Session(SMTP):
    """One client's conversation, with the faults built in."""

    line_length_limit = 12_288  # RFC 4954 4: tokens are long; a command has 512 all the same

    def __init__(self, owner: SmtpServer, *, loop: asyncio.AbstractEventLoop) -> None:
        self._owner = owner
        starttls = owner.security == "starttls"
        super().__init__(
            _Handler(owner),
            hostname="mail.test",
            data_size_limit=owner.size,
            enable_SMTPUTF8=owner.smtputf8,
            tls_context=owner.context if starttls else None,
            require_starttls=starttls,
            auth_require_tls=False,
            authenticator=self._authenticate_user,
            loop=loop,
        )

    def drop_line(self) -> None:
        """Break the line without a word."""
        if self.transport is not None:
            cast(asyncio.Transport, self.transport).abort()

    async def push(self, status: Any) -> None:
        """Send an answer, unless the line was broken."""
        if self.transport is not None and not self.transport.is_closing():
            await super().push(status)

    async def _handle_client(self) -> None:
        self._owner.connections += 1
        if await self._owner.meet("connect", self):
            if self.transport is not None:
                self.transport.close()
            return
        await super()._handle_client()

    async def smtp_AUTH(self, arg: str) -> None:  # noqa: N802
        if not await self._owner.meet("auth", self):
            await super().smtp_AUTH(arg)

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802
        if await self._owner.meet("mail", self):
            return
        assert self.session is not None
        if self._owner.asks_who and not self.session.authenticated:
            await self.push("530 5.7.0 sign in first")
            return
        await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802
        if not await self._owner.meet("rcpt", self):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        if await self._owner.meet("data", self):
            return
        if self._owner.fault_at("body").drop:
            await self.push("354 go on")
            await self._reader.readline()
            await self._owner.meet("body", self)
            return
        await super().smtp_DATA(arg)

    async def auth_XOAUTH2(self, _: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        return await self._by_token(args)

    async def auth_OAUTHBEARER(self, _: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        return await self._by_token(args)

    async def _by_token(self, args: list[str]) -> AuthResult:
        assert self._owner.user_of is not None
        said = base64.b64decode(args[1]) if len(args) > 1 else await self.challenge_auth("")
        assert isinstance(said, bytes)
        words = said.decode()
        found = re.match(r"(?:user=|n,a=)([^\x01,]+).*\x01auth=Bearer ([^\x01]+)\x01\x01$", words)
        assert found is not None, "these are no first words of a token sign-in"
        user, token = found[1], found[2]
        self._owner.sign_ins.append((user, token))
        if self._owner.user_of(token) == user:
            return AuthResult(success=True, auth_data=user)
        await self.challenge_auth('{"status":"401","schemes":"bearer","scope":"smtp"}')
        await self.push(f"535 5.7.8 {token} is not accepted")
        return AuthResult(success=False, handled=True)

    def _authenticate_user(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        user, password = data.login.decode(), data.password.decode()
        self._owner.sign_ins.append((user, password))
        known = self._owner.users.get(user) == password
        return AuthResult(success=known, handled=False, auth_data=user)
