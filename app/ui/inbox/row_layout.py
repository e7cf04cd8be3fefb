"""Row layout: where each part of a row stands, for the delegate (draws) and the view (clicks).

Pure rectangles from a row's rectangle and a scale; nothing is measured while painting.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect

from app.domain.journal import State
from app.domain.views import InboxRow
from app.ui.tokens import Gap

MARK = "mark"  # what a click on the score does: select the issue, to do several at once
SLOTS = 3
_MARK = 40
_TIME = 140
_VERB = 32


@dataclass(frozen=True, slots=True)
class RowLayout:
    """The rectangles of one row."""

    mark: QRect
    first: QRect
    second: QRect
    time: QRect
    slots: tuple[QRect, ...]

    def slot_at(self, x: int, y: int) -> int:
        """The place for a verb under a point, or -1."""
        return next((at for at, rect in enumerate(self.slots) if rect.contains(x, y)), -1)


def verbs_of(row: InboxRow) -> tuple[str, ...]:
    """What may be done with an issue where it stands; empty where a place stays free."""
    if row.state in (State.RESOLVED, State.CLOSED):
        return ("", "", "reopen")
    if row.snoozed_until is not None:
        return ("", "reopen", "resolve")
    return ("acknowledge" if row.state is State.NEW else "", "snooze", "resolve")


def lay_out(row: QRect, scale: float) -> RowLayout:
    """The rectangles of a row that takes up this rectangle."""

    def px(length: float) -> int:
        return round(length * scale)

    mark = QRect(
        row.left() + px(Gap.MEDIUM), row.center().y() - px(_MARK) // 2 + 1, px(_MARK), px(_MARK)
    )
    left = mark.right() + px(Gap.MEDIUM)
    right = row.right() - px(Gap.MEDIUM)
    top, line = row.top() + px(11), px(20)
    time = QRect(right - px(_TIME), top, px(_TIME), line)
    first = QRect(left, top, time.left() - left - px(Gap.TINY), line)
    second = QRect(left, top + line + px(2), right - left, line)
    side = px(_VERB)
    start = right - side * SLOTS + px(Gap.TINY)
    slots = tuple(
        QRect(start + at * side, row.center().y() - side // 2 + 1, side, side)
        for at in range(SLOTS)
    )
    return RowLayout(mark, first, second, time, slots)
