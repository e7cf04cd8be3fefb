"""OAuth 1.0a: a request that is signed instead of carrying its key (RFC 5849), for shops on HTTP.

What WooCommerce checks: HMAC-SHA256 over method, address and all parameters, the signature in the
query. The key's secret itself never goes over the wire.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote

from app.platforms.http import Query


def signature(
    method: str, url: str, query: Query, *, key: str, secret: str, now: datetime, nonce: str = ""
) -> Query:
    """The parameters to add to a query so that it is signed."""
    told = (
        ("oauth_consumer_key", key),
        ("oauth_nonce", nonce or secrets.token_hex(16)),
        ("oauth_signature_method", "HMAC-SHA256"),
        ("oauth_timestamp", str(int(now.timestamp()))),
    )
    every = sorted((_escaped(name), _escaped(value)) for name, value in (*query, *told))
    joined = "&".join(f"{name}={value}" for name, value in every)
    text = "&".join((method.upper(), _escaped(url), _escaped(joined)))
    digest = hmac.new(f"{_escaped(secret)}&".encode(), text.encode(), hashlib.sha256).digest()
    return (*told, ("oauth_signature", base64.b64encode(digest).decode()))


def _escaped(text: str) -> str:
    return quote(text, safe="-._~")
