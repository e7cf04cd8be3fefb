"""The window with its real pages: nothing nameless, nothing that guesses, no key that is taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAction, QGuiApplication, QImage, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QToolTip,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.domain.alert import Alert
from app.domain.changes import Changes
from app.domain.message import Address, Attachment
from app.domain.views import IssueView, ReplyView
from app.ui.application import RealPages
from app.ui.bridge import EngineBridge
from app.ui.errors import ErrorDoor
from app.ui.issue.panel import IssuePanel
from app.ui.main_window import MainWindow
from app.ui.panes import IssuePane
from app.ui.reader import Reader
from app.ui.theme import Theme
from tests.support.file_watch import opened_in
from tests.support.ui_fakes import (
    NOW,
    FakeClock,
    FakeEngine,
    FakeQueries,
    FakeShop,
    a_reply,
    a_row,
)
from tests.support.ui_frame import button_of

_CONTROLS = (QAbstractButton, QLineEdit, QAbstractItemView, QComboBox, QPlainTextEdit, QTextEdit)


class Pages(RealPages):
    """The real pages, reading what is made up in Qt's thread."""

    def issue_panel(self, **parts: object) -> IssuePane:
        return IssuePanel(**parts)  # type: ignore[arg-type]


@pytest.fixture
def window(
    qtbot: QtBot, bridge: EngineBridge, reader: Reader, queries: FakeQueries, theme: Theme,
    clock: FakeClock, tmp_path: Path, until,
) -> Iterator[MainWindow]:  # fmt: skip
    made = MainWindow(
        bridge=bridge, queries=queries, reader=reader, theme=theme, clock=clock,
        errors=ErrorDoor(), pages=Pages(tmp_path / "none.db"), memory=tmp_path / "window.ini",
    )  # fmt: skip
    qtbot.addWidget(made)
    bridge.start()
    made.begin()
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    until(lambda: made.bench.shown_key == a_row(1).key)
    yield made
    bridge.stop()
    reader.stop()


def _visible_controls(window: QWidget) -> list[QWidget]:
    every: list[QWidget] = [*window.findChildren(QWidget)]
    return [each for each in every if isinstance(each, _CONTROLS) and each.isVisible()]


def test_no_control_is_nameless(window: MainWindow):
    nameless = [
        f"{type(each).__name__} {each.objectName()}"
        for each in _visible_controls(window)
        if not QAccessible.queryAccessibleInterface(each).text(QAccessible.Text.Name)
    ]
    assert nameless == []


def test_every_control_is_reached_by_tab(window: MainWindow):
    seen: set[int] = set()
    here = QGuiApplication.focusObject()
    for _ in range(80):
        assert isinstance(here, QWidget)
        seen.add(id(here))
        QTest.keyClick(here, Qt.Key.Key_Tab)
        here = QGuiApplication.focusObject()
        if id(here) in seen:
            break
    missed = [
        f"{type(each).__name__} {each.accessibleName()}"
        for each in _visible_controls(window)
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus and id(each) not in seen
    ]
    assert missed == []


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A picture that nobody may open, alone in its folder."""
    path = tmp_path / "lure" / "red.png"
    path.parent.mkdir()
    QImage(60, 60, QImage.Format.Format_RGB32).save(str(path))
    return path


def test_case_061_a_label_would_open_the_picture_if_it_guessed(qtbot: QtBot, picture: Path):
    """What the next test fears is real: Qt's own default reads the file, and the watch sees it."""
    with opened_in(picture.parent) as opened:
        label = QLabel(f'<img src="{picture.as_uri()}">')
        qtbot.addWidget(label)
        label.grab()
    assert "red.png" in opened


