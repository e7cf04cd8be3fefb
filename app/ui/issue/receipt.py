"""The order as a receipt: what was bought, what it cost, where it is now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.order import CustomerValue, Order
from app.domain.translation import tr
from app.ui.issue.foreign_text import line, tooltip
from app.ui.issue.formatted import open_outside as _open_outside
from app.ui.issue.links import Link, read_link
from app.ui.issue.order_words import all_tracking, link_words
from app.ui.issue.parts import OneLine, label, link_button, reading
from app.ui.issue.receipt_lines import ReceiptLines, receipt_lines
from app.ui.theme import Theme

_TOOTH = 6
_PARCELS = 6
WIDTH = 224


class Receipt(QWidget):
    """Draws a slip of paper with a torn edge, and the order on it; numbers can be copied."""

    def __init__(
        self, *, theme: Theme, open_link: Callable[[str], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._theme = theme
        self._number = reading(role="title", name=tr("Order number"))
        self._customer = OneLine(role="muted")
        self.lines = ReceiptLines(theme=theme)
        self._carrier = label(role="meta")
        self._parcels = reading(name=tr("Tracking number"))
        self._open_link = open_link or _open_outside
        self._link = Link(where="", target="")
        self.elsewhere = link_button("", self._go, name=tr("Open in the shop"))
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 14 + _TOOTH)
        column.setSpacing(4)
        parts = (
            self._number, self._customer, self.lines, self._carrier, self._parcels, self.elsewhere,
        )  # fmt: skip
        for part in parts:
            column.addWidget(part)
        theme.changed.connect(self.update)

    def show_order(
        self, order: Order, now: datetime, *, value: CustomerValue | None = None
    ) -> None:
        """Write this order on the slip; `value` is what its customer is worth."""
        self.setAccessibleName(tr("Order {number}", number=line(order.number)))
        self._number.setText(tr("Order {number}", number=line(order.number)))
        self._customer.say(order.customer_name or order.customer_email)
        self.lines.show_lines(receipt_lines(order, now, value=value))
        parcels = all_tracking(order)[:_PARCELS]
        self._carrier.setText(
            line(order.carrier) or (tr("Parcels") if parcels[1:] else tr("Parcel"))
        )
        self._parcels.setText("\n".join(parcels))
        for part in (self._carrier, self._parcels):
            part.setVisible(bool(parcels))
        self._show_link(order)

    def _show_link(self, order: Order) -> None:
        """Offer the order's page in its platform: a web address, opened on a click only."""
        self._link = read_link(order.url) if order.url else Link(where="", target="")
        is_web = self._link.target.startswith(("https://", "http://"))
        self.elsewhere.setVisible(is_web)
        self.elsewhere.setText(link_words(order))
        self.elsewhere.setAccessibleName(
            tr("{verb}: order {number}", verb=link_words(order), number=line(order.number))
        )
        self.elsewhere.setToolTip(tooltip(self._link.where))

    def _go(self) -> None:
        if self._link.target:
            self._open_link(self._link.target)

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
