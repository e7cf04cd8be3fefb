"""Disputes: what the providers say of each, how it came there, and which are one and the same.

A record is one provider's. Two records of different providers about the same payment and amount are
one case: the later points to the earlier by `same_as`. Which issue a dispute belongs to is told by
its atom, so it moves with the issue's other atoms.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from app.domain.dispute import Dispute, DisputeKind, DisputeState
from app.domain.dispute_views import DisputeMonth, DisputeRow, DisputeSource, DisputeStep, sort_key
from app.domain.order import CHARGED
from app.storage import codec
from app.storage.connection import Connection

_SILENT = timedelta(days=180)  # a dispute takes months, none takes longer than that

DISPUTES: tuple[str, ...] = (
    """
CREATE TABLE dispute (
    id INTEGER PRIMARY KEY,
    platform TEXT NOT NULL,
    platform_id TEXT NOT NULL,
    atom TEXT NOT NULL UNIQUE,
    account_id INTEGER REFERENCES account(id) ON DELETE SET NULL,
    same_as INTEGER REFERENCES dispute(id),
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    minor INTEGER NOT NULL,
    currency TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    due_at INTEGER,
    deleted_at INTEGER,
    is_test INTEGER NOT NULL,
    history INTEGER NOT NULL,
    first_seen_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    hash TEXT NOT NULL,
    dispute_ TEXT NOT NULL,
    open INTEGER GENERATED ALWAYS AS
        (deleted_at IS NULL AND state NOT IN ('won', 'lost', 'closed')) VIRTUAL,
    UNIQUE (platform, platform_id)
) STRICT
""",
    """
CREATE INDEX dispute_open ON dispute(due_at)
WHERE deleted_at IS NULL AND state NOT IN ('won', 'lost', 'closed')
""",
    "CREATE INDEX dispute_same ON dispute(same_as) WHERE same_as IS NOT NULL",
    "CREATE INDEX dispute_opened ON dispute(opened_at)",
    "CREATE INDEX dispute_account ON dispute(account_id)",
    """
CREATE TABLE dispute_payment (
    reference TEXT NOT NULL,
    dispute_id INTEGER NOT NULL REFERENCES dispute(id) ON DELETE CASCADE,
    PRIMARY KEY (reference, dispute_id)
) STRICT, WITHOUT ROWID
""",
    """
