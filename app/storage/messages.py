"""Messages: everything that was said, its bytes, and the words by which it is found.

The id of a message carries the second of its arrival in its upper bits: ids grow with time in
whatever order a mailbox was read, so the newest of a conversation or of a search come by walking
ids down, without sorting.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from app.domain.assessment import Assessment
from app.domain.correspondent import customer_of
from app.domain.errors import NotFound
from app.domain.message import Address, Attachment, Direction, Message
from app.domain.translation import tr
from app.storage import codec, crossing
from app.storage.connection import Connection
from app.storage.packed import pack, unpack

# 20 bits for the mails of one second: a copied folder may hold a million with one time stamp, and
# the whole id still fits the 53 bits that every JSON reader keeps exact.
_SEQUENCE_BITS = 20
_PAGES = 32  # of the index of words, merged in one transaction: a few milliseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMessage:
    """A message as it is stored; the fields are those of `Message` and `Assessment`.

    `counts_at` is its place among what we said and decided: when it arrived, but for the mails that
    crossed something of it (`storage.crossing`).
    """

    id: int
    issue_id: int
    account_id: int | None
    message_id: str
    direction: Direction
    from_: Address | None
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    sent_at: datetime | None
    received_at: datetime
    counts_at: datetime
    text: str
    new_text: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    attachments: tuple[Attachment, ...]
    warnings: tuple[str, ...]
    has_html: bool
    synthetic_id: bool
    complete: bool
    joined_because: str
    assessment: Assessment | None
    rescued: str = ""

    @property
    def customer(self) -> Address:
        """Who is answered, as `Message.customer` has it."""
        return customer_of(self.from_, self.reply_to, to=self.to)

    @property
    def is_report(self) -> bool:
        """Whether a mail server wrote it about a mail of ours: nobody's words, never answered."""
        return self.assessment is not None and self.assessment.gate.report


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """How many mails an issue has, when the newest came, and how the last of theirs begins."""

    count: int
    last_at: datetime
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Details:
    """The part of a message that no query asks for."""

    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    warnings: tuple[str, ...] = field(default=())
    has_html: bool = False
    synthetic_id: bool = False
    rescued: str = ""


def add(
    db: Connection,
    *,
    message: Message,
    direction: Direction,
    account_id: int | None,
    issue_id: int,
    received_at: datetime,
    assessment: Assessment | None,
    joined_because: str = "",
    raw: bytes | None,
    complete: bool = True,
    packed: bytes | None = None,
    rescued: str = "",
) -> int:
    """Store a message and its bytes, and answer its id; `index` makes it searchable.

    `packed` are the bytes as `pack` makes them, for callers who pressed them on another thread.
    `rescued` says why it was brought in from Junk.
    """
    first = first_id(received_at)
    row = row_of(
        message,
        direction=direction,
        account_id=account_id,
        issue_id=issue_id,
        received_at=received_at,
        assessment=assessment,
        joined_because=joined_because,
        complete=complete,
        rescued=rescued,
    )
    stored = db.execute(_INSERT, (first, _last_id(first), first, *row))
    message_id = stored.lastrowid
    assert message_id is not None
    db.execute("INSERT INTO unindexed VALUES (?)", (message_id,))
    if packed is None and raw is not None:
        packed = pack(raw)
    if packed is not None:
        db.execute("INSERT INTO raw VALUES (?, ?)", (message_id, packed))
    if direction is Direction.IN:
        crossing.note_arrival(db, message_id)
    return message_id


