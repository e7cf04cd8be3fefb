"""Blanking: in what other people share with a customer who is forgotten, the words about them go.

Mails, notes and decisions of others stay as they are. A draft is either for them or for somebody
else; an alert that tells of them says what is left.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from app.domain.message import Address
from app.domain.translation import tr
from app.storage import codec, forgotten
from app.storage.connection import Connection
from app.storage.customers import Holdings

_WORD = re.compile(r"\w+")
_LEAST_OF_A_NAME = 3  # letters by which a word tells of somebody
_SUBJECTS = 3  # as many lines as a card has


def begun_by(db: Connection, mails: Sequence[int], *, among: Collection[int]) -> list[int]:
    """Those of these issues whose first mail is one of these: they are called by it."""
    rows = db.execute(
        "SELECT issue_id FROM message WHERE issue_id IN (SELECT value FROM json_each(?))"
        " GROUP BY issue_id HAVING min(id) IN (SELECT value FROM json_each(?))",
        (codec.to_json(sorted(among)), codec.to_json(list(mails))),
    )
    return [issue for (issue,) in rows]


def name_again(db: Connection, held: Holdings, ids: Collection[int]) -> None:
    """What is left of an issue is called by what its other people wrote."""
    db.execute(
        "UPDATE issue SET subject = ifnull((SELECT subject FROM message"
        " WHERE issue_id = issue.id ORDER BY id LIMIT 1), '')"
        " WHERE id IN (SELECT value FROM json_each(?))",
        (codec.to_json(sorted(ids)),),
    )
    db.execute(
        "UPDATE issue SET customer_key = '', customer_email = '', customer_name = ''"
        " WHERE customer_key = ? AND id IN (SELECT value FROM json_each(?))",
        (held.email, codec.to_json(sorted(held.shared))),
    )


def drafts(db: Connection, held: Holdings, ids: Collection[int]) -> None:
    """What was begun for them goes from the issues that stay; what is for others stays, without the
    copy that they were to get."""
    rows = db.execute(_DRAFTS, (codec.to_json(list(held.mails)), codec.to_json(sorted(ids))))
    for issue, to, cc, words, answers_them in rows.fetchall():
        if _is_for_them(held, to, words, answers_them=bool(answers_them)):
            db.execute("DELETE FROM draft WHERE issue_id = ?", (issue,))
        else:
            left = tuple(one for one in _people(cc) if one.key != held.email)
            db.execute("UPDATE draft SET cc = ? WHERE issue_id = ?", (codec.to_json(left), issue))


def decisions(db: Connection, held: Holdings) -> None:
    """In other issues' merges and splits: who they were and what was begun for them. What was
    decided stays decided."""
    mails = codec.to_json(list(held.mails))
    keys = (codec.to_json(_keys_of(db, held.whole)), held.email, held.email, mails, mails)
    db.execute(_BLANK_MERGES, keys)
    db.execute(_BLANK_SPLITS, (held.email,))


def alerts(db: Connection, held: Holdings, moved: Collection[int]) -> list[int]:
    """The alerts that tell of them say what is left; answers those that are about nothing else."""
    gone = frozenset((*held.whole, *held.decided))
    concerned = _alerts_of(db, {*gone, *moved})
    alone = [id_ for id_, issues in concerned.items() if gone.issuperset(issues)]
    for id_ in concerned.keys() - {*alone}:
        _say_less(db, held, id_, left=_subjects(db, frozenset(concerned[id_]) - gone))
    return alone


def _is_for_them(held: Holdings, to: str, words: str, *, answers_them: bool) -> bool:
    told = _people(to)
    if told:
        return all(one.key == held.email for one in told)
    return answers_them or _tells_of(held, words)


def _people(written: str) -> tuple[Address, ...]:
    return codec.from_json(written, tuple[Address, ...])


def _tells_of(held: Holdings, text: str) -> bool:
    """Whether a text has their address, their name, or a word of it."""
    said, names = text.casefold(), {name.casefold() for name in held.names}
    words = {one for name in names for one in _WORD.findall(name) if len(one) >= _LEAST_OF_A_NAME}
    whole = any(one in said for one in (held.email, *names))
    return whole or not words.isdisjoint(_WORD.findall(said))


def _say_less(db: Connection, held: Holdings, alert: int, *, left: Sequence[str]) -> None:
    title, body = db.execute("SELECT title, body FROM alert WHERE id = ?", (alert,)).fetchone()
    if not _tells_of(held, f"{title}\n{body}"):
        return
    less = tr(forgotten.REASON) if _tells_of(held, title) else title
    db.execute("UPDATE alert SET title = ?, body = ? WHERE id = ?", (less, "\n".join(left), alert))


def _alerts_of(db: Connection, ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """The alerts about any of these issues, each with all issues that it is about."""
    rows = db.execute(_ALERTS, (codec.to_json(sorted(ids)),))
    return {id_: codec.from_json(issues, tuple[int, ...]) for id_, issues in rows}


def _subjects(db: Connection, issues: Iterable[int]) -> list[str]:
    rows = db.execute(
        "SELECT subject FROM issue WHERE id IN (SELECT value FROM json_each(?))"
        " AND subject <> '' ORDER BY score DESC, id LIMIT ?",
        (codec.to_json(sorted(issues)), _SUBJECTS),
    )
    return [subject for (subject,) in rows]


def _keys_of(db: Connection, ids: Sequence[int]) -> list[str]:
    """All keys that these issues have or had."""
    return [
        key
        for (key,) in db.execute(
            "SELECT key FROM atom WHERE issue_id IN (SELECT value FROM json_each(?))",
            (codec.to_json(list(ids)),),
        )
    ]


# Whom a draft answers that names nobody: who wrote last before it was begun.
_DRAFTS = """
SELECT d.issue_id, d.to_, d.cc, d.subject || ' ' || d.body || ' ' || d.rendered, (
    SELECT m.id IN (SELECT value FROM json_each(?)) FROM message m
    WHERE m.issue_id = d.issue_id AND m.direction = 'in' AND m.received_at <= d.updated_at
        AND NOT ifnull(m.assessment ->> '$.gate.automatic', 0)
    ORDER BY m.id DESC LIMIT 1)
FROM draft d WHERE d.issue_id IN (SELECT value FROM json_each(?))
"""
_BLANK_MERGES = """
UPDATE journal SET data = json_remove(data, '$.subject', '$.customer', '$.with', '$.had.draft',
    '$.kept.draft')
WHERE type = 'merge' AND (
    data ->> '$.from' IN (SELECT value FROM json_each(?))
    OR data ->> '$.customer' = ? OR data ->> '$.with' = ?
    OR EXISTS (SELECT 1 FROM json_each(data, '$.had.messages')
        WHERE value IN (SELECT value FROM json_each(?)))
    OR EXISTS (SELECT 1 FROM json_each(data, '$.kept.messages')
        WHERE value IN (SELECT value FROM json_each(?))))
"""
_BLANK_SPLITS = """
UPDATE journal SET data = json_remove(data, '$.customer', '$.because')
WHERE type = 'split' AND data ->> '$.customer' = ?
"""
_ALERTS = """
SELECT a.alert_id, json_group_array(DISTINCT t.issue_id)
FROM alert_issue a JOIN atom t ON t.key = a.key
WHERE a.alert_id IN (
    SELECT b.alert_id FROM alert_issue b JOIN atom u ON u.key = b.key
    WHERE u.issue_id IN (SELECT value FROM json_each(?)))
GROUP BY a.alert_id
"""
