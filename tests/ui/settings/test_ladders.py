"""Ladders in the settings: read as they are climbed, edited step by step, tried, taken back."""

from __future__ import annotations

from typing import Any

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from app.domain.errors import Refused
from app.ui.settings.dialog import WHO, SettingsDialog
from app.ui.settings.ladders_card import LaddersCard, problem_lines
from tests.support import ui_issue_fakes as fakes

STEP = {"after": "10 min", "whom": ["on_call"], "how": []}
LATER = {"after": "15 min", "whom": ["everyone"], "how": ["service"]}
CRITICAL: dict[str, Any] = {
    "name": "Critical", "kinds": [], "severities": ["critical"], "repeat": 2,
    "working": [STEP, LATER], "night": [LATER], "weekend": [LATER], "holiday": [],
    "origin": "shipped", "ends": "Repeats twice, then it is said loudly that nobody took it",
    "problems": [{"hour": "night", "step": 0, "said": "Nobody can be told by messenger or push"}],
}  # fmt: skip
HIGH = {**CRITICAL, "name": "High", "severities": ["high"], "problems": []}
STANDS = {
    "ladders": [CRITICAL, HIGH],
    "changed": True,
    "contacts": [{"name": "Mia", "kinds": ["email"]}],
}
TRIED = {
    "zone": "UTC",
    "told": [
        {"at": "2026-11-21T18:10:00Z", "hour": "weekend", "meant": "who is on call", "calls": []},
        {"at": "2026-11-21T18:25:00Z", "hour": "weekend", "meant": "everybody",
         "calls": [{"contact": "Mia", "kind": "email", "label": "mia@x.example"}]},
    ],
}  # fmt: skip


@pytest.fixture
def asked() -> fakes.FakeBridge:
    return fakes.FakeBridge(
        {
            "ladders": STANDS,
            "check_ladder": {"ladder": CRITICAL},
            "try_ladder": TRIED,
            "set_ladders": {**STANDS, "before": [HIGH]},
        }
    )


@pytest.fixture
def card(qtbot, theme, asked):
    made = LaddersCard(bridge=asked)
    made.reload()
    made.show()
    yield made
    shiboken6.delete(made)


def words(card: LaddersCard) -> str:
    QApplication.processEvents()
    return "\n".join(one.text() for one in card.findChildren(QLabel) if one.isVisible())


def press(card: LaddersCard, name: str) -> None:
    QApplication.processEvents()  # what was added to the page is shown by then
    buttons = (one for one in card.findChildren(QPushButton) if one.isVisible())
    next(one for one in buttons if one.accessibleName() == name).click()


def test_what_is_so_at_every_step_is_said_once_without_the_steps():
    hours = [("working", 0), ("working", 1), ("night", 0), ("weekend", 0)]
    nobody = "There is nobody to tell yet: add somebody"
    found = [{"hour": hour, "step": step, "said": nobody} for hour, step in hours]
    assert problem_lines({**CRITICAL, "problems": found}) == [f"{nobody}."]
    assert problem_lines({**CRITICAL, "problems": found[:2]}) == [
        f"{nobody} (in working hours, step 1; in working hours, step 2)."
    ]


def test_a_ladder_reads_as_it_is_climbed(card):
    said = words(card)
    assert "For critical issues that rang and that nobody takes." in said
    assert "After 10 min: who is on call, in every way they have" in said
    assert "After 25 min: everybody, by messenger or push" in said
    assert "At night and on a weekend" in said
    assert "Waits until you open, then as in working hours" in said
    assert "Nobody can be told by messenger or push (at night, step 1)." in said


def test_a_step_is_added_changed_and_moved(card, asked, qtbot):
    press(card, "Change: Critical")
    steps = card.form.steps["working"]
    press(card, "Add a step")
    added = steps.rows[2]
    added.wait.selectAll()
    qtbot.keyClicks(added.wait, "1 h")
    added.whom.tick("everyone", on=False)
    added.whom.tick("Mia")
    added.how.tick("email")
    press(card, "Up: step 3")
    press(card, "Keep the ladder")
    kept = asked.args_of("set_ladders")["ladders"]
    assert kept[0]["working"][1] == {"after": "1 h", "whom": ["Mia"], "how": ["email"]}
    assert [one["name"] for one in kept] == ["Critical", "High"]


def test_a_removed_step_is_put_back_by_one_click(card):
    press(card, "Change: Critical")
    steps = card.form.steps["working"]
    press(card, "Remove: step 1")
    assert len(steps.value()) == 1
    steps.line.undo.click()
    assert [one["after"] for one in steps.value()] == ["10 min", "15 min"]


def test_what_would_tell_nobody_is_said_beside_its_step_while_it_is_written(card):
    press(card, "Change: Critical")
    night = card.form.steps["night"]
    assert night.rows[0].problem.text() == "Nobody can be told by messenger or push."
    assert card.form.steps["working"].rows[0].problem.text() == ""


def test_what_cannot_be_is_said_and_cannot_be_kept(card, asked, qtbot):
    press(card, "Change: Critical")
    asked.answers["check_ladder"] = Refused("Critical has no step for working hours")
    card.form.name.setText("X")
    qtbot.waitUntil(lambda: "no step for working hours" in words(card))
    assert not card.form.keep_button.isEnabled()
    press(card, "Cancel the changes")
    assert card.form is None
    assert "set_ladders" not in asked.verbs()


def test_nights_take_the_steps_of_working_hours_by_one_click(card):
    press(card, "Change: Critical")
    card.form.tabs["night"].click()
    press(card, "The steps of working hours")
    assert len(card.form.steps["night"].value()) == 2


def test_a_ladder_is_tried_and_says_where_nobody_is(card, asked):
    press(card, "Try: Critical")
    assert asked.args_of("try_ladder")["ladder"]["name"] == "Critical"
    said = words(card)
    assert "(weekends): who is on call. Nobody is there, said loudly." in said
    assert "Mia (mail: mia@x.example)." in said
    assert "Nobody is told by this." in said


def test_a_removed_ladder_is_had_back_by_one_click(card, asked):
    press(card, "Remove: Critical")
    assert [one["name"] for one in asked.args_of("set_ladders")["ladders"]] == ["High"]
    card.line.undo.click()
    assert asked.args_of("set_ladders")["ladders"] == [HIGH]


def test_another_order_is_kept_at_once(card, asked):
    press(card, "Up: High")
    assert [one["name"] for one in asked.args_of("set_ladders")["ladders"]] == ["High", "Critical"]


def test_the_settings_have_a_page_of_their_own_for_it(qtbot, theme):
    asked = fakes.FakeBridge({"ladders": STANDS, "contacts": {"contacts": []}})
    dialog = SettingsDialog(bridge=asked, theme=theme, accounts=lambda: ())
    dialog.show()
    row = [dialog.list.item(at).text() for at in range(dialog.list.count())].index(WHO)
    dialog.list.setCurrentRow(row)
    ladders = dialog.findChild(LaddersCard)
    assert ladders is not None
    assert ladders.isVisible()
    shiboken6.delete(dialog)
