"""Lessons: what was learnt from the owner's corrections, and each judged mail as the learner
keeps it, so that a correction can be learnt, and others judged again, without reading mails anew.

All of it can be made again from the journal and the stored mails; `weights` names the shipped
weights by which it was made, and what other weights made is not used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.journal import Entry, EntryType
from app.domain.lessons import TEACHING, Heard, Word, forgotten_in, words_of
from app.storage import codec, journal, messages
from app.storage.connection import Connection

LESSONS: tuple[str, ...] = (
    """
CREATE TABLE heard (
    message_id INTEGER PRIMARY KEY REFERENCES message(id),
    weights TEXT NOT NULL,
    mail BLOB NOT NULL
) STRICT
""",
    """
CREATE TABLE learnt (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    weights TEXT NOT NULL,
    adjustment BLOB,
    record TEXT NOT NULL
) STRICT
""",
    """
CREATE INDEX journal_lessons ON journal(type)
WHERE type IN ('override', 'verdict', 'forget', 'undo')
""",
    """
CREATE INDEX journal_customer ON journal(json_extract(data, '$.customer'))
WHERE type IN ('split', 'merge')
""",
    """
CREATE INDEX journal_together ON journal(json_extract(data, '$.with'))
WHERE type IN ('split', 'merge')
""",
    """
CREATE TABLE order_tie (
    clue TEXT NOT NULL,
    issue_id INTEGER NOT NULL REFERENCES issue(id) ON DELETE CASCADE,
    number TEXT NOT NULL,
    PRIMARY KEY (clue, issue_id)
) STRICT, WITHOUT ROWID
""",
    "CREATE INDEX order_tie_issue ON order_tie(issue_id)",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """How it went when something was learnt last.

    `entries` are the journal entries that stood then. `taught` are the lessons that the adjustment
    in use was made of, each by the last entry about its mail; some are missing where the last
    attempt was worse and taken back (`accepted` is false).
    """

    at: datetime
    entries: tuple[str, ...]
    taught: tuple[str, ...]
    accepted: bool = True
    because: str = ""
    held_back: int = 0
    right_before: int = 0
    right_after: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """The adjustment in use, as bytes of the learner's, and how it came about."""

    weights: str
    adjustment: bytes | None
    record: Record


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardMail:
    """A judged mail as the learner keeps it; `is_open`: its issue is not put away."""

    id: int
    is_open: bool
    mail: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One correction with what it was about, for a list that people read."""

    entry: Entry
    issue_key: str
    subject: str
    mail: str


def told(db: Connection) -> tuple[Told, ...]:
    """Every correction that stands and was not forgotten, oldest first."""
    every = rows(db)
    standing = {name for word in words(db, said=every) for name in word.entries}
    return tuple(one for one in every if one.entry.id in standing)


def words(db: Connection, *, said: Sequence[Told] | None = None) -> tuple[Word, ...]:
    """What people said of single mails, as it stands; `said` are the `rows`, where they are read
    already."""
    known = rows(db) if said is None else said
    forgotten = forgotten_in(one.entry for one in known)
    return words_of((one.entry, one.mail) for one in known if one.entry.id not in forgotten)


def keep(db: Connection, message_id: int, heard: Heard) -> None:
    """Keep a judged mail as the learner needs it (1 kB); one that is kept already is replaced."""
    row = (message_id, heard.weights, heard.mail)
    db.execute("INSERT OR REPLACE INTO heard VALUES (?, ?, ?)", row)


def heard_of(db: Connection, message_ids: Iterable[int], *, weights: str) -> dict[int, bytes]:
    """Those of these mails that are kept and were made by these weights."""
    rows = db.execute(
        "SELECT h.message_id, h.mail FROM json_each(?) j JOIN heard h ON h.message_id = j.value"
        " WHERE h.weights = ?",
        (codec.to_json(list(message_ids)), weights),
    )
    return dict(rows.fetchall())


def latest(db: Connection, *, weights: str, limit: int) -> tuple[HeardMail, ...]:
    """The newest kept mails of these weights, newest first."""
    rows = db.execute(_LATEST, (weights, limit))
    return tuple(HeardMail(id=id_, is_open=bool(is_open), mail=mail) for id_, is_open, mail in rows)


def not_heard(db: Connection, *, weights: str, limit: int) -> tuple[int, ...]:
    """Judged mails of open issues that these weights never saw, newest first."""
    rows = db.execute(_NOT_HEARD, (weights, limit))
    return tuple(id_ for (id_,) in rows)


def naming(db: Connection, entries: Iterable[str]) -> tuple[int, ...]:
    """The mails of open issues whose judgement names one of these corrections as its teacher."""
    rows = db.execute(_NAMING, (codec.to_json(sorted(entries)),))
    return tuple(id_ for (id_,) in rows)


def rows_of(db: Connection, mails: Iterable[str]) -> dict[str, int]:
    """The rows of incoming mails by their Message-IDs; of doubles the oldest. Not of mails that
    pretend to be somebody else: whatever is said of those says nothing of the true ones."""
    rows = db.execute(
        "SELECT m.message_id, m.id FROM json_each(?) j JOIN message m ON m.message_id = j.value"
        " WHERE m.direction = 'in' AND NOT ifnull(m.assessment ->> '$.suspicion.is_suspicious', 0)"
        " ORDER BY m.id DESC",
        (codec.to_json([codec.text(one) for one in mails]),),
    )
    return dict(rows.fetchall())


def learnt(db: Connection) -> Learnt | None:
    """What is in use; None where nothing was ever learnt."""
    row = db.execute("SELECT weights, adjustment, record FROM learnt").fetchone()
    if row is None:
        return None
    weights, adjustment, record = row
    return Learnt(weights=weights, adjustment=adjustment, record=codec.from_json(record, Record))


def set_learnt(db: Connection, now: Learnt, *, mails: Mapping[int, bytes]) -> None:
    """Use this from now on; `mails` are the taught mails that were not kept yet."""
    for message_id in messages.still_there(db, mails):
        keep(db, message_id, Heard(weights=now.weights, mail=mails[message_id]))
    db.execute(
        "INSERT OR REPLACE INTO learnt VALUES (1, ?, ?, ?)",
        (now.weights, now.adjustment, codec.to_json(now.record)),
    )


def unlearn(db: Connection) -> None:
    """Throw away all that was derived, so that it is made again from the journal and the mails."""
    db.execute("DELETE FROM learnt")
    db.execute("DELETE FROM heard")


def rows(db: Connection) -> tuple[Told, ...]:
    """Every correction, and what took one back or forgot one, in the order of the journal."""
    return _told(db.execute(_TOLD.format("true")))


def beside(db: Connection, entries: Iterable[str]) -> tuple[Told, ...]:
    """Of the `rows` those of the issues of these entries, and of the issues in which the mails that
    they name lie now: there stands whatever was said of the same mails."""
    named = codec.to_json(sorted(entries))
    return _told(db.execute(_TOLD.format(_BESIDE), (named, named)))


def _told(found: Iterable[tuple[Any, ...]]) -> tuple[Told, ...]:
    return tuple(
        Told(entry=journal.entry_of(row[:8]), issue_key=row[8], subject=row[9], mail=row[10] or "")
        for row in found
    )


_TYPES = ", ".join(f"'{one.value}'" for one in (*TEACHING, EntryType.FORGET, EntryType.UNDO))
# Entries from before they named their mail are about the first that came in.
_TOLD = f"""
SELECT j.id, j.device, j.counter, j.at, j.type, j.atoms, j.base, j.data, i.key, i.subject,
    coalesce(json_extract(j.data, '$.mail'), (SELECT m.message_id FROM message m
        WHERE m.issue_id = j.issue_id AND m.direction = 'in' ORDER BY m.id LIMIT 1))
