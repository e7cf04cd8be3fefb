"""What it takes to connect a mailbox: the fields, what a provider's preset fills in, the words.

Pure; the page draws it and the engine does it (`preset`, `account_add`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.translation import to_translate
from app.ui.issue.foreign_text import line

# In the order in which they stand on the page: setting, label, example.
ADVANCED = (
    ("user", to_translate("User name"), to_translate("your whole address")),
    ("host", to_translate("Incoming server (IMAP)"), "imap.example.com"),
    ("port", to_translate("Port"), "993"),
    ("security", to_translate("Security"), "tls"),
    ("smtp_host", to_translate("Outgoing server (SMTP)"), "smtp.example.com"),
    ("smtp_port", to_translate("Port for sending"), "465"),
    ("smtp_security", to_translate("Security for sending"), "tls"),
    (
        "ca_file",
        to_translate("Certificate file of your own server"),
        to_translate("only for a server of your own"),
    ),
)
SECURITY = (("tls", to_translate("TLS from the start")), ("starttls", "STARTTLS"))


# Whose servers stand behind many addresses of shops' own domains: words, a server of theirs.
BEHIND_OWN_DOMAINS = (
    ("Google Workspace", "imap.gmail.com"),
    ("Microsoft 365", "outlook.office365.com"),
)
# And others whom shops rent their domain's mail from, by name: whoever pays one knows which it is.
HOSTS_OF_DOMAINS = (
    ("Aruba", "imaps.aruba.it"),
    ("domainFACTORY", "sslin.df.eu"),
    ("DreamHost", "imap.dreamhost.com"),
    ("Fastmail", "imap.fastmail.com"),
    ("Gandi", "mail.gandi.net"),
    ("GoDaddy", "imap.secureserver.net"),
    ("Hetzner", "mail.your-server.de"),
    ("Hostinger", "imap.hostinger.com"),
    ("iCloud", "imap.mail.me.com"),
    ("Infomaniak", "mail.infomaniak.com"),
    ("IONOS", "imap.ionos.de"),
    ("mailbox.org", "imap.mailbox.org"),
    ("Migadu", "imap.migadu.com"),
    ("Namecheap Private Email", "mail.privateemail.com"),
    ("one.com", "imap.one.com"),
    ("OVHcloud", "ssl0.ovh.net"),
    ("Rackspace", "secure.emailsrvr.com"),
    ("STRATO", "imap.strato.de"),
    ("Titan", "imap.titan.email"),
    ("Zoho", "imap.zoho.com"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A provider's sign-in in the browser; `password`: a password works as well."""

    name: str
    help: str
    client_secret: bool
    password: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """What is known of the provider of an address; `values` are for the advanced fields.

    `app_password`: it takes only one that is made for programs, at `password_page`.
    """

    name: str
    hint: str
    values: Mapping[str, str]
    offer: Offer | None = None
    app_password: bool = False
    password_page: str = ""


def provider(answer: Mapping[str, Any]) -> Provider | None:
    """The provider in the engine's answer to `preset`, or None where it knows none."""
    preset = answer.get("preset")
    if not isinstance(preset, Mapping):
        return None
    names = {name for name, _, _ in ADVANCED}
    values = {name: str(preset[name]) for name in names if preset.get(name)}
    hint = str(preset.get("help", "") or preset.get("hint", ""))
    name, offer = line(str(preset.get("name", ""))), _offer(preset.get("oauth"))
    return Provider(
        name=name,
        hint=hint,
        values=values,
        offer=offer,
        app_password=bool(preset.get("app_password")),
        password_page=str(preset.get("password_page", "")),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """What was found out about an address that no preset knows: servers that answered by the usual
    names of its domain, or what was `tried` in vain; `meant` is the address without its slip."""

    values: Mapping[str, str]
    answered: bool
    tried: str = ""
    meant: str = ""


def unknown(answer: Mapping[str, Any], address: str) -> Unknown:
    """What the engine's answer to `preset` says where it knows no provider."""
    found = answer.get("servers")
    return Unknown(
        values=dict(found) if isinstance(found, Mapping) else guess(address),
        answered=isinstance(found, Mapping),
        tried=str(answer.get("tried", "")),
        meant=line(str(answer.get("meant", ""))),
    )


def _offer(oauth: Any) -> Offer | None:
    if not isinstance(oauth, Mapping):
        return None
    return Offer(
        name=str(oauth.get("name", "")),
        help=str(oauth.get("help", "")).strip(),
        client_secret=bool(oauth.get("client_secret")),
        password=bool(oauth.get("password", True)),
    )


def pasted_address(text: str) -> str:
    """The address in what was pasted: out of “Shop <hello@shop.example>” or a mailto: link with its
    subject, without blanks around it, signs that cannot be seen, and the dot that ended its
    sentence."""
    seen = "".join(sign for sign in text if sign.isprintable() or sign.isspace()).strip()
    inside = seen.rpartition("<")[2].partition(">")[0] if seen.endswith(">") else seen
    return inside.strip().removeprefix("mailto:").partition("?")[0].strip(" .,;")


def looks_like_address(text: str) -> bool:
    """Whether this can be a mail address: something, one @, a domain with a dot or localhost."""
    local, at, domain = text.strip().rpartition("@")
    dotted = "." in domain.strip(".") or domain == "localhost"
    return bool(local and at and dotted) and not any(c.isspace() for c in text.strip())


def guess(address: str) -> dict[str, str]:
    """What is usual for a domain that nobody knows; only a beginning."""
    domain = address.strip().rpartition("@")[2]
    return {
        "host": f"imap.{domain}",
        "port": "993",
        "security": "tls",
        "smtp_host": f"smtp.{domain}",
        "smtp_port": "465",
        "smtp_security": "tls",
    }


def settings(address: str, fields: Mapping[str, str]) -> dict[str, str]:
    """What `account_add` is asked to keep: the address, and every field that says something."""
    filled = {name: text.strip() for name, text in fields.items() if text.strip()}
    return {"address": address.strip(), **filled}
