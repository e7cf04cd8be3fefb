"""Forgetting: all that `customers.holdings` found of one address is taken out of the profile.

What hangs on a mail or an issue is found by the references that the tables declare, so that a
table which is added later is not forgotten here. What other people share with them is `blanking`'s.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from app.domain.order import Order
from app.storage import blanking, codec, forgotten, messages, profile
from app.storage.connection import Connection
from app.storage.customers import Holdings

# The triggers by which a journal is append-only.
_JOURNAL_KEEPS = ("journal_stays", "journal_stands")


def forget(db: Connection, held: Holdings, *, now: datetime) -> frozenset[int]:
    """Take all of it out; answers the issues that are left and have to be worked out anew.

    What was deleted is overwritten in the file, not only let go of (`merge_words` takes out what
    the index of words still has, `Writer.empty_log` what the file's log has); and the places of its
    mails stay in the books as left out, with the reason.
    """
    with _overwriting(db), _open_journal(db):
        moved = {
            *held.shared,
            *held.decided,
            *_issues_of(db, held.mails),
        } - {*held.whole}
        renamed = blanking.begun_by(db, held.mails, among=moved.difference(held.decided))
        _note(db, held, now=now)
        blanking.drafts(db, held, moved)
        _forget_rows(db, "reply", held.replies)
        _forget_mails(db, held.mails)
        for issue in held.decided:
            _empty(db, issue)
        blanking.name_again(db, held, {*held.shared, *renamed})
        blanking.decisions(db, held)
        _forget_rows(db, "alert", blanking.alerts(db, held, moved))
        _forget_rows(db, "issue", held.whole)
        for order in held.orders:
            _without_buyer(db, order)
        db.execute("DELETE FROM failed_payment WHERE customer_key = ?", (held.email,))
        db.execute("DELETE FROM order_tie WHERE clue = ?", (f"from:{held.email}",))
        # Or its old pages keep words. FTS5 (6.8): a negative number begins what `merge_words` ends.
        db.execute("INSERT INTO words (words, rank) VALUES ('merge', -1)")
    return frozenset(moved)


def merge_words(db: Connection) -> bool:
    """A part of what is left to do in the index of words, for a transaction of its own: all at once
    it keeps clicks waiting for seconds. Whether there was anything to do. Where somebody was ever
    forgotten the old pages are overwritten, for an end may have come in between."""
    if not profile.forgettings(db):
        return messages.merge_words(db)
    with _overwriting(db):
        return messages.merge_words(db)


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
    statements = [
        db.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (name,)).fetchone()[0]
        for name in _JOURNAL_KEEPS
    ]
    for name in _JOURNAL_KEEPS:
        db.execute(f"DROP TRIGGER {name}")
    yield
    for statement in statements:
        db.execute(statement)


def _issues_of(db: Connection, mails: Sequence[int]) -> list[int]:
    rows = db.execute(
        "SELECT DISTINCT issue_id FROM message WHERE id IN (SELECT value FROM json_each(?))",
        (codec.to_json(list(mails)),),
    )
    return [issue for (issue,) in rows]
