"""A shop or a payment provider is connected in the settings, with the way to its key beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton

from app.config.platform_forms import FORMS
from app.config.settings import Settings, described
from app.domain.account import AccountType, Health, HealthState
from app.domain.errors import SignInRefused
from app.domain.feed import FeedHealth, LeftOut, Stream
from app.ui.settings.account_row import AccountRow
from app.ui.settings.dialog import SettingsDialog
from app.ui.settings.feed_lines import feed_lines
from tests.support import ui_issue_fakes as fakes

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SHOP = Health(
    account="Shopify",
    type=AccountType.SHOPIFY,
    state=HealthState.OK,
    feeds=(
        FeedHealth(account="Shopify", stream=Stream.ORDERS, ok_at=AT, backfilled=True),
        FeedHealth(account="Shopify", stream=Stream.DISPUTES, trouble="It does not answer."),
    ),
)


def words_of(widget) -> str:
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if one.isVisible())


def press(widget, text: str) -> None:
    buttons = (one for one in widget.findChildren(QPushButton) if one.isVisible())
    next(one for one in buttons if one.text() == text).click()
    QApplication.processEvents()  # what was put in place is shown when Qt comes round


def field(widget, name: str) -> QLineEdit:
    fields: list[QLineEdit] = [one for one in widget.findChildren(QLineEdit) if one.isVisible()]
    return next(one for one in fields if one.accessibleName() == name)


@pytest.fixture
def asked():
    return fakes.FakeBridge(
        {
            "settings": {"settings": described(Settings()), "complaints": []},
            "account_add": {"found": "Mill & Moss: the key works."},
            "account_test": {"found": "Without read_returns …", "lacks": [{"scope": "x"}]},
        }
    )


@pytest.fixture
def page(theme, asked):
    dialog = SettingsDialog(bridge=asked, theme=theme, accounts=lambda: (SHOP,))
    dialog.show()
    dialog.connect_platform()
    QApplication.processEvents()
    yield dialog.page
    if shiboken6.isValid(dialog):
        shiboken6.delete(dialog)


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.title)
def test_each_platform_has_its_steps_and_fields(page, form):
    """What stands in the form is what the engine asks for; what is rare is folded away."""
    press(page.platforms, form.title)
    chosen = [one.text() for one in page.platforms.findChildren(QPushButton) if one.isChecked()]
    assert chosen == [form.title]
    said = words_of(page.platforms)
    assert all(step in said for step in form.steps)
    for one in form.every:
        assert page.platforms._fields[one.name].isVisible() is not one.rare
    press(page.platforms, "For a sandbox or a server of your own")
    assert all(page.platforms._fields[one.name].isVisible() for one in form.every)


def test_a_key_is_tried_and_then_gone_from_the_window(page, asked):
    """The name is free already; the secret is no setting, and stays in no field."""
    press(page.platforms, "Shopify")
    assert field(page.platforms, "Name of the account").text() == "Shopify 2"
    field(page.platforms, "Shop").setText("mill-and-moss")
    field(page.platforms, "Client secret, or shpat_ token").setText("shpat_1")
    press(page.platforms, "Connect")
    args = asked.args_of("account_add")
    assert (args["name"], args["type"], args["secret"]) == ("Shopify 2", "shopify", "shpat_1")
    assert args["settings"] == {"shop": "mill-and-moss"}
    assert not page.platforms.isVisible()
    assert "Shopify 2 is connected. Mill & Moss: the key works." in words_of(page)
    assert not [one for one in page.findChildren(QLineEdit) if one.text() == "shpat_1"]


def test_what_is_missing_is_said_before_anybody_is_asked(page, asked):
    press(page.platforms, "WooCommerce")
    press(page.platforms, "Connect")
    assert "Shop address is missing." in words_of(page.platforms)
    assert "account_add" not in [verb for verb, _ in asked.asked]


def test_a_refusal_stays_beside_the_fields(page, asked):
    """In the engine's words; nothing is typed twice."""
    asked.answers["account_add"] = SignInRefused("Stripe does not accept the key", "", "")
    press(page.platforms, "Stripe")
    field(page.platforms, "Restricted key").setText("rk_wrong")
    press(page.platforms, "Connect")
    assert "Stripe does not accept the key" in words_of(page.platforms)
    assert field(page.platforms, "Restricted key").text() == "rk_wrong"


@pytest.mark.parametrize(
    "answer", [{"found": "It works."}, SignInRefused("Stripe does not accept the key", "", "")]
)
def test_an_answer_that_comes_late_leaves_the_form_that_was_opened_meanwhile(page, asked, answer):
    """It took the key out of it that was just being typed, or spoke of another platform's."""
    asked.answers["account_add"] = None
    press(page.platforms, "Stripe")
    field(page.platforms, "Restricted key").setText("rk_1")
    press(page.platforms, "Connect")
    press(page.platforms, "PayPal")
    field(page.platforms, "Secret").setText("half a")
    asked.answer("account_add", answer)
    assert page.platforms.isVisible()
    assert field(page.platforms, "Secret").text() == "half a"
    assert "Stripe does not accept" not in words_of(page.platforms)


def test_a_connected_shop_says_how_each_stream_is_read(theme, asked):
    """When it was last read well, how often, and what is in the way; no mailbox's verbs."""
    row = AccountRow(SHOP, bridge=asked, theme=theme)
    row.show()
    said = words_of(row)
    assert "Orders: last read Fri 20 Nov" in said
    assert "asked each minute" in said
    assert "Disputes: not read yet, asked every 5 minutes. It does not answer." in said
    verbs = {one.text() for one in row.findChildren(QPushButton) if one.isVisible()}
    assert verbs == {"Look now", "Test", "New key", "Remove"}
    press(row, "Test")
    assert "Without read_returns" in words_of(row)
    assert "It works" not in words_of(row)
    shiboken6.delete(row)


def test_the_first_reading_is_told_while_it_lasts():
    (line,) = feed_lines((FeedHealth(account="x", stream=Stream.ORDERS, ok_at=AT),))
    assert line.endswith("the last 60 days are being read")


def test_what_could_not_be_taken_in_is_named_beside_its_stream():
    left = tuple(LeftOut(f"dp_{n}", "an amount is no number") for n in range(1, 5))
    told = FeedHealth(
        account="x", stream=Stream.DISPUTES, ok_at=AT, backfilled=True, left_out=left[:1]
    )
    (line,) = feed_lines((told,))
    assert line.endswith(". 1 record could not be read: dp_1 (an amount is no number)")
    (line,) = feed_lines((replace(told, left_out=left),))
    assert "4 records could not be read, among them dp_1" in line
    assert "dp_4" not in line
