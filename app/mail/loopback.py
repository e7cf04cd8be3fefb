"""Loopback: where the browser brings the answer of a sign-in back to (RFC 8252 7.3).

Listens on 127.0.0.1 alone, on a port that was free, for as long as one sign-in takes. Only a
request with this sign-in's own `state` is an answer, and only the first one; whatever else knocks
(another program, the browser's look for an icon, an answer that comes again) is turned away.
"""

from __future__ import annotations

import hmac
import socketserver
import threading
from collections.abc import Mapping
from contextlib import suppress
from html import escape
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

from app.domain.translation import language, to_translate, tr

_LOOK = 0.1  # seconds between two looks whether it is over
_PATIENCE = 5.0  # seconds for one request; browsers open connections that they never use
_PAGE = """<!doctype html><html lang="{language}"><meta charset="utf-8"><title>Frontburner</title>
<body style="font: 1.1em system-ui, sans-serif; margin: 4em auto; max-width: 30em">
<h1 style="font-size: 1.3em">{title}</h1><p>{text}</p></body></html>"""
_TAKEN = (
    to_translate("Frontburner has the answer"),
    to_translate("You can close this page and go back to Frontburner."),
)
_STRANGE = (
    to_translate("This is not the answer to a sign-in"),
    to_translate("Go back to Frontburner and begin there again."),
)


class Loopback:
    """Waits for one answer; `answer` holds it once `over` is set, or None if there was none."""

    def __init__(self, state: str) -> None:
        """Listens at once. Raises OSError if this machine has no free port."""
        self.answer: Mapping[str, str] | None = None
        self.over = threading.Event()
        self._state = state
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.timeout = _LOOK
        self._server.owner = self
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._listen, name="oauth-loopback", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Listen no more, with or without an answer."""
        self.over.set()
        self._thread.join(_PATIENCE)

    def take(self, target: str) -> bool:
        """Whether this request is the answer; it is taken if it is the first."""
        fields = parse_qs(urlsplit(target).query, keep_blank_values=True, max_num_fields=50)
        told = {name: values[0] for name, values in fields.items() if len(values) == 1}
        with self._lock:
            known = hmac.compare_digest(told.get("state", "").encode(), self._state.encode())
            if not known or self.over.is_set() or not ("code" in told or "error" in told):
                return False
            self.answer = told
        return True

    def _listen(self) -> None:
        try:
            while not self.over.is_set():
                self._server.handle_request()
        finally:
            self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = False
    owner: Loopback

    def handle_error(self, *_: object) -> None:
        """A browser that hangs up is no news; nothing of a request may get into a log."""


class _Handler(BaseHTTPRequestHandler):
    timeout = _PATIENCE
    server: _Server

    def do_GET(self) -> None:
        owner = self.server.owner
        taken = False
        with suppress(ValueError):
            taken = owner.take(self.path)
        title, text = map(escape, map(tr, _TAKEN if taken else _STRANGE))
        page = _PAGE.format(title=title, text=text, language=language()).encode()
        try:
            self.send_response(200 if taken else 400)
            for name, value in (
                ("Content-Type", "text/html; charset=utf-8"),
                ("Content-Length", str(len(page))),
                ("Cache-Control", "no-store"),
                ("Referrer-Policy", "no-referrer"),
                ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"),
                ("Connection", "close"),
            ):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(page)
        finally:
            if taken:
                owner.over.set()

    def log_message(self, *_: object) -> None:
        """The address holds the code: it is written nowhere."""

    def version_string(self) -> str:
        """The page does not tell which Python it comes from."""
        return "Frontburner"
