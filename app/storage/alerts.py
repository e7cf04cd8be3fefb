"""Alerts: every tap on the shoulder, and what became of it; one per dedupe, for good."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from app.domain.alert import Alert, AlertLevel, AlertState, Rang
from app.storage import codec
from app.storage.connection import Connection

_LONG_HELD = timedelta(days=7)  # nothing waits that long to be shown


def queue(db: Connection, alert: Alert) -> int | None:
    """Keep an alert to be shown and answer its id; None if one of the same dedupe exists."""
    row = db.execute(
        "INSERT INTO alert (dedupe, level, state, title, body, issue_keys, created_at, shown_at,"
        " shown_by, clicked_at, passes, by_name) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (dedupe) DO NOTHING RETURNING id",
        (
            codec.text(alert.dedupe),
            alert.level.value,
            alert.state.value,
            codec.text(alert.title),
            codec.text(alert.body),
            codec.to_json(alert.issue_keys),
            codec.micros(alert.created_at),
            codec.maybe_micros(alert.shown_at),
            alert.shown_by,
            codec.maybe_micros(alert.clicked_at),
            alert.passes,
            alert.by_name,
        ),
    ).fetchone()
    if row is None:
        return None
    db.executemany(
        "INSERT INTO alert_issue (key, alert_id, named) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [(key, row[0], key not in alert.unnamed) for key in alert.issue_keys],
    )
    return int(row[0])


def get(db: Connection, id: int) -> Alert | None:  # noqa: A002 - the row's id
    """The alert with this id, or None."""
    row = db.execute(_SELECT + " WHERE id = ?", (id,)).fetchone()
    return _alert(row) if row else None


def of_name(db: Connection, dedupe: str) -> Alert | None:
    """The alert of this dedupe, whatever became of it, or None."""
    row = db.execute(_SELECT + " WHERE dedupe = ?", (dedupe,)).fetchone()
    return _alert(row) if row else None


def queued(db: Connection) -> tuple[Alert, ...]:
    """The alerts that wait to be shown, oldest first."""
    rows = db.execute(_SELECT + " WHERE state = 'queued' ORDER BY id")
    return tuple(_alert(row) for row in rows)


def withdraw(
    db: Connection, prefix: str, *, at: datetime, before: int | None = None
) -> tuple[int, ...]:
    """Take back the alerts that nobody has seen and whose dedupe begins like this, or only those
    made `before` one of them; their ids."""
    found = tuple(
        one.id
        for one in unseen(db)
        if one.dedupe.startswith(prefix) and (before is None or one.id < before)
    )
    for id_ in found:
        mark(db, id_, state=AlertState.WITHDRAWN, at=at)
    return found


def take_place(db: Connection, card: Alert, prefix: str, *, at: datetime) -> tuple[int, ...]:
    """Queue a card and take back what waits to be shown and what it says as loudly; the ids of all
    that moved, none where the card was there before.

    That are alerts whose dedupe begins like this (the card becomes as loud as they are), and those
    about issues of the card alone that need not be named.
    """
    waiting = queued(db)
    smaller = [one for one in waiting if one.dedupe.startswith(prefix)]
    loud = replace(card, passes=card.passes or any(one.passes for one in smaller))
    made = queue(db, loud)
    if made is None:
        return ()
    said = [one.id for one in waiting if one in smaller or _is_said_by(loud, one)]
    for id_ in said:
        mark(db, id_, state=AlertState.WITHDRAWN, at=at)
    return (made, *said)


def _is_said_by(card: Alert, alert: Alert) -> bool:
    is_about = bool(alert.issue_keys) and set(card.issue_keys).issuperset(alert.issue_keys)
    return is_about and not alert.by_name and alert.passes <= card.passes


def over(db: Connection, ids: Iterable[int]) -> tuple[Alert, ...]:
    """Those of these alerts that were taken back, clicked or dismissed."""
    given = codec.to_json(sorted(ids))
    rows = db.execute(_SELECT + _OVER, (given,))
    return tuple(_alert(row) for row in rows)


def mark(
    db: Connection,
    id: int,  # noqa: A002
    *,
    state: AlertState,
    at: datetime,
    by: str = "",
) -> None:
    """Note what became of an alert: shown (or not) `by` whom, clicked or dismissed; and when."""
    shown = state in (AlertState.SHOWN, AlertState.UNSHOWN)
    answered = state in (AlertState.CLICKED, AlertState.DISMISSED)
    instant = codec.micros(at)
    db.execute(
        "UPDATE alert SET state = ?, shown_at = ifnull(?, shown_at),"
        " clicked_at = ifnull(?, clicked_at), shown_by = iif(? = '', shown_by, ?) WHERE id = ?",
        (state.value, instant if shown else None, instant if answered else None, by, by, id),
    )


def reword(db: Connection, id: int, *, title: str, body: str) -> None:  # noqa: A002
    """It says the same in other words by now."""
    db.execute(
        "UPDATE alert SET title = ?, body = ? WHERE id = ?",
        (codec.text(title), codec.text(body), id),
    )


def recent(db: Connection, since: datetime) -> tuple[Alert, ...]:
    """The alerts made at or after an instant, oldest first."""
    rows = db.execute(
        _SELECT + " WHERE created_at >= ? ORDER BY created_at, id", (codec.micros(since),)
    )
    return tuple(_alert(row) for row in rows)


def shown_since(db: Connection, since: datetime) -> tuple[datetime, ...]:
    """When pop-ups were shown at or after an instant."""
    rows = db.execute(
        "SELECT shown_at FROM alert WHERE shown_at >= ? AND shown_by NOT IN ('', 'digest')",
        (codec.micros(since),),
    )
    return tuple(codec.moment(at) for (at,) in rows)


def is_shown_between(db: Connection, prefix: str, at: datetime, until: datetime) -> bool:
    """Whether an alert whose dedupe begins like this was shown after an instant, and not later than
    another: what a clock that was wrong left in the future was not."""
    return any(
        dedupe.startswith(prefix)
        for (dedupe,) in db.execute(
            "SELECT dedupe FROM alert WHERE created_at > ? AND shown_at > ? AND shown_at <= ?",
            (codec.micros(at - _LONG_HELD), codec.micros(at), codec.micros(until)),
        )
    )


def to_repeat(db: Connection, *, before: datetime, most: int) -> tuple[Alert, ...]:
    """Urgent ones about a critical issue that nobody took, by itself or on the card of a storm,
    that were shown before an instant and that nobody touched; not those that were repeated so
    often."""
    rows = db.execute(_SELECT + _TO_REPEAT, (codec.micros(before), most))
    return tuple(_alert(row) for row in rows)


def still_critical(db: Connection, alert: Alert) -> tuple[str, ...]:
    """Those issues of a storm's card that are critical and that nobody opened or took, as they
    stand on it."""
    rows = db.execute(_STILL_CRITICAL, (codec.to_json(alert.issue_keys),))
    return tuple(key for (key,) in rows)


def offer_again(db: Connection, *, since: datetime, most: int) -> tuple[int, ...]:
    """Queue once more what was made since an instant and no desktop has shown; not what stands on
    a card, nor what was repeated so often. Their ids."""
    rows = db.execute(
        "UPDATE alert SET state = 'queued', repeats = repeats + 1"
        " WHERE state = 'unshown' AND shown_by <> 'digest' AND created_at >= ? AND repeats < ?"
        " RETURNING id",
        (codec.micros(since), most),
    )
    return tuple(id_ for (id_,) in rows.fetchall())


def repeated(db: Connection, id: int, *, at: datetime) -> None:  # noqa: A002
    """It is shown once more."""
    db.execute(
        "UPDATE alert SET repeats = repeats + 1, shown_at = ? WHERE id = ?", (codec.micros(at), id)
    )


def unseen(db: Connection) -> tuple[Alert, ...]:
    """The alerts that nobody has clicked or dismissed, those of what stands highest first."""
    rows = db.execute(_SELECT + _UNSEEN)
    return tuple(_alert(row) for row in rows)


def highest_first(db: Connection, some: Iterable[Alert]) -> list[Alert]:
    """These, those of what stands highest in the list first; of equals the older. Parts of one card
    stay together."""
    these: dict[int, list[Alert]] = {}
    for one in some:
        these.setdefault(one.id, []).append(one)
    rows = db.execute(_SELECT + _THESE + _HIGHEST_FIRST + "id", (codec.to_json(list(these)),))
    return [one for row in rows for one in these[row[0]]]


def unseen_about(db: Connection, keys: Iterable[str]) -> tuple[Alert, ...]:
    """Those of the unseen ones that are about one of these issues, under any key it has or had."""
    rows = db.execute(_SELECT + _UNSEEN_ABOUT, (codec.to_json(sorted(keys)),))
    return tuple(_alert(row) for row in rows)


def rang(db: Connection) -> Rang:
    """How many issues the unseen ones are about, each once however often it rang, without what was
    answered, put away or put to sleep since; those of an incident, of a first reading and of a calm
    sleep are told as such."""
    number, unopened = db.execute(_RANG).fetchone()
    return Rang(issues=number, unopened=unopened or 0)


def is_dealt_with(db: Connection, alert: Alert, *, but: int) -> bool:
    """Whether somebody opened, took up, put away or put to sleep every issue that it is about, but
    for one of which that is known."""
    given = {"keys": codec.to_json(alert.issue_keys), "but": but}
    return db.execute(_UNTOUCHED, given).fetchone() is None


def bring_back(db: Connection, *, to: datetime, after: datetime, again: Sequence[str]) -> bool:
    """Let what was made later than `after`, while the clock was ahead, be of `to`; whether there
    was any. What has one of these beginnings may be told once more under its name."""
    made = db.execute("SELECT id, dedupe FROM alert WHERE created_at > ?", (codec.micros(after),))
    found = made.fetchall()
    db.executemany(
        "UPDATE alert SET created_at = ?1, shown_at = min(shown_at, ?1), dedupe = ?2 WHERE id = ?3",
        [
            (codec.micros(to), f"{name}/{id_}" if name.startswith(tuple(again)) else name, id_)
            for id_, name in found
        ],
    )
    return bool(found)


def last_for_issue(db: Connection, key: str, *, but: str = "") -> Alert | None:
    """The newest alert about an issue, under any of the keys that it has or had.

    `but`: without those whose dedupe begins like this.
    """
    row = db.execute(_SELECT + _LAST_OF_ISSUE, {"key": key, "but": but}).fetchone()
    return _alert(row) if row else None


def is_named_since(db: Connection, key: str, at: datetime) -> bool:
    """Whether an alert that has to be named, made at or after an instant, names an issue."""
    row = db.execute(_NAMED, {"key": key, "at": codec.micros(at)}).fetchone()
    return row is not None


def _alert(row: tuple[Any, ...]) -> Alert:
    (
        id_, dedupe, level, state, title, body, keys, created_at, shown_at, shown_by, clicked_at,
        passes, by_name,
    ) = row  # fmt: skip
    return Alert(
        id=id_,
        dedupe=dedupe,
        level=AlertLevel(level),
        state=AlertState(state),
        title=title,
        body=body,
        issue_keys=codec.from_json(keys, tuple[str, ...]),
        created_at=codec.moment(created_at),
        shown_at=codec.maybe_moment(shown_at),
        shown_by=shown_by,
        clicked_at=codec.maybe_moment(clicked_at),
        passes=bool(passes),
        by_name=bool(by_name),
    )


_SELECT = """
SELECT id, dedupe, level, state, title, body, issue_keys, created_at, shown_at, shown_by,
    clicked_at, passes, by_name
