"""Links in mails: where they really lead, and whether they may be opened at all.

Asked by the message card when somebody clicks in a formatted mail. Only http, https and mailto
are opened, after the true host was shown; a mailto keeps its address and nothing else, because
`?attach=` and `?bcc=` have carried files and secrets away ("Mailto: Me Your Secrets", 2020).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit, urlunsplit

from app.domain.translation import tr
from app.ui.issue.foreign_text import line

_HOST_IN_TEXT = re.compile(r"(?:https?://)?((?:[\w-]+\.)+[a-z]{2,24})(?![\w@.])", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>\"'?&,;:@]{1,64}@[\w.-]{1,253}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link as it may be shown: `where` is its true host or address, `target` what is opened.

    `target` is empty where the link must not be opened; `warning` says what is odd about it.
    """

    where: str
    target: str
    warning: str = ""


def read_link(href: str, text: str = "") -> Link:
    """The link behind `href`, whose visible words were `text`; never raises."""
    address = href.strip()
    scheme = address.partition(":")[0].lower()
    if scheme == "mailto":
        return _mail(address)
    if scheme in ("http", "https"):
        return _web(address, text)
    return Link(where=line(address)[:80], target="", warning=tr("This kind of link is not opened."))


def _mail(address: str) -> Link:
    found = _ADDRESS.fullmatch(unquote(address[len("mailto:") :].partition("?")[0]).strip())
    if found is None:
        return Link(
            where=line(address)[:80], target="", warning=tr("This is not one mail address.")
        )
    return Link(where=found.group(), target=f"mailto:{found.group()}")


def _web(address: str, text: str) -> Link:
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode("ascii") if parts.hostname else ""
        port = f":{parts.port}" if parts.port else ""
    except (ValueError, UnicodeError):
        return Link(where=line(address)[:80], target="", warning=tr("This address cannot be read."))
    if not host:
        return Link(where=line(address)[:80], target="", warning=tr("This link names no host."))
    target = urlunsplit((parts.scheme, host + port, parts.path, parts.query, parts.fragment))
    return Link(where=host + port, target=target, warning=_oddity(host, parts.username, text))


def _oddity(host: str, username: str | None, text: str) -> str:
    named = _HOST_IN_TEXT.search(line(text))
    said = named.group(1).lower() if named else ""
    if said and not _same_site(said, host):
        return tr("The text says {host}.", host=said)
    if username:
        return tr("It is written to look like {name}.", name=line(username)[:60])
    if "xn--" in host:
        return tr("Its name is spelt with letters from another alphabet.")
    return ""


def _same_site(one: str, other: str) -> bool:
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")
