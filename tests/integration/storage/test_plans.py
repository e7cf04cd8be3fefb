"""What is asked all day, or while somebody waits, is answered from an index.

A profile of ten years has 250,000 mails, 600,000 decisions and 60,000 orders. SQLite's own word for
reading all of a table is SCAN; how it looks something up is the same in every profile, because no
profile keeps statistics.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.reply import OutboxState
from app.storage import (
    deadlines,
    disputes,
    learned,
    on_server,
    orders,
    outbox,
    rows,
    stories,
    tidings,
)
from app.storage.connection import Connection
from app.storage.database import open_reader, open_writer
from app.storage.migrations import migrate_to
from app.storage.version import KNOWN
from app.storage.writer import Writer
from tests.support.storage import NOW, an_issue, lay_database

_GROWS = {
    *("alert", "alert_issue", "atom", "call", "climb", "deadline", "heard", "issue", "journal"),
    *("location", "message", "purchase", "purchase_clue", "raw", "reply"),
}
_ASKED = {
    "overdue": lambda db: deadlines.overdue(db, NOW),
    "to remind": lambda db: deadlines.to_remind(db, NOW),
    "on its way": lambda db: outbox.in_state(db, OutboxState.SENDING, OutboxState.BLOCKED),
    "due": lambda db: outbox.due(db, NOW),
    "asked for twice": lambda db: outbox.by_request(db, "a click"),
    "the end of a round": lambda db: on_server.end_round(db, 1),
    "what frames the list": lambda db: rows.overview(db, NOW),
    "the numbers of a quarter": lambda db: stories.between(db, NOW - timedelta(days=90), NOW),
    "who taught it": lambda db: learned.teachers(db, ("an entry",)),
    "the orders of a name": lambda db: orders.by_clues(db, ("name:weiss",)),
    "disputes without an order": disputes.without_order,
    "what is on its way": rows.replies,
    "what came in a quarter": lambda db: tidings.between(db, NOW - timedelta(days=90), NOW),
}


@pytest.mark.parametrize("ask", _ASKED.values(), ids=_ASKED)
def test_no_table_that_grows_with_the_years_is_read_whole(
    db: Connection, ask: Callable[[Connection], object]
) -> None:
    assert [walk for walk in _walks(db, ask) if walk in _GROWS] == []


def test_a_file_that_has_statistics_is_read_by_its_indexes_again(tmp_path: Path) -> None:
    """By the counts of a shop whose replies are all filed it read each of 64,000 to find those that
    are on their way, at every look."""
    old, before = tmp_path / "old.db", KNOWN[: KNOWN.index("plans_without_statistics")]
    with closing(
        open_writer(old, now=NOW, known=before, migrate=lambda db: migrate_to(db, before))
    ) as db:
        issue = an_issue(db)
        db.executemany(_A_FILED_REPLY, [(issue, f"{n}@shop.example") for n in range(20_000)])
        db.execute("ANALYZE")
        assert "reply" in _walks(db, _ASKED["on its way"])
    with closing(open_writer(old, now=NOW)) as db:
        assert "reply" not in _walks(db, _ASKED["on its way"])


def test_a_writer_that_ends_leaves_no_statistics(tmp_path: Path) -> None:
    writer = Writer(lay_database(tmp_path / "frontburner.db"), now=NOW)
    writer.start()
    writer.do(an_issue)
    writer.do(lambda db: deadlines.overdue(db, NOW))
    writer.stop()
    with closing(open_reader(tmp_path / "frontburner.db")) as db:
        kept = db.execute("SELECT name FROM sqlite_schema WHERE name LIKE 'sqlite_stat%'")
        assert kept.fetchall() == []


def _walks(db: Connection, ask: Callable[[Connection], object]) -> list[str]:
    """The tables that SQLite reads whole to answer this."""
    asked: list[str] = []
    db.set_trace_callback(asked.append)
    ask(db)
    db.set_trace_callback(None)
    return [table for sql in asked if sql[:7] != "EXPLAIN" for table in _walked(db, sql)]


def _walked(db: Connection, sql: str) -> list[str]:
    named = re.findall(r"(?:FROM|JOIN)\s+(\w+)(?:\s+AS)?\s+(\w+)", sql)
    tables: dict[str, str] = {alias: table for table, alias in named}
    plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}")]
    scanned = [line.split()[1] for line in plan if line.startswith("SCAN ")]
    return [tables.get(one, one) for one in scanned]


_A_FILED_REPLY = """
INSERT INTO reply (issue_id, account_id, message_id, state, created_at, not_before, attempt,
    sender, recipients, error, smtp_reply, template, rendered, body, mime)
VALUES (?, 1, ?, 'filed', 0, 0, 0, '', '[]', '', '', '', '', '', x'')
"""
