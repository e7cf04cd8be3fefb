"""A Shopify shop played over TLS by graphql-core: what it answers is true to the schema.

Cursor paging by (updatedAt, id), the search index that lags, the bucket of points and THROTTLED,
ACCESS_DENIED where a scope is missing, tokens that end, and the header that tells the version.
"""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo, GraphQLSchema, build_schema, graphql_sync

from tests.support.certificates import Leaf
from tests.support.platform_server import Asked, PlatformServer, Told

TOKEN, CLIENT, CLIENT_SECRET = "shpat_0123456789abcdef", "client-1", "shpss_fedcba"
SDL = Path(__file__).with_name("shopify.graphql")
VERSION = "2026-10"
SCOPES = frozenset({
    "read_orders", "read_customers", "read_returns", "read_shopify_payments_disputes",
    "read_all_orders",
})  # fmt: skip
_NEEDS = {
    "customer": "read_customers",
    "shippingAddress": "read_customers",
    "billingAddress": "read_customers",
    "returns": "read_returns",
    "disputes": "read_shopify_payments_disputes",
}


class ShopifyServer(PlatformServer):
    """Orders and disputes by their number; `touch` moves one, `delete` takes one away."""

    def __init__(self, leaf: Leaf | None = None) -> None:
        super().__init__(leaf)
        self.orders: dict[int, dict[str, Any]] = {}
        self.disputes: dict[int, dict[str, Any]] = {}
        self.scopes = SCOPES
        self.keeps_pii_back = False
        self.fails_at: set[str] = set()  # the orders whose refunds it cannot tell just now
        self.answers_as = VERSION
        self.lag = timedelta()
        self.costs = 10
        self.bucket = 2000.0
        self.refills = 1_000_000.0
        self.dearest = 1000  # points of a single question
        self.loops = False
        self.tokens: dict[str, datetime] = {}
        self.exchanges = 0
        self._next = 1000

    @property
    def settings(self) -> dict[str, str]:
        """The account settings that lead here; add ca_file."""
        return {"shop": "mill-and-moss.myshopify.com", "base_url": self.url}

    def order(self, *, at: datetime | None = None, **told: Any) -> dict[str, Any]:
        """A new order, changed at `at`."""
        with self.lock:
            self._next += 1
            stamp = _z(at or self.wall())
            row = {
                "__typename": "Order", "id": f"gid://shopify/Order/{self._next}",
                "legacyResourceId": str(self._next), "name": f"#{self._next}",
                "createdAt": stamp, "updatedAt": stamp, "processedAt": stamp, "cancelledAt": None,
                "test": False, "displayFinancialStatus": "PAID",
                "displayFulfillmentStatus": "UNFULFILLED",
                "email": f"vera{self._next}@example.test", "note": None, "tags": [],
                "totalPriceSet": bag("54.00"), "totalRefundedSet": bag("0.00"),
                "shippingAddress": {"name": "Vera Ito", "countryCodeV2": "LV"},
                "billingAddress": None,
                "customer": {
                    "displayName": "Vera Ito", "numberOfOrders": "3",
                    "defaultEmailAddress": {"emailAddress": f"vera{self._next}@example.test"},
                    "amountSpent": {"amount": "162.00", "currencyCode": "EUR"},
                    "createdAt": "2024-01-05T10:00:00Z", "tags": ["vip"],
                    "statistics": {"rfmGroup": "CHAMPIONS"},
                },
                "transactions": [
                    {"paymentId": f"pay-{self._next}",
                     "receiptJson": '{"payment_intent_id":"pi_1234567890ab"}'},
                ],
                "lineItems": [line("Leather boots", 2, "24.50")],
                "fulfillments": [], "refunds": [], "returns": [],
                "_indexed": stamp, "_visible_at": self.wall() + self.lag,
                **told,
            }  # fmt: skip
            self.orders[self._next] = row
            return row

    def touch(self, number: str, *, at: datetime | None = None, **told: Any) -> None:
        """Change an order; the index hears of it later."""
        with self.lock:
            row = self.orders[int(number)]
            if self._visible(row):
                row["_indexed"] = row["updatedAt"]
            stamp = _z(at or self.wall())
            row.update({**told, "updatedAt": stamp, "_visible_at": self.wall() + self.lag})

    def delete(self, number: str) -> None:
        """Delete an order; nothing tells of it."""
        with self.lock:
            del self.orders[int(number)]

    def dispute(self, **told: Any) -> dict[str, Any]:
        """A new dispute."""
        with self.lock:
            self._next += 1
            row = {
                "__typename": "ShopifyPaymentsDispute",
                "id": f"gid://shopify/ShopifyPaymentsDispute/{self._next}",
                "legacyResourceId": str(self._next), "type": "CHARGEBACK",
                "status": "NEEDS_RESPONSE", "initiatedAt": _z(self.wall()),
                "evidenceDueBy": _z(self.wall() + timedelta(days=9)), "evidenceSentOn": None,
                "finalizedOn": None, "amount": {"amount": "54.00", "currencyCode": "EUR"},
                "reasonDetails": {"reason": "FRAUDULENT", "networkReasonCode": "10.4"},
                "order": None, **told,
            }  # fmt: skip
            self.disputes[self._next] = row
            return row

    def expire(self) -> None:
        """Call back every token that was exchanged."""
        self.tokens.clear()

    def answer(self, asked: Asked) -> Told:
        """What Shopify says."""
        if asked.path == "/admin/oauth/access_token":
            return self._exchange(asked)
        if not re.fullmatch(r"/admin/api/\d{4}-\d{2}/graphql\.json", asked.path):
            return Told(status=404, data={"errors": "Not Found"})
        token = asked.headers.get("x-shopify-access-token", "")
        ends = self.tokens.get(token)
        if token != TOKEN and (ends is None or ends <= self.wall()):
            data = {"errors": "[API] Invalid API key or access token (unrecognized login)"}
            return Told(status=401, data=data)
        return Told(
            data=self._executed(asked.json), headers={"X-Shopify-API-Version": self.answers_as}
        )

    def _exchange(self, asked: Asked) -> Told:
        form = asked.form
        if form.get("grant_type") != "client_credentials" or (
            form.get("client_id"), form.get("client_secret")
        ) != (CLIENT, CLIENT_SECRET):  # fmt: skip
            return Told(status=400, data={"error": "invalid_client"})
        self.exchanges += 1
        token = f"shpat_exchanged{self.exchanges}"
        self.tokens[token] = self.wall() + timedelta(hours=24)
        scope = ",".join(sorted(self.scopes))
        return Told(data={"access_token": token, "scope": scope, "expires_in": 86399})

    def _executed(self, body: dict[str, Any]) -> dict[str, Any]:
        asked = body["variables"]
        children = 100 if "query Children" in body["query"] else 1
        cost = self.costs + int(asked.get("first") or len(asked.get("ids", ())) or children)
        status = {
            "maximumAvailable": 2000, "currentlyAvailable": int(self.bucket),
            "restoreRate": self.refills,
        }  # fmt: skip
        extensions = {"cost": {"requestedQueryCost": cost, "throttleStatus": status}}
        if cost > self.dearest:
            return {"errors": [_error("Too costly", "MAX_COST_EXCEEDED")], "extensions": extensions}
        if cost > self.bucket:
            self.bucket = min(2000.0, self.bucket + self.refills)
            return {"errors": [_error("Throttled", "THROTTLED")], "extensions": extensions}
        self.bucket -= cost if self.refills < 1000 else 0
        done = graphql_sync(
            schema(),
            body["query"],
            root_value=_Root(),
            context_value=self,
            variable_values=body["variables"],
            field_resolver=_resolve,
            type_resolver=lambda value, *_: str(value.get("__typename", "ReturnLineItem")),
        )
        told = done.formatted
        return {**told, "extensions": extensions}

    def _visible(self, row: dict[str, Any]) -> bool:
        return bool(row["_visible_at"] <= self.wall())

    def indexed(self, row: dict[str, Any]) -> str:
        """When the search index thinks that an order changed."""
        return str(row["updatedAt"] if self._visible(row) else row["_indexed"])

    def page_of_orders(self, first: int, after: str | None, query: str) -> dict[str, Any]:
        """A page as the index knows it, oldest change first."""
        lower = re.fullmatch(r"updated_at:>='([^']+)'", query)
        assert lower is not None, query
        found = sorted(
            (self.indexed(one), int(one["legacyResourceId"]), one)
            for one in self.orders.values()
            if self.indexed(one) >= lower[1]
        )
        return self._paged(found, first, after)

    def page_of_disputes(self, first: int, after: str | None, query: str) -> dict[str, Any]:
        """A page of disputes, in the order of their ids: there is no other."""
        key, _, value = query.partition(":")
        if key == "status":
            fit = [one for one in self.disputes.values() if one["status"].lower() == value]
        else:
            since = value.strip(">='")
            fit = [one for one in self.disputes.values() if one["initiatedAt"] >= since]
        found = sorted(("", int(one["legacyResourceId"]), one) for one in fit)
        return self._paged(found, first, after)

    def _paged(
        self, found: list[tuple[str, int, dict[str, Any]]], first: int, after: str | None
    ) -> dict[str, Any]:
        if after and not self.loops:
            try:
                stamp, _, number = base64.b64decode(after, validate=True).decode().partition("|")
            except ValueError:
                raise GraphQLError("Invalid cursor for current pagination sort.") from None
            place = (stamp, int(number))
            found = [one for one in found if one[:2] > place]
        page = found[:first]
        end = base64.b64encode(f"{page[-1][0]}|{page[-1][1]}".encode()).decode() if page else after
        more = len(found) > first or (self.loops and bool(page))
        end = "same" if self.loops else end
        return {
            "nodes": [one for _, _, one in page],
            "pageInfo": {"hasNextPage": more, "endCursor": end},
        }


