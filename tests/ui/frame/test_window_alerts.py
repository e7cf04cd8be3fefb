"""The window while something rings: its banner, what it lists, and what a click on it opens."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.alert import Alert, AlertLevel
from app.domain.changes import Changes
from app.domain.reply import OutboxState
from app.domain.views import View
from app.engine.client import Event
from app.ui.bridge import EngineBridge
from app.ui.main_window import MainWindow
from tests.support.ui_fakes import (
    NOW,
    FakeEngine,
    FakeShop,
    a_reply,
    a_row,
)
from tests.support.ui_frame import (
    StandInPages,
    button_of,
    current,
    said_in,
)


def test_an_unseen_alert_is_a_banner_until_somebody_opens_it(
    window: MainWindow, shop: FakeShop, bridge: EngineBridge, engine: FakeEngine,
    pages: StandInPages, until,
):  # fmt: skip
    alert = Alert(id=7, dedupe="x", issue_keys=(a_row(5).key,), title="Birthday on Saturday",
                  body="Inès Itô, #10174", created_at=NOW)  # fmt: skip
    shop.alerts = (alert,)
    bridge.publish(Changes(alerts=frozenset({7})))
    until(lambda: window.banners.names == ("now alert 7",))
    button_of(window.banners, "Open it").click()
    until(lambda: pages.panel.keys[-1:] == [a_row(5).key])
    assert window.banners.names == ()
    until(lambda: ("alert_seen", {"id": 7}) in engine.asked)


def test_a_storm_is_one_banner_that_shows_its_issues(
    window: MainWindow, shop: FakeShop, bridge: EngineBridge, until
):
    keys = tuple(a_row(number).key for number in (2, 5, 7))
    shop.alerts = (
        Alert(id=8, dedupe="s", issue_keys=keys, title="3 write the same", body="", created_at=NOW),
    )
    bridge.publish(Changes(alerts=frozenset({8})))
    until(lambda: window.banners.names == ("now alert 8",))
    button_of(window.banners, "Show them").click()
    until(lambda: list(window.bench.inbox.model.ids) == [2, 5, 7])


@pytest.mark.parametrize("number", [1, 2])
def test_the_issues_of_an_alert_are_listed_in_front_of_the_page_that_connects_a_mailbox(
    window: MainWindow, shop: FakeShop, bridge: EngineBridge, until, number: int
):
    """A card of three issues, and the banner that gathers several alerts."""
    keys = tuple(a_row(number).key for number in (2, 5, 7))
    card = Alert(id=8, dedupe="s", issue_keys=keys, title="3 new", body="Ben", created_at=NOW)
    again = replace(card, id=9, dedupe="t", issue_keys=keys[:1], title="Late")
    shop.alerts = (card, again)[:number]
    bridge.publish(Changes(alerts=frozenset({8, 9})))
    until(lambda: bool(window.banners.names))
    window._show_connect()
    button_of(window.banners, "Show them").click()
    assert window.stack.currentWidget() is window.bench
    until(lambda: list(window.bench.inbox.model.ids) == [2, 5, 7])


def test_the_loudest_banner_is_shown_and_the_rest_is_counted(
    window: MainWindow, shop: FakeShop, bridge: EngineBridge, until
):
    shop.replies = (a_reply(3, state=OutboxState.FAILED, error="550 no such user"),)
    shop.alerts = (
        Alert(id=9, dedupe="d", issue_keys=(a_row(1).key,), title="Dispute", body="",
              created_at=NOW),
    )  # fmt: skip
    bridge.publish(Changes(alerts=frozenset({9})))
    until(lambda: len(window.banners.names) == 2)
    until(lambda: "Dispute" in said_in(window.banners))
    assert not any("refused by the server" in text for text in said_in(window.banners))
    button_of(window.banners, "1 more").click()
    until(lambda: any("refused by the server" in text for text in said_in(window.banners)))


def test_a_click_on_a_pop_up_opens_its_issue(
    window: MainWindow, engine: FakeEngine, pages: StandInPages, until
):
    engine.say(Event(kind="open", data={"key": a_row(6).key}))
    until(lambda: pages.panel.keys[-1:] == [a_row(6).key])
    assert current(window) == 6


def test_a_bundled_alert_has_two_lines(
    window: MainWindow, shop: FakeShop, bridge: EngineBridge, until
):
    keys = (a_row(1).key, a_row(2).key)
    body = "Anna Adler, Dispute\nJonas Weber, Site\nand 2 more"
    shop.alerts = (
        Alert(id=9, dedupe="x", issue_keys=keys, title="4 new urgent", body=body, created_at=NOW),
    )
    bridge.publish(Changes(alerts=frozenset({9})))
    until(lambda: bool(window.banners.names))
    until(lambda: "Jonas Weber, Site · and 2 more" in said_in(window.banners))
    assert "Anna Adler, Dispute" in said_in(window.banners)


def test_the_card_of_a_first_reading_leads_to_all_that_is_open(
    window: MainWindow, shop: FakeShop, bridge: EngineBridge, until
):
    """One click to the list; its number is the list's."""
    window.bench.go(View.WAITING)
    keys = (a_row(1).key, a_row(2).key)
    name, title = "first-reading/2026", "9 need you, 2 of them today"
    level = AlertLevel.NOTICE
    shop.alerts = (
        Alert(
            id=9, dedupe=name, issue_keys=keys, title=title, body="", created_at=NOW, level=level
        ),
    )
    bridge.publish(Changes(alerts=frozenset({9})))
    until(lambda: title in said_in(window.banners))
    button_of(window.banners, "Show them").click()
    assert window.bench.sidebar.views.current == View.OPEN
    until(lambda: not window.banners.names)
