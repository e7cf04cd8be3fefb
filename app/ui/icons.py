"""Icons: the program's own line drawings, tinted by a token and sharp at any scale.

Each is an SVG in resources/icons that draws with `currentColor`; theme.py asks for them.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

_SIZES = (16, 20)


class Icons:
    """Reads drawings from a folder and keeps every tinted one, for 100 % and for `scale`."""

    def __init__(self, folder: Path, *, scale: float = 1.0) -> None:
        self._folder = folder
        self._scales = sorted({1.0, scale})
        self._drawn: dict[tuple[str, str], QIcon] = {}
        self._pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}

    def icon(self, name: str, colour: QColor) -> QIcon:
        """The drawing in one colour, for buttons and menus."""
        wanted = (name, colour.name())
        if wanted not in self._drawn:
            icon = QIcon()
            for size in _SIZES:
                for scale in self._scales:
                    icon.addPixmap(self.pixmap(name, colour, size=size, scale=scale))
            self._drawn[wanted] = icon
        return self._drawn[wanted]

    def pixmap(self, name: str, colour: QColor, *, size: int, scale: float = 1.0) -> QPixmap:
        """The drawing in one colour at `size` pixels for a screen of that scale."""
        wanted = (name, colour.name(), size, scale)
        if wanted not in self._pixmaps:
            self._pixmaps[wanted] = self._draw(name, colour, size=size, scale=scale)
        return self._pixmaps[wanted]

    def _draw(self, name: str, colour: QColor, *, size: int, scale: float) -> QPixmap:
        drawing = (self._folder / f"{name}.svg").read_text(encoding="utf-8")
        tinted = drawing.replace("currentColor", colour.name())
        pixels = round(size * scale)
        pixmap = QPixmap(pixels, pixels)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer = QSvgRenderer(QByteArray(tinted.encode()))
        renderer.render(painter, QRectF(0, 0, pixels, pixels))
        painter.end()
        pixmap.setDevicePixelRatio(scale)
        return pixmap
