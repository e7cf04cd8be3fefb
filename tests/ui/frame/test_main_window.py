"""The window whole, with a made-up shop: every key, every state, nothing nameless."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt, Signal
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

from app.domain.account import AccountType, Health, HealthState
from app.domain.alert import Alert
from app.domain.changes import Changes
from app.domain.errors import KnownError, NotFound, ProfileTooNew
from app.domain.journal import State
from app.domain.mailbox import FolderProof
from app.domain.reply import OutboxState
from app.domain.views import View
from app.engine.client import Event
from app.ui.bridge import EngineBridge
from app.ui.errors import ErrorDoor
from app.ui.main_window import MainWindow
from app.ui.reader import Reader
from app.ui.shortcuts import KEYS, KeySheet
from app.ui.theme import Theme
from app.ui.widgets.account_card import AccountCard
from tests.support.ui_fakes import (
    NOW,
    FakeClock,
    FakeEngine,
    FakeQueries,
    FakeShop,
    a_failure,
    a_reply,
    a_row,
    sample_rows,
)


class StandInPanel(QPlainTextEdit):
    """Stands where the issue's pane stands and remembers what it was told."""

    decided = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Reply")
        self.setTabChangesFocus(True)
        self.keys: list[str | None] = []
        self.told: list[str] = []
        self.counts_down = False

    def show_issue(self, key: str | None) -> None:
        self.keys.append(key)

    def refresh(self, changes: Changes) -> None:
        self.told.append("refresh")

    def focus_reply(self) -> None:
        self.setFocus()

    def send(self) -> None:
        self.told.append("send")

    def call_back(self) -> bool:
        self.told.append("call back")
        return self.counts_down

    def is_dirty(self) -> bool:
        return False

    def save(self) -> None:
        self.told.append("save")


class StandInConnect(QWidget):
    """Stands where a mailbox is connected."""

    done = Signal()


class StandInSettings(QWidget):
    """Stands where the settings are."""

    connect_asked = Signal()


class StandInPages:
    """Makes the stand-ins."""

    def __init__(self) -> None:
        self.panel = StandInPanel()

    def issue_panel(self, **_parts: Any) -> StandInPanel:
        return self.panel

    def connect_page(self, **_parts: Any) -> QWidget:
        return StandInConnect()

    def settings_dialog(self, **_parts: Any) -> QWidget:
        return StandInSettings()


@pytest.fixture
def pages(qtbot: QtBot) -> StandInPages:
    return StandInPages()


Make = Callable[..., MainWindow]


@pytest.fixture
def make(
    qtbot: QtBot, bridge: EngineBridge, reader: Reader, queries: FakeQueries, theme: Theme,
    clock: FakeClock, pages: StandInPages, tmp_path: Path,
) -> Iterator[Make]:  # fmt: skip
    def build(reads: Reader = reader) -> MainWindow:
        window = MainWindow(
            bridge=bridge, queries=queries, reader=reads, theme=theme, clock=clock,
            errors=ErrorDoor(), pages=pages, memory=tmp_path / "window.ini",
        )  # fmt: skip
        qtbot.addWidget(window)
        return window

    yield build
    bridge.stop()
    reader.stop()


@pytest.fixture
def window(make: Make, bridge: EngineBridge, qtbot: QtBot, until) -> MainWindow:
    """The window with a believable Tuesday in it, in front."""
    made = make()
    bridge.start()
    made.begin()
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    until(lambda: made.bench.inbox.model.rowCount() == 14)
    until(lambda: bool(made.bench.sidebar.views.count(View.URGENT)))
    return made


def _press(window: MainWindow, keys: str) -> None:
    target = QGuiApplication.focusObject()
    QTest.keyClicks(target if isinstance(target, QWidget) else window, keys)


def _current(window: MainWindow) -> int:
    row = window.bench.inbox.view.current_row()
    return row.id if row else -1


def test_j_and_k_walk_and_the_issue_follows(window: MainWindow, pages: StandInPages, until):
    until(lambda: pages.panel.keys[-1:] == [a_row(1).key])
    _press(window, "jj")
    assert _current(window) == 3
    _press(window, "k")
    until(lambda: pages.panel.keys[-1:] == [a_row(2).key])


