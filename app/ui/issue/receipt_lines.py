"""The lines of a receipt, drawn in one piece: what was bought, what it cost, what became of it.

One widget instead of thirty, because an issue must be on the page in a twentieth of a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.money import Money
from app.domain.order import CustomerValue, LineItem, Order
from app.domain.translation import tr, trn
from app.ui.issue.foreign_text import line
from app.ui.issue.order_words import (
    Step,
    customer_steps,
    money_steps,
    parcel_steps,
    return_steps,
    warnings,
)
from app.ui.theme import Theme
from app.ui.tokens import Size
from app.ui.words import day, money

_AT_MOST = 8
_GAP = 8
_PERFORATION = 13
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
_WRAP = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: `before` in grey, `text` that may wrap, `after` at the right, `below` small."""

    text: str = ""
    before: str = ""
    after: str = ""
    below: str = ""
    bold: bool = False
    muted: bool = False
    tone: str = ""
    perforation: bool = False


def receipt_lines(
    order: Order, now: datetime, *, value: CustomerValue | None = None
) -> tuple[Line, ...]:
    """What stands on the slip, from the first item to who bought; parts without words are left out.

    `value` is what the customer is worth; without one, what the shop said with the order.
    """
    items = [_item(item) for item in order.items[:_AT_MOST]]
    if len(order.items) > _AT_MOST:
        items.append(Line(text=_more(len(order.items) - _AT_MOST), muted=True))
    total = [Line(text=tr("Total"), after=money(order.total), bold=True)]
    if order.charged is not None:
        total.append(Line(text=tr("In their currency"), after=money(order.charged), muted=True))
    ordered = Step(what=tr("Ordered"), how=day(order.placed_at, now))
    parts: tuple[Sequence[Line], ...] = (
        [Line(text=said, tone="high") for said in warnings(order, now)],
        items,
        (*total, *_steps(money_steps(order, now))),
        _steps((ordered, *parcel_steps(order, now))),
        _steps(return_steps(order, now)),
        _steps(customer_steps(value or order.value, now)),
        [Line(text=tr("“{word}”", word=line(order.note)), muted=True)] if line(order.note) else [],
    )
    cut = Line(perforation=True)
    return tuple(each for part in parts if part for each in (cut, *part))


def _more(number: int) -> str:
    return trn("and {n} more", "and {n} more", number)


def _steps(steps: Sequence[Step]) -> list[Line]:
    return [
        Line(text=one.what, after=one.how, below=one.below, muted=True, tone=one.tone)
        for one in steps
    ]


def _item(item: LineItem) -> Line:
    price = Money(item.price.minor * item.quantity, item.price.currency)
    taken = trn("{n} taken off", "{n} taken off", item.removed) if item.removed else ""
    return Line(
        before=f"{item.quantity} ×",
        text=line(item.title),
        after=money(price),
        below=", ".join(part for part in (line(item.sku), taken) if part),
    )


class ReceiptLines(QWidget):
    """Draws the lines, as high as they are at the width that there is."""

    def __init__(self, *, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._lines: tuple[Line, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Draw these from now on."""
        self._lines = tuple(lines)
        said = (
            " ".join(f"{one.before} {one.text} {one.after} {one.below}".split()) for one in lines
        )
        self.setAccessibleName("; ".join(words for words in said if words))
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """Titles wrap."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """How high all lines are."""
        return sum(self._height(one, width) for one in self._lines)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """For the width that a slip usually has."""
        return QSize(180, self.heightForWidth(max(self.width(), 180)))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """One line under the other."""
        painter = QPainter(self)
        top = 0
        for one in self._lines:
            high = self._height(one, self.width())
            self._draw(painter, one, QRect(0, top, self.width(), high))
            top += high

    def _height(self, one: Line, width: int) -> int:
        if one.perforation:
            return _PERFORATION
        metrics = self._metrics(one)
        room = QRect(0, 0, width - self._left(one) - self._right(one), 4000)
        return metrics.boundingRect(room, _WRAP, one.text).height() + self._below(one, width) + 4

    def _draw(self, painter: QPainter, one: Line, room: QRect) -> None:
        if one.perforation:
            self._perforate(painter, room.center().y())
            return
        muted = self._theme.color("text_muted")
        painter.setFont(self._theme.font(Size.TITLE if one.bold else Size.TEXT, bold=one.bold))
        painter.setPen(muted)
        painter.drawText(room, 0, one.before)
        painter.setPen(self._theme.color(one.tone or ("text_muted" if one.muted else "text")))
        text = room.adjusted(self._left(one), 0, -self._right(one), 0)
        painter.drawText(text, _WRAP, one.text)
        painter.setPen(self._theme.color("text"))
        painter.drawText(room, _RIGHT, one.after)
        if one.below:
            painter.setFont(self._theme.font(Size.META))
            painter.setPen(muted)
            top = room.height() - 4 - self._below(one, room.width())
            painter.drawText(room.adjusted(self._left(one), top, 0, 0), _WRAP, one.below)

    def _perforate(self, painter: QPainter, at: int) -> None:
        pen = QPen(self._theme.color("line_strong"), 1, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([3, 4])
        painter.setPen(pen)
        painter.drawLine(0, at, self.width(), at)

    def _below(self, one: Line, width: int) -> int:
        """How high the small words are, which have the whole width below the line."""
        if not one.below:
            return 0
        metrics = QFontMetrics(self._theme.font(Size.META))
        room = QRect(0, 0, width - self._left(one), 4000)
        return metrics.boundingRect(room, _WRAP, one.below).height()

    def _metrics(self, one: Line) -> QFontMetrics:
        return QFontMetrics(self._theme.font(Size.TITLE if one.bold else Size.TEXT, bold=one.bold))

    def _left(self, one: Line) -> int:
        return self._metrics(one).horizontalAdvance(one.before) + _GAP if one.before else 0

    def _right(self, one: Line) -> int:
        return self._metrics(one).horizontalAdvance(one.after) + _GAP if one.after else 0
