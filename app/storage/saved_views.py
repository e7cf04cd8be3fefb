"""Saved views: searches kept under names, in the order in which their owner put them.

A name is found whatever its capitals. Places are 0, 1, 2 ... without holes after each change.
"""

from __future__ import annotations

from app.domain.errors import NotFound
from app.domain.saved_view import SavedView
from app.domain.translation import tr
from app.storage import codec
from app.storage.connection import Connection

SAVED_VIEWS: tuple[str, ...] = (
    """
CREATE TABLE saved_view (
    name TEXT PRIMARY KEY COLLATE NOCASE,
    search TEXT NOT NULL,
    place INTEGER NOT NULL
) STRICT, WITHOUT ROWID
""",
)


def every(db: Connection) -> tuple[SavedView, ...]:
    """All of them in their order."""
    rows = db.execute("SELECT name, search, place FROM saved_view ORDER BY place, name")
    return tuple(SavedView(name=name, search=search, place=place) for name, search, place in rows)


def get(db: Connection, name: str) -> SavedView:
    """The view of this name. Raises NotFound, which names those that there are."""
    found = next((one for one in every(db) if one.name.casefold() == name.casefold()), None)
    if found is None:
        names = ", ".join(one.name for one in every(db)) or "none"
        raise NotFound(
            tr("There is no saved view named {name}", name=name),
            "",
            tr("There are: {names}", names=names),
        )
    return found


def put(db: Connection, view: SavedView) -> None:
    """Keep a view at its place, instead of one of the same name; the others make room."""
    others = [one for one in every(db) if one.name.casefold() != view.name.casefold()]
    place = max(0, min(view.place, len(others)))
    _write(db, [*others[:place], view, *others[place:]])


def drop(db: Connection, name: str) -> None:
    """Forget a view."""
    _write(db, [one for one in every(db) if one.name.casefold() != name.casefold()])


def _write(db: Connection, views: list[SavedView]) -> None:
    db.execute("DELETE FROM saved_view")
    db.executemany(
        "INSERT INTO saved_view VALUES (?, ?, ?)",
        [(codec.text(one.name), codec.text(one.search), at) for at, one in enumerate(views)],
    )
