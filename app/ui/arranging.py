"""Arranging: which panes stand in the window, and how they share its width.

wide       views | list | issue
narrow     views | list, or the issue alone under a way back
disputes   views | page of disputes
sprint     the issue alone
"""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QObject
from PySide6.QtWidgets import QSplitter, QWidget

from app.ui import placing
from app.ui.theme import Theme


class Arranging(QObject):
    """Shows and hides the panes of `splitter`; `back` stands over an issue that hides its list."""

    def __init__(
        self, *, views: QWidget, rows: QWidget, issue: QWidget, splitter: QSplitter, back: QWidget,
        theme: Theme,
    ) -> None:  # fmt: skip
        super().__init__(splitter)
        self._views, self._rows, self._issue = views, rows, issue
        self._splitter, self._back, self._theme = splitter, back, theme
        self._disputes: QWidget | None = None
        self._shared: QByteArray | None = None  # how the panes were shared by hand
        self._width = splitter.width()
        self._is_front = self._is_alone = False
        self.is_narrow = False
        splitter.splitterMoved.connect(self._moved_by_hand)

    @property
    def shows_list(self) -> bool:
        """Whether the list is there to be seen."""
        return not (self._is_alone or self.shows_disputes or (self.is_narrow and self._is_front))

    @property
    def shows_issue(self) -> bool:
        """Whether the issue is there to be seen."""
        return not self.shows_disputes and (self._is_alone or self._is_front or not self.is_narrow)

    @property
    def shows_disputes(self) -> bool:
        """Whether the page of disputes stands where list and issue were."""
        return self._disputes is not None and not self._disputes.isHidden()

    @property
    def by_hand(self) -> QByteArray | None:
        """How somebody shared the width, to be kept; nothing where nobody did."""
        return self._shared

    def fit(self, width: int) -> None:
        """The window has this width now."""
        self._width = width
        narrow = placing.is_narrow(width, self._theme)
        if narrow != self.is_narrow:
            self.is_narrow = narrow
            self._is_front = self._has_keyboard(self._issue)
            self._place()
        elif narrow or self._shared is None:  # else Qt keeps to how it was shared
            self._share()

    def bring_issue(self) -> None:
        """In a narrow window the issue comes into the place of the list."""
        self._front(front=True)

    def bring_list(self) -> None:
        """And the list back."""
        self._front(front=False)

    def alone(self, *, alone: bool) -> None:
        """Nothing beside the issue, or everything again."""
        self._is_alone, self._is_front = alone, False
        self._place()

    def show_disputes(self, page: QWidget | None) -> None:
        """Put that page in the place of list and issue, or these back."""
        if self._disputes is not None:
            self._disputes.hide()
        if page is not None and self._splitter.indexOf(page) < 0:
            self._splitter.addWidget(page)
        self._disputes = page
        if page is not None:
            page.show()
        self._place()

    def restore(self, state: QByteArray) -> None:
        """Share the width as somebody did it by hand."""
        self._shared = state
        self._share()

    def _front(self, *, front: bool) -> None:
        if front != self._is_front:
            self._is_front = front
            if self.is_narrow:
                self._place()

    def _has_keyboard(self, pane: QWidget) -> bool:
        focus = pane.window().focusWidget()
        return focus is not None and pane.isAncestorOf(focus)

    def _place(self) -> None:
        hides_all = self._is_alone or (self.is_narrow and self.shows_issue)
        self._views.setVisible(not hides_all)
        self._rows.setVisible(self.shows_list)
        self._issue.setVisible(self.shows_issue)
        self._back.setVisible(self.is_narrow and self.shows_issue and not self._is_alone)
        self._share()

    def _share(self) -> None:
        if self.is_narrow or self.shows_disputes:
            views = placing.views_beside_one(self._width, self._theme)
            self._splitter.setSizes([views, *[self._width - views] * (self._splitter.count() - 1)])
        elif self._shared is not None:
            self._splitter.restoreState(self._shared)
        else:
            self._splitter.setSizes([*placing.panes(self._width, self._theme), 0])

    def _moved_by_hand(self) -> None:
        if not (self.is_narrow or self.shows_disputes or self._is_alone):
            self._shared = self._splitter.saveState()