FROM alert
"""

_STANDS_AT = """(
    SELECT max(score) FROM (
        SELECT i.score FROM json_each(alert.issue_keys) k JOIN atom a ON a.key = k.value
        JOIN issue i ON i.id = a.issue_id LIMIT 20)) -- a storm's card has thousands
"""

_HIGHEST_FIRST = f" ORDER BY {_STANDS_AT} DESC, "

_UNSEEN = f"WHERE state IN ('queued', 'shown', 'unshown') {_HIGHEST_FIRST} id DESC"

_THESE = "WHERE id IN (SELECT value FROM json_each(?))"

_UNSEEN_ABOUT = """
WHERE id IN (
    SELECT ai.alert_id FROM json_each(?) j JOIN atom ON atom.key = j.value
    JOIN atom AS other USING (issue_id) JOIN alert_issue ai ON ai.key = other.key)
AND state IN ('queued', 'shown', 'unshown') ORDER BY id DESC
"""

_RANG = """
SELECT count(*), sum(unseen) FROM issue
WHERE state IN ('new', 'acknowledged') AND snoozed_until IS NULL AND id IN (
    SELECT a.issue_id FROM alert, json_each(alert.issue_keys) k JOIN atom a ON a.key = k.value
    WHERE alert.state IN ('queued', 'shown', 'unshown')
    AND alert.dedupe NOT LIKE 'incident:%' AND alert.dedupe NOT LIKE 'first-reading/%'
    AND alert.dedupe NOT LIKE 'away/%')
