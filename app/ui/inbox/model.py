"""InboxModel: the issues of one view, as a window on an array of ids.

SQL decides the order; the model holds the ids in that order, reads rows by the page when they are
looked at, and patches what moved. What the owner just did is laid over a row, or hides it, until
the engine's own answer is read.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence, Set
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.domain.views import InboxRow
from app.ui.inbox.difference import middle

# About as many as a window shows: a jump needs them between two frames, and each costs 0.03 ms.
PAGE = 16
_BEFORE = 2  # of them stand above the one that is asked for: somebody may scroll up
KEPT_ROWS = 1024
# Above so many inserted and removed rows a reset is quicker than patches (measured: 200 patches
# 13.8 ms, a reset of 5,000 rows 5.3 ms).
RESET_ABOVE = 80

_LOOKED_UP_AT_MOST = 64  # of more, drawing what is in view costs less

ROW = int(Qt.ItemDataRole.UserRole)

Index = QModelIndex | QPersistentModelIndex
Fetch = Callable[[Sequence[int]], Iterable[InboxRow]]
_NOWHERE = QModelIndex()


class InboxModel(QAbstractTableModel):
    """One column; `data(index, ROW)` is the whole InboxRow, or None where it is gone by now."""

    def __init__(
        self, *, fetch: Fetch, spoken: Callable[[InboxRow], str], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._fetch = fetch
        self._spoken = spoken
        self._ids: array[int] = array("q")
        self._rows: OrderedDict[int, InboxRow] = OrderedDict()
        self._laid_over: dict[int, InboxRow] = {}

    @property
    def ids(self) -> Sequence[int]:
        """The issues in the order in which they stand."""
        return self._ids

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        """How many issues there are."""
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        """One: the delegate draws the whole row."""
        return 0 if parent.isValid() else 1

    def data(self, index: Index, role: int = ROW) -> Any:
        """The row, or its words for somebody who does not see it."""
        if not index.isValid() or index.row() >= len(self._ids):
            return None
        row = self.row_at(index.row())
        if role == ROW or row is None:
            return row
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole):
            return self._spoken(row)
        return None

    def row_at(self, position: int) -> InboxRow | None:
        """The row at a position; reads its page if need be."""
        number = self._ids[position]
        row = self._laid_over.get(number) or self._rows.get(number)
        if row is None:
            self._read_page(position)
            row = self._rows.get(number)
        return row

    def position_of(self, number: int) -> int:
        """Where an issue stands, or -1."""
        try:
            return self._ids.index(number)
        except ValueError:
            return -1

    def places_of(self, numbers: Set[int]) -> dict[int, int]:
        """Where these issues stand, of those that are listed."""
        if len(numbers) == 1:
            places = {number: self.position_of(number) for number in numbers}
            return {number: at for number, at in places.items() if at >= 0}
        return {number: at for at, number in enumerate(self._ids) if number in numbers}

    def show(self, ids: Iterable[int]) -> None:
        """Show another view: everything is new."""
        self.beginResetModel()
        self._ids = array("q", ids)
        self._rows.clear()
        self._laid_over.clear()
        self.endResetModel()

    def arrange(self, ids: Sequence[int]) -> None:
        """Have the same view hold these issues in this order, touching only what differs."""
        wanted = array("q", ids)
        start, end, end_new = middle(self._ids, wanted)
        held, staying = set(self._ids[start:end]), set(wanted[start:end_new])
        if len(held ^ staying) > RESET_ABOVE:
            self.beginResetModel()
            self._ids = wanted
            self.endResetModel()
            return
        self._remove([at for at in range(start, end) if self._ids[at] not in staying])
        self._reorder(start, array("q", (n for n in wanted[start:end_new] if n in held)))
        self._insert(wanted, [at for at in range(start, end_new) if wanted[at] not in held])

    def refresh(self, numbers: Iterable[int]) -> None:
        """Read these issues anew when they are looked at next; what was laid over them goes."""
        wanted = list(numbers)
        for number in wanted:
            self._rows.pop(number, None)
            self._laid_over.pop(number, None)
        self._repaint(wanted)

    def lay_over_all(self, rows: Sequence[InboxRow]) -> None:
        """Show rows as they will be, before the engine has answered."""
        self._laid_over.update((row.id, row) for row in rows)
        self._repaint([row.id for row in rows])

    def take_out(self, numbers: Iterable[int]) -> None:
        """Hide issues that are about to leave the view."""
        gone = set(numbers)
        if len(gone) == 1:  # the usual case needs no look at every issue of a long list
            position = self.position_of(*gone)
            self._remove([position] if position >= 0 else [])
            return
        self.arrange([number for number in self._ids if number not in gone])

    def rows_of(self, numbers: Sequence[int]) -> list[InboxRow]:
        """The rows of these issues as they are shown; those that are gone are left out."""
        missing = [n for n in numbers if n not in self._rows and n not in self._laid_over]
        read = {row.id: row for row in self._fetch(missing)} if missing else {}
        rows = (self._laid_over.get(n) or self._rows.get(n) or read.get(n) for n in numbers)
        return [row for row in rows if row is not None]

    def _repaint(self, numbers: Sequence[int]) -> None:
        if len(numbers) > _LOOKED_UP_AT_MOST:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._ids) - 1, 0))
            return
        for number in numbers:
            if (position := self.position_of(number)) >= 0:
                index = self.index(position, 0)
                self.dataChanged.emit(index, index)

    def _read_page(self, position: int) -> None:
        start = max(0, position - _BEFORE)
        missing = [each for each in self._ids[start : start + PAGE] if each not in self._rows]
        for row in self._fetch(missing):
            self._rows[row.id] = row
        while len(self._rows) > KEPT_ROWS:
            self._rows.popitem(last=False)

    def _remove(self, positions: Sequence[int]) -> None:
        for first, last in reversed(_runs(positions)):
            self.beginRemoveRows(QModelIndex(), first, last)
            del self._ids[first : last + 1]
            self.endRemoveRows()

    def _reorder(self, start: int, order: array[int]) -> None:
        end = start + len(order)
        if order == self._ids[start:end]:
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        numbers = [self._ids[index.row()] for index in before]
        self._ids[start:end] = order
        after = [self.index(self._ids.index(number), 0) for number in numbers]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _insert(self, wanted: array[int], positions: Sequence[int]) -> None:
        for first, last in _runs(positions):
            self.beginInsertRows(QModelIndex(), first, last)
            self._ids[first:first] = wanted[first : last + 1]
            self.endInsertRows()


def _runs(positions: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending positions as unbroken runs, first and last of each."""
    if not positions:
        return []
    breaks = [at for at, (one, two) in enumerate(pairwise(positions), 1) if two != one + 1]
    starts = [0, *breaks]
    ends = [*(at - 1 for at in breaks), len(positions) - 1]
    return [(positions[start], positions[end]) for start, end in zip(starts, ends, strict=True)]
