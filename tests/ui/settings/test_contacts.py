"""Who is told: shown with whether each way works, added, changed, tested, removed and had back;
turns, who stands in, and the gaps in words."""

from __future__ import annotations

from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QDate
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton

from app.domain.errors import Refused
from app.ui.settings.contact_row import taken_words, way_words
from app.ui.settings.contacts_card import ContactsCard
from app.ui.settings.rota_words import gap_words, on_call_words
from tests.support import ui_issue_fakes as fakes

ADA: dict[str, Any] = {
    "name": "Ada",
    "review_due": True,
    "acknowledged_at": None,
    "hours": {"monday": [["09:00", "17:00"]]},
    "channels": [
        {"id": 1, "kind": "email", "label": "ada@team.example", "worked_at": None,
         "failure": None},
        {"id": 2, "kind": "service", "label": "ntfy", "worked_at": None,
         "failure": "It came back."},
    ],
}  # fmt: skip
BEN = {**ADA, "name": "Ben", "hours": None, "channels": ADA["channels"][:1], "review_due": False}
STANDS_IN = {"of": "Ada", "by": "Ben", "from": "2026-12-24T09:00:00Z", "to": "2026-12-28T09:00:00Z"}
ROTA: dict[str, Any] = {
    "on_call": ["Ada"],
    "rotation": {
        "members": ["Ada"], "starts": "2026-11-16", "days": 7, "handoff": "09:00:00",
        "replacements": [STANDS_IN],
    },
    "turns": [
        {"from": "2026-11-20T12:00:00Z", "to": "2026-12-18T12:00:00Z", "names": ["Ada"]}
    ],
    "gaps": [{"from": "2026-11-21T18:00:00Z", "to": "2026-11-22T09:00:00Z"}],
    "zone": "UTC",
}  # fmt: skip
TEAM: dict[str, Any] = {"contacts": [ADA, BEN], **ROTA}
EMPTY: dict[str, Any] = {"contacts": [], "on_call": [], "rotation": None, "turns": [], "gaps": []}


@pytest.fixture
def asked() -> fakes.FakeBridge:
    rota = ("set_rota", "replace_on_call", "end_replacement")
    return fakes.FakeBridge({"contacts": TEAM, **dict.fromkeys(rota, ROTA)})


@pytest.fixture
def card(qtbot, theme, asked):
    made = ContactsCard(bridge=asked, theme=theme)
    made.reload()
    made.resize(620, 900)
    made.show()
    yield made
    shiboken6.delete(made)


def words(card: ContactsCard) -> str:
    QApplication.processEvents()
    return "\n".join(one.text() for one in card.findChildren(QLabel) if one.isVisible())


def press(card: ContactsCard, name: str) -> None:
    QApplication.processEvents()  # what was added to the page is shown by then
    buttons = (one for one in card.findChildren(QPushButton) if one.isVisible())
    next(one for one in buttons if one.accessibleName() == name).click()


def test_each_way_says_whether_it_works_and_gaps_are_said(card):
    said = words(card)
    assert "E-mail: ada@team.example, not tested yet" in said
    assert "Service: ntfy. It came back." in said
    assert "Can be reached Mon 09:00-17:00, by the shop's clock." in said
    assert "On call now: Ada." in said
    assert "Nobody can be reached Sat 21 Nov 18:00 to Sun 22 Nov 09:00." in said
    assert "Nobody has looked for a quarter" in said
    assert "Ben instead of Ada, Thu 24 Dec 09:00 to Mon 28 Dec 09:00" in said


def test_who_told_nobody_yet_reads_what_that_means(card, asked, qtbot):
    asked.answers["contacts"] = EMPTY
    card.reload()
    qtbot.waitUntil(lambda: "Nobody else is told when you do not take" in words(card))
    assert "On call" not in words(card)


def test_a_contact_is_added_with_the_way_that_was_chosen(card, asked, qtbot):
    press(card, "Add somebody")
    qtbot.keyClicks(card.form.name, "Cleo")
    qtbot.keyClicks(card.form.target, "cleo@team.example")
    qtbot.keyClicks(card.form.hours[0], "9-17")
    press(card, "Add the contact")
    args = asked.args_of("contact_add")
    assert (args["name"], args["emails"], args["addresses"]) == ("Cleo", ["cleo@team.example"], [])
    assert args["hours"]["friday"] == [["09:00", "17:00"]]
    assert "saturday" not in args["hours"]
    assert args["is_new"] is True  # a namesake is refused and does not become somebody's way
    assert not card.form.isVisible()


def test_the_address_of_a_service_is_not_left_to_be_read(card, asked):
    press(card, "Add somebody")
    card.form.way.setCurrentIndex(card.form.way.findData("service"))
    assert card.form.target.echoMode() is QLineEdit.EchoMode.PasswordEchoOnEdit
    card.form.name.setText("Ben")
    card.form.target.setText("ntfys://ntfy.sh/secret")
    press(card, "Add the contact")
    assert asked.args_of("contact_add")["addresses"] == ["ntfys://ntfy.sh/secret"]


