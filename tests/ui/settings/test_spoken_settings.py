"""Every text of the settings goes through the language: in one that nobody speaks, none leaks."""

from __future__ import annotations

from collections.abc import Iterator
from gettext import NullTranslations
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QTimeZone
from PySide6.QtWidgets import QApplication

from app.config.platform_forms import FORMS
from app.config.settings import Settings, described
from app.domain.account import AccountType, Health, HealthState
from app.domain.rule_fields import BY_NAME
from app.domain.translation import speak
from app.ui.settings.account_row import AccountRow
from app.ui.settings.contacts_card import ContactsCard
from app.ui.settings.copies_card import CopiesCard
from app.ui.settings.customer_card import CustomerCard
from app.ui.settings.dialog import DATA, GENERAL, HOURS, PROMISES, RULES, WHO, SettingsDialog
from app.ui.settings.hours_card import HoursCard
from app.ui.settings.ladders_card import LaddersCard
from app.ui.settings.promises_card import PromisesCard
from app.ui.settings.rules_card import RulesCard
from tests.support import ui_issue_fakes as fakes
from tests.support.spoken import Nobodys, leaks
from tests.support.ui_answers import A_RULE, ANOTHER_RULE, COPIES, own_rules
from tests.support.ui_answers import PROMISES as PROMISED
from tests.ui.settings.test_contacts import TEAM
from tests.ui.settings.test_customer_card import MIRA, PLAN
from tests.ui.settings.test_hours import MOVES, OFFICE
from tests.ui.settings.test_ladders import STANDS, TRIED
from tests.ui.settings.test_platform_connect import SHOP
from tests.ui.settings.test_rules import FOUND

MAILBOX = Health(
    account="old", type=AccountType.IMAP, state=HealthState.ASKING, title="Refused", hint="Again"
)
TRIED_RULE = {"matched": 2, "asked": 340, "days": 90, "whole": True, "issues": FOUND}
LESSON = {"entry": "e1", "kind": "damaged", "severity": "high", "alert": True, "subject": "Mugs"}
# What stands in a field as it is written into a file, an address or a program.
_WRITTEN = (
    "name@example.com", "ntfys://ntfy.sh/topic", "address@yourshop.com",
    'total > 500 and subject contains "invoice"', "Slack, Teams, Discord, Telegram, ntfy, Pushover",
    "Français", "Deutsch", "English", "Español", "Italiano", "Nederlands", "Português", "Polski",
    "min", "de", "en", "MB", "Mira Sommer", "bigshop.example",
)  # fmt: skip


@pytest.fixture
def asked() -> fakes.FakeBridge:
    speak(Nobodys())
    ladders: Any = STANDS["ladders"]
    return fakes.FakeBridge(
        {
            "settings": {"settings": described(Settings()), "complaints": []},
            "learned": {"lessons": [LESSON] * 8, "accepted": True},
            "account_identities": {
                "address": "a@b.example",
                "identities": [{"email": "a@b.example"}],
            },
            "status": {"profile": "/tmp/profile"},
            "copies": COPIES,
            "hours": OFFICE,
            "check_hours": OFFICE,
            "hours_effect": MOVES,
            "holiday_countries": {"countries": {"DE": ["BE", "BY"]}},
            "holidays": {"holidays": [{"day": "2026-12-25", "name": "Xmas"}], "regions": ["BY"]},
            "promises": PROMISED,
            "check_promises": lambda args: args["promises"],
            "contacts": TEAM,
            "ladders": STANDS,
            "check_ladder": {"ladder": ladders[0]},
            "try_ladder": TRIED,
            "owner_rules": own_rules(A_RULE, ANOTHER_RULE),
            "check_owner_rule": lambda args: {"rule": args["rule"]},
            "try_owner_rule": TRIED_RULE,
            "customers": {"customers": [MIRA] * 10},
            "customer": PLAN,
        }
    )


@pytest.fixture
def dialog(qtbot, theme, asked) -> Iterator[SettingsDialog]:
    made = SettingsDialog(bridge=asked, theme=theme, accounts=lambda: (MAILBOX, SHOP))
    made.show()
    yield made
    shiboken6.delete(made)
    speak(NullTranslations())


def _open(dialog: SettingsDialog, name: str) -> None:
    """The page with its forms open."""
    page: Any = dialog.show_page(name)
    QApplication.processEvents()
    for row in page.findChildren(AccountRow):
        row.ask_password()
        row.addresses.open()
    for hours in page.findChildren(HoursCard):
        hours.open()
    for promises in page.findChildren(PromisesCard):
        promises._edit(0)
    for people in page.findChildren(ContactsCard):
        people.open()
        people.rows[0].edit()
    for ladders in page.findChildren(LaddersCard):
        ladders._try(0)
        ladders._edit(1)
    for rules in page.findChildren(RulesCard):
        rules._open(A_RULE)
    for copies in page.findChildren(CopiesCard):
        copies._ask(COPIES["copies"][0])
    for customer in page.findChildren(CustomerCard):
        customer.look()
        customer.show_customer("mira@x.example")
    QApplication.processEvents()


@pytest.mark.parametrize("name", [GENERAL, HOURS, PROMISES, WHO, RULES, DATA])
def test_no_page_says_anything_past_the_language(dialog: SettingsDialog, asked, name: str) -> None:
    """Words, names for screen readers, examples in fields, choices; the engine's words are data."""
    _open(dialog, name)
    zones = [bytes(one.data()).decode() for one in QTimeZone.availableTimeZoneIds()]
    data = [asked.answers, MAILBOX, SHOP, _WRITTEN, list(BY_NAME), "Germany"]
    data += [part for one in zones for part in one.replace("_", " ").split("/")]
    assert leaks(dialog.show_page(name), data) == []


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.title)
def test_no_way_to_a_key_is_told_past_the_language(dialog: SettingsDialog, form) -> None:
    """Each platform's steps, fields and helps."""
    dialog.connect_platform()
    dialog.page.platforms._choose(form)
    fields = [field for each in FORMS.values() for field in each.every]
    examples = [(field.example, field.choices) for field in fields]
    assert leaks(dialog.page.platforms, [examples, form.title]) == []
