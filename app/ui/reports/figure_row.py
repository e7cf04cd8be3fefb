"""FigureRow: one number with what it means, of how many, and a bar beside the time before."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.domain.assessment import Kind, Severity
from app.domain.translation import grouped, pointed, tr
from app.ui.issue.parts import label, row
from app.ui.theme import Theme
from app.ui.words import kind_word, severity_word

_HOUR, _DAY = 60, 1440
_BAR, _GAP = 8, 6


class FigureRow(QWidget):
    """Shows a figure of the report; `before` is the same one of the time before, or None."""

    def __init__(
        self, figure: dict[str, Any], *, before: dict[str, Any] | None, theme: Theme
    ) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 10, 0, 10)
        column.setSpacing(4)
        value = label(value_words(figure), role="page")
        column.addLayout(row(label(tr(str(figure["title"])), role="title"), 1, value))
        column.addLayout(
            row(label(count_words(figure), role="muted"), 1, label(beside(before), role="muted"))
        )
        if figure["median_minutes"] is not None and _median_of(before) is not None:
            column.addWidget(_Bars(figure, before=before, theme=theme))
        for words in by_words(figure):
            column.addWidget(label(words, role="muted"))
        column.addWidget(label(f"{tr(str(figure['definition']))}.", role="muted", wrap=True))


class _Bars(QWidget):
    """Two lengths on one scale: now above, before below; shorter is better."""

    def __init__(
        self, figure: dict[str, Any], *, before: dict[str, Any] | None, theme: Theme
    ) -> None:
        super().__init__()
        self._theme = theme
        self._now = float(figure["median_minutes"])
        self._before = _median_of(before) or 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        said = tr(
            "Now {now}, before {before}",
            now=length_words(self._now),
            before=length_words(self._before),
        )
        self.setAccessibleName(said)
        self.setToolTip(said)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Two bars."""
        return QSize(200, self._theme.px(2 * _BAR + _GAP))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The longer one fills the width."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        longest = max(self._now, self._before) or 1.0
        for at, (length, token) in enumerate(((self._now, "accent"), (self._before, "text_muted"))):
            wide = max(self._theme.px(3), self.width() * length / longest)
            painter.setBrush(self._theme.color(token))
            top = at * self._theme.px(_BAR + _GAP)
            painter.drawRoundedRect(QRectF(0, top, wide, self._theme.px(_BAR)), 3, 3)


def _median_of(before: dict[str, Any] | None) -> float | None:
    """The length of the time before; one bar alone would say nothing."""
    earlier = before["median_minutes"] if before else None
    return None if earlier is None else float(earlier)


def value_words(figure: dict[str, Any]) -> str:
    """The number itself: a length of time, a share, or that there is none yet."""
    if figure["clock"] is None:
        share = figure["share"]
        return tr("nothing yet") if share is None else _percent(share)
    if figure["median_minutes"] is None:
        return tr("too few are over") if figure["n"] else tr("nothing yet")
    return length_words(figure["median_minutes"])


def count_words(figure: dict[str, Any]) -> str:
    """Of how many, what is open, and what nine of ten stay under."""
    if not figure["n"]:
        return tr("none so far")
    number = grouped(figure["n"])
    of = tr("of {number}", number=number)
    parts = [of if figure["clock"] is None else tr("median of {number}", number=number)]
    if figure["open"]:
        parts.append(tr("{number} of them open", number=grouped(figure["open"])))
    if figure["p90_minutes"] is not None:
        parts.append(tr("nine of ten within {length}", length=length_words(figure["p90_minutes"])))
    if figure["clock"] == "working":
        parts.append(tr("in your working hours"))
    return ", ".join(parts)


def beside(before: dict[str, Any] | None) -> str:
    """How it was before, with its own n."""
    if before is None:
        return ""
    if before["clock"] is None:
        share = before["share"]
        return "" if share is None else _before(_percent(share), before)
    if before["median_minutes"] is None:
        return ""
    return _before(length_words(before["median_minutes"]), before)


def _before(length: str, before: dict[str, Any]) -> str:
    return tr("before: {length} of {number}", length=length, number=grouped(before["n"]))


def _percent(share: float) -> str:
    return tr("{number}%", number=f"{share * 100:.0f}")


def by_words(figure: dict[str, Any]) -> list[str]:
    """How the counted ones divide, the most first."""
    told = [(words, count) for words, count in figure["by"].items() if count]
    return [f"{_said(words)}: {grouped(count)}" for words, count in told[:4]]


def _said(words: str) -> str:
    if words in set(Kind):
        return kind_word(Kind(words))
    return severity_word(Severity(words)) if words in set(Severity) else tr(words)


def length_words(minutes: float) -> str:
    """A length of time in the unit that a person would take."""
    if minutes < _HOUR:
        return tr("{number} min", number=f"{minutes:.0f}")
    if minutes < 2 * _DAY:
        return tr("{number} h", number=pointed(f"{minutes / _HOUR:.1f}"))
    return tr("{number} days", number=pointed(f"{minutes / _DAY:.1f}"))
