"""Customers: everything that the profile holds of one address, gathered, and taken out of it.

What hangs on a mail or an issue is found by the references that the tables declare, so that a
table which is added later is not forgotten here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from app.domain.order import Order
from app.storage import codec, disputes, forgotten
from app.storage.database import Connection

_JOURNAL_STAYS = "journal_stays"  # the trigger by which a journal is append-only


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRow:
    """A customer as a list shows them."""

    email: str
    name: str
    issues: int
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """What there is of one address, by row ids.

    `whole` issues are this customer's alone; `shared` ones hold other people's mails too; `decided`
    ones belong to a dispute that is over, and `disputed` ones to a dispute that is not.
    """

    email: str
    whole: tuple[int, ...] = ()
    shared: tuple[int, ...] = ()
    decided: tuple[int, ...] = ()
    disputed: tuple[int, ...] = ()
    mails: tuple[int, ...] = ()
    kept_mails: int = 0
    notes: int = 0
    orders: tuple[Order, ...] = ()
    failed_payments: int = 0
    on_its_way: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known of this address."""
        found = (self.whole, self.shared, self.decided, self.disputed, self.mails, self.orders)
        return not any(found) and not self.failed_payments


def search(db: Connection, words: str, *, limit: int) -> tuple[CustomerRow, ...]:
    """The customers whose address or name holds these words, the latest first."""
    pattern = "%{}%".format(words.strip().replace("!", "!!").replace("%", "!%").replace("_", "!_"))
    rows = db.execute(
        "SELECT customer_key, max(customer_name), count(*), max(last_at) FROM issue"
        " WHERE customer_key <> '' AND (customer_key LIKE ? ESCAPE '!'"
        " OR customer_name LIKE ? ESCAPE '!') GROUP BY customer_key ORDER BY 4 DESC LIMIT ?",
        (pattern, pattern, limit),
    )
    return tuple(
        CustomerRow(email=email, name=name, issues=count, last_at=codec.moment(at))
        for email, name, count, at in rows
    )


def holdings(db: Connection, email: str) -> Holdings:
    """Everything of this address (a key: lower case)."""
    own = _ids(db, "SELECT id FROM issue WHERE customer_key = ?", email)
    found = {id_: _sort(db, id_, email) for id_ in own}
    sorts = {
        sort: tuple(id_ for id_, its in found.items() if its == sort)
        for sort in ("whole", "shared", "decided", "disputed")
    }
    gone = (*sorts["whole"], *sorts["decided"])
    mails = {
        *_in_issues(db, gone),
        *_ids(db, "SELECT id FROM message WHERE from_key = ?", email),
        *_ids(db, _TO_THEM, f"%{email}%", email),
    }
    kept = set(_in_issues(db, sorts["disputed"]))
    return Holdings(
        email=email,
        **sorts,
        mails=tuple(sorted(mails - kept)),
        kept_mails=len(kept),
        notes=_count(db, "SELECT count(*) FROM journal WHERE issue_id IN (%s)", gone),
        orders=tuple(
            codec.from_json(order, Order)
            for (order,) in db.execute(
                "SELECT order_ FROM purchase WHERE customer_key = ? ORDER BY placed_at", (email,)
            )
        ),
        failed_payments=_ids(
            db, "SELECT count(*) FROM failed_payment WHERE customer_key = ?", email
        )[0],
        on_its_way=_count(db, _ON_ITS_WAY, own),
    )


