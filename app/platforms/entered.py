"""Entered: the address and the key of a shop as their owner copied them, made fit to be used.

What cannot be right is said before anybody is asked: a platform's own answer to half a key, or to
another one, says nothing to whoever has never made one. Imports no library of the network.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from app.domain.account import AccountType
from app.domain.errors import KnownError, Refused
from app.domain.translation import tr

_SHOPIFY = ".myshopify.com"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_LABEL = re.compile(r"[^\W_](?:[\w-]*[^\W_])?")
# Pages of WordPress that are open when its address is copied.
_PAGE = re.compile(r"/(?:wp-json|wp-admin|wp-login\.php|index\.php)(?:/.*)?$")


def shop_host(told: str) -> str:
    """A Shopify shop's .myshopify.com name, from whatever its owner copied.

    Raises Refused for another address: the key is sent to Shopify, and to nobody else.
    """
    text = told.strip().lower()
    named = re.search(r"admin\.shopify\.com/store/([a-z0-9-]+)", text)
    host = re.sub(r"^https?://", "", text)
    name = named[1] if named else re.split(r"[/?#:]", host)[0].strip(" .")
    name = name.removesuffix(_SHOPIFY).removesuffix(".myshopify")
    if not _NAME.fullmatch(name):
        raise Refused(
            tr("“{told}” is not the shop's name at Shopify", told=told.strip()[:100]),
            tr("It ends in .myshopify.com, also where customers see an address of your own."),
            tr("It stands in the admin under Settings, Domains."),
        )
    return f"{name}{_SHOPIFY}"


def woocommerce_root(told: str) -> str:
    """Where WordPress lies, from the address of whichever page of it was copied."""
    bare = re.split(r"[?#]", told.strip())[0].rstrip("/")
    return _PAGE.sub("", bare)


def checked_root(root: str, *, insist_http: bool = False) -> str:
    """An address as every path is put behind it. Raises KnownError where it is none."""
    text = root.strip().rstrip("/")
    parts = _parts(text if "//" in text else f"https://{text}")
    if parts is None or parts.query or parts.fragment or parts.username:
        raise KnownError(
            tr("This is no address of a shop"), "", tr("It looks like https://shop.example")
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and insist_http):
        raise KnownError(
            tr("{hostname} would be asked without encryption", hostname=parts.hostname),
            tr("Everybody on the way could read the key and your customers' addresses"),
            tr(
                "Use the address that begins with https. A shop that has none can be asked all the"
                " same: choose “Ask without encryption”, or set insist_http=yes."
            ),
        )
    return parts.geturl().rstrip("/")


def _parts(text: str) -> SplitResult | None:
    """The address taken apart; None where no server can be called so."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return None
    is_number = ":" in host
    if host in ("http", "https") or (
        not is_number and not all(map(_LABEL.fullmatch, host.split(".")))
    ):
        return None
    return parts


def refuse_wrong_key(kind: AccountType, settings: Mapping[str, str], secret: str) -> None:
    """Raises Refused for what cannot be the key that is asked for."""
    client = settings.get("client_id", "")
    if not all(_may_be_key(one) for one in (client, secret)):
        raise Refused(
            tr("This is not the whole key"),
            tr("It holds signs that no key has, such as the dots that hide its middle."),
            tr("Copy it with the button beside it; where it is shown no more, make a new one."),
        )
    if kind is AccountType.STRIPE:
        _refuse_other_of_stripe(secret)
    elif kind is AccountType.SHOPIFY:
        _refuse_other_of_shopify(client, secret)
    elif kind is AccountType.WOOCOMMERCE and (secret[:3], client[:3]) == ("ck_", "cs_"):
        raise Refused(
            tr("The two keys have changed places"),
            tr("The Consumer key begins with ck_, the Consumer secret with cs_."),
            tr("Exchange them."),
        )


def _may_be_key(text: str) -> bool:
    return text.isascii() and text.isprintable() and " " not in text


def _refuse_other_of_stripe(secret: str) -> None:
    others = {"pk_": tr("the publishable key"), "whsec_": tr("the secret of a webhook")}
    found = next((name for start, name in others.items() if secret.startswith(start)), "")
    if found:
        raise Refused(
            tr("This is {found}", found=found),
            tr("It may read nothing of your account."),
            tr("Enter the restricted key; it begins with rk_live_."),
        )


def _refuse_other_of_shopify(client: str, secret: str) -> None:
    if secret.startswith("shpss_") and not client:
        raise Refused(
            tr("The Client ID is missing"),
            tr("This is the Client secret of an app, which goes with its Client ID."),
            tr("Copy both from the app's Settings in the Dev Dashboard."),
        )
    if secret.startswith("shpat_") and client:
        raise Refused(
            tr("A token that begins with shpat_ needs no Client ID"),
            "",
            tr("Leave the Client ID empty, or enter the app's Client secret beside it."),
        )