class _Root:
    """The root of every question."""


@cache
def schema() -> GraphQLSchema:
    """The part of the Admin API that is played."""
    return build_schema(SDL.read_text(encoding="utf-8"))


def _resolve(source: Any, info: GraphQLResolveInfo[Any], **args: Any) -> Any:
    server: ShopifyServer = info.context
    name = info.field_name
    needed = _NEEDS.get(name)
    if needed is not None and needed not in server.scopes:
        raise GraphQLError(
            f"Access denied for {name} field. Required access: `{needed}` access scope.",
            extensions={"code": "ACCESS_DENIED"},
        )
    if server.keeps_pii_back and name in ("email", "shippingAddress", "defaultEmailAddress"):
        raise GraphQLError(f"Not approved for {name}.", extensions={"code": "ACCESS_DENIED"})
    if isinstance(source, _Root):
        return _root_field(server, name, args)
    if name == "refunds" and source["legacyResourceId"] in server.fails_at:
        raise GraphQLError("Something went wrong", extensions={"code": "TIMEOUT"})
    value = source[name]
    if name in ("lineItems", "returns"):
        return _children(value, args)
    if name in ("events", "returnLineItems"):
        return {"nodes": value[: args["first"]]}
    return value[: args["first"]] if "first" in args and isinstance(value, list) else value