"""

_UNTOUCHED = """
SELECT 1 FROM atom a JOIN issue i ON i.id = a.issue_id
WHERE a.key IN (SELECT value FROM json_each(:keys)) AND i.id <> :but AND i.unseen
AND i.state IN ('new', 'waiting') AND i.snoozed_until IS NULL LIMIT 1
"""

_TO_REPEAT = """
WHERE state IN ('shown', 'unshown') AND level = 'urgent' AND shown_at <= ? AND repeats < ?
AND dedupe NOT GLOB 'still/*'
AND (json_array_length(issue_keys) = 1 OR dedupe GLOB 'bundle/*') AND EXISTS (
    SELECT 1 FROM json_each(issue_keys) k JOIN atom a ON a.key = k.value
    JOIN issue i ON i.id = a.issue_id
    WHERE i.state = 'new' AND i.severity = 'critical' AND i.snoozed_until IS NULL
    AND (json_array_length(issue_keys) = 1 OR i.unseen)
    AND (i.id NOT IN (SELECT issue_id FROM incident_issue)
        OR EXISTS ( -- it rang beside the card; for what rang before, the card speaks
            SELECT 1 FROM incident_issue m JOIN incident n ON n.id = m.incident_id
            JOIN alert c ON c.dedupe > 'incident:' || n.name || ':'
                AND c.dedupe < 'incident:' || n.name || ';' -- all that begin so, by the index
            WHERE m.issue_id = i.id AND c.id < alert.id)))