CREATE TABLE dispute_life (
    id INTEGER PRIMARY KEY,
    dispute_id INTEGER NOT NULL REFERENCES dispute(id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    word TEXT NOT NULL,
    due_at INTEGER
) STRICT
""",
    "CREATE INDEX dispute_life_of ON dispute_life(dispute_id, id)",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What keeping a record came to: `was` is the one before it, None for a new one.

    `moved` says that anything about it differs from what was kept; then something may follow.
    `head` is the id of the case's first record.
    """

    id: int
    head: int
    moved: bool
    was: Dispute | None = None


def keep(
    db: Connection,
    dispute: Dispute,
    *,
    account_id: int | None,
    now: datetime,
    history: bool = False,
) -> Kept:
    """Keep a dispute as its provider tells it now; a telling older than the kept one is passed by.

    `history`: it was there before the account was connected.
    """
    row = db.execute(
        "SELECT id, hash, dispute_, ifnull(same_as, id) FROM dispute WHERE atom = ?",
        (dispute.atom,),
    ).fetchone()
    if row is None:
        return _add(db, dispute, account_id=account_id, now=now, history=history)
    id_, hash_, written, head = row
    was = codec.from_json(written, Dispute)
    dispute = _with_its_payment(dispute, was)
    if _is_older(dispute, was):
        return Kept(id=id_, head=head, moved=False, was=was)
    db.execute(
        "UPDATE dispute SET last_seen_at = max(last_seen_at, ?), account_id = ? WHERE id = ?",
        (codec.micros(now), account_id, id_),
    )
    if hash_ == _hash(dispute):
        return Kept(id=id_, head=head, moved=False, was=was)
    _write(db, id_, dispute)
    if _turn(dispute) != _turn(was):
        _live(db, id_, dispute, at=now)
    return Kept(id=id_, head=head, moved=True, was=was)


def mark_gone(
    db: Connection, platform: str, platform_id: str, *, account_id: int, now: datetime
) -> Kept | None:
    """Its provider does not find it: a rehearsed one waits for nobody any more.

    A real one stays as it is, None: providers delete none, so it is the key that is another
    account's. Only what nothing was heard of for half a year is over for sure.
    """
    row = db.execute(
        "SELECT dispute_, last_seen_at FROM dispute WHERE platform = ? AND platform_id = ?"
        " AND deleted_at IS NULL",
        (platform, platform_id),
    ).fetchone()
    if row is None:
        return None
    known, seen_at = codec.from_json(row[0], Dispute), codec.moment(row[1])
    if not known.is_test and now - seen_at < _SILENT:
        return None
    return keep(db, replace(known, deleted_at=now), account_id=account_id, now=now)


def is_open(db: Connection, platform: str, platform_id: str) -> bool:
    """Whether a dispute of this name is not decided yet, as far as we know."""
    row = db.execute(
        "SELECT open FROM dispute WHERE platform = ? AND platform_id = ?", (platform, platform_id)
    ).fetchone()
    return row is not None and bool(row[0])


def get(db: Connection, platform: str, platform_id: str) -> Dispute | None:
    """The dispute of this name, or None."""
    row = db.execute(
        "SELECT dispute_ FROM dispute WHERE platform = ? AND platform_id = ?",
        (platform, platform_id),
    ).fetchone()
    return codec.from_json(row[0], Dispute) if row else None


def open_ids(db: Connection, account_id: int) -> frozenset[str]:
    """The provider's ids of the account's disputes and warnings that are not decided, as far as we
    know."""
    rows = db.execute(
        "SELECT platform_id FROM dispute WHERE account_id = ? AND open",
        (account_id,),
    )
    return frozenset(id_ for (id_,) in rows)


def of_issue(db: Connection, issue_id: int) -> tuple[DisputeRow, ...]:
    """The cases of an issue, the most pressing first."""
    heads = db.execute(
        "SELECT DISTINCT ifnull(d.same_as, d.id) FROM atom a JOIN dispute d ON d.atom = a.atom"
        " WHERE a.issue_id = ?",
        (issue_id,),
    ).fetchall()
    return _rows(db, [head for (head,) in heads])


def is_rehearsal(db: Connection, issue_id: int) -> bool:
    """Whether all disputes of an issue are of a provider's test mode; False for one without any."""
    (tests, every) = db.execute(
        "SELECT ifnull(sum(d.is_test), 0), count(*) FROM atom a JOIN dispute d ON d.atom = a.atom"
        " WHERE a.issue_id = ?",
        (issue_id,),
    ).fetchone()
    return bool(0 < every == tests)


def row(db: Connection, head: int) -> DisputeRow:
    """One case by the id of its first record."""
    (found,) = _rows(db, [head])
    return found


def every(db: Connection, *, only_open: bool = False, tests: bool = True) -> tuple[DisputeRow, ...]:
    """All cases: what waits for us by its deadline, then what others decide, then what is over."""
    where = [
        "same_as IS NULL",
        *(["open"] if only_open else []),
        *([] if tests else ["NOT is_test"]),
    ]
    heads = db.execute(f"SELECT id FROM dispute WHERE {' AND '.join(where)}").fetchall()  # noqa: S608
    return _rows(db, [head for (head,) in heads])


def open_count(db: Connection) -> int:
    """How many cases are not decided, warnings among them."""
    (number,) = db.execute(
        "SELECT count(*) FROM dispute WHERE open AND same_as IS NULL AND NOT is_test"
    ).fetchone()
    return int(number)


def twins(db: Connection, dispute: Dispute) -> tuple[str, ...]:
    """The atoms of other records about the same payment, the latest first: a warning before a
    dispute, the same dispute at another provider, a second dispute about the rest of the sum."""
    rows = db.execute(
        "SELECT DISTINCT d.atom, d.opened_at FROM json_each(?) j"
        " JOIN dispute_payment p ON p.reference = j.value JOIN dispute d ON d.id = p.dispute_id"
        " WHERE d.atom <> ? ORDER BY d.opened_at DESC",
        (codec.to_json(list(dispute.payment_references)), dispute.atom),
    )
    return tuple(atom for atom, _ in rows)


def named(db: Connection, words: Iterable[str]) -> tuple[str, ...]:
    """The atoms of the disputes whose own id, or whose payment's, is one of these words."""
    wanted = codec.to_json([codec.text(word) for word in words])
    rows = db.execute(
        "SELECT d.atom FROM json_each(?) j JOIN dispute d ON d.platform_id = j.value"
        " UNION SELECT d.atom FROM json_each(?) j"
        " JOIN dispute_payment p ON p.reference = j.value JOIN dispute d ON d.id = p.dispute_id",
        (wanted, wanted),
    )
    return tuple(atom for (atom,) in rows)


def without_order(db: Connection) -> list[int]:
    """The issues with an open dispute of which the order is not known (yet)."""
    # CROSS JOIN: from the disputes; SQLite would begin at every issue, to name none of them twice.
    rows = db.execute(
        "SELECT DISTINCT i.id FROM dispute d CROSS JOIN atom a ON a.atom = d.atom"
        " CROSS JOIN issue i ON i.id = a.issue_id WHERE d.open AND i.order_number = ''"
    )
    return [id_ for (id_,) in rows]


def months(db: Connection, *, since: datetime) -> tuple[DisputeMonth, ...]:
    """The months since that of an instant in numbers, UTC, the newest first; tests are left out.

    Only what was paid can be disputed, so orders count that were, and of which nothing is said.
    What was prevented, or is decided by the provider alone, is no chargeback: no network counts it.
    """
    rows = db.execute(_MONTHS, {"since": codec.micros(_month_of(since))})
    return tuple(
        DisputeMonth(month=month, disputes=disputes or 0, orders=orders or 0)
        for month, disputes, orders in rows
    )


def _month_of(at: datetime) -> datetime:
    """Its beginning: half a month beside whole ones is no figure."""
    return at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _add(
    db: Connection, dispute: Dispute, *, account_id: int | None, now: datetime, history: bool
) -> Kept:
    same = _same(db, dispute)
    (id_,) = db.execute(
        "INSERT INTO dispute (platform, platform_id, atom, account_id, same_as, history,"
        " first_seen_at, last_seen_at, kind, state, minor, currency, opened_at, is_test, hash,"
        " dispute_) VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', '', 0, '', 0, 0, '', '') RETURNING id",
        (
            codec.text(dispute.platform),
            codec.text(dispute.platform_id),
            codec.text(dispute.atom),
            account_id,
            same,
            history,
            codec.micros(now),
            codec.micros(now),
        ),
    ).fetchone()
    _write(db, id_, dispute)
    _live(db, id_, dispute, at=now)
    return Kept(id=id_, head=same or id_, moved=True)


def _same(db: Connection, dispute: Dispute) -> int | None:
    """The first record of the case that another provider told us of before: the same payment, the
    same amount, and both a dispute (a warning is not yet one)."""
    row = db.execute(
        "SELECT ifnull(d.same_as, d.id) FROM json_each(?) j"
        " JOIN dispute_payment p ON p.reference = j.value JOIN dispute d ON d.id = p.dispute_id"
        " WHERE d.platform <> ? AND d.minor = ? AND d.currency = ?"
        " AND (d.kind = 'alert') = ? ORDER BY d.id LIMIT 1",
        (
            codec.to_json(list(dispute.payment_references)),
            dispute.platform,
            dispute.amount.minor,
            dispute.amount.currency,
            dispute.kind is DisputeKind.ALERT,
        ),
    ).fetchone()
    return int(row[0]) if row else None


def _write(db: Connection, id_: int, dispute: Dispute) -> None:
    db.execute(
        "UPDATE dispute SET kind = ?, state = ?, minor = ?, currency = ?, opened_at = ?,"
        " due_at = ?, deleted_at = ?, is_test = ?, hash = ?, dispute_ = ? WHERE id = ?",
        (
            dispute.kind.value,
            dispute.state.value,
            dispute.amount.minor,
            dispute.amount.currency,
            codec.micros(dispute.opened_at),
            codec.maybe_micros(dispute.due_at),
            codec.maybe_micros(dispute.deleted_at),
            dispute.is_test,
            _hash(dispute),
            codec.to_json(dispute),
            id_,
        ),
    )
    db.execute("DELETE FROM dispute_payment WHERE dispute_id = ?", (id_,))
    db.executemany(
        "INSERT INTO dispute_payment VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(codec.text(reference), id_) for reference in dispute.payment_references if reference],
    )


def _live(db: Connection, id_: int, dispute: Dispute, *, at: datetime) -> None:
    state = DisputeState.CLOSED if dispute.deleted_at else dispute.state
    word = "not at the provider any more" if dispute.deleted_at else dispute.state_word
    db.execute(
        "INSERT INTO dispute_life (dispute_id, at, kind, state, word, due_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            id_,
            codec.micros(at),
            dispute.kind.value,
            state.value,
            codec.text(word),
            codec.maybe_micros(dispute.due_at),
        ),
    )