def test_case_061_markup_in_a_strangers_words_stays_words_in_the_whole_window(
    window: MainWindow, shop: FakeShop, queries: FakeQueries, picture: Path, until
):
    """Subject, sender, order, name of a file, reasons: in labels, rows, tool tips and title."""
    lure = f'<img src="{picture.as_uri()}"><b>Lure</b>&amp;'
    who = Address(email="lure@example.com", name=lure)
    row = a_row(4, subject=lure, customer=who, preview=lure, order_number=lure, score=99)
    read = queries.issue

    def hostile(key: str) -> IssueView:
        view = read(key)
        file = Attachment(filename=f"{lure}.png", content_type="image/png", size=9, part=1)
        mail = replace(view.messages[0], attachments=(file,), has_html=True)
        reason = replace(view.reasons[0], because=lure)
        return replace(view, messages=(mail,), reasons=(reason, *view.reasons[1:]))

    queries.issue = hostile  # type: ignore[method-assign]
    with opened_in(picture.parent) as opened:
        shop.put(row)
        window.bench.open_issue(row.key)
        until(lambda: window.bench.shown_key == row.key)
        until(lambda: any("Lure" in each.text() for each in window.findChildren(QLabel)))
        window.grab()
        for each in window.findChildren(QWidget):
            if each.toolTip():
                QToolTip.showText(window.pos(), each.toolTip(), each)
        QToolTip.hideText()
        widgets, actions = window.findChildren(QWidget), window.findChildren(QAction)
        tips = [*(one.toolTip() for one in widgets), *(one.toolTip() for one in actions)]
    assert any("Lure" in tip for tip in tips)
    assert [tip for tip in tips if "<img" in tip] == []
    assert "<img" not in window.windowTitle()
    assert opened == []


def test_every_label_shows_text_as_text(window: MainWindow):
    """Case 61: of all that stands on the page, no label may take words for markup."""
    guessing = [
        label.text()
        for label in window.findChildren(QLabel)
        if label.text() and label.textFormat() is not Qt.TextFormat.PlainText
    ]
    assert guessing == []


def test_no_two_shortcuts_want_the_same_key(window: MainWindow):
    keys = [shortcut.key().toString() for shortcut in window.findChildren(QShortcut)]
    assert len(keys) == len(set(keys))


def test_reply_is_one_key_away_and_escape_leads_back(window: MainWindow):
    QTest.keyClick(window.bench.inbox.view, Qt.Key.Key_R)
    writing = QGuiApplication.focusObject()
    assert isinstance(writing, QPlainTextEdit)
    QTest.keyClicks(writing, "e s j u")
    assert writing.toPlainText() == "e s j u"
    QTest.keyClick(writing, Qt.Key.Key_Escape)
    assert window.bench.inbox.view.hasFocus()


def test_done_in_the_panel_moves_the_list_on_and_can_be_undone(
    window: MainWindow, engine: FakeEngine, until
):
    assert isinstance(window.bench.issue, IssuePanel)
    window.bench.issue.resolve()
    until(lambda: list(window.bench.inbox.model.ids)[:1] == [2])
    until(lambda: window.bench.shown_key == a_row(2).key)
    QTest.keyClick(window.bench.inbox.view, Qt.Key.Key_U)
    until(lambda: list(window.bench.inbox.model.ids)[:2] == [1, 2])
    assert window.bench.inbox.waiting == ""


@pytest.fixture
def alarmed(window: MainWindow, shop: FakeShop, until) -> MainWindow:
    """Two alerts stand over the list: one issue rang, and one mailbox is silent."""
    shop.alerts = tuple(
        Alert(id=number, dedupe=f"{number}", issue_keys=keys, title="Look", body="", created_at=NOW)
        for number, keys in ((5, (a_row(5).key,)), (6, ()))
    )
    window._read_overview()
    until(lambda: len(window.banners.names) == 2)
    return window


def _keyboard() -> QWidget:
    here = QGuiApplication.focusObject()
    assert isinstance(here, QWidget)
    return here


@pytest.mark.parametrize(("button", "verb"), [("Acknowledge", "acknowledge"), ("Done", "resolve")])
def test_after_a_verb_that_was_clicked_the_keyboard_is_in_the_list(
    alarmed: MainWindow, engine: FakeEngine, until, button: str, verb: str
):
    """Neither an alert nor the next issue's own button hears the next Space."""
    panel = alarmed.bench.issue
    assert isinstance(panel, IssuePanel)
    clicked = button_of(panel.page.header, button)
    QTest.mouseClick(clicked, Qt.MouseButton.LeftButton)
    until(alarmed.toast.isVisible)
    until(lambda: clicked.isHidden() or alarmed.bench.shown_key == a_row(2).key)
    assert _keyboard() is alarmed.bench.inbox.view
    assert engine.verbs().count(verb) == 1


def test_when_another_issue_comes_no_button_of_the_last_one_keeps_the_keyboard(
    window: MainWindow, engine: FakeEngine, until
):
    """J while the keyboard is on Done: Enter would close what nobody has looked at."""
    panel = window.bench.issue
    assert isinstance(panel, IssuePanel)
    button_of(panel.page.header, "Done").setFocus()
    QTest.keyClick(_keyboard(), Qt.Key.Key_J)
    until(lambda: window.bench.shown_key == a_row(2).key)
    assert _keyboard() is window.bench.inbox.view


