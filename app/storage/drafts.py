"""Drafts: replies that a person is still working on, one per issue."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.domain.message import Address
from app.domain.reply import Draft
from app.storage import codec, issues
from app.storage.connection import Connection


def save(db: Connection, draft: Draft, now: datetime) -> None:
    """Keep a draft in place of the issue's earlier one.

    Raises:
        NotFound: its issue does not exist.
    """
    db.execute(
        "INSERT INTO draft"
        " (issue_id, subject, to_, cc, template, rendered, body, updated_at, files, sender)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
        " subject = excluded.subject, to_ = excluded.to_, cc = excluded.cc,"
        " template = excluded.template, rendered = excluded.rendered, body = excluded.body,"
        " updated_at = excluded.updated_at, files = excluded.files, sender = excluded.sender",
        (
            issues.by_key(db, draft.issue_key),
            codec.text(draft.subject),
            codec.to_json(draft.to),
            codec.to_json(draft.cc),
            draft.template,
            codec.text(draft.rendered),
            codec.text(draft.body),
            codec.micros(now),
            codec.to_json(draft.files),
            codec.text(draft.sender),
        ),
    )


def get(db: Connection, key: str) -> Draft | None:
    """The draft of an issue, or None."""
    row = db.execute(
        "SELECT i.key, d.subject, d.to_, d.cc, d.template, d.rendered, d.body, d.updated_at,"
        " d.files, d.sender"
        " FROM draft d JOIN issue i ON i.id = d.issue_id WHERE d.issue_id = ?",
        (issues.by_key(db, key),),
    ).fetchone()
    return _draft(row) if row else None


def drop(db: Connection, key: str) -> None:
    """Let go of the draft of an issue, if it has one."""
    db.execute("DELETE FROM draft WHERE issue_id = ?", (issues.by_key(db, key),))


def _draft(row: tuple[Any, ...]) -> Draft:
    key, subject, to, cc, template, rendered, body, updated_at, files, sender = row
    return Draft(
        issue_key=key,
        subject=subject,
        to=codec.from_json(to, tuple[Address, ...]),
        cc=codec.from_json(cc, tuple[Address, ...]),
        template=template,
        rendered=rendered,
        body=body,
        updated_at=codec.moment(updated_at),
        files=codec.from_json(files, tuple[str, ...]),
        sender=sender,
    )
