"""WooCommerce asking: a question to a shop's REST API (wc/v3), with its key and in its words.

Some hosts strip the header with the key, some have no pretty links, some speak no TLS; and which
statuses an order can have depends on the plug-ins that are switched on just now.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from app.domain.account import Account
from app.domain.clock import Clock
from app.domain.errors import KnownError, SignInRefused
from app.domain.translation import tr
from app.platforms import failures, oauth1
from app.platforms.answer import Answer
from app.platforms.entered import woocommerce_root
from app.platforms.failures import WebPage
from app.platforms.http import Manners, PlatformHttp, Query
from app.platforms.own_page import TRIES
from app.platforms.reading import rows, table, text
from app.platforms.woocommerce_order import GONE
from app.platforms.woocommerce_walk import STATUSES

FULFILMENTS = "fulfillments"
_STANDS = timedelta(hours=1)  # then plug-ins may have come or gone
_NO_ORDER_YET = ("any", "auto-draft", "checkout-draft", GONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """What a shop says of itself: the statuses of its orders, whether it knows parcels, and whether
    it lists the refunds of many orders, as it does since 9.0."""

    statuses: tuple[str, ...]
    has_fulfilments: bool
    lists_refunds: bool
    asked_at: datetime


class Asking:
    """Asks one shop, with a key that may read."""

    def __init__(
        self, account: Account, secret: str, *, clock: Clock, manners: Manners | None = None
    ) -> None:
        settings = account.settings
        self._key, self._secret = settings["client_id"], secret
        self._clock = clock
        self.http = PlatformHttp(
            woocommerce_root(settings["base_url"]),
            name="WooCommerce",
            clock=clock,
            ca_file=settings.get("ca_file", ""),
            insist_http=settings.get("insist_http") == "yes",
            manners=manners or Manners(pace=1.0),
        )
        parts = urlsplit(self.http.root)
        self.place = parts.netloc.lower() + parts.path
        self._signs = parts.scheme == "http"
        self._in_query = False
        self._plain_links = False
        self._shop: Shop | None = None
        self.is_settled = False  # whether it is known where the shop was before

    @property
    def now(self) -> datetime:
        """The present by the shop's clock."""
        return self._clock.now() + self.http.skew

    def shop(self, *, anew: bool = False) -> Shop:
        """What the shop says of itself, asked for again each hour. Raises KnownError."""
        known = self._shop
        if known is None or anew or not (timedelta() <= self.now - known.asked_at < _STANDS):
            answer = self._index()
            if not answer.is_ok:
                raise self.refusal(answer)
            routes = table(table(answer.data).get("routes"))
            self._shop = known = Shop(
                statuses=_statuses(table(routes.get("/wc/v3/orders"))),
                has_fulfilments=any(name.endswith(f"/{FULFILMENTS}") for name in routes),
                lists_refunds="/wc/v3/refunds" in routes,
                asked_at=self.now,
            )
        return known

    def _index(self) -> Answer:
        """What the API says of itself. Without pretty permalinks it is found at another address,
        and at the usual one is nothing, or the shop's own first page. Raises KnownError."""
        if self._plain_links:
            return self.ask("", [])
        try:
            answer = self.ask("", [], tries=TRIES)
        except WebPage as page:
            answer = self._plain_index()
            if not answer.is_ok:
                raise page from None
            return answer
        return self._plain_index() if answer.status == 404 else answer

    def _plain_index(self) -> Answer:
        """The same at that other address, which is kept to where it is right. Raises KnownError."""
        self._plain_links = True
        try:
            answer = self.ask("", [])
        except KnownError:
            self._plain_links = False
            raise
        self._plain_links = answer.is_ok
        return answer

    def orders(self, query: Query, *, only: Sequence[str] = ()) -> list[Mapping[str, Any]]:
        """Orders of every status, the trash among them, or `only` of these. Raises KnownError.

        The shop refuses a status that it does not know; that of a plug-in may be gone since.
        """
        before = self.shop().statuses
        answer = self._of_statuses(query, before, only)
        if answer is not None and answer.status == 400 and _code(answer) == "rest_invalid_param":
            after = self.shop(anew=True).statuses
            answer = self._of_statuses(query, after, only) if after != before else answer
        return [] if answer is None else self._listed(answer)

    def rows(self, route: str, query: Query) -> list[Mapping[str, Any]]:
        """A list of records. Raises KnownError."""
        return self._listed(self.ask(route, query))

    def is_gone(self, number: int) -> bool:
        """Whether an order that no list holds is really not there: a status of a plug-in that was
        switched off hides it. Raises KnownError."""
        answer = self.ask(f"/orders/{number}", [("_fields", "id,status")])
        if answer.status == 404 and _code(answer) not in ("", "rest_no_route"):
            return True
        if not answer.is_ok:
            raise self.refusal(answer)
        status = text(table(answer.data).get("status"))
        if status != GONE and status not in self.shop().statuses:
            self._shop = None  # a plug-in's that is new: the next run asks which there are
        return status == GONE

    def ask(self, route: str, query: Query, *, tries: int | None = None) -> Answer:
        """An answer, with the key where this host lets it through: some strip the header."""
        answer = self._asked(route, query, tries)
        if answer.status == 401 and not (self._signs or self._in_query):
            self._in_query = True
            again = self._asked(route, query, tries)
            if again.status == 401:
                self._in_query = False
                return answer
            return again
        return answer

    def refusal(self, answer: Answer) -> KnownError:
        """Its error shape is {code, message, data: {status, params, details}}."""
        code, words = _code(answer), text(table(answer.data).get("message"))
        if answer.is_page:
            return failures.web_page("WooCommerce", self.http.host, answer.status)
        if answer.status in (401, 403):
            return _refused(code, words, answer.status)
        if code == "rest_no_route" or answer.status in (404, 410):
            return KnownError(
                tr("There is no WooCommerce at {host}", host=self.http.host),
                tr("WordPress answers there, but not with the orders of a shop"),
                tr("Check the address, and that WooCommerce is switched on there."),
            )
        return failures.not_understood("WooCommerce", answer.status, words)

    def _of_statuses(
        self, query: Query, known: Sequence[str], only: Sequence[str]
    ) -> Answer | None:
        """The answer to a question for orders of these statuses; None where none is left."""
        wanted = [one for one in only if one in known] if only else [*known, GONE]
        if not wanted:
            return None
        return self.ask("/orders", [*query, ("status", ",".join(wanted))])

    def _listed(self, answer: Answer) -> list[Mapping[str, Any]]:
        if not answer.is_ok:
            raise self.refusal(answer)
        if not isinstance(answer.data, list):
            raise failures.unreadable("WooCommerce", tr("it is no list"))
        return rows(answer.data)

    def _asked(self, route: str, query: Query, tries: int | None) -> Answer:
        path = f"/wp-json/wc/v3{route}"
        query = [*query, ("_", f"{self._clock.now().timestamp():.0f}")]  # no cache has this page
        if self._plain_links:
            path, query = "/", [("rest_route", f"/wc/v3{route}"), *query]
        if self._signs:
            return self.http.get(path, query, sign=self._signed, tries=tries)
        if self._in_query:
            keys = [("consumer_key", self._key), ("consumer_secret", self._secret)]
            return self.http.get(path, [*query, *keys], tries=tries)
        pair = base64.b64encode(f"{self._key}:{self._secret}".encode()).decode()
        header = {"Authorization": f"Basic {pair}"}
        return self.http.get(path, query, headers=header, tries=tries)

    def _signed(self, method: str, url: str, query: Query) -> Query:
        return oauth1.signature(
            method, url, query, key=self._key, secret=self._secret, now=self.now
        )


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


def _statuses(route: Mapping[str, Any]) -> tuple[str, ...]:
    """All that an order can have; "any" would leave out the trash, and does so in company too."""
    ends = (one for one in rows(route.get("endpoints")) if "GET" in (one.get("methods") or ()))
    args = (table(table(one.get("args")).get("status")) for one in ends)
    listed = next((table(one.get("items")).get("enum") for one in args), None)
    named = tuple(text(one) for one in listed) if isinstance(listed, list) else STATUSES
    return tuple(one for one in named if one and one not in _NO_ORDER_YET) or STATUSES
