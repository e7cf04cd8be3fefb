"""One by one: the records of a platform's page, each taken in by itself.

A step of the intake, inside the writer's transaction. A record at which our own code falls over is
left out and told, and holds up neither its neighbours nor what the platform tells after them.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from app.domain.account import Account
from app.domain.alert import Alert, AlertLevel
from app.domain.changes import Changes
from app.domain.errors import OUR_MISTAKE, KnownError
from app.domain.feed import Lack, LeftOut, Page, Stream
from app.domain.translation import tr, trn
from app.storage import alerts, feeds
from app.storage.connection import Connection
from app.storage.database import disk_errors, savepoint

log = logging.getLogger(__name__)

_HAVE_A_DEADLINE = (Stream.DISPUTES, Stream.WARNINGS)
_KEPT = timedelta(days=30)


def _lacking(one: Lack) -> str:
    return tr("this permission is missing: {without}", without=one.without)


@contextmanager
def issue_alone(db: Connection, issue_id: int) -> Iterator[None]:
    """Judge an issue anew because of what came in; where that fails it stays as it was."""
    try:
        with disk_errors(), savepoint(db):
            yield
    except (KnownError, MemoryError):
        raise
    except Exception:
        log.exception("bug while issue %d was judged anew", issue_id)


class OneByOne:
    """What became of the records of one page; made for it, and closed with it."""

    def __init__(self, db: Connection, account: Account, page: Page) -> None:
        self._db = db
        self._account = account
        self._stream = page.stream
        self._taken: list[str] = [*page.gone, *page.granted]
        lacks = [LeftOut(one.scope, _lacking(one)) for one in page.lacks]
        self._left_out: list[LeftOut] = [*page.left_out, *lacks]
        # What a key lacked from the beginning was said when it was connected.
        self._untold = {one.record for one in lacks if page.history}

    @contextmanager
    def record(self, name: str) -> Iterator[None]:
        """Take in one record: wholly, or not at all."""
        try:
            with disk_errors(), savepoint(self._db):
                yield
        except (KnownError, MemoryError):
            raise
        except Exception:
            log.exception("bug while record %s of %s was taken in", name, self._account.name)
            self._left_out.append(LeftOut(name, tr(OUR_MISTAKE)))
        else:
            self._taken.append(name)

    def leave_out(self, one: LeftOut) -> None:
        """A record that is not as it should be, for a reason that shows only here."""
        self._left_out.append(one)

    def close(self, *, now: datetime) -> Changes:
        """Note what was left out, and that what had been is here by now; who has to be told."""
        account, left = self._account, {one.record for one in self._left_out}
        taken = [one for one in self._taken if one not in left]
        mended = feeds.taken_in(self._db, account.id, self._stream, taken)
        new = feeds.leave_out(self._db, account.id, self._stream, self._left_out, at=now)
        feeds.forget_left_out(self._db, before=now - _KEPT)
        may_have = [one for one in new if self._stream in _HAVE_A_DEADLINE]
        untold = [one for one in may_have if one.record not in self._untold]
        told = [self._tell(some, now) for some in _by_reason(untold)]
        over = self._withdraw(mended, now)
        return Changes(
            alerts=frozenset(id_ for id_ in (*told, *over) if id_ is not None),
            accounts=frozenset({account.name} if new or mended else ()),
        )

    def _withdraw(self, mended: Sequence[str], now: datetime) -> list[int]:
        """Take back what was told of these; of several at once when none of them is left out."""
        is_over = mended and not feeds.left_out(self._db, self._account.id, self._stream)
        names = [self._of(one) for one in mended] + ([self._of("")] if is_over else [])
        return [id_ for name in names for id_ in alerts.withdraw(self._db, name, at=now)]

    def _tell(self, some: Sequence[LeftOut], now: datetime) -> int | None:
        """One notice of all that was left out for one reason: a key of another shop finds none of
        its disputes."""
        first, more = some[0], len(some) - 1
        name = self._of("") + first.record if more else self._of(first.record)
        body = (
            trn(
                "{record} and {n} more: {reason}. Look at each there: it may have a deadline.",
                "{record} and {n} more: {reason}. Look at each there: it may have a deadline.",
                more,
                record=first.record,
                reason=first.reason,
            )
            if more
            else tr(
                "{record}: {reason}. Look at it there: it may have a deadline.",
                record=first.record,
                reason=first.reason,
            )
        )
        return alerts.queue(
            self._db,
            Alert(
                dedupe=f"{name}{now.isoformat()}",
                issue_keys=(),
                title=f"{self._account.name}: {_what(self._stream, len(some))}",
                body=body,
                created_at=now,
                level=AlertLevel.NOTICE,
            ),
        )

    def _of(self, record: str) -> str:
        return f"left-out/{self._account.id}/{self._stream.value}/{record}/"


def _by_reason(records: Iterable[LeftOut]) -> list[list[LeftOut]]:
    """What was left out for one reason, together."""
    together: dict[str, list[LeftOut]] = {}
    for one in records:
        together.setdefault(one.reason, []).append(one)
    return list(together.values())


def _what(stream: Stream, count: int) -> str:
    if stream is Stream.WARNINGS:
        return trn("a fraud warning cannot be read", "{n} fraud warnings cannot be read", count)
    return trn("a dispute cannot be read", "{n} disputes cannot be read", count)
