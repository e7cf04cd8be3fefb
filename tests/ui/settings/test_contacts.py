"""Who is told: shown with whether each way works, added, tested, and the gaps said."""

from __future__ import annotations

from typing import Any

import pytest
import shiboken6
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from app.domain.errors import Refused
from app.ui.settings.contact_row import taken_words, way_words
from app.ui.settings.contacts_card import ContactsCard, gap_words, on_call_words
from tests.support import ui_issue_fakes as fakes

ADA: dict[str, Any] = {
    "name": "Ada",
    "review_due": True,
    "acknowledged_at": None,
    "channels": [
        {"kind": "email", "label": "ada@team.example", "worked_at": None, "failure": None},
        {"kind": "service", "label": "ntfy", "worked_at": None, "failure": "It came back."},
    ],
}
TEAM: dict[str, Any] = {
    "contacts": [ADA],
    "on_call": ["Ada"],
    "rotation": {"members": ["Ada"], "days": 7, "handoff": "09:00:00"},
    "turns": [],
    "gaps": [{"said": "nobody Sat 2026-11-21 18:00 to Sun 2026-11-22 09:00"}],
}
EMPTY: dict[str, Any] = {"contacts": [], "on_call": [], "rotation": None, "turns": [], "gaps": []}


@pytest.fixture
def asked() -> fakes.FakeBridge:
    return fakes.FakeBridge({"contacts": TEAM, "set_rota": TEAM})


@pytest.fixture
def card(qtbot, theme, asked):
    made = ContactsCard(bridge=asked)
    made.reload()
    made.show()
    yield made
    shiboken6.delete(made)


def words(card: ContactsCard) -> str:
    return "\n".join(one.text() for one in card.findChildren(QLabel) if one.isVisible())


def press(card: ContactsCard, name: str) -> None:
    buttons = (one for one in card.findChildren(QPushButton) if one.isVisible())
    next(one for one in buttons if one.accessibleName() == name).click()


def test_each_way_says_whether_it_works_and_gaps_are_said(card):
    said = words(card)
    assert "E-mail: ada@team.example, not tested yet" in said
    assert "Service: ntfy. It came back." in said
    assert "On call now: Ada." in said
    assert "Gaps: nobody Sat 2026-11-21 18:00 to Sun 2026-11-22 09:00" in said
    assert "Nobody has looked for a quarter" in said


def test_who_told_nobody_yet_reads_what_that_means(card, asked, qtbot):
    asked.answers["contacts"] = EMPTY
    card.reload()
    qtbot.waitUntil(lambda: "Nobody else is told when you do not take" in words(card))
    assert "On call" not in words(card)


def test_a_contact_is_added_with_the_way_that_was_chosen(card, asked):
    card.name.setText("Ben")
    card.target.setText("ben@team.example")
    card.hours.setText("9-17")
    press(card, "Add the contact")
    args = asked.args_of("contact_add")
    assert (args["name"], args["emails"], args["addresses"]) == ("Ben", ["ben@team.example"], [])
    assert args["hours"]["friday"] == [["09:00", "17:00"]]
    assert card.name.text() == ""


def test_the_address_of_a_service_is_not_left_to_be_read(card, asked):
    card.way.setCurrentIndex(card.way.findData("service"))
    assert card.target.echoMode() is QLineEdit.EchoMode.PasswordEchoOnEdit
    card.name.setText("Ben")
    card.target.setText("ntfys://ntfy.sh/secret")
    press(card, "Add the contact")
    assert asked.args_of("contact_add")["addresses"] == ["ntfys://ntfy.sh/secret"]


def test_what_the_engine_refuses_is_said_and_stays_to_be_mended(card, asked):
    asked.answers["contact_add"] = Refused("A contact needs a name")
    press(card, "Add the contact")
    assert "A contact needs a name" in words(card)
    assert card.add_button.isEnabled()


def test_a_test_says_what_became_of_it(card, asked):
    asked.answers["contact_test"] = {"calls": [{"ok": False, "said": "ntfy did not take it."}]}
    press(card, "Test: Ada")
    assert "ntfy did not take it." in words(card)
    asked.answers["contact_test"] = {"calls": [{"ok": True, "said": "taken"}]}
    press(card, "Test: Ada")
    assert "Every way took the test." in words(card)


def test_removing_is_asked_for_twice(card, asked):
    press(card, "Remove: Ada")
    assert "contact_remove" not in asked.verbs()
    press(card, "Remove Ada")
    assert asked.args_of("contact_remove") == {"name": "Ada"}


def test_turns_are_kept_in_the_order_of_the_names(card, asked):
    card.members.setText("Ben, Ada")
    press(card, "Keep who takes turns")
    assert asked.args_of("set_rota") == {"members": ["Ben", "Ada"], "days": 7, "handoff": "09:00"}


def test_words_about_nobody_are_words_too():
    assert on_call_words(EMPTY) == "On call now: nobody."
    assert gap_words(EMPTY) == ""
    assert taken_words(ADA) == "has not taken an issue yet"
    worked = {"kind": "desktop", "label": "", "worked_at": "2026-11-20T10:00:00Z"}
    assert way_words(worked)[0].startswith("Pop-up on this computer, worked")
