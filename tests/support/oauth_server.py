"""A provider to sign in at, over loopback: consent, tokens that rotate and expire, device codes.

    with OAuthServer() as provider:
        ... provider.settings, provider.consent(url), provider.expire(), provider.revoke()

It checks what a strict provider checks (redirect, PKCE, client, one use of each code and of each
refresh token), and answers a mail server's introspection. `consent` plays person and browser.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import ProxyHandler, build_opener

CLIENT, CLIENT_SECRET = "shop-client", "not so secret"
_DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_INTROSPECTION = "mailserver:mailsecret"

Form = dict[str, str]
Told = tuple[int, dict[str, Any]]


class OAuthServer:
    """Listens on a free port of 127.0.0.1 until it is left."""

    def __init__(self, *, client_secret: str = "", user: str = "", lasts: int = 3600) -> None:
        self.client_secret = client_secret
        self.user = user  # who signs in where nobody is hinted at
        self.lasts = lasts
        self.rotates = True
        self.down = False
        self.says_no = False
        self.device_answers: list[str] = []  # errors before the yes
        self.asked: Counter[str] = Counter()
        self.forms: list[Form] = []
        self.active: dict[str, str] = {}  # access token -> user
        self.refreshing: dict[str, str] = {}
        self._codes: dict[str, Form] = {}
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.port = int(self._server.server_address[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(60)

    @property
    def settings(self) -> dict[str, str]:
        """The account settings that lead here."""
        return {
            "auth": "oauth",
            "client_id": CLIENT,
            "auth_url": f"{self.url}/authorize",
            "token_url": f"{self.url}/token",
            "device_url": f"{self.url}/device",
            "scope": "imap",
        }

    @property
    def introspection(self) -> str:
        """The address that a mail server asks whether a token is good."""
        return f"http://{_INTROSPECTION}@127.0.0.1:{self.port}/introspect"

    def consent(self, url: str) -> str:
        """Open the page as a browser does, agree, and read what the browser shows in the end."""
        try:
            with build_opener(ProxyHandler({})).open(url, timeout=60) as page:
                return str(page.read().decode())
        except HTTPError as error:
            with error:
                return error.read().decode()

    def expire(self) -> None:
        """Call every access token back; those who have a refresh token get new ones."""
        with self._lock:
            self.active.clear()

    def revoke(self) -> None:
        """Take every permission back: people have to sign in again."""
        with self._lock:
            self.active.clear()
            self.refreshing.clear()

    def user_of(self, token: str) -> str:
        """Whose token this is; "" if it is nobody's any more."""
        return self.active.get(token, "")

    def secrets_given(self) -> set[str]:
        """Everything that must never be read in a log or an error."""
        told = {value for form in self.forms for name, value in form.items() if name in _SECRET}
        return told | set(self.active) | set(self.refreshing)

    # --- what it answers, called by the handler ------------------------------------------------

    def authorized(self, form: Form) -> str | None:
        """Where the browser goes on; None for a question that a strict provider refuses."""
        self.asked["authorize"] += 1
        redirect = urlsplit(form.get("redirect_uri", ""))
        if (
            form.get("client_id") != CLIENT
            or form.get("response_type") != "code"
            or redirect.hostname not in ("127.0.0.1", "localhost")
            or form.get("code_challenge_method") != "S256"
            or len(form.get("code_challenge", "")) != 43
        ):
            return None
        if self.says_no:
            answer = {"error": "access_denied", "state": form["state"]}
        else:
            code = secrets.token_urlsafe(16)
            self._codes[code] = form
            answer = {"code": code, "state": form["state"], "iss": self.url}
        return f"{form['redirect_uri']}/?{urlencode(answer)}"

    def tokens(self, form: Form) -> Told:
        """The token endpoint."""
        grant = form.get("grant_type", "")
        with self._lock:
            self.forms.append(form)
            self.asked[grant] += 1
            if self.down:
                return 503, {}
            if form.get("client_id") != CLIENT:
                return 400, {"error": "invalid_client", "error_description": "no such client"}
            if form.get("client_secret", "") != self.client_secret:
                return 401, {"error": "invalid_client", "error_description": "wrong secret"}
            if grant == "authorization_code":
                return self._for_code(form)
            if grant == "refresh_token":
                return self._for_refresh(form)
            if grant == _DEVICE_GRANT:
                return self._for_device()
            return 400, {"error": "unsupported_grant_type"}

    def device(self, form: Form) -> Told:
        """The device endpoint."""
        self.asked["device"] += 1
        return 200, {
            "device_code": secrets.token_urlsafe(24),
            "user_code": "WDJB-MJHT",
            "verification_uri": f"{self.url}/enter",
            "expires_in": 60,
            "interval": 0.05,
        }

    def introspected(self, form: Form, authorization: str) -> Told:
        """What a mail server is told about a token."""
        known = base64.b64encode(_INTROSPECTION.encode()).decode()
        if authorization != f"Basic {known}":
            return 401, {"error": "invalid_client"}
        user = self.user_of(form.get("token", ""))
        return 200, {"active": bool(user), "username": user, "scope": "imap"}

    def _for_code(self, form: Form) -> Told:
        begun = self._codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if (
            begun is None
            or begun["code_challenge"] != proof
            or begun["redirect_uri"] != form.get("redirect_uri")
        ):
            return 400, {"error": "invalid_grant", "error_description": "the code is not good"}
        return self._given(begun.get("login_hint") or self.user)

    def _for_refresh(self, form: Form) -> Told:
        token = form.get("refresh_token", "")
        user = self.refreshing.get(token)
        if user is None:
            words = f"Token {token} has been expired or revoked."
            return 400, {"error": "invalid_grant", "error_description": words}
        if self.rotates:
            del self.refreshing[token]
        return self._given(user, refresh=self.rotates)

    def _for_device(self) -> Told:
        if self.device_answers:
            return 400, {"error": self.device_answers.pop(0)}
        return self._given(self.user)

    def _given(self, user: str, *, refresh: bool = True) -> Told:
        access = secrets.token_urlsafe(32)
        self.active[access] = user
        answer = {"access_token": access, "token_type": "Bearer", "expires_in": self.lasts}
        if refresh:
            answer["refresh_token"] = secrets.token_urlsafe(32)
            self.refreshing[str(answer["refresh_token"])] = user
        return 200, answer


_SECRET = ("code", "refresh_token", "code_verifier", "client_secret", "device_code")


def _handler(owner: OAuthServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            form = _fields(urlsplit(self.path).query)
            target = owner.authorized(form) if self.path.startswith("/authorize?") else None
            if target is None:
                self.tell(400, {"error": "invalid_request"})
                return
            self.send_response(302)
            self.send_header("Location", target)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_POST(self) -> None:
            size = int(self.headers.get("Content-Length", "0"))
            form = _fields(self.rfile.read(size).decode())
            if self.path == "/token":
                self.tell(*owner.tokens(form))
            elif self.path == "/device":
                self.tell(*owner.device(form))
            elif self.path == "/introspect":
                self.tell(*owner.introspected(form, self.headers.get("Authorization", "")))
            elif self.path == "/elsewhere":
                self.send_response(307)
                self.send_header("Location", f"{owner.url}/token")
                self.send_header("Content-Length", "0")
                self.end_headers()
            else:
                self.tell(404, {})

        def tell(self, status: int, answer: dict[str, Any]) -> None:
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def _fields(text: str) -> Form:
    return {name: values[0] for name, values in parse_qs(text).items()}
