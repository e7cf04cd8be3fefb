"""One customer's data: found, given out, deleted once it was asked."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from app.domain.errors import Refused
from app.ui.settings.customer_card import CustomerCard
from tests.support import ui_issue_fakes as fakes

MIRA = {"email": "mira@x.example", "name": "Mira <b>Sommer", "issues": 2, "last_at": ""}
PLAN = {
    "email": "mira@x.example",
    "goes": ["3 mails, theirs and yours to them"],
    "stays": [{"what": "Mails on the mail server", "why": "Delete them there too."}],
    "mails": 3,
    "issues": 1,
    "orders": 0,
    "can_go": True,
}


@pytest.fixture
def asked():
    return fakes.FakeBridge(
        {
            "customers": {"customers": [MIRA], "most": 50},
            "customer": PLAN,
            "customer_export": {"folder": "/tmp/hers", "mails": 3, "orders": 0},
            "customer_delete": PLAN,
        }
    )


@pytest.fixture
def card(qtbot, theme, asked):
    made = CustomerCard(bridge=asked, ask_folder=lambda _, email: f"/tmp/{email}")
    qtbot.addWidget(made)
    made.show()
    made.words.setText("mira")
    made.look()
    return made


def words(card) -> str:
    QApplication.processEvents()  # what was added is shown when its layout is
    return "\n".join(one.text() for one in card.findChildren(QLabel) if one.isVisible())


def buttons(card) -> dict[str, QPushButton]:
    QApplication.processEvents()
    return {one.text(): one for one in card.findChildren(QPushButton) if one.isVisible()}


def choose(card) -> None:
    next(one for text, one in buttons(card).items() if "mira@x.example" in text).click()


def test_what_would_go_and_what_stays_is_told_before_anything_goes(card, asked):
    """Both lists with the reasons; nothing was deleted."""
    choose(card)
    assert "3 mails, theirs and yours to them" in words(card)
    assert "Mails on the mail server. Delete them there too." in words(card)
    assert "customer_delete" not in asked.verbs()


def test_deleting_is_asked_once(card, asked):
    """The first press only asks; the second deletes, and says what went."""
    choose(card)
    buttons(card)["Delete all of it …"].click()
    assert "customer_delete" not in asked.verbs()
    assert "cannot be taken back" in words(card)
    buttons(card)["Delete for good"].click()
    assert asked.args_of("customer_delete") == {"email": "mira@x.example"}
    assert "Deleted: 3 mails" in words(card)


def test_what_is_on_its_way_cannot_go(card, asked):
    """While a reply is on its way the button is out of reach; the reason stands in the list."""
    asked.answers["customer"] = {**PLAN, "can_go": False}
    choose(card)
    assert not buttons(card)["Delete all of it …"].isEnabled()


def test_the_data_are_given_out_as_files(card, asked):
    """Into a folder named after them."""
    choose(card)
    buttons(card)["Save all of it as files"].click()
    assert asked.args_of("customer_export")["folder"] == "/tmp/mira@x.example"
    assert "/tmp/hers" in words(card)


def test_a_refusal_is_said_in_its_own_words(card, asked):
    """And what was found stays in view."""
    asked.answers["customer_delete"] = Refused("A reply to them is on its way", "", "Wait")
    choose(card)
    buttons(card)["Delete all of it …"].click()
    buttons(card)["Delete for good"].click()
    assert "A reply to them is on its way" in words(card)