def _turn(dispute: Dispute) -> tuple[object, ...]:
    """What makes a new step of its life."""
    return (
        dispute.kind,
        dispute.state,
        dispute.state_word,
        dispute.due_at,
        dispute.deleted_at is None,
    )


def _with_its_payment(dispute: Dispute, was: Dispute) -> Dispute:
    """What was told of the payment once is true for good; a shorter telling does not take it back.

    A list tells less than a page of its own, and a key may lose the right to read payments.
    """
    return replace(
        dispute,
        payment_references=dispute.payment_references or was.payment_references,
        order_number=dispute.order_number or was.order_number,
        order_platform_id=dispute.order_platform_id or was.order_platform_id,
        customer_email=dispute.customer_email or was.customer_email,
    )


def _is_older(dispute: Dispute, was: Dispute) -> bool:
    both = dispute.updated_at is not None and was.updated_at is not None
    return both and dispute.updated_at < was.updated_at  # type: ignore[operator]


def _hash(dispute: Dispute) -> str:
    return hashlib.sha256(codec.to_json(dispute).encode()).hexdigest()[:32]


def _rows(db: Connection, heads: Sequence[int]) -> tuple[DisputeRow, ...]:
    if not heads:
        return ()
    found: dict[int, list[tuple[Any, ...]]] = {}
    for row in db.execute(_SELECT, (codec.to_json(list(heads)),)):
        found.setdefault(row[1], []).append(row)
    lives = _lives(db, [row[0] for rows in found.values() for row in rows])
    cases = (_case(head, rows, lives) for head, rows in found.items())
    return tuple(sorted(cases, key=sort_key))


