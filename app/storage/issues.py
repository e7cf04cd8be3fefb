"""Issues: the unit of work, its name from its atoms, and what stands about it.

An atom belongs to one issue. The key of an issue is the key of its lowest atom; every atom keeps
its own key, so that each name an issue ever had still finds it. The atoms of an issue that was
merged into another stay there as aliases: they find it, and they do not rename it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import Enum
from typing import Any

from app.domain.assessment import Kind
from app.domain.errors import NotFound, Refused
from app.domain.issue import Issue, Judgement, issue_key
from app.domain.journal import Decisions, State
from app.domain.message import Address
from app.domain.money import Money
from app.domain.order import Order, OrderLink, order_key
from app.domain.translation import tr
from app.storage import codec, judgements
from app.storage.connection import Connection
from app.storage.merging import merge

__all__ = [
    "UNSET",
    "Unset",
    "add_atoms",
    "by_atom",
    "by_key",
    "by_order_number",
    "create",
    "due_snoozes",
    "get",
    "has_written",
    "is_history",
    "is_owned",
    "merge",
    "of_keys",
    "open_ids",
    "open_of_customer",
    "open_of_kind",
    "owners",
    "owns",
    "present",
    "shelve",
    "touched_by_order",
    "update",
]

_KEY_PREFIX = "i1_"
_SHORTEST_PREFIX = 6


_NOTHING_DECIDED = codec.to_json(Decisions())


class Unset(Enum):
    """The value of an argument that was not given, where None already means something."""

    UNSET = "unset"


UNSET = Unset.UNSET


def create(
    db: Connection,
    *,
    atoms: Iterable[str],
    subject: str,
    customer: Address,
    account_id: int | None,
    judgement: Judgement,
    first_at: datetime,
    history: bool = False,
    message_count: int = 0,
    preview: str = "",
) -> int:
    """Begin an issue; the answer is its id. An atom that is only an alias elsewhere comes over.

    `message_count` and `preview` are for who stores its only mail in the same breath.

    Raises:
        ValueError: one of the atoms belongs to another issue (ask `by_atom` first).
    """
    own = sorted(set(atoms))
    row = row_of(
        issue_key(own),
        subject=subject,
        customer=customer,
        account_id=account_id,
        judgement=judgements.row_of(judgement),
        first_at=first_at,
        last_at=first_at,
        history=history,
        message_count=message_count,
        preview=preview,
    )
    issue_id = db.execute(_INSERT, row).lastrowid
    assert issue_id is not None
    for atom in own:
        _own(db, issue_id, atom)
    return issue_id


def row_of(
    key: str,
    *,
    subject: str,
    customer: Address,
    account_id: int | None,
    judgement: Sequence[Any],
    first_at: datetime,
    last_at: datetime,
    history: bool,
    message_count: int,
    preview: str,
) -> tuple[Any, ...]:
    """An issue as it begins, as it stands in the table by `COLUMNS`; `judgement` is its row."""
    return (
        key,
        account_id,
        (State.CLOSED if history else State.NEW).value,
        codec.micros(first_at),
        codec.micros(last_at),
        history,
        not history,
        codec.text(customer.key),
        codec.text(customer.email),
        codec.text(customer.name),
        codec.text(subject),
        _NOTHING_DECIDED,
        message_count,
        codec.text(preview),
        *judgement,
    )


def get(db: Connection, id: int) -> Issue:  # noqa: A002 - the row's id, as everywhere in this room
    """One issue.

    Raises:
        NotFound: there is none with this id.
    """
    row = db.execute(_SELECT + " WHERE id = ?", (id,)).fetchone()
    if row is None:
        raise NotFound(tr("This issue does not exist any more"), "", tr("Refresh the list"))
    return _issue(row)


def by_key(db: Connection, key: str) -> int:
    """The id of the issue with this key, with any key it ever had, or with a clear prefix of one.

    Raises:
        NotFound: no issue has it.
        Refused: the prefix is shorter than six characters, or several issues share it.
    """
    wanted = key.strip().lower()
    row = db.execute("SELECT issue_id FROM atom WHERE key = ?", (wanted,)).fetchone()
    return int(row[0]) if row else _by_prefix(db, wanted)


def of_keys(db: Connection, keys: Iterable[str]) -> dict[str, int]:
    """The issue that each of these keys leads to now, without those of issues that are no more."""
    rows = db.execute(
        "SELECT a.key, a.issue_id FROM json_each(?) j JOIN atom a ON a.key = j.value",
        (codec.to_json(list(keys)),),
    )
    return dict(rows.fetchall())


def by_atom(db: Connection, atoms: Iterable[str]) -> int | None:
    """The issue that owns the first of these atoms that is known, aliases included."""
    for atom in atoms:
        row = db.execute("SELECT issue_id FROM atom WHERE atom = ?", (atom,)).fetchone()
        if row:
            return int(row[0])
    return None


def owners(db: Connection, atoms: Iterable[str]) -> dict[str, int]:
    """The issue of each of these atoms that is known, aliases included."""
    rows = db.execute(
        "SELECT a.atom, a.issue_id FROM json_each(?) j JOIN atom a ON a.atom = j.value",
        (codec.to_json(list(atoms)),),
    )
    return dict(rows.fetchall())


def present(db: Connection, ids: Iterable[int]) -> frozenset[int]:
    """Those of these issues that still exist; a merge takes one away."""
    rows = db.execute(
        "SELECT issue.id FROM json_each(?) j JOIN issue ON issue.id = j.value",
        (codec.to_json(sorted(ids)),),
    )
    return frozenset(id_ for (id_,) in rows)


def add_atoms(db: Connection, id: int, atoms: Iterable[str]) -> str:  # noqa: A002
    """Give an issue further atoms and answer its key, which a lower atom changes.

    An atom that belongs to another issue stays there: one order can have two problems.
    """
    for atom in sorted(set(atoms)):
        db.execute(
            "INSERT INTO atom (atom, key, issue_id) VALUES (?, ?, ?)"
            " ON CONFLICT (atom) DO UPDATE SET alias = 0"
            " WHERE alias AND issue_id = excluded.issue_id",
            (atom, issue_key([atom]), id),
        )
    key = issue_key(_atoms(db, id))
    db.execute("UPDATE issue SET key = ? WHERE id = ? AND key <> ?", (key, id, key))
    return key


def owns(db: Connection, id: int, atom: str) -> bool:  # noqa: A002
    """Whether an atom is an issue's own, and not only an alias."""
    row = db.execute("SELECT issue_id, alias FROM atom WHERE atom = ?", (atom,)).fetchone()
    return bool(row == (id, 0))


