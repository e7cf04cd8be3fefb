"""Shortcuts: every key of the window in one table, and the sheet that shows it.

Single letters do nothing while somebody writes: a field with the keyboard takes them first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.config.desktop import command_key
from app.domain.translation import to_translate, tr
from app.ui import placing
from app.ui.issue.parts import button, label, scrolling
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

    @property
    def keys_said(self) -> str:
        """How the sheet shows the keys, in the owner's language."""
        for between, said in _BETWEEN:
            one, found, other = self.shown.partition(between)
            if found:
                return tr(said, one=one, other=other)
        return on_this_keyboard(self.shown.replace("Ctrl", tr("Ctrl")))


def on_this_keyboard(text: str, *, key: str | None = None) -> str:
    """A text of ours that names keys, by the names that they have here."""
    named = command_key() if key is None else key
    return text.replace(tr("Ctrl"), named) if named else text


_BETWEEN = (
    ("  or  ", to_translate("{one}  or  {other}")),
    ("  to  ", to_translate("{one}  to  {other}")),
    (" then ", to_translate("{one} then {other}")),
)


KEYS = (
    Key("next", ("J",), to_translate("Next issue"), "J  or  ↓", "Move"),
    Key("previous", ("K",), to_translate("Previous issue"), "K  or  ↑", "Move"),
    Key("palette", ("Ctrl+K",), to_translate("Everything that can be done"), "Ctrl K", "Move"),
    Key("search", ("/", "Ctrl+F"), to_translate("Search"), "/", "Move"),
    Key("list", ("G, L",), to_translate("To the list"), "G then L", "Move"),
    Key("sprint", ("F",), to_translate("One issue at a time (focus)"), "F", "Move"),
    Key("pause", ("P",), to_translate("Pause, and go on"), "P", "Move"),
    Key("go urgent", ("G, U",), to_translate("Urgent"), "G then U", "Views"),
    Key("go open", ("G, O",), to_translate("Open"), "G then O", "Views"),
    Key("go disputes", ("G, C",), to_translate("Disputes (chargebacks)"), "G then C", "Views"),
    Key("go waiting", ("G, W",), to_translate("Waiting"), "G then W", "Views"),
    Key("go snoozed", ("G, S",), to_translate("Snoozed"), "G then S", "Views"),
    Key("go done", ("G, D",), to_translate("Done"), "G then D", "Views"),
    Key("go noise", ("G, N",), to_translate("Not an issue"), "G then N", "Views"),
    Key("go all", ("G, A",), to_translate("Everything"), "G then A", "Views"),
    Key("resolve", ("E",), to_translate("Done, or open again"), "E"),
    Key("snooze", ("S",), to_translate("Snooze"), "S"),
    Key("acknowledge", ("A",), to_translate("Acknowledge"), "A"),
    Key("mark", ("X",), to_translate("Select, for several at once"), "X"),
    Key("mark all", ("Ctrl+A",), to_translate("Select all"), "Ctrl A"),
    Key("sort 1", ("1",), to_translate("Sort what is unsure"), "1  to  4"),
    Key("sort 2", ("2",), to_translate("The second answer")),
    Key("sort 3", ("3",), to_translate("The third answer")),
    Key("sort 4", ("4",), to_translate("The fourth answer")),
    Key("undo", ("U", "Z", "Ctrl+Z"), to_translate("Undo"), "U  or  Z"),
    Key("reply", ("R",), to_translate("Reply"), "R", "Reply"),
    Key("template 1", ("Alt+1",), to_translate("Begin with a template"), "Alt 1  to  3", "Reply"),
    Key("template 2", ("Alt+2",), to_translate("The second template")),
    Key("template 3", ("Alt+3",), to_translate("The third template")),
    Key("templates", ("T",), to_translate("All templates"), "T", "Reply"),
    Key("send", ("Ctrl+Return", "Ctrl+Enter"), to_translate("Send"), "Ctrl Enter", "Reply"),
    Key("leave", ("Escape",), to_translate("Back to the list"), "Esc", "Reply"),
    Key("sync", ("F5", "Ctrl+R"), to_translate("Look for new mail"), "F5", "Program"),
    Key("new", (".",), to_translate("Show what is new"), ".", "Program"),
    Key("settings", ("Ctrl+,",), to_translate("Settings"), "Ctrl ,", "Program"),
    Key("numbers", ("G, F",), to_translate("Numbers (figures)"), "G then F", "Program"),
    Key("health", ("G, H",), to_translate("How it stands"), "G then H", "Program"),
    Key("keys", ("?", "F1"), to_translate("These keys"), "?", "Program"),
    Key("close", ("Ctrl+W",), to_translate("Close the window"), "Ctrl W", "Program"),
    Key("quit", ("Ctrl+Q",), to_translate("Quit"), "Ctrl Q", "Program"),
)
_GROUPS = (
    (to_translate("Move"), to_translate("Views")),
    (to_translate("Issues"), to_translate("Reply"), to_translate("Program")),
)


def bind(window: QWidget, acts: Mapping[str, Callable[[], object]]) -> None:
    """Make the table's keys do what `acts` says; every act of the table must be there."""
    for key in KEYS:
        act = acts[key.act]
        for keys in key.keys:
            shortcut = QShortcut(QKeySequence(keys), window)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(lambda act=act: act())


class KeySheet(QDialog):
    """All keys on one page, which is scrolled where the screen is lower than it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keys"))
        self.setAccessibleName(tr("Keyboard shortcuts"))
        column = QVBoxLayout(self)
        column.setContentsMargins(Gap.HUGE, Gap.HUGE, Gap.HUGE, Gap.LARGE)
        column.setSpacing(Gap.LARGE)
        column.addWidget(label(tr("Keys"), role="page"))
        page = QWidget()
        sides = QHBoxLayout(page)
        sides.setContentsMargins(0, 0, 0, 0)
        sides.setSpacing(Gap.HUGE * 2)
        for groups in _GROUPS:
            sides.addLayout(_side(groups))
        self.keys = scrolling(page)
        self.keys.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.keys.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # nothing in it takes the keyboard
        self.keys.setAccessibleName(tr("Keyboard shortcuts"))
        column.addWidget(self.keys, 1)
        close = button(tr("Close"), self.accept)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        column.addLayout(foot)
        self.close_button = close
        close.setFocus()
        whole = column.sizeHint() - self.keys.sizeHint() + page.sizeHint()
        self.resize(whole.boundedTo(placing.room_on(self.screen().availableGeometry())))


def _side(groups: tuple[str, ...]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(Gap.HUGE)
    grid.setVerticalSpacing(Gap.TINY + 2)
    line = 0
    for group in groups:
        grid.addWidget(label(tr(group), role="muted"), line, 0, 1, 2)
        for key in (key for key in KEYS if key.group == group and key.shown):
            line += 1
            grid.addWidget(label(tr(key.words)), line, 0)
            shown = label(key.keys_said)
            shown.setObjectName("key")
            grid.addWidget(shown, line, 1, Qt.AlignmentFlag.AlignLeft)
        line += 1
        grid.setRowMinimumHeight(line, Gap.SMALL)
        line += 1
    grid.setRowStretch(line, 1)
    return grid
