"""One by one: the records of a platform's page, each taken in by itself.

A step of the intake, inside the writer's transaction. A record at which our own code falls over is
left out and told, and holds up neither its neighbours nor what the platform tells after them.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from app.domain.account import Account
from app.domain.alert import Alert, AlertLevel
from app.domain.changes import Changes
from app.domain.errors import OUR_MISTAKE, KnownError
from app.domain.feed import Lack, LeftOut, Page, Stream
from app.domain.translation import to_translate, tr
from app.storage import alerts, feeds
from app.storage.database import Connection, disk_errors, savepoint

log = logging.getLogger(__name__)

_HAVE_A_DEADLINE = {
    Stream.DISPUTES: to_translate("a dispute cannot be read"),
    Stream.WARNINGS: to_translate("a fraud warning cannot be read"),
}
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
        told = [self._tell(one, now) for one in may_have if one.record not in self._untold]
        over = [id_ for one in mended for id_ in alerts.withdraw(self._db, self._of(one), at=now)]
        return Changes(
            alerts=frozenset(id_ for id_ in (*told, *over) if id_ is not None),
            accounts=frozenset({account.name} if new or mended else ()),
        )

    def _tell(self, one: LeftOut, now: datetime) -> int | None:
        what = tr(_HAVE_A_DEADLINE[self._stream])
        return alerts.queue(
            self._db,
            Alert(
                dedupe=f"{self._of(one.record)}{now.isoformat()}",
                issue_keys=(),
                title=f"{self._account.name}: {what}",
                body=tr(
                    "{record}: {reason}. Look at it there: it may have a deadline.",
                    record=one.record,
                    reason=one.reason,
                ),
                created_at=now,
                level=AlertLevel.NOTICE,
            ),
        )

    def _of(self, record: str) -> str:
        return f"left-out/{self._account.id}/{self._stream.value}/{record}/"