def test_e_puts_an_issue_away_and_u_brings_it_back(
    window: MainWindow, engine: FakeEngine, shop: FakeShop, until
):
    _press(window, "je")
    assert 2 not in window.bench.inbox.model.ids
    assert _current(window) == 3
    assert window.toast.text.startswith("Done: Checkout says my card")
    until(lambda: shop.row(a_row(2).key).state is State.RESOLVED)
    _press(window, "u")
    until(lambda: shop.row(a_row(2).key).state is State.NEW)
    until(lambda: list(window.bench.inbox.model.ids)[:3] == [1, 2, 3])
    assert window.bench.inbox.waiting == ""


def test_z_undoes_as_u_does_and_says_so_when_there_is_nothing(window: MainWindow):
    _press(window, "z")
    assert window.toast.text == "There is nothing to undo"


def test_a_acknowledges_once(window: MainWindow, engine: FakeEngine, shop: FakeShop, until):
    _press(window, "a")
    until(lambda: shop.row(a_row(1).key).state is State.ACKNOWLEDGED)
    until(lambda: window.bench.inbox.view.current_row() == shop.row(a_row(1).key))
    _press(window, "a")
    assert engine.verbs().count("acknowledge") == 1


def test_e_in_done_opens_again(window: MainWindow, shop: FakeShop, until):
    done = next(row for row in shop.rows if row.state is State.RESOLVED)
    _press(window, "gd")
    until(lambda: _current(window) == done.id)
    _press(window, "e")
    until(lambda: shop.row(done.key).state is State.ACKNOWLEDGED)
    assert window.bench.inbox.model.rowCount() == 0


def test_s_asks_until_when_and_snoozes(window: MainWindow, shop: FakeShop, until):
    _press(window, "s")
    menus = [menu for menu in window.findChildren(QMenu) if menu.isVisible()]
    assert [menu.accessibleName() for menu in menus] == ["Snooze until"]
    QTest.keyClick(menus[0], Qt.Key.Key_Return)
    until(lambda: shop.row(a_row(1).key).snoozed_until == NOW + timedelta(hours=1))
    assert 1 not in window.bench.inbox.model.ids


def test_g_and_a_letter_go_to_a_view(window: MainWindow, until):
    _press(window, "gu")
    until(lambda: window.bench.inbox.model.rowCount() == 5)
    assert window.bench.sidebar.views.current == View.URGENT
    _press(window, "go")
    until(lambda: window.bench.inbox.model.rowCount() == 14)


def test_search_by_ctrl_k_or_slash_and_the_way_back(window: MainWindow, until):
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.bench.inbox.search.hasFocus()
    _press(window, "smashed")
    until(lambda: list(window.bench.inbox.model.ids) == [4])
    QTest.keyClick(window.bench.inbox.search, Qt.Key.Key_Escape)
    until(lambda: window.bench.inbox.model.rowCount() == 14)
    _press(window, "/")
    assert window.bench.inbox.search.hasFocus()


def test_letters_are_letters_while_somebody_writes(window: MainWindow, pages: StandInPages, until):
    _press(window, "r")
    assert pages.panel.hasFocus()
    _press(window, "jesus u z")
    assert pages.panel.toPlainText() == "jesus u z"
    assert window.bench.inbox.model.rowCount() == 14