def _root_field(server: ShopifyServer, name: str, args: dict[str, Any]) -> Any:
    match name:
        case "shop":
            return {"name": "Mill & Moss", "ianaTimezone": "Europe/Riga"}
        case "currentAppInstallation":
            return {"accessScopes": [{"handle": one} for one in sorted(server.scopes)]}
        case "orders":
            return server.page_of_orders(args["first"], args.get("after"), args["query"])
        case "disputes":
            return server.page_of_disputes(args["first"], args.get("after"), args["query"])
        case "order":
            return _by_gid(server, args["id"])
    return [_by_gid(server, one) for one in args["ids"]]


def _by_gid(server: ShopifyServer, gid: str) -> dict[str, Any] | None:
    """The record of this name; an old order only for a key that may read all of them."""
    number = int(gid.rpartition("/")[2])
    if "/Order/" not in gid:
        return server.disputes.get(number)
    row = server.orders.get(number)
    oldest = _z(server.wall() - timedelta(days=60))
    is_old = row is not None and row["createdAt"] < oldest
    return None if is_old and "read_all_orders" not in server.scopes else row


def _children(every: list[Any], args: dict[str, Any]) -> dict[str, Any]:
    start = int(args.get("after") or 0)
    end = start + int(args["first"])
    info = {"hasNextPage": end < len(every), "endCursor": str(min(end, len(every)))}
    return {"nodes": every[start:end], "pageInfo": info}


def bag(amount: str, currency: str = "EUR", *, paid: tuple[str, str] = ("", "")) -> dict[str, Any]:
    """An amount as Shopify tells it, in the shop's money and as it was `paid`."""
    theirs = {"amount": paid[0] or amount, "currencyCode": paid[1] or currency}
    return {
        "shopMoney": {"amount": amount, "currencyCode": currency},
        "presentmentMoney": theirs,
    }


def line(name: str, quantity: int, price: str, *, left: int | None = None) -> dict[str, Any]:
    """A line of an order."""
    return {
        "name": name, "sku": "LB-42", "quantity": quantity,
        "currentQuantity": quantity if left is None else left, "originalUnitPriceSet": bag(price),
    }  # fmt: skip


def parcel(number: str, status: str, *, sent: datetime, **told: Any) -> dict[str, Any]:
    """A parcel of an order."""
    return {
        "legacyResourceId": number, "createdAt": _z(sent), "updatedAt": _z(sent),
        "displayStatus": status, "deliveredAt": None, "inTransitAt": None,
        "estimatedDeliveryAt": None, "trackingInfo": [{"company": "DHL", "number": f"T{number}"}],
        "events": [], **told,
    }  # fmt: skip


def _z(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _error(message: str, code: str) -> dict[str, Any]:
    return {"message": message, "extensions": {"code": code}}