def test_what_the_engine_refuses_is_said_and_stays_to_be_mended(card, asked):
    asked.answers["contact_add"] = Refused("A contact needs a name")
    press(card, "Add somebody")
    press(card, "Add the contact")
    assert "A contact needs a name" in words(card)
    assert card.form.isVisible()
    assert card.add_button.isEnabled()


def test_a_contact_is_changed_without_losing_hours_of_single_days(card, asked):
    press(card, "Change: Ada")
    form = card.rows[0].form
    form.name.setText("Adele")
    form.way.setCurrentIndex(form.way.findData("desktop"))
    press(card, "Keep: Ada")
    assert asked.args_of("contact_hours") == {"name": "Ada", "hours": ADA["hours"]}
    assert asked.args_of("contact_add")["desktop"] is True
    assert asked.args_of("contact_rename") == {"name": "Ada", "to": "Adele"}


def test_a_test_says_what_became_of_it(card, asked):
    asked.answers["contact_test"] = {"calls": [{"ok": False, "said": "ntfy did not take it."}]}
    press(card, "Test: Ada")
    assert "ntfy did not take it." in words(card)
    asked.answers["contact_test"] = {"calls": [{"ok": True, "said": "taken"}]}
    press(card, "Test: Service: ntfy, of Ada")
    assert asked.args_of("contact_test") == {"name": "Ada", "way": 2}
    assert "Every way took the test." in words(card)


def test_who_was_removed_can_be_had_back_by_one_click(card, asked):
    press(card, "Remove: Ada")
    assert asked.args_of("contact_remove") == {"name": "Ada"}
    assert "Ada is told no more." in words(card)
    card.line.undo.click()
    assert asked.args_of("contact_restore") == {"name": "Ada"}


def test_a_way_that_was_removed_can_be_had_back(card, asked):
    press(card, "Remove: Service: ntfy, of Ada")
    assert asked.args_of("contact_way_remove") == {"name": "Ada", "way": 2}
    card.line.undo.click()
    assert asked.args_of("contact_way_restore") == {"name": "Ada", "way": 2}


def test_somebody_joins_the_turns_and_leaves_them_again(card, asked):
    card.rota.another.setCurrentIndex(card.rota.another.findData("Ben"))
    assert asked.args_of("set_rota")["members"] == ["Ada", "Ben"]
    press(card, "Take Ada out of the turns")
    assert asked.args_of("set_rota")["members"] == []


def test_only_taking_back_says_on_which_day_the_turns_began(card, asked):
    """Else the engine lets them go on, so that whose turn it is keeps it."""
    press(card, "Take Ada out of the turns")
    assert asked.args_of("set_rota")["starts"] == ""
    card.rota.line.undo.click()
    assert asked.args_of("set_rota")["starts"] == "2026-11-16"


def test_who_was_removed_and_takes_turns_still_is_marked_so(card, asked):
    asked.answers["contacts"] = {**TEAM, "contacts": [BEN]}
    card.reload()
    assert "1. Ada, who is told no more" in words(card)


def test_somebody_stands_in_from_hand_over_to_hand_over(card, asked):
    adder = card.rota.replacements
    adder.begin.setDate(QDate(2026, 12, 24))
    adder.end.setDate(QDate(2026, 12, 27))
    press(card, "Add the replacement")
    assert asked.args_of("replace_on_call") == {
        "of": "Ada", "by": "Ben", "begin": "2026-12-24T09:00", "end": "2026-12-28T09:00",
    }  # fmt: skip
    press(card, "Remove: Ben instead of Ada, Thu 24 Dec 09:00 to Mon 28 Dec 09:00")
    assert asked.args_of("end_replacement")["begin"] == "2026-12-24T09:00:00Z"
    adder.line.undo.click()
    assert asked.args_of("replace_on_call")["end"] == "2026-12-28T09:00:00Z"


def test_a_gap_is_marked_on_the_calendar_of_cover(card, theme):
    picture = card.rota.picture
    image = picture.grab().toImage()
    wanted = {theme.color("high_mark").rgb(), theme.color("accent").rgb()}
    seen = {
        image.pixel(x, y) for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)
    }
    assert wanted <= seen


def test_words_about_nobody_are_words_too():
    assert on_call_words(EMPTY) == "On call now: nobody."
    assert gap_words(EMPTY) == ""
    assert taken_words(ADA) == "has not taken an issue yet"
    worked = {"kind": "desktop", "label": "", "worked_at": "2026-11-20T10:00:00Z"}
    assert way_words(worked)[0].startswith("Pop-up on this computer, worked")


def test_a_gap_of_every_night_is_said_once():
    nights = [
        {"from": f"2026-11-{day}T20:00:00Z", "to": f"2026-11-{day + 1}T08:00:00Z"}
        for day in range(20, 25)
    ]
    assert gap_words({"gaps": nights, "zone": "UTC"}) == (
        "Nobody can be reached 20:00 to 08:00 on 5 days from Fri 20 Nov on."
    )