FROM journal j JOIN issue i ON i.id = j.issue_id
WHERE j.type IN ({_TYPES}) AND {{}} ORDER BY j.at, j.counter
"""  # noqa: S608 - words of ours
_BESIDE = """
j.issue_id IN (
    SELECT issue_id FROM journal WHERE id IN (SELECT value FROM json_each(?))
    UNION SELECT m.issue_id FROM journal e JOIN message m ON m.message_id = e.data ->> '$.mail'
    WHERE e.id IN (SELECT value FROM json_each(?)))
"""

_LATEST = """
SELECT h.message_id, i.state IN ('new', 'acknowledged', 'waiting'), h.mail
FROM heard h JOIN message m ON m.id = h.message_id JOIN issue i ON i.id = m.issue_id
WHERE h.weights = ? ORDER BY h.message_id DESC LIMIT ?
"""

_NOT_HEARD = """
SELECT m.id FROM issue i JOIN message m ON m.issue_id = i.id
WHERE i.state IN ('new', 'acknowledged', 'waiting') AND NOT i.history
    AND m.direction = 'in' AND m.assessment IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM heard h WHERE h.message_id = m.id AND h.weights = ?)
    AND EXISTS (SELECT 1 FROM raw r WHERE r.id = m.id)
ORDER BY m.id DESC LIMIT ?
"""

_NAMING = """
SELECT DISTINCT m.id FROM json_each(?) j, issue i JOIN message m ON m.issue_id = i.id
WHERE i.state IN ('new', 'acknowledged', 'waiting') AND NOT i.history
    AND m.direction = 'in' AND instr(m.assessment, j.value)
"""
