"""PayPal: disputes, claims and alerts of a business account, by client id and secret.

The list is asked for by the time of change, from a bound that stays where it is while pages are
turned: what changes meanwhile stays in the list, so whatever a page's token means, nothing can slip
between two pages. There is no upper bound for the same reason. Each dispute's own page says what
the list leaves out (the payment, the outcome); what is open and was not listed is asked for too.
A page that is not to be had holds up nothing: the list's own row has the amount and the date.
"""

from __future__ import annotations

import base64
import json
import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from app.domain.account import Account
from app.domain.clock import Clock, rfc3339
from app.domain.dispute import Dispute
from app.domain.errors import KnownError
from app.domain.feed import FeedMemory, FeedPlace, Lack, LeftOut, Page, Permits, Stream
from app.domain.translation import tr
from app.platforms import failures
from app.platforms.answer import Answer
from app.platforms.http import Manners, PlatformHttp
from app.platforms.own_page import TRIES, asked_alone, without_page
from app.platforms.paypal_records import dispute_of
from app.platforms.reading import moment, understood

log = logging.getLogger(__name__)

ROOT = "https://api-m.paypal.com"
NAME = "PayPal"
SCOPE = "https://uri.paypal.com/services/disputes/read-seller"
_LIST = "/v1/customer/disputes"
_AT_ONCE = 10  # each is asked for by itself as well, and a page should not take long
_MOST_PAGES = 2_000
_LONGEST = timedelta(days=179)  # PayPal takes 180, and the question takes a while to arrive
_OVERLAP = timedelta(minutes=10)
_RENEW = timedelta(minutes=5)
_PACE = 1.0  # seconds; the limit is not published


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a run is: how the next page is called, from when it lists, what it has seen, and whose
    own pages are to be asked for again."""

    token: str = ""
    since: datetime | None = None
    began_at: datetime | None = None
    newest: datetime | None = None
    again: tuple[str, ...] = ()

    @classmethod
    def read(cls, text: str) -> _Place:
        """The place that `written` wrote; a new run where there is none."""
        try:
            told = json.loads(text) if text else {}
            return cls(
                token=str(told.get("token", "")),
                since=moment(told.get("since")),
                began_at=moment(told.get("began_at")),
                newest=moment(told.get("newest")),
                again=tuple(map(str, told.get("again", ()))),
            )
        except ValueError:
            return cls()

    def written(self) -> str:
        """The place as a cursor."""
        moments = {"since": self.since, "began_at": self.began_at, "newest": self.newest}
        told = {name: rfc3339(at) for name, at in moments.items() if at is not None}
        return json.dumps({"token": self.token, "again": list(self.again), **told})


@dataclass(slots=True)
class _Pages:
    """The disputes' own pages in one run: which failed, and which there was no time for."""

    failed: list[str] = field(default_factory=list)
    later: list[str] = field(default_factory=list)

    @property
    def again(self) -> tuple[str, ...]:
        """Which the next run asks for, those first that were not asked for yet."""
        return _each_once((*self.later, *self.failed))


