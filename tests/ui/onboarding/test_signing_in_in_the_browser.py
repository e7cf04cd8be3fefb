"""Signing in in the browser: offered where the provider has it, waited for, and what it says."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit

from app.domain.errors import (
    SignInRefused,
)
from app.ui.onboarding.connect_page import ConnectPage
from tests.support import ui_issue_fakes as fakes
from tests.support.ui_onboarding import BEGUN, MICROSOFT, WITH_GOOGLE, words_of


def sign_in_at_google(page: ConnectPage, asked: fakes.FakeBridge) -> None:
    asked.answers |= {
        "preset": WITH_GOOGLE,
        "account_oauth_start": BEGUN,
        "account_oauth_finish": None,
    }
    page.address.setText("shop@gmail.com")
    page.proceed()
    page.provider.unfold.click()
    page.provider.client_id.setText("my-client")
    page.provider.client_secret.setText("my-secret")
    page.provider.go.click()


def test_gmail_takes_an_app_password_and_offers_the_browser_below(page, asked):
    """With steps to follow, and a button that waits for what it needs."""
    asked.answers["preset"] = WITH_GOOGLE
    page.address.setText("shop@gmail.com")
    page.proceed()
    assert page.password.isVisible()
    assert page.provider.unfold.text() == (
        "For experts: sign in with Google by a client id of your own"
    )
    assert not page.provider.client_id.isVisible()
    page.provider.unfold.click()
    assert "1. Make a project." in words_of(page)
    assert not page.provider.go.isEnabled()
    page.provider.client_id.setText("my-client")
    assert not page.provider.go.isEnabled()
    page.provider.client_secret.setText("my-secret")
    assert page.provider.go.isEnabled()
    assert page.provider.client_secret.echoMode() is QLineEdit.EchoMode.Password


def test_signing_in_in_the_browser_opens_the_page_and_ends_connected(page, asked, opened, qtbot):
    """The client secret travels apart from the settings and is forgotten."""
    sign_in_at_google(page, asked)
    started = asked.args_of("account_oauth_start")
    assert started["name"] == "shop@gmail.com"
    assert started["secret"] == "my-secret"
    assert started["settings"]["auth"] == "oauth"
    assert started["settings"]["client_id"] == "my-client"
    assert started["settings"]["host"] == "imap.gmail.com"
    assert "my-secret" not in str(started["settings"])
    assert opened.pages == ["https://id.example/a?x=1"]
    assert "Sign in at Google in your browser" in words_of(page)
    assert not page.password.isEnabled()
    assert page.browser.stop.isEnabled()
    with qtbot.waitSignal(page.done):
        asked.answer("account_oauth_finish", {"found": "INBOX has 3 mails"})
        assert "INBOX has 3 mails" in words_of(page)
    assert page.provider.client_secret.text() == ""
    assert not page.browser.isVisible()


def test_a_no_in_the_browser_is_said_in_the_page(page, asked):
    """And what was typed stays."""
    sign_in_at_google(page, asked)
    asked.answer("account_oauth_finish", SignInRefused("The sign-in was not allowed", "", "Again"))
    assert "The sign-in was not allowed" in words_of(page)
    assert page.provider.client_id.text() == "my-client"
    assert page.provider.go.isEnabled()


def test_waiting_for_the_browser_can_be_called_off(page, asked):
    """Without an error: it was wanted."""
    sign_in_at_google(page, asked)
    page.browser.stop.click()
    assert asked.args_of("account_oauth_cancel") == {"sign_in": "n1"}
    asked.answer("account_oauth_finish", SignInRefused("The sign-in was called off"))
    assert not page.error.isVisible()
    assert "called off" in words_of(page)
    assert page.go.isEnabled()


def test_without_a_browser_the_address_can_be_copied(page, asked, opened):
    """A desktop may have none."""
    opened.works = False
    sign_in_at_google(page, asked)
    assert "No browser could be opened" in words_of(page)


def test_where_passwords_do_not_work_only_the_browser_is_offered(page, asked):
    """Microsoft: no field for a password that would be refused."""
    asked.answers["preset"] = MICROSOFT
    page.address.setText("shop@outlook.com")
    page.proceed()
    assert not page.password.isVisible()
    assert not page.go.isVisible()
    assert page.provider.client_id.isVisible()
    assert not page.provider.client_secret.isVisible()
    page.provider.client_id.setText("my-client")
    assert page.provider.go.isEnabled()
    assert page.provider.go.text() == "Sign in with Microsoft"


def test_that_replies_cannot_leave_after_a_sign_in_in_the_browser_stays_to_be_read(
    page, asked, qtbot
):
    """Microsoft lets an office's administrator switch sending off; nine tenths of a second are too
    short to read that."""
    asked.answers["preset"] = MICROSOFT
    asked.answers["account_oauth_start"] = BEGUN
    sending = {"error": "SignInRefused", "title": "Outlook refused", "message": "Switched off."}
    asked.answers["account_oauth_finish"] = {"found": "INBOX", "sending": sending}
    page.address.setText("shop@outlook.com")
    page.proceed()
    page.provider.client_id.setText("mine")
    page.provider.go.click()
    assert "It is connected, but replies cannot leave" in words_of(page)
    assert "Switched off." in words_of(page)
    assert not page.address.isEnabled()
    assert page.go.text() == "Continue"
    with qtbot.waitSignal(page.done, timeout=5000):
        page.go.click()
    assert page.address.text() == ""


def test_who_goes_back_to_the_list_instead_finds_an_empty_page_the_next_time(page, asked):
    """It showed the address that is connected already, and let nobody write."""
    asked.answers["preset"] = MICROSOFT
    asked.answers["account_oauth_start"] = BEGUN
    asked.answers["account_oauth_finish"] = {"found": "", "sending": {"title": "No sending"}}
    page.address.setText("shop@outlook.com")
    page.proceed()
    page.provider.client_id.setText("mine")
    page.provider.go.click()
    assert "No sending." in words_of(page)
    page.be_first(is_first=False)
    assert page.address.text() == ""
    assert page.address.isEnabled()
    assert not page.error.isVisible()
