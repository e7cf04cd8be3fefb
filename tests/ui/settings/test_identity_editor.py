"""The addresses that replies leave from, edited in the account's row."""

from __future__ import annotations

import json
from typing import Any

import pytest
import shiboken6
from PySide6.QtWidgets import QLabel, QPushButton

from app.domain.account import AccountType, Health, HealthState
from app.domain.errors import Refused
from app.ui.settings.account_row import AccountRow
from tests.support import ui_issue_fakes as fakes

TWO = {
    "address": "hello@kiln.example",
    "identities": [
        {"email": "hello@kiln.example", "name": "Blue Kiln", "signature": "Blue Kiln"},
        {"email": "returns@kiln.example", "name": "", "signatures": {"de": "Blauer Ofen"}},
    ],
    "plus_address": False,
}


@pytest.fixture
def asked() -> fakes.FakeBridge:
    return fakes.FakeBridge({"account_identities": TWO})


@pytest.fixture
def row(qtbot, theme, asked):
    health = Health(
        account="Shop", type=AccountType.IMAP, state=HealthState.OK, address="hello@kiln.example"
    )
    made = AccountRow(health, bridge=asked, theme=theme)
    made.show()
    made.addresses.open()
    yield made
    shiboken6.delete(made)


def press(widget, name: str) -> None:
    buttons = (one for one in widget.findChildren(QPushButton) if one.isVisible())
    next(one for one in buttons if one.accessibleName() == name).click()


def words_of(widget) -> str:
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if one.isVisible())


def kept(asked: fakes.FakeBridge) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads(
        asked.args_of("account_set")["settings"]["identities"]
    )
    return listed


def test_every_address_has_its_form_and_the_accounts_own_stays(row):
    """It can be given a name and a signature, and not be taken away."""
    own, other = row.addresses.forms
    assert (own.email.text(), own.email.isReadOnly()) == ("hello@kiln.example", True)
    assert (other.email.text(), other.email.isReadOnly()) == ("returns@kiln.example", False)
    removable = [b.accessibleName() for b in row.findChildren(QPushButton) if b.isVisible()]
    assert "Remove returns@kiln.example" in removable
    assert "Remove hello@kiln.example" not in removable


def test_a_signature_for_one_language_is_kept_beside_the_one_for_all(row, asked):
    """Turning the language shows the other text; both travel."""
    own = row.addresses.forms[0]
    own.language.setCurrentIndex(own.language.findData("de"))
    assert own.signature.toPlainText() == ""
    own.signature.setPlainText("Blauer Ofen, Mühlweg 1")
    press(row, "Keep the addresses")
    assert kept(asked)[0] == {
        "name": "Blue Kiln",
        "address": "hello@kiln.example",
        "signature": "Blue Kiln",
        "signatures": {"de": "Blauer Ofen, Mühlweg 1"},
    }
    assert kept(asked)[1]["signatures"] == {"de": "Blauer Ofen"}
    assert row.addresses.isHidden()


def test_an_address_can_be_added_and_taken_away(row, asked):
    """A form without an address is nothing."""
    press(row, "Remove returns@kiln.example")
    press(row, "Add another address")
    row.addresses.forms[-1].email.setText("press@kiln.example")
    press(row, "Add another address")
    row.addresses.plus.click()
    press(row, "Keep the addresses")
    assert [one["address"] for one in kept(asked)] == ["hello@kiln.example", "press@kiln.example"]
    assert asked.args_of("account_set")["settings"]["plus_address"] == "yes"


def test_what_the_engine_refuses_stays_with_its_reason(row, asked):
    """Nothing that was typed is lost."""
    asked.answers["account_set"] = Refused("These addresses cannot be used", "“x” is no address")
    row.addresses.forms[1].email.setText("x")
    press(row, "Keep the addresses")
    assert "“x” is no address" in words_of(row.addresses)
    assert row.addresses.isVisible()
    assert row.addresses.forms[1].email.text() == "x"
