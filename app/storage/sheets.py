"""Sheets: what a profile holds as tables that a person opens in a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.storage import codec
from app.storage.database import Connection

SHEETS: Mapping[str, str] = {
    "issues": """
SELECT key, state, kind, second_kind, severity, priority, score, subject, customer_email,
    customer_name, order_number, assignee, message_count, first_at,
    last_at, deadline_at, preview
FROM issue ORDER BY first_at, id
""",
    "messages": """
SELECT m.id AS message, i.key AS issue, m.direction, m.from_email, m.from_name, m.subject,
    m.received_at, m.message_id, m.raw_size AS bytes, m.complete, m.joined_because
FROM message m JOIN issue i ON i.id = m.issue_id ORDER BY m.id
""",
    "orders": """
SELECT platform, platform_id, number_key AS number, customer_key AS customer_email,
    placed_at, order_ ->> '$.customer_name' AS customer_name,
    order_ ->> '$.total.minor' AS total_in_smallest_unit,
    order_ ->> '$.total.currency' AS currency, order_ ->> '$.financial_status' AS paid,
    order_ ->> '$.fulfilment_status' AS sent
FROM purchase ORDER BY placed_at, platform, platform_id
""",
    "decisions": """
SELECT i.key AS issue, j.at, j.type, j.data
FROM journal j JOIN issue i ON i.id = j.issue_id ORDER BY j.at, j.device, j.counter
""",
}


def lines(db: Connection, sheet: str) -> Iterator[list[str]]:
    """A sheet line by line, its heading first; no cell of it is a formula to any program."""
    answer = db.execute(SHEETS[sheet])
    columns = [column[0] for column in answer.description]
    yield columns
    for row in answer:
        yield [_cell(name, value) for name, value in zip(columns, row, strict=True)]


def _cell(column: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, int) and (column == "at" or column.endswith("_at")):
        return f"{codec.moment(value):%Y-%m-%dT%H:%M:%SZ}"
    return _plain(value)


def _plain(value: object) -> str:
    """A cell that begins as formulas do gets an apostrophe: a spreadsheet must not reckon it."""
    said = str(value).replace("\x00", "")
    formula = not isinstance(value, int | float) and said.lstrip()[:1] in set("=+-@|")
    return f"'{said}" if formula or said[:1] in {"\t", "\r"} else said
