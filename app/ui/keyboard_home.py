"""KeyboardHome: where the keyboard goes when what it was on has gone, or is about another issue.

Qt would give it to the next thing in the window, which may be an alert: the next Space would press
that. Home is where single letters are verbs; whoever is writing is left alone.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)


class KeyboardHome:
    """`home` says where that is, as the panes of `bench` stand now."""

    def __init__(self, *, bench: QWidget, home: Callable[[], QWidget]) -> None:
        self._bench, self._home = bench, home

    @property
    def is_written_with(self) -> bool:
        """Whether somebody is writing."""
        focus = self._bench.window().focusWidget()
        return focus is not None and focus.isVisible() and _is_written_in(focus)

    def come_home(self) -> bool:
        """Have the keyboard at home, unless somebody writes; False where home is not in view."""
        if self.is_written_with:
            return True
        home = self._home()
        home.setFocus()
        return home.isVisible()

    def leave(self, pane: QWidget) -> None:
        """What is in this pane is about something else now: no button of it keeps the keyboard."""
        focus = self._bench.window().focusWidget()
        if focus is None or pane.isAncestorOf(focus):
            self.come_home()


def _is_written_in(widget: QWidget) -> bool:
    """Whether letters that are typed there become text."""
    if isinstance(widget, QLineEdit | QTextEdit | QPlainTextEdit):
        return widget.isEnabled() and not widget.isReadOnly()
    return isinstance(widget, QAbstractSpinBox) or (
        isinstance(widget, QComboBox) and widget.isEditable()
    )
