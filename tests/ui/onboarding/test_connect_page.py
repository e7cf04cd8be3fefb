"""ConnectPage: an address, a password, connected; what goes wrong is said in the page."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from app.domain.errors import SignInRefused, Unreachable
from app.ui.onboarding.connect_page import ConnectPage
from app.ui.onboarding.connecting import guess, looks_like_address, provider, settings
from tests.support import ui_issue_fakes as fakes

GMAIL = {
    "preset": {
        "name": "Gmail",
        "host": "imap.gmail.com",
        "port": 993,
        "security": "tls",
        "smtp_host": "smtp.gmail.com",
        "smtp_port": 465,
        "smtp_security": "tls",
        "hint": "Create an app password, then sign in again.",
        "help": "Make an app password under Security.",
    }
}


def words_of(widget) -> str:
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if one.isVisible())


@pytest.fixture
def asked():
    return fakes.FakeBridge({"preset": GMAIL, "account_add": {"found": "INBOX has 1,204 mails"}})


@pytest.fixture
def page(theme, asked):
    made = ConnectPage(bridge=asked, theme=theme)
    made.resize(900, 800)
    made.show()
    yield made
    made.close()
    shiboken6.delete(made)


def test_it_begins_with_an_address_and_nothing_else(page):
    """And offers the sample shop to somebody who only looks."""
    assert page.address.isVisible()
    assert not page.password.isVisible()
    assert not page.advanced.isVisible()
    assert page.go.text() == "Continue"
    assert page.sample.button.isVisible()


def test_a_known_provider_brings_its_servers_and_its_hint(page, asked):
    """The server settings stay folded."""
    page.address.setText("shop@gmail.com")
    QTest.keyClick(page.address, Qt.Key.Key_Return)
    assert asked.args_of("preset") == {"address": "shop@gmail.com"}
    assert page.password.isVisible()
    assert "app password" in words_of(page)
    assert not page.advanced.isVisible()
    page.more.click()
    assert page.advanced.isVisible()
    assert page.advanced.values()["host"] == "imap.gmail.com"


def test_an_unknown_provider_shows_the_usual_servers_to_compare(page, asked):
    """Unfolded, because somebody must look at them."""
    asked.answers["preset"] = {"preset": None}
    page.address.setText("info@oakandwick.example")
    page.proceed()
    assert page.advanced.isVisible()
    assert page.advanced.values()["host"] == "imap.oakandwick.example"
    assert "not in our list" in words_of(page)


def test_connecting_asks_once_with_everything_and_forgets_the_password(page, asked, qtbot):
    """The page says what was found and leaves."""
    page.address.setText("shop@gmail.com")
    page.proceed()
    page.password.setText("hunter2")
    with qtbot.waitSignal(page.done, timeout=3000):
        QTest.keyClick(page.password, Qt.Key.Key_Return)
        assert "INBOX has 1,204 mails" in words_of(page)
        page.proceed()
    added = asked.args_of("account_add")
    assert asked.verbs().count("account_add") == 1
    assert added["name"] == "shop@gmail.com"
    assert added["type"] == "imap"
    assert added["secret"] == "hunter2"
    assert added["settings"]["host"] == "imap.gmail.com"
    assert added["settings"]["smtp_port"] == "465"
    assert "hunter2" not in str(added["settings"])
    assert page.password.text() == ""
    assert page.address.text() == ""


def test_while_it_signs_in_it_says_where_and_nothing_can_be_typed(page, asked):
    """Progress in the page, no dialog."""
    asked.answers["account_add"] = None
    page.address.setText("shop@gmail.com")
    page.proceed()
    page.password.setText("x")
    page.proceed()
    assert "Signing in at imap.gmail.com …" in words_of(page)
    assert not page.go.isEnabled()
    assert not page.password.isEnabled()


@pytest.mark.parametrize(
    "error",
    [
        SignInRefused(
            "Gmail refused the password for shop@gmail.com", "", "Create an app password"
        ),
        Unreachable("mail.example does not answer", "It may be the name", "Check the host"),
    ],
)
def test_what_went_wrong_is_said_in_the_engines_words(page, asked, error):
    """And everything typed stays."""
    asked.answers["account_add"] = error
    page.address.setText("shop@gmail.com")
    page.proceed()
    page.password.setText("wrong")
    page.proceed()
    assert error.title in words_of(page)
    assert error.hint in words_of(page)
    assert page.password.text() == "wrong"
    assert page.go.isEnabled()


def test_another_address_begins_again(page):
    """The old provider's servers do not stay behind."""
    page.address.setText("shop@gmail.com")
    page.proceed()
    QTest.keyClick(page.address, Qt.Key.Key_End)
    QTest.keyClicks(page.address, "x")
    assert not page.password.isVisible()
    assert page.go.text() == "Continue"


def test_what_is_no_address_is_said_and_not_asked(page, asked):
    """Before any server is bothered."""
    page.address.setText("shop at gmail")
    page.proceed()
    assert asked.verbs() == []
    assert "does not look like a mail address" in words_of(page)


def test_every_field_has_a_name(page):
    """For a screen reader."""
    fields = page.findChildren(QLineEdit)
    assert len(fields) >= 8
    assert all(field.accessibleName() for field in fields)
    assert page.password.echoMode() is QLineEdit.EchoMode.Password


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("a@b.example", True),
        ("a.b+c@sub.b.example", True),
        ("a@localhost", True),
        ("a@b", False),
        ("@b.example", False),
        ("a b@c.example", False),
        ("", False),
    ],
)
def test_what_looks_like_an_address(text, is_one):
    """Only to catch a slip; the server knows better."""
    assert looks_like_address(text) is is_one


def test_only_fields_that_say_something_are_sent():
    """So that the engine's own preset fills the rest."""
    assert settings(" a@b.example ", {"host": " ", "port": "993"}) == {
        "address": "a@b.example",
        "port": "993",
    }
    assert guess("a@b.example")["smtp_host"] == "smtp.b.example"
    assert provider({"preset": None}) is None


def test_the_sample_shop_opens_once_a_click_in_a_process_of_its_own(theme, asked):
    opened: list[bool] = []
    page = ConnectPage(bridge=asked, theme=theme, open_sample=lambda: opened.append(True))
    page.show()
    page.sample.button.click()
    page.sample.button.click()
    assert opened == [True]
    assert "window of its own" in words_of(page)
    assert asked.verbs() == []
    page.close()
    shiboken6.delete(page)


def test_a_sample_shop_that_cannot_start_says_so(theme, asked):
    def fails() -> None:
        raise OSError(11, "Resource temporarily unavailable")

    page = ConnectPage(bridge=asked, theme=theme, open_sample=fails)
    page.show()
    page.sample.button.click()
    assert "The sample shop could not be started" in words_of(page)
    page.close()
    shiboken6.delete(page)


def test_the_button_of_the_server_settings_is_called_what_it_says(page, asked):
    page.address.setText("me@gmail.com")
    page.proceed()
    page.more.click()
    assert page.more.accessibleName() == page.more.text() == "Hide server settings"


def test_nothing_that_takes_tab_is_nameless(page):
    stops = [
        one for one in page.findChildren(QWidget) if one.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    nameless = [type(one).__name__ for one in stops if one.isVisible() and not one.accessibleName()]
    assert nameless == []
