"""The line at the top of a mail: who, to whom or what, when; a click folds the mail or opens it."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.ui.theme import Theme
from app.ui.tokens import Size

_DISC = 26


class CardHead(QAbstractButton):
    """Draws itself, so that a conversation of a hundred mails stays light."""

    def __init__(self, *, theme: Theme, ours: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._ours = ours
        self._who = ""
        self._beside = ""
        self._when = ""
        self._clip = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def say(self, who: str, beside: str, when: str, *, clip: bool = False) -> None:
        """Show these words; `clip` marks a folded mail that has attachments."""
        self._who, self._beside, self._when, self._clip = who, beside, when, clip
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """A disc, and air around it."""
        return QSize(240, self._theme.px(_DISC + 10))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Disc, name, the rest in grey, time at the right; a ring when the keyboard is here."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        disc = self._theme.px(_DISC)
        self._draw_disc(painter, QRectF(0, (self.height() - disc) / 2, disc, disc))
        room = self.rect().adjusted(disc + self._theme.px(10), 0, 0, 0)
        room.setRight(self._draw_when(painter, room) - 12)
        if self._clip:
            room.setRight(self._draw_clip(painter, room))
        self._draw_words(painter, room)
        if self.hasFocus():
            painter.setPen(self._theme.color("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(-0.5, 0.5, -0.5, -0.5), 6, 6)

    def _draw_disc(self, painter: QPainter, where: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("accent_soft" if self._ours else "normal_soft"))
        painter.drawEllipse(where)
        painter.setFont(self._theme.font(Size.META, bold=True))
        painter.setPen(self._theme.color("accent" if self._ours else "normal"))
        painter.drawText(where, int(Qt.AlignmentFlag.AlignCenter), _initials(self._who))

    def _draw_when(self, painter: QPainter, room: QRect) -> int:
        painter.setFont(self._theme.font(Size.META))
        painter.setPen(self._theme.color("text_muted"))
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(room, right, self._when)
        return room.right() - painter.fontMetrics().horizontalAdvance(self._when)

    def _draw_clip(self, painter: QPainter, room: QRect) -> int:
        clip = self._theme.pixmap("clip", "text_muted", 14, self)
        left = room.right() - self._theme.px(14)
        painter.drawPixmap(left, (self.height() - self._theme.px(14)) // 2, clip)
        return left - 8

    def _draw_words(self, painter: QPainter, room: QRect) -> None:
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(self._theme.font(bold=True))
        painter.setPen(self._theme.color("text"))
        metrics = painter.fontMetrics()
        who = metrics.elidedText(self._who, Qt.TextElideMode.ElideRight, room.width() * 2 // 3)
        painter.drawText(room, middle, who)
        beside = room.adjusted(metrics.horizontalAdvance(who) + 8, 0, 0, 0)
        painter.setFont(self._theme.font())
        painter.setPen(self._theme.color("text_muted"))
        words = painter.fontMetrics().elidedText(
            self._beside, Qt.TextElideMode.ElideRight, max(0, beside.width())
        )
        painter.drawText(beside, middle, words)


def _initials(who: str) -> str:
    words = [word for word in who.replace("@", " ").replace(".", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:]))[:2].upper() or "?"
