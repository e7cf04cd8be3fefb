"""The regular copies in the settings: the last is read, another folder chosen, one gone back to."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from app.config.settings import Settings, described
from app.domain.errors import Refused
from app.ui.settings.copies_card import CopiesCard
from app.ui.settings.dialog import DATA, SettingsDialog
from app.ui.settings.setting_row import SettingRow
from app.ui.settings.switch import Switch
from tests.support import ui_issue_fakes as fakes
from tests.support.ui_answers import COPIES

WELL = {**COPIES, "trouble": None, "is_chosen": False}


@pytest.fixture
def asked():
    return fakes.FakeBridge(
        {
            "settings": {"settings": described(Settings()), "complaints": []},
            "copies": WELL,
            "copy_now": {"file": "/home/jo/now.db"},
        }
    )


@pytest.fixture
def card(qtbot, theme, asked):
    made = CopiesCard(bridge=asked, theme=theme, ask_folder=lambda _: "/media/usb")
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def dialog(qtbot, theme, asked):
    made = SettingsDialog(bridge=asked, theme=theme, accounts=tuple)
    qtbot.addWidget(made)
    made.show()
    return made


def press(card, text: str) -> None:
    next(one for one in card.findChildren(QPushButton) if one.text() == text).click()


def said(card) -> str:
    return "\n".join(one.text() for one in card.findChildren(QLabel) if one.isVisible())


def test_it_says_when_the_last_copy_was_made_and_where_they_lie(card):
    assert "The last copy is of Tuesday 17 Nov 2026" in said(card)
    assert "/home/jo/shop/backups" in said(card)
    assert "1,024 MB, from before an update" in said(card)


def test_what_is_in_the_way_stands_there_with_the_way_out(card, asked):
    asked.answers["copies"] = COPIES
    card.reload()
    assert "No room. Full. Make some. The last copy is of" in said(card)


def test_a_profile_without_any_says_that_the_first_comes_by_itself(card, asked):
    asked.answers["copies"] = {**WELL, "copies": []}
    card.reload()
    assert "There is no copy yet. The first is made when it is calm." in said(card)


def test_where_it_is_turned_off_nothing_is_promised(card, asked):
    asked.answers["copies"] = {**WELL, "copies": [], "on": False}
    card.reload()
    assert "There is no copy." in said(card)
    assert "calm" not in card._stands.text()


def test_going_back_is_asked_for_twice(card):
    """What it means stands there before; who leaves it has changed nothing."""
    gone: list[str] = []
    card.put_back_asked.connect(gone.append)
    press(card, "Go back to it")
    QApplication.processEvents()
    assert "What was decided or written since is not in it" in said(card)
    press(card, "Leave it as it is")
    assert gone == []
    press(card, "Go back to it")
    press(card, "Go back")
    assert gone == ["/home/jo/daily.db"]


def test_a_folder_is_chosen_and_given_up(card, asked):
    press(card, "Another folder for them")
    assert asked.args_of("set_setting") == {"name": "copies_folder", "value": "/media/usb"}
    asked.answers["copies"] = COPIES
    card.reload()
    press(card, "Keep them in the profile")
    assert asked.args_of("set_setting") == {"name": "copies_folder", "value": ""}


def test_a_folder_that_is_refused_is_said(card, asked):
    asked.answers["set_setting"] = Refused("/media/usb cannot be written")
    press(card, "Another folder for them")
    assert "/media/usb cannot be written" in said(card)


def test_what_was_refused_is_said_no_more_once_something_else_is_kept(card, asked):
    asked.answers["set_setting"] = Refused("/media/usb cannot be written")
    press(card, "Another folder for them")
    asked.answers["set_setting"] = {}
    card.findChild(SettingRow).control.click()
    assert "cannot be written" not in said(card)


def test_the_question_is_in_sight_below_many_copies(dialog, asked, qtbot):
    dialog.resize(900, 420)
    asked.answers["copies"] = {**WELL, "copies": COPIES["copies"] * 3}
    card = dialog.show_page(DATA).findChild(CopiesCard)
    qtbot.waitUntil(card.isVisible)
    QApplication.processEvents()
    press(card, "Go back to it")
    go = next(b for b in card.findChildren(QPushButton) if b.text() == "Go back")
    qtbot.waitUntil(lambda: go.visibleRegion().boundingRect() == go.rect())


def test_turning_it_off_keeps_the_keyboard_where_it_is(card, asked):
    """The switch is the same one afterwards."""
    switch = card.findChild(SettingRow).control
    switch.click()
    assert asked.args_of("set_setting") == {"name": "daily_copy", "value": False}
    assert card.findChild(SettingRow).control is switch


def test_a_copy_is_made_now(card, asked):
    asked.answers["copy_now"] = None
    press(card, "Make a copy now")
    button = next(b for b in card.findChildren(QPushButton) if b.text() == "Make a copy now")
    assert not button.isEnabled()
    asked.answer("copy_now", {"file": "/home/jo/now.db"})
    assert button.isEnabled()
    assert "/home/jo/now.db" in said(card)


def test_the_keyboard_stays_near_while_a_copy_is_made(dialog, asked):
    """The button that was pressed takes no keys meanwhile; they went to the list of pages."""
    asked.answers["copy_now"] = None
    card = dialog.show_page(DATA).findChild(CopiesCard)
    button = next(b for b in card.findChildren(QPushButton) if b.text() == "Make a copy now")
    button.setFocus()
    button.click()
    assert dialog.focusWidget().text() == "Another folder for them"


def test_their_settings_stand_beside_them_and_not_among_all(dialog, asked, qtbot):
    """Whoever is led to one of them by its name comes here too, with the keyboard on it, although
    the engine tells the settings only when the page is shown already."""
    assert not {"daily_copy", "copies_folder"} & dialog.page._rows.keys()
    told, asked.answers["settings"] = asked.answers["settings"], None
    dialog.point_to("daily_copy")
    assert dialog.list.currentItem().text() == DATA
    asked.answer("settings", told)
    qtbot.waitUntil(lambda: isinstance(dialog.focusWidget(), Switch))
