"""Search: from what somebody typed to the issues that say it, while they are still typing.

`domain/search_query` understands the text, `search_words` finds the mails that say its words. The
newest that match are the candidates: ranking all of them would cost seconds on a word that many
share.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.domain.errors import KnownError
from app.domain.money import EXPONENTS
from app.domain.order import order_key
from app.domain.search_folding import folded
from app.domain.search_query import SearchQuery, parse
from app.domain.search_values import AmountRange
from app.storage import codec, issues, messages
from app.storage.connection import Connection
from app.storage.search_words import Said, among, newest, said

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
    words = said(query.words)
    if words.indexed or query.labels:
        found += _matching(db, words, query, filters, limit)
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
        saying = _said_in(db, ids, said(others), filters)
        return [id_ for id_ in ids if id_ in saying]
    rows = db.execute(_among(filters), {**filters, "ids": codec.to_json(ids)})
    return [id_ for (id_,) in rows]


def _matching(
    db: Connection, words: Said, query: SearchQuery, filters: dict[str, Any], limit: int
) -> list[int]:
    """Among the newest that match; who wants more than a list has is given as many."""
    rows = db.execute(
        _of_hits(newest(words) if words.indexed else _LABELLED, filters),
        {
            **words.values,
            "candidates": max(_CANDIDATES_TO_FILTER if query.narrows else _CANDIDATES, limit),
            **filters,
        },
    )
    return [id_ for id_, _ in rows]


def _said_in(
    db: Connection, ids: Sequence[int], words: Said, filters: dict[str, Any]
) -> frozenset[int]:
    """Those of these few issues in whose mails the words stand, however many newer mails of others
    have them too."""
    mails = [id_ for (id_,) in db.execute(_THEIR_MAILS, (codec.to_json(list(ids)),))]
    if not mails:
        return frozenset()
    within = {
        **words.values,
        "mails": codec.to_json(mails),
        "first_id": max(filters["first_id"], min(mails)),
        "last_id": min(filters["last_id"], max(mails) + 1),
    }
    hits = among(words) if words.indexed else _LABELLED_IN
    rows = db.execute(_of_hits(hits, filters), {**filters, **within})
    return frozenset(id_ for id_, _ in rows)


def _listed(db: Connection, query: SearchQuery, filters: dict[str, Any], limit: int) -> list[int]:
    """What narrowing words alone find, bucket by bucket, each from its own index; what is open and
    what waits stand in the same one, which is walked once."""
    found: list[tuple[int, int, int]] = []
    buckets = set(_buckets(query))
    if buckets >= _LIVE_BUCKETS:
        buckets = {"live", *buckets - _LIVE_BUCKETS}
    for bucket in buckets:
        if bucket in _LISTED:
            found += db.execute(_list(*_LISTED[bucket], filters), {**filters, "limit": limit})
    return [id_ for _, _, id_ in sorted(found, reverse=True)[:limit]]


def _buckets(query: SearchQuery) -> tuple[str, ...]:
    """Where to look for issues without words: what has a deadline or an owner is not over."""
    if query.states:
        return tuple(bucket for state in query.states for bucket in _BUCKETS[state])
    if query.due or _LIVE_STANDINGS & set(query.standings):
        return ("open", "waiting")
    return _PRESENT


def _filters(query: SearchQuery, *, now: datetime, me: str) -> dict[str, Any]:
    """The values that the conditions of `_CONDITIONS` ask for; one that is None, false or empty
    asks nothing."""
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
        "labels": _some(query.labels),
        "label": query.labels[0] if query.labels else "",
        "tags": _some(tuple(map(folded, query.tags))),
        **{name: name in query.standings for name in _STANDINGS},
        **{f"has_{name}": name in query.has for name in _HAS},
        "due": due is not None,
        "due_since": codec.maybe_micros(due.since) if due else None,
        "due_until": codec.maybe_micros(due.until) if due else None,
        "amount": amount is not None,
        **_amounts(amount or AmountRange()),
        "since": codec.maybe_micros(since),
        "until": codec.maybe_micros(until),
        "first_id": 0 if since is None else messages.first_id(since),
        "last_id": _LAST_ID if until is None else messages.first_id(until),
    }


def _amounts(asked: AmountRange) -> dict[str, Any]:
    bounds = {name: getattr(asked, name) for name in _COMPARED}
    figures = {name: None if value is None else float(value) for name, value in bounds.items()}
    return {**figures, "currency": asked.currency}


def _some(values: tuple[str, ...]) -> str | None:
    return codec.to_json([str(value) for value in values]) if values else None


def _whole(currencies: dict[str, int]) -> str:
    """How many minor units one whole unit has, as SQL over the order's currency (ISO 4217)."""
    cases = " ".join(f"WHEN '{name}' THEN {10**places}" for name, places in currencies.items())
    return f"CASE i.order_currency {cases} ELSE 100 END"


