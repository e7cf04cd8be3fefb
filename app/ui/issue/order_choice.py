"""Why it is this order, and one click to say that it is another."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from app.domain.order import Order, OrderLink
from app.domain.translation import joined, tr
from app.domain.views import IssueView
from app.ui.issue.foreign_text import line, menu_text
from app.ui.issue.parts import label, link_button
from app.ui.words import day, money

_LONGEST_TITLE = 30


class OrderChoice(QWidget):
    """Offers the others; `picked` carries the number and the atom of one, two shops may number
    alike; both are empty for none of them.

    `why` is the sentence for below the receipt; the button stands above it, never out of sight.
    """

    picked = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.why = label(role="meta", wrap=True)
        self.why.setContentsMargins(14, 6, 10, 8)
        self.menu = QMenu(self)
        self.menu.setAccessibleName(tr("Which order it is about"))
        self.other = link_button(tr("Not this order?"), self.open)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 0, 8, 2)
        column.addWidget(self.other)

    def show_view(self, view: IssueView, now: datetime) -> None:
        """Say why the shown order is the one, and offer the others."""
        link = view.order_link
        said = link_words(link)
        self.why.setText(said)
        self.why.setVisible(bool(said))
        self.other.setVisible(bool(view.row.order_number or view.other_orders))
        self.menu.clear()
        for order in view.other_orders:
            self._offer(menu_text(order_words(order, now)), order.number, order.atom)
        if view.row.order_number:
            self._offer(tr("About no order"))

    def open(self) -> None:
        """Open the menu of the other orders below the button that asked."""
        at = self.other if self.other.isVisible() else self
        self.menu.popup(at.mapToGlobal(at.rect().bottomLeft()))

    def open_below(self, widget: QWidget) -> None:
        """Open the menu below another button."""
        self.menu.popup(widget.mapToGlobal(widget.rect().bottomLeft()))

    def _offer(self, words: str, number: str = "", atom: str = "") -> None:
        action = self.menu.addAction(words)
        action.triggered.connect(lambda _=False: self.picked.emit(number, atom))


def link_words(link: OrderLink | None) -> str:
    """The link as a sentence or two: why this one, and which other it may be."""
    if link is None or not link.number:
        return ""
    if link.by_person:
        return tr("You picked this order.")
    said = tr("Linked because {reasons}.", reasons=joined([line(one) for one in link.because]))
    if link.runner_up:
        said += " " + tr("Or perhaps {number}.", number=line(link.runner_up))
    return said


def order_words(order: Order, now: datetime) -> str:
    """An order on one line of a menu."""
    title = line(order.items[0].title) if order.items else ""
    if len(title) > _LONGEST_TITLE:
        title = title[: _LONGEST_TITLE - 1] + "…"
    parts = (line(order.number), title, money(order.total), day(order.placed_at, now))
    return "  ·  ".join(part for part in parts if part)
