"""Search: from what somebody typed to the issues that say it, while they are still typing.

Every word is quoted, so no text can be a syntax error; the last one counts as a beginning. A few
words with a colon narrow the search: from:anna order:1042 kind:damaged is:open label:vip tag:b2b.
The newest mails that match are the candidates: ranking all of them would cost seconds on a word
that many share.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from app.domain.assessment import Kind
from app.domain.errors import KnownError
from app.domain.order import order_key
from app.storage import codec, issues
from app.storage.database import Connection

_CANDIDATES = 300
_CANDIDATES_TO_FILTER = 2000

_WORD = re.compile(r'(?:(from|order|kind|is|label|tag):)?(?:"([^"]*)"?|(\S+))', re.IGNORECASE)
_KEY = re.compile(r"i1_[a-z2-7]{6,20}", re.IGNORECASE)
_BUCKETS = {
    "open": ("open",),
    "waiting": ("waiting",),
    "done": ("done", "past"),
    "noise": ("noise",),
}
_PRESENT = ("open", "waiting", "done", "noise")
_SYNONYMS = {"resolved": "done", "closed": "done"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Query:
    """What was asked: an FTS5 expression, order numbers, and what the issues must be."""

    words: str
    orders: tuple[str, ...]
    kinds: tuple[str, ...]
    buckets: tuple[str, ...]
    labels: tuple[str, ...]
    tags: tuple[str, ...]
    everything: bool

    @property
    def filters(self) -> dict[str, Any]:
        return {
            "kinds": codec.to_json(self.kinds) if self.kinds else None,
            "buckets": codec.to_json(self.buckets) if self.buckets else None,
            "labels": codec.to_json(self.labels),
            "label": self.labels[0] if self.labels else "",
            "tags": codec.to_json(self.tags),
            "tag": self.tags[0] if self.tags else "",
        }


def search(db: Connection, query: str, *, limit: int = 50) -> list[int]:
    """The issues that match: what is still open first, then the newest; never an error.

    An empty query finds nothing. A query of narrowing words alone finds the issues themselves, the
    highest score first; those from before the account was connected are found by words.
    """
    if key := _KEY.fullmatch(query.strip()):
        return _by_key(db, key.group().lower())
    asked = _parse(query)
    found = [id_ for number in asked.orders for id_ in issues.by_order_number(db, number)]
    if asked.words or asked.labels:
        found += _matching(db, asked)
    elif asked.tags:
        found += [id_ for (id_,) in db.execute(_TAGGED, {**asked.filters, "limit": limit})]
    elif asked.everything:
        found += _listed(db, asked, limit)
    return list(dict.fromkeys(found))[:limit]


def _by_key(db: Connection, key: str) -> list[int]:
    try:
        return [issues.by_key(db, key)]
    except KnownError:  # unknown or not yet clear: somebody is typing
        return []


def _matching(db: Connection, asked: _Query) -> list[int]:
    narrowed = bool(asked.kinds or asked.buckets or asked.labels or asked.tags)
    rows = db.execute(
        _MATCHING if asked.words else _LABELLED,
        {
            "words": asked.words,
            "candidates": _CANDIDATES_TO_FILTER if narrowed else _CANDIDATES,
            **asked.filters,
        },
    )
    return [id_ for id_, _ in rows]


def _listed(db: Connection, asked: _Query, limit: int) -> list[int]:
    """What narrowing words alone find, bucket by bucket, each from its own index."""
    filters = {"kinds": codec.to_json(asked.kinds) if asked.kinds else None, "limit": limit}
    found: list[tuple[int, int, int]] = []
    for bucket in asked.buckets or _PRESENT:
        if bucket in _LISTED and asked.kinds != ("",):
            found += db.execute(_LISTED[bucket], filters).fetchall()
    return [id_ for _, _, id_ in sorted(found, reverse=True)[:limit]]


def _parse(query: str) -> _Query:
    terms: list[tuple[str, str]] = []
    for operator, quoted, plain in _WORD.findall(query.replace("\0", " ")):
        value = codec.text(quoted or plain)
        if any(character.isalnum() for character in value):
            terms.append((operator.lower(), value))
    kinds = tuple(kind for op, value in terms if op == "kind" for kind in _kinds(value))
    buckets = tuple(b for op, value in terms if op == "is" for b in _buckets(value))
    return _Query(
        words=_expression(terms),
        orders=tuple(order_key(value) for op, value in terms if op == "order"),
        kinds=kinds or _nothing(terms, "kind"),
        buckets=buckets or _nothing(terms, "is"),
        labels=tuple(value for op, value in terms if op == "label"),
        tags=tuple(value for op, value in terms if op == "tag"),
        everything=any(op in ("kind", "is") for op, _ in terms),
    )


def _expression(terms: list[tuple[str, str]]) -> str:
    """The FTS5 expression of all words that mails are searched for; the last one is a prefix."""
    words = [(op, value) for op, value in terms if op in ("", "from", "order")]
    parts = [_phrase(op, value) for op, value in words]
    if words and _says_nothing_yet(words[-1][1]):
        parts = parts[:-1] or parts
    elif words and words[-1][0] != "order":
        parts[-1] += " *"
    return " AND ".join(parts)


def _says_nothing_yet(value: str) -> bool:
    """Whether a last word is one letter: it begins a tenth of all words, and costs 0.2 s to try."""
    return len(value) == 1 and value.isascii()


def _phrase(operator: str, value: str) -> str:
    quoted = '"' + value.replace('"', '""') + '"'
    return f"sender : {quoted}" if operator == "from" else quoted


def _kinds(value: str) -> list[str]:
    """The kinds whose text begins so: `kind:ret` is a return request while it is typed."""
    return [kind.value for kind in Kind if kind.value.startswith(value.lower())]


def _buckets(value: str) -> tuple[str, ...]:
    asked = value.lower()
    return _BUCKETS.get(_SYNONYMS.get(asked, asked), ())


def _nothing(terms: list[tuple[str, str]], operator: str) -> tuple[str, ...]:
    """A narrowing word that names nothing we know must find nothing, not everything."""
    return ("",) if any(op == operator for op, _ in terms) else ()


_OF_ISSUE = """
    (:kinds IS NULL OR i.kind IN (SELECT value FROM json_each(:kinds))
        OR i.second_kind IN (SELECT value FROM json_each(:kinds)))
    AND (:buckets IS NULL OR i.bucket IN (SELECT value FROM json_each(:buckets)))
    AND NOT EXISTS (SELECT 1 FROM json_each(:tags) w WHERE NOT EXISTS (SELECT 1 FROM issue_tag t
        WHERE t.issue_id = i.id AND t.name = w.value))
