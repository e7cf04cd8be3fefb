"""Medians that do not forget what is still open."""

from __future__ import annotations

from datetime import timedelta
from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from app.domain.figures import spread


def hours(*lengths: float) -> list[timedelta]:
    return [timedelta(hours=one) for one in lengths]


def test_nothing_open_gives_the_plain_median():
    """Of an even number, between the two in the middle; nine of ten are under the ninth."""
    found = spread(hours(1, 2, 3, 10), [])
    assert found.median == timedelta(hours=2.5)
    assert found.p90 == timedelta(hours=10)


def test_what_is_open_counts_as_longer_than_so_far():
    """Half of the mails unanswered for a day: the median cannot be the quick ones' median."""
    found = spread(hours(1, 1, 1, 2), hours(24, 24, 24, 24))
    assert found.median == timedelta(hours=2)
    assert spread(hours(1, 1, 1), hours(24, 24, 24, 24)).median is None


def test_a_single_open_one_is_never_left_out():
    """91 of a hundred took one to 91 hours, nine are open since a month: nine of ten stay under
    ninety hours, not under 82, and the middle one is the fiftieth."""
    found = spread(hours(*range(1, 92)), hours(*[720] * 9))
    assert found.p90 == timedelta(hours=90)
    assert found.median == timedelta(hours=50.5)


def test_an_open_one_that_has_not_lasted_yet_moves_nothing():
    """The median of few is the same before and after a mail came a minute ago."""
    assert spread(hours(1, 3), []).median == timedelta(hours=2)
    assert spread(hours(1, 3), hours(0)).median == timedelta(hours=2)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=200))
def test_with_none_open_it_is_the_plain_median_and_the_plain_ninth_tenth(lengths):
    ordered = sorted(lengths)
    found = spread([timedelta(minutes=one) for one in lengths], [])
    assert found.median == timedelta(minutes=median(lengths))
    assert found.p90 == timedelta(minutes=ordered[-(-len(ordered) * 9 // 10) - 1])


def test_a_known_survival_table():
    """Kaplan and Meier by hand: of seven, three end at 6 (4/7 last), one of the three left at 7."""
    # at 6 three of 7 end: 4/7; at 7 one of 3: 4/7 * 2/3 = 0.381
    found = spread(hours(6, 6, 6, 7, 10), hours(6, 9))
    assert found.median == timedelta(hours=7)


def test_of_nothing_nothing_is_known():
    """No figure instead of a zero."""
    assert spread([], []).median is None
    assert spread([], hours(5)).median is None


@given(
    st.lists(st.integers(0, 1000), min_size=1, max_size=40),
    st.lists(st.integers(0, 1000), max_size=40),
)
def test_opening_some_never_makes_it_quicker(over, still_open):
    """Adding unfinished ones that have lasted longer than all finished never lowers the median."""
    before = spread([timedelta(minutes=one) for one in over], [])
    longer = [timedelta(minutes=max(over) + one) for one in still_open]
    after = spread([timedelta(minutes=one) for one in over], longer)
    assert before.median is not None
    lower = timedelta(minutes=sorted(over)[(len(over) - 1) // 2])
    assert after.median is None or after.median >= lower
    if len(longer) > len(over):
        assert after.median is None
