"""Failed payments: what buyers could not pay, kept to tell an outage from a bad day."""

from __future__ import annotations

from datetime import datetime

from app.domain.dispute import FailedPayment
from app.storage import codec
from app.storage.connection import Connection

FAILED_PAYMENTS: tuple[str, ...] = (
    """
CREATE TABLE failed_payment (
    platform TEXT NOT NULL,
    platform_id TEXT NOT NULL,
    account_id INTEGER REFERENCES account(id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    customer_key TEXT NOT NULL,
    payment TEXT NOT NULL,
    PRIMARY KEY (platform, platform_id)
) STRICT, WITHOUT ROWID
""",
    "CREATE INDEX failed_payment_at ON failed_payment(account_id, at)",
)


def keep(db: Connection, payment: FailedPayment, *, account_id: int) -> bool:
    """Keep a failed payment; whether it is new to us."""
    added = db.execute(
        "INSERT INTO failed_payment VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (
            codec.text(payment.platform),
            codec.text(payment.platform_id),
            account_id,
            codec.micros(payment.at),
            codec.text(payment.customer_key),
            codec.to_json(payment),
        ),
    )
    return added.rowcount > 0


def between(
    db: Connection, account_id: int, *, since: datetime, until: datetime
) -> tuple[FailedPayment, ...]:
    """The account's failed payments from `since` until before `until`, oldest first."""
    rows = db.execute(
        "SELECT payment FROM failed_payment WHERE account_id = ? AND at >= ? AND at < ?"
        " ORDER BY at",
        (account_id, codec.micros(since), codec.micros(until)),
    )
    return tuple(codec.from_json(written, FailedPayment) for (written,) in rows)


def first_at(db: Connection, account_id: int) -> datetime | None:
    """Since when we know of any."""
    (at,) = db.execute(
        "SELECT min(at) FROM failed_payment WHERE account_id = ?", (account_id,)
    ).fetchone()
    return codec.maybe_moment(at)


def forget_before(db: Connection, at: datetime) -> None:
    """Let go of those that are too old to compare with."""
    db.execute("DELETE FROM failed_payment WHERE at < ?", (codec.micros(at),))
