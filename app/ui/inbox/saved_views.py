"""SavedViews: keeps, renames, moves and removes saved views for the side bar, each with its undo.

the search field -> "Keep" -> a name -> engine -> Changes -> the side bar reads them anew
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QPoint, Signal

from app.domain.saved_view import SavedView
from app.domain.translation import tr
from app.ui.bridge import EngineBridge
from app.ui.inbox.saved_menu import SavedMenu, ask_name
from app.ui.inbox.views_list import SAVED, ViewsList
from app.ui.issue.foreign_text import line
from app.ui.theme import Theme


class SavedViews(QObject):
    """`said` carries a sentence and how it is taken back; `moved` the name of a view that has
    another one now, or that is gone (then the second is empty)."""

    said = Signal(str, object)
    moved = Signal(str, str)

    def __init__(self, *, bridge: EngineBridge, views: ViewsList, theme: Theme) -> None:
        super().__init__(views)
        self._bridge, self._views, self._theme = bridge, views, theme
        self._every: dict[str, SavedView] = {}
        views.menu_asked.connect(self._open_menu)
        views.rename_asked.connect(self._ask_rename)
        views.remove_asked.connect(self.remove)
        views.move_asked.connect(self.move)

    def show(self, counted: list[tuple[SavedView, int]]) -> None:
        """These are there, with so many issues."""
        self._every = {view.name: view for view, _ in counted}
        self._views.set_saved({f"{SAVED}{view.name}": count for view, count in counted})

    @property
    def names(self) -> tuple[str, ...]:
        """Their names in order."""
        return tuple(self._every)

    def search_of(self, name: str) -> str:
        """What a view asks; empty where it is gone."""
        view = self._every.get(name)
        return view.search if view else ""

    def ask_keep(self, search: str, at: QPoint) -> None:
        """Ask for a name and keep the search under it."""
        ask_name(
            self._views.window(), self._theme, at, said=tr("Name of the view"), name="",
            then=lambda name: self.keep(name, search),
        )  # fmt: skip

    def keep(self, name: str, search: str) -> None:
        """Keep a search under a name."""

        def kept(answer: dict[str, Any]) -> None:
            named, before = str(answer["name"]), answer.get("before")
            back = (lambda: self._put(before)) if before else (lambda: self._drop(named))
            self.said.emit(tr("Kept as {name}", name=line(named)), back)
            self.moved.emit("", named)

        self._bridge.run("view_keep", then=kept, name=name, search=search)

    def rename(self, name: str, to: str) -> None:
        """Give a view another name."""

        def renamed(answer: dict[str, Any]) -> None:
            named = str(answer["name"])
            self.said.emit(
                tr("Renamed to {name}", name=line(named)), lambda: self._rename(named, name)
            )
            self.moved.emit(name, named)

        self._bridge.run("view_rename", then=renamed, name=name, to=to)

    def move(self, name: str, by: int) -> None:
        """Put a view one place up (-1) or down (1)."""
        names = list(self._every)
        if name in names and 0 <= (to := names.index(name) + by) < len(names):
            self._bridge.run("view_move", name=name, to=to)

    def remove(self, name: str) -> None:
        """Forget a view."""

        def dropped(answer: dict[str, Any]) -> None:
            before = answer["before"]
            self.said.emit(
                tr("Removed the view {name}", name=line(name)), lambda: self._put(before)
            )
            self.moved.emit(name, "")

        self._bridge.run("view_drop", then=dropped, name=name)

    def _put(self, before: dict[str, Any]) -> None:
        self._bridge.run("view_keep", **before)

    def _drop(self, name: str) -> None:
        self._bridge.run("view_drop", then=lambda _: self.moved.emit(name, ""), name=name)

    def _rename(self, name: str, to: str) -> None:
        self._bridge.run("view_rename", then=lambda _: self.moved.emit(name, to), name=name, to=to)

    def _ask_rename(self, name: str, at: QPoint) -> None:
        ask_name(
            self._views.window(), self._theme, at, said=tr("New name of the view"), name=name,
            then=lambda to: self.rename(name, to),
        )  # fmt: skip

    def _open_menu(self, name: str, at: QPoint) -> None:
        names = list(self._every)
        acts: dict[str, tuple[str, Callable[[], object]]] = {
            tr("Rename"): ("F2", lambda: self._ask_rename(name, at))
        }
        if names and names[0] != name:
            acts[tr("Move up")] = (tr("Alt+Up"), lambda: self.move(name, -1))
        if names and names[-1] != name:
            acts[tr("Move down")] = (tr("Alt+Down"), lambda: self.move(name, 1))
        acts[tr("Remove")] = (tr("Del"), lambda: self.remove(name))
        SavedMenu(self._views.window(), name=name, acts=acts).popup(at)
