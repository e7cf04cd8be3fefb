"""Deeds: shown at once, done by the engine, taken back with one key."""

from __future__ import annotations

import threading

import pytest

from app.domain.assessment import Kind
from app.domain.clock import rfc3339
from app.domain.errors import KnownError
from app.domain.journal import State
from app.domain.views import View
from app.ui.bridge import EngineBridge
from app.ui.inbox.deeds import Deed, Deeds, foreseen, leaves
from tests.support.ui_fakes import NOW, FakeEngine, FakeShop, a_failure, a_row


@pytest.fixture
def deeds(bridge: EngineBridge) -> Deeds:
    bridge.start()
    return Deeds(bridge)


def test_a_deed_is_told_before_the_engine_has_done_it(deeds: Deeds, engine: FakeEngine, until):
    engine.hold = threading.Event()
    told: list[Deed] = []
    deeds.begun.connect(told.append)
    deeds.perform("resolve", a_row(4), now=NOW)
    assert [deed.said for deed in told] == ["Done: Mug 4 arrived smashed"]
    assert engine.asked == []
    engine.hold.set()
    until(lambda: engine.verbs() == ["resolve"])


def test_undo_takes_back_the_newest_first(deeds: Deeds, engine: FakeEngine, shop: FakeShop, until):
    first, second = (deeds.perform("resolve", a_row(n), now=NOW) for n in (4, 5))
    until(lambda: bool(first.entry and second.entry))
    assert deeds.undo() is second
    until(lambda: shop.row(a_row(5).key).state is State.NEW)
    assert shop.row(a_row(4).key).state is State.RESOLVED
    assert deeds.undo() is first
    assert deeds.undo() is None


def test_undo_before_the_engine_has_answered_is_kept_until_it_has(
    deeds: Deeds, engine: FakeEngine, shop: FakeShop, until
):
    engine.hold = threading.Event()
    deeds.perform("resolve", a_row(4), now=NOW)
    deeds.undo()
    engine.hold.set()
    until(lambda: engine.verbs() == ["resolve", "undo"])
    assert shop.row(a_row(4).key).state is State.NEW


def test_a_deed_waits_until_the_engine_has_answered_all_of_it(
    deeds: Deeds, engine: FakeEngine, until
):
    """Undo included; who is told that it begins knows it already."""
    engine.hold = threading.Event()
    told: list[bool] = []
    deeds.begun.connect(lambda deed: told.append(deed.waits))
    deeds.taken_back.connect(lambda deed: told.append(deed.waits))
    done = deeds.perform("resolve", a_row(5), now=NOW)
    deed = deeds.perform("resolve", a_row(4), now=NOW)
    deeds.undo()
    engine.hold.set()
    until(lambda: not done.waits)
    until(lambda: engine.verbs() == ["resolve", "resolve", "undo"])
    until(lambda: not deed.waits)
    deeds.undo()
    assert told == [True] * 4
    until(lambda: not done.waits)


def test_a_refused_deed_waits_no_more(deeds: Deeds, engine: FakeEngine, until):
    engine.refuse = {"resolve": a_failure()}
    refused: list[Deed] = []
    deeds.refused.connect(lambda deed, _error: refused.append(deed))
    deeds.perform("resolve", a_row(4), now=NOW)
    until(lambda: [deed.waits for deed in refused] == [False])


def test_a_refused_deed_is_told_and_cannot_be_undone(deeds: Deeds, engine: FakeEngine, until):
    engine.refuse = {"resolve": a_failure()}
    refused: list[KnownError] = []
    deeds.refused.connect(lambda _deed, error: refused.append(error))
    deeds.perform("resolve", a_row(4), now=NOW)
    until(lambda: bool(refused))
    assert deeds.undo() is None


def test_a_snooze_says_until_when(deeds: Deeds):
    until_when = NOW.replace(hour=17)
    deed = deeds.perform("snooze", a_row(4), now=NOW, until=rfc3339(until_when))
    assert deed.said.startswith("Snoozed until today")


def test_a_long_subject_is_cut_in_the_toast(deeds: Deeds):
    deed = deeds.perform("resolve", a_row(4, subject="mug " * 40), now=NOW)
    assert len(deed.said) < 60


@pytest.mark.parametrize(
    ("verb", "args", "stays_in", "leaves_from"),
    [
        ("resolve", {}, (View.DONE, View.ALL), (View.OPEN, View.URGENT, Kind.DAMAGED)),
        ("snooze", {"until": "2026-11-18T09:00:00Z"}, (View.SNOOZED,), (View.OPEN, View.WAITING)),
        ("acknowledge", {}, (View.OPEN, View.URGENT, Kind.DAMAGED), (View.WAITING,)),
        ("override", {"kind": "late"}, (View.OPEN, Kind.LATE), (Kind.DAMAGED,)),
        ("override", {"kind": "not_an_issue"}, (View.NOISE,), (View.OPEN, Kind.DAMAGED)),
        ("reopen", {}, (View.OPEN,), (View.DONE, View.SNOOZED)),
    ],
)
def test_it_is_foreseen_which_views_an_issue_leaves(verb, args, stays_in, leaves_from):
    row = foreseen(Deed(verb, a_row(4), args), a_row(4))
    assert not any(leaves(view, row) for view in stays_in)
    assert all(leaves(view, row) for view in leaves_from)


def test_what_an_override_taught_is_told_of_the_newest_deed(
    deeds: Deeds, engine: FakeEngine, until
):
    """Asked for once the engine has answered; an older deed's word comes too late."""
    engine.answers["lesson"] = {"known": True, "learnt": True, "similar": 2}
    told: list[tuple[Deed, str]] = []
    deeds.learnt.connect(lambda deed, words: told.append((deed, words)))
    deed = deeds.perform("override", a_row(4), now=NOW, kind="not_an_issue")
    until(lambda: bool(told))
    assert told == [(deed, "2 similar mails will be sorted like this.")]
    deeds.perform("resolve", a_row(5), now=NOW)
    deeds.taught(deed.entry, "too late")
    assert len(told) == 1
