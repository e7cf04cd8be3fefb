"""The bars of "why this priority": each begins where the one before it ended.

So the eye adds them up, as the points do; the last one ends at the score. Pure functions choose
the bars, one widget draws one bar.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.assessment import Reason
from app.domain.translation import trn
from app.ui.issue.foreign_text import line, tooltip
from app.ui.theme import Theme
from app.ui.tokens import Size

AT_MOST = 5
_LINE, _SECOND, _POINTS = 20, 16, 34
_WRAPPED = int(Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextWordWrap)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One step of the stairs: from `start` to `start + points` on the way to the score."""

    words: str
    points: int
    start: int
    detail: str = ""


def bars(reasons: Sequence[Reason]) -> tuple[Bar, ...]:
    """At most five bars, biggest first; the small ones share the last. Points add up exactly."""
    told = sorted((reason for reason in reasons if reason.points), key=lambda one: -abs(one.points))
    shown, rest = told[:AT_MOST], told[AT_MOST:]
    if rest:
        shown, rest = told[: AT_MOST - 1], told[AT_MOST - 1 :]
    made: list[Bar] = []
    height = 0
    for reason in sorted(shown, key=lambda one: one.points < 0):
        made.append(Bar(words=sentence(reason.because), points=reason.points, start=height))
        height += reason.points
    if rest:
        small = sum(reason.points for reason in rest)
        detail = "\n".join(f"{reason.because}: {signed(reason.points)}" for reason in rest)
        words = trn("{n} smaller reason", "{n} smaller reasons", len(rest))
        made.append(Bar(words=words, points=small, start=height, detail=detail))
    return tuple(made)


def sentence(because: str) -> str:
    """A reason as a line of its own, with a capital."""
    words = line(because)
    return words[:1].upper() + words[1:]


def signed(points: int) -> str:
    """Points with their sign, the minus as long as the plus."""
    return f"+{points}" if points >= 0 else f"\u2212{-points}"


def _fitted(words: str, metrics: QFontMetrics, wide: int, *, lines: int) -> str:
    """The words as far as they go into so many lines; a long word breaks a line early."""
    room, height = wide * lines, metrics.lineSpacing() * lines + metrics.height() // 2
    while True:
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
        needed = metrics.boundingRect(QRect(0, 0, wide, 9999), _WRAPPED, shown).height()
        if needed <= height or room <= wide:
            return shown
        room -= max(8, wide // 12)


class ReasonBar(QWidget):
    """Draws one reason: words, its step of the stairs, its points."""

    def __init__(self, *, theme: Theme) -> None:
        super().__init__()
        self._bar = Bar(words="", points=0, start=0)
        self._top = 1
        self._token = "normal"  # noqa: S105 - the name of a colour
        self._theme = theme
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_bar(self, bar: Bar, *, top: int, token: str) -> None:
        """Draw this one; `top` is where the stairs end, `token` the colour of its step."""
        self._bar, self._top, self._token = bar, max(top, 1), token
        self.setAccessibleName(
            trn(
                "{reason}: {points} point",
                "{reason}: {points} points",
                abs(bar.points),
                reason=bar.words,
                points=signed(bar.points),
            )
        )
        self.setToolTip(tooltip(f"{bar.words}\n{bar.detail}".strip()))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """One line of text, with air."""
        return QSize(280, self._theme.px(_LINE))

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """Long words take a second line."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """One line, or two where the words need them."""
        wide = QFontMetrics(self._theme.font(Size.TEXT)).horizontalAdvance(self._bar.words)
        lines = 1 if wide <= self._words_wide(width) else 2
        return self._theme.px(_LINE + (lines - 1) * _SECOND)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Words at the left, the step in the middle, points at the right."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        points_wide = self._theme.px(_POINTS)
        words_wide = self._words_wide(self.width())
        self._words(painter, words_wide)
        track = QRectF(
            words_wide + 12, self.height() / 2 - 3, self.width() - words_wide - points_wide - 16, 6
        )
        self._step(painter, track)
        painter.setFont(self._theme.font(bold=True))
        painter.setPen(self._theme.color("text"))
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(self.rect(), right, signed(self._bar.points))

    def _words(self, painter: QPainter, wide: int) -> None:
        painter.setFont(self._theme.font(Size.TEXT))
        painter.setPen(self._theme.color("text"))
        one_line = self.height() < self._theme.px(_LINE + _SECOND)
        words = _fitted(self._bar.words, painter.fontMetrics(), wide, lines=1 if one_line else 2)
        painter.drawText(QRectF(0, 0, wide, self.height()), _WRAPPED, words)

    def _words_wide(self, width: int) -> int:
        return round((width - self._theme.px(_POINTS)) * 0.62)

    def _step(self, painter: QPainter, track: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("line"))
        painter.drawRoundedRect(track, 3, 3)
        low = min(self._bar.start, self._bar.start + self._bar.points)
        left = track.left() + track.width() * max(0, low) / self._top
        wide = max(4.0, track.width() * abs(self._bar.points) / self._top)
        colour = QColor(self._theme.color(self._token if self._bar.points > 0 else "good"))
        painter.setBrush(colour)
        step = QRectF(left, track.top(), wide, track.height()).intersected(track)
        painter.drawRoundedRect(step, 3, 3)
