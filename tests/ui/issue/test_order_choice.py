"""Which order an issue is about, as the window says it and lets somebody correct it."""

from __future__ import annotations

from dataclasses import replace

from app.domain.order import Order, OrderLink
from app.ui.issue.order_choice import link_words
from tests.support import ui_issue_fakes as fakes

LINK = OrderLink(
    number="OW-10227",
    because=("the address that wrote bought it", "“Mugs” is in it"),
    points=9,
    runner_up="OW-10101",
)


def another() -> Order:
    """Another order of the same customer."""
    return replace(fakes.order(), number="OW-10101", platform_id="2")


def test_the_panel_says_why_it_is_this_order(panel_of):
    """The reasons, and the next likely order."""
    choice = panel_of(fakes.issue(order_link=LINK)).page.order.choice
    assert choice.why.text() == (
        "Linked because the address that wrote bought it and “Mugs” is in it. Or perhaps OW-10101."
    )


def test_another_order_is_two_clicks_away_and_can_be_taken_back(panel_of, asked, qtbot):
    """Not this order? -> the other one; the engine is asked once, for this very order and not for
    its number, which another shop may have given too, and the toast can undo."""
    panel = panel_of(fakes.issue(order_link=LINK, other_orders=(another(),)))
    asked.answers["link_order"] = {"changes": {}, "entry": "e9"}
    choice = panel.page.order.choice
    assert [action.text().split(" · ")[0] for action in choice.menu.actions()] == [
        "OW-10101",
        "About no order",
    ]
    with qtbot.waitSignal(panel.decided) as told:
        choice.menu.actions()[0].trigger()
    assert ("link_order", {"key": fakes.KEY, "number": another().atom}) in asked.asked
    assert told.args == ["It is about order OW-10101", "e9"]


def test_a_pick_is_said_to_be_one():
    """No reasons of the machine's are given for what a person decided."""
    assert link_words(replace(LINK, by_person=True)) == "You picked this order."


def test_without_a_linked_order_the_customers_orders_are_offered(panel_of):
    """A strip that opens the menu stands where the order would be folded."""
    row = fakes.row(order_number="", order_total=None)
    side = panel_of(fakes.issue(row=row, order=None, other_orders=(another(),))).page.order
    assert side.strip.text() == "Which order is it about?"
    assert side.strip.isVisibleTo(side.strip.parentWidget())
    assert len(side.choice.menu.actions()) == 1


def test_without_any_order_nothing_is_asked(panel_of):
    """No strip and no slip for a customer who never bought anything."""
    row = fakes.row(order_number="", order_total=None)
    side = panel_of(fakes.issue(row=row, order=None)).page.order
    assert side.strip.isHidden()
    assert side.paper.isHidden()
