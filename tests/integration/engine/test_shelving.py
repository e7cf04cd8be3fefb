"""A large delivery comes to the same books whether it is stored together or mail by mail."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.mailbox import Batch, FetchedMail, FolderSnapshot
from app.engine import later, shelving
from app.engine.reader import read
from app.storage import forgotten
from app.storage.connection import Connection
from tests.support.engine import NOON, SHOP, Engine, a_letter, an_engine

_MANY = 180
_LONG_AGO = NOON - timedelta(days=900)

_BOOKS = """
SELECT m.message_id, m.direction, m.from_key, m.received_at, m.joined_because, m.subject,
    m.new_text, m.text, m.assessment, m.details, i.key, i.subject, i.customer_key, i.state,
    i.first_at, i.last_at, i.history, i.unseen, i.message_count, i.preview, i.bucket, i.score,
    r.zlib, l.uid
FROM message m JOIN issue i ON i.id = m.issue_id JOIN raw r ON r.id = m.id
    LEFT JOIN location l ON l.message_id = m.id
ORDER BY m.message_id, m.raw_sha256
"""


# The ids of entries are random; what was joined and what it had is not.
_JOURNAL = """
SELECT type, data ->> 'from', data ->> 'subject', data ->> '$.had.messages',
    data ->> '$.had.atoms', data ->> '$.had.aliases' FROM journal
"""


@pytest.mark.parametrize("seed", range(6))
def test_together_or_one_by_one_the_books_are_the_same(tmp_path: Path, seed: int) -> None:
    mails = _a_mailbox(random.Random(seed))
    with an_engine(tmp_path / "together") as one, an_engine(tmp_path / "alone") as other:
        for start in range(0, len(mails), _MANY // 2):  # newest first, as a mailbox is read
            _ingest(one, mails[start : start + _MANY // 2])
            for mail in sorted(mails[start : start + _MANY // 2], key=lambda m: m.received_at):
                _ingest(other, [mail])
        assert _rows(one, _BOOKS) == _rows(other, _BOOKS)
        for table in (_JOURNAL, "SELECT atom, key, alias FROM atom"):
            assert sorted(_rows(one, table)) == sorted(_rows(other, table))
        assert _rows(one, "SELECT * FROM tally") == _rows(other, "SELECT * FROM tally")
        assert _rows(one, "SELECT * FROM holding") == _rows(other, "SELECT * FROM holding")
        found = one.queries.search("unusual", now=NOON)
        assert len(found) == len(other.queries.search("unusual", now=NOON)) > 0


def test_most_of_an_old_mailbox_is_stored_together(tmp_path: Path) -> None:
    mails = [_letter(number, at=_LONG_AGO) for number in range(_MANY)]
    with an_engine(tmp_path) as engine:
        readings = [read(one, now=NOON) for one in mails]
        shelved = engine.writer.do(
            lambda db: shelving.shelve(
                db,
                readings,
                account_id=engine.account.id,
                own=frozenset({SHOP}),
                cutoff=NOON - timedelta(days=90),
                later=False,
            )
        )
        assert len(shelved.stored) == len(shelved.keys) == _MANY
        assert shelved.rest == ()


def test_a_mail_that_its_owner_deleted_is_not_stored_with_the_others(tmp_path: Path) -> None:
    mails = [_letter(number, at=_LONG_AGO) for number in range(later.AT_ONCE + 5)]
    sent_at = read(mails[7], now=NOON).message.sent_at
    mark = forgotten.mail_mark("7@customer.example", "ben7@customer.example", sent_at)
    with an_engine(tmp_path) as engine:
        engine.writer.do(lambda db: forgotten.remember(db, (mark,), now=NOON))
        _ingest(engine, mails)
        (stored,) = _rows(engine, "SELECT count(*) FROM message")
        assert stored == (len(mails) - 1,)
        assert _rows(engine, "SELECT reason FROM location WHERE reason IS NOT NULL") == [
            (forgotten.REASON,)
        ]


def test_a_recent_mail_waits_alone_though_an_old_conversation_has_its_name(tmp_path: Path) -> None:
    old = [_letter(number, at=_LONG_AGO) for number in range(5)]
    recent = [_letter(number, at=NOON, answers=number - 60) for number in range(60, 120)]
    with an_engine(tmp_path) as engine:
        _ingest(engine, [*recent, *old])
        assert _rows(engine, "SELECT count(*) FROM awaiting") == [(60,)]
        while engine.historian.step_recent():
            pass
        joined = (
            "SELECT count(*) FROM message WHERE joined_because = 'answers a mail of this issue'"
        )
        assert _rows(engine, joined) == [(5,)]


def _a_mailbox(chance: random.Random) -> list[FetchedMail]:
    """Old mails in the order of a first sync: threads, answers of ours, doubles and reports."""
    mails = list[FetchedMail]()
    for number in range(_MANY):
        at = _LONG_AGO + timedelta(hours=number, seconds=chance.randrange(3))
        answers = chance.choice([None, None, None, number - 1, number - 2, number + 40])
        named = chance.choice([None, None, None, number - 3])
        one = _letter(
            number,
            at=at,
            answers=answers,
            named=named,
            sender=SHOP if chance.random() < 0.1 else "",
            as_number=number - 2 if chance.random() < 0.05 else number,
        )
        mails.append(one if chance.random() > 0.05 else _report(number, at))
    return mails[::-1]


def _letter(
    number: int,
    *,
    at: datetime,
    answers: int | None = None,
    named: int | None = None,
    sender: str = "",
    as_number: int | None = None,
) -> FetchedMail:
    def name(one: int) -> str:
        return f"<{one}@customer.example>"

    raw = a_letter(
        f"Mug number {number} is broken.\nAn unusual word." + ("\n\n> We say" * (number % 3)),
        subject=f"Mug {number}",
        sender=sender or f"Ben {number} <ben{number}@customer.example>",
        message_id=name(number if as_number is None else as_number),
        answers="" if answers is None else name(answers),
        references="" if named is None else f"{name(named)} {name(answers or 0)}",
    )
    return _fetched(number, raw, at)


def _report(number: int, at: datetime) -> FetchedMail:
    raw = a_letter(
        "The mail could not be delivered: 550 5.1.1 unknown user",
        subject="Undelivered",
        sender="Mail Delivery <mailer-daemon@mail.example>",
        message_id=f"<report{number}@mail.example>",
    )
    return _fetched(number, raw, at)


def _fetched(number: int, raw: bytes, at: datetime) -> FetchedMail:
    return FetchedMail(uid=number + 1, raw=raw, received_at=at, size=len(raw))


def _ingest(engine: Engine, mails: Sequence[FetchedMail]) -> None:
    folder = FolderSnapshot(name="INBOX", uid_validity=1, uid_next=1000, exists=len(mails))
    readings = [read(one, now=NOON) for one in mails]
    batch = Batch(folder=folder, mails=tuple(mails))

    def work(db: Connection) -> None:
        engine.pipeline.ingest(db, engine.account, batch, readings, now=NOON)

    engine.writer.do(work)


def _rows(engine: Engine, query: str) -> list[Any]:
    return engine.writer.do(lambda db: db.execute(query).fetchall())
