"""Closing: whether the window may close, or words would be lost that the profile does not take."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QGuiApplication

from app.ui import notices
from app.ui.panes import IssuePane
from app.ui.widgets.banner import BannerArea


class Closing:
    """Asks once, by a banner; `close` is what a person then chooses all the same."""

    def __init__(
        self, *, issue: IssuePane, banners: BannerArea, close: Callable[[], object]
    ) -> None:
        self._issue, self._banners, self._close = issue, banners, close
        self._gives_up = False

    def may(self) -> bool:
        """Whether nothing is in the way; else the banner says what."""
        why, words = self._issue.unkept()
        if not words or self._gives_up:
            self._banners.drop(notices.UNKEPT)
            return True

        def copy() -> None:
            QGuiApplication.clipboard().setText(words)

        self._banners.put(notices.unkept(why, copy=copy, close=self._all_the_same))
        return False

    def _all_the_same(self) -> None:
        self._gives_up = True
        self._close()
