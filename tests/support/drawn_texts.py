"""Drawn texts: what is written by whoever paints, and where, without a picture of it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from PySide6.QtCore import QBuffer
from PySide6.QtGui import QPainter
from PySide6.QtSvg import QSvgGenerator


def texts(draw: Callable[[QPainter], object]) -> dict[str, float]:
    """Each text that is drawn and where it begins: as SVG, in which each keeps its place."""
    buffer, drawing = QBuffer(), QSvgGenerator()
    drawing.setOutputDevice(buffer)
    painter = QPainter(drawing)
    draw(painter)
    painter.end()
    svg = html.unescape(bytes(buffer.data().data()).decode())
    found = re.findall(r'<text[^>]* x="([^"]+)"[^>]*>([^<]+)<', svg)
    return {text.strip(): float(left) for left, text in found}
