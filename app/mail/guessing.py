"""Guessing: where the mail of a domain that nobody told us about is likely to lie.

Asked when an account is set up with nothing but an address. Each name is tried over TLS with a
short deadline; only a server that proves its name and greets as a mail server does is believed.
One that proves the name of a provider that we know says where the mail of this domain lies.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from app.config.system import may_be_offline
from app.domain.errors import NotFound
from app.domain.translation import tr
from app.mail.providers import Preset, preset_of_host
from app.mail.tls import trusted

DEADLINE = 4.0  # seconds for a name; all are tried at once
_STEPS = 3  # to be reached, to prove its name, to greet
_IMAP = ("imap", "mail")
_SMTP = ("smtp", "mail")
_GREETS = {"imap": b"* OK", "smtp": b"220"}
_ANOTHER_NAME = 62  # X509_V_ERR_HOSTNAME_MISMATCH


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """How a name is dialled, and for how long: by DNS at the standard ports, except in tests."""

    resolve: Callable[[str], str] = str
    imap_port: int = 993
    smtp_port: int = 465
    ca_file: str = ""
    deadline: float = DEADLINE

    def port(self, service: str) -> int:
        """Where such a server listens."""
        return self.imap_port if service == "imap" else self.smtp_port


@dataclass(frozen=True, slots=True, kw_only=True)
class _Try:
    service: str
    host: str
    outcome: str = ""
    provider: Preset | None = None

    @property
    def works(self) -> bool:
        return not self.outcome


def servers_of(address: str, *, edge: Edge | None = None) -> dict[str, str]:
    """The account settings that were found for this address by trying the usual names.

    Raises NotFound, which says what was tried and how each answered.
    """
    edge = edge or Edge()
    domain = address.strip().lower().rpartition("@")[2]
    tries = [
        *(_Try(service="imap", host=f"{name}.{domain}") for name in _IMAP),
        *(_Try(service="smtp", host=f"{name}.{domain}") for name in _SMTP),
    ]
    if not _is_name(domain):
        raise NotFound(
            tr("{address} is no whole address", address=address),
            "",
            tr("Write it like shop@example.com."),
        )
    tried = _all_tried(tries, edge)
    imap = _first(tried, "imap")
    behind = next((one.provider for one in tried if one.provider is not None), None)
    if imap is None and behind is not None:
        return behind.settings(address.strip())
    if imap is None:
        said = "; ".join(f"{one.host} {one.outcome}" for one in tried if one.service == "imap")
        raise NotFound(
            tr("The mail server of {domain} was not found", domain=domain),
            tr("Tried: {said}", said=said),
            tr("Your provider's help pages name it; say it with --set host=... or in Settings."),
        )
    smtp = _first(tried, "smtp")
    return {
        "host": imap.host,
        "port": str(edge.imap_port),
        "security": "tls",
        "smtp_host": smtp.host if smtp else imap.host,
        "smtp_port": str(edge.smtp_port if smtp else 587),
        "smtp_security": "tls" if smtp else "starttls",
    }


def _is_name(domain: str) -> bool:
    labels = domain.split(".")
    return len(labels) > 1 and all(
        0 < len(label) < 64 and label.replace("-", "a").isalnum() for label in labels
    )


def _first(tried: Sequence[_Try], service: str) -> _Try | None:
    return next((one for one in tried if one.service == service and one.works), None)


def _all_tried(tries: Sequence[_Try], edge: Edge) -> list[_Try]:
    """All at once; one whose name is still being looked up in the end is not waited for: asking
    for a name has no deadline of its own, and takes half a minute where nobody answers."""
    done = [replace(one, outcome=tr("does not answer")) for one in tries]

    def fill(at: int) -> None:
        done[at] = _tried(tries[at], edge)

    hands = [threading.Thread(target=fill, args=(at,), daemon=True) for at in range(len(tries))]
    for hand in hands:
        hand.start()
    ends = time.monotonic() + _STEPS * edge.deadline
    for hand in hands:
        hand.join(max(0.0, ends - time.monotonic()))
    return list(done)


def _tried(one: _Try, edge: Edge) -> _Try:
    """The same with what came of it: nothing where it is a mail server, else a few words."""
    provider = None
    try:
        with _dialled(one, edge, trusted(edge.ca_file)) as line:
            greeting = line.recv(200)
        said = "" if greeting.startswith(_GREETS[one.service]) else tr("is no mail server")
    except socket.gaierror as error:
        said = _unresolved(error)
    except ssl.SSLCertVerificationError as error:
        said, provider = _unproved(error), _provider_behind(one, edge)
    except TimeoutError:
        said = tr("does not answer")
    except (OSError, ValueError):
        said = tr("takes no connection at port {port}", port=edge.port(one.service))
    return replace(one, outcome=said, provider=provider)


@contextmanager
def _dialled(one: _Try, edge: Edge, context: ssl.SSLContext) -> Iterator[ssl.SSLSocket]:
    place = (edge.resolve(one.host), edge.port(one.service))
    with (
        socket.create_connection(place, timeout=edge.deadline) as plain,
        context.wrap_socket(plain, server_hostname=one.host) as line,
    ):
        yield line


def _unresolved(error: socket.gaierror) -> str:
    if may_be_offline(error):
        return tr("cannot be looked up; is this computer connected to the internet?")
    return tr("does not exist")


def _unproved(error: ssl.SSLCertVerificationError) -> str:
    if error.verify_code == _ANOTHER_NAME:
        return tr("shows a certificate of another name")
    return tr("could not prove who it is")


def _provider_behind(one: _Try, edge: Edge) -> Preset | None:
    """The provider whose certificate, which an authority vouches for, is shown under this name.

    Nothing is said to this server; the provider's own is dialled later, and has to prove its name.
    Of names that we do not know none is believed: whoever holds this domain's DNS could choose it.
    """
    context = trusted(edge.ca_file)
    context.check_hostname = False
    try:
        with _dialled(one, edge, context) as line:
            shown = line.getpeercert() or {}
    except (OSError, ValueError):
        return None
    named = (pair[1] for pair in shown.get("subjectAltName", ()) if pair[0] == "DNS")
    known = (preset_of_host(str(name).removeprefix("*.")) for name in named)
    return next((each for each in known if each is not None), None)