def is_owned(db: Connection, atom: str) -> bool:
    """Whether an atom is some issue's own, and not only an alias of one that was merged."""
    return (
        db.execute("SELECT 1 FROM atom WHERE atom = ? AND NOT alias", (atom,)).fetchone()
        is not None
    )


def update(
    db: Connection,
    id: int,  # noqa: A002
    *,
    judgement: Judgement | Unset = UNSET,
    decisions: Decisions | Unset = UNSET,
    state: State | Unset = UNSET,
    snoozed_until: datetime | Unset | None = UNSET,
    subject: str | Unset = UNSET,
    customer: Address | Unset = UNSET,
    order_number: str | Unset = UNSET,
    order_total: Money | Unset | None = UNSET,
    order_link: OrderLink | Unset | None = UNSET,
    deadline_at: datetime | Unset | None = UNSET,
    deadline_for: str | Unset = UNSET,
    look_at: datetime | Unset | None = UNSET,
    waiting_since: datetime | Unset | None = UNSET,
    first_at: datetime | Unset = UNSET,
    last_at: datetime | Unset = UNSET,
    message_count: int | Unset = UNSET,
    preview: str | Unset = UNSET,
    unseen: bool | Unset = UNSET,
    history: bool | Unset = UNSET,
    account_id: int | Unset | None = UNSET,
) -> None:
    """Change what is given and leave the rest."""
    columns: dict[str, Any] = {
        "state": state,
        "snoozed_until": _micros(snoozed_until),
        "subject": _text(subject),
        "order_number": _text(order_number),
        "deadline_at": _micros(deadline_at),
        "deadline_for": deadline_for,
        "look_at": _micros(look_at),
        "waiting_since": _micros(waiting_since),
        "first_at": _micros(first_at),
        "last_at": _micros(last_at),
        "message_count": message_count,
        "preview": _text(preview),
        "unseen": unseen,
        "history": history,
        "account_id": account_id,
    }
    if judgement is not UNSET:
        columns.update(zip(judgements.COLUMNS, judgements.row_of(judgement), strict=True))
    if decisions is not UNSET:
        columns.update(decisions=codec.to_json(decisions), assignee=codec.text(decisions.assignee))
    if customer is not UNSET:
        columns.update(_customer(customer))
    if order_link is not UNSET:
        columns.update(order_link=codec.to_json(order_link) if order_link else None)
    if order_total is not UNSET:
        columns.update(_total(order_total))
    _write(db, id, {name: value for name, value in columns.items() if value is not UNSET})


