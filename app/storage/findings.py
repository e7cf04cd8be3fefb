"""Findings: what the platforms' records show without any mail; one row each, found by its atom.

Which issue a finding belongs to is told by the atom, so it moves with the issue's other atoms.
"""

from __future__ import annotations

from app.domain.assessment import Kind, Severity
from app.domain.finding import Finding
from app.storage import codec
from app.storage.connection import Connection

FINDINGS: tuple[str, ...] = (
    """
CREATE TABLE finding (
    atom TEXT PRIMARY KEY,
    account_id INTEGER REFERENCES account(id) ON DELETE SET NULL,
    kind TEXT NOT NULL,
    severity TEXT NOT NULL,
    factor TEXT NOT NULL,
    because TEXT NOT NULL,
    began_at INTEGER NOT NULL,
    rings INTEGER NOT NULL,
    order_number TEXT NOT NULL,
    over_at INTEGER
) STRICT, WITHOUT ROWID
""",
    "CREATE INDEX finding_running ON finding(account_id, factor) WHERE over_at IS NULL",
)


def keep(db: Connection, finding: Finding, *, account_id: int | None) -> bool:
    """Keep a finding as it is now; whether anything about it differs from what was kept."""
    if get(db, finding.atom) == finding:
        return False
    db.execute(
        "INSERT OR REPLACE INTO finding VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            codec.text(finding.atom),
            account_id,
            finding.kind.value,
            finding.severity.value,
            finding.factor,
            codec.text(finding.because),
            codec.micros(finding.began_at),
            finding.rings,
            codec.text(finding.order_number),
            codec.maybe_micros(finding.over_at),
        ),
    )
    return True


def get(db: Connection, atom: str) -> Finding | None:
    """The finding of this atom, or None."""
    return next(iter(_read(db, "WHERE f.atom = ?", atom)), None)


def of_issue(db: Connection, issue_id: int) -> tuple[Finding, ...]:
    """What was found that an issue is about, oldest first."""
    where = "JOIN atom a ON a.atom = f.atom WHERE a.issue_id = ? ORDER BY f.began_at"
    return _read(db, where, issue_id)


def running(db: Connection, account_id: int, factor: str) -> tuple[Finding, ...]:
    """The account's findings of this name that are not over, oldest first."""
    where = "WHERE f.over_at IS NULL AND f.account_id = ? AND f.factor = ? ORDER BY f.began_at"
    return _read(db, where, account_id, factor)


def _read(db: Connection, where: str, *values: int | str) -> tuple[Finding, ...]:
    rows = db.execute(
        "SELECT f.atom, f.kind, f.severity, f.factor, f.because, f.began_at, f.rings,"  # noqa: S608
        f" f.order_number, f.over_at FROM finding f {where}",
        values,
    )
    return tuple(
        Finding(
            atom=atom,
            kind=Kind(kind),
            severity=Severity(severity),
            factor=factor,
            because=because,
            began_at=codec.moment(began_at),
            rings=bool(rings),
            order_number=order_number,
            over_at=codec.maybe_moment(over_at),
        )
        for atom, kind, severity, factor, because, began_at, rings, order_number, over_at in rows
    )
