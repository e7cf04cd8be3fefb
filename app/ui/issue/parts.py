"""The small parts that every page here is made of, so that none forgets what all must do.

Labels are PlainText always (a label that guesses would draw a stranger's HTML and read local
files); buttons carry a name that a screen reader can say.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.domain.translation import tr
from app.ui.issue.foreign_text import line, menu_text, tooltip
from app.ui.widgets.giving_way import ShorteningButton

CANCELS = "cancels"  # what a dialog knows the way out of a form by
# For the page that holds them: a rule for each button would have each one styled anew.
SLIM = "QPushButton[slim='true'] { padding: 2px 5px; }"


def label(text: str = "", *, role: str = "", tone: str = "", wrap: bool = False) -> QLabel:
    """A label that shows text as text; `role` and `tone` are the style sheet's."""
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text)
    made.setWordWrap(wrap)
    if role:
        made.setProperty("role", role)
    if tone:
        made.setProperty("tone", tone)
    return made


def reading(text: str = "", *, role: str = "", name: str = "") -> QLabel:
    """A label to read and to copy from, with mouse or keyboard."""
    made = _Reading(name)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text)
    made.setWordWrap(True)
    if role:
        made.setProperty("role", role)
    made.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    made.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    made.setCursor(Qt.CursorShape.IBeamCursor)
    return made


def hairline() -> QFrame:
    """A line between two rows."""
    line = QFrame()
    line.setFixedHeight(1)
    line.setStyleSheet("background: palette(mid);")
    return line


def spoken(name: str, text: str) -> str:
    """What a screen reader says of a text: what it is, then the text itself."""
    return ": ".join(part for part in (name, text) if part)


def button(
    text: str,
    on_click: Callable[[], object] | None = None,
    *,
    variant: str = "",
    name: str = "",
    shortens: bool = False,
) -> QPushButton:
    """A button; `name` is what a screen reader says where the words on it do not suffice, and
    `shortens` has these end in an ellipsis where there is too little room for them."""
    made = (ShorteningButton if shortens else QPushButton)(menu_text(text))
    if variant:
        made.setProperty("variant", variant)
    made.setAccessibleName(name or line(text))
    made.setAutoDefault(True)  # Enter presses the one that has the keyboard, not only Space
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    if on_click is not None:
        made.clicked.connect(lambda _checked=False: on_click())
    return made


def cancel_button(on_click: Callable[[], object], *, name: str = "") -> QPushButton:
    """The way out of a form, which Escape takes too."""
    made = button(tr("Cancel"), on_click, variant="quiet", name=name)
    made.setProperty(CANCELS, "true")
    return made


def link_button(
    text: str,
    on_click: Callable[[], object] | None = None,
    *,
    name: str = "",
    shortens: bool = False,
) -> QPushButton:
    """A button that stands in a line of text and takes no more room than its words."""
    made = button(text, on_click, variant="quiet", name=name, shortens=shortens)
    made.setProperty("slim", "true")
    return made


class _Reading(QLabel):
    """A label that remembers how high its text is at a width: a layout asks a dozen times."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._heights: dict[tuple[int, int], int] = {}

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Show this text; a screen reader says what it is, and then the text."""
        super().setText(text)
        self.setAccessibleName(spoken(self._name, text))

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """How high the text is at this width."""
        asked = (width, hash((self.text(), self.font().key())))
        if asked not in self._heights:
            self._heights[asked] = super().heightForWidth(width)
        return self._heights[asked]


def card(*, margin: int = 12, gap: int = 8) -> tuple[QFrame, QVBoxLayout]:
    """A raised, rounded frame and the column in it."""
    frame = QFrame()
    frame.setProperty("card", "true")
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(margin, margin, margin, margin)
    layout.setSpacing(gap)
    return frame, layout


def row(*items: QWidget | QLayout | int, gap: int = 8) -> QHBoxLayout:
    """Things side by side; a number is a stretch."""
    layout = QHBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(gap)
    for item in items:
        if isinstance(item, QWidget):
            layout.addWidget(item)
        elif isinstance(item, QLayout):
            layout.addLayout(item)
        else:
            layout.addStretch(item)
    return layout


def scrolling(inside: QWidget) -> QScrollArea:
    """A page that scrolls up and down; the keyboard stands on what lies in it, not on the page."""
    area = QScrollArea()
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inside)
    return area


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and let it go."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            clear(inner)


class OneLine(QLabel):
    """A text on one line, cut with an ellipsis where it is too long; whole in its tool tip."""

    def __init__(
        self,
        text: str = "",
        *,
        role: str = "",
        name: str = "",
        cut: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._name, self._cut = name, cut
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        if role:
            self.setProperty("role", role)
        self.say(text)

    def say(self, text: str) -> None:
        """Show this text from now on."""
        self.setText(line(text))
        self.setToolTip(tooltip(line(text)))
        if self._name:
            self.setAccessibleName(spoken(self._name, line(text)))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As wide as the whole text."""
        width = self.fontMetrics().horizontalAdvance(self.text()) + 2
        return QSize(width, self.fontMetrics().height() + 2)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """It gives way to what stands beside it."""
        return QSize(24, self.fontMetrics().height() + 2)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The text, with an ellipsis where it does not fit."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        shown = self.fontMetrics().elidedText(self.text(), self._cut, self.width())
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter), shown)
