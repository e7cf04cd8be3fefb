"""Shortcuts: every key of the window in one table, and the sheet that shows it.

Single letters do nothing while somebody writes: a field with the keyboard takes them first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.issue.parts import button, label
from app.ui.tokens import Gap


@dataclass(frozen=True, slots=True)
class Key:
    """One thing to do, the keys that do it, how it is said, and how the sheet shows the keys; what
    another line shows too has nothing there."""

    act: str
    keys: tuple[str, ...]
    words: str
    shown: str = ""
    group: str = "Issues"


KEYS = (
    Key("next", ("J",), "Next issue", "J  or  ↓", "Move"),
    Key("previous", ("K",), "Previous issue", "K  or  ↑", "Move"),
    Key("search", ("Ctrl+K", "/"), "Search", "Ctrl K  or  /", "Move"),
    Key("list", ("G, L",), "To the list", "G then L", "Move"),
    Key("go urgent", ("G, U",), "Urgent", "G then U", "Views"),
    Key("go open", ("G, O",), "Open", "G then O", "Views"),
    Key("go disputes", ("G, C",), "Disputes (chargebacks)", "G then C", "Views"),
    Key("go waiting", ("G, W",), "Waiting", "G then W", "Views"),
    Key("go snoozed", ("G, S",), "Snoozed", "G then S", "Views"),
    Key("go done", ("G, D",), "Done", "G then D", "Views"),
    Key("go noise", ("G, N",), "Not an issue", "G then N", "Views"),
    Key("go all", ("G, A",), "Everything", "G then A", "Views"),
    Key("resolve", ("E",), "Done, or open again", "E"),
    Key("snooze", ("S",), "Snooze", "S"),
    Key("acknowledge", ("A",), "Acknowledge", "A"),
    Key("sort 1", ("1",), "Sort what is unsure", "1  to  4"),
    Key("sort 2", ("2",), "The second answer"),
    Key("sort 3", ("3",), "The third answer"),
    Key("sort 4", ("4",), "The fourth answer"),
    Key("undo", ("U", "Z", "Ctrl+Z"), "Undo", "U  or  Z"),
    Key("reply", ("R",), "Reply", "R", "Reply"),
    Key("template 1", ("Alt+1",), "Begin with a template", "Alt 1  to  Alt 3", "Reply"),
    Key("template 2", ("Alt+2",), "Begin with the second template", "", "Reply"),
    Key("template 3", ("Alt+3",), "Begin with the third template", "", "Reply"),
    Key("send", ("Ctrl+Return", "Ctrl+Enter"), "Send", "Ctrl Enter", "Reply"),
    Key("leave", ("Escape",), "Back to the list", "Esc", "Reply"),
    Key("sync", ("F5", "Ctrl+R"), "Look for new mail", "F5", "Program"),
    Key("new", (".",), "Show what is new", ".", "Program"),
    Key("settings", ("Ctrl+,",), "Settings", "Ctrl ,", "Program"),
    Key("numbers", ("G, F",), "Numbers (figures)", "G then F", "Program"),
    Key("health", ("G, H",), "How it stands", "G then H", "Program"),
    Key("keys", ("?", "F1"), "These keys", "?", "Program"),
    Key("close", ("Ctrl+W",), "Close the window", "Ctrl W", "Program"),
    Key("quit", ("Ctrl+Q",), "Quit", "Ctrl Q", "Program"),
)
_GROUPS = (("Move", "Views"), ("Issues", "Reply", "Program"))


def bind(window: QWidget, acts: Mapping[str, Callable[[], object]]) -> None:
    """Make the table's keys do what `acts` says; every act of the table must be there."""
    for key in KEYS:
        act = acts[key.act]
        for keys in key.keys:
            shortcut = QShortcut(QKeySequence(keys), window)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(lambda act=act: act())


class KeySheet(QDialog):
    """All keys on one page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.setAccessibleName("Keyboard shortcuts")
        column = QVBoxLayout(self)
        column.setContentsMargins(Gap.HUGE, Gap.HUGE, Gap.HUGE, Gap.LARGE)
        column.setSpacing(Gap.LARGE)
        column.addWidget(label("Keys", role="page"))
        sides = QHBoxLayout()
        sides.setSpacing(Gap.HUGE * 2)
        for groups in _GROUPS:
            sides.addLayout(_side(groups))
        column.addLayout(sides)
        close = button("Close", self.accept)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        column.addLayout(foot)
        close.setFocus()


def _side(groups: tuple[str, ...]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(Gap.HUGE)
    grid.setVerticalSpacing(Gap.TINY + 2)
    line = 0
    for group in groups:
        grid.addWidget(label(group, role="muted"), line, 0, 1, 2)
        for key in (key for key in KEYS if key.group == group and key.shown):
            line += 1
            grid.addWidget(label(key.words), line, 0)
            shown = label(key.shown)
            shown.setObjectName("key")
            grid.addWidget(shown, line, 1, Qt.AlignmentFlag.AlignLeft)
        line += 1
        grid.setRowMinimumHeight(line, Gap.SMALL)
        line += 1
    grid.setRowStretch(line, 1)
    return grid