def forget(db: Connection, held: Holdings, *, now: datetime) -> frozenset[int]:
    """Take all of it out; answers the issues that are left and have to be worked out anew.

    What was deleted is overwritten in the file, not only let go of; and the places of its mails
    stay in the books as left out, with the reason.
    """
    with _overwriting(db), _open_journal(db):
        moved = {
            *held.shared,
            *held.decided,
            *_issues_of(db, held.mails),
        } - {*held.whole}
        _note(db, held, now=now)
        _forget_mails(db, held.mails)
        for issue in held.decided:
            _empty(db, issue)
        _name_again(db, held.shared)
        _forget_alerts(db, (*held.whole, *held.decided))
        _forget_rows(db, "issue", held.whole)
        for order in held.orders:
            _without_buyer(db, order)
        db.execute("DELETE FROM failed_payment WHERE customer_key = ?", (held.email,))
        db.execute("INSERT INTO words (words) VALUES ('optimize')")  # or its old pages keep words
    return frozenset(moved)


def _sort(db: Connection, issue: int, email: str) -> str:
    cases = disputes.of_issue(db, issue)
    if any(one.state.is_open for one in cases):
        return "disputed"
    if cases:
        return "decided"
    others = db.execute(
        "SELECT 1 FROM message WHERE issue_id = ? AND direction = 'in' AND from_key <> ?"
        " AND NOT ifnull(assessment ->> '$.gate.automatic', 0) LIMIT 1",
        (issue, email),
    ).fetchone()
    return "shared" if others else "whole"


def _note(db: Connection, held: Holdings, *, now: datetime) -> None:
    marks = [forgotten.order_mark(one.platform, one.platform_id) for one in held.orders]
    mails = db.execute(
        "SELECT message_id, from_key, sent_at FROM message"
        " WHERE id IN (SELECT value FROM json_each(?))",
        (codec.to_json(list(held.mails)),),
    )
    marks += [
        forgotten.mail_mark(message_id, sender, codec.maybe_moment(sent_at))
        for message_id, sender, sent_at in mails
    ]
    forgotten.remember(db, marks, now=now)


def _forget_mails(db: Connection, mails: Sequence[int]) -> None:
    wanted = codec.to_json(list(mails))
    # What is found by its words has to be taken out as it was put in (FTS5, 4.4.3).
    db.execute(
        "INSERT INTO words (words, rowid, subject, sender, body)"
        " SELECT 'delete', id, subject, sender, body FROM message_words"
        " WHERE id IN (SELECT value FROM json_each(?)) AND id NOT IN (SELECT id FROM unindexed)",
        (wanted,),
    )
    db.execute("DELETE FROM unindexed WHERE id IN (SELECT value FROM json_each(?))", (wanted,))
    db.execute(
        "UPDATE location SET message_id = NULL, reason = ?, left_there = 0"
        " WHERE message_id IN (SELECT value FROM json_each(?))",
        (forgotten.REASON, wanted),
    )
    _forget_rows(db, "message", mails)


def _forget_rows(db: Connection, table: str, ids: Collection[int]) -> None:
    """Delete these rows of a table, and before them every row that names one of them."""
    wanted = codec.to_json(sorted(ids))
    within = "IN (SELECT value FROM json_each(?))"
    for name, column in _naming(db, table):
        db.execute(f'DELETE FROM "{name}" WHERE "{column}" {within}', (wanted,))  # noqa: S608
    db.execute(f'DELETE FROM "{table}" WHERE id {within}', (wanted,))  # noqa: S608 - our schema


def _naming(db: Connection, table: str) -> list[tuple[str, str]]:
    """The tables and columns that refer to rows of this one."""
    rows = db.execute(
        'SELECT t.name, f."from" FROM pragma_table_list t'
        " JOIN pragma_foreign_key_list(t.name) f"
        " WHERE t.schema = 'main' AND f.\"table\" = ? ORDER BY t.name",
        (table,),
    )
    return [(name, column) for name, column in rows]


def _empty(db: Connection, issue: int) -> None:
    """Of the issue of a decided dispute only the case is left: no word of its customer."""
    for table in ("journal", "draft", "reply"):
        db.execute(f"DELETE FROM {table} WHERE issue_id = ?", (issue,))  # noqa: S608 - our schema
    db.execute(
        "UPDATE issue SET customer_key = '', customer_email = '', customer_name = '',"
        " subject = 'A decided dispute', preview = '' WHERE id = ?",
        (issue,),
    )
    db.execute(
        "UPDATE dispute SET dispute_ = json_set(dispute_, '$.customer_email', '')"
        " WHERE atom IN (SELECT atom FROM atom WHERE issue_id = ?)",
        (issue,),
    )