def row_of(
    message: Message,
    *,
    direction: Direction,
    account_id: int | None,
    issue_id: int,
    received_at: datetime,
    assessment: Assessment | None,
    joined_because: str,
    complete: bool,
    rescued: str = "",
) -> tuple[Any, ...]:
    """A message as it stands in the table, by `COLUMNS`, without its id."""
    sender = message.from_
    subject, text = codec.text(message.subject), codec.text(message.text)
    return (
        issue_id,
        account_id,
        direction.value,
        codec.text(message.message_id),
        codec.text(sender.key) if sender else "",
        codec.text(sender.email) if sender else None,
        codec.text(sender.name) if sender else None,
        codec.micros(received_at),
        codec.maybe_micros(message.sent_at),
        message.raw_sha256,
        message.raw_size,
        complete,
        joined_because,
        subject,
        codec.to_json(_details(message, rescued)),
        None if assessment is None else codec.to_json(assessment),
        None if message.new_text == message.text else codec.text(message.new_text),
        text,
    )


def free_ids(db: Connection, arrivals: Sequence[datetime]) -> list[int]:
    """The ids that messages of these arrivals get, one after the other."""
    firsts = [first_id(at) for at in arrivals]
    rows = db.execute(
        "SELECT j.value, (SELECT max(id) + 1 FROM message WHERE id BETWEEN j.value AND j.value + ?)"
        " FROM json_each(?) j",
        (_last_id(0), codec.to_json(sorted(set(firsts)))),
    )
    free = {first: taken or first for first, taken in rows}
    found = []
    for first in firsts:
        found.append(free[first])
        free[first] += 1
    return found


def complete(db: Connection, id: int, message: Message, *, packed: bytes) -> None:  # noqa: A002
    """Put the whole mail in the place of one of which parts were missing; it stays the same mail.

    Raises:
        NotFound: there is no such mail.
    """
    known = get(db, id)
    whole = replace(message, message_id=known.message_id, synthetic_id=known.synthetic_id)
    new_text = None if whole.new_text == whole.text else codec.text(whole.new_text)
    # What is found by its words has to be taken out as it was put in (FTS5, 4.4.3).
    db.execute(
        "INSERT INTO words (words, rowid, subject, sender, body)"
        " SELECT 'delete', id, subject, sender, body FROM message_words WHERE id = ?",
        (id,),
    )
    db.execute(
        "UPDATE message SET raw_sha256 = ?, raw_size = ?, complete = 1, details = ?, new_text = ?,"
        " text = ? WHERE id = ?",
        (
            whole.raw_sha256,
            whole.raw_size,
            codec.to_json(_details(whole, known.rescued)),
            new_text,
            codec.text(whole.text),
            id,
        ),
    )
    db.execute("INSERT INTO unindexed VALUES (?)", (id,))
    db.execute("INSERT OR REPLACE INTO raw VALUES (?, ?)", (id, packed))


def index(db: Connection) -> None:
    """Make all that was added searchable; the last thing in a transaction (writer.py does it).

    FTS5 collects the words of a transaction and writes them out whenever another statement needs a
    savepoint or an id is lower than the one before: one by one, a mail would cost four times as
    much. So they are taken together, at the end, in the order of their ids.
    """
    if db.execute("SELECT 1 FROM unindexed LIMIT 1").fetchone() is None:
        return
    db.execute(
        "INSERT INTO words (rowid, subject, sender, body)"
        " SELECT id, subject, sender, body FROM unindexed JOIN message_words USING (id) ORDER BY id"
    )
    db.execute("DELETE FROM unindexed")


def merge_words(db: Connection) -> bool:
    """Make the index of words a little quicker to search; whether there was anything to do."""
    before = db.total_changes
    db.execute("INSERT INTO words (words, rank) VALUES ('merge', ?)", (_PAGES,))
    return db.total_changes - before > 1  # 4.4.5: one change is the question itself


def find(
    db: Connection, *, message_id: str, raw_sha256: str, from_key: str, sent_at: datetime | None
) -> int | None:
    """The id of this very mail, if it is stored already.

    The same Message-ID of the same sender and the same date is the same mail, wherever it was found
    and whatever the way added to it; one of another sender or date is not, unless its bytes are the
    same. A mail without a Message-ID has one made of its bytes, so the same rule holds.
    """
    row = db.execute(
        "SELECT id FROM message"
        " WHERE message_id = ? AND (from_key = ? AND sent_at IS ? OR raw_sha256 = ?)",
        (codec.text(message_id), codec.text(from_key), codec.maybe_micros(sent_at), raw_sha256),
    ).fetchone()
    return row[0] if row else None


