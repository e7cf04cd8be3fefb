"""Placing: how big the window opens, how small it may be made, and how its panes share a width.

Everything is bounded by the screen it stands on: a laptop of 1366 x 768 has less room than the
design's own 1360 x 860, and large letters must not push Send off it.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QWidget

from app.ui.theme import Theme

_SIZE = (1360, 860)
_LEAST = (600, 420)
_FRAME = QSize(8, 40)  # what a desktop draws around a window; not known before it is shown
_PANES = (208, 468)  # views and list on a wide window; the issue has the rest
_LEAST_PANES = (150, 310, 456)
_VIEWS_SHARE, _LIST_SHARE = 0.187, 0.335
_VIEWS_SHARE_OF_TWO = 0.28  # where one pane stands beside the views


def fit(window: QWidget, theme: Theme) -> None:
    """Give a window its size, within the screen."""
    room = room_on(window.screen().availableGeometry())
    window.setMinimumSize(_px(_LEAST, theme).boundedTo(room))
    window.resize(_px(_SIZE, theme).boundedTo(room))


def keep_on_screen(window: QWidget) -> None:
    """A place that was remembered from a larger screen is made to fit this one."""
    if window.isMaximized() or window.isFullScreen():
        return
    screen = window.screen().availableGeometry()
    window.resize(window.size().boundedTo(room_on(screen)))
    frame = window.frameGeometry()
    if not screen.contains(frame):
        left = max(screen.left(), min(frame.left(), screen.right() - frame.width()))
        top = max(screen.top(), min(frame.top(), screen.bottom() - frame.height()))
        window.move(left, top)


def room_on(screen: QRect) -> QSize:
    """What a screen has for a window's inside."""
    return screen.size() - _FRAME


def least_panes(theme: Theme) -> tuple[int, int, int]:
    """How narrow views, list and issue may be made."""
    views, rows, issue = (theme.px(width) for width in _LEAST_PANES)
    return views, rows, issue


def is_narrow(width: int, theme: Theme) -> bool:
    """Whether this is too little for views, list and issue beside each other."""
    return width < sum(least_panes(theme))


def views_beside_one(width: int, theme: Theme) -> int:
    """How wide the views are where only one pane stands beside them."""
    return min(theme.px(_PANES[0]), round(width * _VIEWS_SHARE_OF_TWO))


def panes(width: int, theme: Theme) -> list[int]:
    """How views, list and issue share this width while nobody has moved a handle."""
    least = least_panes(theme)
    rows = min(theme.px(_PANES[1]), max(least[1], round(width * _LIST_SHARE)))
    views = min(theme.px(_PANES[0]), round(width * _VIEWS_SHARE), width - rows - least[2])
    views = max(least[0], views)
    return [views, rows, max(least[2], width - views - rows)]


def _px(lengths: tuple[int, int], theme: Theme) -> QSize:
    return QSize(*(theme.px(length) for length in lengths))
