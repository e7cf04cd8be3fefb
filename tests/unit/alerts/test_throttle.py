"""Which issues ring: once, few, and never for what is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.alerts.throttle import (
    BUNDLE_REST,
    MOST_IN_WINDOW,
    WINDOW,
    Candidate,
    Decision,
    Ring,
    Rung,
    decide,
)
from app.domain.assessment import Priority

_NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


def _issue(
    key: str = "i1_a",
    *,
    wants_alert: bool = True,
    priority: Priority = Priority.P2,
    news_at: datetime = _NOW,
    rang_at: datetime | None = None,
    calmed: bool = False,
    history: bool = False,
    score: int = 0,
) -> Candidate[str]:
    return Candidate(
        key=key,
        wants_alert=wants_alert,
        priority=priority,
        news_at=news_at,
        facts=key,
        rang_at=rang_at,
        calmed=calmed,
        history=history,
        score=score,
    )


def _issues(count: int, start: int = 0) -> list[Candidate[str]]:
    return [_issue(f"i1_{number}") for number in range(start, start + count)]


def _rings(*issues: Candidate[str], recent: tuple[Rung, ...] = ()) -> tuple[Ring[str], ...]:
    return decide(issues, recent=recent, now=_NOW).rings


def test_an_assessment_that_asks_for_it_rings_and_so_does_p1() -> None:
    assert _rings(_issue())
    assert _rings(_issue(wants_alert=False, priority=Priority.P1))
    assert not _rings(_issue(wants_alert=False, priority=Priority.P2))


def test_history_never_rings() -> None:
    assert not _rings(_issue(priority=Priority.P1, history=True))


def test_a_person_who_calmed_it_is_obeyed() -> None:
    assert not _rings(_issue(priority=Priority.P1, calmed=True))


@pytest.mark.parametrize(("rang", "rings"), [(-1, True), (0, False), (1, False)])
def test_an_issue_rings_again_only_for_something_newer(rang: int, rings: bool) -> None:
    assert bool(_rings(_issue(rang_at=_NOW + rang * _SECOND))) is rings


def test_the_same_news_has_the_same_name_and_other_news_another() -> None:
    """The name is unique where alerts are kept: after a crash nothing rings twice."""
    (first,), (again,) = _rings(_issue()), _rings(_issue(score=9))
    (other,) = _rings(_issue(news_at=_NOW + _SECOND))
    assert first.dedupe == again.dedupe != other.dedupe
    assert _rings(*_issues(5))[0].dedupe == _rings(*reversed(_issues(5)))[0].dedupe


def test_up_to_three_ring_each_for_itself_the_worst_first() -> None:
    rings = _rings(
        _issue("c", score=10),
        _issue("b", score=90),
        _issue("a", priority=Priority.P1),
    )
    assert [ring.keys for ring in rings] == [("a",), ("b",), ("c",)]
    assert not any(ring.bundle for ring in rings)


def test_more_than_three_at_once_are_one_card() -> None:
    (ring,) = _rings(*_issues(5))
    assert ring.bundle
    assert len(ring.issues) == 5


def test_the_fourth_within_a_minute_becomes_a_card_with_those_before() -> None:
    recent = tuple(Rung(at=_NOW - 10 * _SECOND, keys=(f"i1_{number}",)) for number in range(3))
    (ring,) = _rings(_issue("i1_9"), recent=recent)
    assert ring.bundle
    assert ring.keys == ("i1_9", "i1_0", "i1_1", "i1_2")


def test_after_a_minute_issues_ring_for_themselves_again() -> None:
    recent = tuple(Rung(at=_NOW - WINDOW, keys=(f"i1_{number}",)) for number in range(3))
    (ring,) = _rings(_issue("i1_9"), recent=recent)
    assert not ring.bundle


def test_a_card_rests_before_it_changes_and_nothing_is_lost_meanwhile() -> None:
    card = Rung(at=_NOW - 5 * _SECOND, keys=("i1_a", "i1_b", "i1_c", "i1_d"))
    issue = _issue("i1_e")
    held = decide([issue], recent=[card], now=_NOW)
    assert held.rings == ()
    assert held.held == (issue,)
    assert held.again_at == card.at + BUNDLE_REST
    (ring,) = decide([issue], recent=[card], now=held.again_at).rings
    assert ring.keys == ("i1_e", "i1_a", "i1_b", "i1_c", "i1_d")


def test_nothing_to_ring_for_is_nothing() -> None:
    decision: Decision[str] = decide([], recent=[Rung(at=_NOW, keys=("a", "b"))], now=_NOW)
    assert (decision.rings, decision.held, decision.again_at) == ((), (), None)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 600), st.integers(0, 40)), max_size=80))
def test_in_any_storm_every_issue_rings_and_pop_ups_stay_few(
    storm: list[tuple[int, int]],
) -> None:
    """Mails for 40 issues over ten minutes, looked at every second: each mail is rung for, and no
    minute has more than three single pop-ups and a card every 20 s."""
    arrivals = {(second, f"i1_{key}") for second, key in storm}
    news: dict[str, datetime] = {}
    rang: dict[str, datetime] = {}
    rungs: list[Rung] = []
    for second in range(700):
        now = _NOW + second * _SECOND
        news |= {key: now for at, key in arrivals if at == second}
        offered = [
            _issue(key, news_at=at, rang_at=rang.get(key)) for key, at in sorted(news.items())
        ]
        for ring in decide(offered, recent=rungs, now=now).rings:
            rungs.append(Rung(at=now, keys=ring.keys))
            rang |= {issue.key: now for issue in ring.issues}
    assert all(rang[key] >= at for key, at in news.items())
    for rung in rungs:
        minute = [other for other in rungs if timedelta(0) <= other.at - rung.at < WINDOW]
        assert len([one for one in minute if not one.is_bundle]) <= MOST_IN_WINDOW
        assert len([one for one in minute if one.is_bundle]) <= WINDOW / BUNDLE_REST
