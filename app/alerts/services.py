"""Services: messengers, push services and SMS gateways, each by one address; a face of apprise.

The address holds what is secret about it (a token, a password), so neither it nor what apprise says
about it goes into an error or a log. What could run a program on this machine is not offered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain.errors import KnownError, Refused
from app.domain.translation import tr

if TYPE_CHECKING:
    from apprise import Apprise

# What shows something on this machine or writes into its files: pop-ups are `alerts.desktop`.
_NOT_OFFERED = frozenset(
    {"dbus", "qt", "glib", "kde", "gnome", "macosx", "windows", "syslog", "growl", "mqtt"}
)
EXAMPLES = (
    "ntfys://ntfy.sh/topic, tgram://token/chat, slack://token-a/token-b/token-c, "
    "discord://id/token, pover://user@token, workflows://... for Teams"
)


class ServiceFailed(KnownError):
    """A service did not take the message; it does not say whether it ever will."""

    retry = True


def service_name(address: str) -> str:
    """What the service of an address is called. Raises Refused for an address of none."""
    found = _plugin(address)
    return str(getattr(found, "service_name", "") or "service")


def tell(address: str, *, title: str, body: str) -> None:
    """Send a message; returns when the service has taken it.

    Raises ServiceFailed; Refused for an address of no service.
    """
    name = service_name(address)
    sender, _ = _sender(address)
    if not sender.notify(title=title, body=body):
        raise ServiceFailed(
            tr("{name} did not take the message", name=name),
            tr("The service refused it, or could not be reached"),
            tr("Check its address and token, and test the contact again"),
        )


def _plugin(address: str) -> Any:
    sender, scheme = _sender(address)
    plugins = list(sender)
    if scheme in _NOT_OFFERED or len(plugins) != 1:
        raise Refused(
            tr("This is no address of a service that is known"),
            hint=tr("Write for example {examples}", examples=EXAMPLES),
        )
    return plugins[0]


def _sender(address: str) -> tuple[Apprise, str]:
    import logging

    from apprise import Apprise, AppriseAsset

    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # it would name the address
    asset = AppriseAsset(app_id="Frontburner", app_desc="Frontburner", app_url="", async_mode=False)
    sender = Apprise(asset=asset)
    scheme = address.strip().partition("://")[0].lower()
    if address.strip() and scheme not in _NOT_OFFERED:
        sender.add(address.strip())
    return sender, scheme
