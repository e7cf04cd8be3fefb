"""SavedViewsDesk: the verbs about saved views. Each answers with the view as it was before, so that
a desk can take the verb back by another of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from app.domain.changes import Changes
from app.domain.clock import Clock
from app.domain.errors import KnownError, Refused
from app.domain.saved_view import MOST, SavedView, checked_name
from app.domain.search_query import parse
from app.domain.translation import tr
from app.engine.desk import Verb
from app.storage import saved_views
from app.storage.connection import Connection
from app.storage.writer import Writer


class SavedViewsDesk:
    """Keeps, renames, moves and drops."""

    def __init__(
        self,
        *,
        writer: Writer,
        clock: Clock,
        me: Callable[[], str],
        publish: Callable[[Changes], None],
    ) -> None:
        self._writer, self._clock, self._me, self._publish = writer, clock, me, publish

    def verbs(self) -> dict[str, Verb]:
        """The verbs by the names that desks use."""
        return {
            "view_keep": self.keep,
            "view_rename": self.rename,
            "view_move": self.move,
            "view_drop": self.drop,
        }

    def keep(self, name: str, search: str, place: int | None = None) -> dict[str, Any]:
        """Keep a search under a name, at the end unless a place is given; a view of that name is
        replaced. Raises Refused where the search cannot be understood."""
        wanted, asked = checked_name(name), search.strip()
        troubles = parse(asked, now=self._clock.now(), me=self._me()).troubles
        if not asked or troubles:
            raise Refused(*troubles[:1] or (tr("The search is empty"),))

        def write(db: Connection) -> SavedView | None:
            before = _found(db, wanted)
            if before is None and len(saved_views.every(db)) >= MOST:
                raise Refused(
                    tr("There are {most} saved views", most=MOST), "", tr("Remove one first")
                )
            at = place if place is not None else before.place if before else MOST
            saved_views.put(db, SavedView(name=wanted, search=asked, place=at))
            return before

        return self._answer(wanted, self._writer.do(write))

    def rename(self, name: str, to: str) -> dict[str, Any]:
        """Give a view another name."""
        wanted = checked_name(to)

        def write(db: Connection) -> SavedView:
            before = saved_views.get(db, name)
            taken = _found(db, wanted)
            if taken is not None and taken != before:
                raise Refused(tr("There is a view named {name} already", name=taken.name))
            saved_views.drop(db, name)
            saved_views.put(db, replace(before, name=wanted))
            return before

        return self._answer(wanted, self._writer.do(write))

    def move(self, name: str, to: int) -> dict[str, Any]:
        """Put a view at another place among the saved ones, from 0."""

        def write(db: Connection) -> SavedView:
            before = saved_views.get(db, name)
            saved_views.put(db, replace(before, place=int(to)))
            return before

        return self._answer(name, self._writer.do(write))

    def drop(self, name: str) -> dict[str, Any]:
        """Forget a view; the issues that it showed stay as they are."""

        def write(db: Connection) -> SavedView:
            before = saved_views.get(db, name)
            saved_views.drop(db, name)
            return before

        return self._answer(name, self._writer.do(write))

    def _answer(self, name: str, before: SavedView | None) -> dict[str, Any]:
        changes = Changes(views=frozenset({name}))
        self._publish(changes)
        was = {"before": before.as_dict()} if before else {}
        return {"changes": changes.as_dict(), "name": name, **was}


def _found(db: Connection, name: str) -> SavedView | None:
    try:
        return saved_views.get(db, name)
    except KnownError:
        return None
