"""ConnectPage: an address, a password, connected; what goes wrong is said in the page."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QWidget

from app.domain.errors import (
    CertificateRejected,
    KnownError,
    Refused,
    SecretsMissing,
    SignInRefused,
    Unreachable,
)
from app.mail.providers import preset_of_host
from app.ui.onboarding.browser_wait import open_outside
from app.ui.onboarding.connect_page import ConnectPage
from app.ui.onboarding.connecting import (
    HOSTS_OF_DOMAINS,
    guess,
    looks_like_address,
    provider,
    settings,
)
from tests.support.ui_onboarding import GMAIL, MICROSOFT, words_of


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
    with qtbot.waitSignal(page.done):
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


@pytest.mark.parametrize(
    ("error", "field"),
    [
        (
            CertificateRejected("It could not prove who it is"),
            "Certificate file of your own server",
        ),
        (Unreachable("It does not answer"), "Incoming server (IMAP)"),
    ],
)
def test_what_an_error_asks_to_correct_is_unfolded_with_the_keyboard_in_it(
    page, asked, error, field
):
    """A hint that names a field which nobody sees helps nobody."""
    asked.answers["preset"] = {"preset": None, "servers": {"host": "mail.x.example"}}
    asked.answers["account_add"] = error
    page.address.setText("shop@x.example")
    page.proceed()
    assert not page.advanced.isVisible()
    page.password.setText("secret")
    page.proceed()
    assert page.advanced.isVisible()
    assert page.focusWidget().accessibleName() == field


NO_KEYRING = SecretsMissing("There is no keyring on this machine", "Never in the clear.", "…")


@pytest.fixture
def without_keyring(page, asked):
    """The page after a password that nothing can lock."""
    asked.answers["account_add"] = NO_KEYRING
    page.address.setText("shop@gmail.com")
    page.proceed()
    assert not page.command.isVisible(), "only where it is needed"
    page.password.setText("hunter2")
    page.proceed()
    return page


def test_without_a_keyring_a_command_is_offered_and_no_alarm_is_raised(without_keyring):
    """What is missing, what can be done, and that nothing is kept in the clear."""
    said = words_of(without_keyring)
    assert NO_KEYRING.title in said
    assert "never kept in the clear" in said
    assert "press “Connect” once more" in said
    assert not without_keyring.error.isVisible()
    assert without_keyring.password.text() == "hunter2", "for whoever sets up a keyring now"


def test_trying_the_command_says_what_happened_and_no_password(without_keyring, asked):
    asked.answers["secret_command_try"] = None
    without_keyring.command.field.setText("pass show shop/mail")
    without_keyring.command.attempt.setFocus()
    for _ in range(2):
        without_keyring.command.attempt.click()
    assert asked.verbs().count("secret_command_try") == 1
    asked.answer("secret_command_try", {"length": 7})
    assert without_keyring.command.attempt.hasFocus(), "the keyboard stays where it was"
    assert asked.args_of("secret_command_try") == {"command": "pass show shop/mail"}
    assert "The program tells 7 characters." in words_of(without_keyring)
    asked.answers["secret_command_try"] = KnownError("pass gave no password", "It ended with 1.")
    without_keyring.command.attempt.click()
    assert "pass gave no password. It ended with 1." in words_of(without_keyring)


def test_it_is_connected_by_the_command_alone(without_keyring, asked, qtbot):
    """The password that was typed first goes nowhere."""
    asked.answers["account_add"] = {"found": ""}
    without_keyring.command.field.setText("pass show shop/mail")
    with qtbot.waitSignal(without_keyring.done):
        QTest.keyClick(without_keyring.command.field, Qt.Key.Key_Return)
    added = asked.args_of("account_add")
    assert added["secret_command"] == "pass show shop/mail"
    assert "secret" not in added
    assert without_keyring.command.field.text() == ""
    assert not without_keyring.command.isVisible()


def test_with_a_keyring_by_then_the_password_is_taken(without_keyring, asked, qtbot):
    asked.answers["account_add"] = {"found": ""}
    with qtbot.waitSignal(without_keyring.done):
        without_keyring.proceed()
    assert asked.args_of("account_add")["secret"] == "hunter2"


def test_an_app_password_is_called_so_and_the_page_where_it_is_made_is_a_click_away(
    page, asked, opened
):
    """The usual password would be refused; and another provider's is the usual one again."""
    own = {"app_password": True, "password_page": "https://id.example/apppasswords"}
    asked.answers["preset"] = {"preset": {**GMAIL["preset"], **own}}
    page.address.setText("hanne@gmail.com")
    page.proceed()
    assert page.password.accessibleName() == "App password"
    assert page.make_password.isVisible()
    page.make_password.click()
    assert opened.pages == ["https://id.example/apppasswords"]
    asked.answers["preset"] = GMAIL
    QTest.keyClicks(page.address, "x")
    page.proceed()
    assert page.password.accessibleName() == "Password"
    assert page.make_password.isHidden()


