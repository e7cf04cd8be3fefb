"""Promises in the settings: a table, special promises, what a change would do, and the way back."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from app.domain.errors import Refused
from app.ui.settings.dialog import PROMISES, SettingsDialog
from app.ui.settings.promises_card import PromisesCard
from tests.support import ui_issue_fakes as fakes
from tests.support.ui_answers import A_PROMISE as WHOLESALE
from tests.support.ui_answers import PROMISES as STANDS
from tests.support.ui_answers import TIMES

MOVES = {"said": "4 open issues would become due earlier, 1 of them at once late.",
         "late_at_once": 1}  # fmt: skip


@pytest.fixture
def asked() -> fakes.FakeBridge:
    kept = {**STANDS, "before": {"times": TIMES, "policies": []}}
    return fakes.FakeBridge(
        {
            "promises": STANDS,
            "check_promises": lambda args: args["promises"],
            "promises_effect": MOVES,
            "set_promises": kept,
            "revert_promises": kept,
        }
    )


@pytest.fixture
def card(qtbot, theme, asked):
    made = PromisesCard(bridge=asked)
    made.reload()
    made.show()
    yield made
    shiboken6.delete(made)


def words(card: PromisesCard) -> str:
    QApplication.processEvents()
    return "\n".join(one.text() for one in card.findChildren(QLabel) if one.isVisible())


def press(card: PromisesCard, name: str) -> None:
    QApplication.processEvents()  # what was added to the page is shown by then
    buttons = (one for one in card.findChildren(QPushButton) if one.isVisible())
    next(one for one in buttons if one.accessibleName() == name).click()


def test_a_special_promise_reads_as_a_sentence(card):
    said = words(card)
    assert "*@chain.example; Damaged; P1 (At once)" in said
    assert "First answer within 30 min and no end, day and night." in said
    assert card.table.fields["resolution", "P2"].text() == ""


def test_what_a_change_would_do_is_told_before_it_is_kept(card, asked, qtbot):
    assert not card.keep_button.isVisible()
    field = card.table.fields["first_response", "P3"]
    field.selectAll()
    qtbot.keyClicks(field, "1 h")
    qtbot.waitUntil(lambda: "1 of them at once late" in words(card))
    assert "set_promises" not in asked.verbs()
    press(card, "Keep the promises")
    kept = asked.args_of("set_promises")["promises"]
    assert kept["times"]["first_response"]["P3"] == "1 h"
    assert kept["policies"] == [WHOLESALE]


def test_what_was_kept_can_be_taken_back(card, asked, qtbot):
    qtbot.keyClicks(card.table.fields["warn", "P1"], "5 min")
    press(card, "Keep the promises")
    card.line.undo.click()
    assert asked.args_of("set_promises")["promises"] == {"times": TIMES, "policies": []}


def test_what_cannot_be_is_said_while_typing_and_cannot_be_kept(card, asked, qtbot):
    asked.answers["check_promises"] = Refused("First answer, P1: 'soon' is no length of time")
    card.table.fields["first_response", "P1"].setText("soon")
    qtbot.waitUntil(lambda: "'soon' is no length of time" in words(card))
    assert not card.keep_button.isEnabled()
    press(card, "Cancel the changes")
    assert card.table.fields["first_response", "P1"].text() == "4 h"


def test_a_special_promise_is_added_for_a_group_of_customers(card, asked, qtbot):
    press(card, "Add a special promise")
    form = card.form
    qtbot.keyClicks(form.name, "VIP")
    qtbot.keyClicks(form.customers, "anna@x.example, *@y.example")
    qtbot.keyClicks(form.times["first_response"], "20 min")
    form.kinds.tick("damaged")
    form.calendar.setCurrentIndex(form.calendar.findData("always"))
    press(card, "Keep the promises")
    added = asked.args_of("set_promises")["promises"]["policies"][-1]
    assert added["customers"] == ["anna@x.example", "*@y.example"]
    assert (added["name"], added["kinds"], added["calendar"]) == ("VIP", ["damaged"], "always")
    assert added["first_response"] == "20 min"


def test_a_removed_special_promise_is_put_back_by_one_click(card, asked, qtbot):
    press(card, "Remove: Wholesale")
    assert card.value()["policies"] == []
    qtbot.wait(400)  # what is checked meanwhile must not take the way back away
    card.line.undo.click()
    assert card.value()["policies"] == [WHOLESALE]


def test_a_new_one_that_is_left_leaves_nothing(card):
    press(card, "Add a special promise")
    press(card, "Cancel the special promise")
    assert card.value()["policies"] == [WHOLESALE]


def test_promises_as_at_the_beginning_are_one_click_and_one_click_back(card, asked):
    press(card, "Promise as at the beginning")
    assert asked.verbs()[-1] == "revert_promises"
    card.line.undo.click()
    assert asked.args_of("set_promises")["promises"]["policies"] == []


def test_escape_leaves_a_special_promise_and_not_the_settings(theme, asked, qtbot):
    """One that was begun, and in which nothing stands yet."""
    dialog = SettingsDialog(bridge=asked, theme=theme, accounts=lambda: ())
    dialog.show_page(PROMISES)
    dialog.show()
    card = dialog.findChild(PromisesCard)
    assert card is not None
    press(card, "Add a special promise")
    assert card.form is not None
    qtbot.waitUntil(card.form.isVisible)
    qtbot.keyClick(card.form.name, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert "Use it" not in {one.text() for one in card.findChildren(QPushButton) if one.isVisible()}
    dialog.close()
