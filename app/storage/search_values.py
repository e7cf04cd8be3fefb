"""Values that a search may be narrowed to, as this profile has them: people, tags, labels.

They are offered while somebody types, so each is read from what is live, or from an index.
"""

from __future__ import annotations

from app.domain.search_completion import MOST
from app.domain.search_folding import folded
from app.storage.connection import Connection


def known(db: Connection, operator: str, begun: str) -> list[str]:
    """The values of an operator that begin so, or of which a word does; few, and none where the
    operator's values are the same in every profile."""
    query = _QUERIES.get(operator)
    if query is None:
        return []
    plain = begun if operator == "label" else folded(begun)
    wanted = plain.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    values = {"begins": f"{wanted}%", "word": f"% {wanted}%", "most": MOST}
    return [value for (value,) in db.execute(query, values)]


_LIVE = "i.state IN ('new', 'acknowledged', 'waiting') AND i.kind <> 'not_an_issue'"


def _begins(column: str) -> str:
    return f"({column} LIKE :begins ESCAPE '!' OR {column} LIKE :word ESCAPE '!')"


def _begins_alike(column: str) -> str:
    """The same with capitals and accents of any script; not for what may have every mail's row."""
    return _begins(f"folded({column})")


_QUERIES = {
    "from": f"""
SELECT DISTINCT CASE WHEN i.customer_name <> '' THEN i.customer_name ELSE i.customer_email END
FROM issue i INDEXED BY issue_live WHERE {_LIVE}
    AND ({_begins_alike("i.customer_name")} OR i.customer_email LIKE :begins ESCAPE '!')
ORDER BY i.score DESC, i.last_at DESC LIMIT :most
""",  # noqa: S608 - constants
    "assigned": f"""
SELECT DISTINCT i.assignee FROM issue i INDEXED BY issue_live
WHERE {_LIVE} AND i.assignee <> '' AND {_begins_alike("i.assignee")} LIMIT :most
""",  # noqa: S608 - constants
    "tag": f"""
SELECT DISTINCT t.value FROM issue i INDEXED BY issue_live, json_each(i.decisions, '$.tags') t
WHERE {_LIVE} AND {_begins_alike("t.value")} LIMIT :most
""",  # noqa: S608 - constants
    "label": f"SELECT DISTINCT name FROM label WHERE {_begins('name')} LIMIT :most",  # noqa: S608
}
