"""Belongings: what an issue has, written down before a merge, and given back when that is undone.

What came or was done since stays where the merge has put it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.errors import Refused
from app.domain.issue import issue_key
from app.domain.translation import tr
from app.storage import codec
from app.storage.connection import Connection


def of_issue(db: Connection, issue_id: int) -> dict[str, Any]:
    """What an issue has, by name, as JSON can hold it."""
    lists = {name: _values(db, query, issue_id) for name, query in _LISTS.items()}
    return {**lists, **{name: _row(db, query, issue_id) for name, query in _ROWS.items()}}


def of_kept(db: Connection, issue_id: int) -> dict[str, Any]:
    """What a merge changes about the issue that stays, and by what it is known."""
    lists = {name: _values(db, _LISTS[name], issue_id) for name in ("messages", "atoms")}
    return {**lists, **{name: _row(db, query, issue_id) for name, query in _ROWS.items()}}


def release(db: Connection, issue_id: int, atoms: Sequence[str]) -> None:
    """Make these atoms of an issue aliases, so that another may own them; its key follows.

    Raises:
        Refused: it would have none of its own any more.
    """
    wanted = codec.to_json(list(atoms))
    db.execute(
        "UPDATE atom SET alias = 1 WHERE issue_id = ? AND atom IN (SELECT value FROM json_each(?))",
        (issue_id, wanted),
    )
    own = _values(db, _LISTS["atoms"], issue_id)
    if not own:
        raise Refused(
            tr("These issues have grown together"), tr("There would be nothing left of one")
        )
    key = issue_key(own)
    db.execute("UPDATE issue SET key = ? WHERE id = ? AND key <> ?", (key, issue_id, key))


def give_back(
    db: Connection, *, source: int, into: int, had: Mapping[str, Any], kept: Mapping[str, Any]
) -> None:
    """Move what one issue `had`, as far as it still lies under `source`, under `into`.

    `kept` is what `source` had before the merge; empty where nobody wrote it down, or where it has
    itself become part of another issue since.
    """
    for statement, name in _BACK:
        wanted = codec.to_json(list(had.get(name, ())))
        db.execute(statement, {"source": source, "into": into, "wanted": wanted})
    _give_back_draft(db, source, into, had=had, kept=kept)
    _give_back_climb(db, source, into, had=had, kept=kept)
    _give_back_incident(db, source, into, had=had, kept=kept)
    _give_back_looks(db, source, into, had=had, kept=kept)


def _give_back_draft(
    db: Connection, source: int, into: int, *, had: Mapping[str, Any], kept: Mapping[str, Any]
) -> None:
    """The reply that was begun there, as far as its words stand there unchanged."""
    now, mine, theirs = _row(db, _ROWS["draft"], source), had.get("draft"), kept.get("draft")
    if isinstance(mine, str):  # written down by an older Frontburner: the words alone
        mine = {**now, "body": mine, "files": "[]"} if now and mine else None
    if not now or not mine:
        return
    if kept and not theirs and mine["body"] in now["body"]:  # nothing else was begun
        db.execute("UPDATE draft SET issue_id = ? WHERE issue_id = ?", (into, source))
        return
    if not now["body"].endswith(mine["body"]):
        return
    there, own = _files(now), _files(mine)
    _put(db, "draft", into, {**mine, "files": _as_files([one for one in own if one in there])})
    rest = now["body"].removesuffix(mine["body"]).rstrip("\n")
    if theirs and rest == theirs["body"].rstrip("\n"):
        rest = theirs["body"]
    left = [one for one in there if one not in own or (theirs and one in _files(theirs))]
    if rest or left or theirs:
        _put(db, "draft", source, {**now, "body": rest, "files": _as_files(left)})
    else:
        db.execute("DELETE FROM draft WHERE issue_id = ?", (source,))


def _give_back_climb(
    db: Connection, source: int, into: int, *, had: Mapping[str, Any], kept: Mapping[str, Any]
) -> None:
    """How far it had come up its ladder; further, if it climbed on under the other's name."""
    mine, now = had.get("climb"), _row(db, _ROWS["climb"], source)
    if not mine:
        return
    if kept and not kept.get("climb") and now and now["since"] == mine["since"]:
        db.execute("UPDATE climb SET issue_id = ? WHERE issue_id = ?", (into, source))
    else:
        _put(db, "climb", into, mine)


