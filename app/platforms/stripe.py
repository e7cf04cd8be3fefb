"""Stripe: disputes, early fraud warnings and failed payments, by a key that may only read.

Disputes have no filter by change and none by status, so their whole window is read each time, and
what is open beyond it by its id: a change of status or of the deadline is never missed. Lists come
newest first and go on after an id, so that what is added meanwhile moves nothing.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from app.domain.account import Account
from app.domain.clock import Clock
from app.domain.dispute import Dispute
from app.domain.errors import KnownError
from app.domain.feed import FeedMemory, FeedPlace, Lack, LeftOut, Page, Permits, Stream
from app.domain.translation import to_translate, tr
from app.platforms import failures
from app.platforms.answer import Answer
from app.platforms.http import Manners, PlatformHttp
from app.platforms.own_page import TRIES, asked_alone, without_page
from app.platforms.reading import moment, understood
from app.platforms.stripe_records import dispute_of, failed_payment_of, warning_of

log = logging.getLogger(__name__)

VERSION = "2026-10-28.endive"  # pinned: what Stripe changes later does not reach us unseen
ROOT = "https://api.stripe.com"
NAME = "Stripe"
_WINDOW = timedelta(days=180)  # a card's holder has 120 days, some reasons more
_USUAL = timedelta(days=14)  # of failed payments, to know what is usual
_OVERLAP = timedelta(hours=1)  # a payment may fail a while after it was tried
_AT_ONCE = 100
_MOST_PAGES = 400  # a list that does not end is a fault of the other side

Query = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _List:
    """How a stream is asked for: its path, what comes with each record, and what it is called."""

    path: str
    expand: tuple[str, ...]
    may_shrink: bool
    called: str


_LISTS = {
    Stream.DISPUTES: _List(
        "/v1/disputes", ("data.charge", "data.payment_intent"), True, "disputes"
    ),
    Stream.WARNINGS: _List(
        "/v1/radar/early_fraud_warnings",
        ("data.charge",),
        False,
        to_translate("early fraud warnings"),
    ),
    Stream.PAYMENTS: _List("/v1/charges", (), False, "charges"),
}
_WARNING_ID = "issfr_"


class StripeSource:
    """One Stripe account (engine.ports.PlatformSource)."""

    streams = (Stream.DISPUTES, Stream.WARNINGS, Stream.PAYMENTS)

    def __init__(
        self, account: Account, secret: str, *, clock: Clock, manners: Manners | None = None
    ) -> None:
        """Raises KnownError where the settings cannot be right."""
        self._clock = clock
        self._headers = {"Authorization": f"Bearer {secret.strip()}", "Stripe-Version": VERSION}
        self._tests = "_test_" in secret
        self._shrunk = False
        self._http = PlatformHttp(
            account.settings.get("base_url", "") or ROOT,
            name=NAME,
            clock=clock,
            ca_file=account.settings.get("ca_file", ""),
            manners=manners,
        )

    @property
    def skew(self) -> timedelta:
        """By how much Stripe's clock is ahead of this machine's."""
        return self._http.skew

    def read(
        self,
        stream: Stream,
        memory: FeedMemory,
        deliver: Callable[[Page], None],
        stop: threading.Event,
    ) -> None:
        """Bring what is new of a stream, page by page. Raises KnownError."""
        with self._http.run(stop):
            if stream is Stream.PAYMENTS:
                self._read_payments(memory.place(stream) or FeedPlace(), deliver)
            elif stream in _LISTS:
                self._read_whole(stream, memory, deliver)

    def check(self) -> Permits:
        """Ask what the key may do. Raises KnownError."""
        tried = (
            (
                "/v1/disputes",
                Lack(scope="Disputes: Read", without=tr("disputes and inquiries are not seen")),
            ),
            (
                "/v1/charges",
                Lack(
                    scope="Charges and Refunds: Read",
                    without=tr(
                        "failed payments and early fraud warnings are not seen, and disputes come"
                        " without their customer"
                    ),
                ),
            ),
            (
                "/v1/payment_intents",
                Lack(
                    scope="PaymentIntents: Read",
                    without=tr("disputes come without their order's number"),
                ),
            ),
            (
                "/v1/radar/early_fraud_warnings",
                Lack(scope="Radar: Read", without=tr("early fraud warnings are not seen")),
            ),
        )
        with self._http.run(threading.Event()):
            lacks = tuple(lack for path, lack in tried if not self._may(path))
            return Permits(shop=self._called(), lacks=lacks)

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    def _read_whole(
        self, stream: Stream, memory: FeedMemory, deliver: Callable[[Page], None]
    ) -> None:
        """The whole window, and by its id whatever is open and not in it."""
        place = memory.place(stream) or FeedPlace()
        history = not place.backfilled
        make = dispute_of if stream is Stream.DISPUTES else warning_of
        bound = self._clock.now() - _WINDOW
        last, seen = place.cursor, set[str]()
        for _ in range(_MOST_PAGES):
            records, more = self._list(stream, bound, after=last)
            left_out: list[LeftOut] = []
            disputes = tuple(understood(records, make, name=_id, left_out=left_out))
            seen.update(map(_id, records))
            if not more:
                break
            last = str(records[-1]["id"])
            here = replace(place, cursor=last)
            self._deliver(deliver, stream, here, disputes, history, left_out=left_out)
            if not self._http.has_time:
                return
        else:
            raise failures.unreadable(NAME, tr("its list does not end"))
        resumed = bool(place.cursor)
        unlisted = None if resumed else seen
        found, gone = self._beyond(stream, memory, unlisted, make, left_out=left_out)
        told = (*disputes, *found)
        newest = max((one.opened_at for one in told), default=place.watermark)
        done = replace(place, cursor="", backfilled=True, watermark=_later(place.watermark, newest))
        self._deliver(
            deliver,
            stream,
            done,
            told,
            history,
            gone=gone,
            left_out=left_out,
            complete=not resumed,
        )
        if resumed and self._http.has_time:  # what came in front of the list since it was begun
            self._read_whole(stream, memory, deliver)

    def _beyond(
        self,
        stream: Stream,
        memory: FeedMemory,
        seen: set[str] | None,
        make: Callable[[Any], Dispute],
        *,
        left_out: list[LeftOut],
    ) -> tuple[tuple[Dispute, ...], tuple[str, ...]]:
        """What is open here and was not in the window; all that is open after a broken run."""
        warnings = stream is Stream.WARNINGS
        ids = [
            one
            for one in sorted(memory.open_disputes())
            if one.startswith(_WARNING_ID) == warnings and (seen is None or one not in seen)
        ]
        found, gone = list[Dispute](), list[str]()
        for id_ in ids:
            told = self._own(stream, id_)
            if isinstance(told, KnownError):
                left_out.append(without_page(id_, told))
            elif told is None:
                gone.append(id_)
            else:
                found.extend(understood([told], make, name=_id, left_out=left_out))
        return tuple(found), tuple(gone)

    def _own(self, stream: Stream, id_: str) -> dict[str, Any] | KnownError | None:
        """A record as its own page has it, None where there is none, or why it is not to be had."""
        path = _LISTS[stream].path
        query = self._expand(stream, "data.")
        return asked_alone(
            lambda: self._http.get(f"{path}/{id_}", query, headers=self._headers, tries=TRIES),
            judge=lambda answer: self._good(answer, stream),
            prove=lambda: self._good(self._ask(path, [("limit", "1")]), stream),
        )

    def _read_payments(self, place: FeedPlace, deliver: Callable[[Page], None]) -> None:
        """The charges since the last that was seen, and a while before; the failed ones of them."""
        history = not place.backfilled
        since = place.watermark - _OVERLAP if place.watermark else self._clock.now() - _USUAL
        last, newest = _read_cursor(place.cursor)
        newest = _later(newest, place.watermark)
        for _ in range(_MOST_PAGES):
            records, more = self._list(Stream.PAYMENTS, since, after=last)
            left_out: list[LeftOut] = []
            read = understood(records, failed_payment_of, name=_id, left_out=left_out)
            payments = tuple(one for one in read if one)
            created = (_created(one) for one in records)
            newest = _later(newest, max((at for at in created if at), default=None))
            if more:
                last = str(records[-1]["id"])
                now = replace(place, cursor=_cursor(last, newest))
            else:
                now = replace(place, cursor="", backfilled=True, watermark=newest)
            deliver(
                Page(
                    stream=Stream.PAYMENTS,
                    place=now,
                    payments=payments,
                    left_out=tuple(left_out),
                    history=history,
                    complete=not more,
                )
            )
            if not more or not self._http.has_time:
                return
        raise failures.unreadable(NAME, tr("its list does not end"))

    def _list(
        self, stream: Stream, since: datetime, *, after: str
    ) -> tuple[Sequence[dict[str, Any]], bool]:
        """A page of a list, newest first, and whether there is more of it in the window."""
        query: Query = [("limit", str(_AT_ONCE)), ("created[gte]", str(int(since.timestamp())))]
        if after:
            query.append(("starting_after", after))
        how = _LISTS[stream]
        answer = self._ask(how.path, [*query, *self._expand(stream)])
        if answer.status == 403 and how.may_shrink and not self._shrunk:
            self._shrunk = True  # the key may not read charges: disputes alone are better than none
            answer = self._ask(how.path, query)
        if after and answer.status in (400, 404) and "No such" in _words(answer):
            return self._list(stream, since, after="")  # what it was to go on after is gone
        data = self._good(answer, stream)
        records = data.get("data")
        if not isinstance(records, list) or not all(isinstance(one, dict) for one in records):
            raise failures.unreadable(NAME, tr("it is no list"))
        inside = [one for one in records if (_created(one) or since) >= since]
        more = bool(data.get("has_more")) and len(inside) == len(records) > 0
        if more and str(records[-1].get("id", "")) in ("", after):
            raise failures.unreadable(NAME, tr("its list leads in a circle"))
        return inside, more

    def _expand(self, stream: Stream, without: str = "") -> Query:
        if self._shrunk and _LISTS[stream].may_shrink:
            return []
        names = (one.removeprefix(without) for one in _LISTS[stream].expand)
        return [(f"expand[{number}]", name) for number, name in enumerate(names)]

    def _ask(self, path: str, query: Iterable[tuple[str, str]] = ()) -> Answer:
        return self._http.get(path, list(query), headers=self._headers)

    def _good(self, answer: Answer, stream: Stream) -> dict[str, Any]:
        """The object that was asked for. Raises the KnownError that says why there is none."""
        if answer.is_ok and isinstance(answer.data, dict):
            return answer.data
        words = _words(answer)
        if request_id := answer.headers.get("request-id"):
            log.info("Stripe refused request %s with status %d", request_id, answer.status)
        if answer.status == 401 or (answer.status == 403 and stream is Stream.DISPUTES):
            raise failures.refused(NAME, answer.status, words)
        if answer.status == 403:
            raise KnownError(
                tr("The key may not read Stripe's {called}", called=tr(_LISTS[stream].called)),
                tr("It says: {words}", words=failures.shown(words))
                if words
                else tr("It has no permission for them"),
                tr(
                    "Give the restricted key Read there, under Developers, API keys. All else goes"
                    " on."
                ),
            )
        if answer.is_ok:
            raise failures.unreadable(NAME, tr("it is no object"))
        raise failures.not_understood(NAME, answer.status, words)

    def _deliver(
        self,
        deliver: Callable[[Page], None],
        stream: Stream,
        place: FeedPlace,
        disputes: tuple[Dispute, ...],
        history: bool,
        *,
        left_out: Sequence[LeftOut],
        gone: tuple[str, ...] = (),
        complete: bool = False,
    ) -> None:
        deliver(
            Page(
                stream=stream,
                place=place,
                disputes=disputes,
                gone=gone,
                left_out=tuple(left_out),
                history=history,
                complete=complete,
            )
        )

    def _may(self, path: str) -> bool:
        answer = self._ask(path, [("limit", "1")])
        if answer.status == 403:
            return False
        self._good(answer, Stream.DISPUTES)
        return True

    def _called(self) -> str:
        """The shop, and that nothing of this is real where the key is one for trying."""
        shop = self._shop()
        return tr("{shop} in test mode, without a real payment", shop=shop) if self._tests else shop

    def _shop(self) -> str:
        """What the account calls itself; a restricted key often may not ask, and need not."""
        answer = self._ask("/v1/account")
        if not answer.is_ok or not isinstance(answer.data, dict):
            return NAME
        profile = answer.data.get("business_profile")
        name = profile.get("name") if isinstance(profile, dict) else ""
        return failures.shown(str(name)) if name else NAME


def _words(answer: Answer) -> str:
    error = answer.data.get("error") if isinstance(answer.data, dict) else None
    return str(error.get("message", "")) if isinstance(error, dict) else ""


def _id(record: Mapping[str, Any]) -> str:
    return str(record.get("id", ""))


def _created(record: dict[str, Any]) -> datetime | None:
    return moment(record.get("created"))


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((at for at in (one, other) if at is not None), default=None)


def _cursor(last: str, newest: datetime | None) -> str:
    return f"{last} {int(newest.timestamp()) if newest else ''}".strip()


def _read_cursor(text: str) -> tuple[str, datetime | None]:
    last, _, seconds = text.partition(" ")
    return last, datetime.fromtimestamp(int(seconds), UTC) if seconds.isdigit() else None