class PayPalSource:
    """One PayPal business account (engine.ports.PlatformSource)."""

    streams = (Stream.DISPUTES,)

    def __init__(
        self, account: Account, secret: str, *, clock: Clock, manners: Manners | None = None
    ) -> None:
        """Raises KnownError where the settings cannot be right."""
        self._clock = clock
        pair = f"{account.settings.get('client_id', '').strip()}:{secret.strip()}"
        self._basic = "Basic " + base64.b64encode(pair.encode()).decode()
        self._token, self._token_ends = "", datetime.min.replace(tzinfo=UTC)
        self._scopes: frozenset[str] = frozenset()
        self._pages = _Pages()
        root = account.settings.get("base_url", "") or ROOT
        self._is_test = "sandbox" in root
        self._http = PlatformHttp(
            root,
            name=NAME,
            clock=clock,
            ca_file=account.settings.get("ca_file", ""),
            manners=manners or Manners(pace=_PACE),
        )

    @property
    def skew(self) -> timedelta:
        """By how much PayPal's clock is ahead of this machine's."""
        return self._http.skew

    def read(
        self,
        stream: Stream,
        memory: FeedMemory,
        deliver: Callable[[Page], None],
        stop: threading.Event,
    ) -> None:
        """Bring what is new of a stream, page by page. Raises KnownError."""
        if stream is not Stream.DISPUTES:
            return
        with self._http.run(stop):
            self._read(memory, deliver)

    def check(self) -> Permits:
        """Sign in, and see what the app may do. Raises KnownError."""
        with self._http.run(threading.Event()):
            self._sign_in()
            lack = Lack(
                scope="Disputes (Customer Disputes), among the app's features",
                without=tr(
                    "disputes, claims and alerts are not seen, and nothing else is asked of PayPal"
                ),
            )
            shop = tr("{shop} in test mode, without a real payment", shop=NAME)
            shop = shop if self._is_test else NAME
            return Permits(shop=shop, lacks=() if SCOPE in self._scopes else (lack,))

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    def _read(self, memory: FeedMemory, deliver: Callable[[Page], None]) -> None:
        place = memory.place(Stream.DISPUTES) or FeedPlace()
        history = not place.backfilled
        self._sign_in()
        now = self._now()
        run = _Place.read(place.cursor)
        again, self._pages = run.again, _Pages()
        if not run.token:
            run = _Place(since=self._since(place, now), began_at=now)
        fresh, seen = not run.token, set[str]()
        for _ in range(_MOST_PAGES):
            records, token = self._list(run)
            left_out: list[LeftOut] = []
            told = tuple(each for one in records for each in self._whole(one, left_out))
            seen.update(map(_id, records))
            newest = max((one.updated_at for one in told if one.updated_at), default=None)
            run = replace(
                run,
                token=token,
                newest=_later(run.newest, newest),
                again=_each_once(one for one in again if one not in seen) + self._pages.again,
            )
            if not token:
                break
            here = replace(place, cursor=run.written())
            deliver(
                Page(
                    stream=Stream.DISPUTES,
                    place=here,
                    disputes=told,
                    left_out=tuple(left_out),
                    history=history,
                )
            )
            if not self._http.has_time:
                return
        else:
            raise failures.unreadable(NAME, tr("its list does not end"))
        found, gone = self._beyond(memory, again, seen if fresh else set(), left_out)
        done = replace(
            place,
            cursor=_Place(again=self._pages.again).written() if self._pages.again else "",
            backfilled=True,
            watermark=_watermark(place.watermark, run),
        )
        deliver(
            Page(
                stream=Stream.DISPUTES,
                place=done,
                disputes=(*told, *found),
                gone=gone,
                left_out=tuple(left_out),
                history=history,
                complete=fresh,
            )
        )
        if not fresh and self._http.has_time:  # what changed since that run was begun
            self._read(memory, deliver)

    def _since(self, place: FeedPlace, now: datetime) -> datetime | None:
        """From which change on; None reads all that PayPal still lists, after a long absence."""
        oldest = now - _LONGEST
        if place.watermark is None or place.watermark - _OVERLAP < oldest:
            return oldest if place.watermark is None else None
        return place.watermark - _OVERLAP

    def _list(self, run: _Place) -> tuple[list[dict[str, Any]], str]:
        """A page of the list, newest first, and the token of the next, empty at its end."""
        query = [("page_size", str(_AT_ONCE))]
        if run.since is not None:
            # A place that was left for long may be older than PayPal takes by now.
            since = max(run.since, self._now() - _LONGEST)
            query.append(("update_time_after", _milliseconds(since)))
        if run.token:
            query.append(("next_page_token", run.token))
        answer = self._ask(_LIST, query)
        if answer.status == 400 and "INVALID_DATE_RANGE" in _issues(answer):
            query = [one for one in query if one[0] != "update_time_after"]
            answer = self._ask(_LIST, query)
        if answer.status == 400 and run.token:  # the token is not taken any more: from the start
            return self._list(replace(run, token=""))
        data = self._good(answer)
        records = data.get("items") or []
        if not isinstance(records, list) or not all(isinstance(one, dict) for one in records):
            raise failures.unreadable(NAME, tr("it is no list"))
        token = _next_token(data)
        if token and token == run.token:
            raise failures.unreadable(NAME, tr("its list leads in a circle"))
        return records, token

    def _whole(self, listed: Mapping[str, Any], left_out: list[LeftOut]) -> tuple[Dispute, ...]:
        """A listed dispute with what its own page says; as it is listed where there is none, and
        where those before it have taken the time."""
        if self._pages.failed and not self._http.has_time:
            self._pages.later.append(_id(listed))
            return self._understood(listed, left_out)
        own = self._own(_id(listed), left_out) or {}
        return self._understood({**listed, **own}, left_out)

    def _own(self, id_: str, left_out: list[LeftOut]) -> Mapping[str, Any] | None:
        """What a dispute's own page says, empty where PayPal has no such dispute; None where the
        page alone is not to be had. Raises KnownError where PayPal is not."""
        told = asked_alone(
            lambda: self._ask(f"{_LIST}/{_named(id_)}", tries=1 if self._pages.failed else TRIES),
            judge=self._good,
            prove=lambda: self._good(self._ask(_LIST, [("page_size", "1")])),
        )
        if isinstance(told, KnownError):
            self._pages.failed.append(id_)
            left_out.append(without_page(id_, told))
            return None
        return {} if told is None else told

    def _beyond(
        self,
        memory: FeedMemory,
        again: Sequence[str],
        seen: set[str],
        left_out: list[LeftOut],
    ) -> tuple[tuple[Dispute, ...], tuple[str, ...]]:
        """What is open here and was not listed, or had no page of its own: whether it is still
        there, and as it is."""
        found, gone = list[Dispute](), list[str]()
        asked = [*again, *sorted(memory.open_disputes())]
        for id_ in _each_once(one for one in asked if one not in seen):
            if not self._http.has_time:
                self._pages.later += [id_] if id_ in again else []
                continue  # the next run asks again
            own = self._own(id_, left_out)
            if own:
                found.extend(self._understood(own, left_out))
            elif own is not None:
                gone.append(id_)
        return tuple(found), tuple(gone)

    def _understood(
        self, record: Mapping[str, Any], left_out: list[LeftOut]
    ) -> tuple[Dispute, ...]:
        return tuple(
            understood(
                [record],
                lambda row: dispute_of(row, is_test=self._is_test),
                name=_id,
                left_out=left_out,
            )
        )

    def _ask(
        self,
        path: str,
        query: list[tuple[str, str]] | None = None,
        *,
        tries: int | None = None,
    ) -> Answer:
        """Ask with the token; once more with a new one where it is not taken any more."""
        answer = self._http.get(path, query or [], headers=self._bearer(), tries=tries)
        if answer.status != 401:
            return answer
        self._token = ""
        self._sign_in()
        return self._http.get(path, query or [], headers=self._bearer(), tries=tries)

    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}

    def _sign_in(self) -> None:
        if self._token and self._now() < self._token_ends - _RENEW:
            return
        answer = self._http.post(
            "/v1/oauth2/token",
            form={"grant_type": "client_credentials"},
            headers={"Authorization": self._basic},
        )
        data = answer.data
        if not answer.is_ok or not isinstance(data, dict) or not data.get("access_token"):
            raise failures.refused(NAME, answer.status, _words(answer))
        self._token = str(data["access_token"])
        self._scopes = frozenset(str(data.get("scope", "")).split())
        seconds = data.get("expires_in")
        lasts = timedelta(seconds=seconds if isinstance(seconds, int) else 0)
        self._token_ends = self._now() + lasts

    def _good(self, answer: Answer) -> dict[str, Any]:
        """The object that was asked for. Raises the KnownError that says why there is none."""
        if answer.is_ok and isinstance(answer.data, dict):
            return answer.data
        if answer.is_ok:
            raise failures.unreadable(NAME, tr("it is no object"))
        words = _words(answer)
        if debug_id := _debug_id(answer):
            log.warning("PayPal refused with status %d, debug_id %s", answer.status, debug_id)
            words = f"{words} (debug_id {debug_id})".strip()
        if answer.status in (401, 403):
            raise failures.refused(NAME, answer.status, words)
        raise failures.not_understood(NAME, answer.status, words)

    def _now(self) -> datetime:
        """The present by PayPal's clock."""
        return self._clock.now() + self._http.skew