def test_ctrl_enter_sends_and_escape_leads_back_to_the_list(
    window: MainWindow, pages: StandInPages
):
    _press(window, "r")
    QTest.keyClick(pages.panel, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert pages.panel.told[-1] == "send"
    QTest.keyClick(pages.panel, Qt.Key.Key_Escape)
    assert window.bench.inbox.view.hasFocus()


def test_a_question_mark_shows_the_keys(window: MainWindow, qtbot: QtBot):
    _press(window, "?")
    sheet = window.findChild(KeySheet)
    assert sheet is not None
    said = [label.text() for label in sheet.findChildren(QLabel)]
    assert {key.words for key in KEYS} <= set(said)
    sheet.close()


def test_a_refused_verb_puts_the_issue_back_and_says_why(
    window: MainWindow, engine: FakeEngine, until
):
    engine.refuse = {"resolve": a_failure()}
    _press(window, "e")
    assert 1 not in window.bench.inbox.model.ids
    until(lambda: list(window.bench.inbox.model.ids)[:1] == [1])
    assert window.toast.text.startswith("Gmail refused the password")


def test_what_the_panel_did_can_be_undone_here(
    window: MainWindow, pages: StandInPages, engine: FakeEngine, until
):
    until(lambda: pages.panel.keys[-1:] == [a_row(1).key])
    engine.call("resolve", key=a_row(1).key)
    pages.panel.decided.emit("Done", "entry-" + str(len(engine.asked)))
    assert window.toast.text == "Done"
    _press(window, "u")
    until(lambda: "undo" in engine.verbs())


def test_an_unseen_alert_is_a_banner_until_somebody_opens_it(
    window: MainWindow, shop: FakeShop, bridge: EngineBridge, engine: FakeEngine,
    pages: StandInPages, until,
):  # fmt: skip
    alert = Alert(id=7, dedupe="x", issue_keys=(a_row(5).key,), title="Birthday on Saturday",
                  body="Inès Itô, #10174", created_at=NOW)  # fmt: skip
    shop.alerts = (alert,)
    bridge.publish(Changes(alerts=frozenset({7})))
    until(lambda: window.banners.names == ("now alert 7",))
    _button(window.banners, "Open").click()
    until(lambda: pages.panel.keys[-1:] == [a_row(5).key])
    assert window.banners.names == ()
    until(lambda: ("alert_seen", {"id": 7}) in engine.asked)


def test_a_storm_is_one_banner_that_shows_its_issues(
    window: MainWindow, shop: FakeShop, bridge: EngineBridge, until
):
    keys = tuple(a_row(number).key for number in (2, 5, 7))
    shop.alerts = (
        Alert(id=8, dedupe="s", issue_keys=keys, title="3 write the same", body="", created_at=NOW),
    )
    bridge.publish(Changes(alerts=frozenset({8})))
    until(lambda: window.banners.names == ("now alert 8",))
    _button(window.banners, "Show them").click()
    until(lambda: list(window.bench.inbox.model.ids) == [2, 5, 7])


def test_the_loudest_banner_is_shown_and_the_rest_is_counted(
    window: MainWindow, shop: FakeShop, bridge: EngineBridge, until
):
    shop.replies = (a_reply(3, state=OutboxState.FAILED, error="550 no such user"),)
    shop.alerts = (
        Alert(id=9, dedupe="d", issue_keys=(a_row(1).key,), title="Dispute", body="",
              created_at=NOW),
    )  # fmt: skip
    bridge.publish(Changes(alerts=frozenset({9})))
    until(lambda: len(window.banners.names) == 2)
    until(lambda: "Dispute" in _said(window.banners))
    assert not any("refused by the server" in text for text in _said(window.banners))
    _button(window.banners, "1 more").click()
    until(lambda: any("refused by the server" in text for text in _said(window.banners)))


def test_a_lost_engine_is_said_and_the_list_stays(
    window: MainWindow, engine: FakeEngine, shop: FakeShop, until
):
    engine.say(Event(kind="lost"))
    until(lambda: window.banners.names == ("engine",))
    assert window.bench.inbox.model.rowCount() == 14
    shop.put(a_row(60, score=100))
    engine.say(Event(kind="back"))
    until(lambda: window.banners.names == ())
    until(lambda: window.bench.inbox.waiting == "1 new")


def test_an_engine_that_is_back_at_once_is_not_spoken_of(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot
):
    put: list[str] = []
    window.banners.put = lambda notice: put.append(notice.name)  # type: ignore[method-assign]
    engine.say(Event(kind="lost"))
    engine.say(Event(kind="back"))
    qtbot.wait(950)
    assert put == []


def test_the_books_stand_in_the_status_line(window: MainWindow):
    assert window.status.said.startswith("INBOX 1,204 = 1,204 on server")
    assert "checked" in window.status.said


def _proof(**fields: Any) -> FolderProof:
    return FolderProof(account="Shop", folder="INBOX", on_server=10, **fields)


@pytest.mark.parametrize(
    ("proof", "said"),
    [
        (_proof(stored=7), "INBOX 7 of 10 read"),
        (_proof(stored=9, skipped={"too large": 1}), "INBOX 9 + 1 left out = 10 on server"),
    ],
)
def test_what_is_missing_or_left_out_is_said(
    window: MainWindow, shop: FakeShop, bridge: EngineBridge, until, proof, said
):
    shop.proofs = (proof,)
    bridge.publish(Changes(accounts=frozenset({"Shop"})))
    until(lambda: window.status.said.startswith(said))


def test_a_mailbox_that_asks_has_a_banner_and_its_card_signs_in(
    window: MainWindow, shop: FakeShop, bridge: EngineBridge, engine: FakeEngine, until
):
    error = a_failure()
    shop.health = (
        Health(account="Shop", type=AccountType.IMAP, state=HealthState.ASKING,
               title=error.title, message=error.message, hint=error.hint),
    )  # fmt: skip
    bridge.publish(Changes(accounts=frozenset({"Shop"})))
    until(lambda: window.banners.names == ("now account Shop",))
    assert window.status.said == error.title
    _button(window.banners, "Sign in").click()
    card = window.findChild(AccountCard)
    assert card is not None
    secret = card.findChild(QLineEdit)
    assert secret is not None
    QTest.keyClicks(secret, "geheim")
    _button(card, "Sign in").click()
    until(lambda: ("account_sign_in", {"name": "Shop", "secret": "geheim"}) in engine.asked)
    until(lambda: secret.text() == "")
    card.close()


def test_a_mailbox_of_the_browser_is_signed_in_to_there_again_from_its_card(
    window: MainWindow, shop: FakeShop, bridge: EngineBridge, engine: FakeEngine, until
):
    """No field for a password; the engine is asked for the page to open."""
    engine.refuse = {"account_oauth_start": a_failure()}  # no page: nothing is opened here
    shop.health = (
        Health(account="Shop", type=AccountType.IMAP, state=HealthState.ASKING,
               title="Google asks you to sign in again", by_browser=True),
    )  # fmt: skip
    bridge.publish(Changes(accounts=frozenset({"Shop"})))
    until(lambda: window.banners.names == ("now account Shop",))
    _button(window.banners, "Sign in").click()
    card = window.findChild(AccountCard)
    assert card is not None
    assert card.findChild(QLineEdit) is None
    _button(card, "Sign in again").click()
    until(lambda: ("account_oauth_start", {"name": "Shop", "secret": ""}) in engine.asked)
    card.close()


def test_reading_the_history_is_told_with_counts(
    window: MainWindow, shop: FakeShop, bridge: EngineBridge, engine: FakeEngine, until
):
    shop.health = (replace(shop.health[0], state=HealthState.WORKING),)
    bridge.publish(Changes(accounts=frozenset({"Shop"})))
    progress = {"account": "Shop", "folder": "INBOX", "done": 3400, "total": 12000}
    engine.say(Event(kind="progress", data=progress))
    until(lambda: window.status.said == "Reading INBOX of Shop: 3,400 of 12,000")
    assert "reading 3,400 of 12,000 mails" in window.bench.inbox.detail


def test_a_reply_can_be_taken_back_from_another_issue(
    window: MainWindow, shop: FakeShop, bridge: EngineBridge, engine: FakeEngine, until
):
    shop.replies = (a_reply(3),)
    bridge.publish(Changes(outbox=frozenset({3})))
    until(lambda: window.toast.text.startswith("A reply to ben.costa@example.com goes today"))
    _button(window.toast, "Undo").click()
    until(lambda: ("undo_send", {"reply": 3}) in engine.asked)


def test_a_click_on_a_pop_up_opens_its_issue(
    window: MainWindow, engine: FakeEngine, pages: StandInPages, until
):
    engine.say(Event(kind="open", data={"key": a_row(6).key}))
    until(lambda: pages.panel.keys[-1:] == [a_row(6).key])
    assert _current(window) == 6


def test_an_issue_outside_the_list_is_shown_all_the_same(
    window: MainWindow, shop: FakeShop, pages: StandInPages
):
    done = next(row for row in shop.rows if row.state is State.RESOLVED)
    window.open_issue(done.key)
    assert pages.panel.keys[-1:] == [done.key]


def test_a_verb_is_done_to_the_issue_that_is_shown_even_outside_the_list(
    window: MainWindow, shop: FakeShop, until
):
    waiting = next(row for row in shop.rows if row.state is State.WAITING)
    window.open_issue(waiting.key)
    assert _current(window) == -1
    _press(window, "e")
    until(lambda: shop.row(waiting.key).state is State.RESOLVED)
    assert shop.row(a_row(1).key).state is State.NEW


def test_what_is_read_stays_in_view_when_its_issue_leaves_the_list_by_itself(
    window: MainWindow, shop: FakeShop, bridge: EngineBridge, pages: StandInPages, qtbot, until
):
    _press(window, "jj")
    until(lambda: pages.panel.keys[-1:] == [a_row(3).key])
    bridge.publish(shop.patch(a_row(3).key, state=State.WAITING))
    until(lambda: 3 not in window.bench.inbox.model.ids)
    qtbot.wait(60)
    assert pages.panel.keys[-1:] == [a_row(3).key]
    _press(window, "j")
    assert _current(window) == 4


def test_one_more_mailbox_can_be_connected_and_escape_leads_back(window: MainWindow):
    window._show_connect()
    assert window.stack.currentWidget() is window.connect_page
    assert window.banners.names == ("connecting",)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.stack.currentWidget() is window.bench
    assert not window.banners.names


def test_a_profile_without_a_mailbox_begins_with_connecting_one(
    make: Make, shop: FakeShop, bridge: EngineBridge, until
):
    shop.rows, shop.health = [], ()
    window = make()
    bridge.start()
    window.show()
    window.begin()
    until(lambda: isinstance(window.stack.currentWidget(), StandInConnect))
    shop.rows = sample_rows()
    shop.health = FakeShop.healthy().health
    assert isinstance(window.connect_page, StandInConnect)
    window.connect_page.done.emit()
    until(lambda: window.bench.inbox.model.rowCount() == 14)
    assert window.stack.currentWidget() is window.bench


class _Absent(FakeQueries):
    """Reads a profile that is not there until `error` is taken away."""

    error: KnownError | None = None

    def overview(self, *, now):
        if _Absent.error is not None:
            raise _Absent.error
        return super().overview(now=now)


def test_a_profile_that_is_not_there_yet_is_waited_for(
    make: Make, shop: FakeShop, engine: FakeEngine, bridge: EngineBridge, until
):
    _Absent.error = NotFound("There is no profile yet")
    engine.hold = threading.Event()
    reads = Reader(lambda: _Absent(shop))
    window = make(reads)
    bridge.start()
    window.show()
    window.begin()
    until(lambda: window.start_page.text.startswith("Frontburner starts"))
    assert window.stack.currentWidget() is window.start_page
    _Absent.error = None
    engine.hold.set()
    until(lambda: window.stack.currentWidget() is window.bench)
    reads.stop()


def test_a_profile_of_a_newer_version_is_said_and_left_alone(
    make: Make, shop: FakeShop, engine: FakeEngine, until
):
    _Absent.error = ProfileTooNew("A newer Frontburner wrote this profile", "", "Update it")
    reads = Reader(lambda: _Absent(shop))
    window = make(reads)
    window.show()
    window.begin()
    until(lambda: window.start_page.text.startswith("A newer Frontburner wrote this profile"))
    assert engine.asked == []
    _Absent.error = None
    reads.stop()


def test_a_bug_is_a_quiet_banner_with_a_report(
    window: MainWindow, bridge: EngineBridge, engine, until
):
    engine.refuse = {"sync_now": ZeroDivisionError("ours")}
    QTest.keyClick(window, Qt.Key.Key_F5)
    until(lambda: "bug" in window.banners.names)
    _button(window.banners, "Copy the report").click()
    assert "ZeroDivisionError: ours" in QGuiApplication.clipboard().text()


def test_the_appearance_follows_the_setting_whoever_changes_it(
    window: MainWindow, bridge: EngineBridge, theme: Theme, until
):
    bridge.run("set_setting", name="appearance", value="dark")
    until(lambda: theme.is_dark)


def test_closing_keeps_what_was_written_and_where_the_window_stood(
    window: MainWindow, pages: StandInPages, qtbot: QtBot, make: Make
):
    window.resize(1100, 700)
    with qtbot.waitSignal(window.left):
        window.close()
    assert pages.panel.told[-1] == "save"


def test_with_a_tray_closing_only_hides_and_quit_ends(window: MainWindow, qtbot: QtBot):
    window.hide_on_close(hides=True)
    window.close()
    assert not window.isVisible()
    window.open_issue("")
    assert window.isVisible()
    with qtbot.waitSignal(window.left):
        window.quit()


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


def _said(inside: QWidget) -> list[str]:
    return [label.text() for label in inside.findChildren(QLabel) if label.isVisible()]


def _button(inside: QWidget, text: str) -> QAbstractButton:
    for each in inside.findChildren(QAbstractButton):
        if each.text() == text and not each.isHidden():
            return each
    raise AssertionError(f"there is no button {text!r}")
