"""Providers: what is known of a mail address before its owner has said anything.

Read when an account is set up, so that address and password suffice, and when a password is
refused, so that the error says what this provider wants instead.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from app.config.paths import resources
from app.domain.translation import to_translate, tr

_SHORTEST = len("gmail.co")  # between shorter names, one letter tells two providers apart
_ANY_HINT = to_translate("Check the password and sign in again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPreset:
    """Where a provider's users sign in with OAuth 2, as clients of their own.

    Without `device_url` it has no sign-in by code. `client_secret`: it gives desktop clients one.
    `help` says step by step how to register a client; `password` whether passwords work as well.
    """

    name: str
    auth_url: str
    token_url: str
    scope: str
    device_url: str = ""
    redirect: str = "http://127.0.0.1"
    extra: Mapping[str, str] = field(default_factory=dict)
    client_secret: bool = False
    password: bool = True
    help: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A provider's servers; `hint` is what to do when the password is refused.

    `files_sent`: it files a copy of what is sent by itself. `user`: "address", or "local" where
    people sign in with what stands before the @. `wants_id`: nothing can be read there before the
    program has said its name (RFC 2971). `help` is shown when setting up. `plus`: mail to
    name+anything@ lies in the mailbox of name@, for its own domains. `app_password`: the usual one
    is refused, and one for programs is made at `password_page`, where that is known.
    """

    name: str
    host: str
    port: int
    security: str
    smtp_host: str
    smtp_port: int
    smtp_security: str
    hint: str
    help: str = ""
    files_sent: bool = False
    user: str = "address"
    wants_id: bool = False
    plus: bool = False
    app_password: bool = False
    password_page: str = ""
    domains: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    oauth: SignInPreset | None = None

    def settings(self, address: str) -> dict[str, str]:
        """The account settings that follow from the address alone."""
        return {
            "address": address,
            "user": address.rpartition("@")[0] if self.user == "local" else address,
            "host": self.host,
            "port": str(self.port),
            "security": self.security,
            "smtp_host": self.smtp_host,
            "smtp_port": str(self.smtp_port),
            "smtp_security": self.smtp_security,
        }


def preset(address: str) -> Preset | None:
    """What is known of the provider of this address; None for one that we do not know."""
    domain = address.strip().lower().rpartition("@")[2]
    return next((known for known in presets() if domain in known.domains), None)


def meant(address: str) -> str:
    """The address at the provider whose name is one slip away (gmial.com), or nothing.

    A name with a slip may be somebody else's server, which waits for passwords.
    """
    local, _, domain = address.strip().rpartition("@")
    if len(domain) < _SHORTEST or preset(address) is not None:
        return ""
    known = (one for each in presets() for one in each.domains)
    found = next((one for one in known if _is_one_slip(domain.lower(), one)), "")
    return f"{local}@{found}" if found else ""


def _is_one_slip(typed: str, name: str) -> bool:
    """Whether one letter is wrong, missing or too many, or two have changed places."""
    pairs = enumerate(zip(typed, name, strict=False))
    at = next((at for at, (ours, theirs) in pairs if ours != theirs), min(len(typed), len(name)))
    ours, theirs = typed[at:], name[at:]
    swapped = ours[:2] == theirs[:2][::-1] and ours[2:] == theirs[2:]
    return swapped or ours[1:] == theirs[1:] or ours[1:] == theirs or ours == theirs[1:]


def takes_plus(address: str) -> bool:
    """Whether the provider of this address is known to take name+anything@ as well."""
    known = preset(address)
    return known is not None and known.plus


def asks_plus(settings: Mapping[str, str], email: str) -> bool:
    """Whether answers to this address may be asked to it with a +: the owner's word, or ours."""
    said = settings.get("plus_address", "")
    return said == "yes" or (said != "no" and takes_plus(email))


def preset_of_host(host: str) -> Preset | None:
    """The provider whose server this is; shops with an own domain are known by it alone."""
    name = f".{host.strip().lower().rstrip('.')}"
    return next(
        (known for known in presets() if any(name.endswith(f".{end}") for end in known.hosts)),
        None,
    )


def sign_in_hint(host: str) -> tuple[str, str]:
    """By what name the owner knows the server, and what to do when it refuses the password."""
    known = preset_of_host(host)
    return (known.name, tr(known.hint)) if known else (host, tr(_ANY_HINT))


def said(known: Preset) -> Preset:
    """The same in the owner's language."""
    oauth = known.oauth and replace(known.oauth, help=tr(known.oauth.help))
    return replace(known, hint=tr(known.hint), help=tr(known.help), oauth=oauth)


@cache
def presets() -> tuple[Preset, ...]:
    """Every provider that is known."""
    with (resources() / "providers.toml").open("rb") as file:
        return tuple(_read(entry) for entry in tomllib.load(file)["provider"])


def _read(entry: dict[str, Any]) -> Preset:
    lists = {key: tuple(entry.get(key, ())) for key in ("domains", "hosts")}
    oauth = SignInPreset(**entry["oauth"]) if "oauth" in entry else None
    return Preset(**{**entry, **lists, "oauth": oauth})