def test_who_writes_keeps_the_keyboard_whatever_comes(window: MainWindow, until):
    QTest.keyClick(window.bench.inbox.view, Qt.Key.Key_R)
    writing = _keyboard()
    panel = window.bench.issue
    assert isinstance(panel, IssuePanel)
    panel.acknowledge()
    until(window.toast.isVisible)
    assert _keyboard() is writing
    window.bench.open_issue(a_row(4).key)
    until(lambda: window.bench.shown_key == a_row(4).key)
    assert _keyboard() is writing


def test_an_alert_that_goes_leaves_the_keyboard_to_the_list(alarmed: MainWindow, until):
    """Put away with Space, the next Space does not put away the next one."""
    button_of(alarmed.banners, "Open it").setFocus()
    QTest.keyClick(_keyboard(), Qt.Key.Key_Space)
    until(lambda: alarmed.bench.shown_key == a_row(5).key)
    assert _keyboard() is alarmed.bench.inbox.view


def test_more_alerts_are_unfolded_and_folded_with_the_same_key(alarmed: MainWindow):
    button_of(alarmed.banners, "1 more").setFocus()
    for said in ("Show one", "1 more"):
        QTest.keyClick(_keyboard(), Qt.Key.Key_Space)
        assert QAccessible.queryAccessibleInterface(_keyboard()).text(QAccessible.Text.Name) == said
        assert _keyboard().isVisible()


def _names_on_the_way(window: MainWindow, steps: int) -> list[str]:
    """The names of what Tab comes to, from the list on."""
    window.bench.inbox.view.setFocus()
    names: list[str] = []
    for _ in range(steps):
        here = QGuiApplication.focusObject()
        assert isinstance(here, QWidget)
        names.append(here.accessibleName())
        QTest.keyClick(here, Qt.Key.Key_Tab)
    return names


@pytest.fixture
def counting_down(window: MainWindow, queries: FakeQueries, clock: FakeClock) -> ReplyView:
    """A reply of the issue in view that still can be taken back."""
    assert isinstance(window.bench.issue, IssuePanel)
    later = clock.now() + timedelta(seconds=15)
    reply = replace(a_reply(7), issue_key=a_row(1).key, not_before=later)
    read = queries.issue

    def with_reply(key: str) -> IssueView:
        return replace(read(key), replies=(reply,) if key == reply.issue_key else ())

    queries.issue = with_reply  # type: ignore[method-assign]
    window.bench.issue.refresh(Changes.of_issues([reply.issue_key]))
    return reply


@pytest.mark.usefixtures("counting_down")
def test_tab_goes_the_way_of_the_eye_to_undo_and_on_to_send(window: MainWindow):
    """List, verbs, why, mails, Undo, template, editor, Send: what was made last is not last."""
    way = _names_on_the_way(window, 24)
    landmarks = (
        "Issues", "Acknowledge", "Unfold the reasons", "Mail from", "Note to yourselves", "Undo",
        "Template:", "Reply", "Send reply",
    )  # fmt: skip
    found = [next(at for at, name in enumerate(way) if name.startswith(one)) for one in landmarks]
    assert found == sorted(found)


def test_shift_tab_goes_the_same_way_back(window: MainWindow):
    there = _names_on_the_way(window, 5)
    for name in reversed(there):
        here = QGuiApplication.focusObject()
        assert isinstance(here, QWidget)
        QTest.keyClick(here, Qt.Key.Key_Backtab)
        back = QGuiApplication.focusObject()
        assert isinstance(back, QWidget)
        assert back.accessibleName() == name


@pytest.mark.parametrize("key", [Qt.Key.Key_U, Qt.Key.Key_Z])
def test_undo_takes_a_reply_back_that_counts_down_before_anything_else(
    window: MainWindow, engine: FakeEngine, counting_down: ReplyView, key: Qt.Key, until
):
    QTest.keyClick(window.bench.inbox.view, Qt.Key.Key_A)
    QTest.keyClick(window.bench.inbox.view, key)
    until(lambda: ("undo_send", {"reply": counting_down.id}) in engine.asked)
    assert "undo" not in engine.verbs()
