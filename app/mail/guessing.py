"""Guessing: where the mail of a domain that nobody told us about is likely to lie.

Asked when an account is set up with nothing but an address. Each name is tried over TLS with a
short deadline; only a server that proves its name and greets as a mail server does is believed.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from app.domain.errors import NotFound
from app.domain.translation import tr
from app.mail.tls import trusted

DEADLINE = 4.0  # seconds for a name; all are tried at once
_IMAP = ("imap", "mail")
_SMTP = ("smtp", "mail")
_GREETS = {"imap": b"* OK", "smtp": b"220"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """How a name is dialled, and for how long: by DNS at the standard ports, except in tests."""

    resolve: Callable[[str], str] = str
    imap_port: int = 993
    smtp_port: int = 465
    ca_file: str = ""
    deadline: float = DEADLINE


@dataclass(frozen=True, slots=True, kw_only=True)
class _Try:
    service: str
    host: str
    outcome: str = ""

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
    with ThreadPoolExecutor(max_workers=len(tries)) as hands:
        tried = list(hands.map(lambda one: _tried(one, edge), tries))
    imap = _first(tried, "imap")
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


def _tried(one: _Try, edge: Edge) -> _Try:
    port = edge.imap_port if one.service == "imap" else edge.smtp_port
    return _Try(service=one.service, host=one.host, outcome=_outcome(one, port, edge))


def _outcome(one: _Try, port: int, edge: Edge) -> str:
    """Nothing where the server is one, else what is wrong with it, in a few words."""
    try:
        with (
            socket.create_connection(
                (edge.resolve(one.host), port), timeout=edge.deadline
            ) as plain,
            trusted(edge.ca_file).wrap_socket(plain, server_hostname=one.host) as line,
        ):
            greeting = line.recv(200)
    except socket.gaierror:
        return tr("does not exist")
    except ssl.SSLCertVerificationError:
        return tr("shows a certificate of another name")
    except TimeoutError:
        return tr("does not answer")
    except (OSError, ValueError):
        return tr("takes no connection at port {port}", port=port)
    return "" if greeting.startswith(_GREETS[one.service]) else tr("is no mail server")
