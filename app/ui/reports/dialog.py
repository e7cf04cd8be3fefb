"""ReportsDialog: the numbers of a time, in a window of their own, beside the issues."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.clock import Clock, rfc3339
from app.domain.errors import KnownError
from app.domain.translation import to_translate, tr, trn
from app.ui.issue.parts import clear, hairline, label, row, scrolling
from app.ui.issue.ports import Answer, Asks
from app.ui.reports.figure_row import FigureRow
from app.ui.reports.what_if import WhatIf
from app.ui.tab_walk import ByEye
from app.ui.theme import Theme
from app.ui.widgets.choice import Choice
from app.ui.words import sentences

_TIMES = (
    (to_translate("The last 7 days"), 7),
    (to_translate("The last 30 days"), 30),
    (to_translate("The last 90 days"), 90),
    (to_translate("The last year"), 365),
)
_CHOSEN = 2


class ReportsDialog(ByEye):
    """Asks for the figures when it opens and whenever another time is chosen; `opened` carries the
    key of an issue that somebody wants to see."""

    opened = Signal(str)

    def __init__(
        self, *, bridge: Asks, theme: Theme, clock: Clock, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Numbers"))
        self.resize(theme.px(720), theme.px(720))
        self._bridge, self._theme, self._clock = bridge, theme, clock
        self._times = Choice(tr("Of which time"))
        for words, days in _TIMES:
            self._times.addItem(tr(words), days)
        self._times.setCurrentIndex(_CHOSEN)
        self._said = label(role="muted", wrap=True)
        self._figures = QVBoxLayout()
        self._figures.setSpacing(0)
        self._lay_out()
        self._times.currentIndexChanged.connect(self.reload)
        self.reload()

    def reload(self) -> None:
        """Ask again for the time that is chosen."""
        self._said.setText(tr("Counting …"))
        since = self._clock.now() - timedelta(days=int(self._times.currentData()))
        self._bridge.run(
            "report", since=rfc3339(since), then=self._show_answer, failed=self._failed
        )

    def _show_answer(self, answer: Answer) -> None:
        clear(self._figures)
        before = answer.get("before") or {}
        earlier = {(one["name"], one["clock"]): one for one in before.get("figures", ())}
        for figure in answer["figures"]:
            known = earlier.get((figure["name"], figure["clock"]))
            self._figures.addWidget(FigureRow(figure, before=known, theme=self._theme))
            self._figures.addWidget(hairline())
        self._say_basis(answer, before)

    def _say_basis(self, answer: Answer, before: Answer) -> None:
        said = trn("Of {n} issue.", "Of {n} issues.", int(answer["issues"]))
        if before.get("issues"):
            said = sentences(
                said,
                tr("Before means the 90 days before your mailbox was connected."),
                *(tr(one) for one in before["not_compared"]),
            )
        self._said.setText(said)

    def _failed(self, error: Exception) -> None:
        clear(self._figures)  # they are of another time than the one that is chosen
        known = isinstance(error, KnownError)
        self._said.setText(str(error) if known else tr("The numbers cannot be read now."))

    def _lay_out(self) -> None:
        inside = QWidget()
        inside.setProperty("ground", "surface")
        column = QVBoxLayout(inside)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(8)
        column.addLayout(row(label(tr("Numbers"), role="page"), 1, self._times))
        column.addWidget(self._said)
        column.addLayout(self._figures)
        what_if = WhatIf(bridge=self._bridge)
        what_if.opened.connect(self.opened)
        column.addWidget(what_if)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolling(inside))
