"""IMAP server: where an account's mails lie, from the words its owner set. Read by the gateway."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.account import Account
from app.domain.errors import Refused
from app.domain.translation import tr
from app.mail.providers import preset, preset_of_host

_PORTS = {"tls": 993, "starttls": 143}


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapServer:
    """A server and who signs in there; `security` is "tls" or "starttls", never neither.

    `folders` are the owner's words about what is read (`special_folders.chosen`). `wants_id`: it
    hands out nothing before the program has said its name.
    """

    host: str
    port: int
    security: str
    user: str
    ca_file: str = ""
    folders: str = ""
    wants_id: bool = False

    @classmethod
    def of(cls, account: Account) -> ImapServer:
        """The server that the account's settings name, with what its provider is known for.

        Raises Refused with a sentence about the setting that is amiss.
        """
        known = preset(account.address)
        given = {**(known.settings(account.address) if known else {}), **account.settings}
        security = given.get("security", "") or "tls"
        host, user = given.get("host", ""), given.get("user", "") or account.address
        if not host:
            raise _amiss(account, "host", tr("the name of the mail server"))
        if not user:
            raise _amiss(account, "user", tr("the name to sign in with, often the mail address"))
        if security not in _PORTS:
            raise _amiss(account, "security", tr("tls or starttls"))
        provider = preset_of_host(host)
        return cls(
            host=host,
            port=_port(account, given.get("port", ""), security),
            security=security,
            user=user,
            ca_file=given.get("ca_file", ""),
            folders=given.get("folders", ""),
            wants_id=provider is not None and provider.wants_id,
        )


def _port(account: Account, given: str, security: str) -> int:
    if not given:
        return _PORTS[security]
    if not (given.isascii() and given.isdigit() and 0 < int(given) < 65_536):
        raise _amiss(account, "port", tr("a number such as 993"))
    return int(given)


def _amiss(account: Account, setting: str, wanted: str) -> Refused:
    return Refused(
        tr("The account {name} cannot be used as it is set up", name=account.name),
        tr("Its setting “{setting}” should be {wanted}.", setting=setting, wanted=wanted),
        tr("Remove the account and add it again with this setting."),
    )
