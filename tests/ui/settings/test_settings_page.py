"""The settings: each kept once it is changed, or refused with a reason; the accounts' verbs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QPushButton

from app.config.settings import Settings, described
from app.domain.account import AccountType, Health, HealthState
from app.domain.errors import NotFound, Refused, SignInRefused
from app.ui.settings.account_row import AccountRow
from app.ui.settings.copies_card import FOLDER, SWITCH
from app.ui.settings.dialog import SettingsDialog
from tests.support import ui_issue_fakes as fakes

SHOP = Health(account="shop", type=AccountType.IMAP, state=HealthState.OK, address="a@b.example")
ASKS = Health(
    account="old",
    type=AccountType.IMAP,
    state=HealthState.ASKING,
    title="The password was refused",
    hint="Sign in again",
)


def words_of(widget) -> str:
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if one.isVisible())


def press(widget, text: str) -> None:
    buttons = (one for one in widget.findChildren(QPushButton) if one.isVisible())
    next(one for one in buttons if one.text() == text).click()


@pytest.fixture
def asked():
    return fakes.FakeBridge({"settings": {"settings": described(Settings()), "complaints": []}})


@pytest.fixture
def accounts():
    return [SHOP, ASKS]


@pytest.fixture
def page(qtbot, theme, asked, accounts):
    dialog = SettingsDialog(bridge=asked, theme=theme, accounts=lambda: tuple(accounts))
    dialog.show()
    yield dialog.page
    if shiboken6.isValid(dialog):
        shiboken6.delete(dialog)


def test_every_setting_has_a_control_with_a_name(page):
    """Of the kind that fits its type; those of the copies stand beside the copies."""
    kinds = {name: type(row.control) for name, row in page._rows.items()}
    assert set(kinds) == {one["name"] for one in described(Settings())} - {SWITCH, FOLDER}
    assert issubclass(kinds["alert_sound"], QCheckBox)
    assert page._rows["undo_seconds"]._unit.text() == "seconds"
    assert issubclass(kinds["appearance"], QComboBox)
    assert issubclass(kinds["shop_name"], QLineEdit)
    assert all(row.control.accessibleName() for row in page._rows.values())


def test_a_change_is_kept_at_once(page, asked, qtbot):
    """No button to forget."""
    with qtbot.waitSignal(page.changed) as heard:
        page._rows["alert_sound"].control.click()
    assert asked.args_of("set_setting") == {"name": "alert_sound", "value": False}
    assert heard.args == ["alert_sound", False]
    page._rows["appearance"].control.setCurrentIndex(2)
    assert asked.args_of("set_setting")["value"] == "dark"
    page._rows["undo_seconds"].control.setText("30")
    page._rows["undo_seconds"].control.editingFinished.emit()
    assert asked.args_of("set_setting")["value"] == 30


def test_a_refused_value_says_why_and_the_old_one_stands(page, asked):
    """In the engine's words, beside the setting."""
    asked.answers["set_setting"] = Refused("Name of the shop cannot be that", "One line of text.")
    row = page._rows["shop_name"]
    row.control.setText("x" * 300)
    row.control.editingFinished.emit()
    assert "One line of text." in words_of(row)
    assert row.control.text() == ""


def test_leaving_a_field_unchanged_asks_nothing(page, asked):
    """Only a change is a change."""
    page._rows["shop_name"].control.editingFinished.emit()
    assert "set_setting" not in asked.verbs()


def test_settings_that_cannot_be_read_are_told(theme, accounts, qtbot):
    """And what the file says wrongly, too."""
    broken = fakes.FakeBridge({"settings": NotFound("The engine is not there")})
    dialog = SettingsDialog(bridge=broken, theme=theme, accounts=lambda: ())
    dialog.show()
    assert "The engine is not there" in words_of(dialog)
    assert "No mailbox is connected yet." in words_of(dialog)
    shiboken6.delete(dialog)


def test_an_account_tells_how_it_is(page):
    """In words, with what to do."""
    words = words_of(page)
    assert "a@b.example" in words
    assert "In order" in words
    assert "Needs you" in words
    assert "The password was refused\nSign in again" in words