"""

_FILTERS = f"""{_OF_ISSUE}
    AND NOT EXISTS (SELECT 1 FROM json_each(:labels) w WHERE NOT EXISTS (SELECT 1 FROM label l
        WHERE l.message_id = m.id AND l.name = w.value COLLATE NOCASE))
"""  # noqa: S608 - constants

_OF_HITS = f"""
SELECT i.id, max(hit.id) AS newest
FROM hit JOIN message m ON m.id = hit.id JOIN issue i ON i.id = m.issue_id
WHERE {_FILTERS}
GROUP BY i.id ORDER BY i.bucket IN ('open', 'waiting') DESC, newest DESC
"""  # noqa: S608 - constants

_MATCHING = f"""
WITH hit (id) AS MATERIALIZED (
    SELECT rowid FROM words WHERE words MATCH :words ORDER BY rowid DESC LIMIT :candidates)
{_OF_HITS}"""  # noqa: S608 - constants

_LABELLED = f"""
WITH hit (id) AS MATERIALIZED (
    SELECT message_id FROM label WHERE name = :label COLLATE NOCASE
    ORDER BY message_id DESC LIMIT :candidates)
{_OF_HITS}"""  # noqa: S608 - constants


_TAGGED = f"""
SELECT i.id FROM issue_tag tag JOIN issue i ON i.id = tag.issue_id
WHERE tag.name = :tag AND {_OF_ISSUE}
ORDER BY i.bucket IN ('open', 'waiting') DESC, i.score DESC, i.last_at DESC LIMIT :limit
"""  # noqa: S608 - constants


def _list(index: str, where: str, kinds: str) -> str:
    return (
        f"SELECT score, last_at, id FROM issue INDEXED BY {index}"  # noqa: S608 - constants
        f" WHERE {where} AND (:kinds IS NULL OR {kinds})"
        " ORDER BY score DESC, last_at DESC LIMIT :limit"
    )


_KIND = "kind IN (SELECT value FROM json_each(:kinds))"
_EITHER_KIND = f"({_KIND} OR second_{_KIND})"
_LIVE = "state IN ('new', 'acknowledged', 'waiting') AND kind <> 'not_an_issue'"
_DONE = "state IN ('resolved', 'closed') AND kind <> 'not_an_issue' AND NOT history"
_LISTED = {
    "open": _list("issue_live", f"{_LIVE} AND state <> 'waiting'", _EITHER_KIND),
    "waiting": _list("issue_live", f"{_LIVE} AND state = 'waiting'", _EITHER_KIND),
    "done": _list("issue_done", _DONE, _KIND),
    "noise": _list("issue_noise", "kind = 'not_an_issue'", _KIND),
}
