"""Tab walk: the order in which Tab goes through the window, which is the order of the eye.

Qt's own order is that in which things were made, so what appears later (a mail, an Undo) would
come last. Here the layouts are read at each step: views, list, verbs, why, mails, Undo, template,
editor, Send. What the keyboard comes to is scrolled into sight.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLayout, QScrollArea, QSplitter, QStackedWidget, QWidget


def stops(widget: QWidget, here: QWidget | None) -> Iterator[QWidget]:
    """Everything that takes the keyboard by Tab and can be seen, in the order of the eye; and what
    has the keyboard, since a button that is disabled by its own click is where to go on from."""
    if widget.isHidden() or (widget.isWindow() and widget.parentWidget() is not None):
        return
    takes_tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    if takes_tab and (widget.isEnabled() or widget is here) and widget.focusProxy() is None:
        yield widget
    if not takes_tab or isinstance(widget, QScrollArea):
        for child in _children(widget):
            yield from stops(child, here)


def step(window: QWidget, here: QWidget | None, *, onward: bool) -> bool:
    """Move the keyboard on, or back; False where there is nothing to move it to."""
    found = (each for child in _children(window) for each in stops(child, here))
    way = [each for each in found if each.isVisibleTo(window)]
    if not way:
        return False
    reason = Qt.FocusReason.TabFocusReason if onward else Qt.FocusReason.BacktabFocusReason
    to = way[_next(way, here, onward=onward) % len(way)]
    to.setFocus(reason)
    bring_into_sight(to)
    return True


class ByEye(QDialog):
    """A dialog in which Tab goes the way of the eye, and Enter presses nothing by surprise."""

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, N802 - Qt's names
        """The next stop, or the one before."""
        return step(self, self.focusWidget(), onward=next)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter in a field is the field's own: Qt would press the first button of the dialog."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)


def bring_into_sight(widget: QWidget) -> None:
    """Scroll whatever it lies in until it can be seen; what is wider than that, from its left."""
    # What was shown just now lies where it did before, as long as its layouts wait for their turn.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(widget)
            if widget.width() > above.viewport().width():
                above.horizontalScrollBar().setValue(0)
        above = above.parentWidget()


def _next(way: list[QWidget], here: QWidget | None, *, onward: bool) -> int:
    while here is not None and here not in way:  # the surface inside a field, or text to read
        here = here.parentWidget()
    if here is None:
        return 0 if onward else -1
    return way.index(here) + (1 if onward else -1)


def _children(widget: QWidget) -> list[QWidget]:
    """What lies in a widget, first what a layout places, then what lies over it."""
    if isinstance(widget, QStackedWidget | QScrollArea):
        within = widget.widget() if isinstance(widget, QScrollArea) else widget.currentWidget()
        return [within] if within is not None else []
    placed: list[QWidget | None] = []
    if isinstance(widget, QSplitter):
        placed = [widget.widget(at) for at in range(widget.count())]
    elif (layout := widget.layout()) is not None:
        placed = list(_placed(layout))
    found = [each for each in placed if each is not None]
    others = [each for each in widget.children() if isinstance(each, QWidget)]
    return found + [each for each in others if each not in found]


def _placed(layout: QLayout) -> Iterator[QWidget]:
    for at in range(layout.count()):
        item = layout.itemAt(at)
        if item is None:
            continue
        inner, widget = item.layout(), item.widget()
        if widget is not None:
            yield widget
        elif inner is not None:
            yield from _placed(inner)
