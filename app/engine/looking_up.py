"""Looking up: what is known of an address before its owner has typed a password.

A provider's preset; else servers that answer by the usual names of its domain, so that nothing has
to be known of them; and the provider that was meant where its name has a slip of the finger.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from app.domain.errors import KnownError
from app.mail import providers

FindServers = Callable[[str], dict[str, str]]


def looked_up(address: str, host: str, *, find_servers: FindServers) -> dict[str, Any]:
    """The preset of an address, or of a server where one is named.

    Without one: `servers` that were found by trying, or `tried`, which says what was; `meant` is
    the address without the slip, where it looks like one.
    """
    found = providers.preset_of_host(host) if host else providers.preset(address)
    if found is not None:
        return _known(found, address)
    answer: dict[str, Any] = {"preset": None, "meant": providers.meant(address)}
    if host:
        return answer
    try:
        servers = find_servers(address)
    except KnownError as error:
        return {**answer, "tried": error.message}
    behind = providers.preset_of_host(servers["host"])
    if behind is not None:
        return _known(behind, address)
    return {**answer, "servers": servers}


def _known(found: providers.Preset, address: str) -> dict[str, Any]:
    """The preset, with the name to sign in by; nothing where that is the address."""
    address = address.strip()
    user = found.settings(address)["user"]
    told = asdict(providers.said(found))
    return {"preset": {**told, "user": "" if user == address else user}}
