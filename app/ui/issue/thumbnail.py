"""Thumbnail: an attached picture, small, in its row; a click shows it larger.

The engine sends plain points, which a process of its own made of the file: no format is read here.
"""

from __future__ import annotations

import base64
from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton, QDialog, QLabel, QVBoxLayout, QWidget

from app.domain.message import Attachment
from app.domain.translation import tr
from app.ui.issue.parts import label
from app.ui.issue.ports import Answer, Asks
from app.ui.theme import Theme
from app.ui.tokens import RADIUS_CONTROL

_WIDE, _HIGH = 88, 66
_LARGE = 900
_REST_MS = 120  # who only walks past an issue asks for none of its pictures
_MOST_BYTES = 20_000_000
_SHOWN = ("jpeg", "jpg", "pjpeg", "png", "gif", "webp", "bmp")


def is_picture(attachment: Attachment) -> bool:
    """Whether it says that it is a photograph and lies here."""
    main, _, sub = attachment.content_type.lower().partition("/")
    is_here = not attachment.section and 0 < attachment.size <= _MOST_BYTES
    return main == "image" and sub in _SHOWN and is_here


class Thumbnail(QAbstractButton):
    """Its room is kept from the beginning, so that nothing moves when the picture comes."""

    def __init__(
        self, attachment: Attachment, *, message_id: int, name: str, bridge: Asks, theme: Theme
    ) -> None:
        super().__init__()
        self._attachment, self._message_id, self._name = attachment, message_id, name
        self._bridge, self._theme = bridge, theme
        self._picture: QPixmap | None = None
        self.setFixedSize(self.sizeHint())
        self.setEnabled(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(tr("The picture {name} is not shown", name=name))
        self.clicked.connect(self._enlarge)
        theme.changed.connect(self.update)
        QTimer.singleShot(_REST_MS, self, self._ask_small)

    @property
    def picture(self) -> QPixmap | None:
        """What is shown; None until it came, and where it is no picture."""
        return self._picture

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The room of every thumbnail."""
        return QSize(self._theme.px(_WIDE), self._theme.px(_HIGH))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The picture in the middle of its room, or a clip."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        shape = QPainterPath()
        shape.addRoundedRect(room, RADIUS_CONTROL, RADIUS_CONTROL)
        painter.fillPath(shape, self._theme.color("sunken"))
        shown = self._picture or self._theme.pixmap("clip", "text_muted", 16, self)
        size = shown.deviceIndependentSize()
        painter.save()
        painter.setClipPath(shape)
        painter.drawPixmap(
            round((self.width() - size.width()) / 2),
            round((self.height() - size.height()) / 2),
            shown,
        )
        painter.restore()
        token = "accent" if self.hasFocus() else "line"
        painter.setPen(QPen(self._theme.color(token), 2 if self.hasFocus() else 1))
        painter.drawPath(shape)

    def _ask_small(self) -> None:
        self._ask(round(self.width() * self.devicePixelRatioF()), self._show)

    def _ask(self, side: int, then: Callable[[Answer], None]) -> None:
        self._bridge.run(
            "thumbnail",
            message=self._message_id,
            part=self._attachment.part,
            side=side,
            then=then,
            failed=lambda _: None,
        )

    def _show(self, answer: Answer) -> None:
        came = picture_of(answer)
        if came is None:
            return
        scale = self.devicePixelRatioF()
        room = QSize(round(self.width() * scale), round(self.height() * scale))
        fitting = QPixmap.fromImage(came)
        if came.width() > room.width() or came.height() > room.height():
            fitting = fitting.scaled(
                room,
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        fitting.setDevicePixelRatio(scale)
        self._picture = fitting
        self.setEnabled(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(tr("Show the picture {name} larger", name=self._name))
        self.update()

    def _enlarge(self) -> None:
        self._ask(round(_LARGE * self.devicePixelRatioF()), self._show_large)

    def _show_large(self, answer: Answer) -> None:
        came = picture_of(answer)
        if came is not None:
            came.setDevicePixelRatio(self.devicePixelRatioF())
            LargePicture(QPixmap.fromImage(came), name=self._name, parent=self.window()).open()


class LargePicture(QDialog):
    """The same picture as large as it is useful; Escape or a click puts it away."""

    def __init__(self, picture: QPixmap, *, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(name)
        self.setAccessibleName(tr("The picture {name}", name=name))
        shown = QLabel()
        shown.setPixmap(_fitting(picture, parent.size()))
        shown.setAccessibleName(name)
        column = QVBoxLayout(self)
        column.addWidget(shown)
        column.addWidget(
            label(tr("{name}: a copy made small. Esc puts it away.", name=name), role="meta")
        )


def picture_of(answer: Answer) -> QImage | None:
    """The plain points of an answer as a picture; None where there are none."""
    width, height = int(answer.get("width", 0)), int(answer.get("height", 0))
    points = base64.b64decode(str(answer.get("points", "")))
    if not width or not height or len(points) != 3 * width * height:
        return None
    return QImage(points, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def _fitting(picture: QPixmap, window: QSize) -> QPixmap:
    """No larger than most of the window."""
    scale = picture.devicePixelRatio()
    most = QSize(round(window.width() * 0.9 * scale), round(window.height() * 0.8 * scale))
    if picture.width() <= most.width() and picture.height() <= most.height():
        return picture
    ratio, how = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    return picture.scaled(most, ratio, how)
