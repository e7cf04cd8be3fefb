"""A WooCommerce shop played over a socket, as WooCommerce 11.0.1 answered when it was recorded.

What matters of it is as measured: `modified_after` is strictly later and of whole seconds, it is
read in the site's zone unless `dates_are_gmt` says otherwise, "any" leaves out the trash, a page
has 100 orders at most, and the key is taken from the header only behind TLS.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from tests.support.certificates import Leaf
from tests.support.platform_server import Asked, PlatformServer, Told

KEY, SECRET = "ck_0123456789abcdef", "cs_fedcba9876543210"
STATUSES = (
    "any", "trash", "auto-draft", "pending", "processing", "on-hold", "completed", "cancelled",
    "refunded", "failed", "checkout-draft", "wc-packed",
)  # fmt: skip
_ROUTE = "/wp-json/wc/v3"


class WooCommerceServer(PlatformServer):
    """Orders by their id; `touch` moves one, `trash` and `delete` take one away."""

    def __init__(self, leaf: Leaf | None = None, *, zone: str = "Asia/Tokyo") -> None:
        super().__init__(leaf)
        self.orders: dict[int, dict[str, Any]] = {}
        self.parcels: dict[int, list[dict[str, Any]]] = {}
        self.refunds: dict[int, dict[str, Any]] = {}
        self.zone = ZoneInfo(zone)
        self.clock = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)  # of its changes
        self.has_fulfilments = True
        self.is_old = False  # before 9.0: refunds are told by order alone, and name no parent
        self.strips_header = False
        self.plain_links = False
        self.shows_first_page = False  # at an address that it does not know, instead of a 404
        self.longest = 8_000  # signs of an address, as hosts take them
        self.keeps_pages = False  # as a cache in front of it does, by their whole address
        self._kept: dict[str, Told] = {}
        # Those that it knows; plug-ins bring some and take them along.
        self.statuses: tuple[str, ...] = STATUSES
        self.is_strict = False  # refuses a status that it does not know
        self.nonces: set[str] = set()
        self._next = 100

    @property
    def settings(self) -> dict[str, str]:
        """The account settings that lead here; add ca_file where it speaks TLS."""
        settings = {"base_url": self.url, "client_id": KEY}
        return settings if self.scheme == "https" else {**settings, "insist_http": "yes"}

    def order(self, *, at: datetime | None = None, **told: Any) -> dict[str, Any]:
        """A new order, changed at `at`."""
        with self.lock:
            self._next += 1
            stamp = _naive(at or self.clock)
            row = {
                "id": self._next, "status": "processing", "currency": "EUR", "total": "54.00",
                "number": str(self._next), "date_created_gmt": stamp, "date_modified_gmt": stamp,
                "date_completed_gmt": None, "date_paid_gmt": stamp, "customer_id": 0,
                "billing": {
                    "first_name": "Vera", "last_name": "Ito", "company": "", "country": "LV",
                    "email": f"vera{self._next}@example.test",
                },
                "shipping": {"first_name": "", "last_name": "", "country": ""},
                "payment_method": "stripe", "transaction_id": f"pi_{self._next}",
                "customer_note": "", "meta_data": [], "refunds": [],
                "line_items": [
                    {"id": self._next * 10, "name": "Leather boots", "quantity": 2, "sku": "LB-42",
                     "total": "49.00", "total_tax": "0.00", "price": 24.5}
                ],
                **told,
            }  # fmt: skip
            self.orders[self._next] = row
            return row

    def touch(self, number: int, *, at: datetime | None = None, **told: Any) -> None:
        """Change an order; its date rises, as in the shop."""
        with self.lock:
            stamp = _naive(at or self.clock)
            self.orders[number].update({**told, "date_modified_gmt": stamp})

    def refund(self, number: int, amount: str, *, reason: str = "") -> None:
        """Give money back; the order tells only the sum, as a negative text."""
        with self.lock:
            self._next += 1
            self.refunds[self._next] = {
                "id": self._next, "parent_id": number, "amount": amount, "reason": reason,
                "date_created_gmt": _naive(self.clock), "line_items": [],
            }  # fmt: skip
            told = [*self.orders[number]["refunds"], {"id": self._next, "total": f"-{amount}"}]
            self.touch(number, refunds=told)

    def parcel(self, number: int, tracking: str) -> None:
        """Send a parcel; the order's date rises."""
        with self.lock:
            stamp = self.clock.strftime("%Y-%m-%dT%H:%M:%SZ")
            meta = {"_tracking_number": tracking, "_shipment_provider": "ups",
                    "_date_fulfilled": stamp}  # fmt: skip
            self.parcels.setdefault(number, []).append({
                "id": len(self.parcels) + 1, "entity_id": str(number), "status": "fulfilled",
                "is_fulfilled": "1", "date_updated": stamp, "date_deleted": None,
                "meta_data": [{"id": 1, "key": key, "value": value} for key, value in meta.items()],
            })  # fmt: skip
            self.touch(number)

    def trash(self, number: int) -> None:
        """Put an order into the trash."""
        self.touch(number, status="trash")

    def delete(self, number: int) -> None:
        """Delete an order for good; nothing tells of it."""
        with self.lock:
            del self.orders[number]

    def answer(self, asked: Asked) -> Told:
        """What the shop says, or said before to the same question where a cache keeps its pages."""
        if not self.keeps_pages:
            return self._answer(asked)
        address = f"{asked.path}?{sorted(asked.query.items())}"
        if address not in self._kept:
            self._kept[address] = self._answer(asked)
        return self._kept[address]

    def _answer(self, asked: Asked) -> Told:
        if len(urlencode(asked.query, safe=",")) > self.longest:
            return _page(414)
        route, query = asked.path, dict(asked.query)
        if self.plain_links:
            if route != "/":
                return _page(200 if self.shows_first_page else 404)
            route = f"/wp-json{query.pop('rest_route', '')}"
        if not route.startswith(_ROUTE):
            return _page(404)
        route = route[len(_ROUTE) :]
        if route == "":
            return Told(data=self._index())
        if (refusal := self._refusal(asked, query)) is not None:
            return refusal
        return self._routed(route, query)

    def _routed(self, route: str, query: dict[str, str]) -> Told:
        match route.strip("/").split("/"):
            case ["orders"]:
                return self._list(query)
            case ["orders", number, "refunds"]:
                return self._refunds_of(int(number))
            case ["refunds"] if not self.is_old:
                return self._listed_refunds(query)
            case ["orders", number]:
                return self._one(int(number))
            case ["orders", number, "fulfillments"] if self.has_fulfilments:
                return Told(data=self.parcels.get(int(number), []))
        return _error(404, "rest_no_route", "No route was found matching the URL and method.")

    def _index(self) -> dict[str, Any]:
        status = {"items": {"type": "string", "enum": list(self.statuses)}}
        routes: dict[str, Any] = {
            "/wc/v3/orders": {"endpoints": [{"methods": ["GET"], "args": {"status": status}}]}
        }
        if not self.is_old:
            routes["/wc/v3/refunds"] = {}
        if self.has_fulfilments:
            routes["/wc/v3/orders/(?P<order_id>[\\d]+)/fulfillments"] = {}
        return {"namespace": "wc/v3", "routes": routes}

    def _refusal(self, asked: Asked, query: dict[str, str]) -> Told | None:
        header = "" if self.strips_header else asked.headers.get("authorization", "")
        if self.scheme == "http":
            return self._checked_signature(asked, query)
        given = base64.b64decode(header.removeprefix("Basic ")).decode() if header else ""
        if not given:
            key, secret = query.pop("consumer_key", ""), query.pop("consumer_secret", "")
            given = f"{key}:{secret}"
        if given == f"{KEY}:{SECRET}":
            return None
        if given.startswith(f"{KEY}:"):
            return _error(401, "woocommerce_rest_authentication_error", "Consumer secret is wrong.")
        return _error(401, "woocommerce_rest_cannot_view", "Sorry, you cannot list resources.")

    def _checked_signature(self, asked: Asked, query: dict[str, str]) -> Told | None:
        """RFC 5849 as the shop checks it: time within 15 minutes, a nonce once, HMAC-SHA256."""
        given = query.pop("oauth_signature", "")
        if not given:
            return _error(401, "woocommerce_rest_cannot_view", "Sorry, you cannot list resources.")
        pairs = sorted((_escape(name), _escape(value)) for name, value in query.items())
        joined = "&".join(f"{name}={value}" for name, value in pairs)
        where = f"{self.url}{asked.path}"
        text = f"{asked.method}&{_escape(where)}&{_escape(joined)}"
        right = base64.b64encode(
            hmac.new(f"{SECRET}&".encode(), text.encode(), hashlib.sha256).digest()
        ).decode()
        if not hmac.compare_digest(given, right) or query.get("oauth_consumer_key") != KEY:
            code = "woocommerce_rest_authentication_error"
            return _error(401, code, "Invalid signature - provided signature does not match.")
        late = abs(int(query["oauth_timestamp"]) - self.now().timestamp()) > 900
        if late or query["oauth_nonce"] in self.nonces:
            return _error(401, "woocommerce_rest_authentication_error", "Invalid timestamp.")
        self.nonces.add(query["oauth_nonce"])
        for name in [name for name in query if name.startswith("oauth_")]:
            del query[name]
        return None

    def _list(self, query: dict[str, str]) -> Told:
        size = int(query.get("per_page", "10"))
        if not 1 <= size <= 100:
            text = "per_page must be between 1 (inclusive) and 100 (inclusive)"
            return _error(400, "rest_invalid_param", f"Invalid parameter(s): {text}")
        asked = set(query.get("status", "any").split(","))
        if self.is_strict and not asked <= set(self.statuses):
            return _error(400, "rest_invalid_param", "Invalid parameter(s): status")
        found = [one for one in self.orders.values() if self._is_wanted(one, query)]
        by = {"modified": "date_modified_gmt", "id": "id"}.get(
            query.get("orderby", ""), "date_created_gmt"
        )
        found.sort(key=lambda one: one[by], reverse=query.get("order", "desc") == "desc")
        page = found[int(query.get("offset", "0")) :][:size]
        return Told(data=page, headers={"X-WP-Total": str(len(found))})

    def _is_wanted(self, one: dict[str, Any], query: dict[str, str]) -> bool:
        wanted = query.get("status", "any").split(",")
        status = str(one["status"])  # "any" in company is "any" alone
        fits = status != "trash" if "any" in wanted else status in wanted
        if "include" in query:
            fits = fits and one["id"] in _ids(query["include"])
        if "exclude" in query:
            fits = fits and one["id"] not in _ids(query["exclude"])
        if "modified_after" in query:
            fits = fits and str(one["date_modified_gmt"]) > self._in_utc(query, "modified_after")
        if "modified_before" in query:
            fits = fits and str(one["date_modified_gmt"]) < self._in_utc(query, "modified_before")
        return fits

    def _in_utc(self, query: dict[str, str], name: str) -> str:
        """The trap: without the flag, and with a Z in spite of it, the site's zone is taken."""
        told = query[name]
        at = datetime.fromisoformat(told)
        if query.get("dates_are_gmt") == "true" and at.tzinfo is None:
            return told
        local = at.astimezone(self.zone).replace(tzinfo=None) if at.tzinfo else at
        if query.get("dates_are_gmt") == "true":
            return _naive(local.replace(tzinfo=UTC))
        return _naive(local.replace(tzinfo=self.zone))

    def _listed_refunds(self, query: dict[str, str]) -> Told:
        wanted = _ids(query.get("include", "")) if query.get("include") else set(self.refunds)
        return Told(data=[one for one in self.refunds.values() if one["id"] in wanted])

    def _refunds_of(self, number: int) -> Told:
        found = [one for one in self.refunds.values() if one["parent_id"] == number]
        return Told(data=[{k: v for k, v in one.items() if k != "parent_id"} for one in found])

    def _one(self, number: int) -> Told:
        if number in self.orders:
            return Told(data=self.orders[number])
        return _error(404, "woocommerce_rest_shop_order_invalid_id", "Invalid ID.")


def _ids(text: str) -> set[int]:
    return {int(one) for one in text.split(",")}


def _naive(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _escape(text: str) -> str:
    return quote(text, safe="-._~")


def _error(status: int, code: str, message: str) -> Told:
    data = {"code": code, "message": message, "data": {"status": status}}
    return Told(status=status, data=data)


def _page(status: int) -> Told:
    html = b"<!DOCTYPE html><html><body>A shop's own page</body></html>"
    return Told(status=status, raw=html, content_type="text/html; charset=UTF-8")


SECOND = timedelta(seconds=1)
