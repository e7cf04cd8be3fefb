"""The window in every state: a lost engine, no mailbox yet, a profile it cannot read."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
)
from pytestqt.qtbot import QtBot

from app.domain.account import AccountType, Health, HealthState, Wanted
from app.domain.alert import Alert, AlertLevel
from app.domain.changes import Changes
from app.domain.errors import KnownError, NotFound, ProfileTooNew
from app.domain.journal import State
from app.domain.mailbox import FolderProof
from app.domain.reply import OutboxState
from app.engine.client import Event
from app.ui.bridge import EngineBridge
from app.ui.main_window import MainWindow
from app.ui.reader import Reader
from app.ui.theme import Theme
from app.ui.widgets.account_card import AccountCard
from tests.support.ui_fakes import (
    NOW,
    FakeEngine,
    FakeQueries,
    FakeShop,
    a_failure,
    a_reply,
    a_row,
    sample_rows,
)
from tests.support.ui_frame import (
    Make,
    StandInConnect,
    StandInPages,
    button_of,
    current,
    press,
    said_in,
)


def test_a_reply_that_is_tried_for_more_than_a_day_has_a_banner(
    window: MainWindow, shop: FakeShop, bridge: EngineBridge, until
):
    """Before that it is tried again quietly; given up, the banner says so and no server refused."""
    soon, error = NOW + timedelta(hours=1), "The server does not answer."
    shop.replies = (
        a_reply(3, error=error, not_before=soon, tried_since=NOW),
        a_reply(4, error=error, not_before=soon, tried_since=NOW - timedelta(days=1)),
        a_reply(5, error=error, not_before=NOW, tried_since=NOW - timedelta(days=5),
                state=OutboxState.FAILED),
    )  # fmt: skip
    bridge.publish(Changes(outbox=frozenset({3, 4, 5})))
    until(lambda: window.banners.names == ("now reply 4", "now reply 5"))
    button_of(window.banners, "1 more").click()
    until(
        lambda: any("not be sent for more than a day" in text for text in said_in(window.banners))
    )
    assert not any("refused" in text for text in said_in(window.banners))


def test_a_reply_refused_after_its_issue_was_left_is_said_with_the_way_back(
    window: MainWindow, pages: StandInPages, until
):
    pages.panel.reply_not_sent.emit(a_row(5).key, "The reply to Ben did not go out")
    assert window.toast.text == "The reply to Ben did not go out"
    button_of(window.toast, "Open it").click()
    until(lambda: pages.panel.keys[-1:] == [a_row(5).key])


def test_banners_stand_as_the_overview_has_them_whichever_came_first(
    window: MainWindow, shop: FakeShop, bridge: EngineBridge, until
):
    """The overview has what stands highest first; a later one of those goes before an earlier."""

    def alert(id_: int, title: str) -> Alert:
        return Alert(id=id_, dedupe=title, issue_keys=(a_row(1).key,), title=title, body="",
                     created_at=NOW)  # fmt: skip

    shop.alerts = (alert(1, "Dispute"),)
    bridge.publish(Changes(alerts=frozenset({1})))
    until(lambda: "Dispute" in said_in(window.banners))
    shop.alerts = (alert(2, "Checkout"), alert(1, "Dispute"))
    bridge.publish(Changes(alerts=frozenset({2})))
    until(lambda: "Checkout" in said_in(window.banners))
    assert window.banners.names == ("now alert 2", "now alert 1")
    assert "Dispute" not in said_in(window.banners)


def test_a_lost_engine_is_said_and_the_list_stays(
    window: MainWindow, engine: FakeEngine, shop: FakeShop, until
):
    """And to the mark beside the clock: the window may be out of sight."""
    told: list[bool] = []
    window.watched.connect(told.append)
    engine.say(Event(kind="lost"))
    until(lambda: window.banners.names == ("engine",))
    assert told == [False]
    assert window.bench.inbox.model.rowCount() == 14
    shop.put(a_row(60, score=100))
    engine.say(Event(kind="back"))
    until(lambda: window.banners.names == ())
    until(lambda: window.bench.inbox.model.rowCount() == 15)
    assert told == [False, True]


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


def test_mails_that_nobody_has_judged_yet_are_told_beside_the_books(
    window: MainWindow, shop: FakeShop, bridge: EngineBridge, until
):
    """Books that are even say nothing of the list: mails still to be judged are counted."""
    shop.awaiting = 40
    bridge.publish(Changes(accounts=frozenset({"Shop"})))
    until(lambda: window.status.said.endswith("40 mails are still to be judged."))


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
    button_of(window.banners, "Sign in").click()
    card = window.findChild(AccountCard)
    assert card is not None
    secret = card.findChild(QLineEdit)
    assert secret is not None
    QTest.keyClicks(secret, "geheim")
    button_of(card, "Sign in").click()
    until(lambda: ("account_sign_in", {"name": "Shop", "secret": "geheim"}) in engine.asked)
    until(lambda: secret.text() == "")
    card.close()


def test_what_was_left_out_is_told_in_the_card_and_tried_again(
    window: MainWindow, shop: FakeShop, bridge: EngineBridge, engine: FakeEngine, until
):
    """Each reason with its number, and one button for all of it."""
    left = {"Left in Junk: nobody whom the shop knows sent it.": 4}
    shop.proofs = (
        FolderProof(account="Shop", folder="INBOX", on_server=10, stored=10),
        FolderProof(account="Shop", folder="Sent", on_server=5, stored=5),
        FolderProof(account="Shop", folder="Junk", on_server=5, stored=1, left=left),
    )
    said = "INBOX 10 = 10 on server · 2 more folders, 10 = 10 on server"
    bridge.publish(Changes(accounts=frozenset({"Shop"})))
    until(lambda: window.status.said.startswith(said))
    window._show_account(shop.health[0], window._above_status())
    card = window.findChild(AccountCard)
    assert card is not None
    words = "\n".join(one.text() for one in card.findChildren(QLabel))
    assert "Junk 1 + 4 left there = 5 on server" in words
    assert "4 left in Junk: nobody whom the shop knows sent it." in words
    button_of(card, "Try left-out mail again").click()
    until(lambda: ("poll_again", {"account": "Shop"}) in engine.asked)
    card.close()


def test_a_mailbox_that_is_silent_for_too_long_has_a_banner_of_its_own(
    window: MainWindow, shop: FakeShop, bridge: EngineBridge, engine: FakeEngine, until
):
    """It is about no issue; its button looks now."""
    shop.alerts = (
        Alert(id=7, dedupe="silent/Shop/x", issue_keys=(), title="Shop: no look since 09:00",
              body="The server does not answer.", created_at=NOW, level=AlertLevel.NOTICE),
    )  # fmt: skip
    bridge.publish(Changes(alerts=frozenset({7})))
    until(lambda: window.banners.names == ("now alert 7",))
    button_of(window.banners, "Look now").click()
    until(lambda: ("sync_now", {}) in engine.asked)
    assert ("alert_seen", {"id": 7}) in engine.asked


def test_contacts_that_should_be_looked_at_again_lead_to_their_page(
    window: MainWindow, shop: FakeShop, bridge: EngineBridge, engine: FakeEngine, pages, until
):
    """Once a quarter; the button opens the settings where the contacts are."""
    shop.alerts = (
        Alert(id=8, dedupe="review/2026Q4", issue_keys=(), title="Still the right ones?",
              body="Ada: test each.", created_at=NOW, level=AlertLevel.NOTICE),
    )  # fmt: skip
    bridge.publish(Changes(alerts=frozenset({8})))
    until(lambda: window.banners.names == ("now alert 8",))
    button_of(window.banners, "Look at them").click()
    until(lambda: ("alert_seen", {"id": 8}) in engine.asked)
    assert pages.settings.pages == ["Who is told"]
    assert "sync_now" not in engine.verbs()


def test_a_key_that_is_gone_is_one_banner_for_all_accounts(
    window: MainWindow, shop: FakeShop, bridge: EngineBridge, until
):
    """It leads to the first of them."""

    def asks(name: str, title: str) -> Health:
        return Health(account=name, type=AccountType.IMAP, state=HealthState.ASKING, title=title)

    gone = "The key to the stored passwords is gone"
    shop.health = (
        asks("Shop", gone), asks("Office", gone), asks("Till", "A password cannot be opened")
    )  # fmt: skip
    bridge.publish(Changes(accounts=frozenset({"Shop"})))
    until(lambda: window.banners.names == ("now account Shop", "now account Till"))
    said = "\n".join(one.text() for one in window.banners.findChildren(QLabel))
    assert said.count(gone) == 1
    assert "Shop, Office" in said


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
    button_of(window.banners, "Sign in").click()
    card = window.findChild(AccountCard)
    assert card is not None
    assert card.findChild(QLineEdit) is None
    button_of(card, "Sign in again").click()
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
    button_of(window.toast, "Undo").click()
    until(lambda: ("undo_send", {"reply": 3}) in engine.asked)


def test_a_reply_taken_back_where_it_was_written_brings_its_words_into_the_editor(
    window: MainWindow, shop: FakeShop, bridge: EngineBridge, engine: FakeEngine, until
):
    """Whoever sent, went on, and came back: what is typed next must not overwrite them."""
    reply = a_reply(3)
    shop.replies = (reply,)
    bridge.publish(Changes(outbox=frozenset({3})))
    until(lambda: window.toast.text.startswith("A reply to ben.costa@example.com goes today"))
    window.bench.open_issue(reply.issue_key)
    until(lambda: window.bench.shown_key == reply.issue_key)
    button_of(window.toast, "Undo").click()
    until(lambda: "call back 3" in window.bench.issue.told)  # type: ignore[attr-defined]
    assert "undo_send" not in engine.verbs()


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
    assert current(window) == -1
    press(window, "e")
    until(lambda: shop.row(waiting.key).state is State.RESOLVED)
    assert shop.row(a_row(1).key).state is State.NEW


def test_what_is_read_stays_in_view_when_its_issue_leaves_the_list_by_itself(
    window: MainWindow, shop: FakeShop, bridge: EngineBridge, pages: StandInPages, qtbot, until
):
    press(window, "jj")
    until(lambda: pages.panel.keys[-1:] == [a_row(3).key])
    bridge.publish(shop.patch(a_row(3).key, state=State.WAITING))
    until(lambda: 3 not in window.bench.inbox.model.ids)
    qtbot.wait(60)
    assert pages.panel.keys[-1:] == [a_row(3).key]
    press(window, "j")
    assert current(window) == 4


@pytest.mark.parametrize("by_key", [True, False])
def test_one_more_mailbox_can_be_connected_and_a_key_or_a_button_leads_back(
    window: MainWindow, by_key: bool
):
    """The way back stands on the page itself, so that no alert can stand before it."""
    window._show_connect()
    page = window.connect_page
    assert isinstance(page, StandInConnect)
    assert window.stack.currentWidget() is page
    assert not page.is_first
    if by_key:
        QTest.keyClick(window, Qt.Key.Key_Escape)
    else:
        page.left.emit()
    assert window.stack.currentWidget() is window.bench
    assert window.bench.inbox.view.hasFocus()


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
    assert window.connect_page.is_first
    window.connect_page.done.emit()
    until(lambda: window.bench.inbox.model.rowCount() == 14)
    until(window.bench.inbox.view.hasFocus)  # the keyboard belongs in the list now
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
    button_of(window.banners, "Copy the report").click()
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


def _asks(window: MainWindow, shop: FakeShop, bridge: EngineBridge, wants: Wanted) -> None:
    ill = replace(shop.health[0], state=HealthState.ASKING, title="Trouble", wants=wants)
    shop.health = (ill,)
    bridge.publish(Changes(accounts=frozenset({ill.account})))


def test_a_folder_that_cannot_be_opened_is_chosen_anew_and_no_password_is_asked_for(
    window: MainWindow, shop: FakeShop, bridge: EngineBridge, engine: FakeEngine, until
):
    engine.answers["account_settings"] = {"settings": {"folders": "Archive, Offers"}}
    _asks(window, shop, bridge, Wanted.FOLDERS)
    until(lambda: "Trouble" in said_in(window.banners))
    button_of(window.banners, "Choose folders").click()
    card = window.findChild(AccountCard)
    assert card is not None
    until(lambda: card.folders.names.text() == "Archive, Offers")
    passwords = (one.echoMode() for one in card.findChildren(QLineEdit) if one.isVisible())
    assert QLineEdit.EchoMode.Password not in passwords
    card.folders.names.setText("Archive")
    button_of(card, "Keep").click()
    kept = {"name": shop.health[0].account, "settings": {"folders": "Archive"}}
    until(lambda: ("account_set", kept) in engine.asked)


def test_a_certificate_is_chosen_and_no_password_is_asked_for(
    window: MainWindow, shop: FakeShop, bridge: EngineBridge, engine: FakeEngine, theme, until
):
    _asks(window, shop, bridge, Wanted.SERVER)
    until(lambda: "Trouble" in said_in(window.banners))
    card = AccountCard(
        shop.health[0], (), now=NOW, bridge=bridge, theme=theme, parent=window,
        ask_file=lambda _: "/etc/shop.crt",
    )  # fmt: skip
    card.show()
    assert not any(one.isVisible() for one in card.findChildren(QLineEdit))
    button_of(card, "Choose certificate file …").click()
    kept = {"name": shop.health[0].account, "settings": {"ca_file": "/etc/shop.crt"}}
    until(lambda: ("account_set", kept) in engine.asked)


def test_the_menu_marks_the_appearance_that_was_chosen(window: MainWindow, theme: Theme):
    def marked() -> list[str]:
        menu = window.bench.sidebar.menu
        menu.aboutToShow.emit()
        return [action.text() for action in menu.actions() if action.isChecked()]

    assert marked() == ["Light"]
    theme.set_appearance("dark")
    assert marked() == ["Dark"]
