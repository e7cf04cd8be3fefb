"""Shopify: orders with their parcels, returns and refunds, and the disputes of Shopify Payments.

Asked by the GraphQL Admin API. Orders are walked by their last change with the cursor that Shopify
gives; how far is known (`watermark`) moves only when a walk is over, and the next one starts two
minutes earlier, because the search index lags behind. Disputes have no filter by change: the open
ones, and those of the last 90 days, are read anew each time.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from threading import Event
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.account import Account
from app.domain.clock import Clock, rfc3339
from app.domain.dispute import Dispute
from app.domain.errors import KnownError, SignInRefused
from app.domain.feed import FeedMemory, FeedPlace, Lack, LeftOut, Page, Permits, Stream
from app.domain.order import Order
from app.domain.translation import to_translate, tr
from app.platforms.entered import shop_host
from app.platforms.http import Manners, PlatformHttp
from app.platforms.reading import moment, rows, table, text, understood
from app.platforms.shopify_asking import Asking, TooCostly
from app.platforms.shopify_dispute import read_dispute
from app.platforms.shopify_key import ShopifyKey
from app.platforms.shopify_order import nodes, read_order
from app.platforms.shopify_query import VERSION

log = logging.getLogger(__name__)

BACKFILL = timedelta(days=60)
_OVERLAP = timedelta(minutes=2)
_DISPUTES_BACK = timedelta(days=90)
_RECONCILE = timedelta(days=1)
_FIRST, _MOST = 25, 100
_BY_ID = 50
_STANDS = timedelta(hours=1)  # then the owner may have given other scopes
_SHOWN = timedelta(days=59)  # older orders are kept back without read_all_orders; a day for zones
_DISPUTE_SCOPE = "read_shopify_payments_disputes"
_NEVER_READ = "never read"  # in a place: what is found when the scope is given is history
_DEEPEST = 20_000  # objects behind one cursor; from 25,000 on Shopify refuses
_SCOPES = {
    "read_orders": to_translate("orders cannot be read"),
    "read_customers": to_translate("a customer's name, address and number of orders are not known"),
    "read_returns": to_translate("returns are not shown"),
    _DISPUTE_SCOPE: to_translate("disputes of Shopify Payments are not seen"),
    "read_all_orders": to_translate("orders older than 60 days are not seen"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shop:
    name: str
    zone: tzinfo
    scopes: frozenset[str]
    asked_at: datetime
    exchanges: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Walk:
    """One walk through the orders, as it is kept between pages: from `lower`, at `after`."""

    lower: datetime
    after: str = ""
    seen: int = 0
    top: datetime

    def written(self) -> str:
        """As text, for the place of the stream."""
        return json.dumps([rfc3339(self.lower), self.after, self.seen, rfc3339(self.top)])

    @classmethod
    def read(cls, written: str) -> _Walk | None:
        """The walk that was written; None where there is none."""
        try:
            lower, after, seen, top = json.loads(written)
            began, reached = moment(lower), moment(top)
            if began is None or reached is None:
                return None
            return cls(lower=began, after=str(after), seen=int(seen), top=reached)
        except (ValueError, TypeError):
            return None


class Shopify:
    """One shop, asked with a token that may read."""

    def __init__(
        self, account: Account, secret: str, *, clock: Clock, manners: Manners | None = None
    ) -> None:
        settings = account.settings
        shop = shop_host(settings["shop"])
        self._clock = clock
        self._http = PlatformHttp(
            settings.get("base_url") or f"https://{shop}",
            name="Shopify",
            clock=clock,
            ca_file=settings.get("ca_file", ""),
            manners=manners,
        )
        self._key = ShopifyKey(
            self._http, client_id=settings.get("client_id", ""), secret=secret, clock=clock
        )
        self._asking = Asking(self._http, self._key)
        self._admin = f"https://{shop}/admin"
        self._first = _FIRST
        self._shop: _Shop | None = None

    @property
    def streams(self) -> tuple[Stream, ...]:
        """Orders each minute, disputes within five."""
        return (Stream.ORDERS, Stream.DISPUTES)

    @property
    def skew(self) -> timedelta:
        """By how much Shopify's clock is ahead of ours."""
        return self._http.skew

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    def check(self) -> Permits:
        """Which scopes the token has, and what does not work without the others."""
        with self._http.run(Event()):
            self._shop = None
            shop = self._found_out()
        lacks = [_lack(scope) for scope in _SCOPES if scope not in shop.scopes]
        if (answered := self._asking.version) not in ("", VERSION):
            without = tr(
                "some things may not be understood: Shopify answers as version {answered}",
                answered=answered,
            )
            lacks.append(
                Lack(
                    scope=tr("version {version} of the Admin API", version=VERSION), without=without
                )
            )
        return Permits(shop=shop.name, lacks=tuple(lacks))

    def read(
        self, stream: Stream, memory: FeedMemory, deliver: Callable[[Page], None], stop: Event
    ) -> None:
        """Bring what changed of the orders, or the disputes as they are."""
        with self._http.run(stop):
            if stream is Stream.ORDERS:
                self._read_orders(memory, deliver)
            elif stream is Stream.DISPUTES:
                self._read_disputes(memory, deliver)

    # Orders

    def _read_orders(self, memory: FeedMemory, deliver: Callable[[Page], None]) -> None:
        now = self._now()
        place = memory.place(Stream.ORDERS) or FeedPlace()
        start = place.watermark - _OVERLAP if place.watermark else now - BACKFILL
        fresh = _Walk(lower=start, top=place.watermark or start)
        page, walk = self._resumed(place, fresh)
        while True:
            deliver(page)
            if page.complete:
                self._reconcile(page.place, memory, deliver, now=now)
                return
            if not self._http.has_time:
                return
            page, walk = self._orders_page(page.place, walk)

    def _resumed(self, place: FeedPlace, fresh: _Walk) -> tuple[Page, _Walk]:
        """The next page of the walk that was under way; of a new one where that cannot go on."""
        walk = _Walk.read(place.cursor)
        if walk is None:
            return self._orders_page(place, fresh)
        try:
            return self._orders_page(place, walk)
        except KnownError as error:
            if error.retry or isinstance(error, SignInRefused):
                raise
            log.info("Shopify does not go on where we stopped; the walk begins anew")
            return self._orders_page(replace(place, cursor=""), fresh)

    def _orders_page(self, place: FeedPlace, walk: _Walk) -> tuple[Page, _Walk]:
        found, info = self._orders_after(walk)
        changed = (moment(one.get("updatedAt")) for one in found)
        top = max((at for at in changed if at is not None), default=walk.top)
        after = text(info.get("endCursor"))
        goes_on = info.get("hasNextPage") is True
        if goes_on and after in ("", walk.after):
            raise KnownError(
                tr("Shopify repeats the same page of orders"),
                tr("It does so where orders older than 60 days are wanted without permission"),
                tr("Give the app the scope read_all_orders, or connect the shop anew."),
            )
        walk = replace(walk, after=after, seen=walk.seen + len(found), top=max(walk.top, top))
        if goes_on and walk.seen >= _DEEPEST:  # the next page is asked for by its date
            walk = _Walk(lower=walk.top - _OVERLAP, top=walk.top)
        if goes_on:
            reached = replace(place, cursor=walk.written())
        else:
            reached = replace(place, cursor="", watermark=walk.top, backfilled=True)
        left_out: list[LeftOut] = []
        page = Page(
            stream=Stream.ORDERS,
            place=reached,
            orders=tuple(self._orders(found, left_out)),
            left_out=tuple(left_out),
            history=not place.backfilled,
            complete=not goes_on,
        )
        return page, walk

    def _orders_after(self, walk: _Walk) -> tuple[list[Mapping[str, Any]], Mapping[str, Any]]:
        """One page, as large as its cost allows."""
        asked = {
            "query": f"updated_at:>='{rfc3339(walk.lower.replace(microsecond=0))}'",
            "after": walk.after or None,
            **self._with(),
        }
        while True:
            try:
                data = self._asking.ask("orders", {**asked, "first": self._first})
            except TooCostly:
                if self._first == 1:
                    raise
                self._first = max(1, self._first // 2)
                continue
            if self._asking.is_cheap:
                self._first = min(_MOST, self._first * 2)
            orders = table(data.get("orders"))
            return nodes(orders), table(orders.get("pageInfo"))

    def _with(self) -> dict[str, bool]:
        scopes = self._found_out().scopes
        return {"customers": "read_customers" in scopes, "returns": "read_returns" in scopes}

    def _orders(
        self, found: Iterable[Mapping[str, Any]], left_out: list[LeftOut]
    ) -> Iterator[Order]:
        return understood(
            found,
            lambda row: read_order(self._completed(row), admin=self._admin),
            name=_number,
            left_out=left_out,
        )

    def _completed(self, row: Mapping[str, Any]) -> Mapping[str, Any]:
        """The order with the lines, parcels, refunds and returns that its page had no room for;
        without them where Shopify finds that too costly, for else nothing after it is read."""
        lines, returns = table(row.get("lineItems")), table(row.get("returns"))
        full = len(rows(row.get("fulfillments"))) >= 10 or len(rows(row.get("refunds"))) >= 10
        if not (full or _more(lines) or _more(returns)):
            return row
        try:
            return self._with_the_rest(row, lines, returns)
        except TooCostly:
            log.warning("the order %s is read without its further parts", _number(row))
            return row

    def _with_the_rest(
        self, row: Mapping[str, Any], lines: Mapping[str, Any], returns: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        whole: dict[str, Any] = dict(row)
        held = {"lineItems": nodes(lines), "returns": nodes(returns)}
        ends = {"lines": _end(lines), "moreReturns": _end(returns)}
        more = {"lineItems": _more(lines), "returns": _more(returns)}
        while True:
            asked = {"id": row.get("id"), **ends, "returns": self._with()["returns"]}
            order = table(self._asking.ask("children", asked).get("order"))
            whole |= {name: order[name] for name in ("fulfillments", "refunds") if name in order}
            for name, end in (("lineItems", "lines"), ("returns", "moreReturns")):
                one = table(order.get(name))
                held[name] += nodes(one) if more[name] else []
                repeats = _end(one) == ends[end]
                more[name] = more[name] and _more(one) and not repeats
                ends[end] = _end(one) if more[name] else ends[end]
            if not any(more.values()):
                break
        return {**whole, **{name: {"nodes": found} for name, found in held.items()}}

    def _reconcile(
        self,
        place: FeedPlace,
        memory: FeedMemory,
        deliver: Callable[[Page], None],
        *,
        now: datetime,
    ) -> None:
        """Once a day: are the orders of open issues still there? Nothing else tells of it."""
        if place.reconciled_at is not None and now - place.reconciled_at < _RECONCILE:
            return
        watched = sorted(memory.watched_orders())
        for start in range(0, len(watched) or 1, _BY_ID):
            some = watched[start : start + _BY_ID]
            if start + _BY_ID >= len(watched):
                place = replace(place, reconciled_at=now)
            found = self._by_id("orders_by_id", "Order", some, **self._with()) if some else {}
            living = [one for one in found.values() if one is not None]
            left_out: list[LeftOut] = []
            deliver(
                Page(
                    stream=Stream.ORDERS,
                    place=place,
                    orders=tuple(self._orders(living, left_out)),
                    left_out=tuple(left_out),
                    gone=self._gone([name for name, one in found.items() if one is None], memory),
                    complete=True,
                )
            )

    def _gone(self, missing: Sequence[str], memory: FeedMemory) -> tuple[str, ...]:
        """Those that are really not there: without a scope of its own an old order is kept back,
        and looks the same."""
        if "read_all_orders" in self._found_out().scopes:
            return tuple(missing)
        since = self._now() - _SHOWN
        known = memory.known_orders(missing)
        return tuple(one.platform_id for one in known if one.placed_at > since)

    def _by_id(
        self, question: str, kind: str, ids: Sequence[str], **more: bool
    ) -> dict[str, Mapping[str, Any] | None]:
        """Each record by its id, None where it is no more; by halves where that costs too much.
        One at which Shopify itself failed is not among them."""
        names = [f"gid://shopify/{kind}/{one}" for one in ids]
        try:
            told = self._asking.ask(question, {"ids": names, **more}).get("nodes")
        except TooCostly:
            if len(ids) == 1:
                raise
            half = len(ids) // 2
            some = self._by_id(question, kind, ids[:half], **more)
            return some | self._by_id(question, kind, ids[half:], **more)
        if not isinstance(told, list) or len(told) != len(ids):
            return {}
        found = [row if isinstance(row, Mapping) and row else None for row in told]
        return {
            one: row
            for at, (one, row) in enumerate(zip(ids, found, strict=True))
            if row is not None or not self._asking.failed_at(at)
        }

    # Disputes

    def _read_disputes(self, memory: FeedMemory, deliver: Callable[[Page], None]) -> None:
        """All that is open and all that is young; that the key may not read them is told as well,
        for an empty list looks the same."""
        place = memory.place(Stream.DISPUTES) or FeedPlace()
        is_first = not place.backfilled or place.cursor == _NEVER_READ
        lacks = _DISPUTE_SCOPE not in self._found_out().scopes
        cursor = _NEVER_READ if lacks and is_first else ""
        now = self._now()
        done = replace(place, watermark=now, backfilled=True, cursor=cursor)
        left_out: list[LeftOut] = []
        found, gone = ({}, set()) if lacks else self._all_disputes(memory, left_out, now=now)
        deliver(
            Page(
                stream=Stream.DISPUTES,
                place=done,
                disputes=tuple(found.values()),
                gone=tuple(sorted(gone)),
                left_out=tuple(left_out),
                lacks=(_lack(_DISPUTE_SCOPE),) if lacks else (),
                granted=() if lacks else (_DISPUTE_SCOPE,),
                history=is_first,
                complete=True,
            )
        )

    def _all_disputes(
        self, memory: FeedMemory, left_out: list[LeftOut], *, now: datetime
    ) -> tuple[dict[str, Dispute], set[str]]:
        """The disputes by their number, and those that are open here and were not found."""
        found: dict[str, Dispute] = {}
        gone: set[str] = set()
        since = rfc3339((now - _DISPUTES_BACK).replace(microsecond=0))
        young = f"initiated_at:>='{since}'"
        for query in ("status:needs_response", "status:under_review", young):
            found |= {one.platform_id: one for one in self._disputes_of(query, left_out)}
        unlisted = sorted(set(memory.open_disputes()) - found.keys())
        for start in range(0, len(unlisted), _BY_ID):
            some = unlisted[start : start + _BY_ID]
            told = self._by_id("disputes_by_id", "ShopifyPaymentsDispute", some)
            living = [one for one in told.values() if one is not None]
            found |= {one.platform_id: one for one in self._disputes(living, left_out)}
            gone |= {name for name, one in told.items() if one is None}
        return found, gone

    def _disputes_of(self, query: str, left_out: list[LeftOut]) -> Iterator[Dispute]:
        after: str | None = None
        while True:
            asked = {"first": 50, "after": after, "query": query}
            told = table(self._asking.ask("disputes", asked).get("disputes"))
            yield from self._disputes(nodes(told), left_out)
            info = table(told.get("pageInfo"))
            end = text(info.get("endCursor"))
            if info.get("hasNextPage") is not True or end in ("", after):
                return
            after = end

    def _disputes(
        self, found: Iterable[Mapping[str, Any]], left_out: list[LeftOut]
    ) -> Iterator[Dispute]:
        zone = self._found_out().zone
        return understood(
            found,
            lambda row: read_dispute(row, admin=self._admin, zone=zone),
            name=_number,
            left_out=left_out,
        )

    # The shop

    def _now(self) -> datetime:
        """The present by Shopify's clock."""
        return self._clock.now() + self._http.skew

    def _found_out(self) -> _Shop:
        """What the shop says of itself, asked for anew each hour and with each new token."""
        known = self._shop
        if known is None or not self._stands(known):
            data = self._asking.ask("shop", {})
            shop, app = table(data.get("shop")), table(data.get("currentAppInstallation"))
            handles = (text(one.get("handle")) for one in rows(app.get("accessScopes")))
            self._shop = known = _Shop(
                name=text(shop.get("name")) or self._http.host,
                zone=_zone(text(shop.get("ianaTimezone"))),
                scopes=frozenset(_granted(handles)),
                asked_at=self._clock.now(),
                exchanges=self._key.exchanges,
            )
        return known

    def _stands(self, shop: _Shop) -> bool:
        age = self._clock.now() - shop.asked_at
        return timedelta() <= age < _STANDS and shop.exchanges == self._key.exchanges


def _lack(scope: str) -> Lack:
    return Lack(scope=scope, without=tr(_SCOPES[scope]))


def _number(row: Mapping[str, Any]) -> str:
    return text(row.get("legacyResourceId")) or text(row.get("id"))


def _granted(handles: Iterator[str]) -> Iterator[str]:
    """A scope to write includes the one to read."""
    for one in handles:
        yield one
        if one.startswith("write_"):
            yield f"read_{one.removeprefix('write_')}"


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC


def _more(connection: Mapping[str, Any]) -> bool:
    return table(connection.get("pageInfo")).get("hasNextPage") is True


def _end(connection: Mapping[str, Any]) -> str | None:
    return text(table(connection.get("pageInfo")).get("endCursor")) or None
