"""Sorting: what to do where the machine is not sure: the likely answers, one key each."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from app.domain.assessment import Kind
from app.domain.translation import tr
from app.domain.views import IssueView
from app.ui.issue.parts import SLIM, button, label, link_button, row
from app.ui.theme import Theme
from app.ui.words import kind_word

MOST = 4


def answers(view: IssueView) -> tuple[Kind, ...]:
    """What an issue may be about, likeliest first; nothing where that is certain or decided."""
    if not view.row.unsure:
        return ()
    likely = (view.row.kind, *(guess.kind for guess in view.alternatives))
    order = [guess.kind for guess in view.alternatives] or [view.row.kind]
    return tuple(dict.fromkeys((*order, *likely)))[:MOST]


class SortLine(QFrame):
    """Asks "what is it about?" above the reasons; hidden where the machine is sure.

    `chosen` carries the kind; `others_asked`: none of them is right.
    """

    chosen = Signal(str)
    others_asked = Signal()

    def __init__(self, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setProperty("tone", "normal")
        self.setStyleSheet(SLIM)
        self.setAccessibleName(tr("Unsure what it is about, please sort"))
        self._kinds: tuple[Kind, ...] = ()
        self._chips = [button("", partial(self._choose, at)) for at in range(1, MOST + 1)]
        for chip in self._chips:
            chip.setProperty("slim", "true")
        other = link_button(tr("Another"), self.others_asked.emit, name=tr("Another kind"))
        line = row(label(tr("Unsure, please sort:"), role="muted"), *self._chips, other, 1, gap=6)
        line.setContentsMargins(12, 5, 8, 5)
        self.setLayout(line)
        self.hide()

    def show_view(self, view: IssueView) -> None:
        """Offer the likely answers for this issue, or nothing."""
        self._kinds = answers(view)
        self.setVisible(bool(self._kinds))
        for at, chip in enumerate(self._chips):
            chip.setVisible(at < len(self._kinds))
            if at < len(self._kinds):
                words = kind_word(self._kinds[at])
                chip.setText(f"{at + 1}  {words}")
                chip.setAccessibleName(tr("It is: {kind}", kind=words))
                chip.setToolTip(f"{words} ({at + 1})")

    def kind_at(self, place: int) -> str | None:
        """The answer at this place, from 1; None where nothing is asked or there are fewer."""
        return self._kinds[place - 1].value if 0 < place <= len(self._kinds) else None

    def _choose(self, place: int) -> None:
        if (kind := self.kind_at(place)) is not None:
            self.chosen.emit(kind)
