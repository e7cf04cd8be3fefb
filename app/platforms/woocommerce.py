"""WooCommerce: orders, refunds and parcels of a shop on WordPress, by its REST API (wc/v3).

Read by keyset on the instant of the last change, never by page numbers: those lose an order that
moves while they are walked. `modified_after` is strictly later, in whole seconds, and right in all
zones only as naive UTC together with `dates_are_gmt` (measured on 11.0.1).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any
from urllib.parse import urlsplit

from app.domain.account import Account
from app.domain.clock import Clock
from app.domain.errors import KnownError, SignInRefused
from app.domain.feed import FeedMemory, FeedPlace, Lack, LeftOut, Page, Permits, Stream
from app.domain.order import Order
from app.domain.translation import to_translate, tr
from app.platforms import failures, oauth1
from app.platforms.answer import Answer
from app.platforms.http import Manners, PlatformHttp, Query
from app.platforms.reading import moment, rows, table, text, understood, whole
from app.platforms.woocommerce_order import GONE, order_id, read_order

BACKFILL = timedelta(days=60)
_OVERLAP = timedelta(seconds=60)
_SECOND = timedelta(seconds=1)
_WATCH = timedelta(minutes=10)  # notes and meta data change without a new date
_PAGE = 100
_PAGE_WITH_PARCELS = 25  # each order costs a request more, and a page has to end within a run
_NO_ORDER_YET = ("any", "auto-draft", "checkout-draft", GONE)
_STATUSES = ("pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed")
_FULFILMENTS = "fulfillments"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shop:
    """What was found out about a shop when it was first asked."""

    statuses: tuple[str, ...]
    has_fulfilments: bool


class WooCommerce:
    """One shop, asked with a key that may read."""

    def __init__(
        self, account: Account, secret: str, *, clock: Clock, manners: Manners | None = None
    ) -> None:
        settings = account.settings
        self._key, self._secret = settings["client_id"], secret
        self._clock = clock
        self._http = PlatformHttp(
            re.sub(r"/(wp-json|wp-admin)(/.*)?$", "", settings["base_url"].strip()),
            name="WooCommerce",
            clock=clock,
            ca_file=settings.get("ca_file", ""),
            insist_http=settings.get("insist_http") == "yes",
            manners=manners or Manners(pace=1.0),
        )
        parts = urlsplit(self._http.root)
        self._signs = parts.scheme == "http"
        self._place = parts.netloc.lower() + parts.path
        self._in_query = False
        self._plain_links = False
        self._shop: _Shop | None = None

    @property
    def streams(self) -> tuple[Stream, ...]:
        """Orders; disputes are its payment provider's."""
        return (Stream.ORDERS,)

    @property
    def skew(self) -> timedelta:
        """By how much the shop's clock is ahead of ours."""
        return self._http.skew

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    def check(self) -> Permits:
        """Ask for one order. Raises KnownError, SignInRefused where the key is not taken."""
        shop = self._found_out()
        self._rows("/orders", [("per_page", "1"), ("_fields", "id")])
        lacks = () if shop.has_fulfilments else (_NO_FULFILMENTS,)
        return Permits(shop=self._http.host, lacks=lacks)

    def read(
        self, stream: Stream, memory: FeedMemory, deliver: Callable[[Page], None], stop: Event
    ) -> None:
        """Bring the orders that changed, oldest change first; then look at those under watch."""
        with self._http.run(stop):
            now = self._clock.now() + self._http.skew
            place = memory.place(stream)
            if place is None or place.watermark is None:
                start = (now - BACKFILL).replace(microsecond=0)
                place = FeedPlace(watermark=start, cursor=now.replace(microsecond=0).isoformat())
            ended = self._read_changes(place, deliver)
            if ended is not None:
                self._look_at_watched(ended, memory, deliver, now=now)

    def _read_changes(self, place: FeedPlace, deliver: Callable[[Page], None]) -> FeedPlace | None:
        """Everything since `place`; the place where it ended, None if its time ran out before."""
        assert place.watermark is not None
        lower, seen = place.watermark - _OVERLAP, dict[int, datetime]()
        while True:
            size = self._size(place)
            known = [one for one, at in seen.items() if at > lower]
            found = self._changed(lower, known, size=size)
            last = max((at for one in found if (at := _modified(one))), default=place.watermark)
            complete = len(found) < size
            page = self._page(place, found, last=last, complete=complete)
            deliver(page)
            if complete:
                return page.place
            if not self._http.has_time:
                return None
            seen |= {whole(one.get("id")): _modified(one) or last for one in found}
            place, lower = page.place, max(last - _SECOND, lower)

    def _size(self, place: FeedPlace) -> int:
        asks_for_parcels = place.backfilled and self._found_out().has_fulfilments
        return _PAGE_WITH_PARCELS if asks_for_parcels else _PAGE

    def _changed(
        self, lower: datetime, known: Sequence[int], *, size: int
    ) -> list[Mapping[str, Any]]:
        """One page of orders that changed after `lower`; `known` were seen with that very date."""
        query = [
            ("modified_after", lower.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")),
            ("dates_are_gmt", "true"),
            ("orderby", "modified"),
            ("order", "asc"),
            ("per_page", str(size)),
            ("status", ",".join((*self._found_out().statuses, GONE))),
        ]
        if known:
            query.append(("exclude", ",".join(map(str, sorted(known)))))
        return self._rows("/orders", query)

    def _page(
        self,
        place: FeedPlace,
        found: Sequence[Mapping[str, Any]],
        *,
        last: datetime,
        complete: bool,
    ) -> Page:
        """The rows as orders, and the place to which they bring us."""
        until = moment(place.cursor) if not place.backfilled else None
        is_past = until is not None and last <= until
        assert place.watermark is not None
        ended = place.backfilled or complete or not is_past
        after = replace(
            place,
            watermark=max(place.watermark, last),
            backfilled=ended,
            cursor="" if ended else place.cursor,
        )
        living = [one for one in found if text(one.get("status")) != GONE]
        history = until is not None
        left_out: list[LeftOut] = []
        return Page(
            stream=Stream.ORDERS,
            place=after,
            orders=tuple(self._orders(living, left_out, with_parcels=not history)),
            left_out=tuple(left_out),
            gone=tuple(self._id(one) for one in found if text(one.get("status")) == GONE),
            history=history,
            complete=complete,
        )

    def _look_at_watched(
        self,
        place: FeedPlace,
        memory: FeedMemory,
        deliver: Callable[[Page], None],
        *,
        now: datetime,
    ) -> None:
        """Read anew what open issues are about: a note or a parcel leaves the date as it is, and
        of a deleted order nothing is told at all."""
        if place.reconciled_at is not None and now - place.reconciled_at < _WATCH:
            return
        place = replace(place, reconciled_at=now)
        watched = sorted(int(one.rpartition("#")[2]) for one in memory.watched_orders())
        step = _PAGE_WITH_PARCELS
        for start in range(0, len(watched) or 1, step):
            some = watched[start : start + step]
            found = self._by_id(some) if some else []
            gone = self._gone(set(some) - {whole(one.get("id")) for one in found})
            gone |= {whole(one.get("id")) for one in found if text(one.get("status")) == GONE}
            living = [one for one in found if whole(one.get("id")) not in gone]
            left_out: list[LeftOut] = []
            deliver(
                Page(
                    stream=Stream.ORDERS,
                    place=place,
                    orders=tuple(self._orders(living, left_out, with_parcels=True)),
                    left_out=tuple(left_out),
                    gone=tuple(order_id(self._place, one) for one in sorted(gone)),
                    complete=True,
                )
            )

    def _by_id(self, ids: Sequence[int]) -> list[Mapping[str, Any]]:
        query = [
            ("include", ",".join(map(str, ids))),
            ("per_page", str(_PAGE)),
            ("status", ",".join((*self._found_out().statuses, GONE))),
        ]
        return self._rows("/orders", query)

    def _gone(self, missing: Iterable[int]) -> set[int]:
        """Those that are really not there: a status of a plug-in hides an order from the list."""
        gone = set()
        for one in sorted(missing):
            answer = self._ask(f"/orders/{one}", [("_fields", "id,status")])
            if answer.status == 404 and _code(answer) != "rest_no_route":
                gone.add(one)
            elif not answer.is_ok:
                raise self._refusal(answer)
            elif text(table(answer.data).get("status")) == GONE:
                gone.add(one)
        return gone

    def _orders(
        self,
        found: Sequence[Mapping[str, Any]],
        left_out: list[LeftOut],
        *,
        with_parcels: bool,
    ) -> Iterator[Order]:
        refunds = self._refunds_of(found)

        def read(one: Mapping[str, Any]) -> Order:
            return read_order(
                one,
                place=self._place,
                root=self._http.root,
                refunds=[
                    each for each in refunds if whole(each.get("parent_id")) == whole(one.get("id"))
                ],
                parcels=self._parcels_of(one) if with_parcels else [],
            )

        return understood(found, read, name=self._id, left_out=left_out)

    def _refunds_of(self, found: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """The refunds whole: in an order stand only their sums."""
        ids = [whole(each.get("id")) for one in found for each in rows(one.get("refunds"))]
        whole_ones: list[Mapping[str, Any]] = []
        for start in range(0, len(ids), _PAGE):
            some = ",".join(map(str, ids[start : start + _PAGE]))
            whole_ones += self._rows("/refunds", [("include", some), ("per_page", str(_PAGE))])
        return whole_ones

    def _parcels_of(self, row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        if not self._found_out().has_fulfilments:
            return []
        answer = self._ask(f"/orders/{whole(row.get('id'))}/{_FULFILMENTS}", [])
        if answer.status == 404:  # switched off since, or the order is gone by now
            return []
        if not answer.is_ok:
            raise self._refusal(answer)
        return rows(answer.data)

    def _id(self, row: Mapping[str, Any]) -> str:
        return order_id(self._place, row.get("id"))

    def _found_out(self) -> _Shop:
        """The shop's statuses, those of plug-ins among them, and whether it knows parcels."""
        if self._shop is None:
            answer = self._ask("", [])
            if answer.status == 404 and not self._plain_links:
                self._plain_links = True  # no pretty permalinks: the same by another address
                answer = self._ask("", [])
            if not answer.is_ok:
                raise self._refusal(answer)
            routes = table(table(answer.data).get("routes"))
            self._shop = _Shop(
                statuses=_statuses(table(routes.get("/wc/v3/orders"))),
                has_fulfilments=any(name.endswith(f"/{_FULFILMENTS}") for name in routes),
            )
        return self._shop

    def _rows(self, route: str, query: Query) -> list[Mapping[str, Any]]:
        answer = self._ask(route, query)
        if not answer.is_ok:
            raise self._refusal(answer)
        if not isinstance(answer.data, list):
            raise failures.unreadable("WooCommerce", "it is no list")
        return rows(answer.data)

    def _ask(self, route: str, query: Query) -> Answer:
        """An answer, with the key where this host lets it through: some strip the header."""
        answer = self._asked(route, query)
        if answer.status == 401 and not (self._signs or self._in_query):
            self._in_query = True
            again = self._asked(route, query)
            if again.status == 401:
                self._in_query = False
                return answer
            return again
        return answer

    def _asked(self, route: str, query: Query) -> Answer:
        path = f"/wp-json/wc/v3{route}"
        if self._plain_links:
            path, query = "/", [("rest_route", f"/wc/v3{route}"), *query]
        if self._signs:
            return self._http.get(path, query, sign=self._signed)
        if self._in_query:
            keys = [("consumer_key", self._key), ("consumer_secret", self._secret)]
            return self._http.get(path, [*query, *keys])
        pair = base64.b64encode(f"{self._key}:{self._secret}".encode()).decode()
        return self._http.get(path, query, headers={"Authorization": f"Basic {pair}"})

    def _signed(self, method: str, url: str, query: Query) -> Query:
        now = self._clock.now() + self._http.skew
        return oauth1.signature(method, url, query, key=self._key, secret=self._secret, now=now)

    def _refusal(self, answer: Answer) -> KnownError:
        """Its error shape is {code, message, data: {status, params, details}}."""
        code, words = _code(answer), text(table(answer.data).get("message"))
        if answer.is_page:
            return failures.web_page("WooCommerce", self._http.host, answer.status)
        if answer.status in (401, 403):
            return _refused(code, words, answer.status)
        if code == "rest_no_route" or answer.status in (404, 410):
            return KnownError(
                tr("There is no WooCommerce at {host}", host=self._http.host),
                tr("WordPress answers there, but not with the orders of a shop"),
                tr("Check the address, and that WooCommerce is switched on there."),
            )
        return failures.not_understood("WooCommerce", answer.status, words)


def _refused(code: str, words: str, status: int) -> SignInRefused:
    if "oauth" in words.lower() and "timestamp" in words.lower():
        return SignInRefused(
            tr("WooCommerce does not accept the time of the signature"),
            tr("The clock of this computer and that of the shop differ"),
            tr("Let the system set this computer's clock, then poll again."),
        )
    return failures.refused("WooCommerce", status, words or code)


def _code(answer: Answer) -> str:
    return text(table(answer.data).get("code"))


def _modified(row: Mapping[str, Any]) -> datetime | None:
    return moment(row.get("date_modified_gmt")) or moment(row.get("date_created_gmt"))


def _statuses(route: Mapping[str, Any]) -> tuple[str, ...]:
    """All that an order can have; "any" would leave out the trash, and does so in company too."""
    ends = (one for one in rows(route.get("endpoints")) if "GET" in (one.get("methods") or ()))
    args = (table(table(one.get("args")).get("status")) for one in ends)
    listed = next((table(one.get("items")).get("enum") for one in args), None)
    named = tuple(text(one) for one in listed) if isinstance(listed, list) else _STATUSES
    return tuple(one for one in named if one and one not in _NO_ORDER_YET) or _STATUSES


_NO_FULFILMENTS = Lack(
    scope=to_translate("the fulfilments feature of WooCommerce"),
    without=to_translate(
        "parcels are known only where the shipment tracking plug-in writes them down"
    ),
)
