"""Search: from what somebody typed to the issues that say it, while they are still typing.

`domain/search_query` understands the text; every word is quoted here, so no text can be a syntax
error, and the last one counts as a beginning. The newest mails that match are the candidates:
ranking all of them would cost seconds on a word that many share.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from app.domain.errors import KnownError
from app.domain.money import EXPONENTS
from app.domain.order import order_key
from app.domain.search_query import SearchQuery, Word, parse
from app.storage import codec, issues, messages
from app.storage.database import Connection

_CANDIDATES = 300
_CANDIDATES_TO_FILTER = 2000
_LAST_ID = (1 << 63) - 1

_KEY = re.compile(r"i1_[a-z2-7]{6,20}", re.IGNORECASE)
_BUCKETS = {
    "open": ("open",),
    "waiting": ("waiting",),
    "done": ("done", "past"),
    "noise": ("noise",),
}
_PRESENT = ("open", "waiting", "done", "noise")
_LIVE_STANDINGS = frozenset({"urgent", "mine", "snoozed", "overdue"})


def search(db: Connection, text: str, *, now: datetime, me: str = "", limit: int = 50) -> list[int]:
    """The issues that match: what is still open first, then the newest; never an error.

    An empty text finds nothing, and so does one of which something is not understood. Narrowing
    words alone find the issues themselves, the highest score first; those from before the account
    was connected are found by words. `me` is who asks.
    """
    if key := _KEY.fullmatch(text.strip()):
        return _by_key(db, key.group().lower())
    query = parse(codec.text(text), now=now, me=me)
    if query.troubles:
        return []
    filters = _filters(query, now=now, me=me)
    found = [id_ for number in query.orders for id_ in _of_order(db, number, query, filters)]
    words = _expression(query.words)
    if words or query.labels:
        found += _matching(db, words, query, filters)
    elif query.narrows:
        found += _listed(db, query, filters, limit)
    return list(dict.fromkeys(found))[:limit]


def _by_key(db: Connection, key: str) -> list[int]:
    try:
        return [issues.by_key(db, key)]
    except KnownError:  # unknown or not yet clear: somebody is typing
        return []


def _of_order(
    db: Connection, number: str, query: SearchQuery, filters: dict[str, Any]
) -> list[int]:
    """The issues about an order, where all else that was asked holds for them too."""
    ids = issues.by_order_number(db, order_key(number))
    others = tuple(word for word in query.words if word.where != "order")
    if others or query.labels:
        said = set(_matching(db, _expression(others), query, filters))
        return [id_ for id_ in ids if id_ in said]
    rows = db.execute(_AMONG, {**filters, "ids": codec.to_json(ids)})
    return [id_ for (id_,) in rows]


def _matching(db: Connection, words: str, query: SearchQuery, filters: dict[str, Any]) -> list[int]:
    rows = db.execute(
        _MATCHING if words else _LABELLED,
        {
            "words": words,
            "candidates": _CANDIDATES_TO_FILTER if query.narrows else _CANDIDATES,
            **filters,
        },
    )
    return [id_ for id_, _ in rows]


def _listed(db: Connection, query: SearchQuery, filters: dict[str, Any], limit: int) -> list[int]:
    """What narrowing words alone find, bucket by bucket, each from its own index."""
    found: list[tuple[int, int, int]] = []
    for bucket in _buckets(query):
        if bucket in _LISTED:
            found += db.execute(_LISTED[bucket], {**filters, "limit": limit}).fetchall()
    return [id_ for _, _, id_ in sorted(found, reverse=True)[:limit]]


def _buckets(query: SearchQuery) -> tuple[str, ...]:
    """Where to look for issues without words: what has a deadline or an owner is not over."""
    if query.states:
        return tuple(bucket for state in query.states for bucket in _BUCKETS[state])
    if query.due or _LIVE_STANDINGS & set(query.standings):
        return ("open", "waiting")
    return _PRESENT


def _filters(query: SearchQuery, *, now: datetime, me: str) -> dict[str, Any]:
    """The values that the conditions of `_FILTERS` and `_HEARD` ask for; None asks nothing."""
    due, within, amount = query.due, query.within, query.amount
    buckets = tuple(bucket for state in query.states for bucket in _BUCKETS[state])
    since = within.since if within else None
    until = within.until if within else None
    return {
        "now": codec.micros(now),
        "me": me,
        "kinds": _some(query.kinds),
        "buckets": _some(buckets),
        "severities": _some(query.severities),
        "assignees": _some(query.assignees),
        "labels": codec.to_json(query.labels),
        "label": query.labels[0] if query.labels else "",
        "tags": codec.to_json(query.tags),
        **{name: name in query.standings for name in _STANDINGS},
        **{f"has_{name}": name in query.has for name in _HAS},
        "asks_due": due is not None,
        "due_since": codec.maybe_micros(due.since) if due else None,
        "due_until": codec.maybe_micros(due.until) if due else None,
        "asks_amount": amount is not None,
        "least": float(amount.least) if amount and amount.least is not None else None,
        "below": float(amount.below) if amount and amount.below is not None else None,
        "currency": amount.currency if amount else "",
        "since": codec.maybe_micros(since),
        "until": codec.maybe_micros(until),
        "first_id": 0 if since is None else messages.first_id(since),
        "last_id": _LAST_ID if until is None else messages.first_id(until),
    }


def _some(values: tuple[str, ...]) -> str | None:
    return codec.to_json([str(value) for value in values]) if values else None


def _expression(words: tuple[Word, ...]) -> str:
    """The FTS5 expression of all words that mails are searched for; the last one is a prefix."""
    parts = [_phrase(word) for word in words]
    if words and _says_nothing_yet(words[-1].text):
        parts = parts[:-1] or parts
    elif words and words[-1].where != "order":
        parts[-1] += " *"
    return " AND ".join(parts)


def _says_nothing_yet(value: str) -> bool:
    """Whether a last word is one letter: it begins a tenth of all words, and costs 0.2 s to try."""
    return len(value) == 1 and value.isascii()


def _phrase(word: Word) -> str:
    quoted = '"' + word.text.replace('"', '""') + '"'
    return f"sender : {quoted}" if word.where == "from" else quoted


def _whole(currencies: dict[str, int]) -> str:
    """How many minor units one whole unit has, as SQL over the order's currency (ISO 4217)."""
    cases = " ".join(f"WHEN '{name}' THEN {10**places}" for name, places in currencies.items())
    return f"CASE i.order_currency {cases} ELSE 100 END"