_STANDINGS = {
    "urgent": "i.priority IN ('P1', 'P2') AND i.bucket = 'open'",
    "mine": "i.assignee = :me COLLATE NOCASE AND :me <> ''",
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
_COMPARED = {"least": ">=", "above": ">", "below": "<", "most": "<="}
_ASKED_AMOUNTS = "\n    AND ".join(
    # Rounded, for a hundred times 0.29 is a little less than 29.
    f"(:{name} IS NULL OR i.order_minor {sign} round(:{name} * ({_whole(EXPONENTS)}), 4))"
    for name, sign in _COMPARED.items()
)
_AMOUNT = f"""(i.order_minor IS NOT NULL
    AND (:currency = '' OR i.order_currency = :currency)
    AND {_ASKED_AMOUNTS})"""
_DUE = """(i.deadline_at IS NOT NULL
    AND (:due_since IS NULL OR i.deadline_at >= :due_since)
    AND (:due_until IS NULL OR i.deadline_at < :due_until))"""
_ASSIGNED = """(i.assignee IN (SELECT value FROM json_each(:assignees))
    OR i.assignee <> '' AND EXISTS (SELECT 1 FROM json_each(:assignees) w
        WHERE w.value <> '' AND instr(folded(i.assignee), folded(w.value))))"""
# Each condition is one word that may be asked; what was not asked is not looked at.
_CONDITIONS = {
    "kinds": """(i.kind IN (SELECT value FROM json_each(:kinds))
        OR i.second_kind IN (SELECT value FROM json_each(:kinds)))""",
    "buckets": "i.bucket IN (SELECT value FROM json_each(:buckets))",
    "severities": "i.severity IN (SELECT value FROM json_each(:severities))",
    **_STANDINGS,
    "due": _DUE,
    "amount": _AMOUNT,
    "assignees": _ASSIGNED,
    "tags": """NOT EXISTS (SELECT 1 FROM json_each(:tags) w WHERE NOT EXISTS (
        SELECT 1 FROM issue_tag t WHERE t.issue_id = i.id AND folded(t.name) = w.value))""",
    **{f"has_{name}": condition for name, condition in _HAS.items()},
}
# Of the mails that are hits.
_OF_MAILS = {
    "labels": """NOT EXISTS (SELECT 1 FROM json_each(:labels) w WHERE NOT EXISTS (SELECT 1
        FROM label l WHERE l.message_id = m.id AND l.name = w.value COLLATE NOCASE))"""
}
# Of issues that are found without a word: something was said about them in that time.
_HEARD = {"since": "i.last_at >= :since", "until": "i.first_at < :until"}


def _asked(filters: dict[str, Any], *conditions: dict[str, str]) -> str:
    """Those conditions that were asked for, as SQL."""
    every = [(name, sql) for some in conditions for name, sql in some.items()]
    asked = [sql for name, sql in every if filters[name] is not None and filters[name] is not False]
    return "\n    AND ".join(asked) or "true"


# The id of a message grows with its arrival: days are bounds of it, before candidates are counted.
_LABELLED = """
    SELECT message_id FROM label WHERE name = :label COLLATE NOCASE
        AND message_id >= :first_id AND message_id < :last_id
    ORDER BY message_id DESC LIMIT :candidates"""

_THEIR_MAILS = "SELECT id FROM message WHERE issue_id IN (SELECT value FROM json_each(?))"

_LABELLED_IN = """
    SELECT message_id FROM label WHERE name = :label COLLATE NOCASE
        AND message_id >= :first_id AND message_id < :last_id
        AND message_id IN (SELECT value FROM json_each(:mails))"""


def _of_hits(hits: str, filters: dict[str, Any]) -> str:
    """The issues of these mails: what is open first, then the newest."""
    return f"""WITH hit (id) AS MATERIALIZED ({hits})
SELECT i.id, max(hit.id) AS newest
FROM hit JOIN message m ON m.id = hit.id JOIN issue i ON i.id = m.issue_id
WHERE {_asked(filters, _OF_MAILS, _CONDITIONS)}
GROUP BY i.id ORDER BY i.bucket IN ('open', 'waiting') DESC, newest DESC
"""  # noqa: S608 - constants


def _among(filters: dict[str, Any]) -> str:
    return f"""SELECT i.id FROM json_each(:ids) j JOIN issue i ON i.id = j.value
WHERE {_asked(filters, _HEARD, _CONDITIONS)} ORDER BY j.key
"""  # noqa: S608 - constants


def _list(index: str, where: str, filters: dict[str, Any]) -> str:
    return (
        f"SELECT score, last_at, id FROM issue i INDEXED BY {index}"  # noqa: S608 - constants
        f" WHERE {where} AND {_asked(filters, _HEARD, _CONDITIONS)}"
        " ORDER BY score DESC, last_at DESC LIMIT :limit"
    )


_LIVE = "state IN ('new', 'acknowledged', 'waiting') AND kind <> 'not_an_issue'"
_DONE = "state IN ('resolved', 'closed') AND kind <> 'not_an_issue' AND NOT history"
# What is over is much: what is searched for without words is told by the index alone.
SEARCHED_AT_HAND = tuple(
    statement
    for index, where in (("issue_done", _DONE), ("issue_noise", "kind = 'not_an_issue'"))
    for statement in (
        f"DROP INDEX {index}",
        f"""CREATE INDEX {index} ON issue(score DESC, last_at DESC, state, history, kind,
            second_kind, severity, unseen) WHERE {where}""",
    )
)
_LIVE_BUCKETS = {"open", "waiting"}
_LISTED = {
    "live": ("issue_live", _LIVE),
    "open": ("issue_live", f"{_LIVE} AND state <> 'waiting'"),
    "waiting": ("issue_live", f"{_LIVE} AND state = 'waiting'"),
    "done": ("issue_done", _DONE),
    "noise": ("issue_noise", "kind = 'not_an_issue'"),
}
