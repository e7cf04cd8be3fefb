"""HTTP: the one way to a platform: bounded, patient, and silent about keys and addresses.

First step of the walk of an order: `http` -> Answer -> a platform's own module -> Page. One client
belongs to one account and is used by one thread at a time.
"""

from __future__ import annotations

import logging
import random
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import httpx2

from app import __version__
from app.domain.clock import Clock
from app.domain.errors import Busy, CertificateRejected, Unreachable
from app.domain.translation import tr
from app.platforms import failures
from app.platforms.answer import LONGEST, Answer, Unreadable, retry_after, understood, unpacked
from app.platforms.entered import checked_root

log = logging.getLogger(__name__)
logging.getLogger("httpx2").setLevel(logging.WARNING)  # it writes whole addresses, keys and all

SKEWED = timedelta(minutes=5)  # from here on signatures and tokens go wrong
_PASSES = frozenset({408, 425, 429, 430, 500, 502, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HOPS = 3
_CAP = 900.0  # seconds; nobody is waited for longer than that, whatever he asks

Query = Sequence[tuple[str, str]]
Sign = Callable[[str, str, Query], Query]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How long is waited for what, in seconds, and how often something is tried."""

    connect: float = 10.0
    read: float = 30.0
    run: float = 120.0
    tries: int = 5
    first: float = 1.0
    longest: float = 60.0
    pace: float = 0.0  # between two requests, for servers that are somebody's only one
    bytes: int = LONGEST


class PlatformHttp:
    """Asks one server; every answer that comes back is whole, bounded and understood."""

    def __init__(
        self,
        root: str,
        *,
        name: str,
        clock: Clock,
        ca_file: str = "",
        insist_http: bool = False,
        manners: Manners | None = None,
    ) -> None:
        """`root` is the address before every path; `name` is how the platform is called in errors.

        Raises KnownError for an address that is none, or that is not https unless `insist_http`.
        """
        self.root = checked_root(root, insist_http=insist_http)
        self.host = str(urlsplit(self.root).hostname)
        self.skew = timedelta()
        self._name = name
        self._clock = clock
        self._manners = manners or Manners()
        self._stop = threading.Event()
        self._ends = 0.0
        self._in_run = False
        self._next_at = 0.0
        limits = self._manners
        self._client = httpx2.Client(
            verify=trusted(ca_file),
            timeout=httpx2.Timeout(limits.read, connect=limits.connect),
            limits=httpx2.Limits(max_connections=1, keepalive_expiry=90.0),
            headers={
                "User-Agent": f"Frontburner/{__version__}",
                "Accept": "application/json",
                "Accept-Encoding": "gzip",
            },
        )

    @contextmanager
    def run(self, stop: threading.Event) -> Iterator[None]:
        """One run: `stop` ends every wait in it, and it has its time (`has_time`)."""
        self._stop, self._in_run = stop, True
        self._ends = time.monotonic() + self._manners.run
        try:
            yield
        finally:
            self._in_run = False

    @property
    def has_time(self) -> bool:
        """Whether another page may begin in this run; half of its time is kept for the last."""
        left = self._ends - time.monotonic()
        return not self._stop.is_set() and left > self._manners.run / 2

    def get(
        self,
        path: str,
        query: Query = (),
        *,
        headers: Mapping[str, str] | None = None,
        sign: Sign | None = None,
        tries: int | None = None,
    ) -> Answer:
        """Ask for something; see `ask`."""
        return self.ask("GET", path, query, headers=headers, sign=sign, tries=tries)

    def post(
        self,
        path: str,
        *,
        body: object = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        repeatable: bool = True,
    ) -> Answer:
        """Ask with a body, as JSON or as a form; see `ask`."""
        sent: dict[str, Any] = {"json": body} if form is None else {"data": dict(form)}
        return self.ask("POST", path, headers=headers, repeatable=repeatable, **sent)

    def ask(
        self,
        method: str,
        path: str,
        query: Query = (),
        *,
        headers: Mapping[str, str] | None = None,
        sign: Sign | None = None,
        repeatable: bool = True,
        tries: int | None = None,
        **sent: Any,
    ) -> Answer:
        """The answer, after as many tries as it takes and may take, `tries` at most.

        `repeatable`: asking twice changes nothing. `sign` adds to the query at each try. The
        answer may still be a refusal (4xx), with a page or with JSON. Raises KnownError:
        Unreachable, Busy (with the seconds that are asked for), CertificateRejected, or the one
        that names a redirect to another host.
        """
        if not self._in_run:
            with self.run(threading.Event()):
                return self.ask(
                    method,
                    path,
                    query,
                    headers=headers,
                    sign=sign,
                    repeatable=repeatable,
                    tries=tries,
                    **sent,
                )
        most = min(tries or self._manners.tries, self._manners.tries) if repeatable else 1
        for tried in range(1, most + 1):
            try:
                return self._followed(method, path, query, headers, sign, sent)
            except Unreachable as error:
                self._wait_or_raise(error, tried, last=tried == most)
        raise AssertionError("the last try answers or raises")

    def rest(self, error: Busy) -> None:
        """Wait as long as the platform asks in its own words; raises it where that is too long."""
        if error.seconds > self._ends - time.monotonic() or self._stop.wait(error.seconds):
            raise error

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def _followed(
        self,
        method: str,
        path: str,
        query: Query,
        headers: Mapping[str, str] | None,
        sign: Sign | None,
        sent: dict[str, Any],
    ) -> Answer:
        """One try: the answer at the end of redirects that stay with this host."""
        url = self.root + path
        for _ in range(_HOPS):
            extra = sign(method, url, query) if sign else ()
            # The library replaces a query by `params`, even by none, so it is put there whole.
            whole = urlencode([*query, *extra], safe=",")
            asked = f"{url}?{whole}" if whole else url
            answer = self._once(method, asked, headers, sent)
            if answer.status not in _REDIRECTS:
                return self._passed(answer)
            url = self._next(url, answer, method)
        raise failures.unreadable(self._name, tr("it leads in a circle"))

    def _next(self, url: str, answer: Answer, method: str) -> str:
        target = urljoin(url, answer.headers.get("location", ""))
        there = urlsplit(target)
        if there.hostname != self.host or (there.scheme, urlsplit(url).scheme) == ("http", "https"):
            raise failures.moved(self._name, self.host, failures.shown(there.hostname or "nowhere"))
        if method != "GET" and answer.status not in (307, 308):
            raise failures.moved(self._name, self.host, failures.shown(there.path))
        return target.partition("?")[0]

    def _once(
        self, method: str, url: str, headers: Mapping[str, str] | None, sent: dict[str, Any]
    ) -> Answer:
        if (early := self._next_at - time.monotonic()) > 0:
            self._stop.wait(early)
        if time.monotonic() >= self._ends or self._stop.is_set():
            raise failures.out_of_time(self._name)
        self._next_at = time.monotonic() + self._manners.pace
        try:
            with self._client.stream(method, url, headers=headers, **sent) as response:
                return self._read(response)
        except httpx2.HTTPError as error:
            raise failures.of_transport(self._name, self.host, error) from None
        except Unreadable as error:
            raise failures.unreadable(self._name, str(error)) from None

    def _read(self, response: httpx2.Response) -> Answer:
        headers = {name.lower(): value for name, value in response.headers.items()}
        body = unpacked(
            self._in_time(response.iter_raw()),
            headers.get("content-encoding", ""),
            longest=self._manners.bytes,
        )
        status = response.status_code
        try:
            data, is_page = understood(body, headers.get("content-type", ""))
        except Unreadable:
            if status < 400:
                raise
            data, is_page = None, False
        answer = Answer(status=status, headers=headers, data=data, is_page=is_page)
        self._note_time(answer)
        return answer

    def _in_time(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """A server that drips byte by byte never runs into the time-out of a single read."""
        for chunk in chunks:
            if time.monotonic() > self._ends:
                raise failures.out_of_time(self._name)
            yield chunk

    def _passed(self, answer: Answer) -> Answer:
        """The answer, unless it is of the kind that passes by itself."""
        if answer.status in _PASSES:
            seconds = retry_after(answer, now=self._clock.now())
            raise failures.passing(
                self._name, answer.status, seconds=None if seconds is None else min(seconds, _CAP)
            )
        if answer.is_page and (answer.is_ok or answer.status == 403):
            raise failures.web_page(self._name, self.host, answer.status)
        return answer

    def _wait_or_raise(self, error: Unreachable, tried: int, *, last: bool) -> None:
        """Full jitter, doubling; what a server asks for counts more. Raises where it is no use."""
        most = min(self._manners.longest, self._manners.first * 2.0**tried)
        pause = random.uniform(0, most)  # noqa: S311 - no secret
        if isinstance(error, Busy):
            pause = max(pause, error.seconds if "seconds" in vars(error) else 0.0)
        if last or pause > self._ends - time.monotonic():
            raise error
        log.info("%s, try %d: %s", self._name, tried, error.title)
        if self._stop.wait(pause):
            raise error

    def _note_time(self, answer: Answer) -> None:
        if (told_at := answer.told_at) is None:
            return
        before, self.skew = self.skew, told_at - self._clock.now()
        if abs(self.skew) > SKEWED >= abs(before):
            log.warning("this machine's clock and that of %s differ by %s", self._name, self.skew)


def trusted(ca_file: str) -> ssl.SSLContext:
    """Certificates are checked by the system's authorities, or only by those in `ca_file`.

    Raises CertificateRejected when the file cannot be read as certificates.
    """
    if not ca_file:
        return httpx2.create_ssl_context()
    try:
        return ssl.create_default_context(cafile=ca_file)
    except (OSError, ValueError) as error:
        raise CertificateRejected(
            tr("The certificate file {ca_file} could not be read", ca_file=ca_file),
            tr("It is not there, or holds no certificate in PEM form"),
            tr("Choose the certificate file of your own server again."),
        ) from error