# Each condition is one word that may be asked, and true where it was not.
_STANDINGS = {
    "urgent": "i.priority IN ('P1', 'P2') AND i.bucket = 'open'",
    "mine": "i.assignee = :me AND :me <> ''",
    "snoozed": "i.snoozed_until > :now",
    "overdue": "i.deadline_at < :now AND i.bucket IN ('open', 'waiting')",
    "unread": "i.unseen",
}
# The few mails with files are found without reading what the others say of themselves.
_WITH_FILES = "json_array_length({of}details, '$.attachments') > 0"
FILES_AT_HAND = "CREATE INDEX message_with_files ON message(issue_id) WHERE " + _WITH_FILES.format(
    of=""
)
_HAS = {
    "attachment": f"""EXISTS (SELECT 1 FROM message a INDEXED BY message_with_files,
            json_each(a.details, '$.attachments') f
        WHERE a.issue_id = i.id AND {_WITH_FILES.format(of="a.")}
            AND NOT ifnull(json_extract(f.value, '$.inline'), 0))""",  # noqa: S608 - constants
    "order": "i.order_number <> ''",
    "note": "json_array_length(i.decisions, '$.notes') > 0",
    "draft": "EXISTS (SELECT 1 FROM draft d WHERE d.issue_id = i.id)",
}
_AMOUNT = f"""(i.order_minor IS NOT NULL
    AND (:currency = '' OR i.order_currency = :currency)
    AND (:least IS NULL OR i.order_minor >= round(:least * ({_whole(EXPONENTS)}), 2))
    AND (:below IS NULL OR i.order_minor < round(:below * ({_whole(EXPONENTS)}), 2)))"""
