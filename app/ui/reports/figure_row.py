"""FigureRow: one number with what it means, of how many, and a bar beside the time before."""

from __future__ import annotations

from dataclasses import dataclass
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
_PALE = 0.35
_TEN = 10
_NAMED = 4  # of what the counted ones divide into
_USUAL = "template_changed"  # a share that is usual, not one of a count


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
        bars = _Bars(figure, before=before, theme=theme)
        if bars.compares:
            column.addWidget(bars)
        for words in by_words(figure):
            column.addWidget(label(words, role="muted"))
        column.addWidget(label(f"{tr(str(figure['definition']))}.", role="muted", wrap=True))


@dataclass(frozen=True, slots=True)
class _Length:
    """How long it took the middle one, and nine of ten, in minutes."""

    median: float
    nine_of_ten: float | None

    @classmethod
    def of(cls, figure: dict[str, Any] | None) -> _Length | None:
        """That of a figure; None where there is none."""
        if figure is None or figure["median_minutes"] is None:
            return None
        return cls(figure["median_minutes"], _nine_of_ten(figure))

    @property
    def longest(self) -> float:
        """What has to have room."""
        return max(self.median, self.nine_of_ten or 0.0)

    @property
    def words(self) -> str:
        """ "24.0 h, nine of ten within 3.0 days"."""
        said = length_words(self.median)
        if self.nine_of_ten is None:
            return said
        longest = length_words(self.nine_of_ten)
        return tr("{middle}, nine of ten within {length}", middle=said, length=longest)


class _Bars(QWidget):
    """Lengths on one scale, now above and before below: the middle one dark, nine of ten pale;
    shorter is better. One length alone would always be full, and is not shown."""

    def __init__(
        self, figure: dict[str, Any], *, before: dict[str, Any] | None, theme: Theme
    ) -> None:
        super().__init__()
        self._theme = theme
        now, earlier = _Length.of(figure), _Length.of(before)
        told = ((tr("Now"), now, "accent"), (tr("before"), earlier, "text_muted"))
        self._bars = [(length, token) for _, length, token in told if length is not None]
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        said = "; ".join(
            tr("{when} {length}", when=when, length=length.words)
            for when, length, _ in told
            if length is not None
        )
        self.setAccessibleName(said)
        self.setToolTip(said)
        pales = any(one.nine_of_ten is not None for one, _ in self._bars)
        self.compares = now is not None and (len(self._bars) > 1 or pales)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """One bar, or two."""
        return QSize(200, self._theme.px(len(self._bars) * (_BAR + _GAP) - _GAP))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The longest one fills the width."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        longest = max((one.longest for one, _ in self._bars), default=0.0) or 1.0
        for at, (length, token) in enumerate(self._bars):
            for minutes, strength in ((length.nine_of_ten, _PALE), (length.median, 1.0)):
                if minutes is None:
                    continue
                wide = max(self._theme.px(3), self.width() * minutes / longest)
                painter.setOpacity(strength)
                painter.setBrush(self._theme.color(token))
                top = at * self._theme.px(_BAR + _GAP)
                painter.drawRoundedRect(QRectF(0, top, wide, self._theme.px(_BAR)), 3, 3)


def value_words(figure: dict[str, Any]) -> str:
    """The number itself: a length of time, a share, or that there is none yet."""
    if figure["clock"] is None:
        share = figure["share"]
        return tr("nothing yet") if share is None else _percent(share)
    if figure["median_minutes"] is None:
        return tr("not enough yet") if figure["n"] else tr("nothing yet")
    return length_words(figure["median_minutes"])


def count_words(figure: dict[str, Any]) -> str:
    """Of how many, what is open, and what nine of ten stay under."""
    if not figure["n"]:
        return tr("none so far")
    parts = [_of(figure)]
    if figure["open"] == figure["n"]:
        parts.append(tr("all still open"))
    elif figure["open"]:
        parts.append(tr("{number} still open", number=grouped(figure["open"])))
    if (longest := _nine_of_ten(figure)) is not None:
        parts.append(tr("nine of ten within {length}", length=length_words(longest)))
    if figure["clock"] == "working":
        parts.append(tr("in your working hours"))
    return ", ".join(parts)


def _nine_of_ten(figure: dict[str, Any]) -> float | None:
    """What nine of ten stay under; not said of fewer than ten, of which it is the slowest."""
    minutes = figure["p90_minutes"]
    return None if minutes is None or figure["n"] < _TEN else float(minutes)


def _of(figure: dict[str, Any]) -> str:
    """What the number is of. A share is of those that are decided: 26 of 34 are 76 %, not of 50."""
    usual = figure["name"] == _USUAL or figure["median_minutes"] is not None
    base = _base(figure)
    if usual and base == 1:
        return tr("of {number}", number=grouped(base))
    if usual:
        return tr("usually, of {number}", number=grouped(base))
    if figure["share"] is None:
        return tr("of {number}", number=grouped(base))
    count = grouped(round(figure["share"] * base))
    return tr("{count} of {number}", count=count, number=grouped(base))


def _base(figure: dict[str, Any]) -> int:
    """Of how many it is: of lengths all, of shares those that are decided."""
    is_share = figure["clock"] is None and figure["share"] is not None
    return int(figure["n"] - figure["open"] if is_share else figure["n"])


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
    return tr("before: {length} of {number}", length=length, number=grouped(_base(before)))


def _percent(share: float) -> str:
    """In whole ones; 100 and 0 only where it is all or none of them."""
    whole = round(share * 100)
    if whole in (0, 100) and share not in (0, 1):
        tenths = min(max(round(share * 100, 1), 0.1), 99.9)
        return tr("{number}%", number=pointed(f"{tenths:.1f}"))
    return tr("{number}%", number=str(whole))


def by_words(figure: dict[str, Any]) -> list[str]:
    """How the counted ones divide, the most first; what is not named is counted together."""
    told = [(words, count) for words, count in figure["by"].items() if count]
    named = told if len(told) <= _NAMED + 1 else told[:_NAMED]
    lines = [f"{_said(words)}: {grouped(count)}" for words, count in named]
    others = sum(count for _, count in told[len(named) :])
    return [*lines, tr("all others: {number}", number=grouped(others))] if others else lines


def _said(words: str) -> str:
    if words in set(Kind):
        return kind_word(Kind(words))
    return severity_word(Severity(words)) if words in set(Severity) else tr(words)


def length_words(minutes: float) -> str:
    """A length of time in the unit that a person would take."""
    if round(minutes) < _HOUR:
        return tr("{number} min", number=f"{minutes:.0f}")
    if minutes < 2 * _DAY:
        return tr("{number} h", number=pointed(f"{minutes / _HOUR:.1f}"))
    return tr("{number} days", number=pointed(f"{minutes / _DAY:.1f}"))
