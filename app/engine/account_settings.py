"""Account settings: what an owner entered of an account, complete and checked, in its one form.

Beside `connecting`, which keeps them; what a platform's form asks is `platform_accounts`.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.config.platform_forms import FORMS, form_of
from app.domain import identity
from app.domain.account import AccountType
from app.domain.errors import Refused
from app.domain.translation import tr
from app.engine import platform_accounts
from app.mail import providers
from app.mail.mail_address import wire_address
from app.mail.server_entry import entered_server

_KNOWN = {
    AccountType.IMAP: (
        "address", "host", "port", "security", "user", "ca_file", "folders",
        "smtp_host", "smtp_port", "smtp_security", "smtp_user", "identities", "plus_address",
        "auth", "client_id", "auth_url", "token_url", "device_url", "scope",
    ),
    AccountType.FOLDER: ("path", "outbox", "address", "identities", "plus_address"),
    **{kind: tuple(one.name for one in form.fields) for kind, form in FORMS.items()},
}  # fmt: skip
# What is the same where the same mailbox or shop is connected twice.
_PLACES = {
    AccountType.IMAP: ("host", "port", "user", "folders"),
    AccountType.FOLDER: ("path",),
    AccountType.SHOPIFY: ("shop",),
    AccountType.WOOCOMMERCE: ("base_url",),
    AccountType.PAYPAL: ("client_id",),
}
_YES_NO = ("yes", "no")
_SECURITIES = ("tls", "starttls")
_AUTHS = ("password", "oauth")


def completed(kind: AccountType, settings: Mapping[str, str]) -> dict[str, str]:
    """The settings with what the provider's preset knows; what was said always wins."""
    unknown = sorted(set(settings) - set(_KNOWN[kind]))
    if unknown:
        known = ", ".join(_KNOWN[kind])
        raise Refused(
            tr("{unknown} cannot be set", unknown=", ".join(unknown)),
            tr("These can: {known}", known=known),
        )
    given = {name: str(value).strip() for name, value in settings.items() if str(value).strip()}
    _check_addresses(given)
    if (form := form_of(kind)) is not None:
        return platform_accounts.completed(form, given)
    if kind is AccountType.FOLDER:
        if "path" not in given:
            raise Refused(tr("A folder account needs a path"), tr("Say --set path=FOLDER"))
        return given
    return _completed_imap(given)


def _check_addresses(given: dict[str, str]) -> None:
    """Put the identities into their one form; refuse what no mail can leave from."""
    if "identities" in given:
        listed = identity.read(given["identities"])
        for one in listed:
            wire_address(one.email)
        given["identities"] = identity.written(listed)
    if given.get("plus_address", "no") not in _YES_NO:
        raise Refused(
            tr("plus_address cannot be {plus_address}", plus_address=repr(given["plus_address"])),
            tr("It is yes or no"),
        )


def _completed_imap(given: dict[str, str]) -> dict[str, str]:
    preset = providers.preset(given.get("address", ""))
    known = {} if preset is None else preset.settings(given["address"])
    given = _with_server_names(given)
    if "host" in given:  # an own server: only what was said, and sending where nothing else was
        known = {"port": "993", "security": "tls", "smtp_host": given["host"]}
    complete = {"security": "tls", "smtp_security": "tls", **known, **given}
    if "host" not in complete:
        raise Refused(
            tr("The mail server is not known"),
            tr(
                "There is no preset for {address}",
                address=given.get("address", tr("an account without an address")),
            ),
            tr(
                "Enter it, such as imap.example.com: with --set host=..., or in its field in the"
                " window."
            ),
        )
    complete.setdefault("user", complete.get("address", ""))
    _check_sign_in(complete)
    complete.setdefault("port", "993" if complete["security"] == "tls" else "143")
    complete.setdefault("smtp_port", "465" if complete["smtp_security"] == "tls" else "587")
    _check_ports(complete)
    return complete


def _check_sign_in(complete: Mapping[str, str]) -> None:
    if not complete["user"]:
        raise Refused(
            tr("An IMAP account needs a user"), tr("Say --set address=... or --set user=...")
        )
    if complete.get("auth", "password") not in _AUTHS:
        raise Refused(
            tr("auth cannot be {auth}", auth=repr(complete["auth"])), tr("It is password or oauth")
        )
    for name in ("security", "smtp_security"):
        if complete[name] not in _SECURITIES:
            raise Refused(
                tr("{name} cannot be {value}", name=name, value=repr(complete[name])),
                tr("It is tls or starttls"),
            )


def _check_ports(complete: Mapping[str, str]) -> None:
    for name in ("port", "smtp_port"):
        if not complete[name].isdigit() or not 0 < int(complete[name]) < 65536:
            raise Refused(
                tr("{name} cannot be {value}", name=name, value=repr(complete[name])),
                tr("It is a number up to 65535"),
            )


def _with_server_names(given: dict[str, str]) -> dict[str, str]:
    """The servers' names as they are dialled; a port that was copied with one is meant."""
    tidy = dict(given)
    for name, port in (("host", "port"), ("smtp_host", "smtp_port")):
        if name in given:
            tidy[name], copied = entered_server(given[name])
            tidy[port] = copied or given.get(port, "")
    return {name: value for name, value in tidy.items() if value}


def same_place(kind: AccountType, settings: Mapping[str, str]) -> tuple[str, ...]:
    """By what two accounts are one mailbox or one shop, however their addresses are written."""
    names = _PLACES.get(kind, ())
    told = tuple(settings.get(name, "").strip().rstrip("/").casefold() for name in names)
    return (kind.value, *told) if any(told) else ()
