"""A platform played over real sockets, with TLS: JSON in and out, and a switch for every fault.

    class Shop(PlatformServer):
        def answer(self, asked: Asked) -> Told: ...

    with Shop(authority.leaf()) as shop:
        shop.faults.append(Fault(status=429, headers={"Retry-After": "0"}))
        shop.between = lambda: ...   # called before each answer: the world moves between requests

`asked` keeps every request, so that a test can say what was asked and how often.
"""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from tests.support.certificates import Leaf


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as it came in; header names in small letters."""

    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        """The body as a form."""
        return dict(parse_qsl(self.body.decode()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An answer; `raw` goes out as it is, else `data` as JSON."""

    status: int = 200
    data: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    content_type: str = "application/json; charset=UTF-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What goes wrong with the next request; `cut` ends the connection after so many bytes.

    `after`: the request is answered by the platform first, and only its answer is lost. `where`
    names a part of the path: other requests pass.
    """

    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes = b'{"errors":"Internal Server Error"}'
    content_type: str = "application/json"
    cut: int | None = None
    after: bool = False
    where: str = ""


class PlatformServer:
    """Listens on a free port of 127.0.0.1 until it is left."""

    def __init__(self, leaf: Leaf | None = None) -> None:
        self.faults: list[Fault] = []
        self.asked: list[Asked] = []
        self.between: Callable[[], None] = lambda: None
        self.wall: Callable[[], datetime] = _machine
        self.ahead = timedelta()  # how far its clock is ahead
        self.lock = threading.RLock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        self.scheme = "http" if leaf is None else "https"
        if leaf is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(leaf.certificate, leaf.key)
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(60)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def now(self) -> datetime:
        """Its clock, which a test may set ahead."""
        return self.wall() + self.ahead

    def answer(self, asked: Asked) -> Told:
        """What the platform says."""
        raise NotImplementedError

    def told(self, asked: Asked) -> Told | Fault:
        """The answer, or what goes wrong with it; the world moves in between."""
        with self.lock:
            self.asked.append(asked)
            self.between()
            fault = next((one for one in self.faults if one.where in asked.path), None)
            if fault is None:
                return self.answer(asked)
            self.faults.remove(fault)
            if fault.after:
                self.answer(asked)
            return fault


def _machine() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - an answer carries a true date unless a test sets one


def _handler(server: PlatformServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def _speak(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            asked = Asked(
                method=self.command,
                path=parts.path,
                query=dict(parse_qsl(parts.query, keep_blank_values=True)),
                headers={name.lower(): value for name, value in self.headers.items()},
                body=self.rfile.read(length),
            )
            told = server.told(asked)
            cut = told.cut if isinstance(told, Fault) else None
            raw = told.raw
            if raw is None:
                assert isinstance(told, Told)
                raw = json.dumps(told.data).encode()
            self.send_response_only(told.status)
            self.send_header("Date", format_datetime(server.now(), usegmt=True))
            self.send_header("Content-Type", told.content_type)
            self.send_header("Content-Length", str(len(raw)))
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(raw if cut is None else raw[:cut])
            if cut is not None:
                self.wfile.flush()
                self.close_connection = True

        do_GET = do_POST = do_OPTIONS = _speak  # noqa: N815 - the library's names

        def log_message(self, *_: object) -> None:
            pass

        def handle(self) -> None:
            try:
                super().handle()
            except OSError:  # whoever asked went away; a test's own business
                self.close_connection = True

    return Handler
