"""Stand-ins for the pages of the window, and hands for whoever tests its frame."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QLabel,
    QPlainTextEdit,
    QWidget,
)

from app.domain.changes import Changes
from app.ui.main_window import MainWindow


class StandInPanel(QPlainTextEdit):
    """Stands where the issue's pane stands and remembers what it was told."""

    decided = Signal(str, str)
    did = Signal(str)
    went_into = Signal(str)
    cause_asked = Signal(object)
    taught = Signal(str, str)
    other_asked = Signal(str)
    templates_asked = Signal(str, str)
    reply_not_sent = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Reply")
        self.setTabChangesFocus(True)
        self.keys: list[str | None] = []
        self.told: list[str] = []
        self.counts_down = False
        self.not_kept = ("", "")

    def show_issue(self, key: str | None) -> None:
        self.keys.append(key)

    def choose_dispute(self, dispute: str) -> None:
        self.told.append(f"dispute {dispute}")

    def refresh(self, changes: Changes) -> None:
        self.told.append("refresh")

    @property
    def key(self) -> str:
        return next((key for key in reversed(self.keys) if key), "") or ""

    def templates_changed(self) -> None:
        self.told.append("templates changed")

    def focus_reply(self) -> None:
        self.setFocus()

    def use_template(self, template: str, language: str = "") -> None:
        self.told.append(f"template {template} {language}")

    def send(self) -> None:
        self.told.append("send")

    def take_template(self, place: int) -> None:
        self.told.append(f"template {place}")

    def open_templates(self) -> None:
        self.told.append("templates")

    def act(self, name: str) -> None:
        self.told.append(f"act {name}")

    def sort_as(self, place: int) -> None:
        self.told.append(f"sort {place}")

    def call_back(self, reply: int | None = None) -> bool:
        self.told.append("call back" if reply is None else f"call back {reply}")
        return self.counts_down

    def is_dirty(self) -> bool:
        return False

    def save(self) -> None:
        self.told.append("save")

    def unkept(self) -> tuple[str, str]:
        return self.not_kept


class StandInConnect(QWidget):
    """Stands where a mailbox is connected."""

    done = Signal()
    left = Signal()
    shop_asked = Signal()

    def be_first(self, *, is_first: bool) -> None:
        self.is_first = is_first


class StandInSettings(QWidget):
    """Stands where the settings are; `pages` are those that were asked for."""

    connect_asked = Signal()
    issues_asked = Signal(object, str)
    put_back_asked = Signal(str)
    pointed_at = ""

    def point_to(self, name: str) -> None:
        self.pointed_at = name

    def __init__(self) -> None:
        super().__init__()
        self.pages: list[str] = []

    def show_page(self, name: str) -> None:
        self.pages.append(name)


class StandInPages:
    """Makes the stand-ins."""

    def __init__(self) -> None:
        self.panel = StandInPanel()
        self.settings: StandInSettings | None = None

    def issue_panel(self, **_parts: Any) -> StandInPanel:
        return self.panel

    def connect_page(self, **_parts: Any) -> QWidget:
        return StandInConnect()

    def settings_dialog(self, **_parts: Any) -> QWidget:
        self.settings = StandInSettings()
        return self.settings

    def reports_dialog(self, **_parts: Any) -> QWidget:
        return QWidget()

    def health_dialog(self, **_parts: Any) -> QWidget:
        return QWidget()

    def templates_dialog(self, **_parts: Any) -> QWidget:
        return QWidget()


Make = Callable[..., MainWindow]


def press(window: MainWindow, keys: str) -> None:
    target = QGuiApplication.focusObject()
    QTest.keyClicks(target if isinstance(target, QWidget) else window, keys)


def current(window: MainWindow) -> int:
    row = window.bench.inbox.view.current_row()
    return row.id if row else -1


def said_in(inside: QWidget) -> list[str]:
    return [label.text() for label in inside.findChildren(QLabel) if label.isVisible()]


def button_of(inside: QWidget, text: str) -> QAbstractButton:
    for each in inside.findChildren(QAbstractButton):
        if each.text() == text and not each.isHidden():
            return each
    raise AssertionError(f"there is no button {text!r}")