ORDER BY id
"""

_STILL_CRITICAL = """
SELECT min(k.value) FROM json_each(?) k JOIN atom a ON a.key = k.value
JOIN issue i ON i.id = a.issue_id
WHERE i.state = 'new' AND i.severity = 'critical' AND i.snoozed_until IS NULL AND i.unseen
GROUP BY i.id ORDER BY min(k.key)
"""

_OVER = """
WHERE state IN ('withdrawn', 'clicked', 'dismissed') AND id IN (SELECT value FROM json_each(?))
"""

_LAST_OF_ISSUE = """
WHERE id = (
    SELECT max(a.id) FROM alert_issue ai JOIN alert a ON a.id = ai.alert_id
    WHERE (ai.key = :key OR ai.key IN (
        SELECT other.key FROM atom JOIN atom AS other USING (issue_id) WHERE atom.key = :key))
    AND (:but = '' OR substr(a.dedupe, 1, length(:but)) <> :but))
"""

_NAMED = """
SELECT 1 FROM alert_issue ai JOIN alert a ON a.id = ai.alert_id
WHERE (ai.key = :key OR ai.key IN (
    SELECT other.key FROM atom JOIN atom AS other USING (issue_id) WHERE atom.key = :key))
AND ai.named AND a.by_name AND a.created_at >= :at AND a.state <> 'withdrawn' LIMIT 1
"""