def _watermark(before: datetime | None, run: _Place) -> datetime | None:
    """Up to when all changes were seen: not beyond the run's beginning, since what was listed
    early in it may have changed since."""
    newest = _later(run.newest, before)
    if newest is None or run.began_at is None:
        return newest
    return max(min(newest, run.began_at), before or datetime.min.replace(tzinfo=UTC))


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((at for at in (one, other) if at is not None), default=None)


def _each_once(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))


def _milliseconds(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def _next_token(data: Mapping[str, Any]) -> str:
    """The token in the link to the next page (HATEOAS, rel=next)."""
    links = data.get("links")
    for link in links if isinstance(links, list) else ():
        if isinstance(link, dict) and link.get("rel") == "next":
            query = dict(parse_qsl(urlsplit(str(link.get("href", ""))).query))
            return query.get("next_page_token", "")
    return ""


def _id(record: Mapping[str, Any]) -> str:
    return str(record.get("dispute_id", ""))


def _named(id_: str) -> str:
    """An id as it may stand in a path. Raises KnownError for what is none of PayPal's."""
    if not id_ or not id_.replace("-", "").isalnum() or not id_.isascii():
        raise KnownError(
            tr("{name} named a dispute '{id_}'", name=NAME, id_=failures.shown(id_)),
            tr("That is no name that can be asked for"),
            tr("Try again later, and report this if it goes on."),
        )
    return id_


def _issues(answer: Answer) -> str:
    """The names of what is wrong with the question, in one line."""
    data = answer.data if isinstance(answer.data, dict) else {}
    details = data.get("details")
    named = (
        [one.get("issue", "") for one in details if isinstance(one, dict)]
        if isinstance(details, list)
        else []
    )
    return " ".join(str(one) for one in (data.get("name", ""), *named))


def _words(answer: Answer) -> str:
    data = answer.data if isinstance(answer.data, dict) else {}
    return str(data.get("message") or data.get("error_description") or data.get("name") or "")


def _debug_id(answer: Answer) -> str:
    data = answer.data if isinstance(answer.data, dict) else {}
    found = data.get("debug_id") or answer.headers.get("paypal-debug-id", "")
    return failures.shown(str(found))