_DUE = """(i.deadline_at IS NOT NULL
    AND (:due_since IS NULL OR i.deadline_at >= :due_since)
    AND (:due_until IS NULL OR i.deadline_at < :due_until))"""
_ASSIGNED = """(i.assignee IN (SELECT value FROM json_each(:assignees))
    OR EXISTS (SELECT 1 FROM json_each(:assignees) w
        WHERE w.value <> '' AND instr(lower(i.assignee), lower(w.value))))"""
_FILTERS = "\n    AND ".join(
    (
        """(:kinds IS NULL OR i.kind IN (SELECT value FROM json_each(:kinds))
        OR i.second_kind IN (SELECT value FROM json_each(:kinds)))""",
        "(:buckets IS NULL OR i.bucket IN (SELECT value FROM json_each(:buckets)))",
        "(:severities IS NULL OR i.severity IN (SELECT value FROM json_each(:severities)))",
        *(f"(NOT :{name} OR ({condition}))" for name, condition in _STANDINGS.items()),
        f"(NOT :asks_due OR {_DUE})",
        f"(NOT :asks_amount OR {_AMOUNT})",
        f"(:assignees IS NULL OR {_ASSIGNED})",
        """NOT EXISTS (SELECT 1 FROM json_each(:tags) w WHERE NOT EXISTS (
        SELECT 1 FROM issue_tag t WHERE t.issue_id = i.id AND t.name = w.value))""",
        *(f"(NOT :has_{name} OR {condition})" for name, condition in _HAS.items()),
    )
)
# Of issues that are found without a word: something was said about them in that time.
_HEARD = "(:since IS NULL OR i.last_at >= :since) AND (:until IS NULL OR i.first_at < :until)"

_OF_HITS = f"""
SELECT i.id, max(hit.id) AS newest
FROM hit JOIN message m ON m.id = hit.id JOIN issue i ON i.id = m.issue_id
WHERE NOT EXISTS (SELECT 1 FROM json_each(:labels) w WHERE NOT EXISTS (SELECT 1 FROM label l
        WHERE l.message_id = m.id AND l.name = w.value COLLATE NOCASE))
    AND {_FILTERS}
GROUP BY i.id ORDER BY i.bucket IN ('open', 'waiting') DESC, newest DESC
"""  # noqa: S608 - constants

# The id of a message grows with its arrival: days are bounds of it, before candidates are counted.
_MATCHING = f"""
WITH hit (id) AS MATERIALIZED (
    SELECT rowid FROM words WHERE words MATCH :words AND rowid >= :first_id AND rowid < :last_id
    ORDER BY rowid DESC LIMIT :candidates)
{_OF_HITS}"""  # noqa: S608 - constants

_LABELLED = f"""
WITH hit (id) AS MATERIALIZED (
    SELECT message_id FROM label WHERE name = :label COLLATE NOCASE
        AND message_id >= :first_id AND message_id < :last_id
    ORDER BY message_id DESC LIMIT :candidates)
{_OF_HITS}"""  # noqa: S608 - constants

_AMONG = f"""
SELECT i.id FROM json_each(:ids) j JOIN issue i ON i.id = j.value WHERE {_HEARD} AND {_FILTERS}
ORDER BY j.key
"""  # noqa: S608 - constants


def _list(index: str, where: str) -> str:
    return (
        f"SELECT score, last_at, id FROM issue i INDEXED BY {index}"  # noqa: S608 - constants
        f" WHERE {where} AND {_HEARD} AND {_FILTERS}"
        " ORDER BY score DESC, last_at DESC LIMIT :limit"
    )


_LIVE = "state IN ('new', 'acknowledged', 'waiting') AND kind <> 'not_an_issue'"
_DONE = "state IN ('resolved', 'closed') AND kind <> 'not_an_issue' AND NOT history"
_LISTED = {
    "open": _list("issue_live", f"{_LIVE} AND state <> 'waiting'"),
    "waiting": _list("issue_live", f"{_LIVE} AND state = 'waiting'"),
    "done": _list("issue_done", _DONE),
    "noise": _list("issue_noise", "kind = 'not_an_issue'"),
}