def is_unseen(db: Connection, id: int) -> bool:  # noqa: A002
    """Whether nobody opened an issue since its newest mail."""
    row = db.execute("SELECT unseen FROM issue WHERE id = ?", (id,)).fetchone()
    return bool(row and row[0])


def is_history(db: Connection, id: int) -> bool:  # noqa: A002
    """Whether an issue is from before its account was connected, and nobody decided about it."""
    row = db.execute("SELECT history, decisions FROM issue WHERE id = ?", (id,)).fetchone()
    if row is None or not row[0]:
        return False
    # What an older Frontburner wrote has fewer names in it.
    return bool(row[1] == _NOTHING_DECIDED or codec.from_json(row[1], Decisions) == Decisions())


def shelve(
    db: Connection,
    id: int,  # noqa: A002
    *,
    last_at: datetime,
    message_count: int,
    preview: str,
) -> str:
    """Write what a list shows of an issue of old mail, and put it away; its key."""
    (key,) = db.execute(
        "UPDATE issue SET state = 'closed', last_at = ?, message_count = ?, preview = ?"
        " WHERE id = ? RETURNING key",
        (codec.micros(last_at), message_count, codec.text(preview), id),
    ).fetchone()
    return str(key)


def open_of_customer(db: Connection, email_key: str) -> tuple[Issue, ...]:
    """The customer's issues that are not put away, newest first."""
    if not email_key:
        return ()
    rows = db.execute(
        _SELECT + " WHERE customer_key = ? AND state IN ('new', 'acknowledged', 'waiting')"
        " ORDER BY last_at DESC",
        (email_key,),
    ).fetchall()
    return tuple(_issue(row) for row in rows)


def of_customer(db: Connection, email_key: str, *, limit: int) -> list[int]:
    """The customer's issues, the newest first, open or not; what needs no answer is left out."""
    if not email_key:
        return []
    rows = db.execute(
        "SELECT id FROM issue WHERE customer_key = ? AND kind <> 'not_an_issue'"
        " ORDER BY last_at DESC LIMIT ?",
        (email_key, limit),
    )
    return [id_ for (id_,) in rows]


def has_written(db: Connection, email_key: str) -> bool:
    """Whether this address is a customer's: somebody there wrote about a true issue, and of what is
    from before the account was connected, we have answered it."""
    row = db.execute(
        "SELECT 1 FROM issue i WHERE customer_key = ? AND kind <> 'not_an_issue' AND NOT suspicious"
        " AND (NOT history OR EXISTS (SELECT 1 FROM message m"
        " WHERE m.issue_id = i.id AND m.direction = 'out')) LIMIT 1",
        (email_key,),
    ).fetchone()
    return bool(email_key) and row is not None


def waiting_since(db: Connection, id: int) -> datetime | None:  # noqa: A002
    """Since when somebody waits for us about it; None while nobody does."""
    row = db.execute("SELECT waiting_since FROM issue WHERE id = ?", (id,)).fetchone()
    return codec.maybe_moment(row[0]) if row else None


def open_ids(db: Connection) -> list[int]:
    """The issues that somebody may still have to act on: open and waiting, asleep or not."""
    rows = db.execute(
        "SELECT id FROM issue WHERE state IN ('new', 'acknowledged', 'waiting')"
        " AND kind <> 'not_an_issue'"
    )
    return [id_ for (id_,) in rows]


