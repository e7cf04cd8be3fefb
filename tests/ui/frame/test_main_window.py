"""The window with a made-up shop: every key and every verb, and nothing nameless."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.domain.journal import State
from app.domain.views import View
from app.ui.main_window import MainWindow
from app.ui.shortcuts import KEYS, KeySheet
from tests.support.ui_fakes import (
    NOW,
    FakeEngine,
    FakeShop,
    a_failure,
    a_row,
)
from tests.support.ui_frame import StandInPages, current, press


def test_j_and_k_walk_and_the_issue_follows(window: MainWindow, pages: StandInPages, until):
    until(lambda: pages.panel.keys[-1:] == [a_row(1).key])
    press(window, "jj")
    assert current(window) == 3
    press(window, "k")
    until(lambda: pages.panel.keys[-1:] == [a_row(2).key])


def test_e_puts_an_issue_away_and_u_brings_it_back(
    window: MainWindow, engine: FakeEngine, shop: FakeShop, until
):
    press(window, "je")
    assert 2 not in window.bench.inbox.model.ids
    assert current(window) == 3
    assert window.toast.text.startswith("Done: Checkout says my card")
    until(lambda: shop.row(a_row(2).key).state is State.RESOLVED)
    press(window, "u")
    until(lambda: shop.row(a_row(2).key).state is State.NEW)
    # what was read of the first verb may come after it was taken back; the last reading counts
    until(lambda: list(window.bench.inbox.model.ids)[:3] == [1, 2, 3])
    until(lambda: window.bench.inbox.waiting == "")


def test_z_undoes_as_u_does_and_says_so_when_there_is_nothing(window: MainWindow):
    press(window, "z")
    assert window.toast.text == "There is nothing to undo"


def test_a_acknowledges_once(window: MainWindow, engine: FakeEngine, shop: FakeShop, until):
    press(window, "a")
    until(lambda: shop.row(a_row(1).key).state is State.ACKNOWLEDGED)
    until(lambda: window.bench.inbox.view.current_row() == shop.row(a_row(1).key))
    press(window, "a")
    assert engine.verbs().count("acknowledge") == 1


def test_e_in_done_opens_again(window: MainWindow, shop: FakeShop, until):
    done = next(row for row in shop.rows if row.state is State.RESOLVED)
    press(window, "gd")
    until(lambda: current(window) == done.id)
    press(window, "e")
    until(lambda: shop.row(done.key).state is State.ACKNOWLEDGED)
    assert window.bench.inbox.model.rowCount() == 0


def test_s_asks_until_when_and_snoozes(window: MainWindow, shop: FakeShop, until):
    press(window, "s")
    menus = [menu for menu in window.findChildren(QMenu) if menu.isVisible()]
    assert [menu.accessibleName() for menu in menus] == ["Snooze until"]
    QTest.keyClick(menus[0], Qt.Key.Key_Return)
    until(lambda: shop.row(a_row(1).key).snoozed_until == NOW + timedelta(hours=1))
    until(lambda: 1 not in window.bench.inbox.model.ids)


def test_g_and_a_letter_go_to_a_view(window: MainWindow, until):
    press(window, "gu")
    until(lambda: window.bench.inbox.model.rowCount() == 5)
    assert window.bench.sidebar.views.current == View.URGENT
    press(window, "go")
    until(lambda: window.bench.inbox.model.rowCount() == 14)


def test_search_by_ctrl_f_or_slash_and_the_way_back(window: MainWindow, until):
    QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.bench.inbox.search.hasFocus()
    press(window, "smashed")
    until(lambda: list(window.bench.inbox.model.ids) == [4])
    QTest.keyClick(window.bench.inbox.search, Qt.Key.Key_Escape)
    until(lambda: window.bench.inbox.model.rowCount() == 14)
    press(window, "/")
    assert window.bench.inbox.search.hasFocus()


def test_letters_are_letters_while_somebody_writes(window: MainWindow, pages: StandInPages, until):
    press(window, "r")
    assert pages.panel.hasFocus()
    press(window, "jesus u z")
    assert pages.panel.toPlainText() == "jesus u z"
    assert window.bench.inbox.model.rowCount() == 14


def test_ctrl_enter_sends_and_escape_leads_back_to_the_list(
    window: MainWindow, pages: StandInPages
):
    press(window, "r")
    QTest.keyClick(pages.panel, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert pages.panel.told[-1] == "send"
    QTest.keyClick(pages.panel, Qt.Key.Key_Escape)
    assert window.bench.inbox.view.hasFocus()


def test_a_question_mark_shows_the_keys(window: MainWindow, qtbot: QtBot):
    press(window, "?")
    sheet = window.findChild(KeySheet)
    assert sheet is not None
    said = [label.text() for label in sheet.findChildren(QLabel)]
    assert {key.words for key in KEYS if key.shown} <= set(said)
    sheet.close()


def test_the_keys_can_be_closed_on_a_screen_that_is_lower_than_they_are(qtbot: QtBot):
    """Large letters on a laptop: the page is scrolled, by keyboard too, and Close is in view."""
    sheet = KeySheet()
    qtbot.addWidget(sheet)
    sheet.show()
    assert sheet.keys.verticalScrollBar().maximum() == 0, "where there is room it is whole"
    sheet.resize(520, 320)
    assert sheet.height() == 320
    close = sheet.close_button
    assert sheet.rect().contains(close.geometry())
    assert sheet.keys.verticalScrollBar().maximum() > 0
    QTest.keyClick(sheet.keys, Qt.Key.Key_PageDown)
    assert sheet.keys.verticalScrollBar().value() > 0


def test_a_refused_verb_puts_the_issue_back_and_says_why(
    window: MainWindow, engine: FakeEngine, until
):
    engine.refuse = {"resolve": a_failure()}
    press(window, "e")  # the refusal may be there before the key is let go
    until(lambda: window.toast.text.startswith("Gmail refused the password"))
    until(lambda: list(window.bench.inbox.model.ids)[:1] == [1])


def test_what_was_taken_back_is_selected_again(window: MainWindow, pages: StandInPages, until):
    """Whoever takes something back wants to see it; whoever writes is left where he is."""
    press(window, "e")
    until(lambda: current(window) == 2)
    press(window, "u")
    until(lambda: current(window) == 1)
    press(window, "e")
    until(lambda: current(window) == 2)
    pages.panel.setFocus()
    window.bench.undo()
    until(lambda: 1 in window.bench.inbox.model.ids)
    assert current(window) == 2


def test_a_sentence_without_a_button_stands_in_the_middle_of_its_toast(window: MainWindow):
    window.toast.say("Looking for new mail")
    layout = window.toast.layout()
    assert layout is not None
    margins = layout.contentsMargins()
    assert margins.left() == margins.right()


def test_what_the_panel_did_can_be_undone_here(
    window: MainWindow, pages: StandInPages, engine: FakeEngine, until
):
    until(lambda: pages.panel.keys[-1:] == [a_row(1).key])
    engine.call("resolve", key=a_row(1).key)
    pages.panel.decided.emit("Done", "entry-" + str(len(engine.asked)))
    assert window.toast.text == "Done"
    press(window, "u")
    until(lambda: "undo" in engine.verbs())


_CONTROLS = (QAbstractButton, QLineEdit, QAbstractItemView, QComboBox, QPlainTextEdit)


def _controls(window: QWidget) -> list[QWidget]:
    found: list[QWidget] = [*window.findChildren(QWidget)]
    return [each for each in found if isinstance(each, _CONTROLS) and each.isVisible()]


def test_no_control_is_nameless(window: MainWindow):
    nameless = [
        f"{type(each).__name__} {each.objectName()}"
        for each in _controls(window)
        if not QAccessible.queryAccessibleInterface(each).text(QAccessible.Text.Name)
        and each.objectName() not in ("qt_spinbox_lineedit", "_q_qlineeditclearbutton")
    ]
    assert nameless == []


def test_every_control_can_be_reached_by_the_keyboard(window: MainWindow, until):
    seen: set[int] = set()
    first = QGuiApplication.focusObject()
    assert isinstance(first, QWidget)
    here: QWidget | None = first
    for _ in range(60):
        assert here is not None
        seen.add(id(here))
        QTest.keyClick(here, Qt.Key.Key_Tab)
        target = QGuiApplication.focusObject()
        here = target if isinstance(target, QWidget) else None
        if here is first:
            break
    missed = [
        f"{type(each).__name__} {each.accessibleName()}"
        for each in _controls(window)
        if id(each) not in seen and each.focusPolicy() is not Qt.FocusPolicy.NoFocus
        and not each.isWindow()
    ]  # fmt: skip
    assert missed == []


def test_rows_have_words_for_who_does_not_see_them(window: MainWindow):
    table = QAccessible.queryAccessibleInterface(window.bench.inbox.view)
    parts = [table.child(at) for at in range(table.childCount())]
    cells = [part for part in parts if part.role() is QAccessible.Role.Cell]
    assert len(cells) == 14
    assert cells[0].text(QAccessible.Text.Name).startswith("Critical, score 96, Dispute")


def test_every_label_shows_text_as_text(window: MainWindow):
    guessing = [
        label.text()
        for label in window.findChildren(QLabel)
        if label.text() and label.textFormat() is not Qt.TextFormat.PlainText
    ]
    assert guessing == []


def test_the_window_can_be_made_as_small_as_a_small_screen(window: MainWindow):
    assert window.minimumSizeHint().width() <= 1024
    assert window.minimumSizeHint().height() <= 700
    assert window.mapToGlobal(QPoint(0, 0)) is not None
