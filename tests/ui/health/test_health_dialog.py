"""How it stands: the parts, the accounts with their books, the program."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from app.domain.errors import EngineLost
from app.ui.health.dialog import HealthDialog
from tests.support import ui_issue_fakes as fakes
from tests.support.ui_answers import HEALTH, READINESS


@pytest.fixture
def asked():
    return fakes.FakeBridge(
        {"readiness": READINESS, "health": HEALTH, "support": {"text": "Frontburner 0.1.0"}}
    )


@pytest.fixture
def dialog(qtbot, theme, clock, asked):
    made = HealthDialog(bridge=asked, theme=theme, clock=clock)
    made.show()
    QApplication.processEvents()
    yield made
    if shiboken6.isValid(made):
        made.close()


def words(dialog) -> str:
    return "\n".join(one.text() for one in dialog.findChildren(QLabel) if one.isVisible())


def press(dialog, text: str) -> None:
    next(one for one in dialog.findChildren(QPushButton) if one.text() == text).click()


def test_the_books_of_an_account_add_up_in_words(dialog):
    """On the server = stored + left out + still to come, and why something was left out."""
    said = words(dialog)
    assert "INBOX: 1,204 on the server = 1,190 stored + 4 left out + 10 still to come" in said
    assert "4 of them: it is larger than 50 MB" in said
    assert "The server does not answer." in said
    assert "read every 60 s" in said


def test_what_is_not_there_is_not_named(dialog):
    """Only files that exist, with their place to copy."""
    assert "/home/jo/f.db" in words(dialog)
    assert "/home/jo/rules" not in words(dialog)


@pytest.mark.parametrize(
    ("text", "signal"), [("Connect a shop", "shop_asked"), ("Say when you work", "settings_asked")]
)
def test_what_is_missing_has_a_way_there(qtbot, dialog, text: str, signal: str):
    """The button leads on, and this window has done its part."""
    with qtbot.waitSignal(getattr(dialog, signal)):
        press(dialog, text)
    qtbot.waitUntil(lambda: not shiboken6.isValid(dialog))


def test_the_lines_for_support_are_in_the_clipboard(dialog):
    """And the page says what is not in them."""
    press(dialog, "Copy for support")
    assert QGuiApplication.clipboard().text() == "Frontburner 0.1.0"
    assert "No name, address, order number or password" in words(dialog)


def test_what_did_not_change_keeps_the_keyboard(dialog):
    """The page is read anew every few seconds: its buttons are the same ones."""
    before = dialog.findChildren(QPushButton)
    dialog.reload()
    assert dialog.findChildren(QPushButton) == before


def test_without_an_engine_it_says_so(dialog, asked):
    """In the sentence that the error has; what was shown stays."""
    asked.answers["readiness"] = EngineLost("The engine does not answer", "", "Try again")
    dialog.reload()
    assert "The engine does not answer" in words(dialog)
    assert "All 12 mails are here" in words(dialog)
