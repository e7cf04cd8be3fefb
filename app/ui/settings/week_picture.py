"""WeekPicture: the hours of a week as seven small bars, so that a wrong one is seen at a glance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.hours_text import DAYS, SHORT_DAYS, WEEK, said_intervals
from app.domain.translation import tr

_WIDEST = "wednesday"
_MARKS = (0, 6, 12, 18, 24)
Hours = Mapping[str, Sequence[Sequence[str]]]


class WeekPicture(QWidget):
    """Draws which hours of which day count."""

    def __init__(self) -> None:
        super().__init__()
        self._open: list[list[tuple[float, float]]] = [[] for _ in WEEK]
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_hours(self, hours: Hours) -> None:
        """Draw these."""
        self._open = open_hours(hours)
        said = (f"{tr(DAYS[day])} {said_intervals(hours.get(day, ()))}" for day in WEEK)
        self.setAccessibleName(tr("Working hours: {said}", said=", ".join(said)))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """A line for each day, and one for the hours."""
        return QSize(320, self._line * (len(WEEK) + 1))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The bars and their hours."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = self.fontMetrics().horizontalAdvance(tr(SHORT_DAYS[_WIDEST])) + 12
        width = self.width() - left - self.fontMetrics().horizontalAdvance("24") / 2
        for at, day in enumerate(WEEK):
            top = at * self._line
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            painter.drawText(0, top, left, self._line, _MIDDLE, tr(SHORT_DAYS[day]))
            bar = QRectF(left, top + 3, width, self._line - 6)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.palette().color(QPalette.ColorRole.Mid))
            painter.drawRoundedRect(bar, 3, 3)
            painter.setBrush(self.palette().color(QPalette.ColorRole.Highlight))
            for begin, end in self._open[at]:
                piece = QRectF(bar.left() + width * begin / 24, bar.top(),
                               width * (end - begin) / 24, bar.height())  # fmt: skip
                painter.drawRoundedRect(piece, 3, 3)
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        for hour in _MARKS:
            x = left + width * hour / 24
            place = QRectF(x - 20, self._line * len(WEEK), 40, self._line)
            painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), str(hour))

    @property
    def _line(self) -> int:
        return self.fontMetrics().height() + 3


_MIDDLE = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)


def open_hours(hours: Hours) -> list[list[tuple[float, float]]]:
    """The hours of each day as fractions of it; what goes over midnight is on both days."""
    found: list[list[tuple[float, float]]] = [[] for _ in WEEK]
    for at, day in enumerate(WEEK):
        for first, last in hours.get(day, ()):
            begin, end = _hour(first), _hour(last)
            if end > begin:
                found[at].append((begin, end))
            else:
                found[at].append((begin, 24.0))
                if end:
                    found[(at + 1) % len(WEEK)].append((0.0, end))
    return found


def _hour(text: str) -> float:
    hour, _, minute = text.partition(":")
    return int(hour) + int(minute or 0) / 60