def _give_back_incident(
    db: Connection, source: int, into: int, *, had: Mapping[str, Any], kept: Mapping[str, Any]
) -> None:
    """Its place in an incident; the other has one only if it had before, or came to it since."""
    mine = had.get("incident")
    if not mine:
        return
    db.execute(
        "INSERT OR IGNORE INTO incident_issue SELECT ?, id FROM incident WHERE id = ?",
        (into, mine["incident_id"]),
    )
    if kept and not kept.get("incident"):
        db.execute(
            "DELETE FROM incident_issue WHERE issue_id = ? AND incident_id = ?",
            (source, mine["incident_id"]),
        )


def _give_back_looks(
    db: Connection, source: int, into: int, *, had: Mapping[str, Any], kept: Mapping[str, Any]
) -> None:
    """When each began, whether somebody has seen it, and whether it is old mail; what was seen as
    one is seen as two, and a mail that came since is news of the one that it stays with."""
    mine, theirs = had.get("looks"), kept.get("looks")
    unseen = _row(db, _ROWS["looks"], source)["unseen"]
    if mine:
        db.execute(
            "UPDATE issue SET unseen = ? WHERE id = ?", (int(mine["unseen"] and unseen), into)
        )
    if not theirs:
        return
    since = set(_values(db, _LISTS["messages"], source)) - set(kept["messages"])
    is_news = bool(theirs["unseen"] or since or not (mine and mine["unseen"]))
    db.execute(
        _AS_BEFORE,
        {
            "id": source,
            "first_at": theirs["first_at"],
            "unseen": int(unseen and is_news),
            "history": int(theirs["history"] and not since),
        },
    )


def _values(db: Connection, query: str, issue_id: int) -> list[Any]:
    return [value for (value,) in db.execute(query, (issue_id,))]


def _row(db: Connection, query: str, issue_id: int) -> dict[str, Any]:
    """The columns of the one row of an issue, by their names; empty where there is none."""
    found = db.execute(query, (issue_id,))
    row = found.fetchone()
    return (
        {}
        if row is None
        else {part[0]: one for part, one in zip(found.description, row, strict=True)}
    )


def _put(db: Connection, table: str, issue_id: int, row: Mapping[str, Any]) -> None:
    columns = {"issue_id": issue_id, **row}
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    statement = f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - ours
    db.execute(statement, tuple(columns.values()))


def _files(draft: Mapping[str, Any]) -> tuple[str, ...]:
    return codec.from_json(draft["files"], tuple[str, ...])


def _as_files(files: Sequence[str]) -> str:
    return codec.to_json(list(files))


_LISTS = {
    "messages": "SELECT id FROM message WHERE issue_id = ?",
    "replies": "SELECT id FROM reply WHERE issue_id = ?",
    "entries": "SELECT id FROM journal WHERE issue_id = ?",
    "atoms": "SELECT atom FROM atom WHERE issue_id = ? AND NOT alias",
    "aliases": "SELECT atom FROM atom WHERE issue_id = ? AND alias",
    "calls": "SELECT id FROM call WHERE issue_id = ?",
}
_ROWS = {
    "draft": "SELECT subject, to_, cc, template, rendered, body, updated_at, files, sender"
    " FROM draft WHERE issue_id = ?",
    "climb": "SELECT since, next_at, live, data FROM climb WHERE issue_id = ?",
    "incident": "SELECT incident_id FROM incident_issue WHERE issue_id = ?",
    "looks": "SELECT first_at, unseen, history FROM issue WHERE id = ?",
}


def _moving(table: str, column: str = "id") -> str:
    within = "(SELECT value FROM json_each(:wanted))"
    move = f"UPDATE {table} SET issue_id = :into"  # noqa: S608 - names of ours
    return f"{move} WHERE issue_id = :source AND {column} IN {within}"


_BACK = (
    (_moving("message"), "messages"),
    (_moving("reply"), "replies"),
    (_moving("journal"), "entries"),
    (_moving("call"), "calls"),
    (_moving("atom", "atom"), "aliases"),
)
_AS_BEFORE = """
UPDATE issue SET unseen = :unseen, history = :history, first_at = min(:first_at,
    ifnull((SELECT min(received_at) FROM message WHERE issue_id = :id), :first_at))
WHERE id = :id
"""
