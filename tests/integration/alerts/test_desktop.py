"""Pop-ups on a real session bus: what the desktop is told, and what comes back."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from app.alerts.chain import FirstThatWorks
from app.alerts.desktop import JeepneyNotifier
from app.alerts.notifier import Action
from app.alerts.plyer_notifier import PlyerNotifier
from app.domain.alert import Alert, Delivery
from tests.support.dbus_session import Bus, RecordedDesktop, recorded_desktop, session_bus
from tests.support.display import PopUps, pop_ups, screen, window_manager
from tests.support.processes import end, wait_until

pytestmark = pytest.mark.servers

_AT = datetime(2026, 11, 21, 9, tzinfo=UTC)


class _Heard:
    """Everything that a notifier reported, with the threads it came from."""

    def __init__(self) -> None:
        self.deliveries: list[tuple[str, Delivery]] = []
        self.actions: list[tuple[str, Action]] = []
        self.threads: set[str] = set()

    def delivered(self, alert: Alert, delivery: Delivery) -> None:
        self.threads.add(threading.current_thread().name)
        self.deliveries.append((alert.dedupe, delivery))

    def acted(self, alert: Alert, action: Action) -> None:
        self.actions.append((alert.dedupe, action))

    def wait_for(self, deliveries: int = 0, actions: int = 0) -> None:
        wait_until(lambda: len(self.deliveries) >= deliveries, what="the delivery")
        wait_until(lambda: len(self.actions) >= actions, what="the action")


def _alert(name: str = "a", *keys: str, body: str = "Ana Lima, #1042") -> Alert:
    return Alert(
        dedupe=name,
        issue_keys=keys or (f"i1_{name}",),
        title="Damaged item, 84.00 EUR",
        body=body,
        created_at=_AT,
    )


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bus]:
    with session_bus(tmp_path) as bus:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
        yield bus


@pytest.fixture
def desktop(bus: Bus) -> Iterator[RecordedDesktop]:
    with recorded_desktop(bus) as desktop:
        yield desktop


@pytest.fixture
def heard() -> _Heard:
    return _Heard()


@pytest.fixture
def notifier(heard: _Heard, bus: Bus) -> Iterator[JeepneyNotifier]:
    notifier = JeepneyNotifier(heard.acted, seconds=60)
    yield notifier
    notifier.stop()


def test_an_urgent_alert_stays_until_it_is_dealt_with_and_offers_three_actions(
    notifier: JeepneyNotifier, desktop: RecordedDesktop, heard: _Heard
) -> None:
    notifier.notify(_alert(), heard.delivered)
    heard.wait_for(deliveries=1)
    assert heard.deliveries == [("a", Delivery(shown=True, by="desktop"))]
    ((app, replaces, _icon, title, body, actions, hints, expires),) = desktop.notes()
    assert (app, replaces, expires) == ("Frontburner", 0, 0)
    assert (title, body) == ("Damaged item, 84.00 EUR", "Ana Lima, #1042")
    assert list(actions) == [
        "default",
        "Open it",
        "acknowledge",
        "Acknowledge",
        "snooze",
        "Snooze 1 h",
    ]
    assert hints["urgency"] == ("y", 2)


def test_text_from_a_mail_stays_text(
    notifier: JeepneyNotifier, desktop: RecordedDesktop, heard: _Heard
) -> None:
    """Case 61: markup is escaped, control and direction characters go, NUL does no harm."""
    evil = "--help <img src='file:///etc/hostname'> \x00\x1b[1m\u202egpj\ud800 & <b>\nsecond"
    notifier.notify(_alert(body=evil), heard.delivered)
    heard.wait_for(deliveries=1)
    body = desktop.notes()[0][4]
    assert body == "--help &lt;img src='file:///etc/hostname'&gt; [1mgpj &amp; &lt;b&gt;\nsecond"


def test_a_click_opens_its_issue_and_is_told_once(
    notifier: JeepneyNotifier, desktop: RecordedDesktop, heard: _Heard
) -> None:
    notifier.notify(_alert("a"), heard.delivered)
    notifier.notify(_alert("b"), heard.delivered)
    heard.wait_for(deliveries=2)
    desktop.click(2)
    desktop.close(2)
    desktop.click(1, "acknowledge")
    heard.wait_for(actions=2)
    assert heard.actions == [("b", Action.OPEN), ("a", Action.ACKNOWLEDGE)]


def test_closing_is_told_only_when_a_person_did_it(
    notifier: JeepneyNotifier, desktop: RecordedDesktop, heard: _Heard
) -> None:
    """One that went away by itself was perhaps never seen: it can still be clicked in a list."""
    notifier.notify(_alert("a"), heard.delivered)
    notifier.notify(_alert("b"), heard.delivered)
    heard.wait_for(deliveries=2)
    desktop.close(1, reason=1)
    desktop.close(2, reason=2)
    desktop.click(1)
    heard.wait_for(actions=2)
    assert heard.actions == [("b", Action.DISMISS), ("a", Action.OPEN)]


def test_one_issue_has_one_pop_up_and_all_bundles_share_one(
    notifier: JeepneyNotifier, desktop: RecordedDesktop, heard: _Heard
) -> None:
    for alert in (
        _alert("a", "i1_x"),
        _alert("b", "i1_x"),
        _alert("c", "i1_x", "i1_y"),
        _alert("d", "i1_x", "i1_y", "i1_z"),
    ):
        notifier.notify(alert, heard.delivered)
    heard.wait_for(deliveries=4)
    notes = desktop.notes()
    assert [note[1] for note in notes] == [0, 1, 0, 2]
    assert list(notes[3][5]) == ["default", "Open it"]


def test_an_issue_that_is_dealt_with_takes_its_pop_up_away(
    notifier: JeepneyNotifier, desktop: RecordedDesktop, heard: _Heard
) -> None:
    notifier.notify(_alert("a"), heard.delivered)
    heard.wait_for(deliveries=1)
    notifier.withdraw("i1_a")
    notifier.withdraw("i1_never_shown")
    wait_until(desktop.closed, what="the closing")
    assert desktop.closed() == [1]


def test_a_bundle_goes_with_the_last_of_its_issues(
    notifier: JeepneyNotifier, desktop: RecordedDesktop, heard: _Heard
) -> None:
    notifier.notify(_alert("a", "i1_x", "i1_y"), heard.delivered)
    heard.wait_for(deliveries=1)
    notifier.withdraw("i1_x")
    notifier.notify(_alert("b", "i1_z"), heard.delivered)
    heard.wait_for(deliveries=2)
    assert desktop.closed() == []
    notifier.withdraw("i1_y")
    wait_until(desktop.closed, what="the closing")
    assert desktop.closed() == [1]


def test_an_alert_that_is_over_goes_and_what_took_its_place_stays(
    notifier: JeepneyNotifier, desktop: RecordedDesktop, heard: _Heard
) -> None:
    """A newer card stands where the older one did; only who still stands there is taken away."""
    for name in ("a", "b"):
        notifier.notify(_alert(name, "i1_x", "i1_y"), heard.delivered)
    notifier.notify(_alert("c", "i1_z"), heard.delivered)
    heard.wait_for(deliveries=3)
    notifier.withdraw("a")
    notifier.withdraw("c")
    wait_until(desktop.closed, what="the closing")
    assert desktop.closed() == [2]


def test_a_desktop_without_markup_gets_the_text_as_it_is(
    notifier: JeepneyNotifier, bus: Bus, heard: _Heard
) -> None:
    with recorded_desktop(bus, capabilities="body") as desktop:
        notifier.notify(_alert(body="Cups & Co <info>"), heard.delivered)
        heard.wait_for(deliveries=1)
        note = desktop.notes()[0]
    assert note[4] == "Cups & Co <info>"
    assert not note[5]


def test_nobody_who_shows_pop_ups_is_found_out(
    notifier: JeepneyNotifier, bus: Bus, heard: _Heard
) -> None:
    """Case 120: no daemon at all; the alert is reported as not shown."""
    notifier.notify(_alert(), heard.delivered)
    heard.wait_for(deliveries=1)
    ((_, delivery),) = heard.deliveries
    assert not delivery.shown
    assert delivery.detail == "No program on this desktop shows pop-ups."


def test_no_session_bus_is_found_out(heard: _Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
    notifier = JeepneyNotifier(heard.acted)
    notifier.notify(_alert(), heard.delivered)
    heard.wait_for(deliveries=1)
    notifier.stop()
    assert not heard.deliveries[0][1].shown


def test_a_desktop_that_hangs_costs_its_time_and_never_the_caller(
    bus: Bus, heard: _Heard, desktop: RecordedDesktop
) -> None:
    """Case 120: SIGSTOP hangs a daemon: the caller is back at once, the alert is reported lost."""
    notifier = JeepneyNotifier(heard.acted, seconds=0.5)
    os.kill(desktop.process.pid, signal.SIGSTOP)
    notifier.notify(_alert(), heard.delivered)
    assert not heard.deliveries  # the caller is back while the daemon still hangs
    heard.wait_for(deliveries=1)
    os.kill(desktop.process.pid, signal.SIGCONT)
    notifier.stop()
    assert heard.deliveries[0][1] == Delivery(
        shown=False, by="", detail="The desktop did not answer in time."
    )
    assert heard.threads == {"alerts-desktop"}


@pytest.fixture
def busy(bus: Bus, heard: _Heard, desktop: RecordedDesktop) -> Iterator[JeepneyNotifier]:
    """A desktop that is busy signing in: it gets an alert about "b", and has not answered yet."""
    notifier = JeepneyNotifier(heard.acted, seconds=1)
    notifier.notify(_alert("a"), heard.delivered)
    heard.wait_for(deliveries=1)
    os.kill(desktop.process.pid, signal.SIGSTOP)
    notifier.notify(_alert("b"), heard.delivered)
    heard.wait_for(deliveries=2)
    yield notifier
    notifier.stop()


def test_what_a_slow_desktop_shows_late_can_be_clicked(
    busy: JeepneyNotifier, desktop: RecordedDesktop, heard: _Heard
) -> None:
    """It once came up all the same, and its buttons did nothing."""
    os.kill(desktop.process.pid, signal.SIGCONT)
    wait_until(lambda: len(desktop.notes()) == 2, what="it is shown")
    desktop.click(2, "acknowledge")
    heard.wait_for(actions=1)
    assert heard.actions == [("b", Action.ACKNOWLEDGE)]


def test_what_a_slow_desktop_shows_late_goes_if_it_is_over_by_then(
    busy: JeepneyNotifier, desktop: RecordedDesktop, heard: _Heard
) -> None:
    busy.withdraw("i1_b")
    os.kill(desktop.process.pid, signal.SIGCONT)
    wait_until(lambda: desktop.closed() == [2], what="it is taken away")


def test_a_slow_desktop_is_not_asked_in_another_way_too(
    bus: Bus, heard: _Heard, desktop: RecordedDesktop
) -> None:
    """Both would be on the screen when it wakes up."""
    announced: list[str] = []
    other = PlyerNotifier(announce=lambda title, _body: announced.append(title))
    chain = FirstThatWorks(JeepneyNotifier(heard.acted, seconds=1), other)
    chain.notify(_alert("a"), heard.delivered)
    heard.wait_for(deliveries=1)
    os.kill(desktop.process.pid, signal.SIGSTOP)
    chain.notify(_alert("b"), heard.delivered)
    heard.wait_for(deliveries=2)
    os.kill(desktop.process.pid, signal.SIGCONT)
    chain.stop()
    assert announced == []


def test_a_desktop_that_crashes_gives_its_pop_ups_back_and_a_new_one_is_used(
    notifier: JeepneyNotifier, bus: Bus, heard: _Heard
) -> None:
    with recorded_desktop(bus) as first:
        notifier.notify(_alert("a"), heard.delivered)
        heard.wait_for(deliveries=1)
        end(first.process)
        heard.wait_for(actions=1)
    assert heard.actions == [("a", Action.LOST)]
    with recorded_desktop(bus) as second:
        notifier.notify(_alert("b"), heard.delivered)
        heard.wait_for(deliveries=2)
        assert second.notes()[0][1] == 0
    assert heard.deliveries[1][1].shown


def _has(some: list[str], count: int) -> bool:
    return len(some) == count


def test_it_is_told_when_a_desktop_comes_that_shows_pop_ups(
    notifier: JeepneyNotifier, bus: Bus, heard: _Heard
) -> None:
    """After none was there, and after one crashed."""
    came: list[str] = []
    notifier.when_back(lambda: came.append("came"))
    notifier.notify(_alert("a"), heard.delivered)
    heard.wait_for(deliveries=1)
    assert not heard.deliveries[0][1].shown
    for count in (1, 2):
        with recorded_desktop(bus) as desktop:
            wait_until(partial(_has, came, count), what="it is told")
            notifier.notify(_alert("b"), heard.delivered)
            heard.wait_for(deliveries=count + 1)
            end(desktop.process)
            heard.wait_for(actions=count)


def test_a_bus_that_goes_away_is_found_again(
    heard: _Heard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Log out and in again: the pop-up is reported lost, the next alert is shown."""
    notifier = JeepneyNotifier(heard.acted, seconds=60)
    for round_, lost in (("a", 1), ("b", 2)):
        with session_bus(tmp_path) as bus, recorded_desktop(bus):
            monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
            notifier.notify(_alert(round_), heard.delivered)
            heard.wait_for(deliveries=lost)
            bus.stop()
            heard.wait_for(actions=lost)
    notifier.stop()
    assert [delivery.shown for _, delivery in heard.deliveries] == [True, True]
    assert heard.actions == [("a", Action.LOST), ("b", Action.LOST)]


