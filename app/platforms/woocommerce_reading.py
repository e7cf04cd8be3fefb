"""WooCommerce reading: one run through a shop's orders, in pages that are written one by one.

First what changed since the last run, then what has a status that was not known before, then the
orders that open issues are about. Each part stops when the run's time is over, and goes on there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from app.domain.feed import FeedMemory, FeedPlace, LeftOut, Page, Stream
from app.domain.order import Order
from app.platforms.reading import moment, rows, text, understood, whole
from app.platforms.woocommerce_asking import FULFILMENTS, Asking
from app.platforms.woocommerce_order import GONE, order_id, read_order
from app.platforms.woocommerce_walk import OVERLAP, Progress, Walk, fresh_walk, walked

_WATCH = timedelta(minutes=10)  # notes and meta data change without a new date
_SETTLED = timedelta(seconds=5)  # then no further change has the same date
_PAGE = 100
_SMALL_PAGE = 25  # where each order may cost a request more: a page has to end within a run

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """Rows as orders, as far as the time went: how many of the rows, and what cannot be read."""

    orders: tuple[Order, ...]
    left_out: tuple[LeftOut, ...]
    count: int


class Reading:
    """One run. `settled`: what was read with its parcels lately and cannot have changed since but
    with a new date; it is kept from run to run, and spares the shop a question for each."""

    def __init__(
        self,
        asking: Asking,
        memory: FeedMemory,
        deliver: Callable[[Page], None],
        *,
        settled: dict[int, datetime],
    ) -> None:
        self._asking = asking
        self._memory = memory
        self._deliver = deliver
        self._settled = settled
        self._shop = asking.shop()
        self._now = asking.now
        self._place = memory.place(Stream.ORDERS) or FeedPlace()
        known = Progress.read(self._place)
        self._moved = self._moves()
        if known.shop not in ("", asking.place, *self._moved):  # another shop: all of it is new
            self._place, known = FeedPlace(), Progress()
        known = replace(known, shop=asking.place)
        if self._place.watermark is None and known.walk is None:
            known = replace(known, statuses=self._shop.statuses)  # the first walk asks for all
        self._progress = known.knowing(self._shop.statuses, now=self._now)

    def run(self) -> None:
        """All that there is time for. Raises KnownError."""
        if self._moved:
            moved = tuple((was, self._asking.place) for was in self._moved)
            page = Page(stream=Stream.ORDERS, place=self._place, moved=moved)
            self._tell(page, complete=False)
        if not self._walk_on() or not self._make_up():
            return
        self._forget_settled()
        self._look_at_watched()

    def _moves(self) -> tuple[str, ...]:
        """The places at which this very shop was before: its orders are there as they were placed.

        Another shop's address may have been set in its stead, and that has orders of its own.
        """
        if self._asking.is_settled:
            return ()
        elsewhere = self._memory.orders_elsewhere(self._asking.place)
        ids = {whole(one.platform_id.rpartition("#")[2]): one for one in elsewhere}
        query = [("include", ",".join(map(str, ids))), ("per_page", str(_PAGE))]
        found = self._asking.orders(query) if ids else []
        same = [ids[whole(one.get("id"))] for one in found if _is_same(one, ids)]
        self._asking.is_settled = True
        return tuple(dict.fromkeys(one.platform_id.rpartition("#")[0] for one in same))

    def _walk_on(self) -> bool:
        """What changed, the oldest change first; whether that is all."""
        walk = self._progress.walk or fresh_walk(self._place, now=self._now)
        while True:
            page, walk, is_over = self._page(walk)
            self._progress = replace(self._progress, walk=None if is_over else walk)
            if is_over:
                self._place = walked(self._place, walk)
            elif walk.until is None:
                self._place = replace(self._place, backfilled=True)
            self._tell(page, complete=is_over and self._progress.behind is None)
            if is_over or not self._asking.http.has_time:
                return is_over

    def _make_up(self) -> bool:
        """What has a status that was not known before, quietly; whether that is all."""
        while (walk := self._progress.behind) is not None:
            if not self._asking.http.has_time:
                return False
            page, walk, is_over = self._page(walk)
            self._progress = replace(self._progress, behind=None if is_over else walk)
            self._tell(page, complete=is_over)
        return True

    def _page(self, walk: Walk) -> tuple[Page, Walk, bool]:
        """The next page of a walk, the walk behind it, and whether it is over."""
        with_parcels = self._shop.has_fulfilments and (walk.until is None or bool(walk.statuses))
        size = _PAGE if self._shop.lists_refunds and not with_parcels else _SMALL_PAGE
        found = self._changed(walk, size=size)
        news = [one for one in found if not (with_parcels and self._is_settled(one))]
        living = [one for one in news if text(one.get("status")) != GONE]
        read = self._orders(living, with_parcels=with_parcels)
        if read.count < len(living):
            found = found[: found.index(living[read.count])]
        page = Page(
            stream=Stream.ORDERS,
            place=self._place,
            orders=read.orders,
            left_out=read.left_out,
            gone=tuple(self._id(one) for one in found if text(one.get("status")) == GONE),
            history=walk.until is not None,
        )
        if with_parcels:
            self._settle(living[: read.count])
        is_all = read.count == len(living) and len(found) < size
        if walk.is_crowded:
            deep = self._offset(walk, size=size) + len(found)
            return page, walk.deeper(max(deep, walk.deep), is_through=is_all), False
        met = ((whole(one.get("id")), _modified(one) or walk.reached) for one in found)
        return page, walk.after(met), is_all

    def _changed(self, walk: Walk, *, size: int) -> list[Row]:
        """One page of orders, the oldest change first; of a crowded second along their numbers."""
        query = [
            ("modified_after", _seconds(walk.lower)),
            ("dates_are_gmt", "true"),
            ("orderby", "id" if walk.is_crowded else "modified"),
            ("order", "asc"),
            ("per_page", str(size)),
        ]
        if walk.is_crowded:
            query.append(("modified_before", _seconds(walk.beyond)))
            query.append(("offset", str(self._offset(walk, size=size))))
        elif walk.seen:
            query.append(("exclude", ",".join(map(str, sorted(walk.seen)))))
        return self._asking.orders(query, only=walk.statuses)

    def _offset(self, walk: Walk, *, size: int) -> int:
        """A little before where it was: an order that changes again leaves the second, and those
        behind it move up."""
        return max(0, walk.deep - size // 5)

    def _look_at_watched(self) -> None:
        """Read anew what open issues are about: a note or a parcel leaves the date as it is, and
        of a deleted order nothing is told at all."""
        looked, last = self._progress.looked, self._place.reconciled_at
        is_due = looked > 0 or last is None or self._now - last >= _WATCH
        if not is_due or not self._asking.http.has_time:
            return
        ours = f"{self._asking.place}#"
        watched = [one for one in self._memory.watched_orders() if one.startswith(ours)]
        every = sorted(int(one.rpartition("#")[2]) for one in watched)
        left = [one for one in every if one > looked]
        while True:
            page, count = self._look_at(left[:_SMALL_PAGE])
            looked, left = left[count - 1] if count else 0, left[count:]
            self._progress = replace(self._progress, looked=looked if left else 0)
            if not left:
                self._place = replace(self._place, reconciled_at=self._now)
            self._tell(page, complete=True)
            if not left or not self._asking.http.has_time:
                return

    def _look_at(self, ids: Sequence[int]) -> tuple[Page, int]:
        """What became of these orders, and of how many of them there was time to ask."""
        query = [("include", ",".join(map(str, ids))), ("per_page", str(_PAGE))]
        found = {whole(one.get("id")): one for one in self._asking.orders(query)} if ids else {}
        living, gone, count = list[Row](), list[int](), 0
        parcels: dict[int, list[Row]] = {}
        for number in ids:
            if count and not self._asking.http.has_time:
                break
            count += 1
            row = found.get(number)
            if text(row.get("status")) == GONE if row else self._asking.is_gone(number):
                gone.append(number)
            elif row is not None:
                living.append(row)
                parcels[number] = self._parcels_of(row)
        read = self._made(living, parcels)
        page = Page(
            stream=Stream.ORDERS,
            place=self._place,
            orders=read.orders,
            left_out=read.left_out,
            gone=tuple(order_id(self._asking.place, one) for one in gone),
        )
        return page, count

    def _orders(self, found: Sequence[Row], *, with_parcels: bool) -> _Read:
        """The rows as orders; those whose parcels there is no time for are left to the next."""
        parcels: dict[int, list[Row]] = {}
        for count, row in enumerate(found if with_parcels else ()):
            if count and not self._asking.http.has_time:
                found = found[:count]
                break
            parcels[whole(row.get("id"))] = self._parcels_of(row)
        return self._made(found, parcels)

    def _made(self, found: Sequence[Row], parcels: Mapping[int, Sequence[Row]]) -> _Read:
        refunds = self._refunds_of(found)

        def made(row: Row) -> Order:
            number = whole(row.get("id"))
            return read_order(
                row,
                place=self._asking.place,
                root=self._asking.http.root,
                refunds=[one for one in refunds if whole(one.get("parent_id")) == number],
                parcels=parcels.get(number, ()),
            )

        left_out: list[LeftOut] = []
        orders = tuple(understood(found, made, name=self._id, left_out=left_out))
        return _Read(orders=orders, left_out=tuple(left_out), count=len(found))

    def _refunds_of(self, found: Iterable[Row]) -> list[Row]:
        """The refunds whole: in an order stand only their sums."""
        if not self._shop.lists_refunds:
            return [each for one in found if rows(one.get("refunds")) for each in self._each(one)]
        ids = [whole(each.get("id")) for one in found for each in rows(one.get("refunds"))]
        whole_ones: list[Row] = []
        for start in range(0, len(ids), _PAGE):
            some = ",".join(map(str, ids[start : start + _PAGE]))
            query = [("include", some), ("per_page", str(_PAGE))]
            whole_ones += self._asking.rows("/refunds", query)
        return whole_ones

    def _each(self, row: Row) -> Iterator[Row]:
        """The refunds of one order, as a shop older than 9.0 tells them."""
        number = whole(row.get("id"))
        for one in self._asking.rows(f"/orders/{number}/refunds", [("per_page", str(_PAGE))]):
            yield {**one, "parent_id": number}

    def _parcels_of(self, row: Row) -> list[Row]:
        if not self._shop.has_fulfilments:
            return []
        answer = self._asking.ask(f"/orders/{whole(row.get('id'))}/{FULFILMENTS}", [])
        if answer.status == 404 and not answer.is_page:  # switched off since, or the order is gone
            return []
        if not answer.is_ok:
            raise self._asking.refusal(answer)
        return rows(answer.data)

    def _tell(self, page: Page, *, complete: bool) -> None:
        place = replace(self._place, cursor=self._progress.written())
        self._deliver(replace(page, place=place, complete=complete))

    def _is_settled(self, row: Row) -> bool:
        at = _modified(row)
        return at is not None and self._settled.get(whole(row.get("id"))) == at

    def _settle(self, found: Iterable[Row]) -> None:
        """Note what is older than a moment: a second change would have another date."""
        for row in found:
            at = _modified(row)
            if at is not None and self._now - at > _SETTLED:
                self._settled[whole(row.get("id"))] = at

    def _forget_settled(self) -> None:
        """Only what the next run meets again is worth to be remembered."""
        lower = (self._place.watermark or self._now) - OVERLAP
        for number in [one for one, at in self._settled.items() if at <= lower]:
            del self._settled[number]

    def _id(self, row: Row) -> str:
        return order_id(self._asking.place, row.get("id"))


def _is_same(row: Row, known: Mapping[int, Order]) -> bool:
    order = known.get(whole(row.get("id")))
    return order is not None and moment(row.get("date_created_gmt")) == order.placed_at


def _seconds(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _modified(row: Row) -> datetime | None:
    return moment(row.get("date_modified_gmt")) or moment(row.get("date_created_gmt"))