def test_an_own_domain_may_lie_with_google_or_microsoft(page, asked):
    """One click says so, and their servers and their sign-in come."""
    asked.answers["preset"] = lambda args: MICROSOFT if args.get("host") else {"preset": None}
    page.address.setText("info@oakandwick.example")
    page.proceed()
    assert page.behind.isVisible()
    link = next(b for b in page.findChildren(QPushButton) if b.text() == "Microsoft 365")
    link.click()
    assert asked.args_of("preset")["host"] == "outlook.office365.com"
    assert page.advanced.values()["host"] == "outlook.office365.com"
    assert page.provider.client_id.isVisible()


def test_servers_that_answer_under_the_domains_name_are_taken_and_need_no_reading(page, asked):
    """The engine tried them; a newcomer has never heard of IMAP."""
    found = {"host": "mail.oakandwick.example", "port": "993", "security": "tls"}
    asked.answers["preset"] = {"preset": None, "servers": found, "meant": ""}
    page.address.setText("info@oakandwick.example")
    page.proceed()
    assert not page.advanced.isVisible()
    assert page.advanced.values()["host"] == "mail.oakandwick.example"
    assert "servers answer under its name" in words_of(page)
    page.password.setText("secret")
    page.proceed()
    assert asked.args_of("account_add")["settings"]["host"] == "mail.oakandwick.example"


def test_where_no_server_was_found_it_says_what_was_tried(page, asked):
    asked.answers["preset"] = {"preset": None, "tried": "Tried: imap.x.example does not exist"}
    page.address.setText("info@x.example")
    page.proceed()
    assert page.advanced.isVisible()
    assert "imap.x.example does not exist" in words_of(page)


def test_a_slip_in_the_providers_name_is_offered_mended_with_one_click(page, asked):
    asked.answers["preset"] = lambda args: (
        GMAIL if "gmail" in args["address"] else {"preset": None, "meant": "shop@gmail.com"}
    )
    page.address.setText("shop@gmial.com")
    page.proceed()
    assert page.meant.isVisible()
    assert page.meant.text() == "Did you mean shop@gmail.com?"
    page.meant.click()
    assert page.address.text() == "shop@gmail.com"
    assert not page.meant.isVisible()
    assert page.advanced.values()["host"] == "imap.gmail.com"


@pytest.mark.parametrize(
    "typed",
    [
        " shop@gmail.com ",
        "Shop <shop@gmail.com>",
        "mailto:shop@gmail.com",
        "mailto:shop@gmail.com?subject=Hello",
        "shop@gmail.com.",
        "\u200bshop@gmail.com",
        "<shop@gmail.com>",
    ],
)
def test_an_address_is_taken_as_it_was_copied(page, asked, typed):
    page.address.setText(typed)
    page.proceed()
    assert page.address.text() == "shop@gmail.com"
    assert asked.args_of("preset") == {"address": "shop@gmail.com"}


def test_another_security_brings_its_usual_port_and_leaves_an_own_one(page):
    """Else a newcomer who is told "STARTTLS" meets a server that does not understand."""
    page.address.setText("shop@gmail.com")
    page.proceed()
    advanced = page.advanced
    choices = {one.accessibleName(): one for one in advanced.findChildren(QComboBox)}
    for name, port in (("Security", "143"), ("Security for sending", "587")):
        choices[name].setCurrentIndex(1)
        choices[name].activated.emit(1)
        assert port in advanced.values().values()
    assert (advanced.values()["port"], advanced.values()["smtp_port"]) == ("143", "587")
    advanced.fill({"host": "h", "port": "1993"})
    choices["Security"].activated.emit(1)
    assert advanced.values()["port"] == "1993"


CANNOT_SEND = Refused("The mailbox can be read, but replies cannot leave", "No.", "", asks=True)


