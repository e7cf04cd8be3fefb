"""What stands where an issue would stand: nothing chosen, the bones of a page, an error."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from app.domain.errors import KnownError
from app.domain.translation import to_translate, tr, trn
from app.domain.views import View
from app.ui.issue.parts import button, label, row
from app.ui.theme import Theme
from app.ui.words import sorting_words

_KEYS = (
    ("J", "K", to_translate("next, previous")),
    ("E", "S", to_translate("done, snooze")),
    ("R", "", to_translate("reply")),
)


def calm_words(counts: Mapping[str, int], awaiting: int = 0) -> tuple[str, str]:
    """What can be said when nothing is chosen: a headline, and what else there is.

    As long as mails are to be judged (`awaiting`), "nothing urgent" is not known.
    """
    if awaiting and not counts.get(View.OPEN):
        return tr("Sorting your mail …"), sorting_words(awaiting)
    if not counts.get(View.ALL):
        title = tr("Nothing here yet")
        return title, tr("Each problem will stand here with all that belongs to it.")
    urgent, waiting = counts.get(View.URGENT, 0), counts.get(View.WAITING, 0)
    open_ = counts.get(View.OPEN, 0)
    urgently = trn("{n} urgent issue", "{n} urgent issues", urgent)
    parts = [trn("{n} issue open", "{n} issues open", open_) if open_ else tr("Nothing open")]
    parts += [trn("{n} waits for customers", "{n} wait for customers", waiting)] if waiting else []
    return urgently if urgent else tr("Nothing urgent"), ". ".join(parts) + "."


class NothingChosen(QWidget):
    """A calm page: how the day stands, and which keys walk through it."""

    def __init__(self, *, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._mark = QLabel()
        self._headline = label(tr("Nothing chosen"), role="page")
        self._rest = label(role="muted")
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(3)
        for part in (self._mark, self._headline, self._rest):
            part.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(part)
        column.addSpacing(16)
        keys = QGridLayout()
        keys.setSpacing(8)
        for at, (one, other, words) in enumerate(_KEYS):
            keys.addLayout(row(1, *_keys(one, other), gap=4), at, 0)
            keys.addWidget(label(tr(words), role="muted"), at, 1)
        column.addLayout(row(1, keys, 1))
        column.addStretch(4)
        theme.changed.connect(self._dress)
        self._dress()

    def show_counts(self, counts: Mapping[str, int], awaiting: int = 0) -> None:
        """Say how the day stands."""
        headline, rest = calm_words(counts, awaiting)
        self._headline.setText(headline)
        self._rest.setText(rest)

    def _dress(self) -> None:
        self._mark.setPixmap(self._theme.pixmap("inbox", "text_muted", 40, self))


class Skeleton(QWidget):
    """The page's bones while it is read; drawn only when that takes long enough to notice."""

    def __init__(self, *, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName(tr("Loading the issue"))
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """A title, a card, two mails; nothing moves."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        wide = self.width()
        painter.setBrush(self._theme.color("line"))
        painter.drawRoundedRect(QRectF(0, 4, wide * 0.5, 18), 5, 5)
        painter.drawRoundedRect(QRectF(0, 32, wide * 0.34, 11), 4, 4)
        painter.setBrush(self._theme.color("hover"))
        for top, high in ((60, 128), (204, 110), (330, 70)):
            painter.drawRoundedRect(QRectF(0, top, wide, high), 10, 10)


class Failed(QWidget):
    """What could not be read, why, and the way out."""

    again = Signal()

    def __init__(self, *, theme: Theme) -> None:
        super().__init__()
        self._title = label(role="title", wrap=True)
        self._message = label(role="muted", wrap=True)
        self._again = button(tr("Try again"), self.again.emit)
        column = QVBoxLayout(self)
        column.setContentsMargins(48, 0, 48, 0)
        column.setSpacing(8)
        column.addStretch(3)
        for part in (self._title, self._message):
            part.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(part)
        column.addLayout(row(1, self._again, 1))
        column.addStretch(4)

    def show_error(self, error: KnownError) -> None:
        """Say it in the error's own words."""
        self._title.setText(error.title)
        self._message.setText("\n".join(part for part in (error.message, error.hint) if part))


def _keys(*names: str) -> list[QLabel]:
    made = []
    for name in names:
        if name:
            key = label(name)
            key.setObjectName("key")
            made.append(key)
    return made
