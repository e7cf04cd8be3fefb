"""The order as a receipt: what was bought, what it cost, where it is now."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.domain.money import Money
from app.domain.order import LineItem, Order
from app.ui.issue.foreign_text import line
from app.ui.issue.parts import OneLine, clear, label, reading, row
from app.ui.issue.wording import order_steps
from app.ui.theme import Theme
from app.ui.words import money

_TOOTH = 6
_LINES = 8
WIDTH = 224


class Receipt(QWidget):
    """Draws a slip of paper with a torn edge, and the order on it."""

    def __init__(self, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(14, 12, 14, 14 + _TOOTH)
        self._column.setSpacing(6)
        theme.changed.connect(self.update)

    def show_order(self, order: Order, now: datetime) -> None:
        """Write this order on the slip."""
        clear(self._column)
        self.setAccessibleName(f"Order {line(order.number)}")
        self._column.addWidget(_number(order))
        self._column.addWidget(OneLine(order.customer_name or order.customer_email, role="muted"))
        self._column.addWidget(_Perforation(self._theme))
        for item in order.items[:_LINES]:
            self._column.addLayout(_item(item))
        if len(order.items) > _LINES:
            more = len(order.items) - _LINES
            self._column.addWidget(label(f"and {more} more", role="meta"))
        self._column.addWidget(_Perforation(self._theme))
        total = row(label("Total", role="title"), 1, label(money(order.total), role="title"))
        self._column.addLayout(total)
        self._column.addWidget(_Perforation(self._theme))
        self._column.addLayout(_steps(order, now))
        self._tracking(order)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As wide as a till's paper."""
        return QSize(self._theme.px(WIDTH), super().sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The paper, torn off at the bottom."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("line"), 1))
        painter.setBrush(self._theme.color("raised"))
        painter.drawPolygon(self._paper())

    def _paper(self) -> QPolygonF:
        wide, high = self.width() - 1.0, self.height() - 1.0
        edge = [QPointF(0.5, 0.5), QPointF(wide, 0.5), QPointF(wide, high - _TOOTH)]
        teeth = max(2, round(wide / (_TOOTH * 2)))
        step = wide / teeth
        for tooth in range(teeth):
            right = wide - tooth * step
            edge.append(QPointF(right - step / 2, high))
            edge.append(QPointF(max(0.5, right - step), high - _TOOTH))
        return QPolygonF(edge)

    def _tracking(self, order: Order) -> None:
        for number in order.tracking_numbers[:3]:
            carrier = line(order.carrier) or "Parcel"
            self._column.addWidget(label(carrier, role="meta"))
            self._column.addWidget(reading(line(number), name=f"Tracking number, {carrier}"))


class _Perforation(QWidget):
    """A dashed line across the slip."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedHeight(9)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """One dashed hairline."""
        painter = QPainter(self)
        pen = QPen(self._theme.color("line_strong"), 1, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([3, 4])
        painter.setPen(pen)
        painter.drawLine(0, self.height() // 2, self.width(), self.height() // 2)


def _number(order: Order) -> QWidget:
    shown = reading(f"Order {line(order.number)}", role="title", name="Order number")
    shown.setWordWrap(False)
    return shown


def _item(item: LineItem) -> QGridLayout:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(0)
    grid.addWidget(label(f"{item.quantity} ×", role="muted"), 0, 0, Qt.AlignmentFlag.AlignTop)
    grid.addWidget(label(line(item.title), wrap=True), 0, 1)
    price = label(money(Money(item.price.minor * item.quantity, item.price.currency)))
    grid.addWidget(price, 0, 2, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
    grid.setColumnStretch(1, 1)
    if item.sku:
        grid.addWidget(OneLine(item.sku, role="meta"), 1, 1)
    return grid


def _steps(order: Order, now: datetime) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(2)
    for at, (what, how) in enumerate(order_steps(order, now)):
        grid.addWidget(label(what, role="muted"), at, 0)
        grid.addWidget(label(how), at, 1, Qt.AlignmentFlag.AlignRight)
    return grid