def test_a_callback_that_fails_does_not_silence_the_next_alert(
    bus: Bus, desktop: RecordedDesktop, heard: _Heard, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(alert: Alert, delivery: Delivery) -> None:
        raise RuntimeError("a bug")

    notifier = JeepneyNotifier(heard.acted)
    notifier.notify(_alert("a"), fail)
    notifier.notify(_alert("b"), heard.delivered)
    heard.wait_for(deliveries=1)
    notifier.stop()
    assert len(desktop.notes()) == 2
    assert "a bug" in caplog.text


def test_every_alert_is_reported_even_when_it_ends_meanwhile(
    bus: Bus, desktop: RecordedDesktop, heard: _Heard
) -> None:
    """A hundred at once: the queue is bounded, and not one report is missing."""
    notifier = JeepneyNotifier(heard.acted)
    for number in range(100):
        notifier.notify(_alert(str(number)), heard.delivered)
    notifier.stop()
    notifier.notify(_alert("late"), heard.delivered)
    assert len(heard.deliveries) == 101
    assert len({name for name, _ in heard.deliveries}) == 101


def test_the_chain_says_that_nothing_was_shown(bus: Bus, heard: _Heard) -> None:
    """Neither a desktop nor, behind it, plyer: the report names both."""
    notifier = FirstThatWorks(JeepneyNotifier(heard.acted), PlyerNotifier())
    notifier.notify(_alert(), heard.delivered)
    heard.wait_for(deliveries=1)
    notifier.stop()
    ((_, delivery),) = heard.deliveries
    assert not delivery.shown
    assert delivery.detail.startswith("No program on this desktop shows pop-ups. ")


@pytest.fixture
def real(bus: Bus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PopUps]:
    with screen(width=640, height=480) as display, window_manager(display):
        monkeypatch.setenv("DISPLAY", display.name)
        with pop_ups(display, bus, tmp_path) as dunst:
            yield dunst


def test_a_real_click_on_a_real_pop_up_opens_the_issue(
    notifier: JeepneyNotifier, real: PopUps, heard: _Heard, tmp_path: Path
) -> None:
    notifier.notify(_alert(), heard.delivered)
    heard.wait_for(deliveries=1)
    wait_until(lambda: real.displayed() == 1, what="the pop-up")
    real.click()
    heard.wait_for(actions=1)
    assert heard.actions == [("a", Action.OPEN)]


def test_plyer_shows_options_and_markup_as_text(real: PopUps, heard: _Heard) -> None:
    """notify-send would print its help for "--help" and render <b>; the alert would be lost."""
    notifier = PlyerNotifier()
    alert = _alert(body="-u critical <b>now</b> & <img src='/etc/hostname'>")
    notifier.notify(alert, heard.delivered)
    heard.wait_for(deliveries=1)
    notifier.stop()
    wait_until(lambda: real.displayed() == 1, what="the pop-up")
    real.close_all()
    (note,) = real.history()
    assert note["summary"] == "Damaged item, 84.00 EUR"
    assert "–u critical" in note["message"]
    assert "&lt;b&gt;now&lt;/b&gt; &amp; &lt;img" in note["message"]
    assert heard.deliveries[0][1] == Delivery(
        shown=False,
        by="plyer",
        detail="Handed over; the desktop does not say whether it was shown.",
    )