def _name_again(db: Connection, shared: Sequence[int]) -> None:
    """What is left of an issue is called by what its other people wrote."""
    db.execute(
        "UPDATE issue SET subject = ifnull((SELECT subject FROM message"
        " WHERE issue_id = issue.id ORDER BY id LIMIT 1), '')"
        " WHERE id IN (SELECT value FROM json_each(?))",
        (codec.to_json(list(shared)),),
    )


def _forget_alerts(db: Connection, ids: Sequence[int]) -> None:
    alerts = _ids(
        db,
        "SELECT a.alert_id FROM alert_issue a JOIN atom t ON t.key = a.key"
        " WHERE t.issue_id IN (SELECT value FROM json_each(?))",
        codec.to_json(list(ids)),
    )
    _forget_rows(db, "alert", alerts)


def _without_buyer(db: Connection, order: Order) -> None:
    """The order stays for the books; what led from its buyer to it goes."""
    named = (order.platform, order.platform_id)
    bare = forgotten.without_buyer(order)
    db.execute(
        "UPDATE purchase SET customer_key = '', order_ = ? WHERE platform = ? AND platform_id = ?",
        (codec.to_json(bare), *named),
    )
    db.execute("DELETE FROM purchase_clue WHERE platform = ? AND platform_id = ?", named)


@contextmanager
def _overwriting(db: Connection) -> Iterator[None]:
    """What is deleted within is overwritten with zeros (SQLite, PRAGMA secure_delete)."""
    db.execute("PRAGMA secure_delete = ON")
    try:
        yield
    finally:
        db.execute("PRAGMA secure_delete = OFF")


@contextmanager
def _open_journal(db: Connection) -> Iterator[None]:
    """Within it entries may go: a person's right to be forgotten stands above our append-only."""
    (statement,) = db.execute(
        "SELECT sql FROM sqlite_schema WHERE name = ?", (_JOURNAL_STAYS,)
    ).fetchone()
    db.execute(f"DROP TRIGGER {_JOURNAL_STAYS}")
    yield
    db.execute(statement)


def _in_issues(db: Connection, issues: Sequence[int]) -> list[int]:
    return _ids(
        db,
        "SELECT id FROM message WHERE issue_id IN (SELECT value FROM json_each(?))",
        codec.to_json(list(issues)),
    )


def _issues_of(db: Connection, mails: Sequence[int]) -> list[int]:
    return _ids(
        db,
        "SELECT DISTINCT issue_id FROM message WHERE id IN (SELECT value FROM json_each(?))",
        codec.to_json(list(mails)),
    )


def _ids(db: Connection, query: str, *values: str) -> list[int]:
    return [id_ for (id_,) in db.execute(query, values)]


def _count(db: Connection, query: str, ids: Sequence[int]) -> int:
    """How many rows a query finds whose %s is a list of ids."""
    listed = query.replace("%s", "SELECT value FROM json_each(?)")
    (number,) = db.execute(listed, (codec.to_json(list(ids)),)).fetchone()
    return int(number)


_ON_ITS_WAY = """
SELECT count(*) FROM reply WHERE issue_id IN (%s)
AND state IN ('queued', 'sending', 'data_sent', 'sent', 'blocked')
"""
# Mails of ours that went to this address and to nobody else.
_TO_THEM = """
SELECT id FROM message WHERE direction = 'out' AND details LIKE ?
AND json_array_length(details, '$.to') = 1 AND lower(details ->> '$.to[0].email') = ?
AND ifnull(json_array_length(details, '$.cc'), 0) = 0
"""
