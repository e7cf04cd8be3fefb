"""The bridge: verbs go out in order, answers arrive in Qt's thread, changes arrive bundled."""

from __future__ import annotations

import threading
import time
from functools import partial

import pytest
import shiboken6
from PySide6.QtCore import QObject, Signal

from app.domain.changes import Changes
from app.domain.errors import EngineLost, KnownError
from app.engine.client import Event
from app.ui.bridge import EngineBridge
from tests.support.ui_fakes import FakeEngine, a_failure, a_row


def test_answers_arrive_in_qts_thread(bridge: EngineBridge, until):
    heard: list[int] = []
    bridge.start()
    bridge.run("status", then=lambda _: heard.append(threading.get_ident()))
    until(lambda: bool(heard))
    assert heard == [threading.get_ident()]


def test_quick_verbs_are_done_in_the_order_of_asking(
    bridge: EngineBridge, engine: FakeEngine, until
):
    for number in range(20):
        bridge.run("alert_seen", id=number)
    bridge.start()
    until(lambda: len(engine.asked) == 20)
    assert [args["id"] for _, args in engine.asked] == list(range(20))


def _holding(engine: FakeEngine, held_verb: str) -> tuple[threading.Event, list[str]]:
    """Have an engine wait with one verb until the event; the list fills with what it has done."""
    held, calls = threading.Event(), list[str]()
    answer = engine.call

    def call(verb, **args):
        if verb == held_verb:
            held.wait(60)
        calls.append(verb)
        return answer(verb, **args)

    engine.call = call  # type: ignore[method-assign]
    return held, calls


@pytest.mark.parametrize("slow", ["account_test", "evidence", "add_evidence", "packet"])
def test_a_slow_verb_does_not_stand_in_the_way_of_a_quick_one(
    bridge: EngineBridge, engine: FakeEngine, until, slow: str
):
    held, calls = _holding(engine, slow)
    bridge.start()
    bridge.run(slow, name="Shop")
    bridge.run("seen", key=a_row(1).key)
    until(lambda: calls == ["seen"])
    held.set()
    until(lambda: calls == ["seen", slow])


def test_a_packet_that_is_written_keeps_no_mail_from_being_shown(
    bridge: EngineBridge, engine: FakeEngine, until
):
    """Twenty photos take half a minute."""
    held, calls = _holding(engine, "packet")
    bridge.start()
    bridge.run("packet", key="i1")
    bridge.run("html", message=1)
    until(lambda: calls == ["html"])
    held.set()
    until(lambda: calls == ["html", "packet"])


def test_a_verb_that_waits_for_a_person_stands_in_nobodys_way(
    bridge: EngineBridge, engine: FakeEngine, until
):
    """Two sign-ins in the browser, and a mail is opened meanwhile."""
    held, calls = _holding(engine, "account_oauth_finish")
    bridge.start()
    bridge.run("account_oauth_finish", sign_in="a")
    bridge.run("account_oauth_finish", sign_in="b")
    bridge.run("html", message=1)
    until(lambda: calls == ["html"])
    held.set()
    until(lambda: len(calls) == 3)


@pytest.mark.parametrize("verb", ["export", "import", "backup", "customer_export"])
def test_what_writes_for_minutes_stands_in_nobodys_way(
    bridge: EngineBridge, engine: FakeEngine, until, verb: str
):
    """While everything is taken out, a mail is opened, an issue is looked at, figures are read."""
    held, calls = _holding(engine, verb)
    bridge.start()
    bridge.run(verb)
    for other in ("html", "seen", "report"):
        bridge.run(other)
    until(lambda: set(calls) == {"html", "seen", "report"})
    held.set()
    until(lambda: verb in calls)


@pytest.mark.parametrize(
    "verb", ["account_add", "account_set", "account_test", "account_sign_in", "account_remove"]
)
def test_a_server_that_says_nothing_keeps_no_mail_from_being_read_or_answered(
    bridge: EngineBridge, engine: FakeEngine, until, verb: str
):
    """Connecting waits for it up to two minutes."""
    held, calls = _holding(engine, verb)
    bridge.start()
    bridge.run(verb, name="Shop")
    for other in ("html", "send_reply"):
        bridge.run(other)
    until(lambda: set(calls) == {"html", "send_reply"})
    held.set()
    until(lambda: verb in calls)


def _note(answered: list[int], number: int, _answer: object) -> None:
    answered.append(number)


@pytest.mark.parametrize("verb", ["report", "simulate"])
def test_figures_that_are_counted_keep_nobody_waiting(
    bridge: EngineBridge, engine: FakeEngine, until, verb: str
):
    """A click is done meanwhile, and a mail opened; figures come in the order of asking."""
    held, calls = _holding(engine, verb)
    bridge.start()
    answered: list[int] = []
    for number in range(3):
        bridge.run(verb, then=partial(_note, answered, number))
    bridge.run("seen", key=a_row(1).key)
    bridge.run("html", message=1)
    until(lambda: set(calls) == {"seen", "html"})
    held.set()
    until(lambda: answered == [0, 1, 2])


def test_an_error_goes_to_who_asked_or_else_to_everybody(
    bridge: EngineBridge, engine: FakeEngine, until
):
    engine.refuse = {"resolve": a_failure(), "snooze": a_failure()}
    beside: list[KnownError] = []
    everybody: list[KnownError] = []
    bridge.failed.connect(everybody.append)
    bridge.start()
    bridge.run("resolve", failed=beside.append, key="x")
    bridge.run("snooze", key="x")
    until(lambda: bool(everybody))
    assert (len(beside), len(everybody)) == (1, 1)