def still_there(db: Connection, ids: Sequence[int]) -> list[int]:
    """Those of these that exist: one may have been merged into another meanwhile."""
    wanted = codec.to_json(list(ids))
    there = "SELECT id FROM issue WHERE id IN (SELECT value FROM json_each(?))"
    rows = db.execute(there, (wanted,))
    return [id_ for (id_,) in rows]


def moved_since(db: Connection, since: datetime, *, limit: int) -> list[int]:
    """The issues about which something came in since then, the newest first; no old mail, and
    nothing that is no issue."""
    rows = db.execute(
        "SELECT id FROM issue WHERE last_at >= ? AND NOT history AND kind <> 'not_an_issue'"
        " ORDER BY last_at DESC LIMIT ?",
        (codec.micros(since), limit),
    )
    return [id_ for (id_,) in rows]


def to_look_at(db: Connection, now: datetime) -> list[int]:
    """The issues whose score time has changed since they were looked at."""
    rows = db.execute("SELECT id FROM issue WHERE look_at <= ?", (codec.micros(now),))
    return [id_ for (id_,) in rows]


def open_of_kind(db: Connection, kind: Kind, *, limit: int) -> list[int]:
    """The newest issues of a kind that are not put away, the newest first."""
    rows = db.execute(
        "SELECT id FROM issue WHERE kind = ? AND state IN ('new', 'acknowledged', 'waiting')"
        " ORDER BY last_at DESC LIMIT ?",
        (kind.value, limit),
    )
    return [id_ for (id_,) in rows]


def due_snoozes(db: Connection, now: datetime) -> list[int]:
    """The issues whose sleep has ended and that still carry its end, the first to wake first."""
    rows = db.execute(
        "SELECT id FROM issue WHERE snoozed_until <= ? ORDER BY snoozed_until", (codec.micros(now),)
    )
    return [id_ for (id_,) in rows]


def by_order_number(db: Connection, number: str) -> list[int]:
    """The issues about the order of this number, newest first."""
    rows = db.execute(
        "SELECT id FROM issue WHERE order_number = ? AND order_number <> '' ORDER BY last_at DESC",
        (number,),
    )
    return [id_ for (id_,) in rows]


def touched_by_order(db: Connection, order: Order, *, is_new: bool) -> frozenset[int]:
    """The open issues that may read differently now that something was heard of this order.

    Those about it, and its customer's. If it `is_new`, also the latest about no order yet: it may
    be the one that they mean.
    """
    written = {order.number, order_key(order.number), f"#{order_key(order.number)}"}
    about = db.execute(
        "SELECT id FROM issue WHERE order_number IN (SELECT value FROM json_each(?))"
        " AND order_number <> '' AND state IN ('new', 'acknowledged', 'waiting')",
        (codec.to_json(sorted(map(codec.text, written - {""}))),),
    ).fetchall()
    theirs = db.execute(
        "SELECT id FROM issue WHERE customer_key = ? AND ? <> ''"
        " AND state IN ('new', 'acknowledged', 'waiting')",
        (codec.text(order.customer_key), codec.text(order.customer_key)),
    ).fetchall()
    loose = _without_order(db) if is_new else ()
    return frozenset((*(id_ for (id_,) in (*about, *theirs)), *loose))


def _without_order(db: Connection) -> tuple[int, ...]:
    rows = db.execute(
        "SELECT id FROM issue WHERE state IN ('new', 'acknowledged', 'waiting')"
        " AND kind <> 'not_an_issue' AND order_number = '' ORDER BY last_at DESC LIMIT 100"
    )
    return tuple(id_ for (id_,) in rows)


