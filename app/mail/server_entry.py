"""Server entry: the name of a mail server as it was typed or copied, made fit to be dialled."""

from __future__ import annotations

import re
from contextlib import suppress
from ipaddress import ip_address

from app.domain.errors import Refused
from app.domain.translation import tr
from app.mail.mail_address import wire_domain

_SCHEME = re.compile(r"^[a-z]+://")
_WITH_PORT = re.compile(r"([^:]+):(\d{1,5})")


def entered_server(text: str) -> tuple[str, str]:
    """The name, and the port where one stands behind it: help pages write imaps://host:993/.

    Raises Refused for what no server can be called.
    """
    bare = _SCHEME.sub("", text.strip().lower()).partition("/")[0].strip()
    host, port = bare, ""
    if (both := _WITH_PORT.fullmatch(bare)) is not None:
        host, port = both[1], both[2]
    try:
        wire_host(host)
    except Refused:
        raise Refused(
            tr("“{text}” is no name of a server", text=text.strip()[:100]),
            tr("Your provider's help pages name it."),
            tr("It looks like imap.example.com."),
        ) from None
    return host.rstrip("."), port


def wire_host(host: str) -> str:
    """The name as it is dialled: in ASCII, an address of the internet as it is. Raises Refused."""
    with suppress(ValueError):
        return str(ip_address(host))
    return wire_domain(host)