def test_a_mailbox_that_cannot_send_is_asked_about_with_its_servers_unfolded(page, asked, qtbot):
    """They can be corrected there and then; or it is connected to read only."""
    asked.answers["account_add"] = CANNOT_SEND
    page.address.setText("shop@gmail.com")
    page.proceed()
    page.password.setText("secret")
    page.proceed()
    assert asked.args_of("account_add")["must_send"] is True
    assert "replies cannot leave" in words_of(page)
    assert page.advanced.isVisible()
    assert page.insist.isVisible()
    assert page.focusWidget().accessibleName() == "Outgoing server (SMTP)"
    asked.answers["account_add"] = {"found": "", "sending": {"title": "x"}}
    with qtbot.waitSignal(page.done, timeout=5000):
        page.insist.click()
    assert asked.args_of("account_add")["must_send"] is False
    assert not page.insist.isVisible()


def pick(page, name: str) -> None:
    next(one for one in page.hosts.actions() if one.text() == name).trigger()


def test_whom_a_domain_is_rented_from_is_chosen_by_name(page, asked):
    """Nobody has to know what the servers of IONOS are called. Who chose the wrong one chooses
    again: the address need not be typed anew."""
    asked.answers["preset"] = lambda args: GMAIL if args.get("host") else {"preset": None}
    page.address.setText("info@oakandwick.example")
    page.proceed()
    pick(page, "STRATO")
    assert asked.args_of("preset")["host"] == "imap.strato.de"
    assert page.behind.isVisible()
    pick(page, "IONOS")
    assert asked.args_of("preset")["host"] == "imap.ionos.de"
    QTest.keyClick(page.address, Qt.Key.Key_Backspace)
    assert not page.behind.isVisible()


def test_what_went_wrong_with_other_servers_is_not_said_beside_those_that_are_chosen(page, asked):
    asked.answers["preset"] = lambda args: GMAIL if args.get("host") else {"preset": None}
    asked.answers["account_add"] = Unreachable("There is no server imap.oakandwick.example")
    page.address.setText("info@oakandwick.example")
    page.proceed()
    page.password.setText("secret")
    page.proceed()
    assert page.error.isVisible()
    pick(page, "STRATO")
    assert not page.error.isVisible()


def test_while_the_engine_signs_in_nothing_can_be_chosen_anew(page, asked):
    """It would ask about another mailbox than the one that is just being connected."""
    asked.answers["preset"] = {"preset": None, "meant": "shop@gmail.com"}
    page.address.setText("shop@gmial.com")
    page.proceed()
    page.password.setText("secret")
    asked.answers["account_add"] = None
    page.proceed()
    page.meant.click()
    next(b for b in page.findChildren(QPushButton) if b.text() == "Microsoft 365").click()
    assert page.address.text() == "shop@gmial.com"
    assert asked.verbs() == ["preset", "account_add"]


def test_what_went_wrong_is_in_sight_on_a_small_laptop_too(page, asked, qtbot):
    """Under the unfolded servers it stood below the edge of the window."""
    page.resize(900, 560)
    asked.answers["preset"] = {"preset": None}
    asked.answers["account_add"] = CANNOT_SEND
    page.address.setText("shop@x.example")
    page.proceed()
    page.password.setText("secret")
    page.proceed()
    for part in (page.error, page.insist, page.focusWidget()):
        qtbot.waitUntil(lambda part=part: part.visibleRegion().boundingRect() == part.rect())


@pytest.mark.parametrize(("name", "host"), HOSTS_OF_DOMAINS)
def test_each_of_them_is_a_provider_that_the_engine_knows_by_that_server(name, host):
    known = preset_of_host(host)
    assert known is not None
    assert (known.name, known.host) == (name, host)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "javascript:alert(1)", "", "mailto:a@b"])
def test_only_web_pages_are_opened(url):
    """Whatever a provider's answer says."""
    assert not open_outside(url)


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


def test_with_a_mailbox_connected_there_is_a_way_back_and_no_sample(page, qtbot):
    """Before the first one there is nothing to go back to, and the sample shop helps."""
    assert (page.back.isVisible(), page.sample.isVisible()) == (False, True)
    page.be_first(is_first=False)
    assert (page.back.isVisible(), page.sample.isVisible()) == (True, False)
    assert "Connect another mailbox" in words_of(page)
    with qtbot.waitSignal(page.left):
        qtbot.mouseClick(page.back, Qt.MouseButton.LeftButton)
