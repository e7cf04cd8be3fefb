"""CoverPicture: the coming weeks as a calendar: who is on call on each day, and where nobody is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.clock import instant
from app.domain.day_text import SHORT_DAYS
from app.domain.translation import tr
from app.ui.issue.foreign_text import line
from app.ui.theme import Theme

_WEEKS = 4
_DAY = timedelta(days=1)
_CELL, _HEAD, _BAR = 56, 20, 7


class CoverPicture(QWidget):
    """Draws four weeks from this Monday on; a stretch with nobody is marked, and said in words."""

    def __init__(self, *, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._zone = ZoneInfo("UTC")
        self._from = self._until = datetime.min.replace(tzinfo=self._zone)
        self._turns: list[tuple[datetime, datetime, str]] = []
        self._gaps: list[tuple[datetime, datetime]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Who is on call in the coming weeks"))
        theme.changed.connect(self.update)

    def show_cover(self, rota: Mapping[str, Any]) -> None:
        """Draw this (the engine's `rota`)."""
        self._zone = ZoneInfo(str(rota.get("zone", "UTC")))
        self._turns = [
            (*_ends(one), ", ".join(map(line, one["names"]))) for one in rota.get("turns", ())
        ]
        self._gaps = [_ends(one) for one in rota.get("gaps", ())]
        if self._turns:
            self._from, self._until = self._turns[0][0], self._turns[-1][1]
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """A head and the weeks."""
        return QSize(420, self._theme.px(_HEAD + (_WEEKS + 1) * _CELL))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The days, the names, the gaps."""
        if not self._turns:
            return
        painter = QPainter(self)
        painter.setFont(self._theme.font())
        head, cell = self._theme.px(_HEAD), self._theme.px(_CELL)
        wide = self.width() / 7
        painter.setPen(self._theme.color("text_muted"))
        for at, name in enumerate(SHORT_DAYS):
            painter.drawText(QRectF(at * wide, 0, wide, head), int(_MIDDLE), tr(name))
        first = self._from.astimezone(self._zone).date()
        day = first - first.weekday() * _DAY
        last = self._until.astimezone(self._zone).date()
        for number in range((_WEEKS + 1) * 7):
            place = QRectF(number % 7 * wide, head + number // 7 * cell, wide - 3, cell - 3)
            if first <= day <= last:
                self._draw_day(painter, place, day)
            day += _DAY

    def _draw_day(self, painter: QPainter, place: QRectF, day: date) -> None:
        begin, end = self._bounds(day)
        gaps = [one for one in self._gaps if one[0] < end and one[1] > begin]
        painter.fillRect(place, self._theme.color("high_soft" if gaps else "raised"))
        painter.setPen(self._theme.color("line"))
        painter.drawRect(place)
        inside = place.adjusted(5, 2, -3, -_BAR - 3)
        names = dict.fromkeys(who for one, two, who in self._turns if one < end and two > begin)
        said = " / ".join(filter(None, names))
        if any(one <= begin and two >= end for one, two in gaps):
            said = tr("nobody")
        metrics = painter.fontMetrics()
        painter.setPen(self._theme.color("text_muted"))
        painter.drawText(inside, int(_TOP), str(day.day))
        painter.setPen(self._theme.color("high" if said == tr("nobody") else "text"))
        below = inside.adjusted(0, metrics.height(), 0, 0)
        painter.drawText(below, int(_TOP), metrics.elidedText(said, _ELIDE, round(below.width())))
        self._draw_bar(painter, place, gaps, begin, end)

    def _draw_bar(
        self,
        painter: QPainter,
        place: QRectF,
        gaps: Sequence[tuple[datetime, datetime]],
        begin: datetime,
        end: datetime,
    ) -> None:
        """The day's hours from left to right; where nobody can be reached it is marked."""
        bar = QRectF(place.left() + 1, place.bottom() - _BAR, place.width() - 2, _BAR - 1)
        covered: QColor = self._theme.color("accent")
        painter.fillRect(bar, covered)
        whole = (end - begin) / timedelta(seconds=1)
        pieces = [*gaps, (begin, self._from), (self._until, end)]
        for number, (one, two) in enumerate(pieces):
            left = max(0.0, (one - begin) / timedelta(seconds=1) / whole)
            right = min(1.0, (two - begin) / timedelta(seconds=1) / whole)
            if right > left:
                piece = QRectF(bar.left() + bar.width() * left, bar.top(),
                               bar.width() * (right - left), bar.height())  # fmt: skip
                token = "high_mark" if number < len(gaps) else "line"
                painter.fillRect(piece, self._theme.color(token))

    def _bounds(self, day: date) -> tuple[datetime, datetime]:
        begin, end = (datetime.combine(one, time(), self._zone) for one in (day, day + _DAY))
        return begin, end


_MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_TOP = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
_ELIDE = Qt.TextElideMode.ElideRight


def _ends(one: Mapping[str, Any]) -> tuple[datetime, datetime]:
    return instant(str(one["from"])), instant(str(one["to"]))
