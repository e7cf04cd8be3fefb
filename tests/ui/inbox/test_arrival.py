"""Arrival: a list that is looked at does not move by itself."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.ui.inbox.arrival import as_left, compare


def test_what_is_new_waits():
    arrival = compare([1, 2, 3], [9, 1, 2, 3], changed=[9], own=[])
    assert (arrival.new, arrival.is_quiet) == (1, False)
    assert tuple(arrival.meanwhile) == (1, 2, 3)
    assert arrival.text == "1 new"


def test_what_left_goes_at_once():
    arrival = compare([1, 2, 3], [1, 3], changed=[2], own=[])
    assert arrival.is_quiet
    assert tuple(arrival.meanwhile) == (1, 3)


def test_an_issue_that_became_worse_waits_where_it_stands_and_is_told():
    arrival = compare([1, 2, 3], [3, 1, 2], changed=[3], own=[])
    assert arrival.text == "1 moved up"
    assert tuple(arrival.meanwhile) == (1, 2, 3)


def test_new_and_lifted_are_told_together():
    arrival = compare([1, 2, 3], [8, 9, 3, 1, 2], changed=[3, 8, 9], own=[])
    assert arrival.text == "2 new, 1 moved up"


def test_what_the_owner_took_back_stands_at_once_where_it_belongs():
    arrival = compare([1, 3], [1, 2, 3], changed=[2], own=[2])
    assert arrival.is_quiet
    assert tuple(arrival.meanwhile) == (1, 2, 3)


def test_what_the_owner_took_back_goes_behind_the_one_before_it_though_others_wait():
    arrival = compare([1, 3], [9, 1, 8, 2, 3], changed=[2, 8, 9], own=[2])
    assert tuple(arrival.meanwhile) == (1, 2, 3)
    assert arrival.new == 2


numbers = st.lists(st.integers(1, 30), unique=True, max_size=20)


@given(listed=numbers, wanted=numbers, own=st.sets(st.integers(1, 30), max_size=4))
def test_meanwhile_holds_what_stays_and_nothing_that_waits(listed, wanted, own):
    arrival = compare(listed, wanted, changed=[*listed, *wanted], own=own)
    meanwhile = set(arrival.meanwhile)
    assert len(meanwhile) == len(arrival.meanwhile)
    assert meanwhile == (set(listed) & set(wanted) - own) | (own & set(wanted))
    assert arrival.new == len(set(wanted) - meanwhile)


@given(listed=numbers, wanted=numbers, held=st.frozensets(st.integers(0, 30)))
def test_what_is_held_is_listed_as_it_was_and_all_else_as_it_is_wanted(listed, wanted, held):
    left = list(as_left(listed, wanted, held=held))
    assert set(left) & held == set(listed) & held
    assert [n for n in left if n not in held] == [n for n in wanted if n not in held]
    assert len(set(left)) == len(left)


def test_what_is_held_though_it_is_not_wanted_stays_behind_what_stood_before_it():
    assert list(as_left([1, 2, 3], [3, 1, 8], held=frozenset({2, 8}))) == [3, 1, 2]