def has_namesake(db: Connection, *, message_id: str, sent_at: datetime | None) -> bool:
    """Whether mails of other dates alone bear this Message-ID: some forms give it to all theirs."""
    (dates,) = db.execute(
        "SELECT json_group_array(sent_at) FROM message WHERE message_id = ?",
        (codec.text(message_id),),
    ).fetchone()
    known = codec.from_json(dates, tuple[int | None, ...])
    return bool(known) and codec.maybe_micros(sent_at) not in known


def named(db: Connection, message_ids: Iterable[str]) -> frozenset[str]:
    """Those of these Message-IDs under which anything is stored."""
    rows = db.execute(
        "SELECT m.message_id FROM json_each(?) j JOIN message m ON m.message_id = j.value",
        (codec.to_json(list(map(codec.text, message_ids))),),
    )
    return frozenset(name for (name,) in rows)


def of_size(
    db: Connection, *, message_id: str, from_key: str, sent_at: datetime | None, size: int
) -> int | None:
    """The id of the mail with this Message-ID, sender, date and number of bytes, if it is whole."""
    row = db.execute(
        "SELECT id FROM message"
        " WHERE message_id = ? AND from_key = ? AND sent_at IS ? AND raw_size = ? AND complete",
        (codec.text(message_id), codec.text(from_key), codec.maybe_micros(sent_at), size),
    ).fetchone()
    return row[0] if row else None


def written_as(db: Connection, issue_id: int, email_key: str) -> tuple[str, ...]:
    """The names under which this address wrote in an issue."""
    rows = db.execute(
        "SELECT DISTINCT from_name FROM message"
        " WHERE issue_id = ? AND direction = 'in' AND from_key = ? AND from_name <> ''",
        (issue_id, codec.text(email_key)),
    )
    return tuple(name for (name,) in rows)


def issues_of(db: Connection, message_ids: Sequence[str]) -> dict[str, int]:
    """The issue of each of these Message-IDs that is filed; of doubles, the older mail's.

    A mail that still awaits its judgement has no issue yet, only a place.
    """
    if not message_ids:
        return {}
    rows = db.execute(
        "SELECT m.message_id, m.issue_id FROM json_each(?) j"
        " JOIN message m ON m.message_id = j.value"
        " WHERE m.id NOT IN (SELECT message_id FROM awaiting) ORDER BY m.id DESC",
        (codec.to_json(list(message_ids)),),
    )
    return dict(rows.fetchall())


def sent_by_us(db: Connection, message_ids: Sequence[str]) -> StoredMessage | None:
    """The mail of ours with the first of these Message-IDs that we sent, or None."""
    for message_id in message_ids:
        row = db.execute(
            _SELECT + " WHERE message_id = ? AND direction = 'out' ORDER BY id LIMIT 1",
            (codec.text(message_id),),
        ).fetchone()
        if row is not None:
            return _stored(row)
    return None


def raw(db: Connection, id: int) -> bytes:  # noqa: A002 - the row's id, as everywhere in this room
    """The bytes of a mail as they came.

    Raises:
        NotFound: there is no such mail, or its bytes are not kept.
    """
    row = db.execute("SELECT zlib FROM raw WHERE id = ?", (id,)).fetchone()
    if row is None:
        raise NotFound(
            tr("The original of this message is not kept"), tr("Only its text is stored")
        )
    return unpack(row[0])


def ids(db: Connection) -> list[int]:
    """The ids of all messages, oldest first."""
    return [id_ for (id_,) in db.execute("SELECT id FROM message ORDER BY id")]


