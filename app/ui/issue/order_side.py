"""The order beside the conversation: a receipt where there is room, a strip to unfold where not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.domain.translation import tr
from app.domain.views import IssueView
from app.ui.issue.earlier import EarlierIssues
from app.ui.issue.foreign_text import line, menu_text
from app.ui.issue.order_choice import OrderChoice
from app.ui.issue.order_words import now_words
from app.ui.issue.parts import button, spoken
from app.ui.issue.receipt import WIDTH, Receipt
from app.ui.theme import Theme
from app.ui.words import money


class OrderSide:
    """Holds `paper` (at the right) and `strip` (above), and shows the one that fits."""

    def __init__(self, *, theme: Theme, open_link: Callable[[str], object] | None = None) -> None:
        self._has_order = self._has_choice = self._has_earlier = False
        self._narrow = False
        self._unfolded = False
        self.receipt = Receipt(theme=theme, open_link=open_link)
        self.choice = OrderChoice()
        self.earlier = EarlierIssues()
        self.paper = _scrolling(
            (self.choice, self.receipt, self.choice.why, self.earlier), theme.px(WIDTH) + 2
        )
        self.strip = button("", self._toggle, name=tr("Show the order"), shortens=True)
        self.strip.setIcon(theme.icon("parcel"))
        self._place()

    def show_view(self, view: IssueView, now: datetime) -> None:
        """Show the issue's order and why it is that one; without one, the orders to pick from;
        below, what the customer wrote before."""
        order = view.order
        self._has_order = order is not None
        self._has_choice = bool(view.other_orders)
        self._has_earlier = bool(view.earlier)
        self.receipt.setVisible(self._has_order)
        self.choice.show_view(view, now)
        self.earlier.show_rows(view.earlier, now)
        if order is not None:
            self.receipt.show_order(order, now, value=view.value)
            stands = now_words(order, now)
            number = tr("Order {number}", number=line(order.number))
            words = f"{number}  ·  {money(order.total)}  ·  {stands}"
            self.strip.setText(menu_text(words))
        else:
            asks = tr("Which order is it about?")
            self.strip.setText(asks if self._has_choice else tr("What they wrote before"))
        self._place()

    def set_narrow(self, narrow: bool) -> None:
        """Give way to the conversation where there is little room."""
        if narrow != self._narrow:
            self._narrow, self._unfolded = narrow, False
            self._place()

    def _toggle(self) -> None:
        if not self._has_order and self._has_choice:
            self.choice.open_below(self.strip)
            return
        self._unfolded = not self._unfolded
        self._place()

    def _place(self) -> None:
        has_paper = self._has_order or self._has_earlier
        asks = self._has_choice and not self._has_order
        self.strip.setVisible((has_paper and self._narrow) or asks)
        self.paper.setVisible(has_paper and (not self._narrow or self._unfolded))
        doing = tr("Hide the order") if self._unfolded else tr("Show the order")
        if not self._has_order:
            doing = ""
        self.strip.setAccessibleName(spoken(doing, self.strip.text()))


def _scrolling(parts: tuple[QWidget, ...], wide: int) -> QScrollArea:
    inside = QWidget()
    inside.setProperty("ground", "surface")
    column = QVBoxLayout(inside)
    column.setContentsMargins(0, 0, 2, 0)
    column.setSpacing(0)
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    area = QScrollArea()
    area.setWidget(inside)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFixedWidth(wide)
    area.setAccessibleName(tr("Order"))
    return area