def test_testing_an_account_says_what_was_found(page, asked):
    """And what was not."""
    asked.answers["account_test"] = {"found": "INBOX has 12 mails"}
    press(page, "Test")
    assert "It works. INBOX has 12 mails" in words_of(page)
    asked.answers["account_test"] = SignInRefused("The password was refused", "", "Sign in again")
    press(page, "Test")
    assert "The password was refused. Sign in again." in words_of(page)


def test_a_new_password_is_sent_once_and_not_kept_in_the_window(page, asked):
    """The field is empty when it worked."""
    press(page, "New password")
    field = next(f for f in page.findChildren(QLineEdit) if f.isVisible() and f.echoMode().value)
    field.setText("hunter2")
    press(page, "Sign in")
    assert asked.args_of("account_sign_in") == {"name": "shop", "secret": "hunter2"}
    assert field.text() == ""


def test_which_folders_are_read_is_asked_for_and_kept(page, asked):
    """What is set stands in the field; the server's word about it is said."""
    asked.answers["account_settings"] = {"settings": {"folders": "Orders"}}
    asked.answers["account_set"] = {"found": "Orders holds 12 mails"}
    press(page, "Folders")
    field = next(f for f in page.findChildren(QLineEdit) if f.isVisible() and f.text() == "Orders")
    field.setText("Orders, -Junk")
    press(page.findChild(AccountRow), "Keep")
    assert asked.args_of("account_set") == {
        "name": "shop",
        "settings": {"folders": "Orders, -Junk"},
    }
    assert "Kept. Orders holds 12 mails" in words_of(page)


def test_the_servers_of_a_mailbox_are_corrected_in_place(page, asked):
    """Who connected it only to read, or whose provider moved, need not remove it."""
    row = page.findChildren(AccountRow)[0]
    now = {"address": "a@b.example", "host": "imap.b.example", "smtp_security": "starttls"}
    asked.answers["account_settings"] = {"settings": now}
    sending = {"title": "smtp.b.example does not answer"}
    asked.answers["account_set"] = {"found": "But replies cannot leave.", "sending": sending}
    press(row, "Servers")
    assert row.servers.fields.values()["host"] == "imap.b.example"
    assert row.servers.fields.values()["smtp_security"] == "starttls"
    fields = {one.accessibleName(): one for one in row.servers.findChildren(QLineEdit)}
    fields["Outgoing server (SMTP)"].setText("mail.b.example")
    press(row.servers, "Keep")
    kept = asked.args_of("account_set")
    assert kept["name"] == "shop"
    assert kept["settings"]["smtp_host"] == "mail.b.example"
    assert "But replies cannot leave." in words_of(row)
    assert "In order" in words_of(row)
    assert not row.servers.isVisible()


@pytest.mark.parametrize("way", ["New password", "Servers"])
def test_what_was_in_the_way_of_an_account_is_said_no_more_once_it_is_mended(page, way):
    """It stood beside the news that it works, until the settings were opened anew."""
    row = page.findChildren(AccountRow)[1]
    assert "The password was refused" in words_of(row)
    press(row, way)
    row._secret.setText("new")
    press(row, "Sign in" if way == "New password" else "Keep")
    assert "The password was refused" not in words_of(row)
    assert "Needs you" not in words_of(row)


def test_servers_are_tried_once_however_often_it_is_pressed(page, asked):
    """The second click came while the first still signed in."""
    row = page.findChildren(AccountRow)[0]
    asked.answers["account_settings"] = {"settings": {"host": "imap.b.example"}}
    asked.answers["account_set"] = None
    press(row, "Servers")
    press(row.servers, "Keep")
    row.servers.fields.submitted.emit()
    assert asked.verbs().count("account_set") == 1
    asked.answer("account_set", NotFound("It does not answer"))
    assert "It does not answer." in words_of(row)
    press(row.servers, "Keep")
    assert asked.verbs().count("account_set") == 2


@pytest.mark.parametrize("form", ["Servers", "Folders", "Connect a shop"])
def test_escape_leaves_the_form_of_an_account_and_not_the_settings(page, asked, qtbot, form):
    asked.answers["account_settings"] = {"settings": {"host": "imap.b.example"}}
    press(page, form)
    field = page.window().focusWidget()
    assert isinstance(field, QLineEdit)
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert page.isVisible()
    assert not field.isVisible()