def test_a_bug_is_told_to_the_door_and_as_a_sentence_to_who_asked(
    bridge: EngineBridge, engine: FakeEngine, until
):
    engine.refuse = {"resolve": ZeroDivisionError("ours")}
    bugs: list[Exception] = []
    beside: list[KnownError] = []
    bridge.broke.connect(bugs.append)
    bridge.start()
    bridge.run("resolve", failed=beside.append, key="x")
    until(lambda: bool(beside))
    assert isinstance(bugs[0], ZeroDivisionError)
    assert isinstance(beside[0], KnownError)


def test_five_thousand_changes_become_a_few_refreshes_and_none_is_lost(bridge: EngineBridge, until):
    heard: list[Changes] = []
    bridge.changed.connect(heard.append)

    def publish() -> None:
        for number in range(5000):
            bridge.publish(Changes.of_issues([f"i{number}"]))

    thread = threading.Thread(target=publish)
    thread.start()
    until(lambda: len(frozenset().union(*(each.issues for each in heard))) == 5000)
    thread.join()
    assert len(heard) < 50


def test_the_answers_changes_are_published(bridge: EngineBridge, until):
    heard: list[Changes] = []
    bridge.changed.connect(heard.append)
    bridge.start()
    bridge.run("acknowledge", key=a_row(4).key)
    until(lambda: bool(heard))
    assert a_row(4).key in heard[0].issues


def test_a_callback_of_a_widget_that_is_gone_is_dropped(
    bridge: EngineBridge, engine: FakeEngine, until
):
    """Its method, its method with more to it, and a function that it made."""

    class Page(QObject):
        taken = Signal(str)

        def take(self, *_anything: object) -> None:
            raise AssertionError("nobody is there")

        def ask(self) -> None:
            bridge.run("status", then=self.take)
            bridge.run("status", then=partial(self.take, "more"))
            bridge.run("status", then=lambda _: self.taken.emit("an answer"))

    page = Page()
    page.ask()
    shiboken6.delete(page)
    bridge.start()
    done: list[bool] = []
    bridge.run("status", then=lambda _: done.append(True))
    until(lambda: bool(done))


def test_events_become_what_the_window_listens_to(bridge: EngineBridge, engine: FakeEngine, until):
    heard: list[str] = []
    bridge.opened.connect(heard.append)
    bridge.progress.connect(lambda data: heard.append(data["folder"]))
    bridge.engine_lost.connect(lambda: heard.append("lost"))
    bridge.engine_back.connect(lambda: heard.append("back"))
    bridge.start()
    for event in (
        Event(kind="open", data={"key": "i1_x"}),
        Event(kind="progress", data={"folder": "INBOX"}),
        Event(kind="lost"),
        Event(kind="lost"),
        Event(kind="back"),
    ):
        engine.say(event)
    until(lambda: heard.count("back") == 2)
    assert heard == ["back", "i1_x", "INBOX", "lost", "back"]


def test_too_much_at_once_is_refused_not_piled_up(bridge: EngineBridge):
    refused: list[KnownError] = []
    for _ in range(300):
        bridge.run("status", failed=refused.append)
    assert len(refused) == 300 - 256
    assert refused[0].title == "Frontburner is busy"


def _ask_behind_a_held_engine(bridge: EngineBridge, engine: FakeEngine, until) -> threading.Event:
    """The engine has taken one verb and does not answer; three more wait for their turn."""
    held, taken, answer = threading.Event(), threading.Event(), engine.call

    def call(verb, **args):
        taken.set()
        held.wait(60)
        return answer(verb, **args)

    engine.call = call  # type: ignore[method-assign]
    bridge.start()
    bridge.run("seen", key=a_row(1).key)
    until(taken.is_set)
    bridge.run("save_draft", key=a_row(1).key, body="Dear Ma")
    bridge.run("templates", key=a_row(1).key)
    bridge.run("save_draft", key=a_row(1).key, body="Dear Maya")
    return held


def test_what_waits_for_its_turn_is_done_before_the_bridge_stops(
    bridge: EngineBridge, engine: FakeEngine, until
):
    """What only reads is left out: nobody sees the answer."""
    held = _ask_behind_a_held_engine(bridge, engine, until)
    threading.Timer(0.3, held.set).start()
    bridge.stop()
    assert engine.verbs() == ["seen", "save_draft", "save_draft"]
    assert engine.asked[-1][1]["body"] == "Dear Maya"


def test_an_engine_that_never_answers_holds_a_closing_window_up_for_a_bounded_time(
    bridge: EngineBridge, engine: FakeEngine, until
):
    held = _ask_behind_a_held_engine(bridge, engine, until)
    began = time.monotonic()
    bridge.stop(seconds=0.3)
    assert time.monotonic() - began < 20  # of the sixty that it would take
    held.set()


def test_a_draft_is_asked_for_again_when_the_engine_goes_away_while_the_window_closes(
    bridge: EngineBridge, engine: FakeEngine, until
):
    taken, lost, answer = threading.Event(), [EngineLost("The engine went away")] * 2, engine.call

    def call(verb, **args):
        taken.set()
        time.sleep(0.1)
        if lost:
            raise lost.pop()
        return answer(verb, **args)

    engine.call = call  # type: ignore[method-assign]
    bridge.start()
    bridge.run("save_draft", key=a_row(1).key, body="Dear Maya")
    until(taken.is_set)
    bridge.stop()
    assert engine.verbs() == ["save_draft"]
