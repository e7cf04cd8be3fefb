"""Shopify asking: one question to the Admin API, with its key, its cost and its errors.

A throttled question comes back with status 200 and no data; a field that the key may not read comes
back as null beside an error; a version that is gone is answered by another one without a word.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from app.domain.errors import Busy, KnownError, Unreachable
from app.domain.translation import tr
from app.platforms import failures
from app.platforms.answer import Answer
from app.platforms.http import PlatformHttp
from app.platforms.reading import rows, table, text
from app.platforms.shopify_key import ShopifyKey
from app.platforms.shopify_query import VERSION, query

log = logging.getLogger(__name__)

_TRIES = 6
_CHEAP = 250  # points; a question may cost a thousand
_REST = 1.0


class TooCostly(KnownError):
    """The question costs more than Shopify allows for one."""


class Asking:
    """Asks, waits where it must, and says what the last question cost."""

    def __init__(self, http: PlatformHttp, key: ShopifyKey) -> None:
        self._http = http
        self._key = key
        self._requested = Decimal(0)
        self._errors: Sequence[Mapping[str, Any]] = ()
        self._told_denied = False
        self.version = ""

    @property
    def is_cheap(self) -> bool:
        """Whether the last question may be twice as large."""
        return 0 < self._requested <= _CHEAP

    def failed_at(self, node: int) -> bool:
        """Whether the last answer lacks the record at this place because of an error."""
        return any(_path(one)[:2] == ["nodes", node] for one in self._errors)

    def ask(self, name: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        """The data of an answer, whole or in part. Raises KnownError, TooCostly among them."""
        last: Unreachable | None = None
        for _ in range(_TRIES):
            told = self._told(name, variables)
            self._errors = rows(told.get("errors"))
            codes = {_code(one) for one in self._errors}
            if "THROTTLED" in codes:
                last = self._throttled(told)
            elif "INTERNAL_SERVER_ERROR" in codes:
                last = failures.passing("Shopify", 500, seconds=None)
            else:
                return self._data(name, told, codes)
            busy = last if isinstance(last, Busy) else _in_a_moment(last)
            self._http.rest(busy)
        assert last is not None
        raise last

    def _told(self, name: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        body = {"query": query(name), "variables": dict(variables)}
        answer = self._posted(body, self._key.token())
        if answer.status == 401 and self._key.renews:
            answer = self._posted(body, self._key.token(refused=True))
        if not answer.is_ok:
            raise self._refusal(answer)
        self._note_version(answer)
        return table(answer.data)

    def _posted(self, body: dict[str, Any], token: str) -> Answer:
        return self._http.post(
            f"/admin/api/{VERSION}/graphql.json",
            body=body,
            headers={"X-Shopify-Access-Token": token},
        )

    def _refusal(self, answer: Answer) -> KnownError:
        status, host = answer.status, self._http.host
        words = text(table(answer.data).get("errors"))
        if status in (401, 403):
            return failures.refused("Shopify", status, words)
        if status in (402, 423):
            return failures.shop_frozen("Shopify", status)
        if status == 404:
            return failures.no_shop(host)
        if answer.is_page:
            return failures.web_page("Shopify", host, status)
        return failures.not_understood("Shopify", status, words)

    def _throttled(self, told: Mapping[str, Any]) -> Busy:
        """Wait for what is missing in the bucket, at the speed with which it fills."""
        cost = table(table(told.get("extensions")).get("cost"))
        bucket = table(cost.get("throttleStatus"))
        missing = _number(cost.get("requestedQueryCost")) - _number(
            bucket.get("currentlyAvailable")
        )
        rate = _number(bucket.get("restoreRate")) or Decimal(50)
        busy = Busy(
            tr("Shopify asks for patience"),
            tr("It was asked more than it allows just now"),
            tr("It goes on by itself; nothing is lost."),
        )
        busy.seconds = float(max(missing / rate, Decimal("0.1")))
        return busy

    def _data(self, name: str, told: Mapping[str, Any], codes: set[str]) -> Mapping[str, Any]:
        if "SHOP_INACTIVE" in codes:
            raise failures.shop_frozen("Shopify", 200)
        if "MAX_COST_EXCEEDED" in codes:
            raise TooCostly(tr("Shopify finds a question too costly"), "", tr("Report this."))
        cost = table(table(told.get("extensions")).get("cost"))
        self._requested = _number(cost.get("requestedQueryCost"))
        data = told.get("data")
        whole = isinstance(data, Mapping) and any(part is not None for part in data.values())
        if whole or (isinstance(data, Mapping) and not codes):
            if codes and not self._told_denied:
                self._told_denied = True
                log.warning("Shopify keeps parts of an answer back: %s", ", ".join(sorted(codes)))
            return table(data)
        words = "; ".join(text(one.get("message")) for one in rows(told.get("errors")))
        if "ACCESS_DENIED" in codes:
            raise KnownError(
                tr("Shopify does not let the key read this"),
                failures.shown(words),
                tr("Give the app the missing scope; `account test` names it."),
            )
        raise failures.not_understood("Shopify", 200, words)

    def _note_version(self, answer: Answer) -> None:
        told = answer.headers.get("x-shopify-api-version", "")
        if told and told != self.version and told != VERSION:
            log.warning("Shopify answers as version %s, asked was %s", told, VERSION)
        self.version = told or self.version


def _in_a_moment(error: Unreachable) -> Busy:
    busy = Busy(error.title, error.message, error.hint)
    busy.seconds = _REST
    return busy


def _code(error: Mapping[str, Any]) -> str:
    return text(table(error.get("extensions")).get("code")) or "ERROR"


def _path(error: Mapping[str, Any]) -> list[Any]:
    told = error.get("path")
    return told if isinstance(told, list) else []


def _number(value: object) -> Decimal:
    return Decimal(value) if isinstance(value, int | Decimal) else Decimal(0)