def test_a_folder_that_is_not_there_is_said_and_the_field_stays(page, asked):
    asked.answers["account_settings"] = {"settings": {}}
    asked.answers["account_set"] = NotFound("There is no folder Ordres", "These are there: INBOX.")
    press(page, "Folders")
    press(page.findChild(AccountRow), "Keep")
    assert "There is no folder Ordres" in words_of(page)
    assert "Further ones: their names" in words_of(page)


class Browser(QObject):
    """What the desktop opens for https, in its stead."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def show(self, url: QUrl) -> None:
        self.opened.append(url.toString())


@pytest.fixture
def browser() -> Iterator[Browser]:
    made = Browser()
    # PySide6 6.11: its types want bytes here, its call wants text
    QDesktopServices.setUrlHandler("https", made, "show")  # type: ignore[arg-type]
    yield made
    QDesktopServices.unsetUrlHandler("https")


def test_an_account_of_the_browser_is_signed_in_to_there_again(qtbot, theme, asked, browser):
    """No field for a password that nobody has."""
    asked.answers["account_oauth_start"] = {"sign_in": "n1", "url": "https://id.example/"}
    asked.answers["account_oauth_finish"] = {"found": "INBOX has 2 mails"}
    outside = replace(SHOP, by_browser=True)
    dialog = SettingsDialog(bridge=asked, theme=theme, accounts=lambda: (outside,))
    dialog.show()
    assert "New password" not in [one.text() for one in dialog.findChildren(QPushButton)]
    press(dialog, "Sign in again")
    assert asked.args_of("account_oauth_start") == {"name": "shop", "secret": ""}
    assert "Signed in. INBOX has 2 mails" in words_of(dialog)
    assert browser.opened == ["https://id.example/"]
    shiboken6.delete(dialog)


def test_removing_an_account_says_what_stays_and_takes_a_second_click(page, asked, accounts):
    """It is the one thing here that cannot be undone."""
    press(page, "Remove")
    assert "account_remove" not in asked.verbs()
    assert "Its mails and issues stay" in words_of(page)
    accounts.remove(SHOP)
    press(page, "Remove the account")
    assert asked.args_of("account_remove") == {"name": "shop"}
    assert "a@b.example" not in words_of(page)


def test_another_mailbox_is_asked_for_by_a_signal(page, qtbot):
    """The frame shows the page that connects."""
    with qtbot.waitSignal(page.connect_asked):
        press(page, "Connect another mailbox")


LEARNT: dict[str, Any] = {
    "lessons": [
        {"entry": "e2", "subject": "A tasting", "kind": "other", "severity": None, "alert": False,
         "says": None, "in_use": True},
        {"entry": "e1", "subject": "Jug", "kind": None, "severity": None, "alert": None,
         "says": "mails of anna@b.example and office@b.example are of one person", "in_use": True},
    ],
    "accepted": True,
    "because": "learnt from 2 corrections",
}  # fmt: skip


def test_what_was_learnt_is_listed_and_can_be_forgotten(page, asked):
    """Each lesson in words, with the button that takes it back."""
    asked.answers["learned"] = LEARNT
    page.learned.reload()
    words = "\n".join(one.text() for one in page.learned.findChildren(QLabel))
    assert "Other, need not ring: A tasting" in words
    assert "Mails of anna@b.example and office@b.example are of one person: Jug" in words
    buttons = page.learned.findChildren(QPushButton)
    next(one for one in buttons if one.text() == "Forget").click()
    assert asked.args_of("forget_lesson") == {"entry": "e2"}


def test_a_lesson_that_is_not_in_use_says_so(page, asked):
    """With the reason why the latest attempt was taken back."""
    lesson = {**LEARNT["lessons"][0], "in_use": False}
    asked.answers["learned"] = {
        "lessons": [lesson], "accepted": False, "because": "it stays as it was",
    }  # fmt: skip
    page.learned.reload()
    words = "\n".join(one.text() for one in page.learned.findChildren(QLabel))
    assert "The latest is not in use: it stays as it was." in words
    assert "(not in use)" in words


def test_one_setting_can_be_pointed_to(page, qtbot):
    """The command palette names a setting: it comes into view, with the keyboard on its value."""
    page.window().activateWindow()
    page.point_to("quiet_hours")
    control = page._rows["quiet_hours"].control
    qtbot.waitUntil(lambda: page.focusWidget() is control)
    assert not control.visibleRegion().isEmpty()
