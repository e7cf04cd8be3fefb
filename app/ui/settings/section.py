"""Section: one page of the settings: a title, a sentence what it is for, and its parts; scrolls."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from app.ui.issue.parts import SLIM, label, row, scrolling
from app.ui.theme import Theme

WIDTH = 660


def section(title: str, purpose: str, *parts: QWidget, theme: Theme) -> QWidget:
    """A page of these parts, one below the other."""
    page = QWidget()
    page.setProperty("ground", "surface")
    page.setStyleSheet(SLIM)
    inside = QWidget()
    inside.setMaximumWidth(theme.px(WIDTH))
    column = QVBoxLayout(inside)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(10)
    column.addWidget(label(title, role="page"))
    column.addWidget(label(purpose, role="muted", wrap=True))
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    outer = QVBoxLayout(page)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.addWidget(scrolled(inside))
    return page


def scrolled(inside: QWidget) -> QScrollArea:
    """Something in the middle of what scrolls up and down; where letters are so large that it does
    not fit, to the side too: nothing is out of reach."""
    ground = QWidget()
    ground.setProperty("ground", "surface")
    across = row(1, inside, 1)
    across.setStretch(1, 100)
    across.setContentsMargins(24, 20, 24, 20)
    ground.setLayout(across)
    area = scrolling(ground)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
    return area
