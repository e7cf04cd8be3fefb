"""Marks: the issues that are selected to be done together, kept by issue and not by row.

The list may move under them as it likes. The anchor is where a span begins: the issue that was
marked, or walked to, last.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QObject, Signal


class Marks(QObject):
    """Which issues are marked; `changed` says that it is others now."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._marked: set[int] = set()
        self._anchor = -1

    def __len__(self) -> int:
        return len(self._marked)

    def __contains__(self, number: object) -> bool:
        return number in self._marked

    def of(self, listed: Iterable[int]) -> list[int]:
        """The marked ones of a list, in its order."""
        return [number for number in listed if number in self._marked]

    def turn(self, number: int) -> None:
        """Mark an issue, or take its mark away."""
        self._anchor = number
        self._put(self._marked ^ {number})

    def span(self, listed: Sequence[int], *, start: int, end: int) -> None:
        """Mark all from one issue to another as they are listed; `start` only where no span was
        begun."""
        begin = self._anchor if self._anchor in listed else start
        self._anchor = begin
        at, to = sorted((listed.index(begin), listed.index(end)))
        self._put(self._marked | set(listed[at : to + 1]))

    def all(self, listed: Iterable[int]) -> None:
        """Mark everything that is listed."""
        self._put(set(listed))

    def clear(self) -> None:
        """Nothing is marked any more."""
        self._anchor = -1
        self._put(set())

    def keep(self, listed: Iterable[int]) -> None:
        """What left the list is not marked any more."""
        if self._marked:
            self._put(self._marked & set(listed))

    def _put(self, marked: set[int]) -> None:
        if marked != self._marked:
            self._marked = marked
            self.changed.emit()