def _case(
    head: int, rows: Sequence[tuple[Any, ...]], lives: dict[int, list[DisputeStep]]
) -> DisputeRow:
    sources = [
        DisputeSource(
            dispute=codec.from_json(written, Dispute),
            account=account or "",
            first_seen_at=codec.moment(first_seen_at),
            last_seen_at=codec.moment(last_seen_at),
            history=bool(history),
            life=tuple(lives.get(id_, ())),
        )
        for id_, _, written, account, first_seen_at, last_seen_at, history, *_ in rows
    ]
    sources.sort(key=lambda one: (one.dispute.platform not in _PROVIDERS, one.first_seen_at))
    key, number, customer = rows[0][7:]
    told = next((one.dispute for one in sources if one.dispute.order_number), sources[0].dispute)
    return DisputeRow(
        id=head,
        sources=tuple(sources),
        issue_key=key or "",
        order_number=number or told.order_number,
        customer=customer or told.customer_email,
    )


def _lives(db: Connection, ids: Sequence[int]) -> dict[int, list[DisputeStep]]:
    lives: dict[int, list[DisputeStep]] = {}
    rows = db.execute(
        "SELECT l.dispute_id, l.at, l.kind, l.state, l.word, l.due_at FROM json_each(?) j"
        " JOIN dispute_life l ON l.dispute_id = j.value ORDER BY l.id",
        (codec.to_json(list(ids)),),
    )
    for id_, at, kind, state, word, due_at in rows:
        step = DisputeStep(
            at=codec.moment(at),
            kind=DisputeKind(kind),
            state=DisputeState(state),
            word=word,
            due_at=codec.maybe_moment(due_at),
        )
        lives.setdefault(id_, []).append(step)
    return lives


# Who really holds the money speaks before a shop that only passes on what it was told.
_PROVIDERS = frozenset(("stripe", "paypal"))

_SELECT = """
SELECT d.id, ifnull(d.same_as, d.id) AS head, d.dispute_, c.name, d.first_seen_at, d.last_seen_at,
    d.history, i.key, i.order_number, iif(i.customer_name <> '', i.customer_name, i.customer_email)
FROM json_each(?) j JOIN dispute d ON d.id = j.value OR d.same_as = j.value
LEFT JOIN account c ON c.id = d.account_id
LEFT JOIN atom a ON a.atom = d.atom LEFT JOIN issue i ON i.id = a.issue_id
ORDER BY d.id
"""

_PAID = ", ".join(f"'{one}'" for one in ("", *CHARGED))  # some platforms tell no payment
_OF_BANKS = "'chargeback', 'pre_arbitration', 'arbitration'"
# Which orders are of these months an index tells, so that those of ten years are not read.
_MONTHS = f"""
WITH counted AS (
    SELECT strftime('%Y-%m', opened_at / 1000000, 'unixepoch') AS month,
        sum(kind IN ({_OF_BANKS})
            AND NOT ifnull(dispute_ ->> 'state_word' = 'prevented', 0)) AS disputes
    FROM dispute WHERE opened_at >= :since AND same_as IS NULL AND NOT is_test GROUP BY 1
), bought AS (
    SELECT strftime('%Y-%m', placed_at / 1000000, 'unixepoch') AS month, count(*) AS orders
    FROM purchase WHERE rowid IN (SELECT rowid FROM purchase INDEXED BY purchase_customer
        WHERE placed_at >= :since) AND NOT ifnull(order_ ->> 'is_test', 0)
        AND deleted_at IS NULL AND ifnull(order_ ->> 'financial_status', '') IN ({_PAID})
    GROUP BY 1
)
SELECT month, disputes, orders
FROM (SELECT month FROM counted UNION SELECT month FROM bought)
LEFT JOIN counted USING (month) LEFT JOIN bought USING (month) ORDER BY month DESC
"""  # noqa: S608 - our own words
