"""The order beside the conversation: a receipt where there is room, a strip to unfold where not."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.domain.order import Order
from app.ui.issue.foreign_text import line, menu_text
from app.ui.issue.parts import button, spoken
from app.ui.issue.receipt import WIDTH, Receipt
from app.ui.issue.wording import order_steps
from app.ui.theme import Theme
from app.ui.words import money


class OrderSide:
    """Holds `paper` (at the right) and `strip` (above), and shows the one that fits."""

    def __init__(self, *, theme: Theme) -> None:
        self._theme = theme
        self._has_order = False
        self._narrow = self._low = False
        self._unfolded = False
        self.receipt = Receipt(theme=theme)
        self.paper = _scrolling(self.receipt, theme.px(WIDTH) + 2)
        self.strip: QPushButton = button("", self._toggle, name="Show the order")
        self.strip.setIcon(theme.icon("parcel"))
        self._place()

    def show_order(self, order: Order | None, now: datetime) -> None:
        """Show this order, or nothing."""
        self._has_order = order is not None
        if order is not None:
            self.receipt.show_order(order, now)
            what, how = order_steps(order, now)[-1]
            words = f"Order {line(order.number)}  ·  {money(order.total)}  ·  {what.lower()} {how}"
            self.strip.setText(menu_text(words))
        self._place()

    def set_narrow(self, narrow: bool) -> None:
        """Give way to the conversation where there is little room."""
        if narrow != self._narrow:
            self._narrow, self._unfolded = narrow, False
            self._place()

    def set_low(self, low: bool) -> None:
        """Give way altogether: the head of the issue names the order too."""
        if low != self._low:
            self._low, self._unfolded = low, False
            self._place()

    def _toggle(self) -> None:
        self._unfolded = not self._unfolded
        self._place()

    def _place(self) -> None:
        self.strip.setVisible(self._has_order and self._narrow and not self._low)
        self.paper.setVisible(self._has_order and (not self._narrow or self._unfolded))
        doing = "Hide the order" if self._unfolded else "Show the order"
        self.strip.setAccessibleName(spoken(doing, self.strip.text()))


def _scrolling(receipt: QWidget, wide: int) -> QScrollArea:
    inside = QWidget()
    inside.setProperty("ground", "surface")
    column = QVBoxLayout(inside)
    column.setContentsMargins(0, 0, 2, 0)
    column.addWidget(receipt)
    column.addStretch(1)
    area = QScrollArea()
    area.setWidget(inside)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFixedWidth(wide)
    area.setAccessibleName("Order")
    return area