def with_bytes(db: Connection) -> list[int]:
    """The ids of all messages whose bytes are kept, oldest first."""
    return [id_ for (id_,) in db.execute("SELECT id FROM raw ORDER BY id")]


def first_id(at: datetime) -> int:
    """The lowest id of a message that arrived at this second or later."""
    return max(0, codec.micros(at) // 1_000_000) << _SEQUENCE_BITS


def _last_id(first: int) -> int:
    """The highest id of the second whose lowest is this."""
    return first + (1 << _SEQUENCE_BITS) - 1


def arrival_second(id: int) -> int:  # noqa: A002
    """When the message with this id arrived, in whole seconds since 1970."""
    return id >> _SEQUENCE_BITS


def get(db: Connection, id: int) -> StoredMessage:  # noqa: A002
    """One message.

    Raises:
        NotFound: there is none with this id.
    """
    row = db.execute(_SELECT + " WHERE id = ?", (id,)).fetchone()
    if row is None:
        raise NotFound(tr("This message does not exist"), tr("Nothing is stored under {id}", id=id))
    return _stored(row)


def of_issue(db: Connection, issue_id: int) -> tuple[StoredMessage, ...]:
    """The conversation of an issue, oldest first."""
    rows = db.execute(_SELECT + " WHERE issue_id = ? ORDER BY id", (issue_id,))
    return tuple(_stored(row) for row in rows)


def shelf(db: Connection, issue_id: int) -> Shelf:
    """What a list shows of an issue of old mail, without reading all of it.

    Raises:
        NotFound: nothing lies under it.
    """
    row = db.execute(_SHELF, (issue_id,)).fetchone()
    if row is None:
        raise NotFound(tr("This issue does not exist any more"), "", tr("Refresh the list"))
    return Shelf(count=row[0], last_at=codec.moment(row[1]), words=row[2])


def assessment(db: Connection, id: int) -> Assessment | None:  # noqa: A002
    """What the machine made of a message, or None where it was not asked."""
    row = db.execute("SELECT assessment FROM message WHERE id = ?", (id,)).fetchone()
    return _assessment(row[0]) if row else None


def still_there(db: Connection, ids: Iterable[int]) -> frozenset[int]:
    """Those of these that exist: their customer may have been forgotten meanwhile."""
    there = "SELECT id FROM message WHERE id IN (SELECT value FROM json_each(?))"
    return frozenset(id_ for (id_,) in db.execute(there, (codec.to_json(list(ids)),)))


def judged_of(db: Connection, issue_ids: Sequence[int]) -> list[int]:
    """The messages of these issues of which the machine made something."""
    rows = db.execute(
        "SELECT id FROM message WHERE assessment IS NOT NULL"
        " AND issue_id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (codec.to_json(list(issue_ids)),),
    )
    return [id_ for (id_,) in rows]


def set_assessment(db: Connection, id: int, assessment: Assessment) -> None:  # noqa: A002
    """Replace what the machine makes of a message."""
    db.execute("UPDATE message SET assessment = ? WHERE id = ?", (codec.to_json(assessment), id))


def unassessed(db: Connection, *, limit: int) -> list[int]:
    """Old incoming mails that nothing was made of yet, newest first; without bytes are none."""
    rows = db.execute(
        "SELECT id FROM message WHERE assessment IS NULL AND direction = 'in'"
        # asked mail by mail: a list of what has bytes would be a walk through all of them
        " AND EXISTS (SELECT 1 FROM raw WHERE raw.id = message.id)"
        " AND NOT EXISTS (SELECT 1 FROM awaiting WHERE message_id = message.id)"
        " ORDER BY id DESC LIMIT ?",
        (limit,),
    )
    return [id_ for (id_,) in rows]


def judged_since(db: Connection, since: datetime, *, limit: int) -> tuple[StoredMessage, ...]:
    """The newest `limit` judged incoming messages that arrived since then, oldest first."""
    rows = db.execute(
        _SELECT + " WHERE id >= ? AND direction = 'in' AND assessment IS NOT NULL"
        " ORDER BY id DESC LIMIT ?",
        (first_id(since), limit),
    ).fetchall()
    return tuple(_stored(row) for row in reversed(rows))


def oldest(db: Connection) -> datetime | None:
    """When the first of the mails arrived, to the second; None where there is none."""
    (first,) = db.execute("SELECT min(id) FROM message").fetchone()
    return None if first is None else codec.moment(arrival_second(first) * 1_000_000)


def count(db: Connection) -> int:
    """How many messages are stored."""
    (number,) = db.execute("SELECT count(*) FROM message").fetchone()
    return int(number)


def move(db: Connection, message_ids: Iterable[int], issue_id: int, *, because: str = "") -> None:
    """Put these messages (row ids) under another issue; `because` replaces why they lie there."""
    db.executemany(
        "UPDATE message SET issue_id = ?, joined_because = iif(? = '', joined_because, ?)"
        " WHERE id = ?",
        [(issue_id, because, because, id_) for id_ in message_ids],
    )


def _details(message: Message, rescued: str) -> _Details:
    return _Details(
        reply_to=message.reply_to,
        to=message.to,
        cc=message.cc,
        in_reply_to=message.in_reply_to,
        references=message.references,
        attachments=message.attachments,
        warnings=message.warnings,
        has_html=bool(message.html),
        synthetic_id=message.synthetic_id,
        rescued=rescued,
    )


def _assessment(written: str | None) -> Assessment | None:
    return None if written is None else codec.from_json(written, Assessment)


def _stored(row: tuple[Any, ...]) -> StoredMessage:
    details = codec.from_json(row[12], _Details)
    return StoredMessage(
        id=row[0],
        issue_id=row[1],
        account_id=row[2],
        direction=Direction(row[3]),
        message_id=row[4],
        from_=codec.address(row[5], row[6]),
        reply_to=details.reply_to,
        to=details.to,
        cc=details.cc,
        received_at=codec.moment(row[7]),
        sent_at=codec.maybe_moment(row[8]),
        complete=bool(row[9]),
        joined_because=row[10],
        subject=row[11],
        in_reply_to=details.in_reply_to,
        references=details.references,
        attachments=details.attachments,
        warnings=details.warnings,
        has_html=details.has_html,
        synthetic_id=details.synthetic_id,
        rescued=details.rescued,
        assessment=_assessment(row[13]),
        new_text=row[15] if row[14] is None else row[14],
        text=row[15],
        counts_at=codec.moment(row[7] if row[16] is None else row[16]),
    )


COLUMNS = """issue_id, account_id, direction, message_id, from_key, from_email, from_name,
    received_at, sent_at, raw_sha256, raw_size, complete, joined_because, subject, details,
    assessment, new_text, text"""

# The next free id of the second in which the message arrived (before 1970: of the first).
_INSERT = f"""
INSERT INTO message (id, {COLUMNS})
VALUES (ifnull((SELECT max(id) + 1 FROM message WHERE id BETWEEN ? AND ?), ?),
    ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""  # noqa: S608 - names of ours, no values

_SELECT = """
SELECT id, issue_id, account_id, direction, message_id, from_email, from_name, received_at,
    sent_at, complete, joined_because, subject, details, assessment, new_text, text,
    (SELECT counts_at FROM crossed WHERE message_id = message.id)
FROM message
"""

# A server's report about a mail of ours is nobody's words.
_SHELF = """
SELECT count(*) OVER (), max(received_at) OVER (),
    substr(coalesce(nullif(new_text, ''), text), 1, 400)
FROM message WHERE issue_id = ?
ORDER BY direction = 'in' AND NOT ifnull(assessment ->> '$.gate.report', 0) DESC, id DESC LIMIT 1
"""