def _by_prefix(db: Connection, wanted: str) -> int:
    unknown = NotFound(
        tr("No issue has this key"),
        wanted or tr("The key is empty"),
        tr("See the keys with: inbox --json"),
    )
    if not wanted.startswith(_KEY_PREFIX):
        raise unknown
    if len(wanted) - len(_KEY_PREFIX) < _SHORTEST_PREFIX:
        raise Refused(
            tr("This key is too short"),
            tr("{wanted} could become ambiguous", wanted=wanted),
            tr(
                "Give at least {shortest_prefix} characters after {key_prefix}",
                shortest_prefix=_SHORTEST_PREFIX,
                key_prefix=_KEY_PREFIX,
            ),
        )
    rows = db.execute(
        "SELECT DISTINCT issue_id FROM atom WHERE key >= ? AND key < ? LIMIT 2",
        (wanted, wanted + "{"),  # { follows z, and keys have no more than a-z, 0-9 and _
    ).fetchall()
    if not rows:
        raise unknown
    if len(rows) > 1:
        raise Refused(
            tr("Several issues begin with this key"),
            wanted,
            tr("Give more of the key, or all of it"),
        )
    return int(rows[0][0])


def _own(db: Connection, issue_id: int, atom: str) -> None:
    taken = db.execute(
        "INSERT INTO atom (atom, key, issue_id) VALUES (?, ?, ?)"
        " ON CONFLICT (atom) DO UPDATE SET issue_id = excluded.issue_id, alias = 0"
        " WHERE alias OR issue_id = excluded.issue_id",
        (atom, issue_key([atom]), issue_id),
    )
    if taken.rowcount == 0:
        raise ValueError(f"the atom {atom} belongs to another issue")


def _atoms(db: Connection, issue_id: int) -> tuple[str, ...]:
    rows = db.execute(
        "SELECT atom FROM atom WHERE issue_id = ? AND NOT alias ORDER BY atom", (issue_id,)
    )
    return tuple(atom for (atom,) in rows)


def _write(db: Connection, issue_id: int, columns: dict[str, Any]) -> None:
    if not columns:
        return
    assignments = ", ".join(f"{name} = ?" for name in columns)
    db.execute(
        f"UPDATE issue SET {assignments} WHERE id = ?",  # noqa: S608 - names of ours, no values
        (*columns.values(), issue_id),
    )


def _micros(at: datetime | Unset | None) -> int | Unset | None:
    return codec.micros(at) if isinstance(at, datetime) else at


def _text(value: str | Unset) -> str | Unset:
    return codec.text(value) if isinstance(value, str) else value


def _customer(customer: Address) -> dict[str, str]:
    return {
        "customer_key": codec.text(customer.key),
        "customer_email": codec.text(customer.email),
        "customer_name": codec.text(customer.name),
    }


def _total(total: Money | None) -> dict[str, int | str | None]:
    return {
        "order_minor": total.minor if total else None,
        "order_currency": total.currency if total else None,
    }


def _issue(row: tuple[Any, ...]) -> Issue:
    return Issue(
        id=row[0],
        key=row[1],
        subject=row[2],
        customer=Address(email=row[3], name=row[4]),
        judgement=judgements.read(row[17:]),
        decisions=codec.from_json(row[5], Decisions),
        state=State(row[6]),
        first_at=codec.moment(row[7]),
        last_at=codec.moment(row[8]),
        snoozed_until=codec.maybe_moment(row[9]),
        account_id=row[10],
        order_number=row[11],
        order_total=codec.money(row[12], row[13]),
        deadline_at=codec.maybe_moment(row[14]),
        history=bool(row[15]),
        order_link=codec.from_json(row[16], OrderLink) if row[16] else None,
    )


_SELECT = """
SELECT id, key, subject, customer_email, customer_name, decisions, state, first_at, last_at,
    snoozed_until, account_id, order_number, order_minor, order_currency, deadline_at,
    history, order_link,
    kind, second_kind, severity, priority, score, unsure, suspicious,
    automatic, confidence, language, reasons, suspicious_because
FROM issue
"""

COLUMNS = """key, account_id, state, first_at, last_at, history, unseen,
    customer_key, customer_email, customer_name, subject, decisions, message_count, preview,
    kind, second_kind, severity, priority, score, unsure, suspicious,
    automatic, confidence, language, reasons, suspicious_because"""

_INSERT = f"""
INSERT INTO issue ({COLUMNS})
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""  # noqa: S608 - names of ours, no values
