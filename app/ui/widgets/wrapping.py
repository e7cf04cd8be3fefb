"""Wrapping: side by side as far as there is room; what a line cannot hold stands on the next.

Large letters, long languages and narrow panes meet rows of buttons that may not shorten: which verb
it is must be read whole.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

_ACROSS = Qt.Orientation.Horizontal


class Wrapping(QLayout):
    """What expands (a field, a widget of that policy) asks for its least width, and takes what the
    others leave of its line."""

    def __init__(self, *items: QWidget, gap: int = 8) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(gap)
        for item in items:
            self.addWidget(item)

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802 - Qt's name
        """One more at the end."""
        self._items.append(item)

    def count(self) -> int:
        """How many there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802 - Qt's name
        """The one at this place; None where there is none, which is how Qt counts."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802 - Qt's name
        """The same, taken out."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802 - Qt's name
        """None: it is content with the line that it is given."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """How high the lines are at this width."""
        return self._arrange(QRect(0, 0, width, 0), moves=False)

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802 - Qt's name
        """Put each where it belongs."""
        super().setGeometry(rect)
        self._arrange(rect, moves=True)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """All on one line."""
        sizes = [item.sizeHint() for item in self._shown()]
        gaps = self.spacing() * max(0, len(sizes) - 1)
        high = max((size.height() for size in sizes), default=0)
        return self._with_margins(QSize(sum(size.width() for size in sizes) + gaps, high))

    def minimumSize(self) -> QSize:  # noqa: N802 - Qt's name
        """Each on a line of its own, as narrow as the widest may be."""
        sizes = [item.minimumSize() for item in self._shown()]
        wide = max((size.width() for size in sizes), default=0)
        return self._with_margins(QSize(wide, max((size.height() for size in sizes), default=0)))

    def _with_margins(self, size: QSize) -> QSize:
        return size.grownBy(self.contentsMargins())

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _arrange(self, rect: QRect, *, moves: bool) -> int:
        """How high all of it is in this rectangle; where it `moves`, each goes to its place."""
        margins = self.contentsMargins()
        inside = rect.marginsRemoved(margins)
        top = inside.top()
        for line in self._lines(inside.width()):
            widths = self._widths(line, inside.width())
            heights = list(map(_height, line, widths))
            left = inside.left()
            for item, width, high in zip(line, widths, heights, strict=True):
                if moves:
                    item.setGeometry(QRect(left, top + (max(heights) - high) // 2, width, high))
                left += width + self.spacing()
            top += max(heights) + self.spacing()
        under = self.spacing() if self._shown() else 0
        return top - under - rect.top() + margins.bottom()

    def _lines(self, room: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        used = 0
        for item in self._shown():
            width = _asks_for(item)
            if not lines or used + self.spacing() + width > room:
                lines.append([])
                used = -self.spacing()
            lines[-1].append(item)
            used += self.spacing() + width
        return lines

    def _widths(self, line: list[QLayoutItem], room: int) -> list[int]:
        asked = [min(_asks_for(item), room) for item in line]
        growing = [_grows(item) for item in line]
        left = max(0, room - sum(asked) - self.spacing() * (len(line) - 1))
        share = left // sum(growing) if any(growing) else 0
        return [width + share * grows for width, grows in zip(asked, growing, strict=True)]


def _grows(item: QLayoutItem) -> bool:
    return bool(item.expandingDirections() & _ACROSS)


def _asks_for(item: QLayoutItem) -> int:
    return (item.minimumSize() if _grows(item) else item.sizeHint()).width()


def _height(item: QLayoutItem, width: int) -> int:
    return item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()
