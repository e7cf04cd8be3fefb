"""The page of disputes: what presses stands first, and money is said plainly."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import QEvent, QLocale, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton

from app.domain.dispute import DisputeKind
from app.domain.dispute_tally import tally, tally_words
from app.domain.dispute_views import DisputeMonth, DisputeRow
from app.domain.money import Money
from app.ui.disputes import words
from app.ui.disputes.page import DisputesPage
from app.ui.theme import Theme
from app.ui.tokens import Appearance
from app.ui.words import moment, money
from tests.support import ui_issue_fakes as fakes
from tests.support.disputes import a_dispute
from tests.support.ui_disputes import a_row, every_kind
from tests.support.ui_fakes import FakeClock, FakeShop

_TEXT = int(Qt.ItemDataRole.AccessibleTextRole)


def spoken(page: DisputesPage) -> list[str]:
    model = page.list.model()
    return [str(model.index(at, 0).data(_TEXT)) for at in range(model.rowCount())]


def select(page: DisputesPage, platform_id: str) -> DisputeRow:
    for _ in range(page.list.model().rowCount()):
        case = page.list.current
        assert case is not None
        if case.dispute.platform_id == platform_id:
            return case
        page.list.step(1)
    raise AssertionError(platform_id)


def lines(page: DisputesPage) -> str:
    return page.sum.accessibleName()


def test_what_is_due_stands_before_what_others_decide(page: DisputesPage):
    said = spoken(page)
    assert "Chargeback" in said[2]
    assert "Wednesday" in said[2]
    assert "The bank decides" in said[-1]


def test_the_head_counts_answers_and_warnings_apart_and_names_the_next_date(page: DisputesPage):
    said = tally_words(tally(every_kind(fakes.NOW)))
    assert page.sums.text().startswith(f"{said}  ·  the next ")
    assert "1 bank warning, " in said


def test_a_warning_is_due_now_in_the_strongest_tone_and_is_decided_not_answered(
    page: DisputesPage,
):
    case = next(one for one in every_kind(fakes.NOW) if one.dispute.kind is DisputeKind.ALERT)
    standing = words.left(case, fakes.NOW)
    assert (standing.text, standing.tone) == ("now", "critical")
    select(page, case.dispute.platform_id)
    assert page.open_issue.text() == "Open it, decide"


def test_the_reason_is_told_once_and_the_providers_own_word_is_in_the_tool_tip(
    page: DisputesPage,
):
    case = select(page, "dp_soon")
    assert case.dispute.reason_word
    assert "(" not in page.reason.text()
    assert words.provider_words(case.dispute) in page.reason.toolTip()


def test_a_saved_draft_is_never_called_submitted(page: DisputesPage):
    select(page, "dp_saved")
    assert page.turn.text() == "A draft is saved at PayPal. Nothing has been submitted yet."


def test_an_answer_that_went_in_says_when(page: DisputesPage):
    select(page, "dp_review")
    assert page.turn.text().startswith("Your answer went in")
    assert page.deadline.text() == ""


def test_a_dispute_without_a_date_says_verify_and_not_no_hurry(page: DisputesPage):
    select(page, "dp_dateless")
    assert page.deadline.text() == "Stripe names no last date. Look there and verify it."


def test_the_deadline_names_ours_before_it(page: DisputesPage):
    select(page, "dp_soon")
    assert "Yours should be out by" in page.deadline.text()
    assert "six hours before" in page.deadline.text()


def test_the_arithmetic_has_the_shops_own_past_with_its_n(page: DisputesPage):
    select(page, "dp_soon")
    said = lines(page)
    assert "Fee $15.00 Usual there, by the rules; due either way" in said
    assert "Your past 50% 1 of 2 decided disputes won; few, do not rely on it" in said
    assert "Giving in costs $199.00" in said
    assert "Fighting brings back about $92.00" in said


def test_a_warning_is_answered_by_a_refund(page: DisputesPage):
    select(page, "w_1")
    assert "A refund now costs $99.00" in lines(page)
    assert "Fighting" not in lines(page)
    assert page.turn.text().startswith("Not a dispute yet")


def test_the_filter_shows_what_is_over(page: DisputesPage):
    page.decided_filter.click()
    assert page.list.model().rowCount() == 2
    assert {"Won" in one or "Lost" in one for one in spoken(page)} == {True}
    assert page.decided_filter.isChecked()
    page.open_filter.click()
    assert page.list.model().rowCount() == 5


def test_enter_and_the_button_open_the_issue(page: DisputesPage, qtbot):
    case = select(page, "dp_soon")
    with qtbot.waitSignal(page.asked) as told:
        enter = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
        page.list.keyPressEvent(enter)
    assert told.args == [case.issue_key, "dp_soon"]
    with qtbot.waitSignal(page.asked):
        page.open_issue.click()


def test_reading_again_keeps_what_is_selected(page: DisputesPage, shop: FakeShop, until):
    select(page, "dp_review")
    shop.cases = shop.cases[1:]
    page.refresh()
    until(lambda: page.list.model().rowCount() == 4)
    assert page.list.current is not None
    assert page.list.current.dispute.platform_id == "dp_review"


def test_the_shops_own_ratio_stands_beside_the_line_that_matters(
    page: DisputesPage, shop: FakeShop, until
):
    assert page.ratio.isHidden()
    shop.months = (DisputeMonth(month="2026-11", disputes=3, orders=400),)
    page.refresh()
    until(lambda: not page.ratio.isHidden())
    assert page.ratio.text() == (
        "Nov 2026: 3 chargebacks on 400 orders, 0.75%. That is above 0.65%, where processors ask"
    )


LINES = (
    {"ratio": 0.0065, "from": 0, "name": "where processors begin to ask"},
    {"ratio": 0.01, "from": 0, "name": "where processors may end the contract"},
)
OCTOBER = DisputeMonth(month="2026-10", disputes=17, orders=1000)


def test_a_month_of_a_few_hours_does_not_hide_the_one_before():
    """On the first of a month, with forty orders and no dispute yet, the last whole one counts."""
    begun = DisputeMonth(month="2026-11", disputes=0, orders=40)
    assert words.ratio((begun, OCTOBER), LINES) == (
        "Oct 2026: 17 chargebacks on 1,000 orders, 1.70%. That is above 1.00%, where processors"
        " may end the contract"
    )
    assert words.ratio((begun,), LINES).endswith("With so few orders a single one moves it much")
    assert words.ratio((), LINES) == ""


def test_a_calm_month_is_told_beside_the_one_before_that_was_not():
    """Networks count months: a calm week does not undo it. Two calm ones are one line."""
    calm = DisputeMonth(month="2026-11", disputes=1, orders=300)
    said = words.ratio((calm, OCTOBER), LINES)
    assert said.startswith("Nov 2026: 1 chargeback on 300 orders, 0.33%. Calm below 0.65%")
    assert "Oct 2026: 17 chargebacks" in said
    quiet = DisputeMonth(month="2026-10", disputes=1, orders=1000)
    assert "Oct 2026" not in words.ratio((calm, quiet), LINES)
    loud = DisputeMonth(month="2026-11", disputes=4, orders=300)
    assert "Oct 2026" not in words.ratio((loud, OCTOBER), LINES)


def test_the_next_deadline_is_one_to_come():
    """What is over is no next one; its row says that it is late."""
    now = fakes.NOW
    late, soon = (
        a_row(days, a_dispute(f"dp_{days}", due_at=now + timedelta(days=days)), now)
        for days in (-1, 2)
    )
    assert "the next" not in words.sums((late,), now)
    assert f"the next {moment(now + timedelta(days=2), now)}" in words.sums((late, soon), now)


def test_without_any_dispute_the_page_says_where_they_come_from(
    page: DisputesPage, shop: FakeShop, until
):
    shop.cases = ()
    page.refresh()
    until(lambda: "No disputes." in page.empty.text)
    assert "Stripe, PayPal and Shopify" in page.empty.text
    assert page.sums.text() == "No money is at risk."


def test_when_all_is_decided_the_page_is_calm(
    page: DisputesPage, shop: FakeShop, clock: FakeClock, until
):
    shop.cases = tuple(one for one in every_kind(clock.now()) if not one.state.is_open)
    page.refresh()
    until(lambda: "No open dispute." in page.empty.text)


def test_every_button_has_a_name_and_both_palettes_draw(page: DisputesPage, theme: Theme):
    assert all(one.accessibleName() for one in page.findChildren(QAbstractButton))
    light = page.grab().toImage()
    theme.set_appearance(Appearance.DARK)
    assert page.grab().toImage() != light


def test_a_strangers_name_stays_text(page: DisputesPage, shop: FakeShop, clock, until):
    shop.cases = tuple(
        type(one)(**{**{f: getattr(one, f) for f in one.__slots__}, "customer": "<b>x</b>\u202e"})
        for one in every_kind(clock.now())
    )
    page.refresh()
    until(lambda: "<b>x</b>" in page.reason.text())
    assert "\u202e" not in page.reason.text()


def test_the_engine_is_asked_for_figures_once(page: DisputesPage, asked: fakes.FakeBridge):
    page.refresh()
    page.refresh()
    assert asked.verbs().count("dispute_figures") == 1


@pytest.mark.parametrize(
    "amount",
    [
        Money(27_800, "EUR"), Money(110_400, "USD"), Money(-500, "GBP"), Money(1_250, "JPY"),
        Money(4_900, "CHF"), Money(12_345, "KWD"),
    ],
)  # fmt: skip
def test_cards_and_window_write_an_amount_alike(amount: Money) -> None:
    assert amount.said == money(amount, QLocale("en_US"))


def test_sums_of_many_currencies_do_not_make_the_page_wider(
    page: DisputesPage, shop: FakeShop, clock: FakeClock, until
):
    before = page.minimumSizeHint().width()
    coins = ("EUR", "USD", "GBP", "PLN", "CHF", "SEK", "NOK", "DKK", "JPY")
    shop.cases = tuple(
        a_row(number, a_dispute(f"dp_{coin}", amount=Money(123_456_789, coin)), clock.now())
        for number, coin in enumerate(coins)
    )
    page.refresh()
    until(lambda: page.list.model().rowCount() == len(coins))
    assert page.minimumSizeHint().width() == before
