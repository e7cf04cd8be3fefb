"""With letters of twice the size on a small laptop every page of the settings can be read whole."""

from __future__ import annotations

from collections.abc import Iterator
from gettext import NullTranslations

import pytest
import shiboken6
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QScrollArea
from pytestqt.qtbot import QtBot

from app.config.language import translations
from app.config.settings import Settings, described
from app.domain.account import AccountType, Health, HealthState
from app.domain.translation import speak
from app.ui.settings.dialog import DATA, GENERAL, HOURS, PROMISES, RULES, WHO, SettingsDialog
from app.ui.settings.rules_card import RulesCard
from app.ui.settings.setting_row import SettingRow
from app.ui.theme import Theme
from app.ui.tokens import Appearance, Size
from app.ui.widgets.choice import Choice
from tests.support import ui_issue_fakes as fakes
from tests.support.ui_answers import A_RULE, ANOTHER_RULE, COPIES, own_rules
from tests.support.ui_answers import PROMISES as PROMISED
from tests.ui.conftest import RESOURCES
from tests.ui.settings.test_contacts import TEAM
from tests.ui.settings.test_hours import MOVES, OFFICE
from tests.ui.settings.test_ladders import STANDS

SCREEN = (1358, 728)
SHOP = Health(account="shop@mugshop.example", type=AccountType.IMAP, state=HealthState.WORKING)
ANSWERS = {
    "settings": {"settings": described(Settings()), "complaints": []},
    "promises": PROMISED,
    "owner_rules": own_rules(A_RULE, ANOTHER_RULE),
    "contacts": TEAM,
    "ladders": STANDS,
    "hours": OFFICE,
    "check_hours": OFFICE,
    "hours_effect": MOVES,
    "holiday_countries": {"countries": {"DE": ["BY"]}},
    "holidays": {"holidays": [], "regions": ["BY"]},
    "status": {"profile": "/home/jo/shop"},
    "copies": COPIES,
}


@pytest.fixture
def large(qapp: QApplication, the_theme: Theme) -> Iterator[Theme]:
    """The program on a desktop whose letters are twice as large."""
    letters = QFont(qapp.font())
    letters.setPixelSize(2 * Size.TEXT)
    qapp.setFont(letters)
    yield Theme(qapp, RESOURCES, appearance=Appearance.LIGHT)
    for appearance in (Appearance.DARK, Appearance.LIGHT):  # puts its own letters back
        the_theme.set_appearance(appearance)


@pytest.fixture(params=["en", "de"])
def dialog(request, qtbot: QtBot, large: Theme) -> Iterator[SettingsDialog]:
    """The settings in two languages."""
    speak(translations(request.param))
    bridge = fakes.FakeBridge(ANSWERS)
    made = SettingsDialog(bridge=bridge, theme=large, accounts=lambda: (SHOP,))
    made.resize(*SCREEN)
    made.show()
    yield made
    shiboken6.delete(made)
    speak(NullTranslations())


def _shown(dialog: SettingsDialog, name: str) -> QScrollArea:
    area = dialog.show_page(name).findChild(QScrollArea)
    assert area is not None
    return area


def _left_over(area: QScrollArea) -> int:
    inside = area.widget()
    assert inside is not None
    return inside.width() - area.viewport().width()


@pytest.mark.parametrize("name", [GENERAL, HOURS, PROMISES, WHO, RULES, DATA])
def test_no_page_is_wider_than_a_small_laptop(dialog: SettingsDialog, qtbot: QtBot, name: str):
    area = _shown(dialog, name)
    qtbot.waitUntil(lambda: _left_over(area) <= 0)


LONG = "Where is my order, I have been waiting for it for three weeks, please answer soon"
TRIED = {
    "matched": 9, "asked": 900, "days": 90,
    "issues": [{"key": "i1_1", "subject": LONG, "customer": "Ines Ito-Habermann"}] * 2,
}  # fmt: skip


@pytest.mark.parametrize("condition", ['subject contains "invoice"', 'total > 5 and not (a = "b")'])
def test_the_form_of_a_rule_is_not_wider_either(
    dialog: SettingsDialog, qtbot: QtBot, condition: str
):
    area = _shown(dialog, RULES)
    card = dialog.findChild(RulesCard)
    assert card is not None
    card.editor.show()
    card.editor.begin({**A_RULE, "if": condition}, templates=())
    card.editor._show_matches(TRIED)
    qtbot.waitUntil(card.editor.isVisible)
    qtbot.waitUntil(lambda: _left_over(area) <= 0)
    labels = [one for one in card.editor.findChildren(QLabel) if one.isVisible()]
    qtbot.waitUntil(lambda: all(one.height() >= one.heightForWidth(one.width()) for one in labels))


def test_in_a_window_that_is_smaller_still_the_rest_can_be_scrolled_to(
    dialog: SettingsDialog, qtbot: QtBot
):
    dialog.resize(700, 500)
    area = _shown(dialog, PROMISES)
    qtbot.waitUntil(lambda: _left_over(area) > 0)
    qtbot.waitUntil(area.horizontalScrollBar().isVisible)


def test_what_a_setting_is_set_to_is_read_whole(dialog: SettingsDialog, qtbot: QtBot):
    """The words in a choice, and the unit beside a number."""
    qtbot.waitUntil(lambda: bool(dialog.findChildren(SettingRow)))
    page = dialog.show_page(GENERAL)
    parts = [*page.findChildren(Choice), *page.findChildren(QLabel)]
    shown = [one for one in parts if one.isVisible() and not getattr(one, "wordWrap", bool)()]
    assert [one for one in shown if one.width() < one.sizeHint().width()] == []


def test_no_button_can_be_made_lower_than_its_words(dialog: SettingsDialog, qtbot: QtBot):
    """What is pressed together, as the verbs above a mail in a low window, still shows them."""
    page = dialog.show_page(WHO)
    qtbot.waitUntil(lambda: bool(page.findChildren(QPushButton)))
    shown = [one for one in page.findChildren(QPushButton) if one.isVisible()]
    assert shown
    assert [one for one in shown if one.minimumHeight() < one.fontMetrics().height()] == []
