"""Sheets: what a profile holds as tables that a person opens in a spreadsheet.

What a spreadsheet would read wrongly is written so that it cannot: amounts with the decimal mark of
the owner's language, instants as dates that all of them know, numbers too long for them within a
file's name. What is cut or changed for that stands whole in the export's data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from app.domain.money import Money
from app.domain.translation import pointed
from app.storage import codec, messages
from app.storage.connection import Connection

SHEETS: Mapping[str, str] = {
    "issues": """
SELECT key, state, kind, second_kind, severity, priority, score, subject, customer_email,
    customer_name, order_number, assignee, message_count, first_at,
    last_at, deadline_at, preview
FROM issue ORDER BY first_at, id
""",
    "messages": """
SELECT (SELECT r.id FROM raw r WHERE r.id = m.id) AS file, i.key AS issue, m.direction,
    m.from_email, m.from_name, m.subject,
    m.received_at, m.message_id, m.raw_size AS bytes, m.complete, m.joined_because
FROM message m JOIN issue i ON i.id = m.issue_id ORDER BY m.id
""",
    "orders": """
SELECT platform, platform_id, number_key AS number, customer_key AS customer_email,
    placed_at, order_ ->> '$.customer_name' AS customer_name,
    order_ ->> '$.total.minor' AS total,
    order_ ->> '$.total.currency' AS currency, order_ ->> '$.financial_status' AS paid,
    order_ ->> '$.fulfilment_status' AS sent
FROM purchase ORDER BY placed_at, platform, platform_id
""",
    "decisions": """
SELECT i.key AS issue, j.at, j.type, j.data
FROM journal j JOIN issue i ON i.id = j.issue_id ORDER BY j.at, j.device, j.counter
""",
}


_LONGEST = 32_000  # letters of a cell; what has more, spreadsheets break into several
_BEGINS = "=+-@|＝＋－＠"  # a formula, to one spreadsheet or another
# Within a cell, where a program that takes the other separator would begin a new one.
_WITHIN = re.compile(rf"(?<=[;,\t\r\n])(\s*)(?=[{re.escape(_BEGINS)}]\s*[\w(\"'])")


def separator() -> str:
    """What stands between cells, as spreadsheets of the owner's country take it: a semicolon where
    the comma is the decimal mark."""
    return ";" if pointed(".") == "," else ","


def lines(db: Connection, sheet: str) -> Iterator[list[str]]:
    """A sheet line by line, its heading first; no cell of it is a formula to any program."""
    answer = db.execute(SHEETS[sheet])
    columns = [column[0] for column in answer.description]
    yield [f"{name}_utc" if _is_instant(name) else name for name in columns]
    for row in answer:
        cells = dict(zip(columns, row, strict=True))
        yield [_cell(name, value, cells) for name, value in cells.items()]


def mail_file(id_: int) -> str:
    """Where in an export a mail lies: by the month of its arrival, which its id begins with."""
    month = codec.moment(messages.arrival_second(id_) * 1_000_000)
    return f"mails/{month:%Y-%m}/{id_}.eml"


def _cell(column: str, value: object, row: Mapping[str, Any]) -> str:
    if value is None:
        return ""
    if isinstance(value, int) and _is_instant(column):
        return _date(codec.moment(value))
    if column == "file" and isinstance(value, int):
        return mail_file(value)
    if column == "total" and isinstance(value, int) and row["currency"]:
        return pointed(str(Money(value, row["currency"]).value))
    return _plain(value)


def _is_instant(column: str) -> bool:
    return column == "at" or column.endswith("_at")


def _date(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"


def _plain(value: object) -> str:
    """A cell that begins as formulas do gets an apostrophe: a spreadsheet must not reckon it."""
    said = str(value).replace("\x00", "")
    if isinstance(value, int | float):
        return said
    if len(said) > _LONGEST:
        said = f"{said[:_LONGEST]} …"
    said = _WITHIN.sub(r"\1'", said)
    formula = said.lstrip()[:1] in set(_BEGINS)
    return f"'{said}" if formula or said[:1] in {"\t", "\r"} else said
